/* types_test.c: the table of built-in types. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/suggest.h"
#include "lang/types.h"

static void test_every_type_is_found_by_its_name(void **state)
{
    (void)state;
    for (int id = 0; id < TYPE_COUNT; id++) {
        const struct type_info *info = type_info((enum type_id)id);
        assert_int_equal(info->id, id);
        assert_ptr_equal(type_find(info->name), info);
        assert_true(info->oid > 0 && info->array_oid > 0);
        assert_int_not_equal(info->oid, info->array_oid);
    }
}

static void test_long_spellings(void **state)
{
    (void)state;
    static const struct {
        const char *spelling;
        enum type_id id;
    } cases[] = {
        { "boolean", TYPE_BOOL },
        { "int", TYPE_INT4 },
        { "integer", TYPE_INT4 },
        { "smallint", TYPE_INT2 },
        { "bigint", TYPE_INT8 },
        { "real", TYPE_FLOAT4 },
        { "double precision", TYPE_FLOAT8 },
        { "decimal", TYPE_NUMERIC },
        { "character varying", TYPE_VARCHAR },
        { "character", TYPE_CHAR },
        { "bit varying", TYPE_VARBIT },
        { "timestamp with time zone", TYPE_TIMESTAMPTZ },
        { "timestamp without time zone", TYPE_TIMESTAMP },
        { "time with time zone", TYPE_TIMETZ },
        { "time without time zone", TYPE_TIME },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct type_info *info = type_find(str_of(cases[i].spelling));
        assert_non_null(info);
        assert_int_equal(info->id, cases[i].id);
    }
    assert_null(type_find(STR("txt")));
    assert_null(type_find(STR("INT4")));
    assert_null(type_find(STR("")));
}

static void test_suggestions(void **state)
{
    (void)state;
    struct suggest suggest = suggest_for(STR("timestamptzz"));
    type_suggest(&suggest);
    assert_true(str_eq_c(suggest.best, "timestamptz"));
    suggest = suggest_for(STR("bolean"));
    type_suggest(&suggest);
    assert_true(str_eq_c(suggest.best, "boolean"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_is_found_by_its_name),
        cmocka_unit_test(test_long_spellings),
        cmocka_unit_test(test_suggestions),
    };
    return cmocka_run_group_tests_name("types", tests, NULL, NULL);
}
