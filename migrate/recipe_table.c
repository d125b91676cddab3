/* recipe_table.c: tables made, altered as a whole, and dropped; must not know how their
 * columns, constraints and indexes change. */
#include "../sql/ddl.h"
#include "planner.h"
#include "storage.h"
#include "texts.h"

static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb, const struct model_table *table)
{
    struct str name = planner_title(p, CHANGE_TABLE, table);
    struct plan_step *step = planner_step(
        p, phase, arena_printf(planner_arena(p), "%s %.*s", verb, STR_ARGS(name)));
    planner_touch(p, step, CHANGE_TABLE, table);
    return step;
}

/* ---- made ---- */

/* The table is empty: there is nothing to validate. */
static void add_foreign_key(struct planner *p, const struct model_constraint *key)
{
    struct buf sql = { 0 };
    struct str name = planner_title(p, CHANGE_CONSTRAINT, key);
    struct plan_step *step = planner_step(
        p, PHASE_FOREIGN_KEY,
        arena_printf(planner_arena(p), "add foreign key %.*s", STR_ARGS(name)));
    ddl_add_foreign_key(&sql, key);
    ddl_comment_constraint(&sql, key);
    step_sql(p, step, &sql);
    step_lock(p, step, key->target, LOCK_SHARE_ROW_EXCLUSIVE);
    planner_touch(p, step, CHANGE_TABLE, key->table);
    planner_touch(p, step, CHANGE_TABLE, key->target);
    buf_release(&sql);
}

static void create(struct planner *p, const struct model_table *table)
{
    struct buf sql = { 0 };
    struct model_object object = { OBJECT_TABLE, (void *)table };
    struct plan_step *step = add_step(p, PHASE_CREATE_TABLE, "create table", table);
    ddl_create_table(&sql, table);
    ddl_create_indexes(&sql, table);
    ddl_comments(&sql, &object);
    step_sql(p, step, &sql);
    buf_release(&sql);
    for (size_t i = 0; i < table->foreign_keys.n; i++)
        add_foreign_key(p, table->foreign_keys.items[i]);
}

/* ---- dropped ---- */

/* One a transaction: it locks the referenced table, too. Between tables that both go only
 * where their order does not settle it. */
static bool needs_cut(struct planner *p, const struct model_constraint *key)
{
    const struct model *from = match_origin(planner_match(p));
    if (key->table == key->target)
        return false;
    for (size_t i = 0; i < from->late.n; i++) {
        if (from->late.items[i] == key)
            return true;
    }
    return match_to(planner_match(p), key->target) != NULL;
}

static void cut(struct planner *p, const struct model_constraint *key)
{
    struct str name = planner_title(p, CHANGE_CONSTRAINT, key);
    struct plan_step *step = planner_step(
        p, PHASE_DETACH_KEY,
        arena_printf(planner_arena(p), "drop foreign key %.*s", STR_ARGS(name)));
    step_printf(p, step, "alter table %s drop constraint %s;\n",
                planner_name(p, PHASE_DETACH_KEY, CHANGE_TABLE, key->table).s,
                planner_name(p, PHASE_DETACH_KEY, CHANGE_CONSTRAINT, key).s);
    step_lock(p, step, key->table, LOCK_ACCESS_EXCLUSIVE);
    step_lock(p, step, key->target, LOCK_ACCESS_EXCLUSIVE);
    planner_touch(p, step, CHANGE_TABLE, key->table);
    planner_touch(p, step, CHANGE_TABLE, key->target);
}

static void drop(struct planner *p, const struct model_table *table)
{
    struct plan_step *step = add_step(p, PHASE_DROP_TABLE, "drop table", table);
    step_printf(p, step, "drop table %s;\n",
                planner_name(p, PHASE_DROP_TABLE, CHANGE_TABLE, table).s);
    step_lock(p, step, table, LOCK_ACCESS_EXCLUSIVE);
    step_hazard(p, step, HAZARD_DROP, planner_title(p, CHANGE_TABLE, table),
                "its rows go");
    step_reversal(p, step, REVERSAL_LOSSY,
                  str_dup(planner_arena(p), planner_title(p, CHANGE_TABLE, table)));
    for (size_t i = 0; i < table->foreign_keys.n; i++) {
        const struct model_constraint *key = table->foreign_keys.items[i];
        if (needs_cut(p, key))
            cut(p, key);
        else
            step_lock(p, step, key->target, LOCK_ACCESS_EXCLUSIVE);
    }
}

/* ---- altered ---- */

static void set_options(struct planner *p, const struct model_table *from,
                        const struct model_table *to)
{
    struct buf sql = { 0 };
    const char *alter = arena_printf(planner_arena(p), "alter table %s",
                                     planner_name(p, PHASE_ALTER, CHANGE_TABLE, to).s);
    struct plan_step *step = add_step(p, PHASE_ALTER, "set options of table", from);
    storage_put(&sql, alter, from->with, to->with);
    step_sql(p, step, &sql);
    step_lock(p, step, to, LOCK_SHARE_UPDATE_EXCLUSIVE);
    buf_release(&sql);
}

static void rewrite(struct planner *p, const struct model_table *from, const char *verb,
                    const char *clause)
{
    const struct model_table *to = match_to(planner_match(p), from);
    struct plan_step *step = add_step(p, PHASE_TYPE, verb, from);
    step_printf(p, step, "alter table %s %s;\n",
                planner_name(p, PHASE_TYPE, CHANGE_TABLE, to).s, clause);
    step_lock(p, step, to, LOCK_ACCESS_EXCLUSIVE);
    step_alone(step, COST_REWRITE);
    step_hazard(p, step, HAZARD_REWRITE, planner_title(p, CHANGE_TABLE, to),
                "the table is written anew while nobody can read it");
}

void recipe_table(struct planner *p, const struct change *change)
{
    const struct model_table *from = change->from, *to = change->to;
    if (!from) {
        create(p, to);
        return;
    }
    if (!to) {
        drop(p, from);
        return;
    }
    struct arena *arena = planner_arena(p);
    if (change->aspects & ASPECT_OPTIONS)
        set_options(p, from, to);
    if (change->aspects & ASPECT_TABLESPACE)
        rewrite(p, from, "move to another tablespace table",
                arena_printf(arena, "set tablespace %s",
                             to->tablespace.n ? text_ident(arena, to->tablespace)
                                              : "pg_default"));
    if (change->aspects & ASPECT_LOGGED)
        rewrite(p, from, to->unlogged ? "set unlogged table" : "set logged table",
                to->unlogged ? "set unlogged" : "set logged");
    if (change->aspects & ASPECT_COMMENT) {
        struct str name = planner_name(p, PHASE_COMMENT, CHANGE_TABLE, to);
        planner_comment(p, str_of(arena_printf(arena, "table %s", name.s)),
                        to->name.doc, to);
    }
}
