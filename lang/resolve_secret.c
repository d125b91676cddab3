/* resolve_secret.c: which tables, queries, parameters and fields a secret column is
 * concerned in. Errs on the side of yes. Must not report anything. */
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

/* ---- what actions reach ------------------------------------------------------------------ */

static bool writes(enum model_action action)
{
    return action == ACTION_CASCADE || action == ACTION_SET_NULL ||
           action == ACTION_SET_DEFAULT;
}

/* Marks the table that the key refers to: its delete or update writes to the key's own
 * table, of which it is known what a delete and an update of it reach. */
static void reach_back(struct resolver *r, const struct model_constraint *key,
                       table_list *work)
{
    const struct model_table *from = key->table;
    struct model_table *to = key->target;
    bool secrets = has_secrets(from), cascade = key->on_delete == ACTION_CASCADE;
    bool on_delete = writes(key->on_delete) &&
                     (secrets || (cascade ? from->delete_reaches_secrets
                                          : from->update_reaches_secrets));
    bool on_update = writes(key->on_update) &&
                     (secrets || from->update_reaches_secrets);
    if (from == to || (on_delete <= to->delete_reaches_secrets &&
                       on_update <= to->update_reaches_secrets)) {
        return;
    }
    to->delete_reaches_secrets |= on_delete;
    to->update_reaches_secrets |= on_update;
    VEC_PUSH(r->arena, work, to);
}

/* Each table comes up at most three times: at first, and when a mark of it is new. */
static void mark_reach(struct resolver *r)
{
    table_list work = { 0 };
    for (size_t i = 0; i < r->tables.n; i++) {
        if (has_secrets(r->tables.items[i]->table)) {
            VEC_PUSH(r->arena, &work, r->tables.items[i]->table);
        }
    }
    while (work.n) {
        const struct model_table *table = work.items[--work.n];
        for (size_t i = 0; i < table->foreign_keys.n; i++) {
            reach_back(r, table->foreign_keys.items[i], &work);
        }
    }
}

/* ---- queries ----------------------------------------------------------------------------- */

/* Tables with secrets, or that reach some, by their name, whatever their schema. */
static struct map secret_tables(struct resolver *r)
{
    struct map found = { 0 };
    for (size_t i = 0; i < r->tables.n; i++) {
        struct model_table *table = r->tables.items[i]->table;
        if (!has_secrets(table) && !table->delete_reaches_secrets &&
            !table->update_reaches_secrets) {
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
    table_list mentioned; /* those with secrets */
    bool found;
    bool deletes, updates; /* the word is in it */
    bool delete_reaches, update_reaches;
};

static void mention(struct hunt *hunt, struct model_table *table)
{
    hunt->delete_reaches |= table->delete_reaches_secrets;
    hunt->update_reaches |= table->update_reaches_secrets;
    if (!has_secrets(table)) {
        return;
    }
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
        hunt->deletes |= token_is_word(&tokens[i], "delete");
        hunt->updates |= token_is_word(&tokens[i], "update");
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
    query->secret = hunt->found ||
                    (query->writes &&
                     (hunt->mentioned.n || (hunt->deletes && hunt->delete_reaches) ||
                      (hunt->updates && hunt->update_reaches)));
}

void resolve_secrets(struct resolver *r)
{
    mark_reach(r);
    struct map tables = secret_tables(r);
    for (size_t i = 0; i < r->queries.n && tables.n; i++) {
        struct hunt hunt = { .r = r, .tables = &tables };
        mark_query(&hunt, r->queries.items[i]->query);
    }
}
