/* copied.c: a row of COPY BINARY out into a struct; allocates nothing and knows no
 * statement.
 *
 * Each value is ended by a NUL where it stands: over the first byte of the length word
 * behind it, which has been read by then. Source of the form: PostgreSQL 15,
 * src/backend/commands/copyto.c; a row is one message (protocol 3, "COPY Operations"). */
#include "copied.h"
#include "runtime/bytes.h"
#include "private.h"
#include <string.h>

static const struct sc__fault is_cut = { SC_SCHEMA_MISMATCH,
                                         "is not whole in its row of the COPY" };
static const struct sc__fault is_more = { SC_SCHEMA_MISMATCH,
                                          "is followed by more than the row has" };

enum { HEAD_SIZE = 19, COUNT_SIZE = 2, LENGTH_SIZE = 4 };
static const char head[] = "PGCOPY\n\377\r\n";

/* ---- around a row ----------------------------------------------------------------------- */

/* Gives where the row's values begin; NULL: it is none, or *fault says why. */
static char *open_row(char *at, const char *end, const struct sc__row *row,
                      const struct sc__fault **fault)
{
    *fault = NULL;
    if (SC__MOSTLY(end - at > COUNT_SIZE && sc__get16(at) == row->ncolumns)) {
        return at + COUNT_SIZE;
    }
    if (end - at >= HEAD_SIZE && memcmp(at, head, sizeof head - 1) == 0) {
        uint32_t more = sc__get32(at + HEAD_SIZE - LENGTH_SIZE);
        at += HEAD_SIZE;
        if (more > (uint32_t)(end - at)) {
            *fault = &is_cut;
            return NULL;
        }
        at += more;
    }
    bool is_end = end - at == COUNT_SIZE && sc__get16(at) == UINT16_MAX;
    if (at == end || is_end) {
        return NULL;
    }
    if (end - at < COUNT_SIZE) {
        *fault = &is_cut;
    } else if (sc__get16(at) != row->ncolumns) {
        *fault = &is_more;
    }
    return *fault == NULL ? at + COUNT_SIZE : NULL;
}

/* Of the values of a row that begins there, once it has been found whole. */
static size_t values_size(const char *at, const char *end, const struct sc__row *row)
{
    return (size_t)(end - at) - (size_t)LENGTH_SIZE * row->ncolumns;
}

/* ---- cells ---------------------------------------------------------------------------- */

/* Where a value begins and how long it is; to its end. NULL: it is not whole. */
static const char *read_length(const char *at, const char *end, int *length)
{
    if (end - at < LENGTH_SIZE) {
        return NULL;
    }
    uint32_t size = sc__get32(at);
    at += LENGTH_SIZE;
    *length = size == UINT32_MAX ? -1 : (int)size;
    if (size == UINT32_MAX) {
        return at;
    }
    return size <= SC__VALUE_MAX && (ptrdiff_t)size <= end - at ? at : NULL;
}

static const struct sc__fault *find_cells(char *at, const char *end,
                                          const struct sc__row *row,
                                          struct sc__bytes *cells, int *bad)
{
    char *ends = NULL; /* of the value before */
    int last = row->ncolumns;
    for (*bad = 0; *bad < last; (*bad)++, cells++) {
        int length;
        const char *value = read_length(at, end, &length);
        if (value == NULL) {
            return &is_cut;
        }
        if (ends != NULL) {
            *ends = '\0';
        }
        at += LENGTH_SIZE + (length > 0 ? length : 0);
        *cells = (struct sc__bytes){ value, length };
        ends = at;
    }
    if (at != end) {
        (*bad)--;
        return &is_more;
    }
    return NULL; /* the last one ends with libpq's NUL */
}

const struct sc__fault *sc__copied_cells(char *data, size_t size,
                                         const struct sc__row *row,
                                         struct sc__bytes *cells,
                                         struct sc__copied *out)
{
    const struct sc__fault *fault;
    char *at = open_row(data, data + size, row, &fault);
    out->bad = 0;
    out->is_row = at != NULL;
    if (at == NULL) {
        return fault;
    }
    out->size = values_size(at, data + size, row);
    return find_cells(at, data + size, row, cells, &out->bad);
}

const struct sc__fault *sc__copied_size(const struct sc__row *row,
                                        const struct sc__bytes *cells,
                                        struct sc__copied *out)
{
    const struct sc__column *column = row->columns;
    out->tail = 0;
    for (int i = 0; i < row->ncolumns; i++, column++) {
        const struct sc__fault *fault = NULL;
        if (sc__is_array(&column->type) || column->type.kind == SC__NUMERIC) {
            fault = sc__decode_value_size(&column->type, cells[i], &out->tail);
        }
        if (fault != NULL) {
            out->bad = i;
            return fault;
        }
    }
    return NULL;
}

/* ---- values --------------------------------------------------------------------------- */

struct cell {
    const struct sc__type *type;
    const char *from;
    int length; /* -1: NULL */
    char *out;
    char **tail;
};

/* Every kind, NULLs and wrong lengths, by the way that cursors and tests go too. */
SC__ALONE const struct sc__fault *decode_any(struct cell cell)
{
    struct sc__bytes bytes = { cell.from, cell.length };
    return sc__decode_value(cell.type, bytes, cell.out, cell.tail);
}

SC__INLINED int cell_length(struct cell cell)
{
    return cell.length;
}

SC__INLINED bool cell_is_null(struct cell cell)
{
    return cell.length < 0;
}

#include "cell.h"

INLINED take_any(struct cell cell)
{
    return cell.type->flags & SC__ARRAY ? decode_any(cell) : take(cell);
}

const struct sc__fault *sc__copied_row(const struct sc__row *row,
                                       const struct sc__bytes *cells, void *struct_,
                                       char *tail, int *bad)
{
    const struct sc__column *column = row->columns;
    for (int i = 0; i < row->ncolumns; i++, column++) {
        const struct sc__fault *fault = take_any(
            (struct cell){ .type = &column->type,
                           .from = cells[i].data,
                           .length = cells[i].length,
                           .out = (char *)struct_ + column->row_at,
                           .tail = &tail });
        if (fault != NULL) {
            *bad = i;
            return fault;
        }
    }
    return NULL;
}

/* The same of a value that is there, and needs no tail. */
INLINED take_value(const struct sc__type *type, const char *value, int length,
                   char *out)
{
    if (type->kind == SC__TEXT) { /* most are */
        memcpy(out, &value, sizeof value);
        return NULL;
    }
    char *no_tail = NULL;
    return take_any((struct cell){ type, value, length, out, &no_tail });
}

INLINED take_null(const struct sc__type *type, char *out)
{
    const char *none = NULL;
    if (type->kind == SC__TEXT && type->flags & SC__NULLABLE) {
        memcpy(out, &none, sizeof none);
        return NULL;
    }
    char *no_tail = NULL;
    return take_any((struct cell){ type, NULL, -1, out, &no_tail });
}

const struct sc__fault *sc__copied_flat(char *data, size_t size,
                                        const struct sc__row *row, void *struct_,
                                        struct sc__copied *out)
{
    const struct sc__fault *fault;
    char *const end = data + size, *at = open_row(data, end, row, &fault);
    out->is_row = at != NULL;
    out->bad = 0;
    if (at == NULL) {
        return fault;
    }
    out->size = values_size(at, end, row);
    const struct sc__column *column = row->columns, *last = column + row->ncolumns;
    for (; column != last && fault == NULL; column++) {
        char *to = (char *)struct_ + column->row_at;
        if (end - at < LENGTH_SIZE) {
            fault = &is_cut;
            continue;
        }
        uint32_t length = sc__get32(at);
        *at = '\0'; /* behind the value before */
        at += LENGTH_SIZE;
        if (SC__MOSTLY(length <= (size_t)(end - at))) {
            fault = take_value(&column->type, at, (int)length, to);
            at += length;
        } else {
            fault = length == UINT32_MAX ? take_null(&column->type, to) : &is_cut;
        }
    }
    if (fault == NULL && at != end) {
        fault = &is_more;
    }
    out->bad = (int)(column - row->columns) - 1;
    return fault;
}
