/* plan_case.h: a case of tests/plans: two schemas, what their plan says, and rows that are
 * there when it is applied. Knows of no database.
 *
 * A file NAME.plan is made of sections, each begun by a line "==== WORD":
 *   from, to   the two schemas; from may be empty
 *   options    "no-renames", or left out
 *   rows       SQL that fills the origin's tables, or left out
 *   probe      a query of one text, and what it gives ...
 *   before, after   ... in the origin and in the target: that rows survive
 *   undone     after the down, where it cannot bring back all of before
 *   refused    the server's first error when the rows are in the way: nothing has
 *              changed then, and there is no after
 *   up, down   the plan's text, exactly; or
 *   errors     the diagnostics
 */
#ifndef TESTS_SUPPORT_PLAN_CASE_H
#define TESTS_SUPPORT_PLAN_CASE_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "migrate/draft.h"
#include "tests/support/schema.h"

struct plan_case {
    struct arena arena;
    const char *path;
    struct str text;
    struct map sections; /* of struct str * */
    struct test_schema from, to;
    struct diags diags;
    struct draft draft; /* of use when diags has no error */
};

/** Reads and plans tests/plans/NAME.plan. Returns 0, or -1 after saying on stderr what is
 *  wrong with the file itself; to be closed in either case. */
int plan_case_read(struct plan_case *test, const char *name);
void plan_case_close(struct plan_case *test);
/** A section's text, NULL when there is none. */
const char *plan_case_section(const struct plan_case *test, const char *word);
/** The names of all cases, sorted, NULL-terminated; in the arena. */
const char **plan_case_names(struct arena *arena);

/** A cmocka test for each case, called like it; `run`'s state is the name. only: this one
 *  alone, NULL: all. As many as `most`; gives how many. */
size_t plan_case_tests(struct arena *arena, CMUnitTestFunction run, const char *only,
                       struct CMUnitTest *tests, size_t most);

#endif
