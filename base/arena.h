/* arena.h: memory with one lifetime. Nothing is freed singly; out of memory ends the
 * program here and nowhere else. Knows nothing of what it holds. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_block;
struct arena {
    struct arena_block *blocks; /* newest first */
    char *next;
    char *end;
    size_t used; /* bytes handed out, for tests and figures */
};

/* A zeroed struct arena is ready to use. */
void arena_release(struct arena *arena);
/* Empty again, with memory kept for what comes next. */
void arena_clear(struct arena *arena);

/* Zeroed memory, aligned for any type; lives until arena_release. */
void *arena_alloc(struct arena *arena, size_t size);
/* Makes memory that was handed out last longer, by zeroes, where it stands; gives false, and
 * changes nothing, where it was not the last or there is no room behind it. */
bool arena_extend(struct arena *arena, void *memory, size_t size, size_t wanted);
/* A copy of n bytes with a NUL after them. */
char *arena_copy(struct arena *arena, const char *s, size_t n);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

#define arena_new(arena, type)      ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, n) ((type *)arena_alloc((arena), sizeof(type) * (n)))

#endif
