/* parser_limits_test.c: what survives mistakes, depth and length. Messages are in
 * tests/errors/. */
#include "tests/support/parsing.h"

static void test_a_skipped_member_marks_its_table_only(void **state)
{
    const struct ast_file *file = parse_any(
        *state, "table t { a int4 foo bar; b int4; }\ntable u { a int4; }");
    assert_false(file->ok || file->lost);
    assert_int_equal(file->decls.n, 2);
    assert_true(file->decls.items[0].table->lost);
    assert_int_equal(file->decls.items[0].table->members.n, 1);
    assert_false(file->decls.items[1].table->lost);
}

static void test_a_repair_loses_nothing(void **state)
{
    const struct ast_file *file = parse_any(
        *state,
        "schema s {\ntable t {\na int4\nb varchar(3;\nc int4 uniqe,\nindex (a));\n"
        "table u { a int4; }\n");
    assert_false(file->ok || file->lost);
    const struct ast_schema *schema = file->decls.items[0].schema;
    assert_int_equal(schema->decls.n, 2);
    assert_int_equal(schema->decls.items[0].table->members.n, 4);
    assert_false(schema->decls.items[0].table->lost);
}

static void test_a_skipped_declaration_marks_its_file(void **state)
{
    const struct ast_file *file = parse_any(
        *state, "schema s { create table t (a int4); enum e { a } }\nenum f { b }");
    assert_true(file->lost && !file->decls.items[0].schema->lost);
    assert_int_equal(file->decls.n, 2);
}

static void test_a_misspelt_declaration_is_read(void **state)
{
    const struct ast_file *file = parse_any(
        *state, "schema s { tabel t { a int4; } enm e { a } }\nqury q() exec { x }");
    assert_false(file->ok || file->lost);
    assert_int_equal(file->decls.items[0].schema->decls.n, 2);
    assert_int_equal(file->decls.n, 2);
}

/* Brackets in any number never overflow a stack. */
static void test_deep_nesting_is_one_error(void **state)
{
    static const char *const openings[] = { "(", "[", "{", "{ (",
                                            "table t { a int4 check (" };
    for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
        struct fixture *fixture = *state;
        struct buf text = { 0 };
        buf_puts(&text, "query q() exec { ");
        for (int n = 0; n < 5000; n++)
            buf_puts(&text, openings[i]);
        parse_any(fixture, text.s);
        assert_true(fixture->diags.nerrors > 0);
        buf_release(&text);
    }
}

/* Nothing but brackets may nest. */
static void test_long_lists_do_not_nest(void **state)
{
    static const struct {
        const char *before, *item, *after;
    } lists[] = { { "table t { a int4 default ", "- ", "1; }" },
                  { "table t { a int4 default ", "1 + ", "1; }" },
                  { "table t { a int4", "[]", "; }" },
                  { "table t { a text default 'a'", "::text", "; }" },
                  { "table t { a int4 default 1", " secret", "; }" },
                  { "table t { index (", "a desc, ", "b); }" },
                  { "enum e { ", "a was b, ", "c }" },
                  { "query q(", "a int4, ", "b int4) exec { x }" },
                  { "query q() exec { ", "{ x } (y) [z] , ", "}" },
                  { "", "table t { } ; ", "" } };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        struct buf text = { 0 };
        buf_puts(&text, lists[i].before);
        for (int n = 0; n < 5000; n++)
            buf_puts(&text, lists[i].item);
        buf_puts(&text, lists[i].after);
        parse(state, text.s);
        buf_release(&text);
    }
}

static struct buf many_tables(int n)
{
    struct buf text = { 0 };
    for (int i = 0; i < n; i++)
        buf_printf(&text, "table t%d { a int4 primary key; b text?; index (b); }\n", i);
    return text;
}

static void test_memory_is_linear(void **state)
{
    struct fixture *fixture = *state;
    struct buf small = many_tables(500), large = many_tables(2000);
    size_t before = fixture->arena.used;
    parse_any(fixture, small.s);
    size_t one = fixture->arena.used - before;
    before = fixture->arena.used;
    parse_any(fixture, large.s);
    assert_true(fixture->arena.used - before < 6 * one);
    buf_release(&small);
    buf_release(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_a_skipped_member_marks_its_table_only),
        TEST(test_a_repair_loses_nothing),
        TEST(test_a_skipped_declaration_marks_its_file),
        TEST(test_a_misspelt_declaration_is_read),
        TEST(test_deep_nesting_is_one_error),
        TEST(test_long_lists_do_not_nest),
        TEST(test_memory_is_linear),
    };
    return cmocka_run_group_tests_name("parser_limits", tests, NULL, NULL);
}
