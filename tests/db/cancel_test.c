/* cancel_test.c: sc_cancel: what it ends, and what it leaves alone. */
#include "tests/db/support/scene.h"
#include "tests/db/support/threads.h"
#include <stdatomic.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Until the server runs `sql`. */
static void wait_for_sql(struct scene *scene, const char *sql)
{
    char text[256];
    snprintf(text, sizeof text,
             "select count(*) from pg_stat_activity where state = 'active' and query ="
             " '%s' and datname = current_database()",
             sql);
    for (int i = 0; i < 200; i++) {
        if (strcmp(look(scene, text), "1") == 0)
            return;
        rest(10);
    }
    fail_msg("it never ran: %s", sql);
}

static void cancel_sleep(struct scene *scene, struct sc_db *db)
{
    struct sleeper sleeper = { .db = db, .sql = "select pg_sleep(30)" };
    pthread_t thread;
    double begun = seconds();
    assert_int_equal(pthread_create(&thread, NULL, run_sql, &sleeper), 0);
    wait_for_sql(scene, sleeper.sql);
    EXPECT(SC_OK, sc_cancel(db, &scene->err));
    pthread_join(thread, NULL);
    assert_int_equal(sleeper.status, SC_CANCELLED);
    assert_string_equal(sleeper.err.sqlstate, "57014");
    assert_true(seconds() - begun < 20);
}

static void a_call_is_cancelled(void **state)
{
    struct scene *scene = *state;
    int64_t n;
    for (int i = 0; i < 3; i++) {
        cancel_sleep(scene, scene->db);
        EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    }
}

static void a_transaction_is_cancelled(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool, *tx, *inner;
    int64_t n;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &(struct sc_pool_options){ .max = 1 },
                               &pool, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
    EXPECT(SC_OK, add_person(tx, "a", "a", NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(tx, NULL, &inner, &scene->err));
    cancel_sleep(scene, inner);
    EXPECT(SC_NOT_RUN, count_people(inner, &n, &scene->err));
    sc_tx_rollback(inner);
    EXPECT(SC_OK, count_people(tx, &n, &scene->err));
    assert_int_equal(n, 1);
    cancel_sleep(scene, tx);
    EXPECT(SC_CANCELLED, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, sc_cancel(tx, &scene->err)); /* it has ended */
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    assert_int_equal(n, 0);
    sc_close(pool);
}

/* The server's words are not what tells it from a timeout. */
static void words_do_not_matter(void **state)
{
    struct scene *scene = *state;
    struct sc_error err;
    EXPECT(SC_OK, sc_query(scene->db, "set statement_timeout to 30000", NULL, 0, NULL,
                           &scene->err));
    cancel_sleep(scene, scene->db);
    EXPECT(SC_OK, sc_query(scene->db, "set statement_timeout to 100", NULL, 0, NULL,
                           &scene->err));
    EXPECT(SC_TIMEOUT, sc_query(scene->db, "select pg_sleep(30)", NULL, 0, NULL, &err));
}

static void nothing_runs(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool, *tx;
    struct sc_batch *batch;
    int64_t n;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, NULL, &pool, &scene->err));
    EXPECT(SC_MISUSE, sc_cancel(pool, &scene->err));
    EXPECT(SC_MISUSE, sc_cancel(NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_open(pool, &batch, &scene->err));
    EXPECT(SC_MISUSE, sc_cancel(sc_queue(batch), &scene->err));
    sc_batch_close(batch);
    EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
    for (int i = 0; i < 20; i++) {
        EXPECT(SC_OK, sc_cancel(scene->db, &scene->err));
        EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
        EXPECT(SC_OK, sc_cancel(tx, &scene->err));
        EXPECT(SC_OK, count_people(tx, &n, &scene->err));
    }
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    sc_close(pool);
}

/* ---- what comes after -------------------------------------------------------------------- */

/* One thread makes short calls, another cancels without a pause. A call that is cancelled
 * must have been under way, or waiting to begin, while a cancellation was. */
struct storm {
    struct sc_db *db;
    _Atomic int call;    /* the one that is under way, or was last */
    _Atomic int flying;  /* a cancellation is under way */
    _Atomic int reached; /* the call that was under way when one was over */
    _Atomic bool over;
    int cancelled;
    int wrong;
    int failed;
};

static void *make_calls(void *arg)
{
    struct storm *storm = arg;
    for (int i = 1; i <= 400; i++) {
        atomic_store(&storm->call, i);
        const char *sql = i % 3 ? "select 1" : "select pg_sleep(0.003)";
        enum sc_status st = sc_query(storm->db, sql, NULL, 0, NULL, NULL);
        bool meant = atomic_load(&storm->flying) || atomic_load(&storm->reached) >= i;
        storm->cancelled += st == SC_CANCELLED;
        storm->wrong += st == SC_CANCELLED && !meant;
        storm->failed += st != SC_CANCELLED && st != SC_OK;
    }
    atomic_store(&storm->over, true);
    return NULL;
}

static void no_later_call_is_hit(void **state)
{
    struct scene *scene = *state;
    struct storm storm = { .db = scene->db };
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, make_calls, &storm), 0);
    while (!atomic_load(&storm.over)) {
        atomic_store(&storm.flying, 1);
        EXPECT(SC_OK, sc_cancel(storm.db, &scene->err));
        atomic_store(&storm.reached, atomic_load(&storm.call));
        atomic_store(&storm.flying, 0);
    }
    pthread_join(thread, NULL);
    assert_true(storm.cancelled > 0);
    assert_int_equal(storm.wrong, 0);
    assert_int_equal(storm.failed, 0);
}

/* Transactions are cancelled as they end, and their connection goes to calls that nobody
 * cancels. */
struct relay {
    struct sc_db *pool;
    pthread_mutex_t lock; /* over tx, whose handle is known for a while after its end */
    struct sc_db *tx;
    _Atomic bool over;
    int hit;
    int failed;
};

static void *cancel_all(void *arg)
{
    struct relay *relay = arg;
    while (!atomic_load(&relay->over)) {
        pthread_mutex_lock(&relay->lock);
        if (relay->tx && sc_cancel(relay->tx, NULL) != SC_OK)
            relay->failed++;
        pthread_mutex_unlock(&relay->lock);
    }
    return NULL;
}

static void the_next_user_is_left_alone(void **state)
{
    struct scene *scene = *state;
    struct relay relay = { .lock = PTHREAD_MUTEX_INITIALIZER };
    struct sc_pool_stats stats;
    pthread_t thread;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &(struct sc_pool_options){ .max = 1 },
                               &relay.pool, &scene->err));
    assert_int_equal(pthread_create(&thread, NULL, cancel_all, &relay), 0);
    for (int i = 0; i < 300; i++) {
        struct sc_db *tx;
        int64_t n;
        EXPECT(SC_OK, sc_tx_begin(relay.pool, NULL, &tx, &scene->err));
        pthread_mutex_lock(&relay.lock);
        relay.tx = tx;
        pthread_mutex_unlock(&relay.lock);
        enum sc_status st = sc_query(tx, "select pg_sleep(0.002)", NULL, 0, NULL, NULL);
        relay.hit += st == SC_CANCELLED;
        if (sc_tx_commit(tx, NULL) != SC_OK)
            relay.hit++;
        for (int k = 0; k < 3; k++)
            EXPECT(SC_OK, count_people(relay.pool, &n, &scene->err));
    }
    atomic_store(&relay.over, true);
    pthread_join(thread, NULL);
    sc_pool_stats_get(relay.pool, &stats);
    assert_true(relay.hit > 0);
    assert_int_equal(relay.failed, 0);
    sc_close(relay.pool);
}

/* Cancelling a connection that is being made again. */
static void *reconnect_often(void *arg)
{
    struct storm *storm = arg;
    for (int i = 0; i < 10; i++) {
        enum sc_status st;
        st = sc_query(storm->db, "select pg_terminate_backend(pg_backend_pid())", NULL,
                      0, NULL, NULL);
        storm->failed += st == SC_OK;
        st = sc_query(storm->db, "select 1", NULL, 0, NULL, NULL);
        storm->failed += st != SC_OK && st != SC_CANCELLED && st != SC_CONNECTION;
    }
    atomic_store(&storm->over, true);
    return NULL;
}

static void a_connection_is_made_again(void **state)
{
    struct scene *scene = *state;
    struct storm storm = { .db = scene->db };
    pthread_t thread;
    int64_t n;
    assert_int_equal(pthread_create(&thread, NULL, reconnect_often, &storm), 0);
    while (!atomic_load(&storm.over))
        (void)sc_cancel(storm.db, NULL);
    pthread_join(thread, NULL);
    assert_int_equal(storm.failed, 0);
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_call_is_cancelled),        SCENE_TEST(a_transaction_is_cancelled),
        SCENE_TEST(words_do_not_matter),        SCENE_TEST(nothing_runs),
        SCENE_TEST(no_later_call_is_hit),       SCENE_TEST(the_next_user_is_left_alone),
        SCENE_TEST(a_connection_is_made_again),
    };
    return cmocka_run_group_tests_name("cancel", tests, NULL, NULL);
}
