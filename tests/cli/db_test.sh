#!/bin/bash
# schemac db: a server for development out of the installed binaries, from nothing to
# gone. The server lives below a state folder of the test's own.
. tests/support/tap.sh

mkdir -p "$here/state" "$here/shop"
chmod 755 "$here" "$here/state"
export XDG_STATE_HOME=$here/state
unset DATABASE_URL PGHOST PGPORT PGUSER PGDATABASE
cd "$here/shop"

# Whatever happens, the server goes; root's lives outside the state folder.
folder=
remove_server() {
    "$SCHEMAC" db stop -q >/dev/null 2>&1
    case $folder in
    */schemac*/shop-*) rm -rf "$folder" ;;
    esac
    cd /
    chmod -R u+rwX "$here" 2>/dev/null
    rm -rf "$here"
}
trap remove_server EXIT

runs 3 'db alone is no command' "$SCHEMAC" db
runs 3 'db knows three words' "$SCHEMAC" db restart
is 'and says which' "$err" 'schemac: error: db is followed by start, stop or psql'
runs 3 'start takes nothing more' "$SCHEMAC" db start now

runs 0 'stop where there is no server' "$SCHEMAC" db stop
is 'says so' "$out" 'no server of this folder runs'

runs 0 'start makes a server' "$SCHEMAC" db start
line=$out
folder=$(sed -n 's/^schemac: note: making a server in //p' <<<"$err")
holds 'it says where' test -d "$folder/data"
is 'the line stands in .env' "$(cat .env)" "$line"
runs 0 'psql finds it' "$SCHEMAC" db psql -- -XAtc \
    "select current_database(), current_setting('listen_addresses') = '',
            current_setting('fsync')"
is 'the database has the folder'\''s name, and no port is open' "$out" 'shop|t|on'

runs 0 'start again does nothing' "$SCHEMAC" db start
is 'and gives the same line' "$out" "$line"
is 'and says so' "$err" 'schemac: note: the server runs already'

runs 0 'stop' "$SCHEMAC" db stop
is 'keeps the data' "$out" "stopped; its data stays in $folder"
runs 2 'then there is no server' "$SCHEMAC" db psql -- -XAtc 'select 1'

echo 'DATABASE_URL=postgresql:///elsewhere' >.env
runs 0 'start with another DATABASE_URL' "$SCHEMAC" db start
is 'leaves .env alone' "$(cat .env)" 'DATABASE_URL=postgresql:///elsewhere'
is 'and says what to do' "$(tail -n 1 <<<"$err")" \
    'schemac: note: put the line into .env, or into the environment, which name another database now'
runs 0 'stop it again' "$SCHEMAC" db stop -q
is 'quietly' "$out" ''

mv "$folder/data" "$folder/data.new"
runs 0 'one whose making was cut off is made anew' "$SCHEMAC" db start -q
fails 'and nothing is left of it' test -e "$folder/data.new"
runs 0 'and stops' "$SCHEMAC" db stop -q

SCHEMAC_PG_BIN=/nowhere runs 4 'no server installed' "$SCHEMAC" db start
is 'is said' "$err" \
    'schemac: error: SCHEMAC_PG_BIN is "/nowhere", where there is no initdb and pg_ctl'
finish
