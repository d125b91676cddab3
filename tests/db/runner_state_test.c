/* runner_state_test.c: files beside a history: edited, missing, out of order, forked; status,
 * repair, progress, and the check of a starting program. */
#include "tests/db/support/migrating.h"

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

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_edited),        TEST(test_edited_after_sealing),
        TEST(test_missing),       TEST(test_missing_parent),
        TEST(test_other_history), TEST(test_out_of_order),
        TEST(test_forked),        TEST(test_merged_later),
        TEST(test_status),        TEST(test_accept_renews),
        TEST(test_schema_check),  TEST(test_progress),
    };
    return cmocka_run_group_tests_name("runner_state", tests, NULL, NULL);
}
