/* plan.h: the ordered steps from one model to another, each with what it locks, costs and
 * loses, and the checks of the data that come before them. Plain data that the renderer
 * (file.h), the command line (JSON, SARIF) and the tests read. Gives texts; connects to
 * nothing, writes no file.
 */
#ifndef MIGRATE_PLAN_H
#define MIGRATE_PLAN_H
#include "change.h"

/* PostgreSQL's table locks, weakest first ("Explicit Locking" in its manual). */
enum plan_lock_mode {
    LOCK_ACCESS_SHARE,
    LOCK_ROW_SHARE,
    LOCK_ROW_EXCLUSIVE,
    LOCK_SHARE_UPDATE_EXCLUSIVE,
    LOCK_SHARE,
    LOCK_SHARE_ROW_EXCLUSIVE,
    LOCK_EXCLUSIVE,
    LOCK_ACCESS_EXCLUSIVE
};
struct plan_lock {
    struct str relation; /* auth.users, by its name when the step runs; it stood before
                            the plan: what the plan itself made is never listed */
    enum plan_lock_mode mode;
};

/* The dearest thing a step does while it holds its locks. */
enum plan_cost {
    COST_META,   /* the catalog only */
    COST_ROWS,   /* changes rows: backfill, mapping of labels */
    COST_SCAN,   /* reads a whole table */
    COST_BUILD,  /* builds an index */
    COST_REWRITE /* writes the table and its indexes anew */
};

enum plan_hazard_kind {
    HAZARD_DROP,   /* data goes */
    HAZARD_NARROW, /* values may no longer fit; a check refuses before they are cut */
    HAZARD_IRREVERSIBLE, /* the down cannot bring back what was */
    HAZARD_REWRITE,      /* of an older table, under ACCESS EXCLUSIVE */
    HAZARD_BUILD /* of an index of an older table that no reader or writer passes */
};
struct plan_hazard {
    enum plan_hazard_kind kind;
    /* auth.users.name: as --allow drop:auth.users.name names it; what goes by the origin's
     * name, what stays by the target's. */
    struct str object;
    const char *because; /* a clause: "its values go" */
};

enum plan_reversal {
    REVERSAL_LOSSLESS,
    REVERSAL_LOSSY,     /* the structure comes back, values do not */
    REVERSAL_IMPOSSIBLE /* not with the rows that may be there */
};

/* What a server's tables hold, from `schemac status --stats`; sizes decide which scans
 * and locks matter. */
struct plan_table_size {
    struct str table; /* auth.users */
    int64_t rows;     /* an estimate */
    int64_t bytes;    /* indexes included */
};
struct plan_sizes {
    struct map by_table; /* of struct plan_table_size * */
};
/* Too small for a rewrite or build to be worth a warning. */
bool plan_is_small(const struct plan_table_size *size);

struct plan_step {
    const char *title; /* "add column auth.users.phone" */
    struct str sql;    /* whole statements, a line end after each */
    bool transaction;  /* false: each statement by itself, outside any transaction */
    VEC(struct plan_lock) locks; /* by name of the relation */
    enum plan_cost cost;
    const struct plan_table_size *size; /* of what it reads or writes; NULL: unknown */
    bool alone; /* an unavoidable rewrite or build: stands alone, marked so */
    VEC(struct plan_hazard) hazards;
    enum plan_reversal reversal;
    const char *reversal_why; /* NULL for REVERSAL_LOSSLESS */
    VEC(struct str)
    touches; /* the objects it concerns: "table auth.users" ... for the
                                 merging of two heads */
};
/* A question to the data that has to be answered with no row before anything is applied. */
struct plan_check {
    const char *title; /* "no NULL in auth.users.phone" */
    struct str query;  /* select ... limit 1: the rows in the way */
    const char *hint;  /* what to do; NULL: nothing to say */
};
struct plan {
    VEC(struct plan_check) checks;
    VEC(struct plan_step) steps;
    struct changes *changes;
};

/* Plans one direction. Mistakes that only planning can find (a NOT NULL column without
 * backfill, a type change without using: both planned with a check under
 * MATCH_NO_RENAMES) go into diags. down: it is made of a reversed match, where a hint is
 * never asked for. Near linear in the size of models and changes. */
struct plan_request {
    const struct match *match;
    enum match_options options;
    bool down;
    const struct plan_sizes *sizes; /* NULL: unknown */
};
struct plan *plan_make(struct arena *arena, const struct plan_request *request,
                       struct diags *diags);

/* Says what of a step does not come back; of several the worst counts. */
void plan_step_loses(struct arena *arena, struct plan_step *step,
                     enum plan_reversal reversal, const char *why);

/* Proves that no step that scans, validates, builds or rewrites runs in a transaction
 * that holds a lock of SHARE or stronger on an older relation, but one that is marked to stand
 * alone. NULL, or what is wrong, in the arena. */
const char *plan_prove(struct arena *arena, const struct plan *plan);

const char *plan_lock_word(enum plan_lock_mode mode);        /* "ACCESS EXCLUSIVE" */
const char *plan_cost_word(enum plan_cost cost);             /* "rewrite" */
const char *plan_hazard_word(enum plan_hazard_kind kind);    /* "drop" */
const char *plan_reversal_word(enum plan_reversal reversal); /* "lossless" */
/* Whether --allow has to name it at make: drop, narrow and irreversible do. */
bool plan_hazard_gates(enum plan_hazard_kind kind);

#endif
