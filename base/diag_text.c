/* diag_text.c: diagnostics as text with the source line and a caret. Must not reorder, and
 * must not write to a stream. */
#include "diag_order.h"

/* Characters of a source line that are shown; of a longer one a window. */
enum { LINE_SHOWN = 160, WINDOW_LEAD = 60 };

const char *diag_severity_name(enum diag_severity severity)
{
    return severity == DIAG_ERROR ? "error" : "warning";
}

size_t diag_character(const char *s, size_t n)
{
    const unsigned char *u = (const unsigned char *)s;
    if (u[0] < 0x80) {
        return 1;
    }
    size_t length = u[0] >= 0xF0 ? 4 : u[0] >= 0xE0 ? 3 : 2;
    if (u[0] < 0xC2 || u[0] > 0xF4 || length > n) {
        return 0;
    }
    unsigned low = u[0] == 0xE0 ? 0xA0 : u[0] == 0xF0 ? 0x90 : 0x80;
    unsigned high = u[0] == 0xED ? 0x9F : u[0] == 0xF4 ? 0x8F : 0xBF;
    if (u[1] < low || u[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; i++) {
        if ((u[i] & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    return length;
}

struct view {
    struct buf *out;
    struct diags *diags;
    bool color;
};

static void paint(const struct view *view, const char *escape)
{
    if (view->color) {
        buf_puts(view->out, escape);
    }
}

/* One character at most: what a terminal would act on is shown as "?". */
static size_t put_character(struct buf *out, const char *s, size_t n)
{
    size_t length = diag_character(s, n);
    bool control = (unsigned char)*s < ' ' || *s == 0x7F;
    if (length == 0 || (control && *s != '\t')) {
        buf_putc(out, '?');
        return 1;
    }
    buf_put(out, s, length);
    return length;
}

static void put_safe(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n;) {
        i += put_character(out, text.s + i, text.n - i);
    }
}

/* The byte at which the window begins: 0, or some characters before the caret. */
static size_t window_start(struct str line, size_t caret)
{
    if (line.n <= LINE_SHOWN || caret <= WINDOW_LEAD) {
        return 0;
    }
    size_t start = caret - WINDOW_LEAD;
    while (start < caret && ((unsigned char)line.s[start] & 0xC0U) == 0x80U) {
        start++;
    }
    return start;
}

static void put_blank(struct buf *out, struct str line, size_t from, size_t to)
{
    for (size_t i = from; i < to && i < line.n;) {
        size_t length = diag_character(line.s + i, line.n - i);
        buf_putc(out, line.s[i] == '\t' ? '\t' : ' ');
        i += length ? length : 1;
    }
}

static void put_carets(struct buf *out, struct str line, size_t from, size_t to)
{
    size_t n = 0;
    for (size_t i = from; i < to && i < line.n && n < LINE_SHOWN; n++) {
        size_t length = diag_character(line.s + i, line.n - i);
        buf_putc(out, '^');
        i += length ? length : 1;
    }
    if (n == 0) {
        buf_putc(out, '^');
    }
}

static void put_excerpt(const struct view *view, struct span span, const char *hint)
{
    struct source *source = span.source;
    struct position at = source_position(source, span.start, view->diags->arena);
    struct str line = source_line(source, at.line, view->diags->arena);
    size_t offset = span.start - source->lines[at.line - 1];
    size_t end = offset + (span.end > span.start ? span.end - span.start : 0);
    size_t start = window_start(line, offset);
    size_t stop = line.n - start > LINE_SHOWN ? start + LINE_SHOWN : line.n;
    struct str shown = { line.s ? line.s + start : "", stop - start };
    buf_printf(view->out, "%5zu | %s", at.line, start ? "..." : "");
    put_safe(view->out, shown);
    buf_printf(view->out, "%s\n%5s | %s", stop < line.n ? "..." : "", "",
               start ? "   " : "");
    put_blank(view->out, line, start, offset);
    paint(view, "\033[1;32m");
    put_carets(view->out, line, offset, end < stop ? end : stop);
    paint(view, "\033[0m");
    if (hint) {
        buf_putc(view->out, ' ');
        put_safe(view->out, str_of(hint));
    }
    buf_putc(view->out, '\n');
}

static void put_place(const struct view *view, struct span span)
{
    if (!span.source) {
        return;
    }
    struct position at = source_position(span.source, span.start, view->diags->arena);
    paint(view, "\033[1m");
    put_safe(view->out, str_of(span.source->path));
    buf_printf(view->out, ":%zu:%zu: ", at.line, at.column);
    paint(view, "\033[0m");
}

static void put_diag(const struct view *view, const struct diag *diag)
{
    bool error = diag->severity == DIAG_ERROR;
    put_place(view, diag->span);
    paint(view, error ? "\033[1;31m" : "\033[1;33m");
    buf_printf(view->out, "%s[%c%04d]", diag_severity_name(diag->severity),
               error ? 'E' : 'W', diag->code);
    paint(view, "\033[0m");
    buf_puts(view->out, ": ");
    put_safe(view->out, str_of(diag->message));
    buf_putc(view->out, '\n');
    if (diag->span.source) {
        put_excerpt(view, diag->span, diag->hint);
    } else if (diag->hint) {
        buf_printf(view->out, "  %s\n", diag->hint);
    }
    if (diag->note && diag->other.source) {
        put_place(view, diag->other);
        buf_printf(view->out, "note: %s\n", diag->note);
        put_excerpt(view, diag->other, NULL);
    }
}

static void put_count(struct buf *out, size_t n, const char *what)
{
    buf_printf(out, "%s%zu %s%s", out->n && out->s[out->n - 1] != '\n' ? ", " : "", n,
               what, n == 1 ? "" : "s");
}

static void put_summary(const struct diags *diags, struct buf *out)
{
    if (diags->nerrors) {
        put_count(out, diags->nerrors, "error");
    }
    if (diags->nerrors > DIAG_MAX_ERRORS) {
        buf_printf(out, " (%d shown)", DIAG_MAX_ERRORS);
    }
    if (diags->nwarnings) {
        put_count(out, diags->nwarnings, "warning");
    }
    buf_putc(out, '\n');
}

void diag_render_text(struct diags *diags, struct diag_style style, struct buf *out)
{
    struct diag_order order = diag_order(diags);
    struct view view = { out, diags, style.color };
    for (size_t i = 0; i < order.n; i++) {
        put_diag(&view, order.places[i].diag);
    }
    if (order.n) {
        put_summary(diags, out);
    }
}
