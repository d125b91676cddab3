/* refuse.c: what people write out of habit and the language does not take, told by name.
 * Must not know the tree. */
#include "build.h"
#include "types.h"
#include "../base/suggest.h"

static bool is_one_of(const struct token *token, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (token_is_word(token, words[i]))
            return true;
    return false;
}

/* ---- declarations ----------------------------------------------------------------------- */

static const char *const statements[] = { "create",   "alter",  "drop",     "insert",
                                          "update",   "delete", "select",   "comment",
                                          "set",      "begin",  "commit",   "revoke",
                                          "truncate", "copy",   "rollback", "do" };

struct later {
    const char *word, *plural;
};
static const struct later later_declarations[] = {
    { "view", "views" },
    { "materialized", "materialized views" },
    { "type", "composite and range types" },
    { "function", "functions" },
    { "procedure", "procedures" },
    { "role", "roles" },
    { "grant", "grants" },
    { "sql", "raw SQL objects" },
    { "reference", "reference tables" },
};

bool refuse_is_declaration(const struct token *token)
{
    for (size_t i = 0; i < sizeof later_declarations / sizeof *later_declarations; i++)
        if (token_is_word(token, later_declarations[i].word))
            return true;
    return is_one_of(token, statements, sizeof statements / sizeof *statements);
}

static void report_later(struct parser *p, const struct token *token, const char *what)
{
    build_error(p, E_not_supported, token->span, "%s are not supported in this version",
                what);
}

static bool refuse_declaration(struct parser *p)
{
    const struct token *token = parser_token(p);
    for (size_t i = 0; i < sizeof later_declarations / sizeof *later_declarations;
         i++) {
        if (token_is_word(token, later_declarations[i].word)) {
            report_later(p, token, later_declarations[i].plural);
            recover(p);
            return true;
        }
    }
    if (!is_one_of(token, statements, sizeof statements / sizeof *statements))
        return false;
    struct diag *diag = build_error(p, E_sql_statement, token->span,
                                    "SQL statement where a declaration stands");
    diag_hint(p->diags, diag, "tables are declared: table NAME { NAME TYPE; .. }");
    recover(p);
    return true;
}

/* Behind a table's name: goes on at its "{". */
static bool refuse_head(struct parser *p)
{
    const struct token *token = parser_token(p);
    bool partition = token_is_word(token, "partition");
    if (!parser_takes(p, TOKEN_LBRACE) || !token_is_word(token + 1, "by") ||
        (!partition && !token_is_word(token, "distribute")))
        return false;
    report_later(p, token, partition ? "partitions" : "distributed tables");
    while (parser_token(p)->kind != TOKEN_LBRACE &&
           parser_token(p)->kind != TOKEN_END &&
           parser_token(p)->kind != TOKEN_SEMICOLON)
        parser_drop(p);
    return true;
}

/* A line that begins with "#", as comments do elsewhere. */
static bool refuse_hash(struct parser *p)
{
    const struct token *token = parser_token(p);
    if (token->kind != TOKEN_OPERATOR || !token->newline ||
        span_text(token->span).s[0] != '#')
        return false;
    struct diag *diag = build_error(p, E_syntax, token->span, "unexpected \"%.*s\"",
                                    STR_ARGS(token_text(token)));
    diag_hint(p->diags, diag, "a comment begins with \"//\"");
    do
        parser_drop(p);
    while (parser_token(p)->kind != TOKEN_END && !parser_token(p)->newline);
    return true;
}

bool refuse(struct parser *p)
{
    const struct token *token = parser_token(p);
    if (refuse_hash(p))
        return true;
    if (token->kind != TOKEN_NAME || parser_takes(p, TOKEN_NAME))
        return false;
    if (parser_takes(p, TOKEN_TABLE) && parser_takes(p, TOKEN_QUERY))
        return refuse_declaration(p);
    return refuse_head(p);
}

/* ---- members ---------------------------------------------------------------------------- */

static const char *const trigger_words[] = { "before", "after", "instead" };
static const char *const policy_words[] = { "for", "to", "using", "with" };
static const char *const partition_words[] = { "values" };

static bool is_later_member(const struct token *token)
{
    if (token_is_word(token, "trigger"))
        return is_one_of(token + 2, trigger_words, 3);
    if (token_is_word(token, "policy"))
        return is_one_of(token + 2, policy_words, 4);
    return token_is_word(token, "partition") &&
           is_one_of(token + 2, partition_words, 1);
}

static bool refuse_later_member(struct parser *p, const struct token *token)
{
    if (token[1].kind != TOKEN_NAME && token[1].kind != TOKEN_QUOTED)
        return false;
    if (!is_later_member(token))
        return false;
    const char *what = "partitions";
    if (token_is_word(token, "trigger"))
        what = "triggers";
    else if (token_is_word(token, "policy"))
        what = "policies";
    report_later(p, token, what);
    return true;
}

/* constraint NAME unique (..), as in SQL. */
static bool refuse_constraint(struct parser *p, const struct token *token)
{
    if (!token_is_word(token, "constraint"))
        return false;
    enum token_kind kind = token[1].kind == TOKEN_END ? TOKEN_END
                                                      : token_keyword(&token[2]);
    if (kind != TOKEN_PRIMARY && kind != TOKEN_UNIQUE && kind != TOKEN_FOREIGN &&
        kind != TOKEN_CHECK && kind != TOKEN_EXCLUDE)
        return false;
    struct diag *diag = build_error(p, E_sql_statement, token->span,
                                    "\"constraint\" is not written here");
    bool key = kind == TOKEN_PRIMARY || kind == TOKEN_FOREIGN;
    diag_hint(p->diags, diag, "the name follows the kind: %s%s %.*s (..)",
              token_keyword_word(kind), key ? " key" : "",
              STR_ARGS(token_text(&token[1])));
    return true;
}

/* `primry key (..)`, `uniqe index (..)`, which would pass as a column of type "key". */
static bool refuse_misspelt_member(struct parser *p, const struct token *token)
{
    bool key = token_is_word(token + 1, "key"),
         index = token_is_word(token + 1, "index");
    if (token->kind != TOKEN_NAME || (!key && !index) ||
        token[2].kind == TOKEN_SEMICOLON)
        return false;
    struct suggest suggest = suggest_for(token_value(p->arena, token));
    suggest_offer(&suggest, key ? STR("primary") : STR("unique"));
    if (key)
        suggest_offer(&suggest, STR("foreign"));
    if (suggest.best.n == 0)
        return false;
    struct diag *diag = build_error(p, E_misspelt_keyword, token->span,
                                    "unknown word \"%.*s\"",
                                    STR_ARGS(token_text(token)));
    diag_hint(p->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
    return true;
}

/* `check numeric(3);` is a check named numeric, or a column named check. */
static bool refuse_like_type(struct parser *p, const struct token *token,
                             enum token_kind keyword)
{
    const struct token *name = token + 1;
    if (keyword == TOKEN_UNIQUE && token_is_word(name, "index"))
        name++;
    if (name->kind != TOKEN_NAME || name[1].kind != TOKEN_LPAREN ||
        !type_find(token_value(p->arena, name)))
        return false;
    struct str type = token_text(name), word = token_text(token);
    struct diag *diag = build_error(p, E_member_like_type, name->span,
                                    "\"%.*s\" here is a type or a name",
                                    STR_ARGS(type));
    diag_hint(p->diags, diag,
              "quote what is the name: \"%.*s\" %.*s(..), or %.*s \"%.*s\" (..)",
              STR_ARGS(word), STR_ARGS(type), STR_ARGS(word), STR_ARGS(type));
    return true;
}

bool refuse_member(struct parser *p, struct reading reading)
{
    const struct token *token = parser_token(p);
    if (token->kind != TOKEN_NAME || !parser_takes(p, TOKEN_EXCLUDE) ||
        !parser_takes(p, TOKEN_NAME))
        return false;
    if (reading.kind != TOKEN_NAME)
        return refuse_like_type(p, token, reading.kind);
    return refuse_later_member(p, token) || refuse_constraint(p, token) ||
           refuse_misspelt_member(p, token);
}
