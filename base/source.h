/* source.h: one source file in memory, and where a byte of it stands. Line and column are
 * worked out only when something is printed. */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H
#include "str.h"

struct source {
    const char *path; /* as it is shown to the user */
    const char *text; /* size bytes, then a NUL */
    size_t size;
    uint32_t *lines; /* offset of each line's first byte; made on first use */
    size_t nlines;
};
/* A stretch of a source: bytes [start, end). A zeroed span is nowhere. */
struct span {
    struct source *source;
    uint32_t start;
    uint32_t end;
};
struct position {
    size_t line;   /* from 1 */
    size_t column; /* from 1, in characters (UTF-8), not bytes */
};

struct position source_position(struct source *source, uint32_t offset,
                                struct arena *arena);
/* The line's text without its line end. line counts from 1. */
struct str source_line(struct source *source, size_t line, struct arena *arena);
struct str span_text(struct span span);
/* From the start of a to the end of b (of one source). */
struct span span_join(struct span a, struct span b);

#endif
