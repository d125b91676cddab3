/* quick.h: one ask whose statement is ready, at its quickest: the way that nearly all calls
 * go. libpq waits by itself here: one command is in flight, and it was sent whole or will
 * be while libpq waits. Inlined into the one place that runs a call. */
#ifndef SC_QUICK_H
#define SC_QUICK_H
#include "runtime/inline.h"
#include "runtime/net/conn.h"
#include "trip.h"

/* The parallel arrays that libpq wants. */
struct sc__bound {
    const char *values[SC__PLAN_FEW];
    int lengths[SC__PLAN_FEW];
    int formats[SC__PLAN_FEW];
};

/* Fills the arrays; gives formats, or NULL where all are text: libpq then sends none. */
SC__INLINED const int *sc__bind(const struct sc__ask *ask, const char **values,
                                int *lengths, int *formats)
{
    const struct sc__wire *wires = ask->wires;
    const size_t count = ask->nparams;
    int some = 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = wires[i].value;
        lengths[i] = wires[i].length;
        some |= formats[i] = wires[i].format;
    }
    return some ? formats : NULL;
}

/* flight.c: writes the OIDs of enums into arrays of them, where the plan has such. */
void sc__trip_patch_enums(const struct sc__conn *conn, const struct sc__ask *ask);
/* flight.c: the same where not all is well: goes on with `more` than the ask's result, or NULL. */
bool sc__fly_on(struct sc__conn *conn, struct sc__ask *ask, PGresult *more);

/* False: take sc__fly, which also looks into what came back: a bad result is left in the
 * ask. */
SC__INLINED bool sc__fly_quick(struct sc__conn *conn, struct sc__ask *ask)
{
    struct sc__plan *plan = sc__plan_find(&conn->plans, &ask->key);
    if (!SC__MOSTLY(plan && sc__plan_ready(plan) && plan->quick))
        return false;
    ask->plan = plan;
    if (plan->enum_arrays)
        sc__trip_patch_enums(conn, ask);
    struct sc__bound few;
    const int *formats = sc__bind(ask, few.values, few.lengths, few.formats);
    if (!PQsendQueryPrepared(conn->pg, plan->name, ask->nparams, few.values,
                             few.lengths, formats, 1)) {
        conn->broken = true; /* a part of it may stand in libpq's buffer */
        return false;
    }
    ask->result = PQgetResult(conn->pg);
    if (!SC__MOSTLY(sc__is_good(ask->result)))
        return sc__fly_on(conn, ask, NULL);
    PGresult *more = PQgetResult(conn->pg);
    return !more || sc__fly_on(conn, ask, more);
}

#endif
