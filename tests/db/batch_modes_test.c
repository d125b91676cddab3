/* batch_modes_test.c: batches whose calls are independent: what fails, what is kept, and what
 * each call says of it. */
#include "tests/db/support/batches.h"

static void options_that_do_not_fit(void **state)
{
    struct scene *scene = *state;
    const struct sc_tx_options none = { .isolation = (enum sc_isolation)9 };
    const struct sc_batch_options bad[] = {
        { .mode = (enum sc_batch_mode)7 },
        { .mode = SC_INDEPENDENT, .tx = &serializable },
        { .tx = &none },
    };
    struct sc_batch *batch = open_batch(scene, &apart);
    for (size_t i = 0; i < COUNT(bad); i++)
        EXPECT(SC_MISUSE, sc_batch_set(batch, &bad[i], &scene->err));
    EXPECT(SC_MISUSE, sc_batch_set(batch, NULL, &scene->err));
    EXPECT(SC_MISUSE, sc_batch_set(NULL, &apart, &scene->err));
    QUEUED(add_person(sc_queue(batch), "a", "a", NULL, &scene->err));
    EXPECT(SC_MISUSE, sc_batch_set(batch, &own_tx, &scene->err));
    sc_batch_close(batch);

    struct sc_db *tx;
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, sc_batch_open(tx, &batch, &scene->err));
    EXPECT(SC_MISUSE, sc_batch_set(batch, &apart, &scene->err));
    EXPECT(SC_MISUSE, sc_batch_set(batch, &own_tx, &scene->err));
    EXPECT(SC_OK, sc_batch_set(batch, &(struct sc_batch_options){ 0 }, &scene->err));
    sc_batch_close(batch);
    sc_tx_rollback(tx);
}

/* ---- apart --------------------------------------------------------------------------------- */

static void each_call_fails_by_itself(void **state)
{
    struct scene *scene = *state;
    for (int known = 0; known < 2; known++) { /* statements: at first they are not */
        elsewhere(scene, "delete from t.people");
        struct person *made[4] = { 0 }, *read = NULL, *none = NULL;
        int64_t n = 0;
        const struct note_new orphan = { .person_id = "nobody" };
        struct sc_batch *batch = open_batch(scene, &apart);
        struct sc_db *q = sc_queue(batch);
        QUEUED(add_person(q, "a", "a@x", &made[0], &scene->err));
        QUEUED(add_person(q, "b", "a@x", &made[1], &scene->err)); /* unique */
        QUEUED(get_person(q, "a", &read, &scene->err));
        QUEUED(sc__run_insert(q, &note_insert, &orphan, NULL, &scene->err));
        QUEUED(get_person(q, "nobody", &none, &scene->err));
        QUEUED(call(q, &no_table));
        QUEUED(add_person(q, "c", "c@x", &made[2], &scene->err));
        QUEUED(call(q, &no_table));
        QUEUED(count_people(q, &n, &scene->err));
        EXPECT(SC_UNIQUE, sc_batch_run(batch, &scene->err));
        assert_int_equal(scene->err.item, 1);
        assert_string_equal(scene->err.constraint_name, "people_email_key");
        STATUSES(batch, SC_OK, SC_UNIQUE, SC_OK, SC_FOREIGN_KEY, SC_NOT_FOUND,
                 SC_SCHEMA_MISMATCH, SC_OK, SC_SCHEMA_MISMATCH, SC_OK);
        struct sc_error own;
        sc_batch_status(batch, 3, &own);
        assert_string_equal(own.table, "notes");
        assert_string_equal(own.query, "note_insert");
        sc_batch_status(batch, 7, &own);
        assert_string_equal(own.sqlstate, "42P01");
        assert_string_equal(own.query, "no_table");
        assert_string_equal(made[0]->id, "a");
        assert_null(made[1]);
        assert_string_equal(made[2]->email, "c@x");
        assert_string_equal(read->id, "a");
        assert_null(none);
        assert_int_equal(n, 2);
        sc_batch_close(batch);
        sc_free(made[0]);
        sc_free(made[2]);
        sc_free(read);
        assert_string_equal(people(scene), "a c");
        expect_rest(scene);
    }
}

/* A call of several statements is one: all of it is kept or nothing. */
static void calls_of_several_statements(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, "insert into t.people (id, email) values ('p', 'p')");
    const struct note_new good[] = { { "p", NULL }, { "p", "x" } };
    const struct note_new bad[] = { { "p", NULL }, { "nobody", "y" } };
    const char *id = "p";
    const void *args[] = { &id };
    struct person_notes *with = NULL;
    struct sc_batch *batch = open_batch(scene, &apart);
    struct sc_db *q = sc_queue(batch);
    QUEUED(sc__insert_many(q, &note_insert, bad, sizeof(*bad), 2, NULL, NULL, NULL));
    QUEUED(sc__insert_many(q, &note_insert, good, sizeof(*good), 2, NULL, NULL, NULL));
    QUEUED(sc__run_nested(q, &person_notes, 0, args, &with, NULL, NULL));
    QUEUED(sc__insert_many(q, &note_insert, good, sizeof(*good), 0, NULL, NULL, NULL));
    EXPECT(SC_FOREIGN_KEY, sc_batch_run(batch, &scene->err));
    STATUSES(batch, SC_FOREIGN_KEY, SC_OK, SC_OK, SC_OK);
    assert_int_equal(with->notes.count, 2);
    sc_free(with);
    sc_batch_close(batch);
}

static void a_mismatch_is_its_calls_alone(void **state)
{
    struct scene *scene = *state;
    struct person *read[2] = { 0 }, *made = NULL;
    int64_t n = 0;
    const struct note_new note = { .person_id = "a" };
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    elsewhere(scene, "alter table t.people alter rating type int4");
    struct sc_batch *batch = open_batch(scene, &apart);
    struct sc_db *q = sc_queue(batch);
    QUEUED(get_person(q, "a", &read[0], &scene->err));
    QUEUED(add_person(q, "b", "b", &made, &scene->err)); /* not made: it was held */
    QUEUED(sc__run_insert(q, &note_insert, &note, NULL, &scene->err));
    QUEUED(get_person(q, "a", &read[1], &scene->err));
    QUEUED(count_people(q, &n, &scene->err));
    EXPECT(SC_SCHEMA_MISMATCH, sc_batch_run(batch, &scene->err));
    assert_string_equal(scene->err.column, "rating");
    STATUSES(batch, SC_SCHEMA_MISMATCH, SC_SCHEMA_MISMATCH, SC_OK, SC_SCHEMA_MISMATCH,
             SC_OK);
    assert_null(made);
    assert_int_equal(n, 1);
    sc_batch_close(batch);
    assert_string_equal(people(scene), "a");
    assert_string_equal(look(scene, "select count(*) from t.notes"), "1");
}

static void a_type_that_is_missing(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, "alter type t.mood rename to temper");
    struct person *read = NULL;
    int64_t n = 7;
    struct sc_batch *batch = open_batch(scene, &apart);
    QUEUED(get_person(sc_queue(batch), "a", &read, &scene->err));
    QUEUED(count_people(sc_queue(batch), &n, &scene->err));
    QUEUED(get_person(sc_queue(batch), "b", &read, &scene->err));
    EXPECT(SC_SCHEMA_MISMATCH, sc_batch_run(batch, &scene->err));
    assert_string_equal(scene->err.message, "type \"t.mood\" does not exist");
    STATUSES(batch, SC_SCHEMA_MISMATCH, SC_OK, SC_SCHEMA_MISMATCH);
    assert_int_equal(n, 0);
    sc_batch_close(batch);
    expect_rest(scene);
}

/* The calls that met the old type fail, and the next ones look it up again. */
static void an_enum_that_is_made_anew(void **state)
{
    struct scene *scene = *state;
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    for (int round = 0; round < 3; round++) {
        struct person *read = NULL;
        int64_t n = 0;
        enum sc_status want = round == 1 ? SC_SCHEMA_MISMATCH : SC_OK;
        struct sc_batch *batch = open_batch(scene, &apart);
        QUEUED(get_person(sc_queue(batch), "a", &read, &scene->err));
        QUEUED(count_people(sc_queue(batch), &n, &scene->err));
        EXPECT(want, sc_batch_run(batch, &scene->err));
        STATUSES(batch, want, SC_OK);
        assert_int_equal(n, 1);
        sc_free(read);
        sc_batch_close(batch);
        if (round == 0)
            elsewhere(scene,
                      "alter table t.people alter mood drop default,"
                      " alter mood type text, alter moods type text[];"
                      "drop type t.mood; create type t.mood as enum ('calm', 'cross');"
                      "alter table t.people alter mood type t.mood using mood::t.mood,"
                      " alter moods type t.mood[] using moods::t.mood[]");
    }
}

/* Plans that have gone stale or are lost are mended, and only their calls are made again. */
static void stale_plans_are_mended(void **state)
{
    struct scene *scene = *state;
    static const char *const changes[] = {
        "select 1",
        "alter table t.people alter score type numeric(10, 2)",
        "alter table t.people alter score type numeric(12, 2)",
    };
    for (size_t i = 0; i < 6; i++) {
        char id[2] = { (char)('a' + i), 0 };
        struct person *made = NULL, *read = NULL;
        struct sc_batch *batch = open_batch(scene, &apart);
        struct sc_db *q = sc_queue(batch);
        QUEUED(call(q, &touch_all));
        QUEUED(add_person(q, id, id, &made, &scene->err));
        QUEUED(get_person(q, "a", &read, &scene->err));
        QUEUED(add_person(q, "z", "a", NULL, &scene->err)); /* unique, but the first */
        enum sc_status status = sc_batch_run(batch, &scene->err);
        STATUSES(batch, SC_OK, SC_OK, SC_OK, SC_UNIQUE);
        assert_int_equal(status, SC_UNIQUE);
        assert_string_equal(made->id, id);
        assert_string_equal(read->id, "a");
        sc_free(made);
        sc_free(read);
        sc_batch_close(batch);
        elsewhere(scene, changes[i % COUNT(changes)]);
        if (i > 2)
            EXPECT(SC_OK, sc_query(scene->db, i == 4 ? "discard all" : "deallocate all",
                                   NULL, 0, NULL, &scene->err));
    }
    assert_string_equal(people(scene), "a b c d e f");
}

/* What was answered is kept and said; what was not, is lost. */
static void lost_in_the_middle(void **state)
{
    struct scene *scene = *state;
    for (int known = 0; known < 2; known++) {
        elsewhere(scene, "delete from t.people");
        struct sc_batch *batch = open_batch(scene, &apart);
        struct sc_db *q = sc_queue(batch);
        struct person *made = NULL;
        QUEUED(add_person(q, "a", "a", &made, &scene->err));
        QUEUED(add_person(q, "a", "b", NULL, &scene->err));
        QUEUED(call(q, &die));
        QUEUED(add_person(q, "c", "c", NULL, &scene->err));
        EXPECT(SC_UNIQUE, sc_batch_run(batch, &scene->err));
        STATUSES(batch, SC_OK, SC_UNIQUE, SC_CONNECTION, SC_CONNECTION);
        assert_string_equal(made->id, "a");
        sc_free(made);
        sc_batch_close(batch);
        assert_string_equal(people(scene), "a");
        expect_rest(scene);
    }
}

static void a_call_that_cannot_be_queued_is_alone(void **state)
{
    struct scene *scene = *state;
    const struct person_new bad = { .id = "x" }; /* no email */
    struct sc_batch *batch = open_batch(scene, &apart);
    struct sc_db *q = sc_queue(batch);
    QUEUED(add_person(q, "a", "a", NULL, &scene->err));
    EXPECT(SC_NOT_NULL, sc__run_insert(q, &person_insert, &bad, NULL, &scene->err));
    QUEUED(add_person(q, "c", "c", NULL, &scene->err));
    EXPECT(SC_NOT_NULL, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 1);
    STATUSES(batch, SC_OK, SC_NOT_NULL, SC_OK);
    sc_batch_close(batch);
    assert_string_equal(people(scene), "a c");
}

static void deferred_apart(void **state)
{
    struct scene *scene = *state;
    put_deferred(scene);
    const struct note_new orphan = { .person_id = "nobody" };
    struct note *note = NULL;
    struct sc_batch *batch = open_batch(scene, &apart);
    struct sc_db *q = sc_queue(batch);
    QUEUED(add_person(q, "a", "a", NULL, &scene->err));
    QUEUED(sc__run_insert(q, &note_insert, &orphan, &note, &scene->err));
    QUEUED(add_person(q, "b", "b", NULL, &scene->err));
    QUEUED(sc__run_insert(q, &note_insert, &orphan, &note, &scene->err));
    EXPECT(SC_FOREIGN_KEY, sc_batch_run(batch, &scene->err));
    STATUSES(batch, SC_OK, SC_FOREIGN_KEY, SC_OK, SC_FOREIGN_KEY);
    assert_null(note);
    sc_batch_close(batch);
    assert_string_equal(people(scene), "a b");
    expect_rest(scene);
}

/* ---- once more ------------------------------------------------------------------------------- */

static void a_batch_is_used_again(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch = open_batch(scene, &apart);
    struct person *people_[5];
    size_t n;
    for (int i = 0; i < 5; i++) {
        char id[2] = { (char)('a' + i), 0 };
        QUEUED(add_person(sc_queue(batch), id, i == 3 ? "a" : id, NULL, &scene->err));
        QUEUED(sc__run(sc_queue(batch), &person_list, 0, NULL, NULL, NULL, NULL));
        EXPECT(i == 3 ? SC_UNIQUE : SC_OK, sc_batch_run(batch, &scene->err));
        STATUSES(batch, i == 3 ? SC_UNIQUE : SC_OK, SC_OK);
        if (i % 2)
            EXPECT(SC_OK, sc__take(batch, 1, &person_row, &people_[i], &n, NULL));
        sc_batch_reset(batch);
        EXPECT(SC_MISUSE, sc_batch_status(batch, 0, &scene->err));
        if (i % 2)
            assert_string_equal(people_[i][0].id, "a"), sc_free(people_[i]);
    }
    sc_batch_reset(batch); /* calls that were never sent are forgotten */
    QUEUED(add_person(sc_queue(batch), "z", "z", NULL, &scene->err));
    sc_batch_reset(batch);
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_reset(NULL);
    sc_batch_close(batch);
    assert_string_equal(people(scene), "a b c e");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(options_that_do_not_fit),
        SCENE_TEST(each_call_fails_by_itself),
        SCENE_TEST(calls_of_several_statements),
        SCENE_TEST(a_mismatch_is_its_calls_alone),
        SCENE_TEST(a_type_that_is_missing),
        SCENE_TEST(an_enum_that_is_made_anew),
        SCENE_TEST(stale_plans_are_mended),
        SCENE_TEST(lost_in_the_middle),
        SCENE_TEST(a_call_that_cannot_be_queued_is_alone),
        SCENE_TEST(deferred_apart),
        SCENE_TEST(a_batch_is_used_again),
    };
    return cmocka_run_group_tests_name("batch_modes", tests, NULL, NULL);
}
