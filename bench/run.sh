#!/bin/bash
# Runs all that bench/ measures; prints the tables and writes them to BUILD/bench/RESULTS.md.
#
#     bench/run.sh [PART...]      calls peers compiler planner
#
# BUILD, BENCH_QUICK and PIN: bench/lib.sh. What is not installed is named and left out; only
# what npm fetches for the clients in JavaScript is fetched, into BUILD. Asserts nothing of
# the figures: ends with 1 when a part could not be run to its end.
set -eu
set -o pipefail
cd "$(dirname "$0")/.."
. bench/lib.sh
started=$SECONDS
build_parts
mkdir -p "$build/bench"
results=$build/bench/RESULTS.md
BENCH_SAID=$(mktemp "${TMPDIR:-/tmp}/schemac-bench.XXXXXX")
export BENCH_SAID
trap 'rm -f "$BENCH_SAID"' EXIT
: >"$results"
[ $# -gt 0 ] || set -- calls peers compiler planner

out() { tee -a "$results"; }
field() { sed -n "s/^$1[[:space:]]*[:=][[:space:]]*//p" "$2" | head -n 1 | tr -d '"'; }

# Where and of what, without a name of the machine or a path.
head_lines() {
    local memory
    memory=$(field MemTotal /proc/meminfo | awk '{ printf "%.0f GB", $1 / 1048576 }')
    echo "# Figures"
    echo
    echo "- $(date -u '+%Y-%m-%d %H:%M') UTC; $(nproc) cores, $(field 'model name' /proc/cpuinfo)," \
        "$memory; $(field PRETTY_NAME /etc/os-release), Linux $(uname -r)"
    echo "- schemac $(git describe --always --dirty 2>/dev/null || "$build/schemac" --version);" \
        "$("${CC:-cc}" --version | head -n 1); $(pg_config --version);" \
        "load $(cut -d' ' -f1 /proc/loadavg) at the start"
    if [ "$(by_length 1 0)" = 1 ]; then
        echo "- BENCH_QUICK=1: short lengths, rough figures"
    fi
    echo
    echo "Ratios are generated code to hand-written libpq, or to what the table says; \`+-\` and"
    echo "quartiles are their spread over the pairs or rounds of this run. An aim within the"
    echo "quartiles is neither reached nor missed."
}

script_of() {
    case $1 in
    calls) echo bench/runtime/run.sh ;;
    peers) echo bench/peers/run.sh ;;
    compiler) echo bench/compile.sh ;;
    planner) echo bench/plan.sh ;;
    *)
        echo "bench: there is no part $1" >&2
        exit 3
        ;;
    esac
}

head_lines | out
failed=0
for part; do
    script=$(script_of "$part")
    begun=$SECONDS
    "$script" | out || {
        say "$part: $script ended with an error: its table is not whole"
        failed=1
    }
    printf '\n(%s: %d s)\n' "$part" $((SECONDS - begun)) | out
done
{
    if [ -s "$BENCH_SAID" ]; then
        printf '\n## Left out\n\n'
        sed 's/^/- /' "$BENCH_SAID"
    fi
    printf '\n%d s in all; load %s at the end.\n' $((SECONDS - started)) \
        "$(cut -d' ' -f1 /proc/loadavg)"
} | out
echo "bench: written to ${BUILD:-build}/bench/RESULTS.md" >&2
exit $failed
