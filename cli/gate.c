/* gate.c: holds hazards against what was allowed. Must not know what follows. */
#include "gate.h"

#include <string.h>

#include "say.h"

static bool is_among(const char *const *flags, size_t n, const char *hazard)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(flags[i], hazard) == 0) {
            return true;
        }
    }
    return false;
}

static void judge(struct job *job, const struct plan_hazard *hazard, struct gate *gate)
{
    const option_texts *allow = &job->settings->allow;
    const char *name = migration_hazard(job->arena, hazard);
    if (!plan_hazard_gates(hazard->kind)) {
        return;
    }
    if (is_among(allow->items, allow->n, name) ||
        is_among(gate->flags.items, gate->flags.n, name)) {
        VEC_PUSH(job->arena, &gate->allowed, *hazard);
    } else {
        VEC_PUSH(job->arena, &gate->refused, *hazard);
    }
}

void gate_judge(struct job *job, struct gate *gate)
{
    const struct plan *up = job->pending.draft.up;
    for (size_t i = 0; i < up->steps.n; i++) {
        for (size_t k = 0; k < up->steps.items[i].hazards.n; k++) {
            judge(job, &up->steps.items[i].hazards.items[k], gate);
        }
    }
}

void gate_say_unused(struct job *job, const struct gate *gate)
{
    const option_texts *allow = &job->settings->allow;
    for (size_t i = 0; i < allow->n; i++) {
        bool used = false;
        for (size_t k = 0; k < gate->allowed.n && !used; k++) {
            used = strcmp(migration_hazard(job->arena, &gate->allowed.items[k]),
                          allow->items[i]) == 0;
        }
        if (!used) {
            say_note(job->settings, "--allow %s: no step needs it", allow->items[i]);
        }
    }
}

/* The command line that would do, last. */
int gate_refuse(struct job *job, const struct gate *gate)
{
    struct buf flags = { 0 };
    struct map seen = { 0 };
    for (size_t i = 0; i < gate->refused.n; i++) {
        const struct plan_hazard *hazard = &gate->refused.items[i];
        const char *name = migration_hazard(job->arena, hazard);
        if (map_add(&seen, job->arena, str_of(name), job) != NULL) {
            continue;
        }
        say_error(job->settings, "%s: %s", name, hazard->because);
        buf_printf(&flags, " --allow '%s'", name);
    }
    say_error(job->settings, "nothing was sealed; where this is meant, pass%s",
              flags.s);
    buf_release(&flags);
    return EXIT_HAZARD;
}
