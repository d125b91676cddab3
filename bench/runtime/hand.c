/* hand.c: see hand.h. Formats: PostgreSQL 15, src/backend/utils/adt/{timestamp,int,
 * jsonb,arrayfuncs}.c and src/backend/commands/copyto.c. */
#include "hand.h"
#include <stdlib.h>
#include <string.h>

#define USER_COLUMNS "id, name, email, email_verified, image, created_at, updated_at"

enum {
    INT2_OID = 21,
    INT8_OID = 20,
    TEXT_OID = 25,
    TIMESTAMPTZ_OID = 1184,
    JSONB_OID = 3802
};

static const struct {
    const char *name, *sql;
    int nparams;
    Oid params[4];
} STATEMENTS[] = {
    { "user_by_email",
      "select " USER_COLUMNS " from auth.users where email = $1",
      1,
      { TEXT_OID } },
    { "users_page",
      "select " USER_COLUMNS " from auth.users where id > $1 order by id limit $2",
      2,
      { TEXT_OID, INT8_OID } },
    { "user_by_id",
      "select " USER_COLUMNS " from auth.users where id = $1",
      1,
      { TEXT_OID } },
    { "accounts_of",
      "select user_id, type, provider, provider_account_id, refresh_token,"
      " access_token, expires_at, token_type, scope, id_token, session_state"
      " from auth.accounts where user_id = $1",
      1,
      { TEXT_OID } },
    { "sessions_of",
      "select session_token, user_id, expires from auth.sessions where user_id = $1",
      1,
      { TEXT_OID } },
    { "session_insert",
      "insert into auth.sessions (session_token, user_id, expires) values ($1, $2, $3)"
      " returning session_token, user_id, expires",
      3,
      { TEXT_OID, TEXT_OID, TIMESTAMPTZ_OID } },
    { "users_scan", "select " USER_COLUMNS " from auth.users", 0, { 0 } },
    { "users_stream",
      "select " USER_COLUMNS " from auth.users where true order by created_at desc",
      0,
      { 0 } },
    { "user_rename",
      "update auth.users set name = $2, updated_at = now() where id = $1",
      2,
      { TEXT_OID, TEXT_OID } },
    { "session_delete",
      "delete from auth.sessions where session_token = $1",
      1,
      { TEXT_OID } },
    { "begin", "begin", 0, { 0 } },
    { "commit", "commit", 0, { 0 } },
    { "user_new",
      "insert into auth.users (id, name, email) values ($1, $2, $3)",
      3,
      { TEXT_OID, TEXT_OID, TEXT_OID } },
    { "account_new",
      "insert into auth.accounts (user_id, type, provider, provider_account_id,"
      " access_token) values ($1, 'oauth', 'github', $2, $3)",
      3,
      { TEXT_OID, TEXT_OID, TEXT_OID } },
    { "session_new",
      "insert into auth.sessions (session_token, user_id, expires) values ($1, $2, $3)",
      3,
      { TEXT_OID, TEXT_OID, TIMESTAMPTZ_OID } },
    { "feedback_insert_many",
      "insert into auth.feedback (user_id, rating, message, metadata)"
      " select * from unnest($1, $2, $3, $4)",
      4,
      { 1009, 1005, 1009, 3807 } },
};

bool hand_prepare(PGconn *conn)
{
    bool done = true;
    for (size_t i = 0; done && i < sizeof STATEMENTS / sizeof *STATEMENTS; i++) {
        PGresult *r = PQprepare(conn, STATEMENTS[i].name, STATEMENTS[i].sql,
                                STATEMENTS[i].nparams, STATEMENTS[i].params);
        done = PQresultStatus(r) == PGRES_COMMAND_OK;
        PQclear(r);
    }
    return done;
}

/* ---- bytes ------------------------------------------------------------------------- */

static int64_t get_int8(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return (int64_t)__builtin_bswap64(v);
}

static char *put_int8(char *p, int64_t value)
{
    uint64_t v = __builtin_bswap64((uint64_t)value);
    memcpy(p, &v, sizeof v);
    return p + sizeof v;
}

static char *put_int4(char *p, int32_t value)
{
    uint32_t v = __builtin_bswap32((uint32_t)value);
    memcpy(p, &v, sizeof v);
    return p + sizeof v;
}

static char *put_int2(char *p, int16_t value)
{
    uint16_t v = __builtin_bswap16((uint16_t)value);
    memcpy(p, &v, sizeof v);
    return p + sizeof v;
}

/* ---- reads and the insert ------------------------------------------------------------ */

static const char *nullable(const PGresult *r, int row, int column)
{
    return PQgetisnull(r, row, column) ? NULL : PQgetvalue(r, row, column);
}

void hand_decode_user(const PGresult *r, int row, struct hand_user *user)
{
    user->id = PQgetvalue(r, row, 0);
    user->name = nullable(r, row, 1);
    user->email = PQgetvalue(r, row, 2);
    user->has_email_verified = !PQgetisnull(r, row, 3);
    user->email_verified = user->has_email_verified ? get_int8(PQgetvalue(r, row, 3))
                                                    : 0;
    user->image = nullable(r, row, 4);
    user->created_at = get_int8(PQgetvalue(r, row, 5));
    user->updated_at = get_int8(PQgetvalue(r, row, 6));
}

bool hand_user_by_email(PGconn *conn, const char *email, struct hand_user *user,
                        PGresult **result)
{
    PGresult *r = PQexecPrepared(conn, "user_by_email", 1, &email, NULL, NULL, 1);
    *result = r;
    if (PQresultStatus(r) != PGRES_TUPLES_OK || PQntuples(r) != 1)
        return false;
    hand_decode_user(r, 0, user);
    return true;
}

bool hand_users_page(PGconn *conn, const char *after, int64_t limit,
                     struct hand_user **users, PGresult **result)
{
    char raw[8];
    put_int8(raw, limit);
    PGresult *r = PQexecPrepared(conn, "users_page", 2, (const char *[]){ after, raw },
                                 (int[]){ 0, 8 }, (int[]){ 0, 1 }, 1);
    *result = r;
    *users = NULL;
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        return false;
    int n = PQntuples(r);
    struct hand_user *rows = malloc((size_t)n * sizeof *rows);
    if (!rows)
        return false;
    for (int i = 0; i < n; i++)
        hand_decode_user(r, i, &rows[i]);
    *users = rows;
    return true;
}

bool hand_session_insert(PGconn *conn, const struct hand_session *session,
                         struct hand_session *inserted, PGresult **result)
{
    char raw[8];
    put_int8(raw, session->expires);
    PGresult *r = PQexecPrepared(
        conn, "session_insert", 3,
        (const char *[]){ session->session_token, session->user_id, raw },
        (int[]){ 0, 0, 8 }, (int[]){ 0, 0, 1 }, 1);
    *result = r;
    if (PQresultStatus(r) != PGRES_TUPLES_OK || PQntuples(r) != 1)
        return false;
    inserted->session_token = PQgetvalue(r, 0, 0);
    inserted->user_id = PQgetvalue(r, 0, 1);
    inserted->expires = get_int8(PQgetvalue(r, 0, 2));
    return true;
}

/* ---- pipelines ----------------------------------------------------------------------- */

static bool take(PGconn *conn, PGresult **result)
{
    *result = PQgetResult(conn);
    return PQresultStatus(*result) == PGRES_TUPLES_OK && !PQgetResult(conn);
}

static bool synced(PGconn *conn)
{
    PGresult *sync = PQgetResult(conn);
    bool done = PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
    PQclear(sync);
    return done && PQexitPipelineMode(conn);
}

bool hand_users_by(PGconn *conn, const char *const *keys, size_t n, bool by_email,
                   struct hand_user *users, PGresult **results)
{
    const char *statement = by_email ? "user_by_email" : "user_by_id";
    bool done = PQenterPipelineMode(conn);
    for (size_t i = 0; done && i < n; i++)
        done = PQsendQueryPrepared(conn, statement, 1, &keys[i], NULL, NULL, 1);
    done = done && PQpipelineSync(conn);
    for (size_t i = 0; done && i < n; i++) {
        done = take(conn, &results[i]) && PQntuples(results[i]) == 1;
        if (done)
            hand_decode_user(results[i], 0, &users[i]);
    }
    return done && synced(conn);
}

static int account_type(const char *label)
{
    static const char *const LABELS[] = { "oauth", "oidc", "email", "webauthn" };
    for (int i = 0; i < 4; i++)
        if (strcmp(label, LABELS[i]) == 0)
            return i + 1;
    return -1;
}

static void decode_account(const PGresult *r, int row, struct hand_account *account)
{
    account->user_id = PQgetvalue(r, row, 0);
    account->type = account_type(PQgetvalue(r, row, 1));
    account->provider = PQgetvalue(r, row, 2);
    account->provider_account_id = PQgetvalue(r, row, 3);
    account->refresh_token = nullable(r, row, 4);
    account->access_token = nullable(r, row, 5);
    account->has_expires_at = !PQgetisnull(r, row, 6);
    account->expires_at = account->has_expires_at ? get_int8(PQgetvalue(r, row, 6)) : 0;
    account->token_type = nullable(r, row, 7);
    account->scope = nullable(r, row, 8);
    account->id_token = nullable(r, row, 9);
    account->session_state = nullable(r, row, 10);
}

static bool decode_login(PGresult **results, struct hand_login *login)
{
    size_t accounts = (size_t)PQntuples(results[1]);
    size_t sessions = (size_t)PQntuples(results[2]);
    login->accounts = malloc(accounts * sizeof *login->accounts +
                             sessions * sizeof *login->sessions + 1);
    if (!login->accounts || PQntuples(results[0]) != 1)
        return false;
    login->sessions = (struct hand_session *)(void *)(login->accounts + accounts);
    login->naccounts = accounts;
    login->nsessions = sessions;
    hand_decode_user(results[0], 0, &login->user);
    for (size_t i = 0; i < accounts; i++)
        decode_account(results[1], (int)i, &login->accounts[i]);
    for (size_t i = 0; i < sessions; i++)
        login->sessions[i] = (struct hand_session){
            PQgetvalue(results[2], (int)i, 0), PQgetvalue(results[2], (int)i, 1),
            get_int8(PQgetvalue(results[2], (int)i, 2))
        };
    return true;
}

bool hand_login(PGconn *conn, const char *id, struct hand_login *login,
                PGresult **results)
{
    static const char *const NAMES[] = { "user_by_id", "accounts_of", "sessions_of" };
    bool done = PQenterPipelineMode(conn);
    for (int i = 0; done && i < 3; i++)
        done = PQsendQueryPrepared(conn, NAMES[i], 1, &id, NULL, NULL, 1);
    done = done && PQpipelineSync(conn);
    for (int i = 0; done && i < 3; i++)
        done = take(conn, &results[i]);
    return done && decode_login(results, login) && synced(conn);
}

/* ---- many rows in -------------------------------------------------------------------- */

/* Rows on their way out. What fits in the rest of the buffer is written there; a longer
 * text goes by itself. */
struct copying {
    PGconn *conn;
    char *end; /* of the buffer, less what a row's numbers take */
    bool failed;
    char buffer[64 * 1024];
};

static char *empty(struct copying *c, char *p)
{
    if (PQputCopyData(c->conn, c->buffer, (int)(p - c->buffer)) != 1)
        c->failed = true;
    return c->buffer;
}

static char *put_long(struct copying *c, char *p, const char *text, size_t n)
{
    p = empty(c, p);
    if (n <= (size_t)(c->end - p)) {
        memcpy(p, text, n);
        return p + n;
    }
    if (n > INT32_MAX || PQputCopyData(c->conn, text, (int)n) != 1)
        c->failed = true;
    return p;
}

static inline char *put_bytes(struct copying *c, char *p, const char *text, size_t n)
{
    if (c->end - p < (ptrdiff_t)n)
        return put_long(c, p, text, n);
    memcpy(p, text, n);
    return p + n;
}

static inline char *copy_text(struct copying *c, char *p, const char *text)
{
    size_t n = strlen(text);
    return put_bytes(c, put_int4(p, (int32_t)n), text, n);
}

/* jsonb's binary form begins with its version, 1. */
static inline char *copy_jsonb(struct copying *c, char *p, const char *text)
{
    size_t n = strlen(text);
    p = put_int4(p, (int32_t)n + 1);
    *p++ = 1;
    return put_bytes(c, p, text, n);
}

static inline char *copy_feedback(struct copying *c, char *p,
                                  const struct hand_feedback *row)
{
    p = put_int2(p, 4);
    p = row->user_id ? copy_text(c, p, row->user_id) : put_int4(p, -1);
    p = put_int4(p, 2);
    p = put_int2(p, row->rating);
    p = copy_text(c, p, row->message);
    return copy_jsonb(c, p, row->metadata);
}

static bool copy_rows(PGconn *conn, const struct hand_feedback *rows, size_t n)
{
    static const char HEADER[19] = "PGCOPY\n\377\r\n";
    enum { NUMBERS = 64 };
    struct copying *c = malloc(sizeof *c);
    if (!c)
        return false;
    c->conn = conn;
    c->end = c->buffer + sizeof c->buffer - NUMBERS;
    c->failed = false;
    memcpy(c->buffer, HEADER, sizeof HEADER);
    char *p = c->buffer + sizeof HEADER;
    for (size_t i = 0; !c->failed && i < n; i++) {
        if (p > c->end)
            p = empty(c, p);
        p = copy_feedback(c, p, &rows[i]);
    }
    empty(c, put_int2(p, -1));
    bool done = !c->failed;
    free(c);
    return done;
}

bool hand_feedback_load(PGconn *conn, const struct hand_feedback *rows, size_t n)
{
    PGresult *r = PQexec(conn, "copy auth.feedback (user_id, rating, message, metadata)"
                               " from stdin (format binary)");
    bool done = PQresultStatus(r) == PGRES_COPY_IN;
    PQclear(r);
    if (!done)
        return false;
    done = copy_rows(conn, rows, n);
    if (PQputCopyEnd(conn, done ? NULL : "no memory") != 1)
        return false;
    while ((r = PQgetResult(conn))) {
        done = done && PQresultStatus(r) == PGRES_COMMAND_OK;
        PQclear(r);
    }
    return done;
}

/* The lengths of a row's texts, so that each is measured once; -1: NULL. */
struct lengths {
    int32_t user_id, message, metadata;
};

static inline char *put_text(char *p, const char *text, int32_t n)
{
    p = put_int4(p, n);
    memcpy(p, text, (size_t)n);
    return p + n;
}

static inline char *put_jsonb(char *p, const char *text, int32_t n)
{
    p = put_int4(p, n + 1);
    *p++ = 1;
    memcpy(p, text, (size_t)n);
    return p + n;
}

/* The elements of an array at work. */
struct list {
    char *start;
    char *end;
    size_t size;
    int32_t some_null;
};

/* ndim, flags, element type, length, lower bound */
static char *put_array_head(const struct list *list, Oid element, size_t n)
{
    char *p = put_int4(list->start, 1);
    p = put_int4(p, list->some_null);
    p = put_int4(p, (int32_t)element);
    p = put_int4(p, (int32_t)n);
    return put_int4(p, 1);
}

static void measure(const struct hand_feedback *rows, size_t n, struct lengths *lengths,
                    struct list lists[4])
{
    size_t user_ids = 0, messages = 0, metadata = 0;
    for (size_t i = 0; i < n; i++) {
        size_t message = strlen(rows[i].message), json = strlen(rows[i].metadata);
        lengths[i] = (struct lengths){ -1, (int32_t)message, (int32_t)json };
        messages += message;
        metadata += json;
        if (rows[i].user_id) {
            size_t user_id = strlen(rows[i].user_id);
            lengths[i].user_id = (int32_t)user_id;
            user_ids += user_id;
        } else {
            lists[0].some_null = 1;
        }
    }
    lists[0].size = 20 + 4 * n + user_ids;
    lists[1].size = 20 + 6 * n;
    lists[2].size = 20 + 4 * n + messages;
    lists[3].size = 20 + 5 * n + metadata;
}

static void fill(const struct hand_feedback *rows, size_t n,
                 const struct lengths *lengths, const struct list lists[4])
{
    char *user_id = lists[0].end, *rating = lists[1].end, *message = lists[2].end,
         *metadata = lists[3].end;
    for (size_t i = 0; i < n; i++) {
        user_id = lengths[i].user_id >= 0
                      ? put_text(user_id, rows[i].user_id, lengths[i].user_id)
                      : put_int4(user_id, -1);
        rating = put_int2(put_int4(rating, 2), rows[i].rating);
        message = put_text(message, rows[i].message, lengths[i].message);
        metadata = put_jsonb(metadata, rows[i].metadata, lengths[i].metadata);
    }
}

static bool send_lists(PGconn *conn, const struct list lists[4])
{
    const char *values[4];
    int lengths[4];
    for (int i = 0; i < 4; i++) {
        values[i] = lists[i].start;
        lengths[i] = (int)lists[i].size;
    }
    PGresult *r = PQexecPrepared(conn, "feedback_insert_many", 4, values, lengths,
                                 (int[]){ 1, 1, 1, 1 }, 1);
    bool done = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    return done;
}

bool hand_feedback_insert_many(PGconn *conn, const struct hand_feedback *rows, size_t n)
{
    static const Oid ELEMENTS[4] = { TEXT_OID, INT2_OID, TEXT_OID, JSONB_OID };
    struct lengths *lengths = malloc(n * sizeof *lengths);
    if (!lengths)
        return false;
    struct list lists[4] = { { 0 } };
    measure(rows, n, lengths, lists);
    char *block = malloc(lists[0].size + lists[1].size + lists[2].size + lists[3].size);
    char *next = block;
    for (int i = 0; block && i < 4; next += lists[i++].size) {
        lists[i].start = next;
        lists[i].end = put_array_head(&lists[i], ELEMENTS[i], n);
    }
    if (block)
        fill(rows, n, lengths, lists);
    bool done = block && send_lists(conn, lists);
    free(block);
    free(lengths);
    return done;
}
