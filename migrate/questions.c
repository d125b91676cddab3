/* questions.c: asks the rows about NULLs, checks and foreign keys before a plan begins;
 * must not know what the plan does. */
#include "../sql/quote.h"
#include "../sql/write.h"
#include "question.h"
#include "texts.h"

/* ---- asking ---- */

void ask_not_null(struct planner *p, const struct model_column *from, const char *hint)
{
    struct buf query = { 0 };
    struct str name = planner_title(p, CHANGE_COLUMN, from);
    buf_puts(&query, "select 1 from ");
    planner_put_name(p, &query, PHASE_DETACH, CHANGE_TABLE, from->table);
    buf_puts(&query, " where ");
    quote_ident(&query, from->name.name);
    buf_puts(&query, " is null limit 1");
    question_ask(p, arena_printf(planner_arena(p), "no NULL in %.*s", STR_ARGS(name)),
                 &query, hint);
    buf_release(&query);
}

void ask_no_rows(struct planner *p, const struct model_table *from, const char *hint)
{
    struct buf query = { 0 };
    struct str name = planner_title(p, CHANGE_TABLE, from);
    buf_puts(&query, "select 1 from ");
    planner_put_name(p, &query, PHASE_DETACH, CHANGE_TABLE, from);
    buf_puts(&query, " limit 1");
    question_ask(p, arena_printf(planner_arena(p), "no row in %.*s", STR_ARGS(name)),
                 &query, hint);
    buf_release(&query);
}

/* Whether the rows that still have no value get one by the expression. */
static void ask_value(struct planner *p, const struct model_column *to,
                      const struct model_sql *sql, const struct plan_check *said)
{
    struct buf query = { 0 }, source = { 0 };
    model_columns columns = { 0 };
    question_add_mentioned(p, &columns, to->table, sql);
    struct view view = { .to = to->table, .columns = &columns, .empty = true };
    bool fills = sql == &to->backfill && match_from(planner_match(p), to);
    if (fills)
        question_add_column(p, &columns, (struct model_column *)to);
    if (question_can_be_asked(sql) &&
        question_source(p, &source, &view,
                        str_dup(planner_arena(p), to->table->name.name))) {
        buf_printf(&query, "select 1 from %s where (", source.s);
        write_sql(&query, sql);
        buf_puts(&query, ")");
        /* What a domain does not take raises its own error. */
        if (to->type.kind == MODEL_DOMAIN && type_is_standing(p, &to->type))
            buf_printf(&query, "::%s", text_type(planner_arena(p), &to->type));
        buf_puts(&query, " is null");
        if (fills) {
            buf_puts(&query, " and ");
            quote_ident(&query, to->name.name);
            buf_puts(&query, " is null");
        }
        buf_puts(&query, " limit 1");
        question_ask(p, said->title, &query, said->hint);
    }
    buf_release(&source);
    buf_release(&query);
}

void ask_backfill(struct planner *p, const struct model_column *to)
{
    struct str name = question_column(p, to);
    struct plan_check said = {
        .hint = "Write a backfill that has a value for every"
                " row.",
        .title = arena_printf(planner_arena(p), "the backfill of %.*s gives no NULL",
                              STR_ARGS(name))
    };
    ask_value(p, to, &to->backfill, &said);
}

void ask_generated(struct planner *p, const struct model_column *to)
{
    struct str name = question_column(p, to);
    struct plan_check said = {
        .hint = "Give these rows what it is computed from, or let"
                " it be missing with \"?\".",
        .title = arena_printf(planner_arena(p), "%.*s is computed for every row",
                              STR_ARGS(name))
    };
    ask_value(p, to, &to->generated, &said);
}

/* ---- checks ---- */

void ask_check(struct planner *p, const struct model_constraint *to)
{
    struct buf query = { 0 }, source = { 0 };
    struct view view = { .to = to->table,
                         .columns = &to->columns,
                         .ordered = question_orders(&to->expression) };
    struct str name = question_table(p, to->table);
    const char *alias = str_dup(planner_arena(p), to->table->name.name);
    if (!planner_is_new(p, to->table) && question_can_be_asked(&to->expression) &&
        question_source(p, &source, &view, alias)) {
        buf_printf(&query, "select 1 from %s where not (", source.s);
        write_sql(&query, &to->expression);
        buf_puts(&query, ") limit 1");
        const char *title = arena_printf(planner_arena(p),
                                         "every row of %.*s fits check %.*s",
                                         STR_ARGS(name), STR_ARGS(to->name.name));
        question_ask(p, title, &query, "Change the rows that do not fit.");
    }
    buf_release(&source);
    buf_release(&query);
}

/* ---- foreign keys ---- */

/* MATCH SIMPLE asks no key that has a NULL in it, MATCH FULL none that is all NULL. */
static void put_asked(struct buf *out, const struct model_constraint *key)
{
    bool full = key->match == MATCH_FULL;
    buf_puts(out, full ? "(" : "");
    for (size_t i = 0; i < key->columns.n; i++) {
        buf_puts(out, i ? (full ? " or " : " and ") : "");
        buf_puts(out, "c.");
        quote_ident(out, key->columns.items[i]->name.name);
        buf_puts(out, " is not null");
    }
    buf_puts(out, full ? ")" : "");
}

static void put_pairs(struct buf *out, const struct model_constraint *key)
{
    for (size_t i = 0; i < key->columns.n; i++) {
        buf_puts(out, i ? " and p." : "p.");
        quote_ident(out, key->target_columns.items[i]->name.name);
        buf_puts(out, " = c.");
        quote_ident(out, key->columns.items[i]->name.name);
    }
}

/* Numbers that nobody can know before, and that lead nowhere but by chance. */
static bool is_counted(struct planner *p, const struct model_column *to)
{
    return question_counts(default_of(to)) && !match_from(planner_match(p), to) &&
           !hint_is_new(p, NULL, &to->backfill, to->table);
}

static void ask_not_counted(struct planner *p, const struct model_constraint *to)
{
    const struct model_table *from = match_from(planner_match(p), to->table);
    for (size_t i = 0; from && i < to->columns.n; i++) {
        const struct model_column *column = to->columns.items[i];
        if (is_counted(p, column))
            ask_no_rows(p, from,
                        arena_printf(planner_arena(p),
                                     "What column %.*s counts leads to no row: say"
                                     " `backfill (..)`.",
                                     STR_ARGS(column->name.name)));
    }
}

void ask_foreign_key(struct planner *p, const struct model_constraint *to)
{
    struct buf query = { 0 }, child = { 0 }, parent = { 0 };
    struct view view = { .to = to->table, .columns = &to->columns, .plain = true };
    struct view keys = { .to = to->target,
                         .columns = &to->target_columns,
                         .plain = true };
    struct str name = question_table(p, to->table),
               target = question_table(p, to->target);
    bool empty = planner_is_new(p, to->target);
    bool known = !planner_is_new(p, to->table) &&
                 question_source(p, &child, &view, "c") &&
                 (empty || question_source(p, &parent, &keys, "p"));
    if (known) {
        buf_printf(&query, "select 1 from %s where ", child.s);
        put_asked(&query, to);
        if (!empty) {
            buf_printf(&query, " and not exists (select 1 from %s where ", parent.s);
            put_pairs(&query, to);
            buf_puts(&query, ")");
        }
        buf_puts(&query, " limit 1");
        question_ask(
            p,
            arena_printf(planner_arena(p),
                         "every row of %.*s has its row of %.*s (%.*s)", STR_ARGS(name),
                         STR_ARGS(target), STR_ARGS(to->name.name)),
            &query, "Remove the rows that lead nowhere, or add what they lead to.");
    }
    ask_not_counted(p, to);
    buf_release(&child);
    buf_release(&parent);
    buf_release(&query);
}
