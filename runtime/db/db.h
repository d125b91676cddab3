/* db.h: handles, and who may use a connection now. */
#ifndef SC_DB_H
#define SC_DB_H
#include "runtime/net/cancel.h"
#include "runtime/net/conn.h"
#include "runtime/net/fork.h"
#include "hooks.h"
#include <pthread.h>

enum sc__db_kind { SC__DB_CONN = 1, SC__DB_POOL, SC__DB_TX, SC__DB_QUEUE, SC__DB_VIEW };

struct sc__pool;
struct sc__replicas;

/* A handle that was given by a caller may be a VIEW, which has the first four members only,
 * and all but the kind NULL: nothing else of it is to be read before sc__db_enter, or
 * sc__view_base. */
struct sc_db {
    enum sc__db_kind kind;
    struct sc__conn *conn;  /* CONN, TX */
    struct sc__pool *pool;  /* POOL */
    struct sc_batch *batch; /* QUEUE */
    bool keeps; /* QUEUE: rows of calls without an output wait for `_take` */

    /* CONN and POOL */
    struct sc__hooks hooks;
    struct sc__origin origin;      /* its url points to: */
    char *url;                     /* NULL: the environment */
    struct sc__replicas *replicas; /* POOL; NULL: none */
    struct sc_db *home;            /* of a replica's pool: the primary's */
    atomic_int holders;            /* itself, and its replicas' pools */
    pthread_mutex_t lock;          /* over the transactions that have ended */
    struct sc_db *ended; /* the latest ones, kept so that a late use is noticed */
    unsigned nended;

    /* TX */
    bool over;
    bool read_only;          /* it was begun so */
    unsigned depth;          /* 0: a transaction, else a savepoint's number */
    int64_t until;           /* sc__clock when all of it must be over; 0: no limit */
    struct sc_db *root;      /* CONN or POOL */
    struct sc_db *outer;     /* the transaction that it is a savepoint of */
    struct sc_db *next;      /* in root->ended */
    struct sc_error failure; /* what made the server abort it */
};

/* Whether a call without an output keeps its row for a `_take`. (A view is no struct sc_db: its
 * kind is all that may be read.) */
static inline bool sc__db_keeps(const struct sc_db *db)
{
    return db->kind == SC__DB_QUEUE && db->keeps;
}

/* Makes a root handle (CONN, POOL) without a connection. NULL: no memory. */
struct sc_db *sc__db_new(enum sc__db_kind kind, const char *url);
/* Frees it when its replicas' are gone too. */
void sc__db_free(struct sc_db *db);

/* Takes db's connection for one call, connected and nobody else's: SC_MISUSE when another
 * thread is in it, when its transaction is open, or when db is a transaction that has
 * ended. Reconnects a lost connection outside transactions. Every enter that gives SC_OK
 * is followed by a leave. */
struct sc__entry {
    const char *label;
    bool careful;  /* see sc__conn_check */
    bool reads;    /* it is known to write nothing: a replica will do */
    int64_t until; /* sc__clock when the call must be over, SC_TIMEOUT; 0: no limit, but
                    * a pool's own for waiting */
};
/* What whoever wants a connection that is busy is told: SC_MISUSE. */
enum sc_status sc__db_refuse_busy(const struct sc__conn *conn, const char *label,
                                  struct sc_error *err);
enum sc_status sc__db_enter(struct sc_db *db, const struct sc__entry *entry,
                            struct sc__conn **conn, struct sc_error *err);
void sc__db_leave(struct sc_db *db, struct sc__conn *conn);

/* A read that a replica could not do: it went away, is in the way of recovery, is full, or
 * lacks what the primary has by now. */
bool sc__is_replicas_fault(enum sc_status status);
/* After a failure (*err) of a call that was entered: whether it is to be flown once more,
 * because nothing can have come of it and it may go better: outside transactions, a read
 * whose server went away (from a replica, also one that was in the way of recovery), and
 * anything that a server refused because it takes no more writes. *conn may be another
 * one then. */
bool sc__db_again(const struct sc__entry *entry, struct sc__conn **conn,
                  const struct sc_error *err);

/* The same for a connection of our own when nothing stands in the way, and nothing else.
 * False: sc__db_enter, which also says why. */
static inline bool sc__db_enter_at_once(struct sc_db *db, bool careful)
{
    struct sc__conn *conn = db->conn;
    if (db->kind != SC__DB_CONN || conn->forks != sc__forks || !sc__conn_seize(conn))
        return false;
    if (!conn->top && !conn->lent && sc__conn_check(conn, careful))
        return true;
    atomic_store_explicit(&conn->busy, false, memory_order_release);
    return false;
}

/* sc__db_leave, at once for a connection of our own. */
static inline void sc__db_leave_at_once(struct sc_db *db, struct sc__conn *conn)
{
    if (db->kind != SC__DB_CONN || conn->held || conn->until)
        sc__db_leave(db, conn);
    else
        atomic_store_explicit(&conn->busy, false, memory_order_release);
}

/* The hooks of the handle that db stands on. */
const struct sc__hooks *sc__db_hooks(const struct sc_db *db);

/* Remembers why the server aborted a transaction, for commit to tell. */
void sc__db_note_failure(struct sc_db *db, const struct sc_error *err);

#endif
