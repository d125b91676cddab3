/* pool.h: a bounded number of connections, shared by threads.
 *
 * Whoever finds no connection stands in line, and is served in the order of coming: a
 * connection that comes back is handed to the first of the line, not put where a newcomer
 * could take it. A place (a connection that may be made) is given in the same order.
 * There is no thread of the pool's own: what is to be done beside the calls is done by
 * calls that give a connection back, or by sc_pool_tend.
 */
#ifndef SC_POOL_H
#define SC_POOL_H
#include "runtime/net/conn.h"

struct sc__pool;

/* NULL: no memory. options have been checked; from is the handle's, which outlives the
 * pool. */
struct sc__pool *sc__pool_new(const struct sc_pool_options *options,
                              const struct sc__origin *from);
/* What is wrong with options; NULL: nothing. */
const char *sc__pool_unfit(const struct sc_pool_options *options);
/* Closes it: whoever stands in line gets SC_MISUSE; connections that are out are closed as
 * they come back, and the pool and then `owner` are freed with the last of them. */
void sc__pool_close(struct sc__pool *pool, struct sc_db *owner);

/* Gives a connection that is alive, idle and clean, its `busy` set. SC_TIMEOUT: none
 * became free until entry->until or for acquire_timeout_ms; SC_BUSY: too many wait
 * already; SC_CONNECTION and its like: none could be made, and none is there to be waited
 * for; SC_MISUSE: nobody but threads that wait can give one back. conn->place.waited is
 * the time that all of it took. */
struct sc__entry;
enum sc_status sc__pool_get(struct sc__pool *pool, const struct sc__entry *entry,
                            struct sc__conn **conn, struct sc_error *err);
/* Takes it back: waits for a cancel that is on its way, rolls back a transaction that is
 * still open, and clears a session that was changed; what cannot be cleaned is closed. */
void sc__pool_put(struct sc__pool *pool, struct sc__conn *conn);

/* How long the call that got the connection waited for it; told once. */
static inline int64_t sc__pool_waited(struct sc__conn *conn)
{
    int64_t waited = conn->place.waited;
    conn->place.waited = 0;
    return waited;
}

/* The calling thread's number, as place.holder has it: never 0, and never another's. */
uint64_t sc__pool_me(void);
/* Says that the calling thread is the one that uses a connection now; for transactions,
 * which may wander from thread to thread. */
static inline void sc__pool_hold(struct sc__conn *conn)
{
    atomic_store_explicit(&conn->place.holder, sc__pool_me(), memory_order_relaxed);
}

#endif
