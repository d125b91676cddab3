/* connect.c: makes connections. It must not print, nor quote a connection string (it may
 * hold a password).
 *
 * PQconnectdb would write the server's first notices to stderr, for a receiver can only be
 * set on a connection that is there. So a connection is started, gets its receiver, and is
 * then driven here. libpq's own loop is needed for one thing: to give up one of several
 * hosts, or of a name's addresses, when connect_timeout runs out. PQreset has it.
 */
#include "sc_internal.h"
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
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

/* What the connection's options say about waiting. */
struct patience {
    int64_t timeout; /* nanoseconds for one address, 0: for ever */
    bool several;    /* addresses */
    bool no_memory;
};

/* Whether a name stands for several addresses; a path for none. Asked once more than libpq
 * does, which does not tell what it found. */
static bool has_addresses(const char *host)
{
    const struct addrinfo hints = { .ai_family = AF_UNSPEC,
                                    .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    if (*host == '/' || *host == '@' || getaddrinfo(host, NULL, &hints, &found) != 0)
        return false;
    bool several = found && found->ai_next;
    freeaddrinfo(found);
    return several;
}

/* host and hostaddr may be NULL; a hostaddr is what counts. */
static bool are_several(const char *host, const char *hostaddr)
{
    if (hostaddr && *hostaddr)
        return strchr(hostaddr, ',');
    return host && (strchr(host, ',') || has_addresses(host));
}

static struct patience patience_of(PGconn *pg)
{
    enum { LEAST = 2 }; /* seconds; PostgreSQL 15, src/interfaces/libpq/fe-connect.c */
    struct patience patience = { 0 };
    const char *host = NULL, *hostaddr = NULL;
    PQconninfoOption *options = PQconninfo(pg);
    patience.no_memory = !options;
    for (PQconninfoOption *o = options; o && o->keyword; o++) {
        if (!o->val)
            continue;
        long seconds = strcmp(o->keyword, "connect_timeout") ? 0
                                                             : strtol(o->val, NULL, 10);
        if (seconds > 0)
            patience.timeout = (seconds < LEAST ? LEAST : seconds) *
                               (int64_t)1000000000;
        if (strcmp(o->keyword, "host") == 0)
            host = o->val;
        if (strcmp(o->keyword, "hostaddr") == 0)
            hostaddr = o->val;
    }
    patience.several = patience.timeout && are_several(host, hostaddr);
    PQconninfoFree(options);
    return patience;
}

/* libpq keeps the SQLSTATE of a refusal to itself, but writes it in verbose messages:
 * "FATAL:  53300: too many ...". Gives where the last one stands, or NULL. */
static const char *find_sqlstate(const char *message)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *found = NULL;
    while ((message = strstr(message, ":  ")) != NULL) {
        message += 3;
        if (strspn(message, digits) == 5 && strncmp(message + 5, ": ", 2) == 0)
            found = message;
    }
    return found;
}

static enum sc_status connect_failure(PGconn *pg, bool late, struct sc_error *err)
{
    if (late)
        return sc__fail(err, NULL, SC_TIMEOUT, "the server did not answer in time");
    const char *message = PQerrorMessage(pg), *sqlstate = find_sqlstate(message);
    if (!sqlstate)
        return sc__fail_conn(err, NULL, pg);
    enum sc_status status = SC_CONNECTION;
    if (sc__status_of(sqlstate, "", true) == SC_BUSY)
        status = SC_BUSY;
    /* Without the code, and the line behind it that tells of the server's source. */
    const char *words = sqlstate + 7, *end = strchr(words, '\n');
    sc__fail(err, NULL, status, "%.*s%.*s", (int)(sqlstate - message), message,
             (int)(end ? end - words : (long)strlen(words)), words);
    if (err)
        snprintf(err->sqlstate, sizeof(err->sqlstate), "%.5s", sqlstate);
    return status;
}

/* Waits for what libpq wants to do next. False: the time is over. */
static bool wait_for(const PGconn *pg, PostgresPollingStatusType what, int64_t until)
{
    struct pollfd fd = { .fd = PQsocket(pg), .events = POLLIN };
    if (what == PGRES_POLLING_WRITING)
        fd.events = POLLOUT;
    for (;;) {
        int64_t left = until ? (until - sc__clock()) / 1000000 : -1;
        if (until && left <= 0)
            return false;
        int ready = poll(&fd, 1, left > 1000000 ? 1000000 : (int)left);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return true; /* PQconnectPoll sees what is wrong */
    }
}

/* Sees a started connection through. *late: it was given up. */
static void drive(PGconn *pg, const struct patience *patience, bool *late)
{
    int64_t until = patience->timeout ? sc__clock() + patience->timeout : 0;
    PostgresPollingStatusType what = PGRES_POLLING_WRITING;
    while (PQstatus(pg) != CONNECTION_BAD && what != PGRES_POLLING_OK) {
        if (!wait_for(pg, what, until)) {
            *late = true;
            return;
        }
        what = PQconnectPoll(pg);
    }
}

/* A connection that was made. Every server tells the encoding that it was asked for; libpq
 * that has no memory for it goes on without. */
static enum sc_status check_made(const struct sc__conn *conn, struct sc_error *err)
{
    return sc__conn_speaks_utf8(conn) ? SC_OK : sc__fail_memory(err, NULL);
}

static enum sc_status complete(struct sc__conn *conn, struct sc_error *err)
{
    PGconn *pg = conn->pg;
    bool late = false;
    if (PQstatus(pg) == CONNECTION_BAD)
        return connect_failure(pg, false, err);
    struct patience patience = patience_of(pg);
    if (patience.no_memory)
        return sc__fail_memory(err, NULL);
    int64_t begun = sc__clock();
    if (patience.several) {
        PQreset(pg);
        late = sc__clock() - begun >= patience.timeout;
    } else {
        drive(pg, &patience, &late);
    }
    return PQstatus(pg) == CONNECTION_OK ? check_made(conn, err)
                                         : connect_failure(pg, late, err);
}

enum sc_status sc__conn_open(const char *url, const struct sc__hooks *hooks,
                             struct sc__conn **conn, struct sc_error *err)
{
    const char *text = effective_url(url);
    enum sc_status status = check_url(text, err);
    if (status != SC_OK)
        return status;
    /* What stands after dbname overrides what its text says. */
    const char *const keywords[] = { "dbname", "client_encoding", NULL };
    const char *const values[] = { text, "UTF8", NULL };
    PGconn *pg = PQconnectStartParams(keywords, values, 1);
    if (!pg)
        return sc__fail_memory(err, NULL);
    struct sc__conn *made = sc__conn_new(pg, hooks);
    if (!made) {
        PQfinish(pg);
        return sc__fail_memory(err, NULL);
    }
    PQsetErrorVerbosity(pg, PQERRORS_VERBOSE);
    status = complete(made, err);
    PQsetErrorVerbosity(pg, PQERRORS_DEFAULT);
    if (status != SC_OK) {
        sc__conn_close(made);
        return status;
    }
    *conn = made;
    return SC_OK;
}

enum sc_status sc__conn_reset(struct sc__conn *conn, struct sc_error *err)
{
    if (conn->adopted)
        return sc__fail(err, NULL, SC_CONNECTION, "the adopted connection is lost");
    sc__plans_forget(&conn->plans);
    sc__types_forget(&conn->types);
    int64_t begun = sc__clock();
    PQsetErrorVerbosity(conn->pg, PQERRORS_VERBOSE);
    PQreset(conn->pg); /* it keeps the receiver */
    PQsetErrorVerbosity(conn->pg, PQERRORS_DEFAULT);
    if (PQstatus(conn->pg) == CONNECTION_OK) {
        enum sc_status status = check_made(conn, err);
        conn->broken = status != SC_OK;
        conn->begun = false;
        return status;
    }
    /* libpq keeps the socket of a failed attempt, which is as silent as a good one. */
    conn->broken = true;
    struct patience patience = patience_of(conn->pg);
    bool late = patience.timeout && sc__clock() - begun >= patience.timeout;
    return connect_failure(conn->pg, late, err);
}
