/* plan.c: from two matched models to ordered steps: which recipe is asked when. Must not
 * know any statement. */
#include "plan.h"

#include <stdlib.h>

#include "planner_private.h"

/* ---- words ---- */

const char *plan_lock_word(enum plan_lock_mode mode)
{
    static const char *const words[] = {
        [LOCK_ACCESS_SHARE] = "ACCESS SHARE",
        [LOCK_ROW_SHARE] = "ROW SHARE",
        [LOCK_ROW_EXCLUSIVE] = "ROW EXCLUSIVE",
        [LOCK_SHARE_UPDATE_EXCLUSIVE] = "SHARE UPDATE EXCLUSIVE",
        [LOCK_SHARE] = "SHARE",
        [LOCK_SHARE_ROW_EXCLUSIVE] = "SHARE ROW EXCLUSIVE",
        [LOCK_EXCLUSIVE] = "EXCLUSIVE",
        [LOCK_ACCESS_EXCLUSIVE] = "ACCESS EXCLUSIVE",
    };
    return words[mode];
}

const char *plan_cost_word(enum plan_cost cost)
{
    static const char *const words[] = { [COST_META] = "meta",
                                         [COST_ROWS] = "rows",
                                         [COST_SCAN] = "scan",
                                         [COST_BUILD] = "build",
                                         [COST_REWRITE] = "rewrite" };
    return words[cost];
}

const char *plan_hazard_word(enum plan_hazard_kind kind)
{
    static const char *const words[] = { [HAZARD_DROP] = "drop",
                                         [HAZARD_NARROW] = "narrow",
                                         [HAZARD_IRREVERSIBLE] = "irreversible",
                                         [HAZARD_REWRITE] = "rewrite",
                                         [HAZARD_BUILD] = "build" };
    return words[kind];
}

const char *plan_reversal_word(enum plan_reversal reversal)
{
    static const char *const words[] = { [REVERSAL_LOSSLESS] = "lossless",
                                         [REVERSAL_LOSSY] = "lossy",
                                         [REVERSAL_IMPOSSIBLE] = "impossible" };
    return words[reversal];
}

bool plan_hazard_gates(enum plan_hazard_kind kind)
{
    return kind == HAZARD_DROP || kind == HAZARD_NARROW || kind == HAZARD_IRREVERSIBLE;
}

bool plan_is_small(const struct plan_table_size *size)
{
    return size->rows < 10000 && size->bytes < (int64_t)10 << 20;
}

/* A list for people: of hundreds of tables the first few. */
enum { LOSSES_MAX = 200 };
static const char and_more[] = ", and more";

static const char *add_loss(struct arena *arena, const char *list, const char *why)
{
    size_t n = strlen(list), tail = sizeof and_more - 1;
    if (strcmp(list, why) == 0 || (n > tail && strcmp(list + n - tail, and_more) == 0))
        return list;
    return n > LOSSES_MAX ? arena_printf(arena, "%s%s", list, and_more)
                          : arena_printf(arena, "%s, %s", list, why);
}

void plan_step_loses(struct arena *arena, struct plan_step *step,
                     enum plan_reversal reversal, const char *why)
{
    if (reversal < step->reversal || reversal == REVERSAL_LOSSLESS)
        return;
    bool more = reversal == step->reversal;
    step->reversal_why = more ? add_loss(arena, step->reversal_why, why) : why;
    step->reversal = reversal;
}

/* ---- which recipe ---- */

static bool comes_last(const struct change *change)
{
    return change->object == CHANGE_CONSTRAINT || change->object == CHANGE_INDEX;
}

/* An identity is NOT NULL: that comes before it, and goes after it. */
static void column_recipes(struct planner *p, const struct change *change)
{
    const struct model_column *from = change->from, *to = change->to;
    bool numbered = from && to && (change->aspects & (ASPECT_IDENTITY | ASPECT_SERIAL));
    if (numbered && to->nullable)
        recipe_column_numbering(p, change);
    recipe_column(p, change);
    if (numbered && !to->nullable)
        recipe_column_numbering(p, change);
}

static void make_change(struct planner *p, const struct change *change)
{
    switch (change->object) {
    case CHANGE_SCHEMA:
        recipe_schema(p, change);
        return;
    case CHANGE_EXTENSION:
        recipe_extension(p, change);
        return;
    case CHANGE_ENUM:
    case CHANGE_LABEL:
        recipe_enum(p, change);
        return;
    case CHANGE_DOMAIN:
    case CHANGE_DOMAIN_CHECK:
        recipe_domain(p, change);
        return;
    case CHANGE_SEQUENCE:
        recipe_sequence(p, change);
        return;
    case CHANGE_TABLE:
        recipe_table(p, change);
        return;
    case CHANGE_COLUMN:
        column_recipes(p, change);
        return;
    case CHANGE_CONSTRAINT:
        recipe_constraint(p, change);
        return;
    case CHANGE_INDEX:
        recipe_index(p, change);
        return;
    }
}

/* ---- in which order ---- */

/* What goes, the last made first. */
struct gone {
    const struct change *change;
    size_t place; /* in the origin's order of creation */
};

static int compare_gone(const void *a, const void *b)
{
    const struct gone *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? 1 : -1;
    return x->change < y->change ? -1 : x->change > y->change;
}

static void make_gone(struct planner *p)
{
    struct pairs places = { 0 };
    VEC(struct gone) gone = { 0 };
    for (size_t i = 0; i < p->from->order.n; i++)
        pairs_add(&places, p->arena, p->from->order.items[i].object,
                  &p->from->order.items[i]);
    for (size_t i = 0; i < p->changes->list.n; i++) {
        const struct change *change = &p->changes->list.items[i];
        const struct model_object *place = pairs_find(&places, change->from);
        struct gone one = { change,
                            place ? (size_t)(place - p->from->order.items) : 0 };
        if (!change->to && !comes_last(change))
            VEC_PUSH(p->arena, &gone, one);
    }
    if (gone.n)
        qsort(gone.items, gone.n, sizeof *gone.items, compare_gone);
    for (size_t i = 0; i < gone.n; i++)
        make_change(p, gone.items[i].change);
}

/* Foreign keys have to go before the keys that they stand on. */
static void detach_users(struct planner *p, const struct change *change)
{
    bool goes = change->from && (!change->to || (change->aspects & ASPECT_DEFINITION));
    if (goes && change->object == CHANGE_INDEX)
        planner_detach_index_users(p, change->from);
    if (!goes || change->object != CHANGE_CONSTRAINT)
        return;
    const struct model_constraint *constraint = change->from;
    if (constraint->kind == CONSTRAINT_PRIMARY_KEY ||
        constraint->kind == CONSTRAINT_UNIQUE)
        planner_detach_users(p, constraint->table, &constraint->columns);
}

/* What is made again although nothing but its columns has changed. */
static void make_again(struct planner *p)
{
    for (size_t i = 0; i < p->again.n; i++) {
        if (planner_once(p, p->again.items[i].from))
            make_change(p, &p->again.items[i]);
    }
}

static void make_last(struct planner *p)
{
    for (size_t i = 0; i < p->changes->list.n; i++)
        detach_users(p, &p->changes->list.items[i]);
    for (size_t i = 0; i < p->changes->list.n; i++) {
        struct change change = p->changes->list.items[i];
        if (!comes_last(&change))
            continue;
        if (change.from && change.to && planner_is_rebuilt(p, change.from))
            change.aspects |= ASPECT_DEFINITION;
        if (change.from)
            planner_once(p, change.from);
        make_change(p, &change);
    }
    make_again(p);
}

static void make_all(struct planner *p)
{
    renames_make(p);
    for (size_t i = 0; i < p->changes->list.n; i++) {
        const struct change *change = &p->changes->list.items[i];
        if (change->to && !comes_last(change))
            make_change(p, change);
    }
    make_gone(p);
    make_last(p);
    retypes_make(p);
    renames_trim(p);
}

/* An index in another tablespace is another index, built while the old one serves. */
static void move_by_replacing(struct planner *p)
{
    for (size_t i = 0; i < p->changes->list.n; i++) {
        struct change *change = &p->changes->list.items[i];
        if (comes_last(change) && (change->aspects & ASPECT_TABLESPACE))
            change->aspects |= ASPECT_DEFINITION;
    }
}

static void add_schemas(struct planner *p)
{
    for (size_t i = 0; i < p->from->schemas.n; i++)
        pairs_add(&p->origin, p->arena, p->from->schemas.items[i], p);
}

struct plan *plan_make(struct arena *arena, const struct plan_request *request,
                       struct diags *diags)
{
    struct planner planner = { .arena = arena,
                               .request = request,
                               .diags = diags,
                               .from = match_origin(request->match),
                               .to = match_target(request->match) };
    struct plan *plan = arena_new(arena, struct plan);
    planner.changes = changes_find(arena, request->match);
    add_schemas(&planner);
    move_by_replacing(&planner);
    make_all(&planner);
    plan->changes = planner.changes;
    for (size_t i = 0; i < planner.checks.n; i++)
        VEC_PUSH(arena, &plan->checks, planner.checks.items[i]);
    planner_join(&planner, plan);
    return plan;
}
