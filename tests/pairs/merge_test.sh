#!/bin/bash
# Seeded forks of random schemas: see merge.py. MERGES_FIRST and MERGES choose which and how
# many; prints TAP.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"

if ! cluster_open; then
    report 1 'a server is there'
    finish
fi
trap 'cluster_close; rm -rf "$here"' EXIT
export SCHEMAC MERGE_TOOL="$BUILD/tests/support/merge_tool"
python3 -B "$ROOT/tests/pairs/merge.py" "${MERGES_FIRST:-1}" "${MERGES:-20}"
