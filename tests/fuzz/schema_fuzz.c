/* schema_fuzz.c: any bytes through lexer, parser, resolver and the rendering of what they
 * have to say. Nothing may crash, and a file that is not fine must have said why. */
#include <stdint.h>
#include <stdlib.h>

#include "lang/parser.h"
#include "lang/resolve.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void render(struct diags *diags)
{
    struct buf out = { 0 };
    diag_render_text(diags, (struct diag_style){ .color = true }, &out);
    diag_render_json(diags, &out);
    buf_release(&out);
}

static void check_tokens(const struct ast_file *file)
{
    uint32_t end = 0;
    for (size_t i = 0; i < file->ntokens; i++) {
        const struct token *token = &file->tokens[i];
        if (token->span.start < end || token->span.end < token->span.start)
            abort();
        end = token->span.end;
    }
    if (end > file->source->size || file->tokens[file->ntokens - 1].kind != TOKEN_END)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct source source = { .path = "fuzz.schema" };
    source.text = arena_copy(&arena, (const char *)data, size);
    source.size = size;

    struct diags parsed = { .arena = &arena };
    const struct ast_file *file = parse_source(&arena, &source, &parsed);
    check_tokens(file);
    if (file->ok != (parsed.nerrors == 0) || (file->lost && file->ok))
        abort();

    struct diags diags = { .arena = &arena };
    if (!resolve(&arena, &source, NULL, &diags))
        abort();
    render(&diags);
    arena_release(&arena);
    return 0;
}
