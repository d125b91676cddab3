#!/bin/bash
# What tests/golden/shop.schema becomes is, byte for byte, what stands in tests/golden/shop/;
# prints TAP. With UPDATE_EXPECTED=1 it is written there instead; read the difference before
# committing it. (gen/ at the root is the other such folder: tests/project/gen_test.sh.)
. tests/support/tap.sh

runs 0 'the schema compiles' "$SCHEMAC" "$ROOT/tests/golden/shop.schema" -o made
if [ -n "${UPDATE_EXPECTED:-}" ]; then
    mkdir -p "$ROOT/tests/golden/shop"
    rm -f "$ROOT"/tests/golden/shop/*
    cp made/*.c made/*.h "$ROOT/tests/golden/shop/"
    unstamped made/shop.h >"$ROOT/tests/golden/shop/shop.h"
fi
is 'the same files' "$(cd made && ls *.c *.h)" "$(ls "$ROOT/tests/golden/shop")"
for file in "$ROOT"/tests/golden/shop/*; do
    is "the same ${file##*/}" "$(diff "$file" <(unstamped "made/${file##*/}"))" ''
done
finish
