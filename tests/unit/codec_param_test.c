/* codec_param_test.c: parameters out of C forms, and all that is refused on the way. */
#include "tests/support/codec_help.h"

/* ---- memory ------------------------------------------------------------------------ */

static void test_scratch_gives_aligned_memory(void **state)
{
    (void)state;
    int64_t first[8];
    struct sc__scratch s;
    sc__scratch_init(&s, first, sizeof first);
    assert_ptr_equal(sc__scratch_alloc(&s, 3), first);
    assert_ptr_equal(sc__scratch_alloc(&s, 8), first + 1);
    char *large = sc__scratch_alloc(&s, 5000);
    assert_non_null(large);
    memset(large, 1, 5000);
    assert_ptr_equal(sc__scratch_alloc(&s, 48),
                     first + 2); /* what was left still serves */
    char *more = sc__scratch_alloc(&s, 1);
    assert_int_equal((uintptr_t)more % 8, 0);
    assert_true(more < (char *)first || more >= (char *)(first + 8));
    assert_null(sc__scratch_alloc(&s, SIZE_MAX));
    assert_null(sc__scratch_alloc(&s, SIZE_MAX - 20));
    sc__scratch_release(&s);
    assert_null(s.blocks);
    assert_non_null(sc__scratch_alloc(&s, 0));
    sc__scratch_release(&s);
}

static void use(struct sc__scratch *s, size_t size, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        char *given = sc__scratch_alloc(s, size);
        assert_non_null(given);
        memset(given, 1, size);
    }
}

static void test_scratch_keeps_what_it_needed(void **state)
{
    enum { MANY = 5000, SIZE = 1000, MEGABYTE = 1 << 20 };
    (void)state;
    struct sc__scratch s;
    sc__scratch_init(&s, NULL, 0);
    sc__scratch_reset(&s); /* nothing */
    use(&s, SIZE, MANY);
    sc__scratch_reset(&s);
    const char *start = s.next;
    assert_true(s.left >= (size_t)MANY * SIZE);
    assert_true(s.left < (size_t)MANY * SIZE * 5 / 4 + MEGABYTE);
    for (int i = 0; i < 3; i++) { /* ... and no more than that */
        use(&s, SIZE, MANY);
        assert_true(s.next > start && s.next + s.left > start + (size_t)MANY * SIZE);
        sc__scratch_reset(&s);
        assert_ptr_equal(s.next, start);
    }
    /* A few small rounds are no reason, eight are; a large one in between counts anew. */
    size_t room = s.left;
    for (size_t i = 0; i < 15; i++) {
        use(&s, SIZE, i == 7 ? MANY : i);
        sc__scratch_reset(&s);
        assert_int_equal(s.left, room);
    }
    use(&s, SIZE, 3);
    sc__scratch_reset(&s);
    assert_true(s.left >= (size_t)14 * SIZE && s.left < (size_t)20 * SIZE);
    sc__scratch_release(&s);
}

static void test_buffer_grows(void **state)
{
    (void)state;
    struct sc__buffer b = { 0 };
    assert_true(sc__buffer_reserve(&b, 3));
    memcpy(b.data, "abc", 3);
    b.size = 3;
    assert_true(sc__buffer_reserve(&b, 100000));
    assert_memory_equal(b.data, "abc", 3);
    assert_true(b.room >= 100003);
    assert_false(sc__buffer_reserve(&b, SIZE_MAX));
    assert_false(sc__buffer_reserve(&b, SIZE_MAX / 2));
    assert_memory_equal(b.data, "abc", 3);
    sc__buffer_release(&b);
    assert_null(b.data);
}

/* ---- forms ------------------------------------------------------------------------- */

static void test_forms(void **state)
{
    (void)state;
    const struct sc__type plain = TYPE(SC__INT8, 0, 20);
    const struct sc__type nullable = TYPE(SC__INT8, SC__NULLABLE, 20);
    const struct sc__type text = TYPE(SC__TEXT, SC__NULLABLE, 25);
    const struct sc__type array = TYPE(SC__INT8, SC__NULLABLE | SC__ARRAY, 1016);
    const struct sc__type label = TYPE(SC__ENUM, SC__NULLABLE, 0);
    assert_false(sc__is_maybe(&plain));
    assert_true(sc__is_maybe(&nullable));
    assert_true(sc__is_maybe(&label));
    assert_false(sc__is_maybe(&text));
    assert_false(sc__is_maybe(&array));
    assert_int_equal(sc__form_size(&nullable, true), sizeof(struct sc_maybe_int8));
    assert_int_equal(sc__form_size(&array, false), sizeof(struct sc_int8s));
    assert_int_equal(sc__form_size(&array, true), sizeof(struct sc_maybe_int8s));
    assert_int_equal(sc__form_align(&label, true), _Alignof(int));
    assert_int_equal(sc__element_oid(&array), 20);
    assert_int_equal(sc__element_oid(&plain), 0);
}

static void test_what_was_given(void **state)
{
    (void)state;
    const struct sc__type int4 = TYPE(SC__INT4, 0, 23);
    const struct sc__type text = TYPE(SC__TEXT, 0, 25);
    const struct sc__type label = TYPE(SC__ENUM, 0, 0);
    struct sc_maybe_int4 unset = { 0 }, null = SC_NULL, five = SC(5), wrong = { 5, 0 };
    assert_int_equal(sc__given(&int4, true, &unset), SC_IS_UNSET);
    assert_int_equal(sc__given(&int4, true, &null), SC_IS_NULL);
    assert_int_equal(sc__given(&int4, true, &five), SC_IS_VALUE);
    assert_int_equal(sc__given(&int4, true, &wrong), -1);
    const char *some = "", *none = NULL;
    struct sc_maybe_text no_text = SC(NULL);
    assert_int_equal(sc__given(&text, false, &some), SC_IS_VALUE);
    assert_int_equal(sc__given(&text, false, &none), SC_IS_NULL);
    assert_int_equal(sc__given(&text, true, &no_text), SC_IS_NULL);
    int zero = 0, one = 1;
    assert_int_equal(sc__given(&label, false, &zero), SC_IS_UNSET);
    assert_int_equal(sc__given(&label, false, &one), SC_IS_VALUE);
}

/* ---- parameters -------------------------------------------------------------------- */

static void test_text_travels_without_a_copy(void **state)
{
    (void)state;
    struct scratch s = open_scratch();
    const struct sc__type types[] = { TYPE(SC__TEXT, 0, 25), TYPE(SC__JSONB, 0, 3802) };
    for (size_t i = 0; i < 2; i++) {
        const char *text = "{}";
        struct sc__source from = { .type = &types[i], .value = &text };
        assert_null(sc__encode(&from, &s.arena, &s.wire));
        assert_ptr_equal(s.wire.value, text);
        assert_int_equal(s.wire.format, 0);
    }
    const struct sc__type numeric = TYPE(SC__NUMERIC, 0, 1700);
    struct sc_numeric n = { "1.50" };
    struct sc__source from = { .type = &numeric, .value = &n };
    assert_null(sc__encode(&from, &s.arena, &s.wire));
    assert_ptr_equal(s.wire.value, n.text);
    assert_int_equal(s.wire.format, 0);

    const struct sc__type bytea = TYPE(SC__BYTEA, 0, 17);
    struct sc_bytea b = { "a\0b", 3 };
    from = (struct sc__source){ .type = &bytea, .value = &b };
    assert_null(sc__encode(&from, &s.arena, &s.wire));
    assert_ptr_equal(s.wire.value, b.data);
    assert_int_equal(s.wire.length, 3);
    assert_int_equal(s.wire.format, 1);

    const struct sc__type label = TYPE(SC__ENUM, 0, 0);
    int value = 2;
    from = (struct sc__source){ .type = &label, .value = &value };
    assert_null(sc__encode(&from, &s.arena, &s.wire));
    assert_string_equal(s.wire.value, "ok");
    assert_int_equal(s.wire.format, 0);
    assert_null(s.arena.blocks);
}

static void test_fixed_kinds_stand_in_the_wire(void **state)
{
    (void)state;
    struct scratch s = open_scratch();
    const struct sc__type int4 = TYPE(SC__INT4, SC__NULLABLE, 23);
    struct sc_maybe_int4 maybe = SC(-2);
    struct sc__source from = { .type = &int4, .value = &maybe, .maybe = true };
    assert_null(sc__encode(&from, &s.arena, &s.wire));
    assert_ptr_equal(s.wire.value, s.wire.raw);
    assert_int_equal(s.wire.length, 4);
    assert_int_equal(s.wire.format, 1);
    assert_memory_equal(s.wire.value, "\xff\xff\xff\xfe", 4);
    struct sc_maybe_int4 none[] = { SC_NULL, { 0 } };
    for (size_t i = 0; i < 2; i++) {
        from.value = &none[i];
        assert_null(sc__encode(&from, &s.arena, &s.wire));
        assert_null(s.wire.value);
    }
    from.value = NULL;
    assert_null(sc__encode(&from, &s.arena, &s.wire));
    assert_null(s.wire.value);
}

static void test_a_wire_can_own_its_value(void **state)
{
    (void)state;
    struct scratch s = open_scratch();
    char text[] = "hello";
    const char *pointer = text;
    const struct sc__type type = TYPE(SC__TEXT, 0, 25);
    struct sc__source from = { .type = &type, .value = &pointer };
    assert_null(sc__encode(&from, &s.arena, &s.wire));
    assert_true(sc__wire_own(&s.wire, &s.arena));
    memset(text, 'x', sizeof text);
    assert_string_equal(s.wire.value, "hello");

    struct sc_uuid uuid = { { 1, 2, 3 } };
    const struct sc__type id = TYPE(SC__UUID, 0, 2950);
    from = (struct sc__source){ .type = &id, .value = &uuid };
    assert_null(sc__encode(&from, &s.arena, &s.wire));
    assert_true(sc__wire_own(&s.wire, &s.arena));
    memset(&uuid, 0xff, sizeof uuid);
    assert_memory_equal(s.wire.value, "\1\2\3\0", 4);

    s.wire.value = NULL;
    assert_true(sc__wire_own(&s.wire, &s.arena));
    assert_null(s.wire.value);
    sc__scratch_release(&s.arena);
}

static void test_binary_forms(void **state)
{
    (void)state;
    const struct sc__type boolean = TYPE(SC__BOOL, 0, 16), int2 = TYPE(SC__INT2, 0, 21),
                          float4 = TYPE(SC__FLOAT4, 0, 700),
                          timetz = TYPE(SC__TIMETZ, 0, 1266),
                          interval = TYPE(SC__INTERVAL, 0, 1186),
                          inet = TYPE(SC__INET, 0, 869),
                          jsonb = TYPE(SC__JSONB, 0, 3802),
                          label = TYPE(SC__ENUM, 0, 0), text = TYPE(SC__TEXT, 0, 25);
    bool yes = true;
    int16_t small = INT16_MIN;
    float f = -1.5f;
    struct sc_timetz tz = { 1, -3600 };
    struct sc_interval iv = { -1, 2, -3 };
    struct sc_inet host = { .family = 4, .bits = 24, .bytes = { 192, 168, 1, 5 } };
    const char *json = "{}", *empty = "";
    int ok = 2;
    assert_bytes(&boolean, &yes, "01");
    assert_bytes(&int2, &small, "8000");
    assert_bytes(&float4, &f, "bfc00000");
    assert_bytes(&timetz, &tz, "0000000000000001fffff1f0");
    assert_bytes(&interval, &iv, "ffffffffffffffff00000002fffffffd");
    assert_bytes(&inet, &host, "02180004c0a80105");
    assert_bytes(&jsonb, &json, "017b7d");
    assert_bytes(&label, &ok, "6f6b");
    assert_bytes(&text, &empty, "");
}

static void test_numerics(void **state)
{
    (void)state;
    const struct sc__type type = TYPE(SC__NUMERIC, 0, 1700);
    static const struct {
        const char *text;
        const char *hex;
        const char *back; /* NULL: the same */
    } cases[] = {
        { "0", "0000000000000000", NULL },
        { "-0.00", "0000000000000002", "0.00" },
        { "1.5e2", "00010000000000000096", "150" },
        { "+0012.340", "0002000000000003000c0d48", "12.340" },
        { "-.00012",
          "0002ffff4000000500010"
          "7d0",
          "-0.00012" },
        { "1e8", "00010002000000000001", "100000000" },
        { "123400000000",
          "00010002000000000"
          "4d2",
          "123400000000" },
        { "1e-9", "0001fffd0000000903e8", "0.000000001" },
        { "nan", "00000000c0000000", "NaN" },
        { "-inf", "00000000f0000020", "-Infinity" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sc_numeric n = { cases[i].text }, out;
        assert_bytes(&type, &n, cases[i].hex);
        char *trip = round_trip(&type, &n, &out);
        assert_string_equal(out.text,
                            cases[i].back != NULL ? cases[i].back : cases[i].text);
        free_trip(trip);
    }
}

/* ---- what is refused ---------------------------------------------------------------- */

static enum sc_status refuse(const struct sc__type *type, const void *value, bool maybe)
{
    struct scratch s = open_scratch();
    struct sc__buffer buffer = { 0 };
    struct sc__source from = { .type = type, .value = value, .maybe = maybe };
    const struct sc__fault *param = sc__encode(&from, &s.arena, &s.wire);
    const struct sc__fault *binary = sc__encode_binary(&from, &s.arena, &s.wire);
    const struct sc__fault *field = sc__encode_field(&from, &buffer);
    assert_non_null(param);
    assert_ptr_equal(param, binary);
    assert_ptr_equal(param, field);
    assert_int_equal(buffer.size, 0);
    sc__scratch_release(&s.arena);
    sc__buffer_release(&buffer);
    return param->status;
}

static void test_values_out_of_range_are_refused(void **state)
{
    (void)state;
    const struct sc__type date = TYPE(SC__DATE, 0, 1082),
                          time = TYPE(SC__TIME, 0, 1083),
                          timetz = TYPE(SC__TIMETZ, 0, 1266),
                          timestamp = TYPE(SC__TIMESTAMP, 0, 1114),
                          timestamptz = TYPE(SC__TIMESTAMPTZ, 0, 1184),
                          numeric = TYPE(SC__NUMERIC, 0, 1700),
                          inet = TYPE(SC__INET, 0, 869), label = TYPE(SC__ENUM, 0, 0);
    const struct sc_date dates[] = { { SC__DATE_MIN - 1 }, { SC__DATE_END } };
    const struct sc_time times[] = { { -1 }, { SC__DAY_USEC + 1 } };
    const struct sc_timetz zones[] = { { 0, 57600 }, { 0, -57600 }, { -1, 0 } };
    const struct sc_timestamp moments[] = { { SC__TIMESTAMP_MIN - 1 },
                                            { SC__TIMESTAMP_END } };
    const struct sc_inet hosts[] = { { .family = 5 },
                                     { .family = 4, .bits = 33 },
                                     { .family = 6, .bits = 129 },
                                     { .family = 4, .bits = 8, .is_cidr = 2 },
                                     { 4, 8, 1, { 10, 0, 0, 1 } },
                                     { 0 } };
    const struct sc_numeric texts[] = { { "x" }, { "" }, { "1e131072" } };
    const int labels[] = { -1, 4, INT32_MIN };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(refuse(&date, &dates[i], false), SC_BAD_VALUE);
        assert_int_equal(refuse(&time, &times[i], false), SC_BAD_VALUE);
        assert_int_equal(refuse(&timestamp, &moments[i], false), SC_BAD_VALUE);
        assert_int_equal(refuse(&timestamptz, &moments[i], false), SC_BAD_VALUE);
    }
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(refuse(&timetz, &zones[i], false), SC_BAD_VALUE);
        assert_int_equal(refuse(&numeric, &texts[i], false), SC_BAD_VALUE);
        assert_int_equal(refuse(&label, &labels[i], false), SC_BAD_VALUE);
    }
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        assert_int_equal(refuse(&inet, &hosts[i], false), SC_BAD_VALUE);
    }
}

static void test_misuse_is_refused(void **state)
{
    (void)state;
    const struct sc__type int4 = TYPE(SC__INT4, 0, 23), label = TYPE(SC__ENUM, 0, 0),
                          text = TYPE(SC__TEXT, 0, 25),
                          numeric = TYPE(SC__NUMERIC, 0, 0),
                          bytea = TYPE(SC__BYTEA, 0, 17),
                          array = TYPE(SC__INT4, SC__ARRAY, 1007);
    struct sc_maybe_int4 wrong = { 5, 0 }, null = SC_NULL, unset = { 0 };
    int zero = 0;
    const char *no_text = NULL;
    struct sc_numeric no_number = { NULL };
    struct sc_bytea no_bytes = { NULL, 0 };
    struct sc_int4s no_items = { NULL, 0, NULL };
    assert_int_equal(refuse(&int4, &wrong, true), SC_MISUSE);
    assert_int_equal(refuse(&int4, &null, true), SC_NOT_NULL);
    assert_int_equal(refuse(&int4, &unset, true), SC_NOT_NULL);
    assert_int_equal(refuse(&label, &zero, false), SC_BAD_VALUE);
    assert_int_equal(refuse(&text, &no_text, false), SC_NOT_NULL);
    assert_int_equal(refuse(&numeric, &no_number, false), SC_NOT_NULL);
    assert_int_equal(refuse(&bytea, &no_bytes, false), SC_NOT_NULL);
    assert_int_equal(refuse(&array, &no_items, false), SC_NOT_NULL);
}

static void test_shapes_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    const struct sc__type type = TYPE(SC__INT4, SC__ARRAY, 1007);
    static const int32_t items[6];
    static const int32_t two_three[] = { 2, 3 }, two_four[] = { 2, 4 },
                         zero[] = { 0, 6 }, minus[] = { -1, -6 },
                         large[] = { INT32_MAX, INT32_MAX }, high[] = { INT32_MAX, 1 },
                         seven[] = { 1, 1, 1, 1, 1, 1, 6 };
    const struct sc_shape shapes[] = {
        { .ndims = 2, .lengths = two_four },
        { .ndims = 2, .lengths = zero },
        { .ndims = 2, .lengths = minus },
        { .ndims = 2, .lengths = large },
        { .ndims = 7, .lengths = seven },
        { .ndims = -1, .lengths = two_three },
        { .ndims = 2, .lengths = NULL },
        { .ndims = 2, .lengths = two_three, .lower_bounds = high },
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct sc_int4s array = { items, 6, &shapes[i] };
        assert_int_equal(refuse(&type, &array, false), SC_MISUSE);
    }
    struct sc_int4s endless = { items, SIZE_MAX, NULL };
    assert_int_equal(refuse(&type, &endless, false), SC_BAD_VALUE);
    struct sc_bytea huge = { items, SIZE_MAX };
    const struct sc__type bytea = TYPE(SC__BYTEA, 0, 17);
    assert_int_equal(refuse(&bytea, &huge, false), SC_BAD_VALUE);
}

static void test_bad_elements_are_refused(void **state)
{
    (void)state;
    const struct sc__type type = TYPE(SC__NUMERIC, SC__ARRAY, 1231);
    static const struct sc_numeric items[] = { { "1" }, { NULL }, { "x" } };
    struct sc_numerics array = SC_LIST(items, 3);
    assert_int_equal(refuse(&type, &array, false), SC_BAD_VALUE);
    const struct sc__type labels = TYPE(SC__ENUM, SC__ARRAY, 0);
    static const int values[] = { 1, 0 };
    struct sc_int4s unset = SC_LIST(values, 2);
    assert_int_equal(refuse(&labels, &unset, false), SC_BAD_VALUE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scratch_gives_aligned_memory),
        cmocka_unit_test(test_scratch_keeps_what_it_needed),
        cmocka_unit_test(test_buffer_grows),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_what_was_given),
        cmocka_unit_test(test_text_travels_without_a_copy),
        cmocka_unit_test(test_fixed_kinds_stand_in_the_wire),
        cmocka_unit_test(test_a_wire_can_own_its_value),
        cmocka_unit_test(test_binary_forms),
        cmocka_unit_test(test_numerics),
        cmocka_unit_test(test_values_out_of_range_are_refused),
        cmocka_unit_test(test_misuse_is_refused),
        cmocka_unit_test(test_shapes_that_do_not_fit_are_refused),
        cmocka_unit_test(test_bad_elements_are_refused),
    };
    return cmocka_run_group_tests_name("codec_param", tests, NULL, NULL);
}
