/* plan.h: statements as one connection knows them: text, name, types, and whether the
 * server has them prepared.
 *
 * A table keyed by whole asks' keys. A name is "sc_" and 128 bits of hash over text and
 * parameter types: bounded in number and the same in every process, so that a transaction
 * pooler can share it. It is never deallocated (libpq 15 has no Close, and a pooler would
 * lose count). At most SC__PLAN_VARIANTS of one descriptor have a name on a connection;
 * further ones are unnamed and parsed at each use.
 */
#ifndef SC_PLAN_H
#define SC_PLAN_H
#include "ask.h"
#include "runtime/inline.h"

struct sc__conn;
struct sc__trip;

enum { SC__PLAN_VARIANTS = 64, SC__PLAN_NAME = 64, SC__PLAN_RECENT = 64 };

enum sc__plan_state {
    SC__PLAN_NEW,      /* the server does not have it */
    SC__PLAN_UNLEARNT, /* nor does it have a name, for its enums' OIDs are not known */
    SC__PLAN_THERE,    /* the server has it; its result is not compared yet */
    SC__PLAN_READY     /* compared with the descriptor */
};

/* Parameters that the quickest way has room for. */
enum { SC__PLAN_FEW = 16 };

struct sc__plan {
    struct sc__plan *next; /* in its bucket */
    uint64_t hash;
    struct sc__key key; /* words of its own */
    const char *label;
    char *sql; /* a comment with the label, and the text */
    const struct sc__row *row;
    uint16_t first;
    uint16_t nparams;
    uint16_t comment;                 /* how long that comment is */
    uint8_t state;                    /* enum sc__plan_state */
    uint8_t before;                   /* the state before SC__PLAN_UNLEARNT */
    bool nameless;                    /* parsed at each use: one variant too many, or
                                       * SC_STATEMENTS_UNNAMED */
    bool wary;                        /* its rows are compared at each use */
    bool settled;                     /* it has had OIDs before */
    bool changed;                     /* when it was settled last, they were others */
    bool uses_enums;                  /* some OID below was looked up by name */
    bool enum_arrays;                 /* parameters carry an element OID to fill in */
    bool flat;                        /* no column needs memory beside the struct */
    bool quick;                       /* fit for sc__fly_quick, once it is ready */
    bool changes;                     /* it may change the session: see session.h */
    unsigned generation;              /* how often the name had to be changed */
    const struct sc__trip *sent;      /* the trip in which its Parse is under way */
    const struct sc__trip *described; /* ... and its Describe */
    const struct sc__trip *mended;    /* the trip that has mended it */
    const struct sc__ask *refused;    /* the ask for which it was prepared in vain */
    struct sc__param *param_types;
    uint32_t *params;         /* OIDs for Parse */
    uint32_t *columns;        /* OIDs that row->columns must have */
    char name[SC__PLAN_NAME]; /* "" : unnamed */
};

struct sc__plans { /* zeroed: empty */
    struct sc__plan **buckets;
    size_t nbuckets; /* 0 or a power of two */
    size_t count;
    struct sc__plan *unnamed; /* those of this flight that have no name */
    struct sc__plan *recent[SC__PLAN_RECENT]; /* what was found last */
};

/* Finds or makes the ask's plan. It lives until the connection closes; an unnamed one until
 * drop_unnamed, which a flight begins with. Asks nothing: where an enum's OID is not
 * known it is noted (sc__types_want), and the plan stays SC__PLAN_UNLEARNT until
 * sc__plan_settle finds all of them: SC_SCHEMA_MISMATCH names one that is not there.
 * want notes them of a plan that was made before. */
enum sc_status sc__plan_make(struct sc__conn *conn, struct sc__ask *ask,
                             struct sc_error *err);
enum sc_status sc__plan_want(struct sc__conn *conn, struct sc__plan *plan,
                             struct sc_error *err);
enum sc_status sc__plan_settle(struct sc__conn *conn, struct sc__plan *plan,
                               struct sc_error *err);
/* Both, waiting for the server where it must be asked (one round trip). */
enum sc_status sc__plan_get(struct sc__conn *conn, struct sc__ask *ask,
                            struct sc_error *err);
/* The same from the table only; NULL: not there. */
struct sc__plan *sc__plan_look_up(struct sc__plans *plans, const struct sc__key *key,
                                  struct sc__plan **recent);
static inline struct sc__plan *sc__plan_find(struct sc__plans *plans,
                                             const struct sc__key *key)
{
    /* Descriptors are static: 32 bytes or more apart. */
    uint64_t spread = ((uintptr_t)key->owner >> 5) + key->words[0] * 7;
    struct sc__plan **recent = &plans->recent[spread % SC__PLAN_RECENT];
    if (SC__MOSTLY(*recent && sc__key_is(&(*recent)->key, key)))
        return *recent;
    return sc__plan_look_up(plans, key, recent);
}
void sc__plans_drop_unnamed(struct sc__plans *plans);
/* Whether it can be executed by its name, without Parse and without a comparison. */
static inline bool sc__plan_ready(const struct sc__plan *plan)
{
    return plan->state == SC__PLAN_READY && plan->name[0];
}

/* The server has lost all of them (a new connection, DISCARD ALL). */
void sc__plans_forget(struct sc__plans *plans);
/* The OIDs of enums may be others now. */
void sc__plans_unlearn(struct sc__plans *plans);
void sc__plans_release(struct sc__plans *plans);

/* Its result was compared, and is what it should be. */
static inline void sc__plan_approve(struct sc__plan *plan)
{
    plan->state = plan->wary ? SC__PLAN_THERE : SC__PLAN_READY;
}

/* Gives the plan another name, because the server's statement of that name is stale, and
 * another text: a pooler that keeps statements (PgBouncer 1.21) goes by the text, whatever
 * they are called. */
void sc__plan_rename(struct sc__conn *conn, struct sc__plan *plan);

/* Compares a described result with the descriptor: SC_SCHEMA_MISMATCH names the column,
 * what was expected and what came. */
enum sc_status sc__plan_compare(const struct sc__plan *plan, const PGresult *result,
                                struct sc_error *err);

#endif
