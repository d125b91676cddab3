/* batch_test.c: calls that travel together: outputs, failures, and taking rows later. */
#include "tests/db/support/scene.h"
#include <pthread.h>
#include <stdlib.h>

static struct sc_batch *open_batch(struct scene *scene, struct sc_db *db)
{
    struct sc_batch *batch;
    EXPECT(SC_OK, sc_batch_open(db, &batch, &scene->err));
    return batch;
}

static void all_in_one(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct sc_db *queue = sc_queue(batch);
    struct person *made = (void *)1, *read = (void *)1, *people = (void *)1;
    struct person *maybe = (void *)1;
    size_t n = 5;
    int64_t count = 9, purged = 9;
    char id[] = "a", email[] = "a@x", like[] = "none%";
    const char *like_arg = like, *email_arg = email;
    const void *args[] = { &like_arg }, *email_args[] = { &email_arg };
    EXPECT(SC_QUEUED, add_person(queue, id, email, &made, &scene->err));
    assert_null(made);
    EXPECT(SC_QUEUED, get_person(queue, id, &read, &scene->err));
    EXPECT(SC_QUEUED, sc__run(queue, &person_list, 0, NULL, &people, &n, &scene->err));
    EXPECT(SC_QUEUED, count_people(queue, &count, &scene->err));
    EXPECT(SC_QUEUED,
           sc__run(queue, &person_purge, 0, args, NULL, &purged, &scene->err));
    EXPECT(SC_QUEUED,
           sc__run(queue, &person_maybe, 0, email_args, &maybe, NULL, &scene->err));
    assert_null(people);
    assert_int_equal(n, 0);
    assert_int_equal(count, 0);
    id[0] = 'z', email[0] = 'z', like[0] = '%'; /* the arguments were copied */
    assert_int_equal(sc_batch_status(batch, 0, NULL), SC_QUEUED);
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    assert_string_equal(made->id, "a");
    assert_string_equal(read->email, "a@x");
    assert_int_equal(n, 1);
    assert_string_equal(people[0].id, "a");
    assert_int_equal(count, 1);
    assert_int_equal(purged, 0);
    assert_string_equal(maybe->id, "a");
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(sc_batch_status(batch, i, &scene->err), SC_OK);
    EXPECT(SC_MISUSE, sc_batch_run(batch, &scene->err));
    EXPECT(SC_MISUSE, add_person(queue, "b", "b", NULL, &scene->err));
    EXPECT(SC_MISUSE, sc_batch_status(batch, 6, &scene->err));
    sc_batch_close(batch);
    sc_free(made);
    sc_free(read);
    sc_free(people);
    sc_free(maybe);
}

static void a_failure_undoes_all(void **state)
{
    struct scene *scene = *state;
    struct person *made[3];
    for (int again = 0; again < 2; again++) { /* unprepared, prepared */
        struct sc_batch *batch = open_batch(scene, scene->db);
        struct sc_db *queue = sc_queue(batch);
        EXPECT(SC_QUEUED, add_person(queue, "a", "a", &made[0], &scene->err));
        EXPECT(SC_QUEUED, add_person(queue, "b", "a", &made[1], &scene->err));
        EXPECT(SC_QUEUED, add_person(queue, "c", "c", &made[2], &scene->err));
        EXPECT(SC_UNIQUE, sc_batch_run(batch, &scene->err));
        assert_int_equal(scene->err.item, 1);
        assert_string_equal(scene->err.constraint_name, "people_email_key");
        for (size_t i = 0; i < 3; i++)
            assert_null(made[i]);
        assert_int_equal(sc_batch_status(batch, 0, &scene->err), SC_NOT_RUN);
        assert_string_equal(scene->err.message, "another call of the batch failed");
        assert_int_equal(sc_batch_status(batch, 1, &scene->err), SC_UNIQUE);
        assert_string_equal(scene->err.sqlstate, "23505");
        assert_int_equal(sc_batch_status(batch, 2, &scene->err), SC_NOT_RUN);
        assert_int_equal(scene->err.item, 2);
        sc_batch_close(batch);
        assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    }
}

static void a_call_that_cannot_be_queued_fails_it(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct sc_db *queue = sc_queue(batch);
    EXPECT(SC_QUEUED, add_person(queue, "a", "a", NULL, &scene->err));
    EXPECT(SC_NOT_NULL, add_person(queue, "b", NULL, NULL, NULL));
    EXPECT(SC_NOT_NULL, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 1);
    assert_int_equal(sc_batch_status(batch, 0, NULL), SC_NOT_RUN);
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    sc_batch_close(batch);
}

static void an_answer_is_no_failure(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct person *missing, *made;
    const char *nobody = "nobody";
    const void *args[] = { &nobody };
    EXPECT(SC_QUEUED, get_person(sc_queue(batch), "nobody", &missing, &scene->err));
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "a", "a", &made, &scene->err));
    EXPECT(SC_QUEUED,
           sc__run(sc_queue(batch), &person_delete, 0, args, NULL, NULL, &scene->err));
    EXPECT(SC_NOT_FOUND, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 0);
    assert_null(missing);
    assert_string_equal(made->id, "a");
    assert_int_equal(sc_batch_status(batch, 1, NULL), SC_OK);
    assert_int_equal(sc_batch_status(batch, 2, &scene->err), SC_NOT_FOUND);
    assert_int_equal(scene->err.item, 2);
    sc_free(made);
    sc_batch_close(batch);
    assert_string_equal(look(scene, "select count(*) from t.people"), "1");
}

static void rows_are_taken_later(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct sc_db *queue = sc_queue(batch);
    struct person *rows = (void *)1;
    struct note *notes;
    size_t n = 3;
    EXPECT(SC_QUEUED, add_person(queue, "a", "a", NULL, &scene->err));
    EXPECT(SC_QUEUED, add_person(queue, "b", "b", NULL, &scene->err));
    EXPECT(SC_QUEUED, sc__run(queue, &person_list, 0, NULL, NULL, NULL, &scene->err));
    EXPECT(SC_MISUSE, sc__take(batch, 0, &person_row, &rows, &n, &scene->err));
    assert_null(rows);
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    EXPECT(SC_OK, sc__take(batch, 0, &person_row, &rows, NULL, &scene->err));
    assert_string_equal(rows->id, "a");
    sc_free(rows);
    EXPECT(SC_MISUSE, sc__take(batch, 0, &person_row, &rows, NULL, &scene->err));
    assert_string_equal(scene->err.message, "the rows were taken before");
    EXPECT(SC_MISUSE, sc__take(batch, 1, &note_row, &notes, NULL, &scene->err));
    EXPECT(SC_MISUSE, sc__take(batch, 9, &person_row, &rows, NULL, &scene->err));
    EXPECT(SC_TOO_MANY, sc__take(batch, 2, &person_row, &rows, NULL, &scene->err));
    EXPECT(SC_OK, sc__take(batch, 2, &person_row, &rows, &n, &scene->err));
    assert_int_equal(n, 2);
    sc_free(rows);
    sc_batch_close(batch); /* item 1 was never taken */
}

static void every_kind_of_call_can_be_queued(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, "insert into t.people (id, email) values ('p', 'p')");
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct sc_db *queue = sc_queue(batch);
    const struct person_new many[] = {
        { .id = "x", .email = "x" },
        { .id = "y", .email = "y", .mood = SC(MOOD_CROSS) },
        { .id = "z", .email = "z" }
    };
    const struct person_new up = { .id = "q", .email = "p", .name = "upserted" };
    const struct person_patch patch = { .rating = SC(5) };
    const char *id = "p";
    const void *key[] = { &id };
    const struct note_new note = { .person_id = "p" };
    struct person *made, *upserted, *updated;
    struct person_notes *with;
    size_t n;
    EXPECT(SC_QUEUED, sc__insert_many(queue, &person_insert, many, sizeof(*many), 3,
                                      &made, &n, &scene->err));
    EXPECT(SC_QUEUED,
           sc__run_upsert(queue, &person_upsert, &up, &upserted, &scene->err));
    EXPECT(SC_QUEUED,
           sc__run_update(queue, &person_update, key, &patch, &updated, &scene->err));
    EXPECT(SC_QUEUED,
           sc__load(queue, &note_insert, &note, sizeof(note), 1, &scene->err));
    EXPECT(SC_QUEUED,
           sc__run_nested(queue, &person_notes, 0, key, &with, NULL, &scene->err));
    EXPECT(SC_QUEUED, sc__insert_many(queue, &person_insert, many, sizeof(*many), 0,
                                      NULL, NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    assert_int_equal(n, 3);
    assert_int_equal(made[1].mood, MOOD_CROSS);
    assert_string_equal(upserted->name, "upserted");
    assert_int_equal(updated->rating.value, 5);
    assert_string_equal(with->person.id, "p");
    assert_int_equal(with->notes.count, 1);
    assert_string_equal(with->notes.items[0].body, "empty");
    sc_free(made);
    sc_free(upserted);
    sc_free(updated);
    sc_free(with);
    sc_batch_close(batch);
}

static void versions_in_a_batch(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, "insert into t.people (id, email) values ('p', 'p');"
                     "insert into t.notes (person_id) values ('p')");
    const struct note_patch patch = { .body = SC("b") };
    int64_t id = 1, none = 7;
    int32_t version = 1;
    const void *key[] = { &id, &version }, *no_key[] = { &none, &version };
    struct note *first = NULL, *second = NULL, *third = NULL;
    struct sc_batch *batch = open_batch(scene, scene->db);
    EXPECT(SC_QUEUED, sc__run_update(sc_queue(batch), &note_update, key, &patch, &first,
                                     &scene->err));
    EXPECT(SC_QUEUED, sc__run_update(sc_queue(batch), &note_update, key, &patch,
                                     &second, &scene->err));
    EXPECT(SC_QUEUED, sc__run_update(sc_queue(batch), &note_update, no_key, &patch,
                                     &third, &scene->err));
    EXPECT(SC_STALE, sc_batch_run(batch, &scene->err));
    assert_int_equal(first->version, 2);
    assert_null(second);
    assert_int_equal(sc_batch_status(batch, 2, NULL), SC_NOT_FOUND);
    sc_free(first);
    sc_batch_close(batch);
}

static void a_mismatch_holds_everything_back(void **state)
{
    struct scene *scene = *state;
    struct person *read;
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    elsewhere(scene, "alter table t.people alter rating type int4");
    struct sc_batch *batch = open_batch(scene, scene->db);
    EXPECT(SC_QUEUED, count_people(sc_queue(batch), &(int64_t){ 0 }, &scene->err));
    const struct note_new note = { .person_id = "a" };
    EXPECT(SC_QUEUED, sc__load(sc_queue(batch), &note_insert, &note, sizeof(note), 1,
                               &scene->err));
    EXPECT(SC_QUEUED, get_person(sc_queue(batch), "a", &read, &scene->err));
    EXPECT(SC_SCHEMA_MISMATCH, sc_batch_run(batch, &scene->err));
    assert_int_equal(scene->err.item, 2);
    assert_string_equal(scene->err.column, "rating");
    sc_batch_close(batch);
    assert_string_equal(look(scene, "select count(*) from t.notes"), "0");
}

static void stale_and_lost_statements_in_a_batch(void **state)
{
    struct scene *scene = *state;
    for (int i = 0; i < 3; i++) {
        char id[2] = { (char)('a' + i), 0 };
        struct person *made, *read;
        struct sc_batch *batch = open_batch(scene, scene->db);
        EXPECT(SC_QUEUED, add_person(sc_queue(batch), id, id, &made, &scene->err));
        EXPECT(SC_QUEUED, get_person(sc_queue(batch), id, &read, &scene->err));
        EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
        sc_free(made);
        sc_free(read);
        sc_batch_close(batch);
        if (i == 0)
            elsewhere(scene, "alter table t.people alter score type numeric(10, 2)");
        else
            cut_off(scene, scene->db);
    }
    EXPECT(SC_OK, sc_query(scene->db, "discard all", NULL, 0, NULL, &scene->err));
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct person *read, *again;
    EXPECT(SC_QUEUED, get_person(sc_queue(batch), "a", &read, &scene->err));
    EXPECT(SC_QUEUED, get_person(sc_queue(batch), "b", &again, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_free(read);
    sc_free(again);
    sc_batch_close(batch);
}

/* More than any socket buffer holds, both ways: blocking pipelines stop for ever here. */
static void large_batches_do_not_deadlock(void **state)
{
    struct scene *scene = *state;
    enum { CALLS = 300, SIZE = 100000 };
    static const struct sc__stmt echo = {
        .label = "echo",
        .sql = "select id || $1 as id, name, $1 as email,"
               " rating, mood, moods, tags, score, born,"
               " created_at from t.people",
        .params = one_text,
        .row = &person_row,
        .nparams = 1,
        .want = SC__WANT_MANY
    };
    char *text = malloc(SIZE + 1);
    memset(text, 'x', SIZE);
    text[SIZE] = 0;
    const char *arg = text;
    const void *args[] = { &arg };
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    struct sc_batch *batch = open_batch(scene, scene->db);
    for (int i = 0; i < CALLS; i++)
        EXPECT(SC_QUEUED,
               sc__run(sc_queue(batch), &echo, 0, args, NULL, NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    for (size_t i = 0; i < CALLS; i += 100) {
        struct person *rows;
        EXPECT(SC_OK, sc__take(batch, i, &person_row, &rows, NULL, &scene->err));
        assert_int_equal(strlen(rows->id), SIZE + 1);
        sc_free(rows);
    }
    sc_batch_close(batch);
    free(text);
}

static void batches_in_pools_and_transactions(void **state)
{
    struct scene *scene = *state;
    struct sc_db *pool, *tx;
    EXPECT(SC_OK, sc_pool_open(scene->test.url, NULL, &pool, &scene->err));
    struct sc_batch *batch = open_batch(scene, pool);
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "a", "a", NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    EXPECT(SC_OK, sc_tx_begin(pool, NULL, &tx, &scene->err));
    batch = open_batch(scene, tx);
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "b", "b", NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    batch = open_batch(scene, tx);
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "c", "b", NULL, &scene->err));
    EXPECT(SC_UNIQUE, sc_batch_run(batch, NULL));
    sc_batch_close(batch);
    EXPECT(SC_UNIQUE, sc_tx_commit(tx, &scene->err));
    assert_string_equal(look(scene, "select string_agg(id, ',') from t.people"), "a");
    sc_close(pool);
}

static void nothing_to_run(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch = open_batch(scene, scene->db), *inner;
    EXPECT(SC_MISUSE, sc_batch_open(sc_queue(batch), &inner, &scene->err));
    struct sc_db *tx;
    EXPECT(SC_MISUSE, sc_tx_begin(sc_queue(batch), NULL, &tx, &scene->err));
    EXPECT(SC_MISUSE,
           sc_query(sc_queue(batch), "select 1", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    batch = open_batch(scene, scene->db); /* closed without a run */
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "a", "a", NULL, &scene->err));
    sc_batch_close(batch);
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    assert_null(sc_queue(NULL));
    EXPECT(SC_MISUSE, add_person(NULL, "a", "a", NULL, &scene->err));
}

/* ---- rows that were given out ------------------------------------------------------------- */

enum { SINGLES = 200 };

/* A text of its own length: some are too long to stand beside others. */
static void body_of(int i, char *name)
{
    static const int LENGTHS[] = { 1, 31, 70, 900, 1100, 5000 };
    int length = LENGTHS[i % 6];
    memset(name, 'a' + i % 26, (size_t)length);
    name[length] = 0;
}

static void *free_odd(void *arg)
{
    struct note **notes = arg;
    for (int i = 1; i < SINGLES; i += 2)
        sc_free(notes[i]);
    return NULL;
}

/* Every row is freed by itself, in any order, by any thread, and outlives its batch, which
 * may be used again. */
static void rows_are_freed_one_by_one(void **state)
{
    struct scene *scene = *state;
    struct sc_batch *batch = open_batch(scene, scene->db);
    struct note *notes[SINGLES], *again;
    static char body[8192];
    pthread_t thread;
    const struct note_new values = { .person_id = "a", .body = body };
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    for (int i = 0; i < SINGLES; i++) {
        body_of(i, body);
        EXPECT(SC_QUEUED, sc__run_insert(sc_queue(batch), &note_insert, &values,
                                         &notes[i], &scene->err));
    }
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_reset(batch);
    snprintf(body, sizeof(body), "more");
    EXPECT(SC_QUEUED,
           sc__run_insert(sc_queue(batch), &note_insert, &values, &again, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    for (int i = 0; i < SINGLES; i++) {
        body_of(i, body);
        assert_string_equal(notes[i]->person_id, "a");
        assert_string_equal(notes[i]->body, body);
    }
    assert_int_equal(pthread_create(&thread, NULL, free_odd, notes), 0);
    for (int i = SINGLES - 2; i >= 0; i -= 2)
        sc_free(notes[i]);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(again->body, "more");
    sc_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(all_in_one),
        SCENE_TEST(a_failure_undoes_all),
        SCENE_TEST(a_call_that_cannot_be_queued_fails_it),
        SCENE_TEST(an_answer_is_no_failure),
        SCENE_TEST(rows_are_taken_later),
        SCENE_TEST(every_kind_of_call_can_be_queued),
        SCENE_TEST(versions_in_a_batch),
        SCENE_TEST(a_mismatch_holds_everything_back),
        SCENE_TEST(stale_and_lost_statements_in_a_batch),
        SCENE_TEST(large_batches_do_not_deadlock),
        SCENE_TEST(batches_in_pools_and_transactions),
        SCENE_TEST(nothing_to_run),
        SCENE_TEST(rows_are_freed_one_by_one),
    };
    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
