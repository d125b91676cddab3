#!/bin/bash
# Calls every generated function of the reference and of the torture schema on a server that
# their migrations have been applied to: each statement is taken and described as its
# descriptor says; prints TAP.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"

if ! cluster_open; then
    report 1 'a server is there'
    finish
fi
export PGOPTIONS='-c client_min_messages=warning'
createdb() { psql -X -q -c "create database $1" "$SCHEMAC_TEST_URL"; }
dropdb() { psql -X -q -c "drop database if exists $1" "$SCHEMAC_TEST_URL"; }
trap 'dropdb calls_$$; cluster_close; rm -rf "$here"' EXIT

# The URL of another database on the same server.
other() {
    case $SCHEMAC_TEST_URL in
    *dbname=*) sed "s/dbname=[^ ]*/dbname=$1/" <<<"$SCHEMAC_TEST_URL" ;;
    *\?*) sed "s|^\([^?]*/\)[^/?]*?|\1$1?|" <<<"$SCHEMAC_TEST_URL" ;;
    *) sed "s|/[^/]*$|/$1|" <<<"$SCHEMAC_TEST_URL" ;;
    esac
}

try_schema() {
    local name=$1 schema=$2 url status
    dropdb "calls_$$"
    createdb "calls_$$"
    url=$(other "calls_$$")
    runs 0 "$name compiles" "$SCHEMAC" "$schema" -o "$name" --unity
    runs 0 "$name is applied" psql -X -q -v ON_ERROR_STOP=1 -f \
        "$(ls "$name"/migrations/0001_*.up.sql)" "$url"
    python3 "$ROOT/tests/db/calls.py" "$name" "$name.h" >calls.c
    runs 0 "$name: the calls compile" gcc -std=c17 -D_POSIX_C_SOURCE=200809L -w ${SANITIZE:-} \
        -I"$ROOT/runtime" -I"$name" -o calls calls.c "$name/$name.c" \
        "$BUILD/libschemac.a" $(pkg-config --libs libpq) -lpthread
    DATABASE_URL=$url ./calls >output
    status=$?
    grep '^not ok' -A 1 output | sed 's/^not ok/# &/' | head -n 60
    is "$name: every call is taken" "$status" 0
    holds "$name: there are calls" [ "$(grep -c '^ok' output)" -gt 100 ]
}

try_schema app "$ROOT/schema/app.schema"
try_schema torture "$ROOT/tests/compile/torture.schema"
finish
