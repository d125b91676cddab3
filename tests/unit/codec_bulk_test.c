/* codec_bulk_test.c: the fast loops over many structs write what the general code writes,
 * value by value, and refuse what it refuses. */
#include "tests/support/codec_help.h"
#include <stdlib.h>

struct row {
    const char *text;
    const char *json;
    struct sc_maybe_text label;
    struct sc_maybe_int2 two;
    struct sc_maybe_int4 four;
    struct sc_maybe_int8 eight;
    struct sc_maybe_bool flag;
    struct sc_maybe_timestamptz at;
    struct sc_maybe_uuid id;
    struct sc_texts tags;
};

#define N SC__NULLABLE
static const struct {
    struct sc__type type;
    size_t at;
    bool maybe;
} MEMBERS[] = {
    { TYPE(SC__TEXT, N, 25), offsetof(struct row, text), false },
    { TYPE(SC__JSONB, N, 3802), offsetof(struct row, json), false },
    { TYPE(SC__TEXT, N, 25), offsetof(struct row, label), true },
    { TYPE(SC__INT2, N, 21), offsetof(struct row, two), true },
    { TYPE(SC__INT4, N, 23), offsetof(struct row, four), true },
    { TYPE(SC__INT8, N, 20), offsetof(struct row, eight), true },
    { TYPE(SC__BOOL, N, 16), offsetof(struct row, flag), true },
    { TYPE(SC__TIMESTAMPTZ, N, 1184), offsetof(struct row, at), true },
    { TYPE(SC__UUID, N, 2950), offsetof(struct row, id), true },
    { TYPE(SC__TEXT, N | SC__ARRAY, 1009), offsetof(struct row, tags), false },
};
#undef N
enum { NMEMBERS = sizeof MEMBERS / sizeof *MEMBERS, NROWS = 300 };

static char letters[NROWS + 1];
static const char *const tags[] = { "a", "b c" };

static enum sc_is pick_is(unsigned i)
{
    static const enum sc_is all[] = { SC_IS_VALUE, SC_IS_VALUE, SC_IS_NULL,
                                      SC_IS_UNSET };
    return all[i % 4];
}

/* Texts of every length from 0 on, NULLs here and there. */
static void fill(struct row *rows)
{
    memset(letters, 'x', NROWS);
    for (unsigned i = 0; i < NROWS; i++) {
        const char *text = letters + NROWS - i;
        rows[i] = (struct row){
            .text = i % 7 ? text : NULL,
            .json = i % 5 ? text : NULL,
            .label = { pick_is(i), text },
            .two = { pick_is(i + 1), (int16_t)(i * 300) },
            .four = { pick_is(i + 2), (int32_t)i * -70000 },
            .eight = { pick_is(i + 3), (int64_t)i << 40 },
            .flag = { pick_is(i / 2), i % 2 == 1 },
            .at = { pick_is(i / 3), { (int64_t)i * 1000000007 } },
            .id = { pick_is(i / 5), { { (uint8_t)i, 2, 3 } } },
            .tags = { i % 3 ? tags : NULL, i % 3, NULL },
        };
    }
}

static struct sc__copy copy_of(const struct row *rows, struct sc__copy_field *fields)
{
    for (size_t i = 0; i < NMEMBERS; i++)
        fields[i] = sc__copy_field(&MEMBERS[i].type, MEMBERS[i].at, MEMBERS[i].maybe);
    return (struct sc__copy){ .fields = fields,
                              .nfields = NMEMBERS,
                              .rows = rows,
                              .stride = sizeof *rows,
                              .count = NROWS };
}

static void put_slowly(const struct row *row, size_t members, struct sc__buffer *to)
{
    const char count[2] = { 0, (char)members };
    assert_true(sc__buffer_reserve(to, sizeof count));
    memcpy(to->data + to->size, count, sizeof count);
    to->size += sizeof count;
    for (size_t i = 0; i < members; i++) {
        struct sc__source from = { &MEMBERS[i].type, (const char *)row + MEMBERS[i].at,
                                   0, MEMBERS[i].maybe };
        assert_null(sc__encode_field(&from, to));
    }
}

/* ---- rows of COPY BINARY -------------------------------------------------------------- */

/* In pieces of `enough` bytes. */
static void check_pieces(const struct row *rows, size_t members, size_t enough,
                         const struct sc__buffer *slow)
{
    struct sc__copy_field fields[NMEMBERS];
    struct sc__copy copy = copy_of(rows, fields);
    struct sc__buffer piece = { 0 };
    size_t done = 0;
    copy.nfields = (uint16_t)members;
    while (copy.next < copy.count) {
        size_t before = copy.next;
        piece.size = 0;
        assert_null(sc__encode_rows(&copy, enough, &piece));
        assert_true(copy.next > before);
        assert_true(done + piece.size <= slow->size);
        assert_memory_equal(piece.data, slow->data + done, piece.size);
        done += piece.size;
    }
    assert_int_equal(done, slow->size);
    sc__buffer_release(&piece);
}

/* With and without the last member, which has no loop of its own. */
static void test_rows_are_their_fields(void **state)
{
    (void)state;
    static struct row rows[NROWS];
    fill(rows);
    for (size_t members = NMEMBERS - 1; members <= NMEMBERS; members++) {
        struct sc__buffer slow = { 0 };
        for (size_t i = 0; i < NROWS; i++)
            put_slowly(&rows[i], members, &slow);
        /* Whatever the size of the pieces: from a row at a time to all at once. */
        for (size_t enough = 1; enough < 1000000; enough *= 3)
            check_pieces(rows, members, enough, &slow);
        sc__buffer_release(&slow);
    }
}

/* The order that the codec likes keeps plain texts together, and what is rare behind. */
static void test_an_order_is_told(void **state)
{
    (void)state;
    int orders[NMEMBERS];
    for (size_t i = 0; i < NMEMBERS; i++) {
        orders[i] = sc__copy_order(&MEMBERS[i].type, MEMBERS[i].maybe);
        assert_in_range(orders[i], 0, SC__COPY_ORDERS - 1);
    }
    for (size_t i = 1; i < NMEMBERS; i++)
        assert_true(orders[0] < orders[i]);
    for (size_t i = 0; i < NMEMBERS - 1; i++)
        assert_true(orders[i] < orders[NMEMBERS - 1]);
}

static void test_a_fault_names_its_row_and_field(void **state)
{
    (void)state;
    static struct row rows[NROWS];
    for (size_t bad = 0; bad < NMEMBERS - 1; bad++) {
        fill(rows);
        struct sc__copy_field fields[NMEMBERS];
        struct sc__copy copy = copy_of(rows, fields);
        struct sc__type strict = MEMBERS[bad].type;
        strict.flags &= (uint8_t)~SC__NULLABLE;
        fields[bad] = sc__copy_field(&strict, MEMBERS[bad].at, MEMBERS[bad].maybe);
        copy.next = 40;
        for (size_t i = 40; i < 50; i++) { /* a value in each, but for row 45 */
            rows[i] = rows[1];
            rows[i].label.is = rows[i].two.is = rows[i].four.is = SC_IS_VALUE;
            rows[i].eight.is = rows[i].flag.is = rows[i].at.is = rows[i].id.is =
                SC_IS_VALUE;
        }
        memset((char *)&rows[45] + MEMBERS[bad].at, 0, sizeof(void *));
        struct sc__buffer to = { 0 };
        const struct sc__fault *fault = sc__encode_rows(&copy, SIZE_MAX / 2, &to);
        assert_non_null(fault);
        assert_int_equal(fault->status, SC_NOT_NULL);
        assert_int_equal(copy.next, 45);
        assert_int_equal(copy.bad, bad);
        struct sc__buffer whole = { 0 };
        for (size_t i = 40; i < 45; i++)
            put_slowly(&rows[i], NMEMBERS, &whole);
        assert_int_equal(to.size, whole.size);
        assert_memory_equal(to.data, whole.data, whole.size);
        sc__buffer_release(&to);
        sc__buffer_release(&whole);
    }
}

static void test_an_odd_member_is_misuse(void **state)
{
    (void)state;
    struct row row = { .two = { (enum sc_is)5, 0 } };
    struct sc__copy_field field = sc__copy_field(&MEMBERS[3].type, MEMBERS[3].at, true);
    struct sc__copy copy = {
        .fields = &field, .nfields = 1, .rows = &row, .stride = sizeof row, .count = 1
    };
    struct sc__buffer to = { 0 };
    const struct sc__fault *fault = sc__encode_rows(&copy, 1, &to);
    assert_non_null(fault);
    assert_int_equal(fault->status, SC_MISUSE);
    assert_int_equal(to.size, 0);
    row.two.is = SC_IS_VALUE;
    assert_null(sc__encode_rows(&copy, 1, &to));
    sc__buffer_release(&to);
}

static void test_a_timestamp_out_of_range_is_refused(void **state)
{
    (void)state;
    struct row row = { .at = SC({ INT64_MAX - 1 }) };
    struct sc__copy_field field = sc__copy_field(&MEMBERS[7].type, MEMBERS[7].at, true);
    struct sc__copy copy = {
        .fields = &field, .nfields = 1, .rows = &row, .stride = sizeof row, .count = 1
    };
    struct sc__buffer to = { 0 };
    const struct sc__fault *fault = sc__encode_rows(&copy, 1, &to);
    assert_non_null(fault);
    assert_int_equal(fault->status, SC_BAD_VALUE);
    sc__buffer_release(&to);
}

/* ---- columns as arrays ------------------------------------------------------------------ */

/* The array of a member, element by element. */
static void put_list_slowly(const struct row *rows, size_t member,
                            struct sc__buffer *to)
{
    const struct sc__type *type = &MEMBERS[member].type;
    assert_true(sc__buffer_reserve(to, 20));
    to->size = 20;
    uint8_t some_null = 0;
    for (size_t i = 0; i < NROWS; i++) {
        struct sc__source from = { type, (const char *)&rows[i] + MEMBERS[member].at, 0,
                                   MEMBERS[member].maybe };
        size_t before = to->size;
        assert_null(sc__encode_field(&from, to));
        some_null |= to->size == before + 4 && to->data[before] == (char)0xff;
    }
    const uint8_t header[20] = {
        0,
        0,
        0,
        1,
        0,
        0,
        0,
        some_null,
        0,
        0,
        (uint8_t)(type->oid >> 8),
        (uint8_t)type->oid,
        0,
        0,
        NROWS >> 8,
        NROWS & 0xff,
        0,
        0,
        0,
        1,
    };
    memcpy(to->data, header, sizeof header);
}

static void test_columns_are_their_elements(void **state)
{
    (void)state;
    static struct row rows[NROWS];
    fill(rows);
    for (size_t i = 0; i < NMEMBERS - 1; i++) { /* the last is no scalar */
        struct sc__buffer slow = { 0 };
        put_list_slowly(rows, i, &slow);
        struct sc__scratch scratch;
        sc__scratch_init(&scratch, NULL, 0);
        struct sc__strided from = { .type = &MEMBERS[i].type,
                                    .base = rows,
                                    .stride = sizeof *rows,
                                    .offset = MEMBERS[i].at,
                                    .count = NROWS,
                                    .maybe = MEMBERS[i].maybe };
        struct sc__wire wire;
        assert_null(sc__encode_strided(&from, &scratch, &wire));
        assert_int_equal(wire.format, 1);
        assert_int_equal(wire.length, slow.size);
        assert_memory_equal(wire.value, slow.data, slow.size);
        sc__scratch_release(&scratch);
        sc__buffer_release(&slow);
    }
}

/* What some rows say of the size of all can be far off. */
static void test_texts_of_very_different_lengths(void **state)
{
    (void)state;
    enum { LONG = 100000 };
    static struct row rows[NROWS];
    char *text = malloc(LONG + 1);
    assert_non_null(text);
    memset(text, 'y', LONG);
    text[LONG] = 0;
    for (size_t every = 1; every < NROWS; every = every * 2 + 1) {
        for (size_t i = 0; i < NROWS; i++)
            rows[i].text = i % every ? "short" : text;
        rows[0].text = every % 2 ? "" : NULL;
        struct sc__buffer slow = { 0 };
        put_list_slowly(rows, 0, &slow);
        struct sc__scratch scratch;
        sc__scratch_init(&scratch, NULL, 0);
        struct sc__strided from = { .type = &MEMBERS[0].type,
                                    .base = rows,
                                    .stride = sizeof *rows,
                                    .count = NROWS };
        struct sc__wire wire;
        assert_null(sc__encode_strided(&from, &scratch, &wire));
        assert_int_equal(wire.length, slow.size);
        assert_memory_equal(wire.value, slow.data, slow.size);
        sc__scratch_release(&scratch);
        sc__buffer_release(&slow);
    }
    free(text);
}

static void test_an_odd_element_is_named(void **state)
{
    (void)state;
    static struct row rows[NROWS];
    for (size_t i = 2; i < NMEMBERS - 1; i++) {
        fill(rows);
        const enum sc_is odd = (enum sc_is)7;
        memcpy((char *)&rows[123] + MEMBERS[i].at, &odd, sizeof odd);
        struct sc__scratch scratch;
        sc__scratch_init(&scratch, NULL, 0);
        struct sc__strided from = { .type = &MEMBERS[i].type,
                                    .base = rows,
                                    .stride = sizeof *rows,
                                    .offset = MEMBERS[i].at,
                                    .count = NROWS,
                                    .maybe = true };
        struct sc__wire wire;
        const struct sc__fault *fault = sc__encode_strided(&from, &scratch, &wire);
        assert_non_null(fault);
        assert_int_equal(fault->status, SC_MISUSE);
        assert_int_equal(from.bad, 123);
        sc__scratch_release(&scratch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_their_fields),
        cmocka_unit_test(test_an_order_is_told),
        cmocka_unit_test(test_a_fault_names_its_row_and_field),
        cmocka_unit_test(test_an_odd_member_is_misuse),
        cmocka_unit_test(test_a_timestamp_out_of_range_is_refused),
        cmocka_unit_test(test_columns_are_their_elements),
        cmocka_unit_test(test_texts_of_very_different_lengths),
        cmocka_unit_test(test_an_odd_element_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
