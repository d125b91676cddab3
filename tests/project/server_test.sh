#!/bin/bash
# The example server: built as its Makefile says, asked over HTTP by many clients at once,
# while rows are locked and connections are cut.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"

cluster_open || exit 1
base=$SCHEMAC_TEST_URL name=server_$$ pid=
psql -X -q -c "create database $name" "$base" || exit 1
export DATABASE_URL="$base&dbname=$name"
close_all() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null
    psql -X -q -c "drop database $name with (force)" "$base"
    cluster_close
    rm -rf "$here"
}
trap close_all EXIT

runs 0 'builds' "${MAKE:-make}" --no-print-directory -s -C "$ROOT/examples/server" \
    BUILD="$here" CFLAGS='-std=c17 -D_POSIX_C_SOURCE=200809L -g -Wall -Wextra -Werror' \
    SC_LIBS="$BUILD/libschemac.a ${SANITIZE:-} $(pkg-config --libs libpq) -lpthread"
cat "$ROOT"/gen/migrations/*.up.sql | psql -X -q "$DATABASE_URL" >/dev/null 2>&1
"$here/server" >"$here/where" 2>"$here/said" &
pid=$!
for _ in $(seq 100); do
    [ -s "$here/where" ] && break
    sleep 0.1
done
url=$(cat "$here/where")
export url

# ask METHOD PATH [BODY]: the code, and the body without the time.
ask() {
    curl -s -m 20 -X "$1" ${3:+--data-raw "$3"} -w '%{http_code}' "$url$2" |
        sed -E 's/"since":"[^"]*"/"since":"now"/' | tr '\n' ' '
}
is 'puts' "$(ask PUT /users/u1 ada@example.org)" \
    '{"id":"u1","email":"ada@example.org","name":null,"since":"now"} 200'
is 'gets' "$(ask GET /users/u1)" \
    '{"id":"u1","email":"ada@example.org","name":null,"since":"now"} 200'
is 'refuses a taken address' "$(ask PUT /users/u2 ada@example.org)" \
    '{"error":"UNIQUE"} 409'
is 'does not find' "$(ask GET /users/u3)" '{"error":"NOT_FOUND"} 404'
is 'knows no such path' "$(ask GET /elsewhere)" '{"error":"NOT_FOUND"} 404'
is 'nested rows' "$(ask GET /users/u1/logins)" \
    '{"id":"u1","email":"ada@example.org","name":null,"since":"now","providers":[],"sessions":0} 200'
is 'deletes' "$(ask DELETE /users/u1)$(ask DELETE /users/u1)" \
    '204{"error":"NOT_FOUND"} 404'

# Many at once, several on each client's connection, on two connections to the server.
cat >"$here/crowd.py" <<'PYTHON'
import http.client, os, sys, threading
where = os.environ["url"].removeprefix("http://")
wrong = []
def client(n):
    http_ = http.client.HTTPConnection(where, timeout=30)
    for i in range(20):
        name = f"c{n}_{i}"
        http_.request("PUT", f"/users/{name}", body=f"{name}@x")
        put = http_.getresponse(); put.read()
        http_.request("GET", f"/users/{name}")
        got = http_.getresponse(); text = got.read().decode()
        if put.status != 200 or got.status != 200 or f'"{name}@x"' not in text:
            wrong.append((put.status, got.status, text))
threads = [threading.Thread(target=client, args=(n,)) for n in range(40)]
for t in threads: t.start()
for t in threads: t.join()
print(len(wrong), wrong[:3] if wrong else "")
PYTHON
is 'serves a crowd' "$(python3 "$here/crowd.py")" '0 '
look() { psql -X -A -t -q -c "$1" "$DATABASE_URL"; }
is 'kept what it said' "$(look 'select count(*) from auth.users')" 800
is 'two connections' "$(look "select count(*) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()")" 2

# A row that is locked: whoever wants it gives up in a second, and nobody else waits.
psql -X -q "$DATABASE_URL" >/dev/null 2>&1 <<'SQL' &
begin; update auth.users set name = 'locked' where id = 'c0_0'; select pg_sleep(3); commit;
SQL
sleep 1
ask PUT /users/c0_0 other@x >"$here/locked" &
waiting=$!
is 'others go on' "$(ask GET /users/c0_1 | tail -c 3)" 200
wait "$waiting"
is 'a locked row: the time is over' "$(cat "$here/locked")" '{"error":"TIMEOUT"} 504'
is 'and goes on' "$(ask GET /users/c0_0 | tail -c 3)" 200

look "select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name <> 'psql'" >/dev/null
is 'connects again' "$(ask GET /users/c0_0 | tail -c 3)" 200

kill "$pid"
wait "$pid"
is 'ends when told to' "$?" 0
pid=
finish
