/* value_test.c: uuid, inet, numeric and enum helpers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "runtime/sc.h"

static void test_uuids(void **state)
{
    (void)state;
    struct sc_uuid u, same;
    char buf[SC_UUID_SIZE];
    const char *text = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    assert_true(sc_uuid_parse(text, &u));
    assert_string_equal(sc_uuid_format(u, buf), text);
    assert_int_equal(u.bytes[0], 0xa0);
    assert_int_equal(u.bytes[15], 0x11);
    assert_true(sc_uuid_parse("A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", &same));
    assert_true(sc_uuid_equal(u, same));
    assert_true(sc_uuid_parse("a0eebc999c0b4ef8bb6d6bb9bd380a11", &same));
    assert_true(sc_uuid_equal(u, same));
    static const char *const none[] = {
        "",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
        "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a111",
        "a0eebc999c0b-4ef8-bb6d-6bb9bd380a11",
        "a0eebc99-9c0b4ef8bb6d6bb9bd380a11",
        "g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
        " a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
        "a0eebc99-",
        "a",
    };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(sc_uuid_parse(none[i], &u));
    }
    assert_false(sc_uuid_parse(NULL, &u));
    assert_true(sc_uuid_equal(u, same));
}

static void test_random_uuids(void **state)
{
    (void)state;
    struct sc_uuid a, b;
    errno = 0;
    assert_true(sc_uuid_random(&a));
    assert_true(sc_uuid_random(&b));
    assert_false(sc_uuid_equal(a, b));
    assert_int_equal(a.bytes[6] >> 4, 4);
    assert_int_equal(a.bytes[8] >> 6, 2);
    assert_int_equal(errno, 0);
}

static void test_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *back; /* NULL: the same */
    } cases[] = {
        { "127.0.0.1", NULL },
        { "10.0.0.0/8", NULL },
        { "192.168.1.5/24", NULL },
        { "192.168.1.5/32", "192.168.1.5" },
        { "0.0.0.0/0", NULL },
        { "255.255.255.255", NULL },
        { "::", NULL },
        { "::1", NULL },
        { "::/0", NULL },
        { "2001:db8::/32", NULL },
        { "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
        { "2001:db8::1/128", "2001:db8::1" },
        { "1:2:3:4:5:6:7:8", NULL },
        { "1:0:3:4:5:6:7:8", NULL },
        { "1:0:0:4:0:0:0:8", "1:0:0:4::8" },
        { "1:0:0:4:0:0:7:8", "1::4:0:0:7:8" },
        { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/127", NULL },
        { "::ffff:1.2.3.4", NULL },
        { "::1.2.3.4", NULL },
        { "64:ff9b::1.2.3.4", "64:ff9b::102:304" },
        { "fe80::a:0:0", "fe80::a:0:0" },
        { "1::", NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sc_inet a;
        char buf[SC_INET_SIZE];
        const char *back = cases[i].back != NULL ? cases[i].back : cases[i].text;
        if (!sc_inet_parse(cases[i].text, &a)) {
            fail_msg("\"%s\" is refused", cases[i].text);
        }
        assert_int_equal(a.is_cidr, 0);
        assert_string_equal(sc_inet_format(a, buf), back);
    }
}

static void test_networks_show_their_mask(void **state)
{
    (void)state;
    struct sc_inet a;
    char buf[SC_INET_SIZE];
    assert_true(sc_inet_parse("192.168.1.5", &a));
    a.is_cidr = 1;
    assert_string_equal(sc_inet_format(a, buf), "192.168.1.5/32");
    assert_true(sc_inet_parse("::1", &a));
    a.is_cidr = 1;
    assert_string_equal(sc_inet_format(a, buf), "::1/128");
}

static void test_no_addresses(void **state)
{
    (void)state;
    static const char *const none[] = {
        "",
        "/",
        "/8",
        "1.2.3",
        "1.2.3.4.5",
        "256.0.0.1",
        "1.2.3.4/33",
        "1.2.3.4/",
        "1.2.3.4/8 ",
        "1.2.3.4/-1",
        "10/8",
        ":",
        "1::2::3",
        "1:2:3:4:5:6:7",
        "::1/129",
        "::1/1000",
        "fe80::1%eth0",
        "g::",
        "1.2.3.4/8/8",
        "localhost",
        "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
    };
    struct sc_inet a = { .family = 99 };
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(sc_inet_parse(none[i], &a));
    }
    assert_false(sc_inet_parse(NULL, &a));
    assert_int_equal(a.family, 99);
}

static void test_which_texts_are_numbers(void **state)
{
    (void)state;
    static const char *const some[] = {
        "0",
        "-0",
        "+1",
        "1.",
        ".5",
        "-.5e-3",
        "00012.500",
        "1e5",
        "1E+5",
        "1e-5",
        "NaN",
        "nan",
        "Infinity",
        "-infinity",
        "+INF",
        "inf",
        "1e131071",
        "1e-16383",
        "0e999999999999999999999",
        "9.9e131071",
        "0.0001e131075",
    };
    static const char *const none[] = {
        "",          ".",
        "-",         "+",
        "e5",        "1e",
        "1e+",       "1.2.3",
        "1,5",       "0x10",
        "1_000",     " 1",
        "1 ",        "--1",
        "-nan",      "infinit",
        "Infinity1", "in",
        "1e131072",  "1e-16384",
        "0e-16384",  "1e999999999999999999999",
        "10e131071", "1\n",
        "\xd9\xa1",
    };
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        if (!sc_numeric_valid(some[i])) {
            fail_msg("\"%s\" is refused", some[i]);
        }
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (sc_numeric_valid(none[i])) {
            fail_msg("\"%s\" is taken", none[i]);
        }
    }
    assert_false(sc_numeric_valid(NULL));
}

static void test_long_numbers(void **state)
{
    (void)state;
    static char text[131072 + 1 + 16383 + 2];
    memset(text, '9', sizeof text - 1);
    text[131072] = '.';
    text[sizeof text - 2] = '\0';
    assert_true(sc_numeric_valid(text));
    text[sizeof text - 2] = '0';
    assert_false(sc_numeric_valid(text)); /* 16,384 digits behind the point */
    text[131072] = '9';
    text[131073] = '\0';
    assert_false(sc_numeric_valid(text)); /* 131,073 digits before it */
    memset(text, '0', sizeof text - 1);
    assert_true(sc_numeric_valid(text)); /* zeros in front do not count */
}

static void test_numbers_as_integers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } cases[] = {
        { "0", 0 },
        { "-0.00", 0 },
        { "12.000", 12 },
        { "-7", -7 },
        { "1e3", 1000 },
        { "120e-1", 12 },
        { "00100", 100 },
        { "0.5e1", 5 },
        { "9223372036854775807", INT64_MAX },
        { "-9223372036854775808", INT64_MIN },
        { "1e18", 1000000000000000000 },
    };
    static const char *const none[] = {
        "0.5",
        "1e-1",
        "9223372036854775808",
        "-9223372036854775809",
        "1e19",
        "NaN",
        "Infinity",
        "",
        "x",
        "12.5",
        "99999999999999999999",
        "1e131071",
    };
    int64_t v;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        v = 42;
        assert_true(sc_numeric_to_int8((struct sc_numeric){ cases[i].text }, &v));
        assert_int_equal(v, cases[i].value);
    }
    v = 42;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(sc_numeric_to_int8((struct sc_numeric){ none[i] }, &v));
    }
    assert_false(sc_numeric_to_int8((struct sc_numeric){ NULL }, &v));
    assert_int_equal(v, 42);
}

static void assert_float8(const char *text, double expected)
{
    double v = 42;
    if (!sc_numeric_to_float8((struct sc_numeric){ text }, &v) ||
        memcmp(&v, &expected, sizeof v) != 0) {
        fail_msg("\"%.40s\" is %.17g instead of %.17g", text, v, expected);
    }
}

static void test_numbers_as_doubles(void **state)
{
    (void)state;
    errno = 0;
    assert_float8("0", 0);
    assert_float8("-0.00", 0);
    assert_float8("0.1", 0.1);
    assert_float8("-123.456", -123.456);
    assert_float8("1e-16383", 0);
    assert_float8("1.7976931348623157e308", 1.7976931348623157e308);
    assert_float8("4.9e-324", 4.9e-324);
    assert_float8("9007199254740993", 9007199254740992.0);
    assert_float8("9007199254740993.00000000000000000000001", 9007199254740994.0);
    assert_float8("Infinity", HUGE_VAL);
    assert_float8("-Infinity", -HUGE_VAL);
    double v = 42;
    assert_true(sc_numeric_to_float8((struct sc_numeric){ "NaN" }, &v));
    assert_true(isnan(v));
    v = 42;
    assert_false(sc_numeric_to_float8((struct sc_numeric){ "1e309" }, &v));
    assert_false(sc_numeric_to_float8((struct sc_numeric){ "x" }, &v));
    assert_false(sc_numeric_to_float8((struct sc_numeric){ NULL }, &v));
    assert_true(v == 42);
    assert_int_equal(errno, 0);
}

/* Half of the distance between two doubles, decided by the 5,000th digit. */
static void test_doubles_of_many_digits(void **state)
{
    (void)state;
    static char text[5100];
    memset(text, '0', sizeof text);
    memcpy(text, "9007199254740993.", 17);
    text[5001] = '\0';
    assert_float8(text, 9007199254740992.0);
    text[5000] = '1';
    assert_float8(text, 9007199254740994.0);
}

/* A locale with a decimal comma, made here: none need be installed. localedef is of the C
 * library's own package, and warns (1) of the categories that are not there. */
static void make_locale(const char *folder)
{
    char path[128], command[512];
    snprintf(path, sizeof path, "%s/source", folder);
    FILE *source = fopen(path, "w");
    assert_non_null(source);
    fputs("comment_char %\nescape_char /\nLC_NUMERIC\ndecimal_point \"<U002C>\"\n"
          "thousands_sep \"\"\ngrouping -1\nEND LC_NUMERIC\n",
          source);
    fclose(source);
    snprintf(command, sizeof command,
             "localedef --no-archive -c -i %s/source -f ANSI_X3.4-1968 %s/comma"
             " >%s/log 2>&1",
             folder, folder, folder);
    assert_in_range(WEXITSTATUS(system(command)), 0, 1);
    assert_int_equal(setenv("LOCPATH", folder, 1), 0);
}

static void test_locale_does_not_matter(void **state)
{
    (void)state;
    char folder[] = "/tmp/value-test.XXXXXX", command[64], text[16];
    assert_non_null(mkdtemp(folder));
    make_locale(folder);
    assert_non_null(setlocale(LC_NUMERIC, "comma"));
    snprintf(text, sizeof text, "%g", 1.5);
    double v;
    bool ok = sc_numeric_to_float8((struct sc_numeric){ "1.5" }, &v);
    setlocale(LC_ALL, "C");
    snprintf(command, sizeof command, "rm -rf %s", folder);
    assert_int_equal(system(command), 0);
    assert_string_equal(text, "1,5"); /* it does where a locale counts */
    assert_true(ok && v == 1.5);
}

static void test_labels(void **state)
{
    (void)state;
    static const char *const names[] = { "sad", "ok", "with space" };
    const struct sc__enum mood = { "vec.mood", names, 3 };
    assert_string_equal(sc__label(&mood, 1), "sad");
    assert_string_equal(sc__label(&mood, 3), "with space");
    assert_null(sc__label(&mood, 0));
    assert_null(sc__label(&mood, -1));
    assert_null(sc__label(&mood, 4));
    assert_int_equal(sc__label_value(&mood, "ok"), 2);
    assert_int_equal(sc__label_value(&mood, "o"), -1);
    assert_int_equal(sc__label_value(&mood, "OK"), -1);
    assert_int_equal(sc__label_value(&mood, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uuids),
        cmocka_unit_test(test_random_uuids),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_networks_show_their_mask),
        cmocka_unit_test(test_no_addresses),
        cmocka_unit_test(test_which_texts_are_numbers),
        cmocka_unit_test(test_long_numbers),
        cmocka_unit_test(test_numbers_as_integers),
        cmocka_unit_test(test_numbers_as_doubles),
        cmocka_unit_test(test_doubles_of_many_digits),
        cmocka_unit_test(test_locale_does_not_matter),
        cmocka_unit_test(test_labels),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
