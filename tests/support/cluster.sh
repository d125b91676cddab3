#!/bin/bash
# Runs a private PostgreSQL for as long as standard input stays open.
#
#     cluster.sh hold
#
# prints the server's URL on a line once it answers, waits for end of input (or TERM),
# stops the server and removes its folder. Whoever holds the other end of the pipe may
# die in any way: the pipe closes and the server goes with it. Shell callers use
# cluster_lib.sh, C callers cluster.h.
#
# The server listens on a Unix socket in a fresh folder only (under TMPDIR; where that is
# unset under /dev/shm, if there is room, or /tmp) and runs as an unprivileged
# user when started by root, for which PostgreSQL refuses to run. SCHEMAC_PG_BIN names
# the folder of initdb and pg_ctl; else the newest installed one is taken.
# SCHEMAC_PG_SETTINGS: more lines for postgresql.conf; whoever lets the server listen on TCP
# has to give the role a password.
set -eu

folder=
user=

fail() {
    echo "cluster: $*" >&2
    exit 4
}

find_bin() {
    if [ -n "${SCHEMAC_PG_BIN:-}" ]; then
        echo "$SCHEMAC_PG_BIN"
        return
    fi
    local newest
    newest=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1) || true
    [ -n "$newest" ] || newest=$(command -v initdb) || return 1
    dirname "$newest"
}

# Runs a command as the user that the server belongs to.
as_owner() {
    if [ -n "$user" ]; then
        runuser -u "$user" -- "$@"
    else
        "$@"
    fi
}

# Making and dropping databases is half of what the server does: in memory, where there is
# plenty of it, that takes a third less of the processor.
in_memory() {
    local free
    [ -z "${TMPDIR:-}" ] && [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] || return 1
    free=$(df --output=avail /dev/shm | tail -n 1)
    [ "$free" -gt 4000000 ] &&
        [ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -gt 6000000 ]
}

# A socket's path is limited to 107 bytes, and the owner must be able to get there.
make_folder() {
    local base
    for base in $(in_memory && echo /dev/shm) "${TMPDIR:-/tmp}" /tmp; do
        [ ${#base} -le 70 ] || continue
        folder=$(mktemp -d "$base/schemac-pg.XXXXXX") || continue
        if [ -n "$user" ]; then
            chown "$user" "$folder"
        fi
        if as_owner test -w "$folder"; then
            return 0
        fi
        rmdir "$folder"
        folder=
    done
    return 1
}

# Stops only the server whose pid file is in our folder.
clean_up() {
    trap '' INT TERM HUP
    if [ -n "$folder" ] && [ -f "$folder/data/postmaster.pid" ]; then
        (cd / && as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop) \
            >/dev/null 2>&1 || true
    fi
    if [ -n "$folder" ]; then
        rm -rf "$folder"
    fi
}

start() {
    cd "$folder"
    as_owner "$bin/initdb" -D "$folder/data" -U schemac --auth-local=trust \
        --auth-host=scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync \
        >"$folder/initdb.log" 2>&1 ||
        fail "initdb failed: $(tail -n 5 "$folder/initdb.log")"
    as_owner tee -a "$folder/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = ''
unix_socket_directories = '$folder'
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 100
shared_buffers = 32MB
max_wal_size = 256MB
max_prepared_transactions = 4
${SCHEMAC_PG_SETTINGS:-}
CONF
    as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start \
        >/dev/null 2>&1 </dev/null ||
        fail "the server did not start: $(tail -n 5 "$folder/log" 2>&1)"
}

[ "${1:-}" = hold ] || fail 'usage: cluster.sh hold'
bin=$(find_bin) || fail 'no PostgreSQL server is installed (try: make deps)'
if [ "$(id -u)" = 0 ]; then
    user=nobody
    if id postgres >/dev/null 2>&1; then
        user=postgres
    fi
fi
trap clean_up EXIT
trap 'exit 143' TERM HUP INT
make_folder || fail "cannot make a folder under ${TMPDIR:-/tmp}"
start
echo "postgresql:///postgres?host=$folder&user=schemac"
# `read` rather than cat: a trap interrupts it at once.
while read -r _; do :; done
