#!/usr/bin/env python3
"""Lets peers take turns at the workloads W1 to W9 and prints two tables: rates, and the
client's processor time a call, both as ratios to hand-written libpq. Asserts nothing.

    peers.py NAME=COMMAND...        the first is what the others are held against

Connects by PGHOST and so on (psql puts back between turns what the workloads change). A
rate is of the processor time of client and server together: what a core gives that is busy
with both. Ratios are medians over rounds; in a round every peer has a turn of MS
milliseconds at each workload, the order turned round each time. ROUNDS, MS: environment."""
import glob
import os
import shlex
import statistics
import subprocess
import sys

WORKLOADS = {
    1: "point read by a unique key",
    2: "insert of a session, returning it",
    3: "page of 1,000 rows",
    4: "10,000 rows, all of a table",
    5: "bulk load of 10,000 rows",
    6: "100 point reads at once",
    7: "update by primary key",
    8: "user, accounts, sessions",
    9: "transaction of three inserts",
}
RESET = {
    2: "delete from auth.sessions where session_token !~ '^kept'; vacuum auth.sessions;",
    5: "truncate auth.feedback;",
    7: "vacuum auth.users;",
    9: "delete from auth.users where id !~ '^user';"
       " vacuum auth.users; vacuum auth.accounts; vacuum auth.sessions;",
}


class Psql:
    def __init__(self):
        self.process = subprocess.Popen(["psql", "-X", "-q", "-t", "-A"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def run(self, sql):
        self.process.stdin.write(sql + "\n\\echo done\n")
        self.process.stdin.flush()
        while self.process.stdout.readline() != "done\n":
            pass


def nanoseconds(pid):
    """Of all threads of a process, on the processor."""
    total = 0
    for path in glob.glob(f"/proc/{pid}/task/*/schedstat"):
        try:
            with open(path) as f:
                total += int(f.read().split()[0])
        except OSError:
            pass
    return total


class Peer:
    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        first = self.process.stdout.readline()
        self.backend = int(first) if first.strip() else 0

    def turn(self, workload, ms):
        """Nanoseconds a call of the client and of the server; None: it cannot."""
        client, server = nanoseconds(self.process.pid), nanoseconds(self.backend)
        try:
            self.process.stdin.write(f"W{workload} {ms}\n")
            self.process.stdin.flush()
            calls = int(self.process.stdout.readline().split()[0])
        except (OSError, IndexError):
            return None
        return ((nanoseconds(self.process.pid) - client) / calls,
                (nanoseconds(self.backend) - server) / calls)


def rounds_of(peers, psql, workload):
    """By peer: the pairs of its turns; the first turn of each warms up."""
    ms = float(os.environ.get("MS", "30"))
    turns = {peer.name: [] for peer in peers}
    for number in range(1 + int(os.environ.get("ROUNDS", "5"))):
        for peer in peers if number % 2 else reversed(peers):
            psql.run(RESET.get(workload, ""))
            took = peer.turn(workload, ms if number else ms * 5)
            if number:
                turns[peer.name].append(took)
    return turns


def ratio(ours, first, what):
    if not ours or None in ours:
        return "-"
    return f"{statistics.median(what(a, b) for a, b in zip(ours, first)):.2f}"


def table(title, peers, results, what, unit):
    print(f"\n{title}\n")
    print("| | " + " | ".join(f"W{w}" for w in results) + " |")
    print("|---" * (len(results) + 1) + "|")
    first = peers[0].name
    print(f"| {first} | " + " | ".join(unit(turns[first]) for turns in results.values()) +
          " |")
    for peer in peers[1:]:
        cells = [ratio(turns[peer.name], turns[first], what) for turns in results.values()]
        print(f"| {peer.name} | " + " | ".join(cells) + " |")


def main():
    psql = Psql()
    peers = [Peer(*argument.split("=", 1)) for argument in sys.argv[1:]]
    for peer in [peer for peer in peers if not peer.backend]:
        print(f"peers: {peer.name} did not start: left out", file=sys.stderr)
        peers.remove(peer)
    results = {}
    for workload in WORKLOADS:
        results[workload] = rounds_of(peers, psql, workload)
    table("Rate, a core busy with client and server (first row: calls a second):",
          peers, results, lambda a, b: sum(b) / sum(a),
          lambda turns: f"{1e9 / statistics.median(sum(t) for t in turns):,.0f}")
    table("Processor time of the client a call (first row: microseconds):",
          peers, results, lambda a, b: a[0] / b[0],
          lambda turns: f"{statistics.median(t[0] for t in turns) / 1e3:,.1f}")
    print()
    for workload, words in WORKLOADS.items():
        print(f"W{workload}: {words}")


main()
