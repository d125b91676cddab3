/* replicas_test.c: a primary and two streaming standbys: where reads go, how far behind a
 * replica may be, and that nothing is written there. */
#include "tests/db/support/scene.h"
#include "tests/support/servers.h"

#include <pthread.h>
#include <time.h>

static struct servers servers;

static void ask(int server, const char *database, const char *sql, char *answer,
                size_t size)
{
    PGconn *pg = PQconnectdb(servers_url(&servers, 1u << server, database, ""));
    PGresult *result = PQexec(pg, sql);
    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        print_error("%s", PQerrorMessage(pg));
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    snprintf(answer, size, "%s", PQntuples(result) ? PQgetvalue(result, 0, 0) : "");
    PQclear(result);
    PQfinish(pg);
}

/* Until server has all that the primary has. */
static void catch_up(int server)
{
    char target[40], sql[120], done[8] = "";
    ask(0, "postgres", "select pg_current_wal_flush_lsn()", target, sizeof(target));
    snprintf(sql, sizeof(sql), "select pg_last_wal_replay_lsn() >= '%s'", target);
    for (int i = 0; i < 500 && strcmp(done, "t") != 0; i++) {
        nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
        ask(server, "postgres", sql, done, sizeof(done));
    }
    assert_string_equal(done, "t");
}

static void hold_replay(int server, bool hold)
{
    char answer[8];
    ask(server, "postgres",
        hold ? "select pg_wal_replay_pause()" : "select pg_wal_replay_resume()", answer,
        sizeof(answer));
    for (int i = 0; hold && i < 500; i++) {
        ask(server, "postgres", "select pg_get_wal_replay_pause_state() = 'paused'",
            answer, sizeof(answer));
        if (strcmp(answer, "t") == 0)
            return;
        nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
    }
    assert_false(hold);
}

/* ---- a database for each test ---------------------------------------------------------------------- */

static struct sc_db *open_pool(struct scene *scene, unsigned replicas)
{
    struct sc_db *pool;
    const struct sc_pool_options options = {
        .max = 3, .replicas = servers_url(&servers, replicas, scene->test.name, "")
    };
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &options, &pool, &scene->err));
    return pool;
}

static int replicated_setup(void **state)
{
    static int made;
    char sql[128];
    struct test_db all = { .name = "" };
    struct scene *scene = calloc(1, sizeof(*scene));
    *state = scene;
    if (!scene)
        return -1;
    snprintf(scene->test.name, sizeof(scene->test.name), "replicated_%d", ++made);
    snprintf(sql, sizeof(sql), "create database %s", scene->test.name);
    snprintf(all.url, sizeof(all.url), "%s", servers_url(&servers, 1, "postgres", ""));
    snprintf(scene->test.url, sizeof(scene->test.url), "%s",
             servers_url(&servers, 1, scene->test.name, ""));
    if (test_db_exec(&all, sql) || test_db_exec(&scene->test, fixture_sql))
        return -1;
    catch_up(1);
    catch_up(2);
    scene->db = open_pool(scene, 6);
    return 0;
}

static int replicated_teardown(void **state)
{
    struct scene *scene = *state;
    sc_close(scene->db);
    free(scene);
    hold_replay(1, false);
    hold_replay(2, false);
    return 0;
}

static const struct sc__stmt port = { .label = "port",
                                      .sql = "select current_setting('port')::int8",
                                      .row = &count_row,
                                      .want = SC__WANT_VALUE };

/* Which server answers: 0, 1 or 2. */
static int where(struct scene *scene, struct sc_db *db)
{
    int64_t n = 0;
    EXPECT(SC_OK, sc__run(db, &port, 0, NULL, &n, NULL, &scene->err));
    return (int)(n - SERVERS_PORT);
}

static struct sc_db *near(struct sc_db *db, struct sc_view *view)
{
    return sc_with(db, &(struct sc_call){ .route = SC_REPLICA }, view);
}

/* ---- where calls go ---------------------------------------------------------------------------------- */

static void reads_take_turns_on_the_replicas(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    int seen[3] = { 0, 0, 0 };
    for (int i = 0; i < 10; i++) {
        seen[where(scene, near(scene->db, &view))]++;
        assert_int_equal(where(scene, scene->db), 0);
    }
    assert_int_equal(seen[0], 0);
    assert_int_equal(seen[1], 5);
    assert_int_equal(seen[2], 5);
}

static void writes_go_to_the_primary(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *db = near(scene->db, &view), *tx;
    struct person *person;
    struct sc_batch *batch;
    int64_t n;
    EXPECT(SC_OK, add_person(db, "a", "a", &person, &scene->err));
    sc_free(person);
    EXPECT(SC_OK, sc_query(db, "insert into t.people (id, email) values ('b', 'b')",
                           NULL, 0, NULL, &scene->err));
    const struct person_new more[] = { { .id = "c", .email = "c" } };
    EXPECT(SC_OK, sc__load(db, &person_insert, more, sizeof(*more), 1, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, add_person(tx, "d", "d", NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, sc_batch_open(db, &batch, &scene->err));
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "e", "e", NULL, &scene->err));
    EXPECT(SC_QUEUED, count_people(sc_queue(batch), &n, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    assert_int_equal(n, 5);
    sc_batch_close(batch);
}

static void batches_and_transactions_that_read(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *db = near(scene->db, &view), *tx, *inner;
    struct sc_batch *batch;
    int64_t n = 0;
    EXPECT(SC_OK, sc_batch_open(db, &batch, &scene->err));
    EXPECT(SC_QUEUED, sc__run(sc_queue(batch), &port, 0, NULL, &n, NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    assert_true(n > SERVERS_PORT);
    EXPECT(SC_OK, sc_tx_begin(db, &(struct sc_tx_options){ .read_only = true }, &tx,
                              &scene->err));
    assert_true(where(scene, tx) > 0);
    EXPECT(SC_OK, sc_tx_begin(tx, NULL, &inner, &scene->err));
    EXPECT(SC_SERVER, add_person(inner, "a", "a", NULL, &scene->err));
    assert_string_equal(scene->err.sqlstate, "25006");
    sc_tx_rollback(inner);
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    struct sc_pool_stats stats;
    sc_pool_stats_get(scene->db, &stats);
    assert_int_equal(stats.open, 0); /* the primary was never asked */
}

/* ---- how far behind ------------------------------------------------------------------------------------- */

static void read_your_writes(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct person *person;
    uint64_t lsn;
    hold_replay(1, true);
    hold_replay(2, true);
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    EXPECT(SC_OK, sc_lsn(scene->db, &lsn, &scene->err));
    struct sc_db *after = sc_with(
        scene->db, &(struct sc_call){ .route = SC_REPLICA, .after_lsn = lsn }, &view);
    for (int i = 0; i < 4; i++) {
        EXPECT(SC_OK, get_person(after, "a", &person, &scene->err));
        sc_free(person);
        assert_int_equal(where(scene, after), 0);
    }
    struct sc_view any;
    EXPECT(SC_NOT_FOUND, get_person(near(scene->db, &any), "a", &person, &scene->err));
    hold_replay(2, false); /* one has it now */
    catch_up(2);
    for (int i = 0; i < 4; i++) {
        EXPECT(SC_OK, get_person(after, "a", &person, &scene->err));
        sc_free(person);
        assert_int_equal(where(scene, after), 2);
    }
    EXPECT(SC_MISUSE, sc_lsn(NULL, &lsn, &scene->err));
    EXPECT(SC_MISUSE, sc_lsn(scene->db, NULL, &scene->err));
}

static void a_bound_on_lag(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    int64_t n;
    const struct sc_call call = { .route = SC_REPLICA, .max_lag_ms = 150 };
    struct sc_db *fresh = sc_with(scene->db, &call, &view);
    const struct timespec while_ = { 0, 200000000 };
    assert_true(where(scene, fresh) > 0);
    nanosleep(&while_, NULL);
    assert_true(where(scene, fresh) > 0); /* nothing was written: nobody is late */
    hold_replay(1, true);
    hold_replay(2, true);
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    (void)where(scene, fresh); /* it may be an old state still, and not for long */
    nanosleep(&while_, NULL);
    for (int i = 0; i < 5; i++) {
        EXPECT(SC_OK, count_people(fresh, &n, &scene->err));
        assert_int_equal(n, 1);
        assert_int_equal(where(scene, fresh), 0);
        nanosleep(&(struct timespec){ 0, 40000000 }, NULL);
    }
    hold_replay(1, false);
    hold_replay(2, false);
    catch_up(1);
    catch_up(2);
    assert_true(where(scene, fresh) > 0);
}

static void the_primary_is_asked_seldom(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_pool_stats stats;
    const struct sc_call call = { .route = SC_REPLICA, .max_lag_ms = 60000 };
    struct sc_db *fresh = sc_with(scene->db, &call, &view);
    for (int i = 0; i < 50; i++)
        assert_true(where(scene, fresh) > 0);
    sc_pool_stats_get(scene->db, &stats);
    assert_int_equal(stats.acquired, 1);
}

/* ---- when there is none -------------------------------------------------------------------------------- */

static void a_replica_that_is_gone(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *near_ = near(scene->db, &view);
    for (int i = 0; i < 4; i++)
        (void)where(scene, near_);
    servers_stop(&servers, 2, 0);
    for (int i = 0; i < 8; i++) /* no call fails */
        assert_int_not_equal(where(scene, near_), 2);
    servers_stop(&servers, 1, 1);
    for (int i = 0; i < 4; i++)
        assert_int_equal(where(scene, near_), 0);
    assert_int_equal(servers_start(&servers, 1), 0);
    assert_int_equal(servers_start(&servers, 2), 0);
    nanosleep(&(struct timespec){ 1, 100000000 }, NULL);
    for (int i = 0; i < 4; i++)
        assert_int_not_equal(where(scene, near_), 0);
}

/* A replica cancels a read that is in the way of its recovery, and lacks a table that is
 * not there yet. */
static void what_a_replica_cannot_do_the_primary_does(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    hold_replay(1, true);
    hold_replay(2, true);
    elsewhere(scene, "create table t.later (n int8); insert into t.later values (7)");
    static const struct sc__stmt later = { .label = "later",
                                           .sql = "select n from t.later",
                                           .row = &count_row,
                                           .want = SC__WANT_VALUE };
    int64_t n = 0;
    EXPECT(SC_OK,
           sc__run(near(scene->db, &view), &later, 0, NULL, &n, NULL, &scene->err));
    assert_int_equal(n, 7);
    EXPECT(SC_SCHEMA_MISMATCH,
           sc__run(near(scene->db, &view),
                   &(struct sc__stmt){ .label = "never",
                                       .sql = "select n from t.never",
                                       .row = &count_row,
                                       .want = SC__WANT_VALUE },
                   0, NULL, &n, NULL, &scene->err));
}

/* Of independent reads too: those that it can do, and those that nobody can. */
static void independent_reads_are_made_up_for(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_batch *batch;
    static const struct sc__stmt later = { .label = "later",
                                           .sql = "select n from t.later",
                                           .row = &count_row,
                                           .want = SC__WANT_VALUE };
    static const struct sc__stmt never = { .label = "never",
                                           .sql = "select n from t.never",
                                           .row = &count_row,
                                           .want = SC__WANT_VALUE };
    const struct sc_batch_options apart = { .mode = SC_INDEPENDENT };
    hold_replay(1, true);
    hold_replay(2, true);
    elsewhere(scene, "create table t.later (n int8); insert into t.later values (7)");
    for (int i = 0; i < 4; i++) {
        int64_t n[4] = { 0 };
        bool fails = i % 2;
        EXPECT(SC_OK, sc_batch_open(near(scene->db, &view), &batch, &scene->err));
        EXPECT(SC_OK, sc_batch_set(batch, &apart, &scene->err));
        struct sc_db *queue = sc_queue(batch);
        EXPECT(SC_QUEUED, sc__run(queue, &port, 0, NULL, &n[0], NULL, &scene->err));
        EXPECT(SC_QUEUED, sc__run(queue, &later, 0, NULL, &n[1], NULL, &scene->err));
        if (fails)
            EXPECT(SC_QUEUED,
                   sc__run(queue, &never, 0, NULL, &n[2], NULL, &scene->err));
        EXPECT(SC_QUEUED, sc__run(queue, &port, 0, NULL, &n[3], NULL, &scene->err));
        EXPECT(fails ? SC_SCHEMA_MISMATCH : SC_OK, sc_batch_run(batch, &scene->err));
        sc_batch_close(batch);
        assert_int_equal(n[0], SERVERS_PORT);
        assert_int_equal(n[1], 7);
        assert_int_equal(n[3], SERVERS_PORT);
    }
}

static void without_replicas_it_is_the_primary(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *pool, *db;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, NULL, &pool, &scene->err));
    assert_int_equal(where(scene, near(pool, &view)), 0);
    sc_close(pool);
    EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
    assert_int_equal(where(scene, near(db, &view)), 0);
    sc_close(db);
    const struct sc_pool_options bad = { .replicas = "this is no url" };
    EXPECT(SC_CONNECTION, sc_pool_open(scene->test.url, &bad, &pool, &scene->err));
    assert_null(pool);
    const struct sc_pool_options nobody = {
        .replicas = "host=/nowhere,/nowhere/else user=it''s dbname='a b'"
    };
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &nobody, &pool, &scene->err));
    assert_int_equal(where(scene, near(pool, &view)), 0);
    sc_close(pool);
}

static void a_transaction_outlives_its_pool(void **state)
{
    struct scene *scene = *state;
    struct sc_view view;
    struct sc_db *pool = open_pool(scene, 2), *tx;
    EXPECT(SC_OK,
           sc_tx_begin(near(pool, &view), &(struct sc_tx_options){ .read_only = true },
                       &tx, &scene->err));
    sc_close(pool);
    assert_int_equal(where(scene, tx), 1);
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
}

/* ---- threads ------------------------------------------------------------------------------------------- */

struct reader {
    struct sc_db *pool;
    struct sc_db *view; /* shared by all */
    enum sc_status status;
    struct sc_error err;
    int64_t seen;
};

static void *read_often(void *arg)
{
    struct reader *reader = arg;
    for (int i = 0; i < 100 && reader->status == SC_OK; i++)
        reader->status = count_people(reader->view, &reader->seen, &reader->err);
    return NULL;
}

static void a_view_is_shared_by_threads(void **state)
{
    struct scene *scene = *state;
    enum { READERS = 6 };
    struct sc_view view;
    struct reader readers[READERS];
    pthread_t threads[READERS];
    uint64_t lsn;
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    EXPECT(SC_OK, sc_lsn(scene->db, &lsn, &scene->err));
    const struct sc_call call = {
        .route = SC_REPLICA, .after_lsn = lsn, .max_lag_ms = 5, .timeout_ms = 20000
    };
    struct sc_db *shared = sc_with(scene->db, &call, &view);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){ .pool = scene->db, .view = shared };
        pthread_create(&threads[i], NULL, read_often, &readers[i]);
    }
    for (int i = 0; i < READERS; i++) {
        pthread_join(threads[i], NULL);
        scene->err = readers[i].err;
        EXPECT(SC_OK, readers[i].status);
        assert_int_equal(readers[i].seen, 1);
    }
}

static int start(void **state)
{
    (void)state;
    return servers_open(&servers) || servers_standby(&servers, 1, 0) ||
           servers_standby(&servers, 2, 0);
}

static int stop(void **state)
{
    (void)state;
    servers_close(&servers);
    return 0;
}

#define REPLICATED_TEST(name) \
    cmocka_unit_test_setup_teardown(name, replicated_setup, replicated_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REPLICATED_TEST(reads_take_turns_on_the_replicas),
        REPLICATED_TEST(writes_go_to_the_primary),
        REPLICATED_TEST(batches_and_transactions_that_read),
        REPLICATED_TEST(read_your_writes),
        REPLICATED_TEST(a_bound_on_lag),
        REPLICATED_TEST(the_primary_is_asked_seldom),
        REPLICATED_TEST(a_replica_that_is_gone),
        REPLICATED_TEST(what_a_replica_cannot_do_the_primary_does),
        REPLICATED_TEST(independent_reads_are_made_up_for),
        REPLICATED_TEST(without_replicas_it_is_the_primary),
        REPLICATED_TEST(a_transaction_outlives_its_pool),
        REPLICATED_TEST(a_view_is_shared_by_threads),
    };
    return cmocka_run_group_tests_name("replicas", tests, start, stop);
}
