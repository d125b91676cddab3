/* pool_test.c: how many connections there are, who gets one, and what is never handed out. */
#include "tests/db/support/scene.h"
#include "tests/db/support/threads.h"
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct sc_db *open_pool(struct scene *scene, int max, int timeout_ms)
{
    struct sc_db *pool;
    const struct sc_pool_options options = { .max = max,
                                             .acquire_timeout_ms = timeout_ms };
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &options, &pool, &scene->err));
    return pool;
}

static const char *connections(struct scene *scene)
{
    /* but those of looks, whose servers end in their own time, too */
    return look(scene, "select count(*) from pg_stat_activity where datname ="
                       " current_database() and query not like '%pg_stat_activity%'"
                       " and query not like '%pg_sleep%'");
}

/* Servers end in their own time. */
static void wait_for_none(struct scene *scene)
{
    for (int i = 0; i < 100 && strcmp(connections(scene), "0") != 0; i++)
        look(scene, "select pg_sleep(0.05)");
    assert_string_equal(connections(scene), "0");
}

static void connections_are_made_when_needed(void **state)
{
    struct scene *scene = *state;
    sc_close(scene->db);
    scene->db = NULL;
    struct sc_db *pool = open_pool(scene, 3, 0);
    wait_for_none(scene);
    assert_null(sc_borrow(pool));
    EXPECT(SC_OK, add_person(pool, "a", "a", NULL, &scene->err));
    EXPECT(SC_OK, add_person(pool, "b", "b", NULL, &scene->err));
    assert_string_equal(connections(scene), "1");
    struct sc_db *txs[3];
    for (int i = 0; i < 3; i++)
        EXPECT(SC_OK, sc_tx_begin(pool, NULL, &txs[i], &scene->err));
    assert_string_equal(connections(scene), "3");
    for (int i = 0; i < 3; i++)
        EXPECT(SC_OK, sc_tx_commit(txs[i], &scene->err));
    int64_t n;
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    assert_int_equal(n, 2);
    sc_close(pool);
    wait_for_none(scene);
}

static void a_full_pool_times_out(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, 1, 50), *tx = hold_one(pool);
    struct person *person = (void *)1;
    struct sc_pool_stats stats;
    EXPECT(SC_TIMEOUT, get_person(pool, "a", &person, &scene->err));
    assert_null(person);
    assert_string_equal(
        scene->err.message,
        "no connection became free in 50 ms (1 of 1 in use, 1 waiting)");
    assert_string_equal(scene->err.query, "person_get");
    sc_tx_rollback(tx);
    EXPECT(SC_NOT_FOUND, get_person(pool, "a", &person, &scene->err));
    sc_pool_stats_get(pool, &stats);
    assert_int_equal(stats.timeouts, 1);
    assert_int_equal(stats.waited, 1);
    assert_int_equal(stats.acquired, 2);
    assert_true(stats.wait_ns >= 50000000);
    assert_int_equal(stats.waits[16] + stats.waits[17] + stats.waits[18], 1);
    sc_close(pool);
}

static void a_thread_does_not_wait_for_itself(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, 2, -1), *txs[2];
    int64_t n;
    for (int i = 0; i < 2; i++)
        EXPECT(SC_OK, sc_tx_begin(pool, NULL, &txs[i], &scene->err));
    EXPECT(SC_MISUSE, count_people(pool, &n, &scene->err));
    assert_string_equal(
        scene->err.message,
        "this thread would wait for itself: all connections of the pool are held by "
        "threads that want another, 2 by this one (in a transaction, make its calls on "
        "the transaction)");
    sc_tx_rollback(txs[1]);
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    sc_tx_rollback(txs[0]);
    sc_close(pool);
}

/* The same with a second thread: each holds one and wants another. The last one that comes
 * is told, lets go, and the first goes on. */
static void *want_another(void *arg)
{
    struct held *held = arg;
    int64_t n;
    held->status = sc_tx_begin(held->pool, NULL, &held->tx, NULL);
    if (held->status == SC_OK)
        held->status = count_people(held->pool, &n, NULL);
    sc_tx_rollback(held->tx);
    return NULL;
}

static void threads_do_not_wait_for_each_other(void **state)
{
    struct scene *scene = *state;
    struct held held = { .pool = open_pool(scene, 2, 20000) };
    struct sc_db *tx;
    int64_t n;
    pthread_t thread;
    EXPECT(SC_OK, sc_tx_begin(held.pool, NULL, &tx, &scene->err));
    assert_int_equal(pthread_create(&thread, NULL, want_another, &held), 0);
    wait_for_waiting(held.pool, 1);
    EXPECT(SC_MISUSE, count_people(held.pool, &n, &scene->err));
    sc_tx_rollback(tx);
    pthread_join(thread, NULL);
    assert_int_equal(held.status, SC_OK);
    sc_close(held.pool);
}

/* A transaction counts as the thread's that used it last. */
static void a_transaction_may_wander(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, 1, 50), *tx = hold_one(pool);
    int64_t n;
    EXPECT(SC_TIMEOUT, count_people(pool, &n, &scene->err));
    EXPECT(SC_OK, count_people(tx, &n, &scene->err));
    EXPECT(SC_MISUSE, count_people(pool, &n, &scene->err));
    sc_tx_rollback(tx);
    sc_close(pool);
}

static void a_long_line_turns_calls_away(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool, *tx;
    struct held held;
    const struct sc_pool_options options = { .max = 1, .max_waiting = 1 };
    int64_t n;
    pthread_t thread;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &options, &pool, &scene->err));
    tx = hold_one(pool);
    held = (struct held){ .pool = pool };
    assert_int_equal(pthread_create(&thread, NULL, hold, &held), 0);
    wait_for_waiting(pool, 1);
    EXPECT(SC_BUSY, count_people(pool, &n, &scene->err));
    assert_string_equal(scene->err.message, "too many calls wait for a connection "
                                            "(1 of 1 in use, 1 waiting)");
    sc_tx_rollback(tx);
    pthread_join(thread, NULL);
    assert_int_equal(held.status, SC_OK);
    sc_tx_rollback(held.tx);
    sc_close(pool);
}

static void what_cannot_connect_says_why(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool;
    int64_t n;
    EXPECT(SC_OK, sc_pool_open("host=/nowhere dbname=x", NULL, &pool, &scene->err));
    for (int i = 0; i < 12; i++) { /* more often than there are places */
        EXPECT(SC_CONNECTION, count_people(pool, &n, &scene->err));
        assert_non_null(strstr(scene->err.message, "/nowhere"));
    }
    struct sc_pool_stats stats;
    sc_pool_stats_get(pool, &stats);
    assert_int_equal(stats.connect_failures, 12);
    assert_int_equal(stats.open + stats.connecting + stats.waiting, 0);
    assert_non_null(strstr(stats.last_connect_error, "/nowhere"));
    EXPECT(SC_OK, sc_pool_tend(pool, &scene->err)); /* no min: nothing to do */
    sc_close(pool);
}

static void a_dead_connection_is_replaced(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, 2, 500);
    int64_t n;
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    for (int i = 0; i < 3; i++) {
        look(scene,
             "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity"
             " where datname = current_database() and pid <> pg_backend_pid()");
        EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    }
    sc_close(pool);
}

static void a_dirty_connection_is_cleaned(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, 1, 500);
    EXPECT(SC_OK, sc_query(pool, "begin", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, add_person(pool, "a", "a", NULL, &scene->err));
    assert_string_equal(look(scene, "select count(*) from t.people"), "1");
    EXPECT(SC_SERVER, sc_query(pool, "select 1/", NULL, 0, NULL, &scene->err));
    int64_t n;
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    EXPECT(SC_MISUSE,
           sc_query(pool, "copy t.people to stdout", NULL, 0, NULL, &scene->err));
    EXPECT(SC_MISUSE,
           sc_query(pool, "copy t.people from stdin", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    assert_int_equal(n, 1);
    sc_close(pool);
}

/* A transaction that is forgotten still has its connection when the pool is closed. */
static void closing_waits_for_nobody(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, 2, 500), *tx;
    EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
    EXPECT(SC_OK, add_person(tx, "a", "a", NULL, &scene->err));
    sc_close(pool);
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    assert_string_equal(look(scene, "select count(*) from t.people"), "1");
}

/* Whoever stands in line is sent away. */
static void closing_sends_the_line_away(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, 1, -1), *tx = hold_one(pool);
    struct sleeper sleepers[3];
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        sleepers[i] = (struct sleeper){ .db = pool, .sql = "select 1" };
        assert_int_equal(pthread_create(&threads[i], NULL, run_sql, &sleepers[i]), 0);
    }
    wait_for_waiting(pool, 3);
    sc_close(pool);
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(sleepers[i].status, SC_MISUSE);
        assert_string_equal(sleepers[i].err.message, "the pool was closed");
    }
    sc_tx_rollback(tx); /* and with it the pool is gone */
}

/* ---- threads -------------------------------------------------------------------------------------- */

enum { THREADS = 8, CALLS = 60 };

struct worker {
    struct sc_db *pool;
    int number;
    int done;
    int failed;
};

static void *work(void *arg)
{
    struct worker *worker = arg;
    struct sc_error err;
    for (int i = 0; i < CALLS; i++) {
        char id[32];
        struct person *person = NULL;
        struct sc_db *tx = NULL;
        snprintf(id, sizeof(id), "%d-%d", worker->number, i);
        enum sc_status st = add_person(worker->pool, id, id, &person, &err);
        sc_free(person);
        if (st == SC_OK)
            st = sc_tx_begin(worker->pool, NULL, &tx, &err);
        if (st == SC_OK && get_person(tx, id, &person, &err) == SC_OK) {
            sc_free(person);
            st = sc_tx_commit(tx, &err);
        }
        worker->done += st == SC_OK;
        worker->failed += st != SC_OK;
    }
    return NULL;
}

static void many_threads_share_few_connections(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, 3, 20000);
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ pool, i, 0, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(workers[i].failed, 0);
        assert_int_equal(workers[i].done, CALLS);
    }
    int64_t n;
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    assert_int_equal(n, THREADS * CALLS);
    assert_string_equal(connections(scene), "4"); /* and the scene's own */
    sc_close(pool);
}

/* Waiters are served in the order in which they came. */
struct queue {
    struct sc_db *pool;
    pthread_mutex_t lock;
    int order[4];
    int served;
};
struct waiting {
    struct queue *queue;
    int number;
};

static void *wait_in_line(void *arg)
{
    struct waiting *waiting = arg;
    struct sc_db *tx;
    if (sc_tx_begin(waiting->queue->pool, NULL, &tx, NULL) != SC_OK)
        return NULL;
    pthread_mutex_lock(&waiting->queue->lock);
    waiting->queue->order[waiting->queue->served++] = waiting->number;
    pthread_mutex_unlock(&waiting->queue->lock);
    sc_tx_rollback(tx);
    return NULL;
}

static void first_come_first_served(void **state)
{
    struct scene *scene = *state;
    struct queue queue = { .pool = open_pool(scene, 1, 5000),
                           .lock = PTHREAD_MUTEX_INITIALIZER };
    struct waiting waiting[4];
    pthread_t threads[4];
    struct sc_db *tx;
    EXPECT(SC_OK, sc_tx_begin(queue.pool, NULL, &tx, &scene->err));
    for (int i = 0; i < 4; i++) {
        waiting[i] = (struct waiting){ &queue, i };
        assert_int_equal(pthread_create(&threads[i], NULL, wait_in_line, &waiting[i]),
                         0);
        nanosleep(&(struct timespec){ 0, 50000000 }, NULL);
    }
    sc_tx_rollback(tx);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < 4; i++)
        assert_int_equal(queue.order[i], i);
    sc_close(queue.pool);
}

/* ---- processes ------------------------------------------------------------------------------------ */

/* What a child may do with its parent's handles: close them, without a word to the server. */
static int as_a_child(struct scene *scene, struct sc_db *pool, struct sc_db *tx)
{
    int64_t n;
    int right = 0;
    right += count_people(scene->db, &n, NULL) == SC_MISUSE;
    right += count_people(pool, &n, NULL) == SC_MISUSE;
    right += count_people(tx, &n, NULL) == SC_MISUSE;
    right += sc_tx_commit(tx, NULL) == SC_MISUSE;
    right += sc_cancel(scene->db, NULL) == SC_MISUSE;
    right += sc_cancel(tx, NULL) == SC_MISUSE;
    right += sc_pool_tend(pool, NULL) == SC_MISUSE;
    sc_tx_rollback(tx);
    sc_close(pool);
    sc_close(scene->db);
    struct sc_db *own;
    right += sc_open(scene->test.url, &own, NULL) == SC_OK;
    right += count_people(own, &n, NULL) == SC_OK;
    sc_close(own);
    return right;
}

/* Ends a child by way of exec: connections that it must not close are no leak then. */
static _Noreturn void leave(int status)
{
    char text[16];
    snprintf(text, sizeof text, "%d", status);
    execl("/bin/sh", "sh", "-c", "exit $0", text, (char *)NULL);
    _exit(127);
}

static void a_child_leaves_its_parent_alone(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, 2, 500), *tx;
    int64_t n;
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
    EXPECT(SC_OK, add_person(tx, "a", "a", NULL, &scene->err));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        leave(as_a_child(scene, pool, tx));
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 9);
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    assert_int_equal(n, 1);
    sc_close(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(connections_are_made_when_needed),
        SCENE_TEST(a_full_pool_times_out),
        SCENE_TEST(a_thread_does_not_wait_for_itself),
        SCENE_TEST(threads_do_not_wait_for_each_other),
        SCENE_TEST(a_transaction_may_wander),
        SCENE_TEST(a_long_line_turns_calls_away),
        SCENE_TEST(what_cannot_connect_says_why),
        SCENE_TEST(a_dead_connection_is_replaced),
        SCENE_TEST(a_dirty_connection_is_cleaned),
        SCENE_TEST(closing_waits_for_nobody),
        SCENE_TEST(closing_sends_the_line_away),
        SCENE_TEST(many_threads_share_few_connections),
        SCENE_TEST(first_come_first_served),
        SCENE_TEST(a_child_leaves_its_parent_alone),
    };
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
