/* faults_cut_test.c: a connection that is cut, delayed, held or trickled at each byte of a
 * call of each kind: the right status, nothing half done, no hang, nothing left open, and the
 * next call works.
 *
 * FAULTS_CASES: how many places of each kind are tried each way (a sample that FAULTS_SEED
 * chooses); 0: all of them. */
#include <dirent.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "examples/loops/sc_poll.h"
#include "tests/db/support/client.h"
#include "tests/support/app.h"
#include "tests/support/proxy.h"

enum { CASES = 2, CASE_SECONDS = 30 };

struct stage {
    struct scene scene; /* its db goes past the proxy */
    struct proxy *proxy;
    unsigned seed;
    size_t cases; /* 0: all */
    size_t tried;
};

/* ---- a watch over each case ----------------------------------------------------------------- */

static char now[160]; /* what is tried now */

static void hung(int signal)
{
    (void)signal;
    static const char text[] = "hangs: ";
    if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0 ||
        write(STDERR_FILENO, now, strlen(now)) < 0)
        _exit(98);
    _exit(99);
}

static const char *const fault_names[] = { "nothing", "cut", "delay", "hold",
                                           "trickle" };

static void name_case(const char *kind, enum proxy_fault fault, enum proxy_way way,
                      size_t after)
{
    snprintf(now, sizeof(now), "%s, %s after byte %zu %s\n", kind, fault_names[fault],
             after, way == PROXY_UP ? "up" : "down");
    alarm(CASE_SECONDS);
}

static void wrong(const char *what, enum sc_status st, const struct sc_error *err)
{
    fail_msg("%s%s: %s: %s [%s]", now, what, sc_status_name(st),
             st == SC_OK ? "" : err->message, st == SC_OK ? "" : err->sqlstate);
}

/* Those of standard streams, libraries and the proxy included. */
static int open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int n = 0;
    if (!folder)
        return 0;
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static size_t number(const char *name, size_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoul(text, NULL, 10) : otherwise;
}

static unsigned next_random(struct stage *stage)
{
    stage->seed = stage->seed * 1103515245u + 12345u;
    return stage->seed >> 8;
}

/* ---- places --------------------------------------------------------------------------------- */

typedef void try_place(struct stage *stage, const void *what, enum proxy_way way,
                       size_t after);

/* All places of `size` bytes, or some: always the first and the last. */
static void sweep(struct stage *stage, try_place *place, const void *what,
                  const size_t size[2])
{
    for (int way = 0; way < 2; way++) {
        size_t n = stage->cases && stage->cases < size[way] ? stage->cases : size[way];
        for (size_t i = 0; i < n; i++) {
            size_t after = n == size[way] ? i + 1
                           : i == 0       ? size[way]
                                          : 1 + next_random(stage) % size[way];
            place(stage, what, (enum proxy_way)way, after);
            stage->tried++;
        }
    }
    alarm(0);
}

/* ---- calls of a connection -------------------------------------------------------------------- */

static struct sc_db *open_here(struct stage *stage)
{
    struct scene *scene = &stage->scene;
    struct sc_db *db;
    EXPECT(SC_OK, sc_open(proxy_url(stage->proxy), &db, &scene->err));
    return db;
}

/* What a call says must be so. */
static void check_truth(struct stage *stage, const struct app_kind *kind,
                        enum sc_status st, const struct sc_error *err)
{
    bool allowed = st == SC_OK || st == SC_CONNECTION ||
                   (st == SC_COMMIT_UNKNOWN && kind->keeps == APP_TX);
    if (!allowed || (st != SC_OK && err->status != st))
        wrong("another status", st, err);
    if (st != SC_OK && !proxy_struck(stage->proxy))
        wrong("it failed by itself", st, err);
    if (kind->keeps == APP_AGAIN && st != SC_OK)
        wrong("a read was not run again", st, err);
    if (kind->rows == 0)
        return;
    if (st == SC_OK && app_marked(stage->scene.db) != kind->rows)
        wrong("it is not there", st, err);
    if (st == SC_CONNECTION && kind->keeps == APP_TX &&
        app_marked(stage->scene.db) != 0)
        wrong("it is there", st, err);
}

struct attempt {
    const struct app_kind *kind;
    bool warm; /* prepared before */
};

static void cut_call(struct stage *stage, const void *what, enum proxy_way way,
                     size_t after)
{
    const struct attempt *attempt = what;
    const struct app_kind *kind = attempt->kind;
    struct sc_db *db = open_here(stage);
    struct sc_error err;
    name_case(kind->name, PROXY_CUT, way, after);
    if (attempt->warm && kind->call(db, &err) != SC_OK)
        wrong("before", err.status, &err);
    memset(&err, 0x55, sizeof(err));
    app_unmark();
    proxy_arm(stage->proxy, PROXY_CUT, way, after);
    enum sc_status st = kind->call(db, &err);
    check_truth(stage, kind, st, &err);
    st = kind->call(db, &err);
    /* cut behind the answer's last byte: this one meets it */
    if (st == SC_CONNECTION && kind->keeps != APP_AGAIN)
        st = kind->call(db, &err);
    if (st != SC_OK)
        wrong("afterwards", st, &err);
    proxy_arm(stage->proxy, PROXY_NONE, PROXY_UP, 0);
    sc_close(db);
}

/* How many bytes an undisturbed call takes each way. */
static void measure(struct stage *stage, const struct attempt *attempt, size_t size[2])
{
    struct sc_db *db = open_here(stage);
    struct sc_error err = { .message = "" };
    for (int i = 0; i <= attempt->warm; i++) {
        proxy_arm(stage->proxy, PROXY_NONE, PROXY_UP, 0);
        enum sc_status st = attempt->kind->call(db, &err);
        if (st != SC_OK)
            wrong(attempt->kind->name, st, &err);
    }
    size[PROXY_UP] = proxy_passed(stage->proxy, PROXY_UP);
    size[PROXY_DOWN] = proxy_passed(stage->proxy, PROXY_DOWN);
    sc_close(db);
}

static void expect_nothing_open(struct stage *stage, int files, const char *what)
{
    assert_int_equal(proxy_settle(stage->proxy, 0), 0);
    if (open_files() != files)
        fail_msg("%s: %d files are open, not %d", what, open_files(), files);
}

static void a_cut_anywhere_in_a_call(void **state)
{
    struct stage *stage = *state;
    int files = open_files();
    for (size_t i = 0; i < app_nkinds; i++)
        for (int warm = 0; warm < 2; warm++) {
            const struct attempt attempt = { &app_kinds[i], warm != 0 };
            size_t size[2];
            measure(stage, &attempt, size);
            sweep(stage, cut_call, &attempt, size);
            expect_nothing_open(stage, files, app_kinds[i].name);
        }
    print_message("%zu places\n", stage->tried);
}

/* ---- connecting ---------------------------------------------------------------------------------- */

static void cut_open(struct stage *stage, const void *what, enum proxy_way way,
                     size_t after)
{
    const bool *pool = what;
    struct scene *scene = &stage->scene;
    const char *url = proxy_url(stage->proxy);
    struct sc_db *db = NULL;
    struct sc_error err;
    name_case(*pool ? "a pool" : "connecting", PROXY_CUT, way, after);
    proxy_arm(stage->proxy, PROXY_CUT, way, after);
    enum sc_status st = *pool ? sc_pool_open(url, NULL, &db, &err)
                              : sc_open(url, &db, &err);
    if (*pool && st == SC_OK)
        st = app_kinds[1].call(db, &err);
    if (st != SC_OK && st != SC_CONNECTION)
        wrong("another status", st, &err);
    if (!*pool && st != SC_OK) {
        assert_null(db);
        EXPECT(SC_OK, sc_open(url, &db, &err));
    }
    EXPECT(SC_OK, app_kinds[1].call(db, &scene->err));
    sc_close(db);
}

static void a_cut_anywhere_while_connecting(void **state)
{
    struct stage *stage = *state;
    int files = open_files();
    for (int i = 0; i < 2; i++) {
        const bool pool = i != 0;
        size_t size[2];
        proxy_arm(stage->proxy, PROXY_NONE, PROXY_UP, 0);
        sc_close(open_here(stage));
        size[PROXY_UP] = proxy_passed(stage->proxy, PROXY_UP);
        size[PROXY_DOWN] = proxy_passed(stage->proxy, PROXY_DOWN);
        sweep(stage, cut_open, &pool, size);
        expect_nothing_open(stage, files, "connecting");
    }
}

/* ---- slow, not broken ------------------------------------------------------------------------------ */

static void delay_call(struct stage *stage, const void *what, enum proxy_way way,
                       size_t after)
{
    const struct app_kind *kind = what;
    struct sc_db *db = open_here(stage);
    struct sc_error err;
    name_case(kind->name, PROXY_DELAY, way, after);
    proxy_arm(stage->proxy, PROXY_DELAY, way, after);
    enum sc_status st = kind->call(db, &err);
    if (st != SC_OK)
        wrong("delayed", st, &err);
    proxy_arm(stage->proxy, PROXY_TRICKLE, way, 0);
    st = kind->call(db, &err);
    if (st != SC_OK)
        wrong("trickled", st, &err);
    proxy_arm(stage->proxy, PROXY_NONE, way, 0);
    sc_close(db);
}

static void slow_bytes_are_no_failure(void **state)
{
    struct stage *stage = *state;
    size_t kept = stage->cases;
    int files = open_files();
    stage->cases = 1; /* a delay is one wherever it falls */
    for (size_t i = 0; i < app_nkinds; i++) {
        const struct attempt attempt = { &app_kinds[i], false };
        size_t size[2];
        measure(stage, &attempt, size);
        sweep(stage, delay_call, &app_kinds[i], size);
        expect_nothing_open(stage, files, app_kinds[i].name);
    }
    stage->cases = kept;
}

/* ---- a silent connection ------------------------------------------------------------------------------ */

static void hold_call(struct stage *stage, const void *what, enum proxy_way way,
                      size_t after)
{
    const struct app_kind *kind = what;
    struct sc_db *db = open_here(stage);
    struct sc_error err;
    struct sc_view view;
    struct timespec began, ended;
    name_case(kind->name, PROXY_HOLD, way, after);
    proxy_arm(stage->proxy, PROXY_HOLD, way, after);
    clock_gettime(CLOCK_MONOTONIC, &began);
    enum sc_status st = kind->call(
        sc_with(db, &(struct sc_call){ .timeout_ms = 100 }, &view), &err);
    clock_gettime(CLOCK_MONOTONIC, &ended);
    if (st != SC_OK && st != SC_TIMEOUT &&
        !(st == SC_COMMIT_UNKNOWN && kind->keeps == APP_TX))
        wrong("held", st, &err);
    if (ended.tv_sec - began.tv_sec > 5)
        wrong("it took too long", st, &err);
    proxy_arm(stage->proxy, PROXY_NONE, way, 0);
    st = kind->call(db, &err);
    if (st == SC_CONNECTION && kind->keeps != APP_AGAIN)
        st = kind->call(db, &err);
    if (st != SC_OK)
        wrong("afterwards", st, &err);
    sc_close(db);
}

static void a_silent_connection_ends_with_the_time(void **state)
{
    struct stage *stage = *state;
    static const size_t chosen[] = { 0, 8, 16, 18, 24, 27 };
    int files = open_files();
    for (size_t i = 0; i < sizeof(chosen) / sizeof(*chosen); i++) {
        const struct attempt attempt = { &app_kinds[chosen[i]], false };
        size_t size[2];
        measure(stage, &attempt, size);
        /* inside: what comes whole is no silence; each lasts a second */
        for (int way = stage->cases ? (int)i % 2 : 0; way < 2;
             way += stage->cases ? 2 : 1)
            hold_call(stage, attempt.kind, (enum proxy_way)way,
                      1 + next_random(stage) % (size[way] - 1));
        expect_nothing_open(stage, files, attempt.kind->name);
    }
    alarm(0);
}

/* ---- the form that never blocks ----------------------------------------------------------------------- */

struct told {
    int times;
    enum sc_status status;
    struct sc_error err;
};

static void tell(struct sc_batch *batch, enum sc_status status,
                 const struct sc_error *err, void *arg)
{
    struct told *told = arg;
    (void)batch;
    told->times++;
    told->status = status;
    if (err)
        told->err = *err;
}

enum { FLIGHTS = 4 };

/* Reads, writes, writes with BEGIN and COMMIT, and reads again: all in flight at once. */
static void fly(struct sc_async *async, struct told told[FLIGHTS])
{
    static const struct sc_tx_options tx = { .isolation = SC_READ_COMMITTED };
    struct sc_batch *batches[FLIGHTS];
    struct sc_error err;
    for (int i = 0; i < FLIGHTS; i++) {
        const struct sc_batch_options options = { .tx = i == 2 ? &tx : NULL };
        assert_int_equal(sc_async_batch(async, &batches[i], &err), SC_OK);
        assert_int_equal(sc_batch_set(batches[i], &options, &err), SC_OK);
        if (i % 3)
            app_queue_writes(batches[i]);
        else
            app_queue_reads(batches[i]);
        told[i] = (struct told){ .times = 0 };
        enum sc_status st = sc_async_submit(batches[i], 0, tell, &told[i], &err);
        if (st != SC_OK)
            wrong("submitting", st, &err);
    }
    while (sc_async_pending(async)) /* the watch ends it otherwise */
        sc_poll_once(&async, 1, 200);
    for (int i = 0; i < FLIGHTS; i++)
        sc_batch_close(batches[i]);
}

static void cut_async(struct stage *stage, const void *what, enum proxy_way way,
                      size_t after)
{
    struct told told[FLIGHTS];
    struct sc_async *async;
    struct sc_error err;
    (void)what;
    name_case("async", PROXY_CUT, way, after);
    proxy_arm(stage->proxy, PROXY_CUT, way, after);
    assert_int_equal(sc_async_open(proxy_url(stage->proxy), NULL, &async, &err), SC_OK);
    fly(async, told);
    for (int i = 0; i < FLIGHTS; i++) {
        bool allowed = told[i].status == SC_OK || told[i].status == SC_CONNECTION ||
                       (i == 2 && told[i].status == SC_COMMIT_UNKNOWN);
        if (!allowed || told[i].times != 1)
            wrong("another status", told[i].status, &told[i].err);
    }
    proxy_arm(stage->proxy, PROXY_NONE, PROXY_UP, 0);
    fly(async, told);
    for (int i = 0; i < FLIGHTS; i++)
        if (told[i].status == SC_CONNECTION) { /* met the cut behind the last byte */
            fly(async, told);
            break;
        }
    for (int i = 0; i < FLIGHTS; i++)
        if (told[i].status != SC_OK || told[i].times != 1)
            wrong("afterwards", told[i].status, &told[i].err);
    sc_async_close(async);
}

static void a_cut_anywhere_in_a_loop(void **state)
{
    struct stage *stage = *state;
    struct told told[FLIGHTS];
    struct sc_async *async;
    struct sc_error err;
    size_t size[2];
    int files = open_files();
    proxy_arm(stage->proxy, PROXY_NONE, PROXY_UP, 0);
    assert_int_equal(sc_async_open(proxy_url(stage->proxy), NULL, &async, &err), SC_OK);
    fly(async, told);
    sc_async_close(async);
    size[PROXY_UP] = proxy_passed(stage->proxy, PROXY_UP);
    size[PROXY_DOWN] = proxy_passed(stage->proxy, PROXY_DOWN);
    stage->cases *= 10;
    sweep(stage, cut_async, NULL, size);
    stage->cases /= 10;
    expect_nothing_open(stage, files, "async");
}

/* ---- a database behind a proxy --------------------------------------------------------------------- */

static int setup(void **state)
{
    struct stage *stage = calloc(1, sizeof(*stage));
    *state = stage;
    if (!stage || test_db_open(&stage->scene.test) || app_fill(&stage->scene.test) ||
        proxy_open(stage->scene.test.url, &stage->proxy))
        return -1;
    stage->seed = (unsigned)number("FAULTS_SEED", 1);
    stage->cases = number("FAULTS_CASES", CASES);
    signal(SIGALRM, hung);
    return sc_open(stage->scene.test.url, &stage->scene.db, &stage->scene.err) == SC_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    struct stage *stage = *state;
    alarm(0);
    sc_close(stage->scene.db);
    proxy_close(stage->proxy);
    test_db_close(&stage->scene.test);
    free(stage);
    return 0;
}

#define STAGE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STAGE_TEST(a_cut_anywhere_in_a_call),
        STAGE_TEST(a_cut_anywhere_while_connecting),
        STAGE_TEST(slow_bytes_are_no_failure),
        STAGE_TEST(a_silent_connection_ends_with_the_time),
        STAGE_TEST(a_cut_anywhere_in_a_loop),
    };
    return cmocka_run_group_tests_name("faults_cut", tests, NULL, NULL);
}
