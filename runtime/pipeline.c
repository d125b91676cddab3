/* pipeline.c: several statements, or one that is not prepared yet, in one pipeline. It must
 * not commit a part of them. */
#include "trip.h"

/* ---- receiving ------------------------------------------------------------------------ */

bool sc__is_out_of_step(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result); /* of NULL: a failure */
    if (status == PGRES_PIPELINE_ABORTED)
        return false;
    return status != PGRES_FATAL_ERROR || !PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

void sc__trip_note_bad(struct sc__trip *trip, size_t ask, PGresult *result)
{
    bool in_pipeline = PQpipelineStatus(trip->conn->pg) != PQ_PIPELINE_OFF;
    bool first = !trip->error && PQresultStatus(result) != PGRES_PIPELINE_ABORTED;
    if (first)
        trip->failed = ask;
    if (!result || (in_pipeline && sc__is_out_of_step(result))) {
        trip->lost = true;
        trip->conn->broken = true;
    }
    if (first)
        trip->error = result;
    else
        PQclear(result);
}

/* Takes all results of one command of a pipeline; gives the result when it is good. */
static PGresult *take_step(struct sc__trip *trip, size_t ask)
{
    if (trip->lost)
        return NULL;
    PGresult *result = sc__io_result(trip->conn);
    bool good = result && sc__is_good(result);
    if (!good)
        sc__trip_note_bad(trip, ask, result);
    if (!trip->lost)
        sc__io_drain(trip->conn);
    return good ? result : NULL;
}

static bool take_parse(struct sc__trip *trip, size_t ask)
{
    PGresult *result = take_step(trip, ask);
    if (!result)
        return false;
    PQclear(result);
    trip->asks[ask]->plan->state = SC__PLAN_THERE;
    return true;
}

static bool compare(struct sc__trip *trip, size_t ask, const PGresult *result)
{
    struct sc__plan *plan = trip->asks[ask]->plan;
    if (sc__plan_compare(plan, result, trip->mismatched ? NULL : trip->err) == SC_OK) {
        plan->state = SC__PLAN_READY;
        return true;
    }
    plan->state = SC__PLAN_THERE;
    if (!trip->mismatched)
        trip->failed = ask;
    trip->mismatched = true;
    return false;
}

/* ---- sending ----------------------------------------------------------------------------- */

static bool send_parse(struct sc__conn *conn, const struct sc__plan *plan)
{
    return PQsendPrepare(conn->pg, plan->name, plan->sql, plan->nparams, plan->params);
}

/* Marks in ask->step what was sent for it. */
enum { PARSED = 1, DESCRIBED = 2 };

static bool wants_comparison(const struct sc__ask *ask)
{
    return ask->row && !sc__plan_ready(ask->plan);
}

/* Whether results must be compared before anything is executed. */
static bool must_hold(const struct sc__trip *trip)
{
    bool writes = false, unknown = false;
    for (size_t i = 0; i < trip->count; i++) {
        writes |= (trip->asks[i]->flags & SC__WRITE) != 0;
        unknown |= wants_comparison(trip->asks[i]);
    }
    return writes && unknown;
}

/* Whether the ask's plan must be parsed now; a plan that several asks share, once. An
 * unnamed one lasts until the next of its kind. */
static bool needs_parse(const struct sc__trip *trip, const struct sc__ask *ask)
{
    const struct sc__plan *plan = ask->plan;
    if (!plan->name[0])
        return !(plan->sent && trip->count == 1);
    return plan->state == SC__PLAN_NEW && !plan->sent;
}

static void send_step_parse(struct sc__trip *trip, struct sc__ask *ask)
{
    ask->step = 0;
    if (!needs_parse(trip, ask))
        return;
    ask->step = PARSED;
    ask->plan->sent = true;
    trip->unsent = !send_parse(trip->conn, ask->plan);
}

/* Reads up to the Sync's answer and leaves pipeline mode. Where not all could be sent there
 * is no Sync: it would commit a part, which the server drops when the connection closes. */
static void land(struct sc__trip *trip)
{
    struct sc__conn *conn = trip->conn;
    PGresult *sync = trip->lost || trip->unsent ? NULL : sc__io_result(conn);
    if (sync && !sc__is_out_of_step(sync)) {
        trip->at_end = !trip->error;
        sc__trip_note_bad(trip, trip->count - 1, sync);
        /* libpq now waits by itself: io.c would take the error's text for a lost answer. */
        sync = PQgetResult(conn->pg);
        if (!sync) /* the end of the error's own results */
            sync = PQgetResult(conn->pg);
    }
    if (PQresultStatus(sync) != PGRES_PIPELINE_SYNC || !PQexitPipelineMode(conn->pg)) {
        trip->lost = true;
        conn->broken = true;
    }
    PQclear(sync);
}

static void collect_described(struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++) {
        int step = trip->asks[i]->step;
        if (step & PARSED)
            take_parse(trip, i);
        PGresult *result = step & DESCRIBED ? take_step(trip, i) : NULL;
        if (result)
            compare(trip, i, result);
        PQclear(result);
    }
}

/* Parse and Describe of whatever is not known, in a trip of its own. */
static void fly_described(struct sc__trip *trip)
{
    PGconn *pg = trip->conn->pg;
    for (size_t i = 0; i < trip->count && !trip->unsent; i++) {
        struct sc__ask *ask = trip->asks[i];
        ask->step = 0;
        if (!wants_comparison(ask) || (ask->plan->described && ask->plan->name[0]))
            continue;
        send_step_parse(trip, ask);
        ask->step |= DESCRIBED;
        ask->plan->described = true;
        trip->unsent = trip->unsent || !PQsendDescribePrepared(pg, ask->plan->name);
    }
    trip->unsent = trip->unsent || !PQsendFlushRequest(pg);
    if (!trip->unsent)
        collect_described(trip);
}

static void collect_executed(struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++) {
        struct sc__ask *ask = trip->asks[i];
        if (ask->step & PARSED)
            take_parse(trip, i);
        PGresult *result = take_step(trip, i);
        if (result && !compare(trip, i, result)) {
            PQclear(result);
            result = NULL;
        }
        ask->result = result;
    }
}

/* Lets large values out before the next statement's: after each piece that the socket
 * takes, libpq moves all that is still unsent to the front of its buffer. */
static bool send_large(struct sc__conn *conn, const struct sc__ask *ask)
{
    enum { LARGE = 64 * 1024 };
    size_t size = 0;
    for (uint16_t i = 0; i < ask->nparams; i++)
        size += (size_t)ask->wires[i].length; /* of texts 0: these are seldom large */
    return size < LARGE || sc__io_flush(conn);
}

static void fly_executed(struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count && !trip->unsent; i++) {
        struct sc__ask *ask = trip->asks[i];
        send_step_parse(trip, ask);
        trip->unsent = trip->unsent || !sc__trip_execute(trip, ask) ||
                       !send_large(trip->conn, ask);
    }
    trip->unsent = trip->unsent || !PQpipelineSync(trip->conn->pg);
    if (!trip->unsent)
        collect_executed(trip);
}

static void clear_marks(struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++) {
        trip->asks[i]->plan->sent = false;
        trip->asks[i]->plan->described = false;
    }
}

void sc__trip_pipeline(struct sc__trip *trip)
{
    clear_marks(trip);
    trip->unsent = !PQenterPipelineMode(trip->conn->pg);
    if (!trip->unsent && must_hold(trip))
        fly_described(trip);
    if (sc__trip_went_well(trip))
        fly_executed(trip);
    else if (!trip->unsent && !trip->lost)
        trip->unsent = !PQpipelineSync(trip->conn->pg); /* nothing was executed */
    land(trip);
    clear_marks(trip);
}
