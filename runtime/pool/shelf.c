/* shelf.c: the connections that a pool has: made, idle, closed. It must not know who
 * waits for them, but for whom is next. */
#include "state.h"

static const int64_t second = 1000000000;

/* ---- connections of the pool -------------------------------------------------------------- */

void sc__pool_unshelve(struct sc__pool *pool, struct sc__conn *conn)
{
    struct sc__place *place = &conn->place;
    if (place->before)
        place->before->place.next = place->next;
    else
        pool->idle = place->next;
    if (place->next)
        place->next->place.before = place->before;
    else
        pool->idle_last = place->before;
    place->waiter = 0;
    pool->counts.idle--;
}

void sc__pool_shelve(struct sc__pool *pool, struct sc__conn *conn, int64_t now)
{
    struct sc__place *place = &conn->place;
    if (sc__line_serve(pool, conn)) {
        pool->counts.acquired++;
        sc__line_grant(pool, now); /* the next one is first now, and watches retry_at */
        return;
    }
    atomic_store_explicit(&place->holder, 0, memory_order_relaxed);
    place->since = now;
    place->before = NULL;
    place->next = pool->idle;
    if (pool->idle)
        pool->idle->place.before = conn;
    else
        pool->idle_last = conn;
    pool->idle = conn;
    pool->counts.idle++;
}

/* Less up to a tenth, so that what was opened together does not end together. */
static int64_t end_of_life(struct sc__pool *pool, int64_t now)
{
    if (pool->lifetime == INT64_MAX)
        return INT64_MAX;
    pool->chance ^= pool->chance << 13; /* xorshift64, Marsaglia 2003 */
    pool->chance ^= pool->chance >> 7;
    pool->chance ^= pool->chance << 17;
    return now + pool->lifetime -
           (int64_t)(pool->chance % (uint64_t)(pool->lifetime / 10 + 1));
}

void sc__pool_admit(struct sc__pool *pool, struct sc__conn *conn, int64_t now)
{
    conn->place = (struct sc__place){ .next_all = pool->all,
                                      .dies = end_of_life(pool, now) };
    if (pool->all)
        pool->all->place.before_all = conn;
    pool->all = conn;
    pool->counts.open++;
}

static void unlist(struct sc__pool *pool, struct sc__conn *conn)
{
    struct sc__place *place = &conn->place;
    if (place->before_all)
        place->before_all->place.next_all = place->next_all;
    else
        pool->all = place->next_all;
    if (place->next_all)
        place->next_all->place.before_all = place->before_all;
}

void sc__pool_retire(struct sc__pool *pool, struct sc__conn *conn, int64_t *count)
{
    pthread_mutex_lock(&pool->lock);
    unlist(pool, conn);
    if (count)
        ++*count;
    pthread_mutex_unlock(&pool->lock);
    sc__conn_close(
        conn); /* before its place is given to another: the server counts, too */
    pthread_mutex_lock(&pool->lock);
    pool->counts.open--;
    sc__line_grant(pool, sc__clock());
    sc__pool_unlock(pool);
}

/* ---- making one ----------------------------------------------------------------------------- */

/* Others are there to be waited for: it is tried again in a while, and then less often. */
static void note_failure(struct sc__pool *pool, const struct sc_error *why)
{
    const int64_t least = second / 20, most = 2 * second;
    pool->counts.connect_failures++;
    SC__ERROR_SET(&pool->counts, last_connect_error, why->message);
    pool->pause = pool->pause ? pool->pause * 2 : least;
    if (pool->pause > most)
        pool->pause = most;
    pool->retry_at = sc__clock() + pool->pause;
}

static void note_success(struct sc__pool *pool)
{
    pool->counts.connects++;
    pool->counts.last_connect_error[0] = 0;
    pool->pause = 0;
    pool->retry_at = 0;
}

enum sc_status sc__pool_make(struct sc__pool *pool, int64_t until,
                             struct sc__conn **conn, struct sc_error *err)
{
    struct sc_error why;
    struct sc__conn *made = NULL;
    enum sc_status status = sc__conn_open(pool->from, until == INT64_MAX ? 0 : until,
                                          &made, &why);
    pthread_mutex_lock(&pool->lock);
    pool->counts.connecting--;
    if (status != SC_OK) {
        note_failure(pool, &why);
    } else {
        note_success(pool);
        sc__pool_admit(pool, made, sc__clock());
    }
    sc__line_grant(pool, sc__clock());
    sc__pool_unlock(pool);
    if (status != SC_OK && err)
        *err = why;
    *conn = made;
    return status;
}
