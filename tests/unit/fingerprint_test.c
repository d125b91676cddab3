/* fingerprint_test.c: the hash against the standard's own examples and at block edges: that
 * it is SHA-256, of all of the text, as lower-case digits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "base/arena.h"
#include "migrate/fingerprint.h"

static struct arena arena;

static const char *hex_of(struct str text)
{
    struct str hex = fingerprint(&arena, text);
    assert_int_equal(hex.n, 64);
    return hex.s;
}

static void test_examples(void **state)
{
    (void)state;
    assert_string_equal(
        hex_of(STR("")),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(
        hex_of(STR("abc")),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(
        hex_of(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

static void test_a_million(void **state)
{
    (void)state;
    char *text = arena_alloc(&arena, 1000000);
    memset(text, 'a', 1000000);
    assert_string_equal(
        hex_of((struct str){ text, 1000000 }),
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Lengths around the padding's edges (python3 hashlib). */
static void test_edges(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        const char *hex;
    } cases[] = {
        { 55, "d5e285683cd4efc02d021a5c62014694958901005d6f71e89e0989fac77e4072" },
        { 56, "04c26261370ee7541549d16dee320c723e3fd14671e66a099afe0a377c16888e" },
        { 57, "ae14a2563ccf969d99aca69ce6bb74981f734bbf9f655f73b8f06db68cab5217" },
        { 63, "75220b47218278e656f2013bb8f0c455a25eaf01e86c64924e9d48d89776d6f2" },
        { 64, "7ce100971f64e7001e8fe5a51973ecdfe1ced42befe7ee8d5fd6219506b5393c" },
        { 65, "9537c5fdf120482f7d58d25e9ed583f52c02b4e304ea814db1633ad565aed7e9" },
        { 119, "000b48d4edf0fa7bee3c6236ecd2785baa5db4eeb8bb54341b029e0d9fa5fb0c" },
        { 120, "13f05a0b594787f5ecd315edc96141bd3243203d1b7d4f0836f37308b276ba98" },
        { 128, "24da1b81d0b16df6428eee73c69fcb2a93c76bc6df706f0c6670fe6bfe800464" },
    };
    char text[128];
    memset(text, 'x', sizeof text);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(hex_of((struct str){ text, cases[i].n }), cases[i].hex);
}

static void test_parts(void **state)
{
    (void)state;
    const struct str parts[] = { STR("a"), STR(""), STR("bc") };
    assert_string_equal(fingerprint_of(&arena, parts, 3).s, hex_of(STR("abc")));
}

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_a_million),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests_name("fingerprint", tests, NULL, release);
}
