/* load.c: rows by COPY BINARY. It must not send a byte before the table's types are known
 * to be those that the code was generated for: COPY names none.
 *
 * Round trips: one that begins a transaction (outside one), and describes the columns,
 * which locks the table against a change of type until the end; one that starts the COPY;
 * one that ends it and commits. More rows than fit into CHUNK are committed in a trip of
 * their own. libpq hands out no answer before the end of a COPY, so a long one is ended
 * and begun again, each time that SEGMENT bytes were sent: an error is seen by then.
 *
 * libpq holds at most what one call of it is given, CHUNK bytes and a row: it waits until
 * the socket has taken them.
 */
#include "runtime/statement/describe.h"
#include "load.h"
#include "runtime/sc_internal.h"
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 * 1024, SEGMENT = 8 * 1024 * 1024 };

/* ---- errors ---------------------------------------------------------------------------------- */

/* base: rows that were sent before this COPY. */
static enum sc_status fail(const struct sc__loading *load, const PGresult *result,
                           int64_t base, struct sc_error *err)
{
    struct sc__blame blame = { .label = load->insert->label,
                               .secret = load->insert->flags & SC__TOUCHES_SECRET };
    if (!result || PQresultStatus(result) != PGRES_FATAL_ERROR)
        return sc__load_item(err, -1, sc__fail_conn(err, blame.label, load->conn->pg));
    int64_t line = sc__copy_line(PQresultErrorField(result, PG_DIAG_CONTEXT),
                                 load->insert->name);
    return sc__load_item(err, line ? base + line - 1 : -1,
                         sc__fail_result(err, &blame, result));
}

static enum sc_status no_memory(const struct sc__loading *load, struct sc_error *err)
{
    return sc__load_item(err, -1, sc__fail_memory(err, load->insert->label));
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void add_columns(const struct sc__loading *load, struct sc__text *sql)
{
    for (uint16_t i = 0; i < load->ncolumns; i++) {
        sc__text_add(sql, i ? ", " : "");
        sc__text_add(sql, load->columns[i]->sql);
    }
}

static char *select_text(const struct sc__loading *load)
{
    struct sc__text sql = { 0 };
    sc__text_add(&sql, "select ");
    add_columns(load, &sql);
    sc__text_word(&sql, "from");
    sc__text_word(&sql, load->insert->name);
    return sc__text_take(&sql);
}

/* more: what comes behind this COPY. */
static char *copy_text(const struct sc__loading *load, const char *more)
{
    struct sc__text sql = { 0 };
    sc__text_add(&sql, "copy ");
    sc__text_add(&sql, load->insert->name);
    sc__text_add(&sql, " (");
    add_columns(load, &sql);
    sc__text_add(&sql, ") from stdin (format binary)");
    sc__text_add(&sql, more);
    return sc__text_take(&sql);
}

/* ---- a segment ------------------------------------------------------------------------------- */

static const char signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
enum { SIGNATURE_SIZE = 19 };

static bool put(const struct sc__loading *load, struct sc__buffer *buffer)
{
    size_t size = buffer->size;
    buffer->size = 0;
    return sc__io_put(load->conn, buffer->data, size);
}

static bool add_bytes(struct sc__buffer *buffer, const char *data, size_t size)
{
    if (!sc__buffer_reserve(buffer, size))
        return false;
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    return true;
}

/* Sends what the buffer holds, and more rows up to a segment's size. *sent false: the
 * connection took no more, and its result tells why. */
static enum sc_status send_rows(struct sc__loading *load, struct sc__buffer *buffer,
                                bool *sent, struct sc_error *err)
{
    size_t bytes = buffer->size;
    enum sc_status status = SC_OK;
    *sent = buffer->size < CHUNK || put(load, buffer);
    while (*sent && !load->done && bytes < SEGMENT) {
        size_t before = buffer->size;
        status = sc__load_fill(load, CHUNK, buffer, err);
        if (status != SC_OK)
            return status;
        bytes += buffer->size - before;
        *sent = buffer->size < CHUNK || put(load, buffer);
    }
    if (!*sent)
        return SC_OK;
    if (!add_bytes(buffer, "\377\377", 2))
        return no_memory(load, err);
    *sent = put(load, buffer);
    return SC_OK;
}

/* Whether the end was sent and no answer came, or none that there was memory for: it may
 * have been committed. */
static bool is_answer_lost(const struct sc__conn *conn, enum sc_status status)
{
    return status == SC_CONNECTION ||
           (status == SC_NO_MEMORY && PQtransactionStatus(conn->pg) == PQTRANS_IDLE);
}

static enum sc_status ended(const struct sc__loading *load, enum sc_status status,
                            struct sc_error *err)
{
    if (status == SC_OK || !load->ended || !is_answer_lost(load->conn, status))
        return status;
    if (err)
        err->status = SC_COMMIT_UNKNOWN;
    return SC_COMMIT_UNKNOWN;
}

/* Takes the answers of COPY and of COMMIT. */
static enum sc_status take_end(struct sc__loading *load, int64_t base,
                               enum sc_status status, struct sc_error *err)
{
    struct sc__conn *conn = load->conn;
    PGresult *result;
    bool any = false;
    while ((result = sc__io_result(conn)) != NULL) {
        any = true;
        if (PQresultStatus(result) != PGRES_COMMAND_OK && status == SC_OK)
            status = fail(load, result, base, err);
        PQclear(result);
    }
    if (!any && status == SC_OK)
        status = fail(load, NULL, base, err);
    return ended(load, status, err);
}

static enum sc_status start(struct sc__loading *load, const char *sql,
                            struct sc_error *err)
{
    struct sc__conn *conn = load->conn;
    if (!PQsendQuery(conn->pg, sql))
        return fail(load, NULL, 0, err);
    PGresult *started = sc__io_result(conn);
    bool ready = PQresultStatus(started) == PGRES_COPY_IN;
    enum sc_status status = ready ? SC_OK : fail(load, started, 0, err);
    PQclear(started);
    if (ready)
        conn->broken = false; /* io.c takes a COPY for the end; this one is ours */
    else
        sc__io_drain(conn);
    return status;
}

/* base: rows before those that the buffer holds. */
static enum sc_status run_segment(struct sc__loading *load, struct sc__buffer *buffer,
                                  int64_t base, struct sc_error *err)
{
    struct sc__conn *conn = load->conn;
    bool last = load->done, sent;
    char *sql = copy_text(load, last && load->own_tx ? "; commit" : "");
    enum sc_status status = sql && sc__io_begin(conn) ? start(load, sql, err)
                                                      : no_memory(load, err);
    free(sql);
    if (status != SC_OK)
        return status;
    status = send_rows(load, buffer, &sent, err);
    const char *stop = status == SC_OK && sent ? NULL : "the rows could not be encoded";
    load->ended = load->own_tx && last && !stop;
    if (!sent && sc__status_of("", PQerrorMessage(conn->pg), false) == SC_NO_MEMORY)
        status = no_memory(load, err); /* libpq's */
    if (!sc__io_put_end(conn, stop))
        conn->broken = !sc__conn_alive(conn);
    return take_end(load, base, status, err);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static enum sc_status commit(struct sc__loading *load, struct sc_error *err)
{
    load->ended = true;
    PGresult *result = sc__io_command(load->conn, "commit");
    enum sc_status status = SC_OK;
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        status = fail(load, result, 0, err);
    PQclear(result);
    return ended(load, status, err);
}

static enum sc_status send_all(struct sc__loading *load, struct sc__buffer *buffer,
                               struct sc_error *err)
{
    enum sc_status status = SC_OK;
    while (status == SC_OK && !load->done) {
        int64_t base = load->rows;
        buffer->size = 0;
        if (!add_bytes(buffer, signature, SIGNATURE_SIZE))
            return no_memory(load, err);
        status = sc__load_fill(load, CHUNK, buffer, err);
        if (status == SC_OK)
            status = run_segment(load, buffer, base, err);
    }
    if (status == SC_OK && load->own_tx && !load->ended)
        status = commit(load, err);
    return status;
}

static void abandon(struct sc__loading *load)
{
    struct sc__conn *conn = load->conn;
    if (!load->own_tx || !sc__conn_alive(conn) ||
        PQtransactionStatus(conn->pg) == PQTRANS_IDLE)
        return;
    PGresult *result = sc__io_command(conn, "rollback");
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        conn->broken = true;
    PQclear(result);
}

static enum sc_status load_on(struct sc__loading *load, struct sc_error *err)
{
    struct sc__conn *conn = load->conn;
    const struct sc__insert *insert = load->insert;
    load->own_tx = PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
    char *select = select_text(load);
    const struct sc__described described = {
        .label = insert->label,
        .select = select,
        .columns = load->columns,
        .ncolumns = load->ncolumns,
        .begin = load->own_tx ? "begin" : NULL,
        .secret = insert->flags & SC__TOUCHES_SECRET,
    };
    enum sc_status status = select ? sc__describe(conn, &described, err)
                                   : sc__fail_memory(err, insert->label);
    free(select);
    if (status == SC_OK)
        status = sc__load_fields(load, err);
    struct sc__buffer buffer = { 0 };
    if (status == SC_OK)
        status = send_all(load, &buffer, err);
    else
        (void)sc__load_item(err, -1, status);
    sc__buffer_release(&buffer);
    if (status != SC_OK)
        abandon(load);
    sc__io_end(conn);
    load->job.rows = status == SC_OK ? load->rows : 0;
    return status;
}

enum sc_status sc__load_run(struct sc_db *db, struct sc__loading *load,
                            struct sc_error *err)
{
    struct sc__job *job = &load->job;
    const struct sc__entry entry = { .label = job->label,
                                     .careful = true,
                                     .until = load->until };
    enum sc_status status = sc__db_enter(db, &entry, &load->conn, err);
    if (status != SC_OK)
        return sc__load_item(err, -1, status);
    struct sc__conn *conn = load->conn;
    if (!err)
        err = &conn->trouble;
    sc__conn_hush(conn, load->insert->flags & SC__TOUCHES_SECRET);
    bool hooks = sc__hooks_wanted(conn->hooks);
    char *sql = hooks ? copy_text(load, "") : NULL;
    if (hooks) {
        job->sql = sql; /* NULL, without memory: none is told */
        job->waited = sc__pool_waited(conn);
        sc__job_started(job, conn->hooks);
    }
    status = load_on(load, err);
    if (status != SC_OK) {
        int item = err->item; /* other words have none */
        status = sc__load_item(err, item, sc__cancelled_status(conn, status, err));
        sc__db_note_failure(db, err);
    }
    if (hooks)
        sc__job_ended(job, conn->hooks, status, err);
    free(sql);
    sc__conn_hush(conn, false);
    sc__db_leave(db, conn);
    return status;
}

/* ---- an array's -------------------------------------------------------------------------------- */

/* COPY cannot say DEFAULT: a column with one is given by all rows or by none. */
static enum sc_status check_masks(const struct sc__bulk *bulk,
                                  const struct sc__masks *masks, struct sc_error *err)
{
    const struct sc__fault some = { SC_MISUSE,
                                    "is given by some rows only, and has a default" };
    const struct sc__row *row = bulk->insert->row;
    for (size_t i = 1; masks->step && i < bulk->count; i++)
        for (uint16_t c = 0; c < row->ncolumns; c++)
            if (sc__mask_has(masks->first, c) !=
                sc__mask_has(masks->first + i * masks->step, c))
                return sc__load_item(err, (int64_t)i,
                                     sc__fail_column(err, bulk->insert->label,
                                                     row->columns[c].name, &some));
    return SC_OK;
}

enum sc_status sc__load(struct sc_db *db, const struct sc__insert *insert,
                        const void *values, size_t size, size_t count,
                        struct sc_error *err)
{
    const struct sc__bulk bulk = { insert, values, size, count, NULL };
    const struct sc__outputs none = { 0 };
    if (!db || !count)
        return sc__insert_bulk(db, &bulk, &none, err);
    struct sc__scratch scratch;
    sc__scratch_init(&scratch, NULL, 0);
    struct sc__loading load = { .insert = insert };
    load.job = (struct sc__job){ .label = insert->label, .scratch = &scratch };
    load.copy = (struct sc__copy){ .rows = values, .stride = size, .count = count };
    struct sc__masks masks;
    enum sc_status status = sc__insert_masks(&load.job, &bulk, &masks, err);
    if (status == SC_OK)
        status = check_masks(&bulk, &masks, err);
    bool by_copy = status == SC_OK && db->kind != SC__DB_QUEUE &&
                   sc__load_can_copy(insert->row, masks.first);
    if (by_copy)
        status = sc__load_item(err, -1, sc__load_columns(&load, masks.first, err));
    if (status != SC_OK)
        status = sc__insert_refuse(db, insert->label, status, err);
    else
        status = by_copy ? sc__load_run(db, &load, err)
                         : sc__insert_bulk(db, &bulk, &none, err);
    sc__scratch_release(&scratch);
    return status;
}
