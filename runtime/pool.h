/* pool.h: a bounded number of connections, shared by threads.
 *
 * Waiters are served in the order in which they came: a connection that comes back is
 * handed to the first of them, not put where a newcomer could take it.
 */
#ifndef SC_POOL_H
#define SC_POOL_H
#include "conn.h"

struct sc__pool;

/* from is the handle's, which outlives the pool. */
struct sc__pool *sc__pool_new(const struct sc_pool_options *options,
                              const struct sc__origin *from);
/* Closes it; connections that are out are closed as they come back, and the pool and then
 * `owner` are freed with the last of them. */
void sc__pool_close(struct sc__pool *pool, struct sc_db *owner);

/* Gives a connection that is alive, idle and clean. SC_TIMEOUT: none became free;
 * SC_CONNECTION: a new one could not be made. */
struct sc__entry;
enum sc_status sc__pool_get(struct sc__pool *pool, const struct sc__entry *entry,
                            struct sc__conn **conn, struct sc_error *err);
/* Takes it back: a transaction that is still open is rolled back, and what cannot be
 * cleaned is closed. */
void sc__pool_put(struct sc__pool *pool, struct sc__conn *conn);

#endif
