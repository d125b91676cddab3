#!/bin/bash
# Seeded pairs of random schemas: see pairs.py. PAIRS_FIRST and PAIRS choose which and how
# many; prints TAP, with --quiet failures and the sum only.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"

if ! cluster_open; then
    report 1 'a server is there'
    finish
fi
trap 'cluster_close; rm -rf "$here"' EXIT
export SCHEMAC
python3 -B "$ROOT/tests/pairs/pairs.py" "${PAIRS_FIRST:-1}" "${PAIRS:-200}" "$@"
