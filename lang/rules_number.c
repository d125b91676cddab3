/* rules_number.c: numbers that not every supported server reads. Must not know where they
 * stand. */
#include "resolver.h"

/* 0x1F, 0o17, 0b11, 1_000. Source: src/backend/parser/scan.l, versions 15 and 16. */
static bool is_new(struct str text)
{
    bool base = text.n > 1 && text.s[0] == '0' && memchr("xXoObB", text.s[1], 6);
    return base || (text.n > 0 && memchr(text.s, '_', text.n));
}

static void warn(struct resolver *r, const struct token *token)
{
    struct diag *diag = diag_warning(
        r->diags, E_new_number, token->span,
        "PostgreSQL reads \"%.*s\" from version 16 on only",
        STR_ARGS(token_text(token)));
    diag_hint(r->diags, diag, "write it in decimal digits");
}

void rules_number(struct resolver *r)
{
    for (size_t i = 0; i < r->nfiles; i++) {
        const struct ast_file *file = r->files[i];
        for (size_t k = 0; k < file->ntokens; k++) {
            const struct token *token = &file->tokens[k];
            if (token->kind == TOKEN_NUMBER && is_new(token_text(token))) {
                warn(r, token);
            }
        }
    }
}
