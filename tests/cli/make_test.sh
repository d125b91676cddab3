#!/bin/bash
# schemac make NAME: drafts become sealed migrations.
. tests/support/tap.sh

mkdir schema
cat >schema/shop.schema <<'SCHEMA'
schema shop {
    table customers {
        id     int8  identity  primary key;
        email  text  unique;
    }
}
SCHEMA
list() {
    (cd gen/migrations && ls)
}

runs 0 'seals the first draft' "$SCHEMAC" make init
is 'seals the first draft: what is said' "$out" 'gen/: 6 files written
gen/migrations/0001_init is sealed'
is 'seals the first draft: files' "$(list)" '0001_init.down.sql
0001_init.snapshot
0001_init.up.sql'
sealed=$(sums gen/migrations)

runs 0 'nothing to seal' "$SCHEMAC" make again
is 'nothing to seal: what is said' "$out" 'gen/: up to date (3 files)
nothing to seal: the schema is as 0001_init left it'
is 'nothing to seal: nothing changed' "$(sums gen/migrations)" "$sealed"

# What changes no database: comments, white space, queries.
sed -i 's|^    table|    // a note\n    table|' schema/shop.schema
sed -i '$d' schema/shop.schema
cat >>schema/shop.schema <<'SCHEMA'
    query all_customers() many customers;
}
SCHEMA
runs 0 'queries and notes need no migration' "$SCHEMAC" make again
holds 'queries and notes need no migration: what is said' \
    grep -q '^nothing to seal' <<<"$out"
is 'queries and notes need no migration: files' "$(sums gen/migrations)" "$sealed"

# A change of the database.
sed -i 's/email  text/phone  text?;\n        email  text/' schema/shop.schema
runs 0 'compiles a changed schema' "$SCHEMAC" compile
holds 'compiles a changed schema: C' grep -q phone gen/shop_customers.h
is 'compiles a changed schema: no draft' "$(sums gen/migrations)" "$sealed"
is 'compiles a changed schema: what is said' "$err" \
    'schemac: note: the schema differs from migration 0001_init; planning changes is not available in this version, so no draft was written'
before=$(sums gen)
runs 4 'cannot seal a change' "$SCHEMAC" make add_phone
is 'cannot seal a change: what is said' "$err" \
    'schemac: error: the schema differs from migration 0001_init: planning changes is not available in this version'
is 'cannot seal a change: nothing was written' "$(sums gen)" "$before"

# Another name for the first one: the draft of that name goes.
mkdir two && cd two || exit 1
"$SCHEMAC" ../schema/shop.schema -q
is 'the draft is called 0001_init' "$(list)" '0001_init.down.sql
0001_init.up.sql'
runs 0 'seals the first draft under another name' \
    "$SCHEMAC" make first --schema ../schema/shop.schema
is 'another name: files' "$(list)" '0001_first.down.sql
0001_first.snapshot
0001_first.up.sql'
runs 0 'compiles after sealing' "$SCHEMAC" ../schema/shop.schema
is 'compiles after sealing: no draft' "$(list)" '0001_first.down.sql
0001_first.snapshot
0001_first.up.sql'

# A sealed migration that has lost a file.
rm gen/migrations/0001_first.up.sql
runs 4 'a sealed migration that is not whole' "$SCHEMAC" ../schema/shop.schema
is 'a sealed migration that is not whole: what is said' "$err" \
    'schemac: error: "gen/migrations/0001_first.up.sql" is missing: the sealed migration 0001_first is not whole'
cd ..

# A snapshot that is not readable is the folder's fault, not the schema's.
cp -r gen spoilt
echo 'table {' >spoilt/migrations/0001_init.snapshot
runs 4 'a snapshot that is spoilt' "$SCHEMAC" schema/shop.schema -o spoilt
holds 'a snapshot that is spoilt: what is said' \
    grep -q '^schemac: error: "spoilt/migrations/0001_init.snapshot" is not a schema' <<<"$err"

echo 'schema s { table t { id int9; } }' >bad.schema
runs 2 'errors in the schema' "$SCHEMAC" make x --schema bad.schema -o new
fails 'errors in the schema: nothing was written' test -e new
finish
