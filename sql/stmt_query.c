/* stmt_query.c: a declared query: its signature as parameters and results, and its
 * relations' statements; how its text is put together is stmt_body.c's. */
#include "../base/bug.h"
#include "quote.h"
#include "stmt_body.h"
#include "write.h"

/* ---- parameters ---- */

static void add_choice(struct build *build, struct stmt *stmt,
                       struct model_param *param)
{
    struct stmt_choice choice = { .declared = param, .index = param->choice_index };
    VEC_PUSH(build->arena, &stmt->choices, choice);
}

static void add_param(struct build *build, struct stmt *stmt, struct model_param *param)
{
    struct stmt_param added = { .name = build_column_name(&param->name),
                                .type = param->type,
                                .nullable = param->optional,
                                .secret = param->secret,
                                .column = param->column,
                                .declared = param,
                                .gate_bit = param->gates ? param->gate_bit : -1 };
    VEC_PUSH(build->arena, &stmt->params, added);
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

static void add_params(struct build *build, struct stmt *stmt,
                       const struct model_query *query)
{
    for (size_t i = 0; i < query->params.n; i++) {
        struct model_param *param = query->params.items[i];
        if (param->choices.n)
            add_choice(build, stmt, param);
        else
            add_param(build, stmt, param);
    }
}

/* ---- results ---- */

static void add_results(struct build *build, struct stmt *stmt,
                        const struct model_query *query)
{
    const struct model_query *shape = query->shape ? query->shape : query;
    for (size_t i = 0; i < shape->fields.n; i++) {
        const struct model_field *field = &shape->fields.items[i];
        struct stmt_result result = { .name = build_column_name(&field->name),
                                      .type = field->type,
                                      .nullable = field->nullable,
                                      .secret = field->secret };
        VEC_PUSH(build->arena, &stmt->results, result);
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

static void add_key(struct build *build, struct body *body,
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
    write_send_cast(&build->text, &result->type, false);
    term.cast = build_take(build);
    VEC_PUSH(build->arena, &stmt->order, order);
    VEC_PUSH(build->arena, &stmt->params, param);
    VEC_PUSH(build->arena, &body->terms, term);
}

static void add_page(struct build *build, struct body *body)
{
    const struct model_query *query = body->query;
    if (!query->page.n)
        return;
    body->stmt->cursor_bit = free_bit(query);
    body->stmt->cursor_at = body->stmt->params.n;
    for (size_t i = 0; i < query->page.n; i++)
        add_key(build, body, &query->page.items[i]);
    build_limit(build, body->stmt);
}

/* ---- relations ---- */

/* The child's rows for all parents that the query gives:
 *   select ... from child where (fk) in (the query, its keys only) order by fk, key */
static struct stmt *make_child(struct build *build, const struct body *parent,
                               struct model_constraint *fk)
{
    struct build child;
    build_open(&child, build->arena, NULL, fk->table);
    struct stmt *stmt = build_stray(&child, STMT_LIST, STMT_WANT_MANY);
    stmt->foreign_key = fk;
    stmt->params = parent->stmt->params;
    stmt->choices = parent->stmt->choices;
    stmt->cursor_at = parent->stmt->cursor_at;
    stmt->cursor_bit = parent->stmt->cursor_bit;

    struct body body = *parent;
    body.build = &child;
    body.stmt = stmt;
    bool several = fk->columns.n > 1;
    build_select(&child);
    buf_puts(&child.text, several ? " where (" : " where ");
    write_columns(&child.text, &fk->columns);
    buf_puts(&child.text, several ? ") in (" : " in (");
    body_put(&body, &fk->target_columns);
    buf_puts(&child.text, ")");
    build_living(&child, stmt);
    stmt_child_order(&child, fk);
    build_piece(&child, stmt, 0);
    build_close(&child);
    return stmt;
}

static void add_relations(struct build *build, const struct body *body)
{
    for (size_t i = 0; i < body->query->relations.n; i++) {
        struct model_constraint *fk = body->query->relations.items[i].foreign_key;
        struct stmt_relation relation = { .child = make_child(build, body, fk),
                                          .name = stmt_relation_name(build, fk),
                                          .foreign_key = fk };
        body->stmt->secret |= relation.child->secret;
        VEC_PUSH(build->arena, &body->stmt->relations, relation);
    }
}

void stmt_make_query(struct build *build, struct model_query *query)
{
    struct stmt *stmt = build_stmt(build, STMT_QUERY, want_of(query));
    struct body body = { .build = build, .stmt = stmt, .query = query };
    stmt->query = query;
    stmt->name = build_column_name(&query->name);
    stmt->row = row_of(query);
    stmt->writes = query->writes;
    stmt->secret = query->secret;
    if (stmt->row != STMT_ROW_TABLE) {
        stmt->results = (stmt_results){ 0 };
        add_results(build, stmt, query);
    }
    body.results = stmt->results;
    add_params(build, stmt, query);
    add_page(build, &body);
    body_put(&body, NULL);
    build_piece(build, stmt, 0);
    add_relations(build, &body);
}
