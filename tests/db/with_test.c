/* with_test.c: calls with a time of their own: on connections, pools, transactions and
 * batches; against servers that are slow, locked, silent or not to be reached; and that the
 * connection is fit or gone afterwards. */
#include "tests/db/support/greeters.h"
#include "tests/db/support/mute.h"
#include "tests/db/support/scene.h"
#include "tests/db/support/threads.h"
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The call gives `want` between `least` seconds and half a second more. */
#define TAKES(least, want, call)                                              \
    do {                                                                      \
        double begun_ = seconds();                                            \
        EXPECT((want), (call));                                               \
        double took_ = seconds() - begun_;                                    \
        if (took_ < (least) || took_ > (least) + 0.5) {                       \
            print_error("line %d: %.3f s instead of %.3f\n", __LINE__, took_, \
                        (double)(least));                                     \
            fail();                                                           \
        }                                                                     \
    } while (0)

static const struct sc__stmt nap = { .label = "nap",
                                     .sql = "select 1::int8 from pg_sleep(30)",
                                     .row = &count_row,
                                     .want = SC__WANT_VALUE };

static enum sc_status sleep_long(struct sc_db *db, struct sc_error *err)
{
    int64_t n;
    return sc__run(db, &nap, 0, NULL, &n, NULL, err);
}

static enum sc_status count(struct sc_db *db, struct sc_error *err)
{
    int64_t n;
    return count_people(db, &n, err);
}

#define WITHIN(ms) (&(struct sc_call){ .timeout_ms = (ms) })

static struct sc_db *open_pool(struct scene *scene, int max)
{
    struct sc_db *pool;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &(struct sc_pool_options){ .max = max },
                               &pool, &scene->err));
    return pool;
}

/* ---- what is cancelled ---------------------------------------------------------------------- */

static void a_slow_call_is_cancelled_and_its_connection_kept(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    int pid = pid_of(scene, scene->db);
    for (int i = 0; i < 3; i++) {
        TAKES(0.2, SC_TIMEOUT,
              sleep_long(sc_with(scene->db, WITHIN(200), &view), &scene->err));
        assert_string_equal(scene->err.message,
                            "the call's time was over: it was cancelled");
        assert_string_equal(scene->err.sqlstate, "57014");
        assert_string_equal(scene->err.query, "nap");
        EXPECT(SC_OK, count(scene->db, &scene->err));
        EXPECT(SC_OK, count(sc_with(scene->db, WITHIN(5000), &view), &scene->err));
    }
    assert_int_equal(pid_of(scene, scene->db), pid);
}

static void sql_of_ones_own_too(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    int pid = pid_of(scene, scene->db);
    TAKES(0.1, SC_TIMEOUT,
          sc_query(sc_with(scene->db, WITHIN(100), &view), "select pg_sleep(30)", NULL,
                   0, NULL, &scene->err));
    assert_int_equal(pid_of(scene, scene->db), pid);
}

static void a_write_that_waits_for_a_lock_leaves_nothing(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *pool = open_pool(scene, 2), *tx;
    struct person *person;
    EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
    EXPECT(SC_OK, add_person(tx, "a", "a", NULL, &scene->err));
    TAKES(
        0.2, SC_TIMEOUT,
        add_person(sc_with(pool, WITHIN(200), &view), "a", "b", &person, &scene->err));
    assert_null(person);
    sc_tx_rollback(tx);
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    EXPECT(SC_OK, add_person(sc_with(pool, WITHIN(5000), &view), "a", "b", &person,
                             &scene->err));
    sc_free(person);
    sc_close(pool);
}

/* ---- transactions --------------------------------------------------------------------------- */

static void a_call_in_a_transaction(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *pool = open_pool(scene, 1), *tx, *inner;
    EXPECT(SC_OK,
           sc_tx_begin(sc_with(pool, WITHIN(3000), &view), NULL, &tx, &scene->err));
    int pid = pid_of(scene, tx);
    EXPECT(SC_OK, add_person(tx, "a", "a", NULL, &scene->err));
    EXPECT(SC_OK,
           sc_tx_begin(sc_with(tx, WITHIN(3000), &view), NULL, &inner, &scene->err));
    TAKES(0.1, SC_TIMEOUT, sleep_long(sc_with(inner, WITHIN(100), &view), &scene->err));
    EXPECT(SC_NOT_RUN, count(inner, &scene->err));
    EXPECT(SC_TIMEOUT, sc_tx_commit(inner, &scene->err)); /* why it had failed */
    EXPECT(SC_OK, count(tx, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(sc_with(tx, WITHIN(3000), &view), &scene->err));
    assert_string_equal(look(scene, "select count(*) from t.people"), "1");
    assert_int_equal(pid_of(scene, pool), pid);
    sc_close(pool);
}

static enum sc_status sleep_often(struct sc_db *tx, void *arg, struct sc_error *err)
{
    int *runs = arg;
    ++*runs;
    enum sc_status status = sc_query(tx, "select pg_sleep(0.15)", NULL, 0, NULL, err);
    return status == SC_OK ? sleep_long(tx, err) : status;
}

static void all_of_a_transaction_that_is_run(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    int runs = 0, pid = pid_of(scene, scene->db);
    TAKES(0.3, SC_TIMEOUT,
          sc_tx_run(sc_with(scene->db, WITHIN(300), &view), NULL, sleep_often, &runs,
                    &scene->err));
    assert_int_equal(runs, 1);
    assert_int_equal(pid_of(scene, scene->db), pid);
}

/* ---- batches --------------------------------------------------------------------------------- */

static void a_batch(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch;
    int64_t n = 7;
    int pid = pid_of(scene, scene->db);
    {
        struct sc_view view; /* it need not live as long as the batch */
        EXPECT(SC_OK, sc_batch_open(sc_with(scene->db, WITHIN(150), &view), &batch,
                                    &scene->err));
        memset(&view, 0x5a, sizeof(view));
    }
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "a", "a", NULL, &scene->err));
    EXPECT(SC_QUEUED, sc__run(sc_queue(batch), &nap, 0, NULL, &n, NULL, &scene->err));
    TAKES(0.15, SC_TIMEOUT, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 1);
    assert_int_equal(sc_batch_status(batch, 0, NULL), SC_NOT_RUN);
    sc_batch_close(batch);
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    assert_int_equal(pid_of(scene, scene->db), pid);
    /* one call of it has no time of its own */
    struct sc_view view;
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_MISUSE, count(sc_with(sc_queue(batch), WITHIN(150), &view), &scene->err));
    sc_batch_close(batch);
}

/* ---- bulk ------------------------------------------------------------------------------------- */

static void a_load_that_waits_for_a_lock(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *tx, *other;
    const struct person_new people[] = { { .id = "a", .email = "a" } };
    EXPECT(SC_OK, sc_open(scene->test.url, &other, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(other, NULL, &tx, &scene->err));
    EXPECT(SC_OK, sc_query(tx, "lock table t.people in share mode", NULL, 0, NULL,
                           &scene->err));
    int pid = pid_of(scene, scene->db);
    TAKES(0.2, SC_TIMEOUT,
          sc__load(sc_with(scene->db, WITHIN(200), &view), &person_insert, people,
                   sizeof(*people), 1, &scene->err));
    sc_tx_rollback(tx);
    sc_close(other);
    EXPECT(SC_OK, sc__load(sc_with(scene->db, WITHIN(5000), &view), &person_insert,
                           people, sizeof(*people), 1, &scene->err));
    assert_int_equal(pid_of(scene, scene->db), pid);
}

/* ---- pools ------------------------------------------------------------------------------------ */

static void waiting_for_a_connection_counts(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *pool = open_pool(scene, 1), *tx = hold_one(pool);
    TAKES(0.15, SC_TIMEOUT, count(sc_with(pool, WITHIN(150), &view), &scene->err));
    assert_non_null(strstr(scene->err.message, "no connection became free"));
    sc_tx_rollback(tx);
    EXPECT(SC_OK, count(sc_with(pool, WITHIN(150), &view), &scene->err));
    sc_close(pool);
}

/* ---- servers that say nothing ------------------------------------------------------------------ */

static void connecting_counts(void **state)
{
    struct scene *scene = *state;
    struct mute mute;
    struct sc_view view;
    struct sc_db *pool;
    mute_open(&mute);
    EXPECT(SC_OK, sc_pool_open(mute.url, NULL, &pool, &scene->err));
    TAKES(0.2, SC_TIMEOUT, count(sc_with(pool, WITHIN(200), &view), &scene->err));
    sc_close(pool);
    mute_close(&mute);
}

/* Greets, and then neither answers nor takes a cancellation. */
static void *greet_and_fall_silent(void *arg)
{
    const struct mute *mute = arg;
    struct greeters primary = { .manners = { PRIMARY } };
    int fd = accept(mute->listener, NULL, NULL);
    if (fd < 0)
        return NULL;
    greet_one(&primary, 0, fd);
    close(fd);
    return NULL;
}

static void a_server_that_is_gone_costs_a_second_more(void **state)
{
    struct scene *scene = *state;
    struct mute mute;
    struct sc_view view;
    struct sc_db *db;
    pthread_t thread;
    mute_open(&mute);
    assert_int_equal(pthread_create(&thread, NULL, greet_and_fall_silent, &mute), 0);
    EXPECT(SC_OK, sc_open(mute.url, &db, &scene->err));
    TAKES(1.2, SC_TIMEOUT, sleep_long(sc_with(db, WITHIN(200), &view), &scene->err));
    assert_string_equal(scene->err.message,
                        "the call's time was over, and a cancellation was not answered:"
                        " the connection is given up");
    /* a new one is made, which nobody answers either */
    TAKES(0.2, SC_TIMEOUT, count(sc_with(db, WITHIN(200), &view), &scene->err));
    pthread_join(thread, NULL);
    sc_close(db);
    mute_close(&mute);
}

/* ---- views of views ---------------------------------------------------------------------------- */

static void a_view_of_a_view(void **state)
{
    struct scene *scene = *state;
    struct sc_view one, two;
    struct sc_db *outer = sc_with(scene->db, WITHIN(200), &one);
    TAKES(0.2, SC_TIMEOUT,
          sleep_long(sc_with(outer, &(struct sc_call){ .route = SC_REPLICA }, &two),
                     &scene->err));
    TAKES(0.1, SC_TIMEOUT, sleep_long(sc_with(outer, WITHIN(100), &two), &scene->err));
    assert_null(sc_with(NULL, WITHIN(1), &one));
    EXPECT(SC_MISUSE, count(sc_with(scene->db, WITHIN(-1), &one), &scene->err));
    assert_ptr_equal(sc_borrow(sc_with(scene->db, WITHIN(9), &one)),
                     sc_borrow(scene->db));
    EXPECT(SC_OK, count(scene->db, &scene->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_slow_call_is_cancelled_and_its_connection_kept),
        SCENE_TEST(sql_of_ones_own_too),
        SCENE_TEST(a_write_that_waits_for_a_lock_leaves_nothing),
        SCENE_TEST(a_call_in_a_transaction),
        SCENE_TEST(all_of_a_transaction_that_is_run),
        SCENE_TEST(a_batch),
        SCENE_TEST(a_load_that_waits_for_a_lock),
        SCENE_TEST(waiting_for_a_connection_counts),
        SCENE_TEST(connecting_counts),
        SCENE_TEST(a_server_that_is_gone_costs_a_second_more),
        SCENE_TEST(a_view_of_a_view),
    };
    return cmocka_run_group_tests_name("with", tests, NULL, NULL);
}
