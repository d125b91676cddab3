/* query.c: SQL of the caller's own, in text form. It must not prepare anything. */
#include "runtime/sc_internal.h"
#include <stdlib.h>

struct sc_rows {
    PGresult *result;
};

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ||
           status == PGRES_EMPTY_QUERY;
}

/* A statement on its way. */
struct own {
    const char *sql;
    const char *const *params;
    int nparams;
    PGresult *result;
};

static enum sc_status fail(struct sc__conn *conn, const struct own *own,
                           struct sc_error *err)
{
    struct sc__blame blame = { .label = "sc_query", .own_sql = true };
    if (!own->result)
        return sc__fail_conn(err, "sc_query", conn->pg);
    if (PQresultStatus(own->result) == PGRES_FATAL_ERROR)
        return sc__fail_result(err, &blame, own->result);
    return sc__fail(err, "sc_query", SC_MISUSE, "COPY cannot be run this way");
}

/* Texts are UTF-8, whatever the session was told: another encoding would be written as if
 * it were that. */
static enum sc_status put_encoding_back(struct sc__conn *conn, struct sc_error *err)
{
    PQclear(sc__io_command(conn, "set client_encoding to 'UTF8'"));
    conn->broken |= !sc__conn_speaks_utf8(conn);
    return sc__fail(err, "sc_query", SC_MISUSE, "client_encoding stays UTF8");
}

static enum sc_status send(struct sc__conn *conn, struct own *own, struct sc_error *err)
{
    if (sc__io_begin(conn) && PQsendQueryParams(conn->pg, own->sql, own->nparams, NULL,
                                                own->params, NULL, NULL, 0)) {
        own->result = sc__io_result(conn);
        if (own->result)
            sc__io_drain(conn);
    }
    enum sc_status status = SC_OK;
    if (!own->result || !is_good(own->result))
        status = fail(conn, own, err);
    if (status == SC_OK && !sc__conn_speaks_utf8(conn))
        status = put_encoding_back(conn, err);
    sc__io_end(conn);
    PGTransactionStatusType state = PQtransactionStatus(conn->pg);
    bool open = state == PQTRANS_INTRANS || state == PQTRANS_INERROR;
    conn->begun = open && !conn->top;
    conn->changed |= sc__session_changes(own->sql, own->result);
    return status;
}

static enum sc_status run(struct sc_db *db, struct own *own, struct sc_error *err)
{
    struct sc__conn *conn;
    /* Nobody knows whether it reads only: a replica refuses what does not. */
    const struct sc__entry entry = { .label = "sc_query",
                                     .careful = true,
                                     .reads = true };
    struct sc_error *given = err;
    enum sc_status status = sc__db_enter(db, &entry, &conn, err);
    if (status != SC_OK)
        return status;
    if (!err)
        err = &conn->trouble;
    struct sc_event event = { .query = "sc_query",
                              .sql = own->sql,
                              .sqlstate = "",
                              .pool_wait_ns = sc__pool_waited(conn) };
    int64_t begun = sc__clock();
    sc__hooks_start(conn->hooks, &event);
    status = send(conn, own, err);
    if (status != SC_OK && sc__db_again(&entry, &conn, err)) {
        err = given ? given : &conn->trouble; /* it may be another connection */
        PQclear(own->result);
        own->result = NULL;
        status = send(conn, own, err);
    }
    if (status != SC_OK) {
        status = sc__cancelled_status(conn, status, err);
        sc__db_note_failure(db, err);
        event.sqlstate = err->sqlstate;
    } else {
        event.rows = PQresultStatus(own->result) == PGRES_TUPLES_OK
                         ? PQntuples(own->result)
                         : sc__rows_touched(own->result);
    }
    if (sc__hooks_wanted(conn->hooks))
        event.bytes = sc__hooks_bytes(own->result);
    event.status = status;
    event.nanoseconds = sc__clock() - begun;
    sc__hooks_end(conn->hooks, &event);
    sc__db_leave(db, conn);
    return status;
}

enum sc_status sc_query(struct sc_db *db, const char *sql, const char *const *params,
                        size_t nparams, struct sc_rows **rows, struct sc_error *err)
{
    enum { PARAMS_MAX = 65535 }; /* the protocol counts them in 16 bits */
    if (rows)
        *rows = NULL;
    if (!db || !sql || nparams > PARAMS_MAX || (nparams && !params))
        return sc__fail(err, "sc_query", SC_MISUSE,
                        "a handle, a statement and at most %d parameters are needed",
                        PARAMS_MAX);
    struct sc_rows *made = NULL;
    if (rows && !(made = calloc(1, sizeof(*made))))
        return sc__fail_memory(err, "sc_query");
    struct own own = { sql, params, (int)nparams, NULL };
    enum sc_status status = run(db, &own, err);
    if (status != SC_OK || !made) {
        PQclear(own.result);
        free(made);
        return status;
    }
    made->result = own.result;
    *rows = made;
    return SC_OK;
}

size_t sc_rows_count(const struct sc_rows *rows)
{
    return rows ? (size_t)PQntuples(rows->result) : 0;
}

size_t sc_rows_columns(const struct sc_rows *rows)
{
    return rows ? (size_t)PQnfields(rows->result) : 0;
}

const char *sc_rows_name(const struct sc_rows *rows, size_t column)
{
    return column < sc_rows_columns(rows) ? PQfname(rows->result, (int)column) : NULL;
}

const char *sc_rows_value(const struct sc_rows *rows, size_t row, size_t column)
{
    if (row >= sc_rows_count(rows) || column >= sc_rows_columns(rows) ||
        PQgetisnull(rows->result, (int)row, (int)column))
        return NULL;
    return PQgetvalue(rows->result, (int)row, (int)column);
}

int64_t sc_rows_affected(const struct sc_rows *rows)
{
    return rows ? sc__rows_touched(rows->result) : 0;
}

void sc_rows_free(struct sc_rows *rows)
{
    if (!rows)
        return;
    PQclear(rows->result);
    free(rows);
}
