/* hand.h: what a careful C programmer writes on libpq by hand for some statements of
 * schema/app.schema: prepared, binary, structs that point into the PGresult. It checks
 * only what such code checks: no buffer is overrun, and a NULL is one where the column
 * takes it. Knows nothing of schemac; the yardstick of the bench. */
#ifndef BENCH_HAND_H
#define BENCH_HAND_H
#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hand_user {
    const char *id;
    const char *name; /* NULL: none; so below */
    const char *email;
    bool has_email_verified;
    int64_t email_verified; /* microseconds since 2000-01-01; so below */
    const char *image;
    int64_t created_at;
    int64_t updated_at;
};
struct hand_session {
    const char *session_token;
    const char *user_id;
    int64_t expires;
};
struct hand_account {
    const char *user_id;
    int type; /* 1.. in the order of the labels */
    const char *provider;
    const char *provider_account_id;
    const char *refresh_token;
    const char *access_token;
    bool has_expires_at;
    int64_t expires_at;
    const char *token_type;
    const char *scope;
    const char *id_token;
    const char *session_state;
};
struct hand_feedback {
    const char *user_id; /* NULL: none; the others are required */
    int16_t rating;
    const char *message;
    const char *metadata;
};

/* Prepares every statement. All functions give false when anything failed, the reason
 * then stands in PQerrorMessage(conn). */
bool hand_prepare(PGconn *conn);
void hand_decode_user(const PGresult *result, int row, struct hand_user *user);

/* The structs borrow from *result, which is the caller's to PQclear. */
bool hand_user_by_email(PGconn *conn, const char *email, struct hand_user *user,
                        PGresult **result);
/* *users is one array, the caller's to free. */
bool hand_users_page(PGconn *conn, const char *after, int64_t limit,
                     struct hand_user **users, PGresult **result);
/* All of them in one pipeline with one Sync, by email or by id; a struct and a result each. */
bool hand_users_by(PGconn *conn, const char *const *keys, size_t n, bool by_email,
                   struct hand_user *users, PGresult **results);
/* A user with two lists, in one pipeline; results[0 to 2]. */
struct hand_login {
    struct hand_user user;
    struct hand_account *accounts; /* one array of both, the caller's to free */
    size_t naccounts;
    struct hand_session *sessions;
    size_t nsessions;
};
bool hand_login(PGconn *conn, const char *id, struct hand_login *login,
                PGresult **results);
/* Every user, or those of a query in an order, row by row, none of them kept; *sum gets
 * created_at of each. */
bool hand_users_scan(PGconn *conn, int64_t *sum);
bool hand_users_stream(PGconn *conn, int64_t *sum);
/* Every user by COPY BINARY, decoded where libpq put the row. */
bool hand_users_copy(PGconn *conn, int64_t *sum);
bool hand_user_rename(PGconn *conn, const char *id, const char *name);
bool hand_session_delete(PGconn *conn, const char *token);
/* A user, an account and a session in one pipeline with one Sync; in a transaction of their
 * own, or in that which a Sync ends. */
bool hand_three(PGconn *conn, const char *id, int64_t expires, bool begin);
bool hand_session_insert(PGconn *conn, const struct hand_session *session,
                         struct hand_session *inserted, PGresult **result);
/* By COPY BINARY. */
bool hand_feedback_load(PGconn *conn, const struct hand_feedback *rows, size_t n);
/* One insert from binary arrays. */
bool hand_feedback_insert_many(PGconn *conn, const struct hand_feedback *rows,
                               size_t n);

#endif
