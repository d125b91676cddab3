/* cancelled.c: what a failure means besides what the server said of it. It must not go by
 * words that are not English. */
#include "runtime/sc_internal.h"
#include <string.h>

/* ---- a call's own time ------------------------------------------------------------------- */

/* A cancellation's answer, or no answer at all; any other came in time. */
static bool is_over(const struct sc__conn *conn, const struct sc_error *err)
{
    if (!conn->late)
        return false;
    if (err->status == SC_COMMIT_UNKNOWN)
        return false;
    return strcmp(err->sqlstate, "57014") == 0 ||
           (err->status == SC_CONNECTION && !sc__conn_alive(conn));
}

static enum sc_status time_out(const struct sc__conn *conn, struct sc_error *err)
{
    char label[sizeof(err->query)], sqlstate[sizeof(err->sqlstate)];
    memcpy(label, err->query, sizeof(label));
    memcpy(sqlstate, err->sqlstate, sizeof(sqlstate));
    sc__fail(err, label, SC_TIMEOUT, "the call's time was over%s",
             sc__conn_alive(conn)
                 ? ": it was cancelled"
                 : ", and a cancellation was not answered: the connection is given up");
    memcpy(err->sqlstate, sqlstate, sizeof(sqlstate));
    return SC_TIMEOUT;
}

/* ---- statement_timeout ------------------------------------------------------------------- */

/* A statement that the server broke off had run out of statement_timeout, or was cancelled
 * by somebody: both are 57014, and the server's words are in the language of its
 * lc_messages. */
static bool is_doubtful(const struct sc_error *err)
{
    return err->status == SC_TIMEOUT && strcmp(err->sqlstate, "57014") == 0 &&
           !strstr(err->message, "timeout");
}

/* Whether the server can be asked something now; in a failed transaction it answers
 * nothing. */
static bool is_idle(const struct sc__conn *conn)
{
    return sc__conn_alive(conn) && PQpipelineStatus(conn->pg) == PQ_PIPELINE_OFF &&
           PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
}

static bool has_no_timeout(struct sc__conn *conn)
{
    PGresult *result = sc__io_command(conn, "show statement_timeout");
    bool none = result && PQresultStatus(result) == PGRES_TUPLES_OK &&
                PQntuples(result) == 1 && PQnfields(result) == 1 &&
                strcmp(PQgetvalue(result, 0, 0), "0") == 0;
    PQclear(result);
    return none;
}

/* ---- servers that have changed places ------------------------------------------------------ */

static bool is_on(const char *value)
{
    return value && strcmp(value, "on") == 0;
}

/* 25006 is also what a read-only transaction of the program's own answers: PostgreSQL 14
 * and later tell what they are; of others it is believed. A session that the program has
 * changed may have been made read-only by it, and is not to be lost in silence. */
bool sc__has_moved(const struct sc__conn *conn, const struct sc_error *err)
{
    if (strcmp(err->sqlstate, "25006") != 0 || conn->adopted || conn->lent ||
        conn->spare)
        return false;
    const char *standby = PQparameterStatus(conn->pg, "in_hot_standby");
    const char *read_only = PQparameterStatus(conn->pg,
                                              "default_transaction_read_only");
    if (is_on(standby))
        return true;
    return !conn->changed && ((!standby && !read_only) || is_on(read_only));
}

enum sc_status sc__cancelled_status(struct sc__conn *conn, enum sc_status status,
                                    struct sc_error *err)
{
    if (is_over(conn, err))
        return time_out(conn, err);
    if (sc__has_moved(conn, err)) {
        conn->broken = true;
        err->status = SC_CONNECTION;
        return SC_CONNECTION;
    }
    if (!is_doubtful(err))
        return status;
    if (!sc__cancel_is_ours(conn) && (!is_idle(conn) || !has_no_timeout(conn)))
        return status;
    err->status = SC_CANCELLED;
    return SC_CANCELLED;
}
