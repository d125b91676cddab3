/* expect.c: what could have stood where something else stands, in words. Must not change
 * the parser. */
#include "build.h"

/* Bytes of a token that a message shows. */
enum { MAX_SHOWN = 40 };

const char *expect_shown(const struct parser *p, const struct token *token)
{
    if (token->kind == TOKEN_END)
        return "the end of the file";
    struct str text = token_text(token);
    const char *more = "";
    if (text.n > MAX_SHOWN) {
        text.n = MAX_SHOWN;
        while (text.n > 0 && ((unsigned char)text.s[text.n] & 0xc0) == 0x80)
            text.n--;
        more = "..";
    }
    bool quoted = token->kind == TOKEN_QUOTED || token->kind == TOKEN_STRING;
    if (quoted)
        return arena_printf(p->arena, "%.*s%s", STR_ARGS(text), more);
    return arena_printf(p->arena, "\"%.*s%s\"", STR_ARGS(text), more);
}

/* ---- sets ------------------------------------------------------------------------------------ */

/* Kinds that a message names together, when all of the first few are expected. */
struct group {
    const char *shown; /* NULL: not worth a word */
    enum token_kind probes[3];
    enum token_kind members[32]; /* up to TOKEN_END */
};
static const struct group groups[] = {
    { "a declaration",
      { TOKEN_TABLE, TOKEN_ENUM, TOKEN_QUERY },
      { TOKEN_TABLE, TOKEN_ENUM, TOKEN_QUERY, TOKEN_DOMAIN, TOKEN_EXTENSION,
        TOKEN_INCLUDE, TOKEN_SCHEMA, TOKEN_SEQUENCE, TOKEN_UNLOGGED,
        TOKEN_SEMICOLON } },
    { "a column or another member",
      { TOKEN_NAME, TOKEN_INDEX, TOKEN_EXCLUDE },
      { TOKEN_NAME, TOKEN_QUOTED, TOKEN_INDEX, TOKEN_EXCLUDE, TOKEN_UNIQUE,
        TOKEN_PRIMARY, TOKEN_FOREIGN, TOKEN_CHECK, TOKEN_SEMICOLON } },
    { "an attribute",
      { TOKEN_DEFAULT, TOKEN_SECRET, TOKEN_STORAGE },
      { TOKEN_DEFAULT,    TOKEN_SECRET,    TOKEN_STORAGE,    TOKEN_IDENTITY,
        TOKEN_GENERATED,  TOKEN_UNIQUE,    TOKEN_PRIMARY,    TOKEN_REFERENCES,
        TOKEN_CHECK,      TOKEN_COLLATE,   TOKEN_ON,         TOKEN_VERSION,
        TOKEN_SOFT,       TOKEN_WAS,       TOKEN_BACKFILL,   TOKEN_USING,
        TOKEN_NOT,        TOKEN_NULL,      TOKEN_AS,         TOKEN_MATCH,
        TOKEN_DEFERRABLE, TOKEN_INITIALLY, TOKEN_BY,         TOKEN_NULLS,
        TOKEN_QUESTION,   TOKEN_LBRACKET,  TOKEN_LPAREN,     TOKEN_TIME_ZONE,
        TOKEN_DOT,        TOKEN_DROPPED,   TOKEN_COMPRESSION } },
    { "an option",
      { TOKEN_INCLUDE, TOKEN_WHERE, TOKEN_TABLESPACE },
      { TOKEN_INCLUDE, TOKEN_WHERE, TOKEN_TABLESPACE, TOKEN_WITH, TOKEN_CONCURRENTLY,
        TOKEN_NULLS, TOKEN_ON, TOKEN_WAS, TOKEN_AS, TOKEN_NOT, TOKEN_MATCH,
        TOKEN_DEFERRABLE, TOKEN_INITIALLY, TOKEN_NO } },
    { "an option",
      { TOKEN_WAS, TOKEN_AS, TOKEN_TABLESPACE },
      { TOKEN_WAS, TOKEN_AS, TOKEN_TABLESPACE, TOKEN_WITH, TOKEN_DROPPED, TOKEN_DOT } },
    { "a type",
      { TOKEN_NAME, TOKEN_LONG_TYPE, TOKEN_QUOTED },
      { TOKEN_NAME, TOKEN_LONG_TYPE, TOKEN_QUOTED } },
    { "a value",
      { TOKEN_STRING, TOKEN_NUMBER, TOKEN_DOLLAR },
      { TOKEN_STRING, TOKEN_NUMBER, TOKEN_DOLLAR, TOKEN_NAME, TOKEN_QUOTED,
        TOKEN_LPAREN, TOKEN_OPERATOR } },
    /* What may follow a type is not what was forgotten behind a result. */
    { NULL,
      { TOKEN_PAGE, TOKEN_WITH, TOKEN_LBRACE },
      { TOKEN_DOT, TOKEN_LPAREN, TOKEN_LBRACKET, TOKEN_QUESTION, TOKEN_TIME_ZONE } },
};

struct expected {
    bool kinds[TOKEN_KINDS];
    const char *shown[TOKEN_KINDS];
    size_t n;
};

static void find_kinds(const struct parser *p, struct expected *expected)
{
    for (int kind = 0; kind < TOKEN_KINDS; kind++)
        expected->kinds[kind] = parser_takes(p, (enum token_kind)kind);
    /* A keyword may always be a name where a name fits. */
    for (int kind = TOKEN_TIME_ZONE + 1; kind < TOKEN_KINDS; kind++)
        if (expected->kinds[TOKEN_NAME] && !expected->kinds[TOKEN_EXCLUDE] &&
            !expected->kinds[TOKEN_TABLE])
            expected->kinds[kind] = false;
}

/* Behind a value nearly anything goes on with it: only what ends it is worth a word. */
static void drop_operators(struct expected *expected)
{
    static const enum token_kind operators[] = { TOKEN_OPERATOR, TOKEN_EQUAL,
                                                 TOKEN_CAST,     TOKEN_DOT,
                                                 TOKEN_LPAREN,   TOKEN_LBRACKET,
                                                 TOKEN_STRING };
    if (!expected->kinds[TOKEN_OPERATOR] || !expected->kinds[TOKEN_SEMICOLON])
        return;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        expected->kinds[operators[i]] = false;
}

static void add_group(struct expected *expected, const struct group *group)
{
    for (int i = 0; i < 3; i++)
        if (!expected->kinds[group->probes[i]])
            return;
    for (size_t i = 0; i < sizeof group->members / sizeof *group->members; i++)
        if (group->members[i] != TOKEN_END)
            expected->kinds[group->members[i]] = false;
    if (group->shown)
        expected->shown[expected->n++] = group->shown;
}

/* The single tokens first: `";" or an attribute`. */
static void collect(struct expected *expected)
{
    const char *groups_shown[8];
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        add_group(expected, &groups[i]);
    size_t ngroups = expected->n;
    for (size_t i = 0; i < ngroups; i++)
        groups_shown[i] = expected->shown[i];
    if (expected->kinds[TOKEN_NAME])
        expected->kinds[TOKEN_QUOTED] = false;
    expected->n = 0;
    for (int kind = 0; kind < TOKEN_KINDS; kind++)
        if (expected->kinds[kind])
            expected->shown[expected->n++] = token_kind_shown((enum token_kind)kind);
    for (size_t i = 0; i < ngroups; i++)
        expected->shown[expected->n++] = groups_shown[i];
}

/* More would not help anybody. */
enum { MAX_EXPECTED = 8 };

static const char *list(const struct parser *p, const struct expected *expected)
{
    const char *text = "";
    for (size_t i = 0; i < expected->n; i++) {
        const char *between = i == 0 ? "" : i + 1 < expected->n ? ", " : " or ";
        text = arena_printf(p->arena, "%s%s%s", text, between, expected->shown[i]);
    }
    return text;
}

/* ---- hints ------------------------------------------------------------------------------------ */

/* The word whose SQL stands in parentheses, one or (check NAME) two tokens back. */
static const char *wants_parenthesis(const struct parser *p)
{
    static const enum token_kind kinds[] = { TOKEN_WHERE, TOKEN_CHECK, TOKEN_GENERATED,
                                             TOKEN_BACKFILL, TOKEN_USING };
    if (!p->prev || !parser_takes(p, TOKEN_LPAREN))
        return NULL;
    const struct token *named = p->prev > p->tokens ? p->prev - 1 : p->prev;
    if (named->keyword == TOKEN_CHECK)
        return "check";
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (p->prev_kind == kinds[i])
            return token_keyword_word(kinds[i]);
    return NULL;
}

/* Words of other dialects for an attribute. */
static const char *attribute_hint(const struct token *token)
{
    if (token_is_word(token, "autoincrement") || token_is_word(token, "auto_increment"))
        return "write \"identity\"";
    return token->kind == TOKEN_EQUAL ? "write \"default\" for \"=\"" : NULL;
}

static const char *find_hint(const struct parser *p)
{
    const struct token *token = parser_token(p);
    bool attribute = parser_takes(p, TOKEN_SECRET) && parser_takes(p, TOKEN_SEMICOLON);
    const char *word = wants_parenthesis(p);
    if (word)
        return arena_printf(p->arena, "the SQL stands in parentheses: %s (..)", word);
    if (attribute && parser_takes(p, TOKEN_CAST))
        return "more than a value, a call or operators stands in parentheses: (..)";
    if (attribute)
        return attribute_hint(token);
    if (token->kind == TOKEN_LPAREN && parser_takes(p, TOKEN_LBRACE) &&
        !parser_takes(p, TOKEN_NAME))
        return "write \"{\" for \"(\"";
    if (token->kind == TOKEN_STRING && parser_takes(p, TOKEN_NAME) && p->decl &&
        p->decl->kind == AST_DECL_ENUM)
        return "a value is a name; its label may follow: in_progress = \"in progress\"";
    if (token->kind == TOKEN_LPAREN && p->prev && token_is_word(p->prev, "primary"))
        return "write \"primary key\"";
    return NULL;
}

void expect_report(struct parser *p)
{
    const struct token *token = parser_token(p);
    struct expected expected = { .n = 0 };
    find_kinds(p, &expected);
    drop_operators(&expected);
    collect(&expected);
    const char *shown = expect_shown(p, token);
    struct diag *diag;
    if (expected.n > 0 && expected.n <= MAX_EXPECTED)
        diag = build_error(p, E_syntax, token->span, "unexpected %s; expected %s",
                           shown, list(p, &expected));
    else
        diag = build_error(p, E_syntax, token->span, "unexpected %s", shown);
    const char *hint = find_hint(p);
    if (hint)
        diag_hint(p->diags, diag, "%s", hint);
}
