/* block.c: blocks that own what their rows borrow. It knows nothing of rows. */
#include "block.h"
#include "runtime/sc.h"
#include <stdlib.h>

struct sc__owned sc__in_slab;

static struct sc__block *header_of(void *block)
{
    return (struct sc__block *)block - 1;
}

static bool is_in_result(const struct sc__block *header)
{
    return (const void *)header->others == (const void *)header;
}

void *sc__block_new(size_t size, size_t results)
{
    size_t others = results > 1 ? results * sizeof(PGresult *)
                                : 0; /* a count, the rest */
    size_t rows = (size + 15) & ~(size_t)15;
    if (rows < size || rows > SIZE_MAX - others - sizeof(struct sc__block))
        return NULL;
    struct sc__block *header = malloc(sizeof(*header) + rows + others);
    if (!header)
        return NULL;
    header->of.result = NULL;
    header->others = NULL;
    if (others) {
        header->others = (struct sc__owned *)(void *)((char *)(header + 1) + rows);
        header->others->count = 0;
    }
    return header + 1;
}

void sc__block_own(void *block, PGresult *result)
{
    struct sc__block *header = header_of(block);
    if (!header->of.result)
        header->of.result = result;
    else
        header->others->items[header->others->count++] = result;
}

char *sc__slab_more(struct sc__slab **slab, size_t *size)
{
    struct sc__slab *made = malloc(sizeof(*made) + SC__SLAB);
    if (!made)
        return NULL;
    if (*slab)
        sc__slab_leave(*slab);
    *slab = made;
    atomic_init(&made->users, 1);
    made->left = SC__SLAB;
    made->next = (char *)made->bytes;
    return sc__slab_room(slab, size);
}

void sc__slab_leave(struct sc__slab *slab)
{
    if (atomic_fetch_sub_explicit(&slab->users, 1, memory_order_acq_rel) == 1)
        free(slab);
}

void sc__block_discard(void *block)
{
    struct sc__block *header = header_of(block);
    if (!is_in_result(header))
        free(header);
}

static void free_own(struct sc__block *header)
{
    PQclear(header->of.result);
    for (size_t i = 0; header->others && i < header->others->count; i++)
        PQclear(header->others->items[i]);
    free(header);
}

void sc_free(void *block)
{
    if (!block)
        return;
    struct sc__block *header = header_of(block);
    if (is_in_result(header))
        PQclear(header->of.result);
    else if (header->others == &sc__in_slab)
        sc__slab_leave(header->of.slab);
    else
        free_own(header);
}
