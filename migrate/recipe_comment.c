/* recipe_comment.c: COMMENT ON what stands or is made again; must not know why. */
#include "planner_private.h"
#include "texts.h"

struct plan_step *planner_comment(struct planner *p, struct str what, struct str doc,
                                  const struct model_table *table)
{
    const char *title = arena_printf(p->arena, "comment on %.*s", STR_ARGS(what));
    struct plan_step *step = planner_step(p, PHASE_COMMENT, title);
    step_printf(p, step, "comment on %.*s is %s;\n", STR_ARGS(what),
                doc.n ? text_literal(p->arena, doc) : "null");
    step_touch(p, step, what);
    if (table)
        step_lock(p, step, table, LOCK_SHARE_UPDATE_EXCLUSIVE);
    return step;
}

static const char *table_name(struct planner *p, const struct model_table *table)
{
    return planner_name(p, PHASE_COMMENT, CHANGE_TABLE, table).s;
}

void planner_comment_column(struct planner *p, const struct model_column *to)
{
    const char *what = arena_printf(p->arena, "column %s.%s", table_name(p, to->table),
                                    text_ident(p->arena, to->name.name));
    planner_comment(p, str_of(what), to->name.doc, to->table);
}

void planner_comment_constraint(struct planner *p, const struct model_constraint *to)
{
    const char *name = text_ident(p->arena, to->name.name);
    const char *what = to->partial
                           ? arena_printf(
                                 p->arena, "index %s.%s",
                                 text_ident(p->arena, to->table->schema->name.name),
                                 name)
                           : arena_printf(p->arena, "constraint %s on %s", name,
                                          table_name(p, to->table));
    struct plan_step *step = planner_comment(p, str_of(what), to->name.doc,
                                             to->partial ? NULL : to->table);
    if (to->partial)
        step_lock_beside(p, step, CHANGE_CONSTRAINT, to, LOCK_SHARE_UPDATE_EXCLUSIVE);
}

void planner_comment_index(struct planner *p, const struct model_index *to)
{
    const char *what = arena_printf(p->arena, "index %s.%s",
                                    text_ident(p->arena, to->table->schema->name.name),
                                    text_ident(p->arena, to->name.name));
    struct plan_step *step = planner_comment(p, str_of(what), to->name.doc, NULL);
    step_lock_beside(p, step, CHANGE_INDEX, to, LOCK_SHARE_UPDATE_EXCLUSIVE);
}
