#!/bin/bash
# clang-tidy over the rooms' C files, by .clang-tidy; prints TAP. BUILD holds lemon's
# header. As many at a time as there are processors.
#
# All but a fiftieth of the time is the analyser's, most of it in few functions: LINT_NODES
# is how far it follows one (its own default is 225000, which takes four times as long and
# is for `make nightly`).
set -u
cd "$(dirname "$0")/.."
: "${BUILD:=build}"

flags=(-std=c17 -D_POSIX_C_SOURCE=200809L -I. "-I$BUILD" "-I$BUILD/lang" -Iruntime -Igen
    $(pkg-config --cflags libpq jansson)
    -Xclang -analyzer-config -Xclang "max-nodes=${LINT_NODES:-75000}")
export BUILD
lint_one() {
    local out
    if out=$(clang-tidy --quiet "$1" -- "${@:2}" 2>/dev/null); then
        echo "ok - $1"
    else
        # One write, so that two results do not mix.
        echo "not ok - $1
$(sed 's/^/# /' <<<"$out")"
    fi
}
export -f lint_one

results=$(printf '%s\n' base/*.c lang/*.c sql/*.c emit/*.c sqltext/*.c \
    migrate/*.c live/*.c fake/*.c cluster/*.c certify/*.c cli/*.c runtime/*.c runtime/*/*.c runner/*.c \
    examples/*/*.c | grep -v '\*' |
    xargs -P "$(nproc)" -I{} bash -c 'lint_one "$@"' lint_one {} "${flags[@]}")
echo "$results"
echo "1..$(grep -c -E '^(not )?ok' <<<"$results")"
! grep -q '^not ok' <<<"$results"
