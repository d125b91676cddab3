/* Written by schemac from shop.schema: do not edit. */
#include "shop_customers.h"
#include "shop_orders.h"

extern const char *const sc__shop_customers_abi;
const char *const sc__shop_customers_abi = &sc__abi_1;

static const struct sc__column sc__shop_customers_columns[] = {
    { .name = "id", .sql = "id",
      .type = { NULL, 2950, SC__UUID, SC__REQUIRED },
      .row_at = offsetof(struct shop_customers, id),
      .new_at = offsetof(struct shop_customers_new, id),
      .patch_at = offsetof(struct shop_customers_patch, id) },
    { .name = "name", .sql = "name",
      .type = { NULL, 25, SC__TEXT, SC__REQUIRED | SC__PLAIN_NEW },
      .row_at = offsetof(struct shop_customers, name),
      .new_at = offsetof(struct shop_customers_new, name),
      .patch_at = offsetof(struct shop_customers_patch, name) },
    { .name = "tags", .sql = "tags", .many_cast = "::text[]",
      .type = { NULL, 1009, SC__TEXT, SC__ARRAY | SC__PLAIN_NEW | SC__HAS_DEFAULT },
      .row_at = offsetof(struct shop_customers, tags),
      .new_at = offsetof(struct shop_customers_new, tags),
      .patch_at = offsetof(struct shop_customers_patch, tags) },
    { .name = "discount", .sql = "discount",
      .type = { NULL, 1700, SC__NUMERIC, SC__NULLABLE | SC__HAS_DEFAULT },
      .row_at = offsetof(struct shop_customers, discount),
      .new_at = offsetof(struct shop_customers_new, discount),
      .patch_at = offsetof(struct shop_customers_patch, discount) },
    { .name = "password", .sql = "password",
      .type = { NULL, 17, SC__BYTEA, SC__NULLABLE | SC__SECRET | SC__PLAIN_NEW },
      .row_at = offsetof(struct shop_customers, password),
      .new_at = offsetof(struct shop_customers_new, password),
      .patch_at = offsetof(struct shop_customers_patch, password) },
    { .name = "revision", .sql = "revision",
      .type = { NULL, 23, SC__INT4, SC__NO_PATCH | SC__HAS_DEFAULT },
      .row_at = offsetof(struct shop_customers, revision),
      .new_at = offsetof(struct shop_customers_new, revision) },
    { .name = "deleted_at", .sql = "deleted_at",
      .type = { NULL, 1184, SC__TIMESTAMPTZ, SC__NULLABLE | SC__NO_PATCH },
      .row_at = offsetof(struct shop_customers, deleted_at),
      .new_at = offsetof(struct shop_customers_new, deleted_at) },
};
const struct sc__row sc__shop_customers_row = {
    .columns = sc__shop_customers_columns, .ncolumns = 7,
    .size = sizeof(struct shop_customers),
};

void shop_customers_free(struct shop_customers *rows)
{
    sc_free(rows);
}

enum sc_status shop_customers_take(struct sc_batch *batch, size_t item,
                                   struct shop_customers **rows, size_t *n,
                                   struct sc_error *err)
{
    return sc__take(batch, item, &sc__shop_customers_row, rows, n, err);
}

enum sc_status shop_customers_next(struct sc_stream *stream, struct shop_customers **row,
                                   struct sc_error *err)
{
    return sc__next(stream, &sc__shop_customers_row, row, err);
}

enum sc_status shop_customers_get(struct sc_db *db, struct sc_uuid id,
                                  struct shop_customers **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_get",
        .sql = "select id, name, tags, discount, password, revision, deleted_at from"
               " shop.customers where id = $1 and deleted_at is null",
        .params = types, .nparams = 1,
        .row = &sc__shop_customers_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status shop_customers_get_with_deleted(struct sc_db *db, struct sc_uuid id,
                                               struct shop_customers **row,
                                               struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_get_with_deleted",
        .sql = "select id, name, tags, discount, password, revision, deleted_at from"
               " shop.customers where id = $1",
        .params = types, .nparams = 1,
        .row = &sc__shop_customers_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status shop_customers_by_name(struct sc_db *db, const char *name,
                                      struct shop_customers **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_by_name",
        .sql = "select id, name, tags, discount, password, revision, deleted_at from"
               " shop.customers where name = $1 and deleted_at is null",
        .params = types, .nparams = 1,
        .row = &sc__shop_customers_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &name };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status shop_customers_by_name_with_deleted(struct sc_db *db, const char *name,
                                                   struct shop_customers **rows, size_t *n,
                                                   struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 25, SC__TEXT, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_by_name_with_deleted",
        .sql = "select id, name, tags, discount, password, revision, deleted_at from"
               " shop.customers where name = $1",
        .params = types, .nparams = 1,
        .row = &sc__shop_customers_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &name };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status shop_customers_get_many(struct sc_db *db, struct sc_uuids id,
                                       struct shop_customers **rows, size_t *n,
                                       struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2951, SC__UUID, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_get_many",
        .sql = "select id, name, tags, discount, password, revision, deleted_at from"
               " shop.customers where id = any($1) and deleted_at is null",
        .params = types, .nparams = 1,
        .row = &sc__shop_customers_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status shop_customers_many_by_name(struct sc_db *db, struct sc_texts name,
                                           struct shop_customers **rows, size_t *n,
                                           struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 1009, SC__TEXT, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_many_by_name",
        .sql = "select id, name, tags, discount, password, revision, deleted_at from"
               " shop.customers where name = any($1) and deleted_at is null",
        .params = types, .nparams = 1,
        .row = &sc__shop_customers_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &name };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status shop_customers_exists(struct sc_db *db, struct sc_uuid id, bool *exists,
                                     struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 16, SC__BOOL, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(bool),
    };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_exists",
        .sql = "select exists (select from shop.customers where id = $1 and deleted_at is"
               " null)",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, exists, NULL, err);
}

enum sc_status shop_customers_exists_by_name(struct sc_db *db, const char *name, bool *exists,
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
        .label = "shop_customers_exists_by_name",
        .sql = "select exists (select from shop.customers where name = $1 and deleted_at is"
               " null)",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &name };
    return sc__run(db, &stmt, 0, params, exists, NULL, err);
}

enum sc_status shop_customers_count(struct sc_db *db, int64_t *n, struct sc_error *err)
{
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_count",
        .sql = "select count(*) from shop.customers where deleted_at is null",
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    return sc__run(db, &stmt, 0, NULL, n, NULL, err);
}

enum sc_status shop_customers_count_with_deleted(struct sc_db *db, int64_t *n,
                                                 struct sc_error *err)
{
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_count_with_deleted",
        .sql = "select count(*) from shop.customers",
        .row = &result,
        .want = SC__WANT_VALUE, .flags = SC__TOUCHES_SECRET,
    };
    return sc__run(db, &stmt, 0, NULL, n, NULL, err);
}

static const struct sc__column sc__shop_customers_page_in_id_cursor_columns[] = {
    { .name = "id", .type = { NULL, 2950, SC__UUID, 0 },
      .row_at = offsetof(struct shop_customers_page_in_id_cursor, id),
      .new_at = offsetof(struct shop_customers, id) },
};
static const struct sc__cursor sc__shop_customers_page_in_id_cursor = {
    .label = "shop_customers_page_in_id",
    .columns = sc__shop_customers_page_in_id_cursor_columns, .ncolumns = 1,
    .size = sizeof(struct shop_customers_page_in_id_cursor),
};

struct shop_customers_page_in_id_cursor
shop_customers_page_in_id_cursor_of(const struct shop_customers *row)
{
    struct shop_customers_page_in_id_cursor cursor = {
        .id = row->id,
    };
    return cursor;
}

enum sc_status shop_customers_page_in_id_cursor_text(
    const struct shop_customers_page_in_id_cursor *cursor, char **text, struct sc_error *err)
{
    return sc__cursor_text(&sc__shop_customers_page_in_id_cursor, cursor, text, err);
}

enum sc_status shop_customers_page_in_id_cursor_parse(
    const char *text, struct shop_customers_page_in_id_cursor **cursor, struct sc_error *err)
{
    return sc__cursor_parse(&sc__shop_customers_page_in_id_cursor, text, cursor, err);
}

enum sc_status shop_customers_page_in_id(struct sc_db *db,
                                         const struct shop_customers_page_in_id_cursor *after,
                                         int64_t limit, struct shop_customers **rows, size_t *n,
                                         struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select id, name, tags, discount, password, revision, deleted_at from"
                 " shop.customers where deleted_at is null" },
        { .sql = " and id > $1", .need = 0x1 },
        { .sql = " order by id limit $2" },
    };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_page_in_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 2,
        .row = &sc__shop_customers_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { after ? &after->id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

static const struct sc__column sc__shop_customers_page_in_id_with_deleted_cursor_columns[] = {
    { .name = "id", .type = { NULL, 2950, SC__UUID, 0 },
      .row_at = offsetof(struct shop_customers_page_in_id_with_deleted_cursor, id),
      .new_at = offsetof(struct shop_customers, id) },
};
static const struct sc__cursor sc__shop_customers_page_in_id_with_deleted_cursor = {
    .label = "shop_customers_page_in_id_with_deleted",
    .columns = sc__shop_customers_page_in_id_with_deleted_cursor_columns, .ncolumns = 1,
    .size = sizeof(struct shop_customers_page_in_id_with_deleted_cursor),
};

struct shop_customers_page_in_id_with_deleted_cursor
shop_customers_page_in_id_with_deleted_cursor_of(const struct shop_customers *row)
{
    struct shop_customers_page_in_id_with_deleted_cursor cursor = {
        .id = row->id,
    };
    return cursor;
}

enum sc_status shop_customers_page_in_id_with_deleted_cursor_text(
    const struct shop_customers_page_in_id_with_deleted_cursor *cursor, char **text,
    struct sc_error *err)
{
    return sc__cursor_text(&sc__shop_customers_page_in_id_with_deleted_cursor, cursor, text, err);
}

enum sc_status shop_customers_page_in_id_with_deleted_cursor_parse(
    const char *text, struct shop_customers_page_in_id_with_deleted_cursor **cursor,
    struct sc_error *err)
{
    return sc__cursor_parse(&sc__shop_customers_page_in_id_with_deleted_cursor, text, cursor, err);
}

enum sc_status shop_customers_page_in_id_with_deleted(
    struct sc_db *db, const struct shop_customers_page_in_id_with_deleted_cursor *after,
    int64_t limit, struct shop_customers **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select id, name, tags, discount, password, revision, deleted_at from"
                 " shop.customers" },
        { .sql = " where id > $1", .need = 0x1 },
        { .sql = " order by id limit $2" },
    };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_page_in_id_with_deleted",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 2,
        .row = &sc__shop_customers_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    const void *const params[] = { after ? &after->id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

enum sc_status shop_customers_insert(struct sc_db *db, const struct shop_customers_new *values,
                                     struct shop_customers **row, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "shop_customers_insert",
        .name = "shop.customers",
        .returning = "id, name, tags, discount, password, revision, deleted_at",
        .row = &sc__shop_customers_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__run_insert(db, &insert, values, row, err);
}

enum sc_status shop_customers_insert_many(struct sc_db *db,
                                          const struct shop_customers_new *values, size_t count,
                                          struct shop_customers **rows, size_t *n,
                                          struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "shop_customers_insert_many",
        .name = "shop.customers",
        .returning = "id, name, tags, discount, password, revision, deleted_at",
        .row = &sc__shop_customers_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__insert_many(db, &insert, values, sizeof *values, count, rows, n, err);
}

enum sc_status shop_customers_upsert(struct sc_db *db, const struct shop_customers_new *values,
                                     struct shop_customers **row, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "shop_customers_upsert",
            .name = "shop.customers",
            .returning = "id, name, tags, discount, password, revision, deleted_at",
            .row = &sc__shop_customers_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(id)",
        .also = "revision = customers.revision + 1, deleted_at = null",
        .key = sc__key_0, .nkey = 1,
    };
    return sc__run_upsert(db, &upsert, values, row, err);
}

enum sc_status shop_customers_upsert_by_name(struct sc_db *db,
                                             const struct shop_customers_new *values,
                                             struct shop_customers **row, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 1, 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "shop_customers_upsert_by_name",
            .name = "shop.customers",
            .returning = "id, name, tags, discount, password, revision, deleted_at",
            .row = &sc__shop_customers_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(name) where deleted_at is null",
        .also = "revision = customers.revision + 1",
        .key = sc__key_0, .nkey = 2,
    };
    return sc__run_upsert(db, &upsert, values, row, err);
}

enum sc_status shop_customers_upsert_many(struct sc_db *db,
                                          const struct shop_customers_new *values, size_t count,
                                          struct shop_customers **rows, size_t *n,
                                          struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "shop_customers_upsert_many",
            .name = "shop.customers",
            .returning = "id, name, tags, discount, password, revision, deleted_at",
            .row = &sc__shop_customers_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(id)",
        .also = "revision = customers.revision + 1, deleted_at = null",
        .key = sc__key_0, .nkey = 1, .nunique = 1,
    };
    return sc__upsert_many(db, &upsert, values, sizeof *values, count, rows, n, err);
}

enum sc_status shop_customers_upsert_many_by_name(struct sc_db *db,
                                                  const struct shop_customers_new *values,
                                                  size_t count, struct shop_customers **rows,
                                                  size_t *n, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 1, 0 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "shop_customers_upsert_many_by_name",
            .name = "shop.customers",
            .returning = "id, name, tags, discount, password, revision, deleted_at",
            .row = &sc__shop_customers_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
        },
        .target = "(name) where deleted_at is null",
        .also = "revision = customers.revision + 1",
        .key = sc__key_0, .nkey = 2,
    };
    return sc__upsert_many(db, &upsert, values, sizeof *values, count, rows, n, err);
}

enum sc_status shop_customers_update(struct sc_db *db, struct sc_uuid id, int32_t revision,
                                     const struct shop_customers_patch *patch,
                                     struct shop_customers **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 23, SC__INT4, 0 } };
    static const struct sc__update update = {
        .label = "shop_customers_update",
        .head = "with hit as (",
        .name = "shop.customers",
        .also = "revision = revision + 1",
        .where = "where id = $1 and revision = $2 and deleted_at is null",
        .returning = "id, name, tags, discount, password, revision, deleted_at",
        .tail = ") select exists (select from shop.customers where id = $1 and deleted_at is"
                " null) as there, exists (select from hit) as hit, hit.id, hit.name,"
                " hit.tags, hit.discount, hit.password, hit.revision, hit.deleted_at from"
                " (select) as one left join hit on true",
        .row = &sc__shop_customers_row,
        .key = types, .nkey = 2, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &id, &revision };
    return sc__run_update(db, &update, params, patch, row, err);
}

enum sc_status shop_customers_delete(struct sc_db *db, struct sc_uuid id, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_delete",
        .sql = "update shop.customers set deleted_at = now(), revision = revision + 1 where"
               " id = $1 and deleted_at is null",
        .params = types, .nparams = 1,
        .want = SC__WANT_TOUCH, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, NULL, NULL, err);
}

enum sc_status shop_customers_restore(struct sc_db *db, struct sc_uuid id, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_restore",
        .sql = "update shop.customers set deleted_at = null, revision = revision + 1 where id"
               " = $1 and deleted_at is not null",
        .params = types, .nparams = 1,
        .want = SC__WANT_TOUCH, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, NULL, NULL, err);
}

enum sc_status shop_customers_purge(struct sc_db *db, struct sc_uuid id, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_purge",
        .sql = "delete from shop.customers where id = $1",
        .params = types, .nparams = 1,
        .want = SC__WANT_TOUCH, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    const void *const params[] = { &id };
    return sc__run(db, &stmt, 0, params, NULL, NULL, err);
}

enum sc_status shop_customers_load(struct sc_db *db, const struct shop_customers_new *values,
                                   size_t count, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "shop_customers_load",
        .name = "shop.customers",
        .row = &sc__shop_customers_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    return sc__load(db, &insert, values, sizeof *values, count, err);
}

struct sc__shop_customers_source {
    int (*next)(void *arg, struct shop_customers_new *row);
    void *arg;
};

static int sc__shop_customers_pull(void *source, void *row)
{
    const struct sc__shop_customers_source *from = source;
    return from->next(from->arg, row);
}

enum sc_status shop_customers_load_from(struct sc_db *db,
                                        int (*next)(void *arg, struct shop_customers_new *row),
                                        void *arg, int64_t *n, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "shop_customers_load_from",
        .name = "shop.customers",
        .row = &sc__shop_customers_row, .flags = SC__WRITE | SC__TOUCHES_SECRET,
    };
    struct sc__shop_customers_source source = { next, arg };
    const struct sc__supply rows = {
        .next = sc__shop_customers_pull, .arg = &source, .size = sizeof(struct shop_customers_new),
    };
    return sc__load_from(db, &insert, &rows, n, err);
}

enum sc_status shop_customers_scan(struct sc_db *db, struct sc_stream **stream,
                                   struct sc_error *err)
{
    static const struct sc__scan scan = {
        .label = "shop_customers_scan",
        .select = "select id, name, tags, discount, password, revision, deleted_at from"
                  " shop.customers where deleted_at is null",
        .row = &sc__shop_customers_row, .flags = SC__TOUCHES_SECRET,
    };
    return sc__run_scan(db, &scan, stream, err);
}

static const struct sc__row sc__shop_customers_get_with_orders_row = {
    .columns = sc__shop_customers_columns, .ncolumns = 7,
    .size = sizeof(struct shop_customers_get_with_orders_row),
};

void shop_customers_get_with_orders_free(struct shop_customers_get_with_orders_row *rows)
{
    sc_free(rows);
}

enum sc_status shop_customers_get_with_orders_take(
    struct sc_batch *batch, size_t item, struct shop_customers_get_with_orders_row **rows,
    size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__shop_customers_get_with_orders_row, rows, n, err);
}

enum sc_status shop_customers_get_with_orders(struct sc_db *db, struct sc_uuid id,
                                              struct shop_customers_get_with_orders_row **row,
                                              struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_get_with_orders",
        .sql = "select id, name, tags, discount, password, revision, deleted_at from"
               " shop.customers where id = $1 and deleted_at is null",
        .params = types, .nparams = 1,
        .row = &sc__shop_customers_get_with_orders_row,
        .want = SC__WANT_ONE, .flags = SC__TOUCHES_SECRET,
    };
    static const struct sc__stmt sc__list_0 = {
        .label = "shop_customers_get_with_orders",
        .sql = "select customer_id, number, state, place::text, total from shop.orders where"
               " customer_id = $1",
        .params = types, .nparams = 1,
        .row = &sc__shop_orders_row,
        .want = SC__WANT_MANY,
    };
    static const uint16_t sc__parent_0[] = { 0 };
    static const uint16_t sc__child_0[] = { 0 };
    static const struct sc__relation relations[] = {
        {
            .stmt = &sc__list_0,
            .parent_key = sc__parent_0, .child_key = sc__child_0, .nkey = 1,
            .at = offsetof(struct shop_customers_get_with_orders_row, orders),
        },
    };
    static const struct sc__nested nested = {
        .stmt = &stmt, .relations = relations, .nrelations = 1,
        .size = sizeof(struct shop_customers_get_with_orders_row),
    };
    const void *const params[] = { &id };
    return sc__run_nested(db, &nested, 0, params, row, NULL, err);
}

enum sc_status shop_customers_get_many_with_orders(
    struct sc_db *db, struct sc_uuids id, struct shop_customers_get_with_orders_row **rows,
    size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2951, SC__UUID, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "shop_customers_get_many_with_orders",
        .sql = "select id, name, tags, discount, password, revision, deleted_at from"
               " shop.customers where id = any($1) and deleted_at is null",
        .params = types, .nparams = 1,
        .row = &sc__shop_customers_get_with_orders_row,
        .want = SC__WANT_MANY, .flags = SC__TOUCHES_SECRET,
    };
    static const struct sc__stmt sc__list_0 = {
        .label = "shop_customers_get_many_with_orders",
        .sql = "select customer_id, number, state, place::text, total from shop.orders where"
               " customer_id = any($1)",
        .params = types, .nparams = 1,
        .row = &sc__shop_orders_row,
        .want = SC__WANT_MANY,
    };
    static const uint16_t sc__parent_0[] = { 0 };
    static const uint16_t sc__child_0[] = { 0 };
    static const struct sc__relation relations[] = {
        {
            .stmt = &sc__list_0,
            .parent_key = sc__parent_0, .child_key = sc__child_0, .nkey = 1,
            .at = offsetof(struct shop_customers_get_with_orders_row, orders),
        },
    };
    static const struct sc__nested nested = {
        .stmt = &stmt, .relations = relations, .nrelations = 1,
        .size = sizeof(struct shop_customers_get_with_orders_row),
    };
    const void *const params[] = { &id };
    return sc__run_nested(db, &nested, 0, params, rows, n, err);
}
