/* codec_value_test.c: binary values into C forms, malformed ones above all. */
#include "tests/support/codec_help.h"

/* ---- malformed values --------------------------------------------------------------- */

#define BYTES(text) (text), sizeof(text) - 1
static const struct {
    uint8_t kind;
    uint8_t flags;
    const char *bytes;
    size_t length;
} malformed[] = {
    { SC__BOOL, 0, BYTES("") },
    { SC__BOOL, 0, BYTES("\1\1") },
    { SC__INT2, 0, BYTES("\1") },
    { SC__INT4, 0, BYTES("\0\0\0\0\0") },
    { SC__INT8, 0, BYTES("\0\0\0\0\0\0\0") },
    { SC__UUID, 0, BYTES("0123456789abcde") },
    { SC__TIMETZ, 0, BYTES("0123456789a") },
    { SC__INTERVAL, 0, BYTES("0123456789abcdef0") },
    { SC__JSONB, 0, BYTES("") },
    { SC__JSONB, 0, BYTES("\2{}") },
    { SC__INET, 0, BYTES("\2\x20\0\4\1\2\3") },
    { SC__INET, 0, BYTES("\3\x20\0\4\1\2\3\4") },
    { SC__INET, 0, BYTES("\2\x20\0\5\1\2\3\4") },
    { SC__INET, 0, BYTES("\2\x21\0\4\1\2\3\4") },
    { SC__INET, 0, BYTES("\2\x20\2\4\1\2\3\4") },
    { SC__NUMERIC, 0, BYTES("") },
    { SC__NUMERIC, 0, BYTES("\0\1\0\0\0\0\0\0") },
    { SC__NUMERIC, 0, BYTES("\0\0\0\0\0\0\0\0\0") },
    { SC__NUMERIC, 0, BYTES("\0\1\0\0\0\0\0\0\x27\x10") },
    { SC__NUMERIC, 0, BYTES("\0\0\0\0\x10\0\0\0") },
    { SC__NUMERIC, 0, BYTES("\0\0\0\0\0\0\x40\0") },
    { SC__NUMERIC, 0, BYTES("\0\1\0\0\xc0\0\0\0\0\1") },
    { SC__INT4, SC__ARRAY, BYTES("") },
    { SC__INT4, SC__ARRAY, BYTES("\0\0\0\7\0\0\0\0\0\0\0\x17") },
    { SC__INT4, SC__ARRAY, BYTES("\0\0\0\0\0\0\0\2\0\0\0\x17") },
    { SC__INT4, SC__ARRAY, BYTES("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1") },
    { SC__INT4, SC__ARRAY, BYTES("\0\0\0\0\0\0\0\0\0\0\0\x17\0") },
    { SC__INT4, SC__ARRAY, /* length 0 */
      BYTES("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\0\0\0\0\1") },
    { SC__INT4, SC__ARRAY, /* more elements than bytes */
      BYTES("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\2\0\0\0\1\0\0\0\4\0\0\0\1") },
    { SC__INT4, SC__ARRAY, /* a product that wraps round */
      BYTES("\0\0\0\2\0\0\0\0\0\0\0\x17\x80\0\0\0\0\0\0\1\x80\0\0\0\0\0\0\1") },
    { SC__INT4, SC__ARRAY, /* upper bound beyond int32 */
      BYTES("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\2\x7f\xff\xff\xff"
            "\xff\xff\xff\xff\xff\xff\xff\xff") },
    { SC__INT4, SC__ARRAY, /* bytes behind the last element */
      BYTES("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\0\0\0\4\0\0\0\1\0") },
    { SC__TEXT, SC__ARRAY, /* an element longer than the value */
      BYTES("\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\1\0\0\0\1\0\0\0\5abcd") },
    { SC__TEXT, SC__ARRAY, /* a length that is negative, and not -1 */
      BYTES("\0\0\0\1\0\0\0\0\0\0\0\x19\0\0\0\1\0\0\0\1\xff\xff\xff\xfe"
            "abcd") },
    { SC__NUMERIC, SC__ARRAY,
      BYTES("\0\0\0\1\0\0\0\0\0\0\6\xa4\0\0\0\1\0\0\0\1\0\0\0\0") },
    { SC__INT4, SC__ARRAY, /* an element of the wrong length */
      BYTES("\0\0\0\1\0\0\0\0\0\0\0\x17\0\0\0\1\0\0\0\1\0\0\0\2\0\1") },
};
#undef BYTES

static void test_malformed_values_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        const struct sc__type type = TYPE(malformed[i].kind, malformed[i].flags, 0);
        /* On the heap and of the exact size, so that a sanitizer sees any step beyond. */
        char *copy = malloc(malformed[i].length + 1);
        assert_non_null(copy);
        memcpy(copy, malformed[i].bytes, malformed[i].length + 1);
        struct sc__bytes from = { copy, (int)malformed[i].length };
        size_t size = 0;
        int64_t out[8];
        const struct sc__fault *fault = sc__decode_value_size(&type, from, &size);
        char *tail = malloc(size + 1), *end = tail;
        assert_non_null(tail);
        if (fault == NULL) {
            fault = sc__decode_value(&type, from, out, &end);
        }
        if (fault == NULL) {
            fail_msg("case %zu is taken", i);
        }
        assert_int_equal(fault->status, SC_SCHEMA_MISMATCH);
        free(tail);
        free(copy);
    }
}

static void test_numerics_that_no_server_sends(void **state)
{
    (void)state;
    const struct sc__type type = TYPE(SC__NUMERIC, 0, 1700);
    struct sc_numeric out;
    static const struct {
        const char *bytes;
        int length;
        const char *text;
    } cases[] = {
        { "\0\2\0\1\0\0\0\0\0\0\0\x07", 12, "7" },     /* a zero in front */
        { "\0\1\0\0\x40\0\0\0\0\0", 10, "0" },         /* -0 */
        { "\0\1\xff\xff\x40\0\0\1\0\x01", 10, "0.0" }, /* digits beyond dscale */
        { "\0\1\0\0\0\0\0\2\0\x05", 10, "5.00" },
        { "\0\0\0\5\0\0\0\0", 8, "0" }, /* a weight without digits */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *tail = decode(&type, cases[i].bytes, cases[i].length, &out);
        assert_string_equal(out.text, cases[i].text);
        free(tail);
    }
}

static void test_nulls(void **state)
{
    (void)state;
    const struct sc__type plain = TYPE(SC__INT8, 0, 20),
                          nullable = TYPE(SC__INT8, SC__NULLABLE, 20),
                          array = TYPE(SC__INT8, SC__NULLABLE | SC__ARRAY, 1016);
    struct sc_maybe_int8 maybe = SC(1);
    struct sc_int8s items = { (const int64_t *)(const void *)&maybe, 1, NULL };
    struct sc__bytes null = { NULL, -1 };
    char *tail = NULL;
    int64_t bare;
    assert_fault(sc__decode_value(&plain, null, &bare, &tail), SC_SCHEMA_MISMATCH);
    assert_null(sc__decode_value(&nullable, null, &maybe, &tail));
    assert_int_equal(maybe.is, SC_IS_NULL);
    assert_int_equal(maybe.value, 0);
    assert_null(sc__decode_value(&array, null, &items, &tail));
    assert_null(items.items);
    assert_int_equal(items.count, 0);
}

static void test_labels_that_are_unknown(void **state)
{
    (void)state;
    const struct sc__type type = TYPE(SC__ENUM, 0, 0);
    static const struct {
        const char *label;
        int length;
        int value;
    } cases[] = { { "sad", 3, 1 }, { "ok", 2, 2 }, { "sadder", 6, -1 },
                  { "sa", 2, -1 }, { "", 0, -1 },  { "ok\0x", 4, -1 },
                  { "o", 1, -1 },  { "OK", 2, -1 } };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int out = 42;
        free(decode(&type, cases[i].label, cases[i].length, &out));
        assert_int_equal(out, cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_malformed_values_are_refused),
        cmocka_unit_test(test_numerics_that_no_server_sends),
        cmocka_unit_test(test_nulls),
        cmocka_unit_test(test_labels_that_are_unknown),
    };
    return cmocka_run_group_tests_name("codec_value", tests, NULL, NULL);
}
