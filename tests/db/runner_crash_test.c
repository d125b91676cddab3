/* runner_crash_test.c: a migrator that is killed, or loses its connection, wherever it may
 * be: the next run ends in the same catalog and the same rows, and nothing is done twice. */
#include "tests/db/support/migrating.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/catalog_sql.h"

/* ---- migrations of every sort --------------------------------------------------------- */

static void put_all(struct bench *b)
{
    put(b, "0001_init",
        "begin;\n"
        "create type mood as enum ('sad');\n"
        "create table users (id int primary key, m mood);\n"
        "insert into users select g, 'sad' from generate_series(1, 100) g;\n"
        "create table audit (what text);\n"
        "create index users_m_idx on users (m);\n"
        "commit;\n",
        "begin;\ndrop table audit, users;\ndrop type mood;\ncommit;\n");
    put(b, "0002_mixed",
        "-- check 1: no sad user above 1000\n"
        "do $$ begin if exists (select from users where id > 1000) then raise "
        "exception "
        "'no'; end if; end $$;\n"
        "-- step 1 of 6: add column\n"
        "begin;\nalter table users add column n int;\ncommit;\n"
        "-- step 2 of 6: add value\n"
        "alter type mood add value 'happy';\n"
        "-- step 3 of 6: counted once\n"
        "insert into audit values ('a');\n"
        "vacuum audit;\n"
        "insert into audit values ('b');\n"
        "-- step 4 of 6: backfill\n"
        "do $$ begin for i in 0..3 loop update users set n = id where id % 4 = i; "
        "commit;"
        " end loop; end $$;\n"
        "-- step 5 of 6: index\n"
        "create unique index concurrently users_n_idx on users (n);\n"
        "-- step 6 of 6: constraint\n"
        "begin;\nalter table users add constraint users_n_key unique using index "
        "users_n_idx;\ncommit;\n",
        "-- step 1 of 2: constraint\n"
        "begin;\nalter table users drop constraint users_n_key;\n"
        "alter table users drop column n;\ndelete from audit;\ncommit;\n"
        "-- step 2 of 2: value\n"
        "begin;\nalter table users alter column m type text;\ndrop type mood;\n"
        "create type mood as enum ('sad');\n"
        "alter table users alter column m type mood using m::mood;\ncommit;\n");
    put(b, "0003_drop", "drop index concurrently users_m_idx;",
        "create index concurrently users_m_idx on users (m);");
}

/* Everything that there is, but the history. */
static const char *snapshot(struct bench *b, char *out, size_t size)
{
    const char *schema = "schemac";
    PQclear(PQexec(b->other, "begin"));
    PQclear(PQexec(b->other, sc__catalog_settings));
    char sql[65536];
    snprintf(sql, sizeof sql,
             "select string_agg(concat_ws(' ', kind, identity, definition), chr(10)"
             " order by kind, identity) from (%s) x",
             sc__catalog_sql);
    PGresult *r = PQexecParams(b->other, sql, 1, NULL, &schema, NULL, NULL, 0);
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        fail_msg("%s", PQresultErrorMessage(r));
    size_t n = (size_t)snprintf(out, size, "%s", PQgetvalue(r, 0, 0));
    PQclear(r);
    PQclear(PQexec(b->other, "commit"));
    if (ask(b, "select to_regclass('users') is not null")[0] != 't')
        return out;
    n += (size_t)snprintf(out + n, size - n, "\nusers %s",
                          ask(b, "select md5(string_agg(u::text, ' ' order by id))"
                                 " from users u"));
    snprintf(out + n, size - n, "\naudit %s",
             ask(b, "select string_agg(what, ',' order by what) from audit"));
    return out;
}

/* ---- killing ---------------------------------------------------------------------------- */

enum how { KILL, CUT };

static enum how how;
static bool fired;

static void cut(struct bench *b)
{
    char sql[128];
    snprintf(sql, sizeof sql, "select pg_terminate_backend(%d)",
             PQbackendPID(sc_borrow(b->sc)));
    ask(b, sql);
}

static bool strike(struct bench *b, const struct sc_migrate_event *event)
{
    (void)event;
    if (b->countdown < 0 || b->countdown-- > 0)
        return true;
    fired = true;
    if (how == KILL)
        kill(getpid(), SIGKILL);
    cut(b);
    return true;
}

/* In a process of its own; true when it was killed. */
static bool run_and_kill(struct bench *b, call *what, int countdown)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        b->sc = NULL; /* the parent's */
        connect_bench(b);
        b->react = strike;
        b->countdown = countdown;
        _exit(run(b, what) == SC_OK ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status))
        assert_int_equal(WEXITSTATUS(status), 0);
    return !WIFEXITED(status);
}

static bool run_and_cut(struct bench *b, call *what, int countdown)
{
    fired = false;
    b->react = strike;
    b->countdown = countdown;
    enum sc_status status = run(b, what);
    b->react = NULL;
    if (fired && status != SC_OK && status != SC_CONNECTION &&
        status != SC_COMMIT_UNKNOWN)
        fail_msg("%s: %s", sc_status_name(status), b->err.text);
    if (!fired && status != SC_OK)
        fail_msg("%s", b->err.text);
    connect_bench(b);
    return fired;
}

static bool interrupt(struct bench *b, call *what, int countdown)
{
    return how == KILL ? run_and_kill(b, what, countdown)
                       : run_and_cut(b, what, countdown);
}

/* As good as a new database, and faster. */
static void wipe(struct bench *b)
{
    ask(b, "set client_min_messages = warning; drop schema if exists schemac cascade;"
           " drop schema public cascade; create schema public");
}

/* One point: interrupted there, then run to the end. */
static bool sweep_point(struct bench *b, call *what, int countdown,
                        const char *expected)
{
    char found[4096];
    wipe(b);
    connect_bench(b);
    if (what == sc_rollback)
        RUNS(b, sc_migrate);
    bool hit = interrupt(b, what, countdown);
    b->nlog = 0;
    if (run(b, what) != SC_OK)
        fail_msg("after %d: %s", countdown, b->err.text);
    if (strcmp(snapshot(b, found, sizeof found), expected) != 0)
        fail_msg("after %d:\n%s\n%s", countdown, found, expected);
    assert_string_equal(ask(b,
                            "select count(*) from schemac.migrations where state not "
                            "in ('applied', 'undone')"),
                        "0");
    assert_string_equal(
        ask(b, "select count(*) from schemac.steps where state <> 'done'"), "0");
    if (what == sc_migrate) {
        struct sc_drift *drift = NULL;
        size_t n = 0;
        assert_int_equal(sc_migrate_drift(b->sc, NULL, &drift, &n, &b->err), SC_OK);
        assert_int_equal(n, 0);
        sc_migrate_free(drift);
    }
    return hit;
}

/* What psql makes of the same files. */
static void by_psql(struct bench *b, char *out, size_t size)
{
    char command[1024];
    snprintf(command, sizeof command,
             "cat %s/*.up.sql | psql -qX -v ON_ERROR_STOP=1 '%s' >&2", b->folder.path,
             b->db.url);
    assert_int_equal(system(command), 0);
    snapshot(b, out, size);
}

static void sweep(struct bench *b, call *what, enum how by)
{
    char expected[4096];
    put_all(b);
    b->options.all = true;
    wipe(b);
    if (what == sc_migrate)
        by_psql(b, expected, sizeof expected);
    else
        snapshot(b, expected, sizeof expected);
    how = by;
    int points = 0;
    /* A cut that is not seen at once shows at the next point: every other one will do. */
    while (sweep_point(b, what, points, expected))
        points += by == KILL ? 1 : 2;
    assert_in_range(points, 20, 200); /* all of them, and no end without a hit */
}

static void test_kill_up(void **state)
{
    sweep(*state, sc_migrate, KILL);
}

static void test_kill_down(void **state)
{
    sweep(*state, sc_rollback, KILL);
}

static void test_cut_up(void **state)
{
    sweep(*state, sc_migrate, CUT);
}

static void test_cut_down(void **state)
{
    sweep(*state, sc_rollback, CUT);
}

/* The same call goes on by itself. */
static void test_reconnect(void **state)
{
    struct bench *b = *state;
    char found[4096], expected[4096];
    put_all(b);
    wipe(b);
    by_psql(b, expected, sizeof expected);
    wipe(b);
    how = CUT;
    b->react = strike;
    b->countdown = 17;
    b->options.reconnects = 5;
    RUNS(b, sc_migrate);
    assert_non_null(strstr(b->log, "RECONNECTED"));
    assert_string_equal(snapshot(b, found, sizeof found), expected);
}

/* ---- an index half built ------------------------------------------------------------------ */

static bool kill_at_tick(struct bench *b, const struct sc_migrate_event *event)
{
    (void)b;
    if (event->kind == SC_MIGRATE_TICK)
        kill(getpid(), SIGKILL);
    return true;
}

/* Killed while the server builds: it notices, and leaves an INVALID index. */
static void test_killed_in_build(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init",
        "create table t (x int); insert into t values (1), (2), (3);\n"
        "create function slow(int) returns int language plpgsql immutable as $$ begin "
        "perform pg_sleep(coalesce(current_setting('test.slow', true), '0')::float); "
        "return $1; end $$;",
        NULL);
    put(b, "0002_index", "create index concurrently t_idx on t (slow(x));", NULL);
    b->options.to = "0001_init";
    RUNS(b, sc_migrate);
    b->options.to = NULL;
    char sql[256];
    snprintf(sql, sizeof sql, "alter database %s set test.slow = '2'", b->db.name);
    ask(b, sql);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        b->sc = NULL;
        connect_bench(b);
        b->react = kill_at_tick;
        run(b, sc_migrate);
        _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    assert_true(WIFSIGNALED(status));
    snprintf(sql, sizeof sql, "alter database %s set test.slow = '0'", b->db.name);
    ask(b, sql);
    connect_bench(b);
    RUNS(b, sc_migrate);
    assert_non_null(strstr(b->log, "NOTE 0002_index: create index concurrently"));
    assert_string_equal(ask(b, "select indisvalid from pg_index where indexrelid = "
                               "'t_idx'::regclass"),
                        "t");
}

/* A whole index of that name that was there before is never taken for the one to build. */
static void test_name_taken(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init",
        "-- step 1 of 2: table\nbegin;\ncreate table if not exists t (x int, y int);\n"
        "commit;\n-- step 2 of 2: index\ncreate index concurrently t_idx on t (x);\n",
        NULL);
    ask(b, "create table t (x int, y int); create index t_idx on t (y)");
    for (int i = 0; i < 2; i++) {
        FAILS(b, sc_migrate, SERVER, "statement");
        assert_string_equal(b->err.error.sqlstate, "42P07");
        assert_string_equal(
            ask(b, "select step, state, sqlstate from schemac.steps order by 1"),
            "1|done|\n2|failed|42P07");
    }
    ask(b, "drop index t_idx");
    RUNS(b, sc_migrate);
    assert_string_equal(history(b), "0001_init|applied");
    assert_string_equal(ask(b, "select pg_get_indexdef('t_idx'::regclass) like '%(x)'"),
                        "t");
}

/* The same of a statement that is not its step's first, however often it is tried. */
static void test_name_taken_later(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init",
        "-- step 1 of 1: all\ncreate table t (x int, y int);\n"
        "create index concurrently first_idx on t (y);\n"
        "create index concurrently t_idx on t (x);\n",
        NULL);
    ask(b, "create table o (x int); create index t_idx on o (x)");
    for (int i = 0; i < 2; i++) {
        FAILS(b, sc_migrate, SERVER, "statement");
        assert_string_equal(b->err.error.sqlstate, "42P07");
        assert_string_equal(
            ask(b, "select state, statements, begun, sqlstate from schemac.steps"),
            "running|2|2|42P07");
        ask(b, "drop table o; create index if not exists t_idx on t (x)");
        ask(b, "create table o ()");
    }
    ask(b, "drop index t_idx");
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select indisvalid from pg_index where indexrelid = "
                               "'t_idx'::regclass"),
                        "t");
}

/* A build that failed, and then somebody's index of that name: neither taken nor dropped
 * unless it is, but for the way it is written, what the statement makes. */
static void test_other_index(void **state)
{
    struct bench *b = *state;
    static const char *const OTHERS[] = {
        "create unique index t_idx on t (y)",
        "create unique index t_idx on t (x desc)",
        "create unique index t_idx on t (x) where y > 0",
        "create unique index t_idx on t (x) include (y)",
        "create unique index concurrently t_idx on t (z)", /* INVALID */
    };
    put(b, "0001_init",
        "create table t (gone int, x int, y int, z int);\nalter table t drop gone;"
        "insert into t values (1, 1, 1), (1, 2, 1);\n",
        NULL);
    put(b, "0002_i",
        "create unique index concurrently \"t_idx\" on public . t using btree (X);",
        NULL);
    FAILS(b, sc_migrate, UNIQUE, "statement");
    ask(b, "update t set x = y; drop index t_idx");
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++) {
        PQclear(PQexec(b->other, OTHERS[i]));
        FAILS(b, sc_migrate, SERVER, "statement");
        assert_string_equal(b->err.error.sqlstate, "42P07");
        ask(b, "drop index t_idx");
    }
    assert_string_equal(ask(b, "select to_regclass('schemac_likeness') is null"), "t");
    ask(b, "create unique index t_idx on t (x)");
    char oid[32];
    snprintf(oid, sizeof oid, "%s", ask(b, "select 't_idx'::regclass::oid"));
    RUNS(b, sc_migrate);
    assert_string_equal(ask(b, "select 't_idx'::regclass::oid"), oid);
    assert_string_equal(history(b), "0001_init|applied\n0002_i|applied");
}

/* ---- the answer to a commit is lost -------------------------------------------------------- */

static int arm[2]; /* a byte in it: the next commit's answer is to be lost */

/* Before the commit of the first step: its statements have been run. */
static bool arm_relay(struct bench *b, const struct sc_migrate_event *event)
{
    if (event->kind == SC_MIGRATE_SQL && b->countdown-- == 0)
        assert_int_equal(write(arm[1], "", 1), 1);
    return true;
}

/* Sits between: once it is armed it passes on the next "commit", and no answer to it. The
 * pipe is looked at last: it was written to before the commit was sent. */
static void relay(int client, int server, bool *armed)
{
    char bytes[65536];
    bool lost = false;
    for (;;) {
        struct pollfd on[3] = { { client, POLLIN, 0 },
                                { server, POLLIN, 0 },
                                { arm[0], POLLIN, 0 } };
        poll(on, 3, -1);
        if (on[2].revents)
            *armed = read(arm[0], bytes, 1) == 1;
        ssize_t n = on[0].revents ? read(client, bytes, sizeof bytes) : 0;
        if (on[0].revents && n <= 0)
            return;
        for (ssize_t i = 0; i + 6 < n && *armed; i++) {
            lost = memcmp(bytes + i, "commit", 7) == 0;
            *armed = !lost;
        }
        if (n > 0 && write(server, bytes, (size_t)n) != n)
            return;
        n = on[1].revents ? read(server, bytes, sizeof bytes) : 0;
        if ((on[1].revents && n <= 0) || (n > 0 && lost))
            return;
        if (n > 0 && write(client, bytes, (size_t)n) != n)
            return;
    }
}

static int unix_socket(const char *path, struct sockaddr_un *address)
{
    size_t length = strlen(path);
    *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
    assert_true(length < sizeof address->sun_path);
    memcpy(address->sun_path, path, length);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    return fd;
}

static void serve(int listener, const char *server_path)
{
    bool armed = false;
    for (;;) {
        struct sockaddr_un address;
        int client = accept(listener, NULL, NULL);
        int server = unix_socket(server_path, &address);
        if (client < 0 || connect(server, (void *)&address, sizeof address) != 0)
            _exit(1);
        relay(client, server, &armed);
        close(client);
        close(server);
    }
}

/* Gives the relay's process; url leads through it. */
static pid_t start_relay(struct bench *b, char *url, size_t size)
{
    char path[300], server[300];
    struct sockaddr_un address;
    snprintf(path, sizeof path, "%s/.s.PGSQL.%s", b->folder.path, PQport(b->other));
    snprintf(server, sizeof server, "%s/.s.PGSQL.%s", PQhost(b->other),
             PQport(b->other));
    int listener = unix_socket(path, &address);
    assert_int_equal(bind(listener, (void *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 5), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGPIPE, SIG_IGN);
        serve(listener, server);
    }
    close(listener);
    snprintf(url, size, "host=%s port=%s user=%s dbname=%s", b->folder.path,
             PQport(b->other), PQuser(b->other), b->db.name);
    return pid;
}

static void lose_answer(struct bench *b, int reconnects)
{
    char url[1024];
    struct sc_error err;
    assert_int_equal(pipe(arm), 0);
    pid_t pid = start_relay(b, url, sizeof url);
    sc_close(b->sc);
    b->sc = NULL;
    assert_int_equal(sc_open(url, &b->sc, &err), SC_OK);
    b->options.reconnects = reconnects;
    b->react = arm_relay;
    b->countdown = 0;
    enum sc_status status = run(b, sc_migrate);
    b->react = NULL;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(arm[0]);
    close(arm[1]);
    assert_string_equal(sc_status_name(status), reconnects ? "OK" : "COMMIT_UNKNOWN");
    char socket_name[64];
    snprintf(socket_name, sizeof socket_name, ".s.PGSQL.%s", PQport(b->other));
    folder_remove(&b->folder, socket_name);
}

/* It was committed, and is not done again. */
static void test_lost_answer(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", "create table t (x int); insert into t values (1);", NULL);
    lose_answer(b, 0);
    assert_string_equal(ask(b, "select count(*) from t"), "1");
    assert_string_equal(history(b), "0001_init|applied");
    connect_bench(b);
    RUNS(b, sc_migrate);
    assert_null(strstr(b->log, "BEGIN")); /* it may have waited for the old session */
}

static void test_lost_answer_mended(void **state)
{
    struct bench *b = *state;
    put(b, "0001_init", "create table t (x int); insert into t values (1);", NULL);
    put(b, "0002_more", "insert into t values (2);", NULL);
    lose_answer(b, 5);
    assert_non_null(strstr(b->log, "RECONNECTED"));
    assert_string_equal(ask(b, "select string_agg(x::text, ',' order by x) from t"),
                        "1,2");
    assert_string_equal(history(b), "0001_init|applied\n0002_more|applied");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_kill_up),
        TEST(test_kill_down),
        TEST(test_cut_up),
        TEST(test_cut_down),
        TEST(test_reconnect),
        TEST(test_killed_in_build),
        TEST(test_name_taken),
        TEST(test_name_taken_later),
        TEST(test_other_index),
        TEST(test_lost_answer),
        TEST(test_lost_answer_mended),
    };
    return cmocka_run_group_tests_name("runner_crash", tests, NULL, NULL);
}
