/* flights.h: an event loop's connection, turned by poll, and batches of one call in flight on
 * it: what became of each, and when. */
#ifndef TESTS_DB_SUPPORT_FLIGHTS_H
#define TESTS_DB_SUPPORT_FLIGHTS_H
#include "tests/db/support/scene.h"
#include "runtime/sc_internal.h"
#include "runtime/sc_async.h"
#include <poll.h>

/* ---- statements ------------------------------------------------------------------------------ */

static const struct sc__column text_columns[] = { { COLUMN("v", TEXT(0)) } };
static const struct sc__row text_row = { text_columns, 1, sizeof(char *) };
static const struct sc__type text_param[] = { TEXT(0) };
static const struct sc__stmt echo = { .label = "echo",
                                      .sql = "select $1 as v",
                                      .params = text_param,
                                      .row = &text_row,
                                      .nparams = 1,
                                      .want = SC__WANT_VALUE };
static const struct sc__stmt nap = {
    .label = "nap",
    .sql = "select 'slept' as v from pg_sleep($1::float8)",
    .params = text_param,
    .row = &text_row,
    .nparams = 1,
    .want = SC__WANT_VALUE
};
static const struct sc__stmt pid = { .label = "pid",
                                     .sql = "select pg_backend_pid()::text as v",
                                     .row = &text_row,
                                     .want = SC__WANT_VALUE };

static inline enum sc_status say(struct sc_db *db, const struct sc__stmt *stmt,
                                 const char *text, char **out)
{
    const void *args[] = { &text };
    return sc__run(db, stmt, 0, args, out, NULL, NULL);
}

/* ---- a loop ------------------------------------------------------------------------------------ */

struct loop {
    struct scene *scene;
    struct sc_async *async;
    int64_t longest; /* step, in nanoseconds */
    int told;
};

/* One call in a batch of its own, and what became of it. */
struct one {
    struct loop *loop;
    struct sc_batch *batch;
    char *text;
    enum sc_status status;
    struct sc_error err;
    int times; /* that it was told */
    int order;
    int64_t at;
};

static inline void told(struct sc_batch *batch, enum sc_status status,
                        const struct sc_error *err, void *arg)
{
    struct one *one = arg;
    assert_ptr_equal(batch, one->batch);
    assert_true((status == SC_OK) == (err == NULL));
    one->status = status;
    if (err)
        one->err = *err;
    one->times++;
    one->order = ++one->loop->told;
    one->at = sc__clock();
}

static inline struct loop open_at(struct scene *scene, const char *url,
                                  const struct sc_async_options *options)
{
    struct loop loop = { .scene = scene };
    EXPECT(SC_OK, sc_async_open(url, options, &loop.async, &scene->err));
    return loop;
}

static inline struct loop open_loop(struct scene *scene)
{
    return open_at(scene, scene->test.url, NULL);
}

static inline void turn(struct loop *loop)
{
    struct sc_async *async = loop->async;
    int events = sc_async_events(async);
    int64_t due = sc_async_deadline(async), left = due - sc__clock();
    struct pollfd fd = { .fd = sc_async_fd(async) };
    fd.events = (short)((events & SC_READ ? POLLIN : 0) |
                        (events & SC_WRITE ? POLLOUT : 0));
    int ms = left <= 0 ? 0 : left > 5000 * 1000000LL ? 5000 : (int)(left / 1000000) + 1;
    poll(&fd, 1, ms);
    int64_t before = sc__clock();
    sc_async_step(async, (fd.revents & ~POLLOUT ? SC_READ : 0) |
                             (fd.revents & POLLOUT ? SC_WRITE : 0));
    int64_t took = sc__clock() - before;
    if (took > loop->longest)
        loop->longest = took;
}

static inline void run_until(struct loop *loop, int dones)
{
    int64_t limit = sc__clock() + 60 * 1000000000LL;
    while (loop->told < dones) {
        turn(loop);
        if (sc__clock() > limit)
            fail_msg("%d of %d were told", loop->told, dones);
    }
}

static inline void open_one(struct loop *loop, struct one *one)
{
    struct scene *scene = loop->scene;
    memset(one, 0, sizeof(*one));
    one->loop = loop;
    EXPECT(SC_OK, sc_async_batch(loop->async, &one->batch, &scene->err));
}

static inline void submit(struct loop *loop, struct one *one, int timeout_ms)
{
    struct scene *scene = loop->scene;
    EXPECT(SC_OK, sc_async_submit(one->batch, timeout_ms, told, one, &scene->err));
}

static inline void start(struct loop *loop, struct one *one,
                         const struct sc__stmt *stmt, const char *text, int timeout_ms)
{
    open_one(loop, one);
    assert_int_equal(say(sc_queue(one->batch), stmt, text, &one->text), SC_QUEUED);
    submit(loop, one, timeout_ms);
}

static inline void end_one(struct one *one)
{
    sc_free(one->text);
    one->text = NULL;
    sc_batch_close(one->batch);
}

static inline void expect_one(struct one *one, enum sc_status status, const char *text)
{
    if (one->times != 1 || one->status != status)
        fail_msg("told %d times, %s: %s", one->times, sc_status_name(one->status),
                 one->err.message);
    if (text)
        assert_string_equal(one->text, text);
    end_one(one);
}

static inline const char *ask_pid(struct loop *loop, char *to)
{
    struct one one;
    start(loop, &one, &pid, NULL, 0);
    run_until(loop, loop->told + 1);
    assert_int_equal(one.status, SC_OK);
    snprintf(to, 20, "%s", one.text);
    end_one(&one);
    return to;
}

#endif
