/* lost.c: see lost.h. Must not know the model. */
#include "lost.h"
#include "token.h"

typedef VEC(struct span) spans;

static void kept_of(struct arena *arena, const ast_decls *decls, spans *kept)
{
    for (size_t i = 0; i < decls->n; i++) {
        const struct ast_decl *decl = &decls->items[i];
        if (decl->kind == AST_DECL_SCHEMA)
            kept_of(arena, &decl->schema->decls, kept);
        else
            VEC_PUSH(arena, kept, decl->span);
    }
}

static void add(struct arena *arena, struct map *words, struct str word)
{
    if (word.n > 0)
        (void)map_add(words, arena, word, words);
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

/* Text that is no token: its words as they stand. */
static void add_text(struct arena *arena, struct map *words, struct str text)
{
    size_t start = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (is_word_char(text.s[i]))
            continue;
        add(arena, words, (struct str){ text.s + start, i - start });
        start = i + 1;
    }
    add(arena, words, (struct str){ text.s + start, text.n - start });
}

/* The tokens [first, last) that stand outside what was kept, in the order of both. */
static void add_outside(struct arena *arena, const struct token *first,
                        const struct token *last, const spans *kept, struct map *words)
{
    size_t next = 0;
    for (const struct token *token = first; token < last; token++) {
        while (next < kept->n && kept->items[next].end <= token->span.start)
            next++;
        if (token->broken)
            add_text(arena, words, token_text(token));
        else if ((token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED) &&
                 (next == kept->n || token->span.start < kept->items[next].start))
            add(arena, words, token_value(arena, token));
    }
}

void lost_words(struct arena *arena, const struct ast_file *file, struct map *words)
{
    spans kept = { 0 };
    kept_of(arena, &file->decls, &kept);
    add_outside(arena, file->tokens, file->tokens + file->ntokens, &kept, words);
}

void lost_members(struct arena *arena, const struct ast_file *file,
                  const struct ast_table *table, struct span span, struct map *words)
{
    spans kept = { 0 };
    for (size_t i = 0; i < table->members.n; i++)
        VEC_PUSH(arena, &kept, table->members.items[i].span);
    const struct token *first = file->tokens, *end = file->tokens + file->ntokens;
    while (first < end && first->span.start < span.start)
        first++;
    while (first < end && first->kind != TOKEN_LBRACE)
        first++;
    const struct token *last = first;
    while (last < end && last->span.end <= span.end)
        last++;
    add_outside(arena, first, last, &kept, words);
}
