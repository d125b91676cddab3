/* plan_json.h: a draft as JSON, for scripts. Gives text; decides nothing. */
#ifndef MIGRATE_PLAN_JSON_H
#define MIGRATE_PLAN_JSON_H
#include "draft.h"

/* One object and a line end: summary, order, down, hazards, checks, steps, changes and
 * impact of the plan, which is the draft's up or down. */
void plan_json(struct buf *out, struct arena *arena, const struct draft *draft,
               const struct plan *plan);

#endif
