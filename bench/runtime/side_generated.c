/* side_generated.c: the calls on what schemac makes of schema/app.schema. Knows
 * nothing of libpq. */
#include "app.h"
#include "side.h"
#include <stdio.h>
#include <stdlib.h>

struct generated {
    struct sc_db *db;
    struct auth_feedback_new *rows;
    size_t n;
    struct sc_batch *batch;
    struct sc_batch *tx; /* a batch between BEGIN and COMMIT */
};

static bool failed(const struct sc_error *err)
{
    fprintf(stderr, "generated: %s: %s\n", sc_status_name(err->status), err->message);
    return false;
}

static void close_side(void *self)
{
    struct generated *generated = self;
    sc_batch_close(generated->batch);
    sc_batch_close(generated->tx);
    sc_close(generated->db);
    free(generated->rows);
    free(generated);
}

static void *open_side(const char *url)
{
    struct sc_error err;
    struct generated *generated = calloc(1, sizeof *generated);
    if (!generated)
        return NULL;
    if (sc_open(url, &generated->db, &err) == SC_OK &&
        sc_batch_open(generated->db, &generated->batch, &err) == SC_OK &&
        sc_batch_open(generated->db, &generated->tx, &err) == SC_OK &&
        sc_batch_set(generated->batch,
                     &(struct sc_batch_options){ .rows = SC_ROWS_GIVEN },
                     &err) == SC_OK &&
        sc_batch_set(generated->tx,
                     &(struct sc_batch_options){ .tx = &(struct sc_tx_options){ 0 },
                                                 .rows = SC_ROWS_GIVEN },
                     &err) == SC_OK)
        return generated;
    failed(&err);
    close_side(generated);
    return NULL;
}

static long backend(void *self)
{
    struct generated *generated = self;
    struct sc_rows *rows;
    struct sc_error err;
    if (sc_query(generated->db, "select pg_backend_pid()", NULL, 0, &rows, &err) !=
        SC_OK)
        return 0;
    const char *text = sc_rows_value(rows, 0, 0);
    long pid = text ? strtol(text, NULL, 10) : 0;
    sc_rows_free(rows);
    return pid;
}

static bool stage(void *self, const struct feedback *rows, size_t n)
{
    struct generated *generated = self;
    generated->rows = malloc(n * sizeof *generated->rows);
    generated->n = n;
    for (size_t i = 0; generated->rows && i < n; i++)
        generated->rows[i] = (struct auth_feedback_new){
            .user_id = rows[i].user_id,
            .rating = SC(rows[i].rating),
            .message = rows[i].message,
            .metadata = rows[i].metadata,
        };
    return generated->rows != NULL;
}

static bool read_user(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct auth_users *user;
    struct sc_error err;
    if (auth_users_by_email(generated->db, work->email, &user, &err) != SC_OK)
        return failed(&err);
    *sum += (unsigned char)user->id[0] + (uint64_t)user->created_at.usec;
    auth_users_free(user);
    return true;
}

static bool read_page(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct auth_users *users;
    size_t n;
    struct sc_error err;
    const struct auth_users_page_in_id_cursor after = { .id = work->after };
    if (auth_users_page_in_id(generated->db, &after, work->limit, &users, &n, &err) !=
        SC_OK)
        return failed(&err);
    *sum += n + (n ? (uint64_t)users[n - 1].updated_at.usec : 0);
    auth_users_free(users);
    return true;
}

static bool check(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct auth_users *users;
    size_t n;
    struct sc_error err;
    const struct auth_users_page_in_id_cursor after = { .id = work->after };
    if (auth_users_page_in_id(generated->db, &after, work->limit, &users, &n, &err) !=
        SC_OK)
        return failed(&err);
    for (size_t i = 0; i < n; i++) {
        const struct auth_users *u = &users[i];
        bool verified = sc_has(u->email_verified);
        *sum = sum_text(sum_text(sum_text(sum_text(*sum, u->id), u->name), u->email),
                        u->image);
        *sum = *sum * 31 + verified +
               (verified ? (uint64_t)u->email_verified.value.usec : 0);
        *sum = *sum * 31 + (uint64_t)u->created_at.usec + (uint64_t)u->updated_at.usec;
    }
    auth_users_free(users);
    return true;
}

static bool insert_session(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct auth_sessions *inserted;
    struct sc_error err;
    const struct auth_sessions_new session = {
        .session_token = work->token,
        .user_id = work->user_id,
        .expires = SC({ work->expires }),
    };
    if (auth_sessions_insert(generated->db, &session, &inserted, &err) != SC_OK)
        return failed(&err);
    *sum += (unsigned char)inserted->user_id[0] + (uint64_t)inserted->expires.usec;
    auth_sessions_free(inserted);
    return true;
}

static bool insert_many(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct sc_error err;
    (void)work;
    *sum += generated->n;
    return auth_feedback_insert_many(generated->db, generated->rows, generated->n, NULL,
                                     NULL, &err) == SC_OK ||
           failed(&err);
}

static bool load(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct sc_error err;
    (void)work;
    *sum += generated->n;
    return auth_feedback_load(generated->db, generated->rows, generated->n, &err) ==
               SC_OK ||
           failed(&err);
}

/* The batch is used again and again. */
static bool read_batch(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct auth_users *users[BATCH];
    struct sc_error err;
    struct sc_db *queue = sc_queue(generated->batch);
    for (int i = 0; i < BATCH; i++)
        if (auth_users_by_email(queue, work->keys[i], &users[i], &err) != SC_QUEUED)
            return failed(&err);
    bool done = sc_batch_run(generated->batch, &err) == SC_OK;
    for (int i = 0; i < BATCH; i++) {
        if (done)
            *sum += (unsigned char)users[i]->id[0] +
                    (uint64_t)users[i]->created_at.usec;
        auth_users_free(users[i]);
    }
    sc_batch_reset(generated->batch);
    return done || failed(&err);
}

static bool read_many(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct auth_users *users;
    struct sc_error err;
    size_t n;
    const struct sc_texts keys = { .items = work->keys, .count = BATCH };
    if (auth_users_get_many(generated->db, keys, &users, &n, &err) != SC_OK)
        return failed(&err);
    for (size_t i = 0; i < n; i++)
        *sum += (unsigned char)users[i].id[0] + (uint64_t)users[i].created_at.usec;
    auth_users_free(users);
    return n == BATCH;
}

static bool read_nested(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct auth_user_logins_row *login;
    struct sc_error err;
    if (auth_user_logins(generated->db, work->user_id, &login, &err) != SC_OK)
        return failed(&err);
    *sum += (uint64_t)login->users.created_at.usec + login->accounts.count +
            login->sessions.count;
    auth_user_logins_free(login);
    return true;
}

static bool read_all(struct sc_stream *stream, uint64_t *sum)
{
    struct auth_users *user;
    struct sc_error err;
    enum sc_status status;
    while ((status = auth_users_next(stream, &user, &err)) == SC_OK && user)
        *sum += (uint64_t)user->created_at.usec;
    sc_stream_close(stream);
    return status == SC_OK || failed(&err);
}

static bool scan(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct sc_stream *rows;
    struct sc_error err;
    (void)work;
    if (auth_users_scan(generated->db, &rows, &err) != SC_OK)
        return failed(&err);
    return read_all(rows, sum);
}

static bool stream(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct sc_stream *rows;
    struct sc_error err;
    (void)work;
    if (auth_search_users_stream(generated->db, &(struct auth_search_users_args){ 0 },
                                 &rows, &err) != SC_OK)
        return failed(&err);
    return read_all(rows, sum);
}

static bool update_user(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct sc_error err;
    const struct auth_users_patch patch = { .name = SC(work->token) };
    *sum += 1;
    return auth_users_update(generated->db, work->user_id, &patch, NULL, &err) ==
               SC_OK ||
           failed(&err);
}

static bool delete_session(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    struct sc_error err;
    *sum += 1;
    return auth_sessions_delete(generated->db, work->token, &err) == SC_OK ||
           failed(&err);
}

static bool run_three(struct sc_batch *batch, const struct work *work)
{
    struct sc_error err;
    struct sc_db *queue = sc_queue(batch);
    const struct auth_users_new user = {
        .id = work->token,
        .name = "Ada Byron",
        .email = work->token,
    };
    const struct auth_accounts_new account = {
        .user_id = work->token,
        .type = SC(AUTH_ACCOUNT_TYPE_OAUTH),
        .provider = "github",
        .provider_account_id = work->token,
        .access_token = "not a secret at all",
    };
    const struct auth_sessions_new session = {
        .session_token = work->token,
        .user_id = work->token,
        .expires = SC({ work->expires }),
    };
    bool done = auth_users_insert(queue, &user, NULL, &err) == SC_QUEUED &&
                auth_accounts_insert(queue, &account, NULL, &err) == SC_QUEUED &&
                auth_sessions_insert(queue, &session, NULL, &err) == SC_QUEUED &&
                sc_batch_run(batch, &err) == SC_OK;
    sc_batch_reset(batch);
    return done || failed(&err);
}

static bool insert_three(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    *sum += 1;
    return run_three(generated->batch, work);
}

static bool tx_three(void *self, const struct work *work, uint64_t *sum)
{
    struct generated *generated = self;
    *sum += 1;
    return run_three(generated->tx, work);
}

const struct side generated_side = {
    .name = "generated",
    .open = open_side,
    .close = close_side,
    .backend = backend,
    .stage = stage,
    .run = { read_user, read_page, insert_session, insert_many, load, read_batch,
             read_many, read_nested, read_batch, scan, scan, stream, update_user,
             delete_session, insert_three, tx_three },
    .check = check,
};
