/* repair_member.c: mistakes in a table that only the rest of the line explains: a "("
 * left out, a ";" between two members of one line, a "}" between two. Must not know the
 * tree. */
#include "build.h"
#include "types.h"

static bool name_at(const struct parser *p, size_t at)
{
    return p->tokens[at].kind == TOKEN_NAME || p->tokens[at].kind == TOKEN_QUOTED;
}

/* The next token may be a member of a table. */
static bool at_member(const struct parser *p)
{
    return parser_takes(p, TOKEN_UNIQUE) && parser_takes(p, TOKEN_EXCLUDE);
}

static struct span gap(const struct parser *p)
{
    const struct token *token = p->prev ? p->prev : parser_token(p);
    return (struct span){ token->span.source, token->span.end, token->span.end };
}

/* ---- "(" --------------------------------------------------------------------------------- */

/* Whether a ")" that nothing opens stands ahead on the line, within the member. */
static bool closes_ahead(const struct parser *p, size_t at)
{
    size_t depth = 0;
    for (size_t i = at; i == at || !p->tokens[i].newline; i++) {
        enum token_kind kind = p->tokens[i].kind;
        if (kind == TOKEN_RPAREN && depth-- == 0)
            return true;
        depth += kind == TOKEN_LPAREN;
        if (kind == TOKEN_SEMICOLON || kind == TOKEN_LBRACE || kind == TOKEN_RBRACE ||
            kind == TOKEN_END)
            return false;
    }
    return false;
}

/* Behind the words that the member at the index begins with; 0: it is a column. */
static size_t after_words(const struct parser *p, size_t at)
{
    const struct token *token = &p->tokens[at];
    enum token_kind keyword = token->kind == TOKEN_NAME ? token_keyword(token)
                                                        : TOKEN_END;
    if (keyword == TOKEN_PRIMARY || keyword == TOKEN_FOREIGN)
        return token_is_word(token + 1, "key") ? at + 2 : 0;
    if (keyword == TOKEN_UNIQUE && token_is_word(token + 1, "index"))
        return at + 2;
    bool member = keyword == TOKEN_UNIQUE || keyword == TOKEN_INDEX ||
                  keyword == TOKEN_CHECK || keyword == TOKEN_EXCLUDE;
    return member ? at + 1 : 0;
}

static bool goes_on_element(const struct token *token)
{
    return token_is_word(token, "asc") || token_is_word(token, "desc") ||
           token_is_word(token, "nulls") || token_is_word(token, "collate");
}

/* Where the member at hand wants its "("; 0: it has one, or is none. */
static size_t find_missing_paren(const struct parser *p)
{
    size_t at = after_words(p, p->at);
    const struct token *token = &p->tokens[at];
    if (at == 0 || !name_at(p, at) || token[1].kind == TOKEN_LPAREN ||
        token_is_word(token + 1, "using") || token_is_word(token, "using") ||
        token_is_word(token, "nulls") || !closes_ahead(p, at))
        return 0;
    /* A column with the name of a member's first word. */
    if (at == p->at + 1 && type_find(token_value(p->arena, token)))
        return 0;
    bool check = token_is_word(parser_token(p), "check");
    bool named = !check && name_at(p, at + 1) && !goes_on_element(token + 1);
    return named ? at + 1 : at;
}

bool missing_member_paren(struct parser *p)
{
    if (p->paren < p->at)
        p->paren = 0;
    if (!p->member && at_member(p))
        p->paren = find_missing_paren(p);
    if (p->paren != p->at || p->paren == 0 || !parser_takes(p, TOKEN_LPAREN))
        return false;
    p->paren = 0;
    build_error(p, E_missing_token, gap(p), "missing \"(\"");
    parser_insert(p, TOKEN_LPAREN);
    return true;
}

bool missing_paren_ahead(struct parser *p)
{
    enum token_kind kinds[3] = { TOKEN_LPAREN };
    if (p->query || parser_top(p) == TOKEN_LPAREN || parser_token(p)->newline ||
        parser_token(p)->kind == TOKEN_RPAREN || !closes_ahead(p, p->at) ||
        !soft_goes_on(p, kinds, 1, p->at, 3))
        return false;
    build_error(p, E_missing_token, gap(p), "missing \"(\"");
    parser_insert(p, TOKEN_LPAREN);
    return true;
}

/* ---- ";" and "}" --------------------------------------------------------------------------- */

static bool is_known_type(const struct parser *p, const struct token *token)
{
    static const char *const serials[] = { "serial",  "bigserial", "smallserial",
                                           "serial2", "serial4",   "serial8" };
    if (token->kind != TOKEN_NAME)
        return false;
    for (size_t i = 0; i < sizeof serials / sizeof *serials; i++)
        if (token_is_word(token, serials[i]))
            return true;
    return soft_long_type(token) > 1 || type_find(token_value(p->arena, token));
}

/* A column of a built-in type, or a member that only can be one. */
static bool looks_like_member(const struct parser *p, size_t at)
{
    if (!name_at(p, at))
        return false;
    const struct token *token = &p->tokens[at];
    if (is_known_type(p, token + 1))
        return true;
    return token->kind == TOKEN_NAME && soft_begins_member(p, token_keyword(token), at);
}

/* Whether the n kinds and the two words at the index go on, and what follows those is
 * theirs or another member. */
static bool fits_as_member(const struct parser *p, enum token_kind *kinds, size_t n,
                           size_t at)
{
    return soft_goes_on(p, kinds, n, at, n + 3) ||
           (soft_goes_on(p, kinds, n, at, n + 2) && looks_like_member(p, at + 2));
}

/* `id int4 name text;`. A word before "(" is rather a keyword with a typing error. */
bool missing_semicolon_in_line(struct parser *p)
{
    enum token_kind kinds[4] = { TOKEN_SEMICOLON };
    const struct token *token = parser_token(p);
    if (p->query || token->newline || !looks_like_member(p, p->at) ||
        (token[2].kind == TOKEN_LPAREN && token[3].kind != TOKEN_NUMBER &&
         repair_is_misspelt(p)) ||
        !fits_as_member(p, kinds, 1, p->at))
        return false;
    build_error(p, E_missing_token, gap(p), "missing \";\"");
    parser_insert(p, TOKEN_SEMICOLON);
    return true;
}

/* A column of a type of the schema's own, and nothing that is declared elsewhere. */
static bool looks_like_column(const struct parser *p, size_t at)
{
    const struct token *token = &p->tokens[at];
    bool type = token_is_word(token, "type") && token[2].kind == TOKEN_SEMICOLON;
    return name_at(p, at) && token[2].kind != TOKEN_LPAREN &&
           (type || !refuse_is_declaration(token));
}

bool drop_stray_brace(struct parser *p, enum token_kind kind)
{
    enum token_kind closed[3] = { TOKEN_RBRACE }, open[4];
    size_t next = p->at + 1;
    if (kind != TOKEN_RBRACE || !at_member(p) || soft_goes_on(p, closed, 1, next, 3) ||
        (!looks_like_member(p, next) && !looks_like_column(p, next)) ||
        !fits_as_member(p, open, 0, next))
        return false;
    build_error(p, E_stray_bracket, parser_token(p)->span, "\"}\" closes nothing");
    parser_drop(p);
    return true;
}
