/* failover_test.c: a primary that is replaced: handles find the new one without being
 * opened again, and what meets a server that takes no more writes goes on to the next. */
#include "tests/db/support/scene.h"
#include "tests/support/servers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static struct servers servers;

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void run_on(int server, const char *sql)
{
    struct test_db at = { .name = "" };
    snprintf(at.url, sizeof(at.url), "%s",
             servers_url(&servers, 1u << server, "postgres", ""));
    assert_int_equal(test_db_exec(&at, sql), 0);
}

static const char *look_on(int server, const char *sql)
{
    struct scene there = { .db = NULL };
    snprintf(there.test.url, sizeof(there.test.url), "%s",
             servers_url(&servers, 1u << server, "postgres", ""));
    return look(&there, sql);
}

static struct sc_db *open_pool(struct scene *scene, unsigned mask, const char *wanted)
{
    char more[80];
    struct sc_db *pool;
    snprintf(more, sizeof(more), "connect_timeout=5 target_session_attrs=%s", wanted);
    EXPECT(SC_OK,
           sc_pool_open(servers_url(&servers, mask, "postgres", more),
                        &(struct sc_pool_options){ .max = 6 }, &pool, &scene->err));
    return pool;
}

static enum sc_status add(struct scene *scene, struct sc_db *db, const char *id)
{
    struct person *person;
    enum sc_status status = add_person(db, id, id, &person, &scene->err);
    sc_free(person);
    return status;
}

/* ---- the primary dies ------------------------------------------------------------------------------- */

struct writer {
    struct sc_db *pool;
    atomic_bool *stop;
    int number;
    int good, bad;
    int good_since; /* the last failure */
    enum sc_status strange;
};

static bool is_expected(enum sc_status status)
{
    return status == SC_CONNECTION || status == SC_TIMEOUT || status == SC_BUSY;
}

static void *write_on(void *arg)
{
    struct writer *writer = arg;
    for (int i = 0; !atomic_load(writer->stop); i++) {
        char id[32];
        struct sc_error err;
        snprintf(id, sizeof(id), "%d-%d", writer->number, i);
        enum sc_status status = add_person(writer->pool, id, id, NULL, &err);
        writer->good += status == SC_OK;
        writer->bad += status != SC_OK;
        writer->good_since = status == SC_OK ? writer->good_since + 1 : 0;
        if (status != SC_OK && !is_expected(status))
            writer->strange = status;
        nanosleep(&(struct timespec){ 0, 2000000 }, NULL);
    }
    return NULL;
}

static void the_new_primary_is_found(void **state)
{
    enum { WRITERS = 4 };
    struct scene here = { .db = NULL }, *scene = &here;
    struct sc_db *pool = open_pool(scene, 3, "primary"), *db;
    struct writer writers[WRITERS];
    pthread_t threads[WRITERS];
    atomic_bool stop = false;
    (void)state;
    EXPECT(SC_OK,
           sc_open(servers_url(&servers, 3, "postgres", "target_session_attrs=primary"),
                   &db, &scene->err));
    EXPECT(SC_OK, add(scene, db, "before"));
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = (struct writer){ .pool = pool, .stop = &stop, .number = i };
        pthread_create(&threads[i], NULL, write_on, &writers[i]);
    }
    nanosleep(&(struct timespec){ 0, 200000000 }, NULL);
    servers_stop(&servers, 0, 1);
    EXPECT(SC_CONNECTION, add(scene, db, "without"));
    double promoted = seconds();
    assert_int_equal(servers_promote(&servers, 1), 0);
    enum sc_status status = SC_CONNECTION;
    while (status != SC_OK && seconds() < promoted + 10)
        status = add(scene, db, "after");
    EXPECT(SC_OK, status);
    nanosleep(&(struct timespec){ 1, 0 }, NULL);
    atomic_store(&stop, true);
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(writers[i].strange, SC_OK);
        assert_true(writers[i].good > 0 && writers[i].bad > 0);
        assert_true(writers[i].good_since > 20);
    }
    assert_string_equal(look_on(1, "select count(*) from t.people where id = 'after'"),
                        "1");
    EXPECT(SC_OK, add(scene, pool, "pool"));
    struct sc_pool_stats stats;
    sc_pool_stats_get(pool, &stats);
    assert_true(stats.closed_broken > 0);
    sc_close(pool);
    sc_close(db);
}

/* ---- the primary is retired ---------------------------------------------------------------------------- */

static void retire(int server)
{
    run_on(server, "alter system set default_transaction_read_only = on");
    run_on(server, "select pg_reload_conf()");
    for (int i = 0; i < 200; i++) {
        if (strcmp(look_on(server, "show default_transaction_read_only"), "on") == 0)
            return;
        nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
    }
    fail();
}

static void reinstate(int server)
{
    PGconn *pg = PQconnectdb(
        servers_url(&servers, 1u << server, "postgres",
                    "options='-c default_transaction_read_only=off'"));
    PGresult *result = PQexec(pg, "alter system reset default_transaction_read_only");
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    PQclear(PQexec(pg, "select pg_reload_conf()"));
    PQfinish(pg);
    for (int i = 0; i < 200; i++) {
        if (strcmp(look_on(server, "show default_transaction_read_only"), "off") == 0)
            return;
        nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
    }
    fail();
}

struct moving {
    int runs;
    struct sc_error first;
};

static enum sc_status move(struct sc_db *tx, void *arg, struct sc_error *err)
{
    struct moving *moving = arg;
    moving->runs++;
    enum sc_status status = add_person(tx, "run", "run", NULL, err);
    if (status != SC_OK)
        moving->first = *err;
    return status;
}

/* Both 1 and 2 could be written to; then 1 is told not to take writes. */
static void one_that_takes_no_more_writes_is_left(void **state)
{
    struct scene here = { .db = NULL }, *scene = &here;
    static const char wanted[] = "target_session_attrs=read-write";
    struct sc_db *dbs[6], *tx;
    struct sc_batch *batch;
    (void)state;
    const char *url = servers_url(&servers, 6, "postgres", wanted);
    assert_int_equal(servers_standby(&servers, 2, 1), 0);
    assert_int_equal(servers_promote(&servers, 2), 0);
    run_on(2, "delete from t.people");
    for (int i = 0; i < 6; i++) {
        char id[8];
        snprintf(id, sizeof(id), "old %d", i);
        EXPECT(SC_OK, sc_open(url, &dbs[i], &scene->err));
        EXPECT(SC_OK, add(scene, dbs[i], id));
    }
    assert_string_equal(look_on(2, "select count(*) from t.people"), "0");
    retire(1);
    /* a call: run once more, on the new server */
    EXPECT(SC_OK, add(scene, dbs[0], "call"));
    EXPECT(SC_OK, sc_query(dbs[1], "insert into t.people (id, email) values ('q', 'q')",
                           NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_open(dbs[2], &batch, &scene->err));
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "b1", "b1", NULL, &scene->err));
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "b2", "b2", NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    /* a transaction: it fails, and the next one finds the new server */
    EXPECT(SC_OK, sc_tx_begin(dbs[3], NULL, &tx, &scene->err));
    EXPECT(SC_CONNECTION, add(scene, tx, "x"));
    assert_string_equal(scene->err.sqlstate, "25006");
    EXPECT(SC_CONNECTION, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, add(scene, dbs[3], "next"));
    /* one that is run again finds it by itself */
    struct moving moving = { .runs = 0 };
    EXPECT(SC_OK, sc_tx_run(dbs[4], NULL, move, &moving, &scene->err));
    assert_int_equal(moving.runs, 2);
    assert_string_equal(moving.first.sqlstate, "25006");
    assert_string_equal(look_on(2, "select string_agg(id, ' ' order by id)"
                                   " from t.people"),
                        "b1 b2 call next q run");
    /* reads do not care */
    int64_t n;
    EXPECT(SC_OK, count_people(dbs[5], &n, &scene->err));
    assert_int_not_equal(n, 6);
    for (int i = 0; i < 6; i++)
        sc_close(dbs[i]);
    reinstate(1);
}

/* What the program asked for itself is no reason to look for another server. */
static void a_program_that_reads_only_by_choice(void **state)
{
    struct scene here = { .db = NULL }, *scene = &here;
    struct sc_db *db, *tx;
    (void)state;
    EXPECT(SC_OK, sc_open(servers_url(&servers, 2, "postgres", ""), &db, &scene->err));
    int pid = pid_of(scene, db);
    EXPECT(SC_OK, sc_query(db, "set default_transaction_read_only = on", NULL, 0, NULL,
                           &scene->err));
    EXPECT(SC_SERVER, add(scene, db, "never"));
    assert_string_equal(scene->err.sqlstate, "25006");
    EXPECT(SC_SERVER, add(scene, db, "never"));
    EXPECT(SC_OK, sc_query(db, "set default_transaction_read_only = off", NULL, 0, NULL,
                           &scene->err));
    EXPECT(SC_OK, sc_tx_begin(db, &(struct sc_tx_options){ .read_only = true }, &tx,
                              &scene->err));
    EXPECT(SC_SERVER, add(scene, tx, "never"));
    sc_tx_rollback(tx);
    EXPECT(SC_OK, add(scene, db, "now"));
    assert_int_equal(pid_of(scene, db), pid);
    sc_close(db);
}

/* ---- the servers ----------------------------------------------------------------------------------------- */

static int start(void **state)
{
    struct test_db at = { .name = "" };
    (void)state;
    if (servers_open(&servers) || servers_standby(&servers, 1, 0))
        return -1;
    snprintf(at.url, sizeof(at.url), "%s", servers_url(&servers, 1, "postgres", ""));
    if (test_db_exec(&at, fixture_sql))
        return -1;
    /* a standby answers that is not there yet */
    const char *there = "select to_regclass('t.keys') is not null";
    for (int i = 0; i < 500 && strcmp(look_on(1, there), "t") != 0; i++)
        nanosleep(&(struct timespec){ 0, 20000000 }, NULL);
    return strcmp(look_on(1, there), "t");
}

static int stop(void **state)
{
    (void)state;
    servers_close(&servers);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_new_primary_is_found),
        cmocka_unit_test(one_that_takes_no_more_writes_is_left),
        cmocka_unit_test(a_program_that_reads_only_by_choice),
    };
    return cmocka_run_group_tests_name("failover", tests, start, stop);
}
