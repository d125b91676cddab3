/* send.c: the half of a trip that sends. It must not take a result or wait. */
#include "trip.h"
#include <stdlib.h>

/* Libpq took it not: the server drops what came before when the connection closes, for no
 * Sync was sent. */
static void give_up(struct sc__trip *trip)
{
    trip->lost = true;
    trip->conn->broken = true;
}

static void sent_or_not(struct sc__trip *trip, int sent)
{
    if (!sent)
        give_up(trip);
}

/* libpq 15 flushes at each Sync. */
static void send_sync(struct sc__trip *trip)
{
#ifdef LIBPQ_HAS_SEND_PIPELINE_SYNC
    sent_or_not(trip, PQsendPipelineSync(trip->conn->pg));
#else
    sent_or_not(trip, PQpipelineSync(trip->conn->pg));
#endif
}

static void send_text(struct sc__trip *trip, const char *sql)
{
    sent_or_not(trip,
                PQsendQueryParams(trip->conn->pg, sql, 0, NULL, NULL, NULL, NULL, 0));
}

/* ---- what a leg holds ------------------------------------------------------------------- */

static bool wants_comparison(const struct sc__ask *ask)
{
    return ask->row && !sc__plan_ready(ask->plan);
}

static bool is_new(const struct sc__ask *ask)
{
    return ask->plan->state == SC__PLAN_NEW;
}

/* Whether results must be compared before anything is executed. */
static bool must_describe(const struct sc__trip *trip)
{
    bool writes = trip->careful, unknown = false;
    for (size_t i = 0; i < trip->count; i++) {
        const struct sc__ask *ask = trip->asks[i];
        writes |= (ask->flags & SC__WRITE) != 0;
        unknown |= wants_comparison(ask) || (trip->careful && is_new(ask));
    }
    return writes && unknown;
}

static bool must_learn(const struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++)
        if (trip->asks[i]->plan->state == SC__PLAN_UNLEARNT)
            return true;
    return false;
}

static size_t length_of(const struct sc__trip *trip, enum sc__leg leg)
{
    switch (leg) {
    case SC__LEG_BEGIN:
        return trip->begin ? 1 + (size_t)trip->begin->nset : 0;
    case SC__LEG_LEARN:
        return !trip->short_cut && !trip->ready && must_learn(trip);
    case SC__LEG_DESCRIBE:
        return !trip->short_cut && !trip->ready && must_describe(trip) ? trip->count
                                                                       : 0;
    case SC__LEG_EXECUTE:
        return trip->short_cut ? 0 : trip->count;
    case SC__LEG_COMMIT:
        return !trip->short_cut && trip->begin;
    case SC__LEG_SYNC:
        return !trip->apart;
    case SC__LEG_ROLLBACK:
        return trip->begin && PQtransactionStatus(trip->conn->pg) != PQTRANS_IDLE;
    case SC__LEG_OVER:
        return 0;
    }
    return 0;
}

void sc__trip_next_leg(struct sc__trip *trip)
{
    do {
        trip->out.leg++;
        trip->out.at = 0;
        if (trip->out.leg == SC__LEG_OVER)
            return;
        trip->length[trip->out.leg] = length_of(trip, trip->out.leg);
    } while (!trip->length[trip->out.leg]);
    trip->flushed = 0;
}

void sc__trip_cut(struct sc__trip *trip)
{
    trip->short_cut = true;
    if (trip->out.leg <= SC__LEG_COMMIT)
        trip->length[trip->out.leg] = trip->out.at;
}

/* ---- one ask ----------------------------------------------------------------------------- */

/* Whether the ask's plan must be parsed now; a plan that several asks share, once. An
 * unnamed one lasts until the next of its kind. */
static bool needs_parse(const struct sc__trip *trip, const struct sc__ask *ask)
{
    const struct sc__plan *plan = ask->plan;
    if (!plan->name[0])
        return !(plan->sent == trip && trip->count == 1);
    return is_new(ask) && plan->sent != trip;
}

static void send_parse(struct sc__trip *trip, struct sc__ask *ask)
{
    struct sc__plan *plan = ask->plan;
    plan->sent = trip;
    ask->step = SC__DUE_PARSE;
    trip->bytes += 1024;
    sent_or_not(trip, PQsendPrepare(trip->conn->pg, plan->name, plan->sql,
                                    plan->nparams, plan->params));
}

static bool needs_describe(const struct sc__trip *trip, const struct sc__ask *ask)
{
    const struct sc__plan *plan = ask->plan;
    bool compare = wants_comparison(ask) && (plan->described != trip || !plan->name[0]);
    return !(ask->fate & SC__FATE_OVER) && !plan->refused &&
           (compare || (trip->careful && needs_parse(trip, ask)));
}

static void send_described(struct sc__trip *trip, struct sc__ask *ask)
{
    ask->step = 0;
    if (!needs_describe(trip, ask))
        return;
    if (needs_parse(trip, ask))
        send_parse(trip, ask);
    if (ask->row && !trip->lost) {
        ask->step |= SC__DUE_DESCRIBE;
        ask->plan->described = trip;
        sent_or_not(trip, PQsendDescribePrepared(trip->conn->pg, ask->plan->name));
    }
    if (trip->apart && !trip->lost) {
        ask->step |= SC__DUE_SYNC;
        send_sync(trip);
    }
}

/* What it takes in libpq's buffer, nearly. Lengths of texts that are not copied are not
 * known: those are of calls that have few asks. */
static size_t weight(const struct sc__ask *ask)
{
    enum { MESSAGES = 96, PARAM = 8 };
    size_t size = MESSAGES;
    for (uint16_t i = 0; i < ask->nparams; i++)
        size += PARAM + (size_t)ask->wires[i].length;
    return size;
}

static void send_executed(struct sc__trip *trip, struct sc__ask *ask)
{
    ask->step = 0;
    if (ask->fate & (SC__FATE_OVER | SC__FATE_LATER))
        return;
    if (needs_parse(trip, ask))
        send_parse(trip, ask);
    if (trip->lost)
        return;
    ask->step |= SC__DUE_RESULT;
    trip->bytes += weight(ask);
    sent_or_not(trip, sc__trip_execute(trip, ask));
    if (trip->apart && (ask->fate & SC__FATE_ENDS) && !trip->lost) {
        ask->step |= SC__DUE_SYNC;
        send_sync(trip);
    }
}

/* A call one of whose statements could not be prepared: no part of it is sent, now or, when
 * that cannot be mended, ever. */
static void refuse_call(struct sc__trip *trip, size_t from)
{
    struct sc__ask *refused = NULL;
    for (size_t i = from; i < trip->count; i++) {
        struct sc__ask *ask = trip->asks[i];
        if (!refused && ask->plan->refused)
            refused = ask;
        if (ask->fate & SC__FATE_ENDS)
            break;
    }
    if (!refused || (refused->fate & SC__FATE_OVER))
        return;
    const struct sc__ask *why = refused->plan->refused;
    bool later = why->status == SC_OK;
    refused->status = why->status;
    refused->error = why->error;
    for (size_t i = from; i < trip->count; i++) {
        trip->asks[i]->fate |= later ? SC__FATE_LATER : SC__FATE_OVER;
        if (trip->asks[i]->fate & SC__FATE_ENDS)
            break;
    }
}

static bool begins_call(const struct sc__trip *trip, size_t at)
{
    return at == 0 || (trip->asks[at - 1]->fate & SC__FATE_ENDS);
}

/* ---- the legs ------------------------------------------------------------------------------ */

static void send_question(struct sc__trip *trip)
{
    char *sql = sc__types_question(&trip->conn->types);
    if (!sql) {
        trip->no_memory = true;
        give_up(trip);
        return;
    }
    send_text(trip, sql);
    free(sql);
    if (trip->apart && !trip->lost)
        send_sync(trip);
}

static void send_one(struct sc__trip *trip)
{
    size_t at = trip->out.at;
    switch (trip->out.leg) {
    case SC__LEG_BEGIN:
        send_text(trip, at ? trip->begin->set[at - 1] : trip->begin->begin);
        break;
    case SC__LEG_LEARN:
        send_question(trip);
        break;
    case SC__LEG_DESCRIBE:
        send_described(trip, trip->asks[at]);
        break;
    case SC__LEG_EXECUTE:
        if (trip->apart && begins_call(trip, at))
            refuse_call(trip, at);
        send_executed(trip, trip->asks[at]);
        break;
    case SC__LEG_COMMIT:
        trip->committing = true;
        send_text(trip, "commit");
        break;
    case SC__LEG_SYNC:
        send_sync(trip);
        break;
    case SC__LEG_ROLLBACK:
        send_text(trip, "rollback");
        if (!trip->lost)
            send_sync(trip);
        break;
    case SC__LEG_OVER:
        break;
    }
    trip->out.at++;
}

/* ---- windows --------------------------------------------------------------------------------- */

/* Whether something has come: a failure ends the sending, however fast the server reads. */
static bool is_answered(PGconn *pg)
{
    return PQconsumeInput(pg) && !PQisBusy(pg);
}

/* Whether libpq holds more than it should, and the socket takes no more; or the other half
 * is to have a look. */
static bool is_choked(struct sc__trip *trip)
{
    PGconn *pg = trip->conn->pg;
    if (trip->bytes < SC__TRIP_UNSENT)
        return false;
    int left = PQflush(pg);
    if (left < 0)
        give_up(trip);
    if (left != 0)
        return left > 0;
    trip->bytes = 0;
    return is_answered(pg);
}

/* The server is told to answer what was sent, as often as the window wants. */
static bool is_windowed(struct sc__trip *trip)
{
    size_t taken = trip->in.leg == trip->out.leg ? trip->in.at : 0;
    trip->windowed = trip->out.at - taken >= SC__TRIP_WINDOW;
    if (!trip->apart && trip->out.at - trip->flushed >= SC__TRIP_WINDOW / 4) {
        trip->flushed = trip->out.at;
        sent_or_not(trip, PQsendFlushRequest(trip->conn->pg));
    }
    return trip->windowed;
}

/* Whether the next statement's Parse is under way in a trip before this one, of which
 * nobody knows yet whether it goes well. */
static bool is_behind(const struct sc__trip *trip)
{
    if (trip->out.leg != SC__LEG_DESCRIBE && trip->out.leg != SC__LEG_EXECUTE)
        return false;
    const struct sc__plan *plan = trip->asks[trip->out.at]->plan;
    return plan->sent && plan->sent != trip && plan->name[0] &&
           plan->state == SC__PLAN_NEW;
}

/* At the end of a leg: whether what it sent must be taken first. */
static bool must_hold(struct sc__trip *trip)
{
    enum sc__leg leg = trip->out.leg;
    bool last = leg == SC__LEG_SYNC && trip->begin;
    if (!last && leg != SC__LEG_LEARN && leg != SC__LEG_DESCRIBE)
        return false;
    if (!last && !trip->held && !trip->apart)
        sent_or_not(trip, PQsendFlushRequest(trip->conn->pg));
    trip->held = true;
    return true;
}

enum sc__trip_send sc__trip_send(struct sc__trip *trip)
{
    while (!trip->lost && trip->out.leg != SC__LEG_OVER) {
        if (trip->out.at >= trip->length[trip->out.leg]) {
            if (must_hold(trip))
                return trip->lost ? SC__SEND_CUT : SC__SEND_HELD;
            sc__trip_next_leg(trip);
            continue;
        }
        trip->choked = is_choked(trip);
        if (trip->choked || is_windowed(trip))
            return SC__SEND_FULL;
        if (is_behind(trip))
            return SC__SEND_HELD;
        if (!trip->lost)
            send_one(trip);
    }
    return trip->lost ? SC__SEND_CUT : SC__SEND_DONE;
}
