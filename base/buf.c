/* buf.c: text that grows on the heap. Must not fail: out of memory ends the program. */
#include "buf.h"
#include "arena.h"
#include "bug.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FIRST_ROOM = 256 };

void buf_release(struct buf *buf)
{
    free(buf->s);
    *buf = (struct buf){ 0 };
}

void buf_clear(struct buf *buf)
{
    buf->n = 0;
    if (buf->s) {
        buf->s[0] = '\0';
    }
}

void buf_room(struct buf *buf, size_t n)
{
    if (n > SIZE_MAX / 4 - buf->n) {
        out_of_memory();
    }
    size_t wanted = buf->n + n + 1;
    if (wanted <= buf->cap) {
        return;
    }
    size_t cap = buf->cap ? buf->cap : FIRST_ROOM;
    while (cap < wanted) {
        cap *= 2;
    }
    char *s = realloc(buf->s, cap);
    if (!s) {
        out_of_memory();
    }
    buf->s = s;
    buf->cap = cap;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    /* Mostly it fits what is there. */
    size_t room = buf->cap - buf->n;
    int n = format ? vsnprintf(room ? buf->s + buf->n : NULL, room, format, args) : -1;
    if (n < 0) {
        BUG("bad format");
    }
    if ((size_t)n >= room) {
        buf_room(buf, (size_t)n);
        (void)vsnprintf(buf->s + buf->n, (size_t)n + 1, format, again);
    }
    buf->n += (size_t)n;
    va_end(again);
    va_end(args);
}

struct str buf_view(const struct buf *buf)
{
    return (struct str){ buf->s ? buf->s : "", buf->n };
}

struct str buf_dup(const struct buf *buf, struct arena *arena)
{
    return (struct str){ arena_copy(arena, buf->s, buf->n), buf->n };
}
