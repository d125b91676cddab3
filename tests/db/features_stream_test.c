/* features_stream_test.c: rows one by one: the same as in a list, as many as one likes in
 * constant memory, closed half-way or left open. */
#include "tests/db/support/people.h"
#include "tests/db/support/series.h"

/* ---- what it gives ---------------------------------------------------------------------- */

static void the_same_as_a_list(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream;
    struct q_people *list, *row;
    size_t n;
    elsewhere(scene, people_rows);
    for (int again = 0; again < 2; again++) {
        EXPECT(SC_OK, q_everyone(scene->db, &list, &n, &scene->err));
        EXPECT(SC_OK, q_everyone_stream(scene->db, &stream, &scene->err));
        for (size_t i = 0; i < n; i++) {
            EXPECT(SC_OK, q_people_next(stream, &row, &scene->err));
            assert_int_equal(row->id, list[i].id);
            assert_string_equal(row->email, list[i].email);
            assert_true(!row->name == !list[i].name);
            assert_int_equal(row->rank, list[i].rank);
            assert_int_equal(row->ranks.count, list[i].ranks.count);
            assert_string_equal(row->info, list[i].info);
        }
        EXPECT(SC_OK, q_people_next(stream, &row, &scene->err));
        assert_null(row);
        sc_stream_close(stream);
        q_people_free(list);
    }
}

static void parameters_and_choices(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream;
    struct q_people *row;
    elsewhere(scene, people_rows);
    struct q_find_args args = { .team = "red", .sort = Q_FIND_SORT_DOWN };
    static const int want[] = { 2, 3, 1 };
    EXPECT(SC_OK, q_find_stream(scene->db, &args, &stream, &scene->err));
    for (size_t i = 0; i < COUNT(want); i++) {
        EXPECT(SC_OK, q_people_next(stream, &row, &scene->err));
        assert_int_equal(row->id, want[i]);
    }
    EXPECT(SC_OK, q_people_next(stream, &row, &scene->err));
    assert_null(row);
    sc_stream_close(stream);
    args.sort = (enum q_find_sort)77;
    EXPECT(SC_MISUSE, q_find_stream(scene->db, &args, &stream, &scene->err));
    assert_null(stream);
    EXPECT(SC_OK,
           q_people_list_by_team_stream(scene->db, "blue", &stream, &scene->err));
    EXPECT(SC_OK, q_people_next(stream, &row, &scene->err));
    assert_int_equal(row->id, 4);
    sc_stream_close(stream);
    works(scene, scene->db);
}

static void bare_values(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream;
    const char **name;
    int32_t *id;
    static const char *const names[] = { "Ada", "Bob", NULL, "Dan 100%", "Eve" };
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_names_stream(scene->db, &stream, &scene->err));
    for (size_t i = 0; i < COUNT(names); i++) {
        EXPECT(SC_OK, q_names_next(stream, &name, &scene->err));
        assert_non_null(name);
        assert_true(names[i] ? *name && strcmp(*name, names[i]) == 0 : !*name);
    }
    EXPECT(SC_OK, q_names_next(stream, &name, &scene->err));
    assert_null(name);
    sc_stream_close(stream);
    struct q_pick_args args = { .a = SC(3), .b = SC(6) };
    EXPECT(SC_OK, q_pick_stream(scene->db, &args, &stream, &scene->err));
    for (int i = 4; i < 6; i++) {
        EXPECT(SC_OK, q_pick_next(stream, &id, &scene->err));
        assert_int_equal(*id, i);
    }
    EXPECT(SC_OK, q_pick_next(stream, &id, &scene->err));
    assert_null(id);
    sc_stream_close(stream);
}

static void no_rows(void **state)
{
    struct scene *scene = *state;
    struct sc_stream *stream;
    struct q_people *row = (void *)1;
    EXPECT(SC_OK, q_everyone_stream(scene->db, &stream, &scene->err));
    works(scene, scene->db); /* it is over already */
    EXPECT(SC_OK, q_people_next(stream, &row, &scene->err));
    assert_null(row);
    sc_stream_close(stream);
    EXPECT(SC_OK, q_people_scan(scene->db, &stream, &scene->err));
    EXPECT(SC_OK, q_people_next(stream, &row, &scene->err));
    assert_null(row);
    works(scene, scene->db);
    sc_stream_close(stream);
    sc_stream_close(NULL);
}

/* ---- constant memory ------------------------------------------------------------------------ */

/* In KB: resident, or, as a sanitizer keeps for a while what was freed, allocated. */
#ifdef __SANITIZE_ADDRESS__
size_t __sanitizer_get_current_allocated_bytes(void);
static long held(void)
{
    return (long)(__sanitizer_get_current_allocated_bytes() / 1024);
}
#else
static long held(void)
{
    return resident();
}
#endif

static void a_million_rows_in_constant_memory(void **state)
{
    struct scene *scene = *state;
    enum { MILLION = 1000000, SOME_KB = 2048 };
    struct sc_stream *stream;
    struct q_series_row *row;
    open_series(scene, scene->db, MILLION, &stream);
    read_series(scene, stream, 1000);
    long before = held(), most = before;
    for (int i = 1001; i <= MILLION; i++) {
        EXPECT(SC_OK, q_series_next(stream, &row, &scene->err));
        if (i % 100000 == 0) {
            long now = held();
            assert_int_equal(row->n, i);
            most = now > most ? now : most;
        }
    }
    assert_true(most - before < SOME_KB);
    expect_end(scene, stream);
    sc_stream_close(stream);
}

static void a_scan_in_constant_memory(void **state)
{
    struct scene *scene = *state;
    enum { ROWS = 200000, SOME_KB = 2048 };
    struct sc_stream *stream;
    struct q_cells *row;
    int64_t sum = 0;
    elsewhere(scene,
              "insert into q.cells (sheet, row, col, n, label) select 1, i, 'c', i,"
              " case when i % 2 = 0 then 'label ' || i end"
              " from generate_series(1, 200000) i");
    EXPECT(SC_OK, q_cells_scan(scene->db, &stream, &scene->err));
    EXPECT(SC_OK, q_cells_next(stream, &row, &scene->err));
    long before = held();
    int count = 0;
    for (; row; count++) {
        sum += row->n;
        assert_int_equal(row->label != NULL, row->n % 2 == 0);
        assert_string_equal(row->col, "c");
        EXPECT(SC_OK, q_cells_next(stream, &row, &scene->err));
    }
    assert_int_equal(count, ROWS);
    assert_true(sum == (int64_t)ROWS * (ROWS + 1) / 2);
    assert_true(held() - before < SOME_KB);
    works(scene, scene->db);
    sc_stream_close(stream);
}

/* ---- half-way --------------------------------------------------------------------------------- */

static void closed_half_way(void **state)
{
    struct scene *scene = *state;
    static const int lengths[] = { 0, 1, 2, 10, 5000 };
    struct sc_stream *stream;
    struct q_cells *row;
    elsewhere(scene, cells_rows);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        open_series(scene, scene->db, 5000, &stream);
        read_series(scene, stream, lengths[i]);
        sc_stream_close(stream);
        works(scene, scene->db);
        open_series(scene, scene->db, 3000000, &stream);
        read_series(scene, stream, lengths[i]);
        sc_stream_close(stream);
        works(scene, scene->db);
        EXPECT(SC_OK, q_cells_scan(scene->db, &stream, &scene->err));
        for (int k = 0; k < lengths[i] && k < 60; k++)
            EXPECT(SC_OK, q_cells_next(stream, &row, &scene->err));
        sc_stream_close(stream);
        works(scene, scene->db);
    }
}

static void closed_half_way_in_a_transaction(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx;
    struct sc_stream *stream;
    struct q_cells *row;
    elsewhere(scene, cells_rows);
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    struct q_people_new new = { .email = "kept@x" };
    EXPECT(SC_OK, q_people_insert(tx, &new, NULL, &scene->err));
    for (int again = 0; again < 2; again++) {
        open_series(scene, tx, 3000000, &stream);
        read_series(scene, stream, 3);
        sc_stream_close(stream);
        open_series(scene, tx, 10, &stream);
        read_series(scene, stream, 10);
        expect_end(scene, stream);
        sc_stream_close(stream);
        EXPECT(SC_OK, q_cells_scan(tx, &stream, &scene->err));
        EXPECT(SC_OK, q_cells_next(stream, &row, &scene->err));
        sc_stream_close(stream);
        EXPECT(SC_OK, q_cells_scan(tx, &stream, &scene->err));
        do
            EXPECT(SC_OK, q_cells_next(stream, &row, &scene->err));
        while (row);
        sc_stream_close(stream);
        works(scene, tx);
    }
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    SEE("select count(*) from q.people", "1");
}

static const char open_message[] =
    "the stream of q_series is open on the connection: read it to its end or close it";

static void open_at_the_end_of_a_transaction(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx, *inner;
    struct sc_stream *stream;
    struct sc_batch *batch;
    int64_t total;
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    struct q_people_new new = { .email = "kept@x" };
    EXPECT(SC_OK, q_people_insert(tx, &new, NULL, &scene->err));
    open_series(scene, tx, 3000000, &stream);
    EXPECT(SC_MISUSE, sc_tx_commit(tx, &scene->err));
    assert_string_equal(scene->err.message, open_message);
    EXPECT(SC_MISUSE, q_total(tx, &total, &scene->err));
    assert_string_equal(scene->err.message, open_message);
    EXPECT(SC_MISUSE, sc_tx_begin(tx, NULL, &inner, &scene->err));
    assert_string_equal(scene->err.message, open_message);
    EXPECT(SC_OK, sc_batch_open(tx, &batch, &scene->err));
    EXPECT(SC_QUEUED, q_total(sc_queue(batch), &total, &scene->err));
    EXPECT(SC_MISUSE, sc_batch_run(batch, &scene->err));
    assert_string_equal(scene->err.message, open_message);
    sc_batch_close(batch);
    sc_tx_rollback(tx); /* does nothing */
    read_series(scene, stream, 3);
    sc_stream_close(stream);
    works(scene, tx);
    open_series(scene, tx, 10, &stream);
    read_series(scene, stream, 10);
    expect_end(scene, stream); /* has let go */
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    sc_stream_close(stream);
    SEE("select count(*) from q.people", "1");
    works(scene, scene->db);
}

static void open_in_a_savepoint(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx, *inner;
    struct sc_stream *stream;
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(tx, NULL, &inner, &scene->err));
    open_series(scene, inner, 3000000, &stream);
    EXPECT(SC_MISUSE, sc_tx_commit(inner, &scene->err));
    assert_string_equal(scene->err.message, open_message);
    EXPECT(SC_MISUSE, sc_tx_commit(tx, &scene->err));
    assert_string_equal(scene->err.message, open_message);
    sc_stream_close(stream);
    EXPECT(SC_OK, sc_tx_commit(inner, &scene->err));
    sc_tx_rollback(tx);
    works(scene, scene->db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(the_same_as_a_list),
        FEATURE_TEST(parameters_and_choices),
        FEATURE_TEST(bare_values),
        FEATURE_TEST(no_rows),
        FEATURE_TEST(a_million_rows_in_constant_memory),
        FEATURE_TEST(a_scan_in_constant_memory),
        FEATURE_TEST(closed_half_way),
        FEATURE_TEST(closed_half_way_in_a_transaction),
        FEATURE_TEST(open_at_the_end_of_a_transaction),
        FEATURE_TEST(open_in_a_savepoint),
    };
    return RUN_FEATURES("features_stream", tests);
}
