/* async_time_test.c: batches in flight whose time is over, or that are cancelled. */
#include "tests/db/support/flights.h"
#include "tests/db/support/greeters.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(time_runs_out),
        SCENE_TEST(time_runs_out_for_independent_calls),
        SCENE_TEST(one_may_be_cancelled),
        SCENE_TEST(a_cancel_strikes_nobody_else),
        SCENE_TEST(time_runs_out_before_there_is_a_connection),
        SCENE_TEST(a_cancel_does_not_block),
    };
    return cmocka_run_group_tests_name("async_time", tests, NULL, NULL);
}
