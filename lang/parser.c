/* parser.c: the driver: tokens to lemon, with the choice of keywords, repairs and recovery
 * in between. Must not know what a declaration is made of. */
#include "build.h"
#include "lexer.h"
#include "lang/grammar.h"

/* lemon numbers the tokens in the order of its %token line. (KEYWORD does not go through
 * TOKEN: an argument NULL would be expanded.) */
#define IN_ORDER(ours, lemons)                                               \
    _Static_assert((int)(ours) == (lemons), "%token is not in the order of " \
                                            "tokens.def");
#define TOKEN(id, shown)  IN_ORDER(TOKEN_##id, T_##id)
#define KEYWORD(id, word) IN_ORDER(TOKEN_##id, T_##id)
#include "tokens.def"

/* Repairs at one token before it is given up, and tokens made up at one before it is
 * dropped: whatever the repairs do, the parser goes on. */
enum { MAX_REPAIRS = 6, MAX_INSERTED = 3 * PARSER_MAX_DEPTH };
/* Errors after which a file is given up: it is no schema. */
enum { MAX_ERRORS = 1000 };

enum token_kind parser_top(const struct parser *p)
{
    return p->nopen > 0 ? p->open[p->nopen - 1].kind : TOKEN_END;
}

/* ---- feeding ------------------------------------------------------------------------- */

static bool opens(enum token_kind kind)
{
    return kind == TOKEN_LBRACE || kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET;
}

static bool closes(enum token_kind kind)
{
    return kind == TOKEN_RBRACE || kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET;
}

/* What a schema, table or the like ends in is reduced with the next token only, and looks
 * at nopen then: nopen changes after the feeding. */
static void feed(struct parser *p, enum token_kind kind, const struct token *token)
{
    grammar_feed(p->grammar, kind, token);
    if (opens(kind))
        p->open[p->nopen++] = (struct open_bracket){ token, kind };
    else if (closes(kind) && p->nopen > 0)
        p->nopen--;
    if (kind == TOKEN_SEMICOLON || kind == TOKEN_LBRACE || kind == TOKEN_RBRACE)
        p->member = NULL;
    else if (!p->member)
        p->member = token;
    p->prev_kind = kind;
}

void parser_feed(struct parser *p, enum token_kind kind, size_t count)
{
    struct token *token = parser_token(p);
    if (token_keyword_word(kind))
        token->keyword = (uint16_t)kind;
    feed(p, kind, token);
    p->prev = token + count - 1;
    p->at += count;
    p->repairs = p->inserted = 0;
}

void parser_insert(struct parser *p, enum token_kind kind)
{
    p->inserted++;
    feed(p, kind, p->prev ? p->prev : parser_token(p));
}

void parser_drop(struct parser *p)
{
    p->at++;
    p->repairs = p->inserted = 0;
}

/* ---- one token ----------------------------------------------------------------------- */

static void report_missing_semicolon(struct parser *p)
{
    struct span span = { p->prev->span.source, p->prev->span.end, p->prev->span.end };
    build_error(p, E_missing_token, span, "missing \";\"");
    parser_insert(p, TOKEN_SEMICOLON);
}

static bool too_deep(struct parser *p, enum token_kind kind)
{
    if (!opens(kind) || p->nopen < PARSER_MAX_DEPTH)
        return false;
    build_error(p, E_too_deep, parser_token(p)->span, "brackets are nested too deeply");
    return true;
}

static void step(struct parser *p)
{
    bool missing = false;
    p->muted = p->prev && p->prev->broken;
    if (p->inserted > MAX_INSERTED) {
        p->file->ok = false;
        parser_drop(p);
        return;
    }
    if ((p->muted && mend_broken_line(p)) || missing_member_paren(p))
        return;
    struct reading reading = soft_choose(p, &missing);
    if (missing && p->repairs++ < MAX_REPAIRS) {
        report_missing_semicolon(p);
        return;
    }
    if (parser_takes(p, reading.kind)) {
        if (close_parameters(p, reading.kind))
            return;
        if (refuse_member(p, reading) || too_deep(p, reading.kind))
            recover(p);
        else if (!drop_last_comma(p, reading.kind) &&
                 !drop_early_brace(p, reading.kind) &&
                 !drop_stray_brace(p, reading.kind))
            parser_feed(p, reading.kind, reading.count);
        return;
    }
    if (p->repairs++ < MAX_REPAIRS && repair(p, reading))
        return;
    expect_report(p);
    if (!skip_to_body(p))
        recover(p);
}

/* ---- the file ------------------------------------------------------------------------ */

/* Doc comments that stand where nothing is documented. Only in a file without errors: what
 * was skipped has taken its own along. */
static void report_unused_docs(struct parser *p)
{
    bool ok = p->file->ok;
    for (size_t i = 0; ok && i < p->file->comments.n; i++) {
        const struct ast_comment *comment = &p->file->comments.items[i];
        if (!comment->doc || p->doc_used[i])
            continue;
        struct diag *diag = build_error(p, E_orphan_doc, comment->span,
                                        "doc comment that documents nothing");
        diag_hint(p->diags, diag,
                  comment->newline
                      ? "write \"//\", or put it before a declaration"
                      : "put it on a line of its own before what it is about");
    }
}

static void parse_tokens(struct parser *p)
{
    size_t limit = p->diags->nerrors + MAX_ERRORS;
    while (p->at < p->ntokens && p->diags->nerrors < limit)
        step(p);
    if (p->at < p->ntokens)
        p->file->lost = true;
}

struct ast_file *parse_source(struct arena *arena, struct source *source,
                              struct diags *diags)
{
    struct ast_file *file = arena_new(arena, struct ast_file);
    file->source = source;
    file->ok = true;
    lex_file(arena, file, diags);
    struct parser *p = arena_new(arena, struct parser);
    p->arena = arena;
    p->diags = diags;
    p->file = file;
    /* The driver marks the keywords in the array that it has just got. */
    p->tokens = (struct token *)file->tokens;
    p->ntokens = file->ntokens;
    p->doc_used = arena_array(arena, bool, file->comments.n + 1);
    p->grammar = grammar_new(p);
    parse_tokens(p);
    grammar_free(p->grammar);
    report_unused_docs(p);
    return file;
}
