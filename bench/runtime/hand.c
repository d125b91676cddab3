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
    { "session_insert",
      "insert into auth.sessions (session_token, user_id, expires) values ($1, $2, $3)"
      " returning session_token, user_id, expires",
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

/* A length word and the text. */
static char *put_text(char *p, const char *text)
{
    size_t n = strlen(text);
    p = put_int4(p, (int32_t)n);
    memcpy(p, text, n);
    return p + n;
}

/* jsonb's binary form begins with its version, 1. */
static char *put_jsonb(char *p, const char *text)
{
    size_t n = strlen(text);
    p = put_int4(p, (int32_t)n + 1);
    *p++ = 1;
    memcpy(p, text, n);
    return p + n;
}

/* ---- reads and the insert ------------------------------------------------------------ */

static const char *nullable(const PGresult *r, int row, int column)
{
    return PQgetisnull(r, row, column) ? NULL : PQgetvalue(r, row, column);
}

static void decode_user(const PGresult *r, int row, struct hand_user *user)
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
    decode_user(r, 0, user);
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
        decode_user(r, i, &rows[i]);
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

/* ---- many rows in -------------------------------------------------------------------- */

static char *put_feedback(char *p, const struct hand_feedback *row)
{
    p = put_int2(p, 4);
    p = put_text(p, row->user_id);
    p = put_int4(p, 2);
    p = put_int2(p, row->rating);
    p = put_text(p, row->message);
    return put_jsonb(p, row->metadata);
}

static bool copy_rows(PGconn *conn, const struct hand_feedback *rows, size_t n)
{
    static const char HEADER[19] = "PGCOPY\n\377\r\n";
    enum { BUFFER = 64 * 1024, ROW = 4096 };
    char *buffer = malloc(BUFFER);
    if (!buffer)
        return false;
    memcpy(buffer, HEADER, sizeof HEADER);
    char *p = buffer + sizeof HEADER;
    bool done = true;
    for (size_t i = 0; done && i < n; i++) {
        p = put_feedback(p, &rows[i]);
        if (p - buffer > BUFFER - ROW) {
            done = PQputCopyData(conn, buffer, (int)(p - buffer)) == 1;
            p = buffer;
        }
    }
    p = put_int2(p, -1);
    done = done && PQputCopyData(conn, buffer, (int)(p - buffer)) == 1;
    free(buffer);
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

/* ndim, flags, element type, length, lower bound */
static char *put_array_head(char *p, Oid element, size_t n)
{
    p = put_int4(p, 1);
    p = put_int4(p, 0);
    p = put_int4(p, (int32_t)element);
    p = put_int4(p, (int32_t)n);
    return put_int4(p, 1);
}

bool hand_feedback_insert_many(PGconn *conn, const struct hand_feedback *rows, size_t n)
{
    static const Oid ELEMENTS[4] = { TEXT_OID, INT2_OID, TEXT_OID, JSONB_OID };
    size_t sizes[4] = { 20, 20 + 6 * n, 20, 20 };
    for (size_t i = 0; i < n; i++) {
        sizes[0] += 4 + strlen(rows[i].user_id);
        sizes[2] += 4 + strlen(rows[i].message);
        sizes[3] += 5 + strlen(rows[i].metadata);
    }
    char *block = malloc(sizes[0] + sizes[1] + sizes[2] + sizes[3]);
    if (!block)
        return false;
    const char *values[4];
    int lengths[4];
    char *p[4], *next = block;
    for (int i = 0; i < 4; i++) {
        values[i] = next;
        lengths[i] = (int)sizes[i];
        p[i] = put_array_head(next, ELEMENTS[i], n);
        next += sizes[i];
    }
    for (size_t i = 0; i < n; i++) {
        p[0] = put_text(p[0], rows[i].user_id);
        p[1] = put_int2(put_int4(p[1], 2), rows[i].rating);
        p[2] = put_text(p[2], rows[i].message);
        p[3] = put_jsonb(p[3], rows[i].metadata);
    }
    PGresult *r = PQexecPrepared(conn, "feedback_insert_many", 4, values, lengths,
                                 (int[]){ 1, 1, 1, 1 }, 1);
    bool done = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    free(block);
    return done;
}
