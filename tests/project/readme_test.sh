#!/bin/bash
# The README's own example: it compiles, and what it shows is what is generated.
. tests/support/tap.sh

# The n-th fenced block of a language of the README, "" for what has none.
block() {
    awk -v fence='```'"$1" -v want="$2" '
        /^```/ { inside = !inside; here = inside && $0 == fence; n += here; next }
        here && n == want' "$ROOT/README.md"
}
# Text without comments and line ends, blanks squeezed.
flat() {
    tr '\n' ' ' | sed -E 's@/\*[^*]*\*+([^/*][^*]*\*+)*/@@g; s/ +/ /g'
}

block '' 1 >app.schema
runs 0 'the schema compiles' "$SCHEMAC" app.schema -o gen
generated=$(cat gen/*.h | flat)
while read -r declaration; do
    [ -n "${declaration// /}" ] || continue
    holds "generated: ${declaration%%(*}" \
        grep -q -F -- "$(sed 's/ *$//' <<<"$declaration")" <<<"$generated"
done < <(block c 1 | flat | sed -E 's/(\)|\});/\1;\n/g' | sed 's/^ *//')

{
    echo '#include <stdio.h>'
    echo '#include "app.h"'
    echo 'void use(struct sc_db *db);'
    echo 'void use(struct sc_db *db) {'
    block c 2
    echo '}'
} >use.c
runs 0 'the use of it compiles' gcc -std=c17 -Wall -Wextra -Werror -Igen \
    "-I$ROOT/runtime" -c -o use.o use.c
sed 's/^ *email .*/&\n        phone text? unique;/' app.schema >phone.schema
runs 0 'a change of the schema is planned' "$SCHEMAC" diff app.schema phone.schema
is 'the step that it shows is in the plan' "$(block sql 1 | grep -v -x -F -e "$out")" ''
is 'the README is at most 150 lines long' \
    "$(awk 'END { print (NR <= 150) }' "$ROOT/README.md")" 1
absent=$(grep -o -E '\]\([^)h][^)]*\)' "$ROOT/README.md" | tr -d '()]' |
    while read -r link; do
        [ -e "$ROOT/$link" ] || echo "$link"
    done)
is 'every link of the README leads somewhere' "$absent" ''
finish
