/* features_bulk_test.c: many rows at once, by insert_many, by load and by upsert_many: none,
 * one, ten thousand, and one that is wrong; and many with their relations. */
#include "tests/db/support/people.h"

enum { MANY = 10000, SOME = 1000 };

static struct q_people_new people[MANY];
static char emails[MANY][24], names[MANY][24];

static void fill(void)
{
    static const enum q_rank ranks[] = { Q_RANK_LOW, Q_RANK_HIGH };
    for (int i = 0; i < MANY; i++) {
        snprintf(emails[i], sizeof(emails[i]), "%d@x", i);
        snprintf(names[i], sizeof(names[i]), "name %d", i);
        people[i] = (struct q_people_new){ .id = SC(i + 1),
                                           .email = emails[i],
                                           .name = i % 3 ? names[i] : NULL,
                                           .rank = SC(ranks[i % 2]),
                                           .ranks = SC_LIST(ranks, (size_t)(i % 3)),
                                           .score = SC(i % 1000) };
    }
}

static const char sums[] =
    "select count(*) || ' ' || count(name) || ' ' || sum(score) || ' ' ||"
    " sum(cardinality(ranks)) || ' ' || count(*) filter (where rank = 'high') || ' ' ||"
    " bool_and(email = (id - 1) || '@x') from q.people";
static const char all[] = "10000 6666 4995000 9999 5000 true";

/* Not by delete, which looks for each row's references. */
static void empty(struct scene *scene)
{
    elsewhere(scene, "truncate q.people cascade");
}

static void ten_thousand(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows;
    size_t n = 0;
    fill();
    EXPECT(SC_OK, q_people_load(scene->db, people, MANY, &scene->err));
    SEE(sums, all);
    empty(scene);
    EXPECT(SC_OK,
           q_people_insert_many(scene->db, people, MANY, NULL, NULL, &scene->err));
    SEE(sums, all);
    empty(scene);
    EXPECT(SC_OK,
           q_people_insert_many(scene->db, people, MANY, &rows, &n, &scene->err));
    assert_int_equal(n, MANY);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rows[i].id, i + 1);
        assert_string_equal(rows[i].email, emails[i]);
        assert_int_equal(rows[i].ranks.count, i % 3);
    }
    q_people_free(rows);
    SEE(sums, all);
    empty(scene);
}

/* What cannot be sent takes up an item, and fails the run before anything is. */
static void refused_on_a_batch(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch;
    fill();
    people[9].email = emails[3];
    people[SOME - 1].email = NULL;
    for (int load = 0; load < 2; load++) {
        EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
        EXPECT(SC_QUEUED,
               q_people_insert(sc_queue(batch), &people[1], NULL, &scene->err));
        if (load)
            EXPECT(SC_NOT_NULL,
                   q_people_load(sc_queue(batch), people, SOME, &scene->err));
        else
            EXPECT(SC_UNIQUE,
                   q_people_upsert_many_by_email(sc_queue(batch), people + 3, 2 + 5,
                                                 NULL, NULL, &scene->err));
        EXPECT(load ? SC_NOT_NULL : SC_UNIQUE, sc_batch_run(batch, &scene->err));
        assert_int_equal(scene->err.item, 1);
        sc_batch_close(batch);
        SEE("select count(*) from q.people", "0");
    }
}

static void none(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows = (void *)1;
    size_t n = 1;
    int sent;
    count_statements(scene->db, &sent);
    EXPECT(SC_OK, q_people_insert_many(scene->db, NULL, 0, &rows, &n, &scene->err));
    assert_null(rows);
    assert_int_equal(n, 0);
    EXPECT(SC_OK, q_people_insert_many(scene->db, people, 0, NULL, NULL, &scene->err));
    EXPECT(SC_OK, q_people_load(scene->db, NULL, 0, &scene->err));
    struct sc_batch *batch;
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_QUEUED,
           q_people_insert_many(sc_queue(batch), NULL, 0, &rows, &n, &scene->err));
    EXPECT(SC_QUEUED, q_people_load(sc_queue(batch), NULL, 0, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    assert_null(rows);
    SEE("select count(*) from q.people", "0");
}

/* One wrong row among many, wherever it stands: nothing stays, and the connection
 * works. */
static void expect_nothing(struct scene *scene, enum sc_status want)
{
    struct q_people *rows = (void *)1;
    size_t n = 1;
    int64_t count;
    EXPECT(want,
           q_people_insert_many(scene->db, people, SOME, NULL, NULL, &scene->err));
    EXPECT(want, q_people_insert_many(scene->db, people, SOME, &rows, &n, &scene->err));
    assert_null(rows);
    assert_int_equal(n, 0);
    EXPECT(want, q_people_load(scene->db, people, SOME, &scene->err));
    EXPECT(SC_OK, q_people_count(scene->db, &count, &scene->err));
    assert_int_equal(count, 0);
}

static void one_that_is_wrong(void **state)
{
    struct scene *scene = *state;
    static const size_t at[] = { 0, SOME / 2, SOME - 1 };
    for (size_t i = 0; i < COUNT(at); i++) {
        fill();
        SC_SET(people[at[i]].score, 1001);
        expect_nothing(scene, SC_CHECK);
        assert_string_equal(scene->err.query, "q_people_load");
        SC_SET(people[at[i]].score, 1);
        people[at[i]].email = emails[(at[i] + 1) % SOME];
        expect_nothing(scene, SC_UNIQUE);
        people[at[i]].email = NULL;
        expect_nothing(scene, SC_NOT_NULL);
        assert_string_equal(scene->err.column, "email");
        assert_int_equal(scene->err.item, at[i]);
        people[at[i]].email = "fine";
        SC_SET(people[at[i]].rank, (enum q_rank)9);
        expect_nothing(scene, SC_BAD_VALUE);
        assert_string_equal(scene->err.column, "rank");
        assert_int_equal(scene->err.item, at[i]);
    }
}

/* Each row leaves something else out: as many statements, and still one whole. */
static void rows_of_many_shapes(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows;
    size_t n;
    enum { FEW = 64 };
    fill();
    for (int i = 0; i < FEW; i++) {
        if (i & 1)
            people[i].rank = (struct q_maybe_rank){ SC_IS_UNSET, Q_RANK__UNSET };
        if (i & 2)
            people[i].score = (struct sc_maybe_int4){ SC_IS_UNSET, 0 };
        people[i].info = i & 4 ? "{\"i\": 1}" : NULL;
        people[i].team = i & 8 ? "t" : NULL;
        people[i].ranks.items = i & 16 ? people[i].ranks.items : NULL;
        if (i & 32)
            SC_SET(people[i].boss_id, 1);
    }
    EXPECT(SC_OK, q_people_insert_many(scene->db, people, FEW, &rows, &n, &scene->err));
    assert_int_equal(n, FEW);
    for (int i = 0; i < FEW; i++) {
        assert_int_equal(rows[i].id, i + 1);
        assert_int_equal(rows[i].rank, i % 2 ? Q_RANK_LOW : people[i].rank.value);
        assert_int_equal(rows[i].score, i & 2 ? 0 : i % 1000);
        assert_string_equal(rows[i].info, i & 4 ? "{\"i\": 1}" : "{}");
        assert_int_equal(rows[i].team != NULL, (i & 8) != 0);
        assert_int_equal(rows[i].ranks.items != NULL, (i & 16) != 0);
        assert_int_equal(sc_has(rows[i].boss_id), (i & 32) != 0);
    }
    q_people_free(rows);
    empty(scene);
    people[FEW - 1].email = people[0].email;
    EXPECT(SC_UNIQUE,
           q_people_insert_many(scene->db, people, FEW, &rows, &n, &scene->err));
    assert_int_equal(scene->err.item, -1); /* the server names no row */
    SEE("select count(*) from q.people", "0");
    EXPECT(SC_MISUSE, q_people_load(scene->db, people, FEW, &scene->err));
    assert_int_equal(scene->err.sqlstate[0], 0);
}

static void in_a_transaction(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx;
    fill();
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, q_people_load(tx, people, MANY / 2, &scene->err));
    EXPECT(SC_OK, q_people_insert_many(tx, people + MANY / 2, MANY / 2, NULL, NULL,
                                       &scene->err));
    SEE("select count(*) from q.people", "0");
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    SEE(sums, all);
    empty(scene);
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, q_people_insert(tx, &people[7], NULL, &scene->err));
    EXPECT(SC_UNIQUE, q_people_load(tx, people, 100, &scene->err));
    EXPECT(SC_UNIQUE, sc_tx_commit(tx, &scene->err));
    SEE("select count(*) from q.people", "0");
}

/* ---- upserts --------------------------------------------------------------------------- */

static void upserts_in_one_trip(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows;
    size_t n;
    int sent;
    fill();
    EXPECT(SC_OK,
           q_people_upsert_many(scene->db, people, MANY / 2, NULL, NULL, &scene->err));
    for (int i = 0; i < MANY / 2; i++)
        SC_SET(people[i].score, 0);
    EXPECT(SC_OK,
           q_people_upsert_many(scene->db, people, MANY, NULL, NULL, &scene->err));
    SEE("select count(*) || ' ' || count(*) filter (where score > 0) from q.people",
        "10000 4995");
    fill();
    for (int i = 0; i < MANY; i++)
        people[i].id = (struct sc_maybe_int4){ SC_IS_UNSET, 0 };
    count_statements(scene->db, &sent);
    EXPECT(SC_OK, q_people_upsert_many_by_email(scene->db, people, MANY, &rows, &n,
                                                &scene->err));
    assert_int_equal(sent, 1);
    assert_int_equal(n, MANY);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rows[i].id, i + 1);
        assert_int_equal(rows[i].score, i % 1000);
    }
    q_people_free(rows);
    SEE(sums, all);
    empty(scene);
}

/* A member that is left out leaves the column as it is. */
static void upserts_of_many_shapes(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows;
    size_t n;
    enum { FEW = 8 };
    fill();
    EXPECT(SC_OK,
           q_people_upsert_many(scene->db, people, FEW, NULL, NULL, &scene->err));
    for (int i = 0; i < FEW; i++) {
        people[i] = (struct q_people_new){ .id = SC(i + 1), .email = emails[i] };
        if (i & 1)
            people[i].name = "other";
        if (i & 2)
            SC_SET(people[i].score, 500);
    }
    EXPECT(SC_OK, q_people_upsert_many(scene->db, people, FEW, &rows, &n, &scene->err));
    assert_int_equal(n, FEW);
    for (int i = 0; i < FEW; i++) {
        assert_int_equal(rows[i].id, i + 1);
        assert_int_equal(rows[i].score, i & 2 ? 500 : i);
        if (i & 1)
            assert_string_equal(rows[i].name, "other");
        else
            assert_int_equal(rows[i].name != NULL, i % 3 != 0);
    }
    q_people_free(rows);
}

static void the_same_key_twice(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows = (void *)1;
    size_t n = 1;
    fill();
    people[MANY - 1].email = emails[17]; /* another statement's */
    EXPECT(SC_UNIQUE, q_people_upsert_many_by_email(scene->db, people, MANY, &rows, &n,
                                                    &scene->err));
    assert_null(rows);
    assert_int_equal(n, 0);
    assert_int_equal(scene->err.item, MANY - 1);
    assert_string_equal(scene->err.message, "row 9999 has the same key as row 17");
    SEE("select count(*) from q.people", "0");
    /* two columns */
    struct q_cells_new cells[] = {
        { .sheet = SC(1), .row = SC(1), .col = "a", .n = SC(1) },
        { .sheet = SC(1), .row = SC(2), .col = "a", .n = SC(2) },
        { .sheet = SC(2), .row = SC(3), .col = "a", .n = SC(2) },
        { .sheet = SC(1), .row = SC(4), .col = "a", .n = SC(2) },
    };
    EXPECT(SC_OK,
           q_cells_upsert_many(scene->db, cells, COUNT(cells) - 1, NULL, NULL, NULL));
    EXPECT(SC_UNIQUE, q_cells_upsert_many_by_sheet_n(scene->db, cells, COUNT(cells),
                                                     NULL, NULL, &scene->err));
    assert_int_equal(scene->err.item, 3);
    /* equal to the server, of other bytes: it says so itself */
    struct q_rates_new rates[] = { { .rate = { "1.0" } }, { .rate = { "1.00" } } };
    EXPECT(SC_UNIQUE,
           q_rates_upsert_many(scene->db, rates, 2, NULL, NULL, &scene->err));
    assert_string_equal(scene->err.sqlstate, "21000");
    /* a key of some rows only: these are not among them */
    struct q_bookings_new bookings[] = {
        { .id = SC(1), .room = SC(7), .during = "[1,2)", .name = "a" },
        { .id = SC(2), .room = SC(7), .during = "[3,4)", .name = "b" },
    };
    EXPECT(SC_OK, q_bookings_upsert_many_by_room(scene->db, bookings, 2, NULL, NULL,
                                                 &scene->err));
}

static void upserts_on_a_batch(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch;
    struct q_people *rows = NULL;
    size_t n;
    fill();
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_QUEUED,
           q_people_upsert_many(sc_queue(batch), people, 10, NULL, NULL, &scene->err));
    EXPECT(SC_QUEUED, q_people_upsert_many_by_email(sc_queue(batch), people, 5, &rows,
                                                    &n, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    assert_int_equal(n, 5);
    q_people_free(rows);
    EXPECT(SC_OK, q_people_take(batch, 0, &rows, &n, &scene->err));
    assert_int_equal(n, 10);
    q_people_free(rows);
    sc_batch_close(batch);
    SEE("select count(*) from q.people", "10");
}

/* ---- many parents ------------------------------------------------------------------------ */

static void many_with_relations(void **state)
{
    struct scene *scene = *state;
    struct q_people_get_with_letters_by_sender_id_row *rows;
    struct q_cells_get_with_bookings_row *cells;
    size_t n, letters = 0;
    elsewhere(scene, people_rows);
    static const int32_t ids[] = { 5, 1, 2, 1, 77 };
    EXPECT(SC_OK, q_people_get_many_with_letters_by_sender_id(
                      scene->db, (struct sc_int4s)SC_LIST(ids, COUNT(ids)), &rows, &n,
                      &scene->err));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++) {
        size_t want = rows[i].people.id == 1 ? 10 : rows[i].people.id == 2 ? 1 : 0;
        assert_int_equal(rows[i].letters_by_sender_id.count, want);
        for (size_t k = 0; k < want; k++)
            assert_int_equal(rows[i].letters_by_sender_id.items[k].sender_id,
                             rows[i].people.id);
        letters += want;
    }
    assert_int_equal(letters, 11);
    q_people_get_with_letters_by_sender_id_free(rows);
    EXPECT(SC_OK,
           q_people_get_many_with_letters_by_sender_id(
               scene->db, (struct sc_int4s)SC_LIST(ids, 0), &rows, &n, &scene->err));
    assert_int_equal(n, 0);
    /* a key of three columns */
    elsewhere(scene, cells_rows);
    elsewhere(scene, "insert into q.bookings (id, sheet, row, col, room, during)"
                     " select i, 2, 3, 'a', i, int4range(i, i + 1)"
                     " from generate_series(1, 4) i");
    static const int32_t sheets[] = { 2, 3 }, in_row[] = { 3, 1 };
    static const char *const cols[] = { "a", "b" };
    EXPECT(SC_OK, q_cells_get_many_with_bookings(
                      scene->db, (struct sc_int4s)SC_LIST(sheets, 2),
                      (struct sc_int4s)SC_LIST(in_row, 2),
                      (struct sc_texts)SC_LIST(cols, 2), &cells, &n, &scene->err));
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(cells[i].bookings.count, cells[i].cells.sheet == 2 ? 4 : 0);
    q_cells_get_with_bookings_free(cells);
    EXPECT(SC_MISUSE, q_cells_get_many_with_bookings(
                          scene->db, (struct sc_int4s)SC_LIST(sheets, 2),
                          (struct sc_int4s)SC_LIST(in_row, 1),
                          (struct sc_texts)SC_LIST(cols, 2), &cells, &n, &scene->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(ten_thousand),           FEATURE_TEST(none),
        FEATURE_TEST(one_that_is_wrong),      FEATURE_TEST(rows_of_many_shapes),
        FEATURE_TEST(in_a_transaction),       FEATURE_TEST(upserts_in_one_trip),
        FEATURE_TEST(upserts_of_many_shapes), FEATURE_TEST(the_same_key_twice),
        FEATURE_TEST(upserts_on_a_batch),     FEATURE_TEST(refused_on_a_batch),
        FEATURE_TEST(many_with_relations),
    };
    return RUN_FEATURES("features_bulk", tests);
}
