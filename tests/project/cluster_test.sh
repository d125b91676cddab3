#!/bin/bash
# The private server: gone with whoever started it, however that ended; never in the way
# of another.
. tests/support/tap.sh
unset SCHEMAC_TEST_URL
lib=$ROOT/tests/support/cluster_lib.sh

cat >hold.sh <<SH
. "$lib"
trap cluster_close EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
cluster_open || exit 4
echo "\$SCHEMAC_TEST_URL"
\$1
SH
folder_of() {
    sed -E 's/.*host=([^&]*)&.*/\1/' <<<"$1"
}
# Waits until the folder has gone, at most ten seconds.
gone() {
    local i
    for i in $(seq 100); do
        [ -e "$1" ] || return 0
        sleep 0.1
    done
    return 1
}

url=$(bash hold.sh true)
fails 'nothing is left after the end' test -e "$(folder_of "$url")"
url=$(bash hold.sh false)
fails 'nothing is left after a failure' test -e "$(folder_of "$url")"

for signal in INT TERM KILL; do
    set -m
    bash hold.sh 'sleep 60' >url &
    pid=$!
    set +m
    for i in $(seq 100); do
        [ -s url ] && break
        sleep 0.1
    done
    folder=$(folder_of "$(cat url)")
    holds "$signal: the server was there" test -S "$folder/.s.PGSQL.5432"
    kill -$signal -- -$pid
    wait $pid 2>/dev/null
    holds "$signal: nothing is left" gone "$folder"
    rm url
done

# Two at once, each on a socket of its own and on no port.
. "$lib"
cluster_open
first=$SCHEMAC_TEST_URL
second=$(env -u SCHEMAC_TEST_URL bash hold.sh true)
fails 'two at once do not share' test "$first" = "$second"
is 'the first still answers' "$(psql -X -A -t -c 'select 1' "$first")" 1
is 'it listens on no port' "$(psql -X -A -t -c 'show listen_addresses' "$first")" ''
cluster_close
finish
