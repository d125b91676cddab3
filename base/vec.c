/* vec.c: growth of typed arrays. Must not know their type. */
#include "vec.h"
#include "arena.h"
#include "bug.h"

#include <stdint.h>
#include <string.h>

enum { FIRST_ROOM = 4 };

void *vec_room(struct arena *arena, void *items, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) {
        return items;
    }
    size_t room = *cap ? *cap * 2 : FIRST_ROOM;
    if (room > SIZE_MAX / size) {
        out_of_memory();
    }
    void *grown = arena_alloc(arena, room * size);
    if (n) {
        memcpy(grown, items, n * size);
    }
    *cap = room;
    return grown;
}
