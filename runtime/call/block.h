/* block.h: the one block that a call gives out, and that sc_free takes back.
 *
 * A header that the caller never sees stands before the rows: it owns the results that
 * the rows' texts are borrowed from.
 */
#ifndef SC_BLOCK_H
#define SC_BLOCK_H
#include <libpq-fe.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Stands before each block; its size keeps the rows aligned to 16 (to 8 in a result and in
 * a slab). */
struct sc__block {
    union {
        PGresult *result;
        struct sc__slab *slab;
    } of;
    struct sc__owned *others; /* behind the rows, in the same allocation; the header
                                 itself: the block stands in the result's memory;
                                 &sc__in_slab: in a slab's */
};

struct sc__owned {
    size_t count;
    PGresult *items[];
};
extern struct sc__owned sc__in_slab;

/* A block that owns one result, in that result's own memory, which mostly has room for a
 * row: nothing is allocated, and PQclear frees both. NULL: no memory, and the result is
 * still the caller's. */
static inline void *sc__block_for(PGresult *result, size_t size)
{
    struct sc__block *header = PQresultAlloc(result, sizeof(*header) + size);
    if (!header)
        return NULL;
    header->of.result = result;
    header->others = (struct sc__owned *)(void *)header;
    return header + 1;
}

/* Memory that small blocks share, which goes with the last of them: each is freed by itself,
 * by whatever thread. One thread at a time fills it. */
struct sc__slab {
    atomic_size_t users; /* blocks, and whoever fills it */
    size_t left;
    char *next;
    int64_t bytes[];
};
enum { SC__SLAB = 4096 - 64, SC__SLAB_MOST = 1024 };

/* Gives a place of *size bytes, SC__SLAB_MOST or more, in *slab or a new one; NULL: no
 * memory. sc__slab_take makes a block of the first `size` bytes of it. */
char *sc__slab_more(struct sc__slab **slab, size_t *size);
static inline char *sc__slab_room(struct sc__slab **slab, size_t *size)
{
    if (!*slab || (*slab)->left < sizeof(struct sc__block) + SC__SLAB_MOST)
        return sc__slab_more(slab, size);
    *size = (*slab)->left - sizeof(struct sc__block);
    return (*slab)->next + sizeof(struct sc__block);
}
static inline void *sc__slab_take(struct sc__slab *slab, size_t size)
{
    struct sc__block *header = (struct sc__block *)(void *)slab->next;
    size_t whole = sizeof(*header) + ((size + 7) & ~(size_t)7);
    header->of.slab = slab;
    header->others = &sc__in_slab;
    atomic_fetch_add_explicit(&slab->users, 1, memory_order_relaxed);
    slab->next += whole;
    slab->left -= whole;
    return header + 1;
}
/* Whoever fills it lets go. */
void sc__slab_leave(struct sc__slab *slab);

/* Gives `size` bytes aligned to 16, with room to own `results` results; NULL: no memory. */
void *sc__block_new(size_t size, size_t results);
/* Hands over a result, at most as many as block_new was told. */
void sc__block_own(void *block, PGresult *result);
/* Frees a block but gives its results back to whoever still holds them. */
void sc__block_discard(void *block);

#endif
