/* plan_sarif.h: the hazards of a plan as SARIF 2.1.0 (OASIS), which code hosts show beside
 * the lines of a review. Gives text; decides nothing. */
#ifndef MIGRATE_PLAN_SARIF_H
#define MIGRATE_PLAN_SARIF_H
#include "../base/buf.h"
#include "plan.h"

struct sarif_request {
    const struct plan *plan;
    const char *tool_version;
    const char *file; /* where the results are shown: a path, as the host knows it */
    struct str text;  /* of the file, where it is a migration: a step's results stand at
                         its mark; n 0: all stand at the file's first line */
};
/* One object and a line end. drop, narrow and irreversible are errors, the others
 * warnings. */
void plan_sarif(struct buf *out, struct arena *arena,
                const struct sarif_request *request);

#endif
