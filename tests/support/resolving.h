/* resolving.h: the model that a schema text resolves to, and things in it by their names, for
 * tests of the resolver. */
#ifndef TESTS_SUPPORT_RESOLVING_H
#define TESTS_SUPPORT_RESOLVING_H
#include "lang/resolve.h"
#include "tests/support/reading.h"

static inline struct source *source_of(struct fixture *fixture, const char *path,
                                       const char *text)
{
    struct source *source = arena_new(&fixture->arena, struct source);
    *source = (struct source){ .path = path, .text = text, .size = strlen(text) };
    return source;
}

static inline void assert_silent(struct fixture *fixture)
{
    assert_said(fixture, "");
}

/* The model of a file that has nothing to be said about. */
static inline struct model *model_of(struct fixture *fixture, const char *text)
{
    struct model *model = resolve(&fixture->arena, source_of(fixture, "a.schema", text),
                                  NULL, &fixture->diags);
    assert_silent(fixture);
    return model;
}

static inline struct model_table *table_of(const struct model *model,
                                           const char *schema, const char *name)
{
    struct model_table *table = model_find_table(model, str_of(schema), str_of(name));
    assert_non_null(table);
    return table;
}

static inline struct model_column *column_of(const struct model_table *table,
                                             const char *name)
{
    struct model_column *column = model_find_column(table, str_of(name));
    assert_non_null(column);
    return column;
}

static inline struct model_query *query_of(const struct model *model, const char *name)
{
    for (size_t i = 0; i < model->schemas.n; i++) {
        for (size_t k = 0; k < model->schemas.items[i]->queries.n; k++) {
            struct model_query *query = model->schemas.items[i]->queries.items[k];
            if (str_eq_c(query->name.name, name)) {
                return query;
            }
        }
    }
    fail_msg("no query %s", name);
    return NULL;
}

#endif
