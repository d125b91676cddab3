/* texts.c: quoted names, literals and types as texts; must not decide what a plan does. */
#include "texts.h"
#include "../sql/quote.h"
#include "../sql/write.h"

static const char *take(struct arena *arena, struct buf *text)
{
    struct str copy = buf_dup(text, arena);
    buf_release(text);
    return copy.s;
}

const char *text_ident(struct arena *arena, struct str name)
{
    struct buf text = { 0 };
    quote_ident(&text, name);
    return take(arena, &text);
}

const char *text_qualified(struct arena *arena, struct str schema, struct str name)
{
    struct buf text = { 0 };
    quote_qualified(&text, schema, name);
    return take(arena, &text);
}

const char *text_literal(struct arena *arena, struct str literal)
{
    struct buf text = { 0 };
    quote_literal(&text, literal);
    return take(arena, &text);
}

const char *text_type(struct arena *arena, const struct model_type *type)
{
    struct buf text = { 0 };
    write_type(&text, type);
    return take(arena, &text);
}

const char *text_sql(struct arena *arena, const struct model_sql *sql)
{
    struct buf text = { 0 };
    write_sql(&text, sql);
    return take(arena, &text);
}

/* Never in the middle of a character of UTF-8. */
static size_t cut(struct str name, size_t most)
{
    size_t n = name.n < most ? name.n : most;
    while (n < name.n && n > 0 && ((unsigned char)name.s[n] & 0xC0) == 0x80)
        n--;
    return n;
}

struct str text_spare(struct arena *arena, struct str name, const char *suffix)
{
    enum { NAME_MOST = 63 }; /* NAMEDATALEN - 1, src/include/pg_config_manual.h */
    size_t n = cut(name, NAME_MOST - strlen(suffix));
    return str_of(arena_printf(arena, "%.*s%s", (int)n, name.s, suffix));
}
