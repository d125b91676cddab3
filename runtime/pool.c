/* pool.c: who gets which connection when. It must not send anything but a ROLLBACK. */
#include "sc_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A thread that waits, on its own stack. */
struct waiter {
    struct waiter *next;
    pthread_cond_t wake;
    struct sc__conn *conn; /* handed over; NULL with `served`: leave to make one */
    bool served;
};

struct sc__pool {
    pthread_mutex_t lock;
    const struct sc__origin *from; /* the handle's */
    unsigned forks;                /* sc__forks of the process that made it */
    int max;
    int timeout_ms; /* negative: for ever */
    int made;       /* connections that exist or are being made */
    int idle_count;
    int waiting;
    struct sc__conn *idle; /* the one used last comes first */
    struct waiter *first;
    struct waiter **last;
    struct sc_db *owner;     /* set when closed: freed with the last connection */
    struct sc_error refused; /* the last connection that could not be made */
};

struct sc__pool *sc__pool_new(const struct sc_pool_options *options,
                              const struct sc__origin *from)
{
    struct sc__pool *pool = sc__forks_watch() ? calloc(1, sizeof(*pool)) : NULL;
    if (!pool)
        return NULL;
    if (pthread_mutex_init(&pool->lock, NULL) != 0) {
        free(pool);
        return NULL;
    }
    pool->forks = sc__forks;
    pool->from = from;
    pool->max = options && options->max ? options->max : 8;
    pool->timeout_ms = options && options->acquire_timeout_ms
                           ? options->acquire_timeout_ms
                           : 30000;
    pool->last = &pool->first;
    return pool;
}

static void pool_free(struct sc__pool *pool)
{
    struct sc_db *owner = pool->owner;
    pthread_mutex_destroy(&pool->lock);
    free(pool);
    sc__db_free(owner);
}

void sc__pool_close(struct sc__pool *pool, struct sc_db *owner)
{
    if (pool->forks != sc__forks)
        return; /* its lock may be held by a thread that is not here */
    pthread_mutex_lock(&pool->lock);
    struct sc__conn *idle = pool->idle;
    pool->idle = NULL;
    pool->made -= pool->idle_count;
    pool->idle_count = 0;
    pool->owner = owner;
    bool last = pool->made == 0;
    pthread_mutex_unlock(&pool->lock);
    while (idle) {
        struct sc__conn *next = idle->next;
        sc__conn_close(idle);
        idle = next;
    }
    if (last)
        pool_free(pool);
}

/* ---- waiting (all with the lock held) ----------------------------------------------------- */

static void add_waiter(struct sc__pool *pool, struct waiter *waiter)
{
    *pool->last = waiter;
    pool->last = &waiter->next;
    pool->waiting++;
}

static void remove_waiter(struct sc__pool *pool, struct waiter *waiter)
{
    struct waiter **at = &pool->first;
    while (*at != waiter)
        at = &(*at)->next;
    *at = waiter->next;
    if (!waiter->next)
        pool->last = at;
    pool->waiting--;
}

/* Serves the first waiter: with a connection, or with leave to make one. */
static bool serve(struct sc__pool *pool, struct sc__conn *conn)
{
    struct waiter *waiter = pool->first;
    if (!waiter)
        return false;
    remove_waiter(pool, waiter);
    waiter->conn = conn;
    waiter->served = true;
    pthread_cond_signal(&waiter->wake);
    return true;
}

/* When waiting that begins now ends; 0: never. */
static int64_t deadline(const struct sc__pool *pool, const struct sc__entry *entry,
                        int64_t now)
{
    int64_t own = pool->timeout_ms < 0 ? 0 : now + (int64_t)pool->timeout_ms * 1000000;
    return sc__late_sooner(own, entry->until);
}

static bool init_wake(pthread_cond_t *wake)
{
    pthread_condattr_t attr;
    if (pthread_condattr_init(&attr) != 0)
        return false;
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    bool ok = pthread_cond_init(wake, &attr) == 0;
    pthread_condattr_destroy(&attr);
    return ok;
}

static enum sc_status fail_timeout(struct sc__pool *pool, const char *label,
                                   int64_t waited, struct sc_error *err)
{
    const char *refused = pool->refused.message;
    return sc__fail(
        err, label, SC_TIMEOUT,
        "no connection became free in %d ms (%d of %d in use, %d waiting)%s%s",
        (int)(waited / 1000000), pool->made - pool->idle_count, pool->max,
        pool->waiting, *refused ? "; the last one could not be made: " : "", refused);
}

static enum sc_status wait_turn(struct sc__pool *pool, const struct sc__entry *entry,
                                struct sc__conn **conn, struct sc_error *err)
{
    struct waiter waiter = { 0 };
    if (!init_wake(&waiter.wake))
        return sc__fail_memory(err, entry->label);
    int64_t begun = sc__clock(), until = deadline(pool, entry, begun);
    struct timespec at = { (time_t)(until / 1000000000), (long)(until % 1000000000) };
    add_waiter(pool, &waiter);
    int result = 0;
    while (!waiter.served && result != ETIMEDOUT)
        result = until ? pthread_cond_timedwait(&waiter.wake, &pool->lock, &at)
                       : pthread_cond_wait(&waiter.wake, &pool->lock);
    enum sc_status status = SC_OK;
    if (!waiter.served) {
        status = fail_timeout(pool, entry->label, until - begun, err);
        remove_waiter(pool, &waiter);
    }
    pthread_cond_destroy(&waiter.wake);
    *conn = waiter.conn;
    return status;
}

/* ---- getting ------------------------------------------------------------------------------ */

/* An idle connection, or NULL with leave to make one. */
static enum sc_status claim(struct sc__pool *pool, const struct sc__entry *entry,
                            struct sc__conn **conn, struct sc_error *err)
{
    enum sc_status status = SC_OK;
    pthread_mutex_lock(&pool->lock);
    *conn = pool->idle;
    if (*conn) {
        pool->idle = (*conn)->next;
        pool->idle_count--;
    } else if (pool->made < pool->max) {
        pool->made++;
    } else {
        status = wait_turn(pool, entry, conn, err);
    }
    pthread_mutex_unlock(&pool->lock);
    return status;
}

/* Gives up the place of a connection: a waiter may make another in it. */
static void give_up(struct sc__pool *pool, const struct sc_error *why)
{
    pthread_mutex_lock(&pool->lock);
    if (why)
        pool->refused = *why;
    if (!serve(pool, NULL))
        pool->made--;
    bool last = pool->owner && pool->made == 0;
    pthread_mutex_unlock(&pool->lock);
    if (last)
        pool_free(pool);
}

static enum sc_status make(struct sc__pool *pool, const struct sc__entry *entry,
                           struct sc__conn **conn, struct sc_error *err)
{
    struct sc_error why;
    enum sc_status status = sc__conn_open(pool->from, entry->until, conn, &why);
    if (status == SC_OK) {
        pthread_mutex_lock(&pool->lock);
        pool->refused.message[0] = 0;
        pthread_mutex_unlock(&pool->lock);
        return SC_OK;
    }
    SC__ERROR_SET(&why, query, entry->label);
    if (err)
        *err = why;
    give_up(pool, &why);
    return status;
}

enum sc_status sc__pool_get(struct sc__pool *pool, const struct sc__entry *entry,
                            struct sc__conn **conn, struct sc_error *err)
{
    const char *label = entry->label;
    if (pool->forks != sc__forks)
        return sc__fail(err, label, SC_MISUSE, "the pool is the parent process's");
    enum sc_status status = claim(pool, entry, conn, err);
    if (status != SC_OK)
        return status;
    if (*conn && !sc__conn_check(*conn, entry->careful)) {
        sc__conn_close(*conn); /* its place is kept for the new one */
        *conn = NULL;
    }
    if (!*conn)
        status = make(pool, entry, conn, err);
    if (status == SC_OK)
        atomic_store(&(*conn)->busy, true);
    return status;
}

/* ---- putting back ---------------------------------------------------------------------------- */

static bool clean(struct sc__conn *conn)
{
    if (!sc__conn_alive(conn))
        return false;
    if (PQtransactionStatus(conn->pg) == PQTRANS_IDLE)
        return true;
    PGresult *result = sc__io_command(conn, "rollback");
    PQclear(result);
    return sc__conn_alive(conn) && PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
}

void sc__pool_put(struct sc__pool *pool, struct sc__conn *conn)
{
    bool fit = clean(conn) && !conn->lent;
    atomic_store(&conn->busy, false);
    pthread_mutex_lock(&pool->lock);
    bool kept = fit && !pool->owner;
    if (kept && !serve(pool, conn)) {
        conn->next = pool->idle;
        pool->idle = conn;
        pool->idle_count++;
    }
    pthread_mutex_unlock(&pool->lock);
    if (kept)
        return;
    sc__conn_close(conn);
    give_up(pool, NULL);
}
