/* runner_state_test.c: files beside a history: edited, missing, out of order, forked,
 * replaced; status, repair, drift, seeds, and the check of a starting program. */
#include "tests/db/support/migrating.h"

static void put_two(struct bench *b)
{
    put_linked(b, "0001_a", NULL, "", "create table a (x int);", "drop table a;");
    put_linked(b, "0002_b", "0001_a", "", "create table b (x int);", "drop table b;");
}

/* ---- edited, missing ------------------------------------------------------------------- */

static void test_edited(void **state)
{
    struct bench *b = *state;
    put_two(b);
    RUNS(b, sc_migrate);
    put_linked(b, "0001_a", NULL, "-- a note\n", "create  table A (x INT) ;",
               "drop table a -- gone\n;");
    RUNS(b, sc_migrate); /* comments, blanks and case do not count */
    put_linked(b, "0001_a", NULL, "", "create table a (x int8);", "drop table a;");
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "edited");
    assert_string_equal(b->err.text,
                        "\"0001_a\": its statements were changed after it was applied");
    assert_string_equal(b->err.migration, "0001_a");
    assert_non_null(strstr(b->err.file, "/0001_a.up.sql"));
    assert_string_equal(b->err.error.hint,
                        "Get the file back from version control, or accept it as it is "
                        "with: schemac repair --accept 0001_a");
    assert_int_equal(repair(b, SC_REPAIR_ACCEPT, "0001_a"), SC_OK);
    RUNS(b, sc_migrate);
    put_linked(b, "0001_a", NULL, "", "create table a (x int8);",
               "drop table if exists a;");
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "edited");
    assert_string_equal(b->err.text, "\"0001_a\": the statements of its down file were "
                                     "changed after it was applied");
}

/* What it leads to, and what it breaks, are the accepted file's. */
static void test_accept_renews(void **state)
{
    struct bench *b = *state;
    struct sc_error err;
    static const char TO[] =
        "1111111111111111111111111111111111111111111111111111111111111111";
    put_two(b);
    RUNS(b, sc_migrate);
    assert_int_equal(sc_schema_check(b->sc, TO, NULL, &err), SC_OK);
    put_linked(b, "0002_b", "0001_a", "-- breaks: 42703 b_get\n",
               "create table b (x int8);", "drop table b;");
    assert_int_equal(repair(b, SC_REPAIR_ACCEPT, "0002_b"), SC_OK);
    assert_int_equal(sc_schema_check(b->sc, TO, NULL, &err), SC_SCHEMA_MISMATCH);
    assert_string_equal(err.message, "the later migration \"0002_b\" breaks statements "
                                     "of this program: 42703 b_get");
    assert_string_equal(ask(b, "select left(from_fingerprint, 1) || "
                               "left(to_fingerprint, 1) from schemac.migrations"
                               " where name = '0002_b'"),
                        "12");
}

static void test_edited_after_sealing(void **state)
{
    struct bench *b = *state;
    put_linked(
        b, "0001_a", NULL,
        "-- sum:    0000000000000000000000000000000000000000000000000000000000000000\n",
        "create table a (x int);", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "edited");
    assert_string_equal(b->err.text, "\"0001_a\": it was changed after it was sealed");
    assert_string_equal(history(b), "");
    assert_int_equal(repair(b, SC_REPAIR_ACCEPT, "0001_a"), SC_OK);
    RUNS(b, sc_migrate);
}

static void test_missing(void **state)
{
    struct bench *b = *state;
    put_two(b);
    RUNS(b, sc_migrate);
    unput(b, "0002_b");
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "missing");
    assert_string_equal(b->err.text,
                        "\"0002_b\": it was applied, and its file is missing");
    assert_int_equal(repair(b, SC_REPAIR_FORGET, "0001_a"), SC_MISUSE);
    assert_int_equal(repair(b, SC_REPAIR_FORGET, "0002_b"), SC_OK);
    RUNS(b, sc_migrate);
}

static void test_missing_parent(void **state)
{
    struct bench *b = *state;
    put_two(b);
    put_linked(b, "0003_c", "0009_z", "", "select 1;", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "chain");
    assert_string_equal(b->err.text,
                        "\"0003_c\" comes after a migration that is missing");
    put_linked(b, "0003_c", "0004_d", "", "select 1;", NULL);
    put_linked(b, "0004_d", "0003_c", "", "select 1;", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "chain");
    assert_string_equal(b->err.text,
                        "\"0003_c\" comes after itself: its parents go in a circle");
}

static void test_other_history(void **state)
{
    struct bench *b = *state;
    put_two(b);
    RUNS(b, sc_migrate);
    unput(b, "0001_a");
    unput(b, "0002_b");
    put_linked(b, "0001_z", NULL, "", "create table z (x int);", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "other history");
    b->options.schema = "second";
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select name from second.migrations"), "0001_z");
}

/* ---- order ------------------------------------------------------------------------------ */

static void test_out_of_order(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a", "create table a (x int);", NULL);
    put(b, "0003_c", "create table c (x int);", NULL);
    RUNS(b, sc_migrate);
    put(b, "0002_b", "create table b (x int);", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "out of order");
    assert_string_equal(b->err.migration, "0002_b");
    b->options.out_of_order = true;
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_a|applied\n0003_c|applied\n0002_b|applied");
    b->options.out_of_order = false;
    RUNS(b, sc_migrate);
}

static void test_forked(void **state)
{
    struct bench *b = *state;
    put_two(b);
    put_linked(b, "0002_c", "0001_a", "", "create table c (x int);", "drop table c;");
    folder_put(&b->folder, "0002_c.up.sql",
               "-- 0002_c, up: c\n--\n-- id:     %064d\n-- parent: %.64s\n\n"
               "create table c (x int);",
               7, "1111111111111111111111111111111111111111111111111111111111111111");
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "forked");
    assert_string_equal(b->err.text,
                        "\"0002_b\" and \"0002_c\" are both the last: neither "
                        "comes after the other");
    assert_string_equal(history(b), "");
    b->options.forks_commute = true;
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_a|applied\n0002_b|applied\n0002_c|applied");
}

/* One branch is applied; the other comes with the migration that joins them. */
static void test_merged_later(void **state)
{
    struct bench *b = *state;
    put_two(b);
    RUNS(b, sc_migrate);
    folder_put(&b->folder, "0002_aa.up.sql",
               "-- 0002_aa, up: c\n--\n-- id:     %064d\n-- parent: %s\n\n"
               "create table c (x int);",
               7, "1111111111111111111111111111111111111111111111111111111111111111");
    folder_put(&b->folder, "0002_aa.snapshot", "%s", "");
    folder_put(&b->folder, "0003_m.up.sql",
               "-- 0003_m, up: both\n--\n-- id:     %064d\n-- parent: %s\n-- parent: "
               "%064d\n\nselect 1;",
               9, "2222222222222222222222222222222222222222222222222222222222222222",
               7);
    folder_put(&b->folder, "0003_m.snapshot", "%s", "");
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_a|applied\n0002_b|applied\n0002_aa|applied\n"
                                    "0003_m|applied");
}

static void test_squashed(void **state)
{
    struct bench *b = *state;
    static const char REPLACES[] =
        "-- replaces: "
        "1111111111111111111111111111111111111111111111111111111111111111\n"
        "-- replaces: "
        "2222222222222222222222222222222222222222222222222222222222222222\n";
    put_two(b);
    b->options.steps = 1;
    RUNS(b, sc_migrate);
    b->options.steps = 0;
    unput(b, "0001_a");
    unput(b, "0002_b");
    put_linked(b, "0009_s", NULL, REPLACES,
               "create table a (x int); create table b (x int);", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "chain");
    assert_string_equal(b->err.text,
                        "\"0009_s\": it replaces 2 migrations, of which 1 are applied");
    unput(b, "0009_s");
    put_two(b);
    RUNS(b, sc_migrate);
    unput(b, "0001_a");
    unput(b, "0002_b");
    put_linked(b, "0009_s", NULL, REPLACES,
               "create table a (x int); create table b (x int);", NULL);
    put_linked(b, "0010_t", "0002_b", "", "create table t (x int);", NULL);
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_a|replaced\n0002_b|replaced\n0009_s|applied\n"
                                    "0010_t|applied");
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "");
}

#define ID8(digit) digit digit digit digit digit digit digit digit
#define ID(digit) \
    ID8(digit)    \
    ID8(digit) ID8(digit) ID8(digit) ID8(digit) ID8(digit) ID8(digit) ID8(digit)

/* A squash of a squash: a database may have either, or what both stood for. */
static void test_squashed_twice(void **state)
{
    struct bench *b = *state;
    static const char ONCE[] = "-- replaces: " ID("1") "\n-- replaces: " ID("2") "\n";
    static const char TWICE[] = "-- replaces: " ID(
        "5") "\n"
             "-- replaces: " ID("1") " by " ID("5") "\n"
                                                    "-- replaces: " ID("2") " by " ID(
                                                        "5") "\n"
                                                             "-- replaces: " ID(
                                                                 "3") "\n";
    static const char ALL[] = "create table a (x int); create table b (x int);";
    for (int seen = 0; seen < 3; seen++) {
        ask(b, "set client_min_messages = warning;"
               " drop schema if exists schemac cascade; drop table if exists a, b, c");
        unput(b, "0009_t");
        put_two(b);
        put_linked(b, "0003_c", "0002_b", "", "create table c (x int);", NULL);
        b->options.steps = seen == 2 ? 1 : 0;
        RUNS(b, sc_migrate);
        b->options.steps = 0;
        unput(b, "0001_a");
        unput(b, "0002_b");
        put_linked(b, "0005_s", NULL, ONCE, ALL, NULL);
        if (seen == 1)
            RUNS(b, sc_migrate);
        unput(b, "0005_s");
        unput(b, "0003_c");
        put_linked(b, "0009_t", NULL, TWICE, ALL, NULL);
        if (seen == 2) {
            FAILS(b, sc_migrate, SCHEMA_MISMATCH, "chain");
            break;
        }
        RUNS(b, sc_migrate);
        assert_string_equal(b->log, "ADOPTED 0009_t\n");
        assert_string_equal(ask(b,
                                "select string_agg(name || ' ' || state, ',' order by"
                                " seq) from schemac.migrations"),
                            seen ? "0001_a replaced,0002_b replaced,0003_c replaced,"
                                   "0005_s replaced,0009_t applied"
                                 : "0001_a replaced,0002_b replaced,0003_c replaced,"
                                   "0009_t applied");
    }
}

/* It stands before what was applied after those that it replaces. */
static void test_squashed_below(void **state)
{
    struct bench *b = *state;
    static const char REPLACES[] =
        "-- replaces: "
        "1111111111111111111111111111111111111111111111111111111111111111\n"
        "-- replaces: "
        "2222222222222222222222222222222222222222222222222222222222222222\n";
    put_two(b);
    put_linked(b, "0010_t", "0002_b", "", "create table t (x int);", "drop table t;");
    RUNS(b, sc_migrate);
    unput(b, "0001_a");
    unput(b, "0002_b");
    put_linked(b, "0009_s", NULL, REPLACES,
               "create table a (x int); create table b (x int);",
               "drop table a; drop table b;");
    RUNS(b, sc_migrate);
    RUNS(b, sc_rollback);
    assert_string_equal(history(b), "0001_a|replaced\n0002_b|replaced\n0010_t|undone\n"
                                    "0009_s|applied");
    FAILS(b, sc_rollback, MISUSE, "impossible");
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select to_regclass('t') is null"), "f");
}

/* What stopped half-way is not lost in a squash. */
static void test_squashed_half_way(void **state)
{
    struct bench *b = *state;
    static const char REPLACES[] =
        "-- replaces: "
        "1111111111111111111111111111111111111111111111111111111111111111\n"
        "-- replaces: "
        "2222222222222222222222222222222222222222222222222222222222222222\n";
    put_two(b);
    RUNS(b, sc_migrate);
    ask(b, "update schemac.migrations set state = 'running' where name = '0002_b'");
    unput(b, "0001_a");
    unput(b, "0002_b");
    put_linked(b, "0009_s", NULL, REPLACES,
               "create table a (x int); create table b (x int);", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "unfinished");
    assert_string_equal(history(b), "0001_a|applied\n0002_b|running");
}

/* ---- status ----------------------------------------------------------------------------- */

static enum sc_trouble trouble_of(struct bench *b, char *text, size_t size)
{
    struct sc_migrations *set = NULL;
    struct sc_migrate_state *state = NULL;
    size_t n = 0;
    assert_int_equal(sc_migrations_read(b->folder.path, &set, &b->err), SC_OK);
    assert_int_equal(sc_migrate_status(b->sc, set, &b->options, &state, &b->err),
                     SC_OK);
    text[0] = '\0';
    for (size_t i = 0; i < state->count; i++)
        n += (size_t)snprintf(
            text + n, size - n, "%s %d %s %d/%d b%d%s\n", state->items[i].name,
            state->items[i].standing, sc_trouble_name(state->items[i].trouble),
            state->items[i].steps_done, state->items[i].steps, state->items[i].batch,
            state->items[i].file ? "" : " no file");
    snprintf(text + n, size - n, "%zu applied, %zu pending, %.4s, lock %d, %s",
             state->applied, state->pending, state->fingerprint, state->lock_pid,
             state->exists ? "exists" : "none");
    enum sc_trouble trouble = state->trouble;
    sc_migrate_free(state);
    sc_migrations_free(set);
    return trouble;
}

static void test_status(void **state)
{
    struct bench *b = *state;
    char text[1024];
    put_two(b);
    assert_int_equal(trouble_of(b, text, sizeof text), SC_TROUBLE_NONE);
    assert_string_equal(text, "0001_a 0 none 0/1 b0\n0002_b 0 none 0/1 b0\n"
                              "0 applied, 2 pending, , lock 0, none");
    assert_string_equal(ask(b, "select to_regnamespace('schemac') is null"), "t");
    RUNS(b, sc_migrate);
    put_linked(b, "0003_c", "0002_b", "", "select 1 / 0;", NULL);
    FAILS(b, sc_migrate, BAD_VALUE, "statement");
    put_linked(b, "0002_b", "0001_a", "", "create table b (x int8);", "drop table b;");
    put_linked(b, "0004_d", "0003_c", "", "select 4;", NULL);
    assert_int_equal(trouble_of(b, text, sizeof text), SC_TROUBLE_EDITED);
    assert_string_equal(text, "0001_a 1 none 1/1 b1\n0002_b 1 edited 1/1 b1\n"
                              "0003_c 2 none 0/1 b2\n0004_d 0 none 0/1 b0\n"
                              "2 applied, 1 pending, 2222, lock 0, exists");
}

/* ---- drift ------------------------------------------------------------------------------- */

static size_t drift_of(struct bench *b, char *text, size_t size)
{
    struct sc_drift *drift = NULL;
    size_t count = 0, n = 0;
    assert_int_equal(sc_migrate_drift(b->sc, &b->options, &drift, &count, &b->err),
                     SC_OK);
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(text + n, size - n, "%s %s: %s -> %s\n", drift[i].kind,
                              drift[i].identity,
                              drift[i].expected ? drift[i].expected : "-",
                              drift[i].actual ? drift[i].actual : "-");
    sc_migrate_free(drift);
    return count;
}

static void test_drift(void **state)
{
    struct bench *b = *state;
    struct sc_drift *drift = NULL;
    size_t count = 0;
    char text[1024];
    put_two(b);
    assert_int_equal(sc_migrate_drift(b->sc, &b->options, &drift, &count, &b->err),
                     SC_NOT_FOUND);
    RUNS(b, sc_migrate);
    assert_int_equal(drift_of(b, text, sizeof text), 0);
    ask(b, "alter table a alter column x type int8");
    ask(b, "create index on b (x)");
    assert_int_equal(drift_of(b, text, sizeof text), 2);
    assert_non_null(strstr(text, "column public.a.x: integer -> bigint\n"));
    assert_non_null(strstr(text, "index public.b_x_idx: - -> "));
    /* A migration does not make it right, but where it touches it. */
    put_linked(b, "0003_c", "0002_b", "", "drop index b_x_idx;", NULL);
    RUNS(b, sc_migrate);
    assert_non_null(strstr(b->log, "NOTE\n"));
    assert_int_equal(drift_of(b, text, sizeof text), 1);
    assert_string_equal(text, "column public.a.x: integer -> bigint\n");
}

static const char *spaces(struct bench *b)
{
    return ask(b,
               "select array_to_string(array(select unnest(spaces) from schemac.layout"
               " order by 1), ',')");
}

/* Each of two applications in a database sees what it has made, and where. */
static void test_drift_of_two(void **state)
{
    struct bench *b = *state;
    char text[1024];
    put(b, "0001_one",
        "create schema one; create table one.t (x int); create extension pg_trgm;",
        "drop extension pg_trgm; drop schema one cascade;");
    RUNS(b, sc_migrate);
    assert_string_equal(spaces(b), "one");
    unput(b, "0001_one");
    put(b, "0001_two", "create schema \"Two\"; create table \"Two\".t (x int);", NULL);
    b->options.schema = "other";
    RUNS(b, sc_migrate);
    ask(b, "create schema third; create table third.t (x int)");
    assert_int_equal(drift_of(b, text, sizeof text), 0);
    ask(b, "alter table one.t add y int");
    assert_int_equal(drift_of(b, text, sizeof text), 0);
    ask(b, "alter table \"Two\".t add y int");
    ask(b, "create view \"Two\".v as select 1 as one");
    assert_int_equal(drift_of(b, text, sizeof text), 3);
    assert_non_null(strstr(text, "column \"Two\".t.y: - -> integer\n"));
    assert_non_null(strstr(text, "view \"Two\".v: - ->"));
    b->options.schema = NULL;
    assert_int_equal(drift_of(b, text, sizeof text), 1);
    assert_string_equal(text, "column one.t.y: - -> integer\n");
    ask(b, "drop extension pg_trgm");
    assert_int_equal(drift_of(b, text, sizeof text), 2);
    assert_non_null(strstr(text, "extension pg_trgm: version"));
    ask(b, "drop schema one cascade");
    drift_of(b, text, sizeof text);
    assert_non_null(strstr(text, "schema one:  -> -\n"));
}

/* One that was taken as it is is compared in all of its schemas. */
static void test_drift_of_baseline(void **state)
{
    struct bench *b = *state;
    char text[1024];
    ask(b, "create schema s; create table s.t (x int)");
    put(b, "0001_a", "create table s.t (x int);", NULL);
    RUNS(b, sc_baseline);
    ask(b, "alter table s.t add y int; create table public.u ()");
    assert_int_equal(drift_of(b, text, sizeof text), 2);
    put(b, "0002_b", "alter table s.t add z int;", NULL);
    RUNS(b, sc_migrate);
    assert_int_equal(drift_of(b, text, sizeof text), 2);
}

static bool cut_when_done(struct bench *b, const struct sc_migrate_event *event)
{
    char sql[80];
    snprintf(sql, sizeof sql, "select pg_terminate_backend(%d)",
             PQbackendPID(sc_borrow(b->sc)));
    if (event->kind == SC_MIGRATE_DONE)
        ask(b, sql);
    return true;
}

/* Cut off before the catalog was recorded: what it did is its own still, and it is said
 * that what came in between is not told apart. */
static void test_drift_cut_off(void **state)
{
    struct bench *b = *state;
    char text[1024];
    ask(b, "create schema mine");
    put(b, "0001_a", "create schema s; create table s.t (x int);", NULL);
    for (int i = 0; i < 2; i++) {
        b->react = cut_when_done;
        FAILS(b, sc_migrate, CONNECTION, "server");
        b->react = NULL;
        connect_bench(b);
        assert_string_equal(ask(b, "select count(*) from schemac.migrations"
                                   " where state <> 'applied'"),
                            "0");
        if (i == 0)
            put(b, "0002_b", "create schema u;", NULL);
    }
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "NOTE\n");
    assert_string_equal(spaces(b), "s,u");
    assert_int_equal(drift_of(b, text, sizeof text), 0);
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "");
}

/* ---- seeds ------------------------------------------------------------------------------- */

static enum sc_status seed(struct bench *b, struct folder *seeds)
{
    b->log[b->nlog = 0] = '\0';
    return sc_seed(b->sc, seeds->path, &b->options, &b->err);
}

/* A check before a seed is asked before it is run, and cannot write. */
static void test_seed_checks(void **state)
{
    struct bench *b = *state;
    struct folder seeds = folder_new();
    ask(b, "create table s (what text)");
    folder_put(
        &seeds, "1_rows.sql",
        "-- check 1: s is not empty\n"
        "do $$ begin if not exists (select from s) then\n"
        "raise exception 's is empty'; end if; end $$;\n\n"
        "-- step 1 of 1: rows\nbegin;\ninsert into s values ('seed');\ncommit;\n");
    assert_int_equal(seed(b, &seeds), SC_SERVER);
    assert_string_equal(sc_trouble_name(b->err.trouble), "check");
    assert_string_equal(b->err.text, "s is empty");
    assert_string_equal(b->err.migration, "1_rows.sql");
    assert_string_equal(ask(b, "select count(*) from schemac.seeds"), "0");
    ask(b, "insert into s values ('first')");
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_string_equal(b->log, "CHECK 1_rows.sql: s is not empty\nSEED 1_rows.sql\n");
    assert_string_equal(ask(b, "select count(*) from s"), "2");
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_string_equal(b->log, "SEED 1_rows.sql\n");
    folder_clear(&seeds);
}

static void test_seeds(void **state)
{
    struct bench *b = *state;
    struct folder seeds = folder_new();
    ask(b, "create table s (what text)");
    folder_put(&seeds, "1_once.sql", "insert into s values ('once');");
    folder_put(&seeds, "2_always.sql",
               "-- seed: always\nbegin;\ninsert into s values ('always');\ncommit;\n");
    folder_put(&seeds, "3_dev.sql",
               "-- seed: development\ninsert into s values ('dev');");
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_int_equal(seed(b, &seeds), SC_OK);
    b->options.development = true;
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_string_equal(ask(b, "select what, count(*) from s group by 1 order by 1"),
                        "always|4\ndev|1\nonce|1");
    folder_put(&seeds, "1_once.sql", "insert into s values ('twice');");
    folder_put(&seeds, "3_dev.sql",
               "-- seed: development\ninsert into s values ('dev2');");
    assert_int_equal(seed(b, &seeds), SC_OK);
    assert_string_equal(ask(b, "select what, count(*) from s group by 1 order by 1"),
                        "always|5\ndev|1\ndev2|1\nonce|1");
    b->options.is_protected = true;
    assert_int_equal(seed(b, &seeds), SC_MISUSE);
    assert_string_equal(sc_trouble_name(b->err.trouble), "protected");
    b->options.is_protected = false;
    folder_put(&seeds, "4_bad.sql",
               "insert into s values ('4');\ninsert into nothing;");
    assert_int_equal(seed(b, &seeds), SC_SERVER);
    assert_int_equal(b->err.line, 2);
    assert_string_equal(b->err.migration, "4_bad.sql");
    assert_string_equal(ask(b, "select count(*) from s where what = '4'"), "0");
    folder_put(&seeds, "4_bad.sql", "-- seed: never\nselect 1;");
    assert_int_equal(seed(b, &seeds), SC_MISUSE);
    folder_put(&seeds, "4_bad.sql", "vacuum;");
    assert_int_equal(seed(b, &seeds), SC_MISUSE);
    assert_string_equal(b->err.text, "\"4_bad.sql\": a seed is one transaction");
    folder_clear(&seeds);
}

/* ---- a program that starts ---------------------------------------------------------------- */

static enum sc_status fits(struct bench *b, char digit)
{
    char fingerprint[65];
    memset(fingerprint, digit, 64);
    fingerprint[64] = '\0';
    return sc_schema_check(b->sc, fingerprint, NULL, &b->err.error);
}

static void test_schema_check(void **state)
{
    struct bench *b = *state;
    struct sc_db *pool = NULL, *mine = b->sc;
    put_two(b);
    assert_int_equal(fits(b, '1'), SC_SCHEMA_MISMATCH);
    assert_string_equal(b->err.error.message,
                        "the database has no history of migrations "
                        "in schema \"schemac\": it was not migrated");
    b->options.steps = 1;
    RUNS(b, sc_migrate);
    assert_int_equal(fits(b, '1'), SC_OK);
    assert_int_equal(fits(b, '2'), SC_SCHEMA_MISMATCH);
    assert_string_equal(
        b->err.error.message,
        "the database stands at migration \"0001_a\" and has not seen the "
        "one that this program was made for");
    RUNS(b, sc_migrate);
    assert_int_equal(fits(b, '1'), SC_OK); /* ahead, and nothing broken */
    assert_int_equal(fits(b, '2'), SC_OK);
    put_linked(b, "0003_c", "0002_b", "-- breaks: a_insert 23502\n", "select 3;", NULL);
    RUNS(b, sc_migrate);
    assert_int_equal(fits(b, '1'), SC_SCHEMA_MISMATCH);
    assert_string_equal(b->err.error.message,
                        "the later migration \"0003_c\" breaks "
                        "statements of this program: a_insert 23502");
    assert_int_equal(sc_pool_open(b->db.url, NULL, &pool, NULL), SC_OK);
    b->sc = pool;
    assert_int_equal(fits(b, '3'), SC_OK);
    sc_close(pool);
    b->sc = mine;
}

/* ---- carried by a program ------------------------------------------------------------------ */

static void test_embedded(void **state)
{
    struct bench *b = *state;
    static const struct sc_migration_text TEXTS[] = {
        { .id = "0002_b",
          .up = "create table b (x int);",
          .down = "drop table b;",
          .snapshot = "" },
        { .id = "0001_a", .up = "create table a (x int);", .snapshot = "" },
        { .id = "0003_draft", .up = "create table c (x int);" },
    };
    struct sc_migrations *set = NULL;
    assert_int_equal(sc_migrations_embed(TEXTS, 3, &set, &b->err), SC_OK);
    assert_int_equal(sc_migrations_count(set), 3);
    const struct sc_migration *second = sc_migrations_at(set, 1);
    assert_string_equal(second->name, "0002_b");
    assert_string_equal(second->path, "0002_b.up.sql");
    assert_int_equal(second->down, SC_DOWN_LOSSLESS);
    assert_int_equal(sc_migrations_at(set, 0)->down, SC_DOWN_IMPOSSIBLE);
    assert_null(sc_migrations_at(set, 3));
    assert_int_equal(sc_migrate(b->sc, set, NULL, NULL), SC_OK);
    assert_string_equal(history(b), "0001_a|applied\n0002_b|applied");
    sc_migrations_free(set);
}

/* ---- progress ------------------------------------------------------------------------------- */

static struct sc_progress progress;
static struct sc_db *second;

static bool ask_progress(struct bench *b, const struct sc_migrate_event *event)
{
    if (event->kind == SC_MIGRATE_TICK && !progress.what[0])
        (void)!sc_migrate_progress(second, PQbackendPID(sc_borrow(b->sc)), &progress,
                                   &b->err.error);
    return true;
}

static void test_progress(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a",
        "create table t (x int);\ninsert into t select generate_series(1, 20);\n"
        "create function slow(int) returns int language plpgsql immutable as $$ begin "
        "perform pg_sleep(0.04); return $1; end $$;",
        NULL);
    put(b, "0002_b", "create index concurrently t_slow on t (slow(x));", NULL);
    assert_int_equal(sc_open(b->db.url, &second, NULL), SC_OK);
    assert_int_equal(sc_migrate_progress(second, 1, &progress, NULL), SC_NOT_FOUND);
    b->react = ask_progress;
    RUNS(b, sc_migrate);
    assert_string_equal(progress.what, "create index");
    assert_non_null(strstr(progress.phase, "building index"));
    assert_true(progress.total >= progress.done);
    sc_close(second);
}

/* ---- what is read of a file ----------------------------------------------------------------- */

static void test_header(void **state)
{
    struct bench *b = *state;
    struct sc_migrations *set = NULL;
    put_linked(b, "0001_a", NULL,
               "-- sum:    none\n-- order:  expand and contract\n"
               "-- down:   lossy: a.x, a.y\n-- hazards: rewrite:a, drop:a.b\n"
               "-- allowed: drop:a.b\n-- breaks: 42703 a_get, a_by_x,\n--   a_by_y\n"
               "-- breaks: 23502 a_insert\n-- slows: a_page\n",
               "-- order: not a header any more\nselect 1; -- to: nor this", NULL);
    assert_int_equal(sc_migrations_read(b->folder.path, &set, &b->err), SC_OK);
    const struct sc_migration *m = sc_migrations_at(set, 0);
    assert_string_equal(m->title, "what it does");
    assert_string_equal(m->sum, "");
    assert_string_equal(m->parents[0], "");
    assert_string_equal(m->order, "expand and contract");
    assert_int_equal(m->down, SC_DOWN_IMPOSSIBLE); /* there is no down file */
    assert_string_equal(m->hazards, "rewrite:a, drop:a.b");
    assert_true(m->destroys);
    assert_string_equal(m->breaks, "42703 a_get, a_by_x, a_by_y; 23502 a_insert");
    assert_int_equal(strspn(m->to, "1"), 64);
    sc_migrations_free(set);
}

/* Without marks, as psql would commit it. */
static void test_several_transactions(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a",
        "begin;\ncreate table a (x int);\ninsert into a values (1);\ncommit;\n"
        "create index concurrently a_x on a (x);\n"
        "begin;\ninsert into a values (2);\ncommit;\nselect 1;\nselect 2;",
        NULL);
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select step, title, statements from schemac.steps "
                               "order by 1"),
                        "1|create table a (x int)|2\n"
                        "2|create index concurrently a_x on a (x)|1\n"
                        "3|insert into a values (2)|1\n4|select 1|2");
}

/* ---- files that are none -------------------------------------------------------------------- */

static void refuses(struct bench *b, const char *sql, int line, const char *why)
{
    put(b, "0001_a", sql, NULL);
    FAILS(b, sc_migrate, MISUSE, "file");
    assert_string_equal(b->err.text, why);
    assert_int_equal(b->err.line, line);
    assert_string_equal(b->err.migration, "0001_a");
}

static void test_bad_files(void **state)
{
    struct bench *b = *state;
    refuses(b, "select 1;\n\\copy t from 'x'", 2,
            "a backslash begins a command of psql's: only SQL can be run");
    refuses(b, "select 1;\ncopy t from stdin;\n1\n\\.\n", 2,
            "copy from stdin: its data cannot stand in a migration");
    refuses(b, "select 'a", 1, "unterminated string");
    refuses(b, "select 1;\ncommit;", 2,
            "begin, commit and rollback may only stand around a step");
    refuses(b, "begin;\nselect 1;\nrollback;\ncommit;", 3,
            "begin, commit and rollback may only stand around a step");
    refuses(b, "-- step 1 of 1: x\nbegin;\ncommit;\nbegin;\ncommit;", 3,
            "begin, commit and rollback may only stand around a step");
    refuses(b, "begin;\nselect 1;", 1,
            "begin, commit and rollback may only stand around a step");
    refuses(b, "-- step 1 of 1: x\nbegin;\nvacuum;\ncommit;", 3,
            "this statement cannot run inside a transaction");
    refuses(b, "select 1;\n-- step 1 of 1: x\nselect 2;", 1,
            "a statement before the first step mark");
    refuses(b, "select \xFF;", 1, "not UTF-8");
    unput(b, "0001_a");
    folder_put(&b->folder, "0001_d.up.sql", "select 1;");
    folder_put(&b->folder, "0002_d.up.sql", "select 1;");
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "file");
    assert_string_equal(b->err.text, "\"0002_d\" is a second draft: there can be one");
    unput(b, "0002_d");
    put(b, "0002_e", "select 2;", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "file");
    assert_string_equal(b->err.text,
                        "\"0001_d\" has no snapshot, and a sealed one comes after it");
    put_two(b);
    unput(b, "0001_d");
    unput(b, "0002_e");
    folder_remove(&b->folder, "0001_a.snapshot");
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "file");
    assert_string_equal(ask(b, "select to_regnamespace('schemac') is null"), "t");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_edited),
        TEST(test_edited_after_sealing),
        TEST(test_missing),
        TEST(test_missing_parent),
        TEST(test_other_history),
        TEST(test_out_of_order),
        TEST(test_forked),
        TEST(test_merged_later),
        TEST(test_squashed),
        TEST(test_squashed_half_way),
        TEST(test_squashed_below),
        TEST(test_status),
        TEST(test_drift),
        TEST(test_seeds),
        TEST(test_seed_checks),
        TEST(test_drift_of_two),
        TEST(test_drift_of_baseline),
        TEST(test_drift_cut_off),
        TEST(test_squashed_twice),
        TEST(test_accept_renews),
        TEST(test_schema_check),
        TEST(test_embedded),
        TEST(test_progress),
        TEST(test_bad_files),
        TEST(test_header),
        TEST(test_several_transactions),
    };
    return cmocka_run_group_tests_name("runner_state", tests, NULL, NULL);
}
