/* Written by schemac from shop.schema: do not edit. */
#include "shop_orders.h"

extern const char *const sc__shop_orders_abi;
const char *const sc__shop_orders_abi = &sc__abi_1;

static const struct sc__column sc__shop_orders_columns[] = {
    { .name = "customer_id", .sql = "customer_id",
      .type = { NULL, 2950, SC__UUID, SC__REQUIRED },
      .row_at = offsetof(struct shop_orders, customer_id),
      .new_at = offsetof(struct shop_orders_new, customer_id),
      .patch_at = offsetof(struct shop_orders_patch, customer_id) },
    { .name = "number", .sql = "number",
      .type = { NULL, 23, SC__INT4, SC__REQUIRED },
      .row_at = offsetof(struct shop_orders, number),
      .new_at = offsetof(struct shop_orders_new, number),
      .patch_at = offsetof(struct shop_orders_patch, number) },
    { .name = "state", .sql = "state",
      .type = { &sc__shop_state_enum, 0, SC__ENUM, SC__HAS_DEFAULT },
      .row_at = offsetof(struct shop_orders, state),
      .new_at = offsetof(struct shop_orders_new, state),
      .patch_at = offsetof(struct shop_orders_patch, state) },
    { .name = "place", .sql = "place", .cast = "::point", .many_cast = "::point",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE | SC__PLAIN_NEW },
      .row_at = offsetof(struct shop_orders, place),
      .new_at = offsetof(struct shop_orders_new, place),
      .patch_at = offsetof(struct shop_orders_patch, place) },
    { .name = "total", .sql = "total",
      .type = { NULL, 20, SC__INT8, SC__NO_NEW | SC__NO_PATCH },
      .row_at = offsetof(struct shop_orders, total) },
};
const struct sc__row sc__shop_orders_row = {
    .columns = sc__shop_orders_columns, .ncolumns = 5,
    .size = sizeof(struct shop_orders),
};

void shop_orders_free(struct shop_orders *rows)
{
    sc_free(rows);
}

enum sc_status shop_orders_take(struct sc_batch *batch, size_t item, struct shop_orders **rows,
                                size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__shop_orders_row, rows, n, err);
}

enum sc_status shop_orders_next(struct sc_stream *stream, struct shop_orders **row,
                                struct sc_error *err)
{
    return sc__next(stream, &sc__shop_orders_row, row, err);
}

enum sc_status shop_orders_get(struct sc_db *db, struct sc_uuid customer_id, int32_t number,
                               struct shop_orders **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 23, SC__INT4, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_get",
        .sql = "select customer_id, number, state, place::text, total from shop.orders where"
               " customer_id = $1 and number = $2",
        .params = types, .nparams = 2,
        .row = &sc__shop_orders_row,
        .want = SC__WANT_ONE,
    };
    const void *const params[] = { &customer_id, &number };
    return sc__run(db, &stmt, 0, params, row, NULL, err);
}

enum sc_status shop_orders_get_many(struct sc_db *db, struct sc_uuids customer_id,
                                    struct sc_int4s number, struct shop_orders **rows,
                                    size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2951, SC__UUID, SC__ARRAY },
                                             { NULL, 1007, SC__INT4, SC__ARRAY } };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_get_many",
        .sql = "select customer_id, number, state, place::text, total from shop.orders where"
               " (customer_id, number) in (select * from unnest($1, $2))",
        .params = types, .nparams = 2,
        .row = &sc__shop_orders_row,
        .want = SC__WANT_MANY, .flags = SC__SAME_COUNT,
    };
    const void *const params[] = { &customer_id, &number };
    return sc__run(db, &stmt, 0, params, rows, n, err);
}

enum sc_status shop_orders_exists(struct sc_db *db, struct sc_uuid customer_id, int32_t number,
                                  bool *exists, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 23, SC__INT4, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 16, SC__BOOL, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(bool),
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_exists",
        .sql = "select exists (select from shop.orders where customer_id = $1 and number ="
               " $2)",
        .params = types, .nparams = 2,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &customer_id, &number };
    return sc__run(db, &stmt, 0, params, exists, NULL, err);
}

enum sc_status shop_orders_count(struct sc_db *db, int64_t *n, struct sc_error *err)
{
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_count",
        .sql = "select count(*) from shop.orders",
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    return sc__run(db, &stmt, 0, NULL, n, NULL, err);
}

enum sc_status shop_orders_count_by_customer_id(struct sc_db *db, struct sc_uuid customer_id,
                                                int64_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_count_by_customer_id",
        .sql = "select count(*) from shop.orders where customer_id = $1",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &customer_id };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

enum sc_status shop_orders_count_by_state(struct sc_db *db, enum shop_state state, int64_t *n,
                                          struct sc_error *err)
{
    static const struct sc__type types[] = { { &sc__shop_state_enum, 0, SC__ENUM, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_count_by_state",
        .sql = "select count(*) from shop.orders where state = $1",
        .params = types, .nparams = 1,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &state };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

enum sc_status shop_orders_count_by_state_number(struct sc_db *db, enum shop_state state,
                                                 int32_t number, int64_t *n,
                                                 struct sc_error *err)
{
    static const struct sc__type types[] = { { &sc__shop_state_enum, 0, SC__ENUM, 0 },
                                             { NULL, 23, SC__INT4, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_count_by_state_number",
        .sql = "select count(*) from shop.orders where state = $1 and number = $2",
        .params = types, .nparams = 2,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &state, &number };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

enum sc_status shop_orders_count_by_state_number_customer_id(struct sc_db *db,
                                                             enum shop_state state,
                                                             int32_t number,
                                                             struct sc_uuid customer_id,
                                                             int64_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { &sc__shop_state_enum, 0, SC__ENUM, 0 },
                                             { NULL, 23, SC__INT4, 0 },
                                             { NULL, 2950, SC__UUID, 0 } };
    static const struct sc__column column = {
        .name = "value", .type = { NULL, 20, SC__INT8, 0 },
    };
    static const struct sc__row result = {
        .columns = &column, .ncolumns = 1, .size = sizeof(int64_t),
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_count_by_state_number_customer_id",
        .sql = "select count(*) from shop.orders where state = $1 and number = $2 and"
               " customer_id = $3",
        .params = types, .nparams = 3,
        .row = &result,
        .want = SC__WANT_VALUE,
    };
    const void *const params[] = { &state, &number, &customer_id };
    return sc__run(db, &stmt, 0, params, n, NULL, err);
}

static const struct sc__type sc__shop_orders_list_by_customer_id_types[] = {
    { NULL, 2950, SC__UUID, 0 },
};
static const struct sc__stmt sc__shop_orders_list_by_customer_id_stmt = {
    .label = "shop_orders_list_by_customer_id",
    .sql = "select customer_id, number, state, place::text, total from shop.orders where"
           " customer_id = $1",
    .params = sc__shop_orders_list_by_customer_id_types, .nparams = 1,
    .row = &sc__shop_orders_row,
    .want = SC__WANT_MANY,
};

enum sc_status shop_orders_list_by_customer_id(struct sc_db *db, struct sc_uuid customer_id,
                                               struct shop_orders **rows, size_t *n,
                                               struct sc_error *err)
{
    const void *const params[] = { &customer_id };
    return sc__run(db, &sc__shop_orders_list_by_customer_id_stmt, 0, params, rows, n, err);
}

enum sc_status shop_orders_list_by_customer_id_stream(struct sc_db *db,
                                                      struct sc_uuid customer_id,
                                                      struct sc_stream **stream,
                                                      struct sc_error *err)
{
    const void *const params[] = { &customer_id };
    return sc__stream(db, &sc__shop_orders_list_by_customer_id_stmt, 0, params, stream, err);
}

static const struct sc__type sc__shop_orders_list_by_state_types[] = {
    { &sc__shop_state_enum, 0, SC__ENUM, 0 },
};
static const struct sc__stmt sc__shop_orders_list_by_state_stmt = {
    .label = "shop_orders_list_by_state",
    .sql = "select customer_id, number, state, place::text, total from shop.orders where"
           " state = $1 order by number desc, customer_id",
    .params = sc__shop_orders_list_by_state_types, .nparams = 1,
    .row = &sc__shop_orders_row,
    .want = SC__WANT_MANY,
};

enum sc_status shop_orders_list_by_state(struct sc_db *db, enum shop_state state,
                                         struct shop_orders **rows, size_t *n,
                                         struct sc_error *err)
{
    const void *const params[] = { &state };
    return sc__run(db, &sc__shop_orders_list_by_state_stmt, 0, params, rows, n, err);
}

enum sc_status shop_orders_list_by_state_stream(struct sc_db *db, enum shop_state state,
                                                struct sc_stream **stream, struct sc_error *err)
{
    const void *const params[] = { &state };
    return sc__stream(db, &sc__shop_orders_list_by_state_stmt, 0, params, stream, err);
}

static const struct sc__type sc__shop_orders_list_by_state_number_types[] = {
    { &sc__shop_state_enum, 0, SC__ENUM, 0 }, { NULL, 23, SC__INT4, 0 },
};
static const struct sc__stmt sc__shop_orders_list_by_state_number_stmt = {
    .label = "shop_orders_list_by_state_number",
    .sql = "select customer_id, number, state, place::text, total from shop.orders where"
           " state = $1 and number = $2 order by customer_id",
    .params = sc__shop_orders_list_by_state_number_types, .nparams = 2,
    .row = &sc__shop_orders_row,
    .want = SC__WANT_MANY,
};

enum sc_status shop_orders_list_by_state_number(struct sc_db *db, enum shop_state state,
                                                int32_t number, struct shop_orders **rows,
                                                size_t *n, struct sc_error *err)
{
    const void *const params[] = { &state, &number };
    return sc__run(db, &sc__shop_orders_list_by_state_number_stmt, 0, params, rows, n, err);
}

enum sc_status shop_orders_list_by_state_number_stream(struct sc_db *db, enum shop_state state,
                                                       int32_t number,
                                                       struct sc_stream **stream,
                                                       struct sc_error *err)
{
    const void *const params[] = { &state, &number };
    return sc__stream(db, &sc__shop_orders_list_by_state_number_stmt, 0, params, stream, err);
}

static const struct sc__type sc__shop_orders_list_by_state_number_customer_id_types[] = {
    { &sc__shop_state_enum, 0, SC__ENUM, 0 }, { NULL, 23, SC__INT4, 0 },
    { NULL, 2950, SC__UUID, 0 },
};
static const struct sc__stmt sc__shop_orders_list_by_state_number_customer_id_stmt = {
    .label = "shop_orders_list_by_state_number_customer_id",
    .sql = "select customer_id, number, state, place::text, total from shop.orders where"
           " state = $1 and number = $2 and customer_id = $3",
    .params = sc__shop_orders_list_by_state_number_customer_id_types, .nparams = 3,
    .row = &sc__shop_orders_row,
    .want = SC__WANT_MANY,
};

enum sc_status shop_orders_list_by_state_number_customer_id(struct sc_db *db,
                                                            enum shop_state state,
                                                            int32_t number,
                                                            struct sc_uuid customer_id,
                                                            struct shop_orders **rows,
                                                            size_t *n, struct sc_error *err)
{
    const void *const params[] = { &state, &number, &customer_id };
    return sc__run(db, &sc__shop_orders_list_by_state_number_customer_id_stmt, 0, params,
                   rows, n, err);
}

enum sc_status shop_orders_list_by_state_number_customer_id_stream(struct sc_db *db,
                                                                   enum shop_state state,
                                                                   int32_t number,
                                                                   struct sc_uuid customer_id,
                                                                   struct sc_stream **stream,
                                                                   struct sc_error *err)
{
    const void *const params[] = { &state, &number, &customer_id };
    return sc__stream(db, &sc__shop_orders_list_by_state_number_customer_id_stmt, 0, params,
                      stream, err);
}

static const struct sc__column sc__shop_orders_page_in_customer_id_number_cursor_columns[] = {
    { .name = "customer_id", .type = { NULL, 2950, SC__UUID, 0 },
      .row_at = offsetof(struct shop_orders_page_in_customer_id_number_cursor, customer_id),
      .new_at = offsetof(struct shop_orders, customer_id) },
    { .name = "number", .type = { NULL, 23, SC__INT4, 0 },
      .row_at = offsetof(struct shop_orders_page_in_customer_id_number_cursor, number),
      .new_at = offsetof(struct shop_orders, number) },
};
static const struct sc__cursor sc__shop_orders_page_in_customer_id_number_cursor = {
    .label = "shop_orders_page_in_customer_id_number",
    .columns = sc__shop_orders_page_in_customer_id_number_cursor_columns, .ncolumns = 2,
    .size = sizeof(struct shop_orders_page_in_customer_id_number_cursor),
};

struct shop_orders_page_in_customer_id_number_cursor
shop_orders_page_in_customer_id_number_cursor_of(const struct shop_orders *row)
{
    struct shop_orders_page_in_customer_id_number_cursor cursor = {
        .customer_id = row->customer_id,
        .number = row->number,
    };
    return cursor;
}

enum sc_status shop_orders_page_in_customer_id_number_cursor_text(
    const struct shop_orders_page_in_customer_id_number_cursor *cursor, char **text,
    struct sc_error *err)
{
    return sc__cursor_text(&sc__shop_orders_page_in_customer_id_number_cursor, cursor, text, err);
}

enum sc_status shop_orders_page_in_customer_id_number_cursor_parse(
    const char *text, struct shop_orders_page_in_customer_id_number_cursor **cursor,
    struct sc_error *err)
{
    return sc__cursor_parse(&sc__shop_orders_page_in_customer_id_number_cursor, text, cursor, err);
}

enum sc_status shop_orders_page_in_customer_id_number(
    struct sc_db *db, const struct shop_orders_page_in_customer_id_number_cursor *after,
    int64_t limit, struct shop_orders **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 23, SC__INT4, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select customer_id, number, state, place::text, total from shop.orders" },
        { .sql = " where (customer_id, number) > ($1, $2)", .need = 0x1 },
        { .sql = " order by customer_id, number limit $3" },
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_page_in_customer_id_number",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 3,
        .row = &sc__shop_orders_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { after ? &after->customer_id : NULL,
                                   after ? &after->number : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

static const struct sc__column sc__shop_orders_page_by_state_cursor_columns[] = {
    { .name = "number", .type = { NULL, 23, SC__INT4, 0 },
      .row_at = offsetof(struct shop_orders_page_by_state_cursor, number),
      .new_at = offsetof(struct shop_orders, number) },
    { .name = "customer_id", .type = { NULL, 2950, SC__UUID, 0 },
      .row_at = offsetof(struct shop_orders_page_by_state_cursor, customer_id),
      .new_at = offsetof(struct shop_orders, customer_id) },
};
static const struct sc__cursor sc__shop_orders_page_by_state_cursor = {
    .label = "shop_orders_page_by_state",
    .columns = sc__shop_orders_page_by_state_cursor_columns, .ncolumns = 2,
    .size = sizeof(struct shop_orders_page_by_state_cursor),
};

struct shop_orders_page_by_state_cursor
shop_orders_page_by_state_cursor_of(const struct shop_orders *row)
{
    struct shop_orders_page_by_state_cursor cursor = {
        .number = row->number,
        .customer_id = row->customer_id,
    };
    return cursor;
}

enum sc_status shop_orders_page_by_state_cursor_text(
    const struct shop_orders_page_by_state_cursor *cursor, char **text, struct sc_error *err)
{
    return sc__cursor_text(&sc__shop_orders_page_by_state_cursor, cursor, text, err);
}

enum sc_status shop_orders_page_by_state_cursor_parse(
    const char *text, struct shop_orders_page_by_state_cursor **cursor, struct sc_error *err)
{
    return sc__cursor_parse(&sc__shop_orders_page_by_state_cursor, text, cursor, err);
}

enum sc_status shop_orders_page_by_state(struct sc_db *db, enum shop_state state,
                                         const struct shop_orders_page_by_state_cursor *after,
                                         int64_t limit, struct shop_orders **rows, size_t *n,
                                         struct sc_error *err)
{
    static const struct sc__type types[] = { { &sc__shop_state_enum, 0, SC__ENUM, 0 },
                                             { NULL, 23, SC__INT4, 0 },
                                             { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select customer_id, number, state, place::text, total from shop.orders"
                 " where state = $1" },
        { .sql = " and number <= $2 and (number < $2 or (number = $2 and customer_id > $3))", .need = 0x1 },
        { .sql = " order by number desc, customer_id limit $4" },
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_page_by_state",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 4,
        .row = &sc__shop_orders_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { &state, after ? &after->number : NULL,
                                   after ? &after->customer_id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

static const struct sc__column sc__shop_orders_page_by_state_number_cursor_columns[] = {
    { .name = "customer_id", .type = { NULL, 2950, SC__UUID, 0 },
      .row_at = offsetof(struct shop_orders_page_by_state_number_cursor, customer_id),
      .new_at = offsetof(struct shop_orders, customer_id) },
};
static const struct sc__cursor sc__shop_orders_page_by_state_number_cursor = {
    .label = "shop_orders_page_by_state_number",
    .columns = sc__shop_orders_page_by_state_number_cursor_columns, .ncolumns = 1,
    .size = sizeof(struct shop_orders_page_by_state_number_cursor),
};

struct shop_orders_page_by_state_number_cursor
shop_orders_page_by_state_number_cursor_of(const struct shop_orders *row)
{
    struct shop_orders_page_by_state_number_cursor cursor = {
        .customer_id = row->customer_id,
    };
    return cursor;
}

enum sc_status shop_orders_page_by_state_number_cursor_text(
    const struct shop_orders_page_by_state_number_cursor *cursor, char **text,
    struct sc_error *err)
{
    return sc__cursor_text(&sc__shop_orders_page_by_state_number_cursor, cursor, text, err);
}

enum sc_status shop_orders_page_by_state_number_cursor_parse(
    const char *text, struct shop_orders_page_by_state_number_cursor **cursor,
    struct sc_error *err)
{
    return sc__cursor_parse(&sc__shop_orders_page_by_state_number_cursor, text, cursor, err);
}

enum sc_status shop_orders_page_by_state_number(
    struct sc_db *db, enum shop_state state, int32_t number,
    const struct shop_orders_page_by_state_number_cursor *after, int64_t limit,
    struct shop_orders **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { &sc__shop_state_enum, 0, SC__ENUM, 0 },
                                             { NULL, 23, SC__INT4, 0 },
                                             { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select customer_id, number, state, place::text, total from shop.orders"
                 " where state = $1 and number = $2" },
        { .sql = " and customer_id > $3", .need = 0x1 },
        { .sql = " order by customer_id limit $4" },
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_page_by_state_number",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 4,
        .row = &sc__shop_orders_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { &state, &number, after ? &after->customer_id : NULL,
                                   &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

static const struct sc__column sc__shop_orders_page_in_state_number_customer_id_cursor_columns[] = {
    { .name = "state", .type = { &sc__shop_state_enum, 0, SC__ENUM, 0 },
      .row_at = offsetof(struct shop_orders_page_in_state_number_customer_id_cursor, state),
      .new_at = offsetof(struct shop_orders, state) },
    { .name = "number", .type = { NULL, 23, SC__INT4, 0 },
      .row_at = offsetof(struct shop_orders_page_in_state_number_customer_id_cursor, number),
      .new_at = offsetof(struct shop_orders, number) },
    { .name = "customer_id", .type = { NULL, 2950, SC__UUID, 0 },
      .row_at = offsetof(struct shop_orders_page_in_state_number_customer_id_cursor, customer_id),
      .new_at = offsetof(struct shop_orders, customer_id) },
};
static const struct sc__cursor sc__shop_orders_page_in_state_number_customer_id_cursor = {
    .label = "shop_orders_page_in_state_number_customer_id",
    .columns = sc__shop_orders_page_in_state_number_customer_id_cursor_columns, .ncolumns = 3,
    .size = sizeof(struct shop_orders_page_in_state_number_customer_id_cursor),
};

struct shop_orders_page_in_state_number_customer_id_cursor
shop_orders_page_in_state_number_customer_id_cursor_of(const struct shop_orders *row)
{
    struct shop_orders_page_in_state_number_customer_id_cursor cursor = {
        .state = row->state,
        .number = row->number,
        .customer_id = row->customer_id,
    };
    return cursor;
}

enum sc_status shop_orders_page_in_state_number_customer_id_cursor_text(
    const struct shop_orders_page_in_state_number_customer_id_cursor *cursor, char **text,
    struct sc_error *err)
{
    return sc__cursor_text(&sc__shop_orders_page_in_state_number_customer_id_cursor, cursor, text, err);
}

enum sc_status shop_orders_page_in_state_number_customer_id_cursor_parse(
    const char *text, struct shop_orders_page_in_state_number_customer_id_cursor **cursor,
    struct sc_error *err)
{
    return sc__cursor_parse(&sc__shop_orders_page_in_state_number_customer_id_cursor, text, cursor, err);
}

enum sc_status shop_orders_page_in_state_number_customer_id(
    struct sc_db *db, const struct shop_orders_page_in_state_number_customer_id_cursor *after,
    int64_t limit, struct shop_orders **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { &sc__shop_state_enum, 0, SC__ENUM, 0 },
                                             { NULL, 23, SC__INT4, 0 },
                                             { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select customer_id, number, state, place::text, total from shop.orders" },
        { .sql = " where state >= $1 and (state > $1 or (state = $1 and (number < $2 or"
                 " (number = $2 and customer_id > $3))))", .need = 0x1 },
        { .sql = " order by state, number desc, customer_id limit $4" },
    };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_page_in_state_number_customer_id",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 4,
        .row = &sc__shop_orders_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { after ? &after->state : NULL, after ? &after->number : NULL,
                                   after ? &after->customer_id : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}

enum sc_status shop_orders_insert(struct sc_db *db, const struct shop_orders_new *values,
                                  struct shop_orders **row, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "shop_orders_insert",
        .name = "shop.orders",
        .returning = "customer_id, number, state, place::text, total",
        .row = &sc__shop_orders_row, .flags = SC__WRITE,
    };
    return sc__run_insert(db, &insert, values, row, err);
}

enum sc_status shop_orders_insert_many(struct sc_db *db, const struct shop_orders_new *values,
                                       size_t count, struct shop_orders **rows, size_t *n,
                                       struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "shop_orders_insert_many",
        .name = "shop.orders",
        .returning = "customer_id, number, state, place::text, total",
        .row = &sc__shop_orders_row, .flags = SC__WRITE,
    };
    return sc__insert_many(db, &insert, values, sizeof *values, count, rows, n, err);
}

enum sc_status shop_orders_upsert(struct sc_db *db, const struct shop_orders_new *values,
                                  struct shop_orders **row, struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0, 1 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "shop_orders_upsert",
            .name = "shop.orders",
            .returning = "customer_id, number, state, place::text, total",
            .row = &sc__shop_orders_row, .flags = SC__WRITE,
        },
        .target = "(customer_id, number)",
        .key = sc__key_0, .nkey = 2,
    };
    return sc__run_upsert(db, &upsert, values, row, err);
}

enum sc_status shop_orders_upsert_many(struct sc_db *db, const struct shop_orders_new *values,
                                       size_t count, struct shop_orders **rows, size_t *n,
                                       struct sc_error *err)
{
    static const uint16_t sc__key_0[] = { 0, 1 };
    static const struct sc__upsert upsert = {
        .insert = {
            .label = "shop_orders_upsert_many",
            .name = "shop.orders",
            .returning = "customer_id, number, state, place::text, total",
            .row = &sc__shop_orders_row, .flags = SC__WRITE,
        },
        .target = "(customer_id, number)",
        .key = sc__key_0, .nkey = 2, .nunique = 2,
    };
    return sc__upsert_many(db, &upsert, values, sizeof *values, count, rows, n, err);
}

enum sc_status shop_orders_update(struct sc_db *db, struct sc_uuid customer_id, int32_t number,
                                  const struct shop_orders_patch *patch,
                                  struct shop_orders **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 23, SC__INT4, 0 } };
    static const struct sc__update update = {
        .label = "shop_orders_update",
        .name = "shop.orders",
        .where = "where customer_id = $1 and number = $2",
        .returning = "customer_id, number, state, place::text, total",
        .row = &sc__shop_orders_row,
        .key = types, .nkey = 2, .flags = SC__WRITE,
    };
    const void *const params[] = { &customer_id, &number };
    return sc__run_update(db, &update, params, patch, row, err);
}

enum sc_status shop_orders_delete(struct sc_db *db, struct sc_uuid customer_id, int32_t number,
                                  struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 23, SC__INT4, 0 } };
    static const struct sc__stmt stmt = {
        .label = "shop_orders_delete",
        .sql = "delete from shop.orders where customer_id = $1 and number = $2",
        .params = types, .nparams = 2,
        .want = SC__WANT_TOUCH, .flags = SC__WRITE,
    };
    const void *const params[] = { &customer_id, &number };
    return sc__run(db, &stmt, 0, params, NULL, NULL, err);
}

enum sc_status shop_orders_load(struct sc_db *db, const struct shop_orders_new *values,
                                size_t count, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "shop_orders_load",
        .name = "shop.orders",
        .row = &sc__shop_orders_row, .flags = SC__WRITE,
    };
    return sc__load(db, &insert, values, sizeof *values, count, err);
}

struct sc__shop_orders_source {
    int (*next)(void *arg, struct shop_orders_new *row);
    void *arg;
};

static int sc__shop_orders_pull(void *source, void *row)
{
    const struct sc__shop_orders_source *from = source;
    return from->next(from->arg, row);
}

enum sc_status shop_orders_load_from(struct sc_db *db,
                                     int (*next)(void *arg, struct shop_orders_new *row),
                                     void *arg, int64_t *n, struct sc_error *err)
{
    static const struct sc__insert insert = {
        .label = "shop_orders_load_from",
        .name = "shop.orders",
        .row = &sc__shop_orders_row, .flags = SC__WRITE,
    };
    struct sc__shop_orders_source source = { next, arg };
    const struct sc__supply rows = {
        .next = sc__shop_orders_pull, .arg = &source, .size = sizeof(struct shop_orders_new),
    };
    return sc__load_from(db, &insert, &rows, n, err);
}

enum sc_status shop_orders_scan(struct sc_db *db, struct sc_stream **stream,
                                struct sc_error *err)
{
    static const struct sc__scan scan = {
        .label = "shop_orders_scan",
        .select = "select customer_id, number, state, place::text, total from shop.orders",
        .row = &sc__shop_orders_row,
    };
    return sc__run_scan(db, &scan, stream, err);
}

enum sc_status shop_biggest(struct sc_db *db, const struct shop_biggest_args *args,
                            struct shop_orders **row, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 20, SC__INT8, SC__NULLABLE } };
    static const struct sc__piece pieces[] = {
        { .sql = "select customer_id, number, state, place::text, total from shop.orders"
                 " where true" },
        { .sql = " and total > $1", .need = 0x1 },
        { .sql = " order by " },
        { .sql = "total desc", .choice = 1, .pick = 0 },
        { .sql = "number asc", .choice = 1, .pick = 1 },
        { .sql = " limit 1" },
    };
    static const struct sc__stmt stmt = {
        .label = "shop_biggest",
        .pieces = pieces, .npieces = 6,
        .params = types, .nparams = 1,
        .row = &sc__shop_orders_row,
        .want = SC__WANT_MAYBE,
    };
    const void *const params[] = { &args->least };
    uint64_t variant = SC__GIVEN(0, sc_has(args->least))
                       | SC__PICK(0, args->by);
    return sc__run(db, &stmt, variant, params, row, NULL, err);
}
