/* codec_copied_test.c: rows of COPY BINARY out: what a server sends, and what none does, cut
 * at each byte and with each byte changed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/codec/copied.h"

struct thing {
    int32_t id;
    const char *word;
    struct sc_maybe_int8 n;
    struct sc_numeric part;
};
static const struct sc__column columns[] = {
    { .name = "id", .type = { NULL, 23, SC__INT4, 0 }, .row_at = 0 },
    { .name = "word",
      .type = { NULL, 25, SC__TEXT, SC__NULLABLE },
      .row_at = offsetof(struct thing, word) },
    { .name = "n",
      .type = { NULL, 20, SC__INT8, SC__NULLABLE },
      .row_at = offsetof(struct thing, n) },
    { .name = "part",
      .type = { NULL, 1700, SC__NUMERIC, SC__NULLABLE },
      .row_at = offsetof(struct thing, part) },
};
static const struct sc__row flat = { columns, 3, sizeof(struct thing) };
static const struct sc__row whole = { columns, 4, sizeof(struct thing) };

#define HEAD "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
static const char flat_row[] =
    "\0\3\0\0\0\4\0\0\1\2\0\0\0\3abc\0\0\0\10\0\0\0\0\0\0\0\7";
static const char null_row[] = "\0\3\0\0\0\4\0\0\1\2\377\377\377\377\377\377\377\377";
/* 1.5 */
static const char whole_row[] = "\0\4\0\0\0\4\0\0\1\2\0\0\0\0\377\377\377\377"
                                "\0\0\0\14\0\2\0\0\0\0\0\1\0\1\23\210";

/* A copy with its NUL in memory that ends there, so that valgrind and sanitizers see. */
struct copy {
    char *data;
    size_t size;
};
static struct copy copy_of(const char *head, size_t nhead, const char *row, size_t size)
{
    struct copy copy = { malloc(nhead + size + 1), nhead + size };
    assert_non_null(copy.data);
    memcpy(copy.data, head, nhead);
    memcpy(copy.data + nhead, row, size);
    copy.data[nhead + size] = 0;
    return copy;
}

static const struct sc__fault *read_flat(struct copy copy, struct thing *thing,
                                         struct sc__copied *found)
{
    return sc__copied_flat(copy.data, copy.size, &flat, thing, found);
}

static void expect_flat(struct copy copy, const char *word, bool has_n)
{
    struct thing thing;
    struct sc__copied found;
    assert_null(read_flat(copy, &thing, &found));
    assert_true(found.is_row);
    assert_int_equal(thing.id, 258);
    if (word)
        assert_string_equal(thing.word, word);
    else
        assert_null(thing.word);
    assert_int_equal(sc_has(thing.n), has_n);
    assert_int_equal(thing.n.value, has_n ? 7 : 0);
    free(copy.data);
}

static void rows_that_are_flat(void **state)
{
    (void)state;
    expect_flat(copy_of("", 0, flat_row, sizeof flat_row - 1), "abc", true);
    expect_flat(copy_of(HEAD, 19, flat_row, sizeof flat_row - 1), "abc", true);
    expect_flat(copy_of("", 0, null_row, sizeof null_row - 1), NULL, false);
}

static void expect_no_row(struct copy copy)
{
    struct thing thing;
    struct sc__copied found = { .is_row = true };
    assert_null(read_flat(copy, &thing, &found));
    assert_false(found.is_row);
    free(copy.data);
}

static void head_and_trailer_are_no_rows(void **state)
{
    (void)state;
    expect_no_row(copy_of(HEAD, 19, "", 0));
    expect_no_row(copy_of("", 0, "\377\377", 2));
    expect_no_row(copy_of(HEAD, 19, "\377\377", 2));
}

/* In three steps. */
static const struct sc__fault *read_whole(struct copy copy, struct thing *thing,
                                          struct sc__copied *found)
{
    struct sc__bytes cells[4];
    static _Alignas(8) char tail[256];
    const struct sc__fault *fault = sc__copied_cells(copy.data, copy.size, &whole,
                                                     cells, found);
    if (fault || !found->is_row)
        return fault;
    fault = sc__copied_size(&whole, cells, found);
    if (fault || found->tail > sizeof tail)
        return fault;
    return sc__copied_row(&whole, cells, thing, tail, &found->bad);
}

static void rows_with_a_tail(void **state)
{
    (void)state;
    struct thing thing;
    struct sc__copied found;
    struct copy copy = copy_of(HEAD, 19, whole_row, sizeof whole_row - 1);
    assert_null(read_whole(copy, &thing, &found));
    assert_true(found.is_row);
    assert_string_equal(thing.word, "");
    assert_false(sc_has(thing.n));
    assert_string_equal(thing.part.text, "1.5");
    free(copy.data);
}

static void cut_at_each_byte(void **state)
{
    (void)state;
    struct thing thing;
    struct sc__copied found;
    for (size_t size = 1; size < sizeof flat_row - 1; size++) {
        struct copy copy = copy_of("", 0, flat_row, size);
        const struct sc__fault *fault = read_flat(copy, &thing, &found);
        assert_non_null(fault);
        assert_int_equal(fault->status, SC_SCHEMA_MISMATCH);
        assert_in_range(found.bad, 0, 2);
        free(copy.data);
    }
    for (size_t size = 1; size < sizeof whole_row - 1; size++) {
        struct copy copy = copy_of("", 0, whole_row, size);
        assert_non_null(read_whole(copy, &thing, &found));
        assert_in_range(found.bad, 0, 3);
        free(copy.data);
    }
    struct copy longer = copy_of("", 0, flat_row, sizeof flat_row);
    assert_non_null(read_flat(longer, &thing, &found));
    free(longer.data);
}

/* Whatever it gives, it stays within the row. */
static void each_byte_changed(void **state)
{
    (void)state;
    struct thing thing;
    struct sc__copied found;
    static const char others[] = { 0, 1, 127, (char)128, (char)255 };
    for (size_t i = 0; i < sizeof flat_row - 1; i++)
        for (size_t k = 0; k < sizeof others; k++) {
            struct copy copy = copy_of("", 0, flat_row, sizeof flat_row - 1);
            copy.data[i] = others[k];
            (void)read_flat(copy, &thing, &found);
            assert_in_range(found.bad + 1, 0, 3);
            free(copy.data);
        }
    for (size_t i = 0; i < sizeof whole_row - 1; i++)
        for (size_t k = 0; k < sizeof others; k++) {
            struct copy copy = copy_of("", 0, whole_row, sizeof whole_row - 1);
            copy.data[i] = others[k];
            (void)read_whole(copy, &thing, &found);
            free(copy.data);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_are_flat),
        cmocka_unit_test(head_and_trailer_are_no_rows),
        cmocka_unit_test(rows_with_a_tail),
        cmocka_unit_test(cut_at_each_byte),
        cmocka_unit_test(each_byte_changed),
    };
    return cmocka_run_group_tests_name("codec_copied", tests, NULL, NULL);
}
