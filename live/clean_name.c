/* clean_name.c: names as the language and as C write them. Must not know of objects. */
#include "base/buf.h"
#include "clean.h"
#include "sql/quote.h"

/* U&"..", for what may not stand in the file as it is. */
static void put_coded(struct buf *out, struct str name)
{
    buf_puts(out, "U&\"");
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        if (c == '\n' || c == '\r') {
            buf_puts(out, c == '\n' ? "\\000A" : "\\000D");
        } else {
            buf_puts(out, c == '\\' ? "\\" : c == '"' ? "\"" : "");
            buf_putc(out, c);
        }
    }
    buf_putc(out, '"');
}

static struct str written(struct arena *arena, struct str name, bool quoted)
{
    struct buf out = { 0 };
    if (name.n && (memchr(name.s, '\n', name.n) || memchr(name.s, '\r', name.n))) {
        put_coded(&out, name);
    } else if (quoted) {
        buf_printf(&out, "\"%.*s\"", STR_ARGS(name));
    } else {
        quote_ident(&out, name);
    }
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text;
}

struct str clean_name(struct arena *arena, struct str name)
{
    return written(arena, name, false);
}

struct str clean_column(struct arena *arena, struct str name)
{
    static const char *const members[] = { "index",   "unique",  "check",
                                           "exclude", "policy",  "partition",
                                           "trigger", "primary", "foreign" };
    bool member = false;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        member = member || str_eq_c(name, members[i]);
    }
    return written(arena, name, member);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool clean_is_word(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        if (!is_letter(name.s[i]) && name.s[i] != '_' &&
            (i == 0 || !is_digit(name.s[i]))) {
            return false;
        }
    }
    return name.n > 0;
}

struct str clean_word(struct arena *arena, struct str name)
{
    struct buf out = { 0 };
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        if (is_letter(c) || is_digit(c)) {
            buf_putc(&out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
        } else if (out.n > 0 && out.s[out.n - 1] != '_') {
            buf_putc(&out, '_');
        }
    }
    while (out.n > 0 && out.s[out.n - 1] == '_') {
        out.n--;
    }
    struct str word = { out.s, out.n };
    const char *before = word.n == 0 ? "x" : is_digit(word.s[0]) ? "x" : "";
    char *text = arena_printf(arena, "%s%.*s", before, STR_ARGS(word));
    buf_release(&out);
    return str_of(text);
}
