#!/bin/bash
# Rewrites the table of codes at the end of docs/LANGUAGE.md from lang/codes.def.
set -eu
cd "$(dirname "$0")/.."
table=$(sed -n 's/^CODE(\([0-9]*\), [a-z0-9_]*, "\(.*\)")$/\1 \2/p' lang/codes.def |
    sed 's/\\"/"/g' | awk '{ printf "| `E%04d` |", $1; $1 = ""; print $0 " |" }')
manual=$(sed '/^| `E[0-9]*` | /d' docs/LANGUAGE.md)
printf '%s\n%s\n' "$manual" "$table" >docs/LANGUAGE.md
