# Sourced after tap.sh: a database of the test's own on the test's server, which .env of the
# scratch folder names. Both are gone when the script ends.
#
#     ask "select ..."      one value or rows as psql prints them; errors as well
#
# $url and $database are its own.
. "$ROOT/tests/support/cluster_lib.sh"
unset DATABASE_URL PGHOST PGPORT PGUSER PGDATABASE SCHEMAC_PROTECTED
database=
drop_database() {
    [ -z "$database" ] || psql -XAtq "$SCHEMAC_TEST_URL" \
        -c "drop database if exists $database with (force)" >/dev/null
    cluster_close
    cd /
    chmod -R u+rwX "$here" 2>/dev/null
    rm -rf "$here"
}
trap drop_database EXIT
cluster_open || exit 1
database=schemac_cli_$$
psql -XAtq "$SCHEMAC_TEST_URL" -c "create database $database" || exit 1
url=$(sed "s#///postgres#///$database#" <<<"$SCHEMAC_TEST_URL")
[ "$url" != "$SCHEMAC_TEST_URL" ] ||
    url=$(sed "s#/postgres\b#/$database#" <<<"$SCHEMAC_TEST_URL")
printf 'DATABASE_URL="%s"\n' "$url" >.env
ask() { psql -XAtq "$url" -c "$1" 2>&1; }
