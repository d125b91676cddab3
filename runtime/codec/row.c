/* row.c: a result of one row into one struct: the point read, where setting up a
 * loop a column would cost more than the row. It allocates nothing and knows no statement. */
#include "private.h"
#include <libpq-fe.h>
#include <string.h>

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

SC__INLINED int cell_length(struct cell cell)
{
    return PQgetlength(cell.result, 0, cell.number);
}

/* libpq gives "" for NULL. */
SC__INLINED bool cell_is_null(struct cell cell)
{
    return *cell.from == '\0' && PQgetisnull(cell.result, 0, cell.number);
}

#include "cell.h"

/* A kind of `bytes` bytes; the others are those of its struct sc_maybe_x. */
struct fixed {
    int bytes;
    size_t value_at;
    size_t size;
    load *load;
};
#define FIXED_FORM(bytes, maybe)                                       \
    (struct fixed)                                                     \
    {                                                                  \
        bytes, offsetof(maybe, value), sizeof(maybe), sc__load_##bytes \
    }

/* The member that a column becomes, reckoned anew after each call into libpq: that costs
 * less than keeping it. */
SC__INLINED char *member_of(void *row, const struct sc__column *column)
{
    return (char *)row + column->row_at;
}

SC__INLINED bool is_nullable(const struct sc__column *column)
{
    return (column->type.flags & SC__NULLABLE) != 0;
}

/* What most columns are, at once. False: the cell is no good, see take_other. */
SC__INLINED bool take_common_text(const PGresult *result, int number,
                                  const struct sc__column *column, void *out)
{
    const char *text = PQgetvalue(result, 0, number);
    if (*text == '\0' && PQgetisnull(result, 0, number)) { /* "" for NULL */
        if (!is_nullable(column)) {
            return false;
        }
        text = NULL;
    }
    memcpy(member_of(out, column), &text, sizeof text);
    return true;
}

SC__INLINED bool take_common_fixed(const PGresult *result, int number,
                                   const struct sc__column *column, void *out,
                                   const struct fixed fixed)
{
    const enum sc_is is = SC_IS_VALUE, null = SC_IS_NULL;
    if (PQgetlength(result, 0, number) == fixed.bytes) {
        const char *from = PQgetvalue(result, 0, number);
        char *member = member_of(out, column);
        if (is_nullable(column)) {
            memcpy(member, &is, sizeof is);
            member += fixed.value_at;
        }
        fixed.load(member, from);
        return true;
    }
    if (!is_nullable(column) || !PQgetisnull(result, 0, number)) {
        return false;
    }
    memset(member_of(out, column), 0, fixed.size); /* the padding, too */
    memcpy(member_of(out, column), &null, sizeof null);
    return true;
}

SC__INLINED bool take_common(const PGresult *result, int number,
                             const struct sc__column *column, void *out)
{
    const unsigned kind = column->type.kind;
    const unsigned eights = 1u << SC__INT8 | 1u << SC__FLOAT8 | 1u << SC__TIME |
                            1u << SC__TIMESTAMP | 1u << SC__TIMESTAMPTZ;
    const unsigned fours = 1u << SC__INT4 | 1u << SC__OID | 1u << SC__FLOAT4 |
                           1u << SC__DATE;
    if (kind == SC__TEXT) {
        return take_common_text(result, number, column, out);
    }
    if (eights >> kind & 1) {
        return take_common_fixed(result, number, column, out,
                                 FIXED_FORM(8, struct sc_maybe_int8));
    }
    return (fours >> kind & 1) &&
           take_common_fixed(result, number, column, out,
                             FIXED_FORM(4, struct sc_maybe_int4));
}

/* Any kind, and what is wrong with a cell. */
SC__ALONE const struct sc__fault *take_other(const PGresult *result, int number,
                                             const struct sc__column *column, void *out)
{
    return take((struct cell){ .result = result,
                               .type = &column->type,
                               .number = number,
                               .from = PQgetvalue(result, 0, number),
                               .out = member_of(out, column) });
}

const struct sc__fault *sc__decode_row(const struct pg_result *result,
                                       const struct sc__row *row, int first, void *out,
                                       int *bad)
{
    const struct sc__column *column = row->columns;
    const int end = first + row->ncolumns;
    for (int number = first; number < end; number++, column++) {
        if (SC__MOSTLY(take_common(result, number, column, out))) {
            continue;
        }
        const struct sc__fault *fault = take_other(result, number, column, out);
        if (fault != NULL) {
            *bad = number - first;
            return fault;
        }
    }
    return NULL;
}
