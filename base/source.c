/* source.c: lines and columns out of byte offsets. Must not read files. */
#include "source.h"
#include "arena.h"

static void index_lines(struct source *source, struct arena *arena)
{
    if (source->lines) {
        return;
    }
    size_t n = 1;
    for (size_t i = 0; i < source->size; i++) {
        n += source->text[i] == '\n';
    }
    source->lines = arena_array(arena, uint32_t, n);
    source->nlines = 1;
    for (size_t i = 0; i < source->size; i++) {
        if (source->text[i] == '\n') {
            source->lines[source->nlines++] = (uint32_t)(i + 1);
        }
    }
}

/* The last line that begins at or before the offset; from 0. */
static size_t line_at(const struct source *source, uint32_t offset)
{
    size_t low = 0;
    size_t high = source->nlines;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

struct position source_position(struct source *source, uint32_t offset,
                                struct arena *arena)
{
    index_lines(source, arena);
    size_t line = line_at(source, offset);
    size_t column = 1;
    for (uint32_t i = source->lines[line]; i < offset && i < source->size; i++) {
        /* Every byte but the continuation bytes of UTF-8 begins a character. */
        column += ((unsigned char)source->text[i] & 0xC0U) != 0x80U;
    }
    /* An offset inside a character is that character. */
    if (offset < source->size &&
        ((unsigned char)source->text[offset] & 0xC0U) == 0x80U && column > 1) {
        column--;
    }
    return (struct position){ line + 1, column };
}

struct str source_line(struct source *source, size_t line, struct arena *arena)
{
    index_lines(source, arena);
    if (line < 1 || line > source->nlines) {
        return (struct str){ 0 };
    }
    size_t start = source->lines[line - 1];
    size_t end = line < source->nlines ? source->lines[line] - 1 : source->size;
    if (end > start && source->text[end - 1] == '\r') {
        end--;
    }
    return (struct str){ source->text + start, end - start };
}

struct str span_text(struct span span)
{
    if (!span.source) {
        return (struct str){ 0 };
    }
    return (struct str){ span.source->text + span.start, span.end - span.start };
}

struct span span_join(struct span a, struct span b)
{
    if (!a.source) {
        return b;
    }
    if (!b.source) {
        return a;
    }
    return (struct span){ a.source, a.start, b.end };
}
