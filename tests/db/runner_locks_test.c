/* runner_locks_test.c: migrators beside each other and beside those who use the database:
 * one applies, waiting is said, nobody is made to queue, poolers are refused. */
#include "tests/db/support/migrating.h"

#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A migration that gives the lock away goes no further. */
static void test_lock_given_away(void **state)
{
    struct bench *b = *state;
    put(b, "0001_a", "create table a (x int);", NULL);
    put(b, "0002_b", "discard all;", NULL);
    put(b, "0003_c", "create table c (x int);", NULL);
    FAILS(b, sc_migrate, BUSY, "locked");
    assert_string_equal(ask(b, "select to_regclass('c') is null"), "t");
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select to_regclass('c') is null"), "f");
}

/* ---- migrators at once ----------------------------------------------------------------- */

static void put_steps(struct bench *b)
{
    put(b, "0001_init",
        "-- step 1 of 2: table\nbegin;\ncreate table t (x int);\n"
        "insert into t values (1), (2);\ncommit;\n"
        "-- step 2 of 2: index\ncreate index concurrently t_x_idx on t (x);\n",
        NULL);
    put(b, "0002_more", "insert into t values (3);", NULL);
}

/* Exit status: 0 nothing was left to do, 1 it has applied, 2 it has failed. */
static pid_t start(struct bench *b)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    b->sc = NULL; /* the parent's */
    connect_bench(b);
    enum sc_status status = run(b, sc_migrate);
    _exit(status != SC_OK ? 2 : (strstr(b->log, "DONE") ? 1 : 0));
}

static void run_at_once(struct bench *b, int n)
{
    pid_t pids[8];
    int applied = 0;
    for (int i = 0; i < n; i++)
        pids[i] = start(b);
    for (int i = 0; i < n; i++) {
        int status = 0;
        waitpid(pids[i], &status, 0);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
        applied += WEXITSTATUS(status);
    }
    assert_int_equal(applied, 1);
}

/* On a fresh database, then on one with work left. */
static void check_at_once(struct bench *b, int n)
{
    put_steps(b);
    run_at_once(b, n);
    assert_string_equal(history(b), "0001_init|applied\n0002_more|applied");
    put(b, "0003_again", "create index concurrently t_x2_idx on t (x);", NULL);
    put(b, "0004_more", "insert into t values (4);", NULL);
    run_at_once(b, n);
    assert_string_equal(ask(b, "select string_agg(x::text, ',' order by x) from t"),
                        "1,2,3,4");
    assert_string_equal(ask(b, "select count(*), bool_and(indisvalid) from pg_index "
                               "where indrelid = 't'::regclass"),
                        "2|t");
    assert_string_equal(ask(b, "select max(attempts), count(*) from schemac.steps"),
                        "1|5");
}

static void test_two_at_once(void **state)
{
    check_at_once(*state, 2);
}

static void test_four_at_once(void **state)
{
    check_at_once(*state, 4);
}

static void test_eight_at_once(void **state)
{
    check_at_once(*state, 8);
}

/* ---- waiting for another migrator -------------------------------------------------------- */

struct
    other { /* a migration under way in this process, within which another is tried */
    struct bench *bench;
    struct sc_db *sc;
    enum sc_status status;
    struct sc_migrate_error err;
    int pid;
};
static struct other other;
static char waited_for[256];

static bool on_wait(void *user, const struct sc_migrate_event *event)
{
    (void)user;
    if (event->kind == SC_MIGRATE_WAITING)
        snprintf(waited_for, sizeof waited_for, "%d %s", event->pid, event->who);
    return true;
}

static bool try_meanwhile(struct bench *b, const struct sc_migrate_event *event)
{
    struct sc_migrations *set = NULL;
    struct sc_migrate_options options = { .lock_wait_ms = 300, .event = on_wait };
    struct sc_migrate_state *state = NULL;
    if (event->kind != SC_MIGRATE_STEP || event->step != 2)
        return true;
    assert_int_equal(sc_migrations_read(b->folder.path, &set, NULL), SC_OK);
    other.status = sc_migrate(other.sc, set, &options, &other.err);
    assert_int_equal(sc_migrate_status(other.sc, set, NULL, &state, NULL), SC_OK);
    other.pid = state->lock_pid;
    assert_int_equal(state->items[0].standing, SC_STANDING_UNFINISHED);
    sc_migrate_free(state);
    sc_migrations_free(set);
    return true;
}

static void test_held(void **state)
{
    struct bench *b = *state;
    put_steps(b);
    assert_int_equal(sc_open(b->db.url, &other.sc, NULL), SC_OK);
    b->react = try_meanwhile;
    RUNS(b, sc_migrate);
    int pid = PQbackendPID(sc_borrow(b->sc));
    assert_string_equal(sc_status_name(other.status), "BUSY");
    assert_string_equal(sc_trouble_name(other.err.trouble), "locked");
    assert_int_equal(other.pid, pid);
    assert_int_equal((int)strtol(waited_for, NULL, 10), pid);
    assert_non_null(strstr(waited_for, ", schemac migrate, process "));
    assert_non_null(strstr(waited_for, ", since 20"));
    assert_non_null(strstr(other.err.text, "another migrator has been at work"));
    sc_close(other.sc);
}

/* ---- table locks -------------------------------------------------------------------------- */

static void put_alter(struct bench *b, const char *note)
{
    char text[512];
    put(b, "0001_init", "create table t (x int);", NULL);
    snprintf(
        text, sizeof text,
        "-- step 1 of 1: add column\n%sbegin;\nalter table t add y int;\ncommit;\n",
        note);
    put(b, "0002_y", text, NULL);
    b->options.to = "0001_init";
    RUNS(b, sc_migrate);
    b->options.to = NULL;
    b->options.lock_timeout_ms = 100;
}

static bool release_at_retry(struct bench *b, const struct sc_migrate_event *event)
{
    if (event->kind == SC_MIGRATE_RETRY)
        ask(b, "rollback");
    return true;
}

/* The server's lock_timeout ends the wait, and it is tried again. */
static void test_lock_timeout(void **state)
{
    struct bench *b = *state;
    put_alter(b, "");
    ask(b, "begin; lock table t in access share mode");
    b->react = release_at_retry;
    RUNS(b, sc_migrate);
    assert_string_equal(b->log, "BEGIN 0002_y\nSTEP 0002_y: add column\n"
                                "RETRY 0002_y: add column\n"
                                "STEP_DONE 0002_y: add column\nDONE 0002_y\n");
}

/* An old transaction is seen before anything is asked for. */
static void test_blocker(void **state)
{
    struct bench *b = *state;
    put_alter(b, "--   locks: public.t ACCESS EXCLUSIVE\n");
    ask(b, "set application_name = 'report'; begin; select * from t");
    struct timespec wait = { 1, 200000000 };
    nanosleep(&wait, NULL);
    FAILS(b, sc_migrate, TIMEOUT, "blocked");
    assert_string_equal(b->log, "BEGIN 0002_y\nSTEP 0002_y: add column\n"
                                "BLOCKER 0002_y: add column\nRETRY 0002_y: add column\n"
                                "BLOCKER 0002_y: add column\n");
    assert_non_null(strstr(b->err.text, "report) holds a lock on public.t in a "
                                        "transaction of "));
    assert_non_null(strstr(b->err.text, "(idle in transaction): set application_name"));
    assert_int_equal(b->err.step, 1);
    ask(b, "rollback");
    RUNS(b, sc_migrate);
}

/* ---- an index that cannot be built --------------------------------------------------------- */

static void test_duplicates(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", "create table t (x int); insert into t values (1), (1);", NULL);
    put(b, "0002_u", "create unique index concurrently t_x_key on t (x);", NULL);
    FAILS(b, sc_migrate, UNIQUE, "statement");
    assert_string_equal(b->err.error.detail, "Key (x)=(1) is duplicated.");
    assert_string_equal(ask(b, "select indisvalid from pg_index where indrelid = "
                               "'t'::regclass"),
                        "f");
    FAILS(b, sc_migrate, UNIQUE, "statement");
    assert_non_null(strstr(b->log, "NOTE 0002_u")); /* dropped, built again */
    ask(b, "delete from t where ctid = '(0,1)'");
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select indisvalid from pg_index where indrelid = "
                               "'t'::regclass"),
                        "t");
}

/* One that is there already is somebody else's. */
static void test_index_is_there(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", "create table t (x int, y int); create index t_i on t (y);",
        NULL);
    put(b, "0002_i", "create index concurrently t_i on t (x);", NULL);
    FAILS(b, sc_migrate, SERVER, "statement");
    assert_string_equal(b->err.error.sqlstate, "42P07");
    put(b, "0003_u", "select 1;", NULL);
    put(b, "0002_i", "create unique index concurrently if not exists t_i on t (x);",
        NULL);
    assert_int_equal(repair(b, SC_REPAIR_ACCEPT, "0002_i"), SC_OK);
    FAILS(b, sc_migrate, SERVER, "statement");
    assert_string_equal(b->err.text, "the index public.t_i is not what the statement "
                                     "says: it was there before, or is INVALID");
}

/* ---- poolers ------------------------------------------------------------------------------- */

static int write_pooler(struct bench *b, const char *mode, char *ini, size_t size)
{
    int port = 20000 + (int)getpid() % 20000;
    snprintf(ini, size, "%s/pooler.ini", b->folder.path);
    folder_put(&b->folder, "users.txt", "\"%s\" \"\"\n", PQuser(b->other));
    folder_put(&b->folder, "pooler.ini",
               "[databases]\n* = host=%s port=%s user=%s\n[pgbouncer]\npool_mode = %s\n"
               "listen_port = %d\nunix_socket_dir = %s\nauth_type = any\n"
               "auth_file = %s/users.txt\nlogfile = /dev/null\nlisten_addr =\n"
               "ignore_startup_parameters = extra_float_digits\n",
               PQhost(b->other), PQport(b->other), PQuser(b->other), mode, port,
               b->folder.path, b->folder.path);
    return port;
}

/* As the server's own user, who alone may reach its socket. */
static pid_t start_pooler(struct bench *b, const char *ini)
{
    struct stat folder;
    assert_int_equal(stat(PQhost(b->other), &folder), 0);
    const struct passwd *owner = getpwuid(folder.st_uid);
    assert_non_null(owner);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (getuid() == 0)
            execl("/usr/sbin/pgbouncer", "pgbouncer", "-q", "-u", owner->pw_name, ini,
                  (char *)NULL);
        else
            execl("/usr/sbin/pgbouncer", "pgbouncer", "-q", ini, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static void migrate_through(struct bench *b, const char *mode, bool refused)
{
    char ini[512], url[1024];
    assert_int_equal(chmod(b->folder.path, 0777), 0);
    int port = write_pooler(b, mode, ini, sizeof ini);
    pid_t pid = start_pooler(b, ini);
    snprintf(url, sizeof url, "host=%s port=%d user=%s dbname=%s connect_timeout=5",
             b->folder.path, port, PQuser(b->other), b->db.name);
    sc_close(b->sc);
    b->sc = NULL;
    enum sc_status status = SC_CONNECTION;
    for (int i = 0; i < 50 && status != SC_OK; i++) {
        struct timespec wait = { 0, 100000000 };
        nanosleep(&wait, NULL);
        status = sc_open(url, &b->sc, &b->err.error);
    }
    if (status == SC_OK)
        status = run(b, sc_migrate);
    sc_close(b->sc);
    b->sc = NULL;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    char left[64];
    snprintf(left, sizeof left, ".s.PGSQL.%d", port);
    folder_remove(&b->folder, left);
    assert_string_equal(sc_status_name(status), refused ? "MISUSE" : "OK");
    if (refused)
        assert_string_equal(sc_trouble_name(b->err.trouble), "pooler");
}

static void test_pooler(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", "create table t (x int);", NULL);
    migrate_through(b, "transaction", true);
    assert_string_equal(ask(b, "select to_regnamespace('schemac') is null"), "t");
    migrate_through(b, "session", false);
    assert_string_equal(history(b), "0001_init|applied");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_at_once),   TEST(test_four_at_once),
        TEST(test_eight_at_once), TEST(test_held),
        TEST(test_lock_timeout),  TEST(test_blocker),
        TEST(test_duplicates),    TEST(test_index_is_there),
        TEST(test_pooler),        TEST(test_lock_given_away),
    };
    return cmocka_run_group_tests_name("runner_locks", tests, NULL, NULL);
}
