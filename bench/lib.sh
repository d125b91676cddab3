# Sourced by the scripts of bench/, in the root: what they share. Knows nothing of what is
# measured.
#
# BUILD is the build folder; BENCH_QUICK=1 makes everything short, and the figures rough; PIN
# a core for client and server (default: the last one; empty: none). BENCH_SAID names a file
# that takes what is said, too.

# Of what is left out, and why.
say() {
    echo "bench: $*" >&2
    [ -z "${BENCH_SAID:-}" ] || echo "$*" >>"$BENCH_SAID"
}

has() { command -v "$1" >/dev/null 2>&1; }

# by_length SHORT FULL
by_length() { [ "${BENCH_QUICK:-0}" = 1 ] && echo "$1" || echo "$2"; }

# Sets build, the folder's whole name.
build_parts() {
    "${MAKE:-make}" -s --no-print-directory BUILD="${BUILD:-build}" bench-parts >&2
    build=$(cd "${BUILD:-build}" && pwd)
}

# everywhere: the cores that we may run on; pin keeps us, and what we start, to one of them.
everywhere='' pinned=''
pin() {
    local core=${PIN-$(($(nproc) - 1))}
    if ! has taskset; then
        say "no taskset: nothing is pinned to a core"
        return
    fi
    everywhere=$(taskset -c -p $$ | sed 's/.*: //')
    if [ -n "$core" ]; then
        taskset -c -p "$core" $$ >/dev/null
        pinned=$core
    fi
}

free_port() {
    local port
    for port in 54329 54331 54337 54341 54347; do
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo $port
            return
        fi
    done
}

# open_server WHAT: a server of our own, filled, that goes with us; without one WHAT is left
# out. The caller's trap calls cluster_close. TCP_URL names it over TCP.
open_server() {
    local password
    . tests/support/cluster_lib.sh
    . bench/runtime/fill.sh
    unset SCHEMAC_TEST_URL
    PGPORT=$(free_port)
    SCHEMAC_PG_SETTINGS="listen_addresses = localhost
port = $PGPORT
shared_buffers = 256MB
autovacuum = off"
    export PGPORT SCHEMAC_PG_SETTINGS
    if ! has psql || ! cluster_open; then
        say "no PostgreSQL server can be started here: $1 left out"
        exit 0
    fi
    export DATABASE_URL=$SCHEMAC_TEST_URL
    password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    sql -c "alter role schemac password '$password'"
    TCP_URL=postgresql://schemac:$password@127.0.0.1:$PGPORT/postgres
    fill
}
