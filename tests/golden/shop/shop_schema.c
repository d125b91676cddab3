/* Written by schemac from shop.schema: do not edit. */
#include "shop_schema.h"

extern const char *const sc__shop_schema_abi;
const char *const sc__shop_schema_abi = &sc__abi_1;

static const char *const sc__shop_state_labels[] = {
    "placed", "in transit", "delivered",
};
const struct sc__enum sc__shop_state_enum = {
    .type = "shop.state",
    .labels = sc__shop_state_labels,
    .nlabels = 3,
};

const char *shop_state_text(enum shop_state value)
{
    return sc__label(&sc__shop_state_enum, value);
}

enum shop_state shop_state_parse(const char *label)
{
    return (enum shop_state)sc__label_value(&sc__shop_state_enum, label);
}

static const struct sc__column sc__shop_states_value_column = {
    .name = "value", .type = { &sc__shop_state_enum, 0, SC__ENUM, 0 },
};
static const struct sc__row sc__shop_states_value = {
    .columns = &sc__shop_states_value_column, .ncolumns = 1, .size = sizeof(enum shop_state),
};

static const struct sc__stmt sc__shop_states_stmt = {
    .label = "shop_states",
    .sql = "select state from shop.orders",
    .row = &sc__shop_states_value,
    .want = SC__WANT_MANY,
};

enum sc_status shop_states(struct sc_db *db, enum shop_state **values, size_t *n,
                           struct sc_error *err)
{
    return sc__run(db, &sc__shop_states_stmt, 0, NULL, values, n, err);
}

enum sc_status shop_states_take(struct sc_batch *batch, size_t item, enum shop_state **values,
                                size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__shop_states_value, values, n, err);
}

enum sc_status shop_states_stream(struct sc_db *db, struct sc_stream **stream,
                                  struct sc_error *err)
{
    return sc__stream(db, &sc__shop_states_stmt, 0, NULL, stream, err);
}

enum sc_status shop_states_next(struct sc_stream *stream, enum shop_state **value,
                                struct sc_error *err)
{
    return sc__next(stream, &sc__shop_states_value, value, err);
}

static const struct sc__column sc__shop_spent_columns[] = {
    { .name = "number",
      .type = { NULL, 23, SC__INT4, 0 },
      .row_at = offsetof(struct shop_spent_row, number) },
    { .name = "total",
      .type = { NULL, 20, SC__INT8, SC__NULLABLE },
      .row_at = offsetof(struct shop_spent_row, total) },
};
const struct sc__row sc__shop_spent_row = {
    .columns = sc__shop_spent_columns, .ncolumns = 2,
    .size = sizeof(struct shop_spent_row),
};

void shop_spent_free(struct shop_spent_row *rows)
{
    sc_free(rows);
}

enum sc_status shop_spent_take(struct sc_batch *batch, size_t item,
                               struct shop_spent_row **rows, size_t *n, struct sc_error *err)
{
    return sc__take(batch, item, &sc__shop_spent_row, rows, n, err);
}

enum sc_status shop_spent_next(struct sc_stream *stream, struct shop_spent_row **row,
                               struct sc_error *err)
{
    return sc__next(stream, &sc__shop_spent_row, row, err);
}

static const struct sc__column sc__shop_spent_cursor_columns[] = {
    { .name = "number", .type = { NULL, 23, SC__INT4, 0 },
      .row_at = offsetof(struct shop_spent_cursor, number),
      .new_at = offsetof(struct shop_spent_row, number) },
};
static const struct sc__cursor sc__shop_spent_cursor = {
    .label = "shop_spent",
    .columns = sc__shop_spent_cursor_columns, .ncolumns = 1,
    .size = sizeof(struct shop_spent_cursor),
};

struct shop_spent_cursor shop_spent_cursor_of(const struct shop_spent_row *row)
{
    struct shop_spent_cursor cursor = {
        .number = row->number,
    };
    return cursor;
}

enum sc_status shop_spent_cursor_text(const struct shop_spent_cursor *cursor, char **text,
                                      struct sc_error *err)
{
    return sc__cursor_text(&sc__shop_spent_cursor, cursor, text, err);
}

enum sc_status shop_spent_cursor_parse(const char *text, struct shop_spent_cursor **cursor,
                                       struct sc_error *err)
{
    return sc__cursor_parse(&sc__shop_spent_cursor, text, cursor, err);
}

enum sc_status shop_spent(struct sc_db *db, struct sc_uuid customer_id,
                          const struct shop_spent_cursor *after, int64_t limit,
                          struct shop_spent_row **rows, size_t *n, struct sc_error *err)
{
    static const struct sc__type types[] = { { NULL, 2950, SC__UUID, 0 },
                                             { NULL, 23, SC__INT4, 0 },
                                             { NULL, 20, SC__INT8, 0 } };
    static const struct sc__piece pieces[] = {
        { .sql = "select number, total from (select number, total from shop.orders where"
                 " customer_id = $1) as page(number, total)" },
        { .sql = " where number > $2", .need = 0x1 },
        { .sql = " order by number limit $3" },
    };
    static const struct sc__stmt stmt = {
        .label = "shop_spent",
        .pieces = pieces, .npieces = 3,
        .params = types, .nparams = 3,
        .row = &sc__shop_spent_row,
        .want = SC__WANT_MANY,
    };
    const void *const params[] = { &customer_id, after ? &after->number : NULL, &limit };
    uint64_t variant = SC__GIVEN(0, after != NULL);
    return sc__run(db, &stmt, variant, params, rows, n, err);
}
