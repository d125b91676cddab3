/* features_stream_use_test.c: streams on every kind of handle, with a time, with hooks, and every
 * way of failing. */
#include "tests/db/support/people.h"
#include "tests/db/support/series.h"
#include <sys/wait.h>
#include <time.h>

/* ---- handles -------------------------------------------------------------------------------------- */

static void on_a_pool(void **state)
{
    struct scene *scene = *state;
    struct sc_pool_options options = { .max = 2 };
    struct sc_db *pool;
    struct sc_stream *a, *b, *c;
    int64_t total;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, &options, &pool, &scene->err));
    open_series(scene, pool, 1000000, &a);
    open_series(scene, pool, 1000000, &b);
    EXPECT(SC_MISUSE,
           q_total(pool, &total, &scene->err)); /* it would wait for itself */
    sc_stream_close(a);
    works(scene, pool);
    EXPECT(SC_OK, q_people_scan(pool, &c, &scene->err));
    sc_stream_close(c);
    read_series(scene, b, 100);
    sc_stream_close(b);
    open_series(scene, pool, 5, &a);
    read_series(scene, a, 5);
    expect_end(scene, a);
    works(scene, pool); /* it has let go */
    sc_stream_close(a);
    sc_close(pool);
}

static void nothing_else_meanwhile(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream, *other;
    struct q_people *person;
    struct sc_db *tx;
    struct sc_batch *batch;
    int64_t total;
    open_series(scene, scene->db, 100000, &stream);
    EXPECT(SC_MISUSE, q_total(scene->db, &total, &scene->err));
    EXPECT(SC_MISUSE, q_people_scan(scene->db, &other, &scene->err));
    assert_null(other);
    EXPECT(SC_MISUSE, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    read_series(scene, stream, 10);
    EXPECT(SC_MISUSE, q_people_next(stream, &person, &scene->err));
    EXPECT(SC_MISUSE, q_people_next(NULL, &person, &scene->err));
    sc_stream_close(stream);
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_MISUSE, q_everyone_stream(sc_queue(batch), &stream, &scene->err));
    assert_null(stream);
    EXPECT(SC_MISUSE, q_people_scan(sc_queue(batch), &stream, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    EXPECT(SC_MISUSE, q_everyone_stream(NULL, &stream, &scene->err));
    works(scene, scene->db);
}

static void a_time_for_the_whole(void **state)
{
    struct scene *scene = *state;
    struct sc_call call = { .timeout_ms = 300 };
    struct sc_stream *stream;
    struct q_series_row *row = NULL;
    struct q_cells *cell = NULL;
    struct sc_view view;
    struct sc_db *in_time = sc_with(scene->db, &call, &view);
    enum sc_status status = SC_OK;
    open_series(scene, in_time, 10, &stream);
    memset(&view, 0, sizeof(view)); /* it was copied */
    read_series(scene, stream, 10);
    expect_end(scene, stream);
    sc_stream_close(stream);
    in_time = sc_with(scene->db, &call, &view);
    struct q_series_args args = { .upto = 2000000000 };
    status = q_series_stream(in_time, &args, &stream, &scene->err);
    while (status == SC_OK)
        status = q_series_next(stream, &row, &scene->err);
    EXPECT(SC_TIMEOUT, status);
    assert_null(row);
    works(scene, scene->db);
    sc_stream_close(stream);
    /* the reader takes too long */
    elsewhere(scene, "insert into q.cells (sheet, row, col, n)"
                     " select 1, i, 'c', i from generate_series(1, 300000) i");
    in_time = sc_with(scene->db, &call, &view);
    status = q_cells_scan(in_time, &stream, &scene->err);
    for (int i = 0; i < 300000 && status == SC_OK; i++) {
        status = q_cells_next(stream, &cell, &scene->err);
        if (i % 100 == 0)
            nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
    }
    EXPECT(SC_TIMEOUT, status);
    works(scene, scene->db);
    sc_stream_close(stream);
}

/* ---- failures ------------------------------------------------------------------------------------- */

/* The rows ahead of the one that fails; of a chunk that is not full yet libpq drops them. */
#ifdef LIBPQ_HAS_CHUNK_MODE
enum { GOOD = 4999 / 64 * 64 };
#else
enum { GOOD = 4999 };
#endif

static void an_error_in_the_middle(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream;
    struct q_series_row *row;
    struct q_series_args args = { .upto = 100000, .bad = SC(5000) };
    for (int again = 0; again < 2; again++) {
        EXPECT(SC_OK, q_series_stream(scene->db, &args, &stream, &scene->err));
        for (int i = 0; i < GOOD; i++)
            EXPECT(SC_OK, q_series_next(stream, &row, &scene->err));
        for (int i = 0; i < 2; i++) {
            memset(&scene->err, 0, sizeof(scene->err));
            EXPECT(SC_BAD_VALUE, q_series_next(stream, &row, &scene->err));
            assert_null(row);
            assert_string_equal(scene->err.sqlstate, "22012");
            assert_string_equal(scene->err.query, "q_series");
        }
        works(scene, scene->db);
        sc_stream_close(stream);
    }
    args.bad.value = 1; /* in the first row */
    EXPECT(SC_BAD_VALUE, q_series_stream(scene->db, &args, &stream, &scene->err));
    assert_null(stream);
    struct sc_db *tx;
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_BAD_VALUE, q_series_stream(tx, &args, &stream, &scene->err));
    EXPECT(SC_BAD_VALUE, sc_tx_commit(tx, &scene->err));
    works(scene, scene->db);
}

static void the_connection_goes(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream;
    struct q_series_row *row;
    enum sc_status status = SC_OK;
    for (int scan = 0; scan < 2; scan++) {
        open_series(scene, scene->db, 1000000, &stream);
        read_series(scene, stream, 10);
        cut_off(scene, scene->db);
        for (int i = 0; i < 1000000 && status == SC_OK; i++)
            status = q_series_next(stream, &row, &scene->err);
        EXPECT(SC_CONNECTION, status);
        status = SC_OK;
        if (scan)
            sc_stream_close(stream);
        works(scene, scene->db);
        if (!scan)
            sc_stream_close(stream);
    }
    open_series(scene, scene->db, 1000000, &stream);
    cut_off(scene, scene->db);
    sc_stream_close(stream);
    works(scene, scene->db);
}

static void a_plan_that_has_gone_stale(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream;
    struct q_people *row;
    elsewhere(scene, people_rows);
    for (int i = 0; i < 3; i++) {
        EXPECT(SC_OK, q_everyone_stream(scene->db, &stream, &scene->err));
        EXPECT(SC_OK, q_people_next(stream, &row, &scene->err));
        assert_non_null(row);
        sc_stream_close(stream);
        if (i == 0)
            elsewhere(scene, "alter table q.people add column more int4;"
                             "alter table q.people drop column more");
        if (i == 1)
            PQclear(PQexec((PGconn *)sc_borrow(scene->db), "deallocate all"));
    }
}

static void another_type(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream;
    elsewhere(scene, "alter table q.cells alter n type int8");
    EXPECT(SC_SCHEMA_MISMATCH, q_cells_scan(scene->db, &stream, &scene->err));
    assert_null(stream);
    assert_string_equal(scene->err.column, "n");
    EXPECT(SC_SCHEMA_MISMATCH,
           q_cells_list_by_sheet_stream(scene->db, 1, &stream, &scene->err));
    assert_null(stream);
    works(scene, scene->db);
    struct sc_db *tx;
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_SCHEMA_MISMATCH, q_cells_scan(tx, &stream, &scene->err));
    sc_tx_rollback(tx);
    works(scene, scene->db);
}

/* ---- hooks ------------------------------------------------------------------------------------------ */

struct seen {
    int starts, ends;
    int64_t rows;
    enum sc_status status;
    char query[64];
};

static void see_start(void *user, const struct sc_event *event)
{
    struct seen *seen = user;
    seen->starts++;
    snprintf(seen->query, sizeof(seen->query), "%s", event->query);
}

static void see_end(void *user, const struct sc_event *event)
{
    struct seen *seen = user;
    seen->ends++;
    seen->rows = event->rows;
    seen->status = event->status;
}

static void hooks_see_a_stream_as_one_call(void **state)
{
    struct scene *scene = *state;
    struct seen seen = { 0 };
    struct sc_hooks hooks = { .user = &seen, .start = see_start, .end = see_end };
    struct sc_stream *stream;
    struct q_people *row;
    elsewhere(scene, people_rows);
    sc_set_hooks(scene->db, &hooks);
    open_series(scene, scene->db, 7, &stream);
    assert_int_equal(seen.starts, 1);
    read_series(scene, stream, 7);
    expect_end(scene, stream);
    assert_int_equal(seen.ends, 1);
    assert_int_equal(seen.rows, 7);
    assert_int_equal(seen.status, SC_OK);
    assert_string_equal(seen.query, "q_series");
    sc_stream_close(stream);
    assert_int_equal(seen.ends, 1);
    EXPECT(SC_OK, q_people_scan(scene->db, &stream, &scene->err));
    EXPECT(SC_OK, q_people_next(stream, &row, &scene->err));
    sc_stream_close(stream);
    assert_int_equal(seen.ends, 2);
    assert_int_equal(seen.rows, 1);
    assert_string_equal(seen.query, "q_people_scan");
}

/* By another program at the end: this one's clean-up is the parent's to do. */
static _Noreturn void be_a_child(struct sc_stream *stream)
{
    struct q_series_row *row;
    bool refused = q_series_next(stream, &row, NULL) == SC_MISUSE;
    sc_stream_close(stream); /* must not cancel the parent's statement */
    execl("/bin/sh", "sh", "-c", refused ? "exit 9" : "exit 1", (char *)NULL);
    _exit(127);
}

static void a_child_leaves_a_stream_alone(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream;
    int status = 0;
    open_series(scene, scene->db, 100000, &stream);
    read_series(scene, stream, 3);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        be_a_child(stream);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 9);
    struct q_series_row *row;
    for (int i = 4; i <= 100000; i++) {
        EXPECT(SC_OK, q_series_next(stream, &row, &scene->err));
        assert_int_equal(row->n, i);
    }
    expect_end(scene, stream);
    sc_stream_close(stream);
    works(scene, scene->db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(on_a_pool),
        FEATURE_TEST(nothing_else_meanwhile),
        FEATURE_TEST(a_time_for_the_whole),
        FEATURE_TEST(an_error_in_the_middle),
        FEATURE_TEST(the_connection_goes),
        FEATURE_TEST(a_plan_that_has_gone_stale),
        FRESH_TEST(another_type),
        FEATURE_TEST(hooks_see_a_stream_as_one_call),
        FEATURE_TEST(a_child_leaves_a_stream_alone),
    };
    return RUN_FEATURES("features_stream_use", tests);
}
