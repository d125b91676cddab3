/* gate.h: which hazards of the pending change were allowed, and what to say of the rest.
 * Writes no file. */
#ifndef CLI_GATE_H
#define CLI_GATE_H
#include "job.h"

struct gate {
    VEC(const char *)
    flags; /* "drop:auth.users.fax": allowed beside what --allow says */
    VEC(struct plan_hazard) allowed, refused;
};

/* Sorts the hazards of the draft's steps that need to be allowed. */
void gate_judge(struct job *job, struct gate *gate);
/* Says which of the options allowed nothing. */
void gate_say_unused(struct job *job, const struct gate *gate);
/* Says what was refused, and the options to pass; EXIT_HAZARD. */
int gate_refuse(struct job *job, const struct gate *gate);

#endif
