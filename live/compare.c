/* compare.c: see compare.h. Must not know text. */
#include "compare.h"

struct compare {
    struct shape *shape;
    bool same;
};

/* ---- one object ------------------------------------------------------------------------- */

static void compare_doc(struct compare *c, struct item *item, struct str doc)
{
    if (str_eq(item->doc, doc)) {
        return;
    }
    c->same = false;
    struct arena *arena = c->shape->arena;
    struct str name = item_full_name(arena, item);
    char *what = arena_printf(arena, "%s %.*s", item_kind_word(item), STR_ARGS(name));
    shape_list(c->shape, STR("comment"), str_of(what),
               STR("a doc comment does not keep its white space"));
    item->doc = (struct str){ 0 };
}

static void compare_name(struct compare *c, struct item *item, struct str name)
{
    if (!str_eq(item->name, name) && !item->named) {
        item->named = true;
        c->same = false;
    }
}

/* ---- tables --------------------------------------------------------------------------------- */

static void compare_sequence(struct compare *c, struct shape_column *column,
                             const struct model_column *model)
{
    struct shape_sequence *sequence = column->sequence;
    if (sequence == NULL || model->owned == NULL ||
        str_eq(sequence->item.name, model->owned->name.name)) {
        return;
    }
    if (column->serial) { /* it is a default, and a sequence that the column owns */
        column->serial = false;
        column->sequence = NULL;
        sequence->part_of = NULL;
        sequence->owned_by = column;
        c->same = false;
    } else {
        compare_name(c, &sequence->item, model->owned->name.name);
    }
}

/* The compiler has the attributes first, column by column, and the members behind them. */
struct cursor {
    const struct model_table *model;
    size_t at;
};

static void compare_constraint(struct compare *c, struct cursor *cursor,
                               struct shape_constraint *constraint)
{
    if (!item_in_file(&constraint->item) ||
        cursor->at >= cursor->model->constraints.n) {
        return;
    }
    const struct model_constraint *model =
        cursor->model->constraints.items[cursor->at++];
    compare_name(c, &constraint->item, model->name.name);
    compare_doc(c, &constraint->item, model->name.doc);
}

static void compare_columns(struct compare *c, struct shape_table *table,
                            struct cursor *cursor)
{
    for (size_t i = 0; i < table->columns.n && i < cursor->model->columns.n; i++) {
        struct shape_column *column = table->columns.items[i];
        const struct model_column *model = cursor->model->columns.items[i];
        compare_doc(c, &column->item, model->name.doc);
        compare_sequence(c, column, model);
        for (size_t k = 0; k < column->inlines.n; k++) {
            compare_constraint(c, cursor, column->inlines.items[k]);
        }
    }
}

static void compare_indexes(struct compare *c, struct shape_table *table,
                            const struct model_table *model)
{
    size_t at = 0;
    for (size_t i = 0; i < table->indexes.n; i++) {
        struct item *item = &table->indexes.items[i]->item;
        if (item_in_file(item) && at < model->indexes.n) {
            const struct model_index *index = model->indexes.items[at++];
            compare_name(c, item, index->name.name);
            compare_doc(c, item, index->name.doc);
        }
    }
}

static void compare_table(struct compare *c, struct shape_table *table,
                          const struct model_table *model)
{
    struct cursor cursor = { .model = model };
    compare_doc(c, &table->item, model->name.doc);
    compare_columns(c, table, &cursor);
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (!table->constraints.items[i]->inline_) {
            compare_constraint(c, &cursor, table->constraints.items[i]);
        }
    }
    compare_indexes(c, table, model);
}

/* ---- types and sequences ---------------------------------------------------------------------- */

static void compare_domain(struct compare *c, struct shape_domain *domain,
                           const struct model_domain *model)
{
    size_t at = 0;
    compare_doc(c, &domain->item, model->name.doc);
    for (size_t i = 0; i < domain->checks.n; i++) {
        struct item *item = &domain->checks.items[i]->item;
        if (item_in_file(item) && at < model->checks.n) {
            compare_name(c, item, model->checks.items[at++].name.name);
        }
    }
}

/* The objects of a schema stand in the model as they stand in the file. */
static void compare_types(struct compare *c, struct shape_schema *schema,
                          const struct model_schema *model)
{
    size_t at = 0;
    for (size_t i = 0; i < schema->enums.n; i++) {
        struct item *item = &schema->enums.items[i]->item;
        if (item_in_file(item) && at < model->enums.n) {
            compare_doc(c, item, model->enums.items[at++]->name.doc);
        }
    }
    at = 0;
    for (size_t i = 0; i < schema->domains.n; i++) {
        struct shape_domain *domain = schema->domains.items[i];
        if (item_in_file(&domain->item) && at < model->domains.n) {
            compare_domain(c, domain, model->domains.items[at++]);
        }
    }
    at = 0;
    for (size_t i = 0; i < schema->sequences.n; i++) {
        struct shape_sequence *sequence = schema->sequences.items[i];
        if (sequence->part_of == NULL && item_in_file(&sequence->item) &&
            at < model->sequences.n) {
            compare_doc(c, &sequence->item, model->sequences.items[at++]->name.doc);
        }
    }
}

bool compare_shape(struct shape *shape, const struct model *model)
{
    struct compare c = { .shape = shape, .same = true };
    for (size_t i = 0; i < shape->schemas.n; i++) {
        struct shape_schema *schema = shape->schemas.items[i];
        const struct model_schema *of_model = model_find_schema(model,
                                                                schema->item.name);
        if (of_model == NULL) {
            continue;
        }
        compare_doc(&c, &schema->item, of_model->name.doc);
        compare_types(&c, schema, of_model);
        for (size_t k = 0; k < schema->tables.n; k++) {
            struct shape_table *table = schema->tables.items[k];
            const struct model_table *of_table = model_find_table(
                model, schema->item.name, table->item.name);
            if (of_table != NULL && item_in_file(&table->item)) {
                compare_table(&c, table, of_table);
            }
        }
    }
    return c.same;
}
