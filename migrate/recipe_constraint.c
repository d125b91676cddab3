/* recipe_constraint.c: constraints of older tables: added without keeping anybody out,
 * replaced, dropped. Must not know of columns' types. */
#include "../sql/ddl.h"
#include "planner_private.h"
#include "questions.h"
#include "storage.h"
#include "texts.h"

static const char *table_name(struct planner *p, enum plan_phase phase,
                              const struct model_constraint *constraint)
{
    return planner_name(p, phase, CHANGE_TABLE, constraint->table).s;
}

static bool is_key(const struct model_constraint *constraint)
{
    return constraint->kind == CONSTRAINT_PRIMARY_KEY ||
           constraint->kind == CONSTRAINT_UNIQUE;
}

static const char *kind_word(const struct model_constraint *constraint)
{
    switch (constraint->kind) {
    case CONSTRAINT_PRIMARY_KEY:
        return "primary key";
    case CONSTRAINT_UNIQUE:
        return "unique key";
    case CONSTRAINT_FOREIGN_KEY:
        return "foreign key";
    case CONSTRAINT_CHECK:
        return "check";
    case CONSTRAINT_EXCLUDE:
        return "exclusion";
    }
    return "";
}

static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb,
                                  const struct model_constraint *constraint)
{
    struct str name = planner_title(p, CHANGE_CONSTRAINT, constraint);
    struct plan_step *step = planner_step(p, phase,
                                          arena_printf(p->arena, "%s %s %.*s", verb,
                                                       kind_word(constraint),
                                                       STR_ARGS(name)));
    planner_touch(p, step, CHANGE_CONSTRAINT, constraint);
    planner_touch(p, step, CHANGE_TABLE, constraint->table);
    if (constraint->kind == CONSTRAINT_FOREIGN_KEY)
        planner_touch(p, step, CHANGE_TABLE, constraint->target);
    return step;
}

static void lock_both(struct planner *p, struct plan_step *step,
                      const struct model_constraint *constraint,
                      enum plan_lock_mode table, enum plan_lock_mode target)
{
    step_lock(p, step, constraint->table, table);
    if (constraint->kind == CONSTRAINT_FOREIGN_KEY)
        step_lock(p, step, constraint->target, target);
}

/* ---- dropped ---- */

static void drop_index(struct planner *p, const struct model_constraint *from,
                       enum plan_phase phase)
{
    struct plan_step *step = add_step(p, phase, "drop", from);
    step_printf(p, step, "drop index concurrently %s.%s;\n",
                planner_space(p, phase, CHANGE_CONSTRAINT, from).s,
                planner_name(p, phase, CHANGE_CONSTRAINT, from).s);
    step->transaction = false;
    step_lock(p, step, from->table, LOCK_SHARE_UPDATE_EXCLUSIVE);
}

/* Before anything else, so that its name is free. */
static void drop(struct planner *p, const struct model_constraint *from)
{
    planner_gone_early(p, from);
    if (from->partial) {
        drop_index(p, from, PHASE_DETACH);
        return;
    }
    enum plan_phase phase = from->kind == CONSTRAINT_FOREIGN_KEY ? PHASE_DETACH_KEY
                                                                 : PHASE_DETACH;
    struct plan_step *step = add_step(p, phase, "drop", from);
    step_printf(p, step, "alter table %s drop constraint %s;\n",
                table_name(p, phase, from),
                planner_name(p, phase, CHANGE_CONSTRAINT, from).s);
    lock_both(p, step, from, LOCK_ACCESS_EXCLUSIVE, LOCK_ACCESS_EXCLUSIVE);
}

/* ---- added ---- */

/* Counts from now on; the rows that are there are read after, under a weak lock. */
static void add_validated(struct planner *p, const struct model_constraint *to)
{
    struct buf sql = { 0 };
    bool key = to->kind == CONSTRAINT_FOREIGN_KEY;
    enum plan_phase phase = key ? PHASE_FOREIGN_KEY : PHASE_CONSTRAINT;
    struct plan_step *step = add_step(p, phase, "add", to);
    buf_printf(&sql, "alter table %s\n    add ", table_name(p, phase, to));
    ddl_constraint(&sql, to);
    buf_puts(&sql, " not valid;\n");
    step_sql(p, step, &sql);
    buf_release(&sql);
    if (key)
        lock_both(p, step, to, LOCK_SHARE_ROW_EXCLUSIVE, LOCK_SHARE_ROW_EXCLUSIVE);
    else
        step_lock(p, step, to->table, LOCK_ACCESS_EXCLUSIVE);
    step = add_step(p, phase, "validate", to);
    step_printf(p, step, "alter table %s validate constraint %s;\n",
                table_name(p, phase, to), text_ident(p->arena, to->name.name));
    step->cost = COST_SCAN;
    lock_both(p, step, to, LOCK_SHARE_UPDATE_EXCLUSIVE, LOCK_ROW_SHARE);
}

static void build_index(struct planner *p, const struct model_constraint *to,
                        struct str name)
{
    struct buf sql = { 0 };
    struct ddl_index_form form = { name, true };
    struct plan_step *step = add_step(p, PHASE_INDEX, "build the index of", to);
    ddl_create_key_index(&sql, to, &form);
    step_sql(p, step, &sql);
    step->transaction = false;
    step->cost = COST_BUILD;
    step_lock(p, step, to->table, LOCK_SHARE_UPDATE_EXCLUSIVE);
    buf_release(&sql);
}

static const char *deferrable_words(enum model_deferrable deferrable)
{
    switch (deferrable) {
    case NOT_DEFERRABLE:
        return "";
    case DEFERRABLE_IMMEDIATE:
        return " deferrable";
    case DEFERRABLE_DEFERRED:
        return " deferrable initially deferred";
    }
    return "";
}

/* The index becomes the constraint and takes its name. old: what it takes the place of. */
static void adopt_index(struct planner *p, const struct model_constraint *to,
                        struct str index, const struct model_constraint *old)
{
    struct plan_step *step = add_step(p, PHASE_CONSTRAINT, old ? "replace" : "add", to);
    const char *table = table_name(p, PHASE_CONSTRAINT, to);
    if (old)
        step_printf(p, step, "alter table %s drop constraint %s;\n", table,
                    planner_name(p, PHASE_CONSTRAINT, CHANGE_CONSTRAINT, old).s);
    step_printf(p, step, "alter table %s\n    add constraint %s %s using index %s%s;\n",
                table, text_ident(p->arena, to->name.name),
                to->kind == CONSTRAINT_PRIMARY_KEY ? "primary key" : "unique",
                text_ident(p->arena, index), deferrable_words(to->deferrable));
    step_lock(p, step, to->table, LOCK_ACCESS_EXCLUSIVE);
}

static void add_key(struct planner *p, const struct model_constraint *to)
{
    build_index(p, to, to->name.name);
    if (!to->partial)
        adopt_index(p, to, to->name.name, NULL);
}

/* An exclusion has no online form. */
static void add_exclusion(struct planner *p, const struct model_constraint *to)
{
    struct buf sql = { 0 };
    struct plan_step *step = add_step(p, PHASE_CONSTRAINT, "add", to);
    buf_printf(&sql, "alter table %s\n    add ", table_name(p, PHASE_CONSTRAINT, to));
    ddl_constraint(&sql, to);
    buf_puts(&sql, ";\n");
    step_sql(p, step, &sql);
    step_lock(p, step, to->table, LOCK_ACCESS_EXCLUSIVE);
    step_alone(step, COST_BUILD);
    step_hazard(p, step, HAZARD_BUILD, planner_title(p, CHANGE_TABLE, to->table),
                "its index is built while nobody can read the table");
    buf_release(&sql);
}

static void ask(struct planner *p, const struct model_constraint *to)
{
    switch (to->kind) {
    case CONSTRAINT_PRIMARY_KEY:
    case CONSTRAINT_UNIQUE:
        ask_unique(p, to);
        return;
    case CONSTRAINT_FOREIGN_KEY:
        ask_foreign_key(p, to);
        return;
    case CONSTRAINT_CHECK:
        ask_check(p, to);
        return;
    case CONSTRAINT_EXCLUDE:
        ask_exclude(p, to);
        return;
    }
}

static void comment(struct planner *p, const struct model_constraint *to)
{
    if (to->name.doc.n)
        planner_comment_constraint(p, to);
}

static void add(struct planner *p, const struct model_constraint *to)
{
    switch (to->kind) {
    case CONSTRAINT_PRIMARY_KEY:
    case CONSTRAINT_UNIQUE:
        add_key(p, to);
        break;
    case CONSTRAINT_FOREIGN_KEY:
    case CONSTRAINT_CHECK:
        add_validated(p, to);
        break;
    case CONSTRAINT_EXCLUDE:
        add_exclusion(p, to);
        break;
    }
    comment(p, to);
}

/* ---- altered ---- */

static void defer(struct planner *p, const struct model_constraint *to)
{
    static const char *const words[] = {
        [NOT_DEFERRABLE] = "not deferrable",
        [DEFERRABLE_IMMEDIATE] = "deferrable initially immediate",
        [DEFERRABLE_DEFERRED] = "deferrable initially deferred"
    };
    struct plan_step *step = add_step(p, PHASE_ALTER, "alter", to);
    step_printf(p, step, "alter table %s alter constraint %s %s;\n",
                table_name(p, PHASE_ALTER, to), text_ident(p->arena, to->name.name),
                words[to->deferrable]);
    lock_both(p, step, to, LOCK_ACCESS_EXCLUSIVE, LOCK_ACCESS_EXCLUSIVE);
}

static void set_options(struct planner *p, const struct model_constraint *from,
                        const struct model_constraint *to)
{
    struct buf sql = { 0 };
    const char *alter = arena_printf(p->arena, "alter index %s.%s",
                                     text_ident(p->arena, to->table->schema->name.name),
                                     text_ident(p->arena, to->name.name));
    struct plan_step *step = add_step(p, PHASE_ALTER, "set options of", to);
    storage_put(&sql, alter, from->with, to->with);
    step_sql(p, step, &sql);
    buf_release(&sql);
}

/* A primary key's columns are NOT NULL for as long as it is there. */
static bool frees_columns(struct planner *p, const struct model_constraint *from)
{
    for (size_t i = 0; i < from->columns.n; i++) {
        const struct model_column *to = match_to(planner_match(p),
                                                 from->columns.items[i]);
        if (from->kind == CONSTRAINT_PRIMARY_KEY && to && to->nullable)
            return true;
    }
    return false;
}

/* The old key holds until the new one's index is there. */
static void replace_key(struct planner *p, const struct model_constraint *from,
                        const struct model_constraint *to)
{
    struct str spare = text_spare(p->arena, to->name.name, "__new");
    build_index(p, to, spare);
    if (!to->partial) {
        adopt_index(p, to, spare, from);
        return;
    }
    const char *schema = text_ident(p->arena, to->table->schema->name.name);
    drop_index(p, from, PHASE_DROP_INDEX);
    struct plan_step *step = add_step(p, PHASE_DROP_INDEX, "name", to);
    step_printf(p, step, "alter index %s.%s rename to %s;\n", schema,
                text_ident(p->arena, spare), text_ident(p->arena, to->name.name));
}

static void replace(struct planner *p, const struct model_constraint *from,
                    const struct model_constraint *to)
{
    bool keeps = is_key(from) && is_key(to) && from->partial == to->partial &&
                 !planner_is_rebuilt(p, from) && !frees_columns(p, from);
    if (keeps) {
        replace_key(p, from, to);
        comment(p, to);
        return;
    }
    drop(p, from);
    add(p, to);
}

void recipe_constraint(struct planner *p, const struct change *change)
{
    const struct model_constraint *from = change->from, *to = change->to;
    bool again = from && to && planner_is_rebuilt(p, from);
    if (to && !again && (!from || (change->aspects & ASPECT_DEFINITION)))
        ask(p, to);
    if (!to) {
        drop(p, from);
        return;
    }
    if (!from || (change->aspects & ASPECT_DEFINITION)) {
        if (from)
            replace(p, from, to);
        else
            add(p, to);
        return;
    }
    if (change->aspects & ASPECT_DEFERRABLE)
        defer(p, to);
    if (change->aspects & ASPECT_OPTIONS)
        set_options(p, from, to);
    if (change->aspects & ASPECT_COMMENT)
        planner_comment_constraint(p, to);
}
