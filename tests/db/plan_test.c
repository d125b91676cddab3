/* plan_test.c: every case of tests/plans on a real server, by plain psql: the up makes of
 * the origin what the target is when it is made from nothing, the down makes the origin
 * of it again, and rows survive both. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "migrate/file.h"
#include "sql/ddl.h"
#include "tests/support/cluster.h"
#include "tests/support/plan_case.h"

enum { MAX_CASES = 500 };

/* ---- psql ---- */

static char *write_file(struct str text)
{
    char path[] = "/tmp/schemac-plan.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text.s, text.n), (ssize_t)text.n);
    close(fd);
    return strdup(path);
}

/* Applies a text as a reviewer would; gives the first error, NULL for none. */
static char *try_apply(const struct test_db *db, struct str text)
{
    char *path = write_file(text);
    char command[1000], line[2000], *error = NULL;
    snprintf(command, sizeof command, "psql -X -q -v ON_ERROR_STOP=1 -f %s '%s' 2>&1",
             path, db->url);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    while (fgets(line, sizeof line, out)) {
        const char *at = strstr(line, "ERROR:  ");
        if (at && !error)
            error = strdup(at);
    }
    int status = pclose(out);
    assert_true((status == 0) == (error == NULL));
    unlink(path);
    free(path);
    return error;
}

static void apply(const struct test_db *db, struct str text)
{
    char *error = try_apply(db, text);
    if (error)
        fprintf(stderr, "%s%s\n", text.s, error);
    assert_null(error);
}

static struct str plan_text(struct arena *arena, const struct plan *plan)
{
    struct buf out = { 0 };
    migration_put_plan(&out, arena, plan);
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text.s ? text : STR("");
}

static struct str whole_text(struct arena *arena, const struct model *model)
{
    struct buf out = { 0 };
    ddl_up(&out, model);
    struct str text = buf_dup(&out, arena);
    buf_release(&out);
    return text.s ? text : STR("");
}

/* ---- what a database holds ---- */

/* The rows' first columns, a line each. */
static char *query_lines(const struct test_db *db, const char *sql)
{
    struct buf out = { 0 };
    PGconn *conn = PQconnectdb(db->url);
    PQclear(PQexec(conn, "set search_path = pg_catalog"));
    PGresult *result = PQexec(conn, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fprintf(stderr, "%s%s\n", PQresultErrorMessage(result), sql);
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    for (int i = 0; i < PQntuples(result); i++)
        buf_printf(&out, "%s\n", PQgetvalue(result, i, 0));
    PQclear(result);
    PQfinish(conn);
    char *text = strdup(out.n ? out.s : "");
    buf_release(&out);
    return text;
}

static char *catalog(struct arena *arena, const struct test_db *db)
{
    struct str sql;
    assert_int_equal(file_read(arena, TEST_ROOT "/tests/support/catalog.sql", &sql), 0);
    return query_lines(db, sql.s);
}

static void check_same(const char *what, const char *got, const char *wanted)
{
    if (strcmp(got, wanted) != 0)
        fprintf(stderr, "%s\n", what);
    assert_string_equal(got, wanted);
}

static void check_catalog(struct arena *arena, const struct test_db *db,
                          const char *what, const char *wanted)
{
    char *got = catalog(arena, db);
    check_same(what, got, wanted);
    free(got);
}

static void check_probe(struct plan_case *test, const struct test_db *db,
                        const char *when)
{
    const char *wanted = plan_case_section(test, when);
    if (!wanted)
        return;
    const char *probe = plan_case_section(test, "probe");
    assert_non_null(probe);
    char *got = query_lines(db, probe);
    check_same(when, got, wanted);
    free(got);
}

/* ---- a case ---- */

/* As a new database is. */
static void reset(struct arena *arena, const struct test_db *db)
{
    struct str sql;
    assert_int_equal(file_read(arena, TEST_ROOT "/tests/support/reset.sql", &sql), 0);
    apply(db, sql);
}

static void up_down_up(struct plan_case *test, const struct test_db *db)
{
    struct arena *arena = &test->arena;
    apply(db, whole_text(arena, test->to.model));
    char *target = catalog(arena, db);
    reset(arena, db);
    apply(db, whole_text(arena, test->from.model));
    char *origin = catalog(arena, db);
    if (plan_case_section(test, "rows"))
        apply(db, str_of(plan_case_section(test, "rows")));
    apply(db, plan_text(arena, test->draft.up));
    check_catalog(arena, db, "the catalog after the up", target);
    check_probe(test, db, "after");
    apply(db, plan_text(arena, test->draft.down));
    check_catalog(arena, db, "the catalog after the down", origin);
    check_probe(test, db, plan_case_section(test, "undone") ? "undone" : "before");
    apply(db, plan_text(arena, test->draft.up));
    check_catalog(arena, db, "the catalog after the second up", target);
    free(origin);
    free(target);
}

/* Before anything was changed. */
static void refused(struct plan_case *test, const struct test_db *db)
{
    struct arena *arena = &test->arena;
    apply(db, whole_text(arena, test->from.model));
    apply(db, str_of(plan_case_section(test, "rows")));
    char *origin = catalog(arena, db);
    char *error = try_apply(db, plan_text(arena, test->draft.up));
    assert_non_null(error);
    assert_string_equal(error, plan_case_section(test, "refused"));
    check_catalog(arena, db, "the catalog after the refusal", origin);
    check_probe(test, db, "before");
    free(error);
    free(origin);
}

static struct test_db database;

static void run_case(void **state)
{
    struct plan_case test;
    assert_int_equal(plan_case_read(&test, *state), 0);
    reset(&test.arena, &database);
    if (plan_case_section(&test, "refused"))
        refused(&test, &database);
    else if (!test.diags.nerrors)
        up_down_up(&test, &database);
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

int main(void)
{
    struct arena arena = { 0 };
    static struct CMUnitTest cases[MAX_CASES];
    size_t n = plan_case_tests(&arena, run_case, NULL, cases, MAX_CASES);
    int failed = _cmocka_run_group_tests("plan", cases, n, open_database,
                                         close_database);
    arena_release(&arena);
    return failed;
}
