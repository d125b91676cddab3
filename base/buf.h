/* buf.h: a growing text buffer on the heap. Never fails: out of memory ends the program. */
#ifndef BASE_BUF_H
#define BASE_BUF_H
#include "str.h"

struct buf {
    char *s; /* NUL-terminated once anything was put */
    size_t n, cap;
};

void buf_release(struct buf *buf);
void buf_clear(struct buf *buf); /* empty, memory kept */
/* Room for n more bytes and a NUL behind them. */
void buf_room(struct buf *buf, size_t n);

/* Inline, because generated text is made of millions of small pieces. */
static inline void buf_put(struct buf *buf, const char *s, size_t n)
{
    if (n >= buf->cap - buf->n) { /* so that the NUL fits, too */
        buf_room(buf, n);
    }
    if (n) {
        memcpy(buf->s + buf->n, s, n);
    }
    buf->n += n;
    buf->s[buf->n] = '\0';
}
static inline void buf_puts(struct buf *buf, const char *s)
{
    buf_put(buf, s, strlen(s));
}
static inline void buf_putc(struct buf *buf, char c)
{
    buf_put(buf, &c, 1);
}
static inline void buf_str(struct buf *buf, struct str s)
{
    buf_put(buf, s.s, s.n);
}
void buf_printf(struct buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The contents as a slice, borrowed until the buffer changes. */
struct str buf_view(const struct buf *buf);
/* A copy of the contents in the arena, NUL-terminated. */
struct str buf_dup(const struct buf *buf, struct arena *arena);

#endif
