# Sourced by the tests of tests/accept after tap.sh and cluster_lib.sh: a project and a
# database of its own for each case, worked on through the command line only. Every
# command runs without a terminal and with nothing to read (runs, of tap.sh).
unset DATABASE_URL PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS SCHEMAC_PROTECTED
cluster_open || exit 1
databases=()
finish_all() {
    cd /
    if [ ${#databases[@]} -gt 0 ]; then
        printf 'drop database if exists %s with (force);\n' "${databases[@]}" |
            psql -Xq "$SCHEMAC_TEST_URL" >/dev/null 2>&1
    fi
    cluster_close
    chmod -R u+rwX "$here" 2>/dev/null
    rm -rf "$here"
}
trap finish_all EXIT

# A case: its name begins the names of its tests.
case_=
project() {
    case_=$1
    local database=accept_$$_${#databases[@]}
    databases+=("$database")
    psql -XAtq "$SCHEMAC_TEST_URL" -c "create database $database" || exit 1
    url=$(sed -E "s#^(postgres(ql)?://[^/]*)/[^?]*#\1/$database#" <<<"$SCHEMAC_TEST_URL")
    mkdir -p "$here/$database/schema"
    cd "$here/$database" || exit 1
    printf 'DATABASE_URL="%s"\n' "$url" >.env
}

# The schema file, of standard input.
schema() {
    cat >schema/app.schema
}
# A table in a schema, of its members.
table() {
    printf 'schema app {\n    table %s {\n%s\n    }\n}\n' "$1" "$2" | schema
}

# Seals under a name and applies: `migrates NAME [OPTION OF make]...`.
migrates() {
    local name=$1
    runs 0 "$case_: make $name" "$SCHEMAC" make "$@" -q
    runs 0 "$case_: migrate $name" "$SCHEMAC" migrate -q
}

# One value or several rows as psql prints them; errors as well.
ask() {
    psql -XAtq "$url" -c "$1" 2>&1
}
asks() {
    is "$case_: $1" "$(ask "$2")" "$3"
}

# What the database holds, see catalog.sql.
catalog() {
    {
        echo 'set search_path = pg_catalog;'
        cat "$ROOT/tests/support/catalog.sql"
        echo ';'
    } | psql -XAtq "$url" 2>&1
}

# Down and up again: the catalog is the same before and after both. Wants the catalog of
# before the last migration; options are rollback's.
back_and_forth() {
    local before=$1 after
    shift
    after=$(catalog)
    runs 0 "$case_: back" "$SCHEMAC" rollback -q "$@"
    is "$case_: back: the catalog" "$(catalog)" "$before"
    runs 0 "$case_: forth" "$SCHEMAC" migrate -q
    is "$case_: forth: the catalog" "$(catalog)" "$after"
}
