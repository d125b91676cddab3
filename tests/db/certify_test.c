/* certify_test.c: lock certification over every case of tests/plans and over the pairs of
 * schemas below, which together go through all recipes of the planner, both ways: the
 * server never locks, scans, builds or rewrites more than the files say, makes the
 * catalogs that it should, and loses no row that it should not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "certify/certify.h"
#include "migrate/file.h"
#include "migrate/fingerprint.h"
#include "tests/support/cluster.h"
#include "tests/support/plan_case.h"

enum { MAX_CASES = 500, ROWS = 5 };

static struct test_db database;

/* ---- proving ---- */

static void empty_database(struct arena *arena)
{
    struct str sql;
    assert_int_equal(file_read(arena, TEST_ROOT "/tests/support/reset.sql", &sql), 0);
    char *text = str_dup(arena, sql);
    *strstr(text, "discard all") = '\0'; /* which wants to be alone */
    assert_int_equal(test_db_exec(&database, text), 0);
}

static struct migration write_files(struct arena *arena, const struct draft *draft)
{
    struct migration_request request = { .name = STR("0001_change"),
                                         .from = fingerprint(arena, STR("from")),
                                         .to = fingerprint(arena, STR("to")),
                                         .draft = draft };
    return migration_write(arena, &request);
}

static void prove(struct arena *arena, const struct plan_case *test,
                  const struct migration *files, struct certify_report *report)
{
    struct certify_migration one = { .name = "0001_change",
                                     .up = files->up.s,
                                     .down = files->down.s,
                                     .to = test->to.model };
    struct certify_request request = { .migrations = &one,
                                       .n = 1,
                                       .origin = test->from.model,
                                       .rows = ROWS,
                                       .url = database.url };
    empty_database(arena);
    const char *error = certify(arena, &request, report);
    if (error)
        fprintf(stderr, "%s\n", error);
    assert_null(error);
}

/* The texts are shown where there is a finding. */
static void check_sound(struct plan_case *test)
{
    struct certify_report report;
    struct migration files = write_files(&test->arena, &test->draft);
    prove(&test->arena, test, &files, &report);
    struct buf text = { 0 };
    certify_put(&text, &report);
    if (report.findings.n > 0)
        fprintf(stderr, "%s\n%s\n%s\n", text.s, files.up.s, files.down.s);
    buf_release(&text);
    assert_int_equal(report.findings.n, 0);
    assert_true(report.steps.n > 0 || test->draft.up->steps.n == 0);
}

/* ---- every case of the planner's ---- */

static void run_case(void **state)
{
    struct plan_case test;
    assert_int_equal(plan_case_read(&test, *state), 0);
    if (!test.diags.nerrors)
        check_sound(&test);
    plan_case_close(&test);
}

static int open_database(void **state)
{
    (void)state;
    return test_db_open(&database);
}

static int close_database(void **state)
{
    (void)state;
    test_db_close(&database);
    return 0;
}

int main(int argc, char **argv)
{
    struct arena arena = { 0 };
    static struct CMUnitTest cases[MAX_CASES];
    size_t n = plan_case_tests(&arena, run_case, argc > 1 ? argv[1] : NULL, cases,
                               MAX_CASES);
    int failed = _cmocka_run_group_tests("certify", cases, n, open_database,
                                         close_database);
    arena_release(&arena);
    return failed;
}
