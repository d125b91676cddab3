/* app.c: the calls. Must not know who makes them, nor a server. */
#include "tests/support/app.h"

#include <app.h>
#include <sc_listen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char mark[24];
static unsigned marks;

void app_unmark(void)
{
    snprintf(mark, sizeof(mark), "none.");
}

int app_marked(struct sc_db *db)
{
    struct sc_rows *rows;
    char like[sizeof(mark) + 1];
    const char *params[] = { like };
    snprintf(like, sizeof(like), "%s%%", mark);
    if (sc_query(db, "select count(*) from auth.users where id like $1", params, 1,
                 &rows, NULL) != SC_OK)
        return -1;
    int n = (int)strtol(sc_rows_value(rows, 0, 0), NULL, 10);
    sc_rows_free(rows);
    return n;
}

struct names {
    char text[4][40];
};

/* Ids of the next mark. */
static struct names next_names(void)
{
    struct names names;
    snprintf(mark, sizeof(mark), "w%u.", ++marks);
    for (int i = 0; i < 4; i++)
        snprintf(names.text[i], sizeof(names.text[i]), "%s%d", mark, i);
    return names;
}

static struct auth_users_new user_of(const char *id)
{
    return (struct auth_users_new){ .id = id, .email = id };
}

/* ---- reads ------------------------------------------------------------------------------- */

static enum sc_status get(struct sc_db *db, struct sc_error *err)
{
    struct auth_users *row;
    enum sc_status st = auth_users_get(db, "u", &row, err);
    auth_users_free(row);
    return st;
}

static enum sc_status count(struct sc_db *db, struct sc_error *err)
{
    int64_t n;
    return auth_users_count(db, &n, err);
}

static enum sc_status list(struct sc_db *db, struct sc_error *err)
{
    struct auth_feedback *rows;
    size_t n;
    enum sc_status st = auth_feedback_list_by_user_id(db, "u", &rows, &n, err);
    auth_feedback_free(rows);
    return st;
}

static enum sc_status page(struct sc_db *db, struct sc_error *err)
{
    struct auth_users *rows;
    size_t n;
    enum sc_status st = auth_users_page_in_id(db, NULL, 2, &rows, &n, err);
    auth_users_free(rows);
    return st;
}

static const char *const both[] = { "u", "v" };
static const struct sc_texts both_keys = { both, 2, NULL };

static enum sc_status get_many(struct sc_db *db, struct sc_error *err)
{
    struct auth_users *rows;
    size_t n;
    enum sc_status st = auth_users_get_many(db, both_keys, &rows, &n, err);
    auth_users_free(rows);
    return st;
}

static enum sc_status related(struct sc_db *db, struct sc_error *err)
{
    struct auth_users_get_with_feedback_row *row;
    enum sc_status st = auth_users_get_with_feedback(db, "u", &row, err);
    auth_users_get_with_feedback_free(row);
    return st;
}

static enum sc_status related_many(struct sc_db *db, struct sc_error *err)
{
    struct auth_users_get_with_feedback_row *rows;
    size_t n;
    enum sc_status st = auth_users_get_many_with_feedback(db, both_keys, &rows, &n,
                                                          err);
    auth_users_get_with_feedback_free(rows);
    return st;
}

static enum sc_status logins(struct sc_db *db, struct sc_error *err)
{
    struct auth_user_logins_row *row;
    enum sc_status st = auth_user_logins(db, "u", &row, err);
    auth_user_logins_free(row);
    return st;
}

static enum sc_status query(struct sc_db *db, struct sc_error *err)
{
    struct sc_rows *rows = NULL;
    const char *params[] = { "u" };
    enum sc_status st = sc_query(db, "select * from auth.users where id = $1", params,
                                 1, &rows, err);
    sc_rows_free(rows);
    return st;
}

/* ---- streams ----------------------------------------------------------------------------- */

/* Up to `most` rows, then closed. */
static enum sc_status drain(struct sc_stream *stream, int most, struct sc_error *err)
{
    struct auth_feedback *row = NULL;
    enum sc_status st = SC_OK;
    for (int i = 0; st == SC_OK && i < most; i++) {
        st = auth_feedback_next(stream, &row, err);
        if (!row)
            break;
    }
    sc_stream_close(stream);
    return st;
}

static enum sc_status stream_all(struct sc_db *db, struct sc_error *err)
{
    struct sc_stream *stream;
    enum sc_status st = auth_feedback_list_by_user_id_stream(db, "u", &stream, err);
    return st == SC_OK ? drain(stream, 1000, err) : st;
}

static enum sc_status stream_some(struct sc_db *db, struct sc_error *err)
{
    struct sc_stream *stream;
    enum sc_status st = auth_feedback_list_by_user_id_stream(db, "u", &stream, err);
    return st == SC_OK ? drain(stream, 2, err) : st;
}

static enum sc_status scan(struct sc_db *db, struct sc_error *err)
{
    struct sc_stream *stream;
    enum sc_status st = auth_feedback_scan(db, &stream, err);
    return st == SC_OK ? drain(stream, 1000, err) : st;
}

/* ---- writes -------------------------------------------------------------------------------- */

static enum sc_status insert(struct sc_db *db, struct sc_error *err)
{
    const struct names names = next_names();
    const struct auth_users_new user = user_of(names.text[0]);
    struct auth_users *row;
    enum sc_status st = auth_users_insert(db, &user, &row, err);
    auth_users_free(row);
    return st;
}

static enum sc_status insert_blind(struct sc_db *db, struct sc_error *err)
{
    const struct names names = next_names();
    const struct auth_users_new user = user_of(names.text[0]);
    return auth_users_insert(db, &user, NULL, err);
}

static enum sc_status insert_many(struct sc_db *db, struct sc_error *err)
{
    const struct names names = next_names();
    struct auth_users_new users[3];
    struct auth_users *rows;
    size_t n;
    for (int i = 0; i < 3; i++)
        users[i] = user_of(names.text[i]);
    users[2].name = "of another form";
    enum sc_status st = auth_users_insert_many(db, users, 3, &rows, &n, err);
    auth_users_free(rows);
    return st;
}

static enum sc_status upsert(struct sc_db *db, struct sc_error *err)
{
    const struct names names = next_names();
    const struct auth_users_new user = user_of(names.text[0]);
    struct auth_users *row;
    enum sc_status st = auth_users_upsert(db, &user, &row, err);
    auth_users_free(row);
    return st;
}

static enum sc_status upsert_many(struct sc_db *db, struct sc_error *err)
{
    const struct names names = next_names();
    const struct auth_users_new users[] = { user_of(names.text[0]),
                                            user_of(names.text[1]) };
    struct auth_users *rows;
    size_t n;
    enum sc_status st = auth_users_upsert_many(db, users, 2, &rows, &n, err);
    auth_users_free(rows);
    return st;
}

static enum sc_status update(struct sc_db *db, struct sc_error *err)
{
    const struct auth_users_patch patch = { .name = SC("changed") };
    struct auth_users *row;
    enum sc_status st = auth_users_update(db, "v", &patch, &row, err);
    auth_users_free(row);
    return st;
}

static enum sc_status delete_none(struct sc_db *db, struct sc_error *err)
{
    enum sc_status st = auth_users_delete(db, "nobody", err);
    return st == SC_NOT_FOUND ? SC_OK : st;
}

static enum sc_status exec(struct sc_db *db, struct sc_error *err)
{
    int64_t n;
    return auth_expire_sessions(db, (struct sc_timestamptz){ 0 }, &n, err);
}

static enum sc_status load(struct sc_db *db, struct sc_error *err)
{
    const struct names names = next_names();
    const struct auth_users_new users[] = { user_of(names.text[0]),
                                            user_of(names.text[1]) };
    return auth_users_load(db, users, 2, err);
}

struct supply {
    struct names names;
    int given;
};

static int next_user(void *arg, struct auth_users_new *row)
{
    struct supply *supply = arg;
    if (supply->given == 3)
        return 0;
    row->id = row->email = supply->names.text[supply->given++];
    return 1;
}

static enum sc_status load_from(struct sc_db *db, struct sc_error *err)
{
    struct supply supply = { next_names(), 0 };
    int64_t n;
    return auth_users_load_from(db, next_user, &supply, &n, err);
}

/* ---- batches ------------------------------------------------------------------------------- */

void app_queue_reads(struct sc_batch *batch)
{
    /* what cannot be queued fails the run */
    for (int i = 0; i < 3; i++) {
        (void)auth_users_get(sc_queue(batch), "u", NULL, NULL);
        (void)auth_users_count(sc_queue(batch), NULL, NULL);
    }
}

void app_queue_writes(struct sc_batch *batch)
{
    const struct names names = next_names();
    const struct auth_users_new one = user_of(names.text[0]);
    const struct auth_users_new two[] = { user_of(names.text[1]),
                                          user_of(names.text[2]) };
    const struct auth_users_patch patch = { .name = SC("batched") };
    (void)auth_users_insert(sc_queue(batch), &one, NULL, NULL);
    (void)auth_users_get(sc_queue(batch), "u", NULL, NULL);
    (void)auth_users_insert_many(sc_queue(batch), two, 2, NULL, NULL, NULL);
    (void)auth_users_update(sc_queue(batch), "v", &patch, NULL, NULL);
}

static enum sc_status run_batch(struct sc_db *db,
                                const struct sc_batch_options *options,
                                void (*queue)(struct sc_batch *), struct sc_error *err)
{
    struct sc_batch *batch;
    enum sc_status st = sc_batch_open(db, &batch, err);
    if (st == SC_OK)
        st = sc_batch_set(batch, options, err);
    if (st == SC_OK) {
        queue(batch);
        st = sc_batch_run(batch, err);
    }
    sc_batch_close(batch);
    return st;
}

static enum sc_status batch_reads(struct sc_db *db, struct sc_error *err)
{
    const struct sc_batch_options options = { .mode = SC_ALL_OR_NOTHING };
    return run_batch(db, &options, app_queue_reads, err);
}

static enum sc_status batch_writes(struct sc_db *db, struct sc_error *err)
{
    const struct sc_batch_options options = { .mode = SC_ALL_OR_NOTHING };
    return run_batch(db, &options, app_queue_writes, err);
}

static enum sc_status batch_apart(struct sc_db *db, struct sc_error *err)
{
    const struct sc_batch_options options = { .mode = SC_INDEPENDENT };
    return run_batch(db, &options, app_queue_writes, err);
}

static enum sc_status batch_tx(struct sc_db *db, struct sc_error *err)
{
    const struct sc_tx_options tx = { .isolation = SC_READ_COMMITTED,
                                      .lock_timeout_ms = 5000 };
    const struct sc_batch_options options = { .tx = &tx };
    return run_batch(db, &options, app_queue_writes, err);
}

/* ---- transactions ---------------------------------------------------------------------------- */

static enum sc_status end(struct sc_db *tx, enum sc_status st, struct sc_error *err)
{
    if (st == SC_OK)
        return sc_tx_commit(tx, err);
    sc_tx_rollback(tx);
    return st;
}

static enum sc_status transaction(struct sc_db *db, struct sc_error *err)
{
    const struct sc_tx_options options = { .statement_timeout_ms = 5000 };
    struct sc_db *tx;
    enum sc_status st = sc_tx_begin(db, &options, &tx, err);
    return st == SC_OK ? end(tx, insert(tx, err), err) : st;
}

static enum sc_status savepoint(struct sc_db *db, struct sc_error *err)
{
    struct sc_db *tx, *inner;
    enum sc_status st = sc_tx_begin(db, NULL, &tx, err);
    if (st != SC_OK)
        return st;
    st = sc_tx_begin(tx, NULL, &inner, err);
    if (st == SC_OK)
        st = end(inner, insert_blind(inner, err), err);
    return end(tx, st, err);
}

static enum sc_status work(struct sc_db *tx, void *arg, struct sc_error *err)
{
    (void)arg;
    return insert_blind(tx, err);
}

static enum sc_status run_tx(struct sc_db *db, struct sc_error *err)
{
    return sc_tx_run(db, NULL, work, NULL, err);
}

static enum sc_status notify(struct sc_db *db, struct sc_error *err)
{
    return sc_notify(db, "app", "something", err);
}

static enum sc_status lsn(struct sc_db *db, struct sc_error *err)
{
    uint64_t at;
    return sc_lsn(db, &at, err);
}

/* ---- all of them ------------------------------------------------------------------------------ */

const struct app_kind app_kinds[] = {
    { "get", get, APP_AGAIN, 0 },
    { "count", count, APP_AGAIN, 0 },
    { "list", list, APP_AGAIN, 0 },
    { "page", page, APP_AGAIN, 0 },
    { "get_many", get_many, APP_AGAIN, 0 },
    { "get_with", related, APP_AGAIN, 0 },
    { "get_many_with", related_many, APP_AGAIN, 0 },
    { "one ... with ..., an enum in it", logins, APP_AGAIN, 0 },
    { "insert, its row asked for", insert, APP_WRITES, 1 },
    { "insert, no row asked for", insert_blind, APP_WRITES, 1 },
    { "insert_many, of two forms", insert_many, APP_WRITES, 3 },
    { "upsert", upsert, APP_WRITES, 1 },
    { "upsert_many", upsert_many, APP_WRITES, 2 },
    { "update", update, APP_WRITES, 0 },
    { "delete", delete_none, APP_WRITES, 0 },
    { "exec", exec, APP_WRITES, 0 },
    { "load", load, APP_TX, 2 },
    { "load_from", load_from, APP_TX, 3 },
    { "stream, to its end", stream_all, APP_READS, 0 },
    { "stream, closed half-way", stream_some, APP_READS, 0 },
    { "scan", scan, APP_READS, 0 },
    { "batch of reads", batch_reads, APP_READS, 0 },
    { "batch of reads and writes", batch_writes, APP_WRITES, 3 },
    { "batch, independent", batch_apart, APP_WRITES, 3 },
    { "batch with begin and commit", batch_tx, APP_TX, 3 },
    { "begin, insert, commit", transaction, APP_TX, 1 },
    { "begin, savepoint, insert, release, commit", savepoint, APP_TX, 1 },
    { "sc_tx_run of one insert", run_tx, APP_TX, 1 },
    { "sc_query", query, APP_WRITES, 0 },
    { "sc_notify", notify, APP_WRITES, 0 },
    { "sc_lsn", lsn, APP_READS, 0 },
};
const size_t app_nkinds = sizeof(app_kinds) / sizeof(*app_kinds);

int app_fill(const struct test_db *test)
{
    static const char rows[] =
        "insert into auth.users (id, email) values ('u', 'u@x'), ('v', 'v@x');"
        "insert into auth.accounts (user_id, type, provider, provider_account_id)"
        " values ('u', 'oauth', 'p', '1'), ('u', 'email', 'p', '2');"
        "insert into auth.sessions values ('s', 'u', 'infinity');"
        "insert into auth.feedback (user_id, rating, message)"
        " select 'u', 1 + n % 5, repeat('x', n) from generate_series(1, 30) n";
    return test_db_exec_file(test, TEST_ROOT "/gen/migrations/0001_init.up.sql") ||
                   test_db_exec(test, rows)
               ? -1
               : 0;
}
