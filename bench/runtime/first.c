/* first.c: how many round trips calls take at their first use on a connection and later, as
 * libpq's trace tells it. A line a call: what it is|first|later|aim of the first. Asserts
 * nothing but that every call goes well. The database is that of DATABASE_URL, filled by
 * run.sh. */
#include "app.h"
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

static struct sc_error err;

static void must(enum sc_status status)
{
    if (status == SC_OK)
        return;
    fprintf(stderr, "first: %s: %s\n", sc_status_name(status), err.message);
    exit(1);
}

/* ---- calls ----------------------------------------------------------------------------- */

static void read_user(struct sc_db *db)
{
    struct auth_users *user;
    must(auth_users_by_email(db, "user000007@example.org", &user, &err));
    auth_users_free(user);
}

static void read_page(struct sc_db *db)
{
    struct auth_users *users;
    size_t n;
    must(auth_users_page_in_id(
        db, &(struct auth_users_page_in_id_cursor){ .id = "user000007" }, 1000, &users,
        &n, &err));
    auth_users_free(users);
}

static void read_many(struct sc_db *db)
{
    const char *const ids[] = { "user000007", "user000008" };
    struct auth_users *users;
    size_t n;
    must(auth_users_get_many(db, (struct sc_texts){ .items = ids, .count = 2 }, &users,
                             &n, &err));
    auth_users_free(users);
}

static void read_nested(struct sc_db *db)
{
    struct auth_user_logins_row *login;
    must(auth_user_logins(db, "user000007", &login, &err));
    auth_user_logins_free(login);
}

static void read_batch(struct sc_db *db)
{
    struct sc_batch *batch;
    struct auth_users *users[2];
    must(sc_batch_open(db, &batch, &err));
    (void)!auth_users_by_email(sc_queue(batch), "user000007@example.org", &users[0],
                               &err);
    (void)!auth_users_by_email(sc_queue(batch), "user000008@example.org", &users[1],
                               &err);
    must(sc_batch_run(batch, &err));
    auth_users_free(users[0]);
    auth_users_free(users[1]);
    sc_batch_close(batch);
}

static struct auth_sessions_new new_session(void)
{
    static char token[32];
    static int number;
    snprintf(token, sizeof(token), "first-%d", number++);
    return (struct auth_sessions_new){
        .session_token = token,
        .user_id = "user000007",
        .expires = SC({ 800000000000000 }),
    };
}

static void insert(struct sc_db *db)
{
    const struct auth_sessions_new session = new_session();
    must(auth_sessions_insert(db, &session, NULL, &err));
}

static void insert_returning(struct sc_db *db)
{
    const struct auth_sessions_new session = new_session();
    struct auth_sessions *made;
    must(auth_sessions_insert(db, &session, &made, &err));
    auth_sessions_free(made);
}

static void update(struct sc_db *db)
{
    const struct auth_users_patch patch = { .name = SC("Ada") };
    must(auth_users_update(db, "user000007", &patch, NULL, &err));
}

static void update_returning(struct sc_db *db)
{
    const struct auth_users_patch patch = { .name = SC("Ada") };
    struct auth_users *user;
    must(auth_users_update(db, "user000007", &patch, &user, &err));
    auth_users_free(user);
}

static void delete_session(struct sc_db *db)
{
    static const char *const tokens[] = { "kept-1user000007", "kept-2user000007" };
    static int number;
    must(auth_sessions_delete(db, tokens[number++ % 2], &err));
}

/* ---- counting --------------------------------------------------------------------------- */

/* Turns from sending to receiving. */
static int turns(FILE *trace)
{
    char line[4096];
    int count = 0;
    bool sending = false;
    rewind(trace);
    while (fgets(line, sizeof(line), trace)) {
        count += sending && line[0] == 'B';
        sending = line[0] == 'F' || (sending && line[0] != 'B');
    }
    return count;
}

static int trips(struct sc_db *db, void (*call)(struct sc_db *db))
{
    PGconn *conn = (PGconn *)sc_borrow(db);
    FILE *trace = tmpfile();
    if (!trace)
        exit(1);
    PQtrace(conn, trace);
    PQsetTraceFlags(conn, PQTRACE_SUPPRESS_TIMESTAMPS);
    call(db);
    PQuntrace(conn);
    int count = turns(trace);
    fclose(trace);
    return count;
}

static const struct {
    const char *name;
    void (*call)(struct sc_db *db);
    int aim;
} CALLS[] = {
    { "point read by a unique key", read_user, 1 },
    { "page of 1,000 rows", read_page, 1 },
    { "reads by an array of keys", read_many, 1 },
    { "user, accounts, sessions", read_nested, 1 },
    { "batch of reads", read_batch, 1 },
    { "insert", insert, 1 },
    { "insert, returning the row", insert_returning, 2 },
    { "update by primary key", update, 1 },
    { "delete by primary key", delete_session, 1 },
    { "update, returning the row", update_returning, 2 },
};

int main(void)
{
    for (size_t i = 0; i < sizeof(CALLS) / sizeof(*CALLS); i++) {
        struct sc_db *db;
        must(sc_open(getenv("DATABASE_URL"), &db, &err));
        int first = trips(db, CALLS[i].call);
        printf("%s|%d|%d|%d\n", CALLS[i].name, first, trips(db, CALLS[i].call),
               CALLS[i].aim);
        sc_close(db);
    }
    return 0;
}
