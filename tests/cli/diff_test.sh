#!/bin/bash
# schemac diff FROM TO: the plan, printed.
. tests/support/tap.sh

cat >old.schema <<'SCHEMA'
schema shop {
    table customers {
        id     int8  identity  primary key;
        email  text;
        fax    text?;
    }
}
SCHEMA
cat >new.schema <<'SCHEMA'
schema shop {
    table customers {
        id     int8  identity  primary key;
        email  text  unique;
        fax dropped;
    }
}
SCHEMA
: >empty.schema

runs 0 'prints the way there' "$SCHEMAC" diff old.schema new.schema
is 'prints the way there: the SQL' "$out" "-- up: build the index of unique key shop.customers.customers_email_key; add unique key shop.customers.customers_email_key; drop column shop.customers.fax
-- order: expand and contract
-- down: lossy: shop.customers.fax
-- hazards: drop:shop.customers.fax

-- check 1: no two rows of shop.customers with the same (email)
do \$check\$
begin
    if exists (select 1 from shop.customers where email is not null group by email having count(*) > 1 limit 1) then
        raise exception using message = 'not so: no two rows of shop.customers with the same (email)',
            hint = 'Remove or change the rows that are there twice.';
    end if;
end
\$check\$;

-- step 1 of 2: build the index of unique key shop.customers.customers_email_key
--   locks: shop.customers SHARE UPDATE EXCLUSIVE
--   cost: build
--   down: lossless
--   runs outside a transaction
create unique index concurrently customers_email_key on shop.customers (email);

-- step 2 of 2: add unique key shop.customers.customers_email_key; drop column shop.customers.fax
--   locks: shop.customers ACCESS EXCLUSIVE
--   cost: meta
--   hazards: drop:shop.customers.fax (its values go)
--   down: lossy: shop.customers.fax
begin;

alter table shop.customers
    add constraint customers_email_key unique using index customers_email_key;

alter table shop.customers drop column fax;

commit;"
is 'prints the way there: nothing else' "$err" ''
runs 0 'prints the way back' "$SCHEMAC" diff old.schema new.schema --down
is 'prints the way back: the head' "$(sed '/^$/q' <<<"$out")" \
    '-- down: drop unique key shop.customers.customers_email_key; add column shop.customers.fax'

runs 0 'no difference' "$SCHEMAC" diff old.schema old.schema
is 'no difference: nothing to say' "$out$err" ''
runs 0 'no difference: --check' "$SCHEMAC" diff old.schema old.schema --check
runs 1 'a difference: --check' "$SCHEMAC" diff empty.schema old.schema --check
is 'a difference: what is said' "$out" \
    'create schema shop; create table shop.customers'
runs 1 'a difference: --check -q' "$SCHEMAC" diff empty.schema old.schema --check -q
is 'a difference: nothing is said' "$out$err" ''
runs 0 'to nothing' "$SCHEMAC" diff old.schema empty.schema --no-renames
holds 'to nothing: the SQL' grep -q '^drop table shop.customers;$' <<<"$out"

runs 0 'JSON' "$SCHEMAC" diff old.schema new.schema --json
is 'JSON: what is in it' "$(python3 -c '
import json, sys
plan = json.load(sys.stdin)
print(plan["summary"].split(";")[0], plan["order"], plan["down"], sep="\n")
print(len(plan["checks"]), [s["cost"] for s in plan["steps"]])
print([s["transaction"] for s in plan["steps"]], plan["steps"][1]["hazards"])
print(plan["steps"][0]["locks"], plan["steps"][0]["sql"], end="")
print([(c["action"], c["object"], c["name"]) for c in plan["changes"]])
' <<<"$out")" "build the index of unique key shop.customers.customers_email_key
expand and contract
lossy: shop.customers.fax
1 ['build', 'meta']
[False, True] [{'kind': 'drop', 'object': 'shop.customers.fax', 'because': 'its values go', 'needs_allow': True}]
[{'relation': 'shop.customers', 'mode': 'SHARE UPDATE EXCLUSIVE'}] create unique index concurrently customers_email_key on shop.customers (email);
[('drop', 'column', 'shop.customers.fax'), ('create', 'constraint', 'shop.customers.customers_email_key')]"

runs 0 'a file a step' "$SCHEMAC" diff old.schema new.schema --split steps
is 'a file a step: what is said' "$out" 'steps: 3 files written'
is 'a file a step: the files' "$(ls steps)" '01_check_no_two_rows_of_shop_customers_with_the_s.sql
02_build_the_index_of_unique_key_shop_custo.no_transaction.sql
03_add_unique_key_shop_customers_customers.sql'
is 'a file a step: no transaction of its own' "$(cat steps/03*)" '-- add unique key shop.customers.customers_email_key; drop column shop.customers.fax
--   locks: shop.customers ACCESS EXCLUSIVE
--   cost: meta
--   hazards: drop:shop.customers.fax (its values go)
--   down: lossy: shop.customers.fax
alter table shop.customers
    add constraint customers_email_key unique using index customers_email_key;

alter table shop.customers drop column fax;'
runs 4 'a folder that is not empty' "$SCHEMAC" diff old.schema new.schema --split steps
is 'a folder that is not empty: what is said' "$err" \
    'schemac: error: the folder "steps" is not empty'

# Sizes of the server's tables: which steps matter.
cat >sizes.json <<'JSON'
{"tables": [{"table": "shop.customers", "rows": 12000000, "bytes": 1503238553}]}
JSON
runs 0 'with sizes' "$SCHEMAC" diff old.schema new.schema --stats sizes.json
is 'with sizes: what steps cost' "$(grep 'cost:' <<<"$out")" \
    '--   cost: build of about 12,000,000 rows (1.4 GB)
--   cost: meta'
sed 's/int8/int4/' old.schema >int4.schema
runs 0 'a big table' "$SCHEMAC" diff int4.schema old.schema --stats sizes.json
holds 'a big table: told' grep -q '^-- hazards: rewrite:shop.customers$' <<<"$out"
sed -i 's/12000000/900/; s/1503238553/65536/' sizes.json
runs 0 'a small table' "$SCHEMAC" diff int4.schema old.schema --stats sizes.json
fails 'a small table: no hazard' grep -q hazards <<<"$out"
is 'a small table: what it costs' "$(grep 'cost:' <<<"$out")" \
    '--   cost: rewrite of about 900 rows (64 kB, small)'
echo '{' >sizes.json
runs 4 'sizes that are none' "$SCHEMAC" diff old.schema new.schema --stats sizes.json

runs 0 'SARIF' "$SCHEMAC" diff old.schema new.schema --sarif hazards.sarif
is 'SARIF: the result' "$(python3 -c '
import json
log = json.load(open("hazards.sarif"))
result = log["runs"][0]["results"][0]
print(log["version"], result["ruleId"], result["level"], result["message"]["text"])
')" '2.1.0 drop error shop.customers.fax: its values go'

# Renamed, or gone?
sed 's/fax dropped/tel text?/' new.schema >other.schema
runs 2 'a rename that is not told' "$SCHEMAC" diff old.schema other.schema
is 'a rename that is not told: no SQL' "$out" ''
runs 0 'a rename that is none' "$SCHEMAC" diff old.schema other.schema --no-renames
sed 's/email  text/email  int4/' new.schema >other.schema
runs 2 'a type without using' "$SCHEMAC" diff old.schema other.schema
holds 'a type without using: what is said' \
    grep -q '^other.schema:4:9: error\[E0521\]: column "email" does not become int4 by itself' <<<"$err"
runs 2 'JSON of what is wrong' "$SCHEMAC" diff old.schema other.schema --format json
holds 'JSON of what is wrong: the code' grep -q E0521 <<<"$out"
echo 'table {' >bad.schema
runs 2 'an origin that is no schema' "$SCHEMAC" diff bad.schema new.schema
runs 2 'a target that is no schema' "$SCHEMAC" diff old.schema bad.schema
runs 4 'a file that is not there' "$SCHEMAC" diff old.schema none.schema
runs 3 'one file' "$SCHEMAC" diff old.schema
finish
