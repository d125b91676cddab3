/* recipe_column.c: columns of older tables: added, dropped, and what is cheap to alter;
 * types are recipe_type.c's. Must not know of tables as a whole. */
#include "../lang/codes.h"
#include "../sql/ddl.h"
#include "../sql/write.h"
#include "column.h"
#include "planner_private.h"
#include "questions.h"
#include "storage.h"
#include "texts.h"

static const char *table_name(struct planner *p, enum plan_phase phase,
                              const struct model_column *column)
{
    return planner_name(p, phase, CHANGE_TABLE, column->table).s;
}

/* A step that alters the column's table, under its lock. */
static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb, const struct model_column *column)
{
    struct str name = planner_title(p, CHANGE_COLUMN, column);
    struct plan_step *step = planner_step(
        p, phase, arena_printf(p->arena, "%s %.*s", verb, STR_ARGS(name)));
    planner_touch(p, step, CHANGE_COLUMN, column);
    step_lock(p, step, column->table, LOCK_ACCESS_EXCLUSIVE);
    return step;
}

/* ---- added ---- */

static void put_add(struct planner *p, struct plan_step *step,
                    const struct model_column *form)
{
    struct buf sql = { 0 };
    buf_printf(&sql, "alter table %s add column ",
               table_name(p, PHASE_ADD_COLUMN, form));
    ddl_column(&sql, form);
    buf_puts(&sql, ";\n");
    if (form->storage.n)
        buf_printf(&sql, "alter table %s alter column %s set storage %.*s;\n",
                   table_name(p, PHASE_ADD_COLUMN, form),
                   text_ident(p->arena, form->name.name), STR_ARGS(form->storage));
    step_sql(p, step, &sql);
    buf_release(&sql);
}

static bool is_checked_domain(const struct model_type *type)
{
    while (type->kind == MODEL_DOMAIN) {
        if (type->domain->checks.n || type->domain->not_null)
            return true;
        type = &type->domain->base;
    }
    return false;
}

static bool is_numbered(const struct model_column *to)
{
    return to->serial || to->identity != IDENTITY_NONE;
}

static bool refuses_null(const struct model_column *column)
{
    const struct model_type *type = &column->type;
    bool refuses = !column->nullable;
    while (!refuses && type->kind == MODEL_DOMAIN && !type->array) {
        refuses = type->domain->not_null;
        type = &type->domain->base;
    }
    return refuses;
}

/* What has no online form: each row is written with its value. */
static void add_rewriting(struct planner *p, const struct model_column *to)
{
    /* A computed one may read other new columns. */
    enum plan_phase phase = to->generated.ntokens ? PHASE_BACKFILL : PHASE_ADD_COLUMN;
    struct plan_step *step = add_step(p, phase, "add column", to);
    const char *sequence = to->serial
                               ? planner_name(p, phase, CHANGE_SEQUENCE, to->owned).s
                               : NULL;
    if (sequence)
        step_printf(p, step, "create sequence %s as %.*s;\n", sequence,
                    STR_ARGS(to->owned->type->name));
    if (to->generated.ntokens && !to->nullable)
        ask_generated(p, to);
    put_add(p, step, to);
    if (sequence)
        step_printf(p, step, "alter sequence %s owned by %s.%s;\n", sequence,
                    table_name(p, phase, to), text_ident(p->arena, to->name.name));
    step_alone(step, COST_REWRITE);
    step_hazard(p, step, HAZARD_REWRITE, planner_title(p, CHANGE_TABLE, to->table),
                "every row is written anew while nobody can read the table");
}

/* Its default counts from now on: the rows that are there have no value yet. */
static void put_bare(struct planner *p, struct plan_step *step,
                     const struct model_column *to)
{
    struct model_column bare = *to;
    struct buf sql = { 0 };
    bare.default_.ntokens = 0;
    bare.nullable = true;
    put_add(p, step, &bare);
    if (!to->default_.ntokens)
        return;
    buf_printf(&sql, "alter table %s alter column %s set",
               table_name(p, PHASE_ADD_COLUMN, to),
               text_ident(p->arena, to->name.name));
    ddl_default(&sql, &to->default_);
    buf_puts(&sql, ";\n");
    step_sql(p, step, &sql);
    buf_release(&sql);
}

static void fill(struct planner *p, const struct model_column *to, const char *value)
{
    put_bare(p, add_step(p, PHASE_ADD_COLUMN, "add column", to), to);
    column_backfill(p, to, value);
    if (!to->nullable)
        column_not_null(p, to, value);
}

/* A default that gives each row a value of its own would write the table anew; the rows
 * that are there get theirs in batches. */
static void add_volatile(struct planner *p, const struct model_column *to)
{
    fill(p, to, "default");
}

/* A domain may refuse a row without a value, or have one of its own for it, so that the
 * column is of that domain only once all rows have theirs. */
static void fill_domain(struct planner *p, const struct model_column *to,
                        const char *value)
{
    struct model_column bare = *to;
    const char *table = table_name(p, PHASE_BACKFILL, to);
    const char *column = text_ident(p->arena, to->name.name);
    struct plan_step *step = add_step(p, PHASE_BACKFILL, "add column", to);
    while (bare.type.kind == MODEL_DOMAIN && !bare.type.array)
        bare.type = bare.type.domain->base;
    bare.default_.ntokens = 0;
    bare.nullable = true;
    put_add(p, step, &bare);
    step_printf(p, step, "update %s set %s = %s;\nalter table %s\n", table, column,
                value, table);
    if (to->default_.ntokens) {
        struct buf sql = { 0 };
        ddl_default(&sql, &to->default_);
        step_printf(p, step, "    alter column %s set%s,\n", column, sql.s);
        buf_release(&sql);
    }
    if (!to->nullable)
        step_printf(p, step, "    alter column %s set not null,\n", column);
    step_printf(p, step, "    alter column %s type %s%s%s;\n", column,
                text_type(p->arena, &to->type), to->collate.n ? " collate " : "",
                str_dup(p->arena, to->collate));
    step_alone(step, COST_REWRITE);
    step_hazard(p, step, HAZARD_REWRITE, planner_title(p, CHANGE_TABLE, to->table),
                "every row is written anew while nobody can read the table");
}

static bool has_opinion(const struct model_type *type)
{
    bool has = false;
    while (!has && type->kind == MODEL_DOMAIN && !type->array) {
        has = type->domain->checks.n || type->domain->not_null ||
              type->domain->default_.ntokens;
        type = &type->domain->base;
    }
    return has;
}

static void add_filled(struct planner *p, const struct model_column *to)
{
    const char *value = arena_printf(p->arena, "(%s)",
                                     text_sql(p->arena, &to->backfill));
    ask_backfill(p, to);
    if (has_opinion(&to->type))
        fill_domain(p, to, value);
    else
        fill(p, to, value);
}

static void needs_backfill(struct planner *p, const struct model_column *to)
{
    struct diag *diag = diag_error(p->diags, E_not_null_without_backfill, to->name.span,
                                   "column \"%.*s\" is NOT NULL, and the rows that "
                                   "table \"%.*s\" may hold have no "
                                   "value for it",
                                   STR_ARGS(to->name.name),
                                   STR_ARGS(planner_title(p, CHANGE_TABLE, to->table)));
    /* A domain may be what refuses NULL. */
    diag_hint(p->diags, diag, "Say what they get: `backfill (..)`%s%s.",
              to->nullable ? "" : "; or let it be missing with \"?\"",
              to->default_.ntokens ? "" : ", or give the column a default");
}

static void add_required(struct planner *p, const struct model_column *to)
{
    if (!planner_lenient(p)) {
        needs_backfill(p, to);
        return;
    }
    const struct model_table *from = match_from(planner_match(p), to->table);
    ask_no_rows(p, from,
                arena_printf(p->arena,
                             "Rows have no value for column %.*s, which is NOT NULL.",
                             STR_ARGS(to->name.name)));
    if (is_checked_domain(&to->type))
        add_rewriting(p, to);
    else
        put_add(p, add_step(p, PHASE_ADD_COLUMN, "add column", to), to);
}

static void add(struct planner *p, const struct model_column *to)
{
    bool computed = to->generated.ntokens || is_numbered(to);
    if (!computed && hint_is_new(p, NULL, &to->backfill, to->table))
        add_filled(p, to);
    else if (!computed && refuses_null(to) && !default_of(to)->ntokens)
        add_required(p, to);
    else if (computed || is_checked_domain(&to->type) ||
             (!to->default_.ntokens && !default_is_steady(default_of(to))))
        add_rewriting(p, to);
    else if (!default_is_steady(&to->default_))
        add_volatile(p, to);
    else
        put_add(p, add_step(p, PHASE_ADD_COLUMN, "add column", to), to);
    if (to->name.doc.n)
        planner_comment_column(p, to);
}

/* ---- dropped ---- */

static void drop(struct planner *p, const struct model_column *from)
{
    enum plan_phase phase = planner_is_rebuilt(p, from) ? PHASE_DETACH_COLUMN
                                                        : PHASE_DROP_COLUMN;
    struct str title = planner_title(p, CHANGE_COLUMN, from);
    struct plan_step *step = add_step(p, phase, "drop column", from);
    step_printf(p, step, "alter table %s drop column %s;\n", table_name(p, phase, from),
                planner_name(p, phase, CHANGE_COLUMN, from).s);
    if (from->generated.ntokens)
        return;
    step_hazard(p, step, HAZARD_DROP, title, "its values go");
    bool comes_back = from->nullable || from->default_.ntokens || is_numbered(from);
    step_reversal(
        p, step, comes_back ? REVERSAL_LOSSY : REVERSAL_IMPOSSIBLE,
        arena_printf(p->arena,
                     comes_back ? "%.*s" : "%.*s is NOT NULL and has no default",
                     STR_ARGS(title)));
}

/* ---- altered ---- */

static void put_alter(struct planner *p, struct plan_step *step,
                      const struct model_column *to, const char *what)
{
    step_printf(p, step, "alter table %s alter column %s %s;\n",
                table_name(p, PHASE_ALTER, to), text_ident(p->arena, to->name.name),
                what);
}

static void set_default(struct planner *p, const struct model_column *to)
{
    struct buf sql = { 0 };
    if (!to->default_.ntokens) {
        put_alter(p, add_step(p, PHASE_ALTER, "drop default of", to), to,
                  "drop default");
        return;
    }
    buf_puts(&sql, "set");
    ddl_default(&sql, &to->default_);
    put_alter(p, add_step(p, PHASE_ALTER, "set default of", to), to, sql.s);
    buf_release(&sql);
}

static void set_not_null(struct planner *p, const struct model_column *from,
                         const struct model_column *to)
{
    const char *value = NULL;
    if (hint_is_new(p, &from->backfill, &to->backfill, from->table)) {
        value = arena_printf(p->arena, "(%s)", text_sql(p->arena, &to->backfill));
        ask_backfill(p, to);
        ask_standing(p, to);
        column_backfill(p, to, value);
    } else if (!planner_lenient(p)) {
        needs_backfill(p, to);
        return;
    } else {
        ask_not_null(p, from, "Give the rows a value, or say `backfill (..)`.");
    }
    column_not_null(p, to, value);
}

static void set_nullable(struct planner *p, const struct change *change)
{
    const struct model_column *to = change->to;
    if (!to->nullable)
        set_not_null(p, change->from, to);
    else if (!to->generated.ntokens || !planner_is_rebuilt(p, change->from))
        put_alter(p, add_step(p, PHASE_ALTER, "allow NULL in", to), to,
                  "drop not null");
}

static void set_storage(struct planner *p, const struct change *change)
{
    const struct model_column *to = change->to;
    struct plan_step *step = add_step(p, PHASE_ALTER, "set storage of", to);
    if (change->aspects & ASPECT_STORAGE)
        put_alter(p, step, to,
                  arena_printf(p->arena, "set storage %s",
                               to->storage.n ? str_dup(p->arena, to->storage)
                                             : storage_of(&to->type)));
    if (change->aspects & ASPECT_COMPRESSION)
        put_alter(p, step, to,
                  arena_printf(p->arena, "set compression %s",
                               to->compression.n ? str_dup(p->arena, to->compression)
                                                 : "default"));
}

/* What numbers a column has a default of its own, and is no default of the schema. */
static bool default_differs(const struct change *change)
{
    unsigned numbering = ASPECT_SERIAL | ASPECT_IDENTITY;
    const struct model_column *to = change->to;
    return (change->aspects & ASPECT_DEFAULT) && !(change->aspects & numbering) &&
           !to->generated.ntokens;
}

static void alter(struct planner *p, const struct change *change)
{
    unsigned retyped = ASPECT_TYPE | ASPECT_COLLATE;
    const struct model_column *to = change->to;
    bool computed = to->generated.ntokens && (change->aspects & ASPECT_GENERATED);
    if (change->aspects & (retyped | ASPECT_GENERATED))
        column_retype(p, change);
    if (default_differs(change) && !(change->aspects & retyped))
        set_default(p, to);
    if ((change->aspects & ASPECT_NULLABLE) && !computed)
        set_nullable(p, change);
    if ((change->aspects & (ASPECT_STORAGE | ASPECT_COMPRESSION)) && !computed &&
        !(change->aspects & retyped))
        set_storage(p, change);
    if ((change->aspects & ASPECT_COMMENT) && !computed)
        planner_comment_column(p, to);
}

void recipe_column(struct planner *p, const struct change *change)
{
    if (!change->from)
        add(p, change->to);
    else if (!change->to)
        drop(p, change->from);
    else
        alter(p, change);
}
