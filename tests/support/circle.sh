# Sourced by bash scripts that need databases of their own, after cluster_lib.sh.
#
#     fresh NAME             an empty database; the name becomes part of the real one
#     url_of NAME            its URL
#     sql NAME FILE          runs a file of SQL in it
#     circle TITLE NAME DIR  database NAME, pulled into DIR/one.schema, compiled and applied
#                            to an empty database, is the same database: the same text
#                            pulled, the same pg_dump, the same facts
#
# circle_close drops them all.

circle_databases=

real_name() { echo "circle_$$_$1"; }
url_of() {
    local name
    name=$(real_name "$1")
    case $SCHEMAC_TEST_URL in
    *dbname=*) sed "s/dbname=[^ ]*/dbname=$name/" <<<"$SCHEMAC_TEST_URL" ;;
    *\?*) sed "s|^\([^?]*/\)[^/?]*?|\1$name?|" <<<"$SCHEMAC_TEST_URL" ;;
    *) sed "s|/[^/]*$|/$name|" <<<"$SCHEMAC_TEST_URL" ;;
    esac
}
fresh() {
    local name
    name=$(real_name "$1")
    psql -Xq "$SCHEMAC_TEST_URL" -c 'set client_min_messages = error' \
        -c "drop database if exists $name with (force)" \
        -c "create database $name template template0"
    case " $circle_databases " in
    *" $1 "*) ;;
    *) circle_databases="$circle_databases $1" ;;
    esac
}
sql() {
    PGOPTIONS='-c client_min_messages=warning' \
        psql -Xq -v ON_ERROR_STOP=1 "$(url_of "$1")" -f "$2" >/dev/null
}
circle_close() {
    local name
    for name in $circle_databases; do
        psql -Xq "$SCHEMAC_TEST_URL" -c "drop database $(real_name "$name") with (force)"
    done
    circle_databases=
}

# What pg_dump writes, a statement a paragraph, sorted; without what differs each time.
dumped() {
    pg_dump -s --no-owner -d "$(url_of "$1")" | grep -v -E '^(--|\\(un)?restrict|SET |SELECT pg_catalog.set_config)' |
        awk -v RS= '{ gsub(/\n/, "\1"); print }' | LC_ALL=C sort | tr '\1' '\n'
}
facts() {
    { echo 'set search_path = pg_catalog;' && cat "$ROOT/tests/support/catalog.sql"; } |
        psql -XAtq "$(url_of "$1")" -f - | LC_ALL=C sort
}
# Without the list at its top.
without_list() {
    awk '!begun && /^(\/\/|$)/ { next } { begun = 1; print }' "$1"
}

circle() {
    local title=$1 name=$2 dir=$3
    mkdir -p "$dir"
    runs 0 "$title: pulled" "$SCHEMAC" pull -q --url "$(url_of "$name")" -o "$dir/one.schema"
    runs 0 "$title: it is in the canonical form" "$SCHEMAC" fmt --check "$dir/one.schema"
    rm -rf "$dir/gen"
    runs 0 "$title: it compiles" "$SCHEMAC" "$dir/one.schema" -o "$dir/gen" -q
    fresh again
    runs 0 "$title: it is applied" sql again "$dir/gen/migrations/0001_init.up.sql"
    runs 0 "$title: pulled again" "$SCHEMAC" pull -q --url "$(url_of again)" -o "$dir/two.schema"
    is "$title: the same text" "$(diff <(without_list "$dir/one.schema") \
        <(without_list "$dir/two.schema"))" ''
    grep -q '^// The database' "$dir/one.schema" && return
    is "$title: the same dump" "$(diff <(dumped "$name") <(dumped again))" ''
    is "$title: the same facts" "$(diff <(facts "$name") <(facts again))" ''
}
