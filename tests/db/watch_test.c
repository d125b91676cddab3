/* watch_test.c: what is told of calls: hooks, slow ones, figures by query, and the name in
 * the server's own lists. */
#include "tests/db/support/scene.h"
#include "tests/db/support/threads.h"

/* ---- events ------------------------------------------------------------------------------ */

struct heard {
    int ends;
    int slow;
    struct sc_event last;
    struct sc_event last_slow;
    int64_t waited;
    char sqlstate[6];
    char all[4096]; /* every text there was */
};

static void keep(struct heard *heard, const struct sc_event *event)
{
    size_t length = strlen(heard->all);
    snprintf(heard->all + length, sizeof heard->all - length, "%s|%s|%s\n",
             event->query, event->sql, event->sqlstate);
    snprintf(heard->sqlstate, sizeof heard->sqlstate, "%s", event->sqlstate);
}

static void on_end(void *user, const struct sc_event *event)
{
    struct heard *heard = user;
    heard->ends++;
    heard->last = *event;
    heard->waited += event->pool_wait_ns;
    keep(heard, event);
}

static void on_slow(void *user, const struct sc_event *event)
{
    struct heard *heard = user;
    heard->slow++;
    heard->last_slow = *event;
    keep(heard, event);
}

static void bytes_and_codes(void **state)
{
    struct scene *scene = *state;
    struct heard heard = { 0 };
    struct person *person;
    sc_set_hooks(scene->db, &(struct sc_hooks){ .user = &heard, .end = on_end });
    EXPECT(SC_OK, sc_query(scene->db, "select 'four', null, 'seven77'", NULL, 0, NULL,
                           &scene->err));
    assert_int_equal(heard.last.bytes, 4 + 7);
    assert_int_equal(heard.last.rows, 1);
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    assert_int_equal(heard.last.bytes, 0);
    EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
    assert_true(heard.last.bytes >= 1 + 3 + 8); /* the texts and the time at least */
    assert_int_equal(heard.last.pool_wait_ns, 0);
    sc_free(person);
    EXPECT(SC_UNIQUE, add_person(scene->db, "a", "b@x", NULL, &scene->err));
    assert_string_equal(heard.sqlstate, "23505");
    assert_int_equal(heard.last.status, SC_UNIQUE);
    assert_false(heard.last.slow);
}

static void batches_tell_of_each_call(void **state)
{
    struct scene *scene = *state;
    struct heard heard = { 0 };
    struct sc_db *pool;
    struct sc_batch *batch;
    int64_t n, m;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, NULL, &pool, &scene->err));
    sc_set_hooks(pool, &(struct sc_hooks){ .user = &heard, .end = on_end });
    EXPECT(SC_OK, sc_batch_open(pool, &batch, &scene->err));
    EXPECT(SC_QUEUED, count_people(sc_queue(batch), &n, &scene->err));
    EXPECT(SC_QUEUED, count_people(sc_queue(batch), &m, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    assert_int_equal(heard.ends, 2);
    assert_int_equal(heard.last.bytes, 8); /* an int8 */
    assert_int_equal(heard.last.pool_wait_ns, 0);
    assert_true(heard.waited > 0); /* with the first call: the connecting */
    sc_close(pool);
}

static void read_to_the_end(struct scene *scene, struct sc_stream *stream)
{
    struct person *person;
    do
        EXPECT(SC_OK, sc__next(stream, &person_row, &person, &scene->err));
    while (person);
    sc_stream_close(stream);
}

/* db: a connection or a transaction, with three people. */
static void watch_rows(struct scene *scene, struct sc_db *db, struct heard *heard)
{
    static const struct sc__scan scan = { "person_scan",
                                          "select " P_COLS " from t.people",
                                          &person_row, 0 };
    struct sc_stream *stream;
    struct person *people;
    size_t n;
    EXPECT(SC_OK, sc__run(db, &person_list, 0, NULL, &people, &n, &scene->err));
    sc_free(people);
    int64_t bytes = heard->last.bytes;
    assert_true(bytes > 3 * (1 + 3 + 8));
    EXPECT(SC_OK, sc__stream(db, &person_list, 0, NULL, &stream, &scene->err));
    heard->all[0] = 0;
    read_to_the_end(scene, stream);
    assert_int_equal(heard->last.rows, 3);
    assert_int_equal(heard->last.bytes, bytes);
    assert_string_equal(heard->all,
                        "person_list|select " P_COLS " from t.people order by id|\n");
    EXPECT(SC_OK, sc__run_scan(db, &scan, &stream, &scene->err));
    heard->all[0] = 0;
    read_to_the_end(scene, stream);
    assert_int_equal(heard->last.rows, 3);
    assert_int_equal(heard->last.bytes, bytes);
    assert_string_equal(heard->all, "person_scan|copy (select " P_COLS
                                    " from t.people) to stdout (format binary)|\n");
}

static void on_start(void *user, const struct sc_event *event)
{
    keep(user, event);
}

static void rows_on_their_way(void **state)
{
    struct scene *scene = *state;
    struct heard heard = { 0 };
    struct sc_db *tx;
    const struct person_new people[] = { { .id = "a", .email = "a@x" },
                                         { .id = "b", .email = "b@x" },
                                         { .id = "c", .email = "c@x" } };
    sc_set_hooks(scene->db, &(struct sc_hooks){
                                .user = &heard, .start = on_start, .end = on_end });
    EXPECT(SC_OK, sc__load(scene->db, &person_insert, people, sizeof(*people), 3,
                           &scene->err));
    assert_int_equal(heard.last.rows, 3);
    assert_int_equal(heard.last.bytes, 0);
    static const char line[] = "person_insert|copy t.people (id, email) from stdin "
                               "(format binary)|\n";
    char twice[2 * sizeof(line)];
    snprintf(twice, sizeof(twice), "%s%s", line, line);
    assert_string_equal(heard.all, twice);
    sc_set_hooks(scene->db, &(struct sc_hooks){ .user = &heard, .end = on_end });
    watch_rows(scene, scene->db, &heard);
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    watch_rows(scene, tx, &heard);
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
}

static void waits_are_told_once(void **state)
{
    struct scene *scene = *state;
    struct heard heard = { 0 };
    struct sc_db *pool, *tx;
    int64_t n;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, NULL, &pool, &scene->err));
    sc_set_hooks(pool, &(struct sc_hooks){ .user = &heard, .end = on_end });
    EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
    int64_t first = heard.waited;
    assert_true(first > 0);
    EXPECT(SC_OK, count_people(tx, &n, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    assert_int_equal(heard.ends, 4);
    assert_int_equal(heard.waited, first);
    sc_close(pool);
}

static void slow_calls(void **state)
{
    struct scene *scene = *state;
    struct heard heard = { 0 };
    const struct sc_hooks hooks = {
        .user = &heard, .end = on_end, .slow_ns = 50000000, .slow = on_slow
    };
    int64_t n;
    sc_set_hooks(scene->db, &hooks);
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    int before = heard.slow;
    EXPECT(SC_OK,
           sc_query(scene->db, "select pg_sleep(0.1)", NULL, 0, NULL, &scene->err));
    assert_int_equal(heard.slow, before + 1);
    assert_true(heard.last.slow);
    assert_true(heard.last_slow.slow);
    assert_true(heard.last_slow.nanoseconds >= 100000000);
    assert_non_null(strstr(heard.all, "sc_query|select pg_sleep(0.1)|"));
    sc_set_hooks(scene->db, &(struct sc_hooks){ .user = &heard, .slow = on_slow });
    before = heard.slow; /* without a limit nothing is slow */
    EXPECT(SC_OK,
           sc_query(scene->db, "select pg_sleep(0.1)", NULL, 0, NULL, &scene->err));
    assert_int_equal(heard.slow, before);
}

/* ---- figures ----------------------------------------------------------------------------- */

static const struct sc_query_stats *of(const struct sc_query_stats *stats, size_t n,
                                       const char *query)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(stats[i].query, query) == 0)
            return &stats[i];
    print_error("no figures of %s\n", query);
    fail();
    return NULL;
}

static int64_t in_buckets(const struct sc_query_stats *stats)
{
    int64_t sum = 0;
    for (size_t i = 0; i < SC_BUCKETS; i++)
        sum += stats->buckets[i];
    return sum;
}

static void figures_by_query(void **state)
{
    struct scene *scene = *state;
    struct sc_query_stats stats[8], one;
    struct sc_db *tx;
    int64_t n;
    assert_int_equal(sc_query_stats_get(scene->db, stats, 8), 0);
    EXPECT(SC_OK, sc_measure(scene->db, 16, &scene->err));
    EXPECT(SC_MISUSE, sc_measure(scene->db, 16, &scene->err));
    assert_int_equal(sc_query_stats_get(scene->db, stats, 8), 0);
    for (int i = 0; i < 5; i++)
        EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    EXPECT(SC_UNIQUE, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    EXPECT(SC_OK,
           sc_query(scene->db, "select pg_sleep(0.1)", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, count_people(tx, &n, &scene->err));
    EXPECT(SC_MISUSE, sc_measure(tx, 16, &scene->err));
    assert_int_equal(sc_query_stats_get(tx, stats, 8), 4);
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    assert_int_equal(sc_query_stats_get(scene->db, stats, 8), 5);
    assert_int_equal(sc_query_stats_get(scene->db, &one, 1), 5);
    assert_int_equal(sc_query_stats_get(scene->db, NULL, 0), 5);
    const struct sc_query_stats *count = of(stats, 5, "person_count");
    assert_int_equal(count->calls, 6);
    assert_int_equal(count->failures, 0);
    assert_int_equal(count->rows, 6);
    assert_int_equal(count->bytes, 6 * 8);
    assert_int_equal(in_buckets(count), 6);
    assert_true(count->max_nanoseconds <= count->nanoseconds);
    const struct sc_query_stats *insert = of(stats, 5, "person_insert");
    assert_int_equal(insert->calls, 2);
    assert_int_equal(insert->failures, 1);
    const struct sc_query_stats *query = of(stats, 5, "sc_query");
    assert_true(query->nanoseconds >= 100000000);
    /* 2^26 .. 2^27 ns is 67 to 134 ms, the next ones twice and four times that */
    assert_int_equal(query->buckets[17] + query->buckets[18] + query->buckets[19], 1);
    of(stats, 5, "sc_tx_begin");
    of(stats, 5, "sc_tx_commit");
}

static void one_too_many_queries(void **state)
{
    struct scene *scene = *state;
    struct sc_query_stats stats[4];
    struct sc_db *pool;
    int64_t n;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, NULL, &pool, &scene->err));
    EXPECT(SC_NO_MEMORY, sc_measure(pool, SIZE_MAX, &scene->err));
    EXPECT(SC_OK, sc_measure(pool, 1, &scene->err));
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    EXPECT(SC_OK, add_person(pool, "a", "a@x", NULL, &scene->err));
    EXPECT(SC_OK, sc_query(pool, "select 1", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    assert_int_equal(sc_query_stats_get(pool, stats, 4), 2);
    assert_int_equal(of(stats, 2, "person_count")->calls, 2);
    assert_int_equal(of(stats, 2, "(others)")->calls, 2);
    sc_close(pool);
}

enum { THREADS = 8, CALLS = 200 };

static void *count_often(void *arg)
{
    int64_t n;
    for (int i = 0; i < CALLS; i++)
        if (count_people(arg, &n, NULL) != SC_OK ||
            sc_query(arg, "select 1", NULL, 0, NULL, NULL) != SC_OK)
            return arg;
    return NULL;
}

static void threads_count_together(void **state)
{
    struct scene *scene = *state;
    struct sc_query_stats stats[4];
    struct sc_db *pool;
    pthread_t threads[THREADS];
    EXPECT(SC_OK, sc_pool_open(scene->test.url, NULL, &pool, &scene->err));
    EXPECT(SC_OK, sc_measure(pool, 8, &scene->err));
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count_often, pool), 0);
    for (int i = 0; i < THREADS; i++) {
        void *failed;
        sc_query_stats_get(pool, stats, 4);
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(sc_query_stats_get(pool, stats, 4), 2);
    assert_int_equal(of(stats, 2, "person_count")->calls, THREADS * CALLS);
    assert_int_equal(of(stats, 2, "person_count")->bytes, THREADS * CALLS * 8);
    assert_int_equal(in_buckets(of(stats, 2, "sc_query")), THREADS * CALLS);
    sc_close(pool);
}

/* ---- secrets ----------------------------------------------------------------------------- */

static void secrets_are_not_told(void **state)
{
    struct scene *scene = *state;
    struct heard heard = { 0 };
    const struct sc_hooks hooks = {
        .user = &heard, .start = on_end, .end = on_end, .slow_ns = 1, .slow = on_slow
    };
    struct sc_query_stats stats[4];
    const struct key_new key = { .token = "t0k3n", .uses = SC(1) };
    EXPECT(SC_OK, sc_measure(scene->db, 4, &scene->err));
    sc_set_hooks(scene->db, &hooks);
    EXPECT(SC_OK, sc__run_insert(scene->db, &key_insert, &key, NULL, &scene->err));
    EXPECT(SC_UNIQUE, sc__run_insert(scene->db, &key_insert, &key, NULL, &scene->err));
    assert_int_equal(heard.slow, 2);
    assert_null(strstr(heard.all, "t0k3n"));
    assert_int_equal(sc_query_stats_get(scene->db, stats, 4), 1);
    assert_string_equal(stats[0].query, "key_insert");
    assert_int_equal(stats[0].failures, 1);
}

/* ---- the server's own lists ---------------------------------------------------------------- */

static void the_server_knows_the_name(void **state)
{
    struct scene *scene = *state;
    char sql[200];
    int64_t n;
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    snprintf(sql, sizeof sql, "select query from pg_stat_activity where pid = %d",
             PQbackendPID(sc_borrow(scene->db)));
    const char *query = look(scene, sql);
    const char head[] = "/* person_count */ select count(*)";
    assert_int_equal(strncmp(query, head, sizeof head - 1), 0);
}

/* Names that no generator makes. */
static void a_name_does_not_end_its_comment(void **state)
{
    struct scene *scene = *state;
    static const char *const labels[] = { "a*/ drop table t.people; /*", "/*/*/", "",
                                          "two\nlines", "\303\251\303\251" };
    static const struct sc__column column = { .name = "one",
                                              .type = { .kind = SC__INT4, .oid = 23 } };
    static const struct sc__row row = { &column, 1, sizeof(int32_t) };
    char long_label[300];
    memset(long_label, '*', sizeof long_label);
    long_label[sizeof long_label - 1] = 0;
    for (size_t i = 0; i <= sizeof labels / sizeof *labels; i++) {
        int32_t one = 0;
        const struct sc__stmt stmt = { .label = i < 5 ? labels[i] : long_label,
                                       .sql = "select 1",
                                       .row = &row,
                                       .want = SC__WANT_VALUE };
        struct sc_db *db; /* its plans are known by the descriptor's address */
        EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
        for (int again = 0; again < 2; again++)
            EXPECT(SC_OK, sc__run(db, &stmt, 0, NULL, &one, NULL, &scene->err));
        assert_int_equal(one, 1);
        sc_close(db);
    }
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
}

/* A generated statement that changes the session is cleaned up after, too. */
static void a_query_may_change_the_session(void **state)
{
    struct scene *scene = *state;
    static const struct sc__column column = { .name = "x",
                                              .type = { .kind = SC__TEXT, .oid = 25 } };
    static const struct sc__row row = { &column, 1, sizeof(const char *) };
    static const struct sc__stmt set = {
        .label = "set_x",
        .sql = "select set_config('my.x', 'theirs', false) as x",
        .row = &row,
        .want = SC__WANT_ONE
    };
    static const struct sc__stmt get = {
        .label = "get_x",
        .sql = "select coalesce(current_setting('my.x', true), '') as x",
        .row = &row,
        .want = SC__WANT_ONE
    };
    struct sc_pool_stats stats;
    struct sc_db *pool;
    const char **x;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &(struct sc_pool_options){ .max = 1 },
                               &pool, &scene->err));
    for (int i = 0; i < 3; i++) {
        EXPECT(SC_OK, sc__run(pool, &set, 0, NULL, &x, NULL, &scene->err));
        assert_string_equal(*x, "theirs");
        sc_free(x);
        EXPECT(SC_OK, sc__run(pool, &get, 0, NULL, &x, NULL, &scene->err));
        assert_string_equal(*x, "");
        sc_free(x);
    }
    sc_pool_stats_get(pool, &stats);
    assert_int_equal(stats.cleaned, 3);
    assert_int_equal(stats.connects, 1);
    sc_close(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(bytes_and_codes),
        SCENE_TEST(batches_tell_of_each_call),
        SCENE_TEST(rows_on_their_way),
        SCENE_TEST(waits_are_told_once),
        SCENE_TEST(slow_calls),
        SCENE_TEST(figures_by_query),
        SCENE_TEST(one_too_many_queries),
        SCENE_TEST(threads_count_together),
        SCENE_TEST(secrets_are_not_told),
        SCENE_TEST(the_server_knows_the_name),
        SCENE_TEST(a_name_does_not_end_its_comment),
        SCENE_TEST(a_query_may_change_the_session),
    };
    return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
