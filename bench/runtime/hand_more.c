/* hand_more.c: scans, writes and transactions of hand.h. Knows nothing of schemac. */
#include "hand.h"
#include <string.h>

/* What libpq gives in constant memory: a result a row; of version 17 one of many. */
#ifdef LIBPQ_HAS_CHUNK_MODE
static const ExecStatusType some = PGRES_TUPLES_CHUNK;
static bool some_at_a_time(PGconn *conn)
{
    return PQsetChunkedRowsMode(conn, 256);
}
#else
static const ExecStatusType some = PGRES_SINGLE_TUPLE;
static bool some_at_a_time(PGconn *conn)
{
    return PQsetSingleRowMode(conn);
}
#endif

static bool read_rows(PGconn *conn, const char *statement, int64_t *sum)
{
    if (!PQsendQueryPrepared(conn, statement, 0, NULL, NULL, NULL, 1) ||
        !some_at_a_time(conn))
        return false;
    bool done = true;
    for (PGresult *r; (r = PQgetResult(conn)) != NULL; PQclear(r)) {
        struct hand_user user;
        ExecStatusType status = PQresultStatus(r);
        if (status != some && status != PGRES_TUPLES_OK)
            done = false;
        for (int i = 0; done && i < PQntuples(r); i++) {
            hand_decode_user(r, i, &user);
            *sum += user.created_at;
        }
    }
    return done;
}

bool hand_users_scan(PGconn *conn, int64_t *sum)
{
    return read_rows(conn, "users_scan", sum);
}

bool hand_users_stream(PGconn *conn, int64_t *sum)
{
    return read_rows(conn, "users_stream", sum);
}

enum { USER_FIELDS = 7, COPY_HEADER = 19 };

/* Where a row's fields stand, and how long they are (-1: NULL). A text is ended where the
 * length of the next field was, which has been read by then. */
static void split_row(char *p, char **fields, int32_t *lengths)
{
    char *end = NULL;
    for (int i = 0; i < USER_FIELDS; i++) {
        uint32_t n;
        memcpy(&n, p, sizeof n);
        lengths[i] = (int32_t)__builtin_bswap32(n);
        if (end)
            *end = 0;
        fields[i] = p += sizeof n;
        if (lengths[i] > 0)
            p += lengths[i];
        end = p;
    }
}

static int64_t field_int8(const char *field)
{
    uint64_t v;
    memcpy(&v, field, sizeof v);
    return (int64_t)__builtin_bswap64(v);
}

static void decode_copied(char *row, struct hand_user *user)
{
    char *fields[USER_FIELDS];
    int32_t lengths[USER_FIELDS];
    split_row(row, fields, lengths);
    user->id = fields[0];
    user->name = lengths[1] < 0 ? NULL : fields[1];
    user->email = fields[2];
    user->has_email_verified = lengths[3] >= 0;
    user->email_verified = user->has_email_verified ? field_int8(fields[3]) : 0;
    user->image = lengths[4] < 0 ? NULL : fields[4];
    user->created_at = field_int8(fields[5]);
    user->updated_at = field_int8(fields[6]);
}

/* The header comes with the first row; each row begins with the number of its fields, and
 * -1 stands in its place at the end. */
static bool copy_users(PGconn *conn, int64_t *sum)
{
    char *row;
    int n, header = COPY_HEADER;
    while ((n = PQgetCopyData(conn, &row, 0)) > 0) {
        struct hand_user user;
        if (n > header + 2) {
            decode_copied(row + header + 2, &user);
            *sum += user.created_at;
        }
        header = 0;
        PQfreemem(row);
    }
    return n == -1;
}

bool hand_users_copy(PGconn *conn, int64_t *sum)
{
    PGresult *r = PQexec(conn,
                         "copy auth.users (id, name, email, email_verified, image,"
                         " created_at, updated_at) to stdout (format binary)");
    bool done = PQresultStatus(r) == PGRES_COPY_OUT;
    PQclear(r);
    done = done && copy_users(conn, sum);
    while ((r = PQgetResult(conn)) != NULL) {
        done = done && PQresultStatus(r) == PGRES_COMMAND_OK;
        PQclear(r);
    }
    return done;
}

static bool touch(PGconn *conn, const char *statement, int n, const char *const *values)
{
    PGresult *r = PQexecPrepared(conn, statement, n, values, NULL, NULL, 1);
    bool done = PQresultStatus(r) == PGRES_COMMAND_OK &&
                strcmp(PQcmdTuples(r), "1") == 0;
    PQclear(r);
    return done;
}

bool hand_user_rename(PGconn *conn, const char *id, const char *name)
{
    return touch(conn, "user_rename", 2, (const char *[]){ id, name });
}

bool hand_session_delete(PGconn *conn, const char *token)
{
    return touch(conn, "session_delete", 1, &token);
}

static bool send_three(PGconn *conn, const char *id, int64_t expires)
{
    uint64_t raw = __builtin_bswap64((uint64_t)expires);
    return PQsendQueryPrepared(conn, "user_new", 3,
                               (const char *[]){ id, "Ada Byron", id }, NULL, NULL,
                               1) &&
           PQsendQueryPrepared(conn, "account_new", 3,
                               (const char *[]){ id, id, "not a secret at all" }, NULL,
                               NULL, 1) &&
           PQsendQueryPrepared(conn, "session_new", 3,
                               (const char *[]){ id, id, (const char *)&raw },
                               (int[]){ 0, 0, 8 }, (int[]){ 0, 0, 1 }, 1);
}

static bool send_alone(PGconn *conn, const char *statement)
{
    return PQsendQueryPrepared(conn, statement, 0, NULL, NULL, NULL, 1);
}

bool hand_three(PGconn *conn, const char *id, int64_t expires, bool begin)
{
    bool done = PQenterPipelineMode(conn) && (!begin || send_alone(conn, "begin")) &&
                send_three(conn, id, expires) &&
                (!begin || send_alone(conn, "commit")) && PQpipelineSync(conn);
    for (int i = begin ? 5 : 3; done && i > 0; i--) {
        PGresult *r = PQgetResult(conn);
        done = PQresultStatus(r) == PGRES_COMMAND_OK && !PQgetResult(conn);
        PQclear(r);
    }
    PGresult *sync = PQgetResult(conn);
    done = done && PQresultStatus(sync) == PGRES_PIPELINE_SYNC;
    PQclear(sync);
    return done && PQexitPipelineMode(conn);
}
