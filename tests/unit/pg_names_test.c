/* pg_names_test.c: PostgreSQL's choice of names, without a server. tests/db/names_test.c
 * holds the same against one. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/diag.h"
#include "lang/names.h"
#include "lang/parser.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void assert_name(struct str name, const char *expected)
{
    if (!str_eq_c(name, expected)) {
        fail_msg("\"%.*s\" instead of \"%s\"", STR_ARGS(name), expected);
    }
    assert_true(name.n <= NAME_MAX_BYTES);
}

#define X10 "xxxxxxxxxx"
#define Y10 "yyyyyyyyyy"

static void test_object_names_are_cut_to_63_bytes(void **state)
{
    (void)state;
    struct str x60 = STR(X10 X10 X10 X10 X10 X10);
    struct str y60 = STR(Y10 Y10 Y10 Y10 Y10 Y10);
    assert_name(name_object(&arena, STR("t"), STR("a"), STR("key")), "t_a_key");
    assert_name(name_object(&arena, STR("t"), (struct str){ 0 }, STR("pkey")),
                "t_pkey");
    /* 63 - 5 for _pkey; 63 - 5 for two of _ and key, shared out */
    assert_name(name_object(&arena, x60, (struct str){ 0 }, STR("pkey")),
                X10 X10 X10 X10 X10 "xxxxxxxx_pkey");
    assert_name(name_object(&arena, x60, y60, STR("key")),
                X10 X10 "xxxxxxxxx_" Y10 Y10 "yyyyyyyyy_key");
    assert_name(name_object(&arena, x60, STR("abc"), STR("key")),
                X10 X10 X10 X10 X10 "xxxxx_abc_key");
    assert_name(name_object(&arena, STR("abc"), y60, STR("check1")),
                "abc_" Y10 Y10 Y10 Y10 Y10 "yy_check1");
}

static void test_characters_are_not_cut_in_two(void **state)
{
    (void)state;
    /* 29 characters of two bytes each: 58 bytes are left for the name, 57 for one more */
    struct str name = STR("xääääääääääääääääääääääääääääää");
    struct str cut = name_object(&arena, name, (struct str){ 0 }, STR("pkey"));
    assert_name(cut, "xääääääääääääääääääääääääääää_pkey");
    assert_int_equal(cut.n, 62);
}

static void test_columns_are_joined_and_numbered(void **state)
{
    (void)state;
    name_list names = { 0 };
    name_add_column(&arena, &names, STR("expr"));
    name_add_column(&arena, &names, STR("a"));
    name_add_column(&arena, &names, STR("expr"));
    name_add_column(&arena, &names, STR("expr"));
    assert_name(name_addition(&arena, &names), "expr_a_expr1_expr2");
    name_list none = { 0 };
    assert_int_equal(name_addition(&arena, &none).n, 0);
}

static void test_taken_names_are_numbered(void **state)
{
    (void)state;
    static int mark;
    struct name_space space = { 0 };
    struct name_parts parts = { STR("t"), STR("a"), STR("key") };
    map_add(&space.relations, &arena, STR("t_a_key"), &mark);
    map_add(&space.constraints, &arena, STR("t_a_key1"), &mark);
    assert_name(name_choose(&arena, &space, &parts, NAME_RELATION), "t_a_key1");
    assert_name(name_choose(&arena, &space, &parts, NAME_CONSTRAINT), "t_a_key");
    assert_name(name_choose(&arena, &space, &parts, NAME_BOTH), "t_a_key2");
}

static struct str name_of(const char *expression)
{
    struct diags diags = { .arena = &arena };
    char *text = arena_printf(&arena, "table t { a int4; index ((%s)); }", expression);
    struct source *source = arena_new(&arena, struct source);
    *source = (struct source){ .path = "t", .text = text, .size = strlen(text) };
    struct ast_file *file = parse_source(&arena, source, &diags);
    assert_int_equal(diags.nerrors, 0);
    const struct ast_index *index = file->decls.items[0].table->members.items[1].index;
    const struct ast_sql *sql = &index->elements.items[0].expression;
    return name_expression(&arena, (struct scan){ sql->tokens, sql->ntokens });
}

static void test_expressions(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "a", "a" },
        { "\"A b\"", "A b" },
        { "t.a", "a" },
        { "lower(a)", "lower" },
        { "LOWER(a)", "lower" },
        { "pg_catalog.lower(a)", "lower" },
        { "((lower(a)))", "lower" },
        { "a || b", "expr" },
        { "(a || b)::text", "text" },
        { "(a + 1)::integer", "int4" },
        { "(a || b)::character varying(10)", "varchar" },
        { "(a || b)::char(3)", "bpchar" },
        { "lower(a)::varchar", "lower" },
        { "(1)::int4::text", "text" },
        { "cast(a + 1 as bigint)", "int8" },
        { "cast(a as bigint)", "a" },
        { "a collate \"C\"", "a" },
        { "a at time zone 'utc'", "timezone" },
        { "case when a then b else c end", "c" },
        { "case when a then b else c + 1 end", "case" },
        { "case a when 1 then case when b then c end else lower(d) end", "lower" },
        { "coalesce(a, b)", "coalesce" },
        { "array[a, b]", "array" },
        { "a[1]", "a" },
        { "(a)[1][2]", "a" },
        { "row(a, b)", "row" },
        { "(a, b)", "row" },
        { "trim(leading 'x' from a)", "ltrim" },
        { "trim(both 'x' from a)", "btrim" },
        { "extract(year from a)", "extract" },
        { "date '2001-01-01'", "date" },
        { "interval '1' day", "interval" },
        { "timestamp with time zone '2001-01-01'", "timestamptz" },
        { "not a", "expr" },
        { "a is null", "expr" },
        { "a between 1 and 2", "expr" },
        { "-a", "expr" },
        { "true", "expr" },
        { "null", "expr" },
        { "1", "expr" },
        { "'x'", "expr" },
        { "(x).y", "y" },
        { "data -> 'x'", "expr" },
        { "(data ->> 'x')::int", "int4" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str name = name_of(cases[i][0]);
        if (!str_eq_c(name, cases[i][1])) {
            fail_msg("%s: \"%.*s\" instead of \"%s\"", cases[i][0], STR_ARGS(name),
                     cases[i][1]);
        }
    }
}

static void test_scan_tells_columns_from_words(void **state)
{
    (void)state;
    struct diags diags = { .arena = &arena };
    const char *text =
        "table t { a int4; check (a > f(b) and t.c = x.d and e::f is not unknown and "
        "extract(year from g) between h and date 'x' and \"i\" in (j, k(l => m)) and "
        "n at time zone 'x' > o and cast(p as q) and (r).s and u collate v = w[y] and "
        "xmlparse(document z) is not null); }";
    struct source source = { .path = "t", .text = text, .size = strlen(text) };
    struct ast_file *file = parse_source(&arena, &source, &diags);
    assert_int_equal(diags.nerrors, 0);
    const struct ast_check *check = file->decls.items[0].table->members.items[1].check;
    struct scan scan = { check->expression.tokens, check->expression.ntokens };
    struct buf found = { 0 };
    for (size_t i = 0; i < scan.n; i++) {
        if (scan_names_column(scan, i, STR("t"))) {
            buf_str(&found, token_value(&arena, &scan.tokens[i]));
            buf_putc(&found, ' ');
        }
    }
    assert_string_equal(found.s, "a b c e g h i j m n o p r u w y z ");
    buf_release(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_object_names_are_cut_to_63_bytes),
        cmocka_unit_test(test_characters_are_not_cut_in_two),
        cmocka_unit_test(test_columns_are_joined_and_numbered),
        cmocka_unit_test(test_taken_names_are_numbered),
        cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_scan_tells_columns_from_words),
    };
    return cmocka_run_group_tests_name("pg_names", tests, NULL, teardown);
}
