/* writer.h: text of C source in the making: indentation, templates with named holes, lists
 * that wrap, comments and string literals. Knows C's lexis and no schema.
 */
#ifndef EMIT_WRITER_H
#define EMIT_WRITER_H
#include "../base/buf.h"

enum { WRITER_COLUMNS = 96 };

/* A zeroed writer is ready. Each line gets `indent` levels of four blanks. */
struct writer {
    struct buf out;
    int indent;
};

/* What fills ${name} in a template. */
struct hole {
    const char *name;
    struct str value;
};
/* Writes whole lines, each ending in \n, with the holes filled. A line that is empty once
 * filled stays empty; `$` without `{` is plain text. A hole without a value is a bug. */
void write_template(struct writer *w, const char *template, const struct hole *holes,
                    size_t nholes);
#define WRITE(w, template, ...)                                           \
    write_template((w), (template), (const struct hole[]){ __VA_ARGS__ }, \
                   sizeof((const struct hole[]){ __VA_ARGS__ }) / sizeof(struct hole))
/* Whole lines without holes. */
void write_lines(struct writer *w, const char *lines);
void write_blank(struct writer *w);
/* The indentation of a line; n blanks. */
void write_indent(struct writer *w);
void write_blanks(struct writer *w, size_t n);

/* head, then the items with ", " between them, then tail and a line end; lines that would
 * be too long continue under the first item. */
struct write_list {
    struct str head;
    const struct str *items;
    size_t n;
    const char *tail;
};
void write_wrapped(struct writer *w, struct write_list list);

/* A doc comment: one line when it fits, else a block. Paragraphs are separated by \n. What
 * would end or confuse a comment is defused. */
void write_doc(struct writer *w, struct str text);
/* `code` and a trailing doc comment when both fit a line, else the comment above. */
void write_documented(struct writer *w, struct str code, struct str doc);

/* `head`, the text as a C string literal, `tail` and a line end; continued under the
 * literal's start in pieces of a line each. */
void write_string(struct writer *w, const char *head, struct str text,
                  const char *tail);

/* The same literal appended to a buffer, on one line. */
void buf_c_string(struct buf *buf, struct str text);

#endif
