/* questions_type.c: asks whether values go through a change of type; must not know how
 * it is made. */
#include "../sql/quote.h"
#include "../sql/write.h"
#include "question.h"
#include "texts.h"

/* ---- type changes ---- */

static void put_labels(struct buf *out, const struct model_enum *type)
{
    for (size_t i = 0; i < type->labels.n; i++) {
        buf_puts(out, i ? ", " : "");
        quote_literal(out, type->labels.items[i].name.name);
    }
}

/* What is true of a value in the way. False when it cannot be asked. */
static bool put_loss(struct planner *p, struct buf *out,
                     const struct model_column *from, const struct model_column *to,
                     const struct cast *cast)
{
    struct arena *arena = planner_arena(p);
    const char *name = text_ident(arena, from->name.name);
    struct buf value = { 0 };
    bool known = type_is_standing(p, &to->type);
    bool text = from->type.kind == MODEL_BUILTIN &&
                from->type.builtin->category == CATEGORY_STRING;
    cast_put(&value, cast, str_of(name), &to->type);
    if (to->type.kind == MODEL_ENUM && !to->type.array && to->type.enum_->labels.n) {
        buf_printf(out, "%s::text not in (", name);
        put_labels(out, to->type.enum_);
        buf_puts(out, ")");
        known = true;
    } else if (cast->loss == LOSS_LENGTH) {
        const struct model_type *bare = &to->type;
        while (bare->kind == MODEL_DOMAIN)
            bare = &bare->domain->base;
        struct str most = bare->modifiers;
        buf_printf(out, "length(%s%s) > %.*s", name, text ? "" : "::text",
                   STR_ARGS(most.n ? most : STR("1")));
    } else if (cast->loss == LOSS_ROUND_TRIP && type_is_standing(p, &from->type)) {
        buf_printf(out, "(%s)::%s is distinct from %s", value.s,
                   text_type(arena, &from->type), name);
    } else if (cast->loss == LOSS_ANY) {
        buf_printf(out, "%s is not null", name);
    } else {
        /* The cast itself raises the error; the type of a value is never NULL. */
        buf_printf(out, "pg_catalog.pg_typeof(%s) is null", value.s);
    }
    buf_release(&value);
    return known;
}

static void ask_values(struct planner *p, const struct model_column *from,
                       const struct model_column *to, const struct buf *condition)
{
    struct arena *arena = planner_arena(p);
    struct buf query = { 0 };
    struct str name = planner_title(p, CHANGE_COLUMN, from);
    buf_puts(&query, "select 1 from ");
    planner_put_name(p, &query, PHASE_DETACH, CHANGE_TABLE, from->table);
    buf_printf(&query, " where %s limit 1", condition->s);
    question_ask(p,
                 arena_printf(arena, "every value of %.*s becomes %s", STR_ARGS(name),
                              text_type(arena, &to->type)),
                 &query, "Change the values that do not fit.");
    buf_release(&query);
}

void ask_fits(struct planner *p, const struct model_column *from,
              const struct model_column *to, const struct cast *cast)
{
    struct buf condition = { 0 };
    if (cast->loss != LOSS_NONE && put_loss(p, &condition, from, to, cast))
        ask_values(p, from, to, &condition);
    buf_release(&condition);
}

void ask_using(struct planner *p, const struct model_column *from,
               const struct model_column *to)
{
    struct arena *arena = planner_arena(p);
    struct buf source = { 0 }, query = { 0 };
    model_columns columns = { 0 };
    struct str name = planner_title(p, CHANGE_COLUMN, from);
    question_add_mentioned(p, &columns, to->table, &to->using_);
    struct view view = { .to = to->table, .columns = &columns, .raw = true };
    if (type_is_standing(p, &to->type) && question_can_be_asked(&to->using_) &&
        question_source(p, &source, &view, str_dup(arena, to->table->name.name))) {
        const char *value = text_sql(arena, &to->using_);
        buf_printf(&query,
                   to->nullable ? "select 1 from %s where"
                                  " pg_catalog.pg_typeof((%s)::%s) is null"
                                  " limit 1"
                                : "select 1 from %s where (%s)::%s is null"
                                  " limit 1",
                   source.s, value, text_type(arena, &to->type));
        question_ask(p,
                     arena_printf(arena, "every value of %.*s becomes %s",
                                  STR_ARGS(name), text_type(arena, &to->type)),
                     &query, "Write a `using` that has a value for every row.");
    }
    buf_release(&source);
    buf_release(&query);
}
