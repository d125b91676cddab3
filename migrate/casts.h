/* casts.h: what it takes to give a column another type: whether PostgreSQL converts by
 * itself, what it costs, whether every value fits. Facts of version 15: pg_cast.dat, the
 * casts' support functions, and measurements of rewrites. Knows nothing of steps. */
#ifndef MIGRATE_CASTS_H
#define MIGRATE_CASTS_H
#include "plan.h"

/* How the expression for USING is written. */
enum cast_way {
    CAST_PLAIN,     /* c::T */
    CAST_BY_TEXT,   /* c::text::T: through what both can be written as */
    CAST_INTO_ARRAY /* the value becomes the array's only one */
};
/* How to ask whether a value would be refused, cut or rounded. */
enum cast_loss {
    LOSS_NONE,       /* every value fits, unchanged */
    LOSS_LENGTH,     /* longer than the modifier */
    LOSS_ROUND_TRIP, /* not the same when it is cast back */
    LOSS_CONVERTS,   /* the cast itself fails */
    LOSS_ANY         /* no value comes through */
};
struct cast {
    bool assigned; /* ALTER COLUMN TYPE needs no USING */
    enum cast_way way;
    enum cast_loss loss;
    enum plan_cost cost; /* META; BUILD: only its indexes; REWRITE */
    bool utc;            /* META only in a session whose time zone is UTC */
};

/* Both types differ. */
struct cast cast_between(const struct match *match, const struct model_type *from,
                         const struct model_type *to);
/* Appends the USING expression for an operand that is SQL text. */
void cast_put(struct buf *out, const struct cast *cast, struct str operand,
              const struct model_type *to);
/* Whether a btree takes its values: pg_opclass.dat, defaults of btree. Of a type that is
 * not built in it is taken to be so. */
bool type_has_order(const struct model_type *type);

#endif
