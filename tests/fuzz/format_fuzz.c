/* format_fuzz.c: the canonical form of whatever parses: it parses again, to the same
 * tokens, and its canonical form is itself. */
#include <stdint.h>
#include <stdlib.h>

#include "lang/format.h"
#include "lang/parser.h"

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

static size_t skip_optional(const struct ast_file *file, size_t i)
{
    while (is_optional(file, i))
        i++;
    return i;
}

static bool same_token(struct arena *arena, const struct token *a,
                       const struct token *b)
{
    if (a->kind != b->kind || a->keyword != b->keyword)
        return false;
    return a->kind == TOKEN_NAME ? str_eq(token_value(arena, a), token_value(arena, b))
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
