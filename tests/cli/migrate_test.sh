#!/bin/bash
# The commands that work on a database, as a user runs them: each on a real server, what
# they print, and their exit codes.
. tests/support/tap.sh
. "$ROOT/tests/support/database.sh"

mkdir schema
cat >schema/shop.schema <<'S'
schema shop {
    table items {
        id    int4  primary key;
        name  text;
    }
}
S

# ---- nothing, then the first ----

runs 0 'status without migrations' "$SCHEMAC" status
is 'says so' "$out" 'there are no migrations'
runs 0 'migrate without migrations' "$SCHEMAC" migrate
is 'has nothing to do' "$out" 'nothing is pending'
runs 0 'make seals' "$SCHEMAC" make init -q
runs 1 'status --check tells of what is pending' "$SCHEMAC" status --check -q
runs 0 'a dry run' "$SCHEMAC" migrate --dry-run
holds 'prints the statements' grep -q 'create table shop.items' <<<"$out"
is 'and runs none' "$(ask "select to_regclass('shop.items') is null")" t
runs 0 'migrate' "$SCHEMAC" migrate
holds 'says what it did' grep -q '^0001_init is applied' <<<"$out"
holds 'and where' grep -q "note: database $database on " <<<"$err"
is 'the table is there' "$(ask "select to_regclass('shop.items') is not null")" t
runs 0 'status --check is content' "$SCHEMAC" status --check -q
runs 0 'migrate again' "$SCHEMAC" migrate -q
is 'is quiet with -q' "$out$err" "$(grep '^$' <<<"$out$err")"

# ---- a second one, back and forth ----

sed -i 's/name  text;/name  text;\n        price  numeric(10,2)?;/' schema/shop.schema
runs 0 'make the second' "$SCHEMAC" make price -q
runs 0 'apply it' "$SCHEMAC" migrate --json
is 'as JSON' "$(python3 -c 'import json,sys
d=json.load(sys.stdin); print([e["migration"] for e in d["events"] if e["event"]=="done"])' \
    <<<"$out")" "['0002_price']"
runs 0 'take it back: it holds nothing' "$SCHEMAC" rollback
holds 'says so' grep -q '^0002_price is taken back' <<<"$out"
runs 0 'and again' "$SCHEMAC" migrate -q
ask "insert into shop.items values (1, 'a', 2.50)" >/dev/null
runs 5 'with data it is refused' "$SCHEMAC" rollback
holds 'with the flag to pass' grep -q -e '--allow drop:shop.items.price' <<<"$err"
is 'nothing was lost' "$(ask 'select price from shop.items')" 2.50
runs 5 'another flag is not enough' "$SCHEMAC" rollback --allow drop:shop.items.name
runs 0 'the flag lets it' "$SCHEMAC" down --allow drop:shop.items.price
is 'the rows stay' "$(ask 'select * from shop.items')" '1|a'

# ---- drift ----

runs 0 'and forth' "$SCHEMAC" migrate -q
runs 0 'status --drift' "$SCHEMAC" status --drift --check -q
ask 'alter table shop.items add column extra int4' >/dev/null
runs 1 'drift is a no' "$SCHEMAC" status --drift --check
holds 'and named' grep -q 'column shop.items.extra is new' <<<"$out"
ask 'alter table shop.items drop column extra' >/dev/null

# ---- a failing statement ----

runs 0 'an empty one' "$SCHEMAC" make broken --empty -q
file=$(ls gen/migrations/*_broken.up.sql)
sed -i "s/^begin;/begin;\ncreate table shop.other (id int4);\ninsert into shop.items values (1, 'again');/" "$file"
sed -i 's/^begin;/begin;\ndrop table shop.other;/' "${file%.up.sql}.down.sql"
runs 4 'a failing statement' "$SCHEMAC" migrate
holds 'shows the file' grep -q "^$file:[0-9]*" <<<"$err"
holds 'and the code' grep -q '\[23505\]' <<<"$err"
is 'what its transaction did is undone' \
    "$(ask "select to_regclass('shop.other') is null")" t
sed -i '/again/d' "$file"
runs 0 'mended, it goes on' "$SCHEMAC" migrate -q
sed -i 's/^commit;/select 1;\ncommit;/' "$file"
runs 4 'an edited file stops' "$SCHEMAC" migrate
holds 'and is named' grep -q 'broken' <<<"$err"
runs 0 'repair explains' "$SCHEMAC" repair
runs 0 'repair accepts' "$SCHEMAC" repair --accept "$(basename "$file" .up.sql)"
runs 0 'then all is well' "$SCHEMAC" migrate -q

# ---- protected ----

printf 'DATABASE_URL="%s"\nSCHEMAC_PROTECTED=1\n' "$url" >.env.production
ask "update shop.items set price = 3" >/dev/null
runs 4 'a protected environment' "$SCHEMAC" rollback --steps 2 --env production \
    --allow drop:shop.items.price
runs 4 'wants a backup said' "$SCHEMAC" rollback --steps 2 --env production \
    --allow drop:shop.items.price --confirm production
holds 'and says so' grep -q -e '--backup FILE or --no-backup' <<<"$err"
holds 'and what may be lost' grep -q 'broken may lose data' <<<"$err"
runs 4 'takes no made-up rows' "$SCHEMAC" seed --fake 3 --env production
runs 0 'one by hand' "$SCHEMAC" make by_hand --empty -q
runs 4 'may lose anything' "$SCHEMAC" migrate --env production
holds 'and says why' grep -q 'by_hand": it was written by hand, so that nobody knows' \
    <<<"$err"
runs 4 'wants a backup said' "$SCHEMAC" migrate --env production --confirm production
holds 'that loses' grep -q 'by_hand may lose data' <<<"$err"
sed -i 's/^-- hazards: unknown/-- hazards: none/' gen/migrations/*_by_hand.*.sql
runs 0 'unless its head says that it loses nothing' "$SCHEMAC" migrate --env production -q
runs 0 'both ways' "$SCHEMAC" rollback --env production -q
rm gen/migrations/*_by_hand.*
runs 0 'dumps first' "$SCHEMAC" rollback --steps 2 --env production \
    --allow drop:shop.items.price --confirm production --backup before.dump
holds 'into a file that pg_restore reads' pg_restore -l before.dump
runs 4 'which is never replaced' "$SCHEMAC" migrate --backup before.dump
runs 0 'forward again' "$SCHEMAC" migrate -q

# ---- seeds ----

mkdir seeds
echo "insert into shop.items values (100, 'seed');" >seeds/10_items.sql
runs 0 'seed' "$SCHEMAC" seed
is 'has run' "$(ask 'select count(*) from shop.items where id = 100')" 1
runs 0 'seed again' "$SCHEMAC" seed
is 'does not' "$(ask 'select count(*) from shop.items where id = 100')" 1
runs 0 'made-up rows' "$SCHEMAC" seed --fake 20
is 'are told' "$out" 'shop.items: 20 rows'

# ---- squash ----

runs 5 'what was written by hand is not squashed in silence' "$SCHEMAC" squash base
holds 'but named' grep -q -e '--allow irreversible:0003_broken' <<<"$err"
runs 4 'under a name that is taken' "$SCHEMAC" squash price --to 0002_price
holds 'is refused' grep -q 'there is a 0002_price already' <<<"$err"
runs 4 'nor is what makes another database' "$SCHEMAC" squash base \
    --allow irreversible:0003_broken
holds 'which is said' grep -q 'the databases differ in' <<<"$err"
holds 'object by object' grep -q 'shop.other.*absent after' <<<"$err"
runs 0 'squash' "$SCHEMAC" squash base --to 0002_price
is 'says what it did' "$out" \
    '0002_base stands for 2 migrations and makes the same database'
is 'the old files are gone' "$(ls gen/migrations | grep -c -E '0001|price')" 0
runs 0 'the database has it already' "$SCHEMAC" migrate -q
runs 0 'and all is well' "$SCHEMAC" status --check -q
heads() { sed -n "s/^-- $2: *//p" gen/migrations/"$1".up.sql; }
first=$(heads 0002_base replaces)
base=$(heads 0002_base id) broken=$(heads 0003_broken id)
for way in up down; do
    sed -i 's/^create table shop.other.*/select 1;/; s/^drop table shop.other.*/select 1;/' \
        gen/migrations/0003_broken.$way.sql
done
runs 0 'a squash' "$SCHEMAC" squash all --allow irreversible:0003_broken -q
is 'of a squash says what that stood for' "$(heads 0003_all replaces)" "$base
$(sed "s/$/ by $base/" <<<"$first")
$broken"

# ---- the rest ----

runs 0 'sizes' "$SCHEMAC" status --stats sizes.json
holds 'are JSON' python3 -c 'import json
assert any(t["table"] == "shop.items" for t in json.load(open("sizes.json"))["tables"])'
runs 0 'embed' "$SCHEMAC" embed embedded.c
holds 'is C that compiles' "${CC:-cc}" -std=c17 -Wall -Wextra -Wpedantic -Werror \
    -I "$ROOT/runner" -I "$ROOT/runtime" -fsyntax-only embedded.c
DATABASE_URL=postgresql://127.0.0.1:1/nowhere runs 4 'no server' "$SCHEMAC" status
DATABASE_URL='postgresql://u:se%cret@h/x' runs 4 'a URL that cannot be read' \
    "$SCHEMAC" status
holds 'is told' grep -q 'invalid percent-encoded token' <<<"$err"
fails 'without what may be a password' grep -q cret <<<"$err"
runs 3 'no step at all is not every step' "$SCHEMAC" rollback --steps 0
runs 4 'no such environment' "$SCHEMAC" status --env nowhere
finish
