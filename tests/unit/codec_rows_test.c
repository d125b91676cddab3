/* codec_rows_test.c: results into arrays of structs, without a server. */
#include "tests/support/codec_help.h"
#include <libpq-fe.h>

struct row {
    int64_t id;
    struct sc_maybe_int2 rating;
    const char *name;
    int mood;
    const char *json;
    struct sc_numeric price;
    struct sc_int4s numbers;
    struct sc_bytea raw;
    struct sc_maybe_uuid uuid;
    struct sc_maybe_bool flag;
    struct sc_inet host;
    int64_t untouched; /* no column names it */
};

#define COLUMN(member, kind, flags)                                    \
    {                                                                  \
        .name = #member, .sql = #member, .type = TYPE(kind, flags, 0), \
        .row_at = offsetof(struct row, member)                         \
    }

static const struct sc__column columns[] = {
    COLUMN(id, SC__INT8, 0),
    COLUMN(rating, SC__INT2, SC__NULLABLE),
    COLUMN(name, SC__TEXT, SC__NULLABLE),
    COLUMN(mood, SC__ENUM, 0),
    COLUMN(json, SC__JSONB, SC__NULLABLE),
    COLUMN(price, SC__NUMERIC, SC__NULLABLE),
    COLUMN(numbers, SC__INT4, SC__ARRAY | SC__NULLABLE),
    COLUMN(raw, SC__BYTEA, SC__NULLABLE),
    COLUMN(uuid, SC__UUID, SC__NULLABLE),
    COLUMN(flag, SC__BOOL, SC__NULLABLE),
    COLUMN(host, SC__INET, 0),
};
#define NCOLUMNS ((int)(sizeof columns / sizeof *columns))
static const struct sc__row row_type = { columns, NCOLUMNS, sizeof(struct row) };

struct cell {
    const char *bytes; /* NULL: SQL NULL */
    int length;
};
#define CELL(text)               \
    {                            \
        (text), sizeof(text) - 1 \
    }
#define NO_CELL  \
    {            \
        NULL, -1 \
    }

static const struct cell full[NCOLUMNS] = {
    CELL("\0\0\0\0\0\0\0\7"),
    CELL("\0\5"),
    CELL("Ada"),
    CELL("ok"),
    CELL("\1{\"a\": 1}"),
    CELL("\0\2\0\0\0\0\0\2\0\1\x13\x88"),
    CELL("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\2\0\0\0\1\0\0\0\4\0\0\0\1\0\0\0\4\0\0\0\2"),
    CELL("a\0b"),
    CELL("0123456789abcdef"),
    CELL("\1"),
    CELL("\2\x20\0\4\x7f\0\0\1"),
};
static const struct cell sparse[NCOLUMNS] = {
    CELL("\xff\xff\xff\xff\xff\xff\xff\xff"),
    NO_CELL,
    NO_CELL,
    CELL("furious"),
    NO_CELL,
    NO_CELL,
    NO_CELL,
    NO_CELL,
    NO_CELL,
    NO_CELL,
    CELL("\2\x20\0\4\x7f\0\0\1"),
};
static const struct cell empty[NCOLUMNS] = {
    CELL("\0\0\0\0\0\0\0\0"),
    CELL("\0\0"),
    CELL(""),
    CELL(""),
    CELL("\1"),
    CELL("\0\0\0\0\0\0\0\0"),
    CELL("\0\0\0\0\0\0\0\0\0\0\0\x17"),
    CELL(""),
    CELL("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
    CELL("\0"),
    CELL("\2\x20\0\4\x7f\0\0\1"),
};

/* A result of libpq's own, with `first` columns of text in front. */
static PGresult *make_result(int first, int format)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc names[2 + NCOLUMNS] = { 0 };
    assert_non_null(result);
    char name[] = "column"; /* copied by libpq */
    for (int i = 0; i < first + NCOLUMNS; i++) {
        names[i].name = name;
        names[i].format = format;
        names[i].typid = 25;
    }
    assert_true(PQsetResultAttrs(result, first + NCOLUMNS, names));
    return result;
}

static void add_row(PGresult *result, int first, const struct cell *cells)
{
    int row = PQntuples(result);
    for (int i = 0; i < first; i++) {
        assert_true(PQsetvalue(result, row, i, (char[]){ "t" }, 1));
    }
    for (int i = 0; i < NCOLUMNS; i++) {
        char bytes[64] = "";
        if (cells[i].bytes != NULL) {
            memcpy(bytes, cells[i].bytes, (size_t)cells[i].length);
        }
        assert_true(PQsetvalue(result, row, first + i,
                               cells[i].bytes != NULL ? bytes : NULL, cells[i].length));
    }
}

/* Decodes all rows, or gives the fault; *block is to be freed in any case. */
static const struct sc__fault *decode_all(struct sc__result *in, char **block)
{
    size_t tail;
    *block = NULL;
    const struct sc__fault *fault = sc__decode_size(in, &tail);
    if (fault == NULL) {
        size_t rows = (size_t)PQntuples(in->result) * in->stride;
        *block = malloc(rows + tail + 1);
        assert_non_null(*block);
        memset(*block, 0x5a, rows + tail);
        fault = sc__decode_rows(in, *block, *block + rows);
    }
    return fault;
}

static void check_full(const struct row *row)
{
    assert_int_equal(row->id, 7);
    assert_true(sc_has(row->rating) && row->rating.value == 5);
    assert_string_equal(row->name, "Ada");
    assert_int_equal(row->mood, 2);
    assert_string_equal(row->json, "{\"a\": 1}");
    assert_string_equal(row->price.text, "1.50");
    assert_int_equal(row->numbers.count, 2);
    assert_int_equal(row->numbers.items[1], 2);
    assert_null(row->numbers.shape);
    assert_int_equal(row->raw.size, 3);
    assert_memory_equal(row->raw.data, "a\0b", 3);
    assert_true(sc_has(row->uuid));
    assert_memory_equal(row->uuid.value.bytes, "0123456789abcdef", 16);
    assert_true(sc_has(row->flag) && row->flag.value);
    assert_int_equal(row->host.bytes[0], 127);
    assert_int_equal(row->untouched, 0x5a5a5a5a5a5a5a5a);
}

static void check_sparse(const struct row *row)
{
    assert_int_equal(row->id, -1);
    assert_true(row->rating.is == SC_IS_NULL && row->rating.value == 0);
    assert_null(row->name);
    assert_int_equal(row->mood, -1);
    assert_null(row->json);
    assert_null(row->price.text);
    assert_true(row->numbers.items == NULL && row->numbers.count == 0);
    assert_true(row->raw.data == NULL && row->raw.size == 0);
    assert_int_equal(row->uuid.is, SC_IS_NULL);
    assert_int_equal(row->flag.is, SC_IS_NULL);
}

static void check_empty(const struct row *row)
{
    assert_int_equal(row->id, 0);
    assert_true(sc_has(row->rating) && row->rating.value == 0);
    assert_string_equal(row->name, "");
    assert_int_equal(row->mood, -1);
    assert_string_equal(row->json, "");
    assert_string_equal(row->price.text, "0");
    assert_true(row->numbers.items != NULL && row->numbers.count == 0);
    assert_true(row->raw.data != NULL && row->raw.size == 0);
    assert_true(sc_has(row->flag) && !row->flag.value);
}

static void test_rows(void **state)
{
    (void)state;
    for (int first = 0; first < 3; first++) {
        PGresult *result = make_result(first, 1);
        for (int i = 0; i < 3; i++) {
            add_row(result, first, full);
            add_row(result, first, sparse);
            add_row(result, first, empty);
        }
        struct sc__result in = {
            result, &row_type, first, sizeof(struct row), 0, false
        };
        char *block;
        assert_null(decode_all(&in, &block));
        const struct row *rows = (const struct row *)(const void *)block;
        for (int i = 0; i < 3; i++) {
            check_full(&rows[3 * i]);
            check_sparse(&rows[3 * i + 1]);
            check_empty(&rows[3 * i + 2]);
        }
        free(block);
        PQclear(result);
    }
}

static void test_text_borrows_from_the_result(void **state)
{
    (void)state;
    PGresult *result = make_result(0, 1);
    add_row(result, 0, full);
    struct sc__result in = { result, &row_type, 0, sizeof(struct row), 0, false };
    char *block;
    assert_null(decode_all(&in, &block));
    const struct row *row = (const struct row *)(const void *)block;
    assert_ptr_equal(row->name, PQgetvalue(result, 0, 2));
    assert_ptr_equal(row->json, PQgetvalue(result, 0, 4) + 1);
    assert_ptr_equal(row->raw.data, PQgetvalue(result, 0, 7));
    free(block);
    PQclear(result);
}

static void test_no_rows(void **state)
{
    (void)state;
    PGresult *result = make_result(0, 1);
    struct sc__result in = { result, &row_type, 0, sizeof(struct row), 0, false };
    char *block;
    assert_null(decode_all(&in, &block));
    free(block);
    in.first = 1; /* one column too few */
    assert_fault(decode_all(&in, &block), SC_SCHEMA_MISMATCH);
    assert_int_equal(in.bad, NCOLUMNS - 1);
    free(block);
    PQclear(result);

    result = make_result(0, 0); /* in text format */
    in = (struct sc__result){ result, &row_type, 0, sizeof(struct row), 0, false };
    assert_fault(decode_all(&in, &block), SC_SCHEMA_MISMATCH);
    assert_int_equal(in.bad, 0);
    free(block);
    PQclear(result);
}

static void assert_bad(int column, struct cell cell)
{
    struct cell cells[NCOLUMNS];
    memcpy(cells, full, sizeof cells);
    cells[column] = cell;
    PGresult *result = make_result(1, 1);
    add_row(result, 1, full);
    add_row(result, 1, cells);
    struct sc__result in = { result, &row_type, 1, sizeof(struct row), -1, false };
    char *block;
    assert_fault(decode_all(&in, &block), SC_SCHEMA_MISMATCH);
    assert_int_equal(in.bad, column);
    free(block);
    PQclear(result);
}

static void test_bad_columns_are_named(void **state)
{
    (void)state;
    assert_bad(0, (struct cell)NO_CELL);
    assert_bad(0, (struct cell)CELL("\0\0\0\1"));
    assert_bad(0, (struct cell)CELL(""));
    assert_bad(1, (struct cell)CELL("\0\0\0\1"));
    assert_bad(3, (struct cell)NO_CELL);
    assert_bad(4, (struct cell)CELL("{}"));
    assert_bad(4, (struct cell)CELL(""));
    assert_bad(5, (struct cell)CELL("1.50"));
    assert_bad(6, (struct cell)CELL("{1,2}"));
    assert_bad(8, (struct cell)CELL("0123456789abcde"));
    assert_bad(9, (struct cell)CELL("t "));
    assert_bad(10, (struct cell)NO_CELL);
    assert_bad(10, (struct cell)CELL("\2\x20\0\4\x7f\0\0"));
}

static const struct sc__column not_null[] = {
    { .name = "name", .sql = "name", .type = TYPE(SC__TEXT, 0, 25) },
};

static void test_null_text_that_is_not_null(void **state)
{
    (void)state;
    static const struct sc__row type = { not_null, 1, sizeof(char *) };
    const char *names[3];
    PGresult *result = make_result(0, 1);
    struct cell cells[NCOLUMNS];
    memcpy(cells, full, sizeof cells);
    for (int i = 0; i < 3; i++) {
        cells[0] = i == 2 ? (struct cell)NO_CELL : (struct cell)CELL("");
        add_row(result, 0, cells);
    }
    struct sc__result in = { result, &type, 0, sizeof(char *), 0, false };
    size_t tail;
    assert_null(sc__decode_size(&in, &tail));
    assert_int_equal(tail, 0);
    assert_fault(sc__decode_rows(&in, names, NULL), SC_SCHEMA_MISMATCH);
    assert_string_equal(names[1], "");
    PQclear(result);
}

/* ---- a row that borrows nothing --------------------------------------------------------- */

struct alone {
    int64_t id;
    struct sc_maybe_int2 rating;
    const char *name;
    int mood;
    const char *json;
    struct sc_bytea raw;
    struct sc_inet host;
};
#undef COLUMN
#define COLUMN(member, kind, flags)                                    \
    {                                                                  \
        .name = #member, .sql = #member, .type = TYPE(kind, flags, 0), \
        .row_at = offsetof(struct alone, member)                       \
    }
static const struct sc__column alone_columns[] = {
    COLUMN(id, SC__INT8, 0),
    COLUMN(rating, SC__INT2, SC__NULLABLE),
    COLUMN(name, SC__TEXT, SC__NULLABLE),
    COLUMN(mood, SC__ENUM, 0),
    COLUMN(json, SC__JSONB, SC__NULLABLE),
    COLUMN(raw, SC__BYTEA, SC__NULLABLE),
    COLUMN(host, SC__INET, 0),
};
enum { ALONE = sizeof alone_columns / sizeof *alone_columns, ALONE_ROOM = 512 };
static const struct sc__row alone_type = { alone_columns, ALONE, sizeof(struct alone) };

static const char long_name[] =
    "a name of more than sixty-four bytes, as hardly anybody has, "
    "except for those who do";

static PGresult *one_row(const struct cell *cells)
{
    PGresult *result = make_result(1, 1);
    assert_true(PQsetvalue(result, 0, 0, (char[]){ "t" }, 1));
    for (int i = 0; i < ALONE; i++) {
        char bytes[256] = "";
        if (cells[i].bytes != NULL) {
            memcpy(bytes, cells[i].bytes, (size_t)cells[i].length);
        }
        assert_true(PQsetvalue(result, 0, 1 + i, cells[i].bytes != NULL ? bytes : NULL,
                               cells[i].length));
    }
    return result;
}

/* Decodes the row into just the room that it needs, and no room below that. The bytes are
 * looked at when the result has gone. */
static struct alone *decode_alone(const struct cell *cells, size_t *size)
{
    PGresult *result = one_row(cells);
    _Alignas(8) char room[ALONE_ROOM];
    *size = sc__decode_whole(result, &alone_type, 1, room, sizeof room);
    assert_true(*size >= sizeof(struct alone));
    char *out = malloc(*size);
    assert_non_null(out);
    for (size_t less = 0; less < *size; less++) {
        assert_int_equal(sc__decode_whole(result, &alone_type, 1, out, less), 0);
    }
    assert_int_equal(sc__decode_whole(result, &alone_type, 1, out, *size), *size);
    PQclear(result);
    return (struct alone *)(void *)out;
}

static void test_a_row_that_borrows_nothing(void **state)
{
    (void)state;
    const struct cell cells[ALONE] = { full[0], full[1], CELL(long_name), full[3],
                                       full[4], full[7], full[10] };
    size_t size;
    struct alone *row = decode_alone(cells, &size);
    assert_int_equal(size, sizeof *row + sizeof long_name + sizeof "{\"a\": 1}" + 4);
    assert_int_equal(row->id, 7);
    assert_true(sc_has(row->rating) && row->rating.value == 5);
    assert_string_equal(row->name, long_name);
    assert_int_equal(row->mood, 2);
    assert_string_equal(row->json, "{\"a\": 1}");
    assert_int_equal(row->raw.size, 3);
    assert_memory_equal(row->raw.data, "a\0b", 4);
    assert_int_equal(row->host.bits, 32);
    free(row);
}

static void test_nothing_to_copy(void **state)
{
    (void)state;
    const struct cell nulls[ALONE] = { full[0], NO_CELL, NO_CELL, full[3],
                                       NO_CELL, NO_CELL, full[10] };
    const struct cell empties[ALONE] = { full[0],    empty[1], CELL(""), full[3],
                                         CELL("\1"), CELL(""), full[10] };
    size_t size;
    struct alone *row = decode_alone(nulls, &size);
    assert_int_equal(size, sizeof *row);
    assert_true(row->name == NULL && row->json == NULL && row->raw.data == NULL);
    assert_int_equal(row->rating.is, SC_IS_NULL);
    free(row);
    row = decode_alone(empties, &size);
    assert_int_equal(size, sizeof *row + 3);
    assert_string_equal(row->name, "");
    assert_string_equal(row->json, "");
    assert_true(row->raw.data != NULL && row->raw.size == 0);
    free(row);
}

/* A bad value is left to whoever names it. */
static void test_a_bad_row_is_not_copied(void **state)
{
    (void)state;
    static const struct {
        int column;
        struct cell cell;
    } BAD[] = {
        { 0, CELL("\0\0\0\7") },
        { 0, NO_CELL },
        { 1, CELL("\0\0\5") },
        { 3, NO_CELL },
        { 4, CELL("{}") },
        { 6, NO_CELL },
        { 6, CELL("\2\x20\0\4\x7f") },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        _Alignas(8) char room[ALONE_ROOM];
        struct cell cells[ALONE] = { full[0], full[1], full[2], full[3],
                                     full[4], full[7], full[10] };
        cells[BAD[i].column] = BAD[i].cell;
        PGresult *result = one_row(cells);
        assert_int_equal(sc__decode_whole(result, &alone_type, 1, room, sizeof room),
                         0);
        PQclear(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_text_borrows_from_the_result),
        cmocka_unit_test(test_no_rows),
        cmocka_unit_test(test_bad_columns_are_named),
        cmocka_unit_test(test_null_text_that_is_not_null),
        cmocka_unit_test(test_a_row_that_borrows_nothing),
        cmocka_unit_test(test_nothing_to_copy),
        cmocka_unit_test(test_a_bad_row_is_not_copied),
    };
    return cmocka_run_group_tests_name("codec_rows", tests, NULL, NULL);
}
