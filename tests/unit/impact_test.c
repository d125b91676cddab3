/* impact_test.c: in which order to migrate and to deploy, what is slower, and the words for
 * it. Which statements fail is held against a server, in tests/db. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "migrate/impact.h"
#include "tests/support/pair.h"

/* "migrate first\nslows auth_users_by_email: no index ...\n" */
static void assert_impact(const char *from, const char *to, const char *expected)
{
    struct test_pair pair;
    struct buf out = { 0 };
    assert_int_equal(test_pair_parse(&pair, from, to, MATCH_NO_RENAMES), 0);
    struct impact_request request = { .match = pair.match };
    struct impact *impact = impact_find(&pair.arena, &request);
    buf_printf(&out, "%s\n", impact_order_word(impact->order));
    for (size_t i = 0; i < impact->items.n; i++) {
        const struct impact_item *item = &impact->items.items[i];
        buf_printf(&out, "%s %.*s%s%s: %s\n", impact_kind_word(item->kind),
                   STR_ARGS(item->name), item->sqlstate[0] ? " " : "", item->sqlstate,
                   item->why);
    }
    assert_string_equal(out.s, expected);
    buf_release(&out);
    test_pair_close(&pair);
}

static void test_order(void **state)
{
    (void)state;
    assert_impact("", "", "either\n");
    assert_impact("", "table t { a int4; }", "migrate first\n");
    assert_impact("table t { a int4; }", "table t { a int4; b int4?; }",
                  "migrate first\n");
    assert_impact("table t { a int4; }", "table t { a int4; index (a); }", "either\n");
    assert_impact("/// d\ntable t { a int4; }", "/// e\ntable t { a int4; }",
                  "either\n");
    assert_impact("query q() exec { select 1 }", "", "either\n");
    assert_impact("table t { a int4; }", "",
                  "deploy first\n"
                  "breaks public_t_count 42P01: table public.t has gone\n"
                  "breaks public_t_insert 42P01: table public.t has gone\n"
                  "breaks public_t_insert_many 42P01: table public.t has gone\n"
                  "breaks public_t_load 42P01: table public.t has gone\n"
                  "breaks public_t_scan 42P01: table public.t has gone\n");
    assert_impact("schema s as \"\" { table t as tee { a int4; } }",
                  "schema s as \"\" { table t as tee { a int4; b int4; } }",
                  "expand and contract\n"
                  "breaks tee_insert 23502: column s.t.b wants a value\n"
                  "breaks tee_insert_many 23502: column s.t.b wants a value\n"
                  "breaks tee_load 23502: column s.t.b wants a value\n");
    assert_impact("table t { a int4; b int4?; }", "table t { a int4; }",
                  "deploy first\n"
                  "breaks public_t_insert 42703: column public.t.b has gone\n"
                  "breaks public_t_insert_many 42703: column public.t.b has gone\n"
                  "breaks public_t_load 42703: column public.t.b has gone\n"
                  "breaks public_t_scan 42703: column public.t.b has gone\n");
}

static void test_invalidates(void **state)
{
    (void)state;
    assert_impact(
        "table t { a varchar(5); }", "table t { a varchar(9); }",
        "either\n"
        "invalidates public_t_insert 0A000: column public.t.a has another type\n"
        "invalidates public_t_insert_many 0A000: column public.t.a has another type\n"
        "invalidates public_t_scan 0A000: column public.t.a has another type\n");
    assert_impact(
        "table t { a text; } query one_text() many t;",
        "table t { a text?; } query one_text() many t;",
        "migrate first\n"
        "invalidates public_t_insert 22002: column public.t.a may be NULL now\n"
        "invalidates public_t_insert_many 22002: column public.t.a may be NULL now\n"
        "invalidates public_t_scan 22002: column public.t.a may be NULL now\n"
        "invalidates public_one_text 22002: column public.t.a may be NULL now\n");
}

static const char SLOW[] =
    "table t { id int4 primary key; a int4; b int4; index (a, b desc); } "
    "query by_a(a) many t { where a = $a } query other() many t { where b > 1 }";

static void test_slows(void **state)
{
    (void)state;
    assert_impact(SLOW,
                  "table t { id int4 primary key; a int4; b int4; } "
                  "query by_a(a) many t { where a = $a }",
                  "either\n"
                  "slows public_t_count_by_a: the index that served it has gone\n"
                  "slows public_t_count_by_a_b: the index that served it has gone\n"
                  "slows public_t_list_by_a: the index that served it has gone\n"
                  "slows public_t_list_by_a_b: the index that served it has gone\n"
                  "slows public_t_page_by_a: the index that served it has gone\n"
                  "slows public_t_page_by_a_b: the index that served it has gone\n"
                  "slows public_t_page_in_a_b: the index that served it has gone\n"
                  "slows public_by_a: the index that served it has gone\n");
    /* Another index that serves as well. */
    assert_impact(SLOW,
                  "table t { id int4 primary key; a int4; b int4; index x (a, b desc, "
                  "id); }",
                  "either\n");
}

/* A query is found by what it mentions, under whatever alias. */
static void test_mentions(void **state)
{
    (void)state;
    static const char from[] =
        "schema s { table t { id int4 primary key; a int4; \"Odd\" int4; } "
        "table u { a int4; } "
        "query one() many (n int4) { select x.a from s.t as x } "
        "query two() many (n int4) { select a from s.u where a > 1 } "
        "query three() many (n int4) { select u.a from s.u join s.t on t.id = u.a } "
        "query four() many (n int4) { select \"Odd\" from s.t } "
        "query five() exec { insert into s.t (id, \"Odd\") values (1, 2) } "
        "query six() many (id int4, a int4, o int4) { select * from s.t } }";
    assert_impact(from,
                  "schema s { table t { id int4 primary key; \"Odd\" int4; c int4?; } "
                  "table u { a int4; } }",
                  "expand and contract\n"
                  "breaks s_t_get 42703: column s.t.a has gone\n"
                  "breaks s_t_get_many 42703: column s.t.a has gone\n"
                  "breaks s_t_page_in_id 42703: column s.t.a has gone\n"
                  "breaks s_t_insert 42703: column s.t.a has gone\n"
                  "breaks s_t_insert_many 42703: column s.t.a has gone\n"
                  "breaks s_t_upsert 42703: column s.t.a has gone\n"
                  "breaks s_t_upsert_many 42703: column s.t.a has gone\n"
                  "breaks s_t_update 42703: column s.t.a has gone\n"
                  "breaks s_t_load 42703: column s.t.a has gone\n"
                  "breaks s_t_scan 42703: column s.t.a has gone\n"
                  "breaks s_one 42703: column s.t.a has gone\n"
                  "breaks s_six 0A000: table t has other columns\n");
}

/* Declared queries that break, by their names. */
static void assert_broken(const char *from, const char *to, const char *expected)
{
    struct test_pair pair;
    struct buf out = { 0 };
    assert_int_equal(test_pair_parse(&pair, from, to, MATCH_NO_RENAMES), 0);
    struct impact_request request = { .match = pair.match };
    struct impact *impact = impact_find(&pair.arena, &request);
    for (size_t i = 0; i < impact->items.n; i++) {
        const struct impact_item *item = &impact->items.items[i];
        if (item->stmt->query && item->kind == IMPACT_BREAKS)
            buf_printf(&out, "%.*s ", STR_ARGS(item->name));
    }
    assert_string_equal(out.n ? out.s : "", expected);
    buf_release(&out);
    test_pair_close(&pair);
}

/* A name that SQL takes for something else is no mention: what an alias hides, what WITH
 * names, what the list calls so. */
static void test_no_mentions(void **state)
{
    (void)state;
    static const char from[] =
        "schema s { table t { id int4 primary key; a int4; } }"
        "table t { id int4 primary key; a int4; } "
        "table u { a int4; b int4; } "
        "query one() many (n int4) { select t.a from u as t join t as x on x.id = t.b "
        "} "
        "query two() many (n int8) { select count(*) as a from t order by a desc } "
        "query three() many (n int4) { with t as (select b as c from u) "
        "select t.a from t } "
        "query four() many (n int8) { select count(*) as a from t order by a + 1 } "
        "query five() many (n int4) { with t as (select a from t) select 1 as c } "
        "query six() many (n int8) { select count(*) as a from t where id in "
        "(select id from t order by a) } "
        "query seven() many (n int4) { select s.t.a from s.t join t on true } ";
    assert_broken(from,
                  "schema s { table t { id int4 primary key; a int4; } }"
                  "table t { id int4 primary key; } "
                  "table u { a int4; b int4; }",
                  "public_four public_five public_six ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),       cmocka_unit_test(test_invalidates),
        cmocka_unit_test(test_slows),       cmocka_unit_test(test_mentions),
        cmocka_unit_test(test_no_mentions),
    };
    return cmocka_run_group_tests_name("impact", tests, NULL, NULL);
}
