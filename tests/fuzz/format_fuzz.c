/* format_fuzz.c: the canonical form of whatever parses: it parses again, to the same
 * tokens but for the long names of types, and its canonical form is itself. */
#include <stdint.h>
#include <stdlib.h>

#include "lang/format.h"
#include "lang/parser.h"
#include "lang/types.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct ast_file *parse(struct arena *arena, struct str text)
{
    struct source *source = arena_new(arena, struct source);
    struct diags diags = { .arena = arena };
    source->path = "fuzz.schema";
    source->text = text.s ? text.s : "";
    source->size = text.n;
    return parse_source(arena, source, &diags);
}

static struct str format(struct arena *arena, const struct ast_file *file)
{
    struct buf out = { 0 };
    format_file(arena, file, &out);
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text;
}

/* A ";" that ends nothing and a "," behind an enum's last value are not kept. */
static bool is_optional(const struct ast_file *file, size_t i)
{
    const struct token *tokens = file->tokens;
    if (tokens[i].kind == TOKEN_COMMA)
        return tokens[i + 1].kind == TOKEN_RBRACE;
    return tokens[i].kind == TOKEN_SEMICOLON &&
           (i == 0 || tokens[i - 1].kind == TOKEN_SEMICOLON ||
            tokens[i - 1].kind == TOKEN_LBRACE || tokens[i - 1].kind == TOKEN_RBRACE);
}

/* How many tokens at i say no more than the one before them: the later words of a long
 * type's name. */
static size_t type_words(const struct ast_file *file, size_t i)
{
    const struct token *token = &file->tokens[i];
    bool with = token_is_word(token, "with") || token_is_word(token, "without");
    if (with && token_is_word(token + 1, "time") && token_is_word(token + 2, "zone"))
        return 3;
    if (i == 0)
        return 0;
    bool before = token_is_word(token - 1, "character") ||
                  token_is_word(token - 1, "bit");
    return (before && token_is_word(token, "varying")) ||
           (token_is_word(token - 1, "double") && token_is_word(token, "precision"));
}

static size_t skip_optional(const struct ast_file *file, size_t i)
{
    for (;;) {
        size_t words = type_words(file, i);
        if (words == 0 && !is_optional(file, i))
            return i;
        i += words > 0 ? words : 1;
    }
}

/* A name; for a type's first word its short name, without the "tz". */
static struct str meaning(struct arena *arena, const struct token *token)
{
    struct str value = token_value(arena, token);
    if (token_is_word(token, "double") && token_is_word(token + 1, "precision"))
        return STR("float8");
    if (token_is_word(token, "bit") && token_is_word(token + 1, "varying"))
        return STR("varbit");
    if (token_is_word(token, "character") && token_is_word(token + 1, "varying"))
        return STR("varchar");
    const struct type_info *info = type_find(value);
    if (info && (info->id == TYPE_TIMESTAMPTZ || info->id == TYPE_TIMETZ))
        return (struct str){ info->name.s, info->name.n - 2 };
    return info ? info->name : value;
}

static bool same_token(struct arena *arena, const struct token *a,
                       const struct token *b)
{
    if (a->kind != b->kind || a->keyword != b->keyword)
        return false;
    return a->kind == TOKEN_NAME ? str_eq(meaning(arena, a), meaning(arena, b))
                                 : str_eq(token_text(a), token_text(b));
}

static void compare(struct arena *arena, const struct ast_file *a,
                    const struct ast_file *b)
{
    size_t i = skip_optional(a, 0), j = skip_optional(b, 0);
    while (a->tokens[i].kind != TOKEN_END) {
        if (!same_token(arena, &a->tokens[i], &b->tokens[j]))
            abort();
        i = skip_optional(a, i + 1);
        j = skip_optional(b, j + 1);
    }
    if (b->tokens[j].kind != TOKEN_END || a->comments.n != b->comments.n)
        abort();
    for (size_t k = 0; k < a->comments.n; k++)
        if (a->comments.items[k].doc != b->comments.items[k].doc)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct str text = { arena_copy(&arena, (const char *)data, size), size };
    const struct ast_file *file = parse(&arena, text);
    if (file->ok) {
        struct str once = format(&arena, file);
        const struct ast_file *again = parse(&arena, once);
        if (!again->ok)
            abort();
        compare(&arena, file, again);
        if (!str_eq(once, format(&arena, again)))
            abort();
    }
    arena_release(&arena);
    return 0;
}
