/* impact.h: what a change does to programs: which statements of the version before it
 * invalidates, breaks or slows, and so in which order to migrate and to deploy. Told from
 * the two models and their statements; asks no server and knows nothing of C.
 *
 * A statement is sent by its text and with the types of its parameters, so it stands or
 * falls with the names and types that it uses. Those of derived statements are known; of
 * declared queries they are read from the tokens: a name counts where SQL can have it as a
 * name of that thing, so that nothing is overlooked and once in a while too much is said.
 */
#ifndef MIGRATE_IMPACT_H
#define MIGRATE_IMPACT_H
#include "../sql/stmt.h"
#include "match.h"

/* The worst first. */
enum impact_kind {
    IMPACT_BREAKS,      /* the program that has it cannot run it any more */
    IMPACT_INVALIDATES, /* it is prepared once more and then runs on, or fails only when
                           a NULL comes back that could not be there before */
    IMPACT_SLOWS        /* the index that served it is gone */
};
struct impact_item {
    enum impact_kind kind;
    const struct stmt *stmt; /* of the origin */
    struct str name;         /* as the program calls it: auth_users_by_phone */
    /* What the server or the runtime says: 42P01 table, 42703 column, 42704 type, 42804 and
     * 42883 another type, 0A000 another type comes back, 22P03 COPY of another type, 23502
     * a value that was not asked for is missing, 428C9 a value that the server makes now,
     * 42P10 the key of an upsert has gone, 55000 it is deferrable, 22002 a NULL that could
     * not be. 00000: nothing, though a name stands for another thing now: most of all to be
     * feared. "" for IMPACT_SLOWS. */
    const char *sqlstate;
    const char *why; /* a clause: "column auth.users.phone is now called tel" */
};

enum impact_order {
    IMPACT_EITHER, /* old and new programs run on both versions */
    IMPACT_MIGRATE_FIRST,
    IMPACT_DEPLOY_FIRST,
    IMPACT_EXPAND_AND_CONTRACT /* neither program runs on the other's version */
};
struct impact {
    VEC(struct impact_item) items; /* at most one a statement, in their order */
    enum impact_order order;
};

/* What programs call a statement, in the arena. */
typedef struct str impact_namer(void *context, struct arena *arena,
                                const struct stmt *stmt);

struct impact_request {
    const struct match *match;
    impact_namer *name; /* NULL: schema_table_name, or schema_name of a query */
    void *context;
};
/* Everything lives in the arena. Linear in the two models and their statements. */
struct impact *impact_find(struct arena *arena, const struct impact_request *request);

const char *impact_kind_word(enum impact_kind kind);    /* "breaks" */
const char *impact_order_word(enum impact_order order); /* "migrate first" */

#endif
