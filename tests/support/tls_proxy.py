"""Encrypts the connections to a server at a Unix socket:  tls_proxy.py SOCKET

Prints its port on 127.0.0.1 and goes on until its standard input ends. What the server says
in one go is sent in records such that the last is of 16 KB and meets a buffer of libpq's
(15) that has room for less of it, where there is so much.
"""
import os
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

RECORD = 16384
SMALL = 8000
QUIET = 0.03


def make_context():
    with tempfile.TemporaryDirectory() as folder:
        both = os.path.join(folder, 'both')
        with open(both, 'wb') as out:
            for name in ('key', 'cert'):
                path = os.path.join(folder, name)
                if name == 'key':
                    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048',
                                    '-nodes', '-subj', '/CN=proxy', '-keyout', path,
                                    '-out', os.path.join(folder, 'cert')],
                                   check=True, stderr=subprocess.DEVNULL)
                with open(path, 'rb') as one:
                    out.write(one.read())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        return context


def send(client, said):
    ahead = len(said) - RECORD if len(said) > RECORD else 0
    for at in range(0, ahead, SMALL):
        client.sendall(said[at:min(at + SMALL, ahead)])
        time.sleep(QUIET)
    client.sendall(said[ahead:])


def carry(client, server):
    said, since = b'', 0.0
    while True:
        ready = [client] if client.pending() else \
            select.select([client, server], [], [], QUIET)[0]
        if client in ready:
            client.settimeout(5)
            asked = client.recv(65536)
            if not asked:
                return
            server.sendall(asked)
        if server in ready:
            more = server.recv(65536)
            if not more:
                send(client, said)
                return
            said, since = said + more, time.monotonic()
        if said and time.monotonic() - since >= QUIET:
            send(client, said)
            said = b''


def serve(plain, context, path):
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        server.connect(path)
        hello = plain.recv(8)
        if hello != b'\0\0\0\x08\x04\xd2\x16\x2f':  # a cancellation: in plain
            server.sendall(hello + plain.recv(64))
            server.recv(1)
            return
        plain.sendall(b'S')
        with context.wrap_socket(plain, server_side=True) as client:
            carry(client, server)
    except OSError:
        pass
    finally:
        server.close()
        plain.close()


def main():
    context = make_context()
    listening = socket.create_server(('127.0.0.1', 0))
    print(listening.getsockname()[1], flush=True)
    while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
        plain = listening.accept()[0]
        threading.Thread(target=serve, args=(plain, context, sys.argv[1]),
                         daemon=True).start()


main()
