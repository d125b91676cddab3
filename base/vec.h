/* vec.h: typed growing arrays in an arena.
 *
 *     struct { VEC(struct thing *) things; } or VEC(int) numbers = { 0 };
 *     VEC_PUSH(arena, &numbers, 3);
 *     for (size_t i = 0; i < numbers.n; i++) use(numbers.items[i]);
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H
#include <stddef.h>

struct arena;

#define VEC(type)      \
    struct {           \
        type *items;   \
        size_t n, cap; \
    }
/* Each macro evaluates `vec` more than once: pass a plain address. */
#define VEC_PUSH(arena, vec, ...)                                          \
    ((vec)->items = vec_room((arena), (vec)->items, (vec)->n, &(vec)->cap, \
                             sizeof *(vec)->items),                        \
     (void)((vec)->items[(vec)->n++] = __VA_ARGS__))

/* Room for one more item: the same array, or a grown copy. */
void *vec_room(struct arena *arena, void *items, size_t n, size_t *cap, size_t size);

#endif
