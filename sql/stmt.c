/* stmt.c: the list of all statements, in order; must not know how any of them reads. */
#include "stmt.h"
#include "stmt_build.h"

static void add_table(struct arena *arena, struct stmts *out,
                      const struct model_table *table)
{
    struct build build;
    build_open(&build, arena, out, table);
    stmt_make_keyed(&build);
    stmt_make_counts_and_lists(&build);
    stmt_make_pages(&build);
    stmt_make_writes(&build);
    stmt_make_related(&build);
    for (size_t i = 0; i < table->queries.n; i++)
        stmt_make_query(&build, table->queries.items[i]);
    build_close(&build);
}

static void add_queries(struct arena *arena, struct stmts *out,
                        const struct model_schema *schema)
{
    struct build build;
    build_open(&build, arena, out, NULL);
    for (size_t i = 0; i < schema->queries.n; i++) {
        if (!schema->queries.items[i]->table)
            stmt_make_query(&build, schema->queries.items[i]);
    }
    build_close(&build);
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
