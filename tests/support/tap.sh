# Sourced by test scripts: prints TAP. Runs the script in a scratch folder of its own.
#
#     . tests/support/tap.sh        at the root of the tree
#     is "what is tested" "$got" "$wanted"
#     runs 0 "what is tested" command...      exit status; output in $out, errors in $err
#     finish
#
# $ROOT is the tree, $SCHEMAC the program, $here the scratch folder and the folder that
# commands run in.
set -u
ROOT=$PWD
BUILD=$(cd "${BUILD:-build}" && pwd)
SCHEMAC=$BUILD/schemac
here=$(mktemp -d "${TMPDIR:-/tmp}/schemac-test.XXXXXX")
trap 'chmod -R u+rwX "$here" 2>/dev/null; rm -rf "$here"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cd "$here"
tests=0 bad=0 out= err=

report() {
    tests=$((tests + 1))
    if [ "$1" = 0 ]; then
        echo "ok $tests - $2"
    else
        echo "not ok $tests - $2"
        bad=1
    fi
}

# Compares two texts exactly.
is() {
    if [ "$2" = "$3" ]; then
        report 0 "$1"
    else
        report 1 "$1"
        printf '%s\n' 'got:' "$2" 'wanted:' "$3" | sed 's/^/# /'
    fi
}

# The command after the name succeeds (or, with fails, does not).
holds() {
    local name=$1
    shift
    "$@" && report 0 "$name" || report 1 "$name"
}
fails() {
    local name=$1
    shift
    "$@" && report 1 "$name" || report 0 "$name"
}

runs() {
    local wanted=$1 name=$2 status=0
    shift 2
    out=$("$@" 2>"$here/.err" </dev/null) || status=$?
    err=$(cat "$here/.err")
    rm -f "$here/.err"
    if [ "$status" = "$wanted" ]; then
        report 0 "$name"
    else
        report 1 "$name"
        printf '%s\n' "exit status $status, wanted $wanted" "$out" "$err" | sed 's/^/# /'
    fi
}

skip() {
    tests=$((tests + 1))
    echo "ok $tests # SKIP $1"
}

finish() {
    echo "1..$tests"
    exit "$bad"
}

# Files below a folder with what tells whether they were touched.
stamps() {
    find "$1" -type f -printf '%P %i %T@ %s\n' | sort
}
sums() {
    (cd "$1" && find . -type f | sort | xargs sha256sum)
}
# Of what a file says, with zeros for its stamp, which tells builds of schemac apart.
unstamped() {
    sed 's|^/\* Stamp: [0-9a-f]\{32\} [0-9a-f]\{32\} \*/$|'"$NO_STAMP"'|' "$1"
}
NO_STAMP='/* Stamp: 00000000000000000000000000000000 00000000000000000000000000000000 */'
unstamped_sums() {
    (cd "$1" && find . -type f | sort | while read -r file; do
        echo "$file $(unstamped "$file" | sha256sum)"
    done)
}
