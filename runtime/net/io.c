/* io.c: sends, waits and receives. It must not know what the bytes mean. */
#include "runtime/sc_internal.h"
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

bool sc__io_begin(struct sc__conn *conn)
{
    return PQisnonblocking(conn->pg) || PQsetnonblocking(conn->pg, 1) == 0;
}

void sc__io_end(struct sc__conn *conn)
{
    if (conn->lent)
        PQsetnonblocking(conn->pg, 0);
}

/* Milliseconds that poll may take, -1: for ever. */
static int patience(const struct sc__conn *conn)
{
    int wait = sc__late_wait(conn->until);
    bool capped = sc__io_reads_ahead(conn) && (wait < 0 || wait > SC__IO_AHEAD_MS);
    return capped ? SC__IO_AHEAD_MS : wait;
}

/* Blocks until the socket can be read, or written when something is left to send; or until
 * libpq is to read in any case. False: it is of no more use. */
static bool wait_for(struct sc__conn *conn, bool to_write)
{
    struct pollfd fd = { .fd = PQsocket(conn->pg), .events = POLLIN };
    int ready = 0;
    if (fd.fd < 0)
        return false;
    if (to_write)
        fd.events |= POLLOUT;
    while (ready == 0) {
        if (conn->until && !sc__late_go_on(conn))
            return false;
        ready = poll(&fd, 1, patience(conn));
        if (ready < 0 && errno == EINTR)
            ready = 0;
        else if (ready == 0 && sc__io_reads_ahead(conn))
            return !conn->until || sc__late_go_on(conn);
    }
    return ready > 0;
}

void sc__io_note(struct sc__conn *conn, const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result); /* of NULL: a failure */
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT ||
        status == PGRES_COPY_BOTH)
        conn->broken = true;
}

/* libpq 15 that runs out of memory over an answer may go on waiting for it: over a Sync's
 * or a Describe's in a pipeline, where its error text, empty while a command is under way,
 * tells; over the start of a COPY, which it takes for incomplete (asked again it reads it,
 * when there is memory again). */
static bool is_stuck(const PGconn *pg)
{
    enum { SOME = 512 }; /* more than a result takes */
    if (PQpipelineStatus(pg) != PQ_PIPELINE_OFF && *PQerrorMessage(pg))
        return true;
    void *volatile probe = malloc(SOME);
    bool starved = !probe;
    free(probe);
    return starved;
}

/* Asked twice: what could not be read for lack of memory may be read now. */
bool sc__io_is_busy(const struct sc__conn *conn)
{
    PGconn *pg = conn->pg;
    bool busy = PQisBusy(pg);
    return busy && PQisBusy(pg);
}

bool sc__io_wait_both(struct sc__conn *conn, bool to_write, bool spoken)
{
    PGconn *pg = conn->pg;
    int unsent = PQflush(pg);
    return (spoken || !is_stuck(pg)) && wait_for(conn, to_write || unsent > 0) &&
           PQconsumeInput(pg);
}

bool sc__io_wait(struct sc__conn *conn, bool spoken)
{
    return sc__io_wait_both(conn, false, spoken);
}

/* Waits until libpq has a whole result. False: it never will. */
static bool wait_for_result(struct sc__conn *conn)
{
    while (sc__io_is_busy(conn))
        if (!sc__io_wait(conn, false))
            return false;
    return true;
}

int sc__io_copy_row(struct sc__conn *conn, char **row)
{
    int size;
    while ((size = PQgetCopyData(conn->pg, row, 1)) == 0)
        if (!sc__io_wait(conn, false)) {
            conn->broken = true;
            return -2;
        }
    return size;
}

PGresult *sc__io_result(struct sc__conn *conn)
{
    PGconn *pg = conn->pg;
    if (!conn->broken && !wait_for_result(conn))
        conn->broken = true;
    if (conn->broken && PQstatus(pg) == CONNECTION_OK)
        return NULL; /* it would wait for ever; else it makes a result of the failure */
    PGresult *result = PQgetResult(pg);
    sc__io_note(conn, result);
    return result;
}

void sc__io_drain(struct sc__conn *conn)
{
    PGresult *result;
    while ((result = sc__io_result(conn)) != NULL)
        PQclear(result);
}

PGresult *sc__io_command(struct sc__conn *conn, const char *sql)
{
    if (!sc__io_begin(conn) || !PQsendQuery(conn->pg, sql))
        return NULL;
    PGresult *last = sc__io_result(conn);
    PGresult *next;
    while (last && (next = sc__io_result(conn)) != NULL) {
        if (PQresultStatus(last) == PGRES_FATAL_ERROR) { /* the first says why */
            PQclear(next);
            continue;
        }
        PQclear(last);
        last = next;
    }
    sc__io_end(conn);
    return last;
}

static bool block(struct sc__conn *conn)
{
    return !PQisnonblocking(conn->pg) || PQsetnonblocking(conn->pg, 0) == 0;
}

bool sc__io_put(struct sc__conn *conn, const char *data, size_t size)
{
    enum { PIECE = 1 << 24 }; /* libpq counts in int */
    /* With a deadline it is not libpq that waits. */
    bool put = conn->until ? sc__io_begin(conn) : block(conn);
    for (size_t at = 0; put && at < size; at += PIECE) {
        size_t left = size - at, piece = left < PIECE ? left : PIECE;
        put = PQputCopyData(conn->pg, data + at, (int)piece) == 1 &&
              (!conn->until || sc__io_flush(conn));
    }
    return put;
}

bool sc__io_put_end(struct sc__conn *conn, const char *stop)
{
    if (conn->until)
        return sc__io_begin(conn) && PQputCopyEnd(conn->pg, stop) == 1;
    return block(conn) && PQputCopyEnd(conn->pg, stop) == 1;
}

bool sc__io_flush(struct sc__conn *conn)
{
    for (;;) {
        int unsent = PQflush(conn->pg);
        if (unsent <= 0)
            return unsent == 0;
        if (!wait_for(conn, true) || !PQconsumeInput(conn->pg)) {
            conn->broken = true;
            return false;
        }
    }
}
