/* proof.h: whether two sets of migrations make the same database, tried out on servers that
 * are made for it and thrown away. */
#ifndef CERTIFY_PROOF_H
#define CERTIFY_PROOF_H
#include "../base/arena.h"
#include "../runner/sc_migrate.h"

/* Applies each set to an empty database and compares what PostgreSQL then says of them.
 * Gives NULL, or in the arena what differs or what went wrong. Takes some seconds. */
const char *proof_same(struct arena *arena, const struct sc_migrations *before,
                       const struct sc_migrations *after);

#endif
