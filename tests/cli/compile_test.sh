#!/bin/bash
# schemac SCHEMA -o DIR: what is written, what is left alone, what is refused.
. tests/support/tap.sh

mkdir schema
cat >schema/shop.schema <<'SCHEMA'
schema shop {
    /// Somebody who buys.
    table customers {
        id     int8  identity  primary key;
        email  text  unique;
    }
    table orders {
        id           int8  identity  primary key;
        customer_id  int8  references customers on delete cascade;
        index (customer_id);
    }
}
SCHEMA

runs 0 'compiles' "$SCHEMAC" schema/shop.schema -o gen/
is 'compiles: the summary' "$out" 'gen/: 7 files written'
is 'compiles: the files' "$(cd gen && find . -type f | sort)" './migrations/0001_init.down.sql
./migrations/0001_init.up.sql
./shop.h
./shop_customers.c
./shop_customers.h
./shop_orders.c
./shop_orders.h'
holds 'each generated C file says that it is' test -z \
    "$(cd gen && grep -L -i 'schemac' *.[ch])"

before=$(stamps gen)
sleep 0.02
runs 0 'compiles again' "$SCHEMAC" schema/shop.schema -o gen/
is 'compiles again: the summary' "$out" 'gen/: up to date (7 files)'
is 'compiles again: nothing was touched' "$(stamps gen)" "$before"
runs 0 'says nothing with --quiet' "$SCHEMAC" schema/shop.schema -o gen/ -q
is 'says nothing with --quiet: output' "$out$err" ''

runs 0 'compiles elsewhere' "$SCHEMAC" schema/shop.schema -o other
is 'the same bytes, wherever they go' "$(sums other)" "$(sums gen)"
mkdir elsewhere
(cd elsewhere && "$SCHEMAC" "$here/schema/shop.schema" -o out -q)
is 'the same bytes from another folder and an absolute path' \
    "$(sums elsewhere/out)" "$(sums gen)"

runs 0 'finds the only schema and gen' "$SCHEMAC" compile
is 'finds the only schema and gen: the summary' "$out" 'gen/: up to date (7 files)'
touch schema/second.schema
runs 4 'two schemas: which one?' "$SCHEMAC" compile
is 'two schemas: what is said' "$err" \
    'schemac: error: schema/ holds several schema files: name one of them'
rm schema/second.schema

runs 0 '--check of what is up to date' "$SCHEMAC" schema/shop.schema -o gen --check
is '--check of what is up to date: the answer' "$out" 'gen/: up to date (7 files)'
echo '/* more */' >>gen/shop_orders.c
rm gen/shop_orders.h
before=$(stamps gen)
runs 1 '--check of what is stale' "$SCHEMAC" schema/shop.schema -o gen --check
is '--check of what is stale: names' "$out" 'gen/shop_orders.h is missing
gen/shop_orders.c is stale'
is '--check writes nothing' "$(stamps gen)" "$before"
runs 0 'mends what is stale' "$SCHEMAC" schema/shop.schema -o gen
is 'mends what is stale: the summary' "$out" 'gen/: 2 files written, 5 unchanged'
is 'mends what is stale: bytes' "$(sums gen)" "$(sums other)"

# A table that has gone.
cp schema/shop.schema two.schema
sed '/table orders/,/^    }/d' two.schema >schema/shop.schema
runs 1 'a table that has gone: --check' "$SCHEMAC" schema/shop.schema -o gen --check
holds 'a table that has gone: --check names its files' \
    grep -q '^gen/shop_orders.c should be gone$' <<<"$out"
echo 'mine' >gen/notes.txt
runs 0 'a table that has gone' "$SCHEMAC" schema/shop.schema -o gen
holds 'a table that has gone: the summary' grep -q '2 removed' <<<"$out"
is 'a table that has gone: its files too' "$(ls gen)" 'migrations
notes.txt
shop.h
shop_customers.c
shop_customers.h'
is 'files that are no C are nobody'"'"'s business' "$(cat gen/notes.txt)" mine
cp two.schema schema/shop.schema

# Other people's files.
mkdir theirs
echo 'int main(void) { return 0; }' >theirs/main.c
runs 4 'a folder of other people is refused' "$SCHEMAC" schema/shop.schema -o theirs
is 'a folder of other people: what is said' "$err" \
    'schemac: error: "theirs/main.c" was not generated from shop.schema: generated files need a folder of their own'
is 'a folder of other people: nothing was written' "$(ls theirs)" 'main.c'
rm -r theirs && mkdir theirs
echo '#define SHOP' >theirs/shop.h
runs 4 'a header of other people is not replaced' "$SCHEMAC" schema/shop.schema -o theirs
is 'a header of other people: as it was' "$(cat theirs/shop.h)" '#define SHOP'

# Two schemas in one folder would remove each other's files.
echo 'schema two { table t { id int8 primary key; } }' >second.schema
before=$(stamps gen)
runs 4 'another schema in the same folder' "$SCHEMAC" second.schema -o gen
is 'another schema in the same folder: what is said' "$err" \
    'schemac: error: "gen/shop.h" was generated from shop.schema, not from second.schema: each schema needs a folder of its own (if the schema was renamed, remove that file)'
is 'another schema in the same folder: nothing was touched' "$(stamps gen)" "$before"

# A schema that was renamed: only the old umbrella is not made anew.
cp schema/shop.schema store.schema
cp -r gen renamed
runs 4 'a renamed schema' "$SCHEMAC" store.schema -o renamed
is 'a renamed schema: what is said' "$err" \
    'schemac: error: "renamed/shop.h" was generated from shop.schema, not from store.schema: each schema needs a folder of its own (if the schema was renamed, remove that file)'
is 'a renamed schema: nothing was touched' "$(sums renamed)" "$(sums gen)"
rm renamed/shop.h
runs 0 'a renamed schema, its old umbrella removed' "$SCHEMAC" store.schema -o renamed
is 'a renamed schema: all files are its own' \
    "$(cat renamed/*.[ch] | grep -o 'Written by schemac from [a-z.]*' | sort -u)" \
    'Written by schemac from store.schema'

# All or nothing: one file that cannot be written.
mkdir -p blocked/migrations
echo x >blocked/migrations/file
mkdir blocked/migrations/0001_init.up.sql
before=$(stamps blocked)
runs 4 'one file that cannot be written' "$SCHEMAC" schema/shop.schema -o blocked
is 'one file that cannot be written: what is said' "$err" \
    'schemac: error: "blocked/migrations/0001_init.up.sql" is in the way: it is no ordinary file'
is 'one file that cannot be written: no file is' "$(stamps blocked)" "$before"
mkdir closed && chmod 555 closed
if [ "$(id -u)" = 0 ]; then
    # Root may write anywhere: a file in the place of the folder has the same effect.
    rm -r closed && echo x >closed
fi
runs 4 'an output folder that cannot be written' "$SCHEMAC" schema/shop.schema -o closed/gen
fails 'an output folder that cannot be written: not made' test -e closed/gen

# Errors in the schema.
cp -r gen before
echo 'schema shop { table t { id int9; } }' >bad.schema
runs 2 'a schema with errors' "$SCHEMAC" bad.schema -o gen
is 'a schema with errors: nothing was written' "$(sums gen)" "$(sums before)"
holds 'a schema with errors: where' grep -q '^bad.schema:1:28: error\[E' <<<"$err"
is 'a schema with errors: no answer' "$out" ''
runs 2 'errors as JSON' "$SCHEMAC" bad.schema -o gen --format json
holds 'errors as JSON: the object' grep -q '"errors": *1' <<<"$out"
is 'errors as JSON: nothing else' "$err" ''

# Where migrations go, and one C file for all.
runs 0 '--migrations' "$SCHEMAC" schema/shop.schema -o three --migrations db/steps
is '--migrations: there' "$(ls db/steps)" '0001_init.down.sql
0001_init.up.sql'
fails '--migrations: not here' test -e three/migrations
runs 0 '--unity' "$SCHEMAC" schema/shop.schema -o unity --unity
is '--unity: one C file' "$(cd unity && ls *.c)" 'shop.c'
runs 0 'back from --unity' "$SCHEMAC" schema/shop.schema -o unity
is 'back from --unity: a file a table' "$(cd unity && ls *.c)" 'shop_customers.c
shop_orders.c'

# make reads the depfile: a change of an included file compiles again.
mkdir inc
printf 'include "more.schema";\nschema a { table t { id int8 primary key; } }\n' >inc/a.schema
printf 'schema b { table u { id int8 primary key; } }\n' >inc/more.schema
runs 0 '--depfile' "$SCHEMAC" inc/a.schema -o dep --depfile 'dep.d'
is '--depfile: the rule' "$(cat dep.d)" 'dep/a.h: inc/a.schema inc/more.schema

inc/more.schema:'
cat >Makefile <<MAKE
dep/a.h: inc/a.schema
	@echo compiling
	@'$SCHEMAC' inc/a.schema -o dep --depfile dep.d -q
-include dep.d
MAKE
touch dep/a.h
is '--depfile: up to date' "$(make -s dep/a.h | grep -v 'up to date')" ''
sleep 0.02
printf 'schema b { table u { id int8 primary key; n int8; } }\n' >inc/more.schema
is '--depfile: make sees the included file' "$(make -s dep/a.h)" 'compiling'
holds '--depfile: compiled' grep -q 'int64_t n;' dep/b_u.h
mkdir 'odd $ #dir'
cp inc/more.schema 'odd $ #dir/x y.schema'
runs 0 '--depfile with odd names' "$SCHEMAC" 'odd $ #dir/x y.schema' -o odd --depfile odd.d
is '--depfile with odd names: escaped' "$(head -n 1 odd.d)" \
    'odd/x\ y.h: odd\ $$\ \#dir/x\ y.schema'
finish
