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
is 'compiles a changed schema: the draft' "$(list)" '0001_init.down.sql
0001_init.snapshot
0001_init.up.sql
0002_draft.down.sql
0002_draft.up.sql'
is 'compiles a changed schema: what is said' "$out$err" \
    'gen/: 5 files written'
head() {
    sed -e 's/[0-9a-f]\{64\}/HASH/' -e '/^$/q' "gen/migrations/$1"
}
is 'the draft says what it is' "$(head 0002_draft.up.sql)" \
    '-- 0002_draft, up: add column shop.customers.phone
--
-- Apply with: schemac migrate, or psql -v ON_ERROR_STOP=1 -f 0002_draft.up.sql
--
-- id:     HASH
-- parent: HASH
-- from:   HASH
-- to:     HASH
-- sum:    HASH
-- order:  migrate first
-- down:   lossy: shop.customers.phone'
value() {
    sed -n "s/^-- $2: *//p" "gen/migrations/$1"
}
is 'the draft has its parent' "$(value 0002_draft.up.sql parent)" \
    "$(value 0001_init.up.sql id)"
is 'the draft begins where the parent ends' "$(value 0002_draft.up.sql from)" \
    "$(value 0001_init.up.sql to)"
runs 0 '--check of what is up to date' "$SCHEMAC" compile --check
runs 0 'the draft is left alone' "$SCHEMAC" compile
is 'the draft is left alone: what is said' "$out" 'gen/: up to date (5 files)'
echo '-- edited' >>gen/migrations/0002_draft.up.sql
runs 1 '--check of an edited draft' "$SCHEMAC" compile --check
is '--check of an edited draft: what is said' "$out" \
    'gen/migrations/0002_draft.up.sql is stale'
runs 0 'seals a change' "$SCHEMAC" make add_phone
is 'seals a change: what is said' "$out" 'gen/: 4 files written, 2 unchanged, 2 removed
gen/migrations/0002_add_phone is sealed
  order: migrate first'
is 'seals a change: files' "$(list)" '0001_init.down.sql
0001_init.snapshot
0001_init.up.sql
0002_add_phone.down.sql
0002_add_phone.snapshot
0002_add_phone.up.sql'
sealed=$(sums gen/migrations)

# Taken back before it is sealed: the draft goes.
cp schema/shop.schema kept
sed -i 's/phone  text?/phone  varchar(20)?  using (phone::varchar(20))/' schema/shop.schema
runs 0 'a draft comes' "$SCHEMAC" compile
holds 'a draft comes: file' test -e gen/migrations/0003_draft.up.sql
cp kept schema/shop.schema
runs 0 'and goes' "$SCHEMAC" compile
is 'and goes: files' "$(sums gen/migrations)" "$sealed"

runs 3 'a migration that is called draft' "$SCHEMAC" make draft
is 'a migration that is called draft: what is said' "$err" \
    'schemac: error: "draft" is what the draft is called: a sealed migration wants another name'

# A draft that was overtaken by what another branch has sealed.
echo old >gen/migrations/0002_draft.up.sql
runs 1 'a draft of another time: --check' "$SCHEMAC" compile --check
is 'a draft of another time: what is said' "$out" \
    'gen/migrations/0002_draft.up.sql should be gone'
runs 0 'a draft of another time' "$SCHEMAC" compile
is 'a draft of another time: it goes' "$(sums gen/migrations)" "$sealed"

# What loses data has to be allowed.
sed -i '/phone/d' schema/shop.schema
runs 0 'compiling gates nothing' "$SCHEMAC" compile
before=$(sums gen)
runs 5 'data that goes' "$SCHEMAC" make drop_phone
is 'data that goes: what is said' "$err" \
    "schemac: error: drop:shop.customers.phone: its values go
schemac: error: nothing was sealed; where this is meant, pass --allow 'drop:shop.customers.phone'"
is 'data that goes: nothing was written' "$(sums gen)" "$before"
runs 5 'data that goes: JSON' "$SCHEMAC" make drop_phone --json
is 'data that goes: JSON: what has to be allowed' "$(python3 -c '
import json, sys
plan = json.load(sys.stdin)
print(plan["sealed"], [h["kind"] + ":" + h["object"] for s in plan["steps"]
                       for h in s["hazards"] if h["needs_allow"]])
' <<<"$out")" "None ['drop:shop.customers.phone']"
runs 5 'another hazard allowed' "$SCHEMAC" make drop_phone --allow drop:shop.customers
runs 0 'data that goes, allowed' \
    "$SCHEMAC" make drop_phone --allow drop:shop.customers.phone
is 'data that goes, allowed: the head says so' \
    "$(value 0003_drop_phone.up.sql allowed)" drop:shop.customers.phone
is 'data that goes, allowed: what is said' "$(tail -n 1 <<<"$out")" \
    '  order: deploy first'
is 'data that goes, allowed: no note' "$err" ''
rm -r gen/migrations/0003*
cp kept schema/shop.schema
sed -i 's/phone  text?/phone  text?;\n        pager  text?/' schema/shop.schema
runs 0 'allowed for nothing' "$SCHEMAC" make pager --allow drop:shop.customers.page
is 'allowed for nothing: what is said' "$err" \
    'schemac: note: --allow drop:shop.customers.page: no step needs it'
rm -r gen/migrations/0003*
cp kept schema/shop.schema

# Renamed, or dropped and another one made? That has to be said.
sed -i 's/phone  text?/tel  text?/' schema/shop.schema
runs 2 'a rename that is not told' "$SCHEMAC" compile
holds 'a rename that is not told: what is said' grep -q 'error\[E0501\]' <<<"$err"
runs 0 'a rename that is none' "$SCHEMAC" compile --no-renames
holds 'a rename that is none: what is planned' \
    grep -q 'drop column phone' gen/migrations/0003_draft.up.sql
runs 0 'the same again' "$SCHEMAC" compile --no-renames
is 'the same again: what is said' "$out" 'gen/: up to date (5 files)'
sed -i 's/tel  text?/tel  text?  was phone/' schema/shop.schema
cp -r gen told
runs 0 'JSON of what is sealed' "$SCHEMAC" make tel --json -o told
holds 'JSON of what is sealed: where' grep -q '"sealed": "told/migrations/0003_tel"' <<<"$out"
holds 'JSON of what is sealed: what it breaks' grep -q '"sqlstate": "42703"' <<<"$out"
rm -r told
runs 0 'a rename that is told' "$SCHEMAC" make tel
holds 'a rename that is told: what is planned' \
    grep -q '^alter table shop.customers rename column phone to tel;$' \
    gen/migrations/0003_tel.up.sql
holds 'a rename that is told: what it breaks' \
    grep -q '^  breaks [0-9]* functions: column shop.customers.phone is now called tel$' \
    <<<"$out"
holds 'a rename that is told: which functions' \
    grep -q '^    shop_customers_get, ' <<<"$out"
cp -r gen/migrations whole

# By hand: no statements, and the schema stays where it is.
runs 0 'an empty migration' "$SCHEMAC" make fill --empty
is 'an empty migration: files' "$(cd gen/migrations && ls 0004*)" '0004_fill.down.sql
0004_fill.snapshot
0004_fill.up.sql'
is 'an empty migration: head' "$(head 0004_fill.up.sql)" \
    '-- 0004_fill, up: written by hand
--
-- Apply with: schemac migrate, or psql -v ON_ERROR_STOP=1 -f 0004_fill.up.sql
--
-- id:     HASH
-- parent: HASH
-- from:   HASH
-- to:     HASH
-- sum:    none
-- hazards: unknown'
is 'an empty migration: from and to' "$(value 0004_fill.up.sql from)" \
    "$(value 0004_fill.up.sql to)"
is 'an empty migration: the snapshot' "$(cat gen/migrations/0004_fill.snapshot)" \
    "$(cat gen/migrations/0003_tel.snapshot)"
sed -i 's/tel  text?/tel  text?;\n        fax  text?/' schema/shop.schema
runs 0 'an empty migration before a draft' "$SCHEMAC" compile
holds 'the draft counts on' test -e gen/migrations/0005_draft.up.sql
runs 0 'an empty migration beside a draft' "$SCHEMAC" make more --empty
is 'the draft is the next one' "$(cd gen/migrations && ls 000[56]*)" '0005_more.down.sql
0005_more.snapshot
0005_more.up.sql
0006_draft.down.sql
0006_draft.up.sql'
is 'its parent is the new one' "$(value 0006_draft.up.sql parent)" \
    "$(value 0005_more.up.sql id)"
before=$(stamps gen)
runs 0 'an empty migration beside a draft: compiles' "$SCHEMAC" compile
is 'an empty migration beside a draft: nothing to do' "$(stamps gen)" "$before"
rm -r gen/migrations
mv whole gen/migrations

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
echo 'table {' >spoilt/migrations/0003_tel.snapshot
runs 4 'a snapshot that is spoilt' "$SCHEMAC" schema/shop.schema -o spoilt
holds 'a snapshot that is spoilt: what is said' \
    grep -q '^schemac: error: "spoilt/migrations/0003_tel.snapshot" is not a schema' <<<"$err"

echo 'schema s { table t { id int9; } }' >bad.schema
runs 2 'errors in the schema' "$SCHEMAC" make x --schema bad.schema -o new
fails 'errors in the schema: nothing was written' test -e new
finish
