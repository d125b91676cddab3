/* rows_fuzz.c: whole results of a hostile server: columns of other numbers, formats and types
 * than were described, rows that are cut, NULLs where none may be, related rows in any order,
 * and what comes as COPY.
 *
 * Input: how it is read, the columns that are expected (kind, flags), those that come (how
 * many, their format), then cells: a length (255: NULL) and bytes. What is accepted is read
 * to its last byte. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/codec/copied.h"
#include "runtime/call/results.h"
#include "runtime/sc_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_COLUMNS = 6, MOST_ROWS = 12, FORM_ROOM = 64, RESULTS = 2 };

static const char *const labels[] = { "a", "bc", "" };
static const struct sc__enum label_set = { "t", labels, 3 };

struct input {
    const uint8_t *at;
    size_t left;
};

static unsigned next_byte(struct input *in)
{
    if (in->left == 0) {
        return 0;
    }
    in->left--;
    return *in->at++;
}

/* ---- what is expected ---------------------------------------------------------------------- */

struct expected {
    struct sc__column columns[MOST_COLUMNS];
    struct sc__row row;
};

static bool is_flat(const struct sc__type *type)
{
    return type->kind != SC__NUMERIC && !(type->flags & SC__ARRAY);
}

static void read_expected(struct input *in, struct expected *to, bool flat)
{
    memset(to, 0, sizeof(*to));
    to->row.columns = to->columns;
    to->row.ncolumns = (uint16_t)(1 + next_byte(in) % MOST_COLUMNS);
    to->row.size = (uint16_t)(FORM_ROOM * (to->row.ncolumns + 1));
    for (uint16_t i = 0; i < to->row.ncolumns; i++) {
        struct sc__column *column = &to->columns[i];
        column->name = column->sql = "c";
        column->row_at = (uint16_t)(FORM_ROOM * i);
        column->type.labels = &label_set;
        column->type.kind = (uint8_t)(1 + next_byte(in) % SC__ENUM);
        column->type.flags = next_byte(in) & (SC__ARRAY | SC__NULLABLE);
        if (flat && !is_flat(&column->type)) {
            column->type.kind = SC__TEXT;
            column->type.flags &= SC__NULLABLE;
        }
    }
}

/* ---- what comes ------------------------------------------------------------------------------ */

static PGresult *read_result(struct input *in)
{
    static char name[] = "c";
    PGresAttDesc columns[MOST_COLUMNS + 2];
    int ncolumns = (int)(next_byte(in) % (MOST_COLUMNS + 2));
    int nrows = (int)(next_byte(in) % MOST_ROWS);
    unsigned formats = next_byte(in);
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    for (int i = 0; i < ncolumns; i++) {
        static const Oid types[] = { 25, 1042, 1700, 20 };
        columns[i] = (PGresAttDesc){ .name = name,
                                     .format = !(formats & 1u << i),
                                     .typid = types[formats >> 6],
                                     .typlen = -1,
                                     .atttypmod = -1 };
    }
    if (!result || (ncolumns && !PQsetResultAttrs(result, ncolumns, columns))) {
        abort();
    }
    for (int r = 0; r < nrows && ncolumns; r++) {
        for (int c = 0; c < ncolumns; c++) {
            char cell[256];
            int length = (int)next_byte(in);
            for (int b = 0; length < 255 && b < length; b++) {
                cell[b] = (char)next_byte(in);
            }
            if (!PQsetvalue(result, r, c, length == 255 ? NULL : cell,
                            length == 255 ? -1 : length)) {
                abort();
            }
        }
    }
    return result;
}

/* ---- what was accepted ------------------------------------------------------------------------- */

/* Encoding reads all of a value. */
static void read_struct(const struct sc__row *row, const char *struct_)
{
    struct sc__scratch scratch;
    sc__scratch_init(&scratch, NULL, 0);
    for (uint16_t i = 0; i < row->ncolumns; i++) {
        const struct sc__type *type = &row->columns[i].type;
        struct sc__source from = { type, struct_ + row->columns[i].row_at, 0,
                                   sc__is_maybe(type) };
        struct sc__wire wire;
        (void)sc__encode_binary(&from, &scratch, &wire);
    }
    sc__scratch_release(&scratch);
}

static void read_block(const struct sc__row *row, const char *block, size_t count,
                       size_t stride)
{
    for (size_t i = 0; i < count; i++) {
        read_struct(row, block + i * stride);
    }
}

/* ---- ways to read it --------------------------------------------------------------------------- */

static void as_list(struct input *in, const struct expected *expected)
{
    struct sc__ask asks[RESULTS];
    struct sc_error err;
    void *block;
    size_t count;
    for (int i = 0; i < RESULTS; i++) {
        asks[i] = (struct sc__ask){ .label = "fuzz", .row = &expected->row };
        asks[i].result = read_result(in);
    }
    const struct sc__rows rows = { asks, RESULTS, expected->row.size, "fuzz" };
    if (sc__rows_take(&rows, &block, &count, &err) == SC_OK) {
        read_block(&expected->row, block, count, expected->row.size);
        sc_free(block);
    }
    for (int i = 0; i < RESULTS; i++) {
        PQclear(asks[i].result);
    }
}

/* The row in a place of its own, read when the result has gone. */
static void as_whole(PGresult *result, const struct sc__row *row)
{
    enum { ROOM = 1024 };
    char *out = malloc(ROOM);
    size_t size = out ? sc__decode_whole(result, row, 0, out, ROOM) : 0;
    PQclear(result);
    if (size) {
        read_struct(row, out);
    }
    free(out);
}

/* As its caller has made sure: one row, all of it binary, wide enough. */
static void as_one(struct input *in, const struct expected *expected)
{
    PGresult *result = read_result(in);
    char *out = calloc(1, expected->row.size);
    int bad;
    if (!out || PQntuples(result) != 1 || !PQbinaryTuples(result) ||
        PQnfields(result) < expected->row.ncolumns) {
        PQclear(result);
    } else {
        if (!sc__decode_row(result, &expected->row, 0, out, &bad)) {
            read_struct(&expected->row, out);
        }
        as_whole(result, &expected->row);
    }
    free(out);
}

/* Parents and children, matched by their first columns. */
static void as_related(struct input *in, const struct expected *expected)
{
    static const uint16_t first[] = { 0 };
    struct sc__stmt stmt = { .label = "fuzz", .row = &expected->row };
    const uint16_t at = (uint16_t)(FORM_ROOM * expected->row.ncolumns);
    const struct sc__relation relation = { &stmt, first, first, 1, at };
    const struct sc__nested nested = { &stmt, &relation, 1, expected->row.size };
    struct sc__ask asks[RESULTS];
    struct sc__scratch scratch;
    struct sc_error err;
    void *block;
    size_t count;
    sc__scratch_init(&scratch, NULL, 0);
    for (int i = 0; i < RESULTS; i++) {
        asks[i] = (struct sc__ask){ .label = "fuzz", .row = &expected->row };
        asks[i].result = read_result(in);
    }
    struct sc__job job = { .label = "fuzz",
                           .nested = &nested,
                           .asks = asks,
                           .nasks = RESULTS,
                           .scratch = &scratch };
    if (sc__nested_deliver(&job, &block, &count, &err) == SC_OK) {
        for (size_t i = 0; i < count; i++) {
            const char *parent = (const char *)block + i * nested.size;
            struct {
                const char *items;
                size_t count;
            } list;
            memcpy(&list, parent + at, sizeof(list));
            read_struct(&expected->row, parent);
            read_block(&expected->row, list.items, list.count, expected->row.size);
        }
        sc_free(block);
    }
    for (int i = 0; i < RESULTS; i++) {
        PQclear(asks[i].result);
    }
    sc__scratch_release(&scratch);
}

static void as_copied(struct input *in, const struct expected *expected, bool flat)
{
    struct sc__bytes cells[MOST_COLUMNS];
    struct sc__copied found = { .is_row = false };
    char *line = malloc(in->left + 1), *out = calloc(1, expected->row.size);
    char *tail = NULL;
    const struct sc__fault *fault;
    if (!line || !out) {
        abort();
    }
    memcpy(line, in->at, in->left);
    line[in->left] = 0;
    if (flat) {
        fault = sc__copied_flat(line, in->left, &expected->row, out, &found);
    } else {
        fault = sc__copied_cells(line, in->left, &expected->row, cells, &found);
        if (!fault && found.is_row) {
            fault = sc__copied_size(&expected->row, cells, &found);
        }
        tail = fault || !found.is_row ? NULL : malloc(found.tail ? found.tail : 1);
        if (tail) {
            fault = sc__copied_row(&expected->row, cells, out, tail, &found.bad);
        }
    }
    if (!fault && found.is_row) {
        read_struct(&expected->row, out);
    }
    free(tail);
    free(out);
    free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = { data, size };
    struct expected expected;
    unsigned way = next_byte(&in) % 5;
    read_expected(&in, &expected, way == 1 || way == 3);
    switch (way) {
    case 0:
        as_list(&in, &expected);
        break;
    case 1:
        as_one(&in, &expected);
        break;
    case 2:
        as_related(&in, &expected);
        break;
    default:
        as_copied(&in, &expected, way == 3);
        break;
    }
    return 0;
}
