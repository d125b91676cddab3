/* numbering.h: what sequences of their own and those of serial and identity columns share.
 * Inside migrate/ only. */
#ifndef MIGRATE_NUMBERING_H
#define MIGRATE_NUMBERING_H
#include "planner.h"

/* Makes the sequence, which has to's name by PHASE_ALTER, count as to does, its position
 * kept where the new bounds hold it. */
void numbering_recount(struct planner *p, struct plan_step *step,
                       const struct model_sequence *from,
                       const struct model_sequence *to);

#endif
