/* Written by schemac from app.schema: do not edit. */
#ifndef AUTH_USERS_H
#define AUTH_USERS_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "auth_users.h and the installed sc.h do not fit: compile the schema again"
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
 * A person who can sign in.
 * A row of table auth.users. Free it, or a list of them, with auth_users_free.
 */
struct auth_users {
    const char *id; /**< text, primary key */
    const char *name; /**< text or NULL */
    const char *email; /**< Lower-case; the sign-in name. text, unique */
    struct sc_maybe_timestamptz email_verified; /**< timestamptz or NULL */
    const char *image; /**< text or NULL */
    struct sc_timestamptz created_at; /**< timestamptz, default now() */
    struct sc_timestamptz updated_at; /**< timestamptz, default now(), on update now() */
};

/**
 * A row to insert. Zeroed members are left out. Pointers are plain; the others are
 * SC(value) or SC_NULL.
 */
struct auth_users_new {
    const char *id; /**< required */
    const char *name; /**< left out: NULL */
    const char *email; /**< required */
    struct sc_maybe_timestamptz email_verified; /**< left out: NULL */
    const char *image; /**< left out: NULL */
    struct sc_maybe_timestamptz created_at; /**< left out: now() */
    struct sc_maybe_timestamptz updated_at; /**< left out: now() */
};

/**
 * What to change: SC(value) or SC_NULL; zeroed members are left alone. One that gives
 * nothing is SC_MISUSE.
 */
struct auth_users_patch {
    struct sc_maybe_text id; /**< not NULL */
    struct sc_maybe_text name; /**< may be SC_NULL */
    struct sc_maybe_text email; /**< not NULL */
    struct sc_maybe_timestamptz email_verified; /**< may be SC_NULL */
    struct sc_maybe_text image; /**< may be SC_NULL */
    struct sc_maybe_timestamptz created_at; /**< not NULL */
};

/** What err->constraint says when one of them is violated. */
enum auth_users_constraint {
    AUTH_USERS_PKEY = 0x02ed169b, /**< primary key (id) */
    AUTH_USERS_EMAIL_KEY = 0x34582420, /**< unique (email) */
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_users_free(struct auth_users *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_users_take(struct sc_batch *batch, size_t item, struct auth_users **rows,
                               size_t *n, struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status auth_users_next(struct sc_stream *stream, struct auth_users **row,
                               struct sc_error *err);

/**
 * Finds the row of auth.users with this primary key (id). SC_NOT_FOUND: there is none.
 * Free *row with auth_users_free.
 */
enum sc_status auth_users_get(struct sc_db *db, const char *id, struct auth_users **row,
                              struct sc_error *err);

/**
 * Finds the row of auth.users with this unique key (email). SC_NOT_FOUND: there is
 * none. Free *row with auth_users_free.
 */
enum sc_status auth_users_by_email(struct sc_db *db, const char *email, struct auth_users **row,
                                   struct sc_error *err);

/**
 * Finds the rows of auth.users with any of these values of its primary key (id), in no
 * particular order; keys without a row are left out. Free *rows with auth_users_free.
 */
enum sc_status auth_users_get_many(struct sc_db *db, struct sc_texts id,
                                   struct auth_users **rows, size_t *n, struct sc_error *err);

/**
 * Finds the rows of auth.users with any of these unique key (email), in no order; keys
 * without a row are left out. Free *rows with auth_users_free.
 */
enum sc_status auth_users_many_by_email(struct sc_db *db, struct sc_texts email,
                                        struct auth_users **rows, size_t *n,
                                        struct sc_error *err);

/** Tells whether auth.users has a row with this primary key (id). */
enum sc_status auth_users_exists(struct sc_db *db, const char *id, bool *exists,
                                 struct sc_error *err);

/** Tells whether auth.users has a row with this unique key (email). */
enum sc_status auth_users_exists_by_email(struct sc_db *db, const char *email, bool *exists,
                                          struct sc_error *err);

/** Counts the rows of auth.users. */
enum sc_status auth_users_count(struct sc_db *db, int64_t *n, struct sc_error *err);

/** Where a page of auth_users_page_in_id ended. Texts in it are borrowed. */
struct auth_users_page_in_id_cursor {
    const char *id;
};

/**
 * Lists rows of auth.users, at most limit of them, in the order of id. after: where the
 * page before ended, NULL for the first. Free *rows with auth_users_free.
 */
enum sc_status auth_users_page_in_id(struct sc_db *db,
                                     const struct auth_users_page_in_id_cursor *after,
                                     int64_t limit, struct auth_users **rows, size_t *n,
                                     struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_users_page_in_id_cursor
auth_users_page_in_id_cursor_of(const struct auth_users *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status auth_users_page_in_id_cursor_text(
    const struct auth_users_page_in_id_cursor *cursor, char **text, struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status auth_users_page_in_id_cursor_parse(const char *text,
                                                  struct auth_users_page_in_id_cursor **cursor,
                                                  struct sc_error *err);

/**
 * Inserts a row into auth.users. SC_UNIQUE (AUTH_USERS_PKEY, AUTH_USERS_EMAIL_KEY);
 * SC_NOT_NULL: a required column is missing. Free *row with auth_users_free; row may be
 * NULL: nothing comes back.
 */
enum sc_status auth_users_insert(struct sc_db *db, const struct auth_users_new *values,
                                 struct auth_users **row, struct sc_error *err);

/**
 * Inserts count rows into auth.users, all or none: a statement for each run of rows
 * that give the same columns, in one round trip. Violations as at auth_users_insert.
 * Free *rows with auth_users_free; rows and n may be NULL: nothing comes back.
 */
enum sc_status auth_users_insert_many(struct sc_db *db, const struct auth_users_new *values,
                                      size_t count, struct auth_users **rows, size_t *n,
                                      struct sc_error *err);

/**
 * Inserts a row into auth.users; where one with the same primary key (id) is there,
 * sets the columns that are given instead. Violations as at auth_users_insert. Free
 * *row with auth_users_free; row may be NULL: nothing comes back.
 */
enum sc_status auth_users_upsert(struct sc_db *db, const struct auth_users_new *values,
                                 struct auth_users **row, struct sc_error *err);

/**
 * Inserts a row into auth.users; where one with the same unique key (email) is there,
 * sets the columns that are given instead. Violations as at auth_users_insert. Free
 * *row with auth_users_free; row may be NULL: nothing comes back.
 */
enum sc_status auth_users_upsert_by_email(struct sc_db *db, const struct auth_users_new *values,
                                          struct auth_users **row, struct sc_error *err);

/**
 * The same for count rows, all or none, in one round trip. Rows with the same key:
 * SC_UNIQUE. Free *rows with auth_users_free; rows and n may be NULL: nothing comes
 * back.
 */
enum sc_status auth_users_upsert_many(struct sc_db *db, const struct auth_users_new *values,
                                      size_t count, struct auth_users **rows, size_t *n,
                                      struct sc_error *err);

/**
 * The same for count rows, all or none, in one round trip. Rows with the same key:
 * SC_UNIQUE. Free *rows with auth_users_free; rows and n may be NULL: nothing comes
 * back.
 */
enum sc_status auth_users_upsert_many_by_email(struct sc_db *db,
                                               const struct auth_users_new *values,
                                               size_t count, struct auth_users **rows,
                                               size_t *n, struct sc_error *err);

/**
 * Changes the row of auth.users with this primary key (id): just the columns that patch
 * gives. SC_NOT_FOUND: there is none. SC_UNIQUE (AUTH_USERS_PKEY,
 * AUTH_USERS_EMAIL_KEY). Free *row with auth_users_free; row may be NULL: nothing comes
 * back.
 */
enum sc_status auth_users_update(struct sc_db *db, const char *id,
                                 const struct auth_users_patch *patch, struct auth_users **row,
                                 struct sc_error *err);

/**
 * Deletes the row of auth.users with this primary key (id). SC_NOT_FOUND: there is
 * none. Errors carry no detail: a secret is concerned.
 */
enum sc_status auth_users_delete(struct sc_db *db, const char *id, struct sc_error *err);

/**
 * Loads count rows into auth.users by COPY, the fastest way for many, in three round
 * trips; nothing comes back. A column with a default is given by every row or by none,
 * else SC_MISUSE. Violations as at auth_users_insert.
 */
enum sc_status auth_users_load(struct sc_db *db, const struct auth_users_new *values,
                               size_t count, struct sc_error *err);
/** The same of the rows that next gives: 1 with one in *row, which is zeroed before, 0 after the
 *  last, negative to stop: SC_CANCELLED, nothing is kept. *n: how many; NULL is fine. */
enum sc_status auth_users_load_from(struct sc_db *db,
                                    int (*next)(void *arg, struct auth_users_new *row),
                                    void *arg, int64_t *n, struct sc_error *err);

/** Reads all rows of auth.users by COPY, one by one; sc_stream_close ends it. */
enum sc_status auth_users_scan(struct sc_db *db, struct sc_stream **stream,
                               struct sc_error *err);

/**
 * A row of auth_users_get_with_accounts. Free it, or a list of them, with
 * auth_users_get_with_accounts_free.
 */
struct auth_users_get_with_accounts_row {
    struct auth_users users;
    struct {
        struct auth_accounts *items; /**< NULL when there is none */
        size_t count;
    } accounts;
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_users_get_with_accounts_free(struct auth_users_get_with_accounts_row *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_users_get_with_accounts_take(
    struct sc_batch *batch, size_t item, struct auth_users_get_with_accounts_row **rows,
    size_t *n, struct sc_error *err);

/**
 * Finds the row of auth.users with this primary key (id), and the rows of auth.accounts
 * that refer to it. SC_NOT_FOUND: there is none. Free *row with
 * auth_users_get_with_accounts_free. Errors carry no detail: a secret is concerned.
 */
enum sc_status auth_users_get_with_accounts(struct sc_db *db, const char *id,
                                            struct auth_users_get_with_accounts_row **row,
                                            struct sc_error *err);

/**
 * A row of auth_users_get_with_sessions. Free it, or a list of them, with
 * auth_users_get_with_sessions_free.
 */
struct auth_users_get_with_sessions_row {
    struct auth_users users;
    struct {
        struct auth_sessions *items; /**< NULL when there is none */
        size_t count;
    } sessions;
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_users_get_with_sessions_free(struct auth_users_get_with_sessions_row *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_users_get_with_sessions_take(
    struct sc_batch *batch, size_t item, struct auth_users_get_with_sessions_row **rows,
    size_t *n, struct sc_error *err);

/**
 * Finds the row of auth.users with this primary key (id), and the rows of auth.sessions
 * that refer to it. SC_NOT_FOUND: there is none. Free *row with
 * auth_users_get_with_sessions_free. Errors carry no detail: a secret is concerned.
 */
enum sc_status auth_users_get_with_sessions(struct sc_db *db, const char *id,
                                            struct auth_users_get_with_sessions_row **row,
                                            struct sc_error *err);

/**
 * A row of auth_users_get_with_feedback. Free it, or a list of them, with
 * auth_users_get_with_feedback_free.
 */
struct auth_users_get_with_feedback_row {
    struct auth_users users;
    struct {
        struct auth_feedback *items; /**< NULL when there is none */
        size_t count;
    } feedback;
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_users_get_with_feedback_free(struct auth_users_get_with_feedback_row *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_users_get_with_feedback_take(
    struct sc_batch *batch, size_t item, struct auth_users_get_with_feedback_row **rows,
    size_t *n, struct sc_error *err);

/**
 * Finds the row of auth.users with this primary key (id), and the rows of auth.feedback
 * that refer to it. SC_NOT_FOUND: there is none. Free *row with
 * auth_users_get_with_feedback_free.
 */
enum sc_status auth_users_get_with_feedback(struct sc_db *db, const char *id,
                                            struct auth_users_get_with_feedback_row **row,
                                            struct sc_error *err);

/**
 * The same for many keys, in no particular order; keys without a row are left out. Free
 * *rows with auth_users_get_with_accounts_free. Errors carry no detail: a secret is
 * concerned.
 */
enum sc_status auth_users_get_many_with_accounts(
    struct sc_db *db, struct sc_texts id, struct auth_users_get_with_accounts_row **rows,
    size_t *n, struct sc_error *err);

/**
 * The same for many keys, in no particular order; keys without a row are left out. Free
 * *rows with auth_users_get_with_sessions_free. Errors carry no detail: a secret is
 * concerned.
 */
enum sc_status auth_users_get_many_with_sessions(
    struct sc_db *db, struct sc_texts id, struct auth_users_get_with_sessions_row **rows,
    size_t *n, struct sc_error *err);

/**
 * The same for many keys, in no particular order; keys without a row are left out. Free
 * *rows with auth_users_get_with_feedback_free.
 */
enum sc_status auth_users_get_many_with_feedback(
    struct sc_db *db, struct sc_texts id, struct auth_users_get_with_feedback_row **rows,
    size_t *n, struct sc_error *err);

/** What auth_search_users may be asked for. */
enum auth_search_users_sort {
    AUTH_SEARCH_USERS_SORT_NEWEST = 0, /**< created_at desc */
    AUTH_SEARCH_USERS_SORT_EMAIL /**< email asc */
};

/** The arguments of auth_search_users. */
struct auth_search_users_args {
    const char *q; /**< text; counts only when it is given */
    struct sc_maybe_bool verified; /**< bool; counts only when it is given */
    enum auth_search_users_sort sort;
};

/**
 * Users by part of their name or email; each filter counts only when it is given. Free
 * *rows with auth_users_free.
 */
enum sc_status auth_search_users(struct sc_db *db, const struct auth_search_users_args *args,
                                 struct auth_users **rows, size_t *n, struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status auth_search_users_stream(struct sc_db *db,
                                        const struct auth_search_users_args *args,
                                        struct sc_stream **stream, struct sc_error *err);

/** A row of auth_user_logins. Free it, or a list of them, with auth_user_logins_free. */
struct auth_user_logins_row {
    struct auth_users users;
    struct {
        struct auth_accounts *items; /**< NULL when there is none */
        size_t count;
    } accounts;
    struct {
        struct auth_sessions *items; /**< NULL when there is none */
        size_t count;
    } sessions;
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_user_logins_free(struct auth_user_logins_row *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_user_logins_take(struct sc_batch *batch, size_t item,
                                     struct auth_user_logins_row **rows, size_t *n,
                                     struct sc_error *err);

/**
 * A user with every way they sign in and every session, in one round trip.
 * SC_NOT_FOUND: there is none. SC_TOO_MANY: there is more than one. Free *row with
 * auth_user_logins_free. Errors carry no detail: a secret is concerned.
 */
enum sc_status auth_user_logins(struct sc_db *db, const char *id,
                                struct auth_user_logins_row **row, struct sc_error *err);

/* For generated code only. */
extern const struct sc__row sc__auth_users_row;

#ifdef __cplusplus
}
#endif
#endif
