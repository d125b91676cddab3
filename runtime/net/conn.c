/* conn.c: what belongs to a connection, and whether it still lives. It must not know how
 * connections are made (connect.c). */
#include "runtime/inline.h"
#include "runtime/sc_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct sc__conn *sc__conn_new(PGconn *pg, const struct sc__hooks *hooks)
{
    struct sc__conn *conn = sc__forks_watch() ? calloc(1, sizeof(*conn)) : NULL;
    if (!conn)
        return NULL;
    conn->forks = sc__forks;
    conn->pg = pg;
    conn->hooks = hooks;
    atomic_init(&conn->busy, false);
    atomic_init(&conn->cancel, SC__CANCEL_NONE);
    if (pg)
        PQsetNoticeReceiver(pg, sc__hooks_notice, conn);
    return conn;
}

static bool is_utf8(const PGconn *pg)
{
    const char *encoding = PQparameterStatus(pg, "client_encoding");
    return encoding && strcmp(encoding, "UTF8") == 0;
}

static const char *unfit(const PGconn *pg)
{
    if (!pg || PQstatus(pg) != CONNECTION_OK)
        return "the connection to adopt is not open";
    if (PQpipelineStatus(pg) != PQ_PIPELINE_OFF)
        return "the connection to adopt is in pipeline mode";
    if (PQtransactionStatus(pg) != PQTRANS_IDLE)
        return "the connection to adopt is not idle";
    if (!is_utf8(pg))
        return "the connection to adopt has another client_encoding than UTF8";
    return NULL;
}

enum sc_status sc__conn_adopt(PGconn *pg, const struct sc__hooks *hooks,
                              struct sc__conn **conn, struct sc_error *err)
{
    static atomic_uint serial;
    const char *why = unfit(pg);
    if (why)
        return sc__fail(err, NULL, SC_MISUSE, "%s", why);
    *conn = sc__conn_new(pg, hooks);
    if (!*conn)
        return sc__fail_memory(err, NULL);
    (*conn)->adopted = true;
    (*conn)->lent = true;
    (*conn)->serial = atomic_fetch_add(&serial, 1) + 1;
    return SC_OK;
}

static void no_notice(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

void sc__conn_close(struct sc__conn *conn)
{
    if (!conn)
        return;
    if (conn->forks == sc__forks)
        sc__cancel_settle(conn);
    if (conn->forks != sc__forks)
        conn->pg = NULL; /* a goodbye from here would end the parent's session */
    else if (!conn->adopted)
        PQfinish(conn->pg);
    else /* libpq does not tell the argument of the receiver that was there before */
        PQsetNoticeReceiver(conn->pg, no_notice, NULL);
    sc__plans_release(&conn->plans);
    sc__types_release(&conn->types);
    free(conn);
}

bool sc__conn_speaks_utf8(const struct sc__conn *conn)
{
    return is_utf8(conn->pg);
}

/* Whether nothing has come: an idle and living connection has nothing to read. */
static bool is_silent(const struct sc__conn *conn)
{
    char byte;
    return recv(PQsocket(conn->pg), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

SC__ALONE bool read_news(struct sc__conn *conn)
{
    enum { TURNS = 16 }; /* a notice or two, not more */
    for (int i = 0; i < TURNS && sc__conn_alive(conn); i++) {
        if (is_silent(conn))
            return true;
        if (!PQconsumeInput(conn->pg))
            conn->broken = true;
        else
            (void)PQisBusy(conn->pg); /* has it parsed: a notice, or a farewell */
    }
    return sc__conn_alive(conn);
}

bool sc__conn_look(struct sc__conn *conn)
{
    return (!conn->broken && is_silent(conn)) || read_news(conn);
}
