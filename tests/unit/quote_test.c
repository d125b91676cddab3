/* quote_test.c: identifiers and literals. That the keyword table is PostgreSQL's own is
 * tests/db/statements_test.c's to prove. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "sql/quote.h"

struct quote_case {
    struct str in;
    const char *out;
};

static void check(void (*quote)(struct buf *, struct str),
                  const struct quote_case *cases, size_t n)
{
    struct buf out = { 0 };
    for (size_t i = 0; i < n; i++) {
        buf_clear(&out);
        quote(&out, cases[i].in);
        assert_string_equal(out.s, cases[i].out);
    }
    buf_release(&out);
}

static void test_identifiers(void **state)
{
    (void)state;
    const struct quote_case cases[] = {
        { STR("users"), "users" },
        { STR("_x9"), "_x9" },
        { STR("9x"), "\"9x\"" },
        { STR("a$b"), "\"a$b\"" },
        { STR("Users"), "\"Users\"" },
        { STR("gr\xc3\xb6\xc3\x9f"
              "e"),
          "\"gr\xc3\xb6\xc3\x9f"
          "e\"" },
        { STR("a b"), "\"a b\"" },
        { STR("a\"b"), "\"a\"\"b\"" },
        { STR("a\\b"), "\"a\\b\"" },
        { STR("order"), "\"order\"" },
        { STR("xmltable"), "\"xmltable\"" },
        { STR("all"), "\"all\"" },
        { STR("name"), "name" },
        { STR("value"), "value" },
        { STR("system_user"), "\"system_user\"" },
    };
    check(quote_ident, cases, sizeof cases / sizeof *cases);
}

static void test_literals(void **state)
{
    (void)state;
    const struct quote_case cases[] = {
        { STR(""), "''" },
        { STR("it's"), "'it''s'" },
        { STR("a\"b"), "'a\"b'" },
        { STR("a\\b"), "E'a\\\\b'" },
        { STR("'\\'"), "E'''\\\\'''" },
        { STR("two\nlines"), "'two\nlines'" },
    };
    check(quote_literal, cases, sizeof cases / sizeof *cases);
}

static void test_qualified(void **state)
{
    (void)state;
    struct buf out = { 0 };
    quote_qualified(&out, STR("auth"), STR("order"));
    assert_string_equal(out.s, "auth.\"order\"");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_identifiers),
        cmocka_unit_test(test_literals),
        cmocka_unit_test(test_qualified),
    };
    return cmocka_run_group_tests_name("quote", tests, NULL, NULL);
}
