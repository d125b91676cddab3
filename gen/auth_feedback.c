/* Written by schemac from app.schema: do not edit. */
#include "auth_feedback.h"

extern const char *const sc__auth_feedback_abi;
const char *const sc__auth_feedback_abi = &sc__abi_1;

static const struct sc__column sc__auth_feedback_columns[] = {
    { .name = "id", .sql = "id",
      .type = { NULL, 20, SC__INT8, SC__NO_NEW | SC__NO_PATCH },
      .row_at = offsetof(struct auth_feedback, id) },
    { .name = "user_id", .sql = "user_id",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_feedback, user_id),
      .new_at = offsetof(struct auth_feedback_new, user_id),
      .patch_at = offsetof(struct auth_feedback_patch, user_id) },
    { .name = "rating", .sql = "rating",
      .type = { NULL, 21, SC__INT2, SC__REQUIRED },
      .row_at = offsetof(struct auth_feedback, rating),
      .new_at = offsetof(struct auth_feedback_new, rating),
      .patch_at = offsetof(struct auth_feedback_patch, rating) },
    { .name = "message", .sql = "message",
      .type = { NULL, 25, SC__TEXT, SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct auth_feedback, message),
      .new_at = offsetof(struct auth_feedback_new, message),
      .patch_at = offsetof(struct auth_feedback_patch, message) },
    { .name = "metadata", .sql = "metadata",
      .type = { NULL, 3802, SC__JSONB, SC__PLAIN_NEW | SC__HAS_DEFAULT },
      .row_at = offsetof(struct auth_feedback, metadata),
      .new_at = offsetof(struct auth_feedback_new, metadata),
      .patch_at = offsetof(struct auth_feedback_patch, metadata) },
    { .name = "created_at", .sql = "created_at",
      .type = { NULL, 1184, SC__TIMESTAMPTZ, SC__HAS_DEFAULT },
      .row_at = offsetof(struct auth_feedback, created_at),
      .new_at = offsetof(struct auth_feedback_new, created_at),
      .patch_at = offsetof(struct auth_feedback_patch, created_at) },
};
const struct sc__row sc__auth_feedback_row = {
    .columns = sc__auth_feedback_columns, .ncolumns = 6,
    .size = sizeof(struct auth_feedback),
};

void auth_feedback_free(struct auth_feedback *rows)
{
    sc_free(rows);
}

enum sc_status auth_feedback_take(struct sc_batch *batch, size_t item,
                                  struct auth_feedback **rows, size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__auth_feedback_row, rows, n, err);
}

enum sc_status auth_feedback_next(struct sc_stream *stream, struct auth_feedback **row,
                                  struct sc_error *err)
{
    return sc__next(stream, &sc__auth_feedback_row, row, err);
}

enum sc_status auth_feedback_get(struct sc_db *db, int64_t id, struct auth_feedback **row,
                                 struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 20, SC__INT8, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_get",
        .sql = "select id, user_id, rating, message, metadata, created_at from auth.feedback"
               " where id = $1",
        .params = types, .nparams = 1,
        .row = &sc__auth_feedback_row,
        .want = SC__WANT_ONE,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status auth_feedback_get_many(struct sc_db *db, struct sc_int8s id,
                                      struct auth_feedback **rows, size_t *n,
                                      struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1016, SC__INT8, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_get_many",
        .sql = "select id, user_id, rating, message, metadata, created_at from auth.feedback"
               " where id = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__auth_feedback_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status auth_feedback_exists(struct sc_db *db, int64_t id, bool *exists,
                                    struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 20, SC__INT8, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 16, SC__BOOL, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(bool),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_exists",
        .sql = "select exists (select from auth.feedback where id = $1)",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, exists, NULL, err);
}

enum sc_status auth_feedback_count(struct sc_db *db, int64_t *n, struct sc_error *err)
{
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_count",
        .sql = "select count(*) from auth.feedback",
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    return sc__run(db, &stmt, 0, NULL, n, NULL, err);
}

enum sc_status auth_feedback_count_by_user_id(struct sc_db *db, const char *user_id, int64_t *n,
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
        .label = "auth_feedback_count_by_user_id",
        .sql = "select count(*) from auth.feedback where user_id = $1",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &user_id };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

enum sc_status auth_feedback_count_by_user_id_created_at(struct sc_db *db, const char *user_id,
                                                         struct sc_timestamptz created_at,
                                                         int64_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 1184, SC__TIMESTAMPTZ, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_count_by_user_id_created_at",
        .sql = "select count(*) from auth.feedback where user_id = $1 and created_at = $2",
        .params = types, .nparams = 2,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &user_id, &created_at };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

enum sc_status auth_feedback_count_by_user_id_created_at_id(struct sc_db *db,
                                                            const char *user_id,
                                                            struct sc_timestamptz created_at,
                                                            int64_t id, int64_t *n,
                                                            struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 1184, SC__TIMESTAMPTZ, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_count_by_user_id_created_at_id",
        .sql = "select count(*) from auth.feedback where user_id = $1 and created_at = $2 and"
               " id = $3",
        .params = types, .nparams = 3,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &user_id, &created_at, &id };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

static const struct sc__type sc__auth_feedback_list_by_user_id_types[] = {
    { NULL, 25, SC__TEXT, 0 },
};
static const struct sc__stmt sc__auth_feedback_list_by_user_id_stmt = {
    .label = "auth_feedback_list_by_user_id",
    .sql = "select id, user_id, rating, message, metadata, created_at from auth.feedback"
           " where user_id = $1 order by created_at desc, id desc",
    .params = sc__auth_feedback_list_by_user_id_types, .nparams = 1,
    .row = &sc__auth_feedback_row,
    .want = SC__WANT_MANY,
};

enum sc_status auth_feedback_list_by_user_id(struct sc_db *db, const char *user_id,
                                             struct auth_feedback **rows, size_t *n,
                                             struct sc_error *err)
{
    const void *const params[] = { &user_id };
    return sc__run(db, &sc__auth_feedback_list_by_user_id_stmt, 0, params, rows, n, err);
}

enum sc_status auth_feedback_list_by_user_id_stream(struct sc_db *db, const char *user_id,
                                                    struct sc_stream **stream,
                                                    struct sc_error *err)
{
    const void *const params[] = { &user_id };
    return sc__stream(db, &sc__auth_feedback_list_by_user_id_stmt, 0, params, stream, err);
}

static const struct sc__type sc__auth_feedback_list_by_user_id_created_at_types[] = {
    { NULL, 25, SC__TEXT, 0 }, { NULL, 1184, SC__TIMESTAMPTZ, 0 },
};
static const struct sc__stmt sc__auth_feedback_list_by_user_id_created_at_stmt = {
    .label = "auth_feedback_list_by_user_id_created_at",
    .sql = "select id, user_id, rating, message, metadata, created_at from auth.feedback"
           " where user_id = $1 and created_at = $2 order by id desc",
    .params = sc__auth_feedback_list_by_user_id_created_at_types, .nparams = 2,
    .row = &sc__auth_feedback_row,
    .want = SC__WANT_MANY,
};

enum sc_status auth_feedback_list_by_user_id_created_at(struct sc_db *db, const char *user_id,
                                                        struct sc_timestamptz created_at,
                                                        struct auth_feedback **rows, size_t *n,
                                                        struct sc_error *err)
{
    const void *const params[] = { &user_id, &created_at };
    return sc__run(db, &sc__auth_feedback_list_by_user_id_created_at_stmt, 0, params, rows, n,
                   err);
}

enum sc_status auth_feedback_list_by_user_id_created_at_stream(struct sc_db *db,
                                                               const char *user_id,
                                                               struct sc_timestamptz created_at,
                                                               struct sc_stream **stream,
                                                               struct sc_error *err)
{
    const void *const params[] = { &user_id, &created_at };
    return sc__stream(db, &sc__auth_feedback_list_by_user_id_created_at_stmt, 0, params, stream,
                      err);
}

static const struct sc__type sc__auth_feedback_list_by_user_id_created_at_id_types[] = {
    { NULL, 25, SC__TEXT, 0 }, { NULL, 1184, SC__TIMESTAMPTZ, 0 }, { NULL, 20, SC__INT8, 0 },
};
static const struct sc__stmt sc__auth_feedback_list_by_user_id_created_at_id_stmt = {
    .label = "auth_feedback_list_by_user_id_created_at_id",
    .sql = "select id, user_id, rating, message, metadata, created_at from auth.feedback"
           " where user_id = $1 and created_at = $2 and id = $3",
    .params = sc__auth_feedback_list_by_user_id_created_at_id_types, .nparams = 3,
    .row = &sc__auth_feedback_row,
    .want = SC__WANT_MANY,
};

enum sc_status auth_feedback_list_by_user_id_created_at_id(struct sc_db *db,
                                                           const char *user_id,
                                                           struct sc_timestamptz created_at,
                                                           int64_t id,
                                                           struct auth_feedback **rows,
                                                           size_t *n, struct sc_error *err)
{
    const void *const params[] = { &user_id, &created_at, &id };
    return sc__run(db, &sc__auth_feedback_list_by_user_id_created_at_id_stmt, 0, params,
                   rows, n, err);
}

enum sc_status auth_feedback_list_by_user_id_created_at_id_stream(
    struct sc_db *db, const char *user_id, struct sc_timestamptz created_at, int64_t id,
    struct sc_stream **stream, struct sc_error *err)
{
    const void *const params[] = { &user_id, &created_at, &id };
    return sc__stream(db, &sc__auth_feedback_list_by_user_id_created_at_id_stmt, 0, params,
                      stream, err);
}

static const struct sc__column sc__auth_feedback_page_in_id_cursor_columns[] = {
    { .name = "id", .type = { NULL, 20, SC__INT8, 0 },
      .row_at = offsetof(struct auth_feedback_page_in_id_cursor, id),
      .new_at = offsetof(struct auth_feedback, id) },
};
static const struct sc__cursor sc__auth_feedback_page_in_id_cursor = {
    .label = "auth_feedback_page_in_id",
    .columns = sc__auth_feedback_page_in_id_cursor_columns, .ncolumns = 1,
    .size = sizeof(struct auth_feedback_page_in_id_cursor),
};

struct auth_feedback_page_in_id_cursor
auth_feedback_page_in_id_cursor_of(const struct auth_feedback *row)
{
    struct auth_feedback_page_in_id_cursor cursor = {
        .id = row->id,
    };
    return cursor;
}

enum sc_status auth_feedback_page_in_id_cursor_text(
    const struct auth_feedback_page_in_id_cursor *cursor, char **text, struct sc_error *err)
{
    return sc__cursor_text(&sc__auth_feedback_page_in_id_cursor, cursor, text, err);
}

enum sc_status auth_feedback_page_in_id_cursor_parse(
    const char *text, struct auth_feedback_page_in_id_cursor **cursor, struct sc_error *err)
{
    return sc__cursor_parse(&sc__auth_feedback_page_in_id_cursor, text, cursor, err);
}

enum sc_status auth_feedback_page_in_id(struct sc_db *db,
                                        const struct auth_feedback_page_in_id_cursor *after,
                                        int64_t limit, struct auth_feedback **rows, size_t *n,
                                        struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 20, SC__INT8, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select id, user_id, rating, message, metadata, created_at from"
                 " auth.feedback" },
        { .sql = " where id > $1", .need = 0x1 },
        { .sql = " order by id limit $2" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_page_in_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 2,
        .row = &sc__auth_feedback_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { after ? &after->id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

static const struct sc__column sc__auth_feedback_page_by_user_id_cursor_columns[] = {
    { .name = "created_at", .type = { NULL, 1184, SC__TIMESTAMPTZ, 0 },
      .row_at = offsetof(struct auth_feedback_page_by_user_id_cursor, created_at),
      .new_at = offsetof(struct auth_feedback, created_at) },
    { .name = "id", .type = { NULL, 20, SC__INT8, 0 },
      .row_at = offsetof(struct auth_feedback_page_by_user_id_cursor, id),
      .new_at = offsetof(struct auth_feedback, id) },
};
static const struct sc__cursor sc__auth_feedback_page_by_user_id_cursor = {
    .label = "auth_feedback_page_by_user_id",
    .columns = sc__auth_feedback_page_by_user_id_cursor_columns, .ncolumns = 2,
    .size = sizeof(struct auth_feedback_page_by_user_id_cursor),
};

struct auth_feedback_page_by_user_id_cursor
auth_feedback_page_by_user_id_cursor_of(const struct auth_feedback *row)
{
    struct auth_feedback_page_by_user_id_cursor cursor = {
        .created_at = row->created_at,
        .id = row->id,
    };
    return cursor;
}

enum sc_status auth_feedback_page_by_user_id_cursor_text(
    const struct auth_feedback_page_by_user_id_cursor *cursor, char **text,
    struct sc_error *err)
{
    return sc__cursor_text(&sc__auth_feedback_page_by_user_id_cursor, cursor, text, err);
}

enum sc_status auth_feedback_page_by_user_id_cursor_parse(
    const char *text, struct auth_feedback_page_by_user_id_cursor **cursor,
    struct sc_error *err)
{
    return sc__cursor_parse(&sc__auth_feedback_page_by_user_id_cursor, text, cursor, err);
}

enum sc_status auth_feedback_page_by_user_id(
    struct sc_db *db, const char *user_id,
    const struct auth_feedback_page_by_user_id_cursor *after, int64_t limit,
    struct auth_feedback **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 1184, SC__TIMESTAMPTZ, 0 },
                                             { NULL, 20, SC__INT8, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select id, user_id, rating, message, metadata, created_at from"
                 " auth.feedback where user_id = $1" },
        { .sql = " and (created_at, id) < ($2, $3)", .need = 0x1 },
        { .sql = " order by created_at desc, id desc limit $4" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_page_by_user_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 4,
        .row = &sc__auth_feedback_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { &user_id, after ? &after->created_at : NULL,
                                   after ? &after->id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

static const struct sc__column sc__auth_feedback_page_by_user_id_created_at_cursor_columns[] = {
    { .name = "id", .type = { NULL, 20, SC__INT8, 0 },
      .row_at = offsetof(struct auth_feedback_page_by_user_id_created_at_cursor, id),
      .new_at = offsetof(struct auth_feedback, id) },
};
static const struct sc__cursor sc__auth_feedback_page_by_user_id_created_at_cursor = {
    .label = "auth_feedback_page_by_user_id_created_at",
    .columns = sc__auth_feedback_page_by_user_id_created_at_cursor_columns, .ncolumns = 1,
    .size = sizeof(struct auth_feedback_page_by_user_id_created_at_cursor),
};

struct auth_feedback_page_by_user_id_created_at_cursor
auth_feedback_page_by_user_id_created_at_cursor_of(const struct auth_feedback *row)
{
    struct auth_feedback_page_by_user_id_created_at_cursor cursor = {
        .id = row->id,
    };
    return cursor;
}

enum sc_status auth_feedback_page_by_user_id_created_at_cursor_text(
    const struct auth_feedback_page_by_user_id_created_at_cursor *cursor, char **text,
    struct sc_error *err)
{
    return sc__cursor_text(&sc__auth_feedback_page_by_user_id_created_at_cursor, cursor, text, err);
}

enum sc_status auth_feedback_page_by_user_id_created_at_cursor_parse(
    const char *text, struct auth_feedback_page_by_user_id_created_at_cursor **cursor,
    struct sc_error *err)
{
    return sc__cursor_parse(&sc__auth_feedback_page_by_user_id_created_at_cursor, text, cursor, err);
}

enum sc_status auth_feedback_page_by_user_id_created_at(
    struct sc_db *db, const char *user_id, struct sc_timestamptz created_at,
    const struct auth_feedback_page_by_user_id_created_at_cursor *after, int64_t limit,
    struct auth_feedback **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 1184, SC__TIMESTAMPTZ, 0 },
                                             { NULL, 20, SC__INT8, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select id, user_id, rating, message, metadata, created_at from"
                 " auth.feedback where user_id = $1 and created_at = $2" },
        { .sql = " and id < $3", .need = 0x1 },
        { .sql = " order by id desc limit $4" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_page_by_user_id_created_at",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 4,
        .row = &sc__auth_feedback_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { &user_id, &created_at, after ? &after->id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

enum sc_status auth_feedback_insert(struct sc_db *db, const struct auth_feedback_new *values,
                                    struct auth_feedback **row, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_feedback_insert",
        .name = "auth.feedback",
        .returning = "id, user_id, rating, message, metadata, created_at",
        .row = &sc__auth_feedback_row, .flags = SC__WRITE,
    };
    return sc__run_insert(db, &insert, values, row, err);
}

enum sc_status auth_feedback_insert_many(struct sc_db *db,
                                         const struct auth_feedback_new *values, size_t count,
                                         struct auth_feedback **rows, size_t *n,
                                         struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_feedback_insert_many",
        .name = "auth.feedback",
        .returning = "id, user_id, rating, message, metadata, created_at",
        .row = &sc__auth_feedback_row, .flags = SC__WRITE,
    };
    return sc__insert_many(db, &insert, values, sizeof *values, count, rows, n, err);
}

enum sc_status auth_feedback_update(struct sc_db *db, int64_t id,
                                    const struct auth_feedback_patch *patch,
                                    struct auth_feedback **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 20, SC__INT8, 0 } };
    static const struct sc__update update = {
        .label = "auth_feedback_update",
        .name = "auth.feedback",
        .where = "where id = $1",
        .returning = "id, user_id, rating, message, metadata, created_at",
        .row = &sc__auth_feedback_row,
        .key = types, .nkey = 1, .flags = SC__WRITE,
    };
    const void *const params[] = { &id };
    return sc__run_update(db, &update, params, patch, row, err);
}

enum sc_status auth_feedback_delete(struct sc_db *db, int64_t id, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 20, SC__INT8, 0 } };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_delete",
        .sql = "delete from auth.feedback where id = $1",
        .params = types, .nparams = 1,
        .want = SC__WANT_TOUCH, .flags = SC__WRITE,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, NULL, NULL, err);
}

enum sc_status auth_feedback_load(struct sc_db *db, const struct auth_feedback_new *values,
                                  size_t count, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_feedback_load",
        .name = "auth.feedback",
        .row = &sc__auth_feedback_row, .flags = SC__WRITE,
    };
    return sc__load(db, &insert, values, sizeof *values, count, err);
}

struct sc__auth_feedback_source {
    int (*next)(void *arg, struct auth_feedback_new *row);
    void *arg;
};

static int sc__auth_feedback_pull(void *source, void *row)
{
    const struct sc__auth_feedback_source *from = source;
    return from->next(from->arg, row);
}

enum sc_status auth_feedback_load_from(struct sc_db *db,
                                       int (*next)(void *arg, struct auth_feedback_new *row),
                                       void *arg, int64_t *n, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "auth_feedback_load_from",
        .name = "auth.feedback",
        .row = &sc__auth_feedback_row, .flags = SC__WRITE,
    };
    struct sc__auth_feedback_source source = { next, arg };
    const struct sc__supply rows = {
        .next = sc__auth_feedback_pull, .arg = &source, .size = sizeof(struct auth_feedback_new),
    };
    return sc__load_from(db, &insert, &rows, n, err);
}

enum sc_status auth_feedback_scan(struct sc_db *db, struct sc_stream **stream,
                                  struct sc_error *err)
{
    static const struct sc__scan scan = {
        .label = "auth_feedback_scan",
        .select = "select id, user_id, rating, message, metadata, created_at from"
                  " auth.feedback",
        .row = &sc__auth_feedback_row,
    };
    return sc__run_scan(db, &scan, stream, err);
}

static const struct sc__column sc__auth_feedback_page_cursor_columns[] = {
    { .name = "created_at", .type = { NULL, 1184, SC__TIMESTAMPTZ, 0 },
      .row_at = offsetof(struct auth_feedback_page_cursor, created_at),
      .new_at = offsetof(struct auth_feedback, created_at) },
    { .name = "id", .type = { NULL, 20, SC__INT8, 0 },
      .row_at = offsetof(struct auth_feedback_page_cursor, id),
      .new_at = offsetof(struct auth_feedback, id) },
};
static const struct sc__cursor sc__auth_feedback_page_cursor = {
    .label = "auth_feedback_page",
    .columns = sc__auth_feedback_page_cursor_columns, .ncolumns = 2,
    .size = sizeof(struct auth_feedback_page_cursor),
};

struct auth_feedback_page_cursor auth_feedback_page_cursor_of(const struct auth_feedback *row)
{
    struct auth_feedback_page_cursor cursor = {
        .created_at = row->created_at,
        .id = row->id,
    };
    return cursor;
}

enum sc_status auth_feedback_page_cursor_text(const struct auth_feedback_page_cursor *cursor,
                                              char **text, struct sc_error *err)
{
    return sc__cursor_text(&sc__auth_feedback_page_cursor, cursor, text, err);
}

enum sc_status auth_feedback_page_cursor_parse(const char *text,
                                               struct auth_feedback_page_cursor **cursor,
                                               struct sc_error *err)
{
    return sc__cursor_parse(&sc__auth_feedback_page_cursor, text, cursor, err);
}

enum sc_status auth_feedback_page(struct sc_db *db, const char *user_id,
                                  const struct auth_feedback_page_cursor *after, int64_t limit,
                                  struct auth_feedback **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 },
                                             { NULL, 1184, SC__TIMESTAMPTZ, 0 },
                                             { NULL, 20, SC__INT8, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select id, user_id, rating, message, metadata, created_at from (select id,"
                 " user_id, rating, message, metadata, created_at from auth.feedback where"
                 " user_id = $1) as page" },
        { .sql = " where (created_at, id) < ($2, $3)", .need = 0x1 },
        { .sql = " order by created_at desc, id desc limit $4" },
    };
    static const struct sc__stmt stmt = {
        .label = "auth_feedback_page",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 4,
        .row = &sc__auth_feedback_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { &user_id, after ? &after->created_at : NULL,
                                   after ? &after->id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}
