/* runner_restart_test.c: the server is restarted in the middle of a migration: the run
 * goes on by itself, or the next one does. On a server of its own. */
#include "tests/db/support/migrating.h"

#include "cluster/cluster.h"

static struct arena arena;
static struct cluster server;
static int restarts;

static void check(const char *error)
{
    if (error)
        fail_msg("%s", error);
}

static bool restart_at_step_two(struct bench *b, const struct sc_migrate_event *event)
{
    (void)b;
    if (event->kind == SC_MIGRATE_SQL && event->step == 2 && restarts++ == 0) {
        check(cluster_stop(&arena, &server));
        check(cluster_start(&arena, &server));
    }
    return true;
}

static int open_server(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    char project[300];
    *state = b;
    assert_non_null(b);
    b->folder = folder_new();
    snprintf(project, sizeof project, "%s.project", b->folder.path);
    assert_int_equal(setenv("XDG_STATE_HOME", b->folder.path, 1), 0);
    check(cluster_of_project(&arena, project, "app", &server));
    check(cluster_start(&arena, &server));
    snprintf(b->db.url, sizeof b->db.url, "%s", server.url);
    connect_bench(b);
    b->other = NULL;
    b->options.event = on_event;
    b->options.user = b;
    restarts = 0;
    return 0;
}

static int close_server(void **state)
{
    struct bench *b = *state;
    char command[600];
    sc_close(b->sc);
    PQfinish(b->other);
    check(cluster_stop(&arena, &server));
    snprintf(command, sizeof command, "rm -rf '%s' '%s'", server.folder,
             b->folder.path);
    assert_int_equal(system(command), 0);
    arena_release(&arena);
    free(b);
    return 0;
}

static void put_steps(struct bench *b)
{
    put(b, "0001_init",
        "-- step 1 of 3: one\nbegin;\ncreate table t (x int);\ncommit;\n"
        "-- step 2 of 3: two\ninsert into t values (1);\n"
        "-- step 3 of 3: three\ncreate index concurrently t_x on t (x);\n",
        NULL);
    b->react = restart_at_step_two;
}

static void check_done(struct bench *b)
{
    b->other = PQconnectdb(b->db.url);
    assert_int_equal(restarts > 0, 1);
    assert_string_equal(ask(b, "select string_agg(x::text, ',') from t"), "1");
    assert_string_equal(history(b), "0001_init|applied");
    assert_string_equal(
        ask(b, "select count(*) from schemac.steps where state = 'done'"), "3");
}

static void test_goes_on(void **state)
{
    struct bench *b = *state;
    put_steps(b);
    b->options.reconnects = 10;
    RUNS(b, sc_migrate);
    assert_non_null(strstr(b->log, "RECONNECTED"));
    check_done(b);
}

static void test_next_run(void **state)
{
    struct bench *b = *state;
    put_steps(b);
    enum sc_status status = run(b, sc_migrate);
    assert_true(status == SC_CONNECTION || status == SC_COMMIT_UNKNOWN);
    connect_bench(b);
    RUNS(b, sc_migrate);
    assert_non_null(strstr(b->log, "STEP 0001_init: two\n"));
    assert_null(strstr(b->log, "STEP 0001_init: one\n"));
    check_done(b);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_server, close_server)
int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_goes_on), TEST(test_next_run) };
    return cmocka_run_group_tests_name("runner_restart", tests, NULL, NULL);
}
