/* row.c: a row of a result into one struct: the point read, and the few rows for which setting
 * up a loop a column would cost more than they do. It allocates nothing and knows no statement. */
#include "private.h"
#include <libpq-fe.h>
#include <string.h>

struct cell {
    const PGresult *result;
    int at; /* the row */
    const struct sc__type *type;
    int number; /* of the result's column */
    const char *from;
    char *out;
};

/* Every kind, NULLs and wrong lengths, by the way that cursors and tests go too. */
static const struct sc__fault *decode_any(struct cell cell)
{
    struct sc__bytes bytes = { cell.from,
                               PQgetlength(cell.result, cell.at, cell.number) };
    char *no_tail = NULL;
    if (bytes.length == 0 && PQgetisnull(cell.result, cell.at, cell.number)) {
        bytes.length = -1;
    }
    return sc__decode_value(cell.type, bytes, cell.out, &no_tail);
}

SC__INLINED int cell_length(struct cell cell)
{
    return PQgetlength(cell.result, cell.at, cell.number);
}

/* libpq gives "" for NULL. */
SC__INLINED bool cell_is_null(struct cell cell)
{
    return *cell.from == '\0' && PQgetisnull(cell.result, cell.at, cell.number);
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
SC__INLINED bool take_common_text(const PGresult *result, int at, int number,
                                  const struct sc__column *column, void *out)
{
    const char *text = PQgetvalue(result, at, number);
    if (*text == '\0' && PQgetisnull(result, at, number)) { /* "" for NULL */
        if (!is_nullable(column)) {
            return false;
        }
        text = NULL;
    }
    memcpy(member_of(out, column), &text, sizeof text);
    return true;
}

SC__INLINED bool take_common_fixed(const PGresult *result, int at, int number,
                                   const struct sc__column *column, void *out,
                                   const struct fixed fixed)
{
    const enum sc_is is = SC_IS_VALUE, null = SC_IS_NULL;
    if (PQgetlength(result, at, number) == fixed.bytes) {
        const char *from = PQgetvalue(result, at, number);
        char *member = member_of(out, column);
        if (is_nullable(column)) {
            memcpy(member, &is, sizeof is);
            member += fixed.value_at;
        }
        fixed.load(member, from);
        return true;
    }
    if (!is_nullable(column) || !PQgetisnull(result, at, number)) {
        return false;
    }
    memset(member_of(out, column), 0, fixed.size); /* the padding, too */
    memcpy(member_of(out, column), &null, sizeof null);
    return true;
}

SC__INLINED bool take_common(const PGresult *result, int at, int number,
                             const struct sc__column *column, void *out)
{
    const unsigned kind = column->type.kind;
    const unsigned eights = 1u << SC__INT8 | 1u << SC__FLOAT8 | 1u << SC__TIME |
                            1u << SC__TIMESTAMP | 1u << SC__TIMESTAMPTZ;
    const unsigned fours = 1u << SC__INT4 | 1u << SC__OID | 1u << SC__FLOAT4 |
                           1u << SC__DATE;
    if (kind == SC__TEXT) {
        return take_common_text(result, at, number, column, out);
    }
    if (eights >> kind & 1) {
        return take_common_fixed(result, at, number, column, out,
                                 FIXED_FORM(8, struct sc_maybe_int8));
    }
    return (fours >> kind & 1) &&
           take_common_fixed(result, at, number, column, out,
                             FIXED_FORM(4, struct sc_maybe_int4));
}

/* Any kind, and what is wrong with a cell. */
SC__ALONE const struct sc__fault *take_other(const PGresult *result, int at, int number,
                                             const struct sc__column *column, void *out)
{
    return take((struct cell){ .result = result,
                               .at = at,
                               .type = &column->type,
                               .number = number,
                               .from = PQgetvalue(result, at, number),
                               .out = member_of(out, column) });
}

SC__INLINED const struct sc__fault *decode(const PGresult *result, int at,
                                           const struct sc__row *row, int first,
                                           void *out, int *bad)
{
    const struct sc__column *column = row->columns;
    const int end = first + row->ncolumns;
    for (int number = first; number < end; number++, column++) {
        if (SC__MOSTLY(take_common(result, at, number, column, out))) {
            continue;
        }
        const struct sc__fault *fault = take_other(result, at, number, column, out);
        if (fault != NULL) {
            *bad = number - first;
            return fault;
        }
    }
    return NULL;
}

const struct sc__fault *sc__decode_row(const struct pg_result *result,
                                       const struct sc__row *row, int first, void *out,
                                       int *bad)
{
    return decode(result, 0, row, first, out, bad);
}

const struct sc__fault *sc__decode_few(struct sc__result *in, void *rows)
{
    const int count = PQntuples(in->result);
    char *out = rows;
    for (int at = 0; at < count; at++, out += in->stride) {
        const struct sc__fault *fault = decode(in->result, at, in->row, in->first, out,
                                               &in->bad);
        if (fault != NULL) {
            return fault;
        }
    }
    return NULL;
}
