/* prove.c: the promise that no long work is done under a strong lock, checked over a
 * finished plan; must not know how plans are made. */
#include "plan.h"

#include "prove_text.h"

/* SHARE is the weakest lock that keeps writers out; weaker ones stop no program. */
static const struct plan_lock *strong_lock(const struct plan_step *step)
{
    for (size_t i = 0; i < step->locks.n; i++) {
        if (step->locks.items[i].mode >= LOCK_SHARE)
            return &step->locks.items[i];
    }
    return NULL;
}

static const char *prove_step(struct arena *arena, const struct plan_step *step,
                              size_t number)
{
    const struct plan_lock *lock = strong_lock(step);
    if (!step->sql.n)
        return arena_printf(arena, "step %zu (%s) has no statement", number,
                            step->title);
    bool worth = step->cost > COST_SCAN || (step->cost == COST_SCAN && lock);
    if (prove_text_cost(arena, step) > step->cost)
        return arena_printf(arena, "step %zu (%s) says that it costs %s, and costs %s",
                            number, step->title, plan_cost_word(step->cost),
                            plan_cost_word(prove_text_cost(arena, step)));
    if (step->alone && (!worth || !step->transaction))
        return arena_printf(arena,
                            "step %zu (%s) is marked to stand alone and does not"
                            " have to",
                            number, step->title);
    if (step->alone || !lock || step->cost == COST_META)
        return NULL;
    return arena_printf(arena, "step %zu (%s): %s while it holds %s on %.*s", number,
                        step->title, plan_cost_word(step->cost),
                        plan_lock_word(lock->mode), STR_ARGS(lock->relation));
}

const char *plan_prove(struct arena *arena, const struct plan *plan)
{
    for (size_t i = 0; i < plan->steps.n; i++) {
        const char *wrong = prove_step(arena, &plan->steps.items[i], i + 1);
        if (wrong)
            return wrong;
    }
    return NULL;
}
