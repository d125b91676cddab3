/* draft.h: the change from one model to another, planned both ways. Knows nothing of
 * files. */
#ifndef MIGRATE_DRAFT_H
#define MIGRATE_DRAFT_H
#include "impact.h"
#include "plan.h"

struct draft {
    const struct match *match;
    const struct plan *up, *down;
    const struct impact *impact; /* NULL: not asked for */
};
struct draft_request {
    const struct model *from, *to; /* from NULL: an empty database */
    enum match_options options;
    const struct plan_sizes *sizes; /* NULL: unknown */
    bool impact;
    impact_namer *name; /* as in struct impact_request */
    void *context;
};

/* False when diags got an error; the draft is of no use then. Everything lives in the
 * arena. */
bool draft_make(struct arena *arena, const struct draft_request *request,
                struct diags *diags, struct draft *draft);

/* What the plan does, in a line: "create 1 schema, 5 tables" for one that only makes
 * things, else the first steps' titles; "nothing" for an empty one. */
const char *plan_summary(struct arena *arena, const struct plan *plan);

#endif
