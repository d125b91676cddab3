/* stmt_body.c: the text of a declared query, from the tokens of its body; must not know
 * what parameters and results are to their reader. */
#include "stmt_body.h"
#include "quote.h"
#include "write.h"

/* ---- columns ---- */

struct str body_column(const struct body *body, size_t i)
{
    const struct stmt_result *result = &body->results.items[i];
    struct buf text = { 0 };
    if (result->column)
        quote_ident(&text, result->column->name.name);
    else
        quote_ident(&text, result->name.n ? result->name : STR("value"));
    struct str name = buf_dup(&text, body->maker->arena);
    buf_release(&text);
    return name;
}

/* A select list: the results, cast to what travels unless plain. */
static void put_results(struct body *body, struct str qualifier, bool plain)
{
    struct buf *out = &body->maker->text;
    for (size_t i = 0; i < body->results.n; i++) {
        buf_puts(out, i ? ", " : "");
        if (qualifier.n)
            buf_printf(out, "%.*s.", STR_ARGS(qualifier));
        buf_str(out, body_column(body, i));
        if (!plain)
            write_read_cast(out, &body->results.items[i].type);
    }
}

static void put_list(struct body *body, struct str qualifier, const model_columns *keys)
{
    struct buf *out = &body->maker->text;
    if (!keys)
        put_results(body, qualifier, false);
    for (size_t i = 0; keys && i < keys->n; i++) {
        buf_puts(out, i ? ", " : "");
        if (qualifier.n)
            buf_printf(out, "%.*s.", STR_ARGS(qualifier));
        write_operand(out, keys->items[i]);
    }
}

/* ---- the tail of a select ---- */

static const struct token *first_token(const struct body *body)
{
    const struct model_part *parts = body->query->parts;
    size_t n = body->query->nparts;
    while (n && parts->kind == PART_FRAGMENT) {
        n = parts->nparts;
        parts = parts->parts;
    }
    return n && parts->sql.ntokens ? parts->sql.tokens : NULL;
}

static bool is_one_of(const struct token *token, const char *const *words)
{
    for (; *words; words++) {
        if (token_is_word(token, *words))
            return true;
    }
    return false;
}

/* What the tail calls the table; n 0: a bare column name means the table's. */
static struct str qualifier_of(const struct body *body, struct str table)
{
    static const char *const joins[] = { "join", "inner", "left",    "right",
                                         "full", "cross", "natural", NULL };
    static const char *const clauses[] = {
        "where", "order",  "limit", "offset", "fetch",     "group",       "having",
        "for",   "window", "union", "except", "intersect", "tablesample", NULL
    };
    const struct token *token = first_token(body);
    if (!token || is_one_of(token, clauses))
        return (struct str){ NULL, 0 };
    if (token_is_word(token, "as"))
        return token_text(token + 1);
    bool named = token->kind == TOKEN_QUOTED || token->kind == TOKEN_NAME;
    if (named && !is_one_of(token, joins))
        return token_text(token);
    return token->kind == TOKEN_COMMA || named ? table : (struct str){ NULL, 0 };
}

static struct str quoted_table(const struct body *body)
{
    struct buf text = { 0 };
    quote_ident(&text, body->query->table->name.name);
    struct str name = buf_dup(&text, body->maker->arena);
    buf_release(&text);
    return name;
}

/* auth.users, or the rows that are not deleted. A subselect so plain is pulled up by the
 * planner (proved in tests/db): indexes serve it, and the tail may say what it likes. */
static void put_source(struct body *body, bool aliased, struct str table)
{
    struct buf *out = &body->maker->text;
    const struct model_column *soft = body->query->table->soft_delete;
    if (!soft) {
        write_table_name(out, body->query->table);
        return;
    }
    buf_puts(out, "(select ");
    for (size_t i = 0; i < body->query->table->columns.n; i++) {
        buf_puts(out, i ? ", " : "");
        quote_ident(out, body->query->table->columns.items[i]->name.name);
    }
    buf_puts(out, " from ");
    write_table_name(out, body->query->table);
    buf_puts(out, " where ");
    quote_ident(out, soft->name.name);
    buf_puts(out, " is null)");
    if (!aliased)
        buf_printf(out, " as %.*s", STR_ARGS(table));
}

static void put_tail(struct body *body, const model_columns *keys, bool plain)
{
    struct str table = quoted_table(body);
    struct str qualifier = qualifier_of(body, table);
    buf_puts(&body->maker->text, "select ");
    if (plain)
        put_results(body, qualifier, true);
    else
        put_list(body, qualifier, keys);
    buf_puts(&body->maker->text, " from ");
    put_source(body, qualifier.n && qualifier.s != table.s, table);
    body_put_parts(body, true);
}

/* ---- whole statements ---- */

static bool needs_cast(const struct body *body)
{
    for (size_t i = 0; i < body->results.n; i++) {
        if (write_form(&body->results.items[i].type).cast)
            return true;
    }
    return false;
}

/* Follows a WITH's list over parentheses; fed token after token. */
struct with_reader {
    int depth;
    bool closed; /* the last token closed a parenthesis at the top */
};

static bool ends_list(struct with_reader *reader, const struct token *token)
{
    static const char *const goes_on[] = { "as", "search", "cycle", NULL };
    if (reader->closed && token->kind != TOKEN_COMMA && !is_one_of(token, goes_on))
        return true;
    reader->depth += token->kind == TOKEN_LPAREN;
    reader->depth -= token->kind == TOKEN_RPAREN;
    reader->closed = token->kind == TOKEN_RPAREN && reader->depth == 0;
    return false;
}

/* Where the statement after a WITH's list begins; NULL: there is no such list. */
static const struct token *find_splice(const struct body *body)
{
    const struct token *first = first_token(body);
    struct with_reader reader = { 0 };
    if (!first || !token_is_word(first, "with"))
        return NULL;
    for (size_t i = 0; i < body->query->nparts; i++) {
        const struct model_sql *sql = &body->query->parts[i].sql;
        bool tokens = body->query->parts[i].kind == PART_TOKENS;
        for (size_t k = 0; tokens && k < sql->ntokens; k++) {
            if (ends_list(&reader, &sql->tokens[k]))
                return &sql->tokens[k];
        }
    }
    return NULL;
}

/* A statement that writes may only stand in a WITH at the top. */
static void put_written(struct body *body)
{
    struct buf *out = &body->maker->text;
    body->splice = find_splice(body);
    if (!body->splice) {
        body_put_names(body, "with result");
        buf_puts(out, " as (");
    }
    body_put_parts(body, false);
    body->splice = NULL;
    buf_puts(out, ") select ");
    put_list(body, (struct str){ NULL, 0 }, NULL);
    buf_puts(out, " from result");
}

static void put_wrapped(struct body *body, const model_columns *keys, const char *alias)
{
    struct buf *out = &body->maker->text;
    buf_puts(out, "select ");
    put_list(body, (struct str){ NULL, 0 }, keys);
    buf_puts(out, " from (");
    body_put_parts(body, false);
    buf_puts(out, ") as ");
    body_put_names(body, alias);
}

static void put_whole(struct body *body, const model_columns *keys)
{
    if (!keys && !needs_cast(body))
        body_put_parts(body, false);
    else if (body->query->writes)
        put_written(body);
    else
        put_wrapped(body, keys, "result");
}

/* The tail or statement as a table of its own, which the planner pulls up where it is
 * plain, so that an index serves condition, order and limit. */
static void put_page(struct body *body, const model_columns *keys)
{
    struct buf *out = &body->maker->text;
    if (body->query->whole) {
        put_wrapped(body, keys, "page");
    } else {
        buf_puts(out, "select ");
        put_list(body, (struct str){ NULL, 0 }, keys);
        buf_puts(out, " from (");
        put_tail(body, NULL, true);
        buf_puts(out, ") as page");
    }
    maker_piece(body->maker, body->stmt, 0);
    maker_cursor(body->maker, body->stmt, &body->terms, false);
}

void body_put(struct body *body, const model_columns *keys)
{
    body->need = 0;
    if (body->query->page.n)
        put_page(body, keys);
    else if (body->query->whole)
        put_whole(body, keys);
    else
        put_tail(body, keys, false);
}
