/* load.c: rows by COPY BINARY. It must not send a byte before the table's types are known
 * to be those that the code was generated for: COPY names none.
 *
 * Round trips: one that begins a transaction (outside one), and describes the columns,
 * which locks the table against a change of type until the end; one that starts the COPY;
 * one that ends it and commits.
 */
#include "insert.h"
#include "sc_internal.h"
#include <stdlib.h>
#include <string.h>

struct loading {
    struct sc__conn *conn;
    const struct sc__bulk *bulk;
    const uint16_t *columns; /* those that are given, in the order of the COPY */
    uint16_t ncolumns;
    bool own_tx; /* the transaction is of this load alone */
    bool ended;  /* ... and its end was sent */
    struct sc__job job;
};

static const struct sc__row *row_of(const struct loading *load)
{
    return load->bulk->insert->row;
}

static enum sc_status fail(const struct loading *load, const PGresult *result,
                           struct sc_error *err)
{
    struct sc__blame blame = { .label = load->bulk->insert->label,
                               .secret = load->bulk->insert->flags &
                                         SC__TOUCHES_SECRET };
    if (!result || PQresultStatus(result) != PGRES_FATAL_ERROR)
        return sc__fail_conn(err, blame.label, load->conn->pg);
    return sc__fail_result(err, &blame, result);
}

/* ---- columns ------------------------------------------------------------------------------- */

static bool is_maybe(const struct sc__column *column)
{
    return !(column->type.flags & SC__PLAIN_NEW);
}

/* The order of columns in a COPY is free: that which the codec likes. */
static bool order_columns(struct loading *load, const uint64_t *mask)
{
    const struct sc__row *row = row_of(load);
    uint16_t *columns = sc__scratch_alloc(load->job.scratch,
                                          row->ncolumns * sizeof(*columns));
    load->columns = columns;
    for (int order = 0; columns && order < SC__COPY_ORDERS; order++)
        for (uint16_t c = 0; c < row->ncolumns; c++) {
            const struct sc__column *column = &row->columns[c];
            if (sc__mask_has(mask, c) &&
                sc__copy_order(&column->type, is_maybe(column)) == order)
                columns[load->ncolumns++] = c;
        }
    return columns;
}

static const struct sc__column *column_at(const struct loading *load, uint16_t i)
{
    return &row_of(load)->columns[load->columns[i]];
}

/* ---- texts -------------------------------------------------------------------------------- */

static void add_columns(const struct loading *load, struct sc__text *sql)
{
    for (uint16_t i = 0; i < load->ncolumns; i++) {
        sc__text_add(sql, i ? ", " : "");
        sc__text_add(sql, column_at(load, i)->sql);
    }
}

static char *select_text(const struct loading *load)
{
    struct sc__text sql = { 0 };
    sc__text_add(&sql, "select ");
    add_columns(load, &sql);
    sc__text_word(&sql, "from");
    sc__text_word(&sql, load->bulk->insert->name);
    return sc__text_take(&sql);
}

static char *copy_text(const struct loading *load)
{
    struct sc__text sql = { 0 };
    sc__text_add(&sql, "copy ");
    sc__text_add(&sql, load->bulk->insert->name);
    sc__text_add(&sql, " (");
    add_columns(load, &sql);
    sc__text_add(&sql, ") from stdin (format binary)");
    if (load->own_tx)
        sc__text_add(&sql, "; commit");
    return sc__text_take(&sql);
}

/* ---- the types ------------------------------------------------------------------------------ */

static enum sc_status learn_types(struct loading *load, struct sc_error *err)
{
    const struct sc__row *row = row_of(load);
    const struct sc__type **types = sc__scratch_alloc(load->job.scratch,
                                                      row->ncolumns * sizeof(*types));
    if (!types)
        return sc__fail_memory(err, load->bulk->insert->label);
    for (uint16_t c = 0; c < row->ncolumns; c++)
        types[c] = &row->columns[c].type;
    struct sc__type_list list = { types, row->ncolumns, load->bulk->insert->label };
    return sc__types_learn(load->conn, &list, err);
}

static enum sc_status compare(const struct loading *load, const PGresult *described,
                              struct sc_error *err)
{
    for (uint16_t i = 0; i < load->ncolumns; i++) {
        const struct sc__column *column = column_at(load, i);
        uint32_t oid = sc__types_oid(&load->conn->types, &column->type, false);
        if (sc__types_alike(PQftype(described, i), oid))
            continue;
        sc__fail(err, load->bulk->insert->label, SC_SCHEMA_MISMATCH,
                 "column \"%s\" was generated for type OID %u, but the server has %u",
                 column->name, oid, PQftype(described, i));
        if (err)
            SC__ERROR_SET(err, column, column->name);
        return SC_SCHEMA_MISMATCH;
    }
    return SC_OK;
}

/* Takes the results of one command of the pipeline; the last good one is kept. */
static enum sc_status take_step(const struct loading *load, PGresult **kept,
                                enum sc_status before, struct sc_error *err)
{
    struct sc__conn *conn = load->conn;
    PGresult *result = sc__io_result(conn);
    bool good = result && PQresultStatus(result) == PGRES_COMMAND_OK;
    enum sc_status status = before;
    if (!good && before == SC_OK) {
        status = fail(load, result, err);
        /* libpq itself failed, and is out of step with the server (see flight.c) */
        if (!PQresultErrorField(result, PG_DIAG_SQLSTATE))
            conn->broken = true;
    }
    sc__io_drain(conn);
    PQclear(*kept);
    *kept = good ? result : NULL;
    if (!good)
        PQclear(result);
    return status;
}

static bool send_begin(const struct loading *load, const char *select)
{
    PGconn *pg = load->conn->pg;
    if (!PQenterPipelineMode(pg))
        return false;
    if (load->own_tx && !PQsendQueryParams(pg, "begin", 0, NULL, NULL, NULL, NULL, 0))
        return false;
    return PQsendPrepare(pg, "", select, 0, NULL) && PQsendDescribePrepared(pg, "") &&
           PQpipelineSync(pg);
}

static enum sc_status begin(struct loading *load, const char *select,
                            struct sc_error *err)
{
    struct sc__conn *conn = load->conn;
    PGresult *described = NULL;
    if (!send_begin(load, select)) {
        conn->broken = true;
        return fail(load, NULL, err);
    }
    enum sc_status status = SC_OK;
    for (int step = load->own_tx ? 0 : 1; step < 3; step++)
        status = take_step(load, &described, status, err);
    if (status == SC_OK)
        status = compare(load, described, err);
    PQclear(described);
    PGresult *sync = sc__io_result(conn);
    if (!sync || PQresultStatus(sync) != PGRES_PIPELINE_SYNC ||
        !PQexitPipelineMode(conn->pg)) {
        conn->broken = true;
        if (status == SC_OK)
            status = fail(load, NULL, err);
    }
    PQclear(sync);
    return status;
}

/* ---- the rows --------------------------------------------------------------------------------- */

static const char signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
enum { SIGNATURE_SIZE = 19, CHUNK = 64 * 1024 };

static bool put(const struct loading *load, struct sc__buffer *buffer)
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

static struct sc__copy_field *make_fields(struct loading *load)
{
    struct sc__scratch *scratch = load->job.scratch;
    struct sc__copy_field *fields = sc__scratch_alloc(scratch,
                                                      load->ncolumns * sizeof(*fields));
    for (uint16_t i = 0; fields && i < load->ncolumns; i++) {
        const struct sc__column *column = column_at(load, i);
        fields[i] = sc__copy_field(&column->type, column->new_at, is_maybe(column));
        fields[i].element_oid = sc__types_element(&load->conn->types, &column->type,
                                                  false);
    }
    return fields;
}

static enum sc_status fail_field(const struct loading *load,
                                 const struct sc__fault *fault, uint16_t field,
                                 struct sc_error *err)
{
    const char *label = load->bulk->insert->label;
    if (fault->status == SC_NO_MEMORY)
        return sc__fail_memory(err, label);
    return sc__fail_column(err, label, column_at(load, field)->name, fault);
}

/* *sent false: the connection took no more, and its result tells why. */
static enum sc_status send_rows(struct loading *load, struct sc__buffer *buffer,
                                bool *sent, struct sc_error *err)
{
    const struct sc__bulk *bulk = load->bulk;
    struct sc__copy copy = { .fields = make_fields(load),
                             .nfields = load->ncolumns,
                             .rows = bulk->values,
                             .stride = bulk->size,
                             .count = bulk->count };
    *sent = true;
    if (!copy.fields || !add_bytes(buffer, signature, SIGNATURE_SIZE))
        return sc__fail_memory(err, bulk->insert->label);
    while (copy.next < copy.count && *sent) {
        const struct sc__fault *fault = sc__encode_rows(&copy, CHUNK, buffer);
        if (fault)
            return fail_field(load, fault, copy.bad, err);
        if (buffer->size >= CHUNK)
            *sent = put(load, buffer);
    }
    if (!*sent)
        return SC_OK;
    if (!add_bytes(buffer, "\377\377", 2))
        return sc__fail_memory(err, bulk->insert->label);
    *sent = put(load, buffer);
    return SC_OK;
}

/* ---- the copy ----------------------------------------------------------------------------------- */

/* Whether the end was sent and no answer came, or none that there was memory for: it may
 * have been committed. */
static bool is_answer_lost(const struct sc__conn *conn, enum sc_status status)
{
    return status == SC_CONNECTION ||
           (status == SC_NO_MEMORY && PQtransactionStatus(conn->pg) == PQTRANS_IDLE);
}

/* Takes the answers of COPY and of COMMIT. */
static enum sc_status take_end(struct loading *load, enum sc_status status,
                               struct sc_error *err)
{
    struct sc__conn *conn = load->conn;
    PGresult *result;
    bool any = false;
    while ((result = sc__io_result(conn)) != NULL) {
        any = true;
        if (PQresultStatus(result) != PGRES_COMMAND_OK && status == SC_OK)
            status = fail(load, result, err);
        PQclear(result);
    }
    if (!any && status == SC_OK)
        status = fail(load, NULL, err);
    if (status != SC_OK && load->ended && is_answer_lost(conn, status)) {
        status = SC_COMMIT_UNKNOWN;
        if (err)
            err->status = status;
    }
    return status;
}

static enum sc_status copy(struct loading *load, const char *sql, struct sc_error *err)
{
    struct sc__conn *conn = load->conn;
    if (!PQsendQuery(conn->pg, sql))
        return fail(load, NULL, err);
    PGresult *started = sc__io_result(conn);
    bool ready = started && PQresultStatus(started) == PGRES_COPY_IN;
    enum sc_status status = ready ? SC_OK : fail(load, started, err);
    PQclear(started);
    if (!ready) {
        sc__io_drain(conn);
        return status;
    }
    conn->broken =
        false; /* io.c takes an unexpected COPY for the end; this one is ours */
    struct sc__buffer buffer = { 0 };
    bool sent;
    status = send_rows(load, &buffer, &sent, err);
    sc__buffer_release(&buffer);
    const char *stop = status == SC_OK && sent ? NULL : "the rows could not be encoded";
    load->ended = load->own_tx && !stop;
    if (!sent && sc__status_of("", PQerrorMessage(conn->pg), false) == SC_NO_MEMORY)
        status = sc__fail_memory(err, load->bulk->insert->label); /* libpq's */
    if (!sc__io_put_end(conn, stop))
        conn->broken = !sc__conn_alive(conn);
    return take_end(load, status, err);
}

static void abandon(struct loading *load)
{
    struct sc__conn *conn = load->conn;
    if (!load->own_tx || !sc__conn_alive(conn) ||
        PQtransactionStatus(conn->pg) == PQTRANS_IDLE)
        return;
    PGresult *result = sc__io_command(conn, "rollback");
    if (!result || PQresultStatus(result) != PGRES_COMMAND_OK)
        conn->broken = true;
    PQclear(result);
}

static enum sc_status load_on(struct loading *load, struct sc_error *err)
{
    struct sc__conn *conn = load->conn;
    load->own_tx = PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
    enum sc_status status = learn_types(load, err);
    if (status != SC_OK)
        return status;
    char *select = select_text(load), *sql = copy_text(load);
    if (!select || !sql || !sc__io_begin(conn))
        status = sc__fail_memory(err, load->bulk->insert->label);
    if (status == SC_OK)
        status = begin(load, select, err);
    if (status == SC_OK)
        status = copy(load, sql, err);
    if (status != SC_OK)
        abandon(load);
    sc__io_end(conn);
    load->job.rows = status == SC_OK ? (int64_t)load->bulk->count : 0;
    free(select);
    free(sql);
    return status;
}

static enum sc_status run(struct sc_db *db, struct loading *load, struct sc_error *err)
{
    struct sc__job *job = &load->job;
    enum sc_status status = sc__db_enter(
        db, &(struct sc__entry){ .label = job->label, .careful = true }, &load->conn,
        err);
    if (status != SC_OK)
        return status;
    struct sc__conn *conn = load->conn;
    if (!err)
        err = &conn->trouble;
    sc__conn_hush(conn, load->bulk->insert->flags & SC__TOUCHES_SECRET);
    bool hooks = sc__hooks_wanted(conn->hooks);
    if (hooks)
        sc__job_started(job, conn->hooks);
    status = load_on(load, err);
    if (status != SC_OK) {
        status = sc__cancelled_status(conn, status, err);
        sc__db_note_failure(db, err);
    }
    if (hooks)
        sc__job_ended(job, conn->hooks, status, err);
    sc__conn_hush(conn, false);
    sc__db_leave(db, conn);
    return status;
}

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
                return sc__fail_column(err, bulk->insert->label, row->columns[c].name,
                                       &some);
    return SC_OK;
}

/* Whether all columns that are given have a binary form. */
static bool can_copy(const struct sc__row *row, const uint64_t *masks)
{
    bool any = false;
    for (uint16_t c = 0; c < row->ncolumns; c++) {
        if (!sc__mask_has(masks, c))
            continue;
        any = true;
        if (row->columns[c].cast)
            return false;
    }
    return any;
}

enum sc_status sc__load(struct sc_db *db, const struct sc__insert *insert,
                        const void *values, size_t size, size_t count,
                        struct sc_error *err)
{
    const struct sc__bulk bulk = { insert, values, size, count };
    const struct sc__outputs none = { 0 };
    if (!db || !count)
        return sc__insert_bulk(db, &bulk, &none, err);
    struct sc__scratch scratch;
    sc__scratch_init(&scratch, NULL, 0);
    struct loading load = { .bulk = &bulk };
    load.job = (struct sc__job){ .label = insert->label, .scratch = &scratch };
    struct sc__masks masks;
    enum sc_status status = sc__insert_masks(&load.job, &bulk, &masks, err);
    if (status == SC_OK)
        status = check_masks(&bulk, &masks, err);
    bool by_copy = status == SC_OK && db->kind != SC__DB_QUEUE &&
                   can_copy(insert->row, masks.first);
    if (by_copy && !order_columns(&load, masks.first))
        status = sc__fail_memory(err, insert->label);
    if (status == SC_OK)
        status = by_copy ? run(db, &load, err) : sc__insert_bulk(db, &bulk, &none, err);
    sc__scratch_release(&scratch);
    return status;
}
