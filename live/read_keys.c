/* read_keys.c: constraints and indexes. Must not know what stands on one line in the
 * file. */
#include "clean.h"
#include "queries.h"
#include "read.h"

static const struct item_columns OF_OBJECT = { 0, 2, 3 };

static struct str clean_cell(struct reader *r, const struct rows *rows, size_t row,
                             size_t column, struct shape_table *table)
{
    const struct clean_scope scope = read_scope(table);
    struct str cell = rows_cell(rows, row, column);
    return cell.n == 0 ? cell : clean_sql(r->arena, cell, &scope);
}

static char first_of(const struct rows *rows, size_t row, size_t column)
{
    struct str cell = rows_cell(rows, row, column);
    return cell.n > 0 ? cell.s[0] : '\0';
}

static bool is_true(struct str json)
{
    return str_eq_c(json, "true");
}

/* ---- constraints -------------------------------------------------------------------------- */

static void read_foreign_key(struct reader *r, const struct rows *rows, size_t row,
                             struct shape_constraint *key)
{
    key->target = read_find_table(r, rows_cell(rows, row, 7));
    key->target_name = rows_cell(rows, row, 8);
    if (key->target != NULL) {
        key->target_columns = read_columns(r, key->target, rows_cell(rows, row, 9));
    }
    key->on_update = first_of(rows, row, 10);
    key->on_delete = first_of(rows, row, 11);
    key->match_full = first_of(rows, row, 12) == 'f';
    struct str set = rows_cell(rows, row, 13);
    key->set_columns_given = set.n > 0;
    key->set_columns = read_columns(r, (struct shape_table *)key->item.owner, set);
    if (key->target == NULL) {
        shape_lose(r->shape, &key->item, "it refers to %.*s, which is not in the file",
                   STR_ARGS(key->target_name));
    }
}

static void read_definition(struct reader *r, const struct rows *rows, size_t row,
                            struct shape_constraint *constraint)
{
    struct shape_table *table = (struct shape_table *)constraint->item.owner;
    const struct clean_scope scope = read_scope(table);
    constraint->expression = clean_cell(r, rows, row, 17, table);
    struct str definition = rows_cell(rows, row, 18);
    if (constraint->type == 'x') {
        constraint->expression = clean_elements(r->arena, definition, &scope);
        constraint->method = rows_cell(rows, row, 20);
    }
    constraint->where = clean_cell(r, rows, row, 19, table);
    constraint->with = rows_cell(rows, row, 21);
    constraint->tablespace = rows_cell(rows, row, 22);
    if (rows_oid(rows, row, 23) != 0) {
        read_known(r, CATALOG_CLASS, rows_oid(rows, row, 23), &constraint->item);
    }
}

static void add_constraint(struct reader *r, const struct rows *rows, size_t row)
{
    struct shape_table *table = read_find_table(r, rows_cell(rows, row, 1));
    if (table == NULL) {
        return;
    }
    struct shape_constraint *constraint = arena_new(r->arena, struct shape_constraint);
    read_named(r, rows, row, OF_OBJECT, &constraint->item);
    read_item(r, &constraint->item, ITEM_CONSTRAINT, &table->item);
    constraint->type = first_of(rows, row, 4);
    constraint->columns = read_columns(r, table, rows_cell(rows, row, 5));
    constraint->include = read_columns(r, table, rows_cell(rows, row, 6));
    constraint->deferrable = rows_bool(rows, row, 14);
    constraint->deferred = rows_bool(rows, row, 15);
    constraint->nulls_not_distinct = is_true(rows_cell(rows, row, 16));
    constraint->no_inherit = rows_bool(rows, row, 25);
    read_definition(r, rows, row, constraint);
    VEC_PUSH(r->arena, &table->constraints, constraint);
    if (constraint->type == 'p') {
        table->primary_key = constraint;
    }
    read_why_not(r, rows, row, 24, &constraint->item);
    if (constraint->type == 'f') {
        read_foreign_key(r, rows, row, constraint);
    }
}

const char *read_constraints(struct reader *r)
{
    struct rows rows;
    const char *error = rows_ask(r->arena, r->tx, query_constraints, r->params, &rows);
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        add_constraint(r, &rows, i);
    }
    return error;
}

/* ---- indexes ------------------------------------------------------------------------------- */

static void add_index(struct reader *r, const struct rows *rows, size_t row)
{
    struct shape_table *table = read_find_table(r, rows_cell(rows, row, 1));
    if (table == NULL) {
        return;
    }
    struct shape_index *index = arena_new(r->arena, struct shape_index);
    const struct clean_scope scope = read_scope(table);
    read_named(r, rows, row, OF_OBJECT, &index->item);
    read_item(r, &index->item, ITEM_INDEX, &table->item);
    index->unique = rows_bool(rows, row, 4);
    index->nulls_not_distinct = is_true(rows_cell(rows, row, 5));
    index->elements = clean_elements(r->arena, rows_cell(rows, row, 6), &scope);
    index->method = rows_cell(rows, row, 7);
    index->where = clean_cell(r, rows, row, 8, table);
    index->include = read_columns(r, table, rows_cell(rows, row, 9));
    index->with = rows_cell(rows, row, 10);
    index->tablespace = rows_cell(rows, row, 11);
    VEC_PUSH(r->arena, &table->indexes, index);
    read_why_not(r, rows, row, 12, &index->item);
}

const char *read_indexes(struct reader *r)
{
    struct rows rows;
    const char *error = rows_ask(r->arena, r->tx, query_indexes, r->params, &rows);
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        add_index(r, &rows, i);
    }
    return error;
}
