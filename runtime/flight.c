/* flight.c: asks to the server, results back, and what to do about statements that have
 * gone stale. It must not look into rows or know what a call wants of them. */
#include "sc_internal.h"
#include <stdlib.h>
#include <string.h>

/* One attempt. */
struct trip {
    struct sc__conn *conn;
    struct sc__ask **asks;
    size_t count;
    size_t failed;   /* the ask whose result `error` is */
    PGresult *error; /* the first bad result; owned */
    bool unsent;     /* libpq took no more: nothing may be kept of it */
    bool no_memory;  /* why */
    bool lost;       /* the connection has gone */
    bool mismatched; /* a result is not what was generated for; *err tells */
    bool at_end;     /* the error came when the server committed: of no ask alone */
    struct sc_error *err;
};

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
    const struct sc__wire *wire = ask->wires, *last = wire + ask->nparams;
    int some = 0;
    for (int *format = formats; wire < last; wire++) {
        *values++ = wire->value;
        *lengths++ = wire->length;
        *format++ = wire->format;
        some |= wire->format;
    }
    return some ? formats : NULL;
}

static bool send_execute(struct trip *trip, const struct sc__ask *ask)
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

static bool send_parse(struct sc__conn *conn, const struct sc__plan *plan)
{
    return PQsendPrepare(conn->pg, plan->name, plan->sql, plan->nparams, plan->params);
}

/* ---- receiving ------------------------------------------------------------------------ */

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* Whether libpq itself failed, in a pipeline: out of memory, it goes out of step with the
 * server and would wait for answers that have long come. */
static bool is_out_of_step(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result); /* of NULL: a failure */
    if (status == PGRES_PIPELINE_ABORTED)
        return false;
    return status != PGRES_FATAL_ERROR || !PQresultErrorField(result, PG_DIAG_SQLSTATE);
}

/* Keeps the first bad result as the trip's error. */
static void note_bad(struct trip *trip, size_t ask, PGresult *result)
{
    bool in_pipeline = PQpipelineStatus(trip->conn->pg) != PQ_PIPELINE_OFF;
    bool first = !trip->error && PQresultStatus(result) != PGRES_PIPELINE_ABORTED;
    if (first)
        trip->failed = ask;
    if (!result || (in_pipeline && is_out_of_step(result))) {
        trip->lost = true;
        trip->conn->broken = true;
    }
    if (first)
        trip->error = result;
    else
        PQclear(result);
}

/* Takes all results of one command of a pipeline; gives the result when it is good. */
static PGresult *take_step(struct trip *trip, size_t ask)
{
    if (trip->lost)
        return NULL;
    PGresult *result = sc__io_result(trip->conn);
    bool good = result && is_good(result);
    if (!good)
        note_bad(trip, ask, result);
    if (!trip->lost)
        sc__io_drain(trip->conn);
    return good ? result : NULL;
}

static bool take_parse(struct trip *trip, size_t ask)
{
    PGresult *result = take_step(trip, ask);
    if (!result)
        return false;
    PQclear(result);
    trip->asks[ask]->plan->state = SC__PLAN_THERE;
    return true;
}

static bool compare(struct trip *trip, size_t ask, const PGresult *result)
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

static bool went_well(const struct trip *trip)
{
    return !trip->error && !trip->unsent && !trip->lost && !trip->mismatched;
}

/* ---- one prepared statement ----------------------------------------------------------- */

/* The statement went well, and committing it (a deferred constraint) may still fail: the
 * first bad result counts. */
static void replace_good(PGresult **result, PGresult *more)
{
    PGresult *drop = more;
    if (is_good(*result) && !is_good(more)) {
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
    sc__io_note(conn, ask->result);
    if (conn->broken)
        return false;
    PGresult *more;
    while ((more = PQgetResult(conn->pg)) != NULL)
        replace_good(&ask->result, more);
    return ask->result && is_good(ask->result);
}

/* The same, or what is left of it, so that a failure is seen and mended. The types are
 * not compared again: the server refuses a statement whose result has changed (0A000). */
static void fly_ready(struct trip *trip)
{
    struct sc__conn *conn = trip->conn;
    struct sc__ask *ask = trip->asks[0];
    if (!ask->result && !send_execute(trip, ask)) {
        trip->unsent = true;
        return;
    }
    PGresult *result = ask->result ? ask->result : sc__io_result(conn), *more;
    ask->result = NULL;
    while (result && (more = sc__io_result(conn)) != NULL)
        replace_good(&result, more);
    if (result && is_good(result))
        ask->result = result;
    else
        note_bad(trip, 0, result);
}

/* ---- a pipeline ----------------------------------------------------------------------- */

/* Marks in ask->step what was sent for it. */
enum { PARSED = 1, DESCRIBED = 2 };

static bool wants_comparison(const struct sc__ask *ask)
{
    return ask->row && !sc__plan_ready(ask->plan);
}

/* Whether results must be compared before anything is executed. */
static bool must_hold(const struct trip *trip)
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
static bool needs_parse(const struct trip *trip, const struct sc__ask *ask)
{
    const struct sc__plan *plan = ask->plan;
    if (!plan->name[0])
        return !(plan->sent && trip->count == 1);
    return plan->state == SC__PLAN_NEW && !plan->sent;
}

static void send_step_parse(struct trip *trip, struct sc__ask *ask)
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
static void land(struct trip *trip)
{
    struct sc__conn *conn = trip->conn;
    PGresult *sync = trip->lost || trip->unsent ? NULL : sc__io_result(conn);
    if (sync && !is_out_of_step(sync)) {
        trip->at_end = !trip->error;
        note_bad(trip, trip->count - 1, sync);
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

static void collect_described(struct trip *trip)
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
static void fly_described(struct trip *trip)
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

static void collect_executed(struct trip *trip)
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

static void fly_executed(struct trip *trip)
{
    for (size_t i = 0; i < trip->count && !trip->unsent; i++) {
        struct sc__ask *ask = trip->asks[i];
        send_step_parse(trip, ask);
        trip->unsent = trip->unsent || !send_execute(trip, ask) ||
                       !send_large(trip->conn, ask);
    }
    trip->unsent = trip->unsent || !PQpipelineSync(trip->conn->pg);
    if (!trip->unsent)
        collect_executed(trip);
}

static void clear_marks(struct trip *trip)
{
    for (size_t i = 0; i < trip->count; i++) {
        trip->asks[i]->plan->sent = false;
        trip->asks[i]->plan->described = false;
    }
}

static void fly_pipeline(struct trip *trip)
{
    clear_marks(trip);
    trip->unsent = !PQenterPipelineMode(trip->conn->pg);
    if (!trip->unsent && must_hold(trip))
        fly_described(trip);
    if (went_well(trip))
        fly_executed(trip);
    else if (!trip->unsent && !trip->lost)
        trip->unsent = !PQpipelineSync(trip->conn->pg); /* nothing was executed */
    land(trip);
    clear_marks(trip);
}

/* ---- mending -------------------------------------------------------------------------- */

static bool has_code(const PGresult *error, const char *code)
{
    const char *sqlstate = PQresultErrorField(error, PG_DIAG_SQLSTATE);
    return sqlstate && strcmp(sqlstate, code) == 0;
}

static bool is_stale(const PGresult *error)
{
    const char *function = PQresultErrorField(error, PG_DIAG_SOURCE_FUNCTION);
    return has_code(error, "0A000") && function &&
           strcmp(function, "RevalidateCachedQuery") == 0;
}

/* Whether it may be that a type's OID is not the one that was looked up: a result of another
 * type, "cache lookup failed" (XX000), "type with OID ... does not exist" and the like (42). */
static bool may_be_types(const struct trip *trip)
{
    if (!trip->error)
        return trip->mismatched;
    const char *sqlstate = PQresultErrorField(trip->error, PG_DIAG_SQLSTATE);
    return sqlstate &&
           (strcmp(sqlstate, "XX000") == 0 || strncmp(sqlstate, "42", 2) == 0);
}

/* Puts right what made the trip fail; true: the next one may go better. Source of the
 * codes: PostgreSQL 15, src/backend/commands/prepare.c, src/backend/utils/cache/plancache.c */
static bool mend(struct trip *trip, bool in_tx)
{
    struct sc__conn *conn = trip->conn;
    struct sc__plan *plan = trip->asks[trip->failed]->plan;
    if (trip->lost || trip->unsent)
        return false;
    if (trip->error && has_code(trip->error, "42P05")) { /* the name is there already */
        plan->state = SC__PLAN_THERE;
        return true;
    }
    if (trip->error && has_code(trip->error, "26000")) { /* none is there any more */
        sc__plans_forget(&conn->plans);
        return true;
    }
    if (trip->error && is_stale(trip->error)) {
        sc__plan_rename(conn, plan);
        return true;
    }
    bool changed = false; /* an enum may have been dropped and made again */
    return plan->uses_enums && !in_tx && may_be_types(trip) &&
           sc__plan_relearn(conn, plan, &changed, NULL) == SC_OK && changed;
}

static enum sc_status explain(struct trip *trip, bool in_tx)
{
    struct sc__conn *conn = trip->conn;
    const struct sc__ask *ask = trip->asks[trip->failed];
    struct sc__blame blame = { .label = ask->label,
                               .secret = ask->flags & SC__TOUCHES_SECRET };
    for (size_t i = 0; trip->at_end && i < trip->count; i++)
        blame.secret |= (trip->asks[i]->flags & SC__TOUCHES_SECRET) != 0;
    if (trip->mismatched)
        return SC_SCHEMA_MISMATCH;
    if (trip->no_memory)
        return sc__fail_memory(trip->err, ask->label);
    if (!trip->error)
        return sc__fail_conn(trip->err, ask->label, conn->pg);
    if (PQresultStatus(trip->error) != PGRES_FATAL_ERROR)
        return sc__fail(trip->err, ask->label, SC_MISUSE,
                        "the statement answers with something else than rows");
    enum sc_status status = sc__fail_result(trip->err, &blame, trip->error);
    if (!in_tx || (!is_stale(trip->error) && !has_code(trip->error, "26000") &&
                   !has_code(trip->error, "42P05")))
        return status;
    /* Mended, but the transaction is gone: it will go well when it is run again. */
    trip->err->status = SC_SERIALIZATION;
    return SC_SERIALIZATION;
}

static void drop_results(struct trip *trip)
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

static enum sc_status fly_once(struct trip *trip, bool in_tx, bool *again)
{
    if (trip->count == 1 && sc__plan_ready(trip->asks[0]->plan))
        fly_ready(trip);
    else
        fly_pipeline(trip);
    if (went_well(trip))
        return SC_OK;
    drop_results(trip);
    enum sc_status status = explain(trip, in_tx);
    *again = mend(trip, in_tx) && !in_tx;
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
        struct trip trip = { .conn = conn,
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
