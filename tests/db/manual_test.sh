#!/bin/bash
# Runs the examples of the manuals on a server: each prints what stands behind it, and one
# behind which nothing stands leaves no error; prints TAP. Those that name servers of their
# own (host=) are compiled only.
. tests/support/tap.sh
. "$ROOT/tests/support/database.sh"
. "$ROOT/tests/support/examples.sh"
export DATABASE_URL=$url PGOPTIONS='-c client_min_messages=warning -c timezone=UTC'

# What every example finds.
cat >rows.sql <<'SQL'
truncate auth.users, auth.verification_tokens cascade;
truncate shop.items;
insert into auth.users (id, email, name, email_verified) values
    ('u1', 'ada@example.org', 'Ada', '2026-01-02 03:04:05Z'),
    ('u2', 'grace@example.org', 'Grace', null);
insert into auth.accounts (user_id, type, provider, provider_account_id) values
    ('u1', 'oauth', 'github', '1815');
insert into auth.sessions (session_token, user_id, expires) values
    ('token', 'u1', now() + interval '1 day'),
    ('old', 'u1', now() - interval '1 day');
insert into auth.feedback (user_id, rating, message, created_at) values
    ('u1', 5, 'fine', '2026-01-02 03:04:05Z'),
    ('u1', 4, 'as ever', '2026-01-03 03:04:05Z');
SQL

links() { # PROGRAM SOURCE...
    local program=$1
    shift
    runs 0 "$program links" gcc $EXAMPLE_FLAGS -w ${SANITIZE:-} -o "$program" "$@" app.o shop.o \
        "$BUILD/libschemac.a" $(pkg-config --libs libpq) -lpthread
}
# Somebody who notifies as long as an example runs.
notify() {
    while echo "notify orders, '17'; notify orders, 'stop';"; do
        sleep 0.2
    done | psql -XAtq "$url" >/dev/null 2>&1
}
# tries NAME COMMAND...: of the example whose text stands in NAME.text, if it has one.
tries() {
    local name=$1 status=0 said notifier=
    shift
    psql -X -q -v ON_ERROR_STOP=1 -f rows.sql "$url"
    if grep -q sc_listen "${name%_[0-9]*}_program_${name##*_}.c" 2>/dev/null; then
        notify &
        notifier=$!
    fi
    said=$(printf 'fine\nwell\n' | timeout 20 "$@" 2>errors) || status=$?
    if [ -n "$notifier" ]; then
        kill "$notifier"
        wait "$notifier" 2>/dev/null
    fi
    if [ -f "$name.text" ]; then
        is "docs/${name%_*}.md:${name##*_} prints what stands there" "$said" "$(cat "$name.text")"
        [ "$status" != 1 ] || return # it shows a failure
    fi
    is "docs/${name%_*}.md:${name##*_} runs" "$status $(cat errors)" '0 '
}

examples_take
for schema in app shop; do
    runs 0 "$schema is applied" psql -X -q -v ON_ERROR_STOP=1 \
        -f "$(ls "$schema"/migrations/0001_*.up.sql)" "$url"
    runs 0 "$schema compiles" gcc $EXAMPLE_FLAGS ${SANITIZE:-} -c "$schema/$schema.c"
done
for manual in $MANUALS; do
    links "$manual" "$manual.c" "$ROOT/tests/support/example_main.c"
    for line in $(sed -n 's/^    { \([1-9][0-9]*\), example_.*/\1/p' "$manual.c"); do
        sed -n "/^static void example_$line(/,/^}/p" "$manual.c" | grep -q 'host=' ||
            tries "${manual}_$line" "./$manual" "$line"
    done
    for program in "${manual}"_program_*.c; do
        links "${program%.c}" "$program"
        tries "${manual}_$(grep -o '[0-9]*' <<<"$program")" "./${program%.c}"
    done
done
finish
