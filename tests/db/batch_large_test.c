/* batch_large_test.c: batches of any size: no deadlock while both sides send much, no buffer
 * that grows with the batch, and no allocation a call. */
#include "tests/db/support/scene.h"
#include "tests/db/support/failing.h"

#include <malloc.h>

static const struct sc__column text_column[] = { { COLUMN("v", TEXT(0)) } };
static const struct sc__row text_row = { text_column, 1, sizeof(const char *) };
static const struct sc__type text_and_size[] = { TEXT(0), INT4(0) };
/* Gives `size` bytes back, whatever came. */
static const struct sc__stmt answer = { .label = "answer",
                                        .sql = "select repeat(left($1, 1), $2) as v",
                                        .params = text_and_size,
                                        .row = &text_row,
                                        .nparams = 2,
                                        .want = SC__WANT_VALUE };

static char *letters(size_t size)
{
    char *text = malloc(size + 1);
    assert_non_null(text);
    memset(text, 'x', size);
    text[size] = 0;
    return text;
}

static struct sc_batch *open_batch(struct scene *scene, enum sc_batch_mode mode)
{
    const struct sc_batch_options options = { .mode = mode };
    struct sc_batch *batch;
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_OK, sc_batch_set(batch, &options, &scene->err));
    return batch;
}

static void queue_answers(struct sc_batch *batch, size_t calls, const char *text,
                          int32_t size)
{
    const void *args[] = { &text, &size };
    for (size_t i = 0; i < calls; i++)
        assert_int_equal(sc__run(sc_queue(batch), &answer, 0, args, NULL, NULL, NULL),
                         SC_QUEUED);
}

static void take_some(struct sc_batch *batch, size_t calls, int32_t size)
{
    size_t step = calls / 7 + 1;
    for (size_t i = 0; i < calls; i += step) {
        const char *text;
        assert_int_equal(sc__take_value(batch, i, &text_row, (void *)&text, NULL),
                         SC_OK);
        assert_int_equal(strlen(text), size);
        sc_free((void *)(uintptr_t)text);
    }
}

/* ---- both sides send much -------------------------------------------------------------- */

static const struct {
    size_t calls;
    size_t given;
    int32_t wanted;
    enum sc_batch_mode mode;
} loads[] = {
    { 100000, 600, 700, SC_ALL_OR_NOTHING }, /* many */
    { 10000, 600, 700, SC_INDEPENDENT },
    { 40, 3000000, 3000000, SC_ALL_OR_NOTHING }, /* large */
    { 40, 3000000, 3000000, SC_INDEPENDENT },
    { 2000, 10, 100000, SC_ALL_OR_NOTHING }, /* the server sends more */
    { 2000, 100000, 10, SC_ALL_OR_NOTHING }, /* we send more */
    { 2000, 100000, 10, SC_INDEPENDENT },
    { 1023, 10, 10, SC_ALL_OR_NOTHING }, /* at the window's edge */
    { 1024, 10, 10, SC_ALL_OR_NOTHING },
    { 1025, 10, 10, SC_ALL_OR_NOTHING },
    { 5000, 10, 10, SC_ALL_OR_NOTHING },
};

static void no_batch_is_too_large(void **state)
{
    struct scene *scene = *state;
    for (size_t i = 0; i < sizeof(loads) / sizeof(*loads); i++) {
        char *text = letters(loads[i].given);
        struct sc_batch *batch = open_batch(scene, loads[i].mode);
        queue_answers(batch, loads[i].calls, text, loads[i].wanted);
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        take_some(batch, loads[i].calls, loads[i].wanted);
        sc_batch_close(batch);
        free(text);
    }
}

/* ---- a window in both directions ---------------------------------------------------------- */

static size_t heap(void)
{
    return mallinfo2().uordblks + mallinfo2().hblkhd;
}

/* What a batch needs while it runs is its results: not a copy of all it sends. */
static void nothing_grows_with_what_is_sent(void **state)
{
    struct scene *scene = *state;
    enum { CALLS = 3000, GIVEN = 20000 };
    if (!INTERPOSED)
        skip(); /* a sanitizer's heap tells nothing */
    char *text = letters(GIVEN);
    struct sc_batch *batch = open_batch(scene, SC_ALL_OR_NOTHING);
    queue_answers(batch, CALLS, text, 10); /* 60 MB */
    size_t before = heap();
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    size_t after = heap(); /* libpq keeps the largest buffer that it ever had */
    assert_true(after - before < CALLS * 4096 + (1 << 20));
    sc_batch_close(batch);
    free(text);
}

/* The first failure ends the sending: the rest of a large batch is not even sent. */
static void a_failure_stops_the_sending(void **state)
{
    struct scene *scene = *state;
    enum { CALLS = 200, GIVEN = 1000000 };
    char *text = letters(GIVEN);
    struct sc_batch *batch = open_batch(scene, SC_ALL_OR_NOTHING);
    queue_answers(batch, 3, text, 10);
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "a", "a", NULL, NULL));
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "a", "a", NULL, NULL));
    queue_answers(batch, CALLS, text, 10);
    FILE *trace = tmpfile();
    assert_non_null(trace);
    PQtrace(sc_borrow(scene->db), trace);
    EXPECT(SC_UNIQUE, sc_batch_run(batch, &scene->err));
    PQuntrace(sc_borrow(scene->db));
    long traced = ftell(trace);
    fclose(trace);
    assert_int_equal(scene->err.item, 4);
    assert_int_equal(sc_batch_status(batch, 4, NULL), SC_UNIQUE);
    assert_int_equal(sc_batch_status(batch, CALLS + 4, NULL), SC_NOT_RUN);
    assert_true(traced < (long)CALLS * GIVEN / 2);
    sc_batch_close(batch);
    int64_t n = 7;
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    assert_int_equal(n, 0);
    free(text);
}

/* ---- allocations ------------------------------------------------------------------------------- */

static void count_allocations(void)
{
    seen = 0;
    live = 0;
    persistent = false;
    until = SIZE_MAX;
    armed = true;
}

static size_t counted(void)
{
    armed = false;
    return seen;
}

/* A sanitizer interposes malloc, too, and valgrind takes all of it. */
static bool are_counted(void)
{
    count_allocations();
    free(strdup("by libc"));
    return counted() > 0;
}

static void queue_reads(struct sc_batch *batch, size_t calls)
{
    const char *email = "somebody.with.a.name@example.org";
    const void *args[] = { &email };
    for (size_t i = 0; i < calls; i++)
        assert_int_equal(
            sc__run(sc_queue(batch), &person_maybe, 0, args, NULL, NULL, NULL),
            SC_QUEUED);
}

/* By hand, with the statement that the batch has prepared. */
static size_t by_hand(struct scene *scene, size_t calls)
{
    PGconn *pg = (PGconn *)sc_borrow(scene->db);
    PGresult *result = PQexec(pg, "select name from pg_prepared_statements where"
                                  " statement like '%where email = $1%'");
    char statement[64];
    snprintf(statement, sizeof(statement), "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    PGresult **results = calloc(calls, sizeof(PGresult *));
    const char *email = "somebody.with.a.name@example.org";
    assert_int_equal(PQsetnonblocking(pg, 1), 0);
    assert_int_equal(PQenterPipelineMode(pg), 1);
    count_allocations();
    for (size_t i = 0; i < calls; i++)
        PQsendQueryPrepared(pg, statement, 1, &email, NULL, NULL, 1);
    PQpipelineSync(pg);
    while (PQflush(pg) > 0)
        PQconsumeInput(pg);
    for (size_t i = 0; i < calls; i++) {
        results[i] = PQgetResult(pg);
        assert_null(PQgetResult(pg));
    }
    PQclear(PQgetResult(pg));
    size_t count = counted();
    for (size_t i = 0; i < calls; i++) {
        assert_int_equal(PQresultStatus(results[i]), PGRES_TUPLES_OK);
        PQclear(results[i]);
    }
    free(results);
    assert_int_equal(PQexitPipelineMode(pg), 1);
    PQsetnonblocking(pg, 0);
    return count;
}

static void a_call_allocates_nothing(void **state)
{
    struct scene *scene = *state;
    enum { CALLS = 1000, BLOCKS = 12, MORE = 100 }; /* a wait probes for memory */
    if (!are_counted())
        skip();
    struct sc_batch *batch = open_batch(scene, SC_ALL_OR_NOTHING);
    size_t queueing[4], running[4];
    for (int i = 0; i < 4; i++) {
        count_allocations();
        queue_reads(batch, CALLS);
        queueing[i] = counted();
        count_allocations();
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        running[i] = counted();
        sc_batch_reset(batch);
    }
    size_t hand = by_hand(scene, CALLS);
    sc_batch_close(batch);
    /* Blocks that double; and what is libpq's own. */
    if (queueing[0] > BLOCKS || queueing[3] || running[3] > hand + MORE)
        fail_msg("%zu, then %zu allocations to queue, %zu to run, %zu by hand",
                 queueing[0], queueing[3], running[3], hand);
}

/* Nor does one of many, whose memory is many megabytes. */
static void a_large_one_neither(void **state)
{
    struct scene *scene = *state;
    enum { CALLS = 30000, ROUNDS = 4 };
    if (!are_counted())
        skip();
    struct sc_batch *batch = open_batch(scene, SC_ALL_OR_NOTHING);
    size_t first = 0;
    for (int i = 0; i < ROUNDS; i++) {
        count_allocations();
        queue_reads(batch, CALLS);
        size_t queueing = counted();
        if (!i)
            first = queueing;
        else
            assert_int_equal(queueing, 0);
        sc_batch_reset(batch);
    }
    assert_true(first > 12); /* it was more than a block or two */
    sc_batch_close(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(no_batch_is_too_large),
        SCENE_TEST(nothing_grows_with_what_is_sent),
        SCENE_TEST(a_failure_stops_the_sending),
        SCENE_TEST(a_call_allocates_nothing),
        SCENE_TEST(a_large_one_neither),
    };
    return cmocka_run_group_tests_name("batch_large", tests, NULL, NULL);
}
