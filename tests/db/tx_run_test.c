/* tx_run_test.c: transactions that are run again: when, how often, and when never. */
#include "tests/db/support/scene.h"

#include <pthread.h>

struct work {
    struct scene *scene;
    struct sc_db *tx; /* of the last run */
    int runs;
    int failing;       /* runs that fail before one goes well */
    const char *state; /* with this SQLSTATE */
    enum sc_status own;
    bool silent; /* says SC_OK all the same */
};

/* Raises an SQLSTATE of one's choice. */
static enum sc_status raise_state(struct sc_db *tx, const char *state,
                                  struct sc_error *err)
{
    char sql[200];
    snprintf(sql, sizeof(sql),
             "do $$ begin raise exception 'so it is' using errcode = '%s'; end $$",
             state);
    return sc_query(tx, sql, NULL, 0, NULL, err);
}

static enum sc_status do_work(struct sc_db *tx, void *arg, struct sc_error *err)
{
    struct work *work = arg;
    char id[24];
    work->tx = tx;
    snprintf(id, sizeof(id), "run %d", ++work->runs);
    enum sc_status status = add_person(tx, id, id, NULL, err);
    if (status == SC_OK && work->runs <= work->failing)
        status = work->state ? raise_state(tx, work->state, err) : work->own;
    return work->silent ? SC_OK : status;
}

static const char *people(struct scene *scene)
{
    return look(scene, "select coalesce(string_agg(id, ',' order by id), '-')"
                       " from t.people");
}

static enum sc_status run(struct scene *scene, struct sc_db *db, struct work *work,
                          int attempts)
{
    const struct sc_tx_options options = { .attempts = attempts };
    return sc_tx_run(db, attempts ? &options : NULL, do_work, work, &scene->err);
}

static void what_goes_well_is_run_once(void **state)
{
    struct scene *scene = *state;
    struct work work = { .scene = scene };
    EXPECT(SC_OK, run(scene, scene->db, &work, 0));
    assert_int_equal(work.runs, 1);
    assert_string_equal(people(scene), "run 1");
}

static void conflicts_are_run_again(void **state)
{
    struct scene *scene = *state;
    static const char *const states[] = { "40001", "40P01" };
    for (size_t i = 0; i < 2; i++) {
        struct work work = { .failing = 3, .state = states[i] };
        elsewhere(scene, "truncate t.people cascade");
        memset(&scene->err, 'x', sizeof(scene->err));
        EXPECT(SC_OK, run(scene, scene->db, &work, 0));
        assert_int_equal(scene->err.message[0], 'x'); /* a success writes no error */
        assert_int_equal(work.runs, 4);
        assert_string_equal(people(scene), "run 4");
    }
}

static void not_for_ever(void **state)
{
    struct scene *scene = *state;
    struct work work = { .failing = 99, .state = "40001" };
    EXPECT(SC_SERIALIZATION, run(scene, scene->db, &work, 0));
    assert_int_equal(work.runs, 5);
    assert_string_equal(scene->err.message, "so it is");
    work = (struct work){ .failing = 99, .state = "40P01" };
    EXPECT(SC_DEADLOCK, run(scene, scene->db, &work, 2));
    assert_int_equal(work.runs, 2);
    assert_string_equal(people(scene), "-");
    EXPECT(SC_MISUSE, run(scene, scene->db, &work, -1));
    EXPECT(SC_MISUSE, sc_tx_run(scene->db, NULL, NULL, NULL, &scene->err));
    EXPECT(SC_MISUSE, sc_tx_run(NULL, NULL, do_work, &work, &scene->err));
}

static void what_is_no_conflict_is_not_run_again(void **state)
{
    struct scene *scene = *state;
    struct work work = { .failing = 1, .state = "23505" };
    EXPECT(SC_UNIQUE, run(scene, scene->db, &work, 0));
    assert_int_equal(work.runs, 1);
    work = (struct work){ .failing = 1, .own = SC_NOT_FOUND };
    EXPECT(SC_NOT_FOUND, run(scene, scene->db, &work, 0));
    assert_int_equal(work.runs, 1);
    assert_string_equal(scene->err.message, "the transaction's work gave NOT_FOUND");
    assert_string_equal(scene->err.query, "sc_tx_run");
    assert_string_equal(people(scene), "-");
}

/* A work that lets a failure pass: the commit tells what the server had aborted. */
static void a_failure_that_was_swallowed_counts(void **state)
{
    struct scene *scene = *state;
    struct work work = { .failing = 2, .state = "40001", .silent = true };
    EXPECT(SC_OK, run(scene, scene->db, &work, 0));
    assert_int_equal(work.runs, 3);
    assert_string_equal(people(scene), "run 3");
}

static enum sc_status go_stale(struct sc_db *tx, void *arg, struct sc_error *err)
{
    struct work *work = arg;
    struct person *person;
    if (work->runs++ == 0)
        elsewhere(work->scene, "alter table t.people alter score type numeric(12, 2)");
    enum sc_status status = get_person(tx, "a", &person, err);
    sc_free(person);
    return status;
}

static void a_statement_that_went_stale_is_run_again(void **state)
{
    struct scene *scene = *state;
    struct work work = { .scene = scene };
    struct person *person;
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    for (int i = 0; i < 2; i++) {
        EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
        sc_free(person);
    }
    EXPECT(SC_OK, sc_tx_run(scene->db, NULL, go_stale, &work, &scene->err));
    assert_int_equal(work.runs, 2);
}

/* ---- inside another ---------------------------------------------------------------------------- */

struct nest {
    struct work inner;
    int runs;
    enum sc_status inside;
};

static enum sc_status nest(struct sc_db *tx, void *arg, struct sc_error *err)
{
    struct nest *nest = arg;
    nest->runs++;
    enum sc_status status = add_person(tx, "outer", "outer", NULL, err);
    if (status != SC_OK)
        return status;
    const struct sc_tx_options options = { .attempts = 9 };
    nest->inside = sc_tx_run(tx, &options, do_work, &nest->inner, NULL);
    return SC_OK;
}

static void inside_another_it_is_a_savepoint_run_once(void **state)
{
    struct scene *scene = *state;
    struct nest it = { .inner = { .failing = 1, .state = "23514" } };
    EXPECT(SC_OK, sc_tx_run(scene->db, NULL, nest, &it, &scene->err));
    assert_int_equal(it.inside, SC_CHECK);
    assert_int_equal(it.inner.runs, 1);
    assert_int_equal(it.runs, 1);
    assert_string_equal(people(scene), "outer");
    struct sc_db *tx;
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    const struct sc_tx_options options = { .isolation = SC_SERIALIZABLE };
    EXPECT(SC_MISUSE, sc_tx_run(tx, &options, do_work, &it.inner, &scene->err));
    EXPECT(SC_OK, run(scene, tx, &it.inner, 0));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    assert_string_equal(people(scene), "outer,run 2");
}

/* ---- what must not be ------------------------------------------------------------------------------ */

static enum sc_status end_it(struct sc_db *tx, void *arg, struct sc_error *err)
{
    struct work *work = arg;
    work->runs++;
    return sc_tx_commit(tx, err);
}

static enum sc_status end_it_and_fail(struct sc_db *tx, void *arg, struct sc_error *err)
{
    (void)end_it(tx, arg, err);
    err->status = SC_SERIALIZATION;
    return SC_SERIALIZATION;
}

static enum sc_status lose_it(struct sc_db *tx, void *arg, struct sc_error *err)
{
    struct work *work = arg;
    work->runs++;
    (void)err;
    cut_off(work->scene, tx);
    return SC_OK;
}

static void a_work_must_not_end_its_transaction(void **state)
{
    struct scene *scene = *state;
    struct work work = { .scene = scene };
    EXPECT(SC_MISUSE, sc_tx_run(scene->db, NULL, end_it, &work, &scene->err));
    EXPECT(SC_SERIALIZATION,
           sc_tx_run(scene->db, NULL, end_it_and_fail, &work, &scene->err));
    assert_int_equal(work.runs, 2); /* something may have been kept: not again */
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
}

static void an_unknown_outcome_is_never_run_again(void **state)
{
    struct scene *scene = *state;
    struct work work = { .scene = scene };
    enum sc_status status = sc_tx_run(scene->db, NULL, lose_it, &work, &scene->err);
    assert_true(status == SC_COMMIT_UNKNOWN || status == SC_CONNECTION);
    assert_int_equal(work.runs, 1);
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
}

/* ---- those who meet --------------------------------------------------------------------------------- */

struct counter {
    struct sc_db *pool;
    int runs;
    enum sc_status status;
    struct sc_error err;
};

static enum sc_status count_up(struct sc_db *tx, void *arg, struct sc_error *err)
{
    struct counter *counter = arg;
    struct sc_rows *rows;
    counter->runs++;
    enum sc_status status = sc_query(tx, "select uses from t.keys where token = 'k'",
                                     NULL, 0, &rows, err);
    if (status != SC_OK)
        return status;
    char text[32];
    const char *params[] = { text };
    snprintf(text, sizeof(text), "%ld",
             strtol(sc_rows_value(rows, 0, 0), NULL, 10) + 1);
    sc_rows_free(rows);
    return sc_query(tx, "update t.keys set uses = $1::int4 where token = 'k'", params,
                    1, NULL, err);
}

enum { COUNTERS = 4, TIMES = 20 };

static void *count_often(void *arg)
{
    struct counter *counter = arg;
    const struct sc_tx_options options = { .isolation = SC_SERIALIZABLE,
                                           .attempts = 50 };
    for (int i = 0; i < TIMES && counter->status == SC_OK; i++)
        counter->status = sc_tx_run(counter->pool, &options, count_up, counter,
                                    &counter->err);
    return NULL;
}

static void threads_that_collide_lose_nothing(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool;
    struct counter counters[COUNTERS];
    pthread_t threads[COUNTERS];
    int runs = 0;
    elsewhere(scene, "alter table t.keys drop constraint keys_uses_check;"
                     "insert into t.keys (token, uses) values ('k', 0)");
    EXPECT(SC_OK,
           sc_pool_open(scene->test.url, &(struct sc_pool_options){ .max = COUNTERS },
                        &pool, &scene->err));
    for (int i = 0; i < COUNTERS; i++) {
        counters[i] = (struct counter){ .pool = pool };
        pthread_create(&threads[i], NULL, count_often, &counters[i]);
    }
    for (int i = 0; i < COUNTERS; i++) {
        pthread_join(threads[i], NULL);
        scene->err = counters[i].err;
        EXPECT(SC_OK, counters[i].status);
        runs += counters[i].runs;
    }
    sc_close(pool);
    assert_string_equal(look(scene, "select uses from t.keys"), "80");
    assert_true(runs >= COUNTERS * TIMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(what_goes_well_is_run_once),
        SCENE_TEST(conflicts_are_run_again),
        SCENE_TEST(not_for_ever),
        SCENE_TEST(what_is_no_conflict_is_not_run_again),
        SCENE_TEST(a_failure_that_was_swallowed_counts),
        SCENE_TEST(a_statement_that_went_stale_is_run_again),
        SCENE_TEST(inside_another_it_is_a_savepoint_run_once),
        SCENE_TEST(a_work_must_not_end_its_transaction),
        SCENE_TEST(an_unknown_outcome_is_never_run_again),
        SCENE_TEST(threads_that_collide_lose_nothing),
    };
    return cmocka_run_group_tests_name("tx_run", tests, NULL, NULL);
}
