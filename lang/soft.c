/* soft.c: which words are keywords where. Every keyword may be a name; the grammar's own
 * tables and a few tokens ahead decide. Must not change the parser. */
#include "parse.h"

/* ---- words ------------------------------------------------------------------------ */

static bool word_at(const struct parser *p, size_t at, const char *word)
{
    return at < p->ntokens && token_is_word(&p->tokens[at], word);
}

static bool kind_at(const struct parser *p, size_t at, enum token_kind kind)
{
    return at < p->ntokens && p->tokens[at].kind == kind;
}

static bool name_at(const struct parser *p, size_t at)
{
    return kind_at(p, at, TOKEN_NAME) || kind_at(p, at, TOKEN_QUOTED);
}

static bool is_field(const struct token *token)
{
    static const char *const fields[] = { "year", "month",  "day",
                                          "hour", "minute", "second" };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (token_is_word(token, fields[i]))
            return true;
    return false;
}

/* interval, and what it keeps: day to second. On one line: below it may stand a column
 * called year. */
static size_t interval_words(const struct token *token)
{
    if (token[1].newline || !is_field(&token[1]))
        return 1;
    return token_is_word(&token[2], "to") && is_field(&token[3]) ? 4 : 2;
}

/* [national] char[acter] [varying], nchar [varying]. */
static size_t character_words(const struct token *token)
{
    size_t n = token_is_word(token, "national") ? 1 : 0;
    if (!token_is_word(&token[n], "char") && !token_is_word(&token[n], "character") &&
        (n || !token_is_word(token, "nchar")))
        return 1;
    return n + 1 + token_is_word(&token[n + 1], "varying");
}

size_t soft_long_type(const struct token *token)
{
    if (token_is_word(token, "interval"))
        return interval_words(token);
    bool two = (token_is_word(token, "bit") && token_is_word(&token[1], "varying")) ||
               (token_is_word(token, "double") &&
                token_is_word(&token[1], "precision"));
    return two ? 2 : character_words(token);
}

/* Several words that the grammar takes as one token; count 0: none. */
static struct reading compound(const struct parser *p, size_t at)
{
    if (kind_at(p, at + 1, TOKEN_COLON) && name_at(p, at))
        return (struct reading){ TOKEN_LABEL, 2 };
    if ((word_at(p, at, "with") || word_at(p, at, "without")) &&
        word_at(p, at + 1, "time") && word_at(p, at + 2, "zone"))
        return (struct reading){ TOKEN_TIME_ZONE, 3 };
    size_t words = soft_long_type(&p->tokens[at]);
    return (struct reading){ words > 1 ? TOKEN_LONG_TYPE : TOKEN_END,
                             words > 1 ? words : 0 };
}

/* ---- heads --------------------------------------------------------------------------- */

/* Behind a name or schema.name at the index; 0: there is none. */
static size_t after_name(const struct parser *p, size_t at)
{
    if (!name_at(p, at))
        return 0;
    if (kind_at(p, at + 1, TOKEN_DOT) && name_at(p, at + 2))
        return at + 3;
    return at + 1;
}

static bool is_block_head(const struct parser *p, size_t name)
{
    size_t at = after_name(p, name);
    if (at == 0)
        return false;
    if (kind_at(p, at, TOKEN_LBRACE))
        return true;
    bool option = word_at(p, at, "was") || word_at(p, at, "as");
    return option && name_at(p, at + 1) && kind_at(p, at + 2, TOKEN_LBRACE);
}

/* Tokens of a parameter list that are looked at. */
enum { MAX_SIGNATURE = 400 };

static bool is_query_head(const struct parser *p, size_t name)
{
    size_t at = after_name(p, name);
    if (at == 0 || !kind_at(p, at, TOKEN_LPAREN))
        return false;
    size_t depth = 0, end = at + MAX_SIGNATURE;
    for (; at < p->ntokens && at < end; at++) {
        if (p->tokens[at].kind == TOKEN_LPAREN)
            depth++;
        else if (p->tokens[at].kind == TOKEN_RPAREN && --depth == 0)
            break;
    }
    return word_at(p, at + 1, "one") || word_at(p, at + 1, "maybe") ||
           word_at(p, at + 1, "many") || word_at(p, at + 1, "exec");
}

bool soft_is_head(const struct parser *p, size_t at)
{
    if (!p->tokens[at].newline)
        return false;
    if (word_at(p, at, "unlogged"))
        return word_at(p, at + 1, "table") && is_block_head(p, at + 2);
    if (word_at(p, at, "query"))
        return is_query_head(p, at + 1);
    if (word_at(p, at, "table") || word_at(p, at, "enum") || word_at(p, at, "schema"))
        return is_block_head(p, at + 1);
    return false;
}

/* ---- readings ----------------------------------------------------------------------- */

size_t soft_readings(const struct parser *p, size_t at, struct reading *readings)
{
    size_t n = 0;
    const struct token *token = &p->tokens[at];
    if (token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED) {
        struct reading reading = compound(p, at);
        if (reading.count > 0)
            readings[n++] = reading;
        enum token_kind keyword = token_keyword(token);
        if (keyword != TOKEN_END)
            readings[n++] = (struct reading){ keyword, 1 };
        if (keyword != TOKEN_END && soft_is_head(p, at))
            return n;
    }
    readings[n++] = (struct reading){ token->kind, 1 };
    return n;
}

bool soft_goes_on(const struct parser *p, enum token_kind *kinds, size_t n, size_t at,
                  size_t limit)
{
    if (!grammar_takes(p->grammar, kinds, n))
        return false;
    if (n == limit || at >= p->ntokens)
        return true;
    struct reading readings[MAX_READINGS];
    size_t count = soft_readings(p, at, readings);
    for (size_t i = 0; i < count; i++) {
        kinds[n] = readings[i].kind;
        if (soft_goes_on(p, kinds, n + 1, at + readings[i].count, limit))
            return true;
    }
    return false;
}

/* ---- members ------------------------------------------------------------------------- */

/* Whether what follows an optional name belongs to the member: its "(" or next word. */
static bool continues_member(const struct parser *p, enum token_kind keyword, size_t at)
{
    if (kind_at(p, at, TOKEN_LPAREN))
        return true;
    if (keyword == TOKEN_INDEX || keyword == TOKEN_EXCLUDE)
        return word_at(p, at, "using") && name_at(p, at + 1);
    return keyword == TOKEN_UNIQUE && word_at(p, at, "nulls");
}

bool soft_begins_member(const struct parser *p, enum token_kind keyword, size_t at)
{
    if (keyword == TOKEN_PRIMARY || keyword == TOKEN_FOREIGN)
        return word_at(p, at + 1, "key");
    if (keyword == TOKEN_UNIQUE && word_at(p, at + 1, "index"))
        return true;
    if (keyword != TOKEN_UNIQUE && keyword != TOKEN_CHECK && keyword != TOKEN_EXCLUDE &&
        keyword != TOKEN_INDEX)
        return false;
    if (p->paren > at || continues_member(p, keyword, at + 1))
        return true;
    return name_at(p, at + 1) && continues_member(p, keyword, at + 2);
}

/* ---- the choice ---------------------------------------------------------------------- */

/* Tokens looked at to tell a keyword from a name. */
enum { LOOKAHEAD = 3 };

static bool leads_on(const struct parser *p, enum token_kind kind, size_t limit)
{
    enum token_kind kinds[LOOKAHEAD] = { kind };
    return soft_goes_on(p, kinds, 1, p->at + 1, limit);
}

/* Whether n tokens go on only when a ";" comes before them. */
static bool wants_semicolon(const struct parser *p, enum token_kind keyword, size_t n)
{
    enum token_kind kinds[LOOKAHEAD + 1] = { TOKEN_SEMICOLON };
    return !leads_on(p, keyword, n) && soft_goes_on(p, kinds, 1, p->at, n + 1);
}

/* Whether a keyword of the member before, at the begin of a line or with a member's "(", is
 * a member of its own, because only so it goes on. */
static bool semicolon_missing(const struct parser *p, enum token_kind keyword)
{
    bool key = keyword == TOKEN_PRIMARY || keyword == TOKEN_FOREIGN;
    bool begins = parser_token(p)->newline ||
                  (key ? kind_at(p, p->at + 2, TOKEN_LPAREN)
                       : soft_begins_member(p, keyword, p->at));
    if (!begins || p->prev_kind == TOKEN_SEMICOLON || !parser_takes(p, TOKEN_SEMICOLON))
        return false;
    return wants_semicolon(p, keyword, 2) || wants_semicolon(p, keyword, LOOKAHEAD);
}

/* Both the keyword and a name would be taken. */
static bool is_keyword(const struct parser *p, enum token_kind keyword)
{
    if (parser_takes(p, TOKEN_UNIQUE) && parser_takes(p, TOKEN_EXCLUDE))
        return soft_begins_member(p, keyword, p->at);
    return leads_on(p, keyword, LOOKAHEAD) || !leads_on(p, TOKEN_NAME, LOOKAHEAD);
}

struct reading soft_choose(const struct parser *p, bool *missing)
{
    struct reading readings[MAX_READINGS];
    size_t n = soft_readings(p, p->at, readings);
    *missing = false;
    for (size_t i = 0; i < n; i++) {
        enum token_kind kind = readings[i].kind;
        if (!parser_takes(p, kind))
            continue;
        if (token_keyword_word(kind) && parser_takes(p, TOKEN_NAME) &&
            !is_keyword(p, kind))
            continue;
        if (token_keyword_word(kind) && semicolon_missing(p, kind))
            *missing = true;
        return readings[i];
    }
    return readings[n - 1];
}
