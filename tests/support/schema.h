/* schema.h: a schema of a test, resolved, with its statements. Knows of no database. */
#ifndef TESTS_SUPPORT_SCHEMA_H
#define TESTS_SUPPORT_SCHEMA_H
#include "base/arena.h"
#include "lang/model.h"
#include "sql/stmt.h"

struct test_schema {
    struct arena arena;
    struct source source;
    struct model *model;
    struct stmts *stmts;
};

/** Reads a file below the root of the tree ("schema/app.schema"). Returns 0, or -1 after
 *  saying on stderr what is wrong; to be closed in either case. */
int test_schema_read(struct test_schema *schema, const char *path);
/** The same from text, which is borrowed. */
int test_schema_parse(struct test_schema *schema, const char *text);
void test_schema_close(struct test_schema *schema);

/** The statement of a table ("auth.users" and "by_email"), or of a schema when table is
 *  NULL; NULL when there is none. */
const struct stmt *test_find_stmt(const struct test_schema *schema, const char *table,
                                  const char *name);

#endif
