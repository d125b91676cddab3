/* features_read_test.c: what the generated functions of a table find: by keys, many at
 * once, by indexes, with related rows, counted. */
#include "tests/db/support/people.h"

static void by_keys(void **state)
{
    struct scene *scene = *state;
    struct q_people *row = (void *)1;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_people_get(scene->db, 2, &row, &scene->err));
    assert_string_equal(row->email, "b@x");
    assert_int_equal(row->rank, Q_RANK_LOW);
    assert_int_equal(row->boss_id.value, 1);
    assert_non_null(row->ranks.items);
    assert_int_equal(row->ranks.count, 0);
    assert_string_equal(row->info, "{\"b\": [1, 2]}");
    q_people_free(row);
    EXPECT(SC_OK, q_people_by_email(scene->db, "c@x", &row, &scene->err));
    assert_int_equal(row->id, 3);
    assert_null(row->name);
    assert_null(row->ranks.items);
    q_people_free(row);
    EXPECT(SC_NOT_FOUND, q_people_get(scene->db, 9, &row, &scene->err));
    assert_null(row);
    assert_string_equal(scene->err.query, "q_people_get");
    EXPECT(SC_NOT_FOUND, q_people_by_email(scene->db, "", &row, &scene->err));
    EXPECT(SC_NOT_FOUND,
           q_people_by_email(scene->db, "' or true --", &row, &scene->err));
    EXPECT(SC_NOT_NULL, q_people_by_email(scene->db, NULL, &row, &scene->err));
    assert_string_equal(scene->err.sqlstate, "");
    q_people_free(NULL);
}

static void by_keys_of_several_columns(void **state)
{
    struct scene *scene = *state;
    struct q_cells *row;
    elsewhere(scene, cells_rows);
    EXPECT(SC_OK, q_cells_get(scene->db, 2, 3, "z z", &row, &scene->err));
    assert_int_equal(row->sheet, 2);
    assert_int_equal(row->row, 3);
    int32_t at = row->n;
    q_cells_free(row);
    EXPECT(SC_OK, q_cells_by_sheet_n(scene->db, 2, at, &row, &scene->err));
    assert_string_equal(row->col, "z z");
    q_cells_free(row);
    EXPECT(SC_NOT_FOUND, q_cells_get(scene->db, 2, 3, "y", &row, &scene->err));
    assert_null(row);
}

static void many_by_keys(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows;
    size_t n;
    elsewhere(scene, people_rows);
    const int32_t ids[] = { 5, 1, 9, 1, -2 };
    const char *emails[] = { "d@x", "nobody", "a@x" };
    struct sc_int4s by_id = SC_LIST(ids, 5), none = SC_LIST(ids, 0);
    struct sc_texts by_email = SC_LIST(emails, 3);
    HOLDS("1 5", q_people_get_many(scene->db, by_id, &rows, &n, &scene->err),
          q_people_free);
    HOLDS("1 4", q_people_many_by_email(scene->db, by_email, &rows, &n, &scene->err),
          q_people_free);
    HOLDS("", q_people_get_many(scene->db, none, &rows, &n, &scene->err),
          q_people_free);
    rows = (void *)1;
    EXPECT(SC_NOT_NULL, q_people_get_many(scene->db, (struct sc_int4s){ 0 }, &rows, &n,
                                          &scene->err));
    assert_null(rows);
    assert_int_equal(n, 0);
}

static void many_by_keys_of_several_columns(void **state)
{
    struct scene *scene = *state;
    struct q_cells *rows;
    size_t n;
    int sent;
    elsewhere(scene, cells_rows);
    const int32_t sheets[] = { 1, 3, 1, 1 }, at[] = { 2, 4, 2, 9 };
    const char *cols[] = { "b", "", "\303\251", "b" };
    struct sc_int4s sheet = SC_LIST(sheets, 4), row = SC_LIST(at, 4);
    struct sc_texts col = SC_LIST(cols, 4);
    EXPECT(SC_OK, q_cells_get_many(scene->db, sheet, row, col, &rows, &n, &scene->err));
    assert_int_equal(n, 3); /* pairs, not all combinations */
    for (size_t i = 0; i < n; i++)
        assert_true((rows[i].sheet == 3 && rows[i].row == 4 && !*rows[i].col) ||
                    (rows[i].sheet == 1 && rows[i].row == 2 && *rows[i].col));
    q_cells_free(rows);
    EXPECT(SC_OK,
           q_cells_many_by_sheet_n(scene->db, sheet, row, &rows, &n, &scene->err));
    assert_int_equal(n, 3);
    q_cells_free(rows);
    count_statements(scene->db, &sent);
    col.count = 3;
    EXPECT(SC_MISUSE,
           q_cells_get_many(scene->db, sheet, row, col, &rows, &n, &scene->err));
    assert_null(rows);
    row.count = 0;
    EXPECT(SC_MISUSE,
           q_cells_many_by_sheet_n(scene->db, sheet, row, &rows, &n, &scene->err));
    assert_int_equal(sent, 0);
}

static void lists_by_index_and_foreign_key(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = scene->db;
    struct sc_error *err = &scene->err;
    struct q_people *rows;
    size_t n;
    elsewhere(scene, people_rows);
    HOLDS("1 2 3", q_people_list_by_team(db, "red", &rows, &n, err), q_people_free);
    HOLDS("", q_people_list_by_team(db, "green", &rows, &n, err), q_people_free);
    assert_null(rows);
    HOLDS("1 3", q_people_list_by_team_score(db, "red", 50, &rows, &n, err),
          q_people_free);
    HOLDS("3", q_people_list_by_team_score_id(db, "red", 50, 3, &rows, &n, err),
          q_people_free);
    HOLDS("2 3", q_people_list_by_boss_id(db, 1, &rows, &n, err), q_people_free);
    HOLDS("2 4 5", q_people_list_by_rank(db, Q_RANK_LOW, &rows, &n, err),
          q_people_free);
    EXPECT(SC_BAD_VALUE, q_people_list_by_rank(db, Q_RANK__UNSET, &rows, &n, err));
    EXPECT(SC_BAD_VALUE, q_people_list_by_rank(db, Q_RANK__UNKNOWN, &rows, &n, err));
    struct q_letters *letters;
    EXPECT(SC_OK, q_letters_list_by_sender_id(db, 1, &letters, &n, err));
    assert_int_equal(n, 10);
    struct sc_timestamptz at = letters[0].at;
    int64_t id = letters[0].id;
    q_letters_free(letters);
    EXPECT(SC_OK, q_letters_list_by_sender_id_at_id(db, 1, at, id, &letters, &n, err));
    assert_int_equal(n, 1);
    q_letters_free(letters);
    EXPECT(SC_OK, q_letters_list_by_reader_id(db, 2, &letters, &n, err));
    assert_int_equal(n, 5);
    q_letters_free(letters);
}

static void counts_and_exists(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = scene->db;
    struct sc_error *err = &scene->err;
    int64_t n = 7;
    bool there = true;
    EXPECT(SC_OK, q_people_count(db, &n, err));
    assert_int_equal(n, 0);
    EXPECT(SC_OK, q_people_exists(db, 1, &there, err));
    assert_false(there);
    elsewhere(scene, people_rows);
    elsewhere(scene, cells_rows);
    EXPECT(SC_OK, q_people_count(db, &n, err));
    assert_int_equal(n, 5);
    EXPECT(SC_OK, q_people_count_by_team(db, "red", &n, err));
    assert_int_equal(n, 3);
    EXPECT(SC_OK, q_people_count_by_team_score(db, "red", 50, &n, err));
    assert_int_equal(n, 2);
    EXPECT(SC_OK, q_people_count_by_rank(db, Q_RANK_MID, &n, err));
    assert_int_equal(n, 1);
    EXPECT(SC_OK, q_people_count_by_boss_id(db, 2, &n, err));
    assert_int_equal(n, 1);
    EXPECT(SC_OK, q_cells_count_by_sheet(db, 3, &n, err));
    assert_int_equal(n, 20);
    EXPECT(SC_OK, q_cells_count_by_sheet_n_col(db, 3, 1, "nowhere", &n, err));
    assert_int_equal(n, 0);
    EXPECT(SC_OK, q_people_exists(db, 5, &there, err));
    assert_true(there);
    EXPECT(SC_OK, q_people_exists_by_email(db, "z@x", &there, err));
    assert_false(there);
    EXPECT(SC_OK, q_cells_exists(db, 3, 4, "\303\251", &there, err));
    assert_true(there);
    EXPECT(SC_OK, q_cells_exists_by_sheet_n(db, 3, 21, &there, err));
    assert_false(there);
}

/* What a partial unique index does not hold is not found by its key. */
static void by_the_key_of_a_partial_index(void **state)
{
    struct scene *scene = *state;
    struct q_bookings *row;
    bool there = true;
    elsewhere(scene, "insert into q.bookings (id, room, during, name) values"
                     " (1, 5, '[1,2)', 'taken'), (2, 5, '[2,3)', 'also'),"
                     " (3, 6, '[3,4)', null)");
    EXPECT(SC_NOT_FOUND, q_bookings_by_room(scene->db, 5, &row, &scene->err));
    EXPECT(SC_OK, q_bookings_exists_by_room(scene->db, 5, &there, &scene->err));
    assert_false(there);
    EXPECT(SC_OK, q_bookings_by_room(scene->db, 6, &row, &scene->err));
    assert_int_equal(row->id, 3);
    assert_string_equal(row->during, "[3,4)");
    q_bookings_free(row);
    EXPECT(SC_OK, q_bookings_by_name(scene->db, "also", &row, &scene->err));
    assert_int_equal(row->id, 2);
    q_bookings_free(row);
}

static void with_related_rows(void **state)
{
    struct scene *scene = *state;
    struct q_people_get_with_letters_by_sender_id_row *sent = (void *)1;
    struct q_people_get_with_people_by_boss_id_row *boss;
    struct q_cells_get_with_bookings_row *cell;
    elsewhere(scene, people_rows);
    elsewhere(scene, cells_rows);
    elsewhere(scene, "insert into q.bookings (id, sheet, row, col, room, during) values"
                     " (1, 2, 1, '', 1, '[1,2)'), (2, 2, 1, '', 2, '[2,3)'),"
                     " (3, 2, 1, 'a', 3, '[3,4)')");
    EXPECT(SC_OK,
           q_people_get_with_letters_by_sender_id(scene->db, 1, &sent, &scene->err));
    assert_string_equal(sent->people.name, "Ada");
    assert_int_equal(sent->letters_by_sender_id.count, 10);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(sent->letters_by_sender_id.items[i].sender_id, 1);
        assert_memory_equal(sent->letters_by_sender_id.items[i].body, "letter ", 7);
    }
    q_people_get_with_letters_by_sender_id_free(sent);
    EXPECT(SC_OK,
           q_people_get_with_letters_by_sender_id(scene->db, 5, &sent, &scene->err));
    assert_int_equal(sent->people.id, 5);
    assert_int_equal(sent->letters_by_sender_id.count, 0);
    assert_null(sent->letters_by_sender_id.items);
    q_people_get_with_letters_by_sender_id_free(sent);
    EXPECT(SC_NOT_FOUND,
           q_people_get_with_letters_by_sender_id(scene->db, 6, &sent, &scene->err));
    assert_null(sent);
    EXPECT(SC_OK,
           q_people_get_with_people_by_boss_id(scene->db, 1, &boss, &scene->err));
    assert_int_equal(boss->people_by_boss_id.count, 2);
    assert_int_equal(boss->people_by_boss_id.items[0].boss_id.value, 1);
    q_people_get_with_people_by_boss_id_free(boss);
    EXPECT(SC_OK, q_cells_get_with_bookings(scene->db, 2, 1, "", &cell, &scene->err));
    assert_int_equal(cell->bookings.count, 2);
    assert_int_equal(cell->bookings.items[0].id + cell->bookings.items[1].id, 3);
    q_cells_get_with_bookings_free(cell);
}

/* 1.0 and 1.00 are one number, to a foreign key and to us. */
static void related_by_numbers(void **state)
{
    struct scene *scene = *state;
    struct q_rates_get_with_charges_row *one;
    struct q_all_rates_row *rows;
    size_t n;
    static const size_t counts[] = { 0, 1, 3, 2 };
    elsewhere(scene,
              "delete from q.charges; delete from q.rates;"
              "insert into q.rates values (-1), (0), (1.0), (120000.500);"
              "insert into q.charges (rate) values (1), (120000.5), (1.00), (0.000),"
              " (1.0), (120000.50000)");
    EXPECT(SC_OK, q_rates_get_with_charges(scene->db, (struct sc_numeric){ "1" }, &one,
                                           &scene->err));
    assert_string_equal(one->rates.rate.text, "1.0");
    assert_int_equal(one->charges.count, 3);
    q_rates_get_with_charges_free(one);
    EXPECT(SC_OK, q_all_rates(scene->db, &rows, &n, &scene->err));
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(rows[i].charges.count, counts[i]);
    q_all_rates_free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(by_keys),
        FEATURE_TEST(by_keys_of_several_columns),
        FEATURE_TEST(many_by_keys),
        FEATURE_TEST(many_by_keys_of_several_columns),
        FEATURE_TEST(lists_by_index_and_foreign_key),
        FEATURE_TEST(counts_and_exists),
        FEATURE_TEST(by_the_key_of_a_partial_index),
        FEATURE_TEST(with_related_rows),
        FEATURE_TEST(related_by_numbers),
    };
    return RUN_FEATURES("features_read", tests);
}
