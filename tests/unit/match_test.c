/* match_test.c: who became whom, told by the differences that are left, and what is said
 * where that cannot be told. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "tests/support/pair.h"

/* The differences, or the errors, or "nothing\n". */
static void assert_pair(enum match_options options, const char *from, const char *to,
                        const char *expected)
{
    struct test_pair pair;
    struct buf out = { 0 };
    assert_int_equal(test_pair_parse(&pair, from, to, options), 0);
    if (pair.changes)
        test_put_changes(&out, &pair.arena, pair.changes);
    else
        diag_render_text(&pair.diags, (struct diag_style){ 0 }, &out);
    if (!out.n)
        buf_puts(&out, "nothing\n");
    assert_string_equal(out.s, expected);
    buf_release(&out);
    test_pair_close(&pair);
}

static void strict(const char *from, const char *to, const char *expected)
{
    assert_pair(MATCH_STRICT, from, to, expected);
}

/* ---- names and hints ---- */

static void test_by_name(void **state)
{
    (void)state;
    strict("", "", "nothing\n");
    strict("table t { a int4; b text; }", "table t { b text; a int4; }", "nothing\n");
    strict("table t { a int4; }", "table t { a int4; b text; }",
           "+ column public.t.b\n");
    strict("schema s { table t { a int4; } }", "", "- table s.t\n- schema s\n");
    strict("", "table t { a int4 primary key; }", "+ table public.t\n");
    strict("table t { a int4; b text; }", "table t { a int4; b int8; }",
           "~ column public.t.b: type\n");
}

static void test_was(void **state)
{
    (void)state;
    strict("table t { a int4; }", "table t { b int4 was a; }",
           "~ column public.t.a -> public.t.b: name\n");
    /* Skipped versions: the newest of the older names that is there. */
    strict("table t { a int4; }", "table t { c int4 was b, a; }",
           "~ column public.t.a -> public.t.c: name\n");
    strict("table t { b int4 was a; }", "table t { c int4 was b, a; }",
           "~ column public.t.b -> public.t.c: name\n");
    /* A hint that stays. */
    strict("table t { b int4 was a; }", "table t { b int4 was a; }", "nothing\n");
    strict("table t { c int4 was b, a; }", "table t { c int4 was b, a; }", "nothing\n");
    /* ... also beside a new column of the old name, which stays its own. */
    strict("table t { b int4 was a; }", "table t { b int4 was a; a int4; }",
           "+ column public.t.a\n");
    strict("table t { b int4 was a; a int4; }", "table t { b int4 was a; a int4; }",
           "nothing\n");
    /* A database that was read has no hints: those of long ago must do no harm. */
    strict("table t { a int4; b int4; }", "table t { a int4; b int4 was a; }",
           "nothing\n");
    strict("table t { a int4; b int4; c int4; }",
           "table t { a int4; b int4; c int4 was b, a; }", "nothing\n");
    strict("table t { a int4; } table u { a int4; }",
           "table t { a int4; } table u was t { a int4; }", "nothing\n");
    strict("table t { b int4 was a; a int4; }", "table t { b int4; c int4 was a; }",
           "~ column public.t.a -> public.t.c: name\n");
}

static void test_chains_and_swaps(void **state)
{
    (void)state;
    strict("table t { a int4; b int4; }", "table t { a int4 was b; b int4 was a; }",
           "~ column public.t.b -> public.t.a: name\n"
           "~ column public.t.a -> public.t.b: name\n");
    strict("table t { a int4 was b; b int4 was a; }",
           "table t { a int4 was b; b int4 was a; }", "nothing\n");
    strict("table t { a int4; b int4; }", "table t { b int4 was a; c int4 was b; }",
           "~ column public.t.a -> public.t.b: name\n"
           "~ column public.t.b -> public.t.c: name\n");
    strict("table t { a int4; b int4; c int4; }",
           "table t { a int4 was c; b int4 was a; c int4 was b; }",
           "~ column public.t.c -> public.t.a: name\n"
           "~ column public.t.a -> public.t.b: name\n"
           "~ column public.t.b -> public.t.c: name\n");
    /* A new one under a name that a chain has left, in whatever order they are written. */
    strict("table t { a int4; b text; }",
           "table t { a date; b int4 was a; c text was b; }",
           "+ column public.t.a\n"
           "~ column public.t.a -> public.t.b: name\n"
           "~ column public.t.b -> public.t.c: name\n");
    strict("table t { a int4; b text; c date; }",
           "table t { d date was c; c text was b; b int4 was a; a bool; }",
           "~ column public.t.c -> public.t.d: name\n"
           "~ column public.t.b -> public.t.c: name\n"
           "~ column public.t.a -> public.t.b: name\n"
           "+ column public.t.a\n");
    strict("table t { a int4; } table u { b text; }",
           "table t { k date; } table u was t { a int4; } table v was u { b text; }",
           "+ table public.t\n"
           "~ table public.t -> public.u: name\n"
           "~ table public.u -> public.v: name\n");
    strict("enum e { a, b }", "enum e { a, b was a, c was b }",
           "+ label public.e.a\n"
           "~ label public.e.a -> public.e.b: name\n"
           "~ label public.e.b -> public.e.c: name\n");
    strict("table t { a int4; b int4; c int4; }",
           "table t { a int4; b int4 was a; c int4 was b; }", "nothing\n");
    strict("table t { a int4; } table u { b text; }",
           "table t was u { b text; } table u was t { a int4; }",
           "~ table public.u -> public.t: name\n"
           "~ table public.t -> public.u: name\n");
}

static void test_places(void **state)
{
    (void)state;
    /* What a renamed schema or table holds goes with it. */
    strict("schema a { enum e { x } table t { k e; } }",
           "schema b was a { enum e { x } table t { k e; } }",
           "~ schema a -> b: name\n");
    strict("schema a { table t { k int4; } }",
           "schema b was a { table u was t { l int4 was k; } }",
           "~ schema a -> b: name\n"
           "~ table a.t -> b.u: name\n"
           "~ column a.t.k -> b.u.l: name\n");
    strict("enum e { x, y }", "enum f was e { z was x, y }",
           "~ enum public.e -> public.f: name\n"
           "~ label public.e.x -> public.f.z: name\n");
    strict("enum e { x_y = \"x y\", z }", "enum e { w was x_y, z }",
           "~ label public.e.x y -> public.e.w: name\n");
    strict("", "domain d int4; sequence s;",
           "+ domain public.d\n+ sequence public.s\n");
    strict("domain d int4; sequence s;", "domain e int4 was d; sequence r was s;",
           "~ domain public.d -> public.e: name\n"
           "~ sequence public.s -> public.r: name\n");
}

static void test_moves(void **state)
{
    (void)state;
    static const char old[] = "schema a { enum e { x } domain d int4; sequence q; "
                              "table t { i int4; k e; } }";
    strict(old,
           "schema b { enum e was a.e { x } domain d int4 was a.d; sequence q was a.q; "
           "table u was a.t { i int4; k e; } } schema a dropped;",
           "+ schema b\n"
           "~ enum a.e -> b.e: schema\n"
           "~ domain a.d -> b.d: schema\n"
           "~ sequence a.q -> b.q: schema\n"
           "~ table a.t -> b.u: name schema\n"
           "- schema a\n");
    /* A hint that stays, also beside a new table at the old place. */
    strict("schema a { table t { i int4; } } schema b { table t was a.t { i int4; } }",
           "schema a { table t { i int4; } } schema b { table t was a.t { i int4; } }",
           "nothing\n");
    strict("schema b { table t was a.t { i int4; } }",
           "schema a { table t { i int4; } } schema b { table t was a.t { i int4; } }",
           "+ schema a\n+ table a.t\n");
    strict("schema a { table t { i int4; } } schema b { table t { i int4; } }",
           "schema a { table t { i int4; } } schema b { table t was a.t { i int4; } }",
           "nothing\n");
    strict("schema a { table t { i int4; } } schema b { table t { k int8; } }",
           "schema a { table t was b.t { k int8; } } schema b { table t was a.t { i "
           "int4; } "
           "}",
           "~ table b.t -> a.t: schema\n~ table a.t -> b.t: schema\n");
}

/* A new one at a place that a chain has left. */
static void test_moves_in_chains(void **state)
{
    (void)state;
    strict("schema a { table t { i int4; } } schema b { table t { k int8; } }",
           "schema a { table t { x date; } } schema b { table t was a.t { i int4; } } "
           "schema c { table t was b.t { k int8; } }",
           "+ schema c\n"
           "+ table a.t\n"
           "~ table a.t -> b.t: schema\n"
           "~ table b.t -> c.t: schema\n");
    strict("schema a { table t { i int4; } } schema b { table t { k int8; } }",
           "schema a { table t { x date; } } schema b { table t was a.t { i int4; } "
           "table u was t { k int8; } }",
           "+ table a.t\n"
           "~ table a.t -> b.t: schema\n"
           "~ table b.t -> b.u: name\n");
    strict("schema a { table t { i int4; } } schema b { table t { k int8; } } "
           "schema c { table t { x date; } }",
           "schema a { table t { i int4; } } schema b { table t was a.t { k int8; } } "
           "schema c { table t was b.t { x date; } }",
           "nothing\n");
}

/* The schema that it was in, by its new name or its old one. */
static void test_moves_out_of_renamed_schemas(void **state)
{
    (void)state;
    strict("schema a { table t { i int4; } } schema b { }",
           "schema c was a { } schema b { table t was c.t { i int4; } }",
           "~ schema a -> c: name\n~ table a.t -> b.t: schema\n");
    strict("schema a { table t { i int4; } } schema b { }",
           "schema c was a { } schema b { table t was a.t { i int4; } }",
           "~ schema a -> c: name\n~ table a.t -> b.t: schema\n");
    strict("table t { i int4; }", "schema b { table t was public.t { i int4; } }",
           "+ schema b\n~ table public.t -> b.t: schema\n");
    /* An enum and a domain of one name are not each other. */
    strict("schema a { enum e { x } } schema b { }",
           "schema a { } schema b { domain e int4 was a.e; }",
           "+ domain b.e\n- enum a.e\n");
}

/* ---- parts without names of their own ---- */

static void test_parts_follow(void **state)
{
    (void)state;
    strict(
        "table users { id int8 identity primary key; mail text unique; "
        "index (mail); check (id > 0); }",
        "table people was users { id int8 identity primary key; email text unique was "
        "mail; index (email); check (id > 0); }",
        "~ table public.users -> public.people: name\n"
        "~ column public.users.id -> public.people.id: sequence\n"
        "~ column public.users.mail -> public.people.email: name\n"
        "~ constraint public.users.users_pkey -> public.people.people_pkey: name\n"
        "~ constraint public.users.users_mail_key -> public.people.people_email_key: "
        "name\n"
        "~ constraint public.users.users_id_check -> public.people.people_id_check: "
        "name\n"
        "~ index public.users_mail_idx -> public.people_email_idx: name\n");
}

static void test_parts_by_work(void **state)
{
    (void)state;
    /* A new check before the old ones moves PostgreSQL's numbers. */
    strict("table t { a int4; b int4; check (a < b); }",
           "table t { a int4; b int4; check (a <> b); check (a < b); }",
           "+ constraint public.t.t_check\n"
           "~ constraint public.t.t_check -> public.t.t_check1: name\n");
    /* A written name decides before what it does. */
    strict("table t { a int4; b int4; index i (a); index j (b); }",
           "table t { a int4; b int4; index i (b); index j (a); }",
           "~ index public.i: definition\n~ index public.j: definition\n");
    strict("table t { a int4; index i (a); }", "table t { a int4; index j (a); }",
           "~ index public.i -> public.j: name\n");
    strict("table t { a int4; b int4; index i (a); }",
           "table t { a int4; b int4; index j (b) was i; }",
           "~ index public.i -> public.j: name definition\n");
    strict("table t { a int4; b int4; index i (a); }",
           "table t { a int4; b int4; index j (b); }",
           "+ index public.j\n- index public.i\n");
    strict("table t { a int4; unique u (a); }", "table t { a int4; check u (a > 0); }",
           "+ constraint public.t.u\n- constraint public.t.u\n");
}

/* ---- doubt ---- */

static void test_doubt(void **state)
{
    (void)state;
    strict(
        "table t {\n    name text;\n}\n", "table t {\n    full_name text;\n}\n",
        "to.schema:2:5: error[E0501]: column \"t.full_name\" is new, and \"name\" has "
        "gone\n"
        "    2 |     full_name text;\n"
        "      |     ^^^^^^^^^ Say 'was name' here if it is the same, 'name dropped;' "
        "if "
        "it is not.\n"
        "from.schema:2:5: note: it stood here\n"
        "    2 |     name text;\n"
        "      |     ^^^^\n"
        "1 error\n");
}

static void test_doubt_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *message;
    } cases[] = {
        { "schema a { }", "schema b { }", "schema \"b\" is new, and \"a\" has gone" },
        { "schema s { table a { i int4; } }", "schema s { table b { i int4; } }",
          "table \"s.b\" is new, and \"a\" has gone" },
        { "enum a { x }", "enum b { x }", "enum \"b\" is new, and \"a\" has gone" },
        { "schema s { enum e { a, x } }", "schema s { enum e { b, x } }",
          "label \"s.e.b\" is new, and \"a\" has gone" },
        { "domain a int4;", "domain b int4;",
          "domain \"b\" is new, and \"a\" has gone" },
        { "sequence a;", "sequence b;", "sequence \"b\" is new, and \"a\" has gone" },
        { "table t { k int4; a varchar(5); }", "table t { k int4; b varchar(9); }",
          "column \"t.b\" is new, and \"a\" has gone" },
        { "table t { k int4; a text; b text; c text; d text; e text; }",
          "table t { k int4; f text; }",
          "column \"t.f\" is new, and \"a\", \"b\", \"c\" and 2 more have gone" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct test_pair pair;
        assert_int_equal(
            test_pair_parse(&pair, cases[i].from, cases[i].to, MATCH_STRICT), 0);
        assert_int_equal(pair.diags.nerrors, 1);
        assert_string_equal(pair.diags.list.items[0].message, cases[i].message);
        test_pair_close(&pair);
        assert_int_equal(
            test_pair_parse(&pair, cases[i].from, cases[i].to, MATCH_NO_RENAMES), 0);
        assert_int_equal(pair.diags.nerrors, 0);
        test_pair_close(&pair);
    }
}

static void test_no_doubt(void **state)
{
    (void)state;
    strict("table t { k int4; a text; }", "table t { k int4; b int8; }",
           "+ column public.t.b\n- column public.t.a\n");
    strict("table t { k int4; a text; }", "table t { k int4; b text; a dropped; }",
           "+ column public.t.b\n- column public.t.a\n");
    strict("enum e { a, x }", "enum e { b, x, a dropped as x }",
           "+ label public.e.b\n- label public.e.a\n");
    strict("enum e { a_b = \"a b\", x }", "enum e { b, x, a_b dropped as x }",
           "+ label public.e.b\n- label public.e.a b\n");
    strict("schema s { table a { i int4; } enum e { x } domain d int4; sequence q; }",
           "schema s { table b { i int4; } enum f { x } domain g int4; sequence r; "
           "table a dropped; enum e dropped; domain d dropped; sequence q dropped; }",
           "+ enum s.f\n+ domain s.g\n+ sequence s.r\n+ table s.b\n"
           "- table s.a\n- sequence s.q\n- domain s.d\n- enum s.e\n");
    strict("schema a { } table t { i int4; }", "schema b { } schema a dropped;",
           "+ schema b\n- table public.t\n- schema a\n");
}

static void test_no_renames(void **state)
{
    (void)state;
    assert_pair(MATCH_NO_RENAMES, "table t { k int4; a text; }",
                "table t { k int4; b text; }",
                "+ column public.t.b\n- column public.t.a\n");
    /* What is written still counts. */
    assert_pair(MATCH_NO_RENAMES, "table t { k int4; a text; }",
                "table t { k int4; b text was a; }",
                "~ column public.t.a -> public.t.b: name\n");
}

/* ---- heirs and the way back ---- */

static void test_heir(void **state)
{
    (void)state;
    struct test_pair pair;
    assert_int_equal(test_pair_parse(&pair, "enum e { a, b, c }",
                                     "enum e { a, b, c dropped as b }", MATCH_STRICT),
                     0);
    const struct model_enum *from = pair.from.model->schemas.items[0]->enums.items[0];
    const struct model_enum *to = pair.to.model->schemas.items[0]->enums.items[0];
    assert_ptr_equal(match_label_heir(pair.match, &from->labels.items[2]),
                     &to->labels.items[1]);
    assert_null(match_label_heir(pair.match, &from->labels.items[0]));
    assert_null(match_to(pair.match, &from->labels.items[2]));
    test_pair_close(&pair);
}

static void test_reverse(void **state)
{
    (void)state;
    struct test_pair pair;
    struct buf out = { 0 };
    assert_int_equal(
        test_pair_parse(&pair, "table t { a int4; b text?; }",
                        "table u was t { c int4 was a; d text? unique; b dropped; }",
                        MATCH_STRICT),
        0);
    struct match *back = match_reverse(&pair.arena, pair.match);
    test_put_changes(&out, &pair.arena, changes_find(&pair.arena, back));
    assert_string_equal(out.s, "~ table public.u -> public.t: name\n"
                               "~ column public.u.c -> public.t.a: name\n"
                               "+ column public.t.b\n"
                               "- column public.u.d\n"
                               "- constraint public.u.u_d_key\n");
    buf_release(&out);
    test_pair_close(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_name),
        cmocka_unit_test(test_was),
        cmocka_unit_test(test_chains_and_swaps),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_moves_in_chains),
        cmocka_unit_test(test_moves_out_of_renamed_schemas),
        cmocka_unit_test(test_parts_follow),
        cmocka_unit_test(test_parts_by_work),
        cmocka_unit_test(test_doubt),
        cmocka_unit_test(test_doubt_kinds),
        cmocka_unit_test(test_no_doubt),
        cmocka_unit_test(test_no_renames),
        cmocka_unit_test(test_heir),
        cmocka_unit_test(test_reverse),
    };
    return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
