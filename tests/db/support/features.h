/* features.h: a database made by the generated migration of tests/db/features.schema
 * and a connection to it, for tests of generated functions. Knows nothing below them.
 *
 * One database serves a whole program and is emptied before each test; a test that
 * changes the schema asks for one of its own (FRESH_TEST).
 */
#ifndef TESTS_DB_SUPPORT_FEATURES_H
#define TESTS_DB_SUPPORT_FEATURES_H
#include "tests/db/support/client.h"
#include <unistd.h>

#include <features_.h>

#define FEATURES_UP  FEATURES "/migrations/0001_init.up.sql"
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* Rows as text, which tests compare, show moments in the session's time zone. */
static const char features_utc[] =
    "do $$ begin execute format('alter database %I set timezone = ''UTC''',"
    " current_database()); end $$";

static inline struct scene *features_open(void)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    if (!scene || test_db_open(&scene->test) ||
        test_db_exec_file(&scene->test, FEATURES_UP) ||
        test_db_exec(&scene->test, features_utc))
        abort();
    return scene;
}

static inline int features_group_setup(void **state)
{
    *state = features_open();
    return 0;
}

static inline int features_group_teardown(void **state)
{
    struct scene *scene = *state;
    test_db_close(&scene->test);
    free(scene);
    return 0;
}

static inline int features_setup(void **state)
{
    struct scene *scene = *state;
    memset(&scene->err, 0, sizeof(scene->err));
    elsewhere(scene, "delete from v.kinds; delete from v.firm; delete from v.lists;"
                     "delete from v.odd; delete from v.forms; delete from r.docs;"
                     "delete from r.tags; delete from r.stocks; delete from r.keys; "
                     "delete from r.seals;"
                     "delete from q.bookings; delete from q.cells;"
                     "delete from q.letters; delete from q.people");
    return sc_open(scene->test.url, &scene->db, &scene->err) == SC_OK ? 0 : -1;
}

static inline int features_teardown(void **state)
{
    struct scene *scene = *state;
    sc_close(scene->db);
    return 0;
}

static inline int features_fresh_setup(void **state)
{
    struct scene *scene = features_open();
    *state = scene;
    return sc_open(scene->test.url, &scene->db, &scene->err) == SC_OK ? 0 : -1;
}

static inline int features_fresh_teardown(void **state)
{
    struct scene *scene = *state;
    sc_close(scene->db);
    return features_group_teardown(state);
}

#define FEATURE_TEST(name) \
    cmocka_unit_test_setup_teardown(name, features_setup, features_teardown)
#define FRESH_TEST(name) \
    cmocka_unit_test_setup_teardown(name, features_fresh_setup, features_fresh_teardown)
#define RUN_FEATURES(name, tests)                                      \
    cmocka_run_group_tests_name((name), (tests), features_group_setup, \
                                features_group_teardown)

/* One value as another client sees it must be this. */
static inline void expect_seen(struct scene *scene, const char *sql, const char *want,
                               int line)
{
    const char *got = look(scene, sql);
    if (strcmp(got, want) == 0)
        return;
    print_error("line %d: \"%s\" instead of \"%s\"\n", line, got, want);
    fail();
}
#define SEE(sql, want) expect_seen(scene, (sql), (want), __LINE__)

/* Resident memory in KB. */
static inline long resident(void)
{
    long pages = 0, all = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &all, &pages), 2);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Counts the statements that leave this program, through the hooks. */
static inline void count_start(void *user, const struct sc_event *event)
{
    (void)event;
    ++*(int *)user;
}
static inline void count_statements(struct sc_db *db, int *count)
{
    struct sc_hooks hooks = { .user = count, .start = count_start };
    *count = 0;
    sc_set_hooks(db, &hooks);
}

#endif
