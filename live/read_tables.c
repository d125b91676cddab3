/* read_tables.c: tables, their columns and the sequences. Must not know keys. */
#include "base/buf.h"
#include "clean.h"
#include "queries.h"
#include "read.h"
#include "sql/quote.h"

static const struct item_columns OF_OBJECT = { 0, 2, 3 };

/* ---- tables ----------------------------------------------------------------------------- */

static void add_table(struct reader *r, const struct rows *rows, size_t row)
{
    struct shape_table *table = arena_new(r->arena, struct shape_table);
    struct shape_schema *schema = map_find(&r->shape->schemas_by_oid,
                                           rows_cell(rows, row, 1));
    read_named(r, rows, row, OF_OBJECT, &table->item);
    read_item(r, &table->item, ITEM_TABLE, &schema->item);
    table->unlogged = rows_bool(rows, row, 4);
    table->with = rows_cell(rows, row, 5);
    table->tablespace = rows_cell(rows, row, 6);
    read_why_not(r, rows, row, 7, &table->item);
    VEC_PUSH(r->arena, &schema->tables, table);
    (void)map_add(&r->shape->relations_by_oid, r->arena, rows_cell(rows, row, 0),
                  &table->item);
}

static void lose_table(struct reader *r, struct shape_column *column, struct str why)
{
    struct str name = item_full_name(r->arena, &column->item);
    shape_lose(r->shape, column->item.owner, "its column %.*s: %.*s", STR_ARGS(name),
               STR_ARGS(why));
}

/* An interval's precision changes a literal before it is stored. */
static bool has_own_literals(const struct shape_type *type)
{
    return str_eq_c(type->name, "interval") && !str_eq_c(type->text, "interval");
}

static void read_default(struct reader *r, struct shape_column *column,
                         struct str expression)
{
    const struct shape_type *type = &column->type;
    struct str cast = has_own_literals(type) ? (struct str){ 0 } : type->cast;
    column->default_ = expression;
    if (expression.n > 0 && !column->generated) {
        column->default_ = clean_default(r->arena, expression, cast);
    }
}

static void add_column(struct reader *r, const struct rows *rows, size_t row)
{
    struct shape_table *table = read_find_table(r, rows_cell(rows, row, 0));
    if (table == NULL) {
        return;
    }
    struct shape_column *column = arena_new(r->arena, struct shape_column);
    read_named(r, rows, row, (struct item_columns){ (size_t)-1, 2, 3 }, &column->item);
    read_item(r, &column->item, ITEM_COLUMN, &table->item);
    column->number = rows_oid(rows, row, 1);
    column->not_null = rows_bool(rows, row, 4);
    column->collate = rows_cell(rows, row, 6);
    column->storage = rows_cell(rows, row, 7);
    column->compression = rows_cell(rows, row, 8);
    struct str identity = rows_cell(rows, row, 9);
    column->identity = identity.n > 0 ? identity.s[0] : '\0';
    column->generated = rows_cell(rows, row, 10).n > 0;
    column->type = read_type(r, rows, row, 12);
    read_default(r, column, rows_cell(rows, row, 5));
    VEC_PUSH(r->arena, &table->columns, column);
    if (column->type.why_not.n > 0) {
        lose_table(r, column, column->type.why_not);
    } else if (rows_cell(rows, row, 11).n > 0) {
        lose_table(r, column, rows_cell(rows, row, 11));
    }
}

/* Once all columns are there that they are made of. */
static void clean_generated(struct reader *r, struct shape_table *table)
{
    const struct clean_scope scope = read_scope(table);
    for (size_t i = 0; i < table->columns.n; i++) {
        struct shape_column *column = table->columns.items[i];
        if (column->generated) {
            column->default_ = clean_sql(r->arena, column->default_, &scope);
        }
    }
}

static void clean_all_generated(struct reader *r)
{
    for (size_t i = 0; i < r->shape->schemas.n; i++) {
        struct shape_schema *schema = r->shape->schemas.items[i];
        for (size_t k = 0; k < schema->tables.n; k++) {
            clean_generated(r, schema->tables.items[k]);
        }
    }
}

const char *read_tables(struct reader *r)
{
    struct rows rows;
    const char *error = rows_ask(r->arena, r->tx, query_tables, r->params, &rows);
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        add_table(r, &rows, i);
    }
    if (error == NULL) {
        error = rows_ask(r->arena, r->tx, query_columns, r->params, &rows);
    }
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        add_column(r, &rows, i);
    }
    if (error == NULL) {
        clean_all_generated(r);
    }
    return error;
}

/* ---- sequences ---------------------------------------------------------------------------- */

/* What serial makes of a column: nextval of the sequence, by its full name. */
static bool calls_nextval(struct reader *r, const struct shape_sequence *sequence,
                          const struct shape_column *column)
{
    struct buf text = { 0 };
    struct str name = item_full_name(r->arena, &sequence->item);
    buf_puts(&text, "nextval(");
    quote_literal(&text, name);
    buf_puts(&text, ")");
    bool same = str_eq(column->default_, buf_view(&text));
    buf_release(&text);
    return same;
}

/* The counter of `serial`, of the column's own width. */
static bool is_plain_counter(const struct shape_counter *counter)
{
    static const char *const most[][2] = { { "smallint", "32767" },
                                           { "integer", "2147483647" },
                                           { "bigint", "9223372036854775807" } };
    bool full = false;
    for (size_t i = 0; i < 3; i++) {
        full = full || (str_eq_c(counter->type, most[i][0]) &&
                        str_eq_c(counter->most, most[i][1]));
    }
    return full && str_eq_c(counter->start, "1") && str_eq_c(counter->increment, "1") &&
           str_eq_c(counter->least, "1") && str_eq_c(counter->cache, "1") &&
           !counter->cycle;
}

static bool is_serial(struct reader *r, const struct shape_sequence *sequence,
                      const struct shape_column *column)
{
    return column->not_null && !column->type.array && column->type.extension.n == 0 &&
           column->sequence == NULL && !column->generated && column->identity == '\0' &&
           str_eq(column->type.text, sequence->counter.type) &&
           sequence->item.owner == column->item.owner->owner &&
           sequence->item.doc.n == 0 && is_plain_counter(&sequence->counter) &&
           calls_nextval(r, sequence, column);
}

/* The sequence that several defaults use has to be there before the tables are, so it is
 * no column's serial. */
static void own(struct reader *r, struct shape_sequence *sequence,
                struct shape_column *column, bool shared)
{
    bool identity = column->identity != '\0';
    if (identity) {
        sequence->part_of = column;
        column->sequence = sequence;
        if (sequence->item.doc.n > 0) {
            shape_list(r->shape, STR("comment"),
                       str_of(arena_printf(
                           r->arena, "sequence %.*s",
                           STR_ARGS(item_full_name(r->arena, &sequence->item)))),
                       STR("an identity's sequence has no doc comment"));
        }
    } else if (!shared && is_serial(r, sequence, column)) {
        sequence->part_of = column;
        column->sequence = sequence;
        column->serial = true;
    } else {
        sequence->owned_by = column;
    }
}

static void add_sequence(struct reader *r, const struct rows *rows, size_t row)
{
    struct shape_sequence *sequence = arena_new(r->arena, struct shape_sequence);
    struct shape_schema *schema = map_find(&r->shape->schemas_by_oid,
                                           rows_cell(rows, row, 1));
    read_named(r, rows, row, OF_OBJECT, &sequence->item);
    read_item(r, &sequence->item, ITEM_SEQUENCE, &schema->item);
    sequence->counter = (struct shape_counter){ .type = rows_cell(rows, row, 4),
                                                .start = rows_cell(rows, row, 5),
                                                .increment = rows_cell(rows, row, 6),
                                                .least = rows_cell(rows, row, 7),
                                                .most = rows_cell(rows, row, 8),
                                                .cache = rows_cell(rows, row, 9),
                                                .cycle = rows_bool(rows, row, 10) };
    VEC_PUSH(r->arena, &schema->sequences, sequence);
    struct str owner = rows_cell(rows, row, 11);
    struct shape_table *table = read_find_table(r, owner);
    shape_columns columns = { 0 };
    if (table != NULL) {
        columns = read_columns(r, table, rows_cell(rows, row, 12));
    }
    if (columns.n > 0) {
        own(r, sequence, columns.items[0], rows_bool(rows, row, 15));
    } else if (owner.n > 0) {
        shape_lose(r->shape, &sequence->item, "it belongs to what is not in the file");
    }
    const struct shape_table *of = sequence->part_of == NULL ? NULL : table;
    if (rows_bool(rows, row, 14) != (of != NULL && of->unlogged)) {
        shape_lose(r->shape, &sequence->item, "it is %s",
                   rows_bool(rows, row, 14) ? "unlogged" : "logged");
    }
}

const char *read_sequences(struct reader *r)
{
    struct rows rows;
    const char *error = rows_ask(r->arena, r->tx, query_sequences, r->params, &rows);
    for (size_t i = 0; error == NULL && i < rows.n; i++) {
        add_sequence(r, &rows, i);
    }
    return error;
}
