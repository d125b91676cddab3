/* features_sql_test.c: what is hard in a query's SQL (whole statements, operators,
 * quotes) and each kind of constraint, through generated functions. */
#include "tests/db/support/people.h"

/* ---- statements ------------------------------------------------------------------ */

static void update_returning(void **state)
{
    struct scene *scene = *state;
    struct q_people *row;
    elsewhere(scene, people_rows);
    struct q_rename_args args = { .id = 2, .name = "Rob" };
    for (int i = 0; i < 2; i++) { /* the first use takes two flights, the next one */
        EXPECT(SC_OK, q_rename(scene->db, &args, &row, &scene->err));
        assert_string_equal(row->name, "Rob");
        assert_string_equal(row->email, "b@x");
        q_people_free(row);
    }
    args.name = NULL;
    EXPECT(SC_OK, q_rename(scene->db, &args, &row, &scene->err));
    assert_null(row->name);
    q_people_free(row);
    args.id = 9;
    EXPECT(SC_NOT_FOUND, q_rename(scene->db, &args, &row, &scene->err));
    assert_null(row);
}

static void insert_returning(void **state)
{
    struct scene *scene = *state;
    struct q_people *row = (void *)1;
    EXPECT(SC_OK,
           q_add_person(scene->db, "n@x", "new", Q_RANK_HIGH, &row, &scene->err));
    assert_int_equal(row->rank, Q_RANK_HIGH);
    assert_string_equal(row->info, "{}");
    q_people_free(row);
    EXPECT(SC_UNIQUE,
           q_add_person(scene->db, "n@x", "new", Q_RANK_LOW, &row, &scene->err));
    assert_null(row);
    assert_int_equal(scene->err.constraint, Q_PEOPLE_EMAIL_KEY);
    EXPECT(SC_BAD_VALUE,
           q_add_person(scene->db, "o@x", "new", Q_RANK__UNSET, &row, &scene->err));
    SEE("select count(*) from q.people", "1");
}

static void delete_returning(void **state)
{
    struct scene *scene = *state;
    const char **emails;
    size_t n;
    elsewhere(scene, people_rows);
    elsewhere(scene, "delete from q.letters");
    EXPECT(SC_OK, q_remove_team(scene->db, "red", &emails, &n, &scene->err));
    assert_int_equal(n, 3);
    sc_free(emails);
    EXPECT(SC_OK, q_remove_team(scene->db, "red", &emails, &n, &scene->err));
    assert_int_equal(n, 0);
    assert_null(emails);
    SEE("select string_agg(id::text, ' ' order by id) from q.people", "4 5");
}

static void upsert_and_merge(void **state)
{
    struct scene *scene = *state;
    int64_t n;
    for (int i = 1; i <= 2; i++) {
        EXPECT(SC_OK, q_upsert_score(scene->db, "a@x", i, &n, &scene->err));
        assert_int_equal(n, 1);
    }
    EXPECT(SC_OK, q_merge_people(scene->db, "a@x", &n, &scene->err));
    assert_int_equal(n, 1);
    EXPECT(SC_OK, q_merge_people(scene->db, "b@x", &n, &scene->err));
    assert_int_equal(n, 1);
    SEE("select string_agg(email || score, ' ' order by email) from q.people",
        "a@x3 b@x0");
}

static void with_recursive_and_values(void **state)
{
    struct scene *scene = *state;
    struct q_tree_row *tree;
    struct q_pairs_row *pairs;
    size_t n;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_tree(scene->db, 1, &tree, &n, &scene->err));
    assert_int_equal(n, 4);
    assert_int_equal(tree[3].id, 4);
    assert_int_equal(tree[3].depth, 2);
    q_tree_free(tree);
    EXPECT(SC_OK, q_pairs(scene->db, &pairs, &n, &scene->err));
    assert_int_equal(n, 2);
    assert_string_equal(pairs[1].word, "two");
    q_pairs_free(pairs);
}

/* ---- operators and quotes -------------------------------------------------------- */

static void expect_ints(const int32_t *values, size_t n, const char *want, int line)
{
    char text[128] = "";
    size_t end = 0;
    for (size_t i = 0; i < n; i++)
        end += (size_t)snprintf(text + end, sizeof(text) - end, "%d ", values[i]);
    expect_text(text, want, line);
}

static void operators_with_a_question_mark(void **state)
{
    struct scene *scene = *state;
    const char *keys[] = { "z", "a" };
    struct sc_texts any = SC_LIST(keys, 2);
    int32_t *ids;
    size_t n;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_with_info(scene->db, "b", &ids, &n, &scene->err));
    expect_ints(ids, n, "1 2 5 ", __LINE__);
    sc_free(ids);
    EXPECT(SC_OK, q_with_any(scene->db, any, &ids, &n, &scene->err));
    expect_ints(ids, n, "1 4 ", __LINE__);
    sc_free(ids);
    EXPECT(SC_OK, q_with_all(scene->db, "{\"a\": 1}", &ids, &n, &scene->err));
    expect_ints(ids, n, "1 4 ", __LINE__);
    sc_free(ids);
    EXPECT(SC_BAD_VALUE, q_with_all(scene->db, "{a", &ids, &n, &scene->err));
    assert_null(ids);
}

static void slices_of_arrays(void **state)
{
    struct scene *scene = *state;
    const int32_t list[] = { 1, 2, 3, 4 };
    struct sc_int4s *slice;
    EXPECT(SC_OK, q_slice(scene->db, (struct sc_int4s)SC_LIST(list, 4), 2, 3, &slice,
                          &scene->err));
    expect_ints(slice->items, slice->count, "2 3 ", __LINE__);
    sc_free(slice);
    EXPECT(SC_OK, q_slice(scene->db, (struct sc_int4s)SC_LIST(list, 4), 3, 2, &slice,
                          &scene->err));
    assert_int_equal(slice->count, 0);
    assert_non_null(slice->items);
    sc_free(slice);
}

static void what_looks_like_a_parameter(void **state)
{
    struct scene *scene = *state;
    const char **text;
    EXPECT(SC_OK, q_quotes(scene->db, "!", &text, &scene->err));
    assert_string_equal(*text, "it's $x $$ '$x'$x!");
    sc_free(text);
}

/* ---- constraints ----------------------------------------------------------------- */

/* A booking that violates what; nothing of it stays. */
static void booking(struct scene *scene, const struct q_bookings_new *values,
                    enum sc_status status, int constraint)
{
    EXPECT(status, q_bookings_insert(scene->db, values, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, constraint);
    assert_string_equal(scene->err.schema, "q");
    assert_string_equal(scene->err.table, "bookings");
    assert_string_equal(scene->err.query, "q_bookings_insert");
    assert_int_equal(scene->err.sqlstate[0], '2');
    assert_true(scene->err.constraint_name[0]);
    EXPECT(status, q_bookings_load(scene->db, values, 1, &scene->err));
    assert_int_equal(scene->err.constraint, constraint);
    EXPECT(status,
           q_bookings_insert_many(scene->db, values, 1, NULL, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, constraint);
    SEE("select count(*) from q.bookings", "1");
}

static void each_kind_of_constraint(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene,
              "insert into q.bookings (id, room, during) values (1, 5, '[1,3)')");
    struct q_bookings_new values = { .id = SC(1), .room = SC(6), .during = "[7,8)" };
    booking(scene, &values, SC_UNIQUE, Q_BOOKINGS_PKEY);
    SC_SET(values.id, 2);
    SC_SET(values.room, 5);
    booking(scene, &values, SC_UNIQUE, Q_BOOKINGS_ROOM_OPEN);
    SC_SET(values.room, 6);
    values.during = "[2,4)";
    booking(scene, &values, SC_EXCLUSION, Q_BOOKINGS_DURING_EXCL);
    assert_string_equal(scene->err.constraint_name, "bookings_during_excl");
    values.during = "[7,8)";
    SC_SET(values.sheet, 1);
    SC_SET(values.row, 1);
    values.col = "nowhere";
    booking(scene, &values, SC_FOREIGN_KEY, Q_BOOKINGS_SHEET_ROW_COL_FKEY);
    assert_string_equal(scene->err.sqlstate, "23503");
    values.during = "[8,7)";
    EXPECT(SC_BAD_VALUE, q_bookings_insert(scene->db, &values, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, 0);
}

static void checks_and_keys_elsewhere(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, people_rows);
    struct q_people_patch patch = { .score = SC(1001) };
    EXPECT(SC_CHECK, q_people_update(scene->db, 1, &patch, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, Q_PEOPLE_SCORE_RANGE);
    assert_string_equal(scene->err.constraint_name, "people_score_range");
    patch = (struct q_people_patch){ .email = SC("b@x") };
    EXPECT(SC_UNIQUE, q_people_update(scene->db, 1, &patch, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, Q_PEOPLE_EMAIL_KEY);
    patch = (struct q_people_patch){ .boss_id = SC(99) };
    EXPECT(SC_FOREIGN_KEY, q_people_update(scene->db, 1, &patch, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, Q_PEOPLE_BOSS_ID_FKEY);
    /* Who is referred to cannot go: the constraint is the other table's. */
    EXPECT(SC_FOREIGN_KEY, q_people_delete(scene->db, 3, &scene->err));
    assert_int_equal(scene->err.constraint, Q_LETTERS_READER_ID_FKEY);
    assert_string_equal(scene->err.table, "letters");
    struct q_cells_new cell = { .sheet = SC(1), .row = SC(0), .col = "", .n = SC(1) };
    EXPECT(SC_CHECK, q_cells_insert(scene->db, &cell, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, Q_CELLS_ROW_CHECK);
    SC_SET(cell.row, 1);
    EXPECT(SC_OK, q_cells_insert(scene->db, &cell, NULL, &scene->err));
    cell.col = "other";
    EXPECT(SC_UNIQUE, q_cells_upsert(scene->db, &cell, NULL, &scene->err));
    assert_int_equal(scene->err.constraint, Q_CELLS_SHEET_N_KEY);
}

/* ---- deferred: the statement is fine, the commit is not -------------------------- */

static enum sc_status in_batch(struct sc_db *db, const struct q_bookings_new *values,
                               struct sc_error *err)
{
    struct sc_batch *batch;
    int64_t n;
    enum sc_status status = sc_batch_open(db, &batch, err);
    if (status != SC_OK)
        return status;
    status = q_bookings_insert(sc_queue(batch), values, NULL, err);
    if (status == SC_QUEUED)
        status = q_bookings_count(sc_queue(batch), &n, err);
    if (status == SC_QUEUED)
        status = sc_batch_run(batch, err);
    sc_batch_close(batch);
    return status;
}

static enum sc_status in_one_of_many_ways(struct sc_db *db, int way,
                                          const struct q_bookings_new *values,
                                          struct q_bookings **row, struct sc_error *err)
{
    size_t n;
    switch (way) {
    case 0:
        return q_bookings_insert(db, values, NULL, err);
    case 1:
        return q_bookings_insert(db, values, row, err);
    case 2:
        return q_bookings_insert_many(db, values, 1, row, &n, err);
    case 3:
        return q_bookings_insert_many(db, values, 2, NULL, NULL, err);
    case 4:
        return q_bookings_load(db, values, 2, err);
    case 5:
        return q_bookings_upsert(db, values, row, err);
    default:
        return in_batch(db, values, err);
    }
}

static void a_deferred_constraint(void **state)
{
    struct scene *scene = *state;
    const struct q_bookings_new values[] = {
        { .id = SC(2), .room = SC(2), .during = "[2,3)", .name = "same" },
        { .id = SC(3), .room = SC(3), .during = "[3,4)", .name = "other" }
    };
    elsewhere(scene, "insert into q.bookings values (1, null, null, null, 1, '[1,2)',"
                     " 'same')");
    for (int way = 0; way < 7; way++) {
        struct sc_db *db;
        EXPECT(SC_OK, sc_open(scene->test.url, &db, &scene->err));
        int pid = PQbackendPID(sc_borrow(db));
        for (int use = 0; use < 3; use++) { /* the first, which prepares, and others */
            struct q_bookings *row = NULL;
            int64_t n;
            EXPECT(SC_UNIQUE, in_one_of_many_ways(db, way, values, &row, &scene->err));
            assert_null(row);
            assert_int_equal(scene->err.constraint, Q_BOOKINGS_LATER);
            EXPECT(SC_OK, q_bookings_count(db, &n, &scene->err));
            assert_int_equal(n, 1);
            assert_int_equal(PQbackendPID(sc_borrow(db)), pid);
        }
        sc_close(db);
    }
}

static void a_deferred_constraint_of_a_transaction(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx;
    const struct q_bookings_new values = {
        .id = SC(2), .room = SC(2), .during = "[2,3)", .name = "same"
    };
    elsewhere(scene, "insert into q.bookings values (1, null, null, null, 1, '[1,2)',"
                     " 'same')");
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, q_bookings_insert(tx, &values, NULL, &scene->err));
    EXPECT(SC_UNIQUE, sc_tx_commit(tx, &scene->err));
    assert_int_equal(scene->err.constraint, Q_BOOKINGS_LATER);
    SEE("select count(*) from q.bookings", "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(update_returning),
        FEATURE_TEST(insert_returning),
        FEATURE_TEST(delete_returning),
        FEATURE_TEST(upsert_and_merge),
        FEATURE_TEST(with_recursive_and_values),
        FEATURE_TEST(operators_with_a_question_mark),
        FEATURE_TEST(slices_of_arrays),
        FEATURE_TEST(what_looks_like_a_parameter),
        FEATURE_TEST(each_kind_of_constraint),
        FEATURE_TEST(checks_and_keys_elsewhere),
        FEATURE_TEST(a_deferred_constraint),
        FEATURE_TEST(a_deferred_constraint_of_a_transaction),
    };
    return RUN_FEATURES("features_sql", tests);
}
