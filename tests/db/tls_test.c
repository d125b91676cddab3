/* tls_test.c: an encrypted connection whose records are larger than the room that libpq has
 * for them: what its TLS has read already, no poll tells. Every way of waiting meets it. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "tests/db/support/scene.h"
#include "runtime/sc_internal.h"
#include <dlfcn.h>
#include <poll.h>
#include <sc_async.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMEOUT_MS = 20000 };

/* libpq's question whether its TLS has read ahead: one that does not ask it behaves so. */
static bool forgetful;
int SSL_pending(const void *ssl);
int SSL_pending(const void *ssl)
{
    int (*next)(const void *);
    void *symbol = dlsym(RTLD_NEXT, "SSL_pending");
    memcpy(&next, &symbol, sizeof(symbol));
    return forgetful || !next ? 0 : next(ssl);
}

/* ---- the proxy ------------------------------------------------------------------------- */

static pid_t proxy;
static int proxy_in; /* it ends when that does */
static char proxied[800];

static void begin_proxy(struct scene *scene)
{
    PGconn *pg = sc_borrow(scene->db);
    char path[300], port[20] = "";
    int in[2], out[2];
    snprintf(path, sizeof(path), "%s/.s.PGSQL.%s", PQhost(pg), PQport(pg));
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    proxy = fork();
    if (proxy == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        for (int i = 0; i < 2; i++)
            close(in[i]), close(out[i]);
        execlp("python3", "python3", TEST_ROOT "/tests/support/tls_proxy.py", path,
               (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    proxy_in = in[1];
    for (size_t n = 0; n < sizeof(port) - 1 && !strchr(port, '\n'); n++)
        if (read(out[0], port + n, 1) != 1)
            break;
    close(out[0]);
    assert_true(strtol(port, NULL, 10) > 0);
    snprintf(proxied, sizeof(proxied),
             "host=127.0.0.1 port=%ld user=%s dbname=%s sslmode=require",
             strtol(port, NULL, 10), PQuser(pg), PQdb(pg));
}

static int tls_setup(void **state)
{
    if (scene_setup(state))
        return -1;
    struct scene *scene = *state;
    begin_proxy(scene);
    sc_close(scene->db);
    forgetful = false;
    return sc_open(proxied, &scene->db, &scene->err) == SC_OK ? 0 : -1;
}

static int forgetful_setup(void **state)
{
    int status = tls_setup(state);
    forgetful = true;
    return status;
}

static int tls_teardown(void **state)
{
    int status = scene_teardown(state);
    close(proxy_in);
    waitpid(proxy, NULL, 0);
    return status;
}

/* ---- rows ---------------------------------------------------------------------------------- */

/* Some 24 KB in all; a row of 1,000 bytes. */
static const struct sc__column text_columns[] = { { COLUMN("v", TEXT(0)) } };
static const struct sc__row text_row = { text_columns, 1, sizeof(char *) };
#define ROWS "select repeat('x', 1000) as v from generate_series(1, 24)"
static const struct sc__stmt rows = {
    .label = "rows", .sql = ROWS, .row = &text_row, .want = SC__WANT_MANY
};
static const struct sc__scan scan = { "scan", ROWS, &text_row, 0 };

static struct sc_db *in_time(struct scene *scene, struct sc_view *view)
{
    return sc_with(scene->db, &(struct sc_call){ .timeout_ms = TIMEOUT_MS }, view);
}

static void calls(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    for (int i = 0; i < 3; i++) { /* prepared, and then known */
        const char **texts;
        size_t n;
        EXPECT(SC_OK,
               sc__run(in_time(scene, &view), &rows, 0, NULL, &texts, &n, &scene->err));
        assert_int_equal(n, 24);
        sc_free(texts);
    }
}

static void batches(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_batch *batch;
    for (int i = 0; i < 3; i++) {
        EXPECT(SC_OK, sc_batch_open(in_time(scene, &view), &batch, &scene->err));
        for (int c = 0; c <= i; c++)
            EXPECT(SC_QUEUED,
                   sc__run(sc_queue(batch), &rows, 0, NULL, NULL, NULL, &scene->err));
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        sc_batch_close(batch);
    }
}

static void read_to_the_end(struct scene *scene, struct sc_stream *stream)
{
    const char **text;
    int n = -1;
    do {
        n++;
        EXPECT(SC_OK, sc__next(stream, &text_row, &text, &scene->err));
    } while (text);
    assert_int_equal(n, 24);
    sc_stream_close(stream);
}

static void streams(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_stream *stream;
    for (int i = 0; i < 2; i++) {
        EXPECT(SC_OK,
               sc__stream(in_time(scene, &view), &rows, 0, NULL, &stream, &scene->err));
        read_to_the_end(scene, stream);
    }
    EXPECT(SC_OK, sc__run_scan(in_time(scene, &view), &scan, &stream, &scene->err));
    read_to_the_end(scene, stream);
}

static void sql_of_ones_own(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    EXPECT(SC_OK, sc_query(in_time(scene, &view), ROWS, NULL, 0, NULL, &scene->err));
}

/* ---- an event loop ----------------------------------------------------------------------------- */

static int done_calls;
static void done(struct sc_batch *batch, enum sc_status status,
                 const struct sc_error *err, void *arg)
{
    (void)err;
    *(enum sc_status *)arg = status;
    done_calls++;
    sc_batch_close(batch);
}

static void event_loops(void **state)
{
    struct scene *scene = *state;
    struct sc_async *async;
    EXPECT(SC_OK, sc_async_open(proxied, NULL, &async, &scene->err));
    for (int i = 0; i < 3; i++) {
        enum sc_status status = SC_NOT_RUN;
        struct sc_batch *batch;
        done_calls = 0;
        EXPECT(SC_OK, sc_async_batch(async, &batch, &scene->err));
        EXPECT(SC_QUEUED,
               sc__run(sc_queue(batch), &rows, 0, NULL, NULL, NULL, &scene->err));
        EXPECT(SC_OK, sc_async_submit(batch, TIMEOUT_MS, done, &status, &scene->err));
        while (!done_calls) {
            struct pollfd fd = { .fd = sc_async_fd(async) };
            int events = sc_async_events(async);
            fd.events = (short)((events & SC_READ ? POLLIN : 0) |
                                (events & SC_WRITE ? POLLOUT : 0));
            int64_t due = sc_async_deadline(async), left = due - sc__clock();
            (void)poll(&fd, 1,
                       due == INT64_MAX ? -1
                       : left > 0       ? (int)(left / 1000000) + 1
                                        : 0);
            sc_async_step(async, (fd.revents & ~POLLOUT ? SC_READ : 0) |
                                     (fd.revents & POLLOUT ? SC_WRITE : 0));
        }
        assert_int_equal(status, SC_OK);
    }
    sc_async_close(async);
}

#define TLS_TEST(name) cmocka_unit_test_setup_teardown(name, tls_setup, tls_teardown)
#define FORGETFUL_TEST(name) \
    cmocka_unit_test_setup_teardown(name, forgetful_setup, tls_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TLS_TEST(calls),
        TLS_TEST(batches),
        TLS_TEST(streams),
        TLS_TEST(sql_of_ones_own),
        TLS_TEST(event_loops),
        /* Not calls: libpq itself waits for some of them, and asks there. */
        FORGETFUL_TEST(batches),
        FORGETFUL_TEST(streams),
        FORGETFUL_TEST(sql_of_ones_own),
        FORGETFUL_TEST(event_loops),
    };
    return cmocka_run_group_tests_name("tls", tests, NULL, NULL);
}
