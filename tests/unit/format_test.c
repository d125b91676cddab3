/* format_test.c: the canonical form, as whole texts; and that it is one: it parses, and
 * formatting it changes nothing. (That nothing is lost is format_fuzz.c's.) */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>

#include "base/file.h"
#include "lang/format.h"
#include "lang/parser.h"

static int setup(void **state)
{
    static struct arena arena;
    arena = (struct arena){ 0 };
    *state = &arena;
    return 0;
}

static int teardown(void **state)
{
    arena_release(*state);
    return 0;
}

static const struct ast_file *parse(struct arena *arena, const char *text)
{
    struct source *source = arena_new(arena, struct source);
    struct diags diags = { .arena = arena };
    source->path = "t.schema";
    source->text = text;
    source->size = strlen(text);
    return parse_source(arena, source, &diags);
}

static const char *format(struct arena *arena, const struct ast_file *file)
{
    struct buf out = { 0 };
    format_file(arena, file, &out);
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text.s ? text.s : "";
}

static void assert_formats(void **state, const char *text, const char *expected)
{
    struct arena *arena = *state;
    const struct ast_file *file = parse(arena, text);
    assert_true(file->ok);
    assert_string_equal(format(arena, file), expected);
    assert_string_equal(format(arena, parse(arena, expected)), expected);
}

/* ---- whole texts --------------------------------------------------------------------- */

static void test_reference_schema_is_canonical(void **state)
{
    struct str text;
    assert_int_equal(file_read(*state, TEST_ROOT "/schema/app.schema", &text), 0);
    assert_formats(state, text.s, text.s);
}

static void test_nothing(void **state)
{
    assert_formats(state, "", "");
    assert_formats(state, "\n;;\n", "");
    assert_formats(state, "\n\n// alone\n\n\n", "// alone\n");
}

static void test_spacing(void **state)
{
    assert_formats(state,
                   "TABLE t{id int8 PRIMARY KEY;\"long name\" text?;"
                   "a numeric( 10 , 2 )DEFAULT 1 SECRET;b text SECRET;\n"
                   "c DOUBLE precision [ ] ? check(c>0);gone DROPPED;UNIQUE k(a , b);}",
                   "table t {\n"
                   "    id           int8           primary key;\n"
                   "    \"long name\"  text?;\n"
                   "    a            numeric(10,2)  default 1  secret;\n"
                   "    b            text  secret;\n"
                   "    c            float8[]?      check (c>0);\n"
                   "    gone dropped;\n"
                   "\n"
                   "    unique k (a, b);\n"
                   "}\n");
}

static void test_types_have_their_short_names(void **state)
{
    assert_formats(
        state,
        "table t { a int; b character varying(20)[]?; c timestamp(3) with time "
        "zone; d \"int\"; e DOUBLE precision default 1::integer; }\n"
        "sequence s as bigint;query q(a /* x */ boolean) many smallint{ y }",
        "table t {\n"
        "    a  int4;\n"
        "    b  varchar(20)[]?;\n"
        "    c  timestamptz(3);\n"
        "    d  \"int\";\n"
        "    e  float8          default 1::integer;\n"
        "}\n"
        "\n"
        "sequence s as int8;\n"
        "\n"
        "query q(a /* x */ bool) many int2 {\n"
        "    y\n"
        "}\n");
}

static void test_members(void **state)
{
    assert_formats(
        state,
        "table t was a,b with(x=1){ a int4 references s . t(x,y)on delete set null(a)"
        " deferrable initially deferred;\n"
        "index i using gin(lower( a )text_ops(n=1)desc nulls last,(a+b),c collate "
        "\"C\")"
        "include(d)where(a is null);\n\n\n"
        "exclude using gist(a with =,b with &&);\n}",
        "table t was a, b with (x=1) {\n"
        "    a  int4  references s.t (x, y) on delete set null (a) deferrable "
        "initially "
        "deferred;\n"
        "\n"
        "    index i using gin (lower( a ) text_ops(n=1) desc nulls last, (a+b), c "
        "collate "
        "\"C\") include (d) where (a is null);\n"
        "\n"
        "    exclude using gist (a with =, b with &&);\n"
        "}\n");
}

static void test_declarations(void **state)
{
    assert_formats(
        state,
        "include \"b.schema\";include \"a.schema\";extension x version '1';\n"
        "extension v{type w as bytea;type z;}domain d text check(value<>'');\n"
        "sequence s start with - 5 no cycle;\n\ntable old dropped;\n"
        "schema s as \"\" {enum e{a,b=\"B\",}enum f{c} domain g int4;}",
        "include \"b.schema\";\n"
        "include \"a.schema\";\n"
        "\n"
        "extension x version '1';\n"
        "\n"
        "extension v {\n"
        "    type w as bytea;\n"
        "    type z;\n"
        "}\n"
        "\n"
        "domain d text check (value<>'');\n"
        "sequence s start with -5 no cycle;\n"
        "\n"
        "table old dropped;\n"
        "\n"
        "schema s as \"\" {\n"
        "\n"
        "    enum e { a, b = \"B\" }\n"
        "    enum f { c }\n"
        "    domain g int4;\n"
        "}\n");
}

static void test_long_enums_have_a_value_a_line(void **state)
{
    assert_formats(
        state,
        "enum e { aaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
        "ccccccccccc was d }\nenum f { a, // one\n b }\nenum g { a }",
        "enum e {\n"
        "    aaaaaaaaaaaaaaaaaaaaaaaaaaa,\n"
        "    bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,\n"
        "    ccccccccccc was d,\n"
        "}\n"
        "\n"
        "enum f {\n"
        "    a,  // one\n"
        "    b,\n"
        "}\n"
        "\n"
        "enum g { a }\n");
}

static void test_queries(void **state)
{
    assert_formats(
        state,
        "QUERY q ( id , /* why */ s{a:x desc,y,b:z}? ,t text ? )MANY s . t WITH "
        "u,v on(w)page BY a desc{ select 1 }\n"
        "query r() many t;query w exec{}",
        "query q(id, /* why */ s { a: x desc,y, b: z }?, t text?) many s.t with u, "
        "v on (w) page by a desc {\n"
        "    select 1\n"
        "}\n"
        "\n"
        "query r() many t;\n"
        "\n"
        "query w exec {\n"
        "}\n");
}

static void test_bodies_move_as_they_are(void **state)
{
    assert_formats(state,
                   "schema s {\n"
                   "query q() exec { SELECT  1\n"
                   "\t  from x   \n"
                   "\n"
                   "\t\twhere $$\n"
                   "  data  \n"
                   "$$ <> y { and z } -- end\n"
                   "\n"
                   "}\n"
                   "}\n",
                   "schema s {\n"
                   "\n"
                   "    query q() exec {\n"
                   "        SELECT  1\n"
                   "        from x\n"
                   "\n"
                   "          where $$\n"
                   "  data  \n"
                   "$$ <> y { and z } -- end\n"
                   "    }\n"
                   "}\n");
}

static void test_comments_stay_where_they_stand(void **state)
{
    assert_formats(state,
                   "// file\n"
                   "/* a\n   b */ table t { // head\n"
                   "// first\n"
                   "a int4 // inside\n"
                   "secret; /* x */ // y\n"
                   "bb /* z */ text;\n"
                   "\n"
                   "/// doc\n"
                   "// and\n"
                   "c int4 check (c > 0 // why\n"
                   "  and c < 9);\n"
                   "// last\n"
                   "} // end\n"
                   "// eof",
                   "// file\n"
                   "/* a\n   b */\n"
                   "table t {  // head\n"
                   "    // first\n"
                   "    a int4 // inside\n"
                   "            secret;  /* x */  // y\n"
                   "    bb /* z */ text;\n"
                   "\n"
                   "    /// doc\n"
                   "    // and\n"
                   "    c  int4  check (c > 0 // why\n"
                   "            and c < 9);\n"
                   "    // last\n"
                   "}  // end\n"
                   "// eof\n");
}

static void test_snapshot_keeps_doc_comments_only(void **state)
{
    struct arena *arena = *state;
    const struct ast_file *files[2] = {
        parse(arena,
              "// x\ninclude \"b\"; // y\n/// Doc.\ntable t { a int4; // z\n}\n"),
        parse(arena, "enum e { a, /* b */ c }"),
    };
    struct buf out = { 0 };
    format_snapshot(arena, files, 2, &out);
    assert_string_equal(out.s,
                        "/// Doc.\ntable t {\n    a  int4;\n}\n\nenum e { a, c }\n");
    buf_release(&out);
}

/* ---- the property -------------------------------------------------------------------------- */

static size_t check_file(struct arena *arena, const char *path)
{
    struct str text;
    assert_int_equal(file_read(arena, path, &text), 0);
    const struct ast_file *file = parse(arena, text.s);
    if (!file->ok)
        return 0;
    const char *once = format(arena, file);
    const struct ast_file *again = parse(arena, once);
    if (!again->ok)
        fail_msg("%s: its canonical form does not parse", path);
    assert_string_equal(format(arena, again), once);
    return 1;
}

static void test_every_schema_of_the_tree(void **state)
{
    static const char *const folders[] = { "schema", "tests/errors", "tests/golden",
                                           "tests/fuzz/corpus/format",
                                           "tests/fuzz/corpus/schema" };
    size_t checked = 0;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *path = arena_printf(*state, TEST_ROOT "/%s", folders[i]);
        DIR *folder = opendir(path);
        if (!folder)
            continue;
        for (struct dirent *entry; (entry = readdir(folder));)
            if (strstr(entry->d_name, ".schema") || strstr(path, "corpus"))
                if (entry->d_name[0] != '.')
                    checked += check_file(
                        *state, arena_printf(*state, "%s/%s", path, entry->d_name));
        closedir(folder);
    }
    assert_true(checked > 50);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_reference_schema_is_canonical),
        TEST(test_nothing),
        TEST(test_spacing),
        TEST(test_types_have_their_short_names),
        TEST(test_members),
        TEST(test_declarations),
        TEST(test_long_enums_have_a_value_a_line),
        TEST(test_queries),
        TEST(test_bodies_move_as_they_are),
        TEST(test_comments_stay_where_they_stand),
        TEST(test_snapshot_keeps_doc_comments_only),
        TEST(test_every_schema_of_the_tree),
    };
    return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}
