/* prove_text.h: what a step's statements cost at least, by their own words. For prove.c. */
#ifndef MIGRATE_PROVE_TEXT_H
#define MIGRATE_PROVE_TEXT_H
#include "plan.h"

/* Of statements on relations that the step locks: an index build, a validation, an update
 * is seen for what it is; what the words do not tell (a change of type) counts as
 * COST_META. */
enum plan_cost prove_text_cost(struct arena *arena, const struct plan_step *step);

#endif
