/* conn.h: one connection to the server, and what is remembered about it.
 *
 * Used by one thread at a time: db.c and pool.c see to it.
 */
#ifndef SC_CONN_H
#define SC_CONN_H
#include "runtime/db/hooks.h"
#include "runtime/statement/plan.h"
#include "runtime/statement/types.h"
#include <stdatomic.h>

/* Where a connection comes from. Its members are the handle's, which outlives it. */
struct sc__origin {
    const char *url; /* as sc_open's */
    const struct sc__hooks *hooks;
    struct sc_options options;
};

/* What a pool knows of a connection of its. */
struct sc__place {
    struct sc__conn *next, *before;         /* among the idle */
    struct sc__conn *next_all, *before_all; /* among all */
    int64_t dies;                           /* sc__clock; INT64_MAX: never */
    int64_t since;                          /* idle since */
    int64_t waited;          /* nanoseconds that the present call waited for it */
    _Atomic uint64_t holder; /* the thread that used it last; 0: none */
    uint64_t waiter;         /* the thread, if it stands in line */
};

struct sc__conn {
    PGconn *pg; /* NULL: it could not be made again */
    struct sc__origin origin;
    atomic_bool busy;  /* a call is under way */
    atomic_int cancel; /* enum sc__cancel */
    bool adopted;      /* the caller's: not ours to close or reset */
    bool lent;         /* the caller may use pg between calls: leave it blocking */
    bool broken;       /* not fit for use, whatever PQstatus says */
    bool secret;       /* a statement that touches secrets is under way */
    bool tx_secret;    /* ... or was, in the open transaction: its end may quote them */
    struct sc_error trouble; /* of an attempt that may yet be made good */
    unsigned serial; /* of an adopted one: makes its statements' names its own */
    int64_t checked; /* sc__clock when a call last asked without care */
    const struct sc__hooks *hooks;
    bool begun;        /* sc_query has begun a transaction on it */
    bool changed;      /* ... or may have changed the session */
    unsigned forks;    /* sc__forks of the process that made it */
    struct sc_db *top; /* the innermost open transaction */
    bool spare;        /* a replica's: nothing is written there */
    uint64_t replayed; /* ... as far as it is known to be */
    bool late;         /* the call under way had no time left: see late.h */
    int64_t until;     /* sc__clock when the call under way must be over; 0: no limit */
    struct sc_db *held; /* a call through a view: the handle it was taken from */
    _Atomic(const char *) stream; /* the one that holds it, by its label; NULL: none */
    struct sc__plans plans;
    struct sc__types types;
    struct sc__place place; /* in its pool */
};

/* Connects. until: sc__clock by which it has to be over (SC_TIMEOUT); 0: never. */
enum sc_status sc__conn_open(const struct sc__origin *from, int64_t until,
                             struct sc__conn **conn, struct sc_error *err);
/* What is remembered about a connection, around it; pg NULL: none yet. NULL: no memory. */
struct sc__conn *sc__conn_new(PGconn *pg, const struct sc__hooks *hooks);
/* Takes over a caller's connection. */
enum sc_status sc__conn_adopt(PGconn *pg, const struct sc__hooks *hooks,
                              struct sc__conn **conn, struct sc_error *err);
void sc__conn_close(struct sc__conn *conn);
/* Connects again, by a new PGconn, until conn->until at most; all that was prepared is
 * forgotten. */
enum sc_status sc__conn_reset(struct sc__conn *conn, struct sc_error *err);

/* Whether statements have no names there, and are parsed at each use. */
static inline bool sc__conn_is_nameless(const struct sc__conn *conn)
{
    return conn->origin.options.statements == SC_STATEMENTS_UNNAMED;
}
/* Whether another server connection may run a statement each time. */
static inline bool sc__conn_is_pooled(const struct sc__conn *conn)
{
    return conn->origin.options.statements == SC_STATEMENTS_POOLED;
}
/* Whether texts travel as UTF-8. */
bool sc__conn_speaks_utf8(const struct sc__conn *conn);
/* Says, before a statement, whether it touches secrets; false after it. */
static inline void sc__conn_hush(struct sc__conn *conn, bool secret)
{
    conn->secret = secret;
    conn->tx_secret |= secret;
}

/* Whether it can be used, by what is known without asking. */
static inline bool sc__conn_alive(const struct sc__conn *conn)
{
    return !conn->broken && PQstatus(conn->pg) == CONNECTION_OK;
}
/* Whether a call was here a moment ago without care; one is now. */
static inline bool sc__conn_is_fresh(struct sc__conn *conn)
{
    enum { REST = 20 * 1000000 }; /* nanoseconds */
    int64_t now = sc__clock(), before = conn->checked;
    conn->checked = now;
    return now - before < REST;
}
/* Looks at the socket: a server that has gone has left its farewell or an end of file
 * there. A system call, no round trip. */
bool sc__conn_look(struct sc__conn *conn);
/* Whether it can be used. Not careful: without the look when it was so checked a moment
 * ago, for a call that can be run once more. */
static inline bool sc__conn_check(struct sc__conn *conn, bool careful)
{
    return (!careful && sc__conn_is_fresh(conn) && sc__conn_alive(conn)) ||
           sc__conn_look(conn);
}

/* cancelled.c: what a call on the connection came to that failed with `status` and *err,
 * once what is known about the connection is taken into account; *err is changed with it.
 *
 * - A call that ran out of its own time is SC_TIMEOUT, whatever it broke off with.
 * - SC_TIMEOUT in words that are not English: an idle server is asked whether statements
 *   have a timeout; where none has, it is SC_CANCELLED.
 * - A server that takes no more writes (25006) is not the one that was wanted: the
 *   connection is dropped, so that the next one looks for it. SC_CONNECTION. */
enum sc_status sc__cancelled_status(struct sc__conn *conn, enum sc_status status,
                                    struct sc_error *err);
/* Whether that is so, of a failure. */
bool sc__has_moved(const struct sc__conn *conn, const struct sc_error *err);

#endif
