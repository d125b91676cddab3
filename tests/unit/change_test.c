/* change_test.c: each way in which two forms of an object differ, what is no difference,
 * and that the way back is the mirror of the way there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "tests/support/pair.h"

struct pair_case {
    const char *from, *to;
    const char *changes; /* what test_put_changes says */
};

/* ---- what differs ---- */

static const struct pair_case objects[] = {
    { "/// a\nschema s { }", "schema s { }", "~ schema s: comment\n" },
    { "table t { i int4; }", "/// p\nschema public { table t { i int4; } }",
      "~ schema public: comment\n" },
    { "", "/// p\nschema public { }", "+ schema public\n" },
    { "extension citext;", "extension citext version \"1.6\";",
      "~ extension citext: version\n" },
    { "schema a { } extension citext schema a;",
      "schema b was a { } extension citext "
      "schema b;",
      "~ schema a -> b: name\n" },
    { "schema a { } schema b { } extension citext schema a;",
      "schema a { } schema b { } extension citext schema b;",
      "~ extension citext: schema\n" },
    { "enum e { a, b, c }", "enum e { a, c, b }", "~ enum public.e: order\n" },
    { "enum e { a, b }", "enum e { c, a, b }", "+ label public.e.c\n" },
    { "enum e { a, b }", "/// d\nenum e { a, b }", "~ enum public.e: comment\n" },
    { "enum e { a }", "enum e {\n/// d\n a }", "nothing\n" },
    { "domain d int4;", "domain d int8 default 1 check (value > 0);",
      "~ domain public.d: type default\n"
      "+ check public.d.d_check\n" },
    { "domain d text check c (value <> '');", "domain d text check c (value <> 'x');",
      "~ check public.d.c: definition\n" },
    { "domain d text check (value <> '');", "domain e text was d check (value <> '');",
      "~ domain public.d -> public.e: name\n"
      "~ check public.d.d_check -> public.e.e_check: name\n" },
    { "domain d text;", "domain d text collate \"C\";",
      "~ domain public.d: collate\n" },
    { "domain d text;", "domain d text not null;", "~ domain public.d: nullable\n" },
    { "sequence s;", "sequence s start with 5;", "~ sequence public.s: options\n" },
    { "sequence s;", "sequence s start with 1 increment by 1 cache 1;", "nothing\n" },
    { "sequence s as int4;", "sequence s as int8;", "~ sequence public.s: type\n" },
    { "sequence s; table t { i int4; }", "sequence s owned by t.i; table t { i int4; }",
      "~ sequence public.s: owner\n" },
    { "table t { i int4; }",
      "/// d\nunlogged table t with (fillfactor = 70) tablespace fast { i int4; }",
      "~ table public.t: comment options tablespace logged\n" },
};

static const struct pair_case columns[] = {
    { "table t { c varchar(5); }", "table t { c varchar(6); }",
      "~ column public.t.c: type\n" },
    { "table t { c int4; }", "table t { c int4[]; }", "~ column public.t.c: type\n" },
    { "table t { c integer; }", "table t { c int4; }", "nothing\n" },
    { "table t { c numeric(10); }", "table t { c numeric( 10, 0 ); }", "nothing\n" },
    { "table t { c numeric(1); }", "table t { c numeric(10); }",
      "~ column public.t.c: type\n" },
    { "table t { c numeric; }", "table t { c numeric(2,0); }",
      "~ column public.t.c: type\n" },
    { "table t { c bit; d char[]; e numeric(9); }",
      "table t { c bit(1); d char(1)[]; e numeric(9, 0); }", "nothing\n" },
    { "table t { c text; }", "table t { c text?; }",
      "~ column public.t.c: nullable\n" },
    { "table t { c text; }",
      "/// d\ntable t {\n/// e\n c text collate \"C\" storage "
      "external compression pglz default 'x'; }",
      "~ table public.t: comment\n"
      "~ column public.t.c: comment collate default storage compression\n" },
    { "table t { c int4; }", "table t { c serial4; }",
      "~ column public.t.c: serial\n" },
    { "table t { c serial4; }", "table t { c int4 identity; }",
      "~ column public.t.c: identity serial\n" },
    { "table t { c int4 identity; }", "table t { c int4 identity by default; }",
      "~ column public.t.c: identity\n" },
    { "table t { c int4 identity; }", "table t { c int4 identity (start with 9); }",
      "~ column public.t.c: identity\n" },
    { "table t { c int4 identity; }", "table t { c int8 identity; }",
      "~ column public.t.c: type\n" },
    { "table t { a int4; c int4 generated (a + 1); }",
      "table t { a int4; c int4 generated (a + 2); }",
      "~ column public.t.c: generated\n" },
    { "table t { a int4; c int4; }", "table t { a int4; c int4 generated (a + 2); }",
      "~ column public.t.c: generated\n" },
    /* What only generated code knows. */
    { "table t { c text; d timestamptz; v int4; }",
      "table t { c text secret; d timestamptz on update now(); v int4 version; }",
      "nothing\n" },
    { "table t { c text; }", "table t as tee { c text as cee; } query all many t;",
      "nothing\n" },
};

static const struct pair_case parts[] = {
    { "table t { a int4; b int4; primary key (a, b); }",
      "table t { a int4; b int4; primary key (b, a); }",
      "~ constraint public.t.t_pkey: definition\n" },
    { "table t { a int4 unique; }", "table t { a int4 unique nulls not distinct; }",
      "~ constraint public.t.t_a_key: definition\n" },
    { "table t { a int4; b int4; unique (a); }",
      "table t { a int4; b int4; unique u (a) include (b) with (fillfactor = 50); }",
      "+ constraint public.t.u\n- constraint public.t.t_a_key\n" },
    { "table t { a int4; unique u (a); }",
      "table t { a int4; unique u (a) with (fillfactor = 50); }",
      "~ constraint public.t.u: options\n" },
    { "table t { a int4; unique u (a); }",
      "table t { a int4; unique u (a) deferrable; }",
      "~ constraint public.t.u: definition\n" },
    { "table t { a int4 primary key; b int4 references t; }",
      "table t { a int4 primary key; b int4 references t deferrable; }",
      "~ constraint public.t.t_b_fkey: deferrable\n" },
    { "table t { a int4 primary key; b int4 references t; }",
      "table t { a int4 primary key; b int4 references t on delete cascade; }",
      "~ constraint public.t.t_b_fkey: definition\n" },
    { "table t { a int4; index (a); }", "table t { a int4; index (a desc); }",
      "~ index public.t_a_idx: definition\n" },
    { "table t { a int4; index (a); }", "table t { a int4; index (a asc nulls last); }",
      "nothing\n" },
    { "table t { a int4; index (a); }", "table t { a int4; index using btree (a); }",
      "nothing\n" },
    { "table t { a int4; index (a); }", "table t { a int4; unique index (a); }",
      "~ index public.t_a_idx: definition\n" },
    { "table t { a text; index i (a); }",
      "table t { a text; index i (a text_pattern_ops); }",
      "~ index public.i: definition\n" },
    { "table t { a text; index i (a); }",
      "table t { a text; index i (a collate \"C\"); }",
      "~ index public.i: definition\n" },
    { "table t { a text; index i (a); }",
      "table t { a text; index i (a) where (a > 'b'); }",
      "~ index public.i: definition\n" },
    { "table t { a text; index i (lower(a)); }",
      "table t { a text; index i (upper(a)); }", "~ index public.i: definition\n" },
    { "table t { a text; b text; index i (a); }",
      "table t { a text; b text; index i (a) include (b); }",
      "~ index public.i: definition\n" },
    { "table t { a text; index i (a); }",
      "table t { a text;\n/// d\n index i (a) with (fillfactor = 50) tablespace fast; "
      "}",
      "~ index public.i: comment options tablespace\n" },
    { "table t { a int4 unique; gone_at timestamptz?; }",
      "table t { a int4 unique; gone_at timestamptz? soft delete; }",
      "+ constraint public.t.t_a_key\n- constraint public.t.t_a_key\n" },
    { "table t { a int4range; exclude (a with &&); }",
      "table t { a int4range; exclude using gist (a with &&); }",
      "~ constraint public.t.t_a_excl: definition\n" },
};

/* ---- SQL by its tokens ---- */

static const struct pair_case sql[] = {
    { "table t { a int4 check (a   > /* big */ 0); }",
      "table t { a int4 check (A > 0); }", "nothing\n" },
    { "table t { a int4 default (1 + 2); }", "table t { a int4 default 1 + 2; }",
      "nothing\n" },
    { "table t { a text check (a <> 'x'); }", "table t { a text check (a <> 'X'); }",
      "~ constraint public.t.t_a_check: definition\n" },
    { "table t { a int4 default 1::int; }", "table t { a int4 default 1::int4; }",
      "nothing\n" },
    { "table t { a int4; check c (a > 0 and t.a < 9); }",
      "table u was t { b int4 was a; check c (b > 0 and u.b < 9); }",
      "~ table public.t -> public.u: name\n~ column public.t.a -> public.u.b: name\n" },
    /* Two columns that change names: the same words mean something else. */
    { "table t { a int4; b int4; check c (a > b); }",
      "table t { a int4 was b; b int4 was a; check c (a > b); }",
      "~ column public.t.b -> public.t.a: name\n"
      "~ column public.t.a -> public.t.b: name\n"
      "~ constraint public.t.c: definition\n" },
    { "table t { a int4; b int4; check c (a > b); }",
      "table t { a int4 was b; b int4 was a; check c (b > a); }",
      "~ column public.t.b -> public.t.a: name\n"
      "~ column public.t.a -> public.t.b: name\n" },
    /* A word that is no column here, though a column is called so. */
    { "table t { year int4; d date; check c (extract(year from d) > 0); }",
      "table t { yr int4 was year; d date; check c (extract(year from d) > 0); }",
      "~ column public.t.year -> public.t.yr: name\n" },
    { "schema a { enum e { x } table t { c text default 'x'::a.e::text; } }",
      "schema b was a { enum f was e { x } table t { c text default 'x'::b.f::text; } "
      "}",
      "~ schema a -> b: name\n~ enum a.e -> b.f: name\n" },
    /* A label that is called otherwise. */
    { "enum e { x, y } table t { c e default 'x' check k (c <> 'y'); }",
      "enum e { w was x, z was y } table t { c e default 'w' check k (c <> 'z'); }",
      "~ label public.e.x -> public.e.w: name\n~ label public.e.y -> public.e.z: "
      "name\n" },
    { "enum e { x, y } table t { c e default 'x'; }",
      "enum e { x was y, y was x } table t { c e default 'x'; }",
      "~ enum public.e: order\n"
      "~ label public.e.y -> public.e.x: name\n"
      "~ label public.e.x -> public.e.y: name\n"
      "~ column public.t.c: default\n" },
    { "sequence s; table t { c int8 default nextval('s'); }",
      "sequence r was s; table t { c int8 default nextval('r'); }",
      "~ sequence public.s -> public.r: name\n" },
};

/* ---- how the cases are run ---- */

/* The change of the way back that mirrors one of the way there. */
static bool has_mirror(const struct changes *back, const struct change *change)
{
    for (size_t i = 0; i < back->list.n; i++) {
        const struct change *other = &back->list.items[i];
        if (other->from == change->to && other->to == change->from &&
            other->object == change->object)
            return other->aspects == change->aspects &&
                   other->from_owner == change->to_owner &&
                   other->to_owner == change->from_owner;
    }
    return false;
}

static void assert_mirror(struct test_pair *pair)
{
    struct match *reverse = match_reverse(&pair->arena, pair->match);
    struct changes *back = changes_find(&pair->arena, reverse);
    assert_int_equal(back->list.n, pair->changes->list.n);
    for (size_t i = 0; i < back->list.n; i++)
        assert_true(has_mirror(back, &pair->changes->list.items[i]));
}

static bool has_version(const struct changes *changes)
{
    bool has = false;
    for (size_t i = 0; i < changes->list.n; i++)
        has = has || changes->list.items[i].aspects & ASPECT_VERSION;
    return has;
}

static void run_case(const struct pair_case *one)
{
    struct test_pair pair;
    struct buf out = { 0 };
    assert_int_equal(test_pair_parse(&pair, one->from, one->to, MATCH_STRICT), 0);
    if (pair.changes)
        test_put_changes(&out, &pair.arena, pair.changes);
    else
        diag_render_text(&pair.diags, (struct diag_style){ 0 }, &out);
    if (!out.n)
        buf_puts(&out, "nothing\n");
    assert_string_equal(out.s, one->changes);
    /* To a version that is not said there is no way back. */
    if (!has_version(pair.changes))
        assert_mirror(&pair);
    buf_release(&out);
    test_pair_close(&pair);
}

#define RUN(name, cases)                                          \
    static void name(void **state)                                \
    {                                                             \
        (void)state;                                              \
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) \
            run_case(&cases[i]);                                  \
    }
RUN(test_objects, objects)
RUN(test_columns, columns)
RUN(test_parts, parts)
RUN(test_sql, sql)

/* ---- a schema beside itself ---- */

/* Every schema of these tests, beside itself: nothing is new, gone or changed. */
static void test_itself(void **state)
{
    (void)state;
    static const char *const files[] = { "schema/app.schema", "tests/golden/sql.schema",
                                         "tests/compile/torture.schema",
                                         "tests/db/features.schema",
                                         "tests/db/accepted.schema" };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct test_schema from, to;
        struct arena arena = { 0 };
        struct diags diags = { .arena = &arena };
        assert_int_equal(test_schema_read(&from, files[i]), 0);
        assert_int_equal(test_schema_read(&to, files[i]), 0);
        struct match *match = match_models(&arena, from.model, to.model, MATCH_STRICT,
                                           &diags);
        assert_int_equal(diags.nerrors, 0);
        struct buf out = { 0 };
        buf_puts(&out, "");
        test_put_changes(&out, &arena, changes_find(&arena, match));
        assert_string_equal(out.s, "");
        buf_release(&out);
        arena_release(&arena);
        test_schema_close(&from);
        test_schema_close(&to);
    }
}

/* Made and removed as a whole: objects, and no parts of their own. */
static void test_all_and_nothing(void **state)
{
    (void)state;
    struct test_schema from, to;
    struct arena arena = { 0 };
    struct diags diags = { .arena = &arena };
    assert_int_equal(test_schema_parse(&from, ""), 0);
    assert_int_equal(test_schema_read(&to, "schema/app.schema"), 0);
    struct match *match = match_models(&arena, from.model, to.model, MATCH_STRICT,
                                       &diags);
    struct changes *changes = changes_find(&arena, match);
    assert_int_equal(changes->list.n, to.model->order.n);
    for (size_t i = 0; i < changes->list.n; i++)
        assert_ptr_equal(changes->list.items[i].to, to.model->order.items[i].object);
    changes = changes_find(&arena, match_reverse(&arena, match));
    assert_int_equal(changes->list.n, to.model->order.n);
    for (size_t i = 0, n = changes->list.n; i < n; i++)
        assert_ptr_equal(changes->list.items[i].from,
                         to.model->order.items[n - 1 - i].object);
    arena_release(&arena);
    test_schema_close(&from);
    test_schema_close(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects), cmocka_unit_test(test_columns),
        cmocka_unit_test(test_parts),   cmocka_unit_test(test_sql),
        cmocka_unit_test(test_itself),  cmocka_unit_test(test_all_and_nothing),
    };
    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
