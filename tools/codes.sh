#!/bin/bash
# Rewrites the table of codes at the end of docs/LANGUAGE.md from lang/codes.def. A code
# that is only ever given to diag_warning gets a W.
set -eu
cd "$(dirname "$0")/.."

# The slugs that stand within two lines of a call of diag_$1.
slugs() {
    cat lang/*.[cy] emit/*.c | grep -A 2 "diag_$1(" | grep -o 'E_[a-z0-9_]*' | sort -u
}
warnings=$(comm -23 <(slugs warning) <(slugs error) | tr '\n' ' ')
table=$(awk -v warnings=" $warnings" '
    /^CODE\(/ {
        match($0, /"/)
        meaning = substr($0, RSTART + 1)
        sub(/"\)$/, "", meaning)
        gsub(/\\"/, "\"", meaning)
        split($0, part, /[(,] */)
        letter = index(warnings, " E_" part[3] " ") ? "W" : "E"
        printf "| `%s%04d` | %s |\n", letter, part[2], meaning
    }' lang/codes.def)
manual=$(sed '/^| `[EW][0-9]*` | /d' docs/LANGUAGE.md)
printf '%s\n%s\n' "$manual" "$table" >docs/LANGUAGE.md
