/* watch.h: what the server does for a step, seen from a second connection while the step's
 * transaction is open, and by what it says at DEBUG1. Inside certify/ only; judges nothing.
 *
 * For statements outside a transaction the locks are sampled as often as can be, and at
 * least once while one waits for older transactions: what is seen is then a lower bound.
 */
#ifndef CERTIFY_WATCH_H
#define CERTIFY_WATCH_H
#include "../runner/sc_migrate.h"
#include "bench.h"
#include "certify.h"

/* A relation that stood when the way began. */
struct watch_relation {
    const char *oid;
    const struct watch_relation
        *table;                 /* of an index or an owned sequence, else NULL */
    char kind;                  /* as pg_class.relkind */
    const char *before, *after; /* auth.users: its name before and after the step; NULL:
                                   it is not there */
    const char
        *between; /* its own name from before in its schema's name from after; NULL:
                            the schema has gone */
    const char *space; /* the schema's oid */
    const char *node;  /* relfilenode before the step */
    bool same_file;    /* after the step */
    int mode;          /* strongest lock seen in the step; -1: none */
    int spent;         /* enum plan_cost spent on it in the step */
};
struct watch_step {
    struct certify_step seen;
    VEC(struct watch_relation *) relations; /* that were locked or worked on */
};

struct watch;
typedef void watch_done(void *user, const struct watch_step *step);

/* Begins to watch a way: what stands now is what stood before. done is called after each
 * step. */
const char *watch_open(struct bench *bench, const char *migration, const char *way,
                       struct watch **watch);
void watch_on_done(struct watch *watch, watch_done *done, void *user);
/* For struct sc_migrate_options: event and user (the watch). */
bool watch_event(void *user, const struct sc_migrate_event *event);
/* Of the step that has begun and is not done; "". */
const char *watch_title(const struct watch *watch);
/* Ends it: NULL, or what went wrong with looking. */
const char *watch_close(struct watch *watch);

#endif
