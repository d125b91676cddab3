/* Written by schemac from app.schema: do not edit. */
#include "auth_users.h"
#include "auth_accounts.h"
#include "auth_sessions.h"
#include "auth_feedback.h"

extern const char *const sc__auth_users_abi;
const char *const sc__auth_users_abi = &sc__abi_1;

static const struct sc__column sc__auth_users_columns[] = {
    { .name = "id", .sql = "id",
      .type = { NULL, 25, SC__TEXT, SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_users, id),
      .new_at = offsetof(struct auth_users_new, id),
      .patch_at = offsetof(struct auth_users_patch, id) },
    { .name = "name", .sql = "name",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_users, name),
      .new_at = offsetof(struct auth_users_new, name),
      .patch_at = offsetof(struct auth_users_patch, name) },
    { .name = "email", .sql = "email",
      .type = { NULL, 25, SC__TEXT, SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_users, email),
      .new_at = offsetof(struct auth_users_new, email),
      .patch_at = offsetof(struct auth_users_patch, email) },
    { .name = "email_verified", .sql = "email_verified",
      .type = { NULL, 1184, SC__TIMESTAMPTZ, SC__NULLABLE },
      .row_at = offsetof(struct auth_users, email_verified),
      .new_at = offsetof(struct auth_users_new, email_verified),
      .patch_at = offsetof(struct auth_users_patch, email_verified) },
    { .name = "image", .sql = "image",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_users, image),
      .new_at = offsetof(struct auth_users_new, image),
      .patch_at = offsetof(struct auth_users_patch, image) },
    { .name = "created_at", .sql = "created_at",
      .type = { NULL, 1184, SC__TIMESTAMPTZ, SC__HAS_DEFAULT },
      .row_at = offsetof(struct auth_users, created_at),
      .new_at = offsetof(struct auth_users_new, created_at),
      .patch_at = offsetof(struct auth_users_patch, created_at) },
    { .name = "updated_at", .sql = "updated_at",
      .type = { NULL, 1184, SC__TIMESTAMPTZ, SC__NO_PATCH | SC__HAS_DEFAULT },
      .row_at = offsetof(struct auth_users, updated_at),
      .new_at = offsetof(struct auth_users_new, updated_at) },
};
const struct sc__row sc__auth_users_row = {
    .columns = sc__auth_users_columns, .ncolumns = 7,
    .size = sizeof(struct auth_users),
};

void auth_users_free(struct auth_users *rows)
{
    sc_free(rows);
}

enum sc_status auth_users_take(struct sc_batch *batch, size_t item, struct auth_users **rows,
                               size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_users_row, rows, n, err);
}

enum sc_status auth_users_next(struct sc_stream *stream, struct auth_users **row,
                               struct sc_error *err)
{
    return sc__next(stream, &sc__auth_users_row, row, err);
}

enum sc_status auth_users_get(struct sc_db *db, const char *id, struct auth_users **row,
                              struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_get",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_row,
        .want = SC__WANT_ONE,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status auth_users_by_email(struct sc_db *db, const char *email, struct auth_users **row,
                                   struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_by_email",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where email = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_row,
        .want = SC__WANT_ONE,
    };
    const void *const params[] = { &email };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status auth_users_get_many(struct sc_db *db, struct sc_texts id,
                                   struct auth_users **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1009, SC__TEXT, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_get_many",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where id = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status auth_users_many_by_email(struct sc_db *db, struct sc_texts email,
                                        struct auth_users **rows, size_t *n,
                                        struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1009, SC__TEXT, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_many_by_email",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where email = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { &email };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status auth_users_exists(struct sc_db *db, const char *id, bool *exists,
                                 struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 16, SC__BOOL, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(bool),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_users_exists",
        .sql = "select exists (select from auth.users where id = $1)",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, exists, NULL, err);
}

enum sc_status auth_users_exists_by_email(struct sc_db *db, const char *email, bool *exists,
                                          struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 16, SC__BOOL, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(bool),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_users_exists_by_email",
        .sql = "select exists (select from auth.users where email = $1)",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &email };
    return sc__run(db, &stmt, 0, params, exists, NULL, err);
}

enum sc_status auth_users_count(struct sc_db *db, int64_t *n, struct sc_error *err)
{
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_users_count",
        .sql = "select count(*) from auth.users",
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    return sc__run(db, &stmt, 0, NULL, n, NULL, err);
}

static const struct sc__column sc__auth_users_page_in_id_cursor_columns[] = {
    { .name = "id", .type = { NULL, 25, SC__TEXT, 0 },
      .row_at = offsetof(struct auth_users_page_in_id_cursor, id),
      .new_at = offsetof(struct auth_users, id) },
};
static const struct sc__cursor sc__auth_users_page_in_id_cursor = {
    .label = "auth_users_page_in_id",
    .columns = sc__auth_users_page_in_id_cursor_columns, .ncolumns = 1,
    .size = sizeof(struct auth_users_page_in_id_cursor),
};

struct auth_users_page_in_id_cursor
auth_users_page_in_id_cursor_of(const struct auth_users *row)
{
    struct auth_users_page_in_id_cursor cursor = {
        .id = row->id,
    };
    return cursor;
}

enum sc_status auth_users_page_in_id_cursor_text(
    const struct auth_users_page_in_id_cursor *cursor, char **text, struct sc_error *err)
{
    return sc__cursor_text(&sc__auth_users_page_in_id_cursor, cursor, text, err);
}

enum sc_status auth_users_page_in_id_cursor_parse(const char *text,
                                                  struct auth_users_page_in_id_cursor **cursor,
                                                  struct sc_error *err)
{
    return sc__cursor_parse(&sc__auth_users_page_in_id_cursor, text, cursor, err);
}

enum sc_status auth_users_page_in_id(struct sc_db *db,
                                     const struct auth_users_page_in_id_cursor *after,
                                     int64_t limit, struct auth_users **rows, size_t *n,
                                     struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
                 " auth.users" },
        { .sql = " where id > $1", .need = 0x1 },
        { .sql = " order by id limit $2" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_users_page_in_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 2,
        .row = &sc__auth_users_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { after ? &after->id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

enum sc_status auth_users_insert(struct sc_db *db, const struct auth_users_new *values,
                                 struct auth_users **row, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_users_insert",
        .name = "auth.users",
        .returning = "id, name, email, email_verified, image, created_at, updated_at",
        .row = &sc__auth_users_row, .flags = SC__WRITE,
    };
    return sc__run_insert(db, &insert, values, row, err);
}

enum sc_status auth_users_insert_many(struct sc_db *db, const struct auth_users_new *values,
                                      size_t count, struct auth_users **rows, size_t *n,
                                      struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_users_insert_many",
        .name = "auth.users",
        .returning = "id, name, email, email_verified, image, created_at, updated_at",
        .row = &sc__auth_users_row, .flags = SC__WRITE,
    };
    return sc__insert_many(db, &insert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_users_upsert(struct sc_db *db, const struct auth_users_new *values,
                                 struct auth_users **row, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_users_upsert",
            .name = "auth.users",
            .returning = "id, name, email, email_verified, image, created_at, updated_at",
            .row = &sc__auth_users_row, .flags = SC__WRITE,
        },
        .target = "(id)",
        .also = "updated_at = now()",
        .key = sc__key_0, .nkey = 1,
    };
    return sc__run_upsert(db, &upsert, values, row, err);
}

enum sc_status auth_users_upsert_by_email(struct sc_db *db, const struct auth_users_new *values,
                                          struct auth_users **row, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 2, 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_users_upsert_by_email",
            .name = "auth.users",
            .returning = "id, name, email, email_verified, image, created_at, updated_at",
            .row = &sc__auth_users_row, .flags = SC__WRITE,
        },
        .target = "(email)",
        .also = "updated_at = now()",
        .key = sc__key_0, .nkey = 2,
    };
    return sc__run_upsert(db, &upsert, values, row, err);
}

enum sc_status auth_users_upsert_many(struct sc_db *db, const struct auth_users_new *values,
                                      size_t count, struct auth_users **rows, size_t *n,
                                      struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_users_upsert_many",
            .name = "auth.users",
            .returning = "id, name, email, email_verified, image, created_at, updated_at",
            .row = &sc__auth_users_row, .flags = SC__WRITE,
        },
        .target = "(id)",
        .also = "updated_at = now()",
        .key = sc__key_0, .nkey = 1, .nunique = 1,
    };
    return sc__upsert_many(db, &upsert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_users_upsert_many_by_email(struct sc_db *db,
                                               const struct auth_users_new *values,
                                               size_t count, struct auth_users **rows,
                                               size_t *n, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 2, 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_users_upsert_many_by_email",
            .name = "auth.users",
            .returning = "id, name, email, email_verified, image, created_at, updated_at",
            .row = &sc__auth_users_row, .flags = SC__WRITE,
        },
        .target = "(email)",
        .also = "updated_at = now()",
        .key = sc__key_0, .nkey = 2, .nunique = 1,
    };
    return sc__upsert_many(db, &upsert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_users_update(struct sc_db *db, const char *id,
                                 const struct auth_users_patch *patch, struct auth_users **row,
                                 struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__update update = {
        .label = "auth_users_update",
        .name = "auth.users",
        .also = "updated_at = now()",
        .where = "where id = $1",
        .returning = "id, name, email, email_verified, image, created_at, updated_at",
        .row = &sc__auth_users_row,
        .key = types, .nkey = 1, .flags = SC__WRITE,
    };
    const void *const params[] = { &id };
    return sc__run_update(db, &update, params, patch, row, err);
}

enum sc_status auth_users_delete(struct sc_db *db, const char *id, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_delete",
        .sql = "delete from auth.users where id = $1",
        .params = types, .nparams = 1,
        .want = SC__WANT_TOUCH, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, NULL, NULL, err);
}

enum sc_status auth_users_load(struct sc_db *db, const struct auth_users_new *values,
                               size_t count, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_users_load",
        .name = "auth.users",
        .row = &sc__auth_users_row, .flags = SC__WRITE,
    };
    return sc__load(db, &insert, values, sizeof *values, count, err);
}

struct sc__auth_users_source {
    int (*next)(void *arg, struct auth_users_new *row);
    void *arg;
};

static int sc__auth_users_pull(void *source, void *row)
{
    const struct sc__auth_users_source *from = source;
    return from->next(from->arg, row);
}

enum sc_status auth_users_load_from(struct sc_db *db,
                                    int (*next)(void *arg, struct auth_users_new *row),
                                    void *arg, int64_t *n, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_users_load_from",
        .name = "auth.users",
        .row = &sc__auth_users_row, .flags = SC__WRITE,
    };
    struct sc__auth_users_source source = { next, arg };
    const struct sc__supply rows = {
        .next = sc__auth_users_pull, .arg = &source, .size = sizeof(struct auth_users_new),
    };
    return sc__load_from(db, &insert, &rows, n, err);
}

enum sc_status auth_users_scan(struct sc_db *db, struct sc_stream **stream,
                               struct sc_error *err)
{
    static const struct sc__scan scan = {
        .label = "auth_users_scan",
        .select = "select id, name, email, email_verified, image, created_at, updated_at from"
                  " auth.users",
        .row = &sc__auth_users_row,
    };
    return sc__run_scan(db, &scan, stream, err);
}

static const struct sc__row sc__auth_users_get_with_accounts_row = {
    .columns = sc__auth_users_columns, .ncolumns = 7,
    .size = sizeof(struct auth_users_get_with_accounts_row),
};

void auth_users_get_with_accounts_free(struct auth_users_get_with_accounts_row *rows)
{
    sc_free(rows);
}

enum sc_status auth_users_get_with_accounts_take(struct sc_batch *batch, size_t item,
                                                 struct auth_users_get_with_accounts_row **rows,
                                                 size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_users_get_with_accounts_row, rows, n, err);
}

enum sc_status auth_users_get_with_accounts(struct sc_db *db, const char *id,
                                            struct auth_users_get_with_accounts_row **row,
                                            struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_get_with_accounts",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_get_with_accounts_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    static const struct sc__stmt sc__list_0 = {
        .label = "auth_users_get_with_accounts",
        .sql = "select user_id, type, provider, provider_account_id, refresh_token,"
               " access_token, expires_at, token_type, scope, id_token, session_state from"
               " auth.accounts where user_id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_accounts_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    static const uint16_t sc__parent_0[] = { 0 };
    static const uint16_t sc__child_0[] = { 0 };
    static const struct sc__relation relations[] = {
        {
            .stmt = &sc__list_0,
            .parent_key = sc__parent_0, .child_key = sc__child_0, .nkey = 1,
            .at = offsetof(struct auth_users_get_with_accounts_row, accounts),
        },
    };
    static const struct sc__nested nested = {
        .stmt = &stmt, .relations = relations, .nrelations = 1,
        .size = sizeof(struct auth_users_get_with_accounts_row),
    };
    const void *const params[] = { &id };
    return sc__run_nested(db, &nested, 0, params, row, NULL, err);
}

static const struct sc__row sc__auth_users_get_with_sessions_row = {
    .columns = sc__auth_users_columns, .ncolumns = 7,
    .size = sizeof(struct auth_users_get_with_sessions_row),
};

void auth_users_get_with_sessions_free(struct auth_users_get_with_sessions_row *rows)
{
    sc_free(rows);
}

enum sc_status auth_users_get_with_sessions_take(struct sc_batch *batch, size_t item,
                                                 struct auth_users_get_with_sessions_row **rows,
                                                 size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_users_get_with_sessions_row, rows, n, err);
}

enum sc_status auth_users_get_with_sessions(struct sc_db *db, const char *id,
                                            struct auth_users_get_with_sessions_row **row,
                                            struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_get_with_sessions",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_get_with_sessions_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    static const struct sc__stmt sc__list_0 = {
        .label = "auth_users_get_with_sessions",
        .sql = "select session_token, user_id, expires from auth.sessions where user_id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    static const uint16_t sc__parent_0[] = { 0 };
    static const uint16_t sc__child_0[] = { 1 };
    static const struct sc__relation relations[] = {
        {
            .stmt = &sc__list_0,
            .parent_key = sc__parent_0, .child_key = sc__child_0, .nkey = 1,
            .at = offsetof(struct auth_users_get_with_sessions_row, sessions),
        },
    };
    static const struct sc__nested nested = {
        .stmt = &stmt, .relations = relations, .nrelations = 1,
        .size = sizeof(struct auth_users_get_with_sessions_row),
    };
    const void *const params[] = { &id };
    return sc__run_nested(db, &nested, 0, params, row, NULL, err);
}

static const struct sc__row sc__auth_users_get_with_feedback_row = {
    .columns = sc__auth_users_columns, .ncolumns = 7,
    .size = sizeof(struct auth_users_get_with_feedback_row),
};

void auth_users_get_with_feedback_free(struct auth_users_get_with_feedback_row *rows)
{
    sc_free(rows);
}

enum sc_status auth_users_get_with_feedback_take(struct sc_batch *batch, size_t item,
                                                 struct auth_users_get_with_feedback_row **rows,
                                                 size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_users_get_with_feedback_row, rows, n, err);
}

enum sc_status auth_users_get_with_feedback(struct sc_db *db, const char *id,
                                            struct auth_users_get_with_feedback_row **row,
                                            struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_get_with_feedback",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_get_with_feedback_row,
        .want = SC__WANT_ONE,
    };
    static const struct sc__stmt sc__list_0 = {
        .label = "auth_users_get_with_feedback",
        .sql = "select id, user_id, rating, message, metadata, created_at from auth.feedback"
               " where user_id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_feedback_row,
        .want = SC__WANT_MANY,
    };
    static const uint16_t sc__parent_0[] = { 0 };
    static const uint16_t sc__child_0[] = { 1 };
    static const struct sc__relation relations[] = {
        {
            .stmt = &sc__list_0,
            .parent_key = sc__parent_0, .child_key = sc__child_0, .nkey = 1,
            .at = offsetof(struct auth_users_get_with_feedback_row, feedback),
        },
    };
    static const struct sc__nested nested = {
        .stmt = &stmt, .relations = relations, .nrelations = 1,
        .size = sizeof(struct auth_users_get_with_feedback_row),
    };
    const void *const params[] = { &id };
    return sc__run_nested(db, &nested, 0, params, row, NULL, err);
}

enum sc_status auth_users_get_many_with_accounts(struct sc_db *db, struct sc_texts id,
                                                 struct auth_users_get_with_accounts_row **rows,
                                                 size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1009, SC__TEXT, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_get_many_with_accounts",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where id = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_get_with_accounts_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    static const struct sc__stmt sc__list_0 = {
        .label = "auth_users_get_many_with_accounts",
        .sql = "select user_id, type, provider, provider_account_id, refresh_token,"
               " access_token, expires_at, token_type, scope, id_token, session_state from"
               " auth.accounts where user_id = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_accounts_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    static const uint16_t sc__parent_0[] = { 0 };
    static const uint16_t sc__child_0[] = { 0 };
    static const struct sc__relation relations[] = {
        {
            .stmt = &sc__list_0,
            .parent_key = sc__parent_0, .child_key = sc__child_0, .nkey = 1,
            .at = offsetof(struct auth_users_get_with_accounts_row, accounts),
        },
    };
    static const struct sc__nested nested = {
        .stmt = &stmt, .relations = relations, .nrelations = 1,
        .size = sizeof(struct auth_users_get_with_accounts_row),
    };
    const void *const params[] = { &id };
    return sc__run_nested(db, &nested, 0, params, rows, n, err);
}

enum sc_status auth_users_get_many_with_sessions(struct sc_db *db, struct sc_texts id,
                                                 struct auth_users_get_with_sessions_row **rows,
                                                 size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1009, SC__TEXT, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_get_many_with_sessions",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where id = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_get_with_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    static const struct sc__stmt sc__list_0 = {
        .label = "auth_users_get_many_with_sessions",
        .sql = "select session_token, user_id, expires from auth.sessions where user_id ="
               " any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    static const uint16_t sc__parent_0[] = { 0 };
    static const uint16_t sc__child_0[] = { 1 };
    static const struct sc__relation relations[] = {
        {
            .stmt = &sc__list_0,
            .parent_key = sc__parent_0, .child_key = sc__child_0, .nkey = 1,
            .at = offsetof(struct auth_users_get_with_sessions_row, sessions),
        },
    };
    static const struct sc__nested nested = {
        .stmt = &stmt, .relations = relations, .nrelations = 1,
        .size = sizeof(struct auth_users_get_with_sessions_row),
    };
    const void *const params[] = { &id };
    return sc__run_nested(db, &nested, 0, params, rows, n, err);
}

enum sc_status auth_users_get_many_with_feedback(struct sc_db *db, struct sc_texts id,
                                                 struct auth_users_get_with_feedback_row **rows,
                                                 size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1009, SC__TEXT, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "auth_users_get_many_with_feedback",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where id = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_users_get_with_feedback_row,
        .want = SC__WANT_MANY,
    };
    static const struct sc__stmt sc__list_0 = {
        .label = "auth_users_get_many_with_feedback",
        .sql = "select id, user_id, rating, message, metadata, created_at from auth.feedback"
               " where user_id = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_feedback_row,
        .want = SC__WANT_MANY,
    };
    static const uint16_t sc__parent_0[] = { 0 };
    static const uint16_t sc__child_0[] = { 1 };
    static const struct sc__relation relations[] = {
        {
            .stmt = &sc__list_0,
            .parent_key = sc__parent_0, .child_key = sc__child_0, .nkey = 1,
            .at = offsetof(struct auth_users_get_with_feedback_row, feedback),
        },
    };
    static const struct sc__nested nested = {
        .stmt = &stmt, .relations = relations, .nrelations = 1,
        .size = sizeof(struct auth_users_get_with_feedback_row),
    };
    const void *const params[] = { &id };
    return sc__run_nested(db, &nested, 0, params, rows, n, err);
}

static const struct sc__type sc__auth_search_users_types[] = {
    { NULL, 25, SC__TEXT, SC__NULLABLE }, { NULL, 16, SC__BOOL, SC__NULLABLE },
};
static const struct sc__piece sc__auth_search_users_pieces[] = {
    { .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
             " auth.users where true" },
    { .sql = " and (name ilike $1 or email ilike $1)", .need = 0x1 },
    { .sql = " and (email_verified is not null) = $2", .need = 0x2 },
    { .sql = " order by " },
    { .sql = "created_at desc", .choice = 1, .pick = 0 },
    { .sql = "email asc", .choice = 1, .pick = 1 },
};
static const struct sc__stmt sc__auth_search_users_stmt = {
    .label = "auth_search_users",
    .pieces = sc__auth_search_users_pieces, .npieces = 6,
    .params = sc__auth_search_users_types, .nparams = 2,
    .row = &sc__auth_users_row,
    .want = SC__WANT_MANY,
};

enum sc_status auth_search_users(struct sc_db *db, const struct auth_search_users_args *args,
                                 struct auth_users **rows, size_t *n, struct sc_error *err)
{
    const void *const params[] = { &args->q, &args->verified };
    uint64_t variant = SC__GIVEN(0, args->q != NULL)
                       | SC__GIVEN(1, sc_has(args->verified))
                       | SC__PICK(0, args->sort);
    return sc__run(db, &sc__auth_search_users_stmt, variant, params, rows, n, err);
}

enum sc_status auth_search_users_stream(struct sc_db *db,
                                        const struct auth_search_users_args *args,
                                        struct sc_stream **stream, struct sc_error *err)
{
    const void *const params[] = { &args->q, &args->verified };
    uint64_t variant = SC__GIVEN(0, args->q != NULL)
                       | SC__GIVEN(1, sc_has(args->verified))
                       | SC__PICK(0, args->sort);
    return sc__stream(db, &sc__auth_search_users_stmt, variant, params, stream, err);
}

static const struct sc__row sc__auth_user_logins_row = {
    .columns = sc__auth_users_columns, .ncolumns = 7,
    .size = sizeof(struct auth_user_logins_row),
};

void auth_user_logins_free(struct auth_user_logins_row *rows)
{
    sc_free(rows);
}

enum sc_status auth_user_logins_take(struct sc_batch *batch, size_t item,
                                     struct auth_user_logins_row **rows, size_t *n,
                                     struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_user_logins_row, rows, n, err);
}

enum sc_status auth_user_logins(struct sc_db *db, const char *id,
                                struct auth_user_logins_row **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_user_logins",
        .sql = "select id, name, email, email_verified, image, created_at, updated_at from"
               " auth.users where id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_user_logins_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    static const struct sc__stmt sc__list_0 = {
        .label = "auth_user_logins",
        .sql = "select user_id, type, provider, provider_account_id, refresh_token,"
               " access_token, expires_at, token_type, scope, id_token, session_state from"
               " auth.accounts where user_id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_accounts_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    static const uint16_t sc__parent_0[] = { 0 };
    static const uint16_t sc__child_0[] = { 0 };
    static const struct sc__stmt sc__list_1 = {
        .label = "auth_user_logins",
        .sql = "select session_token, user_id, expires from auth.sessions where user_id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_sessions_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    static const uint16_t sc__parent_1[] = { 0 };
    static const uint16_t sc__child_1[] = { 1 };
    static const struct sc__relation relations[] = {
        {
            .stmt = &sc__list_0,
            .parent_key = sc__parent_0, .child_key = sc__child_0, .nkey = 1,
            .at = offsetof(struct auth_user_logins_row, accounts),
        },
        {
            .stmt = &sc__list_1,
            .parent_key = sc__parent_1, .child_key = sc__child_1, .nkey = 1,
            .at = offsetof(struct auth_user_logins_row, sessions),
        },
    };
    static const struct sc__nested nested = {
        .stmt = &stmt, .relations = relations, .nrelations = 2,
        .size = sizeof(struct auth_user_logins_row),
    };
    const void *const params[] = { &id };
    return sc__run_nested(db, &nested, 0, params, row, NULL, err);
}
