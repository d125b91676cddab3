/* loops_test.c: the adapters of examples/loops, each through the same scenes: connecting
 * over several hosts, many batches in flight, a deadline, a lost connection, an end. */
#define _GNU_SOURCE /* ppoll */
#include "tests/db/support/scene.h"
#include "runtime/sc_internal.h"
#include "examples/loops/sc_epoll.h"
#include "examples/loops/sc_poll.h"
#include "examples/loops/sc_uring.h"
#include "examples/loops/sc_uv.h"
#include <poll.h>
#include <unistd.h>

enum { MANY = 200 };

/* While it connects, and `slow`: each look at the socket is so late that the server has
 * answered, and one step makes all of a connection. */
static bool slow;
static const struct sc_async *connects;

int poll(struct pollfd *fds, nfds_t n, int timeout)
{
    if (slow && timeout == 0 && connects && sc_async_fd(connects) >= 0 &&
        !sc_async_connected(connects))
        timeout = 5000;
    struct timespec t = { .tv_sec = timeout / 1000,
                          .tv_nsec = timeout % 1000 * 1000000L };
    return ppoll(fds, n, timeout < 0 ? NULL : &t, NULL);
}

static const struct sc__column text_columns[] = { { COLUMN("v", TEXT(0)) } };
static const struct sc__row text_row = { text_columns, 1, sizeof(char *) };
static const struct sc__type text_param[] = { TEXT(0) };
static const struct sc__stmt nap = {
    .label = "nap",
    .sql = "select pg_backend_pid()::text as v from pg_sleep($1::float8)",
    .params = text_param,
    .row = &text_row,
    .nparams = 1,
    .want = SC__WANT_VALUE
};

struct call {
    struct sc_batch *batch;
    enum sc_status status;
    char *text;
    int *told;
};

/* A way to run the loop until so many calls were told. */
struct way {
    void (*open)(struct sc_async *async);
    void (*once)(void);
    void (*close)(void);
};

struct stage {
    struct scene *scene;
    struct sc_async *async;
    const struct way *way;
    int told;
};

static void told(struct sc_batch *batch, enum sc_status status,
                 const struct sc_error *err, void *arg)
{
    struct call *call = arg;
    (void)err;
    assert_ptr_equal(batch, call->batch);
    call->status = status;
    ++*call->told;
}

static void submit(struct stage *stage, struct call *call, const char *seconds,
                   int timeout_ms)
{
    struct scene *scene = stage->scene;
    const void *args[] = { &seconds };
    *call = (struct call){ .told = &stage->told };
    EXPECT(SC_OK, sc_async_batch(stage->async, &call->batch, &scene->err));
    (void)!sc__run(sc_queue(call->batch), &nap, 0, args, &call->text, NULL, NULL);
    EXPECT(SC_OK, sc_async_submit(call->batch, timeout_ms, told, call, &scene->err));
}

static void run_until(struct stage *stage, int dones)
{
    while (stage->told < dones)
        stage->way->once();
}

static void expect(struct call *call, enum sc_status status)
{
    assert_string_equal(sc_status_name(call->status), sc_status_name(status));
    sc_free(call->text);
    sc_batch_close(call->batch);
}

static void play_at(struct scene *scene, const struct way *way)
{
    struct stage stage = { .scene = scene, .way = way };
    static struct call calls[MANY];
    char url[700];
    snprintf(url, sizeof(url), "%s", scene->test.url);
    EXPECT(SC_OK, sc_async_open(url, NULL, &stage.async, &scene->err));
    connects = stage.async;
    way->open(stage.async);
    for (int i = 0; i < MANY; i++)
        submit(&stage, &calls[i], "0", 0);
    run_until(&stage, MANY);
    char sql[100];
    snprintf(sql, sizeof(sql), "select pg_terminate_backend(%s, 5000)", calls[0].text);
    for (int i = 0; i < MANY; i++)
        expect(&calls[i], SC_OK);
    submit(&stage, &calls[0], "30", 100);
    submit(&stage, &calls[1], "0", 0);
    run_until(&stage, MANY + 2);
    expect(&calls[0], SC_TIMEOUT);
    expect(&calls[1], SC_OK);
    elsewhere(scene, sql);
    for (int i = 0; i < 3; i++) { /* on the next connection */
        submit(&stage, &calls[i], "0", 0);
        run_until(&stage, MANY + 3 + i);
        expect(&calls[i], SC_OK);
    }
    submit(&stage, &calls[1], "0", 0);
    submit(&stage, &calls[0], "30", 0);
    run_until(&stage, MANY + 6);
    expect(&calls[1], SC_OK);
    way->close();
    connects = NULL;
    sc_async_close(stage.async);
    assert_int_equal(stage.told, MANY + 7);
    expect(&calls[0], SC_CANCELLED);
}

static void play(struct scene *scene, const struct way *way)
{
    for (int i = 0; i < 2; i++) {
        slow = i;
        play_at(scene, way);
    }
}

/* ---- poll ------------------------------------------------------------------------------------ */

static struct sc_async *polled;

static void poll_open(struct sc_async *async)
{
    polled = async;
}

static void poll_once(void)
{
    sc_poll_once(&polled, 1, -1);
}

static void poll_close(void)
{
}

static void by_poll(void **state)
{
    play(*state, &(struct way){ poll_open, poll_once, poll_close });
}

/* ---- epoll ------------------------------------------------------------------------------------- */

static struct sc_epoll epolled;

static void epoll_open(struct sc_async *async)
{
    epolled = (struct sc_epoll){ .async = async, .set = epoll_create1(0), .fd = -1 };
    assert_true(epolled.set >= 0);
}

static void epoll_once(void)
{
    struct epoll_event event;
    int left = sc_epoll_prepare(&epolled);
    if (epoll_wait(epolled.set, &event, 1, left) == 1)
        sc_epoll_ready(event.data.ptr, event.events);
}

static void epoll_close(void)
{
    close(epolled.set);
}

static void by_epoll(void **state)
{
    play(*state, &(struct way){ epoll_open, epoll_once, epoll_close });
}

/* ---- libuv ---------------------------------------------------------------------------------------- */

static uv_loop_t uv_one;
static struct sc_uv uved;

static void uv_begin(struct sc_async *async)
{
    assert_int_equal(uv_loop_init(&uv_one), 0);
    sc_uv_start(&uved, &uv_one, async);
}

static void uv_turn(void)
{
    uv_run(&uv_one, UV_RUN_ONCE);
}

static void uv_end(void)
{
    sc_uv_stop(&uved);
    uv_run(&uv_one, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&uv_one), 0);
}

static void by_libuv(void **state)
{
    play(*state, &(struct way){ uv_begin, uv_turn, uv_end });
}

/* ---- io_uring ------------------------------------------------------------------------------------- */

static struct io_uring ring;
static struct sc_uring uringed;

static void uring_open(struct sc_async *async)
{
    uringed = (struct sc_uring){ .async = async, .ring = &ring };
    assert_int_equal(io_uring_queue_init(8, &ring, 0), 0);
}

static void uring_once(void)
{
    sc_uring_once(&uringed);
}

static void uring_close(void)
{
    io_uring_queue_exit(&ring);
}

static void by_io_uring(void **state)
{
    int status = io_uring_queue_init(8, &ring, 0);
    if (status < 0) {
        print_message("no io_uring here: %s\n", strerror(-status));
        skip();
    }
    io_uring_queue_exit(&ring);
    play(*state, &(struct way){ uring_open, uring_once, uring_close });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(by_poll),
        SCENE_TEST(by_epoll),
        SCENE_TEST(by_libuv),
        SCENE_TEST(by_io_uring),
    };
    return cmocka_run_group_tests_name("loops", tests, NULL, NULL);
}
