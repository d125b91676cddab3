/* runner_drift_test.c: how a database differs from what its migrations made of it. */
#include "tests/db/support/migrating.h"

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

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_drift),
        TEST(test_drift_of_two),
        TEST(test_drift_of_baseline),
        TEST(test_drift_cut_off),
    };
    return cmocka_run_group_tests_name("runner_drift", tests, NULL, NULL);
}
