/* conn.c: connecting, and whether a connection still lives. It must not print, nor quote
 * a connection string (it may hold a password). */
#include "sc_internal.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static const char *effective_url(const char *url)
{
    if (url)
        return url;
    const char *env = getenv("DATABASE_URL");
    return env ? env : "";
}

/* libpq's own message quotes what it could not read. */
static enum sc_status check_url(const char *url, struct sc_error *err)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &message);
    bool no_memory = !options && (!message || strstr(message, "out of memory"));
    PQconninfoFree(options);
    PQfreemem(message);
    if (no_memory)
        return sc__fail_memory(err, NULL);
    if (options)
        return SC_OK;
    return sc__fail(err, NULL, SC_CONNECTION,
                    "the connection string is neither a URI nor key=value text");
}

/* Seconds that a connection may take, 0: for ever. */
static int64_t connect_timeout(PGconn *pg)
{
    int64_t seconds = 0;
    PQconninfoOption *options = PQconninfo(pg);
    for (PQconninfoOption *o = options; o && o->keyword; o++)
        if (strcmp(o->keyword, "connect_timeout") == 0 && o->val)
            seconds = strtol(o->val, NULL, 10);
    PQconninfoFree(options);
    return seconds;
}

static enum sc_status connect_failure(PGconn *pg, int64_t begun, struct sc_error *err)
{
    enum sc_status status = sc__fail_conn(err, NULL, pg);
    int64_t limit = connect_timeout(pg);
    bool late = limit > 0 && sc__clock() - begun >= limit * 1000000000;
    if (status != SC_CONNECTION || !late)
        return status;
    if (err)
        err->status = SC_TIMEOUT;
    return SC_TIMEOUT;
}

static struct sc__conn *new_conn(PGconn *pg, const struct sc_hooks *hooks)
{
    struct sc__conn *conn = sc__forks_watch() ? calloc(1, sizeof(*conn)) : NULL;
    if (!conn)
        return NULL;
    conn->forks = sc__forks;
    conn->pg = pg;
    conn->hooks = hooks;
    atomic_init(&conn->busy, false);
    PQsetNoticeReceiver(pg, sc__hooks_notice, conn);
    return conn;
}

enum sc_status sc__conn_open(const char *url, const struct sc_hooks *hooks,
                             struct sc__conn **conn, struct sc_error *err)
{
    const char *text = effective_url(url);
    enum sc_status status = check_url(text, err);
    if (status != SC_OK)
        return status;
    /* What stands after dbname overrides what its text says. */
    const char *const keywords[] = { "dbname", "client_encoding", NULL };
    const char *const values[] = { text, "UTF8", NULL };
    int64_t begun = sc__clock();
    PGconn *pg = PQconnectdbParams(keywords, values, 1);
    if (!pg)
        return sc__fail_memory(err, NULL);
    if (PQstatus(pg) != CONNECTION_OK) {
        status = connect_failure(pg, begun, err);
        PQfinish(pg);
        return status;
    }
    *conn = new_conn(pg, hooks);
    if (*conn)
        return SC_OK;
    PQfinish(pg);
    return sc__fail_memory(err, NULL);
}

static const char *unfit(const PGconn *pg)
{
    if (!pg || PQstatus(pg) != CONNECTION_OK)
        return "the connection to adopt is not open";
    if (PQpipelineStatus(pg) != PQ_PIPELINE_OFF)
        return "the connection to adopt is in pipeline mode";
    if (PQtransactionStatus(pg) != PQTRANS_IDLE)
        return "the connection to adopt is not idle";
    const char *encoding = PQparameterStatus(pg, "client_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0)
        return "the connection to adopt has another client_encoding than UTF8";
    return NULL;
}

enum sc_status sc__conn_adopt(PGconn *pg, const struct sc_hooks *hooks,
                              struct sc__conn **conn, struct sc_error *err)
{
    static atomic_uint serial;
    const char *why = unfit(pg);
    if (why)
        return sc__fail(err, NULL, SC_MISUSE, "%s", why);
    *conn = new_conn(pg, hooks);
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

enum sc_status sc__conn_reset(struct sc__conn *conn, struct sc_error *err)
{
    if (conn->adopted)
        return sc__fail(err, NULL, SC_CONNECTION, "the adopted connection is lost");
    int64_t begun = sc__clock();
    sc__plans_forget(&conn->plans);
    sc__types_forget(&conn->types);
    PQreset(conn->pg);
    if (PQstatus(conn->pg) != CONNECTION_OK)
        return connect_failure(conn->pg, begun, err);
    conn->broken = false;
    return SC_OK;
}

bool sc__conn_alive(const struct sc__conn *conn)
{
    return !conn->broken && PQstatus(conn->pg) == CONNECTION_OK;
}

/* Whether nothing has come: an idle and living connection has nothing to read. */
static bool is_silent(const struct sc__conn *conn)
{
    char byte;
    return recv(PQsocket(conn->pg), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

static bool read_news(struct sc__conn *conn)
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

bool sc__conn_check(struct sc__conn *conn)
{
    return (!conn->broken && is_silent(conn)) || read_news(conn);
}
