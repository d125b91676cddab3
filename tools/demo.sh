#!/bin/bash
# Shows the whole way: schema, generated C, migration, a private database, an application.
# Leaves nothing behind but $BUILD. Called by `make demo`, after everything was built.
set -eu
cd "$(dirname "$0")/.."
. tests/support/cluster_lib.sh

BUILD=$(mkdir -p "${BUILD:-build}" && cd "${BUILD:-build}" && pwd)
trap cluster_close EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Prints a command as a person would type it, then runs it.
show() {
    printf '\n$ %s\n' "$1"
    shift
    "$@"
}

show 'schemac schema/app.schema -o gen/' "$BUILD/schemac" schema/app.schema -o gen/
ls gen/*.h | sed 's/^/    /'

unset SCHEMAC_TEST_URL
cluster_open
export DATABASE_URL=$SCHEMAC_TEST_URL
printf '\nA private PostgreSQL answers on a Unix socket.\n'
show 'schemac migrate' "$BUILD/schemac" migrate
psql -X -q -c '\dt auth.*' "$DATABASE_URL"

show 'make -C examples/app' "${MAKE:-make}" --no-print-directory -s -C examples/app \
    BUILD="$BUILD" "$BUILD/app"
show 'examples/app' "$BUILD/app"
show 'schemac status --drift' "$BUILD/schemac" status --drift
printf '\nDone: the server has been stopped and its folder removed.\n'
