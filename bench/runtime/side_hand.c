/* side_hand.c: the calls on hand.h. Knows nothing of generated code. */
#include "hand.h"
#include "side.h"
#include <stdio.h>
#include <stdlib.h>

struct hand {
    PGconn *conn;
    struct hand_feedback *rows;
    size_t n;
};

static bool failed(struct hand *hand, PGresult *result)
{
    fprintf(stderr, "hand: %s", PQerrorMessage(hand->conn));
    PQclear(result);
    return false;
}

static void close_side(void *self)
{
    struct hand *hand = self;
    PQfinish(hand->conn);
    free(hand->rows);
    free(hand);
}

static void *open_side(const char *url)
{
    struct hand *hand = calloc(1, sizeof *hand);
    if (!hand)
        return NULL;
    hand->conn = PQconnectdb(url);
    if (PQstatus(hand->conn) == CONNECTION_OK && hand_prepare(hand->conn))
        return hand;
    failed(hand, NULL);
    close_side(hand);
    return NULL;
}

static long backend(void *self)
{
    const struct hand *hand = self;
    return PQbackendPID(hand->conn);
}

static bool stage(void *self, const struct feedback *rows, size_t n)
{
    struct hand *hand = self;
    hand->rows = malloc(n * sizeof *hand->rows);
    hand->n = n;
    for (size_t i = 0; hand->rows && i < n; i++)
        hand->rows[i] = (struct hand_feedback){ rows[i].user_id, rows[i].rating,
                                                rows[i].message, rows[i].metadata };
    return hand->rows != NULL;
}

static bool read_user(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    struct hand_user user;
    PGresult *result;
    if (!hand_user_by_email(hand->conn, work->email, &user, &result))
        return failed(hand, result);
    *sum += (unsigned char)user.id[0] + (uint64_t)user.created_at;
    PQclear(result);
    return true;
}

static bool read_page(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    struct hand_user *users;
    PGresult *result;
    if (!hand_users_page(hand->conn, work->after, work->limit, &users, &result))
        return failed(hand, result);
    int n = PQntuples(result);
    *sum += (uint64_t)n + (n ? (uint64_t)users[n - 1].updated_at : 0);
    free(users);
    PQclear(result);
    return true;
}

static bool check(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    struct hand_user *users;
    PGresult *result;
    if (!hand_users_page(hand->conn, work->after, work->limit, &users, &result))
        return failed(hand, result);
    for (int i = 0; i < PQntuples(result); i++) {
        const struct hand_user *u = &users[i];
        *sum = sum_text(sum_text(sum_text(sum_text(*sum, u->id), u->name), u->email),
                        u->image);
        *sum = *sum * 31 + (uint64_t)u->email_verified + u->has_email_verified;
        *sum = *sum * 31 + (uint64_t)u->created_at + (uint64_t)u->updated_at;
    }
    free(users);
    PQclear(result);
    return true;
}

static bool insert_session(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    struct hand_session inserted;
    PGresult *result;
    if (!hand_session_insert(
            hand->conn,
            &(struct hand_session){ work->token, work->user_id, work->expires },
            &inserted, &result))
        return failed(hand, result);
    *sum += (unsigned char)inserted.user_id[0] + (uint64_t)inserted.expires;
    PQclear(result);
    return true;
}

static bool insert_many(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    (void)work;
    *sum += hand->n;
    return hand_feedback_insert_many(hand->conn, hand->rows, hand->n) ||
           failed(hand, NULL);
}

static bool load(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    (void)work;
    *sum += hand->n;
    return hand_feedback_load(hand->conn, hand->rows, hand->n) || failed(hand, NULL);
}

static bool read_keys(struct hand *hand, const struct work *work, bool by_email,
                      uint64_t *sum)
{
    struct hand_user users[BATCH];
    PGresult *results[BATCH] = { 0 };
    bool done = hand_users_by(hand->conn, work->keys, BATCH, by_email, users, results);
    for (int i = 0; i < BATCH; i++) {
        if (done)
            *sum += (unsigned char)users[i].id[0] + (uint64_t)users[i].created_at;
        PQclear(results[i]);
    }
    return done || failed(hand, NULL);
}

static bool read_batch(void *self, const struct work *work, uint64_t *sum)
{
    return read_keys(self, work, true, sum);
}

static bool read_many(void *self, const struct work *work, uint64_t *sum)
{
    return read_keys(self, work, false, sum);
}

static bool read_nested(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    struct hand_login login = { 0 };
    PGresult *results[3] = { 0 };
    bool done = hand_login(hand->conn, work->user_id, &login, results);
    if (done)
        *sum += (uint64_t)login.user.created_at + login.naccounts + login.nsessions;
    free(login.accounts);
    for (int i = 0; i < 3; i++)
        PQclear(results[i]);
    return done || failed(hand, NULL);
}

static bool read_loop(void *self, const struct work *work, uint64_t *sum)
{
    for (int i = 0; i < BATCH; i++)
        if (!read_user(self, &(struct work){ .email = work->keys[i] }, sum))
            return false;
    return true;
}

static bool scan(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    int64_t times = 0;
    (void)work;
    if (!hand_users_scan(hand->conn, &times))
        return failed(hand, NULL);
    *sum += (uint64_t)times;
    return true;
}

static bool scan_copy(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    int64_t times = 0;
    (void)work;
    if (!hand_users_copy(hand->conn, &times))
        return failed(hand, NULL);
    *sum += (uint64_t)times;
    return true;
}

static bool stream(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    int64_t times = 0;
    (void)work;
    if (!hand_users_stream(hand->conn, &times))
        return failed(hand, NULL);
    *sum += (uint64_t)times;
    return true;
}

static bool update_user(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    *sum += 1;
    return hand_user_rename(hand->conn, work->user_id, work->token) ||
           failed(hand, NULL);
}

static bool delete_session(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    *sum += 1;
    return hand_session_delete(hand->conn, work->token) || failed(hand, NULL);
}

static bool insert_three(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    *sum += 1;
    return hand_three(hand->conn, work->token, work->expires, false) ||
           failed(hand, NULL);
}

static bool tx_three(void *self, const struct work *work, uint64_t *sum)
{
    struct hand *hand = self;
    *sum += 1;
    return hand_three(hand->conn, work->token, work->expires, true) ||
           failed(hand, NULL);
}

/* ---- what stands between slices ------------------------------------------------------- */

static bool run_sql(const char *sql)
{
    static PGconn *conn;
    if (!conn)
        conn = PQconnectdb(getenv("DATABASE_URL"));
    PGresult *r = PQexec(conn, sql);
    bool done = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!done)
        fputs(PQerrorMessage(conn), stderr);
    PQclear(r);
    return done;
}

/* What the sides insert has keys that begin with their names, before those of fill.sh. */
bool bench_reset(enum workload workload)
{
    switch (workload) {
    case INSERT_MANY:
    case LOAD:
        return run_sql("truncate auth.feedback");
    case INSERT_SESSION:
    case DELETE_SESSION:
        return run_sql("delete from auth.sessions where session_token < 'kept'") &&
               run_sql("vacuum auth.sessions");
    case INSERT_THREE:
    case TX_THREE:
        return run_sql("delete from auth.users where id < 'user'") &&
               run_sql("vacuum auth.users, auth.accounts, auth.sessions");
    case UPDATE_USER:
        return run_sql("vacuum auth.users");
    case READ_USER:
    case READ_PAGE:
    case READ_BATCH:
    case READ_MANY:
    case READ_NESTED:
    case READ_LOOP:
    case SCAN:
    case SCAN_COPY:
    case STREAM:
    case WORKLOADS:
        return true;
    }
    return true;
}

bool bench_sessions(const char *prefix, unsigned long from, long n)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "insert into auth.sessions select '%.60s-' || i, 'user000001', now()"
             " from generate_series(%lu, %lu) i",
             prefix, from, from + (unsigned long)n - 1);
    return run_sql(sql);
}

const struct side hand_side = {
    .name = "hand",
    .open = open_side,
    .close = close_side,
    .backend = backend,
    .stage = stage,
    .run = { read_user, read_page, insert_session, insert_many, load, read_batch,
             read_many, read_nested, read_loop, scan, scan_copy, stream, update_user,
             delete_session, insert_three, tx_three },
    .check = check,
};
