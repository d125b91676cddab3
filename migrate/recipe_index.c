/* recipe_index.c: indexes of older tables: built, replaced and dropped concurrently. Must
 * not know of constraints. */
#include "../sql/ddl.h"
#include "planner_private.h"
#include "questions.h"
#include "storage.h"
#include "texts.h"

static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb, const struct model_index *index)
{
    struct str name = planner_title(p, CHANGE_INDEX, index);
    struct plan_step *step = planner_step(
        p, phase, arena_printf(p->arena, "%s index %.*s", verb, STR_ARGS(name)));
    planner_touch(p, step, CHANGE_INDEX, index);
    planner_touch(p, step, CHANGE_TABLE, index->table);
    return step;
}

static void build(struct planner *p, const struct model_index *to, struct str name)
{
    struct buf sql = { 0 };
    struct ddl_index_form form = { name, true };
    struct plan_step *step = add_step(p, PHASE_INDEX, "create", to);
    ddl_create_index(&sql, to, &form);
    step_sql(p, step, &sql);
    step->transaction = false;
    step->cost = COST_BUILD;
    step_lock(p, step, to->table, LOCK_SHARE_UPDATE_EXCLUSIVE);
    buf_release(&sql);
}

static void drop(struct planner *p, const struct model_index *from)
{
    enum plan_phase phase = planner_is_rebuilt(p, from) ? PHASE_DETACH
                                                        : PHASE_DROP_INDEX;
    struct plan_step *step = add_step(p, phase, "drop", from);
    step_printf(p, step, "drop index concurrently %s;\n",
                planner_name(p, phase, CHANGE_INDEX, from).s);
    step->transaction = false;
    step_lock(p, step, from->table, LOCK_SHARE_UPDATE_EXCLUSIVE);
}

static const char *name_of(struct planner *p, const struct model_index *to,
                           struct str name)
{
    return text_qualified(p->arena, to->table->schema->name.name, name);
}

/* The old one serves until the new one does. */
static void replace(struct planner *p, const struct model_index *from,
                    const struct model_index *to)
{
    bool same_name = str_eq(from->name.name, to->name.name);
    if (planner_is_rebuilt(p, from) || !same_name) {
        build(p, to, to->name.name);
        drop(p, from);
        return;
    }
    struct str spare = text_spare(p->arena, to->name.name, "__new");
    build(p, to, spare);
    drop(p, from);
    struct plan_step *step = add_step(p, PHASE_DROP_INDEX, "name", to);
    step_printf(p, step, "alter index %s rename to %s;\n", name_of(p, to, spare),
                text_ident(p->arena, to->name.name));
}

static void set_options(struct planner *p, const struct model_index *from,
                        const struct model_index *to)
{
    struct buf sql = { 0 };
    const char *alter = arena_printf(p->arena, "alter index %s",
                                     name_of(p, to, to->name.name));
    struct plan_step *step = add_step(p, PHASE_ALTER, "set options of", to);
    step_lock_beside(p, step, CHANGE_INDEX, to, LOCK_SHARE_UPDATE_EXCLUSIVE);
    storage_put(&sql, alter, from->with, to->with);
    step_sql(p, step, &sql);
    buf_release(&sql);
}

void recipe_index(struct planner *p, const struct change *change)
{
    const struct model_index *from = change->from, *to = change->to;
    bool defined = to && (!from || (change->aspects & ASPECT_DEFINITION));
    if (defined && to->unique && !(from && planner_is_rebuilt(p, from)))
        ask_unique_index(p, to);
    if (!to) {
        drop(p, from);
        return;
    }
    if (!from)
        build(p, to, to->name.name);
    else if (defined)
        replace(p, from, to);
    else if (change->aspects & ASPECT_OPTIONS)
        set_options(p, from, to);
    if (defined ? to->name.doc.n > 0 : (change->aspects & ASPECT_COMMENT) != 0)
        planner_comment_index(p, to);
}
