/* questions.c: asks the data before a plan begins; must not know what the plan does. */
#include "questions.h"
#include "rebuild.h"

#include "../sql/quote.h"
#include "../sql/write.h"
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

/* provolatile of version 15: stable or immutable, and likely in a default. */
bool default_is_steady(const struct model_sql *sql)
{
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
    for (size_t i = 0; i + 1 < sql->ntokens; i++) {
        bool word = sql->tokens[i].kind == TOKEN_NAME ||
                    sql->tokens[i].kind == TOKEN_QUOTED;
        bool known = !word || sql->tokens[i + 1].kind != TOKEN_LPAREN;
        for (size_t k = 0; !known && k < sizeof steady / sizeof *steady; k++)
            known = token_is_word(&sql->tokens[i], steady[k]);
        if (!known)
            return false;
    }
    return true;
}

/* ---- the target's table over the origin's rows ---- */

/* The column's value before the plan, as the target will have it. raw: with the origin's
 * type. False when it cannot be told. */
static bool put_value(struct planner *p, struct buf *out, const struct model_column *to,
                      bool raw)
{
    const struct model_column *from = match_from(planner_match(p), to);
    if (from && !raw && rebuild_put_mapped(p, out, from))
        return true;
    if (from && (raw || match_type_same(planner_match(p), &from->type, &to->type))) {
        quote_ident(out, from->name.name);
        return raw || (type_is_standing(p, &to->type) && !to->generated.ntokens);
    }
    if (!type_is_standing(p, &to->type) || to->generated.ntokens || to->owned ||
        to->backfill.ntokens || to->using_.ntokens || raw)
        return false;
    if (from) {
        struct cast cast = cast_between(planner_match(p), &from->type, &to->type);
        const char *name = text_ident(planner_arena(p), from->name.name);
        cast_put(out, &cast, str_of(name), &to->type);
        return true;
    }
    if (!default_is_steady(&to->default_))
        return false;
    buf_puts(out, "(");
    if (to->default_.ntokens)
        write_sql(out, &to->default_);
    else
        buf_puts(out, "null");
    buf_puts(out, ")::");
    write_type(out, &to->type);
    return true;
}

struct view {
    const struct model_table *to;
    const model_columns *columns;
    bool raw;
};

static bool is_as_it_was(struct planner *p, const struct view *view)
{
    for (size_t i = 0; i < view->columns->n; i++) {
        const struct model_column *to = view->columns->items[i];
        const struct model_column *from = match_from(planner_match(p), to);
        if (!from || !str_eq(from->name.name, to->name.name))
            return false;
        if (!view->raw && rebuild_put_mapped(p, NULL, from))
            return false;
        if (!view->raw && !match_type_same(planner_match(p), &from->type, &to->type))
            return false;
    }
    return true;
}

/* "auth.users as users", or "(select name as full_name from auth.users) as users". */
static bool put_source(struct planner *p, struct buf *out, const struct view *view,
                       const char *alias)
{
    const struct model_table *from = match_from(planner_match(p), view->to);
    bool plain = is_as_it_was(p, view);
    bool known = from != NULL;
    buf_puts(out, plain ? "" : "(select ");
    for (size_t i = 0; known && i < view->columns->n; i++) {
        struct buf value = { 0 };
        known = put_value(p, &value, view->columns->items[i], view->raw);
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

/* Casts to types of the schema may name one that is not there yet. */
static bool is_askable(const struct model_sql *sql)
{
    for (size_t i = 0; i + 2 < sql->ntokens; i++) {
        if (sql->tokens[i].kind == TOKEN_CAST && sql->tokens[i + 2].kind == TOKEN_DOT)
            return false;
    }
    return true;
}

static void add_column(struct planner *p, model_columns *columns,
                       struct model_column *column)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return;
    }
    VEC_PUSH(planner_arena(p), columns, column);
}

/* The columns whose names stand in the SQL. */
static void add_mentioned(struct planner *p, model_columns *columns,
                          const struct model_table *table, const struct model_sql *sql)
{
    for (size_t i = 0; i < sql->ntokens; i++) {
        const struct token *token = &sql->tokens[i];
        if (token->kind != TOKEN_NAME && token->kind != TOKEN_QUOTED)
            continue;
        struct model_column *column = model_find_column(
            table, token_value(planner_arena(p), token));
        if (column)
            add_column(p, columns, column);
    }
}

/* ---- asking ---- */

static void ask(struct planner *p, const char *title, const struct buf *query,
                const char *hint)
{
    struct plan_check check = { title, buf_dup(query, planner_arena(p)), hint };
    planner_check(p, check);
}

static struct str column_title(struct planner *p, const struct model_column *column)
{
    const struct model_column *from = match_from(planner_match(p), column);
    return planner_title(p, CHANGE_COLUMN, from ? from : column);
}

static struct str table_title(struct planner *p, const struct model_table *table)
{
    const struct model_table *from = match_from(planner_match(p), table);
    return planner_title(p, CHANGE_TABLE, from ? from : table);
}

void ask_not_null(struct planner *p, const struct model_column *from, const char *hint)
{
    struct buf query = { 0 };
    struct str name = planner_title(p, CHANGE_COLUMN, from);
    buf_puts(&query, "select 1 from ");
    planner_put_name(p, &query, PHASE_DETACH, CHANGE_TABLE, from->table);
    buf_puts(&query, " where ");
    quote_ident(&query, from->name.name);
    buf_puts(&query, " is null limit 1");
    ask(p, arena_printf(planner_arena(p), "no NULL in %.*s", STR_ARGS(name)), &query,
        hint);
    buf_release(&query);
}

void ask_no_rows(struct planner *p, const struct model_table *from, const char *hint)
{
    struct buf query = { 0 };
    struct str name = planner_title(p, CHANGE_TABLE, from);
    buf_puts(&query, "select 1 from ");
    planner_put_name(p, &query, PHASE_DETACH, CHANGE_TABLE, from);
    buf_puts(&query, " limit 1");
    ask(p, arena_printf(planner_arena(p), "no row in %.*s", STR_ARGS(name)), &query,
        hint);
    buf_release(&query);
}

void ask_backfill(struct planner *p, const struct model_column *to)
{
    struct buf query = { 0 }, source = { 0 };
    model_columns columns = { 0 };
    add_mentioned(p, &columns, to->table, &to->backfill);
    struct view view = { to->table, &columns, false };
    const struct model_column *from = match_from(planner_match(p), to);
    struct str name = column_title(p, to);
    if (from)
        add_column(p, &columns, (struct model_column *)to);
    if (is_askable(&to->backfill) &&
        put_source(p, &source, &view,
                   str_dup(planner_arena(p), to->table->name.name))) {
        buf_printf(&query, "select 1 from %s where (", source.s);
        write_sql(&query, &to->backfill);
        buf_puts(&query, ") is null");
        if (from) {
            buf_puts(&query, " and ");
            quote_ident(&query, to->name.name);
            buf_puts(&query, " is null");
        }
        buf_puts(&query, " limit 1");
        ask(p,
            arena_printf(planner_arena(p), "the backfill of %.*s gives no NULL",
                         STR_ARGS(name)),
            &query, "Write a backfill that has a value for every row.");
    }
    buf_release(&source);
    buf_release(&query);
}

/* ---- keys ---- */

struct key_question {
    const struct model_table *table;
    struct buf parts;             /* a, lower(b) */
    model_columns columns, shown; /* those that it reads; plain ones of the key */
    struct buf where;
    bool nulls_not_distinct;
};

static const char *shown_columns(struct planner *p, const struct key_question *key)
{
    struct buf out = { 0 };
    write_columns(&out, &key->shown);
    const char *text = buf_dup(&out, planner_arena(p)).s;
    buf_release(&out);
    return text;
}

/* A column that nothing fills yet has no two equal values. */
static bool is_vacuous(struct planner *p, const struct key_question *key)
{
    for (size_t i = 0; i < key->shown.n && !key->nulls_not_distinct; i++) {
        const struct model_column *to = key->shown.items[i];
        if (!match_from(planner_match(p), to) && !to->default_.ntokens &&
            !to->backfill.ntokens && to->nullable)
            return true;
    }
    return false;
}

static void ask_key(struct planner *p, struct key_question *key)
{
    struct buf query = { 0 }, source = { 0 };
    struct view view = { key->table, &key->columns, false };
    struct str name = table_title(p, key->table);
    const char *alias = str_dup(planner_arena(p), key->table->name.name);
    if (!planner_is_new(p, key->table) && !is_vacuous(p, key) &&
        put_source(p, &source, &view, alias)) {
        buf_printf(&query,
                   "select 1 from %s%s%s group by %s having count(*) > 1 limit 1",
                   source.s, key->where.n ? " where " : "",
                   key->where.n ? key->where.s : "", key->parts.s);
        const char *title = arena_printf(planner_arena(p),
                                         "no two rows of %.*s with the same (%s)",
                                         STR_ARGS(name), shown_columns(p, key));
        ask(p, title, &query, "Remove or change the rows that are there twice.");
    }
    buf_release(&source);
    buf_release(&query);
    buf_release(&key->parts);
    buf_release(&key->where);
}

/* NULLs are never equal, unless the key says so. */
static void put_part(struct key_question *key, struct str part)
{
    buf_printf(&key->parts, "%s%.*s", key->parts.n ? ", " : "", STR_ARGS(part));
    if (!key->nulls_not_distinct)
        buf_printf(&key->where, "%s%.*s is not null", key->where.n ? " and " : "",
                   STR_ARGS(part));
}

static void put_condition(struct key_question *key, const struct model_sql *where,
                          const struct model_column *living)
{
    struct buf condition = { 0 };
    if (write_predicate(&condition, where, living))
        buf_printf(&key->where, "%s(%s)", key->where.n ? " and " : "", condition.s);
    buf_release(&condition);
}

void ask_unique(struct planner *p, const struct model_constraint *to)
{
    struct key_question key = { .table = to->table,
                                .nulls_not_distinct = to->nulls_not_distinct };
    for (size_t i = 0; i < to->columns.n; i++) {
        struct model_column *column = to->columns.items[i];
        add_column(p, &key.columns, column);
        add_column(p, &key.shown, column);
        put_part(&key, str_of(text_ident(planner_arena(p), column->name.name)));
    }
    struct model_column *living = to->partial ? to->table->soft_delete : NULL;
    if (living)
        add_column(p, &key.columns, living);
    add_mentioned(p, &key.columns, to->table, &to->where);
    put_condition(&key, &to->where, living);
    ask_key(p, &key);
}

static struct str element_text(struct planner *p, const struct model_element *element)
{
    if (element->column)
        return str_of(text_ident(planner_arena(p), element->column->name.name));
    return str_of(arena_printf(planner_arena(p), "(%s)",
                               text_sql(planner_arena(p), &element->expression)));
}

void ask_unique_index(struct planner *p, const struct model_index *to)
{
    struct key_question key = { .table = to->table,
                                .nulls_not_distinct = to->nulls_not_distinct };
    bool askable = is_askable(&to->where);
    for (size_t i = 0; i < to->elements.n; i++) {
        const struct model_element *element = &to->elements.items[i];
        askable &= is_askable(&element->expression);
        add_mentioned(p, &key.columns, to->table, &element->expression);
        add_mentioned(p, &key.shown, to->table, &element->expression);
        if (element->column) {
            add_column(p, &key.columns, element->column);
            add_column(p, &key.shown, element->column);
        }
        put_part(&key, element_text(p, element));
    }
    struct model_column *living = to->living_only ? to->table->soft_delete : NULL;
    if (living)
        add_column(p, &key.columns, living);
    add_mentioned(p, &key.columns, to->table, &to->where);
    put_condition(&key, &to->where, living);
    if (askable)
        ask_key(p, &key);
    else
        buf_release(&key.parts);
    if (!askable)
        buf_release(&key.where);
}

/* ---- checks ---- */

void ask_check(struct planner *p, const struct model_constraint *to)
{
    struct buf query = { 0 }, source = { 0 };
    struct view view = { to->table, &to->columns, false };
    struct str name = table_title(p, to->table);
    const char *alias = str_dup(planner_arena(p), to->table->name.name);
    if (!planner_is_new(p, to->table) && is_askable(&to->expression) &&
        put_source(p, &source, &view, alias)) {
        buf_printf(&query, "select 1 from %s where not (", source.s);
        write_sql(&query, &to->expression);
        buf_puts(&query, ") limit 1");
        const char *title = arena_printf(planner_arena(p),
                                         "every row of %.*s fits check %.*s",
                                         STR_ARGS(name), STR_ARGS(to->name.name));
        ask(p, title, &query, "Change the rows that do not fit.");
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

static bool has_new_column(struct planner *p, const model_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (!match_from(planner_match(p), columns->items[i]))
            return true;
    }
    return false;
}

void ask_foreign_key(struct planner *p, const struct model_constraint *to)
{
    struct buf query = { 0 }, child = { 0 }, parent = { 0 };
    struct view view = { to->table, &to->columns, false };
    struct view keys = { to->target, &to->target_columns, false };
    struct str name = table_title(p, to->table), target = table_title(p, to->target);
    bool empty = planner_is_new(p, to->target);
    bool known = !planner_is_new(p, to->table) &&
                 (empty || !has_new_column(p, &to->target_columns)) &&
                 put_source(p, &child, &view, "c") &&
                 (empty || put_source(p, &parent, &keys, "p"));
    if (known) {
        buf_printf(&query, "select 1 from %s where ", child.s);
        put_asked(&query, to);
        if (!empty) {
            buf_printf(&query, " and not exists (select 1 from %s where ", parent.s);
            put_pairs(&query, to);
            buf_puts(&query, ")");
        }
        buf_puts(&query, " limit 1");
        ask(p,
            arena_printf(planner_arena(p),
                         "every row of %.*s has its row of %.*s (%.*s)", STR_ARGS(name),
                         STR_ARGS(target), STR_ARGS(to->name.name)),
            &query, "Remove the rows that lead nowhere, or add what they lead to.");
    }
    buf_release(&child);
    buf_release(&parent);
    buf_release(&query);
}

/* ---- type changes ---- */

static void put_labels(struct buf *out, const struct model_enum *type)
{
    for (size_t i = 0; i < type->labels.n; i++) {
        buf_puts(out, i ? ", " : "");
        quote_literal(out, type->labels.items[i].name.name);
    }
}

/* What is true of a value in the way. False when it cannot be asked. */
static bool put_loss(struct planner *p, struct buf *out,
                     const struct model_column *from, const struct model_column *to,
                     const struct cast *cast)
{
    struct arena *arena = planner_arena(p);
    const char *name = text_ident(arena, from->name.name);
    struct buf value = { 0 };
    bool known = type_is_standing(p, &to->type);
    bool text = from->type.kind == MODEL_BUILTIN &&
                from->type.builtin->category == CATEGORY_STRING;
    cast_put(&value, cast, str_of(name), &to->type);
    if (to->type.kind == MODEL_ENUM && !to->type.array && to->type.enum_->labels.n) {
        buf_printf(out, "%s::text not in (", name);
        put_labels(out, to->type.enum_);
        buf_puts(out, ")");
        known = true;
    } else if (cast->loss == LOSS_LENGTH) {
        const struct model_type *bare = &to->type;
        while (bare->kind == MODEL_DOMAIN)
            bare = &bare->domain->base;
        struct str most = bare->modifiers;
        buf_printf(out, "length(%s%s) > %.*s", name, text ? "" : "::text",
                   STR_ARGS(most.n ? most : STR("1")));
    } else if (cast->loss == LOSS_ROUND_TRIP && type_is_standing(p, &from->type)) {
        buf_printf(out, "(%s)::%s is distinct from %s", value.s,
                   text_type(arena, &from->type), name);
    } else if (cast->loss == LOSS_ANY) {
        buf_printf(out, "%s is not null", name);
    } else {
        /* The cast itself raises the error; the type of a value is never NULL. */
        buf_printf(out, "pg_catalog.pg_typeof(%s) is null", value.s);
    }
    buf_release(&value);
    return known;
}

static void ask_values(struct planner *p, const struct model_column *from,
                       const struct model_column *to, const struct buf *condition)
{
    struct arena *arena = planner_arena(p);
    struct buf query = { 0 };
    struct str name = planner_title(p, CHANGE_COLUMN, from);
    buf_puts(&query, "select 1 from ");
    planner_put_name(p, &query, PHASE_DETACH, CHANGE_TABLE, from->table);
    buf_printf(&query, " where %s limit 1", condition->s);
    ask(p,
        arena_printf(arena, "every value of %.*s becomes %s", STR_ARGS(name),
                     text_type(arena, &to->type)),
        &query, "Change the values that do not fit.");
    buf_release(&query);
}

void ask_fits(struct planner *p, const struct model_column *from,
              const struct model_column *to, const struct cast *cast)
{
    struct buf condition = { 0 };
    if (cast->loss != LOSS_NONE && put_loss(p, &condition, from, to, cast))
        ask_values(p, from, to, &condition);
    buf_release(&condition);
}

void ask_using(struct planner *p, const struct model_column *from,
               const struct model_column *to)
{
    struct arena *arena = planner_arena(p);
    struct buf source = { 0 }, query = { 0 };
    model_columns columns = { 0 };
    struct str name = planner_title(p, CHANGE_COLUMN, from);
    add_mentioned(p, &columns, to->table, &to->using_);
    struct view view = { to->table, &columns, true };
    if (type_is_standing(p, &to->type) && is_askable(&to->using_) &&
        put_source(p, &source, &view, str_dup(arena, to->table->name.name))) {
        const char *value = text_sql(arena, &to->using_);
        buf_printf(&query,
                   to->nullable ? "select 1 from %s where"
                                  " pg_catalog.pg_typeof((%s)::%s) is null"
                                  " limit 1"
                                : "select 1 from %s where (%s)::%s is null"
                                  " limit 1",
                   source.s, value, text_type(arena, &to->type));
        ask(p,
            arena_printf(arena, "every value of %.*s becomes %s", STR_ARGS(name),
                         text_type(arena, &to->type)),
            &query, "Write a `using` that has a value for every row.");
    }
    buf_release(&source);
    buf_release(&query);
}
