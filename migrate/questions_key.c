/* questions_key.c: asks for rows that a new key would find twice; must not know how keys
 * are made. */
#include "../sql/quote.h"
#include "../sql/write.h"
#include "question.h"
#include "texts.h"

/* ---- keys ---- */

struct key_question {
    const struct model_table *table;
    struct buf parts;             /* a, lower(b) */
    model_columns columns, shown; /* those that it reads; plain ones of the key */
    struct buf where;
    bool nulls_not_distinct;
    bool plain; /* of columns alone */
    bool ordered;
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
        if (question_is_vacant(p, key->shown.items[i]))
            return true;
    }
    return false;
}

static void ask_key(struct planner *p, struct key_question *key)
{
    struct buf query = { 0 }, source = { 0 };
    struct view view = { .to = key->table,
                         .columns = &key->columns,
                         .plain = key->plain,
                         .alone = key->plain,
                         .ordered = key->ordered };
    struct str name = question_table(p, key->table);
    const char *alias = str_dup(planner_arena(p), key->table->name.name);
    if (!planner_is_new(p, key->table) && !is_vacuous(p, key) &&
        question_source(p, &source, &view, alias)) {
        buf_printf(&query,
                   "select 1 from %s%s%s group by %s having count(*) > 1 limit 1",
                   source.s, key->where.n ? " where " : "",
                   key->where.n ? key->where.s : "", key->parts.s);
        const char *title = arena_printf(planner_arena(p),
                                         "no two rows of %.*s with the same (%s)",
                                         STR_ARGS(name), shown_columns(p, key));
        question_ask(p, title, &query,
                     "Remove or change the rows that are there twice.");
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
                                .nulls_not_distinct = to->nulls_not_distinct,
                                .plain = !to->where.ntokens };
    for (size_t i = 0; i < to->columns.n; i++) {
        struct model_column *column = to->columns.items[i];
        question_add_column(p, &key.columns, column);
        question_add_column(p, &key.shown, column);
        put_part(&key, str_of(text_ident(planner_arena(p), column->name.name)));
    }
    struct model_column *living = to->partial ? to->table->soft_delete : NULL;
    if (living)
        question_add_column(p, &key.columns, living);
    question_add_mentioned(p, &key.columns, to->table, &to->where);
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
                                .nulls_not_distinct = to->nulls_not_distinct,
                                .plain = !to->where.ntokens,
                                .ordered = question_orders(&to->where) };
    bool askable = question_can_be_asked(&to->where);
    for (size_t i = 0; i < to->elements.n; i++) {
        const struct model_element *element = &to->elements.items[i];
        askable &= question_can_be_asked(&element->expression);
        key.plain &= element->column != NULL;
        key.ordered |= question_orders(&element->expression);
        question_add_mentioned(p, &key.columns, to->table, &element->expression);
        question_add_mentioned(p, &key.shown, to->table, &element->expression);
        if (element->column) {
            question_add_column(p, &key.columns, element->column);
            question_add_column(p, &key.shown, element->column);
        }
        put_part(&key, element_text(p, element));
    }
    struct model_column *living = to->living_only ? to->table->soft_delete : NULL;
    if (living)
        question_add_column(p, &key.columns, living);
    question_add_mentioned(p, &key.columns, to->table, &to->where);
    put_condition(&key, &to->where, living);
    if (askable)
        ask_key(p, &key);
    else
        buf_release(&key.parts);
    if (!askable)
        buf_release(&key.where);
}

/* ---- what stands on a column ---- */

static bool has_column(const model_columns *columns, const struct model_column *column)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}

static void ask_constraint(struct planner *p, const struct model_constraint *to,
                           const struct model_column *column)
{
    bool over = has_column(&to->columns, column);
    switch (to->kind) {
    case CONSTRAINT_PRIMARY_KEY:
    case CONSTRAINT_UNIQUE:
        if (over)
            ask_unique(p, to);
        return;
    case CONSTRAINT_FOREIGN_KEY:
        if (over)
            ask_foreign_key(p, to);
        return;
    case CONSTRAINT_CHECK:
        if (over)
            ask_check(p, to);
        return;
    case CONSTRAINT_EXCLUDE:
        ask_exclude(p, to);
        return;
    }
}

void ask_standing(struct planner *p, const struct model_column *to)
{
    const struct model_table *table = to->table;
    for (size_t i = 0; i < table->constraints.n; i++)
        ask_constraint(p, table->constraints.items[i], to);
    for (size_t i = 0; i < table->indexes.n; i++) {
        if (table->indexes.items[i]->unique)
            ask_unique_index(p, table->indexes.items[i]);
    }
    for (size_t i = 0; i < table->referenced_by.n; i++) {
        if (has_column(&table->referenced_by.items[i]->target_columns, to))
            ask_foreign_key(p, table->referenced_by.items[i]);
    }
}
