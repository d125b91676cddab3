/* tx_test.c: transactions, savepoints, and the wrong ways to use them. */
#include "tests/db/support/scene.h"
#include <pthread.h>

static const char *people(struct scene *scene)
{
    return look(scene,
                "select coalesce(string_agg(id, ',' order by id), '-') from t.people");
}

static enum sc_status add(struct scene *scene, struct sc_db *db, const char *id)
{
    return add_person(db, id, id, NULL, &scene->err);
}

static struct sc_db *begin(struct scene *scene, struct sc_db *db)
{
    struct sc_db *tx;
    EXPECT(SC_OK, sc_tx_begin(db, NULL, &tx, &scene->err));
    return tx;
}

static void commit_keeps_and_rollback_forgets(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx = begin(scene, scene->db);
    EXPECT(SC_OK, add(scene, tx, "a"));
    assert_string_equal(people(scene), "-");
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    assert_string_equal(people(scene), "a");
    tx = begin(scene, scene->db);
    EXPECT(SC_OK, add(scene, tx, "b"));
    sc_tx_rollback(tx);
    assert_string_equal(people(scene), "a");
    EXPECT(SC_OK, add(scene, scene->db, "c"));
}

static void savepoints_nest(void **state)
{
    struct scene *scene = *state;
    struct sc_db *outer = begin(scene, scene->db), *inner, *innermost;
    EXPECT(SC_OK, add(scene, outer, "a"));
    inner = begin(scene, outer);
    EXPECT(SC_OK, add(scene, inner, "b"));
    innermost = begin(scene, inner);
    EXPECT(SC_OK, add(scene, innermost, "c"));
    sc_tx_rollback(innermost);
    EXPECT(SC_OK, add(scene, inner, "d"));
    EXPECT(SC_OK, sc_tx_commit(inner, &scene->err));
    inner = begin(scene, outer);
    EXPECT(SC_OK, add(scene, inner, "e"));
    EXPECT(SC_UNIQUE, add(scene, inner, "a"));
    EXPECT(SC_NOT_RUN, add(scene, inner, "f"));
    EXPECT(SC_UNIQUE, sc_tx_commit(inner, &scene->err)); /* rolled back, and why */
    assert_string_equal(scene->err.constraint_name, "people_pkey");
    EXPECT(SC_OK, add(scene, outer, "g"));
    EXPECT(SC_OK, sc_tx_commit(outer, &scene->err));
    assert_string_equal(people(scene), "a,b,d,g");
}

static void a_failed_transaction_says_why_at_commit(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx = begin(scene, scene->db);
    EXPECT(SC_OK, add(scene, tx, "a"));
    EXPECT(SC_UNIQUE, add_person(tx, "a", "a", NULL, NULL));
    EXPECT(SC_NOT_RUN, add(scene, tx, "b"));
    assert_string_equal(scene->err.sqlstate, "25P02");
    EXPECT(SC_UNIQUE, sc_tx_commit(tx, &scene->err));
    assert_string_equal(scene->err.constraint_name, "people_pkey");
    assert_string_equal(people(scene), "-");
    tx = begin(scene, scene->db);
    EXPECT(SC_SERVER, sc_query(tx, "select 1 / ", NULL, 0, NULL, &scene->err));
    EXPECT(SC_SERVER, sc_tx_commit(tx, NULL));
    EXPECT(SC_OK, add(scene, scene->db, "c"));
}

static void a_commit_can_fail(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, "alter table t.notes alter constraint notes_person_id_fkey"
                     " deferrable initially deferred");
    struct sc_db *tx = begin(scene, scene->db);
    EXPECT(SC_OK, sc__run_insert(tx, &note_insert, &(struct note_new){ "nobody", NULL },
                                 NULL, &scene->err));
    EXPECT(SC_FOREIGN_KEY, sc_tx_commit(tx, &scene->err));
    assert_string_equal(scene->err.constraint_name, "notes_person_id_fkey");
    EXPECT(SC_OK, add(scene, scene->db, "a"));
}

static void options_are_sent(void **state)
{
    struct scene *scene = *state;
    static const struct {
        struct sc_tx_options options;
        const char *shown;
    } cases[] = {
        { { .attempts = 1 }, "read committed off off 0 0 0" },
        { { .isolation = SC_READ_COMMITTED, .read_only = true },
          "read committed on off 0 0 0" },
        { { .isolation = SC_REPEATABLE_READ, .lock_timeout_ms = 1500 },
          "repeatable read off off 0 1500ms 0" },
        { { .isolation = SC_SERIALIZABLE,
            .read_only = true,
            .deferrable = true,
            .statement_timeout_ms = 2000000000,
            .lock_timeout_ms = 2000000000,
            .idle_timeout_ms = 2000000000 },
          "serializable on on 2000000s 2000000s 2000000s" },
        { { .statement_timeout_ms = 250, .idle_timeout_ms = 90000 },
          "read committed off off 250ms 0 90s" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct sc_db *tx;
        struct sc_rows *rows;
        EXPECT(SC_OK, sc_tx_begin(scene->db, &cases[i].options, &tx, &scene->err));
        EXPECT(SC_OK, sc_query(tx,
                               "select concat_ws(' ',"
                               " current_setting('transaction_isolation'),"
                               " current_setting('transaction_read_only'),"
                               " current_setting('transaction_deferrable'),"
                               " current_setting('statement_timeout'),"
                               " current_setting('lock_timeout'),"
                               " current_setting("
                               "'idle_in_transaction_session_timeout'))",
                               NULL, 0, &rows, &scene->err));
        assert_string_equal(sc_rows_value(rows, 0, 0), cases[i].shown);
        sc_rows_free(rows);
        EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    }
    struct sc_db *tx, *inner = (void *)1;
    EXPECT(SC_MISUSE,
           sc_tx_begin(scene->db,
                       &(struct sc_tx_options){ .isolation = (enum sc_isolation)9 },
                       &tx, &scene->err));
    EXPECT(SC_MISUSE,
           sc_tx_begin(scene->db, &(struct sc_tx_options){ .lock_timeout_ms = -1 }, &tx,
                       &scene->err));
    /* and end with the transaction */
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db, "select current_setting('statement_timeout')",
                           NULL, 0, &rows, &scene->err));
    assert_string_equal(sc_rows_value(rows, 0, 0), "0");
    sc_rows_free(rows);
    tx = begin(scene, scene->db);
    EXPECT(SC_MISUSE, sc_tx_begin(tx, &cases[1].options, &inner, &scene->err));
    assert_null(inner);
    EXPECT(SC_OK, sc_tx_begin(tx, &cases[0].options, &inner, &scene->err));
    sc_tx_rollback(tx);
}

static void misuse_is_told(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx = begin(scene, scene->db), *second = (void *)1;
    EXPECT(SC_MISUSE, add(scene, scene->db, "a"));
    assert_string_equal(scene->err.message,
                        "the connection's transaction is open: use that");
    EXPECT(SC_MISUSE, sc_tx_begin(scene->db, NULL, &second, &scene->err));
    assert_null(second);
    struct sc_db *inner = begin(scene, tx);
    EXPECT(SC_MISUSE, add(scene, tx, "a"));
    EXPECT(SC_OK, add(scene, inner, "a"));
    EXPECT(SC_OK, sc_tx_commit(inner, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_MISUSE, add(scene, tx, "b"));
    assert_string_equal(scene->err.message, "the transaction has ended");
    EXPECT(SC_MISUSE, add(scene, inner, "b"));
    EXPECT(SC_MISUSE, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_MISUSE, sc_tx_commit(scene->db, &scene->err));
    assert_null(sc_borrow(tx));
    struct sc_batch *batch = (void *)1;
    EXPECT(SC_MISUSE, sc_batch_open(tx, &batch, &scene->err));
    assert_null(batch);
    sc_tx_rollback(tx);
    assert_string_equal(people(scene), "a");
}

static void an_outer_end_ends_the_inner(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx = begin(scene, scene->db), *inner = begin(scene, tx);
    EXPECT(SC_OK, add(scene, inner, "a"));
    EXPECT(SC_MISUSE, sc_tx_commit(tx, &scene->err)); /* never half of it */
    assert_string_equal(people(scene), "-");
    EXPECT(SC_MISUSE, add(scene, inner, "b"));
    sc_tx_rollback(inner);
    tx = begin(scene, scene->db);
    inner = begin(scene, tx);
    sc_tx_rollback(tx);
    EXPECT(SC_MISUSE, sc_tx_commit(inner, &scene->err));
    EXPECT(SC_OK, add(scene, scene->db, "c"));
}

static void ended_by_sql_of_ones_own(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx = begin(scene, scene->db);
    EXPECT(SC_OK, sc_query(tx, "commit", NULL, 0, NULL, &scene->err));
    EXPECT(SC_MISUSE, add(scene, tx, "a"));
    EXPECT(SC_MISUSE, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, add(scene, scene->db, "a"));
}

static void lost_inside_is_not_committed(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx = begin(scene, scene->db);
    EXPECT(SC_OK, add(scene, tx, "a"));
    cut_off(scene, tx);
    EXPECT(SC_CONNECTION, add(scene, tx, "b"));
    EXPECT(SC_CONNECTION, add(scene, tx, "c")); /* no reconnect: it would be half */
    EXPECT(SC_CONNECTION, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, add(scene, scene->db, "d"));
    assert_string_equal(people(scene), "d");
}

/* The server has gone before the commit is sent: nothing is in doubt. */
static void lost_before_the_commit_is_not_unknown(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx = begin(scene, scene->db);
    EXPECT(SC_OK, add(scene, tx, "a"));
    cut_off(scene, tx);
    EXPECT(SC_CONNECTION, sc_tx_commit(tx, &scene->err));
    assert_string_equal(people(scene), "-");
}

/* What sc_query ran inside a transaction of ours has begun none of its own. */
static void sql_of_ones_own_inside_is_over_with_it(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx = begin(scene, scene->db);
    EXPECT(SC_OK, sc_query(tx, "select 1", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    cut_off(scene, scene->db);
    EXPECT(SC_OK, add(scene, scene->db, "a"));
}

/* A trigger that ends the session while the commit is on its way. */
static void lost_at_commit_is_unknown(void **state)
{
    struct scene *scene = *state;
    put_deadly(scene);
    struct sc_db *tx = begin(scene, scene->db);
    EXPECT(SC_OK, add(scene, tx, "die"));
    EXPECT(SC_COMMIT_UNKNOWN, sc_tx_commit(tx, &scene->err));
    assert_int_equal(scene->err.status, SC_COMMIT_UNKNOWN);
    EXPECT(SC_OK, add(scene, scene->db, "a"));
}

static void many_handles_are_remembered_and_freed(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 200; i++) {
        struct sc_db *tx = begin(scene, scene->db);
        sc_tx_rollback(tx);
        EXPECT(SC_MISUSE, sc_tx_commit(tx, &scene->err));
    }
}

/* ---- threads ---------------------------------------------------------------------------------- */

static void *sleeper(void *arg)
{
    struct scene *scene = arg;
    enum sc_status st = sc_query(scene->db, "select pg_sleep(0.3)", NULL, 0, NULL,
                                 NULL);
    return (void *)(uintptr_t)st;
}

static void a_second_thread_is_misuse(void **state)
{
    struct scene *scene = *state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, sleeper, scene), 0);
    look(scene, "select pg_sleep(0.1)");
    EXPECT(SC_MISUSE, add(scene, scene->db, "a"));
    assert_string_equal(
        scene->err.message,
        "another thread, or a hook, uses the connection at this moment");
    void *status;
    pthread_join(thread, &status);
    assert_int_equal((uintptr_t)status, SC_OK);
    EXPECT(SC_OK, add(scene, scene->db, "a"));
}

static enum sc_status hook_status;
static void call_again(void *user, const struct sc_event *event)
{
    struct scene *scene = user;
    int64_t n;
    (void)event;
    hook_status = count_people(scene->db, &n, NULL);
}

static void a_hook_that_calls_back_is_misuse(void **state)
{
    struct scene *scene = *state;
    const struct sc_hooks hooks = { .user = scene, .end = call_again };
    sc_set_hooks(scene->db, &hooks);
    EXPECT(SC_OK, add(scene, scene->db, "a"));
    assert_int_equal(hook_status, SC_MISUSE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(commit_keeps_and_rollback_forgets),
        SCENE_TEST(savepoints_nest),
        SCENE_TEST(a_failed_transaction_says_why_at_commit),
        SCENE_TEST(a_commit_can_fail),
        SCENE_TEST(options_are_sent),
        SCENE_TEST(misuse_is_told),
        SCENE_TEST(an_outer_end_ends_the_inner),
        SCENE_TEST(ended_by_sql_of_ones_own),
        SCENE_TEST(lost_inside_is_not_committed),
        SCENE_TEST(lost_before_the_commit_is_not_unknown),
        SCENE_TEST(sql_of_ones_own_inside_is_over_with_it),
        SCENE_TEST(lost_at_commit_is_unknown),
        SCENE_TEST(many_handles_are_remembered_and_freed),
        SCENE_TEST(a_second_thread_is_misuse),
        SCENE_TEST(a_hook_that_calls_back_is_misuse),
    };
    return cmocka_run_group_tests_name("tx", tests, NULL, NULL);
}
