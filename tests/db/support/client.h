/* client.h: what a test of the database holds: a connection of the library's to
 * a database of its own, and a look at that database as another client. Knows no
 * schema. */
#ifndef TESTS_DB_SUPPORT_CLIENT_H
#define TESTS_DB_SUPPORT_CLIENT_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sc.h>
#include "tests/support/cluster.h"

struct scene {
    struct test_db test;
    struct sc_db *db;
    struct sc_error err;
};

/* The status with its name, and what the error says, when it is another. */
static inline void expect_status(struct scene *scene, enum sc_status got,
                                 enum sc_status want, int line)
{
    if (got == want)
        return;
    print_error("line %d: %s instead of %s: %s [%s]\n", line, sc_status_name(got),
                sc_status_name(want), scene->err.message, scene->err.sqlstate);
    fail();
}
#define EXPECT(status, call) expect_status(scene, (call), (status), __LINE__)

/* As another client. */
static inline void elsewhere(struct scene *scene, const char *sql)
{
    assert_int_equal(test_db_exec(&scene->test, sql), 0);
}

/* One value as another client sees it; the text lives until the next call. */
static inline const char *look(struct scene *scene, const char *sql)
{
    static char text[4096];
    PGconn *pg = PQconnectdb(scene->test.url);
    PGresult *result = PQexec(pg, sql);
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    snprintf(text, sizeof(text), "%s",
             PQntuples(result) ? PQgetvalue(result, 0, 0) : "(none)");
    PQclear(result);
    PQfinish(pg);
    return text;
}

/* The server process behind db, or a pool's next connection. */
static inline int pid_of(struct scene *scene, struct sc_db *db)
{
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(db, "select pg_backend_pid()", NULL, 0, &rows, &scene->err));
    int pid = (int)strtol(sc_rows_value(rows, 0, 0), NULL, 10);
    sc_rows_free(rows);
    return pid;
}

/* Ends the server process behind a connection. */
static inline void cut_off(struct scene *scene, struct sc_db *db)
{
    char sql[160];
    snprintf(sql, sizeof(sql), "select pg_terminate_backend(%d, 5000)",
             PQbackendPID(sc_borrow(db)));
    assert_string_equal(look(scene, sql), "t");
}

#endif
