/* ddl_comment.c: COMMENT ON for doc comments; must not know how objects are made. */
#include "ddl.h"
#include "quote.h"
#include "write.h"

static void put_doc(struct buf *out, struct str doc)
{
    buf_puts(out, " is ");
    quote_literal(out, doc);
    buf_puts(out, ";\n");
}

/* comment on KIND schema.name is '...' ; schema n 0: not qualified */
static void put_comment(struct buf *out, const char *kind, struct str schema,
                        const struct model_name *name)
{
    if (!name->doc.n)
        return;
    buf_printf(out, "comment on %s ", kind);
    if (schema.n)
        quote_qualified(out, schema, name->name);
    else
        quote_ident(out, name->name);
    put_doc(out, name->doc);
}

static void put_constraint(struct buf *out, const struct model_constraint *constraint)
{
    struct str schema = constraint->table->schema->name.name;
    if (constraint->partial)
        put_comment(out, "index", schema, &constraint->name);
    if (constraint->partial || !constraint->name.doc.n)
        return;
    buf_puts(out, "comment on constraint ");
    quote_ident(out, constraint->name.name);
    buf_puts(out, " on ");
    write_table_name(out, constraint->table);
    put_doc(out, constraint->name.doc);
}

static void put_table(struct buf *out, const struct model_table *table)
{
    struct str schema = table->schema->name.name;
    put_comment(out, "table", schema, &table->name);
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_column *column = table->columns.items[i];
        if (!column->name.doc.n)
            continue;
        buf_puts(out, "comment on column ");
        write_table_name(out, table);
        buf_putc(out, '.');
        quote_ident(out, column->name.name);
        put_doc(out, column->name.doc);
    }
    for (size_t i = 0; i < table->constraints.n; i++) {
        /* A foreign key comes later, its comment with it. */
        if (table->constraints.items[i]->kind != CONSTRAINT_FOREIGN_KEY)
            put_constraint(out, table->constraints.items[i]);
    }
    for (size_t i = 0; i < table->indexes.n; i++)
        put_comment(out, "index", schema, &table->indexes.items[i]->name);
}

static void put_domain(struct buf *out, const struct model_domain *domain)
{
    put_comment(out, "domain", domain->schema->name.name, &domain->name);
    for (size_t i = 0; i < domain->checks.n; i++) {
        const struct model_check *check = &domain->checks.items[i];
        if (!check->name.doc.n)
            continue;
        buf_puts(out, "comment on constraint ");
        quote_ident(out, check->name.name);
        buf_puts(out, " on domain ");
        quote_qualified(out, domain->schema->name.name, domain->name.name);
        put_doc(out, check->name.doc);
    }
}

void ddl_comment_constraint(struct buf *out, const struct model_constraint *constraint)
{
    put_constraint(out, constraint);
}

void ddl_comments(struct buf *out, const struct model_object *object)
{
    static const struct str none = { NULL, 0 };
    switch (object->kind) {
    case OBJECT_SCHEMA:
        put_comment(out, "schema", none,
                    &((const struct model_schema *)object->object)->name);
        return;
    case OBJECT_EXTENSION:
        put_comment(out, "extension", none,
                    &((const struct model_extension *)object->object)->name);
        return;
    case OBJECT_ENUM: {
        const struct model_enum *type = object->object;
        put_comment(out, "type", type->schema->name.name, &type->name);
        return;
    }
    case OBJECT_DOMAIN:
        put_domain(out, object->object);
        return;
    case OBJECT_SEQUENCE: {
        const struct model_sequence *sequence = object->object;
        put_comment(out, "sequence", sequence->schema->name.name, &sequence->name);
        return;
    }
    case OBJECT_TABLE:
        put_table(out, object->object);
        return;
    }
}
