/* recipe_type.c: a column's type, its collation, and whether it is computed; must not
 * know what else about it changes. */
#include "../lang/codes.h"
#include "../sql/write.h"
#include "column.h"
#include "planner_private.h"
#include "questions.h"
#include "texts.h"

/* ---- what the user has to say ---- */

static const char *type_text(struct planner *p, const struct model_column *column)
{
    return text_type(p->arena, &column->type);
}

static void needs_using(struct planner *p, const struct model_column *from,
                        const struct model_column *to, const struct cast *cast)
{
    struct buf value = { 0 };
    const char *name = text_ident(p->arena, to->name.name);
    struct diag *diag;
    if (cast->assigned)
        diag = diag_error(
            p->diags, E_type_may_not_fit, to->name.span,
            "not every value of column \"%.*s\" fits %s, it is of type %s",
            STR_ARGS(to->name.name), type_text(p, to), type_text(p, from));
    else
        diag = diag_error(p->diags, E_type_without_using, to->name.span,
                          "column \"%.*s\" does not become %s by itself, it is of type"
                          " %s",
                          STR_ARGS(to->name.name), type_text(p, to),
                          type_text(p, from));
    cast_put(&value, cast, str_of(name), &to->type);
    diag_hint(p->diags, diag, "Say how: `using (%s)`%s.", value.s,
              cast->loss == LOSS_NONE || cast->loss == LOSS_CONVERTS
                  ? ""
                  : "; the data is asked first, and nothing is cut");
    buf_release(&value);
}

/* ---- what it costs ---- */

static bool is_indexed(const struct model_column *column)
{
    const struct model_table *table = column->table;
    for (size_t i = 0; i < table->keys.n; i++) {
        for (size_t k = 0; k < table->keys.items[i].columns.n; k++) {
            if (table->keys.items[i].columns.items[k] == column)
                return true;
        }
    }
    for (size_t i = 0; i < table->indexes.n; i++) {
        for (size_t k = 0; k < table->indexes.items[i]->elements.n; k++) {
            if (table->indexes.items[i]->elements.items[k].column == column)
                return true;
        }
    }
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (table->constraints.items[i]->kind == CONSTRAINT_EXCLUDE)
            return true;
    }
    return false;
}

static enum plan_cost cost_of(const struct change *change, const struct cast *cast)
{
    enum plan_cost cost = cast->cost;
    if ((change->aspects & ASPECT_COLLATE) && cost < COST_BUILD)
        cost = COST_BUILD;
    return cost == COST_BUILD && !is_indexed(change->from) ? COST_META : cost;
}

/* A wider form of the same type: its foreign keys compare as before. */
static bool is_wider(const struct change *change, const struct cast *cast)
{
    const struct model_column *from = change->from, *to = change->to;
    return cast->cost == COST_META && !(change->aspects & ASPECT_COLLATE) &&
           from->type.kind == MODEL_BUILTIN && from->type.builtin == to->type.builtin;
}

/* ---- the change ---- */

/* `using (c::T)` says that it is meant, not that values may be cut. */
static bool is_plain_cast(struct planner *p, const struct model_column *to)
{
    const struct model_sql *sql = &to->using_;
    return sql->ntokens > 2 && sql->tokens[1].kind == TOKEN_CAST &&
           str_eq(token_value(p->arena, &sql->tokens[0]), to->name.name);
}

static bool loses(const struct cast *cast)
{
    return cast->loss == LOSS_LENGTH || cast->loss == LOSS_ROUND_TRIP ||
           cast->loss == LOSS_ANY;
}

static void by_using(struct planner *p, struct retype *retype, const struct cast *cast)
{
    const struct model_column *to = retype->to;
    retype->using_ = str_of(
        arena_printf(p->arena, "(%s)", text_sql(p->arena, &to->using_)));
    retype->cost = COST_REWRITE;
    retype->keep_keys = false;
    if (is_plain_cast(p, to)) {
        retype->narrows = loses(cast);
        ask_fits(p, retype->from, to, cast);
        ask_standing(p, to);
        return;
    }
    retype->reversal = REVERSAL_LOSSY;
    retype->reversal_why = arena_printf(
        p->arena, "%.*s as it was before `using`",
        STR_ARGS(planner_title(p, CHANGE_COLUMN, retype->from)));
    ask_using(p, retype->from, to);
    ask_standing(p, to);
}

static void by_cast(struct planner *p, struct retype *retype, const struct cast *cast)
{
    struct buf value = { 0 };
    retype->narrows = loses(cast);
    retype->utc = cast->utc;
    ask_fits(p, retype->from, retype->to, cast);
    if (!cast->assigned) {
        const char *name = text_ident(p->arena, retype->to->name.name);
        cast_put(&value, cast, str_of(name), &retype->to->type);
        retype->using_ = buf_dup(&value, p->arena);
    }
    buf_release(&value);
}

static void retype(struct planner *p, const struct change *change)
{
    const struct model_column *from = change->from, *to = change->to;
    static const struct cast same = { true, CAST_PLAIN, LOSS_NONE, COST_META, false };
    struct cast cast = change->aspects & ASPECT_TYPE
                           ? cast_between(planner_match(p), &from->type, &to->type)
                           : same;
    bool said = hint_is_new(p, &from->using_, &to->using_, from->table) &&
                (change->aspects & ASPECT_TYPE);
    struct retype retype = { .from = from,
                             .to = to,
                             .cost = cost_of(change, &cast),
                             .keep_keys = is_wider(change, &cast) };
    if (!said && !planner_lenient(p) && (!cast.assigned || cast.loss != LOSS_NONE)) {
        needs_using(p, from, to, &cast);
        return;
    }
    if (said)
        by_using(p, &retype, &cast);
    else
        by_cast(p, &retype, &cast);
    planner_retype(p, &retype);
}

/* The values stay, they are just no longer computed. */
static void drop_expression(struct planner *p, const struct model_column *from)
{
    struct str title = planner_title(p, CHANGE_COLUMN, from);
    struct plan_step *step = planner_step(
        p, PHASE_DETACH,
        arena_printf(p->arena, "compute %.*s no more", STR_ARGS(title)));
    step_printf(p, step, "alter table %s alter column %s drop expression;\n",
                planner_name(p, PHASE_DETACH, CHANGE_TABLE, from->table).s,
                planner_name(p, PHASE_DETACH, CHANGE_COLUMN, from).s);
    step_lock(p, step, from->table, LOCK_ACCESS_EXCLUSIVE);
    planner_touch(p, step, CHANGE_COLUMN, from);
}

void column_retype(struct planner *p, const struct change *change)
{
    const struct model_column *from = change->from, *to = change->to;
    if (to->generated.ntokens) {
        planner_recompute(p, from);
        return;
    }
    if (from->generated.ntokens)
        drop_expression(p, from);
    if (change->aspects & (ASPECT_TYPE | ASPECT_COLLATE))
        retype(p, change);
}
