/* put_table.c: tables and their columns. Must not know catalogs. */
#include "clean.h"
#include "put.h"

/* ---- columns ------------------------------------------------------------------------------ */

static void put_identity(struct put *put, const struct shape_column *column)
{
    buf_puts(&put->out, column->identity == 'd' ? " identity by default" : " identity");
    const struct shape_sequence *sequence = column->sequence;
    if (sequence == NULL) {
        return;
    }
    size_t before = put->out.n;
    buf_puts(&put->out, " (");
    size_t start = put->out.n;
    if (sequence->item.named) {
        buf_puts(&put->out, "sequence");
        put_given_name(put, &sequence->item);
    }
    put_counter(put, &sequence->counter);
    if (put->out.n == start) {
        put->out.n = before;
        return;
    }
    buf_putc(&put->out, ')');
}

static void put_value(struct put *put, const struct shape_column *column)
{
    if (column->collate.n > 0) {
        buf_printf(&put->out, " collate %.*s", STR_ARGS(column->collate));
    }
    if (column->identity != '\0') {
        put_identity(put, column);
    } else if (column->generated) {
        buf_printf(&put->out, " generated (%.*s)", STR_ARGS(column->default_));
    } else if (column->default_.n > 0 && !column->serial) {
        buf_printf(&put->out, " default %.*s", STR_ARGS(column->default_));
    }
}

static const char *serial_name(const struct shape_column *column)
{
    return str_eq_c(column->type.text, "smallint")  ? "serial2"
           : str_eq_c(column->type.text, "integer") ? "serial4"
                                                    : "serial8";
}

static void put_column(struct put *put, struct shape_column *column)
{
    struct str schema = column->item.owner->owner->name;
    size_t start = put_begin(put, &column->item);
    buf_str(&put->out, clean_column(put->arena, column->item.name));
    put_c_name(put, &column->item);
    buf_putc(&put->out, ' ');
    if (column->serial) {
        buf_puts(&put->out, serial_name(column));
    } else {
        put_type(put, &column->type, schema);
    }
    buf_puts(&put->out, column->not_null ? "" : "?");
    put_value(put, column);
    for (size_t i = 0; i < column->inlines.n; i++) {
        put_inline(put, column->inlines.items[i]);
    }
    if (column->storage.n > 0) {
        buf_printf(&put->out, " storage %.*s", STR_ARGS(column->storage));
    }
    if (column->compression.n > 0) {
        buf_printf(&put->out, " compression %.*s", STR_ARGS(column->compression));
    }
    buf_puts(&put->out, ";\n");
    put_end(put, start, &column->item);
}

/* ---- tables ------------------------------------------------------------------------------- */

static void put_head(struct put *put, const struct shape_table *table)
{
    buf_puts(&put->out, table->unlogged ? "unlogged table " : "table ");
    buf_str(&put->out, clean_name(put->arena, table->item.name));
    put_c_name(put, &table->item);
    if (table->with.n > 0) {
        buf_printf(&put->out, " with (%.*s)", STR_ARGS(table->with));
    }
    if (table->tablespace.n > 0) {
        buf_puts(&put->out, " tablespace ");
        buf_str(&put->out, clean_name(put->arena, table->tablespace));
    }
}

/* Which constraints are attributes: of their one column, in the order of the members. */
static void choose_inlines(struct put *put, struct shape_table *table)
{
    for (size_t i = 0; i < table->columns.n; i++) {
        table->columns.items[i]->inlines.n = 0;
    }
    for (size_t i = 0; i < table->constraints.n; i++) {
        struct shape_constraint *constraint = table->constraints.items[i];
        constraint->inline_ = put_is_inline(constraint);
        if (constraint->inline_ && item_in_file(&constraint->item)) {
            VEC_PUSH(put->arena, &constraint->columns.items[0]->inlines, constraint);
        }
    }
}

void put_table(struct put *put, struct shape_table *table)
{
    size_t start = put_begin(put, &table->item);
    put_head(put, table);
    buf_puts(&put->out, " {\n");
    choose_inlines(put, table);
    for (size_t i = 0; i < table->columns.n; i++) {
        put_column(put, table->columns.items[i]);
    }
    for (size_t i = 0; i < table->constraints.n; i++) {
        struct shape_constraint *constraint = table->constraints.items[i];
        if (!constraint->inline_ && item_in_file(&constraint->item)) {
            put_constraint(put, constraint);
        }
    }
    for (size_t i = 0; i < table->indexes.n; i++) {
        if (item_in_file(&table->indexes.items[i]->item)) {
            put_index(put, table->indexes.items[i]);
        }
    }
    buf_puts(&put->out, "}\n\n");
    put_end(put, start, &table->item);
}
