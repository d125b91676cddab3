/* memory_tx_test.c: transactions and calls with a deadline, with each of their allocations
 * failing; and what is told of a transaction then is so.
 *
 * Interposes malloc for this whole process, libpq included, so it does not run under a
 * sanitizer or valgrind, which interpose it themselves. */
#include "tests/db/support/sweep_calls.h"
#include <time.h>

static enum sc_status call_tx(struct sc_db *db, struct sc_error *err)
{
    struct sc_db *tx, *inner;
    enum sc_status st = sc_tx_begin(db, NULL, &tx, err);
    if (st != SC_OK)
        return st;
    st = call_count(tx, err);
    if (st == SC_OK)
        st = sc_tx_begin(tx, NULL, &inner, err);
    if (st == SC_OK) {
        st = call_update(inner, err);
        if (st == SC_OK)
            st = sc_tx_commit(inner, err);
        else
            sc_tx_rollback(inner);
    }
    if (st == SC_OK)
        return sc_tx_commit(tx, err);
    sc_tx_rollback(tx);
    return st;
}

static enum sc_status read_and_change(struct sc_db *tx, void *arg, struct sc_error *err)
{
    (void)arg;
    enum sc_status st = call_get(tx, err);
    return st == SC_OK ? call_update(tx, err) : st;
}

static enum sc_status call_tx_run(struct sc_db *db, struct sc_error *err)
{
    const struct sc_tx_options options = { .isolation = SC_SERIALIZABLE,
                                           .statement_timeout_ms = 60000,
                                           .lock_timeout_ms = 60000 };
    struct sc_view view;
    struct sc_db *timed = sc_with(db, &(struct sc_call){ .timeout_ms = 60000 }, &view);
    return sc_tx_run(timed, &options, read_and_change, NULL, err);
}

static enum sc_status call_timed(struct sc_db *db, struct sc_error *err)
{
    struct sc_view view;
    uint64_t lsn;
    struct sc_db *timed = sc_with(db, &(struct sc_call){ .timeout_ms = 60000 }, &view);
    enum sc_status st = call_list(timed, err);
    if (st == SC_OK)
        st = sc_lsn(timed, &lsn, err);
    assert_true(st != SC_OK || lsn > 0);
    return st == SC_OK ? call_load(timed, err) : st;
}

static const struct named_call calls[] = {
    { "tx", call_tx },
    { "tx_run", call_tx_run },
    { "timed", call_timed },
};

static void every_allocation_of_a_call(void **state)
{
    sweep_calls(*state, calls, sizeof(calls) / sizeof(*calls), 0);
}

/* ---- transactions ------------------------------------------------------------------------- */

static enum sc_status rename_in_tx(struct sc_db *db, struct sc_error *err)
{
    struct sc_db *tx;
    const struct person_patch patch = { .name = SC("new") };
    const char *id = "a";
    const void *key[] = { &id };
    enum sc_status st = sc_tx_begin(db, NULL, &tx, err);
    if (st != SC_OK)
        return st;
    st = sc__run_update(tx, &person_update, key, &patch, NULL, err);
    if (st == SC_OK)
        return sc_tx_commit(tx, err);
    sc_tx_rollback(tx);
    return st;
}

/* Whether no client has a transaction open. */
static bool is_idle_now(struct scene *scene)
{
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db,
                           "select 1 from pg_stat_activity where state like 'idle in%'"
                           " and datname = current_database()",
                           NULL, 0, &rows, &scene->err));
    bool idle = sc_rows_count(rows) == 0;
    sc_rows_free(rows);
    return idle;
}

/* The server needs a moment to see that a client has hung up. */
static bool is_idle(struct scene *scene)
{
    const struct timespec moment = { .tv_nsec = 20000000 };
    for (int i = 0; i < 100; i++) {
        if (is_idle_now(scene))
            return true;
        nanosleep(&moment, NULL);
    }
    return false;
}

static enum sc_status load_one(struct sc_db *db, struct sc_error *err)
{
    const struct person_new person = { .id = "b", .email = "b", .name = "new" };
    return sc__load(db, &person_insert, &person, sizeof(person), 1, err);
}

static enum sc_status rename_in_batch(struct sc_db *db, struct sc_error *err)
{
    const struct sc_tx_options serializable = { .isolation = SC_SERIALIZABLE };
    const struct sc_batch_options options = { .tx = &serializable };
    const struct person_patch patch = { .name = SC("new") };
    const char *id = "a";
    const void *key[] = { &id };
    struct sc_batch *batch;
    enum sc_status st = sc_batch_open(db, &batch, err);
    if (st == SC_OK)
        st = sc_batch_set(batch, &options, err);
    if (st == SC_OK) {
        (void)sc__run_update(sc_queue(batch), &person_update, key, &patch, NULL, NULL);
        (void)!get_person(sc_queue(batch), "a", NULL, NULL);
        st = sc_batch_run(batch, err);
    }
    sc_batch_close(batch);
    return st;
}

static bool was_done(struct scene *scene)
{
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db, "select 1 from t.people where name = 'new'", NULL,
                           0, &rows, &scene->err));
    bool done = sc_rows_count(rows) > 0;
    sc_rows_free(rows);
    return done;
}

static bool sweep_truth(struct scene *scene, struct sc_db *db, call *told, size_t at)
{
    struct sc_error err;
    int64_t n;
    EXPECT(SC_OK, count_people(db, &n, &scene->err)); /* connected */
    EXPECT(SC_OK, sc_query(scene->db, "delete from t.people where id <> 'a'", NULL, 0,
                           NULL, &scene->err));
    EXPECT(SC_OK, sc_query(scene->db, "update t.people set name = 'old'", NULL, 0, NULL,
                           &scene->err));
    arm(at, persistent);
    enum sc_status st = told(db, &err);
    bool reached = disarm(at);
    EXPECT(SC_OK, count_people(db, &n, &scene->err)); /* a broken one is made again */
    if (!is_idle(scene))
        fail_msg("allocation %zu leaves a transaction open (%s)", at,
                 sc_status_name(st));
    bool done = was_done(scene);
    if (st != SC_COMMIT_UNKNOWN && done != (st == SC_OK))
        fail_msg("allocation %zu: %s, but it was %scommitted", at, sc_status_name(st),
                 done ? "" : "not ");
    return reached;
}

/* What is told of a transaction, and of a load that makes its own, is so. */
static void a_transaction_tells_the_truth(void **state)
{
    struct scene *scene = *state;
    call *const told[] = { rename_in_tx, load_one, rename_in_batch };
    enum { MOST = 300 };
    if (!INTERPOSED)
        skip();
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    for (int i = 0; i < 6; i++) {
        struct sc_db *db;
        EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
        persistent = i & 1;
        size_t at = 1;
        while (at < MOST && sweep_truth(scene, db, told[i / 2], at))
            at++;
        assert_true(at > 1 && at < MOST);
        sc_close(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(every_allocation_of_a_call),
        SCENE_TEST(a_transaction_tells_the_truth),
    };
    return cmocka_run_group_tests_name("memory_tx", tests, NULL, NULL);
}
