#!/bin/bash
# The examples of the manuals compile with gcc and clang without a warning; every public
# function of the library, and every kind of function that is generated, is called by one;
# and the table of those kinds has all of them; prints TAP.
. tests/support/tap.sh
. "$ROOT/tests/support/examples.sh"

warnings="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wwrite-strings -Wformat=2 -Wvla
-Wstrict-prototypes -Wmissing-prototypes -Werror"

examples_take
for manual in $MANUALS; do
    is "docs/$manual.md has examples" \
        "$([ "$(ls "$manual"*.c "$manual"_*.text | wc -l)" -ge 15 ] && echo yes)" yes
done
for file in RUNTIME*.c GENERATED*.c; do
    for compiler in gcc clang; do
        holds "$file with $compiler" \
            $compiler $EXAMPLE_FLAGS $warnings -c "$file" -o "${file%.c}.$compiler.o"
    done
done

# ---- nothing is left out --------------------------------------------------------------

# What the examples call: the compiler's word, not the text's. Those in headers are inline.
nm ./*.gcc.o | sed -n 's/^.* [Ut] //p' | sort -u >called
# The public functions of the headers, and their macros.
public() {
    (cd "$ROOT/runtime" && cat sc.h sc_async.h sc_listen.h sc_value.h) | tr '\n' ' ' |
        grep -o -E 'SC_API [^;(]*\(' | grep -o -E 'sc_[a-z0-9_]+\($' | tr -d '(' | sort -u
}
public >functions
is 'the headers have public functions' "$([ "$(wc -l <functions)" -ge 85 ] && echo yes)" yes
is 'every public function is called by an example of the manuals' \
    "$(comm -23 functions called)" ''
is 'and told of in the words of docs/RUNTIME.md' \
    "$(grep -v -x -F -f <(awk '/^```/ { code = !code } !code' "$ROOT/docs/RUNTIME.md" |
        grep -o -E '\bsc_[a-z0-9_]+') functions |
        grep -v -E '_(parse|format)$')" '' # which the table of values has in short
is 'so is every public macro' "$(for macro in SC SC_NULL SC_SET SC_SET_NULL SC_LIST sc_has; do
    grep -q -E "\b$macro\b" RUNTIME*.c GENERATED*.c || echo "$macro"
done)" ''

# The kinds of generated functions: `T_by_K` in the table of docs/GENERATED.md is a pattern,
# of the functions of these schemas.
kinds() {
    sed -n '/^## The functions/,/^## /s/^| \(`[^|]*`\) |.*/\1/p' "$ROOT/docs/GENERATED.md" |
        grep -o -E '`[A-Z](_[A-Za-z_]+)?`' | tr -d '`' | sort -u
}
# The names that stand for a pattern's letter, joined by |.
tables() { sed -n 's/^struct \([a-z_]*\)_new {$/\1/p' app/*.h shop/*.h; }
declared() { # WORD
    sed -n "s/^ *$1 \([a-z_]*\).*/auth_\1/p" app.schema
    sed -n "s/^ *$1 \([a-z_]*\).*/shop_\1/p" shop.schema
}
T=$(tables | paste -s -d '|') E=$(declared enum | paste -s -d '|')
Q=$(declared query | paste -s -d '|')
pattern() {
    sed -E "s/^T_/($T)_/; s/^E_/($E)_/; s/^Q/($Q)/
        s/^P_/(($T)_page_(in|by)_[a-z_]+|$Q)_/
        s/^L_/(($T)_list_by_[a-z_]+|$Q)_/; s/^W_/(($T)_get_with_[a-z_]+|$Q)_/
        s/_[KCR]\$/_[a-z_]+/; s/_[KCR]_/_[a-z_]+_/" <<<"$1"
}
kinds >kinds
is 'the table has kinds' "$([ "$(wc -l <kinds)" -ge 40 ] && echo yes)" yes
is 'every kind of generated function is called by an example' "$(while read -r kind; do
    grep -q -x -E "$(pattern "$kind")" called || echo "$kind"
done <kinds)" ''
gcc $EXAMPLE_FLAGS -c app/app.c -o app.o
gcc $EXAMPLE_FLAGS -c shop/shop.c -o shop.o
while read -r kind; do
    echo "$(pattern "$kind")(_with_deleted)?"
done <kinds >patterns
is 'every generated function is of a kind of the table' \
    "$(nm app.o shop.o | sed -n 's/^.* T //p' | grep -v -x -E -f patterns | sort -u)" ''
finish
