/* tend.c: what a pool does beside giving out connections: closing the old and the idle,
 * and keeping `min`. It must not make anybody wait who did not ask for it, but for the
 * making of one connection. */
#include "state.h"
#include <limits.h>

void sc__pool_begin_upkeep(struct sc__pool *pool, int64_t now)
{
    const int64_t pause = 250000000; /* nanoseconds */
    pool->guests++;
    if (pool->tend_at != INT64_MAX)
        pool->tend_at = now + pause;
}

static struct sc__conn *outlived(const struct sc__pool *pool, int64_t now)
{
    struct sc__conn *conn = pool->idle;
    while (conn && now < conn->place.dies)
        conn = conn->place.next;
    return conn;
}

/* An idle connection that is to be closed. Where there is room, one that is wanted for
 * `min` waits for its successor. */
static struct sc__conn *overdue(struct sc__pool *pool, int64_t now, int64_t **count)
{
    int open = pool->counts.open;
    struct sc__conn *conn = pool->idle_last;
    *count = &pool->counts.closed_idle;
    if (conn && open > pool->set.min && now - conn->place.since >= pool->idle_time)
        return conn;
    *count = &pool->counts.closed_lifetime;
    return open > pool->set.min || open >= pool->set.max ? outlived(pool, now) : NULL;
}

static bool wants_spare(const struct sc__pool *pool, int64_t now)
{
    const struct sc_pool_stats *counts = &pool->counts;
    int made = counts->open + counts->connecting;
    if (pool->owner || pool->first || !sc__line_may_make(pool, now) ||
        now < pool->retry_at)
        return false;
    return made < pool->set.min || (!counts->connecting && outlived(pool, now));
}

static enum sc_status make_spare(struct sc__pool *pool, int64_t until,
                                 struct sc_error *err)
{
    struct sc__conn *conn;
    enum sc_status status = sc__pool_make(pool, until, &conn, err);
    if (status != SC_OK)
        return status;
    pthread_mutex_lock(&pool->lock);
    bool keep = !pool->owner;
    if (keep)
        sc__pool_shelve(pool, conn, sc__clock());
    pthread_mutex_unlock(&pool->lock);
    if (!keep)
        sc__pool_retire(pool, conn, NULL);
    return SC_OK;
}

enum sc_status sc__pool_upkeep(struct sc__pool *pool, const struct sc__upkeep *upkeep,
                               struct sc_error *err)
{
    enum sc_status status = SC_OK;
    int left = upkeep->spares;
    for (bool more = true; more && status == SC_OK;) {
        int64_t *count, now = sc__clock();
        pthread_mutex_lock(&pool->lock);
        struct sc__conn *conn = overdue(pool, now, &count);
        bool make = !conn && left > 0 && wants_spare(pool, now);
        if (conn)
            sc__pool_unshelve(pool, conn);
        pool->counts.connecting += make;
        pthread_mutex_unlock(&pool->lock);
        more = conn || make;
        left -= make;
        if (conn)
            sc__pool_retire(pool, conn, count);
        if (make)
            status = make_spare(pool, upkeep->until, err);
    }
    pthread_mutex_lock(&pool->lock);
    pool->guests--;
    sc__pool_unlock(pool);
    return status;
}

enum sc_status sc_pool_tend(struct sc_db *db, struct sc_error *err)
{
    if (!db || db->kind != SC__DB_POOL || db->pool->forks != sc__forks)
        return sc__fail(err, "sc_pool_tend", SC_MISUSE, "this is no pool of ours");
    struct sc__pool *pool = db->pool;
    int64_t now = sc__clock();
    int timeout = pool->set.acquire_timeout_ms;
    pthread_mutex_lock(&pool->lock);
    pool->retry_at = 0; /* whoever asks wants to know whether it goes now */
    sc__pool_begin_upkeep(pool, now);
    pthread_mutex_unlock(&pool->lock);
    const struct sc__upkeep all = { INT_MAX, timeout < 0
                                                 ? INT64_MAX
                                                 : now + (int64_t)timeout * 1000000 };
    return sc__pool_upkeep(pool, &all, err);
}
