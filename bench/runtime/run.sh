#!/bin/bash
# Holds the generated functions against hand-written libpq; prints tables.
#
#     bench/runtime/run.sh [WORKLOAD...]      of main.c; flights; first
#
# BUILD, BENCH_QUICK and PIN: bench/lib.sh; PAIRS and SLICE_MS: the number and length of the
# slices that are compared; FLIGHT_PAIRS the number of those of calls in flight. A private
# server, the reference schema, 100,000 users. Asserts nothing.
set -eu
cd "$(dirname "$0")/../.."
. bench/lib.sh
build_parts
bench=$build/bench/runtime/bench
[ $# -gt 0 ] || set -- read_user insert_session update_user delete_session read_page scan \
    scan_copy stream read_batch read_loop read_many load insert_many read_nested \
    insert_three tx_three flights first
pin
trap 'cluster_close 2>/dev/null || true' EXIT
open_server "generated functions beside libpq by hand"

# What it is, the aim of its rate, pairs, calls that are counted.
about() {
    case $1 in
    read_user) echo 'W1 point read by a unique key|0.98|200|500' ;;
    insert_session) echo 'W2 insert, returning the row|0.98|200|500' ;;
    update_user) echo 'W7 update by primary key|0.98|200|500' ;;
    delete_session) echo 'delete by primary key|0.98|200|500' ;;
    read_page) echo 'W3 page of 1,000 rows|0.97|40|10' ;;
    scan) echo 'W4 scan of 100,000 rows : single-row mode|0.97|20|1' ;;
    scan_copy) echo 'W4 scan of 100,000 rows : COPY BINARY|0.97|20|1' ;;
    stream) echo "a query's 100,000 rows : single-row mode||20|1" ;;
    read_batch) echo 'W6 batch of 100 reads : pipeline, one Sync|0.95|80|20' ;;
    read_loop) echo 'W6 batch of 100 reads : loop of 100||80|20' ;;
    read_many) echo '100 reads by an array of keys : pipeline|1.5|80|20' ;;
    load) echo 'W5 bulk load of 100,000 rows : COPY BINARY|0.9|12|1' ;;
    insert_many) echo 'insert of 100,000 rows : unnest||12|1' ;;
    read_nested) echo 'W8 user, accounts, sessions : pipeline|1.0|200|500' ;;
    insert_three) echo 'three inserts : pipeline||200|500' ;;
    tx_three) echo 'W9 transaction of three inserts : pipeline||200|500' ;;
    *)
        echo "bench: there is no workload $1: bench/runtime/main.c" >&2
        exit 3
        ;;
    esac
}

rates_head() {
    printf '\n## Generated functions beside hand-written libpq\n\n'
    printf 'Rates by the CPU time of client and server together, on one core; clock: by the clock.\n\n'
    printf '| %-44s | %10s | %6s | %-14s | %4s | %-17s | %5s |\n' \
        'call (generated : by hand)' 'us by hand' rate quartiles aim reached clock
    printf -- '|---|---|---|---|---|---|---|\n'
}
# rate_row WHAT AIM US RATE LOW HIGH CLOCK
rate_row() {
    awk -v w="$1" -v a="$2" -v u="$3" -v r="$4" -v l="$5" -v h="$6" -v c="$7" '
    function reached() {
        return a == "" ? "" : r >= a + 0 ? "yes" : h >= a + 0 ? "within the spread" : "no"
    }
    BEGIN {
        printf "| %-44s | %10.2f | %6.3f | %.3f to %5.3f | %4s | %-17s | %5.2f |\n",
            w, u, r, l, h, a, reached(), c
    }'
}
rate_of() {
    local what aim pairs rate low high us clock
    IFS='|' read -r what aim pairs _ < <(about "$1")
    pairs=${PAIRS:-$(by_length $((pairs / 20 + 2)) "$pairs")}
    read -r rate low high us clock _ < <("$bench" compare "$1" "$pairs" "${SLICE_MS:-10}")
    rate_row "$what" "$aim" "$us" "$rate" "$low" "$high" "$clock"
}

# The server's processes that begin from now on.
on_all_cores() { taskset -c -p "$everywhere" "$(postmaster)" >/dev/null; }
on_one_core() { [ -z "$pinned" ] || taskset -c -p "$pinned" "$(postmaster)" >/dev/null; }
postmaster() {
    psql -X -A -t -c "select pg_read_file('postmaster.pid')" "$DATABASE_URL" | head -n 1
}

# What a batch spares is waiting for round trips: by the clock, client and server on cores
# as they like.
loops() {
    local way clock low high us pairs
    [ -n "$everywhere" ] || return 0
    on_all_cores
    pairs=${PAIRS:-$(by_length 6 80)}
    for way in 'Unix socket':"$DATABASE_URL" TCP:"$TCP_URL"; do
        read -r _ _ _ _ clock low high us < <(DATABASE_URL=${way#*:} \
            taskset -c "$everywhere" "$bench" compare read_loop "$pairs" "${SLICE_MS:-10}")
        rate_row "- by the clock, on all cores, by ${way%%:*}" 4 "$us" "$clock" "$low" \
            "$high" "$clock"
    done
    on_one_core
}

# One thread: 8 calls in flight on each of 2 connections, against 1 on each of 8.
flights() {
    local rate low high us clock pairs
    pairs=${FLIGHT_PAIRS:-$(by_length 3 21)}
    read -r rate low high us clock _ < <("$build/bench/runtime/flights" "$pairs" 200)
    rate_row '2 x 8 reads in flight : 8 x 1 (generated)' 1.4 "$us" "$rate" "$low" "$high" \
        "$clock"
    [ -n "$everywhere" ] || return 0
    on_all_cores
    read -r _ _ _ _ rate low high us < <(taskset -c "$everywhere" \
        "$build/bench/runtime/flights" "$pairs" 200)
    rate_row '- by the clock, on all cores' 1.4 "$us" "$rate" "$low" "$high" "$rate"
    on_one_core
}

first() {
    printf '\nRound trips, as libpq traces them:\n\n'
    printf '| %-44s | %9s | %5s | %-13s | %-7s |\n' call 'first use' later 'aim at first' reached
    printf -- '|---|---|---|---|---|\n'
    "$build/bench/runtime/first" | awk -F'|' '{
        printf "| %-44s | %9d | %5d | %13d | %-7s |\n", $1, $2, $3, $4, $2 <= $4 ? "yes" : "no" }'
}

# memcpy is kept from `rep movsb`, of which callgrind counts each byte.
instructions() {
    local n
    n=$(GLIBC_TUNABLES=glibc.cpu.x86_rep_movsb_threshold=1000000000 \
        valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=bench_calls \
        "$bench" count "$@" 2>&1 | sed -n 's/.*Collected : //p')
    echo $((n / $3))
}
allocations() {
    LD_PRELOAD=$build/bench/runtime/allocations.so "$bench" allocations "$@"
}
counts_head() {
    printf '\nInstructions of the client, libpq and libc included, and allocations; aim: 1.05.\n\n'
    printf '| %-44s | %12s | %12s | %6s | %-7s | %9s | %9s |\n' 'a call' 'by hand' generated ratio \
        reached 'mallocs' generated
    printf -- '|---|---|---|---|---|---|---|\n'
}
count_of() {
    local what aim pairs n hand=0 generated=0
    IFS='|' read -r what aim pairs n < <(about "$1")
    n=$(by_length $((n / 10 + 1)) "$n")
    if [ "$counted" = 1 ]; then
        hand=$(instructions hand "$1" "$n")
        generated=$(instructions generated "$1" "$n")
    fi
    awk -v w="$what" -v h="$hand" -v g="$generated" -v a="$(allocations hand "$1")" \
        -v b="$(allocations generated "$1")" 'BEGIN {
        ratio = h ? sprintf("%.3f", g / h) : "-"
        printf "| %-44s | %12s | %12s | %6s | %-7s | %9.2f | %9.2f |\n", w, h ? h : "-",
            g ? g : "-", ratio, h ? (ratio + 0 <= 1.05 ? "yes" : "no") : "", a, b }'
}

"$bench" check
calls=() others=()
for workload; do
    case $workload in
    flights | first) others+=("$workload") ;;
    *) calls+=("$workload") ;;
    esac
done
rates_head
for workload in "${calls[@]}"; do
    rate_of "$workload"
    [ "$workload" != read_loop ] || loops
done
for other in "${others[@]}"; do "$other"; done
counted=1
has valgrind || {
    counted=0
    say "no valgrind: instructions left out"
}
[ ${#calls[@]} = 0 ] || counts_head
for workload in "${calls[@]}"; do count_of "$workload"; done
