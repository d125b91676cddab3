/* block.h: the one block that a call gives out, and that sc_free takes back.
 *
 * A header that the caller never sees stands before the rows: it owns the results that
 * the rows' texts are borrowed from.
 */
#ifndef SC_BLOCK_H
#define SC_BLOCK_H
#include <libpq-fe.h>
#include <stddef.h>
#include <stdlib.h>

/* Stands before each block; its size keeps the rows aligned to 16. */
struct sc__block {
    PGresult *result;
    struct sc__owned *others; /* behind the rows, in the same allocation */
};

/* A block that owns one result; NULL: no memory, and the result is still the caller's. */
static inline void *sc__block_for(PGresult *result, size_t size)
{
    struct sc__block *header = malloc(sizeof(*header) + size);
    if (!header)
        return NULL;
    header->result = result;
    header->others = NULL;
    return header + 1;
}

/* Gives `size` bytes aligned to 16, with room to own `results` results; NULL: no memory. */
void *sc__block_new(size_t size, size_t results);
/* Hands over a result, at most as many as block_new was told. */
void sc__block_own(void *block, PGresult *result);
/* Frees a block but gives its results back to whoever still holds them. */
void sc__block_discard(void *block);

#endif
