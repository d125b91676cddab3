/* write.c: pieces of the model as SQL text; must not know of any statement as a whole. */
#include "write.h"
#include "quote.h"

void write_enum_name(struct buf *out, const struct model_enum *type)
{
    quote_qualified(out, type->schema->name.name, type->name.name);
}

static void put_base_name(struct buf *out, const struct model_type *type)
{
    switch (type->kind) {
    case MODEL_BUILTIN:
        buf_str(out, type->builtin->name);
        return;
    case MODEL_ENUM:
        write_enum_name(out, type->enum_);
        return;
    case MODEL_DOMAIN:
        quote_qualified(out, type->domain->schema->name.name, type->domain->name.name);
        return;
    case MODEL_EXTTYPE:
        buf_str(out, type->exttype->sql_name);
        return;
    }
}

void write_type(struct buf *out, const struct model_type *type)
{
    put_base_name(out, type);
    if (type->fields.n)
        buf_printf(out, " %.*s", STR_ARGS(type->fields));
    if (type->modifiers.n)
        buf_printf(out, "(%.*s)", STR_ARGS(type->modifiers));
    if (type->array)
        buf_puts(out, "[]");
}

void write_cast_type(struct buf *out, const struct model_type *type, bool array)
{
    if (type->kind == MODEL_BUILTIN && type->builtin->id == TYPE_CHAR)
        buf_puts(out, "bpchar");
    else if (type->kind == MODEL_BUILTIN && type->builtin->id == TYPE_BIT)
        buf_puts(out, "\"bit\"");
    else
        put_base_name(out, type);
    if (array)
        buf_puts(out, "[]");
}

/* The type under domains; *array: whether it or one of them is an array. */
static const struct model_type *under_domains(const struct model_type *type,
                                              bool *array)
{
    *array = type->array;
    while (type->kind == MODEL_DOMAIN) {
        type = &type->domain->base;
        *array |= type->array;
    }
    return type;
}

struct write_form write_form(const struct model_type *type)
{
    struct write_form form = { .cast = false };
    const struct model_type *base = under_domains(type, &form.array);
    form.wire = *base;
    if (base->kind == MODEL_EXTTYPE) {
        bool ignored;
        form.wire = *under_domains(&base->exttype->as, &ignored);
        form.cast = true;
    }
    if (form.wire.kind == MODEL_BUILTIN && form.wire.builtin->ckind == CKIND_AS_TEXT) {
        form.wire.builtin = type_info(TYPE_TEXT);
        form.cast = true;
    }
    if (type->array && type->kind == MODEL_DOMAIN)
        form.cast = true;
    form.wire.array = form.array;
    return form;
}

void write_read_cast(struct buf *out, const struct model_type *type)
{
    struct write_form form = write_form(type);
    if (!form.cast)
        return;
    buf_puts(out, "::");
    write_cast_type(out, &form.wire, form.array);
}

void write_send_cast(struct buf *out, const struct model_type *type, bool many)
{
    struct write_form form = write_form(type);
    if (!form.cast)
        return;
    buf_puts(out, "::");
    if (type->array)
        write_cast_type(out, type, true);
    else
        write_cast_type(out, under_domains(type, &form.array), form.array || many);
}

void write_table_name(struct buf *out, const struct model_table *table)
{
    quote_qualified(out, table->schema->name.name, table->name.name);
}

void write_operand_cast(struct buf *out, const struct model_type *type)
{
    bool array;
    const struct model_type *base = under_domains(type, &array);
    if (type->kind != MODEL_DOMAIN || base->kind != MODEL_ENUM || array)
        return;
    buf_puts(out, "::");
    write_enum_name(out, base->enum_);
}

void write_operand(struct buf *out, const struct model_column *column)
{
    quote_ident(out, column->name.name);
    write_operand_cast(out, &column->type);
}

void write_operands(struct buf *out, const model_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        buf_puts(out, i ? ", " : "");
        write_operand(out, columns->items[i]);
    }
}

void write_columns(struct buf *out, const model_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        buf_puts(out, i ? ", " : "");
        quote_ident(out, columns->items[i]->name.name);
    }
}

void write_gap(struct buf *out, const struct token *tokens, size_t i)
{
    const struct token *token = &tokens[i];
    if (i == 0 || (!token->space && !token->newline))
        return;
    /* 'a' and 'b' are one string only when a line end stands between them. */
    bool continued = token->newline && token->kind == TOKEN_STRING &&
                     tokens[i - 1].kind == TOKEN_STRING;
    buf_putc(out, continued ? '\n' : ' ');
}

void write_tokens(struct buf *out, const struct token *tokens, size_t ntokens)
{
    for (size_t i = 0; i < ntokens; i++) {
        write_gap(out, tokens, i);
        buf_str(out, token_text(&tokens[i]));
    }
}

void write_sql(struct buf *out, const struct model_sql *sql)
{
    write_tokens(out, sql->tokens, sql->ntokens);
}

bool write_predicate(struct buf *out, const struct model_sql *where,
                     const struct model_column *living)
{
    bool both = where->ntokens && living;
    if (where->ntokens) {
        buf_puts(out, both ? "(" : "");
        write_sql(out, where);
        buf_puts(out, both ? ") and " : "");
    }
    if (living) {
        quote_ident(out, living->name.name);
        buf_puts(out, " is null");
    }
    return where->ntokens || living;
}
