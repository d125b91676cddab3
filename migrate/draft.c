/* draft.c: matches and plans both ways; must not know what becomes of the plans. */
#include "draft.h"

static struct plan *plan_one(struct arena *arena, const struct draft_request *request,
                             const struct match *match, struct diags *diags)
{
    struct plan_request one = { .match = match,
                                .options = request->options,
                                .sizes = request->sizes };
    return plan_make(arena, &one, diags);
}

static struct plan *plan_back(struct arena *arena, const struct draft_request *request,
                              const struct match *match, struct diags *diags)
{
    struct plan_request one = { .match = match_reverse(arena, match),
                                .options = MATCH_NO_RENAMES,
                                .down = true,
                                .sizes = request->sizes };
    return plan_make(arena, &one, diags);
}

/* ---- what the way back loses ---- */

/* By "table auth.tags": the first step that has to do with it. */
static struct map steps_by_touch(struct arena *arena, struct plan *plan)
{
    struct map steps = { 0 };
    for (size_t i = 0; i < plan->steps.n; i++) {
        struct plan_step *step = &plan->steps.items[i];
        for (size_t k = 0; k < step->touches.n; k++)
            map_add(&steps, arena, step->touches.items[k], step);
    }
    return steps;
}

static void lose(struct arena *arena, const struct map *steps,
                 const struct plan_hazard *hazard)
{
    static const char *const words[] = { "table", "column" };
    if (hazard->kind != HAZARD_DROP && hazard->kind != HAZARD_NARROW)
        return;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *touch = arena_printf(arena, "%s %.*s", words[i],
                                         STR_ARGS(hazard->object));
        struct plan_step *step = map_find(steps, str_of(touch));
        if (step)
            plan_step_loses(arena, step, REVERSAL_LOSSY,
                            str_dup(arena, hazard->object));
    }
}

/* What the down drops was made by the up, and may have got values since. */
static void mark_losses(struct arena *arena, struct plan *up, const struct plan *down)
{
    struct map steps = steps_by_touch(arena, up);
    for (size_t i = 0; i < down->steps.n; i++) {
        const struct plan_step *step = &down->steps.items[i];
        for (size_t k = 0; k < step->hazards.n; k++)
            lose(arena, &steps, &step->hazards.items[k]);
    }
}

bool draft_make(struct arena *arena, const struct draft_request *request,
                struct diags *diags, struct draft *draft)
{
    size_t before = diags->nerrors;
    const struct model *from = request->from ? request->from
                                             : arena_new(arena, struct model);
    *draft = (struct draft){ .match = match_models(arena, from, request->to,
                                                   request->options, diags) };
    if (diags->nerrors > before)
        return false;
    struct plan *up = plan_one(arena, request, draft->match, diags);
    if (diags->nerrors > before)
        return false;
    struct plan *down = plan_back(arena, request, draft->match, diags);
    mark_losses(arena, up, down);
    draft->up = up;
    draft->down = down;
    struct impact_request impact = { draft->match, request->name, request->context };
    if (request->impact)
        draft->impact = impact_find(arena, &impact);
    return diags->nerrors == before;
}

/* ---- in a line ---- */

enum { SUMMARY_STEPS = 3, SUMMARY_CHANGES = 3 };

/* "create" or "drop" when the plan does nothing else, and more than a few times. */
static const char *only_verb(const struct plan *plan)
{
    size_t made = 0, gone = 0;
    for (size_t i = 0; i < plan->changes->list.n; i++) {
        made += !plan->changes->list.items[i].from;
        gone += !plan->changes->list.items[i].to;
    }
    size_t n = plan->changes->list.n;
    if (n <= SUMMARY_CHANGES)
        return NULL;
    return made == n ? "create" : gone == n ? "drop" : NULL;
}

/* "index", "indexes"; "index", 2 of them. */
static void put_count(struct buf *out, size_t n, enum change_object object)
{
    const char *word = change_object_word(object);
    const char *many = object == CHANGE_INDEX ? "es" : "s";
    if (n)
        buf_printf(out, "%s%zu %s%s", out->n ? ", " : "", n, word, n == 1 ? "" : many);
}

static void put_counts(struct buf *out, const struct plan *plan)
{
    size_t n[CHANGE_INDEX + 1] = { 0 };
    for (size_t i = 0; i < plan->changes->list.n; i++)
        n[plan->changes->list.items[i].object]++;
    for (size_t i = 0; i <= CHANGE_INDEX; i++)
        put_count(out, n[i], (enum change_object)i);
}

static void put_titles(struct buf *out, const struct plan *plan)
{
    size_t n = plan->steps.n;
    size_t shown = n <= SUMMARY_STEPS ? n : SUMMARY_STEPS - 1;
    for (size_t i = 0; i < shown; i++)
        buf_printf(out, "%s%s", i ? "; " : "", plan->steps.items[i].title);
    if (shown < n)
        buf_printf(out, "; and %zu more steps", n - shown);
    if (!n)
        buf_puts(out, "nothing");
}

const char *plan_summary(struct arena *arena, const struct plan *plan)
{
    struct buf out = { 0 };
    const char *verb = only_verb(plan);
    if (verb) {
        put_counts(&out, plan);
        const char *line = arena_printf(arena, "%s %s", verb, out.s);
        buf_release(&out);
        return line;
    }
    put_titles(&out, plan);
    const char *line = buf_dup(&out, arena).s;
    buf_release(&out);
    return line;
}
