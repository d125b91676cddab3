/* Written by schemac from app.schema: do not edit. */
#ifndef AUTH_FEEDBACK_H
#define AUTH_FEEDBACK_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "auth_feedback.h and the installed sc.h do not fit: compile the schema again"
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

/** A row of table auth.feedback. Free it, or a list of them, with auth_feedback_free. */
struct auth_feedback {
    int64_t id; /**< int8, primary key, identity */
    const char *user_id; /**< text or NULL, references auth.users */
    int16_t rating; /**< int2 */
    const char *message; /**< text */
    const char *metadata; /**< jsonb, default '{}' */
    struct sc_timestamptz created_at; /**< timestamptz, default now() */
};

/**
 * A row to insert. Zeroed members are left out. Pointers are plain; the others are
 * SC(value) or SC_NULL.
 */
struct auth_feedback_new {
    const char *user_id; /**< left out: NULL */
    struct sc_maybe_int2 rating; /**< required */
    const char *message; /**< required */
    const char *metadata; /**< left out: '{}' */
    struct sc_maybe_timestamptz created_at; /**< left out: now() */
};

/**
 * What to change: SC(value) or SC_NULL; zeroed members are left alone. One that gives
 * nothing is SC_MISUSE.
 */
struct auth_feedback_patch {
    struct sc_maybe_text user_id; /**< may be SC_NULL */
    struct sc_maybe_int2 rating; /**< not NULL */
    struct sc_maybe_text message; /**< not NULL */
    struct sc_maybe_text metadata; /**< not NULL */
    struct sc_maybe_timestamptz created_at; /**< not NULL */
};

/** What err->constraint says when one of them is violated. */
enum auth_feedback_constraint {
    AUTH_FEEDBACK_PKEY = 0x00ea05bd, /**< primary key (id) */
    AUTH_FEEDBACK_USER_ID_FKEY = 0x27af652d, /**< foreign key (user_id) references auth.users */
    AUTH_FEEDBACK_RATING_CHECK = 0x184438e4, /**< check (rating between 1 and 5) */
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_feedback_free(struct auth_feedback *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_feedback_take(struct sc_batch *batch, size_t item,
                                  struct auth_feedback **rows, size_t *n, struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status auth_feedback_next(struct sc_stream *stream, struct auth_feedback **row,
                                  struct sc_error *err);

/**
 * Finds the row of auth.feedback with this primary key (id). SC_NOT_FOUND: there is
 * none. Free *row with auth_feedback_free.
 */
enum sc_status auth_feedback_get(struct sc_db *db, int64_t id, struct auth_feedback **row,
                                 struct sc_error *err);

/**
 * Finds the rows of auth.feedback with any of these values of its primary key (id), in
 * no particular order; keys without a row are left out. Free *rows with
 * auth_feedback_free.
 */
enum sc_status auth_feedback_get_many(struct sc_db *db, struct sc_int8s id,
                                      struct auth_feedback **rows, size_t *n,
                                      struct sc_error *err);

/** Tells whether auth.feedback has a row with this primary key (id). */
enum sc_status auth_feedback_exists(struct sc_db *db, int64_t id, bool *exists,
                                    struct sc_error *err);

/** Counts the rows of auth.feedback. */
enum sc_status auth_feedback_count(struct sc_db *db, int64_t *n, struct sc_error *err);

/** Counts the rows of auth.feedback with this user_id. */
enum sc_status auth_feedback_count_by_user_id(struct sc_db *db, const char *user_id, int64_t *n,
                                              struct sc_error *err);

/** Counts the rows of auth.feedback with this (user_id, created_at). */
enum sc_status auth_feedback_count_by_user_id_created_at(struct sc_db *db, const char *user_id,
                                                         struct sc_timestamptz created_at,
                                                         int64_t *n, struct sc_error *err);

/** Counts the rows of auth.feedback with this (user_id, created_at, id). */
enum sc_status auth_feedback_count_by_user_id_created_at_id(struct sc_db *db,
                                                            const char *user_id,
                                                            struct sc_timestamptz created_at,
                                                            int64_t id, int64_t *n,
                                                            struct sc_error *err);

/** Lists the rows of auth.feedback with this user_id. Free *rows with auth_feedback_free. */
enum sc_status auth_feedback_list_by_user_id(struct sc_db *db, const char *user_id,
                                             struct auth_feedback **rows, size_t *n,
                                             struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status auth_feedback_list_by_user_id_stream(struct sc_db *db, const char *user_id,
                                                    struct sc_stream **stream,
                                                    struct sc_error *err);

/**
 * Lists the rows of auth.feedback with this (user_id, created_at). Free *rows with
 * auth_feedback_free.
 */
enum sc_status auth_feedback_list_by_user_id_created_at(struct sc_db *db, const char *user_id,
                                                        struct sc_timestamptz created_at,
                                                        struct auth_feedback **rows, size_t *n,
                                                        struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status auth_feedback_list_by_user_id_created_at_stream(
    struct sc_db *db, const char *user_id, struct sc_timestamptz created_at,
    struct sc_stream **stream, struct sc_error *err);

/**
 * Lists the rows of auth.feedback with this (user_id, created_at, id). Free *rows with
 * auth_feedback_free.
 */
enum sc_status auth_feedback_list_by_user_id_created_at_id(struct sc_db *db,
                                                           const char *user_id,
                                                           struct sc_timestamptz created_at,
                                                           int64_t id,
                                                           struct auth_feedback **rows,
                                                           size_t *n, struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status auth_feedback_list_by_user_id_created_at_id_stream(
    struct sc_db *db, const char *user_id, struct sc_timestamptz created_at, int64_t id,
    struct sc_stream **stream, struct sc_error *err);

/** Where a page of auth_feedback_page_in_id ended. Texts in it are borrowed. */
struct auth_feedback_page_in_id_cursor {
    int64_t id;
};

/**
 * Lists rows of auth.feedback, at most limit of them, in the order of id. after: where
 * the page before ended, NULL for the first. Free *rows with auth_feedback_free.
 */
enum sc_status auth_feedback_page_in_id(struct sc_db *db,
                                        const struct auth_feedback_page_in_id_cursor *after,
                                        int64_t limit, struct auth_feedback **rows, size_t *n,
                                        struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_feedback_page_in_id_cursor
auth_feedback_page_in_id_cursor_of(const struct auth_feedback *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status auth_feedback_page_in_id_cursor_text(
    const struct auth_feedback_page_in_id_cursor *cursor, char **text, struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status auth_feedback_page_in_id_cursor_parse(
    const char *text, struct auth_feedback_page_in_id_cursor **cursor, struct sc_error *err);

/** Where a page of auth_feedback_page_by_user_id ended. Texts in it are borrowed. */
struct auth_feedback_page_by_user_id_cursor {
    struct sc_timestamptz created_at;
    int64_t id;
};

/**
 * Lists rows of auth.feedback with this user_id, at most limit of them, in the order of
 * created_at desc, id desc. after: where the page before ended, NULL for the first.
 * Free *rows with auth_feedback_free.
 */
enum sc_status auth_feedback_page_by_user_id(
    struct sc_db *db, const char *user_id,
    const struct auth_feedback_page_by_user_id_cursor *after, int64_t limit,
    struct auth_feedback **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_feedback_page_by_user_id_cursor
auth_feedback_page_by_user_id_cursor_of(const struct auth_feedback *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status auth_feedback_page_by_user_id_cursor_text(
    const struct auth_feedback_page_by_user_id_cursor *cursor, char **text,
    struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status auth_feedback_page_by_user_id_cursor_parse(
    const char *text, struct auth_feedback_page_by_user_id_cursor **cursor,
    struct sc_error *err);

/** Where a page of auth_feedback_page_by_user_id_created_at ended. Texts in it are borrowed. */
struct auth_feedback_page_by_user_id_created_at_cursor {
    int64_t id;
};

/**
 * Lists rows of auth.feedback with this (user_id, created_at), at most limit of them,
 * in the order of id desc. after: where the page before ended, NULL for the first. Free
 * *rows with auth_feedback_free.
 */
enum sc_status auth_feedback_page_by_user_id_created_at(
    struct sc_db *db, const char *user_id, struct sc_timestamptz created_at,
    const struct auth_feedback_page_by_user_id_created_at_cursor *after, int64_t limit,
    struct auth_feedback **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_feedback_page_by_user_id_created_at_cursor
auth_feedback_page_by_user_id_created_at_cursor_of(const struct auth_feedback *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status auth_feedback_page_by_user_id_created_at_cursor_text(
    const struct auth_feedback_page_by_user_id_created_at_cursor *cursor, char **text,
    struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status auth_feedback_page_by_user_id_created_at_cursor_parse(
    const char *text, struct auth_feedback_page_by_user_id_created_at_cursor **cursor,
    struct sc_error *err);

/**
 * Inserts a row into auth.feedback. SC_UNIQUE (AUTH_FEEDBACK_PKEY); SC_FOREIGN_KEY
 * (AUTH_FEEDBACK_USER_ID_FKEY); SC_CHECK (AUTH_FEEDBACK_RATING_CHECK); SC_NOT_NULL: a
 * required column is missing. Free *row with auth_feedback_free; row may be NULL:
 * nothing comes back.
 */
enum sc_status auth_feedback_insert(struct sc_db *db, const struct auth_feedback_new *values,
                                    struct auth_feedback **row, struct sc_error *err);

/**
 * Inserts count rows into auth.feedback, all or none: a statement for each run of rows
 * that give the same columns, in one round trip. Violations as at auth_feedback_insert.
 * Free *rows with auth_feedback_free; rows and n may be NULL: nothing comes back.
 */
enum sc_status auth_feedback_insert_many(struct sc_db *db,
                                         const struct auth_feedback_new *values, size_t count,
                                         struct auth_feedback **rows, size_t *n,
                                         struct sc_error *err);

/**
 * Changes the row of auth.feedback with this primary key (id): just the columns that
 * patch gives. SC_NOT_FOUND: there is none. SC_FOREIGN_KEY
 * (AUTH_FEEDBACK_USER_ID_FKEY); SC_CHECK (AUTH_FEEDBACK_RATING_CHECK). Free *row with
 * auth_feedback_free; row may be NULL: nothing comes back.
 */
enum sc_status auth_feedback_update(struct sc_db *db, int64_t id,
                                    const struct auth_feedback_patch *patch,
                                    struct auth_feedback **row, struct sc_error *err);

/** Deletes the row of auth.feedback with this primary key (id). SC_NOT_FOUND: there is none. */
enum sc_status auth_feedback_delete(struct sc_db *db, int64_t id, struct sc_error *err);

/**
 * Loads count rows into auth.feedback by COPY, the fastest way for many, in three round
 * trips; nothing comes back. A column with a default is given by every row or by none,
 * else SC_MISUSE. Violations as at auth_feedback_insert.
 */
enum sc_status auth_feedback_load(struct sc_db *db, const struct auth_feedback_new *values,
                                  size_t count, struct sc_error *err);
/** The same of the rows that next gives: 1 with one in *row, which is zeroed before, 0 after the
 *  last, negative to stop: SC_CANCELLED, nothing is kept. *n: how many; NULL is fine. */
enum sc_status auth_feedback_load_from(struct sc_db *db,
                                       int (*next)(void *arg, struct auth_feedback_new *row),
                                       void *arg, int64_t *n, struct sc_error *err);

/** Reads all rows of auth.feedback by COPY, one by one; sc_stream_close ends it. */
enum sc_status auth_feedback_scan(struct sc_db *db, struct sc_stream **stream,
                                  struct sc_error *err);

/** Where a page of auth_feedback_page ended. Texts in it are borrowed. */
struct auth_feedback_page_cursor {
    struct sc_timestamptz created_at;
    int64_t id;
};

/**
 * A user's feedback, newest first, a page at a time.
 * Gives at most limit rows. after: where the page before ended, NULL for the first.
 * Free *rows with auth_feedback_free.
 */
enum sc_status auth_feedback_page(struct sc_db *db, const char *user_id,
                                  const struct auth_feedback_page_cursor *after, int64_t limit,
                                  struct auth_feedback **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_feedback_page_cursor auth_feedback_page_cursor_of(const struct auth_feedback *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status auth_feedback_page_cursor_text(const struct auth_feedback_page_cursor *cursor,
                                              char **text, struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status auth_feedback_page_cursor_parse(const char *text,
                                               struct auth_feedback_page_cursor **cursor,
                                               struct sc_error *err);

/* For generated code only. */
extern const struct sc__row sc__auth_feedback_row;

#ifdef __cplusplus
}
#endif
#endif
