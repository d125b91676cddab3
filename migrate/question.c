/* question.c: the target's table over the origin's rows; must not know what is asked. */
#include "question.h"

#include <inttypes.h>
#include "../sql/quote.h"
#include "../sql/write.h"
#include "rebuild.h"
#include "texts.h"

/* ---- what can be known before ---- */

bool hint_is_new(const struct planner *p, const struct model_sql *from,
                 const struct model_sql *to, const struct model_table *table)
{
    if (!to->ntokens || planner_down(p))
        return false;
    return !from || !match_sql_same(planner_match(p), from, to, table);
}

static bool enum_is_standing(const struct planner *p, const struct model_enum *type)
{
    const struct match *match = planner_match(p);
    const struct model_enum *from = match_from(match, type);
    if (!from || from->labels.n != type->labels.n ||
        !str_eq(from->name.name, type->name.name) ||
        !str_eq(from->schema->name.name, type->schema->name.name))
        return false;
    for (size_t i = 0; i < type->labels.n; i++) {
        const struct model_label *label = match_from(match, &type->labels.items[i]);
        if (!label || !str_eq(label->name.name, type->labels.items[i].name.name))
            return false;
    }
    return true;
}

static bool domain_is_standing(const struct planner *p, const struct model_domain *type)
{
    const struct model_domain *from = match_from(planner_match(p), type);
    const struct changes *changes = planner_changes(p);
    for (size_t i = 0; from && i < changes->list.n; i++) {
        const struct change *change = &changes->list.items[i];
        if (change->to == type || change->to_owner == type ||
            change->from_owner == from)
            return false;
    }
    return from && str_eq(from->schema->name.name, type->schema->name.name) &&
           type_is_standing(p, &type->base);
}

bool type_is_standing(const struct planner *p, const struct model_type *type)
{
    switch (type->kind) {
    case MODEL_BUILTIN:
        return true;
    case MODEL_ENUM:
        return enum_is_standing(p, type->enum_);
    case MODEL_DOMAIN:
        return domain_is_standing(p, type->domain);
    case MODEL_EXTTYPE:
        return match_from(planner_match(p), type->exttype->extension) != NULL;
    }
    return false;
}

/* provolatile of version 15: stable or immutable, and likely in a default; then those
 * that are volatile and do nothing but give a value. */
enum calls { CALLS_STEADY, CALLS_HARMLESS, CALLS_UNKNOWN };

static enum calls calls_of(const struct token *token)
{
    static const char *const harmless[] = { "gen_random_uuid",  "random",
                                            "clock_timestamp",  "timeofday",
                                            "uuid_generate_v1", "uuid_generate_v4",
                                            "gen_random_bytes" };
    static const char *const steady[] = {
        "now",
        "transaction_timestamp",
        "statement_timestamp",
        "lower",
        "upper",
        "md5",
        "to_timestamp",
        "make_date",
        "jsonb_build_object",
        "jsonb_build_array",
        "to_jsonb",
        "coalesce",
        "date_trunc",
        "make_interval",
        "concat",
        "current_setting",
        "numeric",
        "varchar",
        "char",
        "interval",
        "timestamp",
        "timestamptz",
        "time",
        "bit",
        "varbit",
        "timetz",
    };
    for (size_t k = 0; k < sizeof steady / sizeof *steady; k++) {
        if (token_is_word(token, steady[k]))
            return CALLS_STEADY;
    }
    for (size_t k = 0; k < sizeof harmless / sizeof *harmless; k++) {
        if (token_is_word(token, harmless[k]))
            return CALLS_HARMLESS;
    }
    return CALLS_UNKNOWN;
}

/* The worst of all that it calls. */
static enum calls default_calls(const struct model_sql *sql)
{
    enum calls worst = CALLS_STEADY;
    for (size_t i = 0; i + 1 < sql->ntokens; i++) {
        bool word = sql->tokens[i].kind == TOKEN_NAME ||
                    sql->tokens[i].kind == TOKEN_QUOTED;
        if (!word || sql->tokens[i + 1].kind != TOKEN_LPAREN)
            continue;
        enum calls calls = calls_of(&sql->tokens[i]);
        worst = calls > worst ? calls : worst;
    }
    return worst;
}

bool default_is_steady(const struct model_sql *sql)
{
    return default_calls(sql) == CALLS_STEADY;
}

/* ---- the target's table over the origin's rows ---- */

/* Whether its NULLs get a value. */
static bool is_filled(const struct planner *p, const struct model_column *from,
                      const struct model_column *to)
{
    return from->nullable && !to->nullable &&
           hint_is_new(p, &from->backfill, &to->backfill, from->table);
}

/* What an expression reads of the origin's rows. */
enum reads {
    READS_BEFORE, /* with the origin's types, as `using` does */
    READS_TYPED,  /* with the target's, before NULLs are filled in */
    READS_FILLED  /* all as it will be */
};

/* Whether a column is there to be read, by its name and as it has to be. */
static bool is_readable(struct planner *p, const struct model_column *to,
                        enum reads reads)
{
    const struct model_column *from = match_from(planner_match(p), to);
    if (!from || !str_eq(from->name.name, to->name.name))
        return false;
    if (reads != READS_BEFORE &&
        !match_type_same(planner_match(p), &from->type, &to->type))
        return false;
    return reads != READS_FILLED ||
           (!is_filled(p, from, to) && !rebuild_put_mapped(p, NULL, from));
}

/* False when it reads what is not there. */
static bool put_expression(struct planner *p, struct buf *out,
                           const struct model_table *table, const struct model_sql *sql,
                           enum reads reads)
{
    model_columns columns = { 0 };
    if (question_counts(sql))
        return false;
    question_add_mentioned(p, &columns, table, sql);
    for (size_t i = 0; i < columns.n; i++) {
        if (!is_readable(p, columns.items[i], reads))
            return false;
    }
    buf_putc(out, '(');
    write_sql(out, sql);
    buf_putc(out, ')');
    return question_can_be_asked(sql);
}

static bool put_computed(struct planner *p, struct buf *out,
                         const struct model_column *to)
{
    return put_expression(p, out, to->table, &to->generated, READS_FILLED);
}

static bool put_using(struct planner *p, struct buf *out, const struct model_column *to)
{
    bool known = put_expression(p, out, to->table, &to->using_, READS_BEFORE);
    buf_puts(out, "::");
    write_type(out, &to->type);
    return known;
}

static bool is_using(struct planner *p, const struct model_column *from,
                     const struct model_column *to)
{
    return hint_is_new(p, &from->using_, &to->using_, from->table) &&
           !match_type_same(planner_match(p), &from->type, &to->type);
}

/* With the target's type. */
static bool put_cast(struct planner *p, struct buf *out,
                     const struct model_column *from, const struct model_column *to)
{
    const char *name = text_ident(planner_arena(p), from->name.name);
    if (is_using(p, from, to))
        return put_using(p, out, to);
    if (match_type_same(planner_match(p), &from->type, &to->type)) {
        buf_puts(out, name);
        return true;
    }
    struct cast cast = cast_between(planner_match(p), &from->type, &to->type);
    cast_put(out, &cast, str_of(name), &to->type);
    return true;
}

static bool put_old_value(struct planner *p, struct buf *out, const struct view *view,
                          const struct model_column *to)
{
    const struct model_column *from = match_from(planner_match(p), to);
    bool same = match_type_same(planner_match(p), &from->type, &to->type);
    if (view->raw) {
        quote_ident(out, from->name.name);
        return true;
    }
    if (to->generated.ntokens)
        return put_computed(p, out, to);
    if (rebuild_put_mapped(p, out, from))
        return !view->ordered;
    if (!type_is_standing(p, &to->type) && !(same && view->plain))
        return false;
    if (view->empty || !is_filled(p, from, to))
        return put_cast(p, out, from, to);
    buf_puts(out, "coalesce(");
    bool known = put_cast(p, out, from, to);
    buf_puts(out, ", ");
    known &= put_expression(p, out, to->table, &to->backfill, READS_TYPED);
    buf_puts(out, ")");
    return known;
}

/* All that rows will be numbered with, in some order. */
static bool put_counted(struct planner *p, struct buf *out,
                        const struct model_column *to)
{
    const struct model_counter *counter = &to->owned->counter;
    buf_printf(
        out, "(%" PRId64 " + %" PRId64 " * (pg_catalog.row_number() over () - 1))::%s",
        counter->start, counter->increment, text_type(planner_arena(p), &to->type));
    return !counter->cycle;
}

static bool put_new_value(struct planner *p, struct buf *out, const struct view *view,
                          const struct model_column *to)
{
    const struct model_sql *value = default_of(to);
    bool standing = type_is_standing(p, &to->type);
    if (to->generated.ntokens)
        return put_computed(p, out, to);
    if (to->owned)
        return put_counted(p, out, to);
    if (!standing && !view->alone)
        return false;
    bool known = true;
    bool filled = hint_is_new(p, NULL, &to->backfill, to->table);
    buf_puts(out, filled ? "" : "(");
    if (filled)
        known = put_expression(p, out, to->table, &to->backfill, READS_TYPED);
    else if (default_calls(value) == CALLS_UNKNOWN)
        known = false;
    else if (value->ntokens)
        write_sql(out, value);
    else
        buf_puts(out, "null");
    buf_puts(out, filled ? "" : ")");
    if (standing) {
        buf_puts(out, "::");
        write_type(out, &to->type);
    }
    return known && question_can_be_asked(value);
}

/* The column's value before the plan, as the target will have it. False when it cannot be
 * told. */
static bool put_value(struct planner *p, struct buf *out, const struct view *view,
                      const struct model_column *to)
{
    if (match_from(planner_match(p), to))
        return put_old_value(p, out, view, to);
    return !view->raw && put_new_value(p, out, view, to);
}

static bool is_as_it_was(struct planner *p, const struct view *view)
{
    for (size_t i = 0; i < view->columns->n; i++) {
        const struct model_column *to = view->columns->items[i];
        const struct model_column *from = match_from(planner_match(p), to);
        if (!from || !str_eq(from->name.name, to->name.name))
            return false;
        if (!view->raw && to->generated.ntokens)
            return false;
        if (!view->raw && (rebuild_put_mapped(p, NULL, from) ||
                           !match_type_same(planner_match(p), &from->type, &to->type)))
            return false;
        if (!view->raw && !view->empty && is_filled(p, from, to))
            return false;
    }
    return true;
}

/* "auth.users as users", or "(select name as full_name from auth.users) as users". */
bool question_source(struct planner *p, struct buf *out, const struct view *view,
                     const char *alias)
{
    const struct model_table *from = match_from(planner_match(p), view->to);
    bool plain = is_as_it_was(p, view);
    bool known = from != NULL;
    buf_puts(out, plain ? "" : "(select ");
    for (size_t i = 0; known && i < view->columns->n; i++) {
        struct buf value = { 0 };
        known = put_value(p, &value, view, view->columns->items[i]);
        if (!plain) {
            buf_printf(out, "%s%s as ", i ? ", " : "", value.n ? value.s : "");
            quote_ident(out, view->columns->items[i]->name.name);
        }
        buf_release(&value);
    }
    if (!known)
        return false;
    buf_puts(out, plain ? "" : " from ");
    planner_put_name(p, out, PHASE_DETACH, CHANGE_TABLE, from);
    buf_puts(out, plain ? "" : ")");
    if (!plain || !str_eq_c(from->name.name, alias)) {
        buf_puts(out, " as ");
        quote_ident(out, str_of(alias));
    }
    return true;
}

const struct model_sql *default_of(const struct model_column *column)
{
    const struct model_sql *sql = &column->default_;
    const struct model_type *type = &column->type;
    while (!sql->ntokens && type->kind == MODEL_DOMAIN && !type->array) {
        sql = &type->domain->default_;
        type = &type->domain->base;
    }
    return sql;
}

bool question_is_vacant(const struct planner *p, const struct model_column *to)
{
    return !match_from(planner_match(p), to) && !default_of(to)->ntokens &&
           !to->backfill.ntokens && to->nullable;
}

static bool orders(const struct token *token, const struct token *next)
{
    bool call = token->kind == TOKEN_NAME && next && next->kind == TOKEN_LPAREN;
    bool word = token_is_word(token, "in") || token_is_word(token, "and") ||
                token_is_word(token, "or") || token_is_word(token, "not");
    return token->kind == TOKEN_CAST || (call && !word) ||
           token_is_word(token, "between") ||
           (token->kind == TOKEN_OPERATOR && !token_is(token, "<>") &&
            !token_is(token, "!="));
}

bool question_orders(const struct model_sql *sql)
{
    for (size_t i = 0; i < sql->ntokens; i++) {
        if (orders(&sql->tokens[i], i + 1 < sql->ntokens ? &sql->tokens[i + 1] : NULL))
            return true;
    }
    return false;
}

/* A question must leave no trace. */
bool question_counts(const struct model_sql *sql)
{
    bool counts = false;
    for (size_t i = 0; i + 1 < sql->ntokens; i++)
        counts |= (token_is_word(&sql->tokens[i], "nextval") ||
                   token_is_word(&sql->tokens[i], "setval")) &&
                  sql->tokens[i + 1].kind == TOKEN_LPAREN;
    return counts;
}

/* Casts to types of the schema may name one that is not there yet. */
bool question_can_be_asked(const struct model_sql *sql)
{
    for (size_t i = 0; i + 2 < sql->ntokens; i++) {
        if (sql->tokens[i].kind == TOKEN_CAST && sql->tokens[i + 2].kind == TOKEN_DOT)
            return false;
    }
    return true;
}

void question_add_column(struct planner *p, model_columns *columns,
                         struct model_column *column)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return;
    }
    VEC_PUSH(planner_arena(p), columns, column);
}

/* The columns whose names stand in the SQL. */
void question_add_mentioned(struct planner *p, model_columns *columns,
                            const struct model_table *table,
                            const struct model_sql *sql)
{
    for (size_t i = 0; i < sql->ntokens; i++) {
        const struct token *token = &sql->tokens[i];
        if (token->kind != TOKEN_NAME && token->kind != TOKEN_QUOTED)
            continue;
        struct model_column *column = model_find_column(
            table, token_value(planner_arena(p), token));
        if (column)
            question_add_column(p, columns, column);
    }
}

/* ---- asking ---- */

void question_ask(struct planner *p, const char *title, const struct buf *query,
                  const char *hint)
{
    struct plan_check check = { title, buf_dup(query, planner_arena(p)), hint };
    planner_check(p, check);
}

struct str question_column(struct planner *p, const struct model_column *column)
{
    const struct model_column *from = match_from(planner_match(p), column);
    return planner_title(p, CHANGE_COLUMN, from ? from : column);
}

struct str question_table(struct planner *p, const struct model_table *table)
{
    const struct model_table *from = match_from(planner_match(p), table);
    return planner_title(p, CHANGE_TABLE, from ? from : table);
}
