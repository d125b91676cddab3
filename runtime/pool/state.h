/* state.h: the inside of a pool, which pool.c and pool_*.c share; nobody else
 * includes it. Everything here is used with the lock held unless it says so.
 *
 * `made` connections exist or are being made; `max` bounds them. While anybody stands in
 * line no connection is idle.
 */
#ifndef SC_POOL_STATE_H
#define SC_POOL_STATE_H
#include "runtime/sc_internal.h"
#include <pthread.h>

/* A thread in line, on its own stack. */
struct sc__waiter {
    struct sc__waiter *next, *before;
    pthread_cond_t wake;
    uint64_t who;          /* sc__pool_me */
    struct sc__conn *conn; /* handed over; NULL with `served`: a place to make one in */
    bool served;
};

struct sc__pool {
    pthread_mutex_t lock;
    const struct sc__origin *from; /* the handle's */
    unsigned forks;                /* sc__forks of the process that made it */
    struct sc_pool_options set;    /* without defaults to be filled in */
    int64_t lifetime;              /* nanoseconds; INT64_MAX: for ever */
    int64_t idle_time;
    struct sc_db *owner; /* set when closed: freed with the last connection */
    int guests;          /* threads inside that hold no connection of it */

    struct sc__conn *all;       /* made and not being made: `open` of them */
    struct sc__conn *idle;      /* the one used last comes first */
    struct sc__conn *idle_last; /* the one unused for longest */
    struct sc__waiter *first;   /* the line */
    struct sc__waiter *last;
    struct sc_pool_stats counts; /* open, idle, connecting and waiting included */

    int64_t
        retry_at; /* after a failure: no connection is made before, while others live */
    int64_t pause;   /* how long the last such wait was */
    int64_t tend_at; /* when upkeep is due; INT64_MAX: never */
    uint64_t chance;
};

/* One call's way to a connection. */
struct sc__visit {
    const char *label;
    int64_t began; /* sc__clock */
    int64_t until; /* INT64_MAX: for ever */
    bool careful;
    bool front; /* its turn had come before: it need not go to the end of the line */
};

/* ---- waiting.c ---- */

/* Stands in line. SC_OK: *conn, or NULL for a place, counted in `connecting`. Lets go of
 * the lock while it waits. */
enum sc_status sc__line_wait(struct sc__pool *pool, const struct sc__visit *visit,
                             struct sc__conn **conn, struct sc_error *err);
/* Hands a connection to the first in line. False: there is none. */
bool sc__line_serve(struct sc__pool *pool, struct sc__conn *conn);
/* Gives the places that there are to whoever stands in line. */
void sc__line_grant(struct sc__pool *pool, int64_t now);
/* Whether a connection may be made now by whoever's turn it is. */
bool sc__line_may_make(const struct sc__pool *pool, int64_t now);
/* Whether every open connection is held by this thread or by threads that wait: nothing
 * will come back. */
bool sc__line_is_stuck(const struct sc__pool *pool);
/* "3 of 8 in use, 1 being made, 2 waiting", for messages. */
struct sc__tally {
    char text[96];
};
struct sc__tally sc__line_tally(const struct sc__pool *pool);

/* ---- pool.c ---- */

/* Unlocks the pool; and frees it when it was closed and nobody will come back to it. */
void sc__pool_unlock(struct sc__pool *pool);

/* ---- shelf.c ---- */

/* Takes one from among the idle. */
void sc__pool_unshelve(struct sc__pool *pool, struct sc__conn *conn);
/* A connection that was made in a place: counts it. */
void sc__pool_admit(struct sc__pool *pool, struct sc__conn *conn, int64_t now);
/* Makes one in a place that was given, which is given up when it fails. Without the lock. */
enum sc_status sc__pool_make(struct sc__pool *pool, int64_t until,
                             struct sc__conn **conn, struct sc_error *err);
/* Gives one that is whole to whoever waits, or puts it with the idle. */
void sc__pool_shelve(struct sc__pool *pool, struct sc__conn *conn, int64_t now);
/* Closes one that is nowhere but in `all`, and counts it in *count; its place is free
 * after. Without the lock. */
void sc__pool_retire(struct sc__pool *pool, struct sc__conn *conn, int64_t *count);

/* ---- tend.c ---- */

/* How much of it a call does. */
struct sc__upkeep {
    int spares;    /* connections to make at most, those that are wanting to `min` */
    int64_t until; /* for each of them */
};
/* Makes the caller a guest, and says that upkeep is not due for a while. */
void sc__pool_begin_upkeep(struct sc__pool *pool, int64_t now);
/* Closes what has been idle or alive for too long, and makes spares. Without the lock,
 * after sc__pool_begin_upkeep, whose guest leaves. */
enum sc_status sc__pool_upkeep(struct sc__pool *pool, const struct sc__upkeep *upkeep,
                               struct sc_error *err);

#endif
