/* codec_copied.c: a row of COPY BINARY out into a struct; allocates nothing and knows no
 * statement.
 *
 * Each value is ended by a NUL where it stands: over the first byte of the length word
 * behind it, which has been read by then. Source of the form: PostgreSQL 15,
 * src/backend/commands/copyto.c; a row is one message (protocol 3, "COPY Operations"). */
#include "codec_copied.h"
#include "codec_fixed.h"

static const struct sc__fault is_cut = { SC_SCHEMA_MISMATCH,
                                         "is not whole in its row of the COPY" };
static const struct sc__fault is_more = { SC_SCHEMA_MISMATCH,
                                          "is followed by more than the row has" };

enum { HEAD_SIZE = 19, COUNT_SIZE = 2, LENGTH_SIZE = 4 };
static const char head[] = "PGCOPY\n\377\r\n";

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
    char *at = data;
    const char *end = data + size;
    out->bad = 0;
    out->is_row = false;
    if (size >= HEAD_SIZE && memcmp(at, head, sizeof head - 1) == 0) {
        uint32_t more = sc__get32(at + HEAD_SIZE - LENGTH_SIZE);
        at += HEAD_SIZE;
        if (more > (uint32_t)(end - at)) {
            return &is_cut;
        }
        at += more;
    }
    if (at == end) {
        return NULL;
    }
    if (end - at < COUNT_SIZE) {
        return &is_cut;
    }
    uint16_t count = sc__get16(at);
    if (count == UINT16_MAX && end - at == COUNT_SIZE) { /* the end of the COPY */
        return NULL;
    }
    if (count != row->ncolumns) {
        return &is_more;
    }
    out->is_row = true;
    return find_cells(at + COUNT_SIZE, end, row, cells, &out->bad);
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

/* A cell and where it goes; passed by value, so that all of it stays in registers. */
struct cell {
    const struct sc__type *type;
    struct sc__bytes from;
    char *out;
    char **tail;
};

/* Every kind, NULLs and wrong lengths, by the way that cursors and tests go too. */
static const struct sc__fault *decode_any(struct cell cell)
{
    return sc__decode_value(cell.type, cell.from, cell.out, cell.tail);
}

#define INLINED SC__INLINED const struct sc__fault *
typedef void load(void *out, const char *from);

INLINED take_fixed(struct cell cell, int bytes, size_t value_at, load *load_one)
{
    const enum sc_is is = SC_IS_VALUE;
    if (cell.from.length != bytes) {
        return decode_any(cell);
    }
    if (cell.type->flags & SC__NULLABLE) {
        memcpy(cell.out, &is, sizeof is);
        cell.out += value_at;
    }
    load_one(cell.out, cell.from.data);
    return NULL;
}

#define TAKE(name, bytes, maybe)                                                 \
    INLINED take_##name(struct cell cell)                                        \
    {                                                                            \
        return take_fixed(cell, bytes, offsetof(maybe, value), sc__load_##name); \
    }
SC__FIXED_KINDS(TAKE)
#undef TAKE

INLINED take_text(struct cell cell)
{
    if (cell.from.length < 0) {
        return decode_any(cell);
    }
    memcpy(cell.out, &cell.from.data, sizeof cell.from.data);
    return NULL;
}

INLINED take(struct cell cell)
{
    if (cell.type->flags & SC__ARRAY) {
        return decode_any(cell);
    }
    switch ((enum sc__kind)cell.type->kind) {
    case SC__TEXT:
        return take_text(cell);
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
    case SC__NUMERIC:
    case SC__JSONB:
    case SC__BYTEA:
    case SC__INET:
    case SC__ENUM:
        return decode_any(cell);
    }
    return decode_any(cell);
}

const struct sc__fault *sc__copied_row(const struct sc__row *row,
                                       const struct sc__bytes *cells, void *struct_,
                                       char *tail, int *bad)
{
    const struct sc__column *column = row->columns;
    for (int i = 0; i < row->ncolumns; i++, column++) {
        const struct sc__fault *fault = take(
            (struct cell){ .type = &column->type,
                           .from = cells[i],
                           .out = (char *)struct_ + column->row_at,
                           .tail = &tail });
        if (fault != NULL) {
            *bad = i;
            return fault;
        }
    }
    return NULL;
}
