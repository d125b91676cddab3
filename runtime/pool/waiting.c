/* waiting.c: who waits for a connection, and who is next. It must not open or close one. */
#include "state.h"
#include <errno.h>
#include <stdio.h>
#include <time.h>

/* ---- the line ---------------------------------------------------------------------------- */

static void add_last(struct sc__pool *pool, struct sc__waiter *waiter)
{
    waiter->before = pool->last;
    if (pool->last)
        pool->last->next = waiter;
    else
        pool->first = waiter;
    pool->last = waiter;
    pool->counts.waiting++;
}

static void add_first(struct sc__pool *pool, struct sc__waiter *waiter)
{
    waiter->next = pool->first;
    if (pool->first)
        pool->first->before = waiter;
    else
        pool->last = waiter;
    pool->first = waiter;
    pool->counts.waiting++;
}

static void leave(struct sc__pool *pool, struct sc__waiter *waiter)
{
    if (waiter->before)
        waiter->before->next = waiter->next;
    else
        pool->first = waiter->next;
    if (waiter->next)
        waiter->next->before = waiter->before;
    else
        pool->last = waiter->before;
    pool->counts.waiting--;
}

static void serve(struct sc__pool *pool, struct sc__waiter *waiter,
                  struct sc__conn *conn)
{
    leave(pool, waiter);
    waiter->conn = conn;
    waiter->served = true;
    pthread_cond_signal(&waiter->wake);
}

bool sc__line_serve(struct sc__pool *pool, struct sc__conn *conn)
{
    struct sc__waiter *waiter = pool->first;
    if (!waiter)
        return false;
    atomic_store_explicit(&conn->place.holder, waiter->who, memory_order_relaxed);
    serve(pool, waiter, conn);
    return true;
}

static bool has_place(const struct sc__pool *pool)
{
    const struct sc_pool_stats *counts = &pool->counts;
    return counts->open + counts->connecting < pool->set.max &&
           counts->connecting < pool->set.max_connecting;
}

bool sc__line_may_make(const struct sc__pool *pool, int64_t now)
{
    return has_place(pool) && (!pool->counts.open || now >= pool->retry_at);
}

void sc__line_grant(struct sc__pool *pool, int64_t now)
{
    while (pool->first && has_place(pool) && !pool->owner) {
        if (!sc__line_may_make(pool, now)) {
            pthread_cond_signal(&pool->first->wake); /* it sets its alarm by retry_at */
            return;
        }
        pool->counts.connecting++;
        serve(pool, pool->first, NULL);
    }
}

/* ---- waiting for oneself ----------------------------------------------------------------- */

static uint64_t holder(const struct sc__conn *conn)
{
    return atomic_load_explicit(&conn->place.holder, memory_order_relaxed);
}

/* How many connections the thread holds. Idle ones are nobody's. */
static int held_by(const struct sc__pool *pool, uint64_t who)
{
    int count = 0;
    for (const struct sc__conn *conn = pool->all; conn; conn = conn->place.next_all)
        count += holder(conn) == who;
    return count;
}

/* Says that the thread's connections will not come back before one is free; and that they
 * may. */
static void mark_held(struct sc__pool *pool, uint64_t who)
{
    for (struct sc__conn *conn = pool->all; conn; conn = conn->place.next_all)
        if (holder(conn) == who)
            conn->place.waiter = who;
}

static void unmark_held(struct sc__pool *pool, uint64_t who)
{
    for (struct sc__conn *conn = pool->all; conn; conn = conn->place.next_all)
        if (conn->place.waiter == who)
            conn->place.waiter = 0;
}

bool sc__line_is_stuck(const struct sc__pool *pool)
{
    uint64_t me = sc__pool_me();
    int mine = 0, theirs = 0;
    for (const struct sc__conn *conn = pool->all; conn; conn = conn->place.next_all) {
        uint64_t who = holder(conn);
        mine += who == me;
        theirs += who != me && who && conn->place.waiter == who;
    }
    /* Those that are being closed are open, and not among all. */
    return mine && mine + theirs == pool->counts.open && !pool->counts.connecting;
}

/* ---- failing -------------------------------------------------------------------------------- */

struct sc__tally sc__line_tally(const struct sc__pool *pool)
{
    const struct sc_pool_stats *counts = &pool->counts;
    struct sc__tally tally;
    int n = snprintf(tally.text, sizeof(tally.text), "%d of %d in use, ",
                     counts->open - counts->idle, pool->set.max);
    if (counts->connecting && n > 0)
        n += snprintf(tally.text + n, sizeof(tally.text) - (size_t)n, "%d being made, ",
                      counts->connecting);
    if (n > 0)
        snprintf(tally.text + n, sizeof(tally.text) - (size_t)n, "%d waiting",
                 counts->waiting);
    return tally;
}

static enum sc_status fail_timeout(struct sc__pool *pool, const struct sc__visit *visit,
                                   struct sc_error *err)
{
    const char *refused = pool->counts.last_connect_error;
    pool->counts.timeouts++;
    return sc__fail(
        err, visit->label, SC_TIMEOUT, "no connection became free in %lld ms (%s)%s%s",
        (long long)((visit->until - visit->began) / 1000000), sc__line_tally(pool).text,
        *refused ? "; the last one could not be made: " : "", refused);
}

static enum sc_status fail_stuck(struct sc__pool *pool, const struct sc__visit *visit,
                                 struct sc_error *err)
{
    pool->counts.refused++;
    return sc__fail(
        err, visit->label, SC_MISUSE,
        "this thread would wait for itself: all connections of the pool are "
        "held by threads that want another, %d by this one (in a "
        "transaction, make its calls on the transaction)",
        held_by(pool, sc__pool_me()));
}

static enum sc_status fail_full(struct sc__pool *pool, const struct sc__visit *visit,
                                struct sc_error *err)
{
    pool->counts.refused++;
    return sc__fail(err, visit->label, SC_BUSY,
                    "too many calls wait for a connection (%s)",
                    sc__line_tally(pool).text);
}

static enum sc_status fail_closed(const struct sc__visit *visit, struct sc_error *err)
{
    return sc__fail(err, visit->label, SC_MISUSE, "the pool was closed");
}

/* ---- waiting -------------------------------------------------------------------------------- */

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

static void sleep_until(struct sc__pool *pool, struct sc__waiter *waiter, int64_t until)
{
    const struct timespec at = { .tv_sec = (time_t)(until / 1000000000),
                                 .tv_nsec = (long)(until % 1000000000) };
    if (until == INT64_MAX)
        pthread_cond_wait(&waiter->wake, &pool->lock);
    else
        pthread_cond_timedwait(&waiter->wake, &pool->lock, &at);
}

/* The first in line tries again, some time after a connection could not be made. */
static int64_t alarm_of(const struct sc__pool *pool, const struct sc__waiter *waiter,
                        int64_t until)
{
    if (waiter == pool->first && has_place(pool) && pool->retry_at < until)
        return pool->retry_at;
    return until;
}

/* Gives when it was over. */
static int64_t wait_turn(struct sc__pool *pool, const struct sc__visit *visit,
                         struct sc__waiter *waiter)
{
    for (;;) {
        sleep_until(pool, waiter, alarm_of(pool, waiter, visit->until));
        int64_t now = sc__clock();
        if (waiter->served || pool->owner || now >= visit->until)
            return now;
        sc__line_grant(pool, now);
        if (waiter->served)
            return now;
    }
}

static void count_wait(struct sc_pool_stats *counts, int64_t waited)
{
    counts->waited++;
    counts->wait_ns += waited;
    counts->waits[sc__bucket(waited)]++;
}

enum sc_status sc__line_wait(struct sc__pool *pool, const struct sc__visit *visit,
                             struct sc__conn **conn, struct sc_error *err)
{
    struct sc__waiter waiter = { .who = sc__pool_me() };
    const int bound = pool->set.max_waiting;
    if (bound && pool->counts.waiting >= bound && !visit->front)
        return fail_full(pool, visit, err);
    if (pool->counts.open == pool->set.max && sc__line_is_stuck(pool))
        return fail_stuck(pool, visit, err);
    if (!init_wake(&waiter.wake))
        return sc__fail_memory(err, visit->label);
    (visit->front ? add_first : add_last)(pool, &waiter);
    mark_held(pool, waiter.who);
    int64_t begun = sc__clock(), ended = wait_turn(pool, visit, &waiter);
    unmark_held(pool, waiter.who);
    count_wait(&pool->counts, ended - begun);
    enum sc_status status = SC_OK;
    if (!waiter.served) {
        status = pool->owner ? fail_closed(visit, err) : fail_timeout(pool, visit, err);
        leave(pool, &waiter);
        sc__line_grant(pool, ended); /* the next one is first now */
    }
    pthread_cond_destroy(&waiter.wake);
    *conn = waiter.conn;
    return status;
}
