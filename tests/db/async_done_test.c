/* async_done_test.c: what a done may do, and batches that are closed in flight. */
#include "tests/db/support/flights.h"

static const struct sc__stmt slow_write = {
    .label = "slow_write",
    .sql = "create table t.kept as select 1 as v from pg_sleep(0.3)",
    .want = SC__WANT_EXEC,
    .flags = SC__WRITE
};

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_done_may_do_anything),
        SCENE_TEST(batches_may_be_closed_in_flight),
        SCENE_TEST(a_closed_batch_is_run_to_its_end),
    };
    return cmocka_run_group_tests_name("async_done", tests, NULL, NULL);
}
