#!/bin/bash
# Checks that the manual tells the truth; prints TAP: each ```schema block of the documents
# is a whole file that compiles without a word, each ```schema-error CODE block has just that
# error, and the manual's table of codes is lang/codes.def.
set -u
cd "$(dirname "$0")/../.."
schemac=$(cd "${BUILD:-build}" && pwd)/schemac
scratch=$(mktemp -d "${TMPDIR:-/tmp}/schemac-docs.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
n=0 bad=0

# report NAME OUTPUT: what went wrong; nothing is good.
report() {
    n=$((n + 1))
    if [ -z "$2" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        sed 's/^/# /' <<<"$2"
        bad=1
    fi
}

# Writes each block of a document to a file of its own, LINE.CODE.schema.
extract() {
    awk -v folder="$scratch" '
        /^```schema( |$)/       { out = folder "/" NR ".none.schema"; printf "" > out; next }
        /^```schema-error /     { out = folder "/" NR "." $2 ".schema"; next }
        /^```/ && out           { close(out); out = ""; next }
        out                     { print > out }' "$1"
}

compile() {
    local file=$1 code=$2 said status
    said=$("$schemac" "$file" -o "${file%.schema}" 2>&1)
    status=$?
    if [ "$code" = none ]; then
        [ $status = 0 ] && [ -z "$(grep -E 'error|warning' <<<"$said")" ] ||
            echo "exit $status: $said"
        return
    fi
    [ $status = 2 ] || echo "exit $status"
    [ "$(grep -c -F ": error[$code]: " <<<"$said")" = 1 ] &&
        [ "$(grep -c -F ': error[' <<<"$said")" = 1 ] || echo "$said"
}

for document in README.md docs/*.md; do
    rm -rf "${scratch:?}"/*
    [ -f "$document" ] && extract "$document"
    for file in $(ls -v "$scratch" 2>/dev/null); do
        code=${file#*.} code=${code%.schema}
        report "$document:${file%%.*} compiles as it says ($code)" \
            "$(compile "$scratch/$file" "$code")"
    done
done
report 'docs/LANGUAGE.md has a row for each code, in the words of lang/codes.def' "$(
    diff <(sed -n 's/^CODE(\([0-9]*\), [a-z0-9_]*, "\(.*\)")$/\1 \2/p' lang/codes.def |
        sed 's/\\"/"/g' | awk '{ printf "%04d", $1; $1 = ""; print }') \
        <(sed -n 's/^| `[EW]\([0-9]*\)` | \(.*\) |$/\1 \2/p' docs/LANGUAGE.md)
)"
echo "1..$n"
exit "$bad"
