/* clean_test.c: the server's SQL as a person writes it, and names in the language and in
 * C. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "live/clean.h"

struct pair {
    const char *from, *to;
};

static struct arena arena;

static void assert_clean(const char *from, struct str got, const char *wanted)
{
    if (!str_eq_c(got, wanted))
        fail_msg("%s: \"%.*s\" instead of \"%s\"", from, STR_ARGS(got), wanted);
}

/* The table: v is a varchar, t a text, i an int4, b an int8, "C" a text, e an enum, f a float8. */
static struct str cast_of(void *context, struct str name)
{
    static const struct pair columns[] = {
        { "v", "character varying" }, { "t", "text" },
        { "i", "integer" },           { "b", "bigint" },
        { "\"C\"", "text" },          { "e", "app.mood" },
        { "f", "double precision" }
    };
    (void)context;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (str_eq_c(name, columns[i].from))
            return str_of(columns[i].to);
    return (struct str){ 0 };
}
static const struct clean_scope scope = { cast_of, NULL };

static void test_words_and_types(void **state)
{
    static const struct pair pairs[] = {
        { "CURRENT_TIMESTAMP", "current_timestamp" },
        { "'Aa'::character varying", "'Aa'::varchar" },
        { "'x'::character varying(20)[]", "'x'::varchar(20)[]" },
        { "ts::timestamp(3) without time zone", "ts::timestamp(3)" },
        { "ts::timestamp with time zone", "ts::timestamptz" },
        { "x::time(0) with time zone", "x::timetz(0)" },
        { "x::double precision", "x::float8" },
        { "XMLSERIALIZE(CONTENT x AS text NO INDENT)",
          "xmlserialize(content x as text)" },
        { "x::app.\"integer\"", "x::app.\"integer\"" },
        { "CASE\n    WHEN a THEN 'B'::text\n    ELSE \"C\"\nEND",
          "case when a then 'B'::text else \"C\" end" },
        { "'one\ntwo'::text", "E'one\\ntwo'::text" },
        { "E'one\\\\\ntwo'", "E'one\\\\\\ntwo'" },
        { "\"a\nb\" + 1", "U&\"a\\000Ab\" + 1" },
        { "'it''s :: (odd'::text", "'it''s :: (odd'::text" },
        { "", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_clean(pairs[i].from, clean_sql(&arena, str_of(pairs[i].from), NULL),
                     pairs[i].to);
}

static void test_parentheses(void **state)
{
    static const struct pair pairs[] = {
        { "((a > 0) AND (b < 1))", "a > 0 and b < 1" },
        { "((a > 0) AND ((b > 1) AND (c < 3)))", "a > 0 and (b > 1 and c < 3)" },
        { "(((a > 0) AND (b > 1)) OR (c < 3))", "a > 0 and b > 1 or c < 3" },
        { "((a > 0) AND ((b > 1) OR (c < 3)))", "a > 0 and (b > 1 or c < 3)" },
        { "((a > 0) OR ((b > 1) OR (c < 3)))", "a > 0 or (b > 1 or c < 3)" },
        { "(NOT (a > 0))", "not (a > 0)" },
        { "((a = 1) = (b = 1))", "(a = 1) = (b = 1)" },
        { "((a IS NULL) OR (b IS NOT NULL))", "a is null or b is not null" },
        { "((a = 1) IS TRUE)", "(a = 1) is true" },
        { "((a + b) > 3)", "a + b > 3" },
        { "((a - (b - 1)) > 3)", "a - (b - 1) > 3" },
        { "((a)::text = 'x'::text)", "a::text = 'x'::text" },
        { "((a + 1))::text", "(a + 1)::text" },
        { "((c COLLATE \"C\") < 'a'::text)", "(c collate \"C\") < 'a'::text" },
        { "((ts AT TIME ZONE 'utc'::text))::date",
          "(ts at time zone 'utc'::text)::date" },
        { "(- a)", "- a" },
        { "((- a) < 3)", "(- a) < 3" },
        { "lower(((a || b))::text)", "lower((a || b)::text)" },
        { "COALESCE(a, (b + 1), 2)", "coalesce(a, b + 1, 2)" },
        { "((j -> 'a'::text) ->> 'b'::text)", "(j -> 'a'::text) ->> 'b'::text" },
        { "(c).f", "(c).f" },
        { "(a)[1]", "(a)[1]" },
        { "(a OPERATOR(app.===) b)", "a operator(app.===) b" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_clean(pairs[i].from, clean_sql(&arena, str_of(pairs[i].from), &scope),
                     pairs[i].to);
}

static void test_lists(void **state)
{
    static const struct pair pairs[] = {
        { "((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character "
          "varying])::text[]))",
          "v in ('a', 'b')" },
        { "((v)::text <> ALL ((ARRAY['a'::character varying, 'b'::character "
          "varying])::text[]))",
          "v not in ('a', 'b')" },
        { "((v)::text = ANY (ARRAY['a'::text, 'b'::text]))",
          "v::text = any (array['a'::text, 'b'::text])" },
        { "(w = ANY ((ARRAY['a'::character varying])::text[]))",
          "w = any (array['a'::varchar])" },
        { "(t = ANY (ARRAY['a'::text, 'b''c'::text]))", "t in ('a', 'b''c')" },
        { "(\"C\" = ANY (ARRAY['a'::text, 'b'::text]))", "\"C\" in ('a', 'b')" },
        { "((x)::text = ANY ((ARRAY['a'::s.ci, 'b'::s.ci])::text[]))",
          "x::text = any (array['a'::s.ci, 'b'::s.ci])" },
        { "(x = ANY (ARRAY[]::text[]))", "x = any (array[]::text[])" },
        { "((ARRAY[v, w])::text[] && (ARRAY[a[1]])::s.\"T\"[])",
          "array[v, w] && array[a[1]]" },
        { "(ARRAY['a'::text])::s.names", "array['a'::text]::s.names" },
        { "(t = ANY (ARRAY['a'::text]))", "t = any (array['a'::text])" },
        { "(t = ANY (ARRAY['a'::text, NULL::text]))",
          "t = any (array['a'::text, null::text])" },
        { "(t ~ ANY (ARRAY['a'::text, 'b'::text]))",
          "t ~ any (array['a'::text, 'b'::text])" },
        { "(i = ANY (ARRAY[1, '-2'::integer]))", "i in (1, -2)" },
        { "(b = ANY (ARRAY[(1)::bigint, ('-2'::integer)::bigint]))", "b in (1, -2)" },
        { "(e = ANY (ARRAY['x'::app.mood, 'y'::app.mood]))", "e in ('x', 'y')" },
        { "(e = ANY (ARRAY['x'::app.other, 'y'::app.other]))",
          "e = any (array['x'::app.other, 'y'::app.other])" },
        { "(x = ANY (ARRAY['a'::text, 'b'::text]))",
          "x = any (array['a'::text, 'b'::text])" },
        { "((i >= 1) AND (i <= 5))", "i between 1 and 5" },
        { "((i > 0) AND ((b >= 1) AND (b <= 5)))", "i > 0 and b between 1 and 5" },
        { "((i >= 1) AND (b <= 5))", "i >= 1 and b <= 5" },
        { "((i >= (b + 1)) AND (i <= 5))", "i >= b + 1 and i <= 5" },
        { "(NOT ((i >= 1) AND (i <= 5)))", "not (i between 1 and 5)" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_clean(pairs[i].from, clean_sql(&arena, str_of(pairs[i].from), &scope),
                     pairs[i].to);
}

static void test_casts(void **state)
{
    static const struct pair pairs[] = {
        { "(t = 'a'::text)", "t = 'a'" },
        { "((v)::text = 'a'::text)", "v = 'a'" },
        { "((v)::text ~~ 'a%'::text)", "v like 'a%'" },
        { "(t !~~* 'a%'::text)", "t not ilike 'a%'" },
        { "(NOT (t ~ 'a'::text))", "not (t ~ 'a')" },
        { "(e = 'x'::app.mood)", "e = 'x'" },
        { "(e = 'x'::app.moods)", "e = 'x'::app.moods" },
        { "(f > (0)::double precision)", "f > 0" },
        { "(f > (i)::double precision)", "f > i::float8" },
        { "((t || 'x'::text) = 'a'::text)", "t || 'x'::text = 'a'::text" },
        { "(t = ('a'::text || t))", "t = 'a'::text || t" },
        { "(lower(t) = 'a'::text)", "lower(t) = 'a'::text" },
        { "((t = 'a'::text) AND (x = 'a'::text))", "t = 'a' and x = 'a'::text" },
        { "(t ~~ ANY (ARRAY['a'::text, 'b'::text]))",
          "t ~~ any (array['a'::text, 'b'::text])" },
        { "('a'::text = t)", "'a'::text = t" },
        { "CASE WHEN (t = 'a'::text) THEN 'b'::text ELSE t END",
          "case when t = 'a' then 'b'::text else t end" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_clean(pairs[i].from, clean_sql(&arena, str_of(pairs[i].from), &scope),
                     pairs[i].to);
}

static void test_defaults(void **state)
{
    static const struct {
        const char *from, *cast, *to;
    } cases[] = {
        { "'x'::text", "text", "'x'" },
        { "'x'::character varying", "character varying", "'x'" },
        { "'x'::text", "character varying", "'x'::text" },
        { "'{}'::app.mood[]", "app.mood[]", "'{}'" },
        { "'a'::text || 'b'::text", "text", "'a'::text || 'b'::text" },
        { "'-1'::integer", "bigint", "-1" },
        { "'-1'::bigint", "bigint", "'-1'" },
        { "'-0.5'::numeric", "numeric", "-0.5" },
        { "'-5'::numeric", "numeric", "'-5'" },
        { "nextval('app.\"S\"'::regclass)", "bigint", "nextval('app.\"S\"')" },
        { "(now() AT TIME ZONE 'utc'::text)", "timestamp without time zone",
          "(now() at time zone 'utc'::text)" },
        { "(now() + '1 day'::interval)", "timestamp with time zone",
          "now() + '1 day'::interval" },
        { "(NOT true)", "boolean", "(not true)" },
        { "CASE WHEN true THEN 1 ELSE 2 END", "integer",
          "(case when true then 1 else 2 end)" },
        { "ARRAY[]::text[]", "text[]", "array[]::text[]" },
        { "CURRENT_USER", "text", "current_user" },
        { "(1 = ANY (ARRAY[2, 3]))", "boolean", "(1 = any (array[2, 3]))" },
        { "((1 + 2) > 3)", "boolean", "1 + 2 > 3" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_clean(
            cases[i].from,
            clean_default(&arena, str_of(cases[i].from), str_of(cases[i].cast)),
            cases[i].to);
}

static void test_elements(void **state)
{
    static const struct pair pairs[] = {
        { "CREATE INDEX \"using (x)\" ON s.\"a (\" USING btree (a, lower((b)::text) "
          "text_pattern_ops DESC NULLS LAST) INCLUDE (c) WHERE (d > 1)",
          "a, lower(b::text) text_pattern_ops desc nulls last" },
        { "CREATE INDEX x ON t USING btree (((a + b)), ((a IS NULL)))",
          "(a + b), (a is null)" },
        { "EXCLUDE USING gist (a WITH =, d WITH OPERATOR(s.&&)) WHERE ((a > 1))",
          "a with =, d with operator(s.&&)" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_clean(pairs[i].from,
                     clean_elements(&arena, str_of(pairs[i].from), &scope),
                     pairs[i].to);
}

static void test_names(void **state)
{
    static const struct pair names[] = {
        { "users", "users" },
        { "order", "\"order\"" },
        { "A", "\"A\"" },
        { "a\"b", "\"a\"\"b\"" },
        { "a b", "\"a b\"" },
        { "index", "index" },
        { "a\nb", "U&\"a\\000Ab\"" },
        { "a\\\r", "U&\"a\\\\\\000D\"" },
    };
    static const struct pair words[] = {
        { "a-b", "a_b" },    { "In Progress!", "in_progress" },
        { "1st", "x1st" },   { "-", "x" },
        { "größe", "gr_e" }, { "", "x" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_clean(names[i].from, clean_name(&arena, str_of(names[i].from)),
                     names[i].to);
    assert_clean("index", clean_column(&arena, STR("index")), "\"index\"");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_clean(words[i].from, clean_word(&arena, str_of(words[i].from)),
                     words[i].to);
}

/* Whatever the server says, however it ends. */
static void test_any_bytes(void **state)
{
    static const char *const parts[] = { "(",   ")",     "[",     "]",       "'",
                                         "\"",  " ",     "a",     "t",       "=",
                                         "ANY", "ARRAY", "::",    "text",    ",",
                                         "AND", "NOT",   ">=",    "<=",      "\n",
                                         "1",   "\\",    "USING", "between", "E'" };
    (void)state;
    srand(7);
    for (int round = 0; round < 20000; round++) {
        char text[256] = "";
        size_t n = 0;
        for (int i = rand() % 24; i > 0; i--) {
            const char *part = parts[(size_t)rand() % (sizeof parts / sizeof *parts)];
            memcpy(text + n, part, strlen(part));
            n += strlen(part);
        }
        struct str sql = { text, n };
        (void)clean_sql(&arena, sql, &scope);
        (void)clean_default(&arena, sql, STR("text"));
        (void)clean_elements(&arena, sql, &scope);
        arena_clear(&arena);
    }
}

static int release(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_and_types), cmocka_unit_test(test_parentheses),
        cmocka_unit_test(test_lists),           cmocka_unit_test(test_casts),
        cmocka_unit_test(test_defaults),        cmocka_unit_test(test_elements),
        cmocka_unit_test(test_names),           cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests_name("clean", tests, NULL, release);
}
