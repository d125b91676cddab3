/* pool_stress_test.c: a pool under load: a thousand threads on ten connections, and
 * connections that come and go for CHURN_SECONDS (3) in memory that does not grow. */
#include "tests/db/support/scene.h"
#include "tests/db/support/threads.h"
#include <malloc.h>
#include <stdatomic.h>

#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- many threads ------------------------------------------------------------------------ */

enum { MOST = 1000, FEWER = 200, CALLS = 20, CONNECTIONS = 10 };

struct crowd {
    struct sc_db *pool;
    pthread_barrier_t start;
    _Atomic bool is_somebody_done;
};

struct member {
    struct crowd *crowd;
    pthread_t thread;
    int done;   /* calls that went well */
    int behind; /* ... when the first thread had made all of its own */
};

static void *take_turns(void *arg)
{
    struct member *member = arg;
    struct crowd *crowd = member->crowd;
    bool is_noted = false;
    int64_t n;
    pthread_barrier_wait(&crowd->start);
    member->behind = CALLS;
    for (int i = 0; i < CALLS; i++) {
        if (!is_noted && atomic_load(&crowd->is_somebody_done)) {
            member->behind = i;
            is_noted = true;
        }
        member->done += count_people(crowd->pool, &n, NULL) == SC_OK;
    }
    atomic_store(&crowd->is_somebody_done, true);
    return NULL;
}

/* All get what they asked for, and when the first has had its last turn, none of the
 * others has had less than a quarter as many. */
static void nobody_starves(void **state)
{
    static struct member members[MOST];
    struct scene *scene = *state;
    const int count = SANITIZED ? FEWER : MOST;
    const struct sc_pool_options options = { .max = CONNECTIONS,
                                             .acquire_timeout_ms = 120000 };
    struct crowd crowd = { 0 };
    struct sc_pool_stats stats;
    pthread_attr_t attr;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &options, &crowd.pool, &scene->err));
    pthread_barrier_init(&crowd.start, NULL, (unsigned)count);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, 256 * 1024);
    for (int i = 0; i < count; i++) {
        members[i] = (struct member){ .crowd = &crowd };
        assert_int_equal(
            pthread_create(&members[i].thread, &attr, take_turns, &members[i]), 0);
    }
    int least = CALLS;
    for (int i = 0; i < count; i++) {
        pthread_join(members[i].thread, NULL);
        assert_int_equal(members[i].done, CALLS);
        least = members[i].behind < least ? members[i].behind : least;
    }
    sc_pool_stats_get(crowd.pool, &stats);
    print_message("%d threads: the last had %d of %d turns when the first was through; "
                  "%lld waits of %lld us on average\n",
                  count, least, CALLS, (long long)stats.waited,
                  (long long)(stats.wait_ns / (stats.waited + 1) / 1000));
    assert_int_equal(stats.acquired, count * CALLS);
    assert_int_equal(stats.timeouts + stats.refused + stats.waiting, 0);
    assert_true(stats.open <= CONNECTIONS);
    int64_t waits = 0;
    for (size_t i = 0; i < SC_BUCKETS; i++)
        waits += stats.waits[i];
    assert_int_equal(waits, stats.waited);
    assert_true(least >= CALLS / 4);
    pthread_attr_destroy(&attr);
    pthread_barrier_destroy(&crowd.start);
    sc_close(crowd.pool);
}

/* ---- churn ------------------------------------------------------------------------------- */

enum { CHURNERS = 8 };

struct churn {
    struct sc_db *pool;
    _Atomic bool over;
    _Atomic int64_t calls;
    _Atomic int failed;
};

/* One of the ways in which a connection is used up. */
static enum sc_status use_up(struct sc_db *pool, unsigned turn)
{
    static const char *const sql[] = { "select 1", "set work_mem to '5MB'",
                                       "select pg_terminate_backend(pg_backend_pid())",
                                       "begin" };
    struct sc_db *tx;
    int64_t n;
    if (turn % 11 == 0) {
        enum sc_status st = sc_query(pool, sql[turn / 11 % 4], NULL, 0, NULL, NULL);
        return st == SC_CONNECTION || st == SC_SERVER ? SC_OK : st; /* its own end */
    }
    if (turn % 13)
        return count_people(pool, &n, NULL);
    enum sc_status st = sc_tx_begin(pool, NULL, &tx, NULL);
    if (st != SC_OK)
        return st;
    (void)sc_borrow(tx);
    return sc_tx_commit(tx, NULL);
}

static void *churn_on(void *arg)
{
    struct churn *churn = arg;
    for (unsigned turn = 1; !atomic_load(&churn->over); turn++) {
        if (use_up(churn->pool, turn) != SC_OK)
            atomic_fetch_add(&churn->failed, 1);
        atomic_fetch_add(&churn->calls, 1);
    }
    return NULL;
}

/* Bytes that are in use; a short look at them swings by what calls under way hold. */
static size_t in_use(void)
{
    return mallinfo2().uordblks;
}

static void memory_stays_flat(void **state)
{
    struct scene *scene = *state;
    const char *given = getenv("CHURN_SECONDS");
    const double length = given ? strtod(given, NULL) : 3;
    const struct sc_pool_options options = {
        .max = 4, .min = 1, .max_lifetime_s = 1, .idle_timeout_s = 1
    };
    struct churn churn = { 0 };
    struct sc_pool_stats stats;
    pthread_t threads[CHURNERS];
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &options, &churn.pool, &scene->err));
    double begun = seconds();
    for (int i = 0; i < CHURNERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn_on, &churn), 0);
    while (seconds() - begun < length / 3)
        rest(20);
    size_t before = 0, after = 0;
    for (int i = 0; i < 20; i++, rest(10))
        before = in_use() > before ? in_use() : before;
    while (seconds() - begun < length)
        rest(20);
    for (int i = 0; i < 20; i++, rest(10))
        after = in_use() > after ? in_use() : after;
    atomic_store(&churn.over, true);
    for (int i = 0; i < CHURNERS; i++)
        pthread_join(threads[i], NULL);
    sc_pool_stats_get(churn.pool, &stats);
    print_message("%.0f s: %lld calls, %lld connections, %zu KB in use, then %zu KB\n",
                  length, (long long)churn.calls, (long long)stats.connects,
                  before / 1024, after / 1024);
    assert_int_equal(churn.failed, 0);
    assert_true(stats.connects > 10);
    assert_true(stats.closed_broken > 0);
    assert_true(stats.cleaned > 0);
    sc_close(churn.pool);
    /* the four connections at their largest, and what calls hold */
    assert_true(SANITIZED || after <= before + 200 * 1024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(nobody_starves),
        SCENE_TEST(memory_stays_flat),
    };
    return cmocka_run_group_tests_name("pool_stress", tests, NULL, NULL);
}
