/* vec.c: growth of typed arrays. Must not know their type. */
#include "vec.h"
#include "arena.h"
#include "bug.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_ROOM = 4, FIRST_BYTES = 256 };

/* Many vectors never hold more than an item or two: large ones start small. */
static size_t first_room(size_t size)
{
    size_t room = FIRST_BYTES / size;
    return room > FIRST_ROOM ? FIRST_ROOM : room ? room : 1;
}

void *vec_room(struct arena *arena, void *items, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) {
        return items;
    }
    size_t room = *cap ? *cap * 2 : first_room(size);
    if (room > SIZE_MAX / size) {
        out_of_memory();
    }
    if (*cap && arena_extend(arena, items, *cap * size, room * size)) {
        *cap = room;
        return items;
    }
    void *grown = arena_alloc(arena, room * size);
    if (n) {
        memcpy(grown, items, n * size);
    }
    *cap = room;
    return grown;
}
