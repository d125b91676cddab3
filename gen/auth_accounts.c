/* Written by schemac from app.schema: do not edit. */
#include "auth_accounts.h"

extern const char *const sc__auth_accounts_abi;
const char *const sc__auth_accounts_abi = &sc__abi_1;

static const struct sc__column sc__auth_accounts_columns[] = {
    { .name = "user_id", .sql = "user_id",
      .type = { NULL, 25, SC__TEXT, SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_accounts, user_id),
      .new_at = offsetof(struct auth_accounts_new, user_id),
      .patch_at = offsetof(struct auth_accounts_patch, user_id) },
    { .name = "type", .sql = "type",
      .type = { &sc__auth_account_type_enum, 0, SC__ENUM, SC__REQUIRED },
      .row_at = offsetof(struct auth_accounts, type),
      .new_at = offsetof(struct auth_accounts_new, type),
      .patch_at = offsetof(struct auth_accounts_patch, type) },
    { .name = "provider", .sql = "provider",
      .type = { NULL, 25, SC__TEXT, SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_accounts, provider),
      .new_at = offsetof(struct auth_accounts_new, provider),
      .patch_at = offsetof(struct auth_accounts_patch, provider) },
    { .name = "provider_account_id", .sql = "provider_account_id",
      .type = { NULL, 25, SC__TEXT, SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_accounts, provider_account_id),
      .new_at = offsetof(struct auth_accounts_new, provider_account_id),
      .patch_at = offsetof(struct auth_accounts_patch, provider_account_id) },
    { .name = "refresh_token", .sql = "refresh_token",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__SECRET | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_accounts, refresh_token),
      .new_at = offsetof(struct auth_accounts_new, refresh_token),
      .patch_at = offsetof(struct auth_accounts_patch, refresh_token) },
    { .name = "access_token", .sql = "access_token",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__SECRET | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_accounts, access_token),
      .new_at = offsetof(struct auth_accounts_new, access_token),
      .patch_at = offsetof(struct auth_accounts_patch, access_token) },
    { .name = "expires_at", .sql = "expires_at",
      .type = { NULL, 20, SC__INT8, SC__NULLABLE },
      .row_at = offsetof(struct auth_accounts, expires_at),
      .new_at = offsetof(struct auth_accounts_new, expires_at),
      .patch_at = offsetof(struct auth_accounts_patch, expires_at) },
    { .name = "token_type", .sql = "token_type",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_accounts, token_type),
      .new_at = offsetof(struct auth_accounts_new, token_type),
      .patch_at = offsetof(struct auth_accounts_patch, token_type) },
    { .name = "scope", .sql = "scope",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_accounts, scope),
      .new_at = offsetof(struct auth_accounts_new, scope),
      .patch_at = offsetof(struct auth_accounts_patch, scope) },
    { .name = "id_token", .sql = "id_token",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__SECRET | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_accounts, id_token),
      .new_at = offsetof(struct auth_accounts_new, id_token),
      .patch_at = offsetof(struct auth_accounts_patch, id_token) },
    { .name = "session_state", .sql = "session_state",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_accounts, session_state),
      .new_at = offsetof(struct auth_accounts_new, session_state),
      .patch_at = offsetof(struct auth_accounts_patch, session_state) },
};
const struct sc__row sc__auth_accounts_row = {
    .columns = sc__auth_accounts_columns, .ncolumns = 11,
    .size = sizeof(struct auth_accounts),
};

void auth_accounts_free(struct auth_accounts *rows)
{
    sc_free(rows);
}

enum sc_status auth_accounts_take(struct sc_batch *batch, size_t item,
                                  struct auth_accounts **rows, size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_accounts_row, rows, n, err);
}

enum sc_status auth_accounts_next(struct sc_stream *stream, struct auth_accounts **row,
                                  struct sc_error *err)
{
    return sc__next(stream, &sc__auth_accounts_row, row, err);
}

enum sc_status auth_accounts_get(struct sc_db *db, const char *provider,
                                 const char *provider_account_id, struct auth_accounts **row,
                                 struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_accounts_get",
        .sql = "select user_id, type, provider, provider_account_id, refresh_token,"
               " access_token, expires_at, token_type, scope, id_token, session_state from"
               " auth.accounts where provider = $1 and provider_account_id = $2",
        .params = types, .nparams = 2,
        .row = &sc__auth_accounts_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &provider, &provider_account_id };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status auth_accounts_get_many(struct sc_db *db, struct sc_texts provider,
                                      struct sc_texts provider_account_id,
                                      struct auth_accounts **rows, size_t *n,
                                      struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1009, SC__TEXT, SC__ARRAY },
                                             { NULL, 1009, SC__TEXT, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "auth_accounts_get_many",
        .sql = "select user_id, type, provider, provider_account_id, refresh_token,"
               " access_token, expires_at, token_type, scope, id_token, session_state from"
               " auth.accounts where (provider, provider_account_id) in (select * from"
               " unnest($1, $2))",
        .params = types, .nparams = 2,
        .row = &sc__auth_accounts_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET | SC__SAME_COUNT,
    };
    const void *const params[] = { &provider, &provider_account_id };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status auth_accounts_exists(struct sc_db *db, const char *provider,
                                    const char *provider_account_id, bool *exists,
                                    struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 16, SC__BOOL, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(bool),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_accounts_exists",
        .sql = "select exists (select from auth.accounts where provider = $1 and"
               " provider_account_id = $2)",
        .params = types, .nparams = 2,
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &provider, &provider_account_id };
    return sc__run(db, &stmt, 0, params, exists, NULL, err);
}

enum sc_status auth_accounts_count(struct sc_db *db, int64_t *n, struct sc_error *err)
{
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_accounts_count",
        .sql = "select count(*) from auth.accounts",
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    return sc__run(db, &stmt, 0, NULL, n, NULL, err);
}

enum sc_status auth_accounts_count_by_user_id(struct sc_db *db, const char *user_id, int64_t *n,
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
        .label = "auth_accounts_count_by_user_id",
        .sql = "select count(*) from auth.accounts where user_id = $1",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &user_id };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

static const struct sc__type sc__auth_accounts_list_by_user_id_types[] = {
    { NULL, 25, SC__TEXT, 0 },
};
static const struct sc__stmt sc__auth_accounts_list_by_user_id_stmt = {
    .label = "auth_accounts_list_by_user_id",
    .sql = "select user_id, type, provider, provider_account_id, refresh_token, access_token,"
           " expires_at, token_type, scope, id_token, session_state from auth.accounts where"
           " user_id = $1",
    .params = sc__auth_accounts_list_by_user_id_types, .nparams = 1,
    .row = &sc__auth_accounts_row,
    .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
};

enum sc_status auth_accounts_list_by_user_id(struct sc_db *db, const char *user_id,
                                             struct auth_accounts **rows, size_t *n,
                                             struct sc_error *err)
{
    const void *const params[] = { &user_id };
    return sc__run(db, &sc__auth_accounts_list_by_user_id_stmt, 0, params, rows, n, err);
}

enum sc_status auth_accounts_list_by_user_id_stream(struct sc_db *db, const char *user_id,
                                                    struct sc_stream **stream,
                                                    struct sc_error *err)
{
    const void *const params[] = { &user_id };
    return sc__stream(db, &sc__auth_accounts_list_by_user_id_stmt, 0, params, stream, err);
}

static const struct sc__column sc__auth_accounts_page_in_provider_provider_account_id_cursor_columns[] = {
    { .name = "provider", .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_accounts_page_in_provider_provider_account_id_cursor, provider),
      .new_at = offsetof(struct auth_accounts, provider) },
    { .name = "provider_account_id", .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_accounts_page_in_provider_provider_account_id_cursor, provider_account_id),
      .new_at = offsetof(struct auth_accounts, provider_account_id) },
};
static const struct sc__cursor sc__auth_accounts_page_in_provider_provider_account_id_cursor = {
    .label = "auth_accounts_page_in_provider_provider_account_id",
    .columns = sc__auth_accounts_page_in_provider_provider_account_id_cursor_columns, .ncolumns = 2,
    .size = sizeof(struct auth_accounts_page_in_provider_provider_account_id_cursor),
};

struct auth_accounts_page_in_provider_provider_account_id_cursor
auth_accounts_page_in_provider_provider_account_id_cursor_of(const struct auth_accounts *row)
{
    struct auth_accounts_page_in_provider_provider_account_id_cursor cursor = {
        .provider = row->provider,
        .provider_account_id = row->provider_account_id,
    };
    return cursor;
}

enum sc_status auth_accounts_page_in_provider_provider_account_id_cursor_text(
    const struct auth_accounts_page_in_provider_provider_account_id_cursor *cursor, char **text,
    struct sc_error *err)
{
    return sc__cursor_text(&sc__auth_accounts_page_in_provider_provider_account_id_cursor, cursor, text, err);
}

enum sc_status auth_accounts_page_in_provider_provider_account_id_cursor_parse(
    const char *text, struct auth_accounts_page_in_provider_provider_account_id_cursor **cursor,
    struct sc_error *err)
{
    return sc__cursor_parse(&sc__auth_accounts_page_in_provider_provider_account_id_cursor, text, cursor, err);
}

enum sc_status auth_accounts_page_in_provider_provider_account_id(
    struct sc_db *db,
    const struct auth_accounts_page_in_provider_provider_account_id_cursor *after,
    int64_t limit, struct auth_accounts **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select user_id, type, provider, provider_account_id, refresh_token,"
                 " access_token, expires_at, token_type, scope, id_token, session_state from"
                 " auth.accounts" },
        { .sql = " where (provider, provider_account_id) > ($1, $2)", .need = 0x1 },
        { .sql = " order by provider, provider_account_id limit $3" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_accounts_page_in_provider_provider_account_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 3,
        .row = &sc__auth_accounts_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { after ? &after->provider : NULL,
                                   after ? &after->provider_account_id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

static const struct sc__column sc__auth_accounts_page_by_user_id_cursor_columns[] = {
    { .name = "provider", .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_accounts_page_by_user_id_cursor, provider),
      .new_at = offsetof(struct auth_accounts, provider) },
    { .name = "provider_account_id", .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_accounts_page_by_user_id_cursor, provider_account_id),
      .new_at = offsetof(struct auth_accounts, provider_account_id) },
};
static const struct sc__cursor sc__auth_accounts_page_by_user_id_cursor = {
    .label = "auth_accounts_page_by_user_id",
    .columns = sc__auth_accounts_page_by_user_id_cursor_columns, .ncolumns = 2,
    .size = sizeof(struct auth_accounts_page_by_user_id_cursor),
};

struct auth_accounts_page_by_user_id_cursor
auth_accounts_page_by_user_id_cursor_of(const struct auth_accounts *row)
{
    struct auth_accounts_page_by_user_id_cursor cursor = {
        .provider = row->provider,
        .provider_account_id = row->provider_account_id,
    };
    return cursor;
}

enum sc_status auth_accounts_page_by_user_id_cursor_text(
    const struct auth_accounts_page_by_user_id_cursor *cursor, char **text,
    struct sc_error *err)
{
    return sc__cursor_text(&sc__auth_accounts_page_by_user_id_cursor, cursor, text, err);
}

enum sc_status auth_accounts_page_by_user_id_cursor_parse(
    const char *text, struct auth_accounts_page_by_user_id_cursor **cursor,
    struct sc_error *err)
{
    return sc__cursor_parse(&sc__auth_accounts_page_by_user_id_cursor, text, cursor, err);
}

enum sc_status auth_accounts_page_by_user_id(
    struct sc_db *db, const char *user_id,
    const struct auth_accounts_page_by_user_id_cursor *after, int64_t limit,
    struct auth_accounts **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select user_id, type, provider, provider_account_id, refresh_token,"
                 " access_token, expires_at, token_type, scope, id_token, session_state from"
                 " auth.accounts where user_id = $1" },
        { .sql = " and (provider, provider_account_id) > ($2, $3)", .need = 0x1 },
        { .sql = " order by provider, provider_account_id limit $4" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_accounts_page_by_user_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 4,
        .row = &sc__auth_accounts_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &user_id, after ? &after->provider : NULL,
                                   after ? &after->provider_account_id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

static const struct sc__column sc__auth_accounts_page_in_user_id_cursor_columns[] = {
    { .name = "user_id", .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_accounts_page_in_user_id_cursor, user_id),
      .new_at = offsetof(struct auth_accounts, user_id) },
    { .name = "provider", .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_accounts_page_in_user_id_cursor, provider),
      .new_at = offsetof(struct auth_accounts, provider) },
    { .name = "provider_account_id", .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_accounts_page_in_user_id_cursor, provider_account_id),
      .new_at = offsetof(struct auth_accounts, provider_account_id) },
};
static const struct sc__cursor sc__auth_accounts_page_in_user_id_cursor = {
    .label = "auth_accounts_page_in_user_id",
    .columns = sc__auth_accounts_page_in_user_id_cursor_columns, .ncolumns = 3,
    .size = sizeof(struct auth_accounts_page_in_user_id_cursor),
};

struct auth_accounts_page_in_user_id_cursor
auth_accounts_page_in_user_id_cursor_of(const struct auth_accounts *row)
{
    struct auth_accounts_page_in_user_id_cursor cursor = {
        .user_id = row->user_id,
        .provider = row->provider,
        .provider_account_id = row->provider_account_id,
    };
    return cursor;
}

enum sc_status auth_accounts_page_in_user_id_cursor_text(
    const struct auth_accounts_page_in_user_id_cursor *cursor, char **text,
    struct sc_error *err)
{
    return sc__cursor_text(&sc__auth_accounts_page_in_user_id_cursor, cursor, text, err);
}

enum sc_status auth_accounts_page_in_user_id_cursor_parse(
    const char *text, struct auth_accounts_page_in_user_id_cursor **cursor,
    struct sc_error *err)
{
    return sc__cursor_parse(&sc__auth_accounts_page_in_user_id_cursor, text, cursor, err);
}

enum sc_status auth_accounts_page_in_user_id(
    struct sc_db *db, const struct auth_accounts_page_in_user_id_cursor *after, int64_t limit,
    struct auth_accounts **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select user_id, type, provider, provider_account_id, refresh_token,"
                 " access_token, expires_at, token_type, scope, id_token, session_state from"
                 " auth.accounts" },
        { .sql = " where (user_id, provider, provider_account_id) > ($1, $2, $3)", .need = 0x1 },
        { .sql = " order by user_id, provider, provider_account_id limit $4" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_accounts_page_in_user_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 4,
        .row = &sc__auth_accounts_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { after ? &after->user_id : NULL,
                                   after ? &after->provider : NULL,
                                   after ? &after->provider_account_id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

enum sc_status auth_accounts_insert(struct sc_db *db, const struct auth_accounts_new *values,
                                    struct auth_accounts **row, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_accounts_insert",
        .name = "auth.accounts",
        .returning = "user_id, type, provider, provider_account_id, refresh_token,"
                     " access_token, expires_at, token_type, scope, id_token, session_state",
        .row = &sc__auth_accounts_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__run_insert(db, &insert, values, row, err);
}

enum sc_status auth_accounts_insert_many(struct sc_db *db,
                                         const struct auth_accounts_new *values, size_t count,
                                         struct auth_accounts **rows, size_t *n,
                                         struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_accounts_insert_many",
        .name = "auth.accounts",
        .returning = "user_id, type, provider, provider_account_id, refresh_token,"
                     " access_token, expires_at, token_type, scope, id_token, session_state",
        .row = &sc__auth_accounts_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__insert_many(db, &insert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_accounts_upsert(struct sc_db *db, const struct auth_accounts_new *values,
                                    struct auth_accounts **row, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 2, 3 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_accounts_upsert",
            .name = "auth.accounts",
            .returning = "user_id, type, provider, provider_account_id, refresh_token,"
                         " access_token, expires_at, token_type, scope, id_token,"
                         " session_state",
            .row = &sc__auth_accounts_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(provider, provider_account_id)",
        .key = sc__key_0, .nkey = 2,
    };
    return sc__run_upsert(db, &upsert, values, row, err);
}

enum sc_status auth_accounts_upsert_many(struct sc_db *db,
                                         const struct auth_accounts_new *values, size_t count,
                                         struct auth_accounts **rows, size_t *n,
                                         struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 2, 3 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_accounts_upsert_many",
            .name = "auth.accounts",
            .returning = "user_id, type, provider, provider_account_id, refresh_token,"
                         " access_token, expires_at, token_type, scope, id_token,"
                         " session_state",
            .row = &sc__auth_accounts_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(provider, provider_account_id)",
        .key = sc__key_0, .nkey = 2, .nunique = 2,
    };
    return sc__upsert_many(db, &upsert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_accounts_update(struct sc_db *db, const char *provider,
                                    const char *provider_account_id,
                                    const struct auth_accounts_patch *patch,
                                    struct auth_accounts **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__update update = {
        .label = "auth_accounts_update",
        .name = "auth.accounts",
        .where = "where provider = $1 and provider_account_id = $2",
        .returning = "user_id, type, provider, provider_account_id, refresh_token,"
                     " access_token, expires_at, token_type, scope, id_token, session_state",
        .row = &sc__auth_accounts_row,
        .key = types, .nkey = 2, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &provider, &provider_account_id };
    return sc__run_update(db, &update, params, patch, row, err);
}

enum sc_status auth_accounts_delete(struct sc_db *db, const char *provider,
                                    const char *provider_account_id, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_accounts_delete",
        .sql = "delete from auth.accounts where provider = $1 and provider_account_id = $2",
        .params = types, .nparams = 2,
        .want = SC__WANT_TOUCH, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &provider, &provider_account_id };
    return sc__run(db, &stmt, 0, params, NULL, NULL, err);
}

enum sc_status auth_accounts_load(struct sc_db *db, const struct auth_accounts_new *values,
                                  size_t count, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_accounts_load",
        .name = "auth.accounts",
        .row = &sc__auth_accounts_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__load(db, &insert, values, sizeof *values, count, err);
}

struct sc__auth_accounts_source {
    int (*next)(void *arg, struct auth_accounts_new *row);
    void *arg;
};

static int sc__auth_accounts_pull(void *source, void *row)
{
    const struct sc__auth_accounts_source *from = source;
    return from->next(from->arg, row);
}

enum sc_status auth_accounts_load_from(struct sc_db *db,
                                       int (*next)(void *arg, struct auth_accounts_new *row),
                                       void *arg, int64_t *n, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_accounts_load_from",
        .name = "auth.accounts",
        .row = &sc__auth_accounts_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    struct sc__auth_accounts_source source = { next, arg };
    const struct sc__supply rows = {
        .next = sc__auth_accounts_pull, .arg = &source, .size = sizeof(struct auth_accounts_new),
    };
    return sc__load_from(db, &insert, &rows, n, err);
}

enum sc_status auth_accounts_scan(struct sc_db *db, struct sc_stream **stream,
                                  struct sc_error *err)
{
    static const struct sc__scan scan = {
        .label = "auth_accounts_scan",
        .select = "select user_id, type, provider, provider_account_id, refresh_token,"
                  " access_token, expires_at, token_type, scope, id_token, session_state from"
                  " auth.accounts",
        .row = &sc__auth_accounts_row, .flags = SC__TOUCHES_SECRET,
    };
    return sc__run_scan(db, &scan, stream, err);
}
