/* writer.c: see writer.h. Must not know what a schema is. */
#include "writer.h"
#include "../base/bug.h"

void write_indent(struct writer *w)
{
    static const char blanks[] = "                                ";
    size_t n = (size_t)w->indent * 4;
    buf_put(&w->out, blanks, n < sizeof blanks ? n : sizeof blanks - 1);
}

void write_blanks(struct writer *w, size_t n)
{
    static const char blanks[] = "                                                ";
    while (n) {
        size_t part = n < sizeof blanks ? n : sizeof blanks - 1;
        buf_put(&w->out, blanks, part);
        n -= part;
    }
}

/* ---- templates ------------------------------------------------------------------- */

static struct str fill(const char *name, size_t n, const struct hole *holes,
                       size_t nholes)
{
    for (size_t i = 0; i < nholes; i++) {
        if (!strncmp(holes[i].name, name, n) && !holes[i].name[n]) {
            return holes[i].value;
        }
    }
    BUG("a template's hole has no value");
}

/* One line without its line end. */
static void put_line(struct writer *w, struct str line, const struct hole *holes,
                     size_t nholes)
{
    const char *p = line.s;
    const char *end = line.s + line.n;
    const char *dollar;
    while ((dollar = memchr(p, '$', (size_t)(end - p))) != NULL) {
        buf_put(&w->out, p, (size_t)(dollar - p));
        const char *close = dollar + 1 < end && dollar[1] == '{'
                                ? memchr(dollar, '}', (size_t)(end - dollar))
                                : NULL;
        if (close) {
            buf_str(&w->out,
                    fill(dollar + 2, (size_t)(close - dollar - 2), holes, nholes));
        } else {
            buf_putc(&w->out, '$');
        }
        p = close ? close + 1 : dollar + 1;
    }
    buf_put(&w->out, p, (size_t)(end - p));
}

void write_template(struct writer *w, const char *template, const struct hole *holes,
                    size_t nholes)
{
    for (const char *p = template; *p;) {
        const char *end = strchr(p, '\n');
        if (!end) {
            BUG("a template does not end in a line end");
        }
        if (end > p) {
            write_indent(w);
            put_line(w, (struct str){ p, (size_t)(end - p) }, holes, nholes);
        }
        buf_putc(&w->out, '\n');
        p = end + 1;
    }
}

void write_lines(struct writer *w, const char *lines)
{
    write_template(w, lines, NULL, 0);
}

void write_blank(struct writer *w)
{
    buf_putc(&w->out, '\n');
}

/* ---- lists ----------------------------------------------------------------------- */

/* Where continued lines start: under the first item, or, where that leaves an item too
 * little room, one level in. */
static size_t list_start(const struct writer *w, const struct write_list *list)
{
    size_t under = (size_t)w->indent * 4 + list->head.n;
    for (size_t i = 0; i < list->n; i++) {
        if (under + list->items[i].n + strlen(list->tail) > WRITER_COLUMNS) {
            return (size_t)w->indent * 4 + 4;
        }
    }
    return under;
}

void write_wrapped(struct writer *w, struct write_list list)
{
    size_t start = list_start(w, &list);
    size_t column = (size_t)w->indent * 4 + list.head.n;
    write_indent(w);
    buf_str(&w->out, list.head);
    for (size_t i = 0; i < list.n; i++) {
        bool last = i + 1 == list.n;
        size_t need = list.items[i].n + (last ? strlen(list.tail) : 1);
        bool first = i == 0;
        bool far = first && start < column;
        if (far || column + need + !first > WRITER_COLUMNS) {
            buf_putc(&w->out, '\n');
            write_blanks(w, start);
            column = start;
        } else if (!first) {
            buf_putc(&w->out, ' ');
            column++;
        }
        buf_str(&w->out, list.items[i]);
        if (!last) {
            buf_putc(&w->out, ',');
        }
        column += need;
    }
    buf_puts(&w->out, list.tail);
    buf_putc(&w->out, '\n');
}
