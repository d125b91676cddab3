#!/bin/bash
# --certify, as a user asks for it: on a server that schemac makes for it, before anything
# is sealed or applied.
. tests/support/tap.sh
. "$ROOT/tests/support/database.sh"

mkdir schema
cat >schema/shop.schema <<'S'
schema shop {
    table items {
        id    int4  primary key;
        name  text;
        n     int4;
    }
}
S

# ---- make ----

runs 0 'make --certify of the first' "$SCHEMAC" make init --certify
is 'tells how far it is' "$err" '  certify  0001_init up: 1 step
  certify  0001_init down: 1 step
  certify  0001_init up again: 1 step'
holds 'and seals' test -f gen/migrations/0001_init.snapshot

sed -i 's/        n     int4;/        n     int8;\n        index (name);/' schema/shop.schema
runs 0 'make --certify of the second' "$SCHEMAC" make second --certify -q --json
is 'is quiet with -q' "$err" ''
holds 'tells as JSON what was seen' python3 -c '
import json, sys
said = json.loads(sys.argv[1])
proof = said["certification"]
assert said["sealed"] == "gen/migrations/0002_second" and said["steps"][0]["sql"]
assert proof["certified"] is True and proof["findings"] == []
assert [(s["way"], s["cost"]) for s in proof["steps"]][0] == ("up", "rewrite")' "$out"
holds 'and seals' test -f gen/migrations/0002_second.snapshot

cp -r gen before
sed -i 's/        index (name);/        at    text default no_such_function();\n&/' \
    schema/shop.schema
runs 4 'make --certify of what the server refuses' "$SCHEMAC" make third --certify -q
is 'says why' "$err" "schemac: error: cannot certify: the server refuses the schema of \
0003_third: function no_such_function() does not exist"
holds 'and writes nothing' diff -r before gen
sed -i '/no_such_function/d' schema/shop.schema

# ---- migrate ----

runs 0 'migrate the first' "$SCHEMAC" migrate --to 0001_init -q
ask "insert into shop.items select i, 'a', i from generate_series(1, 3) i"
file=gen/migrations/0002_second.up.sql
cp $file truth
sed -i 's/locks: shop.items ACCESS EXCLUSIVE/locks: shop.items SHARE/' $file
runs 4 'migrate --certify with a prediction that is too weak' \
    "$SCHEMAC" migrate --certify -q
is 'says what was seen' "$(grep -v '^schemac: note' <<<"$err")" \
    '0002_second up, step 1: change the type of shop.items.n
  lock shop.items: predicted SHARE, seen ACCESS EXCLUSIVE
0002_second up again, step 1: change the type of shop.items.n
  lock shop.items: predicted SHARE, seen ACCESS EXCLUSIVE
schemac: error: not certified: 2 findings; nothing was applied'
is 'and applies nothing' "$(ask "select pg_typeof(n) from shop.items limit 1")" integer
runs 4 'the same with --json' "$SCHEMAC" migrate --certify -q --json
holds 'has the findings' python3 -c '
import json, sys
said = json.loads(sys.argv[1])
assert said["certified"] is False and len(said["findings"]) == 2
assert said["findings"][0]["kind"] == "lock" and said["findings"][0]["step"] == 1
assert said["findings"][0]["seen"] == "ACCESS EXCLUSIVE"
assert len(said["steps"]) == 6 and said["steps"][0]["cost"] == "rewrite"' "$out"
cp truth $file
runs 0 'migrate --certify' "$SCHEMAC" migrate --certify --json
holds 'tells as JSON what was seen and done' python3 -c '
import json, sys
said = json.loads(sys.argv[1])
assert said["migrations"] == ["0002_second"]
assert said["certification"]["certified"] is True
assert len(said["certification"]["steps"]) == 6' "$out"
is 'applies what it has proved' "$(ask "select pg_typeof(n) from shop.items limit 1")" \
    bigint
is 'to the rows that are there' "$(ask 'select count(*) from shop.items')" 3
runs 0 'with nothing pending' "$SCHEMAC" migrate --certify
is 'there is nothing to prove' "$out" 'nothing is pending'

# ---- by hand ----

runs 3 'make --empty --certify' "$SCHEMAC" make hand --empty --certify
is 'says when' "$err" "schemac: error: --empty has nothing to certify yet: once it is \
written, \"schemac migrate --certify\" does"
runs 0 'one by hand' "$SCHEMAC" make hand --empty -q
cat >gen/migrations/0003_hand.up.sql.new <<'S'
begin;
create view shop.names as select name from shop.items;
commit;
S
cat gen/migrations/0003_hand.up.sql | sed '/^begin;/,$d' | cat - \
    gen/migrations/0003_hand.up.sql.new >up && mv up gen/migrations/0003_hand.up.sql
rm gen/migrations/0003_hand.up.sql.new
runs 4 'whose way back does not lead back' "$SCHEMAC" migrate --certify -q
holds 'is found' grep -q \
    '  catalog view shop.names: predicted not there, seen' <<<"$err"
sed -i 's/^commit;/drop view shop.names;\ncommit;/' gen/migrations/0003_hand.down.sql
runs 0 'and passes once it does' "$SCHEMAC" migrate --certify -q
is 'it is applied' "$(ask "select to_regclass('shop.names') is not null")" t
finish
