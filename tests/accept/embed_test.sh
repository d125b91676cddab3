#!/bin/bash
# A program that carries its migrations: it migrates a database, and starts only on one
# that fits it.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"
. "$ROOT/tests/accept/project.sh"

project 'a program with migrations'
# The program of the schema as it stands: `builds NAME`.
builds() {
    runs 0 "$case_: compile $1" "$SCHEMAC" compile -q
    runs 0 "$case_: embed $1" "$SCHEMAC" embed migrations.c -q
    runs 0 "$case_: cc $1" "${CC:-cc}" -std=c17 -Wall -Wextra -Wpedantic -Werror ${SANITIZE:-} \
        -Igen -I"$ROOT/runtime" -I"$ROOT/runner" -o "$1" "$ROOT/tests/accept/embedded.c" migrations.c gen/*.c \
        "$BUILD/libschemac-migrate.a" "$BUILD/libschemac.a" \
        $(pkg-config --libs libpq libmd) -lpthread -lm
}
# starts PROGRAM WANTED NAME [migrate]: what it says.
starts() {
    local status=0
    [ "$2" = OK ] || status=1
    runs $status "$case_: $3" "./$1" "${4:-check}" "$url"
    is "$case_: $3: what it says" "$out" "$2"
}

table people 'id int8 identity primary key; name text; fax text?;'
runs 0 "$case_: make init" "$SCHEMAC" make init -q
builds first
starts first 'SCHEMA_MISMATCH: the database has no history of migrations in schema "schemac": it was not migrated' \
    'it does not start on an empty database'
starts first OK 'it migrates' migrate
starts first OK 'and starts'
starts first OK 'again there is nothing to do' migrate
runs 0 "$case_: the command line knows of it" "$SCHEMAC" status --check -q
asks 'and says who' "select count(*) from schemac.migrations where state = 'applied'" 1

# Another query needs no migration.
query='    query named(part text) many people { where name ilike $part order by id }'
sed -i "\$s/.*/$query\n}/" schema/app.schema
builds queries
holds "$case_: there is another query" grep -q app_named gen/app.h gen/app_people.h
starts queries OK 'another query needs no migration'

# A database that is ahead.
sed -i 's/fax text?;/fax text?; email text?; index (name);/' schema/app.schema
migrates harmless
starts first OK 'a later migration that breaks nothing'
builds second
starts second OK 'the program that was made for it'
sed -i 's/fax text?;/telefax text? was fax;/' schema/app.schema
migrates breaking
runs 1 "$case_: one that breaks statements" ./second check "$url"
is "$case_: one that breaks statements: what it says" "${out%%_get*}" \
    'SCHEMA_MISMATCH: the later migration "0003_breaking" breaks statements of this program: 42703 app_people'
builds third
starts third OK 'the program that knows of it'

# A database that is behind.
runs 0 "$case_: back" "$SCHEMAC" rollback -q
starts third 'SCHEMA_MISMATCH: the database stands at migration "0002_harmless" and has not seen the one that this program was made for' \
    'a database that is behind'
starts second OK 'which the older program fits'
starts third OK 'it goes forth by itself' migrate
# Two branches that touch nothing in common, merged.
project 'a program made of two branches'
members='id int4 primary key; a text?;'
table t "$members"
runs 0 "$case_: make init" "$SCHEMAC" make init -q
cp -r gen theirs
table t "$members b text?;"
runs 0 "$case_: our branch" "$SCHEMAC" make ours -q
runs 0 "$case_: our branch is applied" "$SCHEMAC" migrate -q
table t "$members c text?;"
runs 0 "$case_: their branch" "$SCHEMAC" make theirs -q -o theirs
cp theirs/migrations/0002_theirs.* gen/migrations/
table t "$members b text?; c text?;"
builds both
starts both 'SCHEMA_MISMATCH: the database stands at migration "0002_ours" and has not seen the one that this program was made for' \
    'one of them is not enough'
starts both OK 'it applies the other one itself' migrate
asks 'both are applied' "select string_agg(name, ' ' order by seq) from schemac.migrations" \
    '0001_init 0002_ours 0002_theirs'
starts both OK 'both are'
table t "$members b text?; c text?; d text?;"
migrates joined
starts both OK 'one after both'
builds joined
starts joined OK 'and its own program'
finish
