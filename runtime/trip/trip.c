/* trip.c: how a trip begins and ends. It must not send, take or wait. */
#include "trip.h"

/* A plan that has no name lives as long as its flight: it is not looked for again. */
static enum sc_status plan_ask(struct sc__trip *trip, struct sc__ask *ask)
{
    if (trip->attempts && ask->plan && ask->plan->nameless)
        return sc__plan_want(trip->conn, ask->plan, trip->err);
    return sc__plan_make(trip->conn, ask, trip->err);
}

static void unmark(struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++) {
        struct sc__plan *plan = trip->asks[i]->plan;
        if (!plan)
            continue;
        plan->sent = NULL;
        plan->described = NULL;
        plan->mended = NULL;
        plan->refused = NULL;
    }
}

static void reset(struct sc__trip *trip)
{
    const struct sc__trip before = *trip;
    *trip = (struct sc__trip){ .conn = before.conn,
                               .asks = before.asks,
                               .count = before.count,
                               .begin = before.begin,
                               .apart = before.apart,
                               .in_tx = before.in_tx,
                               .memory = before.memory,
                               .err = before.err,
                               .attempts = before.attempts,
                               .suspect = before.suspect,
                               .failed = before.failed,
                               .status = before.status };
    trip->careful = before.apart && before.attempts;
}

enum sc_status sc__trip_fail_rest(struct sc__trip *trip, enum sc_status status)
{
    for (size_t i = 0; trip->apart && i < trip->count; i++) {
        struct sc__ask *ask = trip->asks[i];
        if (ask->fate & SC__FATE_OVER)
            continue;
        sc__ask_clear(ask);
        ask->status = (uint8_t)status;
        ask->error = NULL;
    }
    return status;
}

enum sc_status sc__trip_start(struct sc__trip *trip)
{
    reset(trip);
    trip->ready = true;
    for (size_t i = 0; i < trip->count; i++) {
        struct sc__ask *ask = trip->asks[i];
        enum sc_status status = plan_ask(trip, ask);
        if (status != SC_OK) {
            for (size_t left = i; !trip->attempts && left < trip->count; left++)
                trip->asks[left]->plan = NULL; /* of an earlier trip, and gone */
            trip->failed = i;
            return sc__trip_fail_rest(trip, status);
        }
        trip->ready &= sc__plan_ready(ask->plan);
        if (trip->attempts || !trip->apart)
            continue;
        ask->fate &= SC__FATE_ENDS;
        ask->status = SC_OK;
        ask->error = NULL;
    }
    trip->attempts++;
    trip->length[SC__LEG_BEGIN] = trip->begin ? 1 + (size_t)trip->begin->nset : 0;
    return SC_OK;
}

static void drop_results(struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++)
        sc__ask_clear(trip->asks[i]);
}

/* An enum may have been dropped and made again: whoever comes next looks. */
static void doubt_types(struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++) {
        const struct sc__ask *ask = trip->asks[i];
        if (ask->status != SC_SCHEMA_MISMATCH || !ask->plan->uses_enums)
            continue;
        sc__types_forget(&trip->conn->types);
        sc__plans_unlearn(&trip->conn->plans);
        return;
    }
}

static enum sc_status end_apart(struct sc__trip *trip, bool *again)
{
    enum sc_status status = SC_OK;
    if (trip->lost)
        status = sc__trip_fail_rest(trip, sc__trip_explain(trip));
    else
        *again = sc__trip_mend_asks(trip);
    if (!trip->lost && !*again)
        doubt_types(trip);
    PQclear(trip->error);
    trip->error = NULL;
    return status;
}

enum sc_status sc__trip_end(struct sc__trip *trip, bool *again)
{
    *again = false;
    if (trip->apart) {
        enum sc_status status = end_apart(trip, again);
        unmark(trip);
        return status;
    }
    unmark(trip);
    if (trip->committed) { /* the connection may be lost since */
        PQclear(trip->error);
        trip->error = NULL;
        return SC_OK;
    }
    if (sc__trip_went_well(trip))
        return SC_OK;
    drop_results(trip);
    if (!trip->unchanged) /* else it is what it was */
        trip->status = sc__trip_explain(trip);
    if (trip->attempts < SC__TRIP_ATTEMPTS && !trip->unchanged)
        *again = sc__trip_mend(trip) && !trip->in_tx;
    PQclear(trip->error);
    trip->error = NULL;
    return trip->status;
}

struct sc__landing sc__trip_landing(const struct sc__trip *trip, enum sc_status status)
{
    bool sent = trip->out.leg > SC__LEG_SYNC && !trip->begin && !trip->in_tx;
    bool lost = trip->lost && !trip->refused;
    return (struct sc__landing){ .status = status,
                                 .failed = trip->failed,
                                 .nobody = trip->at_begin || trip->at_end,
                                 .unknown = status == SC_COMMIT_UNKNOWN ||
                                            (sent && lost) };
}
