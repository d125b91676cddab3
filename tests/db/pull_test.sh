#!/bin/bash
# schemac pull: a database as people make them, one with hostile names, one with everything
# that the language cannot say; and that what is pulled makes the same database again.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"
. "$ROOT/tests/support/circle.sh"
close() {
    psql -Xq "$(url_of torture)" -c 'alter subscription sub set (slot_name = none)' \
        -c 'drop subscription sub' 2>/dev/null
    circle_close
    psql -Xq "$SCHEMAC_TEST_URL" -c 'drop role if exists pull_owner' 2>/dev/null
    cluster_close
    cd /
    rm -rf "$here"
}
trap close EXIT
if ! cluster_open; then
    report 1 'a server is there'
    finish
fi
unset DATABASE_URL SCHEMAC_PROTECTED
cases=$ROOT/tests/db/pull

# ---- what the language can say ----

fresh app
runs 0 'a database is there' sql app "$cases/app.sql"
circle 'app' app app
if [ -n "${UPDATE_EXPECTED:-}" ]; then
    cp app/one.schema "$cases/app.schema"
fi
is 'the text is as a person writes it' "$(diff "$cases/app.schema" app/one.schema)" ''

fresh expressions
runs 0 'expressions are there' sql expressions "$cases/expressions.sql"
circle 'expressions' expressions expressions
if [ -n "${UPDATE_EXPECTED:-}" ]; then
    cp expressions/one.schema "$cases/expressions.schema"
fi
is 'expressions: as a person writes them' \
    "$(diff "$cases/expressions.schema" expressions/one.schema)" ''

fresh names
runs 0 'hostile names are there' sql names "$cases/names.sql"
circle 'names' names names

# What the language accepts, back from a database.
: >empty.schema
for schema in schema/app.schema tests/db/accepted.schema tests/golden/sql.schema; do
    base=$(basename "$schema" .schema)
    runs 0 "$base makes SQL" "$SCHEMAC" diff empty.schema "$ROOT/$schema"
    echo "$out" >"$base.sql"
    fresh made
    runs 0 "$base is applied" sql made "$base.sql"
    circle "$base" made "round/$base"
done

# ---- what it cannot ----

fresh torture
psql -Xq "$SCHEMAC_TEST_URL" -c 'create role pull_owner' 2>/dev/null
runs 0 'one of everything is there' sql torture "$cases/torture.sql"
runs 0 'it is pulled' "$SCHEMAC" pull --url "$(url_of torture)" -o torture.schema
lost=$(grep '^schemac: not in the file: ' <<<"$err" | sed 's/^[^:]*: [^:]*: //')
if [ -n "${UPDATE_EXPECTED:-}" ]; then
    echo "${lost/integer on language/integer language}" >"$cases/torture.lost"
fi
# Servers before 16 say "on language" of a transform.
is 'the list is complete' "${lost/integer on language/integer language}" \
    "$(cat "$cases/torture.lost")"
is 'it stands at the top of the file' "$(sed -n 's|^//   ||p' torture.schema)" "$lost"
runs 0 'what is in the file compiles' "$SCHEMAC" torture.schema -o torture -q
runs 4 '--strict' "$SCHEMAC" pull -q --strict --url "$(url_of torture)" -o torture.schema
# A catalog whose objects nobody asked for would be passed over.
is 'no catalog is passed over' "$(psql -XAtq "$(url_of torture)" -f "$cases/catalogs.sql" |
    grep -v -w -f <(grep -o 'pg_[a-z_]*' "$ROOT"/live/queries*.c -h | sort -u))" ''

runs 0 'as JSON' "$SCHEMAC" pull -q --json --url "$(url_of torture)" -o torture.schema
is 'as JSON: as many' "$(grep -c '"why"' <<<"$out")" "$(wc -l <<<"$lost")"

runs 0 'a role without any rights reads the same' env PGOPTIONS='-c role=pull_owner' \
    "$SCHEMAC" pull -q --url "$(url_of torture)" -o reader.schema
is 'the same text' "$(diff torture.schema reader.schema)" ''

# ---- which schemas, which file ----

runs 0 'one schema alone' "$SCHEMAC" pull --schemas auth --url "$(url_of app)"
is 'one schema alone: nothing else' "$(grep '^schema' <<<"$out")" 'schema auth {'
echo 'query all() many (n int4) { select 1 }' >mine.schema
runs 4 'a file with queries is left alone' "$SCHEMAC" pull --url "$(url_of app)" -o mine.schema
is 'a file with queries: what is said' "$err" 'schemac: error: "mine.schema" holds a query, which no database gives back: pull into another file'
while IFS='|' read -r what text; do
    echo "$text" >mine.schema
    runs 4 "a file with $what is left alone" "$SCHEMAC" pull -q --url "$(url_of app)" -o mine.schema
    is "a file with $what: why" "$(grep -o "holds $what," <<<"$err")" "holds $what,"
    is "a file with $what: it stands" "$(cat mine.schema)" "$text"
done <<'FILES'
a secret column|table t { a text secret; }
what an update sets|schema s { table t { a int4 default 1 on update 2; } }
a hint for change|table t { a int4 was b; }
a hint for change|table t dropped;
something that is no schema|table t { a }
an included file|include "other.schema";
FILES
echo 'table t { id int4 identity primary key; a text? unique; }' >mine.schema
runs 0 'a file that a database could have given is written anew' \
    "$SCHEMAC" pull -q --url "$(url_of app)" -o mine.schema
runs 4 'a database that is not there' "$SCHEMAC" pull -q --url "$(url_of nowhere)"
runs 3 'a baseline without a file' "$SCHEMAC" pull --baseline --url "$(url_of app)"

# ---- taking over ----

runs 0 'baseline' "$SCHEMAC" pull -q --baseline --url "$(url_of app)" -o own/app.schema
is 'baseline: the files' "$(find own gen -type f | sort)" 'gen/migrations/0001_baseline.down.sql
gen/migrations/0001_baseline.snapshot
gen/migrations/0001_baseline.up.sql
own/app.schema'
runs 0 'baseline: nothing is pending' "$SCHEMAC" status --check --url "$(url_of app)"
runs 0 'baseline: nothing has drifted' "$SCHEMAC" status --drift --check --url "$(url_of app)"
runs 0 'baseline: compiling plans nothing' "$SCHEMAC" own/app.schema -o gen -q
is 'baseline: no draft' "$(ls gen/migrations | grep draft)" ''
runs 0 'the history is not the schema' "$SCHEMAC" pull -q --url "$(url_of app)" -o again.schema
is 'the history is not the schema: the same text' "$(diff own/app.schema again.schema)" ''
runs 4 'a second baseline' "$SCHEMAC" pull --baseline --url "$(url_of app)" -o own/app.schema
psql -Xq "$(url_of app)" -c 'alter table order_lines alter order_id type int8'
runs 1 'a change by hand is drift' "$SCHEMAC" status --drift --check --url "$(url_of app)"
finish
