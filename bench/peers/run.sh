#!/bin/bash
# Builds other clients of PostgreSQL and holds them, and generated functions, against
# hand-written libpq; prints two tables.
#
#     bench/peers/run.sh [PEER...]      ecpg pqxx pgx tokio pg postgres drizzle
#
# BUILD is the build folder, in which everything is made; ROUNDS and MS as in peers.py; PIN
# a core for clients and server (default: the last one; empty: none). What is not installed
# and cannot be is named and left out. Asserts nothing.
#
# Debian's packages: libecpg-dev; libpqxx-dev; golang-go golang-github-jackc-pgx-v4-dev;
# librust-tokio-postgres-dev and any cargo; node and npm, by which the three come that are
# written in JavaScript.
set -eu
cd "$(dirname "$0")/../.."
"${MAKE:-make}" -s --no-print-directory BUILD="${BUILD:-build}" bench-parts >&2
build=$(cd "${BUILD:-build}" && pwd)
bench=$build/bench/runtime/bench place=$build/bench/peers here=$PWD/bench/peers
mkdir -p "$place"
[ $# -gt 0 ] || set -- ecpg pqxx pgx tokio pg postgres drizzle

make_ecpg() {
    ecpg -o "$place/ecpg.c" "$here/ecpg.pgc" &&
        gcc -O2 -w -I"$(pg_config --includedir)" "$place/ecpg.c" -o "$place/ecpg" \
            -lecpg -lpgtypes
}
make_pqxx() { g++ -std=c++17 -O2 "$here/pqxx.cxx" -o "$place/pqxx" -lpqxx -lpq; }
make_pgx() {
    GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS='' GOCACHE=$place/gocache \
        go build -o "$place/pgx" "$here/pgx.go"
}
make_tokio() {
    mkdir -p "$place/rust" &&
        cp "$here/Cargo.toml" "$here/tokio.rs" "$place/rust" &&
        cd "$place/rust" &&
        cargo build -j1 --release --offline --target-dir "$place/cargo" \
            --config 'source.crates-io.replace-with="debian"' \
            --config 'source.debian.directory="/usr/share/cargo/registry"' &&
        cp "$place/cargo/release/tokio_peer" "$place/tokio"
}
make_node() {
    mkdir -p "$place/node" && cp "$here/node.mjs" "$place/node" && cd "$place/node" &&
        { [ -d node_modules/drizzle-orm ] ||
            npm install --no-audit --no-fund --prefix . pg pg-copy-streams postgres \
                drizzle-orm; }
}

command_of() {
    case $1 in
    pg | postgres | drizzle) echo "node $place/node/node.mjs $1" ;;
    *) echo "$place/$1" ;;
    esac
}

peers=("libpq by hand=$bench serve hand" "generated=$bench serve generated")
for peer; do
    case $peer in
    ecpg | pqxx | pgx | tokio) maker=make_$peer ;;
    pg | postgres | drizzle) maker=make_node ;;
    *)
        echo "peers: there is no $peer" >&2
        exit 3
        ;;
    esac
    if (set +e; "$maker") >"$place/$peer.log" 2>&1; then
        peers+=("$peer=$(command_of "$peer")")
    else
        echo "peers: $peer cannot be built here: left out ($place/$peer.log)" >&2
    fi
done

pin=${PIN-$(($(nproc) - 1))}
if [ -n "$pin" ] && command -v taskset >/dev/null; then
    taskset -p -c "$pin" $$ >/dev/null
fi
. tests/support/cluster_lib.sh
. bench/runtime/fill.sh
trap cluster_close EXIT
cluster_open
export DATABASE_URL=$SCHEMAC_TEST_URL PGDATABASE=postgres
PGHOST=$(psql -X -A -t -c '\echo :HOST' "$DATABASE_URL")
PGUSER=$(psql -X -A -t -c '\echo :USER' "$DATABASE_URL")
export PGHOST PGUSER
fill
python3 "$here/peers.py" "${peers[@]}"
