/* codec_row.c: a result of one row into one struct: the point read, where setting up a
 * loop a column would cost more than the row. It allocates nothing and knows no statement. */
#include "codec_fixed.h"
#include <libpq-fe.h>

/* A cell and where it goes; passed by value, so that all of it stays in registers. */
struct cell {
    const PGresult *result;
    const struct sc__type *type;
    int number; /* of the result's column */
    const char *from;
    char *out;
};

/* Every kind, NULLs and wrong lengths, by the way that cursors and tests go too. */
static const struct sc__fault *decode_any(struct cell cell)
{
    struct sc__bytes bytes = { cell.from, PQgetlength(cell.result, 0, cell.number) };
    char *no_tail = NULL;
    if (bytes.length == 0 && PQgetisnull(cell.result, 0, cell.number)) {
        bytes.length = -1;
    }
    return sc__decode_value(cell.type, bytes, cell.out, &no_tail);
}

#define INLINED SC__INLINED const struct sc__fault *
typedef void load(void *out, const char *from);

INLINED take_fixed(struct cell cell, int bytes, size_t value_at, size_t size,
                   load *load_one)
{
    const enum sc_is is = SC_IS_VALUE, null = SC_IS_NULL;
    const bool nullable = (cell.type->flags & SC__NULLABLE) != 0;
    if (PQgetlength(cell.result, 0, cell.number) != bytes) {
        if (!nullable || !PQgetisnull(cell.result, 0, cell.number)) {
            return decode_any(cell);
        }
        memset(cell.out, 0, size);
        memcpy(cell.out, &null, sizeof null);
        return NULL;
    }
    if (nullable) {
        memcpy(cell.out, &is, sizeof is);
        cell.out += value_at;
    }
    load_one(cell.out, cell.from);
    return NULL;
}

#define TAKE(name, bytes, maybe)                                              \
    INLINED take_##name(struct cell cell)                                     \
    {                                                                         \
        return take_fixed(cell, bytes, offsetof(maybe, value), sizeof(maybe), \
                          sc__load_##name);                                   \
    }
SC__FIXED_KINDS(TAKE)
#undef TAKE

/* libpq ends every value with a NUL and gives "" for NULL. */
INLINED take_text(struct cell cell)
{
    if (*cell.from == '\0' && PQgetisnull(cell.result, 0, cell.number)) {
        if (!(cell.type->flags & SC__NULLABLE)) {
            return &sc__came_null;
        }
        cell.from = NULL;
    }
    memcpy(cell.out, &cell.from, sizeof cell.from);
    return NULL;
}

INLINED take(struct cell cell)
{
    if (cell.type->kind == SC__TEXT) { /* most are */
        return take_text(cell);
    }
    switch ((enum sc__kind)cell.type->kind) {
    case SC__INT8:
    case SC__FLOAT8:
    case SC__TIME:
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ:
        return take_8(cell);
    case SC__INT4:
    case SC__OID:
    case SC__FLOAT4:
    case SC__DATE:
        return take_4(cell);
    case SC__INT2:
        return take_2(cell);
    case SC__BOOL:
        return take_bool(cell);
    case SC__UUID:
        return take_uuid(cell);
    case SC__TIMETZ:
        return take_timetz(cell);
    case SC__INTERVAL:
        return take_interval(cell);
    case SC__TEXT:
    case SC__NUMERIC:
    case SC__JSONB:
    case SC__BYTEA:
    case SC__INET:
    case SC__ENUM:
        return decode_any(cell);
    }
    return decode_any(cell);
}

const struct sc__fault *sc__decode_row(const struct pg_result *result,
                                       const struct sc__row *row, int first, void *out,
                                       int *bad)
{
    const struct sc__column *column = row->columns;
    const struct sc__column *last = column + row->ncolumns;
    for (int number = first; column < last; column++, number++) {
        const struct sc__fault *fault = take(
            (struct cell){ .result = result,
                           .type = &column->type,
                           .number = number,
                           .from = PQgetvalue(result, 0, number),
                           .out = (char *)out + column->row_at });
        if (fault != NULL) {
            *bad = number - first;
            return fault;
        }
    }
    return NULL;
}
