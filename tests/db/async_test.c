/* async_test.c: many batches on a connection that never blocks: who is told what, whatever
 * happens to the batches, the statements and the connection. */
#include "tests/db/support/flights.h"

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

static void count_start(void *user, const struct sc_event *event)
{
    (void)event;
    ++*(int *)user;
}
static void count_end(void *user, const struct sc_event *event)
{
    --*(int *)user;
    assert_int_equal(event->status, SC_CONNECTION);
}

/* It would have travelled again, and there is no connection for it. */
static void hooks_hear_the_end_of_what_is_lost(void **state)
{
    struct scene *scene = *state;
    const struct sc_async_options options = { .stay_down = true };
    struct loop loop = open_at(scene, scene->test.url, &options);
    int under_way = 0;
    const struct sc_hooks hooks = { .user = &under_way,
                                    .start = count_start,
                                    .end = count_end };
    struct one reads;
    char name[20];
    ask_pid(&loop, name);
    sc_async_set_hooks(loop.async, &hooks);
    start(&loop, &reads, &nap, "5", 0);
    sc_async_step(loop.async, 0);
    assert_int_equal(under_way, 1);
    cut(&loop, name);
    run_until(&loop, 2);
    expect_one(&reads, SC_CONNECTION, NULL);
    assert_int_equal(under_way, 0);
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
        SCENE_TEST(a_lost_connection_is_made_again),
        SCENE_TEST(one_that_stays_down),
        SCENE_TEST(a_batch_may_be_a_transaction),
        SCENE_TEST(hooks_hear_of_each_call),
        SCENE_TEST(hooks_hear_the_end_of_what_is_lost),
        SCENE_TEST(misuse),
    };
    return cmocka_run_group_tests_name("async", tests, NULL, NULL);
}
