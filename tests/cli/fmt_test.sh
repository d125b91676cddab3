#!/bin/bash
# schemac fmt: in place, --check, standard input, errors.
. tests/support/tap.sh

printf 'schema   s{table t{id int8 primary   key;// a note\n}}\n' >ugly.schema
cp "$ROOT/schema/app.schema" pretty.schema

runs 0 'the reference schema is in the canonical form' "$SCHEMAC" fmt --check pretty.schema
is 'the reference schema: nothing to say' "$out$err" ''
runs 1 '--check names what is not formatted' "$SCHEMAC" fmt --check pretty.schema ugly.schema
is '--check: the name' "$out" 'ugly.schema is not formatted'
is '--check writes nothing' "$(head -c 12 ugly.schema)" 'schema   s{t'

before=$(stamps .)
runs 0 'a formatted file is left alone' "$SCHEMAC" fmt pretty.schema
is 'a formatted file is left alone: untouched' "$(stamps .)" "$before"
runs 0 'formats standard input' bash -c '"$1" fmt - <ugly.schema' - "$SCHEMAC"
formatted=$out
holds 'formats standard input: the note is kept' grep -q '// a note' <<<"$out"
runs 0 'formats in place' "$SCHEMAC" fmt ugly.schema
is 'formats in place: as standard input' "$(cat ugly.schema)" "$formatted"
is 'formats in place: says so' "$out" 'ugly.schema: formatted'
runs 0 'formatting is idempotent' "$SCHEMAC" fmt --check ugly.schema
is 'no other file was left behind' "$(ls)" 'pretty.schema
ugly.schema'

printf 'schema s { table t { id int8 } }\n' >bad.schema
cp bad.schema bad.before
printf 'schema   s{}\n' >ugly.schema
runs 2 'syntax errors' "$SCHEMAC" fmt bad.schema ugly.schema
holds 'syntax errors: reported' grep -q '^bad.schema:1:' <<<"$err"
holds 'syntax errors: the file is left alone' cmp -s bad.schema bad.before
runs 0 'syntax errors: the other file was formatted' "$SCHEMAC" fmt --check ugly.schema
runs 4 'a file that is not there' "$SCHEMAC" fmt none.schema
finish
