/* Written by schemac from app.schema: do not edit. */
#include "auth_sessions.h"

extern const char *const sc__auth_sessions_abi;
const char *const sc__auth_sessions_abi = &sc__abi_1;

static const struct sc__column sc__auth_sessions_columns[] = {
    { .name = "session_token", .sql = "session_token",
      .type = { NULL, 25, SC__TEXT, SC__SECRET | SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_sessions, session_token),
      .new_at = offsetof(struct auth_sessions_new, session_token),
      .patch_at = offsetof(struct auth_sessions_patch, session_token) },
    { .name = "user_id", .sql = "user_id",
      .type = { NULL, 25, SC__TEXT, SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_sessions, user_id),
      .new_at = offsetof(struct auth_sessions_new, user_id),
      .patch_at = offsetof(struct auth_sessions_patch, user_id) },
    { .name = "expires", .sql = "expires",
      .type = { NULL, 1184, SC__TIMESTAMPTZ, SC__REQUIRED },
      .row_at = offsetof(struct auth_sessions, expires),
      .new_at = offsetof(struct auth_sessions_new, expires),
      .patch_at = offsetof(struct auth_sessions_patch, expires) },
};
const struct sc__row sc__auth_sessions_row = {
    .columns = sc__auth_sessions_columns, .ncolumns = 3,
    .size = sizeof(struct auth_sessions),
};

void auth_sessions_free(struct auth_sessions *rows)
{
    sc_free(rows);
}

enum sc_status auth_sessions_take(struct sc_batch *batch, size_t item,
                                  struct auth_sessions **rows, size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_sessions_row, rows, n, err);
}

enum sc_status auth_sessions_next(struct sc_stream *stream, struct auth_sessions **row,
                                  struct sc_error *err)
{
    return sc__next(stream, &sc__auth_sessions_row, row, err);
}

enum sc_status auth_sessions_get(struct sc_db *db, const char *session_token,
                                 struct auth_sessions **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, SC__SECRET } };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_get",
        .sql = "select session_token, user_id, expires from auth.sessions where session_token"
               " = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &session_token };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status auth_sessions_get_many(struct sc_db *db, struct sc_texts session_token,
                                      struct auth_sessions **rows, size_t *n,
                                      struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1009, SC__TEXT, SC__ARRAY | SC__SECRET } };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_get_many",
        .sql = "select session_token, user_id, expires from auth.sessions where session_token"
               " = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &session_token };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status auth_sessions_exists(struct sc_db *db, const char *session_token, bool *exists,
                                    struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, SC__SECRET } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 16, SC__BOOL, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(bool),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_exists",
        .sql = "select exists (select from auth.sessions where session_token = $1)",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &session_token };
    return sc__run(db, &stmt, 0, params, exists, NULL, err);
}

enum sc_status auth_sessions_count(struct sc_db *db, int64_t *n, struct sc_error *err)
{
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_count",
        .sql = "select count(*) from auth.sessions",
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    return sc__run(db, &stmt, 0, NULL, n, NULL, err);
}

enum sc_status auth_sessions_count_by_user_id(struct sc_db *db, const char *user_id, int64_t *n,
                                              struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_count_by_user_id",
        .sql = "select count(*) from auth.sessions where user_id = $1",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &user_id };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

enum sc_status auth_sessions_count_by_expires(struct sc_db *db, struct sc_timestamptz expires,
                                              int64_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1184, SC__TIMESTAMPTZ, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_count_by_expires",
        .sql = "select count(*) from auth.sessions where expires = $1",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &expires };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

static const struct sc__type sc__auth_sessions_list_by_user_id_types[] = {
    { NULL, 25, SC__TEXT, 0 },
};
static const struct sc__stmt sc__auth_sessions_list_by_user_id_stmt = {
    .label = "auth_sessions_list_by_user_id",
    .sql = "select session_token, user_id, expires from auth.sessions where user_id = $1",
    .params = sc__auth_sessions_list_by_user_id_types, .nparams = 1,
    .row = &sc__auth_sessions_row,
    .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
};

enum sc_status auth_sessions_list_by_user_id(struct sc_db *db, const char *user_id,
                                             struct auth_sessions **rows, size_t *n,
                                             struct sc_error *err)
{
    const void *const params[] = { &user_id };
    return sc__run(db, &sc__auth_sessions_list_by_user_id_stmt, 0, params, rows, n, err);
}

enum sc_status auth_sessions_list_by_user_id_stream(struct sc_db *db, const char *user_id,
                                                    struct sc_stream **stream,
                                                    struct sc_error *err)
{
    const void *const params[] = { &user_id };
    return sc__stream(db, &sc__auth_sessions_list_by_user_id_stmt, 0, params, stream, err);
}

static const struct sc__type sc__auth_sessions_list_by_expires_types[] = {
    { NULL, 1184, SC__TIMESTAMPTZ, 0 },
};
static const struct sc__stmt sc__auth_sessions_list_by_expires_stmt = {
    .label = "auth_sessions_list_by_expires",
    .sql = "select session_token, user_id, expires from auth.sessions where expires = $1",
    .params = sc__auth_sessions_list_by_expires_types, .nparams = 1,
    .row = &sc__auth_sessions_row,
    .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
};

enum sc_status auth_sessions_list_by_expires(struct sc_db *db, struct sc_timestamptz expires,
                                             struct auth_sessions **rows, size_t *n,
                                             struct sc_error *err)
{
    const void *const params[] = { &expires };
    return sc__run(db, &sc__auth_sessions_list_by_expires_stmt, 0, params, rows, n, err);
}

enum sc_status auth_sessions_list_by_expires_stream(struct sc_db *db,
                                                    struct sc_timestamptz expires,
                                                    struct sc_stream **stream,
                                                    struct sc_error *err)
{
    const void *const params[] = { &expires };
    return sc__stream(db, &sc__auth_sessions_list_by_expires_stmt, 0, params, stream, err);
}

struct auth_sessions_page_in_session_token_cursor
auth_sessions_page_in_session_token_cursor_of(const struct auth_sessions *row)
{
    struct auth_sessions_page_in_session_token_cursor cursor = {
        .session_token = row->session_token,
    };
    return cursor;
}

enum sc_status auth_sessions_page_in_session_token(
    struct sc_db *db, const struct auth_sessions_page_in_session_token_cursor *after,
    int64_t limit, struct auth_sessions **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, SC__SECRET },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select session_token, user_id, expires from auth.sessions" },
        { .sql = " where session_token > $1", .need = 0x1 },
        { .sql = " order by session_token limit $2" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_page_in_session_token",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 2,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { after ? &after->session_token : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

struct auth_sessions_page_by_user_id_cursor
auth_sessions_page_by_user_id_cursor_of(const struct auth_sessions *row)
{
    struct auth_sessions_page_by_user_id_cursor cursor = {
        .session_token = row->session_token,
    };
    return cursor;
}

enum sc_status auth_sessions_page_by_user_id(
    struct sc_db *db, const char *user_id,
    const struct auth_sessions_page_by_user_id_cursor *after, int64_t limit,
    struct auth_sessions **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select session_token, user_id, expires from auth.sessions where user_id ="
                 " $1" },
        { .sql = " and session_token > $2", .need = 0x1 },
        { .sql = " order by session_token limit $3" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_page_by_user_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 3,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &user_id, after ? &after->session_token : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

struct auth_sessions_page_in_user_id_cursor
auth_sessions_page_in_user_id_cursor_of(const struct auth_sessions *row)
{
    struct auth_sessions_page_in_user_id_cursor cursor = {
        .user_id = row->user_id,
        .session_token = row->session_token,
    };
    return cursor;
}

enum sc_status auth_sessions_page_in_user_id(
    struct sc_db *db, const struct auth_sessions_page_in_user_id_cursor *after, int64_t limit,
    struct auth_sessions **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select session_token, user_id, expires from auth.sessions" },
        { .sql = " where (user_id, session_token) > ($1, $2)", .need = 0x1 },
        { .sql = " order by user_id, session_token limit $3" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_page_in_user_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 3,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { after ? &after->user_id : NULL,
                                   after ? &after->session_token : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

struct auth_sessions_page_by_expires_cursor
auth_sessions_page_by_expires_cursor_of(const struct auth_sessions *row)
{
    struct auth_sessions_page_by_expires_cursor cursor = {
        .session_token = row->session_token,
    };
    return cursor;
}

enum sc_status auth_sessions_page_by_expires(
    struct sc_db *db, struct sc_timestamptz expires,
    const struct auth_sessions_page_by_expires_cursor *after, int64_t limit,
    struct auth_sessions **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1184, SC__TIMESTAMPTZ, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select session_token, user_id, expires from auth.sessions where expires ="
                 " $1" },
        { .sql = " and session_token > $2", .need = 0x1 },
        { .sql = " order by session_token limit $3" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_page_by_expires",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 3,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &expires, after ? &after->session_token : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

struct auth_sessions_page_in_expires_cursor
auth_sessions_page_in_expires_cursor_of(const struct auth_sessions *row)
{
    struct auth_sessions_page_in_expires_cursor cursor = {
        .expires = row->expires,
        .session_token = row->session_token,
    };
    return cursor;
}

enum sc_status auth_sessions_page_in_expires(
    struct sc_db *db, const struct auth_sessions_page_in_expires_cursor *after, int64_t limit,
    struct auth_sessions **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1184, SC__TIMESTAMPTZ, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select session_token, user_id, expires from auth.sessions" },
        { .sql = " where (expires, session_token) > ($1, $2)", .need = 0x1 },
        { .sql = " order by expires, session_token limit $3" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_page_in_expires",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 3,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { after ? &after->expires : NULL,
                                   after ? &after->session_token : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

enum sc_status auth_sessions_insert(struct sc_db *db, const struct auth_sessions_new *values,
                                    struct auth_sessions **row, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_sessions_insert",
        .name = "auth.sessions",
        .returning = "session_token, user_id, expires",
        .row = &sc__auth_sessions_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__run_insert(db, &insert, values, row, err);
}

enum sc_status auth_sessions_insert_many(struct sc_db *db,
                                         const struct auth_sessions_new *values, size_t count,
                                         struct auth_sessions **rows, size_t *n,
                                         struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_sessions_insert_many",
        .name = "auth.sessions",
        .returning = "session_token, user_id, expires",
        .row = &sc__auth_sessions_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__insert_many(db, &insert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_sessions_upsert(struct sc_db *db, const struct auth_sessions_new *values,
                                    struct auth_sessions **row, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_sessions_upsert",
            .name = "auth.sessions",
            .returning = "session_token, user_id, expires",
            .row = &sc__auth_sessions_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(session_token)",
        .key = sc__key_0, .nkey = 1,
    };
    return sc__run_upsert(db, &upsert, values, row, err);
}

enum sc_status auth_sessions_upsert_many(struct sc_db *db,
                                         const struct auth_sessions_new *values, size_t count,
                                         struct auth_sessions **rows, size_t *n,
                                         struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_sessions_upsert_many",
            .name = "auth.sessions",
            .returning = "session_token, user_id, expires",
            .row = &sc__auth_sessions_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(session_token)",
        .key = sc__key_0, .nkey = 1, .nunique = 1,
    };
    return sc__upsert_many(db, &upsert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_sessions_update(struct sc_db *db, const char *session_token,
                                    const struct auth_sessions_patch *patch,
                                    struct auth_sessions **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, SC__SECRET } };
    static const struct sc__update update = {
        .label = "auth_sessions_update",
        .name = "auth.sessions",
        .where = "where session_token = $1",
        .returning = "session_token, user_id, expires",
        .row = &sc__auth_sessions_row,
        .key = types, .nkey = 1, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &session_token };
    return sc__run_update(db, &update, params, patch, row, err);
}

enum sc_status auth_sessions_delete(struct sc_db *db, const char *session_token,
                                    struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, SC__SECRET } };
    static const struct sc__stmt stmt = {
        .label = "auth_sessions_delete",
        .sql = "delete from auth.sessions where session_token = $1",
        .params = types, .nparams = 1,
        .want = SC__WANT_TOUCH, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &session_token };
    return sc__run(db, &stmt, 0, params, NULL, NULL, err);
}

enum sc_status auth_sessions_load(struct sc_db *db, const struct auth_sessions_new *values,
                                  size_t count, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_sessions_load",
        .name = "auth.sessions",
        .row = &sc__auth_sessions_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__load(db, &insert, values, sizeof *values, count, err);
}

struct sc__auth_sessions_source {
    int (*next)(void *arg, struct auth_sessions_new *row);
    void *arg;
};

static int sc__auth_sessions_pull(void *source, void *row)
{
    const struct sc__auth_sessions_source *from = source;
    return from->next(from->arg, row);
}

enum sc_status auth_sessions_load_from(struct sc_db *db,
                                       int (*next)(void *arg, struct auth_sessions_new *row),
                                       void *arg, int64_t *n, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_sessions_load_from",
        .name = "auth.sessions",
        .row = &sc__auth_sessions_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    struct sc__auth_sessions_source source = { next, arg };
    const struct sc__supply rows = {
        .next = sc__auth_sessions_pull, .arg = &source, .size = sizeof(struct auth_sessions_new),
    };
    return sc__load_from(db, &insert, &rows, n, err);
}

enum sc_status auth_sessions_scan(struct sc_db *db, struct sc_stream **stream,
                                  struct sc_error *err)
{
    static const struct sc__scan scan = {
        .label = "auth_sessions_scan",
        .select = "select session_token, user_id, expires from auth.sessions",
        .row = &sc__auth_sessions_row, .flags = SC__TOUCHES_SECRET,
    };
    return sc__run_scan(db, &scan, stream, err);
}

static const struct sc__type sc__auth_active_sessions_types[] = {
    { NULL, 25, SC__TEXT, 0 }, { NULL, 1184, SC__TIMESTAMPTZ, 0 },
};
static const struct sc__stmt sc__auth_active_sessions_stmt = {
    .label = "auth_active_sessions",
    .sql = "select session_token, user_id, expires from auth.sessions where user_id = $1 and"
           " expires > $2 order by expires desc",
    .params = sc__auth_active_sessions_types, .nparams = 2,
    .row = &sc__auth_sessions_row,
    .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
};

enum sc_status auth_active_sessions(struct sc_db *db, const char *user_id,
                                    struct sc_timestamptz now, struct auth_sessions **rows,
                                    size_t *n, struct sc_error *err)
{
    const void *const params[] = { &user_id, &now };
    return sc__run(db, &sc__auth_active_sessions_stmt, 0, params, rows, n, err);
}

enum sc_status auth_active_sessions_stream(struct sc_db *db, const char *user_id,
                                           struct sc_timestamptz now, struct sc_stream **stream,
                                           struct sc_error *err)
{
    const void *const params[] = { &user_id, &now };
    return sc__stream(db, &sc__auth_active_sessions_stmt, 0, params, stream, err);
}
