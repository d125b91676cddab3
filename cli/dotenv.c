/* dotenv.c: reads files of environment variables. Must not show a value. */
#include "dotenv.h"

#include "base/buf.h"

struct reader {
    struct arena *arena;
    const char *at, *end;
    size_t line;
    const char *error;
};

static bool done(const struct reader *r)
{
    return r->at == r->end;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_name(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

static void fail(struct reader *r, const char *what)
{
    if (r->error == NULL) {
        r->error = arena_printf(r->arena, "line %zu: %s", r->line, what);
    }
    r->at = r->end;
}

static void skip_blanks(struct reader *r)
{
    while (!done(r) && is_blank(*r->at)) {
        r->at++;
    }
}

static void skip_line(struct reader *r)
{
    while (!done(r) && *r->at != '\n') {
        r->at++;
    }
    if (!done(r)) {
        r->at++;
    }
    r->line++;
}

static struct str take_name(struct reader *r)
{
    const char *start = r->at;
    while (!done(r) && is_name(*r->at, r->at == start)) {
        r->at++;
    }
    return (struct str){ start, (size_t)(r->at - start) };
}

static char unescape(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    default:
        return c;
    }
}

static void take_quoted(struct reader *r, struct buf *value)
{
    const char quote = *r->at++;
    const size_t opened = r->line;
    while (!done(r) && *r->at != quote) {
        r->line += *r->at == '\n';
        if (quote == '"' && *r->at == '\\' && r->end - r->at > 1) {
            r->at++;
            buf_putc(value, unescape(*r->at++));
        } else {
            buf_putc(value, *r->at++);
        }
    }
    if (done(r)) {
        r->line = opened;
        fail(r, "the quote is not closed");
        return;
    }
    r->at++;
    skip_blanks(r);
    if (!done(r) && *r->at != '\n' && *r->at != '#') {
        fail(r, "nothing may follow the closing quote");
    }
}

/* A "#" begins a comment only after a blank: it is common in passwords. */
static void take_plain(struct reader *r, struct buf *value)
{
    const char *start = r->at, *stop = r->at;
    while (!done(r) && *r->at != '\n') {
        if (*r->at == '#' && (r->at == start || is_blank(r->at[-1]))) {
            break;
        }
        if (!is_blank(*r->at)) {
            stop = r->at + 1;
        }
        r->at++;
    }
    buf_put(value, start, (size_t)(stop - start));
}

static void take_value(struct reader *r, struct buf *value)
{
    skip_blanks(r);
    if (!done(r) && (*r->at == '"' || *r->at == '\'')) {
        take_quoted(r, value);
    } else {
        take_plain(r, value);
    }
}

static void take_variable(struct reader *r, dotenv_variables *variables)
{
    struct str name = take_name(r);
    if (str_eq_c(name, "export") && !done(r) && is_blank(*r->at)) {
        skip_blanks(r);
        name = take_name(r);
    }
    skip_blanks(r);
    if (name.n == 0 || done(r) || *r->at != '=') {
        fail(r, "a variable is written NAME=value");
        return;
    }
    r->at++;
    struct buf value = { 0 };
    take_value(r, &value);
    if (r->error == NULL) {
        VEC_PUSH(r->arena, variables,
                 (struct dotenv_variable){ str_dup(r->arena, name),
                                           str_dup(r->arena, buf_view(&value)) });
    }
    buf_release(&value);
}

const char *dotenv_read(struct arena *arena, struct str text,
                        dotenv_variables *variables)
{
    if (text.n >= 3 && memcmp(text.s, "\xef\xbb\xbf", 3) == 0) {
        text.s += 3;
        text.n -= 3;
    }
    if (text.n > 0 && memchr(text.s, '\0', text.n) != NULL) {
        return "it holds a zero byte";
    }
    struct reader r = {
        .arena = arena, .at = text.s, .end = text.s + text.n, .line = 1
    };
    while (!done(&r)) {
        skip_blanks(&r);
        if (!done(&r) && *r.at != '\n' && *r.at != '#') {
            take_variable(&r, variables);
        }
        skip_line(&r);
    }
    return r.error;
}
