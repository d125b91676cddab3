/* recover.c: after an error that no repair explains: to the end of the member or
 * declaration, and on from there. Must not know the tree but for its `lost` flags. */
#include "build.h"

/* ---- what is lost ------------------------------------------------------------------------ */

static void mark_declaration(struct parser *p)
{
    p->file->lost = true;
}

static void mark_lost(struct parser *p)
{
    bool block = parser_takes(p, TOKEN_RBRACE) && p->nopen > 0;
    if (p->decl && p->decl->kind == AST_DECL_TABLE) {
        p->decl->table->lost = true;
    } else if (p->decl && p->decl->kind == AST_DECL_ENUM) {
        p->decl->enum_->lost = true;
    } else if (p->query && block && !parser_takes(p, TOKEN_SEMICOLON)) {
        p->query->lost = true;
    } else {
        p->query = NULL;
        mark_declaration(p);
    }
}

/* ---- skipping ------------------------------------------------------------------------------ */

/* Unwinds; gives how many braces were open that are not any more. */
static size_t unwind(struct parser *p)
{
    bool muted = p->muted;
    p->muted = true;
    grammar_fail(p->grammar, p->prev ? p->prev : parser_token(p));
    p->muted = muted;
    size_t left = grammar_brackets(p->grammar), braces = 0;
    while (p->nopen > left)
        braces += p->open[--p->nopen].kind == TOKEN_LBRACE;
    build_unwind(p);
    mark_lost(p);
    return braces;
}

/* Ends the error with the token that the grammar waits for, which is not there. */
static void end_error(struct parser *p)
{
    if (parser_takes(p, TOKEN_SEMICOLON))
        parser_insert(p, TOKEN_SEMICOLON);
    else if (parser_takes(p, TOKEN_RBRACE))
        parser_insert(p, TOKEN_RBRACE);
    else
        BUG("recovery without a token to end it");
}

/* Whether the brace at hand closes a part of a signature, not a block: what follows it
 * goes on in a list. */
static bool in_list(const struct parser *p)
{
    const struct token *next = parser_token(p) + 1;
    return next->kind == TOKEN_RPAREN || next->kind == TOKEN_COMMA ||
           next->kind == TOKEN_QUESTION;
}

/* A block ends what was skipped, unless its line goes on: it was a part of something. */
static bool ends_block(const struct parser *p)
{
    const struct token *next = parser_token(p);
    return next->newline || next->kind == TOKEN_END || next->kind == TOKEN_RBRACE ||
           next->kind == TOKEN_SEMICOLON;
}

/* One closing brace, with depth of them open in what is skipped. Gives true at the end. */
static bool skip_brace(struct parser *p, size_t depth)
{
    if (depth == 0 && in_list(p)) {
        p->at++;
        return false;
    }
    if (depth == 0 && parser_takes(p, TOKEN_RBRACE))
        return true; /* it is fed in the ordinary way */
    if (depth == 0) {
        end_error(p);
        return true;
    }
    p->at++;
    if (depth > 1 || !parser_takes(p, TOKEN_SEMICOLON) || !ends_block(p))
        return false;
    end_error(p);
    return true;
}

/* A head that is not the one where recovery stopped before. */
static bool is_new_head(struct parser *p)
{
    const struct token *token = parser_token(p);
    if (token == p->resynced || !soft_is_head(p, p->at))
        return false;
    p->resynced = token;
    return true;
}

static void skip(struct parser *p, size_t depth)
{
    for (;;) {
        enum token_kind kind = parser_token(p)->kind;
        if (kind == TOKEN_END || (depth == 0 && is_new_head(p))) {
            end_error(p);
            return;
        }
        if (kind == TOKEN_RBRACE) {
            if (skip_brace(p, depth))
                return;
            depth -= depth > 0;
            continue;
        }
        if (kind == TOKEN_SEMICOLON && depth == 0 && parser_takes(p, TOKEN_SEMICOLON)) {
            parser_feed(p, TOKEN_SEMICOLON, 1);
            return;
        }
        depth += kind == TOKEN_LBRACE;
        p->at++;
    }
}

void recover_here(struct parser *p)
{
    p->repairs = 0;
    size_t braces = unwind(p);
    if (braces > 0)
        skip(p, braces);
    else
        end_error(p);
}

/* Tokens of a head that are looked at. */
enum { MAX_HEAD = 100 };

bool skip_to_body(struct parser *p)
{
    size_t at = p->at, end = at + MAX_HEAD;
    if (!parser_takes(p, TOKEN_LBRACE) || parser_takes(p, TOKEN_NAME))
        return false;
    while (p->tokens[at].kind != TOKEN_LBRACE) {
        enum token_kind kind = p->tokens[at++].kind;
        if (kind == TOKEN_END || kind == TOKEN_SEMICOLON || kind == TOKEN_RBRACE ||
            p->tokens[at].newline || at == end)
            return false;
    }
    p->at = at;
    if (p->query && !p->decl)
        p->query->lost = true;
    return true;
}

void recover(struct parser *p)
{
    p->repairs = 0;
    skip(p, unwind(p));
}
