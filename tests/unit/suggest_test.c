/* suggest_test.c: "did you mean". */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/suggest.h"

static const char *const candidates[] = { "email", "name",       "id", "user_id",
                                          "users", "created_at", "x" };

static void assert_suggested(const char *word, const char *expected)
{
    struct suggest suggest = suggest_for(str_of(word));
    for (size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        suggest_offer(&suggest, str_of(candidates[i]));
    }
    if (!str_eq_c(suggest.best, expected)) {
        fail_msg("%s: \"%.*s\" instead of \"%s\"", word, STR_ARGS(suggest.best),
                 expected);
    }
}

static void test_nearest_is_found(void **state)
{
    (void)state;
    assert_suggested("emial", "email");
    assert_suggested("emal", "email");
    assert_suggested("Email", "email");
    assert_suggested("user", "users");
    assert_suggested("usre_id", "user_id");
    assert_suggested("createdat", "created_at");
    assert_suggested("i", "id");
}

static void test_far_words_are_not_offered(void **state)
{
    (void)state;
    assert_suggested("y", "");
    assert_suggested("telephone", "");
    assert_suggested("", "");
    assert_suggested(
        "0123456789012345678901234567890123456789012345678901234567890123456", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest_is_found),
        cmocka_unit_test(test_far_words_are_not_offered),
    };
    return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
