/* block.h: the one block that a call gives out, and that sc_free takes back.
 *
 * A header that the caller never sees stands before the rows: it owns the results that
 * the rows' texts are borrowed from.
 */
#ifndef SC_BLOCK_H
#define SC_BLOCK_H
#include <libpq-fe.h>
#include <stddef.h>

/* Stands before each block; its size keeps the rows aligned to 16 (to 8 in a result). */
struct sc__block {
    PGresult *result;
    struct sc__owned *others; /* behind the rows, in the same allocation; the header
                                 itself: the block stands in the result's memory */
};

/* A block that owns one result, in that result's own memory, which mostly has room for a
 * row: nothing is allocated, and PQclear frees both. NULL: no memory, and the result is
 * still the caller's. */
static inline void *sc__block_for(PGresult *result, size_t size)
{
    struct sc__block *header = PQresultAlloc(result, sizeof(*header) + size);
    if (!header)
        return NULL;
    header->result = result;
    header->others = (struct sc__owned *)(void *)header;
    return header + 1;
}

/* Gives `size` bytes aligned to 16, with room to own `results` results; NULL: no memory. */
void *sc__block_new(size_t size, size_t results);
/* Hands over a result, at most as many as block_new was told. */
void sc__block_own(void *block, PGresult *result);
/* Frees a block but gives its results back to whoever still holds them. */
void sc__block_discard(void *block);

#endif
