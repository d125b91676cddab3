/* model.c: questions to a finished model. Must not change it. */
#include "model.h"
#include "../base/bug.h"

static const struct model_type *under_names(const struct model_type *type)
{
    while (type->kind == MODEL_DOMAIN || type->kind == MODEL_EXTTYPE) {
        type = type->kind == MODEL_DOMAIN ? &type->domain->base : &type->exttype->as;
    }
    return type;
}

enum ckind model_type_ckind(const struct model_type *type)
{
    const struct model_type *base = under_names(type);
    return base->kind == MODEL_ENUM ? CKIND_ENUM : base->builtin->ckind;
}

const struct type_info *model_type_builtin(const struct model_type *type)
{
    const struct model_type *base = under_names(type);
    return base->kind == MODEL_ENUM ? NULL : base->builtin;
}

struct model_enum *model_type_enum(const struct model_type *type)
{
    const struct model_type *base = under_names(type);
    return base->kind == MODEL_ENUM ? base->enum_ : NULL;
}

static bool is_exttype(const struct model_type *type)
{
    while (type->kind == MODEL_DOMAIN) {
        type = &type->domain->base;
    }
    return type->kind == MODEL_EXTTYPE;
}

bool model_type_is_cast(const struct model_type *type)
{
    return is_exttype(type) || model_type_ckind(type) == CKIND_AS_TEXT;
}

static bool is_equal_by_bytes(const struct model_type *type)
{
    static const enum type_id others[] = { TYPE_FLOAT4,   TYPE_FLOAT8,
                                           TYPE_INTERVAL, TYPE_JSONB,
                                           TYPE_NUMRANGE, TYPE_NUMMULTIRANGE };
    const struct type_info *info = model_type_builtin(type);
    bool same = !is_exttype(type);
    for (size_t i = 0; info && i < sizeof others / sizeof *others; i++) {
        same = same && info->id != others[i];
    }
    return same && !(type->array && info && info->id == TYPE_NUMERIC);
}

/* char(n) comes padded to its own length. */
static bool is_padded_otherwise(const struct model_type *a, const struct model_type *b)
{
    const struct type_info *info = model_type_builtin(a);
    return info && info->id == TYPE_CHAR &&
           (a->kind != b->kind || !str_eq(a->modifiers, b->modifiers));
}

/* The same under domains, or both of text's own form. */
static bool has_same_form(const struct model_type *a, const struct model_type *b)
{
    const struct type_info *x = model_type_builtin(a), *y = model_type_builtin(b);
    if (!x || !y || x == y)
        return true;
    bool text_x = x->id == TYPE_TEXT || x->id == TYPE_VARCHAR;
    return text_x && (y->id == TYPE_TEXT || y->id == TYPE_VARCHAR);
}

bool model_key_matches(const struct model_constraint *foreign_key)
{
    const model_columns *from = &foreign_key->columns;
    const model_columns *to = &foreign_key->target_columns;
    for (size_t i = 0; i < from->n && i < to->n; i++) {
        if (!is_equal_by_bytes(&from->items[i]->type) ||
            !has_same_form(&from->items[i]->type, &to->items[i]->type) ||
            is_padded_otherwise(&from->items[i]->type, &to->items[i]->type)) {
            return false;
        }
    }
    return true;
}

bool model_type_same(const struct model_type *a, const struct model_type *b)
{
    if (a->kind != b->kind || a->array != b->array) {
        return false;
    }
    switch (a->kind) {
    case MODEL_BUILTIN:
        return a->builtin == b->builtin;
    case MODEL_ENUM:
        return a->enum_ == b->enum_;
    case MODEL_DOMAIN:
        return a->domain == b->domain;
    case MODEL_EXTTYPE:
        return a->exttype == b->exttype;
    }
    BUG("a kind of type out of range");
}

struct model_schema *model_find_schema(const struct model *model, struct str name)
{
    return map_find(&model->schema_by_name, name);
}

struct model_table *model_find_table(const struct model *model, struct str schema,
                                     struct str table)
{
    const struct model_schema *found = model_find_schema(model, schema);
    return found ? map_find(&found->table_by_name, table) : NULL;
}

struct model_column *model_find_column(const struct model_table *table, struct str name)
{
    return map_find(&table->column_by_name, name);
}
