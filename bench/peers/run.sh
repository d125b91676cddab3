#!/bin/bash
# Builds other clients of PostgreSQL and holds them, and generated functions, against
# hand-written libpq; prints two tables.
#
#     bench/peers/run.sh [PEER...]      ecpg pqxx pgx tokio pg postgres drizzle
#
# BUILD, in which everything is made, BENCH_QUICK and PIN: bench/lib.sh; ROUNDS and MS:
# peers.py. What is not installed and cannot be built is named and left out. Asserts nothing.
#
# Debian's packages: libecpg-dev; libpqxx-dev; golang-go golang-github-jackc-pgx-v4-dev;
# librust-tokio-postgres-dev and any cargo; node and npm, by which the three come that are
# written in JavaScript, of the versions in package-lock.json.
set -eu
cd "$(dirname "$0")/../.."
. bench/lib.sh
has python3 || {
    say "no python3: other clients left out"
    exit 0
}
build_parts
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
# Fetches when the lock file has changed.
make_node() {
    mkdir -p "$place/node" && cp "$here/node.mjs" "$here/package.json" "$place/node" &&
        cd "$place/node" && { cmp -s "$here/package-lock.json" fetched.json || {
        cp "$here/package-lock.json" . && npm ci --no-audit --no-fund &&
            cp package-lock.json fetched.json
    }; }
}

# What a peer is built of. Empty when that is not installed.
needs() {
    case $1 in
    ecpg) echo ecpg ;;
    pqxx) echo g++ ;;
    pgx) echo go ;;
    tokio) echo cargo ;;
    pg | postgres | drizzle) echo node npm ;;
    esac
}
debian() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo '?'; }
npm_version() {
    node -p "require('$place/node/node_modules/$1/package.json').version"
}
version_of() {
    case $1 in
    ecpg) ecpg --version | sed 's/.*) //; s/ .*//' ;;
    pqxx) pkg-config --modversion libpqxx ;;
    pgx) echo "$(debian golang-github-jackc-pgx-v4-dev), $(go version | cut -d' ' -f3)" ;;
    tokio) echo "$(debian librust-tokio-postgres-dev), $(rustc --version | cut -d' ' -f1,2)" ;;
    drizzle) echo "$(npm_version drizzle-orm) over pg" ;;
    *) echo "$(npm_version "$1"), node $(node --version)" ;;
    esac
}

command_of() {
    case $1 in
    pg | postgres | drizzle) echo "node --no-deprecation $place/node/node.mjs $1" ;;
    *) echo "$place/$1" ;;
    esac
}

# build PEER: leaves the reason in its log when it cannot be done.
build() {
    local maker=make_$1 tool
    case $1 in pg | postgres | drizzle) maker=make_node ;; esac
    for tool in $(needs "$1"); do
        has "$tool" || {
            say "no $tool: $1 left out"
            return 1
        }
    done
    (set +e; "$maker") >"$place/$1.log" 2>&1 || {
        say "$1 cannot be built here: left out (${BUILD:-build}/bench/peers/$1.log:" \
            "$(grep -v '^$' "$place/$1.log" | tail -n 1 | cut -c1-100))"
        return 1
    }
}

peers=("libpq by hand=$bench serve hand" "generated=$bench serve generated") versions=
for peer; do
    [ -n "$(needs "$peer")" ] || {
        echo "peers: there is no $peer" >&2
        exit 3
    }
    if build "$peer"; then
        peers+=("$peer=$(command_of "$peer")")
        versions="$versions$peer $(version_of "$peer"); "
    fi
done

pin
trap 'cluster_close 2>/dev/null || true' EXIT
open_server "other clients"
export PGDATABASE=postgres
PGHOST=$(psql -X -A -t -c '\echo :HOST' "$DATABASE_URL")
PGUSER=$(psql -X -A -t -c '\echo :USER' "$DATABASE_URL")
export PGHOST PGUSER ROUNDS="${ROUNDS:-$(by_length 2 5)}" MS="${MS:-$(by_length 15 30)}"
printf '\n## Beside other clients\n\n%s\n' "${versions%; }"
python3 "$here/peers.py" "${peers[@]}"
