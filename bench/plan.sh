#!/bin/bash
# Measures schemac diff between two schemas of 1,000 and 10,000 tables with 100 changes, and
# between equal ones; prints a table.
#
#     bench/plan.sh [TABLES...]
#
# BUILD and BENCH_QUICK: bench/lib.sh; RUNS the number of runs that a median is taken of. The
# times are whole runs: both files are read, resolved and compared. Asserts nothing.
set -eu
cd "$(dirname "$0")/.."
. bench/lib.sh
build_parts
schemac=$build/schemac measure=$build/bench/measure
[ $# -gt 0 ] || set -- 1000 $(by_length '' 10000)
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

# Milliseconds of the CPU; the aim is for 100 changes to 1,000 tables.
printf '\n## The planner\n\n'
printf '| %6s | %8s | %7s | %14s | %5s | %8s | %7s | %5s |\n' tables 'equal ms' 'peak MB' \
    '100 changes ms' aim 'by clock' 'peak MB' steps
printf -- '|---|---|---|---|---|---|---|---|\n'
for tables; do
    runs=${RUNS:-$(by_length 1 5)} a=$scratch/a.schema b=$scratch/b.schema
    awk -v tables="$tables" -f bench/gen_schema.awk >"$a"
    change "$tables" "$a" >"$b"
    read -r _ _ same same_peak < <("$measure" "$runs" '' "$schemac" diff "$a" "$a")
    read -r took _ cpu peak < <("$measure" "$runs" '' "$schemac" diff "$a" "$b")
    steps=$("$schemac" diff "$a" "$b" | grep -c '^-- step')
    awk -v t="$tables" -v s="$same" -v p="$same_peak" -v d="$took" -v c="$cpu" -v q="$peak" \
        -v n="$steps" 'BEGIN {
        printf "| %6d | %8.1f | %7.1f | %14.1f | %5s | %8.1f | %7.1f | %5d |\n", t, s,
            p / 1024, c, t == 1000 ? 200 : "", d, q / 1024, n }'
done
