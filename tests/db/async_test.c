/* async_test.c: many batches on a connection that never blocks: who is told what and when,
 * whatever happens to the batches, the statements, the time and the connection. */
#include "tests/db/support/scene.h"
#include "tests/db/support/greeters.h"
#include "runtime/sc_internal.h"
#include "runtime/sc_async.h"
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>

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

static const struct sc__stmt slow_write = {
    .label = "slow_write",
    .sql = "create table t.kept as select 1 as v from pg_sleep(0.3)",
    .want = SC__WANT_EXEC,
    .flags = SC__WRITE
};

static enum sc_status say(struct sc_db *db, const struct sc__stmt *stmt,
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
    struct sc_async *closed;
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

static void told(struct sc_batch *batch, enum sc_status status,
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

static struct loop open_at(struct scene *scene, const char *url,
                           const struct sc_async_options *options)
{
    struct loop loop = { .scene = scene };
    EXPECT(SC_OK, sc_async_open(url, options, &loop.async, &scene->err));
    return loop;
}

static struct loop open_loop(struct scene *scene)
{
    return open_at(scene, scene->test.url, NULL);
}

static void turn(struct loop *loop)
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

static void run_until(struct loop *loop, int dones)
{
    int64_t limit = sc__clock() + 60 * 1000000000LL;
    while (loop->told < dones) {
        turn(loop);
        if (sc__clock() > limit)
            fail_msg("%d of %d were told", loop->told, dones);
    }
}

static void open_one(struct loop *loop, struct one *one)
{
    struct scene *scene = loop->scene;
    memset(one, 0, sizeof(*one));
    one->loop = loop;
    EXPECT(SC_OK, sc_async_batch(loop->async, &one->batch, &scene->err));
}

static void submit(struct loop *loop, struct one *one, int timeout_ms)
{
    struct scene *scene = loop->scene;
    EXPECT(SC_OK, sc_async_submit(one->batch, timeout_ms, told, one, &scene->err));
}

static void start(struct loop *loop, struct one *one, const struct sc__stmt *stmt,
                  const char *text, int timeout_ms)
{
    open_one(loop, one);
    assert_int_equal(say(sc_queue(one->batch), stmt, text, &one->text), SC_QUEUED);
    submit(loop, one, timeout_ms);
}

static void end_one(struct one *one)
{
    sc_free(one->text);
    one->text = NULL;
    sc_batch_close(one->batch);
}

static void expect_one(struct one *one, enum sc_status status, const char *text)
{
    if (one->times != 1 || one->status != status)
        fail_msg("told %d times, %s: %s", one->times, sc_status_name(one->status),
                 one->err.message);
    if (text)
        assert_string_equal(one->text, text);
    end_one(one);
}

static const char *ask_pid(struct loop *loop, char *to)
{
    struct one one;
    start(loop, &one, &pid, NULL, 0);
    run_until(loop, loop->told + 1);
    assert_int_equal(one.status, SC_OK);
    snprintf(to, 20, "%s", one.text);
    end_one(&one);
    return to;
}

/* ---- in flight ------------------------------------------------------------------------------------ */

enum { MANY = 600 };

static void many_are_in_flight(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    static struct one ones[MANY];
    char text[20];
    for (int i = 0; i < MANY; i++) {
        snprintf(text, sizeof(text), "text %d", i);
        start(&loop, &ones[i], &echo, text, 0);
    }
    assert_int_equal(sc_async_pending(loop.async), MANY);
    run_until(&loop, MANY);
    for (int i = 0; i < MANY; i++) {
        snprintf(text, sizeof(text), "text %d", i);
        assert_int_equal(ones[i].order, i + 1);
        expect_one(&ones[i], SC_OK, text);
    }
    assert_int_equal(sc_async_pending(loop.async), 0);
    assert_true(sc_async_deadline(loop.async) == INT64_MAX);
    sc_async_close(loop.async);
}

/* One that fails undoes nothing of the others, whose statements it shares. */
static void failures_stay_alone(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    struct one ones[40];
    for (int i = 0; i < 40; i++) {
        char id[20];
        snprintf(id, sizeof(id), "p%d", i % 3 ? i : 0);
        open_one(&loop, &ones[i]);
        struct sc_db *queue = sc_queue(ones[i].batch);
        const struct person_new values = { .id = id,
                                           .email = id,
                                           .mood = SC(MOOD_CALM) };
        (void)!sc__run_insert(queue, &person_insert, &values, NULL, NULL);
        (void)!say(queue, &echo, "after", NULL);
        submit(&loop, &ones[i], 0);
    }
    run_until(&loop, 40);
    for (int i = 0; i < 40; i++) {
        bool twice = i && i % 3 == 0;
        assert_int_equal(sc_batch_status(ones[i].batch, 1, NULL),
                         twice ? SC_NOT_RUN : SC_OK);
        expect_one(&ones[i], twice ? SC_UNIQUE : SC_OK, NULL);
        if (twice)
            assert_string_equal(ones[i].err.constraint_name, "people_pkey");
    }
    assert_string_equal(look(scene, "select count(*) from t.people"), "27");
    sc_async_close(loop.async);
}

static void calls_may_be_independent(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    const struct sc_batch_options options = { .mode = SC_INDEPENDENT };
    struct one one;
    open_one(&loop, &one);
    EXPECT(SC_OK, sc_batch_set(one.batch, &options, &scene->err));
    for (int i = 0; i < 6; i++) {
        const struct person_new values = { .id = i % 2 ? "same" : "other",
                                           .email = i % 2 ? "same" : "other" };
        (void)!sc__run_insert(sc_queue(one.batch), &person_insert, &values, NULL, NULL);
    }
    submit(&loop, &one, 0);
    run_until(&loop, 1);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(sc_batch_status(one.batch, i, NULL),
                         i < 2 ? SC_OK : SC_UNIQUE);
    expect_one(&one, SC_UNIQUE, NULL);
    sc_async_close(loop.async);
}

/* A statement that goes stale between two batches. */
static void a_stale_plan_is_mended(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    struct one ones[8];
    struct person *person = NULL;
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 8; i++) {
            open_one(&loop, &ones[i]);
            (void)!get_person(sc_queue(ones[i].batch), "a", NULL, NULL);
            submit(&loop, &ones[i], 0);
        }
        run_until(&loop, 8 * (round + 1));
        for (int i = 0; i < 8; i++) {
            assert_int_equal(ones[i].status, SC_OK);
            EXPECT(SC_OK,
                   sc__take(ones[i].batch, 0, &person_row, &person, NULL, &scene->err));
            assert_string_equal(person->id, "a");
            sc_free(person);
            expect_one(&ones[i], SC_OK, NULL);
        }
        elsewhere(scene, "alter table t.people alter column email type varchar(99)");
    }
    sc_async_close(loop.async);
}

/* More in both directions than all buffers between hold: whoever only sends, hangs. */
static void large_ones_do_not_block_each_other(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    enum { LARGE = 400000, COUNT = 50 };
    struct one ones[COUNT];
    char *text = malloc(LARGE + 1);
    assert_non_null(text);
    memset(text, 'x', LARGE);
    text[LARGE] = 0;
    for (int i = 0; i < COUNT; i++)
        start(&loop, &ones[i], &echo, text, 0);
    run_until(&loop, COUNT);
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(strlen(ones[i].text), LARGE);
        expect_one(&ones[i], SC_OK, NULL);
    }
    free(text);
    sc_async_close(loop.async);
}

/* ---- inside a done ------------------------------------------------------------------------------------ */

struct chain {
    struct one one;
    int left;
    struct person *person;
    bool closes_batch;
    bool closes_async;
};

static void go_on(struct sc_batch *batch, enum sc_status status,
                  const struct sc_error *err, void *arg)
{
    struct chain *chain = arg;
    struct loop *loop = chain->one.loop;
    struct scene *scene = loop->scene;
    told(batch, status, err, &chain->one);
    if (status == SC_OK)
        EXPECT(SC_OK,
               sc__take(batch, 0, &person_row, &chain->person, NULL, &scene->err));
    sc_free(chain->person);
    chain->person = NULL;
    if (chain->closes_batch)
        sc_batch_close(batch);
    if (chain->closes_async)
        sc_async_close(loop->async);
    if (chain->left-- <= 0)
        return;
    sc_batch_reset(batch);
    (void)!get_person(sc_queue(batch), "a", NULL, NULL);
    EXPECT(SC_OK, sc_async_submit(batch, 0, go_on, chain, &scene->err));
    sc_async_step(loop->async, 0); /* does nothing here */
}

static void begin_chain(struct loop *loop, struct chain *chain)
{
    struct scene *scene = loop->scene;
    open_one(loop, &chain->one);
    (void)!get_person(sc_queue(chain->one.batch), "a", NULL, NULL);
    EXPECT(SC_OK, sc_async_submit(chain->one.batch, 0, go_on, chain, &scene->err));
}

static void a_done_may_do_anything(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    struct chain chain = { .left = 20 }, parting = { .closes_batch = true };
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    begin_chain(&loop, &chain);
    begin_chain(&loop, &parting);
    run_until(&loop, 22);
    assert_int_equal(chain.one.times, 21);
    assert_int_equal(chain.one.status, SC_OK);
    sc_batch_close(chain.one.batch);

    struct chain last = { .closes_async = true };
    struct one after, waiting;
    begin_chain(&loop, &last);
    start(&loop, &after, &echo, "x", 0);
    start(&loop, &waiting, &echo, "x", 0);
    while (last.one.times == 0)
        turn(&loop);
    assert_int_equal(last.one.status, SC_OK);
    expect_one(&after, SC_CANCELLED, NULL);
    assert_int_equal(waiting.status, SC_CANCELLED);
    sc_batch_reset(waiting.batch);
    assert_int_equal(sc_async_submit(waiting.batch, 0, told, &waiting, &scene->err),
                     SC_MISUSE);
    end_one(&waiting);
    sc_batch_close(last.one.batch);
}

static void batches_may_be_closed_in_flight(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    struct one ones[20];
    char *texts[20]; /* not to be written to any more */
    for (int i = 0; i < 20; i++) {
        start(&loop, &ones[i], &echo, "x", 0);
        texts[i] = NULL;
    }
    while (!sc_async_connected(loop.async))
        turn(&loop); /* they are sent */
    for (int i = 0; i < 20; i += 2)
        sc_batch_close(ones[i].batch);
    assert_int_equal(sc_async_pending(loop.async), 10);
    run_until(&loop, 10);
    for (int i = 0; i < 20; i++)
        if (i % 2)
            expect_one(&ones[i], SC_OK, "x");
        else
            assert_ptr_equal(ones[i].text, texts[i]);
    sc_async_close(loop.async);
}

/* Nobody waits for it any more; that does not undo it. */
static void a_closed_batch_is_run_to_its_end(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    struct one write, last;
    start(&loop, &write, &slow_write, NULL, 0);
    while (!sc_async_connected(loop.async))
        turn(&loop);
    start(&loop, &last, &echo, "x", 0);
    turn(&loop);
    sc_batch_close(write.batch);
    run_until(&loop, 1);
    expect_one(&last, SC_OK, "x");
    assert_string_equal(look(scene, "select count(*) from t.kept"), "1");
    sc_async_close(loop.async);
}

/* ---- time ----------------------------------------------------------------------------------------------- */

static void expect_ms(int64_t from, int64_t to, int least, int most)
{
    int64_t ms = (to - from) / 1000000;
    if (ms < least || ms > most)
        fail_msg("%d ms, not %d to %d", (int)ms, least, most);
}

static void time_runs_out(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    struct one slow, behind, patient;
    char before[20], after[20];
    ask_pid(&loop, before);
    int64_t begun = sc__clock();
    start(&loop, &slow, &nap, "30", 300);
    start(&loop, &behind, &echo, "x", 100);
    start(&loop, &patient, &echo, "patient", 0);
    run_until(&loop, 4);
    expect_ms(begun, behind.at, 100, 280); /* told while the first one still runs */
    expect_ms(begun, slow.at, 300, 2500);
    assert_string_equal(slow.err.message,
                        "the batch's time was over: it was cancelled");
    expect_one(&slow, SC_TIMEOUT, NULL);
    expect_one(&behind, SC_TIMEOUT, NULL);
    expect_one(&patient, SC_OK, "patient");
    assert_string_equal(ask_pid(&loop, after), before); /* the same connection */
    expect_ms(0, loop.longest, 0, 200);
    sc_async_close(loop.async);
}

/* Independent calls: each that still runs is cancelled. */
static void time_runs_out_for_independent_calls(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    const struct sc_batch_options options = { .mode = SC_INDEPENDENT };
    struct one one;
    char *texts[5];
    open_one(&loop, &one);
    EXPECT(SC_OK, sc_batch_set(one.batch, &options, &scene->err));
    for (int i = 0; i < 5; i++)
        (void)!say(sc_queue(one.batch), &nap, i ? "30" : "0", &texts[i]);
    int64_t begun = sc__clock();
    submit(&loop, &one, 200);
    run_until(&loop, 1);
    expect_ms(begun, one.at, 200, 4500);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(sc_batch_status(one.batch, i, NULL), i ? SC_TIMEOUT : SC_OK);
    assert_string_equal(texts[0], "slept");
    sc_free(texts[0]);
    expect_one(&one, SC_TIMEOUT, NULL);
    sc_async_close(loop.async);
}

static void one_may_be_cancelled(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    struct one slow, behind, waiting;
    char before[20], after[20];
    ask_pid(&loop, before);
    start(&loop, &waiting, &echo, "x", 0);
    sc_async_cancel(waiting.batch); /* not sent yet */
    run_until(&loop, 2);
    assert_string_equal(waiting.err.message,
                        "the batch was cancelled before it was sent");
    expect_one(&waiting, SC_CANCELLED, NULL);
    start(&loop, &slow, &nap, "30", 0);
    start(&loop, &behind, &nap, "30", 0);
    for (int i = 0; i < 3; i++)
        sc_async_step(loop.async, 0);
    sc_async_cancel(behind.batch);
    run_until(&loop, 3);
    expect_one(&behind, SC_CANCELLED, NULL); /* at once; and it never runs its time */
    sc_async_cancel(slow.batch);
    run_until(&loop, 4);
    assert_string_equal(slow.err.message, "the batch was cancelled");
    expect_one(&slow, SC_CANCELLED, NULL);
    assert_string_equal(ask_pid(&loop, after), before);
    sc_async_cancel(NULL);
    sc_async_close(loop.async);
}

/* A cancel that comes too late for its own batch must not end another's. */
static void a_cancel_strikes_nobody_else(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    int dones = 0;
    for (int i = 0; i < 40; i++) {
        struct one ones[6];
        char seconds[20];
        snprintf(seconds, sizeof(seconds), "0.0%02d", i % 13);
        for (int k = 0; k < 6; k++)
            start(&loop, &ones[k], &nap, k ? "0.004" : seconds, k ? 0 : 5);
        run_until(&loop, dones += 6);
        if (ones[0].status != SC_OK)
            assert_int_equal(ones[0].status, SC_TIMEOUT);
        end_one(&ones[0]);
        for (int k = 1; k < 6; k++)
            expect_one(&ones[k], SC_OK, "slept");
    }
    sc_async_close(loop.async);
}

static void time_runs_out_before_there_is_a_connection(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_at(scene, "host=/nowhere dbname=x", NULL);
    struct one first, second;
    start(&loop, &first, &echo, "x", 0);
    run_until(&loop, 1);
    assert_non_null(strstr(first.err.message, "/nowhere"));
    expect_one(&first, SC_CONNECTION, NULL);
    for (int i = 0; i < 3; i++) { /* until the pauses are long */
        start(&loop, &second, &echo, "x", 0);
        run_until(&loop, i + 2);
        expect_one(&second, SC_CONNECTION, NULL);
    }
    start(&loop, &second, &echo, "x", 20);
    run_until(&loop, 5);
    assert_non_null(strstr(second.err.message, "before it was sent: "));
    expect_one(&second, SC_TIMEOUT, NULL);
    sc_async_close(loop.async);
}

/* A server that answers neither the batch nor its cancellation, which libpq can only send
 * by waiting. */
static void a_cancel_does_not_block(void **state)
{
    struct scene *scene = *state;
    const enum manner manners[] = { PRIMARY };
    struct greeters all;
    char url[200];
    struct one slow;
    greeters_open(&all, manners, 1);
    snprintf(url, sizeof(url),
             "host=127.0.0.1 port=%d user=u dbname=d sslmode=disable"
             " gssencmode=disable",
             all.port);
    struct loop loop = open_at(scene, url, NULL);
    int64_t begun = sc__clock();
    start(&loop, &slow, &echo, "x", 100);
    run_until(&loop, 1);
    expect_ms(begun, slow.at, 5000, 9000); /* the patience with a cancellation */
    expect_ms(0, loop.longest, 0, 200);
    assert_string_equal(slow.err.message,
                        "the batch's time was over, and the server did not answer");
    expect_one(&slow, SC_TIMEOUT, NULL);
    sc_async_close(loop.async);
    greeters_close(&all);
}

/* ---- losses -------------------------------------------------------------------------------------------- */

static void cut(struct loop *loop, const char *which)
{
    char sql[100];
    (void)loop;
    snprintf(sql, sizeof(sql), "select pg_terminate_backend(%s, 5000)", which);
    elsewhere(loop->scene, sql);
}

static void a_lost_connection_is_made_again(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    struct one reads, writes, queued[3];
    char before[20], after[20];
    ask_pid(&loop, before);
    for (int i = 0; i < 2; i++) { /* the second time it is prepared: sent at once */
        if (i)
            start(&loop, &reads, &nap, "0.5", 0);
        open_one(&loop, &writes);
        (void)!add_person(sc_queue(writes.batch), i ? "w" : "v", i ? "w" : "v", NULL,
                          NULL);
        submit(&loop, &writes, 0);
        if (i)
            continue;
        run_until(&loop, 2);
        expect_one(&writes, SC_OK, NULL);
    }
    for (int i = 0; i < 3; i++)
        sc_async_step(loop.async, 0); /* both are sent */
    cut(&loop, before);
    for (int i = 0; i < 3; i++)
        start(&loop, &queued[i], &echo, "queued", 0);
    run_until(&loop, 7);
    expect_one(&writes, SC_CONNECTION, NULL);
    expect_one(&reads, SC_OK, "slept");
    for (int i = 0; i < 3; i++)
        expect_one(&queued[i], SC_OK, "queued");
    assert_string_not_equal(ask_pid(&loop, after), before);
    assert_string_equal(look(scene, "select string_agg(id, '') from t.people"), "v");
    /* An idle one is made again before it is needed. */
    cut(&loop, after);
    assert_string_not_equal(ask_pid(&loop, before), after);
    sc_async_close(loop.async);
}

static void one_that_stays_down(void **state)
{
    struct scene *scene = *state;
    const struct sc_async_options options = { .stay_down = true };
    struct loop loop = open_at(scene, scene->test.url, &options);
    struct one reads, waits;
    char name[20];
    ask_pid(&loop, name);
    start(&loop, &reads, &nap, "5", 0);
    sc_async_step(loop.async, 0);
    cut(&loop, name);
    run_until(&loop, 2);
    expect_one(&reads, SC_CONNECTION, NULL);
    open_one(&loop, &waits);
    (void)!say(sc_queue(waits.batch), &echo, "x", &waits.text);
    EXPECT(SC_CONNECTION, sc_async_submit(waits.batch, 0, told, &waits, &scene->err));
    assert_int_equal(waits.times, 0);
    assert_int_equal(sc_async_fd(loop.async), -1);
    end_one(&waits);
    sc_async_close(loop.async);
}

/* ---- transactions, hooks, misuse ----------------------------------------------------------------------- */

static void a_batch_may_be_a_transaction(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    const struct sc_tx_options tx = { .isolation = SC_SERIALIZABLE };
    const struct sc_batch_options options = { .tx = &tx };
    struct one ones[3];
    for (int i = 0; i < 3; i++) {
        open_one(&loop, &ones[i]);
        EXPECT(SC_OK, sc_batch_set(ones[i].batch, &options, &scene->err));
        (void)!add_person(sc_queue(ones[i].batch), i ? "same" : "a", i ? "same" : "a",
                          NULL, NULL);
        submit(&loop, &ones[i], 0);
    }
    run_until(&loop, 3);
    expect_one(&ones[0], SC_OK, NULL);
    expect_one(&ones[1], SC_OK, NULL);
    expect_one(&ones[2], SC_UNIQUE, NULL);
    sc_async_close(loop.async);
}

static int starts, ends;
static void hook_start(void *user, const struct sc_event *event)
{
    (void)user;
    (void)event;
    starts++;
}
static void hook_end(void *user, const struct sc_event *event)
{
    assert_string_equal(event->query, "echo");
    assert_ptr_equal(user, &starts);
    ends++;
}

static void hooks_hear_of_each_call(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    const struct sc_hooks hooks = { .user = &starts,
                                    .start = hook_start,
                                    .end = hook_end };
    struct one ones[5];
    sc_async_set_hooks(loop.async, &hooks);
    starts = ends = 0;
    for (int i = 0; i < 5; i++)
        start(&loop, &ones[i], &echo, "x", 0);
    run_until(&loop, 5);
    for (int i = 0; i < 5; i++)
        expect_one(&ones[i], SC_OK, "x");
    assert_int_equal(starts, 5);
    assert_int_equal(ends, 5);
    sc_async_close(loop.async);
}

static void misuse(void **state)
{
    struct scene *scene = *state;
    struct loop loop = open_loop(scene);
    struct one one, empty, lacking;
    struct sc_batch *batch;
    struct sc_async *async = (void *)1;
    start(&loop, &one, &echo, "x", 0);
    EXPECT(SC_MISUSE, sc_async_submit(one.batch, 0, told, &one, &scene->err));
    EXPECT(SC_MISUSE, sc_batch_run(one.batch, &scene->err));
    sc_batch_reset(one.batch); /* nothing */
    run_until(&loop, 1);
    EXPECT(SC_MISUSE, sc_async_submit(one.batch, 0, told, &one, &scene->err));
    expect_one(&one, SC_OK, "x");
    open_one(&loop, &empty);
    submit(&loop, &empty, 0);
    run_until(&loop, 2);
    expect_one(&empty, SC_OK, NULL);
    open_one(&loop, &lacking);
    (void)!add_person(sc_queue(lacking.batch), NULL, "x", NULL, NULL);
    EXPECT(SC_NOT_NULL, sc_async_submit(lacking.batch, 0, told, &lacking, &scene->err));
    assert_int_equal(lacking.times, 0);
    end_one(&lacking);
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_MISUSE, sc_async_submit(batch, 0, told, NULL, &scene->err));
    EXPECT(SC_MISUSE, sc_async_submit(NULL, 0, told, NULL, &scene->err));
    sc_batch_close(batch);
    sc_async_close(loop.async);
    sc_async_close(NULL);
    EXPECT(SC_MISUSE,
           sc_async_open(scene->test.url, &(struct sc_async_options){ .window = -1 },
                         &async, &scene->err));
    assert_null(async);
    EXPECT(SC_CONNECTION, sc_async_open("no url=", NULL, &async, &scene->err));
    EXPECT(SC_MISUSE, sc_async_batch(NULL, &batch, &scene->err));
    assert_null(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(many_are_in_flight),
        SCENE_TEST(failures_stay_alone),
        SCENE_TEST(calls_may_be_independent),
        SCENE_TEST(a_stale_plan_is_mended),
        SCENE_TEST(large_ones_do_not_block_each_other),
        SCENE_TEST(a_done_may_do_anything),
        SCENE_TEST(batches_may_be_closed_in_flight),
        SCENE_TEST(a_closed_batch_is_run_to_its_end),
        SCENE_TEST(time_runs_out),
        SCENE_TEST(time_runs_out_for_independent_calls),
        SCENE_TEST(one_may_be_cancelled),
        SCENE_TEST(a_cancel_strikes_nobody_else),
        SCENE_TEST(time_runs_out_before_there_is_a_connection),
        SCENE_TEST(a_cancel_does_not_block),
        SCENE_TEST(a_lost_connection_is_made_again),
        SCENE_TEST(one_that_stays_down),
        SCENE_TEST(a_batch_may_be_a_transaction),
        SCENE_TEST(hooks_hear_of_each_call),
        SCENE_TEST(misuse),
    };
    return cmocka_run_group_tests_name("async", tests, NULL, NULL);
}
