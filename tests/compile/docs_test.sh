#!/bin/bash
# Checks that the manual tells the truth; prints TAP: each ```schema block of the documents
# is a whole file that compiles without a word, each ```schema-error CODE block has just that
# error, and the manual's table of codes is lang/codes.def. Behind a ```schema-before block
# the next block is what the schema became: that is planned, each line of a ```sql block
# behind it is in the plan, and its hints are inert from then on.
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

# Writes each block of a document to a file of its own, LINE.CODE.schema; what came before
# it to that name and .before, the statements that are planned to it and .sql.
extract() {
    awk -v folder="$scratch" '
        function begin(code) {
            out = folder "/" NR "." code ".schema"
            printf "" > out
            if (before != "")
                printf "%s", before > (out ".before")
            planned = before != "" ? out ".sql" : ""
            before = ""
        }
        /^```schema-before$/    { keep = 1; next }
        /^```schema( |$)/       { begin("none"); next }
        /^```schema-error /     { begin($2); next }
        /^```sql$/ && planned   { out = planned; planned = ""; next }
        /^```/                  { keep = 0; if (out) close(out); out = ""; next }
        keep                    { before = before $0 "\n" }
        out                     { print > out }' "$1"
}

# The plan from what was before: it has each of the lines, and the hints that it went by
# make no difference any more.
plan() {
    local file=$1 said line
    said=$("$schemac" diff "$file.before" "$file" 2>&1) || echo "$said"
    [ -f "$file.sql" ] && while IFS= read -r line; do
        grep -q -x -F -e "$line" <<<"$said" || echo "not planned: $line"
    done <"$file.sql"
    "$schemac" diff "$file" "$file" --check 2>&1
}

compile() {
    local file=$1 code=$2 said status
    if [ "$code" != none ] && [ -f "$file.before" ]; then
        said=$("$schemac" diff "$file.before" "$file" 2>&1)
    else
        said=$("$schemac" "$file" -o "${file%.schema}" 2>&1)
    fi
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
    for file in $(cd "$scratch" && ls -v -- *.schema 2>/dev/null); do
        code=${file#*.} code=${code%.schema}
        report "$document:${file%%.*} compiles as it says ($code)" \
            "$(compile "$scratch/$file" "$code")"
        if [ "$code" = none ] && [ -f "$scratch/$file.before" ]; then
            report "$document:${file%%.*} is planned as it says" "$(plan "$scratch/$file")"
        fi
    done
done
report 'docs/LANGUAGE.md has a row for each code, in the words of lang/codes.def' "$(
    diff <(sed -n 's/^CODE(\([0-9]*\), [a-z0-9_]*, "\(.*\)")$/\1 \2/p' lang/codes.def |
        sed 's/\\"/"/g' | awk '{ printf "%04d", $1; $1 = ""; print }') \
        <(sed -n 's/^| `[EW]\([0-9]*\)` | \(.*\) |$/\1 \2/p' docs/LANGUAGE.md)
)"
echo "1..$n"
exit "$bad"
