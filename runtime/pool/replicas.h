/* replicas.h: the read-only servers beside a pool's own, and whether one of them will do.
 *
 * Each host of the url has a pool of its own; they take turns. One that could not be
 * reached is left alone for a second.
 *
 * How far a replica is: its replay position in the log (LSN), asked for when what its
 * connection last said is not enough: one round trip. How far it has to be: after_lsn says
 * so itself. max_lag_ms is kept by asking the primary for its position now and then, one
 * round trip and at most two in max_lag_ms: a replica that has replayed what the primary
 * had written at a time lags by no more than what has passed since. No clocks are
 * compared, an idle primary makes nobody look late, and a replica that is cut off is found
 * out.
 */
#ifndef SC_REPLICAS_H
#define SC_REPLICAS_H
#include "runtime/db/db.h"

struct sc__replicas;

/* Of pool's options->replicas. Fails with SC_CONNECTION (it cannot be read), SC_NO_MEMORY. */
enum sc_status sc__replicas_new(struct sc_db *pool,
                                const struct sc_pool_options *options,
                                struct sc__replicas **replicas, struct sc_error *err);
/* Closes their pools; for the pool's own close. NULL is fine. */
void sc__replicas_close(struct sc__replicas *replicas);
/* Its memory, when the pool goes and nobody uses a replica any more. */
void sc__replicas_free(struct sc__replicas *replicas);

/* Enters a replica that will do for call. False: there is none. */
bool sc__replicas_enter(struct sc_db *pool, const struct sc_call *call,
                        const struct sc__entry *entry, struct sc__conn **conn);

#endif
