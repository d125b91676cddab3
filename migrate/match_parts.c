/* match_parts.c: who became whom among constraints, indexes and checks, whose names may be
 * PostgreSQL's own and then follow those of their table and columns. Must not know tables
 * that are not a pair.
 *
 * In this order: a hint; the name that the target writes; what does the same, of the same
 * name before any other; the name, where only that is left. Nothing is in doubt here, for
 * no data hangs on it: what does the same is renamed, all else is made anew. */
#include "../base/bug.h"
#include "matcher.h"

/* ---- what does the same ---- */

static bool columns_same(const struct match *match, const model_columns *from,
                         const model_columns *to)
{
    if (from->n != to->n)
        return false;
    for (size_t i = 0; i < from->n; i++) {
        if (match_to(match, from->items[i]) != to->items[i])
            return false;
    }
    return true;
}

/* btree is what an unwritten method is. */
static bool methods_same(struct str from, struct str to)
{
    return str_eq(from.n ? from : STR("btree"), to.n ? to : STR("btree"));
}

static bool element_same(const struct match *match, const struct model_element *from,
                         const struct model_element *to,
                         const struct model_table *table)
{
    bool same = from->desc == to->desc && from->nulls_first == to->nulls_first &&
                str_eq(from->collate, to->collate) &&
                str_eq(from->opclass, to->opclass) &&
                str_eq(from->with_operator, to->with_operator) &&
                !from->column == !to->column;
    if (!same)
        return false;
    return from->column
               ? match_to(match, from->column) == to->column
               : match_sql_same(match, &from->expression, &to->expression, table);
}

static bool elements_same(const struct match *match, const struct model_element *from,
                          const struct model_element *to, size_t n,
                          const struct model_table *table)
{
    for (size_t i = 0; i < n; i++) {
        if (!element_same(match, &from[i], &to[i], table))
            return false;
    }
    return true;
}

/* Those that are not deleted: told by the same column. */
static bool living_same(const struct match *match, bool from, bool to,
                        const struct model_table *old, const struct model_table *new)
{
    return from == to &&
           (!from || match_to(match, old->soft_delete) == new->soft_delete);
}

static bool key_same(const struct match *match, const struct model_constraint *from,
                     const struct model_constraint *to)
{
    return from->nulls_not_distinct == to->nulls_not_distinct &&
           columns_same(match, &from->columns, &to->columns) &&
           columns_same(match, &from->include, &to->include) &&
           living_same(match, from->partial, to->partial, from->table, to->table) &&
           match_sql_same(match, &from->where, &to->where, from->table);
}

static bool foreign_key_same(const struct match *match,
                             const struct model_constraint *from,
                             const struct model_constraint *to)
{
    return match_to(match, from->target) == to->target && from->match == to->match &&
           from->on_delete == to->on_delete && from->on_update == to->on_update &&
           columns_same(match, &from->columns, &to->columns) &&
           columns_same(match, &from->target_columns, &to->target_columns) &&
           columns_same(match, &from->set_columns, &to->set_columns);
}

static bool exclude_same(const struct match *match, const struct model_constraint *from,
                         const struct model_constraint *to)
{
    return from->elements.n == to->elements.n &&
           methods_same(from->method, to->method) &&
           elements_same(match, from->elements.items, to->elements.items,
                         to->elements.n, from->table) &&
           columns_same(match, &from->include, &to->include) &&
           match_sql_same(match, &from->where, &to->where, from->table);
}

bool match_constraint_same(const struct match *match,
                           const struct model_constraint *from,
                           const struct model_constraint *to)
{
    if (from->kind != to->kind)
        return false;
    bool timing = from->deferrable == to->deferrable;
    switch (to->kind) {
    case CONSTRAINT_PRIMARY_KEY:
    case CONSTRAINT_UNIQUE:
        return timing && key_same(match, from, to);
    case CONSTRAINT_FOREIGN_KEY:
        return foreign_key_same(match, from, to);
    case CONSTRAINT_CHECK:
        return from->no_inherit == to->no_inherit &&
               match_sql_same(match, &from->expression, &to->expression, from->table);
    case CONSTRAINT_EXCLUDE:
        return timing && exclude_same(match, from, to);
    }
    BUG("a kind of constraint out of range");
}

bool match_index_same(const struct match *match, const struct model_index *from,
                      const struct model_index *to)
{
    return from->unique == to->unique &&
           from->nulls_not_distinct == to->nulls_not_distinct &&
           from->elements.n == to->elements.n &&
           methods_same(from->method, to->method) &&
           elements_same(match, from->elements.items, to->elements.items,
                         to->elements.n, from->table) &&
           columns_same(match, &from->include, &to->include) &&
           living_same(match, from->living_only, to->living_only, from->table,
                       to->table) &&
           match_sql_same(match, &from->where, &to->where, from->table);
}

/* ---- one kind of part ---- */

struct part {
    struct thing thing;
    bool named; /* written by the user */
};
typedef VEC(struct part) parts;

struct part_pairing {
    struct match *match;
    const parts *from, *to;
    bool (*same)(const struct match *match, const void *from, const void *to);
};

static bool is_open(const struct part_pairing *p, const struct part *from,
                    const struct part *to)
{
    return from->thing.kind == to->thing.kind &&
           !match_to(p->match, from->thing.object) &&
           !match_from(p->match, to->thing.object);
}

static struct map parts_by_name(struct arena *arena, const parts *list)
{
    struct map map = { 0 };
    for (size_t i = 0; i < list->n; i++)
        (void)map_add(&map, arena, list->items[i].thing.name->name, &list->items[i]);
    return map;
}

enum by_name { BY_WRITTEN_NAME, BY_NAME_AND_WORK, BY_ANY_NAME };

static void pair_by_name(const struct part_pairing *p, const struct map *names,
                         enum by_name how)
{
    for (size_t i = 0; i < p->to->n; i++) {
        const struct part *to = &p->to->items[i];
        const struct part *from = map_find(names, to->thing.name->name);
        bool wanted = how != BY_WRITTEN_NAME || to->named;
        if (!from || !wanted || !is_open(p, from, to))
            continue;
        if (how != BY_NAME_AND_WORK ||
            p->same(p->match, from->thing.object, to->thing.object))
            match_pair(p->match, from->thing.object, to->thing.object);
    }
}

/* Only what no name has paired comes here: a few, or all of a renamed table. */
static void pair_by_work(const struct part_pairing *p)
{
    for (size_t i = 0; i < p->to->n; i++) {
        const struct part *to = &p->to->items[i];
        for (size_t k = 0; k < p->from->n; k++) {
            const struct part *from = &p->from->items[k];
            if (is_open(p, from, to) &&
                p->same(p->match, from->thing.object, to->thing.object)) {
                match_pair(p->match, from->thing.object, to->thing.object);
                break;
            }
        }
    }
}

static void pair_hints(const struct part_pairing *p)
{
    things from = { 0 }, to = { 0 };
    for (size_t i = 0; i < p->from->n; i++)
        VEC_PUSH(p->match->arena, &from, p->from->items[i].thing);
    for (size_t i = 0; i < p->to->n; i++)
        VEC_PUSH(p->match->arena, &to, p->to->items[i].thing);
    match_hinted(p->match, &from, &to);
}

static void pair_parts(const struct part_pairing *p)
{
    struct map names = parts_by_name(p->match->arena, p->from);
    pair_hints(p);
    pair_by_name(p, &names, BY_WRITTEN_NAME);
    pair_by_name(p, &names, BY_NAME_AND_WORK);
    pair_by_work(p);
    pair_by_name(p, &names, BY_ANY_NAME);
}

/* ---- constraints ---- */

static bool constraints_same(const struct match *match, const void *from,
                             const void *to)
{
    return match_constraint_same(match, from, to);
}

/* A key among the living is an index, not a constraint. */
static parts constraints_of(struct arena *arena, const struct model_table *table)
{
    parts list = { 0 };
    for (size_t i = 0; i < table->constraints.n; i++) {
        const struct model_constraint *constraint = table->constraints.items[i];
        struct part part = { .named = constraint->named };
        part.thing = (struct thing){ .object = constraint,
                                     .kind = (int)constraint->kind * 2 +
                                             constraint->partial,
                                     .name = &constraint->name,
                                     .was = &constraint->was };
        VEC_PUSH(arena, &list, part);
    }
    return list;
}

void match_constraints(struct match *match, const struct model_table *from,
                       const struct model_table *to)
{
    parts old = constraints_of(match->arena, from);
    parts new = constraints_of(match->arena, to);
    struct part_pairing pairing = { match, &old, &new, constraints_same };
    pair_parts(&pairing);
}

/* ---- indexes ---- */

static bool indexes_same(const struct match *match, const void *from, const void *to)
{
    return match_index_same(match, from, to);
}

static parts indexes_of(struct arena *arena, const struct model_table *table)
{
    parts list = { 0 };
    for (size_t i = 0; i < table->indexes.n; i++) {
        const struct model_index *index = table->indexes.items[i];
        struct part part = { .named = index->named };
        part.thing = (struct thing){ .object = index,
                                     .name = &index->name,
                                     .was = &index->was };
        VEC_PUSH(arena, &list, part);
    }
    return list;
}

void match_indexes(struct match *match, const struct model_table *from,
                   const struct model_table *to)
{
    parts old = indexes_of(match->arena, from), new = indexes_of(match->arena, to);
    struct part_pairing pairing = { match, &old, &new, indexes_same };
    pair_parts(&pairing);
}

/* ---- checks of a domain ---- */

static bool checks_same(const struct match *match, const void *from, const void *to)
{
    const struct model_check *a = from, *b = to;
    return match_sql_same(match, &a->expression, &b->expression, NULL);
}

static parts checks_of(struct arena *arena, const struct model_domain *domain)
{
    parts list = { 0 };
    for (size_t i = 0; i < domain->checks.n; i++) {
        const struct model_check *check = &domain->checks.items[i];
        struct part part = { .named = check->named };
        part.thing = (struct thing){ .object = check, .name = &check->name };
        VEC_PUSH(arena, &list, part);
    }
    return list;
}

void match_checks(struct match *match, const struct model_domain *from,
                  const struct model_domain *to)
{
    parts old = checks_of(match->arena, from), new = checks_of(match->arena, to);
    struct part_pairing pairing = { match, &old, &new, checks_same };
    pair_parts(&pairing);
}
