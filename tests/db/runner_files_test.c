/* runner_files_test.c: what is read of migrations: header, transactions, files that are none,
 * texts that a program carries. */
#include "tests/db/support/migrating.h"

static void test_embedded(void **state)
{
    struct bench *b = *state;
    static const struct sc_migration_text TEXTS[] = {
        { .id = "0002_b",
          .up = "create table b (x int);",
          .down = "drop table b;",
          .snapshot = "" },
        { .id = "0001_a", .up = "create table a (x int);", .snapshot = "" },
        { .id = "0003_draft", .up = "create table c (x int);" },
    };
    struct sc_migrations *set = NULL;
    assert_int_equal(sc_migrations_embed(TEXTS, 3, &set, &b->err), SC_OK);
    assert_int_equal(sc_migrations_count(set), 3);
    const struct sc_migration *second = sc_migrations_at(set, 1);
    assert_string_equal(second->name, "0002_b");
    assert_string_equal(second->path, "0002_b.up.sql");
    assert_int_equal(second->down, SC_DOWN_LOSSLESS);
    assert_int_equal(sc_migrations_at(set, 0)->down, SC_DOWN_IMPOSSIBLE);
    assert_null(sc_migrations_at(set, 3));
    assert_int_equal(sc_migrate(b->sc, set, NULL, NULL), SC_OK);
    assert_string_equal(history(b), "0001_a|applied\n0002_b|applied");
    sc_migrations_free(set);
}

/* ---- what is read of a file ----------------------------------------------------------------- */

static void test_header(void **state)
{
    struct bench *b = *state;
    struct sc_migrations *set = NULL;
    put_linked(b, "0001_a", NULL,
               "-- sum:    none\n-- order:  expand and contract\n"
               "-- down:   lossy: a.x, a.y\n-- hazards: rewrite:a, drop:a.b\n"
               "-- allowed: drop:a.b\n-- breaks: 42703 a_get, a_by_x,\n--   a_by_y\n"
               "-- breaks: 23502 a_insert\n-- slows: a_page\n",
               "-- order: not a header any more\nselect 1; -- to: nor this", NULL);
    assert_int_equal(sc_migrations_read(b->folder.path, &set, &b->err), SC_OK);
    const struct sc_migration *m = sc_migrations_at(set, 0);
    assert_string_equal(m->title, "what it does");
    assert_string_equal(m->sum, "");
    assert_string_equal(m->parents[0], "");
    assert_string_equal(m->order, "expand and contract");
    assert_int_equal(m->down, SC_DOWN_IMPOSSIBLE); /* there is no down file */
    assert_string_equal(m->hazards, "rewrite:a, drop:a.b");
    assert_true(m->destroys);
    assert_string_equal(m->breaks, "42703 a_get, a_by_x, a_by_y; 23502 a_insert");
    assert_int_equal(strspn(m->to, "1"), 64);
    sc_migrations_free(set);
}

/* Without marks, as psql would commit it. */
static void test_several_transactions(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a",
        "begin;\ncreate table a (x int);\ninsert into a values (1);\ncommit;\n"
        "create index concurrently a_x on a (x);\n"
        "begin;\ninsert into a values (2);\ncommit;\nselect 1;\nselect 2;",
        NULL);
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select step, title, statements from schemac.steps "
                               "order by 1"),
                        "1|create table a (x int)|2\n"
                        "2|create index concurrently a_x on a (x)|1\n"
                        "3|insert into a values (2)|1\n4|select 1|2");
}

/* ---- files that are none -------------------------------------------------------------------- */

static void refuses(struct bench *b, const char *sql, int line, const char *why)
{
    put(b, "0001_a", sql, NULL);
    FAILS(b, sc_migrate, MISUSE, "file");
    assert_string_equal(b->err.text, why);
    assert_int_equal(b->err.line, line);
    assert_string_equal(b->err.migration, "0001_a");
}

static void test_bad_files(void **state)
{
    struct bench *b = *state;
    refuses(b, "select 1;\n\\copy t from 'x'", 2,
            "a backslash begins a command of psql's: only SQL can be run");
    refuses(b, "select 1;\ncopy t from stdin;\n1\n\\.\n", 2,
            "copy from stdin: its data cannot stand in a migration");
    refuses(b, "select 'a", 1, "unterminated string");
    refuses(b, "select 1;\ncommit;", 2,
            "begin, commit and rollback may only stand around a step");
    refuses(b, "begin;\nselect 1;\nrollback;\ncommit;", 3,
            "begin, commit and rollback may only stand around a step");
    refuses(b, "-- step 1 of 1: x\nbegin;\ncommit;\nbegin;\ncommit;", 3,
            "begin, commit and rollback may only stand around a step");
    refuses(b, "begin;\nselect 1;", 1,
            "begin, commit and rollback may only stand around a step");
    refuses(b, "-- step 1 of 1: x\nbegin;\nvacuum;\ncommit;", 3,
            "this statement cannot run inside a transaction");
    refuses(b, "select 1;\n-- step 1 of 1: x\nselect 2;", 1,
            "a statement before the first step mark");
    refuses(b, "select \xFF;", 1, "not UTF-8");
    unput(b, "0001_a");
    folder_put(&b->folder, "0001_d.up.sql", "select 1;");
    folder_put(&b->folder, "0002_d.up.sql", "select 1;");
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "file");
    assert_string_equal(b->err.text, "\"0002_d\" is a second draft: there can be one");
    unput(b, "0002_d");
    put(b, "0002_e", "select 2;", NULL);
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "file");
    assert_string_equal(b->err.text,
                        "\"0001_d\" has no snapshot, and a sealed one comes after it");
    put_two(b);
    unput(b, "0001_d");
    unput(b, "0002_e");
    folder_remove(&b->folder, "0001_a.snapshot");
    FAILS(b, sc_migrate, SCHEMA_MISMATCH, "file");
    assert_string_equal(ask(b, "select to_regnamespace('schemac') is null"), "t");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_embedded),
        TEST(test_bad_files),
        TEST(test_header),
        TEST(test_several_transactions),
    };
    return cmocka_run_group_tests_name("runner_files", tests, NULL, NULL);
}
