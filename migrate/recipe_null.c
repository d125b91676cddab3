/* recipe_null.c: rows that get a value, and columns that may no longer be without one:
 * filled in batches, then NOT NULL by a validated check, so that no scan is done under a
 * strong lock. Must not know why. */
#include "column.h"
#include "texts.h"

/* Rows a batch: blocks of 8 kB, a few hundred rows each at the most. */
enum { BATCH_BLOCKS = 1000 };

static const char *table_of(struct planner *p, const struct model_column *to)
{
    return planner_name(p, PHASE_BACKFILL, CHANGE_TABLE, to->table).s;
}

static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb, const struct model_column *to)
{
    struct str name = planner_title(p, CHANGE_COLUMN, to);
    struct plan_step *step = planner_step(
        p, phase, arena_printf(planner_arena(p), "%s %.*s", verb, STR_ARGS(name)));
    planner_touch(p, step, CHANGE_COLUMN, to);
    return step;
}

/* By ranges of blocks, each committed: stopped at any point, it goes on where NULLs are
 * left. Rows that come behind the last block while it runs are settle_rest's. */
void column_backfill(struct planner *p, const struct model_column *to,
                     const char *value)
{
    struct arena *arena = planner_arena(p);
    const char *table = table_of(p, to);
    const char *column = text_ident(arena, to->name.name);
    struct plan_step *step = add_step(p, PHASE_BACKFILL, "fill", to);
    step_printf(p, step,
                "do $backfill$\n"
                "declare\n"
                "    blocks int8 := pg_catalog.pg_relation_size(%s)\n"
                "        / pg_catalog.current_setting('block_size')::int8;\n"
                "begin\n"
                "    for block in 0 .. blocks by %d loop\n"
                "        update %s set %s = %s\n"
                "         where %s is null\n"
                "           and ctid >= pg_catalog.format('(%%s,0)', block)::tid\n"
                "           and ctid < pg_catalog.format('(%%s,0)', block + %d)::tid;\n"
                "        commit;\n"
                "    end loop;\n"
                "end\n"
                "$backfill$;\n",
                text_literal(arena, str_of(table)), BATCH_BLOCKS, table, column, value,
                column, BATCH_BLOCKS);
    step->transaction = false;
    step->cost = COST_ROWS;
    step_lock(p, step, to->table, LOCK_ROW_EXCLUSIVE);
}

static void settle_rest(struct planner *p, const struct model_column *to,
                        const char *value)
{
    const char *column = text_ident(planner_arena(p), to->name.name);
    struct plan_step *step = add_step(p, PHASE_FILL_REST, "fill what came meanwhile in",
                                      to);
    step_printf(p, step, "update %s set %s = %s where %s is null;\n", table_of(p, to),
                column, value, column);
    step->cost = COST_ROWS;
    step_lock(p, step, to->table, LOCK_ROW_EXCLUSIVE);
}

void column_not_null(struct planner *p, const struct model_column *to,
                     const char *value)
{
    struct arena *arena = planner_arena(p);
    const char *table = table_of(p, to);
    const char *column = text_ident(arena, to->name.name);
    const char *check = text_ident(arena,
                                   text_spare(arena, to->name.name, "__not_null"));
    struct plan_step *step = add_step(p, PHASE_REFUSE_NULL, "refuse new NULLs in", to);
    step_printf(p, step,
                "alter table %s add constraint %s check (%s is not null) not valid;\n",
                table, check, column);
    step_lock(p, step, to->table, LOCK_ACCESS_EXCLUSIVE);
    if (value)
        settle_rest(p, to, value);

    step = add_step(p, PHASE_LOOK_FOR_NULL, "look for NULLs in", to);
    step_printf(p, step, "alter table %s validate constraint %s;\n", table, check);
    step->cost = COST_SCAN;
    step_lock(p, step, to->table, LOCK_SHARE_UPDATE_EXCLUSIVE);

    /* The validated check spares SET NOT NULL its scan. */
    step = add_step(p, PHASE_ALTER, "forbid NULL in", to);
    step_printf(p, step,
                "alter table %s alter column %s set not null;\n"
                "alter table %s drop constraint %s;\n",
                table, column, table, check);
    step_lock(p, step, to->table, LOCK_ACCESS_EXCLUSIVE);
    if (value)
        step_reversal(p, step, REVERSAL_LOSSY, "which rows had no value");
}
