/* planned.h: a database with the tables of a schema text, and its statements, for tests that
 * run the texts of statements as they stand. */
#ifndef TESTS_DB_SUPPORT_PLANNED_H
#define TESTS_DB_SUPPORT_PLANNED_H
#include <libpq-fe.h>

#include "tests/support/cluster.h"
#include "tests/support/first.h"
#include "tests/support/schema.h"

struct planned {
    struct test_db db;
    struct test_schema schema;
    PGconn *conn;
};

/* 0, or -1. */
static inline int planned_open(struct planned *planned, const char *text)
{
    *planned = (struct planned){ .conn = NULL };
    if (test_schema_parse(&planned->schema, text) || test_db_open(&planned->db))
        return -1;
    struct migration init = test_first_migration(
        &planned->schema.arena, planned->schema.model, STR(""), STR("0001_init"));
    if (test_db_exec(&planned->db, init.up.s))
        return -1;
    planned->conn = PQconnectdb(planned->db.url);
    return PQstatus(planned->conn) == CONNECTION_OK ? 0 : -1;
}

static inline void planned_close(struct planned *planned)
{
    PQfinish(planned->conn);
    test_db_close(&planned->db);
    test_schema_close(&planned->schema);
}

#endif
