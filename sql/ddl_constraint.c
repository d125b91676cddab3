/* ddl_constraint.c: constraints, in a table and added to one; must not know how a table is
 * made. */
#include "ddl.h"
#include "quote.h"
#include "write.h"

static void put_action(struct buf *out, const char *event, enum model_action action)
{
    static const char *const words[] = { [ACTION_RESTRICT] = "restrict",
                                         [ACTION_CASCADE] = "cascade",
                                         [ACTION_SET_NULL] = "set null",
                                         [ACTION_SET_DEFAULT] = "set default" };
    if (action != ACTION_NO_ACTION)
        buf_printf(out, " on %s %s", event, words[action]);
}

static void put_deferrable(struct buf *out, enum model_deferrable deferrable)
{
    if (deferrable == DEFERRABLE_IMMEDIATE)
        buf_puts(out, " deferrable");
    if (deferrable == DEFERRABLE_DEFERRED)
        buf_puts(out, " deferrable initially deferred");
}

static void put_columns(struct buf *out, const char *before,
                        const model_columns *columns)
{
    if (!columns->n)
        return;
    buf_puts(out, before);
    buf_puts(out, "(");
    write_columns(out, columns);
    buf_puts(out, ")");
}

static void put_index_options(struct buf *out,
                              const struct model_constraint *constraint)
{
    put_columns(out, " include ", &constraint->include);
    if (constraint->with.n)
        buf_printf(out, " with (%.*s)", STR_ARGS(constraint->with));
    if (constraint->tablespace.n) {
        buf_puts(out, " using index tablespace ");
        quote_ident(out, constraint->tablespace);
    }
}

static void put_key(struct buf *out, const struct model_constraint *constraint)
{
    bool primary = constraint->kind == CONSTRAINT_PRIMARY_KEY;
    buf_puts(out, primary ? "primary key" : "unique");
    if (constraint->nulls_not_distinct)
        buf_puts(out, " nulls not distinct");
    put_columns(out, " ", &constraint->columns);
    put_index_options(out, constraint);
}

static void put_foreign_key(struct buf *out, const struct model_constraint *constraint)
{
    buf_puts(out, "foreign key");
    put_columns(out, " ", &constraint->columns);
    buf_puts(out, " references ");
    write_table_name(out, constraint->target);
    put_columns(out, " ", &constraint->target_columns);
    if (constraint->match == MATCH_FULL)
        buf_puts(out, " match full");
    put_action(out, "delete", constraint->on_delete);
    put_columns(out, " ", &constraint->set_columns);
    put_action(out, "update", constraint->on_update);
}

static void put_exclude(struct buf *out, const struct model_constraint *constraint)
{
    buf_puts(out, "exclude");
    if (constraint->method.n) {
        buf_puts(out, " using ");
        quote_ident(out, constraint->method);
    }
    buf_puts(out, " (");
    for (size_t i = 0; i < constraint->elements.n; i++) {
        const struct model_element *element = &constraint->elements.items[i];
        buf_puts(out, i ? ", " : "");
        ddl_element(out, element);
        buf_printf(out, " with %.*s", STR_ARGS(element->with_operator));
    }
    buf_puts(out, ")");
    put_index_options(out, constraint);
    if (constraint->where.ntokens) {
        buf_puts(out, " where (");
        write_sql(out, &constraint->where);
        buf_puts(out, ")");
    }
}

void ddl_constraint(struct buf *out, const struct model_constraint *constraint)
{
    buf_puts(out, "constraint ");
    quote_ident(out, constraint->name.name);
    buf_putc(out, ' ');
    switch (constraint->kind) {
    case CONSTRAINT_PRIMARY_KEY:
    case CONSTRAINT_UNIQUE:
        put_key(out, constraint);
        break;
    case CONSTRAINT_FOREIGN_KEY:
        put_foreign_key(out, constraint);
        break;
    case CONSTRAINT_CHECK:
        buf_puts(out, "check (");
        write_sql(out, &constraint->expression);
        buf_puts(out, constraint->no_inherit ? ") no inherit" : ")");
        break;
    case CONSTRAINT_EXCLUDE:
        put_exclude(out, constraint);
        break;
    }
    put_deferrable(out, constraint->deferrable);
}

void ddl_add_foreign_key(struct buf *out, const struct model_constraint *key)
{
    buf_puts(out, "alter table ");
    write_table_name(out, key->table);
    buf_puts(out, "\n    add ");
    ddl_constraint(out, key);
    buf_puts(out, ";\n");
}
