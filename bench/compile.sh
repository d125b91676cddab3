#!/bin/bash
# Measures schemac over schemas of 100, 1,000 and 10,000 tables; prints a table.
#
#     bench/compile.sh [TABLES...]
#
# BUILD and BENCH_QUICK: bench/lib.sh; RUNS the number of runs that a median is taken of.
# Asserts nothing: times depend on the machine.
set -eu
cd "$(dirname "$0")/.."
. bench/lib.sh
build_parts
schemac=$build/schemac measure=$build/bench/measure
[ $# -gt 0 ] || set -- 100 1000 $(by_length '' 10000)
# A file system in memory, if there is one: ext4 shuns inodes that were freed in the last
# minutes, and then creates a file in 0.8 ms instead of 0.03.
place=${TMPDIR:-/tmp}
if [ -d /dev/shm ] && [ -w /dev/shm ]; then
    place=/dev/shm
fi
scratch=$(mktemp -d "$place/schemac-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# stamp FOLDER: what would change when a file was written, renamed or removed.
stamp() { find "$1" -printf '%p %s %T@ %i\n' | sort | cksum; }

# What a first run is to take at most, in ms of the CPU; a run that finds nothing to do: half.
aim_of() {
    case $1 in
    1000) echo 300 ;;
    10000) echo 4000 ;;
    esac
}

# "edit" is a run after a column was added to the first table or taken away; "again" one that
# finds nothing to change. Milliseconds are of the CPU, which suffers less from whatever else
# the machine does; the clock's are beside those of a first run.
printf '\n## The compiler\n\n'
printf '| %6s | %7s | %8s | %5s | %8s | %8s | %7s | %6s | %6s | %7s | %7s | %8s | %7s | %7s | %7s | %6s |\n' \
    tables lines 'first ms' aim 'by clock' 'lines/s' 'peak MB' files 'out MB' 'edit ms' 'peak MB' \
    'again ms' aim 'peak MB' touched 'fmt ms'
printf -- '|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n'
for tables; do
    runs=${RUNS:-$(by_length 1 5)}
    schema=$scratch/s$tables.schema out=$scratch/gen
    awk -v tables="$tables" -f bench/gen_schema.awk >"$schema"
    lines=$(wc -l <"$schema")
    read -r cold _ cpu peak < <("$measure" "$runs" "rm -rf $out" \
        "$schemac" "$schema" -o "$out")
    files=$(find "$out" -type f | wc -l)
    bytes=$(find "$out" -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }')
    sed '0,/^ *title /s//        more text?;\n&/' "$schema" >"$scratch/more.schema"
    cp "$schema" "$scratch/less.schema"
    toggle="cmp -s $schema $scratch/more.schema && x=less || x=more; cp $scratch/\$x.schema $schema"
    read -r _ _ edit_cpu edit_peak < <("$measure" "$runs" "$toggle" \
        "$schemac" "$schema" -o "$out")
    cp "$scratch/less.schema" "$schema"
    "$schemac" "$schema" -o "$out" -q
    before=$(stamp "$out")
    read -r _ _ again_cpu again_peak < <("$measure" "$runs" '' \
        "$schemac" "$schema" -o "$out")
    [ "$before" = "$(stamp "$out")" ] && touched=none || touched=SOME
    # fmt rewrites only what is not canonical: the copy is put back before each run.
    read -r fmt _ < <("$measure" "$runs" "cp $schema $scratch/f.schema" \
        "$schemac" fmt "$scratch/f.schema")
    awk -v t="$tables" -v l="$lines" -v c="$cold" -v u="$cpu" -v p="$peak" -v n="$files" \
        -v b="$bytes" -v g="$again_cpu" -v q="$again_peak" -v x="$touched" -v f="$fmt" \
        -v h="$edit_cpu" -v j="$edit_peak" -v a="$(aim_of "$tables")" 'BEGIN {
        printf "| %6d | %7d | %8.1f | %5s | %8.1f | %8.0f | %7.1f | %6d | %6.1f", t, l, u, a,
            c, l / u * 1000, p / 1024, n, b / 1e6
        printf " | %7.1f | %7.1f | %8.1f | %7s | %7.1f | %7s | %6.1f |\n", h, j / 1024, g,
            a ? a / 2 : "", q / 1024, x, f
    }'
    rm -rf "$out"
done
