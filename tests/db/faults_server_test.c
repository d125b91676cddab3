/* faults_server_test.c: what handles do when their server restarts, crashes, is full of
 * connections or out of disk: the right status, nothing that was told is lost, nothing else is
 * kept, and when the server is back they go on without being opened again. */
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <app.h>
#include "tests/db/support/client.h"
#include "tests/support/app.h"
#include "tests/support/servers.h"

static struct servers servers;

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- handles --------------------------------------------------------------------------------- */

/* Those that were opened before something happened, and a transaction under way. */
struct handles {
    struct sc_db *one;
    struct sc_db *pool;
    struct sc_db *tx;
};

static enum sc_status add_user(struct sc_db *db, const char *id, struct sc_error *err)
{
    const struct auth_users_new user = { .id = id, .email = id };
    return auth_users_insert(db, &user, NULL, err);
}

static bool is_there(struct scene *scene, struct sc_db *db, const char *id)
{
    bool there = false;
    EXPECT(SC_OK, auth_users_exists(db, id, &there, &scene->err));
    return there;
}

static struct handles open_handles(struct scene *scene)
{
    struct handles handles;
    const struct sc_pool_options options = { .max = 3, .acquire_timeout_ms = 20000 };
    EXPECT(SC_OK, sc_open(scene->test.url, &handles.one, &scene->err));
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &options, &handles.pool, &scene->err));
    enum sc_status st = auth_users_delete(handles.one, "kept", &scene->err);
    if (st != SC_NOT_FOUND)
        EXPECT(SC_OK, st);
    EXPECT(SC_OK, add_user(handles.one, "kept", &scene->err));
    EXPECT(SC_OK, sc_tx_begin(handles.pool, NULL, &handles.tx, &scene->err));
    EXPECT(SC_OK, add_user(handles.tx, "lost", &scene->err));
    assert_true(is_there(scene, handles.pool, "kept"));
    return handles;
}

/* The first read that goes well: meanwhile nothing but what a server that is not there can
 * be called, and no call that waits for ever. */
static void expect_back(struct scene *scene, struct sc_db *db)
{
    double end = seconds() + 30;
    struct sc_error err;
    int64_t n;
    for (;;) {
        double began = seconds();
        enum sc_status st = auth_users_count(db, &n, &err);
        assert_true(seconds() - began < 25);
        if (st == SC_OK)
            break;
        scene->err = err;
        if (st != SC_BUSY)
            EXPECT(SC_CONNECTION, st);
        if (seconds() > end)
            fail_msg("it does not come back: %s", err.message);
        pause_ms(50);
    }
}

static void expect_whole(struct scene *scene, struct handles *handles)
{
    enum sc_status st = sc_tx_commit(handles->tx, &scene->err);
    if (st != SC_COMMIT_UNKNOWN)
        EXPECT(SC_CONNECTION, st);
    expect_back(scene, handles->one);
    expect_back(scene, handles->pool);
    assert_true(is_there(scene, handles->one, "kept"));
    assert_false(is_there(scene, handles->one, "lost"));
    for (size_t i = 0; i < app_nkinds; i++) {
        EXPECT(SC_OK, app_kinds[i].call(handles->one, &scene->err));
        EXPECT(SC_OK, app_kinds[i].call(handles->pool, &scene->err));
    }
    sc_close(handles->one);
    sc_close(handles->pool);
}

/* ---- a server that goes ------------------------------------------------------------------------ */

static void expect_away(struct scene *scene, const struct handles *handles)
{
    double began = seconds();
    int64_t n;
    EXPECT(SC_CONNECTION, auth_users_count(handles->one, &n, &scene->err));
    EXPECT(SC_CONNECTION, add_user(handles->one, "never", &scene->err));
    assert_true(seconds() - began < 10);
}

static void a_fast_restart(void **state)
{
    struct scene *scene = *state;
    struct handles handles = open_handles(scene);
    servers_stop(&servers, 0, 1);
    expect_away(scene, &handles);
    assert_int_equal(servers_start(&servers, 0), 0);
    expect_whole(scene, &handles);
}

static void an_immediate_restart(void **state)
{
    struct scene *scene = *state;
    struct handles handles = open_handles(scene);
    servers_stop(&servers, 0, 0);
    expect_away(scene, &handles);
    assert_int_equal(servers_start(&servers, 0), 0);
    expect_whole(scene, &handles);
}

/* Its children see that it is gone by themselves, and hold its memory until then. */
static void the_postmaster_is_killed(void **state)
{
    struct scene *scene = *state;
    struct handles handles = open_handles(scene);
    kill(servers.pids[0], SIGKILL);
    waitpid(servers.pids[0], NULL, 0);
    int started = -1;
    for (int i = 0; i < 50 && started != 0; i++) {
        pause_ms(200);
        started = servers_start(&servers, 0);
    }
    assert_int_equal(started, 0);
    expect_whole(scene, &handles);
}

/* The postmaster then ends all others too, and recovers. */
static void a_backend_is_killed(void **state)
{
    struct scene *scene = *state;
    struct handles handles = open_handles(scene);
    pid_t pid = pid_of(scene, handles.one);
    assert_true(pid > 1);
    assert_int_equal(kill(pid, SIGKILL), 0);
    pause_ms(100);
    expect_back(scene, handles.one);
    expect_whole(scene, &handles);
}

/* ---- a server that is full ----------------------------------------------------------------------- */

enum { ALL = 80 };

static size_t take_all(struct scene *scene, PGconn **taken)
{
    size_t n = 0;
    for (; n < ALL; n++) {
        taken[n] = PQconnectdb(scene->test.url);
        if (PQstatus(taken[n]) != CONNECTION_OK)
            break;
    }
    assert_true(n < ALL); /* the last one was refused */
    PQfinish(taken[n]);
    return n;
}

static void no_connection_is_left(void **state)
{
    struct scene *scene = *state;
    PGconn *taken[ALL];
    struct sc_db *one = NULL, *pool;
    const struct sc_pool_options options = { .max = 2, .acquire_timeout_ms = 200 };
    int64_t rows;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &options, &pool, &scene->err));
    size_t n = take_all(scene, taken);
    EXPECT(SC_BUSY, sc_open(scene->test.url, &one, &scene->err));
    assert_null(one);
    assert_string_equal(scene->err.sqlstate, "53300");
    enum sc_status st = auth_users_count(pool, &rows, &scene->err);
    if (st != SC_TIMEOUT)
        EXPECT(SC_BUSY, st);
    PQfinish(taken[--n]);
    pause_ms(100);
    expect_back(scene, pool);
    while (n > 0)
        PQfinish(taken[--n]);
    sc_close(pool);
}

/* ---- no room on its disk --------------------------------------------------------------------------- */

static char small[64]; /* a file system of a few megabytes; "": none could be mounted */

/* What takes up room that is wanted later, for even TRUNCATE needs some. */
static int ballast(bool there)
{
    static const char megabyte[1 << 20];
    char path[100];
    snprintf(path, sizeof(path), "%s/ballast", small);
    if (!there)
        return remove(path);
    FILE *file = fopen(path, "w");
    size_t done = file ? fwrite(megabyte, sizeof(megabyte), 1, file) : 0;
    return file && fclose(file) == 0 && done == 1 ? 0 : -1;
}

static void drop_small(void)
{
    if (!*small)
        return;
    umount2(small, MNT_DETACH);
    rmdir(small);
    *small = 0;
}

static bool mount_small(char data[100])
{
    const struct process_owner *owner = &servers.owner;
    snprintf(small, sizeof(small), "/tmp/sc-small.XXXXXX");
    if (!mkdtemp(small)) {
        *small = 0;
        return false;
    }
    snprintf(data, 100, "%s/data", small);
    if (mount("tmpfs", small, "tmpfs", 0, "size=7m,mode=0755") == 0 &&
        ballast(true) == 0 && mkdir(data, 0700) == 0 &&
        (!owner->change || chown(data, owner->uid, owner->gid) == 0))
        return true;
    drop_small();
    return false;
}

/* Until the status is another than SC_OK. */
static enum sc_status fill_disk(struct sc_db *db, const struct auth_feedback_new *big,
                                struct sc_error *err)
{
    enum sc_status st = SC_OK;
    for (int i = 0; st == SC_OK && i < 200; i++)
        st = auth_feedback_insert(db, big, NULL, err);
    return st;
}

static char *noise(size_t size)
{
    char *text = calloc(1, size + 1);
    unsigned x = 1;
    for (size_t i = 0; text && i < size; i++) {
        x = x * 1103515245u + 12345u;
        text[i] = (char)(' ' + x / 65536 % 90);
    }
    return text;
}

static void the_disk_is_full(void **state)
{
    struct scene *scene = *state;
    char sql[200], data[100];
    if (!mount_small(data)) {
        print_message(
            "no file system may be mounted here: a full disk is not tested\n");
        skip();
    }
    snprintf(sql, sizeof(sql), "create tablespace small location '%s'", data);
    elsewhere(scene, sql);
    elsewhere(scene, "alter table auth.feedback set tablespace small");
    char *text = noise(200000);
    const struct auth_feedback_new big = { .rating = SC(1), .message = text };
    struct auth_feedback_new many[40];
    for (int i = 0; i < 40; i++)
        many[i] = big;
    struct sc_db *db;
    EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
    EXPECT(SC_SERVER, fill_disk(db, &big, &scene->err));
    assert_string_equal(scene->err.sqlstate, "53100");
    EXPECT(SC_SERVER, auth_feedback_load(db, many, 40, &scene->err));
    assert_string_equal(scene->err.sqlstate, "53100");
    EXPECT(SC_SERVER, auth_feedback_insert_many(db, many, 40, NULL, NULL, &scene->err));
    for (size_t i = 0; i < app_nkinds; i++)
        EXPECT(SC_OK, app_kinds[i].call(db, &scene->err));
    assert_int_equal(ballast(false), 0);
    EXPECT(SC_OK, sc_query(db, "truncate auth.feedback", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, auth_feedback_insert(db, &big, NULL, &scene->err));
    EXPECT(SC_OK, sc_query(db, "alter table auth.feedback set tablespace pg_default",
                           NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, sc_query(db, "drop tablespace small", NULL, 0, NULL, &scene->err));
    sc_close(db);
    free(text);
    drop_small();
}

/* ---- a server of our own ---------------------------------------------------------------------------- */

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof(*scene));
    *state = scene;
    if (!scene || servers_open(&servers) != 0)
        return -1;
    snprintf(scene->test.url, sizeof(scene->test.url), "%s",
             servers_url(&servers, 1, "postgres", ""));
    return app_fill(&scene->test);
}

static int teardown(void **state)
{
    servers_close(&servers);
    drop_small();
    free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fast_restart),
        cmocka_unit_test(an_immediate_restart),
        cmocka_unit_test(the_postmaster_is_killed),
        cmocka_unit_test(a_backend_is_killed),
        cmocka_unit_test(no_connection_is_left),
        cmocka_unit_test(the_disk_is_full),
    };
    return cmocka_run_group_tests_name("faults_server", tests, setup, teardown);
}
