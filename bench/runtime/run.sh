#!/bin/bash
# Holds the generated functions against hand-written libpq; prints a table.
#
#     bench/runtime/run.sh [WORKLOAD...]
#
# BUILD is the build folder; PAIRS and SLICE_MS the number and length of the slices that
# are compared; PIN a core for client and server (default: the last one; empty: none).
# A private server, the reference schema, 10,000 users. Asserts nothing.
set -eu
cd "$(dirname "$0")/../.."
"${MAKE:-make}" -s --no-print-directory BUILD="${BUILD:-build}" bench-parts >&2
build=$(cd "${BUILD:-build}" && pwd)
bench=$build/bench/runtime/bench
pin=${PIN-$(($(nproc) - 1))}
if [ -n "$pin" ] && command -v taskset >/dev/null; then
    taskset -p -c "$pin" $$ >/dev/null
fi
[ $# -gt 0 ] || set -- read_user read_page insert_session insert_many load \
    read_batch read_many read_nested read_loop scan stream update_user delete_session \
    insert_three tx_three
scratch=$(mktemp -d "${TMPDIR:-/tmp}/schemac-bench.XXXXXX")
. tests/support/cluster_lib.sh
trap 'cluster_close; rm -rf "$scratch"' EXIT
cluster_open
export DATABASE_URL=$SCHEMAC_TEST_URL

. bench/runtime/fill.sh

# instructions SIDE WORKLOAD CALLS: those of a call, from the difference of two lengths.
# memcpy is kept from `rep movsb`, of which callgrind counts each byte.
collected() {
    GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1000000000 \
        valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=bench_calls \
        "$bench" count "$@" 2>&1 |
        sed -n 's/.*Collected : //p'
}
instructions() {
    local few many
    few=$(collected "$1" "$2" "$3")
    many=$(collected "$1" "$2" $(($3 * 2)))
    echo $(((many - few) / $3))
}

fill
"$bench" check
# Rates are by the CPU time of client and server.
printf '%-15s %12s %12s %6s | %10s %6s %15s %6s | %9s %9s\n' workload 'instr. hand' generated \
    ratio 'us by hand' rate 'quartiles' clock 'mallocs' generated
for workload; do
    case $workload in
    insert_many | load) n=2 pairs=${PAIRS:-12} ;;
    read_batch | read_many | read_loop) n=20 pairs=${PAIRS:-80} ;;
    read_page | scan | stream) n=10 pairs=${PAIRS:-40} ;;
    *) n=500 pairs=${PAIRS:-200} ;;
    esac
    read -r rate low high us clock < <("$bench" compare "$workload" "$pairs" "${SLICE_MS:-10}")
    hand=$(instructions hand "$workload" "$n")
    generated=$(instructions generated "$workload" "$n")
    read -r a < <(LD_PRELOAD=$build/bench/runtime/allocations.so "$bench" allocations \
        hand "$workload")
    read -r b < <(LD_PRELOAD=$build/bench/runtime/allocations.so "$bench" allocations \
        generated "$workload")
    awk -v w="$workload" -v h="$hand" -v g="$generated" -v u="$us" -v r="$rate" -v l="$low" \
        -v q="$high" -v c="$clock" -v a="$a" -v b="$b" 'BEGIN {
        printf "%-15s %12d %12d %6.3f | %10.2f %6.3f %6.3f - %6.3f %6.3f | %9.2f %9.2f\n",
            w, h, g, g / h, u, r, l, q, c, a, b }'
done

# One thread: 8 calls in flight on each of 2 connections, against 1 on each of 8.
read -r ratio few many < <("$build/bench/runtime/flights" "${FLIGHT_PAIRS:-21}" 200)
printf '\n%-15s %12s %12s %6s\n%-15s %12d %12d %6.3f\n' flights '2 x 8, a s' \
    '8 x 1, a s' ratio read_user "$few" "$many" "$ratio"
