/* runner_memory_test.c: migrating with an allocation failing, or all from there on: a
 * status, nothing leaked, and the next call brings it to its end.
 *
 * Interposes malloc for this whole process, libpq included, so it does not run under a
 * sanitizer or valgrind, which interpose it themselves. */
#include "tests/db/support/migrating.h"

#include "tests/db/support/failing.h"

/* ---- what is called -------------------------------------------------------------------- */

static enum sc_status with_set(struct bench *b, call *what)
{
    struct sc_migrations *set = (void *)1;
    struct sc_migrate_options options = { .all = true, .attempts = 1 };
    enum sc_status status = sc_migrations_read(b->folder.path, &set, &b->err);
    assert_true((status == SC_OK) == (set != NULL));
    if (status == SC_OK)
        status = what(b->sc, set, &options, &b->err);
    sc_migrations_free(set);
    return status;
}

static enum sc_status up(struct bench *b)
{
    return with_set(b, sc_migrate);
}

static enum sc_status down(struct bench *b)
{
    return with_set(b, sc_rollback);
}

static enum sc_status look_at(struct sc_db *db, const struct sc_migrations *set,
                              const struct sc_migrate_options *options,
                              struct sc_migrate_error *err)
{
    struct sc_migrate_state *state = (void *)1;
    struct sc_drift *drift = NULL;
    size_t n = 0;
    enum sc_status status = sc_migrate_status(db, set, options, &state, err);
    assert_true((status == SC_OK) == (state != NULL));
    sc_migrate_free(state);
    if (status == SC_OK)
        status = sc_migrate_drift(db, options, &drift, &n, err);
    assert_true((status == SC_OK) == (drift != NULL));
    sc_migrate_free(drift);
    return status;
}

static enum sc_status look(struct bench *b)
{
    return with_set(b, look_at);
}

/* ---- the sweep --------------------------------------------------------------------------- */

typedef enum sc_status step(struct bench *b);

static void prepare(struct bench *b, bool applied)
{
    ask(b, "set client_min_messages = warning; drop schema if exists schemac cascade;"
           " drop schema public cascade; create schema public");
    if (applied && up(b) != SC_OK)
        fail_msg("%s", b->err.text);
}

/* One allocation fails; true when there was such a one. */
static bool fail_at(struct bench *b, step *what, size_t n)
{
    connect_bench(b);
    long before = live;
    seen = 0;
    until = n;
    armed = true;
    enum sc_status status = what(b);
    armed = false;
    bool hit = seen >= until;
    if (hit && status == SC_OK && persistent)
        fail_msg("allocation %zu: it says that all is well", n);
    if (!hit && status != SC_OK)
        fail_msg("%s", b->err.text);
    /* libpq keeps buffers of the connection's that have grown. */
    assert_in_range(live - before, 0, 4);
    sc_close(b->sc);
    b->sc = NULL;
    connect_bench(b);
    return hit;
}

static void sweep(struct bench *b, step *what, bool applied, const char *history_after)
{
    if (!INTERPOSED)
        skip();
    put(b, "0001_init",
        "create table t (x int);\ncreate function f() returns int language sql as $$ "
        "select "
        "1 $$;",
        "drop function f();\ndrop table t;");
    put(b, "0002_index", "create index concurrently t_x on t (x);",
        "drop index concurrently t_x;");
    for (persistent = false;; persistent = true) {
        size_t n = 1;
        bool hit = true;
        for (; hit; n += 1 + n / 5) {
            prepare(b, applied);
            hit = fail_at(b, what, n);
            if (what(b) != SC_OK)
                fail_msg("after allocation %zu: %s", n, b->err.text);
            assert_string_equal(history(b), history_after);
        }
        assert_true(n > 50);
        if (persistent)
            return;
    }
}

static void test_up(void **state)
{
    sweep(*state, up, false, "0001_init|applied\n0002_index|applied");
}

static void test_down(void **state)
{
    sweep(*state, down, true, "0001_init|undone\n0002_index|undone");
}

static void test_look(void **state)
{
    sweep(*state, look, true, "0001_init|applied\n0002_index|applied");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_up), TEST(test_down),
                                        TEST(test_look) };
    return cmocka_run_group_tests_name("runner_memory", tests, NULL, NULL);
}
