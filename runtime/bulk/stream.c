/* stream.c: rows one by one, as the caller sees them, and the end of a stream, however it
 * comes. It must not know where rows come from. */
#include "runtime/net/abort.h"
#include "stream.h"
#include <stdlib.h>
#include <string.h>

enum sc_status sc__stream_fail(const struct sc_stream *stream, const PGresult *result,
                               struct sc_error *err)
{
    struct sc__blame blame = { .label = stream->job->label, .secret = stream->secret };
    if (!result || PQresultStatus(result) != PGRES_FATAL_ERROR)
        return sc__fail_conn(err, blame.label, stream->conn->pg);
    return sc__fail_result(err, &blame, result);
}

static bool reserve(struct sc__buffer *buffer, size_t size)
{
    buffer->size = 0;
    return sc__buffer_reserve(buffer, size);
}

enum sc_status sc__stream_room(struct sc_stream *stream, size_t count, size_t tail,
                               struct sc_error *err)
{
    if (count > SIZE_MAX / 2 / stream->row->size ||
        !reserve(&stream->rows, count * stream->row->size) ||
        !reserve(&stream->tail, tail))
        return sc__fail_memory(err, stream->job->label);
    return SC_OK;
}

/* ---- its connection -------------------------------------------------------------------- */

/* Gives the connection back, once the source is over. */
static enum sc_status let_go(struct sc_stream *stream, enum sc_status status,
                             struct sc_error *err)
{
    struct sc__conn *conn = stream->conn;
    if (status != SC_OK) {
        status = sc__cancelled_status(conn, status, err);
        sc__db_note_failure(stream->db, err);
    }
    if (!sc__conn_alive(conn) && status != SC_OK)
        conn->begun = false; /* the caller knows */
    sc__io_end(conn);
    if (stream->hooks)
        sc__job_ended(stream->job, conn->hooks, status, err);
    sc__conn_hush(conn, false);
    stream->conn = NULL;
    atomic_store(&conn->stream, NULL);
    sc__db_leave(stream->db, conn);
    return status;
}

static struct sc__entry entry_of(const struct sc_stream *stream)
{
    return (struct sc__entry){ .label = stream->job->label,
                               .careful = true,
                               .reads = true };
}

/* Opens the source on the connection that it has now. */
static enum sc_status open_source(struct sc_stream *stream, struct sc_error *err)
{
    struct sc__conn *conn = stream->conn;
    sc__conn_hush(conn, stream->secret);
    stream->in_tx = PQtransactionStatus(conn->pg) != PQTRANS_IDLE;
    if (!sc__io_begin(conn))
        return sc__fail_conn(err, stream->job->label, conn->pg);
    return stream->scan ? sc__copy_out_open(stream, err) : sc__stream_open(stream, err);
}

static enum sc_status enter_and_open(struct sc_stream *stream, struct sc_error *err)
{
    const struct sc__entry entry = entry_of(stream);
    enum sc_status status = sc__db_enter(stream->db, &entry, &stream->conn, err);
    if (status != SC_OK) {
        stream->conn = NULL;
        return status;
    }
    stream->hooks = sc__hooks_wanted(stream->conn->hooks);
    if (stream->hooks)
        stream->job->waited = sc__pool_waited(stream->conn);
    status = open_source(stream, err);
    if (status != SC_OK && stream->over && sc__db_again(&entry, &stream->conn, err))
        status = open_source(stream, err);
    return status;
}

static void stop(struct sc_stream *stream)
{
    if (stream->scan)
        sc__copy_out_stop(stream);
    else
        sc__stream_stop(stream);
    stream->over = true;
}

/* ---- opening --------------------------------------------------------------------------- */

static void release(struct sc_stream *stream)
{
    PQclear(stream->result);
    PQfreemem(stream->copied);
    sc__buffer_release(&stream->rows);
    sc__buffer_release(&stream->tail);
    free(stream->cells);
    free(stream->sql);
    sc__scratch_release(&stream->desk.scratch);
    free(stream);
}

/* Runs the opening of `made` and gives it out, or frees it. */
static enum sc_status open_it(struct sc_stream *made, enum sc_status status,
                              struct sc_stream **out, struct sc_error *err)
{
    struct sc_error own;
    if (!err)
        err = &own;
    if (status == SC_OK)
        status = enter_and_open(made, err);
    if (status != SC_OK && !made->over)
        stop(made);
    if (made->conn && made->over)
        status = let_go(made, status, err);
    if (status == SC_OK && made->conn)
        atomic_store(&made->conn->stream, made->job->label);
    if (status == SC_OK)
        *out = made;
    else
        release(made);
    return status;
}

static enum sc_status stream_new(struct sc_db *db, const char *label,
                                 const struct sc__row *row, struct sc_stream **made,
                                 struct sc_error *err)
{
    *made = NULL;
    if (!db)
        return sc__fail(err, label, SC_MISUSE, "the handle is NULL");
    if (db->kind == SC__DB_QUEUE)
        return sc__fail(err, label, SC_MISUSE, "a stream cannot wait in a batch");
    struct sc_stream *stream = calloc(1, sizeof(*stream));
    if (!stream)
        return sc__fail_memory(err, label);
    stream->db = sc__view_keep(db, &stream->view);
    stream->row = row;
    stream->over = true; /* nothing was sent yet */
    *made = stream;
    enum sc_status status = sc__job_begin(db, &stream->desk, label, &stream->job, err);
    if (status != SC_OK) {
        release(stream);
        *made = NULL;
    }
    return status;
}

enum sc_status sc__stream(struct sc_db *db, const struct sc__stmt *stmt,
                          uint64_t variant, const void *const *args,
                          struct sc_stream **stream, struct sc_error *err)
{
    struct sc_stream *made;
    *stream = NULL;
    enum sc_status status = stream_new(db, stmt->label, stmt->row, &made, err);
    if (status != SC_OK)
        return status;
    made->secret = stmt->flags & SC__TOUCHES_SECRET;
    made->job->flags = stmt->flags;
    status = sc__run_ask(made->job, stmt, variant, args, err);
    return open_it(made, status, stream, err);
}

enum sc_status sc__run_scan(struct sc_db *db, const struct sc__scan *scan,
                            struct sc_stream **stream, struct sc_error *err)
{
    struct sc_stream *made;
    *stream = NULL;
    enum sc_status status = stream_new(db, scan->label, scan->row, &made, err);
    if (status != SC_OK)
        return status;
    made->scan = scan;
    made->secret = scan->flags & SC__TOUCHES_SECRET;
    made->cells = calloc(scan->row->ncolumns, sizeof(*made->cells));
    if (!made->cells)
        status = sc__fail_memory(err, scan->label);
    return open_it(made, status, stream, err);
}

/* ---- rows --------------------------------------------------------------------------------- */

/* Takes more rows into the stream, or ends it. */
static enum sc_status refill(struct sc_stream *stream)
{
    struct sc_error *err = &stream->error;
    stream->count = stream->at = 0;
    enum sc_status status = stream->scan ? sc__copy_out_take(stream, err)
                                         : sc__stream_take(stream, err);
    if (status != SC_OK && !stream->over) /* a row that cannot be read */
        stop(stream);
    if (stream->over)
        status = let_go(stream, status, err);
    stream->status = status;
    return status;
}

enum sc_status sc__next(struct sc_stream *stream, const struct sc__row *row, void *out,
                        struct sc_error *err)
{
    *(void **)out = NULL;
    if (!stream)
        return sc__fail(err, NULL, SC_MISUSE, "the stream is NULL");
    if (row != stream->row)
        return sc__fail(err, stream->job->label, SC_MISUSE,
                        "the stream's rows are of another kind");
    if (stream->conn && stream->conn->forks != sc__forks)
        return sc__fail(err, stream->job->label, SC_MISUSE,
                        "the connection is the parent process's");
    if (stream->at == stream->count && !stream->over && stream->status == SC_OK)
        (void)refill(stream);
    if (stream->status != SC_OK) {
        if (err)
            *err = stream->error;
        return stream->status;
    }
    if (stream->at < stream->count) {
        *(void **)out = stream->rows.data + stream->at++ * row->size;
        stream->job->rows++;
    }
    return SC_OK;
}

/* ---- the end ------------------------------------------------------------------------------- */

bool sc__stream_cancel(struct sc_stream *stream)
{
    const int64_t enough = 10 * (int64_t)1000000000;
    return sc__abort(stream->conn->pg, sc__clock() + enough);
}

void sc__stream_undo(struct sc_stream *stream)
{
    struct sc__conn *conn = stream->conn;
    if (!stream->in_tx || !sc__conn_alive(conn) ||
        PQtransactionStatus(conn->pg) != PQTRANS_INERROR)
        return;
    PGresult *result = sc__io_command(conn, SC__STREAM_UNDO);
    if (!result || PQresultStatus(result) != PGRES_COMMAND_OK)
        conn->broken = true;
    PQclear(result);
}

void sc_stream_close(struct sc_stream *stream)
{
    if (!stream)
        return;
    if (stream->conn && stream->conn->forks == sc__forks) {
        stop(stream);
        (void)let_go(stream, SC_OK, NULL);
    }
    release(stream);
}
