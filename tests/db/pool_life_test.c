/* pool_life_test.c: how long a pool's connections live, how many it keeps, and in what state
 * they come back. */
#include "tests/db/support/mute.h"
#include "tests/db/support/scene.h"
#include "tests/db/support/threads.h"

static struct sc_db *open_pool(struct scene *scene,
                               const struct sc_pool_options *options)
{
    struct sc_db *pool;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, options, &pool, &scene->err));
    return pool;
}

static struct sc_pool_stats stats_of(struct sc_db *pool)
{
    struct sc_pool_stats stats;
    sc_pool_stats_get(pool, &stats);
    return stats;
}

/* Has the pool open `count` connections. */
static void widen(struct scene *scene, struct sc_db *pool, int count)
{
    struct sc_db *txs[8];
    for (int i = 0; i < count; i++)
        EXPECT(SC_OK, sc_tx_begin(pool, NULL, &txs[i], &scene->err));
    for (int i = 0; i < count; i++)
        sc_tx_rollback(txs[i]);
}

/* ---- numbers ----------------------------------------------------------------------------- */

static void numbers_out_of_range(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = (void *)1;
    const struct sc_pool_options wrong[] = {
        { .max = -1 },          { .min = -1 },
        { .max_waiting = -1 },  { .max_connecting = -1 },
        { .max = 2, .min = 3 }, { .min = 9 },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        EXPECT(SC_MISUSE, sc_pool_open(NULL, &wrong[i], &pool, &scene->err));
        assert_null(pool);
    }
    EXPECT(SC_MISUSE, sc_pool_tend(scene->db, &scene->err));
    EXPECT(SC_MISUSE, sc_pool_tend(NULL, &scene->err));
    struct sc_pool_stats stats = { .open = 7 };
    sc_pool_stats_get(scene->db, &stats);
    assert_int_equal(stats.open, 0);
}

static void min_is_made_when_asked_for(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, &(struct sc_pool_options){ .min = 3 });
    assert_int_equal(stats_of(pool).open, 0);
    EXPECT(SC_OK, sc_pool_tend(pool, &scene->err));
    assert_int_equal(stats_of(pool).open, 3);
    assert_int_equal(stats_of(pool).idle, 3);
    assert_int_equal(stats_of(pool).connects, 3);
    sc_close(pool);
    pool = open_pool(scene, &(struct sc_pool_options){ .min = 2 });
    int64_t n;
    for (int i = 0; i < 100 && stats_of(pool).open < 2; i++) { /* by calls alone */
        EXPECT(SC_OK, count_people(pool, &n, &scene->err));
        rest(10);
    }
    assert_int_equal(stats_of(pool).open, 2);
    sc_close(pool);
    EXPECT(SC_OK,
           sc_pool_open("host=/nowhere dbname=x", &(struct sc_pool_options){ .min = 1 },
                        &pool, &scene->err));
    EXPECT(SC_CONNECTION, sc_pool_tend(pool, &scene->err));
    assert_non_null(strstr(scene->err.message, "/nowhere"));
    sc_close(pool);
}

static void idle_ones_are_closed_down_to_min(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(
        scene, &(struct sc_pool_options){ .max = 4, .min = 1, .idle_timeout_s = 1 });
    int64_t n;
    widen(scene, pool, 4);
    assert_int_equal(stats_of(pool).idle, 4);
    for (int i = 0; i < 13; i++) { /* the one used last is used again */
        EXPECT(SC_OK, count_people(pool, &n, &scene->err));
        rest(100);
    }
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    assert_int_equal(stats_of(pool).open, 1);
    assert_int_equal(stats_of(pool).closed_idle, 3);
    rest(1100);
    EXPECT(SC_OK, sc_pool_tend(pool, &scene->err));
    assert_int_equal(stats_of(pool).open, 1);
    sc_close(pool);
}

static void the_old_are_replaced(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(
        scene, &(struct sc_pool_options){ .max = 2, .max_lifetime_s = 1 });
    int first = pid_of(scene, pool);
    assert_int_equal(pid_of(scene, pool), first);
    rest(1050);
    assert_int_equal(pid_of(scene, pool), first); /* and closed as it comes back */
    assert_int_equal(stats_of(pool).closed_lifetime, 1);
    assert_int_equal(stats_of(pool).open, 0);
    assert_int_not_equal(pid_of(scene, pool), first);
    sc_close(pool);
}

/* While one of `min` is too old, its successor comes before it goes. */
static void min_is_never_missing(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(
        scene, &(struct sc_pool_options){ .max = 3, .min = 2, .max_lifetime_s = 1 });
    EXPECT(SC_OK, sc_pool_tend(pool, &scene->err));
    int first = pid_of(scene, pool);
    rest(1050);
    assert_int_equal(pid_of(scene, pool), first); /* kept, and one made beside it */
    assert_true(stats_of(pool).open >= 2);
    EXPECT(SC_OK, sc_pool_tend(pool, &scene->err));
    assert_int_equal(stats_of(pool).open, 2);
    assert_int_equal(stats_of(pool).connects, 4);
    assert_int_equal(stats_of(pool).closed_lifetime, 2);
    assert_int_not_equal(pid_of(scene, pool), first);
    sc_close(pool);
    /* without room for a third it goes first */
    pool = open_pool(
        scene, &(struct sc_pool_options){ .max = 2, .min = 2, .max_lifetime_s = 1 });
    EXPECT(SC_OK, sc_pool_tend(pool, &scene->err));
    rest(1050);
    EXPECT(SC_OK, sc_pool_tend(pool, &scene->err));
    assert_int_equal(stats_of(pool).open, 2);
    assert_int_equal(stats_of(pool).connects, 4);
    sc_close(pool);
}

/* Whether the database takes more connections; those that are there stay. */
static void allow(struct scene *scene, bool is_allowed)
{
    const char *const keys[] = { "dbname", "dbname", NULL };
    const char *const values[] = { scene->test.url, "template1", NULL };
    char sql[160];
    snprintf(sql, sizeof sql, "alter database %s allow_connections %s",
             scene->test.name, is_allowed ? "true" : "false");
    PGconn *pg = PQconnectdbParams(keys, values, 1);
    PGresult *result = PQexec(pg, sql);
    assert_int_equal(PQresultStatus(result), PGRES_COMMAND_OK);
    PQclear(result);
    PQfinish(pg);
}

/* ---- servers that say no ------------------------------------------------------------------- */

/* While others live, one that cannot be made is waited for, and told of in the end. */
static void no_more_connections(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(
        scene, &(struct sc_pool_options){ .max = 3, .acquire_timeout_ms = 300 });
    struct sc_db *tx, *second = NULL;
    int64_t n;
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    allow(scene, false);
    EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
    /* nobody but this thread could give one back: no use waiting */
    EXPECT(SC_CONNECTION, count_people(pool, &n, &scene->err));
    assert_non_null(strstr(scene->err.message, "not currently accepting connections"));
    assert_int_equal(stats_of(pool).open, 1);
    EXPECT(SC_CONNECTION, sc_tx_begin(pool, NULL, &second, &scene->err));
    assert_null(second);
    sc_tx_rollback(tx);
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    allow(scene, true);
    widen(scene, pool, 3);
    assert_int_equal(stats_of(pool).open, 3);
    assert_string_equal(stats_of(pool).last_connect_error, "");
    sc_close(pool);
}

/* The same while another thread has one that will come back. */
static void a_refusal_is_waited_out(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(
        scene, &(struct sc_pool_options){ .max = 3, .acquire_timeout_ms = 600 });
    struct sleeper sleeper = { .db = pool, .sql = "select pg_sleep(0.3)" };
    pthread_t thread;
    int64_t n;
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    allow(scene, false);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(pthread_create(&thread, NULL, run_sql, &sleeper), 0);
        rest(100);
        if (round == 0)
            EXPECT(SC_OK, count_people(pool, &n, &scene->err));
        else
            EXPECT(SC_TIMEOUT, count_people(pool, &n, &scene->err));
        pthread_join(thread, NULL);
        assert_int_equal(sleeper.status, SC_OK);
        sleeper.sql = "select pg_sleep(1)";
    }
    assert_non_null(strstr(scene->err.message, "no connection became free in 600 ms "
                                               "(1 of 3 in use, 1 waiting); the last "
                                               "one could not be made: "));
    assert_non_null(strstr(scene->err.message, "not currently accepting connections"));
    allow(scene, true);
    /* the first in line tries again by itself */
    assert_int_equal(pthread_create(&thread, NULL, run_sql, &sleeper), 0);
    rest(100);
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    pthread_join(thread, NULL);
    sc_close(pool);
}

/* No more connects at once than were asked for; the others wait for their turn, and all of
 * them no longer than they may. */
static void connects_are_few_at_once(void **state)
{
    struct scene *scene = *state;
    struct mute mute;
    struct sc_db *pool;
    struct sleeper sleepers[4];
    pthread_t threads[4];
    mute_open(&mute);
    const struct sc_pool_options options = { .max = 4,
                                             .max_connecting = 1,
                                             .acquire_timeout_ms = 3000 };
    EXPECT(SC_OK, sc_pool_open(mute.url, &options, &pool, &scene->err));
    const struct sc_call shorter = { .timeout_ms = 1000 };
    struct sc_view views[4];
    for (int i = 0; i < 4; i++) { /* the first one connects until the others are late */
        struct sc_db *db = i ? sc_with(pool, &shorter, &views[i]) : pool;
        sleepers[i] = (struct sleeper){ .db = db, .sql = "select 1" };
        assert_int_equal(pthread_create(&threads[i], NULL, run_sql, &sleepers[i]), 0);
        while (stats_of(pool).connecting == 0)
            rest(1);
    }
    wait_for_waiting(pool, 3);
    assert_int_equal(stats_of(pool).connecting, 1);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(sleepers[i].status, SC_TIMEOUT);
        if (i)
            assert_non_null(
                strstr(sleepers[i].err.message, "0 of 4 in use, 1 being made, "));
    }
    assert_int_equal(stats_of(pool).connecting + stats_of(pool).waiting, 0);
    sc_close(pool);
    mute_close(&mute);
}

/* After the server has ended all sessions, a call finds its way at once. */
static void all_may_be_dead(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, &(struct sc_pool_options){ .max = 5 });
    int64_t n;
    widen(scene, pool, 5);
    look(scene, "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()");
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    struct sc_pool_stats stats = stats_of(pool);
    assert_int_equal(stats.closed_broken, 5);
    assert_int_equal(stats.open, 1);
    assert_int_equal(stats.connects, 6);
    assert_int_equal(stats.acquired, 6); /* the five of widen, and this one */
    sc_close(pool);
}

/* ---- sessions -------------------------------------------------------------------------------- */

static const char *ask(struct scene *scene, struct sc_db *db, const char *sql)
{
    static char text[256];
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(db, sql, NULL, 0, &rows, &scene->err));
    const char *value = sc_rows_value(rows, 0, 0);
    snprintf(text, sizeof text, "%s", value ? value : "(null)");
    sc_rows_free(rows);
    return text;
}

static void run(struct scene *scene, struct sc_db *db, const char *sql)
{
    EXPECT(SC_OK, sc_query(db, sql, NULL, 0, NULL, &scene->err));
}

/* What SQL of one's own does to a session ends with the call, or with the transaction. */
static void a_changed_session_is_reset(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, &(struct sc_pool_options){ .max = 1 }), *tx;
    const struct {
        const char *change, *look, *clean;
    } cases[] = {
        { "set work_mem = '77MB'", "show work_mem", "4MB" },
        { " /* c */ set search_path to t", "show search_path", "\"$user\", public" },
        { "set role pg_monitor", "select current_user = session_user", "t" },
        { "select set_config('x.y', 'z', false)",
          "select coalesce(current_setting('x.y', true), '')", "" },
        { "create temporary table mine (id int)", "select to_regclass('mine')",
          "(null)" },
        { "create temporary table mine as select 1 as id", "select to_regclass('mine')",
          "(null)" },
        { "select 1 as id into temporary table mine", "select to_regclass('mine')",
          "(null)" },
        { "listen news", "select count(*) from pg_listening_channels()", "0" },
        { "prepare mine as select 1",
          "select count(*) from pg_prepared_statements where name = 'mine'", "0" },
        { "select pg_advisory_lock(42)",
          "select count(*) from pg_locks where locktype = 'advisory'", "0" },
        { "select pg_try_advisory_lock_shared(42)",
          "select count(*) from pg_locks where locktype = 'advisory'", "0" },
        { "do $$ begin perform set_config('x.y', 'z', false); end $$",
          "select coalesce(current_setting('x.y', true), '')", "" },
        { "load 'plpgsql'", "select 1", "1" },
    };
    int64_t n;
    int pid = pid_of(scene, pool);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        EXPECT(SC_OK, count_people(pool, &n, &scene->err)); /* prepared anew */
        run(scene, pool, cases[i].change);
        assert_string_equal(ask(scene, pool, cases[i].look), cases[i].clean);
        assert_int_equal(stats_of(pool).cleaned, 2 * i + 1);
        EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
        run(scene, tx, cases[i].change);
        EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
        assert_string_equal(ask(scene, pool, cases[i].look), cases[i].clean);
        assert_int_equal(stats_of(pool).cleaned, 2 * i + 2);
    }
    assert_int_equal(pid_of(scene, pool), pid);
    sc_close(pool);
}

/* What leaves nothing behind costs nothing. */
static void an_unchanged_session_is_left_alone(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, &(struct sc_pool_options){ .max = 1 }), *tx;
    static const char *const harmless[] = {
        "select 1",
        "",
        "  ",
        "with x as (select 1) select * from x",
        "values (1)",
        "insert into t.people (id, email) values ('a', 'a')",
        "update t.people set name = 'set'",
        "delete from t.people",
        "show work_mem",
        "explain select 1",
        "analyze t.people",
        "alter table t.people add note text",
        "select set_config('x.y', 'z', true)",
        "comment on table t.people is 'set'",
        "begin",
        "select 2",
        "truncate t.people cascade",
        "vacuum t.people",
    };
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        run(scene, pool, harmless[i]);
    EXPECT(SC_SERVER, sc_query(pool, "select 1/", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
    run(scene, tx, "set local work_mem = '77MB'");
    run(scene, tx, "SET  TRANSACTION read only");
    run(scene, tx, "set constraints all deferred");
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    assert_int_equal(stats_of(pool).cleaned, 0);
    assert_string_equal(ask(scene, pool, "show work_mem"), "4MB");
    assert_int_equal(stats_of(pool).connects, 1);
    sc_close(pool);
}

/* A transaction of sc_query's that is left open is rolled back, once. */
static void what_was_begun_is_over(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool = open_pool(scene, &(struct sc_pool_options){ .max = 1 });
    int64_t n;
    run(scene, pool, "begin");
    run(scene, pool, "insert into t.people (id, email) values ('a', 'a')");
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    assert_int_equal(n, 1); /* the begin was undone as it came back */
    run(scene, pool, "begin");
    look(scene, "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()");
    EXPECT(SC_OK, count_people(pool, &n, &scene->err));
    sc_close(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(numbers_out_of_range),
        SCENE_TEST(min_is_made_when_asked_for),
        SCENE_TEST(idle_ones_are_closed_down_to_min),
        SCENE_TEST(the_old_are_replaced),
        SCENE_TEST(min_is_never_missing),
        SCENE_TEST(no_more_connections),
        SCENE_TEST(a_refusal_is_waited_out),
        SCENE_TEST(connects_are_few_at_once),
        SCENE_TEST(all_may_be_dead),
        SCENE_TEST(a_changed_session_is_reset),
        SCENE_TEST(an_unchanged_session_is_left_alone),
        SCENE_TEST(what_was_begun_is_over),
    };
    return cmocka_run_group_tests_name("pool_life", tests, NULL, NULL);
}
