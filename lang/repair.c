/* repair.c: mistakes that one token explains, each reported once and mended, so that
 * nothing after them is lost. Must not know the tree. */
#include "build.h"
#include "types.h"
#include "../base/suggest.h"

/* The end of the last token: where one is missing. */
static struct span gap(const struct parser *p)
{
    if (!p->prev)
        return parser_token(p)->span;
    return (struct span){ p->prev->span.source, p->prev->span.end, p->prev->span.end };
}

/* Whether the token at hand would be taken after the n kinds. Room for one more. */
static bool fits_after(const struct parser *p, enum token_kind *kinds, size_t n)
{
    return soft_goes_on(p, kinds, n, p->at, n + 1);
}

static bool fits_after_one(const struct parser *p, enum token_kind kind)
{
    enum token_kind kinds[2] = { kind };
    return fits_after(p, kinds, 1);
}

/* ---- separators ----------------------------------------------------------------------- */

/* "," for ";" and the reverse. */
static bool wrong_separator(struct parser *p, enum token_kind kind)
{
    const struct token *token = parser_token(p);
    if (kind == TOKEN_COMMA && parser_takes(p, TOKEN_SEMICOLON)) {
        build_error(p, E_wrong_separator, token->span,
                    "\",\" where \";\" ends a member");
        parser_feed(p, TOKEN_SEMICOLON, 1);
        return true;
    }
    if (kind == TOKEN_SEMICOLON && parser_top(p) == TOKEN_LBRACE &&
        parser_takes(p, TOKEN_COMMA) && !parser_takes(p, TOKEN_NAME)) {
        build_error(p, E_wrong_separator, token->span, "\";\" where \",\" separates");
        parser_feed(p, TOKEN_COMMA, 1);
        return true;
    }
    return false;
}

/* A ";" inside a query: the body is one statement. */
static bool semicolon_in_body(struct parser *p, enum token_kind kind)
{
    bool body = parser_takes(p, TOKEN_LBRACE) && parser_takes(p, TOKEN_NAME);
    if (kind != TOKEN_SEMICOLON || !body)
        return false;
    if (parser_top(p) != TOKEN_LBRACE && parser_token(p)[1].newline)
        return false;
    struct diag *diag = build_error(p, E_syntax, parser_token(p)->span,
                                    "\";\" inside a query");
    diag_hint(p->diags, diag, "a query is one statement and ends with its \"}\"");
    parser_drop(p);
    return true;
}

static bool missing_comma(struct parser *p)
{
    if (p->nopen == 0 || parser_token(p)->kind == TOKEN_OPERATOR ||
        !parser_takes(p, TOKEN_COMMA) || parser_takes(p, TOKEN_SEMICOLON) ||
        !fits_after_one(p, TOKEN_COMMA))
        return false;
    build_error(p, E_missing_token, gap(p), "missing \",\"");
    parser_insert(p, TOKEN_COMMA);
    return true;
}

static bool missing_semicolon(struct parser *p)
{
    const struct token *token = parser_token(p);
    bool here = token->newline || token->kind == TOKEN_RBRACE ||
                token->kind == TOKEN_END;
    if (!here || !fits_after_one(p, TOKEN_SEMICOLON))
        return false;
    build_error(p, E_missing_token, gap(p), "missing \";\"");
    parser_insert(p, TOKEN_SEMICOLON);
    return true;
}

/* ---- brackets ------------------------------------------------------------------------- */

static enum token_kind closer_of(enum token_kind open)
{
    if (open == TOKEN_LPAREN)
        return TOKEN_RPAREN;
    return open == TOKEN_LBRACKET ? TOKEN_RBRACKET : TOKEN_RBRACE;
}

/* Kinds to insert before the token at hand: closing brackets, innermost first, and the
 * ";" that stands before or after one. */
struct closers {
    enum token_kind kinds[24];
    size_t n;
    const struct open_bracket *first; /* the innermost bracket that is closed */
};

static bool closers_fit(const struct parser *p, struct closers *closers, bool semicolon)
{
    if (fits_after(p, closers->kinds, closers->n))
        return true;
    if (!semicolon)
        return false;
    closers->kinds[closers->n] = TOKEN_SEMICOLON;
    if (!fits_after(p, closers->kinds, closers->n + 1))
        return false;
    closers->n++;
    return true;
}

/* Adds the bracket's closer, after a ";" when it needs one. */
static bool closers_add(const struct parser *p, struct closers *closers,
                        const struct open_bracket *open)
{
    enum token_kind closer = closer_of(open->kind);
    closers->kinds[closers->n] = closer;
    if (!grammar_takes(p->grammar, closers->kinds, closers->n + 1)) {
        closers->kinds[closers->n++] = TOKEN_SEMICOLON;
        closers->kinds[closers->n] = closer;
        if (!grammar_takes(p->grammar, closers->kinds, closers->n + 1))
            return false;
    }
    closers->n++;
    if (!closers->first)
        closers->first = open;
    return true;
}

/* Finds the fewest closers after which the token at hand fits. Braces are closed only
 * before what cannot stand inside them. */
static bool closers_find(const struct parser *p, struct closers *closers)
{
    const struct token *token = parser_token(p);
    bool line = token->newline || token->kind == TOKEN_RBRACE ||
                token->kind == TOKEN_END;
    bool braces = token->kind == TOKEN_END || token->kind == TOKEN_RBRACE ||
                  token->kind == TOKEN_RPAREN || soft_is_head(p, p->at);
    for (size_t i = p->nopen; i > 0 && closers->n < 20; i--) {
        const struct open_bracket *open = &p->open[i - 1];
        if (open->kind == TOKEN_LBRACE && !braces)
            return false;
        if (!closers_add(p, closers, open))
            return false;
        if (closers_fit(p, closers, line))
            return true;
    }
    return false;
}

static void report_closers(struct parser *p, const struct closers *closers)
{
    enum token_kind closer = closer_of(closers->first->kind);
    bool brace = closer == TOKEN_RBRACE;
    struct span span = brace ? parser_token(p)->span : gap(p);
    const char *shown = expect_shown(p, parser_token(p));
    struct diag *diag = brace ? build_error(p, E_unclosed_bracket, span,
                                            "missing %s before %s",
                                            token_kind_shown(closer), shown)
                              : build_error(p, E_missing_token, span, "missing %s",
                                            token_kind_shown(closer));
    diag->other = closers->first->token->span;
    diag->note = "opened here";
}

static bool missing_closers(struct parser *p)
{
    struct closers closers = { .n = 0 };
    if (!closers_find(p, &closers))
        return false;
    report_closers(p, &closers);
    for (size_t i = 0; i < closers.n; i++) {
        p->early += closers.kinds[i] == TOKEN_RBRACE;
        parser_insert(p, closers.kinds[i]);
    }
    return true;
}

/* On the head's own line only where what follows shows it; a query's body would take
 * anything. */
static bool missing_open_brace(struct parser *p)
{
    const struct token *token = parser_token(p);
    enum token_kind kinds[4] = { TOKEN_LBRACE };
    if (token->kind == TOKEN_END || parser_takes(p, TOKEN_NAME) ||
        (!token->newline && (p->query || parser_takes(p, TOKEN_EXEC))) ||
        !soft_goes_on(p, kinds, 1, p->at, token->newline ? 2 : 4))
        return false;
    build_error(p, E_missing_token, gap(p), "missing \"{\"");
    parser_insert(p, TOKEN_LBRACE);
    return true;
}

/* The parameters of a query without their "(". */
static bool missing_open_paren(struct parser *p)
{
    enum token_kind kinds[4] = { TOKEN_LPAREN };
    if (!parser_takes(p, TOKEN_EXEC) || parser_token(p)->newline ||
        !soft_goes_on(p, kinds, 1, p->at, 4))
        return false;
    build_error(p, E_missing_token, gap(p), "missing \"(\"");
    parser_insert(p, TOKEN_LPAREN);
    if (p->query)
        p->query->lost = true;
    return true;
}

static bool stray_closer(struct parser *p, enum token_kind kind)
{
    enum token_kind top = parser_top(p);
    bool stray = (kind == TOKEN_RPAREN && top != TOKEN_LPAREN) ||
                 (kind == TOKEN_RBRACKET && top != TOKEN_LBRACKET) ||
                 (kind == TOKEN_RBRACE && p->nopen == 0);
    if (!stray)
        return false;
    if (kind == TOKEN_RBRACE && p->early > 0) {
        p->early--;
        parser_drop(p);
        return true;
    }
    build_error(p, E_stray_bracket, parser_token(p)->span, "%s closes nothing",
                token_kind_shown(kind));
    parser_drop(p);
    return true;
}

/* ---- words ---------------------------------------------------------------------------- */

/* The keyword that the grammar would take here and that the word is nearest to. */
static enum token_kind nearest_keyword(const struct parser *p,
                                       const struct token *token)
{
    struct suggest suggest = suggest_for(token_value(p->arena, token));
    enum token_kind best = TOKEN_END;
    for (int kind = TOKEN_TIME_ZONE + 1; kind < TOKEN_KINDS; kind++) {
        if (!parser_takes(p, (enum token_kind)kind))
            continue;
        struct str before = suggest.best;
        suggest_offer(&suggest, str_of(token_keyword_word((enum token_kind)kind)));
        if (suggest.best.s != before.s)
            best = (enum token_kind)kind;
    }
    return best;
}

bool repair_is_misspelt(const struct parser *p)
{
    return nearest_keyword(p, parser_token(p)) != TOKEN_END;
}

static void report_misspelt(struct parser *p, const struct token *token,
                            enum token_kind keyword)
{
    struct diag *diag = build_error(p, E_misspelt_keyword, token->span,
                                    "unknown word \"%.*s\"",
                                    STR_ARGS(token_text(token)));
    diag_hint(p->diags, diag, "did you mean \"%s\"?", token_keyword_word(keyword));
}

/* Where a declaration begins, more of what follows has to fit, so that its body is not
 * read as something else: its name and what comes behind that. */
static size_t wanted_after(const struct parser *p)
{
    return parser_takes(p, TOKEN_TABLE) && parser_takes(p, TOKEN_QUERY) ? 3 : 2;
}

/* A word shorter than this is near to too many. */
enum { MIN_MISSPELT = 3 };

static bool misspelt(struct parser *p)
{
    const struct token *token = parser_token(p);
    if (token->kind != TOKEN_NAME || parser_takes(p, TOKEN_NAME) ||
        token_text(token).n < MIN_MISSPELT || token_keyword(token) != TOKEN_END)
        return false;
    enum token_kind keyword = nearest_keyword(p, token);
    if (keyword == TOKEN_END)
        return false;
    report_misspelt(p, token, keyword);
    enum token_kind kinds[3] = { keyword }, whole[2] = { keyword, TOKEN_SEMICOLON };
    if (soft_goes_on(p, kinds, 1, p->at + 1, wanted_after(p)) ||
        grammar_takes(p->grammar, whole, 2))
        parser_feed(p, keyword, 1);
    else
        recover(p);
    return true;
}

/* ---- a member's first word, found wrong at its second or third ------------------------- */

static enum token_kind nearest_member(const struct parser *p, const struct token *token)
{
    static const enum token_kind kinds[] = { TOKEN_INDEX, TOKEN_UNIQUE, TOKEN_CHECK,
                                             TOKEN_EXCLUDE };
    struct suggest suggest = suggest_for(token_value(p->arena, token));
    enum token_kind best = TOKEN_END;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct str before = suggest.best;
        suggest_offer(&suggest, str_of(token_keyword_word(kinds[i])));
        if (suggest.best.s != before.s)
            best = kinds[i];
    }
    return best;
}

/* "(" or "[" right behind a member's first word, where a type should stand. */
static bool wrong_first_word(struct parser *p, enum token_kind kind)
{
    const struct token *first = p->member;
    bool second = first && first == p->prev && first->kind == TOKEN_NAME;
    if (!second || p->prev_kind != TOKEN_NAME ||
        (kind != TOKEN_LPAREN && kind != TOKEN_LBRACKET))
        return false;
    enum token_kind keyword = nearest_member(p, first);
    if (type_find(token_value(p->arena, first))) {
        struct diag *diag = build_error(p, E_type_first, first->span,
                                        "type \"%.*s\" where a column's name stands",
                                        STR_ARGS(token_text(first)));
        diag_hint(p->diags, diag, "the name comes first, then its type");
    } else if (keyword != TOKEN_END && kind == TOKEN_LPAREN) {
        report_misspelt(p, first, keyword);
    } else {
        return false;
    }
    recover(p);
    return true;
}

/* ---- at tokens that would be taken ------------------------------------------------------ */

bool drop_last_comma(struct parser *p, enum token_kind kind)
{
    enum token_kind kinds[2] = { TOKEN_COMMA };
    const struct token *next = parser_token(p) + 1;
    if (kind != TOKEN_COMMA ||
        (next->kind != TOKEN_RPAREN && next->kind != TOKEN_RBRACKET) ||
        soft_goes_on(p, kinds, 1, p->at + 1, 2) || !parser_takes(p, next->kind))
        return false;
    build_error(p, E_syntax, parser_token(p)->span, "\",\" before %s",
                token_kind_shown(next->kind));
    parser_drop(p);
    return true;
}

/* Words that go on with a statement and begin no declaration. */
static bool continues_statement(const struct token *token)
{
    static const char *const words[] = { "and",       "or",    "where", "order",
                                         "group",     "limit", "from",  "having",
                                         "returning", "union", "on",    "offset" };
    if (token->kind == TOKEN_LBRACE)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (token_is_word(token, words[i]))
            return true;
    return false;
}

bool drop_early_brace(struct parser *p, enum token_kind kind)
{
    bool body = p->query && parser_takes(p, TOKEN_LBRACE) &&
                parser_takes(p, TOKEN_NAME);
    if (kind != TOKEN_RBRACE || !body || !continues_statement(parser_token(p) + 1))
        return false;
    enum token_kind kinds[3] = { TOKEN_RBRACE };
    if (soft_goes_on(p, kinds, 1, p->at + 1, 2))
        return false;
    build_error(p, E_stray_bracket, parser_token(p)->span, "\"}\" closes nothing");
    parser_drop(p);
    p->query->lost = true;
    return true;
}

/* `q(id many users {`: the word that says what a query gives, taken for a type. */
bool close_parameters(struct parser *p, enum token_kind kind)
{
    enum token_kind keyword = token_keyword(parser_token(p));
    bool gives = keyword == TOKEN_ONE || keyword == TOKEN_MAYBE ||
                 keyword == TOKEN_MANY || keyword == TOKEN_EXEC;
    if (kind != TOKEN_NAME || !gives || !p->query || parser_top(p) != TOKEN_LPAREN)
        return false;
    enum token_kind name[4] = { TOKEN_NAME }, closed[4] = { TOKEN_RPAREN, keyword };
    if (soft_goes_on(p, name, 1, p->at + 1, 2) ||
        !soft_goes_on(p, closed, 2, p->at + 1, 4))
        return false;
    struct diag *diag = build_error(p, E_missing_token, gap(p), "missing \")\"");
    diag->other = p->open[p->nopen - 1].token->span;
    diag->note = "opened here";
    parser_insert(p, TOKEN_RPAREN);
    return true;
}

static void mark_broken(struct parser *p)
{
    if (p->decl && p->decl->kind == AST_DECL_TABLE)
        p->decl->table->lost = true;
    else if (p->decl && p->decl->kind == AST_DECL_ENUM)
        p->decl->enum_->lost = true;
    else if (p->query)
        p->query->lost = true;
    else
        p->file->lost = true;
}

/* Closes the parentheses that the line opened, then ends the member. */
static bool end_member(struct parser *p)
{
    struct closers closers = { .n = 0 };
    for (size_t i = p->nopen; i > 0 && closers.n < 20; i--) {
        if (p->open[i - 1].kind == TOKEN_LBRACE)
            break;
        closers.kinds[closers.n++] = closer_of(p->open[i - 1].kind);
    }
    closers.kinds[closers.n++] = TOKEN_SEMICOLON;
    if (!grammar_takes(p->grammar, closers.kinds, closers.n))
        return false;
    for (size_t i = 0; i < closers.n; i++)
        parser_insert(p, closers.kinds[i]);
    return true;
}

bool mend_broken_line(struct parser *p)
{
    if (p->mended == p->prev || !parser_token(p)->newline)
        return false;
    p->mended = p->prev;
    mark_broken(p);
    /* In a query's body the next line goes on. */
    if (parser_takes(p, TOKEN_LBRACE) && parser_takes(p, TOKEN_NAME))
        return false;
    if (end_member(p))
        return true;
    if (parser_top(p) == TOKEN_LBRACE && parser_takes(p, TOKEN_COMMA))
        parser_insert(p, TOKEN_COMMA);
    else if (p->decl)
        recover_here(p);
    else
        return false;
    return true;
}

/* ---- the order of attempts -------------------------------------------------------------- */

/* One token too many: ":" between a name and its type. */
static bool stray_colon(struct parser *p, enum token_kind kind)
{
    enum token_kind kinds[2];
    if (kind != TOKEN_COLON || !soft_goes_on(p, kinds, 0, p->at + 1, 1))
        return false;
    build_error(p, E_syntax, parser_token(p)->span,
                "\":\" between a name and its type");
    parser_drop(p);
    return true;
}

bool repair(struct parser *p, struct reading reading)
{
    enum token_kind kind = reading.kind;
    return refuse(p) || missing_paren_ahead(p) || missing_semicolon_in_line(p) ||
           wrong_separator(p, kind) || semicolon_in_body(p, kind) ||
           stray_colon(p, kind) || missing_semicolon(p) || missing_closers(p) ||
           missing_comma(p) || missing_open_brace(p) || stray_closer(p, kind) ||
           wrong_first_word(p, kind) || misspelt(p) || missing_open_paren(p);
}
