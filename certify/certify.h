/* certify.h: proof of migrations on a throw-away server: each is applied, taken back and
 * applied again over made-up rows, and what the server does is compared with what the
 * file says. Touches no database but the one that it makes itself or is given for this;
 * writes no file, prints nothing.
 *
 * A step must not lock a relation that stood before more strongly than its comment says,
 * nor scan, build or rewrite where the comment says less. After up the catalog is that of
 * the target made from nothing, after down the one from before; rows and values of what
 * stands on both sides survive, and all of them where the file says lossless.
 */
#ifndef CERTIFY_CERTIFY_H
#define CERTIFY_CERTIFY_H
#include "../migrate/plan.h"

/* A migration with its texts as they stand in its files. */
struct certify_migration {
    const char *name;       /* "0002_add_phone" */
    const char *up, *down;  /* down NULL: it cannot be taken back */
    const struct model *to; /* what it leads to; NULL: not known, then not compared */
    bool draft;
};

struct certify_request {
    const struct certify_migration *migrations; /* the whole chain, in order */
    size_t n;
    size_t first; /* of those to be proved; those before it stand already */
    /* What `first` starts from; NULL: an empty database. */
    const struct model *origin;
    bool run_earlier; /* to get there, instead of making it from the model */
    size_t rows;      /* for each table */
    const char *url;  /* an empty database to try them on; NULL: one is made */
    void (*say)(void *user, const char *line); /* progress; or NULL */
    void *user;
};

/* ---- what was seen --------------------------------------------------------------- */

struct certify_lock {
    const char *relation; /* auth.users */
    enum plan_lock_mode mode;
};
/* One step, as the server did it. */
struct certify_step {
    const char *migration;
    const char *way; /* "up", "down", "up again" */
    int number;
    const char *title;
    VEC(struct certify_lock) locks; /* of relations that stood before, the strongest */
    enum plan_cost cost;
    const char *spent, *spent_on; /* "rewriting table \"users\"" and "auth.users"; NULL
                                     for COST_META */
};

enum certify_kind {
    CERTIFY_LOCK,    /* stronger than predicted, or not predicted */
    CERTIFY_COST,    /* a scan, build or rewrite that was not predicted */
    CERTIFY_CATALOG, /* another catalog than it should be */
    CERTIFY_ROWS,    /* rows or values that did not survive */
    CERTIFY_REFUSED  /* it could not be run */
};
struct certify_finding {
    enum certify_kind kind;
    const char *migration, *way;
    int step;           /* 0: of the whole way */
    const char *title;  /* of the step; "" */
    const char *object; /* "auth.users", "column auth.users.name" */
    const char *predicted, *seen;
};
struct certify_report {
    VEC(struct certify_step) steps;
    VEC(struct certify_finding) findings;
    VEC(const char *) notes; /* what a reader has to know of the proof */
};

/* Proves the migrations from `first` on, each from where the one before ended, and stops
 * at the first that cannot be run. Gives NULL with the report filled, or a message in the
 * arena: no server, or an origin that it refuses. Everything lives in the arena. */
const char *certify(struct arena *arena, const struct certify_request *request,
                    struct certify_report *report);

/* The findings and notes as lines for a person. */
void certify_put(struct buf *out, const struct certify_report *report);
/* "lock", "cost", ... */
const char *certify_kind_word(enum certify_kind kind);

#endif
