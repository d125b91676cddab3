/* lexis.c: comments and string literals of writer.h: text of the user's made harmless in C.
 * Must not know what a schema is. */
#include "writer.h"

enum {
    LITERAL_MAX = 4000 /* C17 promises 4095 characters, and -Wpedantic counts them */
};

/* ---- comments -------------------------------------------------------------------- */

/* Bytes of U+202A - U+202E and U+2066 - U+2069 (they reorder what a reader sees; gcc 12
 * warns of them): 3, else 0. */
static size_t bidi_control(const char *p, const char *end)
{
    const unsigned char *u = (const unsigned char *)p;
    if (end - p < 3 || u[0] != 0xe2) {
        return 0;
    }
    bool embedding = u[1] == 0x80 && u[2] >= 0xaa && u[2] <= 0xae;
    bool isolate = u[1] == 0x81 && u[2] >= 0xa6 && u[2] <= 0xa9;
    return embedding || isolate ? 3 : 0;
}

/* Whether no byte of it is of interest to put_word. */
static bool is_harmless(struct str word)
{
    for (size_t i = 0; i < word.n; i++) {
        unsigned char c = (unsigned char)word.s[i];
        if (c < ' ' || c == '*' || c == '/' || c == '?' || c == '\\' || c == 0xe2) {
            return false;
        }
    }
    return true;
}

/* Copies one word, taking the sting out of comment ends, comment starts, line splices
 * and trigraphs. */
static void put_word(struct writer *w, struct str word)
{
    if (is_harmless(word)) {
        buf_str(&w->out, word);
        return;
    }
    const char *end = word.s + word.n;
    char before = 0;
    for (const char *p = word.s; p < end; p++) {
        size_t skip = bidi_control(p, end);
        if (skip) {
            p += skip - 1;
            continue;
        }
        bool pair = (before == '*' && *p == '/') || (before == '/' && *p == '*') ||
                    (before == '?' && *p == '?');
        if (pair) {
            buf_putc(&w->out, ' ');
        }
        buf_putc(&w->out, (unsigned char)*p < ' ' ? ' ' : *p);
        before = *p;
    }
    if (before == '\\') {
        buf_putc(&w->out, '.');
    }
}

static bool is_gap(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next word of text[*at ...) on this line; false at the line's end. */
static bool next_word(struct str text, size_t *at, struct str *word)
{
    while (*at < text.n && is_gap(text.s[*at])) {
        ++*at;
    }
    size_t start = *at;
    while (*at < text.n && text.s[*at] != '\n' && !is_gap(text.s[*at])) {
        ++*at;
    }
    *word = (struct str){ text.s + start, *at - start };
    return word->n > 0;
}

static void put_block_line(struct writer *w, struct str text, size_t *at)
{
    struct str word;
    size_t column = 0;
    while (next_word(text, at, &word)) {
        if (column > 3 && column + 1 + word.n > WRITER_COLUMNS - 8) {
            buf_putc(&w->out, '\n');
            column = 0;
        }
        if (column == 0) {
            write_indent(w);
            buf_puts(&w->out, " *");
            column = (size_t)w->indent * 4 + 2;
        }
        buf_putc(&w->out, ' ');
        put_word(w, word);
        column += 1 + word.n;
    }
    if (column == 0) {
        write_indent(w);
        buf_puts(&w->out, " *");
    }
    buf_putc(&w->out, '\n');
}

static void put_words(struct writer *w, struct str text)
{
    struct str word;
    for (size_t at = 0, n = 0; next_word(text, &at, &word); n++) {
        if (n > 0) {
            buf_putc(&w->out, ' ');
        }
        put_word(w, word);
    }
}

static bool fits(const struct writer *w, size_t n, struct str text)
{
    return !memchr(text.s, '\n', text.n) &&
           (size_t)w->indent * 4 + n + text.n <= WRITER_COLUMNS;
}

void write_doc(struct writer *w, struct str text)
{
    if (text.n == 0) {
        return;
    }
    write_indent(w);
    if (fits(w, 7, text)) {
        buf_puts(&w->out, "/** ");
        put_words(w, text);
        buf_puts(&w->out, " */\n");
        return;
    }
    buf_puts(&w->out, "/**\n");
    for (size_t at = 0; at < text.n; at++) {
        put_block_line(w, text, &at);
    }
    write_indent(w);
    buf_puts(&w->out, " */\n");
}

void write_documented(struct writer *w, struct str code, struct str doc)
{
    bool trailing = doc.n > 0 && fits(w, code.n + 9, doc);
    if (!trailing) {
        write_doc(w, doc);
    }
    write_indent(w);
    buf_str(&w->out, code);
    if (trailing) {
        buf_puts(&w->out, " /**< ");
        put_words(w, doc);
        buf_puts(&w->out, " */");
    }
    buf_putc(&w->out, '\n');
}

/* ---- strings --------------------------------------------------------------------- */

static void put_octal(struct buf *buf, unsigned char c)
{
    char text[4] = { '\\', (char)('0' + (c >> 6)), (char)('0' + (c >> 3 & 7)),
                     (char)('0' + (c & 7)) };
    buf_put(buf, text, sizeof text);
}

static bool is_plain(char c)
{
    return (unsigned char)c >= ' ' && c != '"' && c != '\\' && c != '?' && c != 0x7f &&
           (unsigned char)c != 0xe2;
}

/* One character that is not plain; gives the bytes it took. */
static size_t put_special(struct buf *buf, const char *p, const char *end, char before)
{
    size_t bidi = bidi_control(p, end);
    for (size_t i = 0; i < bidi; i++) {
        put_octal(buf, (unsigned char)p[i]);
    }
    if (bidi) {
        return bidi;
    }
    if (*p == '\n') {
        buf_puts(buf, "\\n");
    } else if (*p == '"' || *p == '\\' || (*p == '?' && before == '?')) {
        buf_putc(buf, '\\');
        buf_putc(buf, *p);
    } else if ((unsigned char)*p < ' ' || *p == 0x7f) {
        put_octal(buf, (unsigned char)*p);
    } else {
        buf_putc(buf, *p);
    }
    return 1;
}

/* The literal's inside. */
static void put_escaped(struct buf *buf, struct str text)
{
    const char *p = text.s;
    const char *end = text.s + text.n;
    while (p < end) {
        const char *from = p;
        while (p < end && is_plain(*p)) {
            p++;
        }
        buf_put(buf, from, (size_t)(p - from));
        if (p < end) {
            p += put_special(buf, p, end, p > text.s ? p[-1] : 0);
        }
    }
}

void buf_c_string(struct buf *buf, struct str text)
{
    buf_putc(buf, '"');
    put_escaped(buf, text);
    buf_putc(buf, '"');
}

/* How much of the text goes on one line: up to a blank, never within a character. */
static size_t line_cut(struct str text, size_t room)
{
    if (text.n <= room) {
        return text.n;
    }
    size_t cut = room;
    while (cut > room / 2 && text.s[cut] != ' ') {
        cut--;
    }
    if (text.s[cut] == ' ') {
        return cut;
    }
    cut = room;
    while (cut < text.n && ((unsigned char)text.s[cut] & 0xc0) == 0x80) {
        cut++;
    }
    return cut;
}

void write_string(struct writer *w, const char *head, struct str text, const char *tail)
{
    size_t start = (size_t)w->indent * 4 + strlen(head);
    size_t room = start < WRITER_COLUMNS - 40 ? WRITER_COLUMNS - 4 - start : 40;
    write_indent(w);
    buf_puts(&w->out, head);
    if (text.n > LITERAL_MAX) {
        buf_puts(&w->out, "__extension__ ");
    }
    do {
        struct str line = { text.s, line_cut(text, room) };
        buf_c_string(&w->out, line);
        text = (struct str){ text.s + line.n, text.n - line.n };
        if (text.n) {
            buf_putc(&w->out, '\n');
            write_blanks(w, start);
        }
    } while (text.n);
    buf_puts(&w->out, tail);
    buf_putc(&w->out, '\n');
}
