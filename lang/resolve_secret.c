/* resolve_secret.c: which queries, parameters and fields a secret column is concerned in.
 * Errs on the side of yes. Must not report anything. */
#include "resolver.h"

typedef VEC(struct model_table *) table_list;

static bool has_secrets(const struct model_table *table)
{
    for (size_t i = 0; i < table->columns.n; i++) {
        if (table->columns.items[i]->secret) {
            return true;
        }
    }
    return false;
}

/* Tables with secrets by their name, whatever their schema. */
static struct map secret_tables(struct resolver *r)
{
    struct map found = { 0 };
    for (size_t i = 0; i < r->tables.n; i++) {
        struct model_table *table = r->tables.items[i]->table;
        if (!has_secrets(table)) {
            continue;
        }
        table_list *list = arena_new(r->arena, table_list);
        table_list *present = map_add(&found, r->arena, table->name.name, list);
        list = present ? present : list;
        VEC_PUSH(r->arena, list, table);
    }
    return found;
}

struct hunt {
    struct resolver *r;
    const struct map *tables;
    table_list mentioned;
    bool found;
};

static void mention(struct hunt *hunt, struct model_table *table)
{
    for (size_t i = 0; i < hunt->mentioned.n; i++) {
        if (hunt->mentioned.items[i] == table) {
            return;
        }
    }
    VEC_PUSH(hunt->r->arena, &hunt->mentioned, table);
}

static bool is_secret_name(const struct hunt *hunt, struct str name)
{
    for (size_t i = 0; i < hunt->mentioned.n; i++) {
        const struct model_column *column = model_find_column(hunt->mentioned.items[i],
                                                              name);
        if (column && column->secret) {
            return true;
        }
    }
    return false;
}

static void find_tables(struct hunt *hunt, const struct token *tokens, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (tokens[i].kind != TOKEN_NAME && tokens[i].kind != TOKEN_QUOTED) {
            continue;
        }
        const table_list *list = map_find(hunt->tables,
                                          token_value(hunt->r->arena, &tokens[i]));
        for (size_t k = 0; list && k < list->n; k++) {
            mention(hunt, list->items[k]);
        }
    }
}

/* All columns: `select *`, `t.*`, `, *`, `returning *`; count(*) and a * b are not. */
static bool is_star(const struct token *tokens, size_t i)
{
    if (tokens[i].kind != TOKEN_OPERATOR || !token_is(&tokens[i], "*") || i == 0) {
        return false;
    }
    const struct token *before = &tokens[i - 1];
    return before->kind == TOKEN_DOT || before->kind == TOKEN_COMMA ||
           token_is_word(before, "select") || token_is_word(before, "returning") ||
           token_is_word(before, "distinct") || token_is_word(before, "all");
}

static void find_columns(struct hunt *hunt, const struct token *tokens, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool name = tokens[i].kind == TOKEN_NAME || tokens[i].kind == TOKEN_QUOTED;
        if (is_star(tokens, i) && hunt->mentioned.n) {
            hunt->found = true;
        } else if (name &&
                   is_secret_name(hunt, token_value(hunt->r->arena, &tokens[i]))) {
            hunt->found = true;
        }
    }
}

typedef void (*visit_tokens)(struct hunt *, const struct token *, size_t);

static void visit_parts(struct hunt *hunt, const struct model_part *parts, size_t n,
                        visit_tokens visit)
{
    for (size_t i = 0; i < n; i++) {
        visit(hunt, parts[i].sql.tokens, parts[i].sql.ntokens);
        visit_parts(hunt, parts[i].parts, parts[i].nparts, visit);
    }
}

static void visit_query(struct hunt *hunt, const struct model_query *query,
                        visit_tokens visit)
{
    visit_parts(hunt, query->parts, query->nparts, visit);
    for (size_t i = 0; i < query->params.n; i++) {
        const struct model_param *param = query->params.items[i];
        for (size_t k = 0; k < param->choices.n; k++) {
            const struct model_sql *sql = &param->choices.items[k].sql;
            visit(hunt, sql->tokens, sql->ntokens);
        }
    }
}

static void mark_query(struct hunt *hunt, struct model_query *query)
{
    if (query->table && has_secrets(query->table)) {
        mention(hunt, query->table);
        hunt->found = true;
    }
    for (size_t i = 0; i < query->relations.n; i++) {
        if (has_secrets(query->relations.items[i].table)) {
            hunt->found = true;
        }
    }
    visit_query(hunt, query, find_tables);
    visit_query(hunt, query, find_columns);
    for (size_t i = 0; i < query->params.n; i++) {
        struct model_param *param = query->params.items[i];
        param->secret = param->secret || is_secret_name(hunt, param->name.name);
        hunt->found = hunt->found || param->secret;
    }
    for (size_t i = 0; i < query->fields.n; i++) {
        struct model_field *field = &query->fields.items[i];
        field->secret = is_secret_name(hunt, field->name.name);
        hunt->found = hunt->found || field->secret;
    }
    /* Who writes to a table is told the whole row that a constraint refuses. */
    query->secret = hunt->found || (query->writes && hunt->mentioned.n);
}

void resolve_secrets(struct resolver *r)
{
    struct map tables = secret_tables(r);
    for (size_t i = 0; i < r->queries.n && tables.n; i++) {
        struct hunt hunt = { .r = r, .tables = &tables };
        mark_query(&hunt, r->queries.items[i]->query);
    }
}
