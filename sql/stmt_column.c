/* stmt_column.c: a column as writing statements see it; must not know their texts. */
#include "quote.h"
#include "stmt_maker.h"
#include "write.h"

static bool domain_has_default(const struct model_type *type)
{
    while (type->kind == MODEL_DOMAIN) {
        if (type->domain->default_.ntokens)
            return true;
        type = &type->domain->base;
    }
    return false;
}

bool column_is_insertable(const struct model_column *column)
{
    return !column->generated.ntokens && column->identity != IDENTITY_ALWAYS;
}

/* A key that the server numbers is nobody's to change; a natural one may be. */
static bool is_numbered_key(const struct model_column *column)
{
    return column->in_primary_key &&
           (column->serial || column->identity != IDENTITY_NONE);
}

bool column_is_updatable(const struct model_column *column)
{
    return column_is_insertable(column) && !is_numbered_key(column) &&
           !column->version && !column->on_update.ntokens && !column->soft_delete;
}

static struct str casts(struct arena *arena, const struct model_column *column,
                        bool many)
{
    struct buf text = { 0 };
    if (many && write_form(&column->type).array) {
        buf_puts(&text, "::");
        write_cast_type(&text, &column->type, column->type.array);
    } else {
        write_send_cast(&text, &column->type, false);
    }
    struct str copy = buf_dup(&text, arena);
    buf_release(&text);
    return copy;
}

struct stmt_column stmt_column(struct arena *arena, const struct model_column *column)
{
    struct buf name = { 0 };
    quote_ident(&name, column->name.name);
    bool has_default = column->default_.ntokens || column->serial ||
                       column->identity == IDENTITY_BY_DEFAULT ||
                       domain_has_default(&column->type);
    struct stmt_column result = {
        .sql = buf_dup(&name, arena),
        .cast = casts(arena, column, false),
        .many_cast = casts(arena, column, true),
        .insertable = column_is_insertable(column),
        .updatable = column_is_updatable(column),
        .required = column_is_insertable(column) && !column->nullable && !has_default,
        .has_default = has_default,
    };
    buf_release(&name);
    return result;
}
