/* pool.c: who gets which connection when. It must not send anything but a ROLLBACK and a
 * DISCARD. */
#include "runtime/inline.h"
#include "state.h"
#include <stdlib.h>

static const int64_t second = 1000000000;

uint64_t sc__pool_me(void)
{
    static _Thread_local uint64_t me;
    static _Atomic uint64_t last;
    if (!me)
        me = atomic_fetch_add(&last, 1) + 1;
    return me;
}

/* ---- opening and closing ------------------------------------------------------------------ */

const char *sc__pool_unfit(const struct sc_pool_options *options)
{
    if (options->max < 0 || options->min < 0 || options->max_waiting < 0 ||
        options->max_connecting < 0)
        return "a pool's number is below 0";
    if (options->min > (options->max ? options->max : 8))
        return "a pool's min is above its max";
    return NULL;
}

static int either(int given, int otherwise)
{
    return given ? given : otherwise;
}

static int64_t seconds(int given)
{
    return given < 0 ? INT64_MAX : given * second;
}

static void settle_options(struct sc__pool *pool, const struct sc_pool_options *options)
{
    struct sc_pool_options *set = &pool->set;
    if (options)
        *set = *options;
    set->max = either(set->max, 8);
    set->acquire_timeout_ms = either(set->acquire_timeout_ms, 30000);
    set->max_lifetime_s = either(set->max_lifetime_s, 1800);
    set->idle_timeout_s = either(set->idle_timeout_s, 600);
    set->max_connecting = either(set->max_connecting, 2);
    pool->lifetime = seconds(set->max_lifetime_s);
    pool->idle_time = seconds(set->idle_timeout_s);
    if (!set->min && pool->idle_time == INT64_MAX && pool->lifetime == INT64_MAX)
        pool->tend_at = INT64_MAX;
}

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
    pool->chance = (uint64_t)sc__clock() ^ (uint64_t)(uintptr_t)pool;
    settle_options(pool, options);
    return pool;
}

/* Whether it was closed and nobody will come back to it. */
static bool is_over(const struct sc__pool *pool)
{
    const struct sc_pool_stats *counts = &pool->counts;
    return pool->owner && !counts->open && !counts->connecting && !pool->guests;
}

void sc__pool_unlock(struct sc__pool *pool)
{
    struct sc_db *owner = is_over(pool) ? pool->owner : NULL;
    pthread_mutex_unlock(&pool->lock);
    if (!owner)
        return;
    pthread_mutex_destroy(&pool->lock);
    free(pool);
    sc__db_free(owner);
}

void sc__pool_close(struct sc__pool *pool, struct sc_db *owner)
{
    if (pool->forks != sc__forks)
        return; /* its lock may be held by a thread that is not here */
    pthread_mutex_lock(&pool->lock);
    pool->guests++;
    pool->owner = owner;
    for (struct sc__waiter *waiter = pool->first; waiter; waiter = waiter->next)
        pthread_cond_signal(&waiter->wake);
    while (pool->idle) {
        struct sc__conn *idle = pool->idle;
        sc__pool_unshelve(pool, idle);
        pthread_mutex_unlock(&pool->lock);
        sc__pool_retire(pool, idle, NULL);
        pthread_mutex_lock(&pool->lock);
    }
    pool->guests--;
    sc__pool_unlock(pool);
}

void sc_pool_stats_get(struct sc_db *db, struct sc_pool_stats *out)
{
    *out = (struct sc_pool_stats){ 0 };
    if (!db || db->kind != SC__DB_POOL || db->pool->forks != sc__forks)
        return;
    pthread_mutex_lock(&db->pool->lock);
    *out = db->pool->counts;
    pthread_mutex_unlock(&db->pool->lock);
    out->in_use = out->open - out->idle;
}

/* ---- getting ------------------------------------------------------------------------------ */

/* An idle connection, or NULL with a place to make one. */
static enum sc_status claim(struct sc__pool *pool, const struct sc__visit *visit,
                            struct sc__conn **conn, struct sc_error *err)
{
    enum sc_status status = SC_OK;
    pthread_mutex_lock(&pool->lock);
    *conn = pool->idle;
    if (pool->owner) {
        status = sc__fail(err, visit->label, SC_MISUSE, "the pool was closed");
    } else if (*conn) {
        sc__pool_unshelve(pool, *conn);
        sc__pool_hold(*conn);
        pool->counts.acquired++;
    } else if ((!pool->first || visit->front) && sc__line_may_make(pool, sc__clock())) {
        pool->counts.connecting++;
    } else {
        status = sc__line_wait(pool, visit, conn, err);
    }
    pthread_mutex_unlock(&pool->lock); /* a guest's: it is not over */
    return status;
}

/* Whether a connection that could not be made is worth waiting for another. */
static bool is_worth_waiting(struct sc__pool *pool, const struct sc__visit *visit)
{
    if (sc__clock() >= visit->until)
        return false;
    pthread_mutex_lock(&pool->lock);
    bool worth = !pool->owner && pool->counts.open && !sc__line_is_stuck(pool);
    pthread_mutex_unlock(&pool->lock);
    return worth;
}

/* Fills the place. *again: it failed, and others are there to be waited for. */
static enum sc_status fill(struct sc__pool *pool, const struct sc__visit *visit,
                           struct sc__conn **conn, bool *again, struct sc_error *err)
{
    struct sc_error why;
    enum sc_status status = sc__pool_make(pool, visit->until, conn, &why);
    if (status == SC_OK) {
        pthread_mutex_lock(&pool->lock);
        sc__pool_hold(*conn);
        pool->counts.acquired++;
        pthread_mutex_unlock(&pool->lock);
        return SC_OK;
    }
    *again = is_worth_waiting(pool, visit);
    if (!*again && err) {
        *err = why;
        SC__ERROR_SET(err, query, visit->label);
    }
    return status;
}

/* It had gone while it was idle. */
static void drop_dead(struct sc__pool *pool, struct sc__conn *conn)
{
    pthread_mutex_lock(&pool->lock);
    pool->counts.acquired--;
    pthread_mutex_unlock(&pool->lock);
    sc__pool_retire(pool, conn, &pool->counts.closed_broken);
}

static enum sc_status visit_pool(struct sc__pool *pool, struct sc__visit *visit,
                                 struct sc__conn **conn, struct sc_error *err)
{
    for (;; visit->front = true) {
        bool again = false;
        enum sc_status status = claim(pool, visit, conn, err);
        if (status == SC_OK && !*conn) {
            status = fill(pool, visit, conn, &again, err);
        } else if (status == SC_OK && !sc__conn_check(*conn, visit->careful)) {
            drop_dead(pool, *conn);
            again = true;
        }
        if (!again)
            return status;
    }
}

SC__ALONE enum sc_status get_slowly(struct sc__pool *pool, struct sc__visit *visit,
                                    struct sc__conn **conn, struct sc_error *err)
{
    struct sc__conn *dead = *conn;
    int timeout = pool->set.acquire_timeout_ms;
    int64_t given = visit->until;
    visit->began = sc__clock();
    visit->until = timeout < 0 ? INT64_MAX : visit->began + timeout * second / 1000;
    if (given && given < visit->until)
        visit->until = given;
    visit->front = dead != NULL;
    pthread_mutex_lock(&pool->lock);
    pool->guests++;
    pthread_mutex_unlock(&pool->lock);
    if (dead)
        drop_dead(pool, dead);
    enum sc_status status = visit_pool(pool, visit, conn, err);
    pthread_mutex_lock(&pool->lock);
    pool->guests--;
    sc__pool_unlock(pool);
    if (status == SC_OK)
        (*conn)->place.waited = sc__clock() - visit->began;
    else
        *conn = NULL;
    return status;
}

enum sc_status sc__pool_get(struct sc__pool *pool, const struct sc__entry *entry,
                            struct sc__conn **conn, struct sc_error *err)
{
    if (pool->forks != sc__forks)
        return sc__fail(err, entry->label, SC_MISUSE,
                        "the pool is the parent process's");
    pthread_mutex_lock(&pool->lock);
    *conn = pool->idle;
    if (*conn) {
        sc__pool_unshelve(pool, *conn);
        sc__pool_hold(*conn);
        pool->counts.acquired++;
    }
    pthread_mutex_unlock(&pool->lock);
    if (SC__MOSTLY(*conn && sc__conn_check(*conn, entry->careful))) {
        (*conn)->place.waited = 0;
    } else {
        struct sc__visit visit = { .label = entry->label,
                                   .until = entry->until,
                                   .careful = entry->careful };
        enum sc_status status = get_slowly(pool, &visit, conn, err);
        if (status != SC_OK)
            return status;
    }
    atomic_store_explicit(&(*conn)->busy, true, memory_order_relaxed);
    return SC_OK;
}

/* ---- putting back ---------------------------------------------------------------------------- */

static bool is_whole(const struct sc__conn *conn)
{
    return sc__conn_alive(conn) && PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
}

SC__ALONE bool clean(struct sc__pool *pool, struct sc__conn *conn)
{
    if (!sc__conn_alive(conn) || conn->lent || PQpipelineStatus(conn->pg))
        return false;
    if (!is_whole(conn))
        PQclear(sc__io_command(conn, "rollback"));
    conn->begun = false;
    if (!conn->changed || !is_whole(conn))
        return is_whole(conn);
    /* Everything of the session's, statements that are prepared included. */
    PGresult *result = sc__io_command(conn, "discard all");
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    sc__plans_forget(&conn->plans);
    conn->changed = false;
    pthread_mutex_lock(&pool->lock);
    pool->counts.cleaned++;
    pthread_mutex_unlock(&pool->lock);
    return done && is_whole(conn);
}

/* Whether one has lived long enough, and may go now: `min` are kept until upkeep has made
 * a successor, but not while others wait, or the busy would never be renewed. */
static bool is_due(const struct sc__pool *pool, const struct sc__conn *conn,
                   int64_t now)
{
    return now >= conn->place.dies &&
           (pool->first || pool->counts.open > pool->set.min);
}

void sc__pool_put(struct sc__pool *pool, struct sc__conn *conn)
{
    int64_t *count = NULL;
    sc__cancel_settle(conn);
    bool plain = is_whole(conn) && !conn->lent && !conn->changed && !conn->begun;
    if (!SC__MOSTLY(plain) && !clean(pool, conn))
        count = &pool->counts.closed_broken;
    int64_t now = sc__clock();
    atomic_store_explicit(&conn->busy, false, memory_order_release);
    pthread_mutex_lock(&pool->lock);
    if (!count && is_due(pool, conn, now))
        count = &pool->counts.closed_lifetime;
    bool keep = !count && !pool->owner, tend = now >= pool->tend_at && !pool->owner;
    if (keep)
        sc__pool_shelve(pool, conn, now);
    if (tend)
        sc__pool_begin_upkeep(pool, now);
    pthread_mutex_unlock(&pool->lock);
    if (!keep)
        sc__pool_retire(pool, conn, count);
    if (tend)
        (void)sc__pool_upkeep(pool, &(struct sc__upkeep){ 1, now + second }, NULL);
}
