/* Written by schemac from app.schema: do not edit. */
#ifndef AUTH_SESSIONS_H
#define AUTH_SESSIONS_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "auth_sessions.h and the installed sc.h do not fit: compile the schema again"
#endif

/* Of every function here: when it fails, its outputs are NULL or 0. Beside the statuses that
 * stand at each, a call may give SC_CONNECTION, SC_TIMEOUT, SC_CANCELLED, SC_SERIALIZATION,
 * SC_DEADLOCK, SC_SCHEMA_MISMATCH, SC_NO_MEMORY, SC_MISUSE, SC_BAD_VALUE, SC_SERVER; sc.h and
 * docs/RUNTIME.md say when. A call is one round trip (two the first time, where it writes and
 * gives rows). One thread at a time may use a connection, any number a pool. On a batch
 * (sc_queue) every function gives SC_QUEUED and does its work in sc_batch_run. */
#ifdef __cplusplus
extern "C" {
#endif

/**
 * A row of table auth.sessions. Free it, or a list of them, with auth_sessions_free. It
 * has secrets: errors of the functions below carry no detail.
 */
struct auth_sessions {
    const char *session_token; /**< text, primary key, secret */
    const char *user_id; /**< text, references auth.users */
    struct sc_timestamptz expires; /**< timestamptz */
};

/**
 * A row to insert. Zeroed members are left out. Pointers are plain; the others are
 * SC(value) or SC_NULL.
 */
struct auth_sessions_new {
    const char *session_token; /**< required */
    const char *user_id; /**< required */
    struct sc_maybe_timestamptz expires; /**< required */
};

/**
 * What to change: SC(value) or SC_NULL; zeroed members are left alone. One that gives
 * nothing is SC_MISUSE.
 */
struct auth_sessions_patch {
    struct sc_maybe_text session_token; /**< not NULL */
    struct sc_maybe_text user_id; /**< not NULL */
    struct sc_maybe_timestamptz expires; /**< not NULL */
};

/** What err->constraint says when one of them is violated. */
enum auth_sessions_constraint {
    AUTH_SESSIONS_PKEY = 0x51e74905, /**< primary key (session_token) */
    AUTH_SESSIONS_USER_ID_FKEY = 0x400f4ca5, /**< foreign key (user_id) references auth.users */
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_sessions_free(struct auth_sessions *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_sessions_take(struct sc_batch *batch, size_t item,
                                  struct auth_sessions **rows, size_t *n, struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status auth_sessions_next(struct sc_stream *stream, struct auth_sessions **row,
                                  struct sc_error *err);

/**
 * Finds the row of auth.sessions with this primary key (session_token). SC_NOT_FOUND:
 * there is none. Free *row with auth_sessions_free.
 */
enum sc_status auth_sessions_get(struct sc_db *db, const char *session_token,
                                 struct auth_sessions **row, struct sc_error *err);

/**
 * Finds the rows of auth.sessions with any of these values of its primary key
 * (session_token), in no particular order; keys without a row are left out. Free *rows
 * with auth_sessions_free.
 */
enum sc_status auth_sessions_get_many(struct sc_db *db, struct sc_texts session_token,
                                      struct auth_sessions **rows, size_t *n,
                                      struct sc_error *err);

/** Tells whether auth.sessions has a row with this primary key (session_token). */
enum sc_status auth_sessions_exists(struct sc_db *db, const char *session_token, bool *exists,
                                    struct sc_error *err);

/** Counts the rows of auth.sessions. */
enum sc_status auth_sessions_count(struct sc_db *db, int64_t *n, struct sc_error *err);

/** Counts the rows of auth.sessions with this user_id. */
enum sc_status auth_sessions_count_by_user_id(struct sc_db *db, const char *user_id, int64_t *n,
                                              struct sc_error *err);

/** Counts the rows of auth.sessions with this expires. */
enum sc_status auth_sessions_count_by_expires(struct sc_db *db, struct sc_timestamptz expires,
                                              int64_t *n, struct sc_error *err);

/** Lists the rows of auth.sessions with this user_id. Free *rows with auth_sessions_free. */
enum sc_status auth_sessions_list_by_user_id(struct sc_db *db, const char *user_id,
                                             struct auth_sessions **rows, size_t *n,
                                             struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status auth_sessions_list_by_user_id_stream(struct sc_db *db, const char *user_id,
                                                    struct sc_stream **stream,
                                                    struct sc_error *err);

/** Lists the rows of auth.sessions with this expires. Free *rows with auth_sessions_free. */
enum sc_status auth_sessions_list_by_expires(struct sc_db *db, struct sc_timestamptz expires,
                                             struct auth_sessions **rows, size_t *n,
                                             struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status auth_sessions_list_by_expires_stream(struct sc_db *db,
                                                    struct sc_timestamptz expires,
                                                    struct sc_stream **stream,
                                                    struct sc_error *err);

/** Where a page of auth_sessions_page_in_session_token ended. Texts in it are borrowed. */
struct auth_sessions_page_in_session_token_cursor {
    const char *session_token;
};

/**
 * Lists rows of auth.sessions, at most limit of them, in the order of session_token.
 * after: where the page before ended, NULL for the first. Free *rows with
 * auth_sessions_free.
 */
enum sc_status auth_sessions_page_in_session_token(
    struct sc_db *db, const struct auth_sessions_page_in_session_token_cursor *after,
    int64_t limit, struct auth_sessions **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_sessions_page_in_session_token_cursor
auth_sessions_page_in_session_token_cursor_of(const struct auth_sessions *row);
/* A column of the order is secret: the cursor has no text. */

/** Where a page of auth_sessions_page_by_user_id ended. Texts in it are borrowed. */
struct auth_sessions_page_by_user_id_cursor {
    const char *session_token;
};

/**
 * Lists rows of auth.sessions with this user_id, at most limit of them, in the order of
 * session_token. after: where the page before ended, NULL for the first. Free *rows
 * with auth_sessions_free.
 */
enum sc_status auth_sessions_page_by_user_id(
    struct sc_db *db, const char *user_id,
    const struct auth_sessions_page_by_user_id_cursor *after, int64_t limit,
    struct auth_sessions **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_sessions_page_by_user_id_cursor
auth_sessions_page_by_user_id_cursor_of(const struct auth_sessions *row);
/* A column of the order is secret: the cursor has no text. */

/** Where a page of auth_sessions_page_in_user_id ended. Texts in it are borrowed. */
struct auth_sessions_page_in_user_id_cursor {
    const char *user_id;
    const char *session_token;
};

/**
 * Lists rows of auth.sessions, at most limit of them, in the order of user_id,
 * session_token. after: where the page before ended, NULL for the first. Free *rows
 * with auth_sessions_free.
 */
enum sc_status auth_sessions_page_in_user_id(
    struct sc_db *db, const struct auth_sessions_page_in_user_id_cursor *after, int64_t limit,
    struct auth_sessions **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_sessions_page_in_user_id_cursor
auth_sessions_page_in_user_id_cursor_of(const struct auth_sessions *row);
/* A column of the order is secret: the cursor has no text. */

/** Where a page of auth_sessions_page_by_expires ended. Texts in it are borrowed. */
struct auth_sessions_page_by_expires_cursor {
    const char *session_token;
};

/**
 * Lists rows of auth.sessions with this expires, at most limit of them, in the order of
 * session_token. after: where the page before ended, NULL for the first. Free *rows
 * with auth_sessions_free.
 */
enum sc_status auth_sessions_page_by_expires(
    struct sc_db *db, struct sc_timestamptz expires,
    const struct auth_sessions_page_by_expires_cursor *after, int64_t limit,
    struct auth_sessions **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_sessions_page_by_expires_cursor
auth_sessions_page_by_expires_cursor_of(const struct auth_sessions *row);
/* A column of the order is secret: the cursor has no text. */

/** Where a page of auth_sessions_page_in_expires ended. Texts in it are borrowed. */
struct auth_sessions_page_in_expires_cursor {
    struct sc_timestamptz expires;
    const char *session_token;
};

/**
 * Lists rows of auth.sessions, at most limit of them, in the order of expires,
 * session_token. after: where the page before ended, NULL for the first. Free *rows
 * with auth_sessions_free.
 */
enum sc_status auth_sessions_page_in_expires(
    struct sc_db *db, const struct auth_sessions_page_in_expires_cursor *after, int64_t limit,
    struct auth_sessions **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_sessions_page_in_expires_cursor
auth_sessions_page_in_expires_cursor_of(const struct auth_sessions *row);
/* A column of the order is secret: the cursor has no text. */

/**
 * Inserts a row into auth.sessions. SC_UNIQUE (AUTH_SESSIONS_PKEY); SC_FOREIGN_KEY
 * (AUTH_SESSIONS_USER_ID_FKEY); SC_NOT_NULL: a required column is missing. Free *row
 * with auth_sessions_free; row may be NULL: nothing comes back.
 */
enum sc_status auth_sessions_insert(struct sc_db *db, const struct auth_sessions_new *values,
                                    struct auth_sessions **row, struct sc_error *err);

/**
 * Inserts count rows into auth.sessions, all or none: a statement for each run of rows
 * that give the same columns, in one round trip. Violations as at auth_sessions_insert.
 * Free *rows with auth_sessions_free; rows and n may be NULL: nothing comes back.
 */
enum sc_status auth_sessions_insert_many(struct sc_db *db,
                                         const struct auth_sessions_new *values, size_t count,
                                         struct auth_sessions **rows, size_t *n,
                                         struct sc_error *err);

/**
 * Inserts a row into auth.sessions; where one with the same primary key (session_token)
 * is there, sets the columns that are given instead. Violations as at
 * auth_sessions_insert. Free *row with auth_sessions_free; row may be NULL: nothing
 * comes back.
 */
enum sc_status auth_sessions_upsert(struct sc_db *db, const struct auth_sessions_new *values,
                                    struct auth_sessions **row, struct sc_error *err);

/**
 * The same for count rows, all or none, in one round trip. Rows with the same key:
 * SC_UNIQUE. Free *rows with auth_sessions_free; rows and n may be NULL: nothing comes
 * back.
 */
enum sc_status auth_sessions_upsert_many(struct sc_db *db,
                                         const struct auth_sessions_new *values, size_t count,
                                         struct auth_sessions **rows, size_t *n,
                                         struct sc_error *err);

/**
 * Changes the row of auth.sessions with this primary key (session_token): just the
 * columns that patch gives. SC_NOT_FOUND: there is none. SC_UNIQUE
 * (AUTH_SESSIONS_PKEY); SC_FOREIGN_KEY (AUTH_SESSIONS_USER_ID_FKEY). Free *row with
 * auth_sessions_free; row may be NULL: nothing comes back.
 */
enum sc_status auth_sessions_update(struct sc_db *db, const char *session_token,
                                    const struct auth_sessions_patch *patch,
                                    struct auth_sessions **row, struct sc_error *err);

/**
 * Deletes the row of auth.sessions with this primary key (session_token). SC_NOT_FOUND:
 * there is none.
 */
enum sc_status auth_sessions_delete(struct sc_db *db, const char *session_token,
                                    struct sc_error *err);

/**
 * Loads count rows into auth.sessions by COPY, the fastest way for many, in three round
 * trips; nothing comes back. A column with a default is given by every row or by none,
 * else SC_MISUSE. Violations as at auth_sessions_insert.
 */
enum sc_status auth_sessions_load(struct sc_db *db, const struct auth_sessions_new *values,
                                  size_t count, struct sc_error *err);
/** The same of the rows that next gives: 1 with one in *row, which is zeroed before, 0 after the
 *  last, negative to stop: SC_CANCELLED, nothing is kept. *n: how many; NULL is fine. */
enum sc_status auth_sessions_load_from(struct sc_db *db,
                                       int (*next)(void *arg, struct auth_sessions_new *row),
                                       void *arg, int64_t *n, struct sc_error *err);

/** Reads all rows of auth.sessions by COPY, one by one; sc_stream_close ends it. */
enum sc_status auth_sessions_scan(struct sc_db *db, struct sc_stream **stream,
                                  struct sc_error *err);

/**
 * A user's sessions that are still valid at `now`, the longest-lived first. Free *rows
 * with auth_sessions_free.
 */
enum sc_status auth_active_sessions(struct sc_db *db, const char *user_id,
                                    struct sc_timestamptz now, struct auth_sessions **rows,
                                    size_t *n, struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status auth_active_sessions_stream(struct sc_db *db, const char *user_id,
                                           struct sc_timestamptz now, struct sc_stream **stream,
                                           struct sc_error *err);

/* For generated code only. */
extern const struct sc__row sc__auth_sessions_row;

#ifdef __cplusplus
}
#endif
#endif
