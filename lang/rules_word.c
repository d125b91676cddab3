/* rules_word.c: a column's name that SQL reads as a word of its own where it stands without
 * quotes: another value without a message, or a syntax error on the server. Must not know
 * whether the SQL is kept or a query's. */
#include "resolver.h"

/* Words that are values by themselves, and what else gives these. Source: SQLValueFunction
 * in src/backend/parser/gram.y, version 15; system_user is of 16. */
static const struct value {
    const char *word, *otherwise;
} values[] = {
    { "current_catalog", "current_database()" },
    { "current_date", "now()::date" },
    { "current_role", "pg_catalog.current_user()" },
    { "current_schema", "current_schema()" },
    { "current_time", "now()::timetz" },
    { "current_timestamp", "now()" },
    { "current_user", "pg_catalog.current_user()" },
    { "localtime", "now()::time" },
    { "localtimestamp", "now()::timestamp" },
    { "session_user", "pg_catalog.session_user()" },
    { "system_user", "pg_catalog.system_user()" },
    { "user", "pg_catalog.current_user()" },
};

static const struct value *find_value(struct str word)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (str_eq_nocase(word, values[i].word)) {
            return &values[i];
        }
    }
    return NULL;
}

bool rule_is_value(struct str word)
{
    return find_value(word) != NULL;
}

/* Reserved words that no expression has in it, unless as a function's name. */
static bool is_foreign(struct str word)
{
    static const char *const words[] = {
        "analyse",    "analyze", "asc",       "authorization", "check",   "column",
        "constraint", "create",  "cross",     "deferrable",    "desc",    "do",
        "except",     "fetch",   "foreign",   "freeze",        "full",    "grant",
        "group",      "having",  "initially", "inner",         "into",    "intersect",
        "join",       "lateral", "left",      "limit",         "natural", "offset",
        "only",       "order",   "outer",     "primary",       "right",   "references",
        "returning",  "table",   "union",     "unique",        "verbose", "window",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq_nocase(word, words[i])) {
            return true;
        }
    }
    return false;
}

static bool compares(struct scan scan, size_t i)
{
    static const char *const operators[] = { "<", ">", "<=", ">=", "<>", "!=" };
    if (scan_is_kind(scan, i, TOKEN_EQUAL)) {
        return true;
    }
    for (size_t k = 0; k < sizeof operators / sizeof *operators; k++) {
        if (i < scan.n && token_is(&scan.tokens[i], operators[k])) {
            return true;
        }
    }
    return false;
}

/* What may stand beside an operator: array[..] = x, case .. end > 1, x = any (..),
 * set x = default, order by x using <. */
static bool joins_operators(struct str word)
{
    static const char *const words[] = { "all",  "any",     "array", "case",
                                         "cast", "default", "end",   "false",
                                         "not",  "null",    "some",  "true",
                                         "with", "using",   "on",    "where" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq_nocase(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* Whether SQL's grammar cannot take the reserved word at i where it stands. */
static bool misplaced(struct scan scan, size_t i, bool expression)
{
    struct str word = token_text(&scan.tokens[i]);
    if (!scan_reserved(word)) {
        return false;
    }
    bool beside = (i > 0 && compares(scan, i - 1)) || compares(scan, i + 1);
    return (expression && is_foreign(word)) || (beside && !joins_operators(word));
}

/* Neither t.user nor user(..), user => 1, as user. */
static bool is_bare(struct scan scan, size_t i)
{
    return scan_is_kind(scan, i, TOKEN_NAME) &&
           !(i > 0 && scan_is_kind(scan, i - 1, TOKEN_DOT)) &&
           !(i > 0 && scan_is_word(scan, i - 1, "as")) &&
           !scan_is_kind(scan, i + 1, TOKEN_LPAREN) &&
           !(i + 1 < scan.n && token_is(&scan.tokens[i + 1], "=>"));
}

static void report(struct resolver *r, const struct model_column *column,
                   const struct token *token)
{
    const struct value *value = find_value(column->name.name);
    struct diag *diag = diag_error(
        r->diags, E_unquoted_word, token->span,
        "%.*s without quotes is %s, not the column", STR_ARGS(column->name.name),
        value ? "a value of PostgreSQL's own" : "a reserved word of SQL's");
    if (value) {
        diag_hint(r->diags, diag, "write \"%.*s\" for the column, %s for the value",
                  STR_ARGS(column->name.name), value->otherwise);
    } else {
        diag_hint(r->diags, diag, "write \"%.*s\" in double quotes",
                  STR_ARGS(column->name.name));
    }
}

static void check_words(struct resolver *r, const struct model_table *table,
                        struct scan scan, bool expression)
{
    for (size_t i = 0; i < scan.n; i++) {
        if (!is_bare(scan, i) || !(rule_is_value(token_text(&scan.tokens[i])) ||
                                   misplaced(scan, i, expression))) {
            continue;
        }
        const struct model_column *column = model_find_column(
            table, token_value(r->arena, &scan.tokens[i]));
        if (column) {
            report(r, column, &scan.tokens[i]);
        }
    }
}

void rule_words(struct resolver *r, const struct model_table *table,
                const struct model_sql *sql)
{
    check_words(r, table, scan_sql(sql), true);
}

/* ---- queries --------------------------------------------------------------------------- */

typedef VEC(const struct model_table *) table_list;
struct body {
    struct resolver *r;
    struct scope *scope;
    table_list tables; /* that the body names, each once */
};
typedef void (*visit_scan)(struct body *, struct scan);

static void name_table(struct body *body, const struct model_table *table)
{
    for (size_t i = 0; i < body->tables.n; i++) {
        if (body->tables.items[i] == table) {
            return;
        }
    }
    VEC_PUSH(body->r->arena, &body->tables, table);
}

static bool is_name(struct scan scan, size_t i)
{
    return scan_is_kind(scan, i, TOKEN_NAME) || scan_is_kind(scan, i, TOKEN_QUOTED);
}

/* schema.table anywhere, or a table's name behind a word that wants one. */
static void find_tables(struct body *body, struct scan scan)
{
    static const char *const before[] = { "from", "join",  "into",
                                          "only", "using", "update" };
    for (size_t i = 1; i < scan.n; i++) {
        if (!is_name(scan, i)) {
            continue;
        }
        struct arena *arena = body->r->arena;
        struct ast_qname name = { .name.text = token_value(arena, &scan.tokens[i]) };
        bool wanted = i > 1 && scan_is_kind(scan, i - 1, TOKEN_DOT) &&
                      is_name(scan, i - 2);
        if (wanted) {
            name.schema.text = token_value(arena, &scan.tokens[i - 2]);
        }
        for (size_t k = 0; k < sizeof before / sizeof *before; k++) {
            wanted = wanted || scan_is_word(scan, i - 1, before[k]);
        }
        const struct entity *entity = wanted ? find_type_entity(body->r, body->scope,
                                                                &name)
                                             : NULL;
        if (entity && entity->kind == ENTITY_TABLE) {
            name_table(body, entity->object);
        }
    }
}

static void check_scan(struct body *body, struct scan scan)
{
    for (size_t i = 0; i < body->tables.n; i++) {
        check_words(body->r, body->tables.items[i], scan, false);
    }
}

static void visit_parts(struct body *body, const struct model_part *parts, size_t n,
                        visit_scan visit)
{
    for (size_t i = 0; i < n; i++) {
        visit(body, scan_sql(&parts[i].sql));
        visit_parts(body, parts[i].parts, parts[i].nparts, visit);
    }
}

void rule_query_words(struct resolver *r, const struct query_work *work)
{
    const struct model_query *query = work->query;
    struct body body = { .r = r, .scope = work->scope };
    if (query->table && !query->whole) {
        name_table(&body, query->table);
    }
    visit_parts(&body, query->parts, query->nparts, find_tables);
    visit_parts(&body, query->parts, query->nparts, check_scan);
    for (size_t i = 0; i < query->params.n; i++) {
        const struct model_param *param = query->params.items[i];
        for (size_t k = 0; k < param->choices.n; k++) {
            check_scan(&body, scan_sql(&param->choices.items[k].sql));
        }
    }
}
