/* async_memory_test.c: an event loop's connection and a listener with each of their
 * allocations failing once, and with all of them failing from there on: every batch that
 * was accepted is told once, nothing hangs, nothing leaks.
 *
 * Interposes malloc for this whole process, libpq included, so it does not run under a
 * sanitizer or valgrind, which interpose it themselves. */
#include "tests/db/support/scene.h"
#include "runtime/sc_internal.h"
#include "runtime/sc_listen.h"
#include "examples/loops/sc_poll.h"
#include "tests/db/support/sweep.h"

enum { CALLS = 4, MOST = 3000 };

struct call {
    struct sc_batch *batch;
    struct person *made;
    int accepted, told;
    enum sc_status status;
};

static void told(struct sc_batch *batch, enum sc_status status,
                 const struct sc_error *err, void *arg)
{
    struct call *call = arg;
    assert_ptr_equal(batch, call->batch);
    assert_true((status == SC_OK) == (err == NULL));
    call->told++;
    call->status = status;
}

static void queue(struct sc_batch *batch, struct call *call, int i)
{
    static int round; /* the server may still be at work for the one before */
    char id[40];
    snprintf(id, sizeof(id), "p%d %d", i, ++round);
    const struct person_new values = { .id = id, .email = id, .mood = SC(MOOD_CALM) };
    (void)!sc__run_insert(sc_queue(batch), &person_insert, &values, &call->made, NULL);
    (void)!get_person(sc_queue(batch), id, NULL, NULL);
}

static void start(struct sc_async *async, struct call *calls)
{
    for (int i = 0; i < CALLS; i++) {
        calls[i] = (struct call){ .accepted = 0 };
        if (sc_async_batch(async, &calls[i].batch, NULL) != SC_OK)
            continue;
        queue(calls[i].batch, &calls[i], i);
        calls[i].accepted = sc_async_submit(calls[i].batch, 5000, told, &calls[i],
                                            NULL) == SC_OK;
    }
}

static void run(struct sc_async *async)
{
    int64_t limit = sc__clock() + 20 * 1000000000LL;
    while (sc_async_pending(async) && sc__clock() < limit)
        sc_poll_once(&async, 1, 1000);
}

static bool is_fair(const struct call *call)
{
    if (!call->accepted)
        return call->told == 0;
    return call->told == 1 && (call->status == SC_OK || call->status == SC_NO_MEMORY ||
                               call->status == SC_CONNECTION);
}

static bool try_async(struct scene *scene, const void *what, size_t at, bool on)
{
    (void)what;
    struct call calls[CALLS] = { { .accepted = 0 } };
    struct sc_async *async;
    arm(at, on);
    enum sc_status st = sc_async_open(scene->test.url, NULL, &async, NULL);
    if (st == SC_OK) {
        start(async, calls);
        run(async);
    }
    bool reached = disarm(at);
    assert_true((st == SC_OK) == (async != NULL));
    for (int i = 0; i < CALLS; i++) {
        if (!is_fair(&calls[i]))
            fail_msg("allocation %zu: call %d: accepted %d, told %d, %s", at, i,
                     calls[i].accepted, calls[i].told, sc_status_name(calls[i].status));
        assert_true(calls[i].told && calls[i].status == SC_OK ? calls[i].made != NULL
                                                              : calls[i].made == NULL);
        sc_free(calls[i].made);
        sc_batch_close(calls[i].batch);
    }
    sc_async_close(async);
    return reached;
}

static void ignore(void *user, const struct sc_notification *n)
{
    assert_string_equal(n->channel, "c");
    ++*(int *)user;
}

static bool try_listener(struct scene *scene, const void *what, size_t at, bool on)
{
    (void)what;
    int heard = 0;
    const struct sc_listen_options options = { .user = &heard, .notify = ignore };
    struct sc_listener *listener;
    arm(at, on);
    enum sc_status st = sc_listener_open(scene->test.url, &options, &listener, NULL);
    if (st == SC_OK) {
        bool wanted = sc_listen(listener, "c", NULL) == SC_OK;
        for (int i = 0; i < 3 && wanted && !sc_listener_ready(listener); i++)
            (void)!sc_listener_wait(listener, 1000, NULL);
    }
    bool reached = disarm(at);
    assert_true((st == SC_OK) == (listener != NULL));
    sc_listener_close(listener);
    return reached;
}

static void every_allocation(void **state)
{
    struct scene *scene = *state;
    const struct sweep sweeps[] = {
        { "a loop", try_async, NULL, 10, MOST, 0 },
        { "a listener", try_listener, NULL, 10, MOST, 0 },
    };
    if (!INTERPOSED)
        skip();
    for (size_t i = 0; i < sizeof(sweeps) / sizeof(*sweeps); i++)
        sweep(scene, &sweeps[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = { SCENE_TEST(every_allocation) };
    return cmocka_run_group_tests_name("async_memory", tests, NULL, NULL);
}
