/* questions_exclude.c: asks for two rows that a new exclusion would not let stand beside
 * each other; must not know how exclusions are made. */
#include "question.h"
#include "texts.h"

/* Each with each: as many as take seconds. More rows are left to the constraint itself. */
enum { MOST_COMPARED = 10000 };

struct exclude_question {
    struct planner *p;
    const struct model_constraint *to;
    model_columns columns; /* those that it reads */
    bool plain;            /* of columns alone */
    struct buf where;
};

/* ---- its elements ---- */

static bool is_plain_equal(struct str operator_)
{
    return str_eq_c(operator_, "=") || str_eq_c(operator_, "operator(pg_catalog.=)");
}

static bool is_plain_overlap(struct str operator_)
{
    return str_eq_c(operator_, "&&") || str_eq_c(operator_, "operator(pg_catalog.&&)");
}

static bool is_range_name(struct str name)
{
    struct str end = STR("range"), many = STR("multirange");
    bool is = name.n > end.n && memcmp(name.s + name.n - end.n, end.s, end.n) == 0;
    return is &&
           (name.n < many.n || memcmp(name.s + name.n - many.n, many.s, many.n) != 0);
}

/* A column of a range, or a call that makes one and nothing else: tsrange(a, b). */
static bool is_range(struct planner *p, const struct model_element *element)
{
    const struct model_sql *sql = &element->expression;
    const struct model_type *type = element->column ? &element->column->type : NULL;
    const struct type_info *builtin = type ? model_type_builtin(type) : NULL;
    size_t depth = 0;
    if (type)
        return builtin && !type->array && type->kind != MODEL_EXTTYPE &&
               is_range_name(builtin->name);
    if (sql->ntokens < 3 || sql->tokens[0].kind != TOKEN_NAME ||
        sql->tokens[1].kind != TOKEN_LPAREN ||
        !is_range_name(token_value(planner_arena(p), &sql->tokens[0])))
        return false;
    for (size_t i = 1; i < sql->ntokens; i++) {
        depth += sql->tokens[i].kind == TOKEN_LPAREN;
        depth -= sql->tokens[i].kind == TOKEN_RPAREN;
        if (!depth)
            return i + 1 == sql->ntokens;
    }
    return false;
}

/* A column whose "=" is that of its order. */
static bool is_sortable(const struct model_element *element)
{
    const struct model_type *type = element->column ? &element->column->type : NULL;
    if (!type || type->array || type->kind == MODEL_EXTTYPE || element->opclass.n)
        return false;
    return type_has_order(type);
}

static const char *element_text(struct planner *p, const struct model_element *element)
{
    const char *value = element->column
                            ? text_ident(planner_arena(p), element->column->name.name)
                            : text_sql(planner_arena(p), &element->expression);
    return element->column && !element->collate.n
               ? value
               : arena_printf(planner_arena(p), "(%s%s%.*s)", value,
                              element->collate.n ? " collate " : "",
                              STR_ARGS(element->collate));
}

/* ---- its two forms ---- */

/* The one that overlaps, where all others are equal; NULL: another kind. */
static const struct model_element *sole_range(struct planner *p,
                                              const struct model_constraint *to)
{
    const struct model_element *range = NULL;
    for (size_t i = 0; i < to->elements.n; i++) {
        const struct model_element *element = &to->elements.items[i];
        bool overlaps = is_plain_overlap(element->with_operator) &&
                        is_range(p, element);
        bool equal = is_plain_equal(element->with_operator) && is_sortable(element);
        if (overlaps ? range != NULL : !equal)
            return NULL;
        range = overlaps ? element : range;
    }
    return range;
}

/* Sorted, ranges that overlap at all overlap with a neighbour. */
static void put_neighbours(struct exclude_question *q, struct buf *out,
                           const char *source, const struct model_element *range)
{
    const char *value = element_text(q->p, range), *by = "partition by ";
    buf_printf(out, "select 1 from (select %s as value, pg_catalog.lag(%s) over (",
               value, value);
    for (size_t i = 0; i < q->to->elements.n; i++) {
        const struct model_element *element = &q->to->elements.items[i];
        const char *text = element_text(q->p, element);
        buf_printf(&q->where, "%s%s is not null", q->where.n ? " and " : "", text);
        if (element == range)
            continue;
        buf_printf(out, "%s%s", by, text);
        by = ", ";
    }
    buf_printf(out,
               "%sorder by %s) as before from %s where %s"
               " and not pg_catalog.isempty(%s)) pairs where value && before limit 1",
               q->to->elements.n > 1 ? " " : "", value, source, q->where.s, value);
}

/* Each row with each. */
static void put_self_join(struct exclude_question *q, struct buf *out,
                          const char *source)
{
    bool equal = false;
    buf_puts(out, "with seen as (select pg_catalog.row_number() over () as n");
    for (size_t i = 0; i < q->to->elements.n; i++)
        buf_printf(out, ", %s as value_%zu",
                   element_text(q->p, &q->to->elements.items[i]), i + 1);
    buf_printf(out, " from %s%s%s) select 1 from seen a join seen b on a.n < b.n",
               source, q->where.n ? " where " : "", q->where.n ? q->where.s : "");
    for (size_t i = 0; i < q->to->elements.n; i++) {
        struct str operator_ = q->to->elements.items[i].with_operator;
        buf_printf(out, " and a.value_%zu %.*s b.value_%zu", i + 1, STR_ARGS(operator_),
                   i + 1);
        equal |= is_plain_equal(operator_);
    }
    if (!equal)
        buf_printf(out, " where (select count(*) from seen) <= %d", MOST_COMPARED);
    buf_puts(out, " limit 1");
}

/* ---- asking ---- */

static bool read_elements(struct exclude_question *q)
{
    const struct model_constraint *to = q->to;
    bool askable = question_can_be_asked(&to->where);
    for (size_t i = 0; i < to->elements.n; i++) {
        const struct model_element *element = &to->elements.items[i];
        askable &= question_can_be_asked(&element->expression);
        q->plain &= element->column != NULL;
        question_add_mentioned(q->p, &q->columns, to->table, &element->expression);
        if (element->column)
            question_add_column(q->p, &q->columns, element->column);
        askable &= !element->column || !question_is_vacant(q->p, element->column);
    }
    question_add_mentioned(q->p, &q->columns, to->table, &to->where);
    return askable;
}

void ask_exclude(struct planner *p, const struct model_constraint *to)
{
    struct exclude_question q = { .p = p, .to = to, .plain = !to->where.ntokens };
    struct buf query = { 0 }, source = { 0 };
    const char *alias = str_dup(planner_arena(p), to->table->name.name);
    const struct model_element *range = sole_range(p, to);
    struct str name = question_table(p, to->table);
    bool askable = !planner_is_new(p, to->table) && read_elements(&q);
    struct view view = {
        .to = to->table, .columns = &q.columns, .plain = q.plain, .ordered = true
    };
    if (askable && question_source(p, &source, &view, alias)) {
        if (to->where.ntokens)
            buf_printf(&q.where, "(%s)", text_sql(planner_arena(p), &to->where));
        if (range)
            put_neighbours(&q, &query, source.s, range);
        else
            put_self_join(&q, &query, source.s);
        const char *title = arena_printf(
            planner_arena(p), "no two rows of %.*s exclude each other (%.*s)",
            STR_ARGS(name), STR_ARGS(to->name.name));
        question_ask(p, title, &query, "Remove or change one row of each such two.");
    }
    buf_release(&q.where);
    buf_release(&source);
    buf_release(&query);
}
