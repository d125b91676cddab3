/* clean.c: see clean.h. Must not know what the SQL is of. */
#include "clean.h"

#include "base/buf.h"
#include "pieces.h"

/* ---- types ----------------------------------------------------------------------------- */

/* What format_type() says, and the short name. Source: format_type_extended in
 * src/backend/utils/adt/format_type.c, version 15. */
struct long_type {
    const char *words[2]; /* before any "(..)" */
    const char *zone;     /* "with" or "without" time zone behind it */
    const char *name;
};
static const struct long_type long_types[] = {
    { { "character", "varying" }, NULL, "varchar" },
    { { "character", NULL }, NULL, "char" },
    { { "bit", "varying" }, NULL, "varbit" },
    { { "double", "precision" }, NULL, "float8" },
    { { "timestamp", NULL }, "with", "timestamptz" },
    { { "timestamp", NULL }, "without", "timestamp" },
    { { "time", NULL }, "with", "timetz" },
    { { "time", NULL }, "without", "time" },
    { { "integer", NULL }, NULL, "int4" },
    { { "bigint", NULL }, NULL, "int8" },
    { { "smallint", NULL }, NULL, "int2" },
    { { "real", NULL }, NULL, "float4" },
    { { "boolean", NULL }, NULL, "bool" },
};

/* Where the pieces of a type that stands at `at` end; 0: it is not this one. *behind is
 * where its name ends. */
static size_t match_type(const struct pieces *pieces, size_t at,
                         const struct long_type *type, size_t *behind)
{
    for (size_t i = 0; i < 2 && type->words[i] != NULL; i++, at++) {
        if (!piece_is_word(pieces, at, type->words[i])) {
            return 0;
        }
    }
    *behind = at;
    if (type->zone == NULL) {
        return at;
    }
    at = piece_is_mark(pieces, at, '(') ? piece_behind(pieces, at) : at;
    bool zone = piece_is_word(pieces, at, type->zone) &&
                piece_is_word(pieces, at + 1, "time") &&
                piece_is_word(pieces, at + 2, "zone");
    return zone ? at + 3 : 0;
}

static const struct long_type *find_type(const struct pieces *pieces, size_t at,
                                         size_t *behind, size_t *end)
{
    for (size_t i = 0; i < sizeof long_types / sizeof *long_types; i++) {
        *end = match_type(pieces, at, &long_types[i], behind);
        if (*end > 0) {
            return &long_types[i];
        }
    }
    return NULL;
}

/* ---- pieces ---------------------------------------------------------------------------- */

static bool crosses_line(struct str text)
{
    return memchr(text.s, '\n', text.n) != NULL || memchr(text.s, '\r', text.n) != NULL;
}

/* A name over lines: U&"..", its line ends as code points. */
static void put_unicode(struct buf *out, struct str inner)
{
    buf_puts(out, "U&\"");
    for (size_t i = 0; i < inner.n; i++) {
        char c = inner.s[i];
        if (c == '\n' || c == '\r') {
            buf_puts(out, c == '\n' ? "\\000A" : "\\000D");
        } else {
            buf_puts(out, c == '\\' ? "\\" : "");
            buf_putc(out, c);
        }
    }
    buf_putc(out, '"');
}

/* A string over lines: E'..'. */
static void put_escaped(struct buf *out, struct str text)
{
    bool escaped = text.s[0] != '\'';
    size_t start = escaped ? 2 : 1;
    buf_puts(out, "E'");
    for (size_t i = start; i + 1 < text.n; i++) {
        char c = text.s[i];
        if (c == '\n' || c == '\r') {
            buf_puts(out, c == '\n' ? "\\n" : "\\r");
        } else {
            buf_puts(out, c == '\\' && !escaped ? "\\" : "");
            buf_putc(out, c);
        }
    }
    buf_putc(out, '\'');
}

static void put_lower(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        buf_putc(out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
}

static void put_piece(struct buf *out, const struct piece *piece)
{
    struct str text = piece->text;
    if (piece->kind == PIECE_WORD) {
        put_lower(out, text);
    } else if (piece->kind == PIECE_QUOTED && crosses_line(text)) {
        put_unicode(out, (struct str){ text.s + 1, text.n - 2 });
    } else if (piece->kind == PIECE_STRING && crosses_line(text)) {
        put_escaped(out, text);
    } else {
        buf_str(out, text);
    }
}

static void put_range(struct buf *out, const struct pieces *pieces, size_t from,
                      size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct piece *piece = &pieces->list.items[i];
        bool tight = i == from || piece_is_mark(pieces, i - 1, '(') ||
                     piece_is_mark(pieces, i, ')');
        buf_puts(out, piece->space && !tight ? " " : "");
        size_t behind, end;
        const struct long_type *type = i > 0 && piece_is(pieces, i - 1, PIECE_CAST)
                                           ? find_type(pieces, i, &behind, &end)
                                           : NULL;
        if (type == NULL) {
            put_piece(out, piece);
            continue;
        }
        buf_puts(out, type->name);
        for (size_t k = behind; k < end && type->zone != NULL && k + 3 < end; k++) {
            put_piece(out, &pieces->list.items[k]);
        }
        i = end - 1;
    }
}

static struct str range_text(struct arena *arena, const struct pieces *pieces,
                             size_t from, size_t to)
{
    struct buf out = { 0 };
    put_range(&out, pieces, from, to);
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text;
}

struct str clean_sql(struct arena *arena, struct str sql,
                     const struct clean_scope *scope)
{
    struct pieces pieces = pieces_of(arena, sql);
    pieces = clean_betweens(arena, &pieces);
    pieces = clean_parens(arena, &pieces);
    pieces = clean_in_lists(arena, &pieces, scope);
    pieces = clean_casts(arena, &pieces, scope);
    return range_text(arena, &pieces, 0, pieces.list.n);
}

/* What stands in the parentheses behind "using method". */
static struct pieces elements_of(struct arena *arena, struct str definition)
{
    struct pieces whole = pieces_of(arena, definition);
    struct pieces elements = { 0 };
    size_t at = 0;
    while (at < whole.list.n && !piece_is_word(&whole, at, "using")) {
        at++;
    }
    at += 2;
    size_t end = piece_behind(&whole, at);
    for (size_t i = at + 1; i + 1 < end; i++) {
        VEC_PUSH(arena, &elements.list, whole.list.items[i]);
    }
    return elements;
}

struct str clean_elements(struct arena *arena, struct str definition,
                          const struct clean_scope *scope)
{
    struct pieces pieces = elements_of(arena, definition);
    pieces = clean_betweens(arena, &pieces);
    pieces = clean_element_parens(arena, &pieces);
    pieces = clean_in_lists(arena, &pieces, scope);
    pieces = clean_casts(arena, &pieces, scope);
    return range_text(arena, &pieces, 0, pieces.list.n);
}
