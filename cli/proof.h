/* proof.h: whether two sets of migrations make the same database, tried out on a server
 * that is made for it and thrown away. */
#ifndef CLI_PROOF_H
#define CLI_PROOF_H
#include "base/arena.h"
#include "runner/sc_migrate.h"

/* Applies each set to an empty database and compares what PostgreSQL then says of them.
 * Gives NULL, or in the arena what differs or what went wrong. Takes some seconds. */
const char *proof_same(struct arena *arena, const struct sc_migrations *one,
                       const struct sc_migrations *other);

#endif
