/* take.c: the half of a trip that takes results. It must not send or wait. */
#include "trip.h"
#include <string.h>

/* ---- failures -------------------------------------------------------------------------- */

/* Whether libpq itself failed: out of memory, it goes out of step with the server and
 * would wait for answers that have long come. */
static bool is_out_of_step(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result); /* of NULL: a failure */
    if (status == PGRES_PIPELINE_ABORTED)
        return false;
    return status != PGRES_FATAL_ERROR || !PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

static size_t ask_at(const struct sc__trip *trip)
{
    enum sc__leg leg = trip->in.leg;
    return leg == SC__LEG_DESCRIBE || leg == SC__LEG_EXECUTE ? trip->in.at : 0;
}

/* Whether the error says that the session ends, while a commit is under way: nobody knows
 * what became of it. 57P01 and its like; libpq's own have no code. */
static bool is_farewell(const struct sc__trip *trip, const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return !sqlstate || (trip->at_end && strncmp(sqlstate, "57P", 3) == 0);
}

/* Keeps the first bad result as the trip's error. */
static void note_bad(struct sc__trip *trip, PGresult *result)
{
    bool first = !trip->error && !trip->mismatched &&
                 PQresultStatus(result) != PGRES_PIPELINE_ABORTED;
    if (first) {
        trip->failed = ask_at(trip);
        trip->at_begin = trip->in.leg == SC__LEG_BEGIN;
        trip->at_end = trip->in.leg >= SC__LEG_COMMIT;
        if (trip->at_end)
            trip->failed = trip->count - 1;
    }
    if (is_out_of_step(result)) {
        trip->lost = true;
        trip->conn->broken = true;
    }
    if (first)
        trip->refused = result && !is_farewell(trip, result);
    sc__trip_cut(trip);
    if (first)
        trip->error = result;
    else
        PQclear(result);
}

void sc__trip_lose(struct sc__trip *trip)
{
    PGconn *pg = trip->conn->pg;
    trip->conn->broken = true;
    if (!trip->lost) /* libpq makes a result of the failure */
        note_bad(trip, PQstatus(pg) != CONNECTION_OK ? PQgetResult(pg) : NULL);
    trip->lost = true;
}

/* The statement of an ask could not be prepared, or its result is not what it should be:
 * apart, that is so for every ask that has the same plan. */
static void refuse(struct sc__trip *trip, struct sc__ask *ask)
{
    bool failed = ask->status != SC_OK || (ask->fate & SC__FATE_AGAIN);
    if (trip->in.leg == SC__LEG_DESCRIBE && failed)
        ask->plan->refused = ask;
}

static void take_bad(struct sc__trip *trip, PGresult *result)
{
    enum sc__leg leg = trip->in.leg;
    bool asked = leg == SC__LEG_DESCRIBE || leg == SC__LEG_EXECUTE;
    trip->spoken = true;
    if (!trip->apart || is_out_of_step(result)) {
        note_bad(trip, result);
        return;
    }
    if (asked && PQresultStatus(result) != PGRES_PIPELINE_ABORTED) {
        struct sc__ask *ask = trip->asks[trip->in.at];
        sc__trip_fail_ask(trip, ask, result);
        refuse(trip, ask);
    }
    PQclear(result); /* of LEARN: what is lacking is found by sc__plan_settle */
}

/* ---- good results ------------------------------------------------------------------------ */

/* Room for the words of an ask that fails apart; NULL: none, or they are not wanted. */
static struct sc_error *words_of(struct sc__trip *trip, struct sc__ask *ask)
{
    if (!trip->apart)
        return trip->mismatched || trip->error ? NULL : trip->err;
    ask->error = sc__scratch_alloc(trip->memory, sizeof(*ask->error));
    return ask->error;
}

static void mismatch(struct sc__trip *trip, size_t at)
{
    struct sc__ask *ask = trip->asks[at];
    if (trip->apart) {
        ask->status = SC_SCHEMA_MISMATCH;
        refuse(trip, ask);
        return;
    }
    if (!trip->mismatched && !trip->error)
        trip->failed = at;
    trip->mismatched = true;
    sc__trip_cut(trip);
}

static bool compare(struct sc__trip *trip, const PGresult *result)
{
    struct sc__ask *ask = trip->asks[trip->in.at];
    struct sc__plan *plan = ask->plan;
    if (sc__plan_compare(plan, result, NULL) == SC_OK) {
        sc__plan_approve(plan);
        return true;
    }
    plan->state = SC__PLAN_THERE;
    (void)sc__plan_compare(plan, result, words_of(trip, ask));
    mismatch(trip, trip->in.at);
    return false;
}

static void take_good(struct sc__trip *trip, enum sc__due what, PGresult *result)
{
    struct sc__ask *ask = trip->asks[ask_at(trip)];
    switch (trip->in.leg) {
    case SC__LEG_LEARN:
        sc__types_answer(&trip->conn->types, result);
        break;
    case SC__LEG_COMMIT:
        trip->committing = false;
        trip->rolled_back = strcmp(PQcmdStatus(result), "ROLLBACK") == 0;
        trip->committed = !trip->rolled_back;
        break;
    case SC__LEG_DESCRIBE:
    case SC__LEG_EXECUTE:
        if (what == SC__DUE_PARSE) {
            ask->plan->state = SC__PLAN_THERE;
        } else if (sc__plan_ready(ask->plan) || compare(trip, result)) {
            if (what == SC__DUE_RESULT) {
                ask->result = result;
                if (ask->slab)
                    sc__rows_settle(ask);
                return;
            }
        }
        break;
    case SC__LEG_BEGIN:
    case SC__LEG_SYNC:
    case SC__LEG_ROLLBACK:
    case SC__LEG_OVER:
        break;
    }
    PQclear(result);
}

/* ---- Syncs ----------------------------------------------------------------------------------- */

/* Apart: the call is over, unless it is to be done once more. */
static void end_call(struct sc__trip *trip)
{
    size_t from = trip->in.at, to = from;
    bool good = true, again = false;
    for (;; from--) {
        good &= trip->asks[from]->status == SC_OK;
        again |= (trip->asks[from]->fate & SC__FATE_AGAIN) != 0;
        if (from == 0 || (trip->asks[from - 1]->fate & SC__FATE_ENDS))
            break;
    }
    for (size_t i = from; i <= to; i++) {
        if (!again)
            trip->asks[i]->fate |= SC__FATE_OVER;
        if (again || !good)
            sc__ask_clear(trip->asks[i]);
    }
}

static void synced(struct sc__trip *trip)
{
    trip->syncing = false;
    trip->spoken = false;
    trip->due &= ~(unsigned)SC__DUE_SYNC;
    if (trip->apart && trip->in.leg == SC__LEG_EXECUTE)
        end_call(trip);
}

/* What the server says when a Sync commits is no answer to a statement: an error, the NULL
 * behind it, or two, and then the Sync's own. */
static void take_sync(struct sc__trip *trip, PGresult *result)
{
    enum { NULLS = 2 };
    if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
        PQclear(result);
        synced(trip);
    } else if (!result && trip->syncing && trip->nulls++ < NULLS) {
        return;
    } else if (!result || trip->syncing || is_out_of_step(result)) {
        trip->lost = true;
        trip->conn->broken = true;
        PQclear(result);
    } else {
        trip->syncing = true;
        trip->nulls = 0;
        if (trip->apart && trip->asks[ask_at(trip)]->status != SC_OK)
            PQclear(result);
        else
            take_bad(trip, result);
    }
}

/* ---- the half ---------------------------------------------------------------------------------- */

static void take_result(struct sc__trip *trip, PGresult *result)
{
    if (trip->tail) { /* behind its one result a statement has only the NULL */
        trip->tail = result != NULL;
        if (result)
            PQclear(result);
        return;
    }
    unsigned what = trip->due & (0u - trip->due); /* the lowest bit */
    if (what == SC__DUE_SYNC) {
        take_sync(trip, result);
        return;
    }
    trip->due &= ~what;
    trip->tail = true;
    if (sc__is_good(result))
        take_good(trip, (enum sc__due)what, result);
    else
        take_bad(trip, result);
}

static unsigned due_at(const struct sc__trip *trip)
{
    unsigned sync = trip->apart ? SC__DUE_SYNC : 0;
    switch (trip->in.leg) {
    case SC__LEG_BEGIN:
    case SC__LEG_COMMIT:
        return SC__DUE_RESULT;
    case SC__LEG_LEARN:
        return SC__DUE_RESULT | sync;
    case SC__LEG_DESCRIBE:
    case SC__LEG_EXECUTE:
        return trip->asks[trip->in.at]->step;
    case SC__LEG_SYNC:
        return SC__DUE_SYNC;
    case SC__LEG_ROLLBACK:
        return SC__DUE_RESULT | SC__DUE_SYNC;
    case SC__LEG_OVER:
        return 0;
    }
    return 0;
}

/* Finds the next thing whose answers have not been taken. False: all of them have. */
static bool find_due(struct sc__trip *trip)
{
    struct sc__trip_place *in = &trip->in;
    while (in->leg < trip->out.leg || in->at < trip->out.at) {
        if (in->leg < trip->out.leg && in->at >= trip->length[in->leg]) {
            in->leg++;
            in->at = 0;
            continue;
        }
        trip->due = due_at(trip);
        if (trip->due)
            return true;
        in->at++;
    }
    return false;
}

/* LEARN: the plans that lack nothing any more are settled. */
static void settle_all(struct sc__trip *trip)
{
    struct sc__conn *conn = trip->conn;
    for (size_t i = 0; i < trip->count; i++) {
        struct sc__ask *ask = trip->asks[i];
        struct sc_error why;
        if (ask->plan->state != SC__PLAN_UNLEARNT || ask->plan->refused)
            continue;
        enum sc_status status = sc__plan_settle(conn, ask->plan, &why);
        if (status == SC_OK)
            continue;
        struct sc_error *words = words_of(trip, ask);
        if (words)
            *words = why;
        mismatch(trip, i);
        trip->no_memory |= status == SC_NO_MEMORY;
        if (trip->apart)
            ask->plan->refused = ask;
    }
    if (trip->suspect && !trip->suspect->changed && sc__trip_went_well(trip)) {
        trip->unchanged = true;
        sc__trip_cut(trip);
    }
}

/* All that was sent is taken: a trip that was held goes on. */
static void release(struct sc__trip *trip)
{
    if (!trip->held)
        return;
    trip->held = false;
    if (trip->out.leg == SC__LEG_LEARN && !trip->error)
        settle_all(trip);
    sc__trip_next_leg(trip);
}

static bool may_send(const struct sc__trip *trip)
{
    return trip->windowed && trip->in.leg == trip->out.leg &&
           trip->out.at - trip->in.at <= SC__TRIP_WINDOW / 2;
}

/* Behind a Sync whose result it has no memory for, libpq drops all answers up to the next
 * Sync, another call's or trip's, says so in its message alone, and gives that Sync instead. */
static bool has_skipped(const struct sc__trip *trip)
{
    return trip->due == SC__DUE_SYNC && !trip->tail && !trip->spoken &&
           *PQerrorMessage(trip->conn->pg);
}

static void take_next(struct sc__trip *trip)
{
    bool skipped = has_skipped(trip);
    PGresult *result = PQgetResult(trip->conn->pg);
    if (skipped && PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
        PQclear(result);
        note_bad(trip, NULL);
    } else {
        take_result(trip, result);
    }
}

enum sc__trip_take sc__trip_take(struct sc__trip *trip)
{
    struct sc__conn *conn = trip->conn;
    while (!trip->lost) {
        if (!trip->tail && !trip->due && !find_due(trip)) {
            if (trip->out.leg == SC__LEG_OVER)
                return SC__TAKE_DONE;
            release(trip);
            return SC__TAKE_SEND;
        }
        if (!trip->tail && sc__io_is_busy(conn))
            return may_send(trip) ? SC__TAKE_SEND : SC__TAKE_WAIT;
        take_next(trip);
        if (!trip->tail && !trip->due)
            trip->in.at++;
    }
    return SC__TAKE_DONE;
}
