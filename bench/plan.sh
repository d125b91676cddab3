#!/bin/bash
# Measures schemac diff between two schemas of 1,000 and 10,000 tables with 100 changes, and
# between equal ones; prints a table.
#
#     bench/plan.sh [TABLES...]
#
# BUILD is the build folder (default: build), RUNS the number of runs that a median is
# taken of. The times are whole runs: both files are read, resolved and compared. Asserts
# nothing.
set -eu
cd "$(dirname "$0")/.."
build=${BUILD:-build}
"${MAKE:-make}" -s --no-print-directory BUILD="$build" bench-parts >&2
schemac=$build/schemac measure=$build/bench/measure
[ $# -gt 0 ] || set -- 1000 10000
scratch=$(mktemp -d "${TMPDIR:-/tmp}/schemac-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# 25 columns added, 25 defaults changed, 25 indexes added and 25 columns made nullable, each in
# a table of its own.
change() {
    awk -v every=$(($1 / 100)) '
        /^ *table / { n++; due = n % every == 0 ? ++found : 0 }
        due && /^ *title / && found % 4 == 0 { print "        more        text?;" }
        due && /^ *amount / && found % 4 == 1 { sub("default 0 ", "default 1 ") }
        due && /^ *index / && found % 4 == 2 { print "        index (amount);" }
        due && /^ *active / && found % 4 == 3 { sub("bool ", "bool?") }
        { print }' "$2"
}

printf '%6s | %8s %8s | %8s %8s %8s %6s\n' tables 'same ms' 'peak MB' 'diff ms' 'cpu ms' \
    'peak MB' steps
for tables; do
    runs=${RUNS:-5} a=$scratch/a.schema b=$scratch/b.schema
    awk -v tables="$tables" -f bench/gen_schema.awk >"$a"
    change "$tables" "$a" >"$b"
    read -r _ _ same same_peak < <("$measure" "$runs" '' "$schemac" diff "$a" "$a")
    read -r took _ cpu peak < <("$measure" "$runs" '' "$schemac" diff "$a" "$b")
    steps=$("$schemac" diff "$a" "$b" | grep -c '^-- step')
    awk -v t="$tables" -v s="$same" -v p="$same_peak" -v d="$took" -v c="$cpu" -v q="$peak" \
        -v n="$steps" 'BEGIN {
        printf "%6d | %8.1f %8.1f | %8.1f %8.1f %8.1f %6d\n", t, s, p / 1024, d, c,
            q / 1024, n }'
done
