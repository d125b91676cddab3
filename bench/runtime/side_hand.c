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

bool bench_reset(void)
{
    static PGconn *conn;
    if (!conn)
        conn = PQconnectdb(getenv("DATABASE_URL"));
    PGresult *r = PQexec(conn, "truncate auth.feedback, auth.sessions");
    bool done = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!done)
        fputs(PQerrorMessage(conn), stderr);
    PQclear(r);
    return done;
}

const struct side hand_side = {
    .name = "hand",
    .open = open_side,
    .close = close_side,
    .backend = backend,
    .stage = stage,
    .run = { read_user, read_page, insert_session, insert_many, load, read_batch,
             read_many, read_nested },
    .check = check,
};
