/* Written by schemac from app.schema: do not edit. */
#include "auth_verification_tokens.h"

extern const char *const sc__auth_verification_tokens_abi;
const char *const sc__auth_verification_tokens_abi = &sc__abi_1;

static const struct sc__column sc__auth_verification_tokens_columns[] = {
    { .name = "identifier", .sql = "identifier",
      .type = { NULL, 25, SC__TEXT, SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_verification_tokens, identifier),
      .new_at = offsetof(struct auth_verification_tokens_new, identifier),
      .patch_at = offsetof(struct auth_verification_tokens_patch, identifier) },
    { .name = "token", .sql = "token",
      .type = { NULL, 25, SC__TEXT, SC__SECRET | SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_verification_tokens, token),
      .new_at = offsetof(struct auth_verification_tokens_new, token),
      .patch_at = offsetof(struct auth_verification_tokens_patch, token) },
    { .name = "expires", .sql = "expires",
      .type = { NULL, 1184, SC__TIMESTAMPTZ, SC__REQUIRED },
      .row_at = offsetof(struct auth_verification_tokens, expires),
      .new_at = offsetof(struct auth_verification_tokens_new, expires),
      .patch_at = offsetof(struct auth_verification_tokens_patch, expires) },
};
const struct sc__row sc__auth_verification_tokens_row = {
    .columns = sc__auth_verification_tokens_columns, .ncolumns = 3,
    .size = sizeof(struct auth_verification_tokens),
};

void auth_verification_tokens_free(struct auth_verification_tokens *rows)
{
    sc_free(rows);
}

enum sc_status auth_verification_tokens_take(struct sc_batch *batch, size_t item,
                                             struct auth_verification_tokens **rows, size_t *n,
                                             struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_verification_tokens_row, rows, n, err);
}

enum sc_status auth_verification_tokens_next(struct sc_stream *stream,
                                             struct auth_verification_tokens **row,
                                             struct sc_error *err)
{
    return sc__next(stream, &sc__auth_verification_tokens_row, row, err);
}

enum sc_status auth_verification_tokens_get(struct sc_db *db, const char *identifier,
                                            const char *token,
                                            struct auth_verification_tokens **row,
                                            struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET } };
    static const struct sc__stmt stmt = {
        .label = "auth_verification_tokens_get",
        .sql = "select identifier, token, expires from auth.verification_tokens where"
               " identifier = $1 and token = $2",
        .params = types, .nparams = 2,
        .row = &sc__auth_verification_tokens_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &identifier, &token };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status auth_verification_tokens_get_many(struct sc_db *db, struct sc_texts identifier,
                                                 struct sc_texts token,
                                                 struct auth_verification_tokens **rows,
                                                 size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1009, SC__TEXT, SC__ARRAY },
                                             { NULL, 1009, SC__TEXT, SC__ARRAY | SC__SECRET } };
    static const struct sc__stmt stmt = {
        .label = "auth_verification_tokens_get_many",
        .sql = "select identifier, token, expires from auth.verification_tokens where"
               " (identifier, token) in (select * from unnest($1, $2))",
        .params = types, .nparams = 2,
        .row = &sc__auth_verification_tokens_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET | SC__SAME_COUNT,
    };
    const void *const params[] = { &identifier, &token };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status auth_verification_tokens_exists(struct sc_db *db, const char *identifier,
                                               const char *token, bool *exists,
                                               struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 16, SC__BOOL, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(bool),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_verification_tokens_exists",
        .sql = "select exists (select from auth.verification_tokens where identifier = $1 and"
               " token = $2)",
        .params = types, .nparams = 2,
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &identifier, &token };
    return sc__run(db, &stmt, 0, params, exists, NULL, err);
}

enum sc_status auth_verification_tokens_count(struct sc_db *db, int64_t *n,
                                              struct sc_error *err)
{
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_verification_tokens_count",
        .sql = "select count(*) from auth.verification_tokens",
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    return sc__run(db, &stmt, 0, NULL, n, NULL, err);
}

struct auth_verification_tokens_page_in_identifier_token_cursor
auth_verification_tokens_page_in_identifier_token_cursor_of(const struct auth_verification_tokens *row)
{
    struct auth_verification_tokens_page_in_identifier_token_cursor cursor = {
        .identifier = row->identifier,
        .token = row->token,
    };
    return cursor;
}

enum sc_status auth_verification_tokens_page_in_identifier_token(
    struct sc_db *db,
    const struct auth_verification_tokens_page_in_identifier_token_cursor *after, int64_t limit,
    struct auth_verification_tokens **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select identifier, token, expires from auth.verification_tokens" },
        { .sql = " where (identifier, token) > ($1, $2)", .need = 0x1 },
        { .sql = " order by identifier, token limit $3" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_verification_tokens_page_in_identifier_token",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 3,
        .row = &sc__auth_verification_tokens_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { after ? &after->identifier : NULL,
                                   after ? &after->token : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

enum sc_status auth_verification_tokens_insert(
    struct sc_db *db, const struct auth_verification_tokens_new *values,
    struct auth_verification_tokens **row, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_verification_tokens_insert",
        .name = "auth.verification_tokens",
        .returning = "identifier, token, expires",
        .row = &sc__auth_verification_tokens_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__run_insert(db, &insert, values, row, err);
}

enum sc_status auth_verification_tokens_insert_many(
    struct sc_db *db, const struct auth_verification_tokens_new *values, size_t count,
    struct auth_verification_tokens **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_verification_tokens_insert_many",
        .name = "auth.verification_tokens",
        .returning = "identifier, token, expires",
        .row = &sc__auth_verification_tokens_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__insert_many(db, &insert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_verification_tokens_upsert(
    struct sc_db *db, const struct auth_verification_tokens_new *values,
    struct auth_verification_tokens **row, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0, 1 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_verification_tokens_upsert",
            .name = "auth.verification_tokens",
            .returning = "identifier, token, expires",
            .row = &sc__auth_verification_tokens_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(identifier, token)",
        .key = sc__key_0, .nkey = 2,
    };
    return sc__run_upsert(db, &upsert, values, row, err);
}

enum sc_status auth_verification_tokens_upsert_many(
    struct sc_db *db, const struct auth_verification_tokens_new *values, size_t count,
    struct auth_verification_tokens **rows, size_t *n, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0, 1 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "auth_verification_tokens_upsert_many",
            .name = "auth.verification_tokens",
            .returning = "identifier, token, expires",
            .row = &sc__auth_verification_tokens_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(identifier, token)",
        .key = sc__key_0, .nkey = 2, .nunique = 2,
    };
    return sc__upsert_many(db, &upsert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_verification_tokens_update(
    struct sc_db *db, const char *identifier, const char *token,
    const struct auth_verification_tokens_patch *patch, struct auth_verification_tokens **row,
    struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET } };
    static const struct sc__update update = {
        .label = "auth_verification_tokens_update",
        .name = "auth.verification_tokens",
        .where = "where identifier = $1 and token = $2",
        .returning = "identifier, token, expires",
        .row = &sc__auth_verification_tokens_row,
        .key = types, .nkey = 2, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &identifier, &token };
    return sc__run_update(db, &update, params, patch, row, err);
}

enum sc_status auth_verification_tokens_delete(struct sc_db *db, const char *identifier,
                                               const char *token, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET } };
    static const struct sc__stmt stmt = {
        .label = "auth_verification_tokens_delete",
        .sql = "delete from auth.verification_tokens where identifier = $1 and token = $2",
        .params = types, .nparams = 2,
        .want = SC__WANT_TOUCH, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &identifier, &token };
    return sc__run(db, &stmt, 0, params, NULL, NULL, err);
}

enum sc_status auth_verification_tokens_load(struct sc_db *db,
                                             const struct auth_verification_tokens_new *values,
                                             size_t count, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_verification_tokens_load",
        .name = "auth.verification_tokens",
        .row = &sc__auth_verification_tokens_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__load(db, &insert, values, sizeof *values, count, err);
}

struct sc__auth_verification_tokens_source {
    int (*next)(void *arg, struct auth_verification_tokens_new *row);
    void *arg;
};

static int sc__auth_verification_tokens_pull(void *source, void *row)
{
    const struct sc__auth_verification_tokens_source *from = source;
    return from->next(from->arg, row);
}

enum sc_status auth_verification_tokens_load_from(
    struct sc_db *db, int (*next)(void *arg, struct auth_verification_tokens_new *row),
    void *arg, int64_t *n, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_verification_tokens_load_from",
        .name = "auth.verification_tokens",
        .row = &sc__auth_verification_tokens_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    struct sc__auth_verification_tokens_source source = { next, arg };
    const struct sc__supply rows = {
        .next = sc__auth_verification_tokens_pull, .arg = &source, .size = sizeof(struct auth_verification_tokens_new),
    };
    return sc__load_from(db, &insert, &rows, n, err);
}

enum sc_status auth_verification_tokens_scan(struct sc_db *db, struct sc_stream **stream,
                                             struct sc_error *err)
{
    static const struct sc__scan scan = {
        .label = "auth_verification_tokens_scan",
        .select = "select identifier, token, expires from auth.verification_tokens",
        .row = &sc__auth_verification_tokens_row, .flags = SC__TOUCHES_SECRET,
    };
    return sc__run_scan(db, &scan, stream, err);
}

enum sc_status auth_consume_token(struct sc_db *db, const char *identifier, const char *token,
                                  struct sc_timestamptz now,
                                  struct auth_verification_tokens **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 25, SC__TEXT, SC__SECRET },
                                             { NULL, 1184, SC__TIMESTAMPTZ, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_consume_token",
        .sql = "delete from auth.verification_tokens where identifier = $1 and token = $2 and"
               " expires > $3 returning identifier, token, expires",
        .params = types, .nparams = 3,
        .row = &sc__auth_verification_tokens_row,
        .want = SC__WANT_MAYBE, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &identifier, &token, &now };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}
