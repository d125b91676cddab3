#!/bin/bash
# The long sweeps: each fuzzer for a while, from its committed corpus. Findings stay in
# $BUILD/fuzz/found; nothing else is kept. tools/nightly.sh NAME... (make nightly)
set -eu
cd "$(dirname "$0")/.."
: "${BUILD:=build}" "${FUZZ_SECONDS:=600}"

scratch=$(mktemp -d "${TMPDIR:-/tmp}/schemac-nightly.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p "$BUILD/fuzz/found"
passed=0 failed=0
for name in "$@"; do
    mkdir "$scratch/$name"
    if "$BUILD/fuzz/$name" -max_total_time="$FUZZ_SECONDS" -max_len=4096 -timeout=15 \
        -rss_limit_mb=2048 -artifact_prefix="$BUILD/fuzz/found/$name-" \
        "$scratch/$name" "tests/fuzz/corpus/$name" >"$scratch/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok   $name: $(grep -c . <(ls "$scratch/$name")) new inputs, no finding"
    else
        failed=$((failed + 1))
        tail -n 40 "$scratch/log"
        echo "FAIL $name: see $BUILD/fuzz/found"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
