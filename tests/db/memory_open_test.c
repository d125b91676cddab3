/* memory_open_test.c: opening, adopting and making again a connection, with each of its allocations
 * failing.
 *
 * Interposes malloc for this whole process, libpq included, so it does not run under a
 * sanitizer or valgrind, which interpose it themselves. */
#include "tests/db/support/sweep_calls.h"

static bool try_open(struct scene *scene, const void *what, size_t at, bool on)
{
    (void)what;
    struct sc_db *db = (void *)1;
    struct sc_error err;
    arm(at, on);
    enum sc_status st = sc_open(scene->test.url, &db, &err);
    bool reached = disarm(at);
    assert_true((st == SC_OK) == (db != NULL));
    if (st != SC_OK && st != SC_NO_MEMORY && st != SC_CONNECTION)
        fail_msg("opening, allocation %zu: %s: %s", at, sc_status_name(st),
                 err.message);
    sc_close(db);
    return reached;
}

static bool try_pool(struct scene *scene, const void *what, size_t at, bool on)
{
    (void)what;
    struct sc_db *db = (void *)1;
    struct sc_error err;
    int64_t n;
    arm(at, on);
    enum sc_status st = sc_pool_open(scene->test.url, NULL, &db, &err);
    assert_true((st == SC_OK) == (db != NULL));
    if (st == SC_OK)
        st = count_people(db, &n, &err);
    bool reached = disarm(at);
    if (st != SC_OK && st != SC_NO_MEMORY && st != SC_CONNECTION)
        fail_msg("pool, allocation %zu: %s: %s", at, sc_status_name(st), err.message);
    if (db)
        EXPECT(SC_OK, count_people(db, &n, &scene->err));
    sc_close(db);
    return reached;
}

static bool try_adopt(struct scene *scene, const void *what, size_t at, bool on)
{
    (void)what;
    struct sc_db *db = (void *)1;
    struct sc_error err;
    int64_t n;
    PGconn *pg = PQconnectdb(scene->test.url);
    assert_int_equal(PQstatus(pg), CONNECTION_OK);
    arm(at, on);
    enum sc_status st = sc_adopt((struct pg_conn *)pg, &db, &err);
    assert_true((st == SC_OK) == (db != NULL));
    if (st == SC_OK)
        st = count_people(db, &n, &err);
    bool reached = disarm(at);
    if (st != SC_OK && st != SC_NO_MEMORY && st != SC_CONNECTION)
        fail_msg("adopting, allocation %zu: %s: %s", at, sc_status_name(st),
                 err.message);
    sc_close(db);
    PQfinish(pg);
    return reached;
}

/* The call that finds its connection lost, and makes it again. */
static bool try_reconnect(struct scene *scene, const void *what, size_t at, bool on)
{
    (void)what;
    struct sc_db *db;
    struct sc_error err;
    int64_t n;
    EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
    EXPECT(SC_OK, count_people(db, &n, &scene->err));
    cut_off(scene, db);
    arm(at, on);
    enum sc_status st = at % 2 ? count_people(db, &n, &err) : call_upsert(db, &err);
    bool reached = disarm(at);
    if (st != SC_OK && st != SC_NO_MEMORY && st != SC_CONNECTION)
        fail_msg("connecting again, allocation %zu: %s: %s", at, sc_status_name(st),
                 err.message);
    EXPECT(SC_OK, count_people(db, &n, &scene->err));
    sc_close(db);
    return reached;
}

static void every_allocation_of_opening(void **state)
{
    struct scene *scene = *state;
    enum { MOST = 2000 };
    const struct sweep sweeps[] = {
        { "opening", try_open, NULL, 10, MOST, 0 },
        { "a pool", try_pool, NULL, 10, MOST, 0 },
        { "adopting", try_adopt, NULL, 10, MOST, 0 },
        { "connecting again", try_reconnect, NULL, 10, MOST, 0 },
    };
    if (!INTERPOSED)
        skip();
    for (size_t i = 0; i < sizeof(sweeps) / sizeof(*sweeps); i++)
        sweep(scene, &sweeps[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(every_allocation_of_opening),
    };
    return cmocka_run_group_tests_name("memory_open", tests, NULL, NULL);
}
