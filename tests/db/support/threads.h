/* threads.h: what other threads do to a pool while a test looks on. */
#ifndef TESTS_DB_SUPPORT_THREADS_H
#define TESTS_DB_SUPPORT_THREADS_H
#include "tests/db/support/client.h"
#include <pthread.h>
#include <time.h>

static inline void rest(int ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

/* A transaction that another thread has begun, and holds. */
struct held {
    struct sc_db *pool;
    struct sc_db *tx;
    enum sc_status status;
};

static inline void *hold(void *arg)
{
    struct held *held = arg;
    held->status = sc_tx_begin(held->pool, NULL, &held->tx, NULL);
    return NULL;
}

static inline struct sc_db *hold_one(struct sc_db *pool)
{
    struct held held = { .pool = pool };
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, hold, &held), 0);
    pthread_join(thread, NULL);
    assert_int_equal(held.status, SC_OK);
    return held.tx;
}

/* SQL that another thread runs. */
struct sleeper {
    struct sc_db *db;
    const char *sql;
    enum sc_status status;
    struct sc_error err;
};

static inline void *run_sql(void *arg)
{
    struct sleeper *sleeper = arg;
    sleeper->status = sc_query(sleeper->db, sleeper->sql, NULL, 0, NULL, &sleeper->err);
    return NULL;
}

/* Until so many calls wait. */
static inline void wait_for_waiting(struct sc_db *pool, int waiting)
{
    struct sc_pool_stats stats = { 0 };
    for (int i = 0; i < 1000 && stats.waiting != waiting; i++) {
        rest(5);
        sc_pool_stats_get(pool, &stats);
    }
    assert_int_equal(stats.waiting, waiting);
}

#endif
