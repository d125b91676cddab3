/* value_time_test.c: dates, times, timestamps and intervals as text and back. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runtime/sc.h"
#include "runtime/value/civil.h"

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)

struct text_case {
    const char *text;
    int64_t value;    /* microseconds, or days */
    const char *back; /* how it is written; NULL: as it was read */
};

static void test_timestamps(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        { "2000-01-01 00:00:00", 0, NULL },
        { "1999-12-31 23:59:59.999999", -1, NULL },
        { "2024-02-29T12:34:56.789012", 762525296789012, "2024-02-29 12:34:56.789012" },
        { "2024-02-29t12:34", 762525240 * SECOND, "2024-02-29 12:34:00" },
        { "2000-01-01 24:00:00", DAY, "2000-01-02 00:00:00" },
        { "1999-12-31 23:59:60", 0, "2000-01-01 00:00:00" },
        { "2000-01-01 00:00:00.1234564", 123456, "2000-01-01 00:00:00.123456" },
        { "2000-01-01 00:00:00.1234565000", 123457, "2000-01-01 00:00:00.123457" },
        { "2000-01-01 00:00:00.9999999", SECOND, "2000-01-01 00:00:01" },
        { "0001-01-01 00:00:00", -730119 * DAY, NULL },
        { "0001-12-31 23:59:59 BC", -730119 * DAY - SECOND, NULL },
        { "0044-03-15 12:00:00 BC", -64464465600 * SECOND, NULL },
        { "4714-11-24 00:00:00 BC", SC__TIMESTAMP_MIN, NULL },
        { "4713-11-24 00:00:00 BC", -211781865600 * SECOND, NULL },
        { "294276-12-31 23:59:59.999999", SC__TIMESTAMP_END - 1, NULL },
        { "infinity", INT64_MAX, NULL },
        { "-infinity", INT64_MIN, NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sc_timestamp t = { 42 };
        char buf[SC_TIMESTAMPTZ_SIZE];
        const struct text_case *c = &cases[i];
        if (!sc_timestamp_parse(c->text, &t) || t.usec != c->value) {
            fail_msg("\"%s\" is %lld", c->text, (long long)t.usec);
        }
        assert_string_equal(sc_timestamp_format(t, buf),
                            c->back != NULL ? c->back : c->text);
    }
}

static void test_timestamps_with_zone(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        { "2000-01-01 00:00:00+00", 0, NULL },
        { "2000-01-01 00:00:00Z", 0, "2000-01-01 00:00:00+00" },
        { "2000-01-01T00:00:00z", 0, "2000-01-01 00:00:00+00" },
        { "2000-01-01 01:00:00+01", 0, "2000-01-01 00:00:00+00" },
        { "1999-12-31 16:00:00-0800", 0, "2000-01-01 00:00:00+00" },
        { "2000-01-01 05:45:10+05:45:10", 0, "2000-01-01 00:00:00+00" },
        { "2000-01-01 15:59:59+15:59:59", 0, "2000-01-01 00:00:00+00" },
        { "0001-01-01 00:00:00+00 BC", -730485 * DAY, NULL },
        { "0001-01-01 00:00:00+01", -730119 * DAY - 3600 * SECOND,
          "0001-12-31 23:00:00+00 BC" },
        { "4714-11-23 23:00:00-01 BC", SC__TIMESTAMP_MIN, "4714-11-24 00:00:00+00 BC" },
        { "294277-01-01 00:59:59.999999+01", SC__TIMESTAMP_END - 1,
          "294276-12-31 23:59:59.999999+00" },
        { "infinity", INT64_MAX, NULL },
        { "-infinity", INT64_MIN, NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sc_timestamptz t = { 42 };
        char buf[SC_TIMESTAMPTZ_SIZE];
        const struct text_case *c = &cases[i];
        if (!sc_timestamptz_parse(c->text, &t) || t.usec != c->value) {
            fail_msg("\"%s\" is %lld", c->text, (long long)t.usec);
        }
        assert_string_equal(sc_timestamptz_format(t, buf),
                            c->back != NULL ? c->back : c->text);
    }
}

static const char *const no_timestamps[] = {
    "",
    " ",
    "now",
    "infinit",
    "infinity ",
    "+infinity",
    "2000-01-01",
    "2000-01-01 ",
    "00-01-01 00:00:00",
    "0000-01-01 00:00:00",
    "2000-1-1 00:00:00",
    "2000-13-01 00:00:00",
    "2000-00-01 00:00:00",
    "2000-01-32 00:00:00",
    "2000-01-00 00:00:00",
    "2001-02-29 00:00:00",
    "1900-02-29 00:00:00",
    "2000-01-01 25:00:00",
    "2000-01-01 24:00:00.000001",
    "2000-01-01 00:60:00",
    "2000-01-01 00:00:61",
    "2000-01-01 00:00:00.",
    "2000-01-01 00:00:00 AD",
    "2000-01-01 0:00:00",
    "2000-01-01  00:00:00",
    "-2000-01-01 00:00:00",
    "2000-01-01 00:00:00\n",
    "99999999-01-01 00:00:00",
    "2000-01-01 00:00:00 BC ",
};
static const char *const none_with_zone[] = {
    "2000-01-01 00:00:00",       "2000-01-01 00:00:00+1",
    "2000-01-01 00:00:00+16",    "2000-01-01 00:00:00+15:60",
    "2000-01-01 00:00:00+010",   "2000-01-01 00:00:00+",
    "2000-01-01 00:00:00 +01",   "2000-01-01 00:00:00 CET",
    "4714-11-24 00:00:00+01 BC", "294276-12-31 23:59:59.999999-01",
    "2000-01-01 00:00:00ZZ",     "2000-01-01 00:00:00+01:00:61",
};
static const char *const none_without_zone[] = {
    "2000-01-01 00:00:00+00", "4714-11-23 23:59:59.999999 BC", "294277-01-01 00:00:00",
    "294276-12-31 24:00:00",  "9999999-12-31 23:59:59",
};

static void test_no_timestamps(void **state)
{
    (void)state;
    struct sc_timestamp t = { 42 };
    struct sc_timestamptz tz = { 42 };
    for (size_t i = 0; i < sizeof no_timestamps / sizeof *no_timestamps; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s%s", no_timestamps[i],
                 strlen(no_timestamps[i]) > 15 ? "+00" : "");
        assert_false(sc_timestamp_parse(no_timestamps[i], &t));
        assert_false(sc_timestamptz_parse(text, &tz));
    }
    for (size_t i = 0; i < sizeof none_with_zone / sizeof *none_with_zone; i++) {
        assert_false(sc_timestamptz_parse(none_with_zone[i], &tz));
    }
    for (size_t i = 0; i < sizeof none_without_zone / sizeof *none_without_zone; i++) {
        assert_false(sc_timestamp_parse(none_without_zone[i], &t));
    }
    assert_false(sc_timestamp_parse(NULL, &t));
    assert_false(sc_timestamptz_parse(NULL, &tz));
    assert_int_equal(t.usec, 42);
    assert_int_equal(tz.usec, 42);
}

static void test_any_bits_have_a_text(void **state)
{
    (void)state;
    static const int64_t odd[] = { INT64_MIN + 1,
                                   INT64_MAX - 1,
                                   SC__TIMESTAMP_END,
                                   SC__TIMESTAMP_MIN - 1,
                                   INT64_MIN,
                                   INT64_MAX,
                                   -1 };
    char buf[SC_INTERVAL_SIZE];
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        assert_true(strlen(sc_timestamptz_format((struct sc_timestamptz){ odd[i] },
                                                 buf)) < SC_TIMESTAMPTZ_SIZE);
        assert_true(strlen(sc_time_format((struct sc_time){ odd[i] }, buf)) <
                    SC_TIMESTAMPTZ_SIZE);
        assert_true(strlen(sc_timetz_format((struct sc_timetz){ odd[i], INT32_MIN },
                                            buf)) < SC_TIMESTAMPTZ_SIZE);
        assert_true(strlen(sc_timetz_format((struct sc_timetz){ odd[i], INT32_MAX },
                                            buf)) < SC_TIMESTAMPTZ_SIZE);
        assert_true(strlen(sc_interval_format(
                        (struct sc_interval){ odd[i], INT32_MIN + 1, INT32_MIN },
                        buf)) < SC_INTERVAL_SIZE);
    }
    sc_date_format((struct sc_date){ INT32_MAX - 1 }, buf);
    assert_string_equal(buf, "5881610-07-10");
    sc_date_format((struct sc_date){ INT32_MIN + 1 }, buf);
    assert_string_equal(buf, "5877612-06-23 BC");
    sc_time_format((struct sc_time){ -SECOND }, buf);
    assert_string_equal(buf, "-00:00:01");
}

static void test_moments(void **state)
{
    (void)state;
    const struct sc_timestamptz inf = { SC_TIMESTAMP_INFINITY };
    const struct sc_timestamptz minus = { SC_TIMESTAMP_MINUS_INFINITY };
    assert_int_equal(sc_from_time(0).usec, -946684800 * SECOND);
    assert_int_equal(sc_to_time(sc_from_time(1700000000)), 1700000000);
    assert_int_equal(sc_to_time((struct sc_timestamptz){ -1 }), 946684799);
    assert_int_equal(sc_to_time((struct sc_timestamptz){ 999999 }), 946684800);
    assert_int_equal(sc_to_time(inf), INT64_MAX);
    assert_int_equal(sc_to_time(minus), INT64_MIN);
    assert_int_equal(sc_from_time(INT64_MAX).usec, INT64_MAX);
    assert_int_equal(sc_from_time(INT64_MIN).usec, INT64_MIN);
    assert_int_equal(sc_to_time(sc_from_time(9224318015999)), 9224318015999);
    assert_int_equal(sc_from_time(9224318016000).usec, INT64_MAX);
    assert_int_equal(sc_from_time(-210866803200).usec, SC__TIMESTAMP_MIN);
    assert_int_equal(sc_from_time(-210866803201).usec, INT64_MIN);

    time_t before = time(NULL);
    int64_t now = sc_to_time(sc_now());
    assert_in_range(now, before, before + 60);

    assert_int_equal(sc_timestamptz_add(inf, -1).usec, INT64_MAX);
    assert_int_equal(sc_timestamptz_add(minus, 1).usec, INT64_MIN);
    struct sc_timestamptz last = { SC__TIMESTAMP_END - 1 };
    struct sc_timestamptz first = { SC__TIMESTAMP_MIN };
    assert_int_equal(sc_timestamptz_add(last, 0).usec, last.usec);
    assert_int_equal(sc_timestamptz_add(last, 1).usec, INT64_MAX);
    assert_int_equal(sc_timestamptz_add(last, INT64_MAX).usec, INT64_MAX);
    assert_int_equal(sc_timestamptz_add(first, -1).usec, INT64_MIN);
    assert_int_equal(sc_timestamptz_add(first, INT64_MIN).usec, INT64_MIN);
    assert_int_equal(sc_timestamptz_add(first, INT64_MAX).usec,
                     SC__TIMESTAMP_MIN + INT64_MAX);
    assert_int_equal(sc_timestamptz_add(last, INT64_MIN).usec,
                     SC__TIMESTAMP_END - 1 + INT64_MIN);
    assert_int_equal(sc_timestamptz_add(sc_from_time(5), -5 * SECOND).usec,
                     sc_from_time(0).usec);
}

static void test_dates(void **state)
{
    (void)state;
    static const struct text_case cases[] = {
        { "2000-01-01", 0, NULL },
        { "1970-01-01", -10957, NULL },
        { "2024-02-29", 8825, NULL },
        { "0001-01-01", -730119, NULL },
        { "0001-12-31 BC", -730120, NULL },
        { "0001-02-29 BC", -730426, NULL },
        { "4714-11-24 BC", SC__DATE_MIN, NULL },
        { "10000-01-01", 2921940, NULL },
        { "5874897-12-31", SC__DATE_END - 1, NULL },
        { "infinity", INT32_MAX, NULL },
        { "-infinity", INT32_MIN, NULL },
    };
    char buf[SC_TIMESTAMPTZ_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sc_date d = { 42 };
        if (!sc_date_parse(cases[i].text, &d) || d.days != cases[i].value) {
            fail_msg("\"%s\" is %d", cases[i].text, (int)d.days);
        }
        assert_string_equal(sc_date_format(d, buf), cases[i].text);
    }
    static const char *const none[] = {
        "",
        "2000-01-01 ",
        "2000-02-30",
        "4714-11-23 BC",
        "5874898-01-01",
        "today",
        "2000-01",
        "20000101",
        "0000-01-01",
        "2000-01-01 bc",
        "2000-01-01T00:00:00",
        "99999999-01-01",
        "-infinityx",
        "2000/01/01",
    };
    struct sc_date d = { 42 };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(sc_date_parse(none[i], &d));
    }
    assert_false(sc_date_parse(NULL, &d));
    assert_int_equal(d.days, 42);
}

/* Each day between the years before 1 and after 2000 follows the one before it. */
static void test_calendar(void **state)
{
    (void)state;
    int year = -401, month = 12, day = 31;
    struct sc_date d, before;
    assert_true(sc_date_from_civil(year, month, day, &before));
    for (d.days = before.days + 1; d.days < 150000; d.days++) {
        int y, m, dd;
        struct sc_date back;
        assert_true(sc_date_civil(d, &y, &m, &dd));
        bool next_day = y == year && m == month && dd == day + 1;
        bool next_month = y == year && m == month + 1 && dd == 1;
        bool next_year = y == year + 1 && m == 1 && dd == 1 && month == 12;
        assert_true(next_day || next_month || next_year);
        if (!next_day) {
            assert_false(sc_date_from_civil(year, month, day + 1, &back));
        }
        assert_true(sc_date_from_civil(y, m, dd, &back));
        assert_int_equal(back.days, d.days);
        year = y;
        month = m;
        day = dd;
    }
    assert_false(sc_date_civil((struct sc_date){ INT32_MAX }, &year, &month, &day));
    assert_false(sc_date_civil((struct sc_date){ INT32_MIN }, &year, &month, &day));
    assert_false(sc_date_from_civil(INT32_MAX, 1, 1, &d));
    assert_false(sc_date_from_civil(INT32_MIN, 1, 1, &d));
    assert_false(sc_date_from_civil(2000, 0, 1, &d));
    assert_false(sc_date_from_civil(2000, 13, 1, &d));
    assert_false(sc_date_from_civil(2000, INT32_MAX, INT32_MAX, &d));
}

static void test_times(void **state)
{
    (void)state;
    struct sc_time t = { 42 };
    struct sc_timetz tz = { 42, 43 };
    char buf[SC_TIMESTAMPTZ_SIZE];
    static const char *const plain[] = { "00:00:00", "23:59:59.999999", "24:00:00",
                                         "12:34:56.7" };
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_true(sc_time_parse(plain[i], &t));
        assert_string_equal(sc_time_format(t, buf), plain[i]);
    }
    assert_true(sc_time_parse("23:59:59.9999999", &t));
    assert_int_equal(t.usec, DAY);
    static const char *const zoned[] = {
        "00:00:00+00",
        "12:34:56.789+05:30",
        "23:59:59.999999-15:59",
        "24:00:00+15:59:59",
        "12:00:00-15:59:59",
        "00:00:00-00:00:01",
        "01:02:03.000004+01:02:03",
        "12:00:00+13:45",
    };
    for (size_t i = 0; i < sizeof zoned / sizeof *zoned; i++) {
        assert_true(sc_timetz_parse(zoned[i], &tz));
        assert_string_equal(sc_timetz_format(tz, buf), zoned[i]);
    }
    assert_true(sc_timetz_parse("12:00Z", &tz));
    assert_int_equal(tz.usec, DAY / 2);
    assert_int_equal(tz.zone, 0);
    assert_true(sc_timetz_parse("00:00+01", &tz));
    assert_int_equal(tz.zone, -3600);

    t.usec = 42;
    static const char *const none[] = { "",          "1:00",        "24:00:01", "00:60",
                                        "12:00:00 ", "12:00:00+01", "12",       "12:",
                                        "12:00:",    "ab:cd" };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(sc_time_parse(none[i], &t));
    }
    tz = (struct sc_timetz){ 42, 43 };
    static const char *const no_zone[] = {
        "", "12:00:00", "12:00:00+16", "12:00+0:1", "12:00:00+1", "12:00:00-16:00"
    };
    for (size_t i = 0; i < sizeof no_zone / sizeof *no_zone; i++) {
        assert_false(sc_timetz_parse(no_zone[i], &tz));
    }
    assert_false(sc_time_parse(NULL, &t));
    assert_false(sc_timetz_parse(NULL, &tz));
    assert_int_equal(t.usec, 42);
    assert_true(tz.usec == 42 && tz.zone == 43);
}

static void test_intervals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct sc_interval value;
        const char *back;
    } cases[] = {
        { "00:00:00", { 0, 0, 0 }, NULL },
        { "-00:00:00.000001", { -1, 0, 0 }, NULL },
        { "1 day", { 0, 1, 0 }, NULL },
        { "-1 days", { 0, -1, 0 }, NULL },
        { "1 mon", { 0, 0, 1 }, NULL },
        { "11 mons", { 0, 0, 11 }, NULL },
        { "1 year 2 mons 3 days 04:05:06.789", { 14706789000, 3, 14 }, NULL },
        { "-1 years -2 mons +3 days -04:05:06", { -14706000000, 3, -14 }, NULL },
        { "-1 days +00:00:01", { SECOND, -1, 0 }, NULL },
        { "1 day -00:00:01", { -SECOND, 1, 0 }, NULL },
        { "-1 mons -1 days +1 day", { 0, 0, 0 }, "" },
        { "1 year 1 month 1 day", { 0, 1, 13 }, "1 year 1 mon 1 day" },
        { "178956970 years 7 mons", { 0, 0, INT32_MAX }, NULL },
        { "-178956970 years -8 mons", { 0, 0, INT32_MIN }, NULL },
        { "2147483647 days", { 0, INT32_MAX, 0 }, NULL },
        { "-2147483648 days", { 0, INT32_MIN, 0 }, NULL },
        { "2562047788:00:54.775807", { INT64_MAX, 0, 0 }, NULL },
        { "-2562047788:00:54.775808", { INT64_MIN, 0, 0 }, NULL },
        { "-178956970 years -8 mons +2147483647 days -2562047788:00:54.775808",
          { INT64_MIN, INT32_MAX, INT32_MIN },
          NULL },
        { "infinity", { INT64_MAX, INT32_MAX, INT32_MAX }, NULL },
        { "-infinity", { INT64_MIN, INT32_MIN, INT32_MIN }, NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sc_interval v = { 42, 43, 44 };
        char buf[SC_INTERVAL_SIZE];
        if (cases[i].back != NULL && cases[i].back[0] == '\0') {
            assert_false(sc_interval_parse(cases[i].text, &v)); /* days twice */
            assert_true(v.usec == 42 && v.days == 43 && v.months == 44);
            continue;
        }
        if (!sc_interval_parse(cases[i].text, &v)) {
            fail_msg("\"%s\" is refused", cases[i].text);
        }
        assert_int_equal(v.usec, cases[i].value.usec);
        assert_int_equal(v.days, cases[i].value.days);
        assert_int_equal(v.months, cases[i].value.months);
        assert_string_equal(sc_interval_format(v, buf),
                            cases[i].back != NULL ? cases[i].back : cases[i].text);
    }
}

static void test_no_intervals(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",
        " ",
        "1",
        "1 ",
        "day",
        "1 dayz",
        "1 day ",
        " 1 day",
        "1  day",
        "1 fortnight",
        "1 mon 1 year",
        "1 day 1 mon",
        "00:00:00 1 day",
        "1 day 1 day",
        "1:2:3",
        "00:60:00",
        "00:00:60",
        "00:00",
        "00:00:00.",
        "--1 days",
        "1.5 days",
        "178956970 years 8 mons",
        "-178956970 years -9 mons",
        "178956971 years",
        "2147483648 days",
        "-2147483649 days",
        "2562047788:00:54.775808",
        "-2562047788:00:54.775809",
        "2562047789:00:00",
        "9999999999:00:00",
        "99999999999 days",
        "infinity ",
        "1 day infinity",
        "1 days00:00:00",
    };
    struct sc_interval v = { 42, 43, 44 };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (sc_interval_parse(none[i], &v)) {
            fail_msg("\"%s\" is taken", none[i]);
        }
    }
    assert_false(sc_interval_parse(NULL, &v));
    assert_true(v.usec == 42 && v.days == 43 && v.months == 44);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_timestamps),
        cmocka_unit_test(test_timestamps_with_zone),
        cmocka_unit_test(test_no_timestamps),
        cmocka_unit_test(test_any_bits_have_a_text),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_calendar),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_no_intervals),
    };
    return cmocka_run_group_tests_name("value_time", tests, NULL, NULL);
}
