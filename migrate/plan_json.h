/* plan_json.h: a draft as JSON, for scripts. Gives text; decides nothing. */
#ifndef MIGRATE_PLAN_JSON_H
#define MIGRATE_PLAN_JSON_H
#include "draft.h"

struct plan_json_request {
    const struct draft *draft;
    const struct plan *plan; /* the draft's up or down */
    const char *sealed;      /* of make: "gen/migrations/0002_add_phone"; or NULL */
};
/* One object and a line end: summary, order, down, sealed, checks, steps, changes and
 * impact. */
void plan_json(struct buf *out, struct arena *arena,
               const struct plan_json_request *request);

#endif
