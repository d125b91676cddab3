/* flight.c: asks to the server, results back: one prepared statement at its quickest, and the
 * loop over attempts. It must not look into rows or know what a call wants of them. */
#include "trip.h"
#include <stdlib.h>
#include <string.h>

void sc__ask_clear(struct sc__ask *ask)
{
    PQclear(ask->result);
    ask->result = NULL;
}

/* ---- sending -------------------------------------------------------------------------- */

enum { FEW = 16 };
/* The parallel arrays that libpq wants. */
struct bound {
    const char *values[FEW];
    int lengths[FEW];
    int formats[FEW];
};

/* An array of enums carries its element's OID in bytes 8 to 11, and only the connection
 * knows it. Such a value was built in scratch, so it may be written to. */
static void patch_enum_arrays(const struct sc__conn *conn, const struct sc__ask *ask)
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

/* Fills the arrays; gives formats, or NULL where all are text: libpq then sends none. */
static const int *bind(const struct sc__ask *ask, const char **values, int *lengths,
                       int *formats)
{
    const struct sc__wire *wire = ask->wires;
    int some = 0;
    for (size_t i = 0; i < ask->nparams; i++, wire++) {
        values[i] = wire->value;
        lengths[i] = wire->length;
        formats[i] = wire->format;
        some |= wire->format;
    }
    return some ? formats : NULL;
}

bool sc__trip_execute(struct sc__trip *trip, const struct sc__ask *ask)
{
    struct sc__conn *conn = trip->conn;
    const struct sc__plan *plan = ask->plan;
    int count = ask->nparams;
    if (plan->enum_arrays)
        patch_enum_arrays(conn, ask);
    if (count <= FEW) {
        struct bound few;
        const int *formats = bind(ask, few.values, few.lengths, few.formats);
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
    const int *formats = bind(ask, values, lengths, lengths + n);
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

/* The way that nearly all calls go. libpq waits by itself here: one command is in flight,
 * and it was sent whole or will be while libpq waits. A bad result is left in the ask, for
 * fly_ready to look at. */
bool sc__fly_quick(struct sc__conn *conn, struct sc__ask *ask)
{
    struct sc__plan *plan = sc__plan_find(&conn->plans, &ask->key);
    if (!plan || !sc__plan_ready(plan) || ask->nparams > FEW)
        return false;
    ask->plan = plan;
    if (plan->enum_arrays)
        patch_enum_arrays(conn, ask);
    struct bound few;
    const int *formats = bind(ask, few.values, few.lengths, few.formats);
    if (!PQsendQueryPrepared(conn->pg, plan->name, ask->nparams, few.values,
                             few.lengths, formats, 1))
        return false;
    ask->result = PQgetResult(conn->pg);
    bool good = sc__is_good(ask->result);
    if (!good)
        sc__io_note(conn, ask->result);
    if (conn->broken)
        return false;
    PGresult *more;
    while ((more = PQgetResult(conn->pg)) != NULL) {
        replace_good(&ask->result, more);
        good = sc__is_good(ask->result);
    }
    return good;
}

/* The same, or what is left of it, so that a failure is seen and mended. The types are
 * not compared again: the server refuses a statement whose result has changed (0A000). */
static void fly_ready(struct sc__trip *trip)
{
    struct sc__conn *conn = trip->conn;
    struct sc__ask *ask = trip->asks[0];
    if (!ask->result && !sc__trip_execute(trip, ask)) {
        trip->unsent = true;
        return;
    }
    PGresult *result = ask->result ? ask->result : sc__io_result(conn), *more;
    ask->result = NULL;
    while (result && (more = sc__io_result(conn)) != NULL)
        replace_good(&result, more);
    if (result && sc__is_good(result))
        ask->result = result;
    else
        sc__trip_note_bad(trip, 0, result);
}

static void drop_results(struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++)
        sc__ask_clear(trip->asks[i]);
}

/* ---- the flight ------------------------------------------------------------------------- */

static enum sc_status plan_all(struct sc__flight *flight, struct sc_error *err)
{
    sc__plans_drop_unnamed(&flight->conn->plans);
    for (size_t i = 0; i < flight->count; i++) {
        enum sc_status status = sc__plan_get(flight->conn, flight->asks[i], err);
        if (status != SC_OK) {
            flight->failed = i;
            return status;
        }
    }
    return SC_OK;
}

static enum sc_status fly_once(struct sc__trip *trip, bool in_tx, bool *again)
{
    if (trip->count == 1 && sc__plan_ready(trip->asks[0]->plan))
        fly_ready(trip);
    else
        sc__trip_pipeline(trip);
    if (sc__trip_went_well(trip))
        return SC_OK;
    drop_results(trip);
    enum sc_status status = sc__trip_explain(trip, in_tx);
    *again = sc__trip_mend(trip, in_tx) && !in_tx;
    PQclear(trip->error);
    return status;
}

enum sc_status sc__fly(struct sc__flight *flight, struct sc_error *err)
{
    /* a stale name, its successor taken, an enum made anew, and then it flies */
    enum { ATTEMPTS = 4 };
    enum sc_status status = plan_all(flight, err);
    if (status != SC_OK)
        return status;
    struct sc__conn *conn = flight->conn;
    bool in_tx = PQtransactionStatus(conn->pg) != PQTRANS_IDLE;
    bool again = true;
    if (flight->depart)
        flight->depart(flight->depart_arg);
    for (int attempt = 0; again && attempt < ATTEMPTS; attempt++) {
        bool flown = flight->asks[0]->result != NULL; /* by fly_quick, and badly */
        if (!flown && !sc__io_begin(conn))
            return sc__fail_conn(err, flight->asks[0]->label, conn->pg);
        struct sc__trip trip = { .conn = conn,
                                 .asks = flight->asks,
                                 .count = flight->count };
        trip.err = &conn->trouble;
        again = false;
        status = fly_once(&trip, in_tx, &again);
        flight->failed = trip.failed;
    }
    sc__io_end(conn);
    if (status != SC_OK && err)
        *err = conn->trouble;
    return status;
}
