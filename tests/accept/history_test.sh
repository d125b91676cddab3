#!/bin/bash
# What happens to migrations on their way, through the command line: interrupted runs,
# several at once, branches, files that were changed or are gone, nobody to ask.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"
. "$ROOT/tests/accept/project.sh"

# Waits until a query gives t; ten seconds are for ever.
until_true() {
    local i
    for i in {1..200}; do
        [ "$(ask "$1")" = t ] && return 0
        sleep 0.05
    done
    return 1
}
old=9
# Runs schemac in the background, and kills it when a query gives t.
killed_when() {
    local question=$1
    shift
    "$SCHEMAC" "$@" >killed.out 2>&1 </dev/null {old}>&- &
    local pid=$!
    holds "$case_: it gets that far" until_true "$question"
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    # The server would notice only at the end of its statement.
    ask "select pg_terminate_backend(pid) from pg_stat_activity
         where application_name like 'schemac%' and pid <> pg_backend_pid()" >/dev/null
    until_true "select count(*) = 0 from pg_stat_activity
        where application_name like 'schemac%' and pid <> pg_backend_pid()"
}

# ---- interrupted -----------------------------------------------------------------

project 'killed inside a transaction'
table t 'id int4 primary key;'
migrates init
runs 0 "$case_: make" "$SCHEMAC" make slow --empty -q
file=gen/migrations/0002_slow.up.sql
sed -i 's/^begin;/begin;\ninsert into app.t values (1);\nselect pg_sleep(0.7);/' "$file"
killed_when "select count(*) > 0 from pg_stat_activity where query like '%pg_sleep(0.7)%'
    and application_name like 'schemac%'" migrate
asks 'nothing of it is there' 'select count(*) from app.t' 0
runs 1 "$case_: status tells" "$SCHEMAC" status --check
runs 0 "$case_: the next run does it" "$SCHEMAC" migrate -q
asks 'once' 'select count(*) from app.t' 1
runs 0 "$case_: and all is well" "$SCHEMAC" status --check -q

project 'killed outside a transaction'
table t 'id int4 primary key; v int4;'
migrates init
ask 'insert into app.t select i, i from generate_series(1, 100) i' >/dev/null
before=$(catalog)
table t 'id int4 primary key; v int4; index (v); index (v, id);'
runs 0 "$case_: make" "$SCHEMAC" make index -q
# An old snapshot keeps the index from being finished.
exec {old}> >(psql -Xq "$url" >/dev/null 2>&1)
echo 'begin isolation level repeatable read; select count(*) from app.t;' >&"$old"
until_true "select count(*) > 0 from pg_stat_activity where state = 'idle in transaction'"
killed_when "select count(*) > 0 from pg_index where not indisvalid" migrate
asks 'an INVALID index is left' 'select count(*) from pg_index where not indisvalid' 1
exec {old}>&-
until_true "select count(*) = 0 from pg_stat_activity where state = 'idle in transaction'"
runs 1 "$case_: status tells" "$SCHEMAC" status --check
runs 0 "$case_: repair explains" "$SCHEMAC" repair
holds "$case_: repair explains: what is to be done" grep -q '0002_index' <<<"$out"
runs 0 "$case_: the next run goes on" "$SCHEMAC" migrate -q
asks 'no INVALID index is left' 'select count(*) from pg_index where not indisvalid' 0
asks 'all indexes are there' "select count(*) from pg_indexes where tablename = 't'" 3
runs 0 "$case_: as if nothing had been" "$SCHEMAC" status --drift --check -q
back_and_forth "$before"

project 'an index that cannot be built'
table t 'id int4 primary key; v int4;'
migrates init
ask 'insert into app.t values (1, 5), (2, 5)' >/dev/null
before=$(catalog)
table t 'id int4 primary key; v int4 unique;'
runs 0 "$case_: make" "$SCHEMAC" make key -q
runs 4 "$case_: duplicates are told before" "$SCHEMAC" migrate
holds "$case_: duplicates are told before: which" \
    grep -q 'no two rows of app.t with the same (v)' <<<"$err"
is "$case_: nothing was changed" "$(catalog)" "$before"
ask 'update app.t set v = 6 where id = 2' >/dev/null
runs 0 "$case_: without them it is" "$SCHEMAC" migrate -q
back_and_forth "$before"

# ---- several at once -------------------------------------------------------------

project 'four first runs at once'
table t 'id int4 primary key; v int4;'
runs 0 "$case_: make" "$SCHEMAC" make init -q
table t 'id int4 primary key; v int4; index (v);'
runs 0 "$case_: make another" "$SCHEMAC" make second -q
pids=()
for i in 1 2 3 4; do
    "$SCHEMAC" migrate -q >"run.$i" 2>&1 </dev/null &
    pids+=($!)
done
for i in 1 2 3 4; do
    holds "$case_: run $i ends well" wait "${pids[$((i - 1))]}"
done
is "$case_: nobody complains" "$(cat run.*)" ''
asks 'each migration is applied once' \
    "select count(*), count(distinct name) from schemac.migrations" '2|2'
runs 0 "$case_: all is well" "$SCHEMAC" status --drift --check -q

# ---- branches --------------------------------------------------------------------

# Two branches from one migration, which is applied: in "ours" and "theirs", each with a
# sealed one of its own. Then theirs is merged.
base_members='id int4 primary key; a int4; b text;'
branches() {
    table t "$base_members"
    migrates init
    cp -r gen theirs
    table t "$1"
    runs 0 "$case_: our branch" "$SCHEMAC" make ours -q
    table t "$2"
    runs 0 "$case_: their branch" "$SCHEMAC" make theirs -q -o theirs
}
merge() {
    cp theirs/migrations/0002_theirs.* gen/migrations/
    table t "$1"
}

project 'two branches that commute'
branches "$base_members c int4?;" "$base_members d int4?; index (a);"
merge "$base_members c int4?; d int4?; index (a);"
runs 0 "$case_: nothing is left to seal" "$SCHEMAC" make more
holds "$case_: nothing is left to seal: it says so" grep -q 'nothing to seal' <<<"$out"
runs 0 "$case_: both are applied" "$SCHEMAC" migrate -q
asks 'both are there' "select string_agg(attname, ' ' order by attname) from pg_attribute
    where attrelid = 'app.t'::regclass and attnum > 0" 'a b c d id'
runs 0 "$case_: all is well" "$SCHEMAC" status --drift --check -q

project 'two branches that conflict'
branches 'id int4 primary key; a int8; b text;' 'id int4 primary key; a int4?; b text;'
merge 'id int4 primary key; a int8?; b text;'
runs 4 "$case_: migrate refuses" "$SCHEMAC" migrate
holds "$case_: and names both" grep -q '0002_ours.*0002_theirs' <<<"$err"
holds "$case_: and says what to do" grep -q 'schemac rebase' <<<"$err"
asks 'nothing was changed' 'select count(*) from schemac.migrations' 1
runs 4 "$case_: make refuses" "$SCHEMAC" make more
holds "$case_: and says over what" grep -q 'app.t.a' <<<"$err"
runs 0 "$case_: rebase" "$SCHEMAC" rebase 0002_theirs
holds "$case_: one comes after the other" test -f gen/migrations/0003_theirs.up.sql
runs 0 "$case_: then both are applied" "$SCHEMAC" migrate -q
asks 'both are there' "select atttypid::regtype, attnotnull from pg_attribute
    where attrelid = 'app.t'::regclass and attname = 'a'" 'bigint|f'

project 'an older one that is merged late'
branches "$base_members z int4?;" "$base_members y int4?;"
runs 0 "$case_: ours is applied first" "$SCHEMAC" migrate -q
before=$(catalog)
# In the order of names theirs would have come before ours.
mv theirs/migrations/0002_theirs.up.sql theirs/migrations/0002_earlier.up.sql
rm theirs/migrations/0002_theirs.*
rm -r theirs
cp -r gen theirs
rm theirs/migrations/0002_ours.*
table t "$base_members y int4?;"
runs 0 "$case_: their branch, named so" "$SCHEMAC" make earlier -q -o theirs
cp theirs/migrations/0002_earlier.* gen/migrations/
table t "$base_members z int4?; y int4?;"
runs 0 "$case_: it is applied, not passed over" "$SCHEMAC" migrate
holds "$case_: and told" grep -q '^0002_earlier is applied' <<<"$out"
asks 'its column is there' "select count(*) from pg_attribute
    where attrelid = 'app.t'::regclass and attname = 'y'" 1
after=$(catalog)
runs 0 "$case_: rollback takes back what was applied last" "$SCHEMAC" rollback
holds "$case_: which is this one" grep -q '^0002_earlier is taken back' <<<"$out"
is "$case_: rollback: the catalog" "$(catalog)" "$before"
runs 0 "$case_: and forth" "$SCHEMAC" migrate -q
is "$case_: and forth: the catalog" "$(catalog)" "$after"

# ---- files -----------------------------------------------------------------------

project 'an edited file'
table t 'id int4 primary key;'
migrates init
cp gen/migrations/0001_init.up.sql kept
sed -i 's/^begin;/-- a remark\nbegin ;/' gen/migrations/0001_init.up.sql
runs 0 "$case_: comments and blanks do not count" "$SCHEMAC" migrate -q
sed -i 's/^commit;/create table app.u (id int4);\ncommit;/' gen/migrations/0001_init.up.sql
runs 4 "$case_: migrate says no" "$SCHEMAC" migrate
holds "$case_: migrate names it" grep -q 0001_init <<<"$err"
runs 1 "$case_: status --check says no" "$SCHEMAC" status --check
holds "$case_: status names it" grep -q '^0001_init *edited' <<<"$out"
runs 0 "$case_: repair explains" "$SCHEMAC" repair
holds "$case_: repair explains: how" grep -q -e '--accept 0001_init' <<<"$out"
cp kept gen/migrations/0001_init.up.sql
runs 0 "$case_: brought back, all is well" "$SCHEMAC" status --check -q
sed -i 's/^commit;/select 1;\ncommit;/' gen/migrations/0001_init.up.sql
runs 0 "$case_: or accepted" "$SCHEMAC" repair --accept 0001_init
runs 0 "$case_: all is well again" "$SCHEMAC" migrate -q

project 'a deleted file'
table t 'id int4 primary key;'
migrates init
table t 'id int4 primary key; v int4?;'
migrates second
mkdir kept
mv gen/migrations/0002_* kept/
runs 4 "$case_: migrate says no" "$SCHEMAC" migrate
holds "$case_: and names it" grep -q '0002_second.*missing' <<<"$err"
runs 1 "$case_: status --check" "$SCHEMAC" status --check
holds "$case_: status names it" grep -q '^0002_second *missing' <<<"$out"
cp kept/* gen/migrations/
runs 0 "$case_: brought back, all is well" "$SCHEMAC" status --check -q
rm gen/migrations/0002_*
runs 0 "$case_: or forgotten" "$SCHEMAC" repair --forget 0002_second
runs 0 "$case_: all is well again" "$SCHEMAC" migrate -q

project 'a snapshot that is gone'
table t 'id int4 primary key;'
runs 0 "$case_: make" "$SCHEMAC" make init -q
table t 'id int4 primary key; v int4?;'
runs 0 "$case_: make another" "$SCHEMAC" make second -q
rm gen/migrations/0001_init.snapshot
runs 4 "$case_: nothing is run" "$SCHEMAC" migrate
holds "$case_: and it is named" grep -q '0001_init.*snapshot' <<<"$err"
asks 'nothing is there' "select to_regnamespace('app') is null" t

# ---- there and back over everything that there is ----------------------------------

project 'the torture schema'
cp "$ROOT/tests/compile/torture.schema" "$ROOT/tests/compile/cross-ed.schema" . 2>/dev/null
rm -r schema
mkdir schema
mv torture.schema schema/
mv cross-ed.schema . 2>/dev/null
before=$(catalog)
runs 0 "$case_: make" "$SCHEMAC" make init -q
runs 0 "$case_: migrate" "$SCHEMAC" migrate -q
after=$(catalog)
runs 0 "$case_: no drift" "$SCHEMAC" status --drift --check -q
runs 0 "$case_: pull" "$SCHEMAC" pull -o "$here/pulled.schema" -q --strict
runs 0 "$case_: down" "$SCHEMAC" rollback --all -q --allow 0001_init
is "$case_: down: the catalog" "$(catalog)" "$before"
runs 0 "$case_: up again" "$SCHEMAC" migrate -q
is "$case_: up again: the catalog" "$(catalog)" "$after"

project 'the torture schema, pulled'
mv "$here/pulled.schema" schema/torture.schema
runs 0 "$case_: it compiles" "$SCHEMAC" compile -q
runs 0 "$case_: make" "$SCHEMAC" make init -q
runs 0 "$case_: migrate" "$SCHEMAC" migrate -q
is "$case_: the same database" "$(catalog)" "$after"
runs 0 "$case_: pulled again" "$SCHEMAC" pull -o again.schema -q --strict
runs 0 "$case_: nothing differs" "$SCHEMAC" diff schema/torture.schema again.schema --check
runs 0 "$case_: nothing is pending" "$SCHEMAC" make more
holds "$case_: nothing is pending: it says so" grep -q '^nothing to seal' <<<"$out"

# ---- nobody to ask ---------------------------------------------------------------

# Without a terminal anywhere, each command ends by itself, and its exit code says how.
project 'without a terminal'
table t 'id int4 primary key; name text;'
headless() {
    local wanted=$1
    shift
    runs "$wanted" "$case_: schemac $*" setsid -w timeout 20 "$SCHEMAC" "$@"
}
headless 1 compile --check
headless 0 compile
headless 0 compile --check
headless 0 status
headless 0 make init
headless 1 status --check
headless 0 migrate --dry-run
headless 0 migrate
headless 0 migrate
headless 0 status --check
headless 0 status --drift --json
headless 0 seed
headless 0 seed --fake 2
headless 0 repair
headless 0 baseline
headless 0 pull
headless 0 embed
headless 5 rollback
headless 4 rollback --to 0009_nowhere
headless 5 redo
headless 0 redo --allow drop:app.t
cp schema/app.schema old.schema
sed -i 's/name text/title text/' schema/app.schema
headless 2 compile
headless 2 diff old.schema schema/app.schema
headless 0 diff old.schema schema/app.schema --no-renames
headless 1 diff old.schema schema/app.schema --no-renames --check
headless 5 make less --no-renames --allow drop:app.t
headless 0 compile --no-renames
headless 3 make 'No Name'
headless 3 migrate --everything
headless 3 nonsense
headless 4 make x --schema nowhere.schema
headless 4 migrate --env nowhere
headless 4 migrate --url postgresql://127.0.0.1:1/none
headless 4 squash all
headless 1 fmt --check schema/app.schema
headless 0 fmt schema/app.schema
finish
