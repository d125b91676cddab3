/* stream.h: rows on their way, which stream.c, stream_open.c and copy_out.c share; nobody
 * else includes it.
 *
 * A stream holds its connection from its opening until its end: the last row, a failure or
 * sc_stream_close, whichever comes first. Two sources give rows: a statement in libpq's
 * single-row (or chunked) mode, and COPY OUT. Inside a transaction a savepoint stands
 * before the source and is released behind it, in the same trip, so that stopping half-way,
 * which is a cancel, does not take the transaction along.
 *
 *     stream_open.c   a statement's: opens it, takes its next chunk
 *     copy_out.c      the same for COPY OUT
 *     stream.c        what the caller sees, and every end
 */
#ifndef SC_STREAM_H
#define SC_STREAM_H
#include "runtime/sc_internal.h"

#define SC__STREAM_SAVEPOINT "savepoint sc_stream"
#define SC__STREAM_RELEASE   "release savepoint sc_stream"
#define SC__STREAM_UNDO      "rollback to savepoint sc_stream; release savepoint sc_stream"

struct sc_stream {
    struct sc_db *db;
    struct sc_view view;   /* room for db, where it is one */
    struct sc__conn *conn; /* NULL: let go */
    const struct sc__row *row;
    const struct sc__scan *scan; /* NULL: a statement's */
    struct sc__desk desk;        /* the job, for hooks, and the statement's ask */
    struct sc__job *job;
    bool hooks;
    char *sql;   /* of COPY, for them */
    bool in_tx;  /* a transaction was open before: there is a savepoint */
    bool piped;  /* the source is in a pipeline */
    bool over;   /* the source has given its last row, or failed */
    bool secret; /* errors quote nothing */
    bool flat;   /* of COPY: no column needs memory beside the struct */

    /* The rows at hand: structs, and what their texts point into. */
    PGresult *result;        /* of a statement */
    char *copied;            /* of COPY: libpq's */
    struct sc__buffer rows;  /* structs, aligned to 8 */
    struct sc__buffer tail;  /* behind them */
    struct sc__bytes *cells; /* of COPY: room for a row's */
    size_t count;
    size_t at; /* the next one to give */

    enum sc_status status; /* of the failure that ended it */
    struct sc_error error;
};

/* Opens the source; on failure nothing of it is left on the connection. */
enum sc_status sc__stream_open(struct sc_stream *stream, struct sc_error *err);
enum sc_status sc__copy_out_open(struct sc_stream *stream, struct sc_error *err);

/* Takes the next rows: SC_OK with count 0 where there are none left, and then, as after a
 * failure, the source is over and the connection idle (or broken). */
enum sc_status sc__stream_take(struct sc_stream *stream, struct sc_error *err);
enum sc_status sc__copy_out_take(struct sc_stream *stream, struct sc_error *err);

/* Stops the source before its end: tells the server, and reads what it has sent. */
void sc__stream_stop(struct sc_stream *stream);
void sc__copy_out_stop(struct sc_stream *stream);
/* Tells the server to stop, bounded in time. False: it could not be told. */
bool sc__stream_cancel(struct sc_stream *stream);
/* After a stop, when the source ended with an error: back to the savepoint. */
void sc__stream_undo(struct sc_stream *stream);

/* Makes room for `count` structs and `tail` bytes behind them; what was there is lost. */
enum sc_status sc__stream_room(struct sc_stream *stream, size_t count, size_t tail,
                               struct sc_error *err);
/* What a bad result (NULL: the connection) is called. */
enum sc_status sc__stream_fail(const struct sc_stream *stream, const PGresult *result,
                               struct sc_error *err);

#endif
