#!/bin/bash
# Checks which way the arrows between the rooms point, from their includes; prints TAP.
set -u
cd "$(dirname "$0")/.."

# A room, and the rooms whose headers it may include besides its own.
arrows='
base
lang      base
sql       base lang
emit      base lang sql
sqltext
runner    sqltext
migrate   base lang sql sqltext
cluster   base
live      base lang sql runtime
fake      base lang sql runtime
certify   base lang sql sqltext migrate runner runtime cluster fake
cli       base lang sql emit sqltext migrate runtime cluster live fake runner certify
runtime
'
rooms=$(awk '{ print $1 }' <<<"$arrows")

# Prints "file: header" for each include of $1's files that is neither its own nor in $2.
strays() {
    local room=$1 allowed=" $1 $2 "
    grep -r -H -o -E '^ *# *include *"[^"]+"' "$room" --include='*.[chy]' --include='*.re' \
        --include='*.def' | sed -E 's/: *# *include *"(\.\.\/)*/ /; s/"$//' |
        while read -r file header; do
            case $header in
            */*) [[ $allowed == *" ${header%%/*} "* ]] || echo "# $file: $header" ;;
            esac
        done
}

n=0 bad=0
report() {
    n=$((n + 1))
    if [ -z "$2" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        echo "$2"
        bad=1
    fi
}

while read -r room allowed; do
    [ -n "$room" ] || continue
    report "$room includes only: ${allowed:-nothing but itself}" "$(strays "$room" "$allowed")"
done <<<"$arrows"
report 'only the runtime, the runner and live include libpq' \
    "$(grep -l 'libpq-fe\.h' -r $(grep -v -x -E 'runtime|runner|live' <<<"$rooms") gen \
        2>/dev/null | sed 's/^/# /')"
report 'no public header includes libpq' \
    "$(grep -H '# *include.*libpq' runtime/sc.h runtime/sc_value.h runtime/sc_gen.h runtime/sc_listen.h runtime/sc_async.h runner/sc_migrate.h |
        sed 's/^/# /')"
report 'the codec and the values know no connection' \
    "$(grep -r -H -E '^ *# *include *"' runtime/codec runtime/value |
        grep -E '"runtime/[a-z_]+(/|\.h)' |
        grep -v -E '"runtime/((codec|value)/[a-z_]+|sc|sc_value|sc_gen|bytes|inline)\.h"' |
        sed 's/^/# /')"
report 'nothing includes tests/' \
    "$(grep -l -r 'include *"tests/' $rooms gen 2>/dev/null | sed 's/^/# /')"
banned='(strcpy|strcat|sprintf|strncpy|strtok|atoi|gets|scanf|alloca)'
report 'no banned function is called' \
    "$(grep -n -E "(^|[^A-Za-z0-9_])$banned *\(" -r $rooms --include='*.[chy]' \
        --include='*.re' 2>/dev/null | sed 's/^/# /')"
report 'the libraries write to no stream and never end the program' \
    "$(grep -n -E '(^|[^A-Za-z0-9_])(printf|fprintf|puts|perror|abort|exit|assert) *\(' \
        -r runtime runner sqltext 2>/dev/null | sed 's/^/# /')"
sources() {
    find $rooms tests examples bench tools -type f -name "$1" -not -path 'tests/golden/*'
}
report 'no file of a room, no test and no tool is over 600 lines' \
    "$({ find $rooms -type f; sources '*.[ch]'; sources '*.sh'; sources '*.py'; } |
        sort -u | xargs wc -l |
        awk '$2 != "total" && $1 > 600 && $2 != "lang/grammar.y" \
            { print "# " $2 ": " $1 }')"

# As the format has it, a function's braces stand alone at the beginning of their lines. A
# switch's labels do not count: one that only dispatches may be longer.
report 'no function is over 60 lines' \
    "$(sources '*.[ch]' | xargs awk '
        FNR == 1 { head = inside = 0 }
        !inside && /^[a-z].*\(/ { head = FNR; labels = 0; name = $0 }
        !inside && /;$|^$/ { head = 0 }
        /^\{$/ { inside = 1; if (!head) { head = FNR; name = "" } }
        inside && /^ *(case .*|default):$/ { labels++ }
        inside && /^\}/ {
            if (FNR - head + 1 - labels > 60)
                print "# " FILENAME ":" head ": " FNR - head + 1 " lines: " name
            head = inside = 0
        }')"
echo "1..$n"
exit "$bad"
