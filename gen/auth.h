/* Written by schemac from app.schema: do not edit. */
#ifndef AUTH_H
#define AUTH_H
#include <sc.h>
#if SC_ABI < 1 || SC_ABI_OLDEST > 1
#error "auth.h and the installed sc.h do not fit: compile the schema again"
#endif
#ifdef __cplusplus
extern "C" {
#endif

/** Enum auth.account_type. */
enum auth_account_type {
    AUTH_ACCOUNT_TYPE__UNKNOWN = -1, /**< a label that this program does not know */
    AUTH_ACCOUNT_TYPE__UNSET = 0, /**< no label: a member that was left out */
    AUTH_ACCOUNT_TYPE_OAUTH = 1,
    AUTH_ACCOUNT_TYPE_OIDC = 2,
    AUTH_ACCOUNT_TYPE_EMAIL = 3,
    AUTH_ACCOUNT_TYPE_WEBAUTHN = 4
};
SC_ARRAY_OF(auth_account_type_list, enum auth_account_type);
SC_MAYBE(auth_maybe_account_type, enum auth_account_type);
SC_MAYBE(auth_maybe_account_type_list, struct auth_account_type_list);

/** The label of a value, NULL for unset and unknown; static text. */
const char *auth_account_type_text(enum auth_account_type value);
/** The value of a label: AUTH_ACCOUNT_TYPE__UNKNOWN for any other
 *  text, AUTH_ACCOUNT_TYPE__UNSET for NULL. */
enum auth_account_type auth_account_type_parse(const char *label);
/* For generated code only. */
extern const struct sc__enum sc__auth_account_type_enum;

/* Of every function here: when it fails, its outputs are NULL or 0. Beside the statuses that
 * stand at each, a call may give SC_CONNECTION, SC_TIMEOUT, SC_CANCELLED, SC_SERIALIZATION,
 * SC_DEADLOCK, SC_SCHEMA_MISMATCH, SC_NO_MEMORY, SC_MISUSE, SC_BAD_VALUE, SC_SERVER; sc.h and
 * docs/RUNTIME.md say when. A call is one round trip (two the first time, where it writes and
 * gives rows). One thread at a time may use a connection, any number a pool. On a batch
 * (sc_queue) every function gives SC_QUEUED and does its work in sc_batch_run. */

/**
 * Removes the sessions that have expired; gives how many. *n: how many rows it touched;
 * n may be NULL. Errors carry no detail: a secret is concerned.
 */
enum sc_status auth_expire_sessions(struct sc_db *db, struct sc_timestamptz now, int64_t *n,
                                    struct sc_error *err);

/** A row of auth_feedback_stats. Free it, or a list of them, with auth_feedback_stats_free. */
struct auth_feedback_stats_row {
    const char *user_id; /**< text */
    const char *email; /**< text */
    int64_t n; /**< int8 */
    struct sc_numeric mean; /**< numeric or NULL */
};

/** Frees what a call gave: a row, or a list of them. NULL is fine. */
void auth_feedback_stats_free(struct auth_feedback_stats_row *rows);
/** Takes a call's rows out of a batch that has run, and gives that call's status. n: NULL
 *  where one row is expected. */
enum sc_status auth_feedback_stats_take(struct sc_batch *batch, size_t item,
                                        struct auth_feedback_stats_row **rows, size_t *n,
                                        struct sc_error *err);
/** Gives a stream's next row, NULL after the last; it lives until the next call. */
enum sc_status auth_feedback_stats_next(struct sc_stream *stream,
                                        struct auth_feedback_stats_row **row,
                                        struct sc_error *err);

/**
 * How much each user has said, and how content they were. Free *rows with
 * auth_feedback_stats_free.
 */
enum sc_status auth_feedback_stats(struct sc_db *db, struct sc_timestamptz since,
                                   struct auth_feedback_stats_row **rows, size_t *n,
                                   struct sc_error *err);
/** The same, row by row, in constant memory; sc_stream_close ends it. */
enum sc_status auth_feedback_stats_stream(struct sc_db *db, struct sc_timestamptz since,
                                          struct sc_stream **stream, struct sc_error *err);

/* For generated code only. */
extern const struct sc__row sc__auth_feedback_stats_row;

#ifdef __cplusplus
}
#endif
#endif
