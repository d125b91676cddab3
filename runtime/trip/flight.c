/* flight.c: asks to the server, results back: one prepared statement at its quickest, and the
 * loop over attempts. It must not look into rows or know what a call wants of them. */
#include "quick.h"
#include <stdlib.h>
#include <string.h>

/* ---- sending -------------------------------------------------------------------------- */

/* An array of enums carries its element's OID in bytes 8 to 11, and only the connection
 * knows it. Such a value was built in scratch, so it may be written to. */
void sc__trip_patch_enums(const struct sc__conn *conn, const struct sc__ask *ask)
{
    for (uint16_t i = 0; i < ask->nparams; i++) {
        const struct sc__param *param = &ask->plan->param_types[i];
        uint32_t oid = sc__types_element(&conn->types, param->type, param->as_list);
        const struct sc__wire *wire = &ask->wires[i];
        if (!oid || !wire->value || wire->format != 1 || wire->length < 12)
            continue;
        unsigned char bytes[] = { (unsigned char)(oid >> 24),
                                  (unsigned char)(oid >> 16), (unsigned char)(oid >> 8),
                                  (unsigned char)oid };
        memcpy((char *)(uintptr_t)wire->value + 8, bytes, sizeof(bytes));
    }
}

bool sc__trip_execute(struct sc__trip *trip, const struct sc__ask *ask)
{
    struct sc__conn *conn = trip->conn;
    const struct sc__plan *plan = ask->plan;
    int count = ask->nparams;
    if (plan->enum_arrays)
        sc__trip_patch_enums(conn, ask);
    if (count <= SC__PLAN_FEW) {
        struct sc__bound few;
        const int *formats = sc__bind(ask, few.values, few.lengths, few.formats);
        return PQsendQueryPrepared(conn->pg, plan->name, count, few.values, few.lengths,
                                   formats, 1);
    }
    size_t n = ask->nparams;
    const char **values = malloc(n * (sizeof(*values) + 2 * sizeof(int)));
    if (!values) {
        trip->no_memory = true;
        return false;
    }
    int *lengths = (int *)(void *)(values + n);
    const int *formats = sc__bind(ask, values, lengths, lengths + n);
    bool sent = PQsendQueryPrepared(conn->pg, plan->name, count, values, lengths,
                                    formats, 1);
    free(values);
    return sent;
}

/* ---- one prepared statement ----------------------------------------------------------- */

/* The statement went well, and committing it (a deferred constraint) may still fail: the
 * first bad result counts. */
static void replace_good(PGresult **result, PGresult *more)
{
    PGresult *drop = more;
    if (sc__is_good(*result) && !sc__is_good(more)) {
        drop = *result;
        *result = more;
    }
    PQclear(drop);
}

bool sc__fly_on(struct sc__conn *conn, struct sc__ask *ask, PGresult *more)
{
    if (!sc__is_good(ask->result))
        sc__io_note(conn, ask->result);
    conn->broken |= !ask->result; /* it was sent: not a second time */
    if (conn->broken)
        return false;
    while (more || (more = PQgetResult(conn->pg)) != NULL) {
        replace_good(&ask->result, more);
        more = NULL;
    }
    return sc__is_good(ask->result);
}

/* What sc__fly_quick does, or what it has left, so that a failure is seen and mended. The
 * types are not compared again: the server refuses a statement whose result has changed
 * (0A000). */
static void fly_ready(struct sc__trip *trip)
{
    struct sc__conn *conn = trip->conn;
    struct sc__ask *ask = trip->asks[0];
    if (!ask->result && (conn->broken || !sc__trip_execute(trip, ask))) {
        trip->lost = true;
        conn->broken = true;
        return;
    }
    PGresult *result = ask->result ? ask->result : sc__io_result(conn), *more;
    ask->result = NULL;
    while (result && (more = sc__io_result(conn)) != NULL)
        replace_good(&result, more);
    if (result && sc__is_good(result)) {
        ask->result = result;
        return;
    }
    trip->error = result;
    trip->lost = !result || conn->broken;
    conn->broken |= trip->lost;
}

/* ---- the flight ------------------------------------------------------------------------- */

/* The driver that waits: all waiting for a pipeline is here. */
static void drive(struct sc__trip *trip)
{
    PGconn *pg = trip->conn->pg;
    enum sc__trip_take take = SC__TAKE_SEND;
    if (!PQenterPipelineMode(pg)) {
        sc__trip_lose(trip);
        return;
    }
    while (take != SC__TAKE_DONE) {
        if (take == SC__TAKE_WAIT &&
            !sc__io_wait_both(trip->conn, sc__trip_choked(trip), sc__trip_spoken(trip)))
            sc__trip_lose(trip);
        sc__trip_send(trip);
        take = sc__trip_take(trip);
    }
    if (!trip->lost && !PQexitPipelineMode(pg))
        sc__trip_lose(trip);
}

static enum sc_status fly_once(struct sc__trip *trip, bool *again)
{
    bool alone = trip->count == 1 && !trip->begin && !trip->apart;
    if (alone && sc__plan_ready(trip->asks[0]->plan))
        fly_ready(trip);
    else
        drive(trip);
    return sc__trip_end(trip, again);
}

static enum sc_status attempt(struct sc__flight *flight, struct sc__trip *trip,
                              bool *again)
{
    struct sc__conn *conn = flight->conn;
    bool first = trip->attempts == 0;
    enum sc_status status = sc__trip_start(trip);
    if (status != SC_OK)
        return status;
    if (first && flight->depart)
        flight->depart(flight->depart_arg);
    bool flown = flight->asks[0]->result != NULL; /* by fly_quick, and badly */
    if (!flown && !sc__io_begin(conn))
        return sc__trip_fail_rest(
            trip, sc__fail_conn(trip->err, flight->asks[0]->label, conn->pg));
    return fly_once(trip, again);
}

enum sc_status sc__fly(struct sc__flight *flight, struct sc_error *err)
{
    struct sc__conn *conn = flight->conn;
    sc__plans_drop_unnamed(&conn->plans);
    struct sc__trip trip = { .conn = conn,
                             .asks = flight->asks,
                             .count = flight->count,
                             .begin = flight->begin,
                             .apart = flight->apart,
                             .memory = flight->memory,
                             .err = &conn->trouble };
    trip.in_tx = PQtransactionStatus(conn->pg) != PQTRANS_IDLE;
    enum sc_status status = SC_OK;
    for (bool again = true; again;) {
        again = false;
        status = attempt(flight, &trip, &again);
    }
    flight->landing = sc__trip_landing(&trip, status);
    sc__io_end(conn);
    if (status != SC_OK && err)
        *err = conn->trouble;
    return status;
}
