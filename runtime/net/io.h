/* io.h: the only place that waits for the server.
 *
 * libpq is non-blocking underneath: what is to be sent goes into its buffer, and waiting
 * for a result sends and receives by turns, so that neither side can block the other.
 */
#ifndef SC_IO_H
#define SC_IO_H
#include "conn.h"

/* Makes libpq non-blocking before the first message of a call; and gives it back blocking
 * to a caller who also uses it. */
bool sc__io_begin(struct sc__conn *conn);
void sc__io_end(struct sc__conn *conn);

/* Whoever waits for an encrypted connection has libpq read again after so long, whatever
 * poll says: a record of 16 KB is taken off the socket at once, and a libpq whose buffer
 * has room for less may leave the rest where no poll sees it (its minor releases of 2026
 * do not). */
enum { SC__IO_AHEAD_MS = 20 };
static inline bool sc__io_reads_ahead(const struct sc__conn *conn)
{
    return PQsslInUse(conn->pg) || PQgssEncInUse(conn->pg);
}

/* Waits for the next result of the current command; NULL when it has no more, or when the
 * connection is lost (sc__conn_alive tells). */
PGresult *sc__io_result(struct sc__conn *conn);
/* Whether libpq needs to read more before it has a result. */
bool sc__io_is_busy(const struct sc__conn *conn);
/* Sends what libpq holds, waits until the socket can be read (or written, where something is
 * left to send), and lets libpq read. spoken: an error's text in libpq is no sign that it
 * is stuck. False: the connection is lost. */
bool sc__io_wait(struct sc__conn *conn, bool spoken);
/* The same; to_write: until it can be written, in any case. */
bool sc__io_wait_both(struct sc__conn *conn, bool to_write, bool spoken);
/* Waits for the next row of a COPY out: its size, and *row is freed by PQfreemem; -1: there
 * are no more, -2: it failed. */
int sc__io_copy_row(struct sc__conn *conn, char **row);
/* A result that begins a COPY nobody asked for: the connection is of no more use, for libpq
 * would give the same result again and again. */
void sc__io_note(struct sc__conn *conn, const PGresult *result);
/* Takes and drops results until the command is over. */
void sc__io_drain(struct sc__conn *conn);
/* Runs one command without parameters outside a pipeline and gives its last result; NULL
 * when libpq could not send it. */
PGresult *sc__io_command(struct sc__conn *conn, const char *sql);
/* Waits until all is sent. False: the connection is lost. */
bool sc__io_flush(struct sc__conn *conn);
/* Sends a piece of a COPY, and its end (stop NULL: all went well). libpq waits here by itself:
 * it takes in what the server says meanwhile, and does not move all that is unsent after
 * each part that the socket takes. False: the connection is lost, the server has ended the
 * COPY, or libpq has no memory. */
bool sc__io_put(struct sc__conn *conn, const char *data, size_t size);
bool sc__io_put_end(struct sc__conn *conn, const char *stop);

#endif
