/* sc.h: run generated statements on PostgreSQL.
 *
 * The public face of libschemac. Generated code and applications include this and
 * never libpq's header. docs/RUNTIME.md is the manual. sc_gen.h, which it includes at its
 * end, is for generated code only.
 *
 * Threads: a connection or a transaction is used by one thread at a time (a second one
 * gets SC_MISUSE); a pool may be used by any number. Values and errors are plain data.
 * The library writes to no stream, never aborts and never exits.
 */
#ifndef SC_H
#define SC_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SC_VERSION "0.1.0"
/* The interface that generated code is written against, and the oldest still served. */
#define SC_ABI        1
#define SC_ABI_OLDEST 1

#if defined(__GNUC__)
#define SC_NODISCARD __attribute__((warn_unused_result))
#define SC_API       __attribute__((visibility("default")))
#else
#define SC_NODISCARD
#define SC_API
#endif

#include "sc_value.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- status and error ---------------------------------------------------------- */

enum sc_status {
    SC_OK = 0,
    SC_QUEUED, /* on a batch: not run yet, outputs are still NULL */
    /* the answer */
    SC_NOT_FOUND,
    SC_TOO_MANY,
    SC_STALE,
    /* the data */
    SC_UNIQUE,
    SC_FOREIGN_KEY,
    SC_CHECK,
    SC_NOT_NULL,
    SC_EXCLUSION,
    SC_BAD_VALUE,
    /* try again */
    SC_SERIALIZATION,
    SC_DEADLOCK,
    SC_TIMEOUT,
    SC_CANCELLED,
    SC_BUSY,
    /* the surroundings */
    SC_CONNECTION,
    SC_COMMIT_UNKNOWN,
    SC_SCHEMA_MISMATCH,
    SC_NO_MEMORY,
    /* the program */
    SC_MISUSE,
    SC_NOT_RUN,
    SC_SERVER
};

/** Gives the status's name without its prefix ("NOT_FOUND"); static text. */
SC_API const char *sc_status_name(enum sc_status status);

/** What went wrong. Plain data without pointers: nothing to free, may be copied, needs
 *  no initialising. Written only by a call that fails. Texts are cut at their size. */
struct sc_error {
    enum sc_status status;
    int constraint; /**< a generated constant such as AUTH_USERS_EMAIL_KEY; 0: none */
    /** Counted from 0. In a batch: which call; of many rows: which row, -1 where no one row
     *  is known to be at fault; else 0. */
    int item;
    char sqlstate[6]; /**< the server's code, "" when the server said nothing */
    char query[64];   /**< the generated function's name, "auth_users_by_email" */
    char schema[64];
    char table[64];
    char column[64];
    char constraint_name[64];
    char message[256];
    char detail[256]; /**< dropped where a secret column is concerned */
    char hint[256];
};

/** Frees a block that a call gave (rows, lists, cursors, texts). NULL is fine. */
SC_API void sc_free(void *block);

/* ---- handles ------------------------------------------------------------------- */

struct sc_db; /* a connection, a pool or a transaction: whatever runs a statement now */
struct sc_batch; /* calls that will travel together */
struct pg_conn;  /* libpq's PGconn */

/** Opens one connection. url: a URI or key=value text as libpq takes it, service files
 *  included; NULL: $DATABASE_URL when it is set, else libpq's own environment. *db is
 *  NULL after any failure: SC_CONNECTION, SC_BUSY (the server takes no more), SC_TIMEOUT,
 *  SC_NO_MEMORY. */
SC_API SC_NODISCARD enum sc_status sc_open(const char *url, struct sc_db **db,
                                           struct sc_error *err);
/** How statements are known to the server. NAMED: prepared once a connection and compared at
 *  their first use there. POOLED: prepared likewise, for poolers that give each transaction
 *  another server connection and keep statements themselves (PgBouncer 1.21 and later);
 *  compared at each use. UNNAMED: parsed and compared at each use, for poolers that do not
 *  keep them. One round trip each; POOLED and UNNAMED, a write that gives rows takes two. */
enum sc_statements {
    SC_STATEMENTS_NAMED = 0,
    SC_STATEMENTS_UNNAMED,
    SC_STATEMENTS_POOLED
};
/** Of each connection; zeroed: the defaults. */
struct sc_options {
    enum sc_statements statements;
};
/** As sc_open, with options (NULL: the defaults; copied). */
SC_API SC_NODISCARD enum sc_status sc_open_with(const char *url,
                                                const struct sc_options *options,
                                                struct sc_db **db,
                                                struct sc_error *err);
/** Closes a connection or a pool. NULL is fine. Transactions on it must have ended. */
SC_API void sc_close(struct sc_db *db);

/** Uses a connection of the caller's, who still owns it and closes it after sc_close.
 *  It must be idle, not in pipeline mode and with client_encoding UTF8: SC_MISUSE. */
SC_API SC_NODISCARD enum sc_status sc_adopt(struct pg_conn *conn, struct sc_db **db,
                                            struct sc_error *err);
/** Lends the libpq connection of a connection or transaction; NULL for a pool. Leave it
 *  idle, in blocking mode and outside pipeline mode before the next call on db. */
SC_API struct pg_conn *sc_borrow(struct sc_db *db);

/** How a pool behaves. Zeroed: the defaults. */
struct sc_pool_options {
    int max;         /**< connections at most; 0: 8 */
    int min;         /**< connections that upkeep makes and keeps; 0: none */
    int max_waiting; /**< calls that may wait at once, a further one is SC_BUSY at
                             *   once; 0: no bound */
    int acquire_timeout_ms; /**< wait for a free one; 0: 30,000; negative: for ever */
    int max_lifetime_s; /**< a connection is replaced after it, less up to a tenth by
                             *   chance; 0: 1,800; negative: never */
    int idle_timeout_s; /**< unused for so long, one is closed, but `min` are kept;
                             *   0: 600; negative: never */
    int max_connecting; /**< connections that are made at once; 0: 2 */
    struct sc_options conn; /**< of each connection */
    /** Where reads through sc_with(.route = SC_REPLICA) may go: a url as sc_open's, with a
     *  host for each replica; each gets a pool of its own with these options. NULL: there
     *  are none. Copied. */
    const char *replicas;
};
/** Opens a pool; connections are made when they are first needed (or by sc_pool_tend).
 *  SC_MISUSE: a number is out of range, or min is above max. Any number of threads may use
 *  it. Whoever waits is served in the order of coming. */
SC_API SC_NODISCARD enum sc_status sc_pool_open(const char *url,
                                                const struct sc_pool_options *options,
                                                struct sc_db **db,
                                                struct sc_error *err);
/** Does a pool's upkeep now: closes what is too old or was idle for too long, and connects
 *  until `min` connections are there; one of them that is too old is closed when its
 *  successor is there. Without it, calls that give a connection back do so, the connecting
 *  of one at a time included; a timer that calls it spares them that, and a program that
 *  wants its connections at start calls it after sc_pool_open. SC_MISUSE: no pool; else
 *  why a connection could not be made. From any thread; waits for the connections. */
SC_API enum sc_status sc_pool_tend(struct sc_db *pool, struct sc_error *err);

/** Times go into buckets: bucket i counts what took under 2^(i + 10) nanoseconds (and not
 *  under 2^(i + 9)); the last one has all that is above, too. */
#define SC_BUCKETS 32
/** What a pool has, and has done since it was opened. */
struct sc_pool_stats {
    int open; /**< connections that there are: idle and in use */
    int idle;
    int in_use;
    int connecting;   /**< being made; max bounds open and connecting together */
    int waiting;      /**< calls that wait now */
    int64_t acquired; /**< connections given to calls and transactions */
    int64_t waited;   /**< calls that had to wait, whatever came of it */
    int64_t timeouts; /**< SC_TIMEOUT */
    int64_t
        refused; /**< SC_BUSY: too many waited; SC_MISUSE: would have waited for ever */
    int64_t connects;
    int64_t connect_failures;
    int64_t closed_lifetime;
    int64_t closed_idle;
    int64_t closed_broken; /**< lost, left unclean, or lent */
    int64_t cleaned;       /**< came back with a changed session, which was reset */
    int64_t wait_ns;       /**< of all that waited */
    int64_t waits[SC_BUCKETS];
    char last_connect_error[256]; /**< "" when the last connection could be made */
};
/** Copies a pool's figures; all zero when db is no pool. From any thread. */
SC_API void sc_pool_stats_get(struct sc_db *pool, struct sc_pool_stats *out);

enum sc_isolation {
    SC_ISOLATION_DEFAULT = 0,
    SC_READ_COMMITTED,
    SC_REPEATABLE_READ,
    SC_SERIALIZABLE
};
struct sc_tx_options {
    enum sc_isolation isolation;
    bool read_only;
    bool deferrable;
    int statement_timeout_ms; /**< each statement's; 0: as the server has it */
    int lock_timeout_ms;      /**< each wait for a lock; 0: as the server has it */
    int idle_timeout_ms; /**< idle_in_transaction_session_timeout; 0: as the server's */
    int attempts;        /**< sc_tx_run: how often at most; 0: 5 */
};
/** Begins a transaction, or a savepoint when db is one itself (options, if there are any,
 *  must then ask for nothing). One round trip: timeouts travel with BEGIN as SET LOCAL and
 *  end with the transaction. While it is open, db's connection answers SC_MISUSE. */
SC_API SC_NODISCARD enum sc_status sc_tx_begin(struct sc_db *db,
                                               const struct sc_tx_options *options,
                                               struct sc_db **tx, struct sc_error *err);
/** Commits, and frees tx whatever it returns, but while a call or a stream of it is under
 *  way: then that is SC_MISUSE and tx stays open. SC_COMMIT_UNKNOWN: the answer is lost,
 *  because the connection broke or there was no memory for it. A transaction that had
 *  failed is rolled back and gives the failure's status. */
SC_API SC_NODISCARD enum sc_status sc_tx_commit(struct sc_db *tx, struct sc_error *err);
/** Rolls back and frees tx. NULL is fine. Does nothing while a call or a stream of it is
 *  under way: close that first. */
SC_API void sc_tx_rollback(struct sc_db *tx);

/** What a transaction does: SC_OK commits it, anything else rolls it back and is given
 *  back. It is run again from its beginning, so it must not leave anything behind outside
 *  the database that a second run does not overwrite, and it must not end tx. */
typedef enum sc_status sc_tx_fn(struct sc_db *tx, void *arg, struct sc_error *err);
/** Begins, runs work(tx, arg, err) and commits; and all of it again, after a short wait that
 *  grows and is partly by chance, when nothing was kept and another run may go well:
 *  SC_SERIALIZATION (40001, or a statement that went stale), SC_DEADLOCK, or a server that
 *  has stopped to take writes (25006). At most options->attempts times; never after
 *  SC_COMMIT_UNKNOWN. Of a work that lets a failure pass, that failure counts. On a
 *  transaction it is a savepoint, run once. A timeout of sc_with bounds all of it. */
SC_API SC_NODISCARD enum sc_status sc_tx_run(struct sc_db *db,
                                             const struct sc_tx_options *options,
                                             sc_tx_fn *work, void *arg,
                                             struct sc_error *err);

/* ---- how a call runs --------------------------------------------------------------- */

enum sc_route {
    SC_PRIMARY = 0,
    SC_REPLICA /* a read may go to one of the pool's replicas */
};
/** Zeroed: as without it. */
struct sc_call {
    /** For the whole call: waiting for a connection, connecting, sending, the answer. Then
     *  the statement is cancelled and the call gives SC_TIMEOUT, a second later at worst;
     *  the connection is clean, or closed. 0: no limit. */
    int timeout_ms;
    enum sc_route route;
    /** SC_REPLICA: what was committed so long ago must be there; 0: no bound. */
    int max_lag_ms;
    /** SC_REPLICA: what was committed when sc_lsn gave this must be there; 0: anything. */
    uint64_t after_lsn;
};
/** Room for a handle; nothing to free. */
struct sc_view {
    uintptr_t words[16];
};
/** Gives a handle for calls that run so:
 *
 *      auth_users_get(sc_with(db, &(struct sc_call){ .timeout_ms = 250 }, &view), ...)
 *
 *  db: a connection, pool, transaction or another view, whose settings count where call
 *  has none; for a batch, sc_batch_open it on the view. The handle lives as long as view
 *  and db do, holds nothing, and may be used as often as one likes, by as many threads as
 *  db. NULL for a NULL. Reads go to a replica that is good enough, else to the primary;
 *  whatever may write goes to the primary, transactions unless they are read only. */
SC_API struct sc_db *sc_with(struct sc_db *db, const struct sc_call *call,
                             struct sc_view *view);
/** Gives the server's position in its log, behind everything that was committed before:
 *  what a later read needs as after_lsn to see it. One round trip. Of a pool it is the
 *  primary's. */
SC_API SC_NODISCARD enum sc_status sc_lsn(struct sc_db *db, uint64_t *lsn,
                                          struct sc_error *err);

/** Starts to collect calls for db. SC_MISUSE where none can be: on a queue, in a transaction
 *  that has ended. */
SC_API SC_NODISCARD enum sc_status sc_batch_open(struct sc_db *db,
                                                 struct sc_batch **batch,
                                                 struct sc_error *err);
/** How the calls of a batch hang together. */
enum sc_batch_mode {
    SC_ALL_OR_NOTHING = 0, /**< one Sync: one implicit transaction */
    SC_INDEPENDENT /**< a Sync a call: each is kept or fails by itself, in one flight */
};
/** Which rows of its calls a batch gives. */
enum sc_batch_rows {
    SC_ROWS_ALL = 0, /**< those of calls without an output wait for their `_take` */
    SC_ROWS_GIVEN /**< only those that an output was given for: other inserts, upserts and
                      *   updates do not ask for theirs, and a `_take` is SC_MISUSE */
};
struct sc_batch_options {
    enum sc_batch_mode mode;
    /** All or nothing: BEGIN with these, the calls and COMMIT travel together, in one round
     *  trip; one more, ROLLBACK, when a call fails. NULL: no BEGIN. Copied. */
    const struct sc_tx_options *tx;
    enum sc_batch_rows rows;
};
/** Sets the options of a batch before its first call. SC_MISUSE: later; independent calls or
 *  a tx on a transaction; both at once. */
SC_API SC_NODISCARD enum sc_status sc_batch_set(struct sc_batch *batch,
                                                const struct sc_batch_options *options,
                                                struct sc_error *err);
/** Where generated functions queue: they return SC_QUEUED, copy their arguments and set
 *  their outputs to NULL. Owned by the batch. */
SC_API struct sc_db *sc_queue(struct sc_batch *batch);
/** Sends all calls in one round trip, however many and however large they and their results
 *  are: it reads while it sends.
 *
 *  All or nothing: the status and *err are the failing call's (err->item), the other calls
 *  are SC_NOT_RUN. Where no call failed but the end did (a deferred constraint, COMMIT),
 *  err->item is the number of calls, and all are SC_NOT_RUN. SC_COMMIT_UNKNOWN: the answer
 *  to COMMIT is lost, and all calls say so; without a tx a connection lost at the end is
 *  SC_CONNECTION, of all calls, as it is for a single write.
 *  Independent: all calls are made; the status and *err are the first failing call's in
 *  order. One whose statement was prepared in vain (its plan went stale) is made once
 *  more, after the others.
 *
 *  SC_NOT_FOUND, SC_TOO_MANY and SC_STALE are answers and undo nothing: the first of them is
 *  returned, and the other calls keep their own status. Outputs that were given are
 *  filled; those left NULL wait for a `_take` (but see SC_ROWS_GIVEN). A batch runs once,
 *  until it is reset. */
SC_API SC_NODISCARD enum sc_status sc_batch_run(struct sc_batch *batch,
                                                struct sc_error *err);
/** The status of one call of a batch that has run; err (may be NULL) as that call's. */
SC_API enum sc_status sc_batch_status(const struct sc_batch *batch, size_t item,
                                      struct sc_error *err);
/** Empties it for other calls, with the same options; rows that were not taken go. It keeps
 *  its memory, as much as it needed: a batch that is used again allocates nothing a call.
 *  What is over a megabyte goes once eight runs have needed less than a quarter of it. NULL
 *  is fine. */
SC_API void sc_batch_reset(struct sc_batch *batch);
/** Frees it; calls that were not run are forgotten. NULL is fine. */
SC_API void sc_batch_close(struct sc_batch *batch);

/* ---- streams --------------------------------------------------------------------- */

/** Rows on their way. A generated `_stream` or `_scan` opens one, and the row's `_next`
 *  gives one row after the other. The connection is the stream's until its last row was
 *  given, it failed or was closed: any other call on it is SC_MISUSE. */
struct sc_stream;
/** Ends a stream at any time and frees it; NULL is fine. Where rows are left the server is
 *  told to stop (a cancel, and one round trip), and the connection can be used again.
 *  Close it before its connection, pool or transaction. */
SC_API void sc_stream_close(struct sc_stream *stream);

/* ---- cancelling -------------------------------------------------------------------- */

/** Cancels what a connection or a transaction runs now, from any thread: that call gives
 *  SC_CANCELLED, and an open transaction is to be rolled back, as after any failure. SC_OK:
 *  it is cancelled, had just ended or was just beginning, or nothing ran. A later call is
 *  never hit: it waits until the cancellation is through. Takes a connection to the server
 *  of its own, and waits for it for 10 seconds at most: SC_TIMEOUT, and the connection is
 *  given up when its call ends. SC_MISUSE: a pool or a batch; SC_NO_MEMORY. db must not be
 *  closed meanwhile; a transaction may end. */
SC_API enum sc_status sc_cancel(struct sc_db *db, struct sc_error *err);

/* ---- SQL of one's own ------------------------------------------------------------ */

struct sc_rows; /* a result in text form */
/** Runs one statement with text parameters ($1 ...; NULL pointer: SQL NULL). *rows may be
 *  asked for or NULL. One round trip, not prepared. */
SC_API SC_NODISCARD enum sc_status sc_query(struct sc_db *db, const char *sql,
                                            const char *const *params, size_t nparams,
                                            struct sc_rows **rows,
                                            struct sc_error *err);
SC_API size_t sc_rows_count(const struct sc_rows *rows);
SC_API size_t sc_rows_columns(const struct sc_rows *rows);
SC_API const char *sc_rows_name(const struct sc_rows *rows, size_t column);
/** The value's text, NULL for SQL NULL or out of range; borrowed from rows. */
SC_API const char *sc_rows_value(const struct sc_rows *rows, size_t row, size_t column);
/** Rows that an insert, update or delete touched. */
SC_API int64_t sc_rows_affected(const struct sc_rows *rows);
SC_API void sc_rows_free(struct sc_rows *rows);

/* ---- event loops ------------------------------------------------------------------ */

/** What a descriptor is waited for, and what it was found ready for: see sc_async.h and
 *  sc_listen.h. */
enum { SC_READ = 1, SC_WRITE = 2 };

/* ---- hooks ----------------------------------------------------------------------- */

/** One finished call. Texts are static or live for the call only. No parameter's value
 *  is ever in it, nor a row's. */
struct sc_event {
    const char
        *query; /**< the generated function's name; "sc_query", "sc_tx_begin" ... */
    const char *sql; /**< its text, with $1 ... for the values */
    enum sc_status status;
    const char *sqlstate; /**< "" when the server said nothing */
    int64_t rows;
    int64_t nanoseconds;
    int64_t bytes;        /**< of the values that the server gave */
    int64_t pool_wait_ns; /**< before that: waiting for a connection of the pool, its
                           *   making included; told with the first call on it */
    bool slow;            /**< nanoseconds came to slow_ns */
};
struct sc_hooks {
    void *user;
    void (*start)(void *user, const struct sc_event *event); /**< may be NULL */
    void (*end)(void *user, const struct sc_event *event);   /**< may be NULL */
    void (*notice)(void *user, const char *message);         /**< server notices */
    int64_t slow_ns; /**< a call that takes so long is slow; 0: none is */
    void (*slow)(void *user,
                 const struct sc_event *event); /**< after `end`; may be NULL */
};
/** Sets the hooks of a connection or pool; call it before the handle is shared. Copied. */
SC_API void sc_set_hooks(struct sc_db *db, const struct sc_hooks *hooks);

/** Has a connection or pool keep figures by query from now on, for up to `queries`
 *  different ones; further ones are counted together. Once a handle, before it is shared.
 *  All memory is taken here; counting takes no lock. SC_MISUSE: another kind of handle, or
 *  measured already; SC_NO_MEMORY. */
SC_API SC_NODISCARD enum sc_status sc_measure(struct sc_db *db, size_t queries,
                                              struct sc_error *err);
/** Calls of one query. Its own statements count, and so do "sc_query", "sc_tx_begin",
 *  "sc_tx_commit" and "sc_tx_rollback". */
struct sc_query_stats {
    const char
        *query; /**< the generated function's name; static. "(others)": the rest */
    int64_t calls;
    int64_t failures; /**< calls whose status was not SC_OK */
    int64_t rows;
    int64_t bytes; /**< of the values that the server gave */
    int64_t nanoseconds;
    int64_t max_nanoseconds;
    int64_t buckets[SC_BUCKETS]; /**< of the calls, by their time: see SC_BUCKETS */
};
/** Copies up to `room` of the figures, in no order; gives how many there are. From any
 *  thread; calls that end meanwhile may be counted in part. */
SC_API size_t sc_query_stats_get(struct sc_db *db, struct sc_query_stats *out,
                                 size_t room);

#ifdef __cplusplus
}
#endif

/* What generated code is made of. */
#include "sc_gen.h"
#endif
