/* recipe_sequence.c: declared sequences made, altered and dropped; must not know of serial
 * and identity but what numbering.h asks of it. */
#include "../sql/alter.h"
#include "../sql/ddl.h"
#include "numbering.h"
#include "texts.h"

static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb,
                                  const struct model_sequence *sequence)
{
    struct arena *arena = planner_arena(p);
    struct str title = planner_title(p, CHANGE_SEQUENCE, sequence);
    const char *what = arena_printf(arena, "sequence %.*s", STR_ARGS(title));
    struct plan_step *step = planner_step(p, phase,
                                          arena_printf(arena, "%s %s", verb, what));
    step_touch(p, step, str_of(what));
    return step;
}

static void comment(struct planner *p, const struct model_sequence *sequence)
{
    struct arena *arena = planner_arena(p);
    struct str name = planner_name(p, PHASE_COMMENT, CHANGE_SEQUENCE, sequence);
    const char *what = arena_printf(arena, "sequence %.*s", STR_ARGS(name));
    struct plan_step *step = planner_comment(p, str_of(what), sequence->name.doc, NULL);
    step_lock_beside(p, step, CHANGE_SEQUENCE, sequence, LOCK_SHARE_UPDATE_EXCLUSIVE);
}

/* What a new table's columns own is given to them where the table is made. */
static void own(struct planner *p, const struct model_sequence *sequence)
{
    const struct model_column *column = sequence->owned_by;
    if (column && planner_is_new(p, column->table))
        return;
    struct plan_step *step = add_step(p, PHASE_ALTER, "set the owner of", sequence);
    step_lock_beside(p, step, CHANGE_SEQUENCE, sequence, LOCK_SHARE_ROW_EXCLUSIVE);
    struct buf sql = { 0 };
    if (column) {
        ddl_own_sequence(&sql, sequence);
        step_lock(p, step, column->table, LOCK_ACCESS_SHARE);
    } else {
        struct str name = planner_name(p, PHASE_ALTER, CHANGE_SEQUENCE, sequence);
        buf_printf(&sql, "alter sequence %.*s owned by none;\n", STR_ARGS(name));
    }
    step_sql(p, step, &sql);
    buf_release(&sql);
}

static void create(struct planner *p, const struct model_sequence *sequence)
{
    struct model_object object = { OBJECT_SEQUENCE, (void *)sequence };
    struct buf sql = { 0 };
    ddl_create(&sql, &object);
    step_sql(p, add_step(p, PHASE_CREATE, "create", sequence), &sql);
    buf_release(&sql);
    if (sequence->owned_by)
        own(p, sequence);
    if (sequence->name.doc.n)
        comment(p, sequence);
}

static void drop(struct planner *p, const struct model_sequence *sequence)
{
    if (sequence->owned_by && !match_to(planner_match(p), sequence->owned_by))
        return; /* it goes with its column */
    struct str name = planner_name(p, PHASE_DROP, CHANGE_SEQUENCE, sequence);
    struct plan_step *step = add_step(p, PHASE_DROP, "drop", sequence);
    step_printf(p, step, "drop sequence %.*s;\n", STR_ARGS(name));
    step_lock_beside(p, step, CHANGE_SEQUENCE, sequence, LOCK_ACCESS_EXCLUSIVE);
    step_hazard(p, step, HAZARD_DROP, planner_title(p, CHANGE_SEQUENCE, sequence),
                "its position goes");
    step_reversal(p, step, REVERSAL_LOSSY, "its position is gone");
}

/* ---- how it counts ---- */

static bool narrows(const struct model_sequence *from, const struct model_sequence *to)
{
    return to->counter.least > from->counter.least ||
           to->counter.most < from->counter.most;
}

/* PostgreSQL refuses bounds that the position lies outside of: both bounds hold for a
 * moment, in which the position moves. */
static void put_move(struct planner *p, struct plan_step *step, const char *name,
                     const struct model_sequence *from, const struct model_sequence *to)
{
    const struct model_counter *a = &from->counter, *b = &to->counter;
    step_printf(p, step, "alter sequence %s as int8 minvalue %lld maxvalue %lld;\n",
                name, (long long)(a->least < b->least ? a->least : b->least),
                (long long)(a->most > b->most ? a->most : b->most));
    step_printf(p, step,
                "do $position$\nbegin\n"
                "    perform pg_catalog.setval(%s,\n"
                "        case when not s.is_called and s.last_value = '%lld'\n"
                "             then '%lld'::int8\n"
                "             else least(greatest(s.last_value, '%lld'), '%lld') end,\n"
                "        s.is_called) from %s s;\n"
                "end\n$position$;\n",
                text_literal(planner_arena(p), str_of(name)), (long long)a->start,
                (long long)b->start, (long long)b->least, (long long)b->most, name);
}

void numbering_recount(struct planner *p, struct plan_step *step,
                       const struct model_sequence *from,
                       const struct model_sequence *to)
{
    struct str name = planner_name(p, PHASE_ALTER, CHANGE_SEQUENCE, to);
    struct buf sql = { 0 };
    step_lock_beside(p, step, CHANGE_SEQUENCE, to, LOCK_SHARE_ROW_EXCLUSIVE);
    if (narrows(from, to))
        put_move(p, step, name.s, from, to);
    buf_printf(&sql, "alter sequence %.*s as %.*s", STR_ARGS(name),
               STR_ARGS(to->type->name));
    alter_counter(&sql, &to->counter, "");
    buf_puts(&sql, ";\n");
    step_sql(p, step, &sql);
    buf_release(&sql);
}

void recipe_sequence(struct planner *p, const struct change *change)
{
    const struct model_sequence *from = change->from, *to = change->to;
    if (!from) {
        create(p, to);
        return;
    }
    if (!to) {
        drop(p, from);
        return;
    }
    if (change->aspects & (ASPECT_TYPE | ASPECT_OPTIONS))
        numbering_recount(p, add_step(p, PHASE_ALTER, "alter", to), from, to);
    if (change->aspects & ASPECT_OWNER)
        own(p, to);
    if (change->aspects & ASPECT_COMMENT)
        comment(p, to);
}
