/* Written by schemac from app.schema: do not edit. */
#ifndef AUTH_ACCOUNTS_H
#define AUTH_ACCOUNTS_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "auth_accounts.h and the installed sc.h do not fit: compile the schema again"
#endif
#include "auth.h"

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
 * A sign-in provider linked to a user.
 * A row of table auth.accounts. Free it, or a list of them, with auth_accounts_free. It
 * has secrets: errors of the functions below carry no detail.
 */
struct auth_accounts {
    const char *user_id; /**< text, references auth.users */
    enum auth_account_type type; /**< auth.account_type */
    const char *provider; /**< text, primary key */
    const char *provider_account_id; /**< text, primary key */
    const char *refresh_token; /**< text or NULL, secret */
    const char *access_token; /**< text or NULL, secret */
    struct sc_maybe_int8 expires_at; /**< int8 or NULL */
    const char *token_type; /**< text or NULL */
    const char *scope; /**< text or NULL */
    const char *id_token; /**< text or NULL, secret */
    const char *session_state; /**< text or NULL */
};

/**
 * A row to insert. Zeroed members are left out. Pointers are plain; the others are
 * SC(value) or SC_NULL.
 */
struct auth_accounts_new {
    const char *user_id; /**< required */
    struct auth_maybe_account_type type; /**< required */
    const char *provider; /**< required */
    const char *provider_account_id; /**< required */
    const char *refresh_token; /**< left out: NULL */
    const char *access_token; /**< left out: NULL */
    struct sc_maybe_int8 expires_at; /**< left out: NULL */
    const char *token_type; /**< left out: NULL */
    const char *scope; /**< left out: NULL */
    const char *id_token; /**< left out: NULL */
    const char *session_state; /**< left out: NULL */
};

/**
 * What to change: SC(value) or SC_NULL; zeroed members are left alone. One that gives
 * nothing is SC_MISUSE.
 */
struct auth_accounts_patch {
    struct sc_maybe_text user_id; /**< not NULL */
    struct auth_maybe_account_type type; /**< not NULL */
    struct sc_maybe_text provider; /**< not NULL */
    struct sc_maybe_text provider_account_id; /**< not NULL */
    struct sc_maybe_text refresh_token; /**< may be SC_NULL */
    struct sc_maybe_text access_token; /**< may be SC_NULL */
    struct sc_maybe_int8 expires_at; /**< may be SC_NULL */
    struct sc_maybe_text token_type; /**< may be SC_NULL */
    struct sc_maybe_text scope; /**< may be SC_NULL */
    struct sc_maybe_text id_token; /**< may be SC_NULL */
    struct sc_maybe_text session_state; /**< may be SC_NULL */
};

/** What err->constraint says when one of them is violated. */
enum auth_accounts_constraint {
    AUTH_ACCOUNTS_USER_ID_FKEY = 0x263e91bb, /**< foreign key (user_id) references auth.users */
    AUTH_ACCOUNTS_PKEY = 0x623e323f, /**< primary key (provider, provider_account_id) */
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_accounts_free(struct auth_accounts *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_accounts_take(struct sc_batch *batch, size_t item,
                                  struct auth_accounts **rows, size_t *n, struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status auth_accounts_next(struct sc_stream *stream, struct auth_accounts **row,
                                  struct sc_error *err);

/**
 * Finds the row of auth.accounts with this primary key (provider, provider_account_id).
 * SC_NOT_FOUND: there is none. Free *row with auth_accounts_free.
 */
enum sc_status auth_accounts_get(struct sc_db *db, const char *provider,
                                 const char *provider_account_id, struct auth_accounts **row,
                                 struct sc_error *err);

/**
 * Finds the rows of auth.accounts with any of these values of its primary key
 * (provider, provider_account_id), in no particular order; keys without a row are left
 * out. The arrays are of one length, else SC_MISUSE. Free *rows with
 * auth_accounts_free.
 */
enum sc_status auth_accounts_get_many(struct sc_db *db, struct sc_texts provider,
                                      struct sc_texts provider_account_id,
                                      struct auth_accounts **rows, size_t *n,
                                      struct sc_error *err);

/**
 * Tells whether auth.accounts has a row with this primary key (provider,
 * provider_account_id).
 */
enum sc_status auth_accounts_exists(struct sc_db *db, const char *provider,
                                    const char *provider_account_id, bool *exists,
                                    struct sc_error *err);

/** Counts the rows of auth.accounts. */
enum sc_status auth_accounts_count(struct sc_db *db, int64_t *n, struct sc_error *err);

/** Counts the rows of auth.accounts with this user_id. */
enum sc_status auth_accounts_count_by_user_id(struct sc_db *db, const char *user_id, int64_t *n,
                                              struct sc_error *err);

/** Lists the rows of auth.accounts with this user_id. Free *rows with auth_accounts_free. */
enum sc_status auth_accounts_list_by_user_id(struct sc_db *db, const char *user_id,
                                             struct auth_accounts **rows, size_t *n,
                                             struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status auth_accounts_list_by_user_id_stream(struct sc_db *db, const char *user_id,
                                                    struct sc_stream **stream,
                                                    struct sc_error *err);

/** Where a page of auth_accounts_page_in_provider_provider_account_id ended. Texts in it are borrowed. */
struct auth_accounts_page_in_provider_provider_account_id_cursor {
    const char *provider;
    const char *provider_account_id;
};

/**
 * Lists rows of auth.accounts, at most limit of them, in the order of provider,
 * provider_account_id. after: where the page before ended, NULL for the first. Free
 * *rows with auth_accounts_free.
 */
enum sc_status auth_accounts_page_in_provider_provider_account_id(
    struct sc_db *db,
    const struct auth_accounts_page_in_provider_provider_account_id_cursor *after,
    int64_t limit, struct auth_accounts **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_accounts_page_in_provider_provider_account_id_cursor
auth_accounts_page_in_provider_provider_account_id_cursor_of(const struct auth_accounts *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status auth_accounts_page_in_provider_provider_account_id_cursor_text(
    const struct auth_accounts_page_in_provider_provider_account_id_cursor *cursor, char **text,
    struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status auth_accounts_page_in_provider_provider_account_id_cursor_parse(
    const char *text, struct auth_accounts_page_in_provider_provider_account_id_cursor **cursor,
    struct sc_error *err);

/** Where a page of auth_accounts_page_by_user_id ended. Texts in it are borrowed. */
struct auth_accounts_page_by_user_id_cursor {
    const char *provider;
    const char *provider_account_id;
};

/**
 * Lists rows of auth.accounts with this user_id, at most limit of them, in the order of
 * provider, provider_account_id. after: where the page before ended, NULL for the
 * first. Free *rows with auth_accounts_free.
 */
enum sc_status auth_accounts_page_by_user_id(
    struct sc_db *db, const char *user_id,
    const struct auth_accounts_page_by_user_id_cursor *after, int64_t limit,
    struct auth_accounts **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_accounts_page_by_user_id_cursor
auth_accounts_page_by_user_id_cursor_of(const struct auth_accounts *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status auth_accounts_page_by_user_id_cursor_text(
    const struct auth_accounts_page_by_user_id_cursor *cursor, char **text,
    struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status auth_accounts_page_by_user_id_cursor_parse(
    const char *text, struct auth_accounts_page_by_user_id_cursor **cursor,
    struct sc_error *err);

/** Where a page of auth_accounts_page_in_user_id ended. Texts in it are borrowed. */
struct auth_accounts_page_in_user_id_cursor {
    const char *user_id;
    const char *provider;
    const char *provider_account_id;
};

/**
 * Lists rows of auth.accounts, at most limit of them, in the order of user_id,
 * provider, provider_account_id. after: where the page before ended, NULL for the
 * first. Free *rows with auth_accounts_free.
 */
enum sc_status auth_accounts_page_in_user_id(
    struct sc_db *db, const struct auth_accounts_page_in_user_id_cursor *after, int64_t limit,
    struct auth_accounts **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_accounts_page_in_user_id_cursor
auth_accounts_page_in_user_id_cursor_of(const struct auth_accounts *row);
/** A cursor as URL-safe text; free it with sc_free. */
enum sc_status auth_accounts_page_in_user_id_cursor_text(
    const struct auth_accounts_page_in_user_id_cursor *cursor, char **text,
    struct sc_error *err);
/** The cursor of such a text, which sc_free frees; SC_BAD_VALUE: it is none of these. */
enum sc_status auth_accounts_page_in_user_id_cursor_parse(
    const char *text, struct auth_accounts_page_in_user_id_cursor **cursor,
    struct sc_error *err);

/**
 * Inserts a row into auth.accounts. SC_UNIQUE (AUTH_ACCOUNTS_PKEY); SC_FOREIGN_KEY
 * (AUTH_ACCOUNTS_USER_ID_FKEY); SC_NOT_NULL: a required column is missing. Free *row
 * with auth_accounts_free; row may be NULL: nothing comes back.
 */
enum sc_status auth_accounts_insert(struct sc_db *db, const struct auth_accounts_new *values,
                                    struct auth_accounts **row, struct sc_error *err);

/**
 * Inserts count rows into auth.accounts, all or none: a statement for each run of rows
 * that give the same columns, in one round trip. Violations as at auth_accounts_insert.
 * Free *rows with auth_accounts_free; rows and n may be NULL: nothing comes back.
 */
enum sc_status auth_accounts_insert_many(struct sc_db *db,
                                         const struct auth_accounts_new *values, size_t count,
                                         struct auth_accounts **rows, size_t *n,
                                         struct sc_error *err);

/**
 * Inserts a row into auth.accounts; where one with the same primary key (provider,
 * provider_account_id) is there, sets the columns that are given instead. Violations as
 * at auth_accounts_insert. Free *row with auth_accounts_free; row may be NULL: nothing
 * comes back.
 */
enum sc_status auth_accounts_upsert(struct sc_db *db, const struct auth_accounts_new *values,
                                    struct auth_accounts **row, struct sc_error *err);

/**
 * The same for count rows, all or none, in one round trip. Rows with the same key:
 * SC_UNIQUE. Free *rows with auth_accounts_free; rows and n may be NULL: nothing comes
 * back.
 */
enum sc_status auth_accounts_upsert_many(struct sc_db *db,
                                         const struct auth_accounts_new *values, size_t count,
                                         struct auth_accounts **rows, size_t *n,
                                         struct sc_error *err);

/**
 * Changes the row of auth.accounts with this primary key (provider,
 * provider_account_id): just the columns that patch gives. SC_NOT_FOUND: there is none.
 * SC_UNIQUE (AUTH_ACCOUNTS_PKEY); SC_FOREIGN_KEY (AUTH_ACCOUNTS_USER_ID_FKEY). Free
 * *row with auth_accounts_free; row may be NULL: nothing comes back.
 */
enum sc_status auth_accounts_update(struct sc_db *db, const char *provider,
                                    const char *provider_account_id,
                                    const struct auth_accounts_patch *patch,
                                    struct auth_accounts **row, struct sc_error *err);

/**
 * Deletes the row of auth.accounts with this primary key (provider,
 * provider_account_id). SC_NOT_FOUND: there is none.
 */
enum sc_status auth_accounts_delete(struct sc_db *db, const char *provider,
                                    const char *provider_account_id, struct sc_error *err);

/**
 * Loads count rows into auth.accounts by COPY, the fastest way for many, in three round
 * trips; nothing comes back. A column with a default is given by every row or by none,
 * else SC_MISUSE. Violations as at auth_accounts_insert.
 */
enum sc_status auth_accounts_load(struct sc_db *db, const struct auth_accounts_new *values,
                                  size_t count, struct sc_error *err);
/** The same of the rows that next gives: 1 with one in *row, which is zeroed before, 0 after the
 *  last, negative to stop: SC_CANCELLED, nothing is kept. *n: how many; NULL is fine. */
enum sc_status auth_accounts_load_from(struct sc_db *db,
                                       int (*next)(void *arg, struct auth_accounts_new *row),
                                       void *arg, int64_t *n, struct sc_error *err);

/** Reads all rows of auth.accounts by COPY, one by one; sc_stream_close ends it. */
enum sc_status auth_accounts_scan(struct sc_db *db, struct sc_stream **stream,
                                  struct sc_error *err);

/* For generated code only. */
extern const struct sc__row sc__auth_accounts_row;

#ifdef __cplusplus
}
#endif
#endif
