/* Written by schemac from app.schema: do not edit. */
#ifndef AUTH_VERIFICATION_TOKENS_H
#define AUTH_VERIFICATION_TOKENS_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "auth_verification_tokens.h and the installed sc.h do not fit: compile the schema again"
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
 * A row of table auth.verification_tokens. Free it, or a list of them, with
 * auth_verification_tokens_free. It has secrets: errors of the functions below carry no
 * detail.
 */
struct auth_verification_tokens {
    const char *identifier; /**< text, primary key */
    const char *token; /**< text, primary key, secret */
    struct sc_timestamptz expires; /**< timestamptz */
};

/**
 * A row to insert. Zeroed members are left out. Pointers are plain; the others are
 * SC(value) or SC_NULL.
 */
struct auth_verification_tokens_new {
    const char *identifier; /**< required */
    const char *token; /**< required */
    struct sc_maybe_timestamptz expires; /**< required */
};

/**
 * What to change: SC(value) or SC_NULL; zeroed members are left alone. One that gives
 * nothing is SC_MISUSE.
 */
struct auth_verification_tokens_patch {
    struct sc_maybe_text identifier; /**< not NULL */
    struct sc_maybe_text token; /**< not NULL */
    struct sc_maybe_timestamptz expires; /**< not NULL */
};

/** What err->constraint says when one of them is violated. */
enum auth_verification_tokens_constraint {
    AUTH_VERIFICATION_TOKENS_PKEY = 0x5f954b2f, /**< primary key (identifier, token) */
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_verification_tokens_free(struct auth_verification_tokens *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_verification_tokens_take(struct sc_batch *batch, size_t item,
                                             struct auth_verification_tokens **rows, size_t *n,
                                             struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status auth_verification_tokens_next(struct sc_stream *stream,
                                             struct auth_verification_tokens **row,
                                             struct sc_error *err);

/**
 * Finds the row of auth.verification_tokens with this primary key (identifier, token).
 * SC_NOT_FOUND: there is none. Free *row with auth_verification_tokens_free.
 */
enum sc_status auth_verification_tokens_get(struct sc_db *db, const char *identifier,
                                            const char *token,
                                            struct auth_verification_tokens **row,
                                            struct sc_error *err);

/**
 * Finds the rows of auth.verification_tokens with any of these values of its primary
 * key (identifier, token), in no particular order; keys without a row are left out. The
 * arrays are of one length, else SC_MISUSE. Free *rows with
 * auth_verification_tokens_free.
 */
enum sc_status auth_verification_tokens_get_many(struct sc_db *db, struct sc_texts identifier,
                                                 struct sc_texts token,
                                                 struct auth_verification_tokens **rows,
                                                 size_t *n, struct sc_error *err);

/**
 * Tells whether auth.verification_tokens has a row with this primary key (identifier,
 * token).
 */
enum sc_status auth_verification_tokens_exists(struct sc_db *db, const char *identifier,
                                               const char *token, bool *exists,
                                               struct sc_error *err);

/** Counts the rows of auth.verification_tokens. */
enum sc_status auth_verification_tokens_count(struct sc_db *db, int64_t *n,
                                              struct sc_error *err);

/** Where a page of auth_verification_tokens_page_in_identifier_token ended. Texts in it are borrowed. */
struct auth_verification_tokens_page_in_identifier_token_cursor {
    const char *identifier;
    const char *token;
};

/**
 * Lists rows of auth.verification_tokens, at most limit of them, in the order of
 * identifier, token. after: where the page before ended, NULL for the first. Free *rows
 * with auth_verification_tokens_free.
 */
enum sc_status auth_verification_tokens_page_in_identifier_token(
    struct sc_db *db,
    const struct auth_verification_tokens_page_in_identifier_token_cursor *after, int64_t limit,
    struct auth_verification_tokens **rows, size_t *n, struct sc_error *err);

/** The cursor of a row, usually a page's last. Its texts are the row's. */
struct auth_verification_tokens_page_in_identifier_token_cursor
auth_verification_tokens_page_in_identifier_token_cursor_of(const struct auth_verification_tokens *row);
/* A column of the order is secret: the cursor has no text. */

/**
 * Inserts a row into auth.verification_tokens. SC_UNIQUE
 * (AUTH_VERIFICATION_TOKENS_PKEY); SC_NOT_NULL: a required column is missing. Free *row
 * with auth_verification_tokens_free; row may be NULL: nothing comes back.
 */
enum sc_status auth_verification_tokens_insert(
    struct sc_db *db, const struct auth_verification_tokens_new *values,
    struct auth_verification_tokens **row, struct sc_error *err);

/**
 * Inserts count rows into auth.verification_tokens, all or none: a statement for each
 * run of rows that give the same columns, in one round trip. Violations as at
 * auth_verification_tokens_insert. Free *rows with auth_verification_tokens_free; rows
 * and n may be NULL: nothing comes back.
 */
enum sc_status auth_verification_tokens_insert_many(
    struct sc_db *db, const struct auth_verification_tokens_new *values, size_t count,
    struct auth_verification_tokens **rows, size_t *n, struct sc_error *err);

/**
 * Inserts a row into auth.verification_tokens; where one with the same primary key
 * (identifier, token) is there, sets the columns that are given instead. Violations as
 * at auth_verification_tokens_insert. Free *row with auth_verification_tokens_free; row
 * may be NULL: nothing comes back.
 */
enum sc_status auth_verification_tokens_upsert(
    struct sc_db *db, const struct auth_verification_tokens_new *values,
    struct auth_verification_tokens **row, struct sc_error *err);

/**
 * The same for count rows, all or none, in one round trip. Rows with the same key:
 * SC_UNIQUE. Free *rows with auth_verification_tokens_free; rows and n may be NULL:
 * nothing comes back.
 */
enum sc_status auth_verification_tokens_upsert_many(
    struct sc_db *db, const struct auth_verification_tokens_new *values, size_t count,
    struct auth_verification_tokens **rows, size_t *n, struct sc_error *err);

/**
 * Changes the row of auth.verification_tokens with this primary key (identifier,
 * token): just the columns that patch gives. SC_NOT_FOUND: there is none. SC_UNIQUE
 * (AUTH_VERIFICATION_TOKENS_PKEY). Free *row with auth_verification_tokens_free; row
 * may be NULL: nothing comes back.
 */
enum sc_status auth_verification_tokens_update(
    struct sc_db *db, const char *identifier, const char *token,
    const struct auth_verification_tokens_patch *patch, struct auth_verification_tokens **row,
    struct sc_error *err);

/**
 * Deletes the row of auth.verification_tokens with this primary key (identifier,
 * token). SC_NOT_FOUND: there is none.
 */
enum sc_status auth_verification_tokens_delete(struct sc_db *db, const char *identifier,
                                               const char *token, struct sc_error *err);

/**
 * Loads count rows into auth.verification_tokens by COPY, the fastest way for many, in
 * three round trips; nothing comes back. A column with a default is given by every row
 * or by none, else SC_MISUSE. Violations as at auth_verification_tokens_insert.
 */
enum sc_status auth_verification_tokens_load(struct sc_db *db,
                                             const struct auth_verification_tokens_new *values,
                                             size_t count, struct sc_error *err);
/** The same of the rows that next gives: 1 with one in *row, which is zeroed before, 0 after the
 *  last, negative to stop: SC_CANCELLED, nothing is kept. *n: how many; NULL is fine. */
enum sc_status auth_verification_tokens_load_from(
    struct sc_db *db, int (*next)(void *arg, struct auth_verification_tokens_new *row),
    void *arg, int64_t *n, struct sc_error *err);

/** Reads all rows of auth.verification_tokens by COPY, one by one; sc_stream_close ends it. */
enum sc_status auth_verification_tokens_scan(struct sc_db *db, struct sc_stream **stream,
                                             struct sc_error *err);

/**
 * Uses a token up: it works once, and not after it has expired. SC_TOO_MANY: there is
 * more than one. *row is NULL where there is none; else free it with
 * auth_verification_tokens_free.
 */
enum sc_status auth_consume_token(struct sc_db *db, const char *identifier, const char *token,
                                  struct sc_timestamptz now,
                                  struct auth_verification_tokens **row, struct sc_error *err);

/* For generated code only. */
extern const struct sc__row sc__auth_verification_tokens_row;

#ifdef __cplusplus
}
#endif
#endif
