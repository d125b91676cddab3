/* runner_squash_test.c: migrations that stand for several others, over each history that
 * there can be. */
#include "tests/db/support/migrating.h"

/* Ids are 64 times one digit. */
#define ID8(digit) digit digit digit digit digit digit digit digit
#define ID(digit) \
    ID8(digit)    \
    ID8(digit) ID8(digit) ID8(digit) ID8(digit) ID8(digit) ID8(digit) ID8(digit)
#define REPLACES(digit)        "-- replaces: " ID(digit) "\n"
#define REPLACES_BY(digit, by) "-- replaces: " ID(digit) " by " ID(by) "\n"
#define BOTH                   "create table a (x int); create table b (x int);"

/* One in place of the two of put_two. */
static void squash(struct bench *b, const char *name, const char *down)
{
    unput(b, "0001_a");
    unput(b, "0002_b");
    put_linked(b, name, NULL, REPLACES("1") REPLACES("2"), BOTH, down);
}

static void test_squashed(void **state)
{
    struct bench *b = *state;
    put_two(b);
    b->options.steps = 1;
    RUNS(b, sc_migrate);
    b->options.steps = 0;
    squash(b, "0009_s", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "chain");
    assert_string_equal(b->err.text,
                        "\"0009_s\": it replaces 2 migrations, of which 1 are applied");
    unput(b, "0009_s");
    put_two(b);
    RUNS(b, sc_migrate);
    squash(b, "0009_s", NULL);
    put_linked(b, "0010_t", "0002_b", "", "create table t (x int);", NULL);
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_a|replaced\n0002_b|replaced\n0009_s|applied\n"
                                    "0010_t|applied");
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "");
}

/* A squash of a squash: a database may have either, or what both stood for. */
static void test_squashed_twice(void **state)
{
    struct bench *b = *state;
    static const char twice[] = REPLACES("5") REPLACES_BY("1", "5")
        REPLACES_BY("2", "5") REPLACES("3");
    for (int seen = 0; seen < 3; seen++) {
        ask(b, "set client_min_messages = warning;"
               " drop schema if exists schemac cascade; drop table if exists a, b, c");
        unput(b, "0009_t");
        put_two(b);
        put_linked(b, "0003_c", "0002_b", "", "create table c (x int);", NULL);
        b->options.steps = seen == 2 ? 1 : 0;
        RUNS(b, sc_migrate);
        b->options.steps = 0;
        squash(b, "0005_s", NULL);
        if (seen == 1)
            RUNS(b, sc_migrate);
        unput(b, "0005_s");
        unput(b, "0003_c");
        put_linked(b, "0009_t", NULL, twice, BOTH, NULL);
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
    put_two(b);
    put_linked(b, "0010_t", "0002_b", "", "create table t (x int);", "drop table t;");
    RUNS(b, sc_migrate);
    squash(b, "0009_s", "drop table a; drop table b;");
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
    put_two(b);
    RUNS(b, sc_migrate);
    ask(b, "update schemac.migrations set state = 'running' where name = '0002_b'");
    squash(b, "0009_s", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "unfinished");
    assert_string_equal(history(b), "0001_a|applied\n0002_b|running");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_squashed),
        TEST(test_squashed_half_way),
        TEST(test_squashed_below),
        TEST(test_squashed_twice),
    };
    return cmocka_run_group_tests_name("runner_squash", tests, NULL, NULL);
}
