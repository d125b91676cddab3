#!/bin/bash
# Changes of shape that break other tools, through the command line, on databases with
# rows: names, columns, types, enums, numbering, defaults.
. tests/support/tap.sh
. "$ROOT/tests/support/cluster_lib.sh"
. "$ROOT/tests/accept/project.sh"

# ---- names -----------------------------------------------------------------------

project 'rename a column'
table people 'id int8 identity primary key; name text unique;'
migrates init
ask "insert into app.people (name) values ('Ada')" >/dev/null
before=$(catalog)
table people 'id int8 identity primary key; full_name text unique;'
runs 2 "$case_: untold it is refused" "$SCHEMAC" make rename
holds "$case_: how to tell it" grep -q "'was name'.*'name dropped;'" <<<"$err"
is "$case_: nothing was written" "$(ls gen/migrations | grep -c 0002)" 0
table people 'id int8 identity primary key; full_name text was name unique;'
migrates rename
asks 'the row is there' 'select full_name from app.people' Ada
asks 'its key has followed' "select conname from pg_constraint
    where conrelid = 'app.people'::regclass and contype = 'u'" people_full_name_key
back_and_forth "$before"
asks 'the row is there still' 'select full_name from app.people' Ada
runs 0 "$case_: the hint is inert" "$SCHEMAC" make again
holds "$case_: the hint is inert: it says so" grep -q '^nothing to seal' <<<"$out"

project 'rename a table'
schema <<'S'
schema app {
    table users { id int8 identity primary key; name text; index (name); }
    table posts { id int8 identity primary key; user_id int8 references users; }
}
S
migrates init
ask "insert into app.users (name) values ('Ada'); insert into app.posts (user_id) values (1)" \
    >/dev/null
before=$(catalog)
schema <<'S'
schema app {
    table people was users { id int8 identity primary key; name text; index (name); }
    table posts { id int8 identity primary key; user_id int8 references people; }
}
S
migrates rename
asks 'rows are there' 'select name from app.people join app.posts on user_id = people.id' Ada
asks 'numbers go on' \
    "insert into app.people (name) values ('Bob') returning id" 2
asks 'no old name is left' "select count(*) from pg_class
    where relnamespace = 'app'::regnamespace and relname like '%users%'" 0
back_and_forth "$before"

project 'rename an enum'
schema <<'S'
schema app {
    enum mood { good, bad }
    table days { id int4 primary key; mood mood default 'good'; }
}
S
migrates init
ask "insert into app.days values (1, 'bad')" >/dev/null
before=$(catalog)
schema <<'S'
schema app {
    enum feeling was mood { good, awful was bad }
    table days { id int4 primary key; mood feeling default 'good'; }
}
S
migrates rename
asks 'the row is there' 'select mood from app.days' awful
asks 'the type has its name' "select pg_typeof(mood) from app.days" app.feeling
back_and_forth "$before"

project 'rename a schema'
schema <<'S'
schema auth {
    enum role { user, admin }
    table users { id int8 identity primary key; role role default 'user'; }
    table sessions { id int8 identity primary key; user_id int8 references users; }
}
S
migrates init
ask "insert into auth.users default values; insert into auth.sessions (user_id) values (1)" \
    >/dev/null
before=$(catalog)
sed -i 's/schema auth {/schema identity was auth {/' schema/app.schema
migrates rename
asks 'rows are there' 'select role from identity.users join identity.sessions
    on user_id = users.id' user
asks 'the old schema is gone' "select to_regnamespace('auth') is null" t
back_and_forth "$before"

project 'swap two names'
table pairs 'id int4 primary key; a text; b text; index (a);'
migrates init
ask "insert into app.pairs values (1, 'was a', 'was b')" >/dev/null
before=$(catalog)
table pairs 'id int4 primary key; b text was a; a text was b; index (b);'
migrates swap
asks 'values have changed places' 'select a, b from app.pairs' 'was b|was a'
back_and_forth "$before"

project 'swap two tables'
schema <<'S'
schema app {
    table old { id int4 primary key; x text; }
    table new { id int4 primary key; y text; }
}
S
migrates init
ask "insert into app.old values (1, 'x'); insert into app.new values (2, 'y')" >/dev/null
before=$(catalog)
schema <<'S'
schema app {
    table new was old { id int4 primary key; x text; }
    table old was new { id int4 primary key; y text; }
}
S
migrates swap
asks 'rows have changed places' "select x || (select y from app.old) from app.new" xy
back_and_forth "$before"

project 'names of more than 63 bytes'
long=a_name_that_is_as_long_as_postgresql_lets_a_name_be_which_is_63b
table "$long" 'id int4 primary key;'
runs 2 "$case_: one byte too many is refused" "$SCHEMAC" make init
holds "$case_: and counted" grep -q 'E0[0-9]*.*6[34]' <<<"$err"
long=${long%b}
table "$long" "id int4 primary key; ${long%??}_a int4 unique; ${long%??}_b int4 unique;
    parent int4? references $long; parents_parent int4? references $long;
    index (${long%??}_a, ${long%??}_b); index (${long%??}_b, ${long%??}_a);"
runs 0 "$case_: implicit names stay apart" "$SCHEMAC" make init -q
runs 0 "$case_: and are PostgreSQL's own" "$SCHEMAC" migrate -q
asks 'all keys are there' "select count(*), count(distinct conname) from pg_constraint
    where conrelid = 'app.$long'::regclass" '5|5'
table "$long" 'id int4 primary key;'
runs 0 "$case_: and can be taken away" "$SCHEMAC" make less --no-renames -q \
    --allow "drop:app.$long.${long%??}_a" --allow "drop:app.$long.${long%??}_b" \
    --allow "drop:app.$long.parent" --allow "drop:app.$long.parents_parent"
runs 0 "$case_: migrate less" "$SCHEMAC" migrate -q

project 'circular and self foreign keys'
schema <<'S'
schema app {
    table teams { id int8 identity primary key; lead_id int8? references members; }
    table members {
        id int8 identity primary key;
        team_id int8 references teams;
        mentor_id int8? references members on delete set null;
    }
}
S
migrates init
ask "insert into app.teams default values; insert into app.members (team_id, mentor_id)
     values (1, 1); update app.teams set lead_id = 1" >/dev/null
before=$(catalog)
sed -i 's/lead_id int8?/lead_id int8? was leader/; s/on delete set null/on delete cascade/' \
    schema/app.schema
migrates change
asks 'the foreign key has changed' "select confdeltype from pg_constraint
    where conname = 'members_mentor_id_fkey' and convalidated" c
back_and_forth "$before"
: | schema
runs 5 "$case_: dropping all of it names what goes" "$SCHEMAC" make nothing --no-renames
holds "$case_: with the flags" grep -q -e '--allow .drop:app.members.' <<<"$err"
flags=$(grep -o -e "--allow '[^']*'" <<<"$err" | tail -n 20 | tr -d "'")
runs 0 "$case_: dropping all of it" "$SCHEMAC" make nothing --no-renames -q $flags
runs 0 "$case_: migrate nothing" "$SCHEMAC" migrate -q
asks 'nothing is left' "select to_regnamespace('app') is null" t

project 'an altered search_path'
schema <<'S'
schema app {
    enum mood { good, bad }
    table days { id int8 identity primary key; mood mood; }
    table notes { id int8 identity primary key; day_id int8 references days; }
}
S
ask 'create schema other; create table other.days (x int4)' >/dev/null
ask "alter database ${databases[-1]} set search_path = other, public" >/dev/null
migrates init
asks 'everything is where it belongs' "select count(*) from pg_class
    where relnamespace = 'app'::regnamespace and relkind = 'r'" 2
asks 'and nothing elsewhere' "select string_agg(relname, ' ') from pg_class
    where relnamespace in ('other'::regnamespace, 'public'::regnamespace)" days
before=$(catalog)
sed -i 's/mood mood;/mood mood default '"'bad'"'; note text?;/' schema/app.schema
migrates change
back_and_forth "$before"

# ---- rows and NOT NULL -----------------------------------------------------------

project 'NOT NULL column on a table with rows'
table people 'id int4 primary key; name text;'
migrates init
ask "insert into app.people values (1, 'Ada'), (2, 'Bob')" >/dev/null
table people 'id int4 primary key; name text; locale text;'
runs 2 "$case_: without a value it is refused" "$SCHEMAC" make locale
holds "$case_: and how is told" grep -q 'backfill' <<<"$err"
before=$(catalog)
table people "id int4 primary key; name text; locale text backfill (lower(name) || '-x');"
migrates locale
asks 'each row has its value' 'select locale from app.people order by id' $'ada-x\nbob-x'
asks 'the column is NOT NULL' "select attnotnull from pg_attribute
    where attrelid = 'app.people'::regclass and attname = 'locale'" t
back_and_forth "$before" --allow drop:app.people.locale

project 'SET NOT NULL with NULLs'
table people 'id int4 primary key; name text?;'
migrates init
ask "insert into app.people values (1, 'Ada'), (2, null)" >/dev/null
table people 'id int4 primary key; name text;'
runs 2 "$case_: without a backfill it is refused" "$SCHEMAC" make name
before=$(catalog)
runs 0 "$case_: --no-renames asks the data" "$SCHEMAC" make name --no-renames -q
runs 4 "$case_: which refuse" "$SCHEMAC" migrate
holds "$case_: and why is told" grep -q 'no NULL in app.people.name' <<<"$err"
is "$case_: nothing was changed" "$(catalog)" "$before"
ask "update app.people set name = 'Bob' where id = 2" >/dev/null
runs 0 "$case_: once the data are right" "$SCHEMAC" migrate -q
asks 'the column is NOT NULL' "select attnotnull from pg_attribute
    where attrelid = 'app.people'::regclass and attname = 'name'" t
back_and_forth "$before"

# ---- types -----------------------------------------------------------------------

# type_case NAME FROM TO VALUE WANTED: FROM and TO are a column's types and attributes.
type_case() {
    local before
    project "$1"
    table t "id int4 primary key; v $2;"
    migrates init
    ask "insert into app.t values (1, $4)" >/dev/null
    before=$(catalog)
    table t "id int4 primary key; v $3;"
    runs 0 "$case_: make" "$SCHEMAC" make type -q --allow narrow:app.t.v \
        --allow irreversible:app.t.v
    runs 0 "$case_: migrate" "$SCHEMAC" migrate -q
    asks 'the value' 'select v from app.t' "$5"
    back_and_forth "$before" --allow narrow:app.t.v --allow 0002_type
}
type_case 'text to int' "text default '7'" 'int4 default 7 using (v::int4)' "'42'" 42
type_case 'text to jsonb' "text default '{}'" "jsonb default '{}' using (v::jsonb)" \
    "'{\"a\": \"it''s\"}'" '{"a": "it'"'"'s"}'
type_case 'bool to int' 'bool default true' 'int4 default 1 using (v::int4)' false 0
type_case 'a scalar to an array' "text default 'x'" \
    "text[] default '{x}' using (array[v])" "'a,b'" '{"a,b"}'

project 'what cannot become a number'
table t 'id int4 primary key; v text;'
migrates init
ask "insert into app.t values (1, 'forty-two')" >/dev/null
before=$(catalog)
table t 'id int4 primary key; v int4 using (v::int4);'
runs 0 "$case_: make" "$SCHEMAC" make type -q --allow narrow:app.t.v
runs 4 "$case_: is refused" "$SCHEMAC" migrate
is "$case_: nothing was changed" "$(catalog)" "$before"
asks 'the value is there' 'select v from app.t' forty-two

project 'the type of a key through its foreign keys, index and generated column'
schema <<'S'
schema app {
    table users {
        id     int4  primary key;
        score  int4;
        twice  int4  generated (score * 2);
        index  users_low (score) where (score < 10);
        check  (score > 0);
    }
    table posts {
        id       int4  primary key;
        user_id  int4  references users;
        index    (user_id);
    }
    table likes {
        user_id  int4  references users on delete cascade;
        post_id  int4  references posts;
        primary key (user_id, post_id);
    }
}
S
migrates init
ask "insert into app.users values (1, 5); insert into app.posts values (7, 1);
     insert into app.likes values (1, 7)" >/dev/null
before=$(catalog)
sed -E -i 's/( id +| user_id +| score +| twice +)int4/\1int8/' schema/app.schema
runs 0 "$case_: make" "$SCHEMAC" make wide -q
runs 0 "$case_: migrate" "$SCHEMAC" migrate -q
asks 'rows are there' 'select score, twice, user_id, post_id from app.users
    join app.likes on user_id = id' '5|10|1|7'
asks 'all is as wide' "select count(*) from pg_attribute a join pg_class c on c.oid = attrelid
    where relnamespace = 'app'::regnamespace and relkind = 'r' and atttypid = 'int4'::regtype
      and attname in ('id', 'user_id', 'score', 'twice')" 0
asks 'foreign keys hold' "select count(*) from pg_constraint
    where contype = 'f' and convalidated and connamespace = 'app'::regnamespace" 3
runs 0 "$case_: back" "$SCHEMAC" rollback -q --allow 0002_wide
is "$case_: back: the catalog" "$(catalog)" "$before"

project 'the type of a column that a view reads'
table t 'id int4 primary key; v int4;'
migrates init
ask 'insert into app.t values (1, 2); create view app.seen as select v from app.t' >/dev/null
before=$(catalog)
table t 'id int4 primary key; v int8;'
runs 0 "$case_: make" "$SCHEMAC" make wide -q
runs 4 "$case_: a view made by hand is in the way" "$SCHEMAC" migrate
holds "$case_: and named" grep -q 'app.seen\|view seen' <<<"$err"
is "$case_: nothing was changed" "$(catalog)" "$before"
ask 'drop view app.seen' >/dev/null
runs 0 "$case_: without it, it goes on" "$SCHEMAC" migrate -q
asks 'the value is there' 'select v from app.t' 2

project 'a shorter varchar with long values'
table t 'id int4 primary key; v varchar(80);'
migrates init
ask "insert into app.t values (1, 'Ann'), (2, 'Annabelle')" >/dev/null
before=$(catalog)
table t 'id int4 primary key; v varchar(5) using (v::varchar(5));'
runs 5 "$case_: has to be allowed" "$SCHEMAC" make short
holds "$case_: with the flag" grep -q -e "--allow 'narrow:app.t.v'" <<<"$err"
runs 0 "$case_: make" "$SCHEMAC" make short -q --allow narrow:app.t.v
runs 4 "$case_: the data refuse" "$SCHEMAC" migrate
holds "$case_: and why is told" grep -q 'not so: every value of app.t.v' <<<"$err"
is "$case_: nothing was changed" "$(catalog)" "$before"
asks 'nothing was cut' 'select max(length(v)) from app.t' 9
ask "update app.t set v = 'Anna' where id = 2" >/dev/null
runs 0 "$case_: once they fit" "$SCHEMAC" migrate -q
back_and_forth "$before"

# ---- enums -----------------------------------------------------------------------

enum_schema() {
    schema <<S
schema app {
    enum state { $1 }
    table jobs {
        id     int4   primary key;
        state  state  default '$2';
        index  (id) where (state = '$2');
    }
}
S
}

project 'an enum value that is added and used at once'
enum_schema 'open, closed' open
migrates init
ask "insert into app.jobs values (1, 'closed')" >/dev/null
before=$(catalog)
enum_schema 'new, open, closed' new
sed -i "s/(state = 'new')/(state = 'open')/; s/primary key;/primary key; check (state <> 'new' or id > 0);/" \
    schema/app.schema
runs 0 "$case_: make" "$SCHEMAC" make add -q
runs 0 "$case_: migrate" "$SCHEMAC" migrate -q
asks 'the default' 'insert into app.jobs (id) values (2) returning state' new
asks 'the order' 'select enum_range(null::app.state)' '{new,open,closed}'
ask 'delete from app.jobs where id = 2' >/dev/null
runs 0 "$case_: back" "$SCHEMAC" rollback -q --allow 0002_add
is "$case_: back: the catalog" "$(catalog)" "$before"

project 'an enum value in the middle, with a quote'
enum_schema 'open, closed' open
migrates init
enum_schema "open, its = \"it's\", say_no = \"say \"\"no\"\"\", closed" open
migrates middle
asks 'the order' "select string_agg(v::text, '|' order by v)
    from unnest(enum_range(null::app.state)) v" "open|it's|say \"no\"|closed"
enum_schema "open, its = \"it's\", say_no = \"say \"\"no\"\"\", closed" "it''s"
migrates quote
asks 'used as a default' 'insert into app.jobs (id) values (1) returning state' "it's"

project 'an enum value that rows have, removed'
enum_schema 'open, closed, stale' open
migrates init
ask "insert into app.jobs values (1, 'stale'), (2, 'open')" >/dev/null
before=$(catalog)
enum_schema 'open, closed' open
runs 2 "$case_: without a mapping it is refused" "$SCHEMAC" make less
holds "$case_: and how is told" grep -q 'dropped as' <<<"$err"
runs 0 "$case_: --no-renames asks the data" "$SCHEMAC" make less --no-renames -q \
    --allow narrow:app.state.stale
runs 4 "$case_: which refuse" "$SCHEMAC" migrate
is "$case_: nothing was changed" "$(catalog)" "$before"
rm gen/migrations/0002_*
enum_schema 'open, closed, stale dropped as closed' open
runs 5 "$case_: a mapping has to be allowed" "$SCHEMAC" make less
flags=$(grep -o -e "--allow '[^']*'" <<<"$err" | tail -n 1 | tr -d "'")
runs 0 "$case_: make" "$SCHEMAC" make less -q $flags
runs 0 "$case_: migrate" "$SCHEMAC" migrate -q
asks 'rows have the new value' 'select state from app.jobs order by id' $'closed\nopen'
asks 'the value is gone' 'select enum_range(null::app.state)' '{open,closed}'
runs 0 "$case_: back" "$SCHEMAC" rollback -q --allow 0002_less
is "$case_: back: the catalog" "$(catalog)" "$before"

project 'an enum in another order'
enum_schema 'low, high, middle' low
migrates init
ask "insert into app.jobs values (1, 'high'), (2, 'middle'), (3, 'low')" >/dev/null
before=$(catalog)
enum_schema 'low, middle, high' low
migrates order
asks 'rows sort by it' 'select state from app.jobs order by state' $'low\nmiddle\nhigh'
back_and_forth "$before"

# ---- numbering -------------------------------------------------------------------

project 'serial to identity'
table t 'id bigserial primary key; v text?;'
migrates init
ask "insert into app.t (v) select 'x' from generate_series(1, 41)" >/dev/null
before=$(catalog)
table t 'id int8 identity primary key; v text?;'
migrates identity
asks 'the next number is the next' 'insert into app.t default values returning id' 42
asks 'it is an identity' "select attidentity <> '' from pg_attribute
    where attrelid = 'app.t'::regclass and attname = 'id'" t
back_and_forth "$before"
asks 'and again' 'insert into app.t default values returning id' 43

# ---- dropping --------------------------------------------------------------------

project 'drop a column with an index, a check and a foreign key'
schema <<'S'
schema app {
    table kinds { id int4 primary key; }
    table t {
        id       int4  primary key;
        kind_id  int4? references kinds;
        score    int4?;
        name     text;
        index    t_score (name, score) where (score > 0);
        check    (score > 0 and length(name) > 0);
        unique   (score, name);
    }
}
S
migrates init
ask "insert into app.kinds values (1); insert into app.t values (1, 1, 5, 'a')" >/dev/null
before=$(catalog)
schema <<'S'
schema app {
    table kinds { id int4 primary key; }
    table t {
        id     int4  primary key;
        name   text;
        index  t_score (name);
        kind_id dropped;
        score dropped;
    }
}
S
runs 5 "$case_: has to be allowed" "$SCHEMAC" make less
holds "$case_: what goes is named" grep -q 'drop:app.t.score' <<<"$err"
runs 0 "$case_: make" "$SCHEMAC" make less -q --allow drop:app.t.score \
    --allow drop:app.t.kind_id
runs 0 "$case_: migrate" "$SCHEMAC" migrate -q
asks 'the rest is there' 'select * from app.t' '1|a'
asks 'so is the changed index' "select indexdef like '%(name)' from pg_indexes
    where indexname = 't_score'" t
back_and_forth "$before"

project 'drop a column that a view reads'
table t 'id int4 primary key; v int4?; w int4?;'
migrates init
ask 'create view app.seen as select v from app.t' >/dev/null
before=$(catalog)
table t 'id int4 primary key; w int4?; v dropped;'
runs 0 "$case_: make" "$SCHEMAC" make less -q --allow drop:app.t.v
runs 4 "$case_: a view made by hand is in the way" "$SCHEMAC" migrate
holds "$case_: and named" grep -q 'app.seen\|view seen' <<<"$err"
is "$case_: nothing was changed" "$(catalog)" "$before"

# ---- defaults --------------------------------------------------------------------

project 'defaults of every kind'
schema <<'S'
schema app {
    enum tag { its = "it's", a_b = "a,b", plain }
    table zoo {
        id         int4         primary key;
        quote      text         default 'it''s a \ "test"';
        line       text         default E'one\ntwo\t\\';
        dollar     text         default $x$it's $$ here$x$;
        empty      text         default '';
        json       jsonb        default '{"a": "it''s", "b": [1, "x\"y"], "c": null}';
        words      text[]       default '{"a","b,c","d\"e","f''g",""}';
        none       int4[]       default '{}';
        tags       tag[]        default '{"it''s","a,b"}';
        tag        tag          default 'it''s';
        nan        float8       default 'NaN';
        infinite   float8       default '-Infinity';
        huge       int8         default 9223372036854775807;
        least      int4         default -2147483648;
        exact      numeric(20,10) default 0.1000000000;
        yes        bool         default true;
        moment     timestamptz  default '2026-03-29 02:30:00+01';
        never      timestamptz  default 'infinity';
        day        date         default '2024-02-29';
        span       interval     default '1 day 02:03:04.5';
        bytes      bytea        default '\xdeadbeef';
        sum        int4         default (1 + 2) * 3;
        now        timestamptz  default now() - interval '1 hour';
        key        uuid         default gen_random_uuid();
        bits       varbit       default B'101';
    }
}
S
migrates init
ask 'insert into app.zoo (id) values (1)' >/dev/null
asks 'quotes' 'select quote, empty from app.zoo' "it's a \\ \"test\"|"
asks 'lines' "select line = E'one\\ntwo\\t\\\\' from app.zoo" t
asks 'dollars' 'select dollar from app.zoo' "it's \$\$ here"
asks 'JSON' 'select json from app.zoo' '{"a": "it'"'"'s", "b": [1, "x\"y"], "c": null}'
asks 'arrays' 'select array_length(words, 1), words[2], words[3], words[4], words[5], none
    from app.zoo' "5|b,c|d\"e|f'g||{}"
asks 'labels' 'select tags[1], tags[2], tag from app.zoo' "it's|a,b|it's"
asks 'numbers' 'select nan, infinite, huge, least, exact, sum from app.zoo' \
    'NaN|-Infinity|9223372036854775807|-2147483648|0.1000000000|9'
asks 'times' "set timezone = 'UTC'; select moment, never, day, span from app.zoo" \
    '2026-03-29 01:30:00+00|infinity|2024-02-29|1 day 02:03:04.5'
asks 'expressions' "select now < now(), key is not null, bits, bytes from app.zoo" \
    't|t|101|\xdeadbeef'
runs 0 "$case_: the same again is no change" "$SCHEMAC" make again
holds "$case_: the same again is no change: it says so" grep -q '^nothing to seal' <<<"$out"
runs 0 "$case_: pull" "$SCHEMAC" pull -o "$here/pulled.schema" -q --strict
before=$(catalog)
sed -E -i 's/^( +[a-z]+ +[a-z0-9]+(\[\]|\([0-9,]+\))?) +default .*;/\1;/' schema/app.schema
migrates bare
asks 'all can be dropped' "select count(*) from pg_attrdef
    where adrelid = 'app.zoo'::regclass" 0
back_and_forth "$before"

project 'defaults of every kind, pulled'
mv "$here/pulled.schema" schema/app.schema
migrates init
is "$case_: the same database" "$(catalog)" "$before"
finish
