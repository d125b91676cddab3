/* batch_tx_test.c: batches that bring their own transaction, and those whose end fails: what
 * is kept, and what each call says of it. */
#include "tests/db/support/batches.h"
#include "tests/db/support/round_trips.h"

static void a_failure_at_the_end_is_nobodys(void **state)
{
    struct scene *scene = *state;
    put_deferred(scene);
    const struct note_new orphan = { .person_id = "nobody" };
    const struct sc_batch_options ways[] = { { 0 }, own_tx };
    for (size_t i = 0; i < 2 * COUNT(ways); i++) {
        struct note *note = NULL;
        struct sc_batch *batch = open_batch(scene, &ways[i / 2]);
        struct sc_db *q = sc_queue(batch);
        QUEUED(sc__run_insert(q, &note_insert, &orphan, &note, &scene->err));
        QUEUED(add_person(q, "a", "a", NULL, &scene->err));
        EXPECT(SC_FOREIGN_KEY, sc_batch_run(batch, &scene->err));
        assert_int_equal(scene->err.item, 2);
        assert_string_equal(scene->err.constraint_name, "notes_person_id_fkey");
        STATUSES(batch, SC_NOT_RUN, SC_NOT_RUN);
        assert_null(note);
        sc_batch_close(batch);
        assert_string_equal(people(scene), "");
        expect_rest(scene);
    }
}

static void the_end_may_be_unknown(void **state)
{
    struct scene *scene = *state;
    put_deadly(scene);
    const struct sc_batch_options ways[] = { { 0 }, own_tx };
    const enum sc_status want[] = { SC_CONNECTION, SC_COMMIT_UNKNOWN };
    for (size_t i = 0; i < COUNT(ways); i++) {
        struct person *made = NULL;
        struct sc_batch *batch = open_batch(scene, &ways[i]);
        QUEUED(add_person(sc_queue(batch), "a", "a", &made, &scene->err));
        QUEUED(add_person(sc_queue(batch), "die", "die", NULL, &scene->err));
        EXPECT(want[i], sc_batch_run(batch, &scene->err));
        assert_int_equal(scene->err.status, want[i]);
        STATUSES(batch, want[i], want[i]);
        assert_null(made);
        sc_batch_close(batch);
        expect_rest(scene);
    }
}

/* ---- with a transaction -------------------------------------------------------------------- */

static const struct sc__column text_column[] = { { COLUMN("v", TEXT(0)) } };
static const struct sc__row text_row = { text_column, 1, sizeof(const char *) };
static const struct sc__stmt isolation = {
    .label = "isolation",
    .sql = "select current_setting('transaction_isolation') || ' '"
           " || (select count(*) from t.people) as v",
    .row = &text_row,
    .want = SC__WANT_VALUE,
};

static void begin_and_commit_travel_along(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 3; i++) {
        char id[2] = { (char)('a' + i), 0 };
        const char *text = NULL;
        struct sc_batch *batch = open_batch(scene, &own_tx);
        QUEUED(add_person(sc_queue(batch), id, id, NULL, &scene->err));
        QUEUED(sc__run(sc_queue(batch), &isolation, 0, NULL, &text, NULL, &scene->err));
        FILE *trace = trace_on(scene->db);
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        int count = trace_off(scene->db, trace);
        if (i) /* enums are looked up, and the insert is described, the first time */
            assert_int_equal(count, 1);
        char want[32];
        snprintf(want, sizeof(want), "serializable %d", i + 1);
        assert_string_equal(text, want);
        sc_free((void *)(uintptr_t)text);
        sc_batch_close(batch);
        expect_rest(scene);
    }
    assert_string_equal(people(scene), "a b c");
}

static void a_failure_rolls_back(void **state)
{
    struct scene *scene = *state;
    for (int known = 0; known < 2; known++) {
        struct person *made = NULL;
        struct sc_batch *batch = open_batch(scene, &own_tx);
        struct sc_db *q = sc_queue(batch);
        QUEUED(add_person(q, "a", "a", &made, &scene->err));
        QUEUED(add_person(q, "b", "a", NULL, &scene->err));
        QUEUED(add_person(q, "c", "c", NULL, &scene->err));
        EXPECT(SC_UNIQUE, sc_batch_run(batch, &scene->err));
        assert_int_equal(scene->err.item, 1);
        STATUSES(batch, SC_NOT_RUN, SC_UNIQUE, SC_NOT_RUN);
        assert_null(made);
        sc_batch_close(batch);
        assert_string_equal(people(scene), "");
        expect_rest(scene);
    }
    elsewhere(scene, "alter table t.people alter rating type int4");
    struct sc_db *fresh;
    EXPECT(SC_OK, sc_open(scene->test.url, &fresh, &scene->err));
    sc_close(scene->db);
    scene->db = fresh;
    struct sc_batch *batch = open_batch(scene, &own_tx);
    struct person *made = NULL;
    QUEUED(call(sc_queue(batch), &touch_all));
    QUEUED(add_person(sc_queue(batch), "a", "a", &made, &scene->err));
    EXPECT(SC_SCHEMA_MISMATCH, sc_batch_run(batch, &scene->err));
    STATUSES(batch, SC_NOT_RUN, SC_SCHEMA_MISMATCH);
    sc_batch_close(batch);
    expect_rest(scene);
}

static void stale_plans_in_a_transaction_of_its_own(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 4; i++) {
        char id[2] = { (char)('a' + i), 0 };
        struct person *made = NULL;
        struct sc_batch *batch = open_batch(scene, &own_tx);
        QUEUED(call(sc_queue(batch), &touch_all));
        QUEUED(add_person(sc_queue(batch), id, id, &made, &scene->err));
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        assert_string_equal(made->id, id);
        sc_free(made);
        sc_batch_close(batch);
        if (i % 2)
            EXPECT(SC_OK,
                   sc_query(scene->db, "discard all", NULL, 0, NULL, &scene->err));
        else
            elsewhere(scene, i ? "alter table t.people alter score type numeric(9, 1)"
                               : "alter table t.people alter score type numeric(9, 2)");
    }
    assert_string_equal(people(scene), "a b c d");
    expect_rest(scene);
}

/* One of several statements has gone: the others are not, and their names are taken. */
static void one_statement_of_many_is_lost(void **state)
{
    struct scene *scene = *state;
    const struct sc_batch_options ways[] = { { 0 }, own_tx, apart };
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    for (size_t i = 0; i < 6 * COUNT(ways); i++) {
        char id[2] = { (char)('b' + i), 0 };
        const struct note_new note = { .person_id = "a" };
        struct person *made = NULL, *read = NULL;
        int64_t n;
        struct sc_batch *batch = open_batch(scene, &ways[i / 6]);
        struct sc_db *q = sc_queue(batch);
        QUEUED(get_person(q, "a", &read, NULL));
        QUEUED(add_person(q, id, id, &made, NULL));
        QUEUED(sc__run_insert(q, &note_insert, &note, NULL, NULL));
        QUEUED(call(q, &touch_all));
        QUEUED(count_people(q, &n, NULL));
        QUEUED(sc__run(q, &person_list, 0, NULL, NULL, NULL, NULL));
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        assert_string_equal(made->id, id);
        sc_free(made);
        sc_free(read);
        sc_batch_close(batch);
        static const char *const lost[] = { "%insert%people%", "%count(%", "%count(%" };
        char lose[256];
        snprintf(lose, sizeof(lose),
                 "do $$ begin execute (select 'deallocate ' || name from"
                 " pg_prepared_statements where statement like '%s'"
                 " order by prepare_time desc limit 1); end $$",
                 lost[i % COUNT(lost)]);
        EXPECT(SC_OK, sc_query(scene->db, lose, NULL, 0, NULL, &scene->err));
    }
}

static void lost_before_the_commit_is_known(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch = open_batch(scene, &own_tx);
    QUEUED(add_person(sc_queue(batch), "a", "a", NULL, &scene->err));
    QUEUED(call(sc_queue(batch), &die));
    EXPECT(SC_CONNECTION, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 1);
    STATUSES(batch, SC_NOT_RUN, SC_CONNECTION);
    sc_batch_close(batch);
    assert_string_equal(people(scene), "");
    expect_rest(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_failure_at_the_end_is_nobodys),
        SCENE_TEST(the_end_may_be_unknown),
        SCENE_TEST(begin_and_commit_travel_along),
        SCENE_TEST(a_failure_rolls_back),
        SCENE_TEST(stale_plans_in_a_transaction_of_its_own),
        SCENE_TEST(one_statement_of_many_is_lost),
        SCENE_TEST(lost_before_the_commit_is_known),
    };
    return cmocka_run_group_tests_name("batch_tx", tests, NULL, NULL);
}
