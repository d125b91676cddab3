/* stream_open.c: a statement's rows in libpq's chunked or single-row mode. It must not keep
 * more than one chunk of them.
 *
 * Outside a transaction a prepared statement goes as it is. Otherwise a pipeline carries
 * the savepoint, the Parse, the statement and the savepoint's release, with one Sync: one
 * round trip in any case. Nothing is written, so the first row is early enough to
 * compare the result with the code's.
 */
#include "stream.h"
#include "runtime/trip/trip.h"
#include <string.h>

#ifdef LIBPQ_HAS_CHUNK_MODE
/* Of 256 a row costs 2 % less, waits for more and takes four times the memory. */
enum { CHUNK = 64 };
static bool one_by_one(PGconn *pg)
{
    return PQsetChunkedRowsMode(pg, CHUNK);
}
static bool is_some(ExecStatusType status)
{
    return status == PGRES_TUPLES_CHUNK || status == PGRES_SINGLE_TUPLE;
}
#else
static bool one_by_one(PGconn *pg)
{
    return PQsetSingleRowMode(pg);
}
static bool is_some(ExecStatusType status)
{
    return status == PGRES_SINGLE_TUPLE;
}
#endif

/* ---- sending --------------------------------------------------------------------------- */

static bool send_text(PGconn *pg, const char *sql)
{
    return PQsendQueryParams(pg, sql, 0, NULL, NULL, NULL, NULL, 0);
}

static bool send_parse(PGconn *pg, const struct sc__plan *plan)
{
    return PQsendPrepare(pg, plan->name, plan->sql, plan->nparams, plan->params);
}

static bool is_new(const struct sc__plan *plan)
{
    return !plan->name[0] || plan->state < SC__PLAN_THERE;
}

static bool send(struct sc_stream *stream, struct sc__trip *trip)
{
    PGconn *pg = stream->conn->pg;
    const struct sc__ask *ask = trip->asks[0];
    stream->piped = stream->in_tx || is_new(ask->plan);
    if (!stream->piped)
        return sc__trip_execute(trip, ask);
    return PQenterPipelineMode(pg) &&
           (!stream->in_tx || send_text(pg, SC__STREAM_SAVEPOINT)) &&
           (!is_new(ask->plan) || send_parse(pg, ask->plan)) &&
           sc__trip_execute(trip, ask) &&
           (!stream->in_tx || send_text(pg, SC__STREAM_RELEASE)) && PQpipelineSync(pg);
}

/* ---- the end of the source ------------------------------------------------------------- */

/* Reads on to where the connection is idle; gives the first error on the way, which is the
 * caller's to clear. Rows are dropped. */
static PGresult *finish(struct sc_stream *stream)
{
    struct sc__conn *conn = stream->conn;
    PGresult *error = NULL, *result;
    bool synced = !stream->piped;
    for (int nulls = 0; nulls < 2 && sc__conn_alive(conn);) {
        result = sc__io_result(conn);
        ExecStatusType status = PQresultStatus(result);
        nulls = result ? 0 : nulls + 1;
        if (result && status == PGRES_FATAL_ERROR && !error) {
            error = result;
            continue;
        }
        synced |= result && status == PGRES_PIPELINE_SYNC;
        PQclear(result);
        if (stream->piped ? synced : nulls > 0)
            break;
    }
    if (!synced || (stream->piped && !PQexitPipelineMode(conn->pg)))
        conn->broken = true;
    stream->over = true;
    return error;
}

void sc__stream_stop(struct sc_stream *stream)
{
    PGconn *pg = stream->conn->pg;
    bool some = true;
    /* What libpq has already may be all there is. */
    while (some && !PQisBusy(pg)) {
        PGresult *result = PQgetResult(pg);
        some = is_some(PQresultStatus(result));
        PQclear(result);
    }
    if (some && !sc__stream_cancel(stream))
        stream->conn->broken = true;
    PQclear(finish(stream));
    sc__stream_undo(stream);
}

/* ---- taking rows --------------------------------------------------------------------------- */

/* A row like most, into the place where the last one was. False: it is not of that sort. */
static inline bool decode_one(struct sc_stream *stream)
{
    const struct sc__row *row = stream->row;
    const PGresult *result = stream->result;
    int bad;
    if (!stream->job->asks->plan->flat || PQntuples(result) != 1 ||
        !PQbinaryTuples(result) || PQnfields(result) < row->ncolumns ||
        stream->rows.room < row->size ||
        sc__decode_row(result, row, 0, stream->rows.data, &bad))
        return false;
    stream->count = 1;
    return true;
}

static enum sc_status decode(struct sc_stream *stream, struct sc_error *err)
{
    struct sc__result in = { .result = stream->result,
                             .row = stream->row,
                             .stride = stream->row->size };
    size_t count = (size_t)PQntuples(stream->result), tail = 0;
    if (stream->hooks)
        stream->job->bytes += sc__hooks_bytes(stream->result);
    if (decode_one(stream))
        return SC_OK;
    const struct sc__fault *fault = sc__decode_size(&in, &tail);
    if (!fault) {
        enum sc_status status = sc__stream_room(stream, count, tail, err);
        if (status != SC_OK)
            return status;
        fault = sc__decode_rows(&in, stream->rows.data, stream->tail.data);
    }
    if (fault)
        return sc__rows_fail(stream->job->label, &in, fault, err);
    stream->count = count;
    return SC_OK;
}

/* The source gave `result`, which is rows, their end or a failure. */
static enum sc_status take(struct sc_stream *stream, PGresult *result,
                           struct sc_error *err)
{
    ExecStatusType status = PQresultStatus(result);
    PQclear(stream->result);
    stream->result = result;
    if (is_some(status))
        return decode(stream, err);
    enum sc_status failed = SC_OK;
    if (status != PGRES_TUPLES_OK)
        failed = sc__stream_fail(stream, result, err);
    else if (PQntuples(result) > 0)
        failed = decode(stream, err);
    PGresult *error = finish(stream);
    if (failed == SC_OK && error)
        failed = sc__stream_fail(stream, error, err);
    else if (failed == SC_OK && !sc__conn_alive(stream->conn))
        failed = sc__stream_fail(stream, NULL, err);
    PQclear(error);
    return failed;
}

/* Rows have come, so that the statement was sent whole: outside a pipeline, and where no time
 * is set, libpq may wait by itself. */
enum sc_status sc__stream_take(struct sc_stream *stream, struct sc_error *err)
{
    struct sc__conn *conn = stream->conn;
    if (stream->piped || conn->until || conn->broken || PQgssEncInUse(conn->pg))
        return take(stream, sc__io_result(conn), err);
    PGresult *result = PQgetResult(conn->pg);
    if (!is_some(PQresultStatus(result)))
        sc__io_note(conn, result);
    return take(stream, result, err);
}

/* ---- opening ------------------------------------------------------------------------------- */

/* Takes what comes before the rows; false: a bad result, which is given. */
static bool take_before(struct sc_stream *stream, struct sc__plan *plan, bool parsed,
                        PGresult **bad)
{
    struct sc__conn *conn = stream->conn;
    int steps = stream->piped ? stream->in_tx + parsed : 0;
    *bad = NULL;
    for (int i = 0; i < steps; i++) {
        PGresult *result = sc__io_result(conn);
        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            *bad = result;
            return false;
        }
        PQclear(result);
        sc__io_drain(conn);
    }
    if (parsed)
        plan->state = SC__PLAN_THERE;
    return sc__conn_alive(conn);
}

/* The first rows; false: why there are none is in trip, for mend.c. */
static bool take_first(struct sc_stream *stream, struct sc__trip *trip,
                       enum sc_status *taken)
{
    struct sc__plan *plan = trip->asks[0]->plan;
    bool compared = sc__plan_ready(plan), parsed = is_new(plan);
    PGresult *result;
    bool ready = take_before(stream, plan, parsed, &result);
    if (ready) {
        one_by_one(stream->conn->pg);
        result = sc__io_result(stream->conn);
    }
    ExecStatusType status = PQresultStatus(result);
    if (ready && (is_some(status) || status == PGRES_TUPLES_OK)) {
        if (compared || sc__plan_compare(plan, result, trip->err) == SC_OK) {
            sc__plan_approve(plan);
            *taken = take(stream, result, trip->err);
            return true;
        }
        PQclear(result);
        trip->mismatched = true;
        sc__stream_stop(stream);
        return false;
    }
    trip->error = result;
    PQclear(finish(stream));
    return false;
}

static enum sc_status try(struct sc_stream *stream, struct sc__trip *trip, bool *again)
{
    struct sc__conn *conn = stream->conn;
    struct sc__ask *ask = trip->asks[0];
    trip->error = NULL;
    trip->mismatched = trip->no_memory = *again = false;
    enum sc_status status = sc__plan_get(conn, ask, trip->err);
    if (status != SC_OK)
        return status;
    if (!sc__io_begin(conn))
        return sc__fail_conn(trip->err, ask->label, conn->pg);
    stream->over = false;
    if (!send(stream, trip)) {
        conn->broken = stream->over = true; /* a part of it may be on its way */
        return trip->no_memory ? sc__fail_memory(trip->err, ask->label)
                               : sc__fail_conn(trip->err, ask->label, conn->pg);
    }
    if (take_first(stream, trip, &status))
        return status;
    trip->lost = !sc__conn_alive(conn);
    status = sc__trip_explain(trip);
    *again = sc__trip_mend(trip) && !stream->in_tx;
    PQclear(trip->error);
    return status;
}

enum sc_status sc__stream_open(struct sc_stream *stream, struct sc_error *err)
{
    enum { ATTEMPTS = 4 }; /* as a flight's */
    struct sc__conn *conn = stream->conn;
    struct sc__ask *ask = stream->job->asks;
    struct sc__trip trip = { .conn = conn,
                             .asks = &ask,
                             .count = 1,
                             .in_tx = stream->in_tx,
                             .err = &conn->trouble };
    bool again = true;
    sc__plans_drop_unnamed(&conn->plans);
    enum sc_status status = sc__plan_get(conn, ask, err);
    if (status != SC_OK)
        return status;
    if (stream->hooks && !stream->job->started)
        sc__job_started(stream->job, conn->hooks);
    for (int attempt = 0; again && attempt < ATTEMPTS; attempt++)
        status = try(stream, &trip, &again);
    if (status != SC_OK && err)
        *err = conn->trouble;
    return status;
}
