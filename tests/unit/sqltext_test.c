/* sqltext_test.c: texts cut into statements, what is said of each, and what the hash sees. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "sqltext/sqltext.h"

/* The statements of a text, each in its own brackets; an error at its offset. */
static const char *cut(const char *text)
{
    static char out[2048];
    struct sc__sql_scan scan = sc__sql_begin(text, strlen(text));
    struct sc__sql_statement one;
    size_t n = 0;
    out[0] = '\0';
    while (sc__sql_next(&scan, &one))
        n += (size_t)snprintf(out + n, sizeof out - n, "[%.*s]", (int)one.size,
                              text + one.start);
    if (scan.error)
        snprintf(out + n, sizeof out - n, "%zu: %s", scan.error_at, scan.error);
    return out;
}

static void test_semicolons(void **state)
{
    (void)state;
    assert_string_equal(cut("select 1; select 2"), "[select 1][select 2]");
    assert_string_equal(cut(" ;; select 1 ;\n;"), "[select 1]");
    assert_string_equal(cut(""), "");
    assert_string_equal(cut("-- nothing; here\n/* ; */"), "");
    assert_string_equal(cut("\xEF\xBB\xBFselect 1;"), "[select 1]");
    assert_string_equal(
        cut("create rule r as on insert to t do also (select 1; select 2);"
            "select 3"),
        "[create rule r as on insert to t do also (select 1; select 2)]"
        "[select 3]");
}

static void test_literals(void **state)
{
    (void)state;
    assert_string_equal(cut("select 'a;''b;'; x"), "[select 'a;''b;'][x]");
    assert_string_equal(cut("select '\\'; select 'b'"), "[select '\\'][select 'b']");
    assert_string_equal(cut("select E'\\';'; x"), "[select E'\\';'][x]");
    assert_string_equal(cut("select e'\\\\'; x"), "[select e'\\\\'][x]");
    assert_string_equal(cut("select \"a;\"\"b\"; x"), "[select \"a;\"\"b\"][x]");
    assert_string_equal(cut("select U&\"a;\", u&'b;', N';', b'1', X'f'; x"),
                        "[select U&\"a;\", u&'b;', N';', b'1', X'f'][x]");
    assert_string_equal(cut("select 'na\xC3\xAFve;'; x"),
                        "[select 'na\xC3\xAFve;'][x]");
    assert_string_equal(cut("select na'x'; y"), "[select na'x'][y]");
}

static void test_dollar_quotes(void **state)
{
    (void)state;
    assert_string_equal(cut("do $$ begin; end $$; x"), "[do $$ begin; end $$][x]");
    assert_string_equal(cut("select $a$ $b$ ; $$ ; $a$; x"),
                        "[select $a$ $b$ ; $$ ; $a$][x]");
    assert_string_equal(cut("select $a$ $ab$ $a$; x"), "[select $a$ $ab$ $a$][x]");
    assert_string_equal(cut("select a$b$; x$$; y"), "[select a$b$][x$$][y]");
    assert_string_equal(cut("select $1; x"), "[select $1][x]");
    assert_string_equal(cut("select $\xC3\xA9$;$\xC3\xA9$; x"),
                        "[select $\xC3\xA9$;$\xC3\xA9$][x]");
}

static void test_comments(void **state)
{
    (void)state;
    assert_string_equal(cut("select /* ; /* ; */ ; */ 1; x"),
                        "[select /* ; /* ; */ ; */ 1][x]");
    assert_string_equal(cut("select 1 -- ; it's\n; x"), "[select 1][x]");
    assert_string_equal(cut("/** ; */ select 2; x"), "[select 2][x]");
    assert_string_equal(cut("select 3--;\n+ 4; x"), "[select 3--;\n+ 4][x]");
    assert_string_equal(cut("select 3 */* ; */ 4; x"), "[select 3 */* ; */ 4][x]");
}

static void test_bodies(void **state)
{
    (void)state;
    assert_string_equal(
        cut("create function f() returns int begin atomic select 1; select case when "
            "true then 2 end; end; x"),
        "[create function f() returns int begin atomic select 1; select case when true "
        "then 2 end; end][x]");
    assert_string_equal(cut("create or replace procedure p() begin atomic; end; x"),
                        "[create or replace procedure p() begin atomic; end][x]");
    assert_string_equal(cut("begin; select 1; end; x"), "[begin][select 1][end][x]");
    assert_string_equal(cut("create table t (begin int, atomic int); x"),
                        "[create table t (begin int, atomic int)][x]");
}

static void test_errors(void **state)
{
    (void)state;
    assert_string_equal(cut("x; select 'a"), "[x]10: unterminated string");
    assert_string_equal(cut("select E'\\'"), "7: unterminated string");
    assert_string_equal(cut("select \"a"), "7: unterminated quoted name");
    assert_string_equal(cut("do $a$ $b$"), "3: unterminated dollar-quoted string");
    assert_string_equal(cut("/* /* */"), "0: unterminated comment");
    assert_string_equal(cut("x;\n\\copy t from 'f'"),
                        "[x]3: a backslash begins a command of psql's: only SQL can be "
                        "run");
    assert_string_equal(
        cut("select 1 \\gexec"),
        "9: a backslash begins a command of psql's: only SQL can be run");
    assert_string_equal(cut("select {"), "7: no character of SQL");
}

/* ---- what a statement is ------------------------------------------------------------ */

struct said {
    const char *text;
    enum sc__sql_verb verb;
    bool alone;
};

static void test_verbs(void **state)
{
    static const struct said CASES[] = {
        { "begin", SC__SQL_BEGIN, false },
        { "START TRANSACTION read only", SC__SQL_BEGIN, false },
        { "Commit", SC__SQL_COMMIT, false },
        { "end", SC__SQL_COMMIT, false },
        { "commit prepared 'x'", SC__SQL_OTHER, true },
        { "rollback", SC__SQL_ROLLBACK, false },
        { "rollback to savepoint a", SC__SQL_OTHER, false },
        { "rollback work to a", SC__SQL_OTHER, false },
        { "prepare transaction 'x'", SC__SQL_PREPARE, false },
        { "copy t from stdin", SC__SQL_COPY_STDIN, false },
        { "copy t (a) FROM STDIN csv", SC__SQL_COPY_STDIN, false },
        { "copy t from 'stdin'", SC__SQL_OTHER, false },
        { "create index concurrently i on t (a)", SC__SQL_CREATE_INDEX, true },
        { "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", SC__SQL_CREATE_INDEX, true },
        { "create index i on t (concurrently)", SC__SQL_OTHER, false },
        { "create index i on t (a)", SC__SQL_OTHER, false },
        { "drop index concurrently i", SC__SQL_DROP_INDEX, true },
        { "drop index i", SC__SQL_OTHER, false },
        { "reindex index concurrently i", SC__SQL_OTHER, true },
        { "reindex (concurrently) table t", SC__SQL_OTHER, true },
        { "reindex table t", SC__SQL_OTHER, false },
        { "reindex database d", SC__SQL_OTHER, true },
        { "refresh materialized view concurrently v", SC__SQL_OTHER, false },
        { "alter type t add value 'x'", SC__SQL_ADD_VALUE, false },
        { "alter type t rename value 'x' to 'y'", SC__SQL_OTHER, false },
        { "alter table t detach partition p concurrently", SC__SQL_DETACH, true },
        { "alter table t detach partition p", SC__SQL_OTHER, false },
        { "vacuum t", SC__SQL_OTHER, true },
        { "vacuum", SC__SQL_OTHER, true },
        { "create database d", SC__SQL_OTHER, true },
        { "alter database d set tablespace s", SC__SQL_OTHER, true },
        { "alter database d set work_mem = 1", SC__SQL_OTHER, false },
        { "alter table t set tablespace s", SC__SQL_OTHER, false },
        { "alter system set a = 1", SC__SQL_OTHER, true },
        { "cluster", SC__SQL_OTHER, true },
        { "cluster t using i", SC__SQL_OTHER, false },
        { "do $$ begin end $$", SC__SQL_PROCEDURE, false },
        { "call p()", SC__SQL_PROCEDURE, false },
        { "select 'create index concurrently'", SC__SQL_OTHER, false },
        { "\"begin\"", SC__SQL_OTHER, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct sc__sql_scan scan = sc__sql_begin(CASES[i].text, strlen(CASES[i].text));
        struct sc__sql_statement one;
        assert_true(sc__sql_next(&scan, &one));
        if (one.verb != CASES[i].verb || one.alone != CASES[i].alone)
            fail_msg("%s: verb %d, alone %d", CASES[i].text, one.verb, one.alone);
        assert_false(sc__sql_next(&scan, &one));
    }
}

/* ---- hash ---------------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
    char x[SC__SQL_HASH_SIZE], y[SC__SQL_HASH_SIZE];
    sc__sql_hash(a, strlen(a), x);
    sc__sql_hash(b, strlen(b), y);
    assert_int_equal(strlen(x), 64);
    return strcmp(x, y) == 0;
}

static void test_hash(void **state)
{
    (void)state;
    assert_true(same("select 1;", "-- note\nSELECT\n\t1 /* x */ ;\r\n"));
    assert_true(same("a=-1", "a = - 1"));
    assert_true(same("", "-- only a comment"));
    assert_false(same("select 1", "select 2"));
    assert_false(same("ab", "a b"));
    assert_false(same("a < = b", "a <= b"));
    assert_false(same("'a  b'", "'a b'"));
    assert_false(same("'A'", "'a'"));
    assert_false(same("\"A\"", "\"a\""));
    assert_false(same("$$a -- b\n$$", "$$a \n$$"));
    assert_false(same("select 1 \\x", "select 1 \\y"));
}

/* ---- places ---------------------------------------------------------------------------- */

static void test_places(void **state)
{
    const char *text = "a\n\xC3\xA9 b\n";
    size_t line, column;
    (void)state;
    sc__sql_place(text, 0, &line, &column);
    assert_int_equal(line * 100 + column, 101);
    sc__sql_place(text, 5, &line, &column);
    assert_int_equal(line * 100 + column, 203);
    sc__sql_place(text, 7, &line, &column);
    assert_int_equal(line * 100 + column, 301);
    assert_int_equal(sc__sql_character(text, strlen(text), 1), 0);
    assert_int_equal(sc__sql_character(text, strlen(text), 3), 2);
    assert_int_equal(sc__sql_character(text, strlen(text), 4), 4);
    assert_int_equal(sc__sql_character(text, strlen(text), 99), strlen(text));
}

static void test_utf8(void **state)
{
    (void)state;
    assert_int_equal(sc__sql_bad_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 10), 10);
    assert_int_equal(sc__sql_bad_utf8("a\xC3", 2), 1);
    assert_int_equal(sc__sql_bad_utf8("\xC0\xAF", 2), 0);
    assert_int_equal(sc__sql_bad_utf8("\xED\xA0\x80", 3), 0);
    assert_int_equal(sc__sql_bad_utf8("\xE0\x80\x80", 3), 0);
    assert_int_equal(sc__sql_bad_utf8("\xF4\x90\x80\x80", 4), 0);
    assert_int_equal(sc__sql_bad_utf8("a\0b", 3), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_semicolons),    cmocka_unit_test(test_literals),
        cmocka_unit_test(test_dollar_quotes), cmocka_unit_test(test_comments),
        cmocka_unit_test(test_bodies),        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_verbs),         cmocka_unit_test(test_hash),
        cmocka_unit_test(test_places),        cmocka_unit_test(test_utf8),
    };
    return cmocka_run_group_tests_name("sqltext", tests, NULL, NULL);
}
