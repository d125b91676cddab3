/* stmt.c: the list of all statements, in order; must not know how any of them reads. */
#include "stmt.h"
#include "stmt_maker.h"

static void add_table(struct arena *arena, struct stmts *out,
                      const struct model_table *table)
{
    struct maker maker;
    maker_open(&maker, arena, out, table);
    stmt_make_keyed(&maker);
    stmt_make_counts_and_lists(&maker);
    stmt_make_pages(&maker);
    stmt_make_writes(&maker);
    stmt_make_scan(&maker);
    stmt_make_related(&maker);
    for (size_t i = 0; i < table->queries.n; i++)
        stmt_make_query(&maker, table->queries.items[i]);
    maker_close(&maker);
}

static void add_queries(struct arena *arena, struct stmts *out,
                        const struct model_schema *schema)
{
    struct maker maker;
    maker_open(&maker, arena, out, NULL);
    for (size_t i = 0; i < schema->queries.n; i++) {
        if (!schema->queries.items[i]->table)
            stmt_make_query(&maker, schema->queries.items[i]);
    }
    maker_close(&maker);
}

enum stmt_deed stmt_deed(enum stmt_kind kind)
{
    switch (kind) {
    case STMT_GET:
    case STMT_BY_KEY:
    case STMT_GET_MANY:
    case STMT_MANY_BY_KEY:
    case STMT_EXISTS:
    case STMT_EXISTS_BY_KEY:
    case STMT_COUNT_BY:
    case STMT_LIST:
    case STMT_PAGE:
    case STMT_RELATED:
    case STMT_RELATED_MANY:
        return STMT_FINDS;
    case STMT_COUNT:
    case STMT_SCAN:
        return STMT_READS;
    case STMT_INSERT:
    case STMT_INSERT_MANY:
    case STMT_LOAD:
        return STMT_ADDS;
    case STMT_UPSERT:
    case STMT_UPSERT_MANY:
        return STMT_UPSERTS;
    case STMT_UPDATE:
        return STMT_CHANGES;
    case STMT_DELETE:
    case STMT_RESTORE:
        return STMT_MARKS;
    case STMT_PURGE:
        return STMT_REMOVES;
    case STMT_QUERY:
        return STMT_DECLARED;
    }
    return STMT_DECLARED;
}

bool stmt_can_stream(const struct stmt *stmt)
{
    bool kind = stmt->kind == STMT_LIST || stmt->kind == STMT_QUERY;
    return kind && stmt->want == STMT_WANT_MANY && !stmt->writes && stmt->results.n &&
           !stmt->relations.n && !stmt->order.n;
}

struct stmts *stmts_of_model(struct arena *arena, const struct model *model)
{
    struct stmts *out = arena_new(arena, struct stmts);
    for (size_t i = 0; i < model->schemas.n; i++) {
        const struct model_schema *schema = model->schemas.items[i];
        for (size_t k = 0; k < schema->tables.n; k++)
            add_table(arena, out, schema->tables.items[k]);
    }
    for (size_t i = 0; i < model->schemas.n; i++)
        add_queries(arena, out, model->schemas.items[i]);
    return out;
}

struct stmts *stmts_of_table(struct arena *arena, const struct model_table *table)
{
    struct stmts *out = arena_new(arena, struct stmts);
    add_table(arena, out, table);
    return out;
}

struct stmts *stmts_of_schema(struct arena *arena, const struct model_schema *schema)
{
    struct stmts *out = arena_new(arena, struct stmts);
    add_queries(arena, out, schema);
    return out;
}
