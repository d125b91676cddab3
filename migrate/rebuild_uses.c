/* rebuild_uses.c: where enums and domains are used; must not know why it is asked. */
#include "rebuild.h"
#include "texts.h"

/* Whether the type is the enum or domain, or stands on it. */
static bool is_over(const struct model_type *type, const void *object, bool *array)
{
    *array |= type->array;
    if (type->kind == MODEL_ENUM)
        return type->enum_ == object;
    return type->kind == MODEL_DOMAIN &&
           (type->domain == object || is_over(&type->domain->base, object, array));
}

static void add_uses(struct planner *p, struct type_uses *uses,
                     const struct model_table *table, const void *type)
{
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_column *column = table->columns.items[i];
        const struct model_column *to = match_to(planner_match(p), column);
        bool array = false;
        if (to && is_over(&column->type, type, &array))
            VEC_PUSH(planner_arena(p), &uses->list,
                     (struct type_use){ column, to, array });
    }
}

struct type_uses rebuild_uses(struct planner *p, const void *type)
{
    const struct model *origin = match_origin(planner_match(p));
    struct type_uses uses = { 0 };
    for (size_t i = 0; i < origin->order.n; i++) {
        if (origin->order.items[i].kind == OBJECT_TABLE)
            add_uses(p, &uses, origin->order.items[i].object, type);
    }
    return uses;
}

static bool has_array_of(const struct model_table *table,
                         const struct model_domain *domain)
{
    bool has = false;
    for (size_t i = 0; i < table->columns.n; i++) {
        bool array = false;
        has |= is_over(&table->columns.items[i]->type, domain, &array) && array;
    }
    return has;
}

bool rebuild_is_in_array(const struct planner *p, const struct model_domain *domain)
{
    const struct model *origin = match_origin(planner_match(p));
    bool is = false;
    for (size_t i = 0; i < origin->order.n && !is; i++) {
        if (origin->order.items[i].kind == OBJECT_TABLE)
            is = has_array_of(origin->order.items[i].object, domain);
    }
    return is;
}

const char *rebuild_question(struct planner *p, const struct type_use *use,
                             const char *condition, bool mapped)
{
    struct buf value = { 0 };
    struct str table = planner_name(p, PHASE_DETACH, CHANGE_TABLE, use->from->table);
    struct str column = planner_name(p, PHASE_DETACH, CHANGE_COLUMN, use->from);
    if (!mapped)
        buf_str(&value, column);
    else if (!rebuild_put_mapped(p, &value, use->from))
        buf_printf(&value, "%.*s::text%s", STR_ARGS(column), use->array ? "[]" : "");
    const char *text = arena_printf(
        planner_arena(p),
        "select 1 from (select %s%s%s as value from %.*s) rows where %s limit 1",
        use->array ? "unnest(" : "", value.s, use->array ? ")" : "", STR_ARGS(table),
        condition);
    buf_release(&value);
    return text;
}
