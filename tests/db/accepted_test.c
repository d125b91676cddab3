/* accepted_test.c: what the resolver accepts, a server takes: every form of column, key and
 * index that the rules let pass. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include "tests/support/cluster.h"
#include "tests/support/first.h"
#include "tests/support/schema.h"

static void test_server_takes_what_was_accepted(void **state)
{
    struct test_db *db = *state;
    struct test_schema schema;
    assert_int_equal(test_schema_read(&schema, "tests/db/accepted.schema"), 0);
    struct migration first = test_first_migration(&schema.arena, schema.model, STR(""),
                                                  STR("0001_init"));
    assert_int_equal(test_db_exec(db, first.up.s), 0);
    assert_int_equal(test_db_exec(db, first.down.s), 0);
    test_schema_close(&schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_server_takes_what_was_accepted,
                                        test_db_setup, test_db_teardown),
    };
    return cmocka_run_group_tests_name("accepted", tests, NULL, NULL);
}
