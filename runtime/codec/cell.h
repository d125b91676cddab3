/* cell.h: a cell of a single row into its struct, by its kind: the quick kinds at once,
 * all others by decode_any. Included once, by a file that has said what a cell is there:
 *
 *     struct cell { const struct sc__type *type; const char *from; char *out; ... }
 *     decode_any(cell)     every kind, NULLs and wrong lengths
 *     cell_length(cell)    of the value
 *     cell_is_null(cell)   asked where the length, or an empty text, leaves it open
 *
 * A cell is passed by value, so that all of it stays in registers. Arrays are not for here. */
#ifndef SC_CODEC_CELL_H
#define SC_CODEC_CELL_H
#include "fixed.h"

#define INLINED SC__INLINED const struct sc__fault *
typedef void load(void *out, const char *from);

INLINED take_fixed(struct cell cell, int bytes, size_t value_at, size_t size,
                   load *load_one)
{
    const enum sc_is is = SC_IS_VALUE, null = SC_IS_NULL;
    const bool nullable = (cell.type->flags & SC__NULLABLE) != 0;
    if (cell_length(cell) != bytes) {
        if (!nullable || !cell_is_null(cell)) {
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

/* Every value ends with a NUL. */
INLINED take_text(struct cell cell)
{
    if (cell_is_null(cell)) {
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

#endif
