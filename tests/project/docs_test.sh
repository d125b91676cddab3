#!/bin/bash
# The documents name files and folders that are there, their links lead somewhere, and their
# lines of prose are at most 100 columns wide; prints TAP.
. tests/support/tap.sh
cd "$ROOT"

documents="README.md CHANGELOG.md docs/*.md"
# Every file and folder of the tree, from its root.
find . \( -name .git -o -path ./build \) -prune -o -type d -printf '/%P/\n' -o -printf '/%P\n' |
    sort >"$here/tree"

# What no file of the tree is: a user's, a file that may be generated, the beginning of a
# comment.
theirs='.c .down.sql /// app_schema.h time_.h schemac.conf gen/app.c seeds/*.sql
gen/migrations/0002_draft.up.sql build/fuzz/found'

# The lines of a document that are no code, with their numbers.
prose() {
    awk '/^ *```/ { code = !code; next } !code && !/^    / { print FNR ": " $0 }' "$1"
}
# The files and folders that a document names: in backticks, with an extension or a slash.
named() {
    prose "$1" | grep -o '`[^` ]*`' | tr -d '`' | grep -E '^[A-Za-z0-9_.*/-]+$' |
        grep -E '/|\.(c|h|re|y|def|md|sh|py|awk|sql|schema|conf|mk)$' | sort -u
}
# A name may leave out the folders in front, as text about one does, and be a pattern; that
# of a program is its source's.
absent() {
    local name pattern
    named "$1" | grep -v -x -F -f <(tr ' ' '\n' <<<"$theirs") | while read -r name; do
        pattern=$(sed 's/[.]/[.]/g; s/[*]/[^\/]*/g' <<<"$name")
        grep -q -E "/$pattern(/|[.]c)?\$" "$here/tree" || echo "$name"
    done
}
# The places of a document that links go to, as a reader's browser finds them.
anchors() {
    prose "$1" | sed -n 's/^[0-9]*: ##* //p' | tr '[:upper:]' '[:lower:]' |
        sed "s/[^a-z0-9 _-]//g; s/ /-/g"
}
astray() {
    local link file
    prose "$1" | grep -o -E '\]\([^)]*\)' | sed 's/^](//; s/)$//' | grep -v '^https*:' | sort -u |
        while read -r link; do
            file=$(dirname "$1")/${link%%#*}
            [ -n "${link%%#*}" ] || file=$1
            [ -e "$file" ] || echo "$link"
            [ "${link#*#}" = "$link" ] || anchors "$file" | grep -q -x -F -e "${link#*#}" ||
                echo "$link"
        done
}

for document in $documents; do
    is "$document: every file that it names is there" "$(absent "$document")" ''
    is "$document: every link leads somewhere" "$(astray "$document")" ''
    is "$document: lines of 100 columns at most, tables apart" \
        "$(prose "$document" | grep -v '^[0-9]*: |' | grep -E '^[0-9]+: .{101}')" ''
done
is 'names were found' "$([ "$(cat $documents | wc -l)" -gt 1000 ] &&
    [ "$(for document in $documents; do named "$document"; done | wc -l)" -ge 150 ] && echo yes)" yes
finish
