/* planner.c: a plan under construction: steps in phases, and their joining; must not know
 * what any step is for. */
#include <stdlib.h>
#include "planner_private.h"

struct arena *planner_arena(struct planner *p)
{
    return p->arena;
}

const struct match *planner_match(const struct planner *p)
{
    return p->request->match;
}

const struct changes *planner_changes(const struct planner *p)
{
    return p->changes;
}

bool planner_down(const struct planner *p)
{
    return p->request->down;
}

bool planner_lenient(const struct planner *p)
{
    return p->request->down || p->request->options == MATCH_NO_RENAMES;
}

struct diags *planner_diags(struct planner *p)
{
    return p->diags;
}

bool planner_once(struct planner *p, const void *object)
{
    if (pairs_find(&p->once, object))
        return false;
    pairs_add(&p->once, p->arena, object, p);
    return true;
}

void planner_gone_early(struct planner *p, const struct model_constraint *from)
{
    pairs_add(&p->early, p->arena, from, p);
}

/* ---- steps ---- */

static struct planned *planned_of(struct plan_step *step)
{
    return (struct planned *)step;
}

struct plan_step *planner_step(struct planner *p, enum plan_phase phase,
                               const char *title)
{
    struct planned *planned = arena_new(p->arena, struct planned);
    planned->phase = phase;
    planned->step.title = title;
    planned->step.transaction = true;
    VEC_PUSH(p->arena, &planned->titles, title);
    VEC_PUSH(p->arena, &p->phases[phase], planned);
    return &planned->step;
}

static void put_text(struct planner *p, struct planned *planned, struct str text)
{
    size_t needed = planned->text.n + text.n + 1;
    if (needed > planned->text.cap) {
        size_t cap = planned->text.cap * 2 > needed ? planned->text.cap * 2 : needed;
        char *grown = arena_alloc(p->arena, cap);
        if (planned->text.n)
            memcpy(grown, planned->text.s, planned->text.n);
        planned->text.s = grown;
        planned->text.cap = cap;
    }
    if (text.n)
        memcpy(planned->text.s + planned->text.n, text.s, text.n);
    planned->text.n += text.n;
    planned->text.s[planned->text.n] = '\0';
}

void step_printf(struct planner *p, struct plan_step *step, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const char *text = arena_vprintf(p->arena, format, args);
    va_end(args);
    put_text(p, planned_of(step), str_of(text));
}

void step_sql(struct planner *p, struct plan_step *step, const struct buf *sql)
{
    put_text(p, planned_of(step), buf_view(sql));
}

/* The table of the origin that it is or was; NULL: made by this plan. */
static const struct model_table *older_form(const struct planner *p,
                                            const struct model_table *table)
{
    return planner_of_origin(p, table->schema) ? table
                                               : match_from(p->request->match, table);
}

static void add_lock(struct planner *p, struct planned *planned, struct plan_lock lock,
                     const struct model_table *older)
{
    for (size_t i = 0; i < planned->older.n; i++) {
        if (planned->older.items[i] != older)
            continue;
        if (planned->step.locks.items[i].mode < lock.mode)
            planned->step.locks.items[i].mode = lock.mode;
        return;
    }
    VEC_PUSH(p->arena, &planned->older, older);
    VEC_PUSH(p->arena, &planned->step.locks, lock);
}

void step_lock(struct planner *p, struct plan_step *step,
               const struct model_table *table, enum plan_lock_mode mode)
{
    struct planned *planned = planned_of(step);
    const struct model_table *older = older_form(p, table);
    if (!older)
        return;
    struct plan_lock lock = {
        planner_plain_name(p, planned->phase, CHANGE_TABLE, older), mode
    };
    add_lock(p, planned, lock, older);
}

static void add_beside(struct planner *p, struct planned *planned,
                       struct plan_lock lock)
{
    for (size_t i = 0; i < planned->beside.n; i++) {
        struct plan_lock *one = &planned->beside.items[i];
        if (!str_eq(one->relation, lock.relation))
            continue;
        one->mode = one->mode < lock.mode ? lock.mode : one->mode;
        return;
    }
    VEC_PUSH(p->arena, &planned->beside, lock);
}

void step_lock_beside(struct planner *p, struct plan_step *step,
                      enum change_object object, const void *it,
                      enum plan_lock_mode mode)
{
    struct planned *planned = planned_of(step);
    if (!planner_of_origin(p, object_schema(object, it)) &&
        !match_from(p->request->match, it))
        return;
    struct plan_lock lock = { planner_plain_name(p, planned->phase, object, it), mode };
    add_beside(p, planned, lock);
}

void step_hazard(struct planner *p, struct plan_step *step, enum plan_hazard_kind kind,
                 struct str object, const char *because)
{
    struct plan_hazard hazard = { kind, object, because };
    VEC_PUSH(p->arena, &step->hazards, hazard);
}

void step_touch(struct planner *p, struct plan_step *step, struct str object)
{
    if (!map_add(&planned_of(step)->touched, p->arena, object, p))
        VEC_PUSH(p->arena, &step->touches, object);
}

void planner_touch(struct planner *p, struct plan_step *step, enum change_object object,
                   const void *it)
{
    struct str name = planner_title(p, object, it);
    step_touch(p, step,
               str_of(arena_printf(p->arena, "%s %.*s", change_object_word(object),
                                   STR_ARGS(name))));
}

void step_apart(struct plan_step *step)
{
    planned_of(step)->apart = true;
}

void step_reversal(struct planner *p, struct plan_step *step,
                   enum plan_reversal reversal, const char *why)
{
    plan_step_loses(p->arena, step, reversal, why);
}

void step_alone(struct plan_step *step, enum plan_cost cost)
{
    step->alone = true;
    step->cost = cost;
}

void planner_check(struct planner *p, struct plan_check check)
{
    if (!map_add(&p->queries, p->arena, check.query, p))
        VEC_PUSH(p->arena, &p->checks, check);
}

/* ---- joining ---- */

static bool joins(const struct planned *planned)
{
    return planned->step.transaction && !planned->apart && !planned->step.alone &&
           planned->step.cost == COST_META;
}

static bool has_older(const struct planned *planned, const struct model_table *table)
{
    for (size_t i = 0; i < planned->older.n; i++) {
        if (planned->older.items[i] == table)
            return true;
    }
    return false;
}

/* A transaction locks one older table at most, or the two of one foreign key. */
static bool can_join(const struct planned *first, const struct planned *next)
{
    if (!joins(first) || !joins(next))
        return false;
    size_t together = first->older.n;
    for (size_t i = 0; i < next->older.n; i++)
        together += !has_older(first, next->older.items[i]);
    return together <= 1;
}

static bool is_long(const struct planned *planned)
{
    const char *text = planned->text.s;
    const char *line = memchr(text, '\n', planned->text.n);
    return line && line + 1 < text + planned->text.n;
}

static void join(struct planner *p, struct planned *first, const struct planned *next)
{
    struct plan_step *step = &first->step;
    if (is_long(first) || is_long(next))
        put_text(p, first, STR("\n"));
    put_text(p, first, (struct str){ next->text.s, next->text.n });
    for (size_t i = 0; i < next->older.n; i++)
        add_lock(p, first, next->step.locks.items[i], next->older.items[i]);
    for (size_t i = 0; i < next->beside.n; i++)
        add_beside(p, first, next->beside.items[i]);
    for (size_t i = 0; i < next->step.hazards.n; i++)
        VEC_PUSH(p->arena, &step->hazards, next->step.hazards.items[i]);
    for (size_t i = 0; i < next->step.touches.n; i++)
        step_touch(p, step, next->step.touches.items[i]);
    for (size_t i = 0; i < next->titles.n; i++)
        VEC_PUSH(p->arena, &first->titles, next->titles.items[i]);
    step_reversal(p, step, next->step.reversal, next->step.reversal_why);
}

enum { TITLES_SHOWN = 3 };

static const char *join_titles(struct planner *p, const struct planned *planned)
{
    struct buf out = { 0 };
    size_t n = planned->titles.n;
    size_t shown = n <= TITLES_SHOWN ? n : TITLES_SHOWN - 1;
    for (size_t i = 0; i < shown; i++)
        buf_printf(&out, "%s%s", i ? "; " : "", planned->titles.items[i]);
    if (shown < n)
        buf_printf(&out, "; and %zu more", n - shown);
    const char *title = buf_dup(&out, p->arena).s;
    buf_release(&out);
    return title;
}

static int compare_locks(const void *a, const void *b)
{
    const struct plan_lock *x = a, *y = b;
    return str_compare(x->relation, y->relation);
}

/* By its name on the server, which may be that of the other side in a down. */
static const struct plan_table_size *size_of(struct planner *p,
                                             const struct model_table *older)
{
    const struct map *sizes = &p->request->sizes->by_table;
    const struct model_table *other = match_to(p->request->match, older);
    struct plan_table_size *size = map_find(sizes,
                                            planner_title(p, CHANGE_TABLE, older));
    if (!size && other)
        size = map_find(sizes, planner_title(p, CHANGE_TABLE, other));
    return size;
}

/* Of several tables the one that is locked most; of those the biggest. */
static void measure(struct planner *p, struct planned *planned)
{
    struct plan_step *step = &planned->step;
    enum plan_lock_mode strongest = LOCK_ACCESS_SHARE;
    if (!p->request->sizes || step->cost == COST_META)
        return;
    for (size_t i = 0; i < planned->older.n; i++) {
        enum plan_lock_mode mode = step->locks.items[i].mode;
        const struct plan_table_size *size = size_of(p, planned->older.items[i]);
        bool more = size && (!step->size || mode > strongest ||
                             (mode == strongest && size->bytes > step->size->bytes));
        step->size = more ? size : step->size;
        strongest = more ? mode : strongest;
    }
}

static void forget_small(struct plan_step *step)
{
    size_t kept = 0;
    if (!step->size || !plan_is_small(step->size))
        return;
    for (size_t i = 0; i < step->hazards.n; i++) {
        struct plan_hazard hazard = step->hazards.items[i];
        if (hazard.kind != HAZARD_REWRITE && hazard.kind != HAZARD_BUILD)
            step->hazards.items[kept++] = hazard;
    }
    step->hazards.n = kept;
}

static void finish(struct planner *p, struct planned *planned, struct plan *plan)
{
    planned->step.sql = (struct str){ planned->text.s, planned->text.n };
    planned->step.title = join_titles(p, planned);
    measure(p, planned);
    for (size_t i = 0; i < planned->beside.n; i++)
        VEC_PUSH(p->arena, &planned->step.locks, planned->beside.items[i]);
    if (planned->step.locks.n)
        qsort(planned->step.locks.items, planned->step.locks.n,
              sizeof *planned->step.locks.items, compare_locks);
    forget_small(&planned->step);
    VEC_PUSH(p->arena, &plan->steps, planned->step);
}

void planner_join(struct planner *p, struct plan *plan)
{
    struct planned *last = NULL;
    for (size_t phase = 0; phase < PHASES; phase++) {
        for (size_t i = 0; i < p->phases[phase].n; i++) {
            struct planned *next = p->phases[phase].items[i];
            if (!next->text.n)
                continue;
            if (last && can_join(last, next)) {
                join(p, last, next);
                continue;
            }
            if (last)
                finish(p, last, plan);
            last = next;
        }
    }
    if (last)
        finish(p, last, plan);
}
