/* ddl.c: each object's own statements, and a whole model up and down; must not know of
 * files or of any earlier state. */
#include "ddl.h"
#include "quote.h"
#include "write.h"

/* ---- create ---- */

static bool is_public(const struct model_schema *schema)
{
    return str_eq_c(schema->name.name, "public");
}

static bool is_builtin(const struct model_extension *extension)
{
    return str_eq_c(extension->name.name, "plpgsql");
}

static void create_schema(struct buf *out, const struct model_schema *schema)
{
    if (is_public(schema))
        return;
    buf_puts(out, "create schema ");
    quote_ident(out, schema->name.name);
    buf_puts(out, ";\n");
}

static void create_extension(struct buf *out, const struct model_extension *extension)
{
    if (is_builtin(extension))
        return;
    buf_puts(out, "create extension ");
    quote_ident(out, extension->name.name);
    if (extension->schema.n) {
        buf_puts(out, " schema ");
        quote_ident(out, extension->schema);
    }
    if (extension->version.n) {
        buf_puts(out, " version ");
        quote_literal(out, extension->version);
    }
    buf_puts(out, ";\n");
}

static void create_enum(struct buf *out, const struct model_enum *type)
{
    buf_puts(out, "create type ");
    quote_qualified(out, type->schema->name.name, type->name.name);
    buf_puts(out, " as enum (");
    for (size_t i = 0; i < type->labels.n; i++) {
        buf_puts(out, i ? ", " : "");
        quote_literal(out, type->labels.items[i].name.name);
    }
    buf_puts(out, ");\n");
}

static void create_domain(struct buf *out, const struct model_domain *domain)
{
    buf_puts(out, "create domain ");
    quote_qualified(out, domain->schema->name.name, domain->name.name);
    buf_puts(out, " as ");
    write_type(out, &domain->base);
    if (domain->collate.n)
        buf_printf(out, " collate %.*s", STR_ARGS(domain->collate));
    if (domain->default_.ntokens)
        ddl_default(out, &domain->default_);
    /* Only where it is written: whether a value may be missing is else the column's to
     * say. */
    if (domain->not_null)
        buf_puts(out, " not null");
    for (size_t i = 0; i < domain->checks.n; i++) {
        const struct model_check *check = &domain->checks.items[i];
        buf_puts(out, "\n    constraint ");
        quote_ident(out, check->name.name);
        buf_puts(out, " check (");
        write_sql(out, &check->expression);
        buf_puts(out, ")");
    }
    buf_puts(out, ";\n");
}

static void create_sequence(struct buf *out, const struct model_sequence *sequence)
{
    buf_puts(out, "create sequence ");
    quote_qualified(out, sequence->schema->name.name, sequence->name.name);
    buf_printf(out, " as %.*s", STR_ARGS(sequence->type->name));
    if (sequence->options.n)
        buf_printf(out, " %.*s", STR_ARGS(sequence->options));
    buf_puts(out, ";\n");
}

void ddl_create(struct buf *out, const struct model_object *object)
{
    switch (object->kind) {
    case OBJECT_SCHEMA:
        create_schema(out, object->object);
        return;
    case OBJECT_EXTENSION:
        create_extension(out, object->object);
        return;
    case OBJECT_ENUM:
        create_enum(out, object->object);
        return;
    case OBJECT_DOMAIN:
        create_domain(out, object->object);
        return;
    case OBJECT_SEQUENCE:
        create_sequence(out, object->object);
        return;
    case OBJECT_TABLE:
        ddl_create_table(out, object->object);
        return;
    }
}

/* ---- the whole model ---- */

/* One object with all that goes with it. */
static void up_object(struct buf *out, const struct model_object *object)
{
    ddl_create(out, object);
    if (object->kind == OBJECT_TABLE)
        ddl_create_indexes(out, object->object);
    ddl_comments(out, object);
}

static void put_paragraph(struct buf *out, const struct buf *text)
{
    if (text->n)
        buf_puts(out, out->n ? "\n" : "");
    buf_str(out, buf_view(text));
}

/* The schema public is no object to make, but it may have a doc comment. */
static const struct model_schema *documented_public(const struct model *model)
{
    const struct model_schema *schema = model_find_schema(model, STR("public"));
    return schema && schema->name.doc.n ? schema : NULL;
}

static void up_public(struct buf *out, const struct model *model)
{
    const struct model_schema *schema = documented_public(model);
    if (!schema)
        return;
    buf_puts(out, "comment on schema public is ");
    quote_literal(out, schema->name.doc);
    buf_puts(out, ";\n");
}

static bool is_object(const struct model_object *object)
{
    return object->kind != OBJECT_SCHEMA || !is_public(object->object);
}

/* Once all tables and their unique indexes are there. */
static void up_foreign_keys(struct buf *out, const struct model *model)
{
    for (size_t i = 0; i < model->order.n; i++) {
        if (model->order.items[i].kind != OBJECT_TABLE)
            continue;
        const struct model_table *table = model->order.items[i].object;
        for (size_t k = 0; k < table->foreign_keys.n; k++) {
            ddl_add_foreign_key(out, table->foreign_keys.items[k]);
            ddl_comment_constraint(out, table->foreign_keys.items[k]);
        }
    }
}

void ddl_up(struct buf *out, const struct model *model)
{
    struct buf text = { 0 };
    up_public(out, model);
    for (size_t i = 0; i < model->order.n; i++) {
        buf_clear(&text);
        if (is_object(&model->order.items[i]))
            up_object(&text, &model->order.items[i]);
        put_paragraph(out, &text);
    }
    buf_clear(&text);
    up_foreign_keys(&text, model);
    put_paragraph(out, &text);
    buf_release(&text);
}
