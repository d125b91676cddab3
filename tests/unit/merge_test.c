/* merge_test.c: two heads of one parent: what fits, what comes out, and how it is told what
 * does not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "lang/format.h"
#include "lang/parser.h"
#include "migrate/merge.h"

static struct str canonical(struct arena *arena, const char *text)
{
    struct diags diags = { .arena = arena };
    struct source *source = arena_new(arena, struct source);
    *source = (struct source){ .path = "test", .text = text, .size = strlen(text) };
    const struct ast_file *file = parse_source(arena, source, &diags);
    assert_int_equal(diags.nerrors, 0);
    struct buf out = { 0 };
    buf_puts(&out, "");
    format_snapshot(arena, &file, 1, &out);
    struct str copy = buf_dup(&out, arena);
    buf_release(&out);
    return copy;
}

static struct merge *merge_of(struct arena *arena, const char *parent, const char *a,
                              const char *b)
{
    struct diags diags = { .arena = arena };
    struct merge_request request = { .parent = { "0001_init",
                                                 canonical(arena, parent) },
                                     .heads = { { "0002_a", canonical(arena, a) },
                                                { "0002_b", canonical(arena, b) } } };
    struct merge *merge = merge_heads(arena, &request, &diags);
    assert_int_equal(diags.nerrors, 0);
    assert_non_null(merge);
    return merge;
}

/* Fits, and in either order gives what is expected (the order of members aside when the
 * heads are exchanged: only the first way is compared by text). */
static void fits(const char *parent, const char *a, const char *b, const char *expected)
{
    struct arena arena = { 0 };
    struct merge *merge = merge_of(&arena, parent, a, b);
    if (merge->conflicts.n)
        print_error("%s", merge->report.s);
    assert_int_equal(merge->conflicts.n, 0);
    assert_string_equal(merge->snapshot.s, canonical(&arena, expected).s);
    assert_int_equal(merge_of(&arena, parent, b, a)->conflicts.n, 0);
    arena_release(&arena);
}

static void clashes(const char *parent, const char *a, const char *b,
                    const char *in_the_way)
{
    struct arena arena = { 0 };
    struct merge *merge = merge_of(&arena, parent, a, b);
    const char *told = strstr(merge->report.s, "in the way:\n");
    assert_string_equal(told ? told : merge->report.s, in_the_way);
    assert_int_not_equal(merge_of(&arena, parent, b, a)->conflicts.n, 0);
    arena_release(&arena);
}

#define T "table t { id int4 primary key; a int4; }"

static void test_fits(void **state)
{
    (void)state;
    fits("", "", "", "");
    fits(T, T, T, T);
    fits(T, T " table u { b int4; }", T, T " table u { b int4; }");
    fits(T, T " table u { b int4; }", T " table v { c int4; }",
         T " table u { b int4; } table v { c int4; }");
    fits(T, "table t { id int4 primary key; a int4; b text?; }",
         "table t { id int4 primary key; c text?; a int4; }",
         "table t { id int4 primary key; c text?; a int4; b text?; }");
    fits("", T, "table u { b int4; }", T " table u { b int4; }");
    fits("", "table u { b int4; }", T, "table u { b int4; } " T);
    fits(T, "/// d\ntable t { id int4 primary key; a int4; }",
         "table t { id int4 primary key; a int4; index (a); }",
         "/// d\ntable t { id int4 primary key; a int4; index (a); }");
    fits(T, "table t { id int4 primary key; a int4 default 1; }",
         "table t { id int4 primary key; a int4; index (a); }",
         "table t { id int4 primary key; a int4 default 1; index (a); }");
    /* Gone in one, as it was in the other. */
    fits(T " table u { b int4; } query q() many u;",
         T " table u { b int4; } query q() many u; query r() many t;", T,
         T " query r() many t;");
    fits("schema s { } " T, "schema s { enum e { x } } " T,
         "schema s { sequence q; } " T " query q() many t;",
         "schema s { enum e { x } sequence q; } " T " query q() many t;");
    fits("schema s { } schema s { " T " }", "schema s { " T " table u { b int4; } }",
         "schema s { " T " }", "schema s { " T " table u { b int4; } }");
    /* A rename that the other does not need. */
    fits(T " table u { b int4; }",
         "table v was t { id int4 primary key; a int4; } table u "
         "{ b int4; }",
         T " table u { b int4; c text?; }",
         "table v was t { id int4 primary key; a int4; } table u { b int4; c text?; }");
    /* The same foreign key's target, two new tables. */
    fits(T, T " table u { t_id int4 references t; }",
         T " table v { t_id int4 references t; }",
         T " table u { t_id int4 references t; } table v { t_id int4 references t; }");
}

static void test_clashes(void **state)
{
    (void)state;
    clashes(T, "table t { id int4 primary key; a int8; }",
            "table t { id int4 primary key; a text; }",
            "in the way:\n"
            "`-- column public.t.a: 0002_a: change column public.t.a (type); 0002_b: "
            "change "
            "column public.t.a (type)\n");
    clashes(T, "table u was t { id int4 primary key; a int4; }",
            "table t { id int4 primary key; a int4; b text?; }",
            "in the way:\n"
            "`-- table or index public.t: 0002_a: rename table public.t to public.u; "
            "0002_b: add column public.t.b\n");
    clashes(
        T, "", T " table u { t_id int4 references t; }",
        "in the way:\n"
        "`-- table or index public.t: 0002_a: drop table public.t; 0002_b: add table "
        "public.u\n");
    clashes(T, "table t { id int4 primary key; }",
            "table t { id int4 primary key; a int4; index (a); }",
            "in the way:\n"
            "`-- column public.t.a: 0002_a: drop column public.t.a; 0002_b: add index "
            "public.t_a_idx\n");
    clashes(
        "", "table t { a int4; }", "table t { a int4; }",
        "in the way:\n"
        "`-- table or index public.t: 0002_a: add table public.t; 0002_b: add table "
        "public.t\n");
    clashes("enum e { x }", "enum e { x, y }", "enum e { x, z }",
            "in the way:\n"
            "`-- type public.e: 0002_a: add label public.e.y; 0002_b: add label "
            "public.e.z\n");
    clashes(T, "schema s { } " T, "schema s { } " T,
            "in the way:\n`-- schema s: 0002_a: add schema s; 0002_b: add schema s\n");
}

/* What only the whole schema shows. */
static void test_clashes_of_the_whole(void **state)
{
    (void)state;
    static const char q[] = "table t { id int4 primary key; a int4; b int4 unique; }";
    clashes(q, "table t { id int4 primary key; a int4; b int4; }",
            "table t { id int4 primary key; a int4; b int4 unique; } "
            "table u { b int4 references t (b); }",
            "in the way:\n"
            "`-- the schema of both: table \"t\" has no unique key over (b)\n");
    /* PostgreSQL's own names are given in order: each head's file has the first. */
    clashes(T, "table t { id int4 primary key; a int4; check (a > id); }",
            "table t { id int4 primary key; a int4; check (a <> id); }",
            "in the way:\n"
            "`-- constraint public.t.t_check: 0002_a: add constraint public.t.t_check; "
            "0002_b: add constraint public.t.t_check\n");
    clashes(T " query q() many t;", T " query q() many t { where a > 1 }",
            T " query q() many t { where a > 2 }",
            "in the way:\n`-- query q: 0002_a and 0002_b each write it anew\n");
    clashes(T " query q() many t;", T " query q() many t { where a > 1 }", T,
            "in the way:\n`-- query q: 0002_a and 0002_b change and remove it\n");
    clashes(T, T " query q() many t;", T " query q() one t;",
            "in the way:\n`-- query q: 0002_a and 0002_b each add it\n");
}

static void test_report(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct merge *merge = merge_of(&arena, T, T " table u { b int4; }",
                                   "/// d\ntable t { id int4 primary key; a int8?; }");
    assert_string_equal(merge->report.s,
                        "0001_init\n"
                        "+-- 0002_a\n"
                        "|   `-- add table public.u\n"
                        "`-- 0002_b\n"
                        "    +-- change table public.t (comment)\n"
                        "    `-- change column public.t.a (type, NULL)\n"
                        "nothing is in the way\n");
    arena_release(&arena);
}

static void test_no_schema(void **state)
{
    (void)state;
    struct arena arena = { 0 };
    struct diags diags = { .arena = &arena };
    struct merge_request request = { .parent = { "0001_init", STR("table t {") },
                                     .heads = { { "a", STR("") }, { "b", STR("") } } };
    assert_null(merge_heads(&arena, &request, &diags));
    assert_true(diags.nerrors > 0);
    assert_string_equal(diags.list.items[0].span.source->path, "0001_init");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fits),
        cmocka_unit_test(test_clashes),
        cmocka_unit_test(test_clashes_of_the_whole),
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_no_schema),
    };
    return cmocka_run_group_tests_name("merge", tests, NULL, NULL);
}
