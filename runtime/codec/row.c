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
