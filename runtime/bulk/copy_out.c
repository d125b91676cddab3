/* copy_out.c: a whole table by COPY BINARY, a row at a time. It must not read a row before the
 * types of its columns are known to be those that the code was generated for: COPY names
 * none.
 *
 * Round trips: one that begins a transaction (outside one) and describes the columns, which
 * locks the table against a change of type until the end; one for the COPY, which commits.
 */
#include "runtime/codec/copied.h"
#include "runtime/statement/describe.h"
#include "stream.h"
#include <stdlib.h>

/* before, behind: what travels with it. */
static char *copy_text(const struct sc_stream *stream, const char *before,
                       const char *behind)
{
    struct sc__text sql = { 0 };
    sc__text_add(&sql, before);
    sc__text_add(&sql, "copy (");
    sc__text_add(&sql, stream->scan->select);
    sc__text_add(&sql, ") to stdout (format binary)");
    sc__text_add(&sql, behind);
    return sc__text_take(&sql);
}

static char *source_text(const struct sc_stream *stream)
{
    return stream->in_tx
               ? copy_text(stream, SC__STREAM_SAVEPOINT "; ", "; " SC__STREAM_RELEASE)
               : copy_text(stream, "", "; commit");
}

static void tell_start(struct sc_stream *stream)
{
    stream->sql = copy_text(stream, "", ""); /* NULL, without memory: none is told */
    stream->job->sql = stream->sql;
    sc__job_started(stream->job, stream->conn->hooks);
}

/* ---- the end of the source ------------------------------------------------------------------ */

/* The transaction is the scan's alone: after a failure it is still open. */
static void abandon(struct sc_stream *stream)
{
    struct sc__conn *conn = stream->conn;
    if (stream->in_tx || !sc__conn_alive(conn) ||
        PQtransactionStatus(conn->pg) == PQTRANS_IDLE)
        return;
    PGresult *result = sc__io_command(conn, "rollback");
    if (!result || PQresultStatus(result) != PGRES_COMMAND_OK)
        conn->broken = true;
    PQclear(result);
}

/* Reads on to where the connection is idle; SC_OK, or what the first error is called. */
static enum sc_status finish(struct sc_stream *stream, struct sc_error *err)
{
    struct sc__conn *conn = stream->conn;
    enum sc_status status = SC_OK;
    bool any = false;
    PGresult *result;
    while ((result = sc__io_result(conn)) != NULL) {
        any = true;
        if (PQresultStatus(result) != PGRES_COMMAND_OK && status == SC_OK)
            status = sc__stream_fail(stream, result, err);
        PQclear(result);
    }
    if (status == SC_OK && (!any || !sc__conn_alive(conn)))
        status = sc__stream_fail(stream, NULL, err);
    stream->over = true;
    return status;
}

static void drop_row(struct sc_stream *stream)
{
    PQfreemem(stream->copied);
    stream->copied = NULL;
}

/* libpq itself failed: no memory for a row, or the connection is lost. It would say so again
 * and again. */
static enum sc_status fail_copy(struct sc_stream *stream, struct sc_error *err)
{
    enum sc_status status = sc__stream_fail(stream, NULL, err);
    stream->conn->broken = true;
    stream->over = true;
    return status;
}

/* Drops the rows that libpq has already; false: more are to come. */
static bool drop_here(struct sc_stream *stream)
{
    int size;
    do
        drop_row(stream);
    while ((size = PQgetCopyData(stream->conn->pg, &stream->copied, 1)) > 0);
    if (size == -2)
        stream->conn->broken = true;
    return size < 0;
}

void sc__copy_out_stop(struct sc_stream *stream)
{
    struct sc_error dropped;
    if (!drop_here(stream)) {
        if (!sc__stream_cancel(stream))
            stream->conn->broken = true;
        while (!stream->conn->broken &&
               sc__io_copy_row(stream->conn, &stream->copied) > 0)
            drop_row(stream);
    }
    (void)finish(stream, &dropped);
    sc__stream_undo(stream);
    abandon(stream);
}

/* ---- taking rows ------------------------------------------------------------------------------ */

static enum sc_status fail_row(const struct sc_stream *stream, int column,
                               const struct sc__fault *fault, struct sc_error *err)
{
    const struct sc__result in = { .row = stream->row, .bad = column };
    return sc__rows_fail(stream->job->label, &in, fault, err);
}

/* A row that needs no memory beside its struct. */
static enum sc_status decode_flat(struct sc_stream *stream, int size,
                                  struct sc_error *err)
{
    struct sc__copied found;
    if (stream->rows.room < stream->row->size &&
        sc__stream_room(stream, 1, 0, err) != SC_OK)
        return SC_NO_MEMORY;
    const struct sc__fault *fault = sc__copied_flat(
        stream->copied, (size_t)size, stream->row, stream->rows.data, &found);
    if (fault)
        return fail_row(stream, found.bad, fault, err);
    stream->count = found.is_row;
    stream->job->bytes += found.is_row ? (int64_t)found.size : 0;
    return SC_OK;
}

static enum sc_status decode(struct sc_stream *stream, int size, struct sc_error *err)
{
    struct sc__copied found;
    if (stream->flat)
        return decode_flat(stream, size, err);
    const struct sc__fault *fault = sc__copied_cells(
        stream->copied, (size_t)size, stream->row, stream->cells, &found);
    if (!fault && !found.is_row)
        return SC_OK;
    if (!fault)
        fault = sc__copied_size(stream->row, stream->cells, &found);
    if (!fault) {
        enum sc_status status = sc__stream_room(stream, 1, found.tail, err);
        if (status != SC_OK)
            return status;
        fault = sc__copied_row(stream->row, stream->cells, stream->rows.data,
                               stream->tail.data, &found.bad);
    }
    if (fault)
        return fail_row(stream, found.bad, fault, err);
    stream->count = 1;
    stream->job->bytes += (int64_t)found.size;
    return SC_OK;
}

enum sc_status sc__copy_out_take(struct sc_stream *stream, struct sc_error *err)
{
    enum sc_status status = SC_OK;
    while (status == SC_OK && stream->count == 0) {
        drop_row(stream);
        int size = sc__io_copy_row(stream->conn, &stream->copied);
        if (size == -2)
            return fail_copy(stream, err);
        if (size < 0) {
            status = finish(stream, err);
            abandon(stream);
            break;
        }
        status = decode(stream, size, err);
    }
    return status;
}

/* ---- opening ---------------------------------------------------------------------------------- */

static enum sc_status check_types(struct sc_stream *stream, struct sc_error *err)
{
    const struct sc__row *row = stream->row;
    const struct sc__column **columns = sc__scratch_alloc(
        stream->job->scratch, row->ncolumns * sizeof(*columns));
    if (!columns)
        return sc__fail_memory(err, stream->job->label);
    for (uint16_t i = 0; i < row->ncolumns; i++)
        columns[i] = &row->columns[i];
    const struct sc__described described = { .label = stream->job->label,
                                             .select = stream->scan->select,
                                             .columns = columns,
                                             .ncolumns = row->ncolumns,
                                             .begin = stream->in_tx ? NULL : "begin",
                                             .secret = stream->secret };
    return sc__describe(stream->conn, &described, err);
}

static enum sc_status start(struct sc_stream *stream, const char *sql,
                            struct sc_error *err)
{
    struct sc__conn *conn = stream->conn;
    if (!PQsendQuery(conn->pg, sql))
        return sc__stream_fail(stream, NULL, err);
    PGresult *result = sc__io_result(conn);
    if (stream->in_tx && PQresultStatus(result) == PGRES_COMMAND_OK) { /* SAVEPOINT's */
        PQclear(result);
        result = sc__io_result(conn);
    }
    bool ready = PQresultStatus(result) == PGRES_COPY_OUT;
    enum sc_status status = ready ? SC_OK : sc__stream_fail(stream, result, err);
    PQclear(result);
    if (ready)
        conn->broken = false; /* io.c takes a COPY for the end; this one is ours */
    else
        sc__io_drain(conn);
    stream->over = !ready;
    return status;
}

static bool is_flat(const struct sc__row *row)
{
    bool flat = true;
    for (uint16_t i = 0; i < row->ncolumns; i++)
        flat &= row->columns[i].type.kind != SC__NUMERIC &&
                !(row->columns[i].type.flags & SC__ARRAY);
    return flat;
}

enum sc_status sc__copy_out_open(struct sc_stream *stream, struct sc_error *err)
{
    stream->flat = is_flat(stream->row);
    char *sql = source_text(stream);
    if (!sql)
        return sc__fail_memory(err, stream->job->label);
    if (stream->hooks && !stream->job->started)
        tell_start(stream);
    enum sc_status status = check_types(stream, err);
    if (status == SC_OK)
        status = start(stream, sql, err);
    if (status != SC_OK)
        abandon(stream);
    free(sql);
    return status;
}
