/* block.h: the one block that a call gives out, and that sc_free takes back.
 *
 * A header that the caller never sees stands before the rows: it owns the results that
 * the rows' texts are borrowed from.
 */
#ifndef SC_BLOCK_H
#define SC_BLOCK_H
#include <libpq-fe.h>
#include <stddef.h>

/* Gives `size` bytes aligned to 16, with room to own `results` results; NULL: no memory. */
void *sc__block_new(size_t size, size_t results);
/* Hands over a result, at most as many as block_new was told. */
void sc__block_own(void *block, PGresult *result);
/* Frees a block but gives its results back to whoever still holds them. */
void sc__block_discard(void *block);

#endif
