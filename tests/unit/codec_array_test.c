/* codec_array_test.c: arrays, array literals and COPY fields out of C forms, and back. */
#include "tests/support/codec_help.h"

/* ---- arrays ------------------------------------------------------------------------- */

static void test_arrays(void **state)
{
    (void)state;
    const struct sc__type type = TYPE(SC__INT4, SC__ARRAY, 1007);
    static const int32_t items[] = { 1, 2, 3, 4 };
    static const bool nulls[] = { false, true, false, false };
    static const int32_t lengths[] = { 2, 2 }, lower[] = { 0, -5 };
    const struct sc_shape with_null = { .nulls = nulls };
    const struct sc_shape square = { .ndims = 2,
                                     .lengths = lengths,
                                     .lower_bounds = lower };
    struct sc_int4s array = SC_LIST(items, 2), out;
    assert_bytes(&type, &array,
                 "0000000100000000000000170000000200000001"
                 "00000004000000010000000400000002");
    array = (struct sc_int4s){ items, 3, &with_null };
    assert_bytes(&type, &array,
                 "0000000100000001000000170000000300000001"
                 "0000000400000001ffffffff0000000400000003");
    char *trip = round_trip(&type, &array, &out);
    assert_int_equal(out.count, 3);
    assert_int_equal(out.items[2], 3);
    assert_true(out.shape->nulls[1] && !out.shape->nulls[2]);
    assert_int_equal(out.shape->ndims, 0);
    free_trip(trip);

    array = (struct sc_int4s){ items, 4, &square };
    trip = round_trip(&type, &array, &out);
    assert_int_equal(out.count, 4);
    assert_int_equal(out.shape->ndims, 2);
    assert_int_equal(out.shape->lengths[1], 2);
    assert_int_equal(out.shape->lower_bounds[1], -5);
    assert_null(out.shape->nulls);
    free_trip(trip);

    array = (struct sc_int4s){ items, 0, NULL };
    assert_bytes(&type, &array, "000000000000000000000017");
    trip = round_trip(&type, &array, &out);
    assert_int_equal(out.count, 0);
    assert_non_null(out.items);
    assert_null(out.shape);
    free_trip(trip);
}

static void test_arrays_of_text_and_numbers(void **state)
{
    (void)state;
    const struct sc__type texts = TYPE(SC__TEXT, SC__ARRAY, 1009);
    const char *words[] = { "a", "", NULL, "with, \"comma\"" };
    struct sc_texts array = SC_LIST(words, 4), out;
    char *trip = round_trip(&texts, &array, &out);
    assert_int_equal(out.count, 4);
    assert_string_equal(out.items[0], "a");
    assert_string_equal(out.items[1], "");
    assert_null(out.items[2]);
    assert_true(out.shape->nulls[2]);
    assert_string_equal(out.items[3], "with, \"comma\"");
    free_trip(trip);

    const struct sc__type jsons = TYPE(SC__JSONB, SC__ARRAY, 3807);
    trip = round_trip(&jsons, &array, &out);
    assert_string_equal(out.items[3], "with, \"comma\"");
    free_trip(trip);

    const struct sc__type numbers = TYPE(SC__NUMERIC, SC__ARRAY, 1231);
    const struct sc_numeric some[] = { { "1.50" }, { NULL }, { "-1e20" } };
    struct sc_numerics list = SC_LIST(some, 3), back;
    trip = round_trip(&numbers, &list, &back);
    assert_string_equal(back.items[0].text, "1.50");
    assert_null(back.items[1].text);
    assert_string_equal(back.items[2].text, "-100000000000000000000");
    free_trip(trip);
}

struct member {
    int id;
    struct sc_maybe_int8 number;
    const char *text;
    struct sc_texts tags;
    int mood;
};

static const char *const two_tags[] = { "a b", "c\"\\d" };
static const int32_t nested_lengths[] = { 1, 2 }, nested_lower[] = { 1, 0 };
static const struct sc_shape nested = { .ndims = 2,
                                        .lengths = nested_lengths,
                                        .lower_bounds = nested_lower };
static const struct member members[] = {
    { 1, SC(7), "x", SC_LIST(two_tags, 2), 1 },
    { 2, SC_NULL, NULL, { NULL, 0, NULL }, 2 },
    { 3, { SC_IS_UNSET, 0 }, "", { two_tags, 2, &nested }, 3 },
    { 4, SC(-1), "y", { two_tags, 0, NULL }, 1 },
};

static struct sc__strided column(const struct sc__type *type, size_t offset)
{
    struct sc__strided from = { .type = type,
                                .base = members,
                                .stride = sizeof(struct member),
                                .offset = offset,
                                .count = 4,
                                .maybe = false };
    return from;
}

static void test_members_become_an_array(void **state)
{
    (void)state;
    struct scratch s = open_scratch();
    const struct sc__type int8 = TYPE(SC__INT8, SC__NULLABLE, 20);
    struct sc__strided from = column(&int8, offsetof(struct member, number));
    from.maybe = true;
    assert_null(sc__encode_strided(&from, &s.arena, &s.wire));
    assert_int_equal(s.wire.format, 1);
    const struct sc__type int8s = TYPE(SC__INT8, SC__ARRAY, 1016);
    struct sc_int8s out;
    char *tail = decode(&int8s, s.wire.value, s.wire.length, &out);
    assert_int_equal(out.count, 4);
    assert_int_equal(out.items[0], 7);
    assert_int_equal(out.items[3], -1);
    assert_true(out.shape->nulls[1] && out.shape->nulls[2]);
    assert_memory_equal(s.wire.value + 8, "\0\0\0\x14", 4);
    free(tail);

    const struct sc__type mood_type = TYPE(SC__ENUM, 0, 0);
    from = column(&mood_type, offsetof(struct member, mood));
    from.element_oid = 16400;
    assert_null(sc__encode_strided(&from, &s.arena, &s.wire));
    assert_memory_equal(s.wire.value + 8, "\0\0\x40\x10", 4);
    sc__scratch_release(&s.arena);
}

static void test_array_members_become_literals(void **state)
{
    (void)state;
    struct scratch s = open_scratch();
    const struct sc__type type = TYPE(SC__TEXT, SC__ARRAY | SC__NULLABLE, 1009);
    struct sc__strided from = column(&type, offsetof(struct member, tags));
    assert_null(sc__encode_strided(&from, &s.arena, &s.wire));
    const struct sc__type texts = TYPE(SC__TEXT, SC__ARRAY, 1009);
    struct sc_texts out;
    char *tail = decode(&texts, s.wire.value, s.wire.length, &out);
    assert_memory_equal(s.wire.value + 8, "\0\0\0\x19", 4);
    assert_string_equal(out.items[0], "{\"a b\",\"c\\\"\\\\d\"}");
    assert_true(out.shape->nulls[1]);
    assert_string_equal(out.items[2], "[1:1][0:1]={{\"a b\",\"c\\\"\\\\d\"}}");
    assert_string_equal(out.items[3], "{}");
    free(tail);
    sc__scratch_release(&s.arena);
}

static void test_a_bad_member_is_named(void **state)
{
    (void)state;
    struct scratch s = open_scratch();
    struct member bad[3] = { members[0], members[0], members[0] };
    const struct sc__type mood_type = TYPE(SC__ENUM, 0, 0);
    struct sc__strided from = column(&mood_type, offsetof(struct member, mood));
    from.base = bad;
    from.count = 3;
    bad[2].mood = 9;
    assert_fault(sc__encode_strided(&from, &s.arena, &s.wire), SC_BAD_VALUE);
    assert_int_equal(from.bad, 2);

    const struct sc__type int8 = TYPE(SC__INT8, SC__NULLABLE, 20);
    from = column(&int8, offsetof(struct member, number));
    from.base = bad;
    from.count = 3;
    from.maybe = true;
    bad[1].number.is = (enum sc_is)5;
    assert_fault(sc__encode_strided(&from, &s.arena, &s.wire), SC_MISUSE);
    assert_int_equal(from.bad, 1);
    sc__scratch_release(&s.arena);
}

/* Each kind as it stands in an array literal. */
static void test_literals(void **state)
{
    (void)state;
    static const struct {
        uint8_t kind;
        union {
            bool boolean;
            int16_t int2;
            int64_t int8;
            uint32_t oid;
            float float4;
            double float8;
            struct sc_numeric numeric;
            struct sc_bytea bytea;
            struct sc_uuid uuid;
            struct sc_date date;
            struct sc_time time;
            struct sc_timetz timetz;
            struct sc_interval interval;
            struct sc_inet inet;
            int mood;
        } value;
        const char *text;
    } cases[] = {
        { SC__BOOL, { .boolean = true }, "{t}" },
        { SC__INT2, { .int2 = -5 }, "{-5}" },
        { SC__INT8, { .int8 = INT64_MIN }, "{-9223372036854775808}" },
        { SC__OID, { .oid = UINT32_MAX }, "{4294967295}" },
        { SC__FLOAT4, { .float4 = -1.5f }, "{-1.50000000e+00}" },
        { SC__FLOAT8, { .float8 = 0.1 }, "{1.0000000000000001e-01}" },
        { SC__FLOAT8, { .float8 = -HUGE_VAL }, "{-Infinity}" },
        { SC__NUMERIC, { .numeric = { "1.50" } }, "{1.50}" },
        { SC__BYTEA, { .bytea = { "\x00\xff", 2 } }, "{\"\\\\x00ff\"}" },
        { SC__UUID, { .uuid = { { 1 } } }, "{01000000-0000-0000-0000-000000000000}" },
        { SC__DATE, { .date = { -730120 } }, "{\"0001-12-31 BC\"}" },
        { SC__TIME, { .time = { 1 } }, "{\"00:00:00.000001\"}" },
        { SC__TIMETZ, { .timetz = { 0, -3600 } }, "{\"00:00:00+01\"}" },
        { SC__TIMESTAMP, { .int8 = 0 }, "{\"2000-01-01 00:00:00\"}" },
        { SC__TIMESTAMPTZ, { .int8 = 0 }, "{\"2000-01-01 00:00:00+00\"}" },
        { SC__INTERVAL, { .interval = { 0, -1, 0 } }, "{\"-1 days\"}" },
        { SC__INET, { .inet = { .family = 6, .bits = 64 } }, "{\"::/64\"}" },
        { SC__ENUM, { .mood = 3 }, "{\"with \\\"space\\\" \\\\\"}" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scratch s = open_scratch();
        struct sc_int4s array = SC_LIST((const int32_t *)(const void *)&cases[i].value,
                                        1);
        const struct sc__type type = TYPE(cases[i].kind, SC__ARRAY, 0);
        const struct sc__type texts = TYPE(SC__TEXT, SC__ARRAY, 1009);
        struct sc__strided from = {
            .type = &type, .base = &array, .count = 1, .stride = sizeof array
        };
        struct sc_texts out;
        assert_null(sc__encode_strided(&from, &s.arena, &s.wire));
        char *tail = decode(&texts, s.wire.value, s.wire.length, &out);
        assert_string_equal(out.items[0], cases[i].text);
        free(tail);
        sc__scratch_release(&s.arena);
    }
}

/* ---- COPY --------------------------------------------------------------------------- */

static void test_fields(void **state)
{
    (void)state;
    struct sc__buffer b = { 0 };
    const struct sc__type int4 = TYPE(SC__INT4, SC__NULLABLE, 23);
    const struct sc__type jsonb = TYPE(SC__JSONB, 0, 3802);
    const struct sc__type array = TYPE(SC__BOOL, SC__ARRAY, 0);
    struct sc_maybe_int4 five = SC(5), null = SC_NULL;
    const char *json = "1";
    static const bool items[] = { true };
    struct sc_bools bools = SC_LIST(items, 1);
    struct sc__source from = { .type = &int4, .value = &five, .maybe = true };
    assert_null(sc__encode_field(&from, &b));
    from.value = &null;
    assert_null(sc__encode_field(&from, &b));
    from = (struct sc__source){ .type = &jsonb, .value = &json };
    assert_null(sc__encode_field(&from, &b));
    from = (struct sc__source){ .type = &array, .value = &bools, .element_oid = 16 };
    assert_null(sc__encode_field(&from, &b));
    static const char expected[] = "\0\0\0\4\0\0\0\5"
                                   "\xff\xff\xff\xff"
                                   "\0\0\0\2\1"
                                   "1"
                                   "\0\0\0\x19"
                                   "\0\0\0\1\0\0\0\0\0\0\0\x10"
                                   "\0\0\0\1\0\0\0\1"
                                   "\0\0\0\1\1";
    assert_int_equal(b.size, sizeof expected - 1);
    assert_memory_equal(b.data, expected, b.size);
    sc__buffer_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arrays),
        cmocka_unit_test(test_arrays_of_text_and_numbers),
        cmocka_unit_test(test_members_become_an_array),
        cmocka_unit_test(test_array_members_become_literals),
        cmocka_unit_test(test_a_bad_member_is_named),
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_fields),
    };
    return cmocka_run_group_tests_name("codec_array", tests, NULL, NULL);
}
