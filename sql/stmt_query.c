/* stmt_query.c: a declared query: its signature as parameters and results, and its
 * relations' statements; how its text is put together is stmt_body.c's. */
#include "../base/bug.h"
#include "quote.h"
#include "stmt_body.h"
#include "write.h"

/* ---- parameters ---- */

static void add_choice(struct maker *maker, struct stmt *stmt,
                       struct model_param *param)
{
    struct stmt_choice choice = { .declared = param, .index = param->choice_index };
    VEC_PUSH(maker->arena, &stmt->choices, choice);
}

static void add_param(struct maker *maker, struct stmt *stmt, struct model_param *param)
{
    struct stmt_param added = { .name = maker_column_name(&param->name),
                                .type = param->type,
                                .nullable = param->optional,
                                .secret = param->secret,
                                .column = param->column,
                                .declared = param,
                                .gate_bit = param->gates ? param->gate_bit : -1 };
    VEC_PUSH(maker->arena, &stmt->params, added);
    if (param->number != (int)stmt->params.n)
        BUG("a query's parameters are not numbered in order");
}

static int free_bit(const struct model_query *query)
{
    int bit = 0;
    for (size_t i = 0; i < query->params.n; i++) {
        if (query->params.items[i]->gates && query->params.items[i]->gate_bit >= bit)
            bit = query->params.items[i]->gate_bit + 1;
    }
    return bit;
}

static void add_params(struct maker *maker, struct stmt *stmt,
                       const struct model_query *query)
{
    for (size_t i = 0; i < query->params.n; i++) {
        struct model_param *param = query->params.items[i];
        if (param->choices.n)
            add_choice(maker, stmt, param);
        else
            add_param(maker, stmt, param);
    }
}

/* ---- results ---- */

static void add_results(struct maker *maker, struct stmt *stmt,
                        const struct model_query *query)
{
    const struct model_query *shape = query->shape ? query->shape : query;
    for (size_t i = 0; i < shape->fields.n; i++) {
        const struct model_field *field = &shape->fields.items[i];
        struct stmt_result result = { .name = maker_column_name(&field->name),
                                      .type = field->type,
                                      .nullable = field->nullable,
                                      .secret = field->secret };
        VEC_PUSH(maker->arena, &stmt->results, result);
    }
}

static enum stmt_want want_of(const struct model_query *query)
{
    switch (query->want) {
    case WANT_ONE:
        return query->result == RESULT_VALUE ? STMT_WANT_VALUE : STMT_WANT_ONE;
    case WANT_MAYBE:
        return STMT_WANT_MAYBE;
    case WANT_MANY:
        return STMT_WANT_MANY;
    case WANT_EXEC:
        return STMT_WANT_EXEC;
    }
    BUG("a query of no known cardinality");
}

static enum stmt_row row_of(const struct model_query *query)
{
    switch (query->result) {
    case RESULT_NONE:
        return STMT_ROW_NONE;
    case RESULT_TABLE:
        return STMT_ROW_TABLE;
    case RESULT_FIELDS:
        return STMT_ROW_FIELDS;
    case RESULT_VALUE:
        return STMT_ROW_VALUE;
    }
    BUG("a query of no known result");
}

/* ---- pages ---- */

static void add_key(struct maker *maker, struct body *body,
                    const struct model_page_key *key)
{
    struct stmt *stmt = body->stmt;
    size_t at = key->column ? key->column->index : key->field;
    struct stmt_order order = { .result = at, .desc = key->desc };
    const struct stmt_result *result = &stmt->results.items[at];
    struct stmt_param param = { .name = result->name,
                                .type = result->type,
                                .secret = result->secret,
                                .column = key->column,
                                .gate_bit = -1 };
    struct keyset_term term = { .sql = body_column(body, at), .desc = key->desc };
    buf_str(&maker->text, term.sql);
    write_operand_cast(&maker->text, &result->type);
    term.operand = maker_take(maker);
    write_send_cast(&maker->text, &result->type, false);
    term.cast = maker_take(maker);
    VEC_PUSH(maker->arena, &stmt->order, order);
    VEC_PUSH(maker->arena, &stmt->params, param);
    VEC_PUSH(maker->arena, &body->terms, term);
}

static void add_page(struct maker *maker, struct body *body)
{
    const struct model_query *query = body->query;
    if (!query->page.n)
        return;
    body->stmt->cursor_bit = free_bit(query);
    body->stmt->cursor_at = body->stmt->params.n;
    for (size_t i = 0; i < query->page.n; i++)
        add_key(maker, body, &query->page.items[i]);
    maker_limit(maker, body->stmt);
}

/* ---- relations ---- */

/* Whether the query is `where KEY = $parameter` and nothing else, KEY being what the foreign
 * key points to: then the children are those of the parameter, and the parent need not
 * be read for them. */
static bool asks_for_key(const struct body *body, const struct model_constraint *fk)
{
    enum { TOKENS = 4 }; /* where KEY = $parameter */
    const struct model_query *query = body->query;
    const struct model_part *part = query->parts;
    if (query->whole || query->nparts != 1 || part->kind != PART_TOKENS ||
        query->params.n != 1 || query->page.n || fk->columns.n != 1 ||
        body->maker->living.n)
        return false;
    const struct model_param *param = query->params.items[0];
    const struct model_column *key = fk->target_columns.items[0];
    const struct token *tokens = part->sql.tokens;
    size_t n = part->sql.ntokens;
    while (n && tokens[n - 1].kind == TOKEN_SEMICOLON)
        n--;
    return n == TOKENS && !param->optional && !param->choices.n &&
           param->column == key && token_is_word(&tokens[0], "where") &&
           str_eq(token_text(&tokens[1]), key->name.name) &&
           str_eq(token_text(&tokens[2]), STR("=")) && tokens[3].kind == TOKEN_PARAM;
}

/* The child's rows for all parents that the query gives:
 *   select ... from child where (fk) in (the query, its keys only) */
static void put_parents(struct maker *child, struct body *body, bool by_key)
{
    const struct model_constraint *fk = body->stmt->foreign_key;
    bool several = fk->columns.n > 1;
    if (by_key) {
        buf_puts(&child->text, " where ");
        maker_equal(child, fk->columns.items[0], (struct str){ NULL, 0 }, 1);
        return;
    }
    buf_puts(&child->text, several ? " where (" : " where ");
    write_operands(&child->text, &fk->columns);
    buf_puts(&child->text, several ? ") in (" : " in (");
    body_put(body, &fk->target_columns);
    buf_puts(&child->text, ")");
}

static struct stmt *make_child(struct maker *maker, const struct body *parent,
                               struct model_constraint *fk)
{
    struct maker child;
    maker_open(&child, maker->arena, NULL, fk->table);
    struct stmt *stmt = maker_stray(&child, STMT_LIST, STMT_WANT_MANY);
    stmt->foreign_key = fk;
    stmt->params = parent->stmt->params;
    stmt->choices = parent->stmt->choices;
    stmt->cursor_at = parent->stmt->cursor_at;
    stmt->cursor_bit = parent->stmt->cursor_bit;

    struct body body = *parent;
    body.maker = &child;
    body.stmt = stmt;
    maker_select(&child);
    put_parents(&child, &body, asks_for_key(parent, fk));
    maker_living(&child, stmt);
    maker_piece(&child, stmt, 0);
    maker_close(&child);
    return stmt;
}

static void add_relations(struct maker *maker, const struct body *body)
{
    for (size_t i = 0; i < body->query->relations.n; i++) {
        struct model_constraint *fk = body->query->relations.items[i].foreign_key;
        struct stmt_relation relation = { .child = make_child(maker, body, fk),
                                          .name = stmt_relation_name(maker, fk),
                                          .foreign_key = fk };
        body->stmt->secret |= relation.child->secret;
        VEC_PUSH(maker->arena, &body->stmt->relations, relation);
    }
}

void stmt_make_query(struct maker *maker, struct model_query *query)
{
    struct stmt *stmt = maker_stmt(maker, STMT_QUERY, want_of(query));
    struct body body = { .maker = maker, .stmt = stmt, .query = query };
    stmt->query = query;
    stmt->name = maker_column_name(&query->name);
    stmt->row = row_of(query);
    stmt->writes = query->writes;
    stmt->secret = query->secret;
    if (stmt->row != STMT_ROW_TABLE) {
        stmt->results = (stmt_results){ 0 };
        add_results(maker, stmt, query);
    }
    body.results = stmt->results;
    add_params(maker, stmt, query);
    add_page(maker, &body);
    body_put(&body, NULL);
    maker_piece(maker, stmt, 0);
    add_relations(maker, &body);
}
