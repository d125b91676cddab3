/* cancelled.c: whether a statement that the server broke off had run out of its time, or was
 * cancelled by somebody. Both are 57014, and the server's words are in the language of its
 * lc_messages. It must not go by words that are not English. */
#include "sc_internal.h"
#include <string.h>

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

enum sc_status sc__cancelled_status(struct sc__conn *conn, enum sc_status status,
                                    struct sc_error *err)
{
    if (status != SC_TIMEOUT || strcmp(err->sqlstate, "57014") != 0 ||
        strstr(err->message, "timeout") || !is_idle(conn) || !has_no_timeout(conn))
        return status;
    err->status = SC_CANCELLED;
    return SC_CANCELLED;
}
