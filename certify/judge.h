/* judge.h: what a migration's files say against what was seen, as findings. Inside
 * certify/ only; asks no server. */
#ifndef CERTIFY_JUDGE_H
#define CERTIFY_JUDGE_H
#include "catalog.h"
#include "watch.h"

/* One way of one migration. */
struct judge {
    struct arena *arena;
    struct certify_report *report;
    const struct sc_migrations *set;
    size_t at; /* of the migration in the set */
    bool down;
    const char *migration, *way;
};

/* Adds a finding of the whole way. */
void judge_find(struct judge *judge, enum certify_kind kind, const char *object,
                const char *predicted, const char *seen);
/* Locks and cost of a step; for watch_on_done, user is the judge. The step itself goes
 * into the report. */
void judge_step(void *user, const struct watch_step *step);
void judge_catalog(struct judge *judge, const struct catalog_differences *differences);
/* That the way could not be run. title: of the step that it stopped at; "". */
void judge_refused(struct judge *judge, const struct sc_migrate_error *error,
                   const char *title);

#endif
