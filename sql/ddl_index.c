/* ddl_index.c: CREATE INDEX; must not know of any other object. */
#include "ddl.h"
#include "quote.h"
#include "write.h"

void ddl_element(struct buf *out, const struct model_element *element)
{
    if (element->column) {
        quote_ident(out, element->column->name.name);
    } else {
        buf_puts(out, "(");
        write_sql(out, &element->expression);
        buf_puts(out, ")");
    }
    if (element->collate.n)
        buf_printf(out, " collate %.*s", STR_ARGS(element->collate));
    if (element->opclass.n)
        buf_printf(out, " %.*s", STR_ARGS(element->opclass));
    if (element->desc)
        buf_puts(out, " desc");
    /* The default is last for asc, first for desc. */
    if (element->nulls_given && element->nulls_first != element->desc)
        buf_puts(out, element->nulls_first ? " nulls first" : " nulls last");
}

/* What declared indexes and partial keys have in common. */
struct shape {
    struct str name;
    const struct model_table *table;
    bool unique, nulls_not_distinct, concurrently;
    const model_columns *include;
    const struct model_sql *where;
    const struct model_column *living;
    struct str with, tablespace;
};

static void put_head(struct buf *out, const struct shape *shape)
{
    buf_puts(out, shape->unique ? "create unique index " : "create index ");
    buf_puts(out, shape->concurrently ? "concurrently " : "");
    quote_ident(out, shape->name);
    buf_puts(out, " on ");
    write_table_name(out, shape->table);
}

static void put_tail(struct buf *out, const struct shape *shape)
{
    if (shape->include->n) {
        buf_puts(out, " include (");
        write_columns(out, shape->include);
        buf_puts(out, ")");
    }
    if (shape->nulls_not_distinct)
        buf_puts(out, " nulls not distinct");
    if (shape->with.n)
        buf_printf(out, " with (%.*s)", STR_ARGS(shape->with));
    if (shape->tablespace.n) {
        buf_puts(out, " tablespace ");
        quote_ident(out, shape->tablespace);
    }
    if (shape->where->ntokens || shape->living) {
        buf_puts(out, " where ");
        write_predicate(out, shape->where, shape->living);
    }
    buf_puts(out, ";\n");
}

void ddl_create_index(struct buf *out, const struct model_index *index,
                      const struct ddl_index_form *form)
{
    const struct model_table *table = index->table;
    struct shape shape = { .name = form->name.n ? form->name : index->name.name,
                           .concurrently = form->concurrently,
                           .table = table,
                           .unique = index->unique,
                           .nulls_not_distinct = index->nulls_not_distinct,
                           .include = &index->include,
                           .where = &index->where,
                           .living = index->living_only ? table->soft_delete : NULL,
                           .with = index->with,
                           .tablespace = index->tablespace };
    put_head(out, &shape);
    if (index->method.n) {
        buf_puts(out, " using ");
        quote_ident(out, index->method);
    }
    buf_puts(out, " (");
    for (size_t i = 0; i < index->elements.n; i++) {
        buf_puts(out, i ? ", " : "");
        ddl_element(out, &index->elements.items[i]);
    }
    buf_puts(out, ")");
    put_tail(out, &shape);
}

void ddl_create_key_index(struct buf *out, const struct model_constraint *key,
                          const struct ddl_index_form *form)
{
    struct shape shape = { .name = form->name.n ? form->name : key->name.name,
                           .concurrently = form->concurrently,
                           .table = key->table,
                           .unique = true,
                           .nulls_not_distinct = key->nulls_not_distinct,
                           .include = &key->include,
                           .where = &key->where,
                           .living = key->partial ? key->table->soft_delete : NULL,
                           .with = key->with,
                           .tablespace = key->tablespace };
    put_head(out, &shape);
    buf_puts(out, " (");
    write_columns(out, &key->columns);
    buf_puts(out, ")");
    put_tail(out, &shape);
}

void ddl_create_indexes(struct buf *out, const struct model_table *table)
{
    const struct ddl_index_form own = { .concurrently = false };
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (table->constraints.items[i]->partial)
            ddl_create_key_index(out, table->constraints.items[i], &own);
    }
    for (size_t i = 0; i < table->indexes.n; i++)
        ddl_create_index(out, table->indexes.items[i], &own);
}
