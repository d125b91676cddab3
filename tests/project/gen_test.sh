#!/bin/bash
# gen/ at the root is what the compiler makes of schema/app.schema today.
. tests/support/tap.sh
cd "$ROOT" || exit 1

runs 0 'gen/ is up to date' "$SCHEMAC" schema/app.schema -o gen/ --check
is 'its migration is sealed and leads to the schema' "$err" ''
is 'its migrations' "$(cd gen/migrations && ls)" '0001_init.down.sql
0001_init.snapshot
0001_init.up.sql'
runs 0 'the schema is in the canonical form' "$SCHEMAC" fmt --check schema/app.schema

# Sealing anew gives the same bytes: what is committed was not edited.
"$SCHEMAC" make init --schema schema/app.schema -o "$here/gen" -q
is 'gen/ is what the compiler makes from nothing' "$(unstamped_sums "$here/gen")" \
    "$(unstamped_sums gen)"
finish
