/* query_test.c: SQL of the caller's own, and hooks. */
#include "tests/db/support/scene.h"

static void rows_in_text(void **state)
{
    struct scene *scene = *state;
    struct sc_rows *rows;
    const char *params[] = { "7", NULL, "it's" };
    EXPECT(SC_OK, sc_query(scene->db,
                           "select $1::int + 1 as n, $2::text as nothing,"
                           " $3::text as text union all select 0, 'x', 'y'",
                           params, 3, &rows, &scene->err));
    assert_int_equal(sc_rows_count(rows), 2);
    assert_int_equal(sc_rows_columns(rows), 3);
    assert_string_equal(sc_rows_name(rows, 0), "n");
    assert_null(sc_rows_name(rows, 3));
    assert_string_equal(sc_rows_value(rows, 0, 0), "8");
    assert_null(sc_rows_value(rows, 0, 1));
    assert_string_equal(sc_rows_value(rows, 0, 2), "it's");
    assert_null(sc_rows_value(rows, 2, 0));
    assert_null(sc_rows_value(rows, 0, 3));
    sc_rows_free(rows);
    assert_int_equal(sc_rows_count(NULL), 0);
    assert_int_equal(sc_rows_affected(NULL), 0);
    assert_null(sc_rows_value(NULL, 0, 0));
}

static void rows_that_were_touched(void **state)
{
    struct scene *scene = *state;
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db,
                           "insert into t.people (id, email) select i, i from"
                           " generate_series(1, 12) i",
                           NULL, 0, &rows, &scene->err));
    assert_int_equal(sc_rows_affected(rows), 12);
    assert_int_equal(sc_rows_count(rows), 0);
    sc_rows_free(rows);
    EXPECT(SC_OK,
           sc_query(scene->db, "delete from t.people", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, sc_query(scene->db, "", NULL, 0, &rows, &scene->err));
    assert_int_equal(sc_rows_affected(rows), 0);
    sc_rows_free(rows);
}

static void what_is_refused(void **state)
{
    struct scene *scene = *state;
    struct sc_rows *rows = (void *)1;
    EXPECT(SC_SERVER,
           sc_query(scene->db, "select * from nowhere", NULL, 0, &rows, &scene->err));
    assert_null(rows); /* the caller's mistake, not a schema's */
    assert_string_equal(scene->err.sqlstate, "42P01");
    assert_string_equal(scene->err.query, "sc_query");
    EXPECT(SC_SERVER,
           sc_query(scene->db, "select 1; select 2", NULL, 0, &rows, &scene->err));
    EXPECT(SC_MISUSE, sc_query(scene->db, "select 1", NULL, 65536, &rows, &scene->err));
    EXPECT(SC_MISUSE, sc_query(scene->db, NULL, NULL, 0, &rows, &scene->err));
    EXPECT(SC_MISUSE,
           sc_query(scene->db, "copy t.people to stdout", NULL, 0, &rows, &scene->err));
    assert_string_equal(scene->err.message, "COPY cannot be run this way");
    EXPECT(SC_OK, sc_query(scene->db, "select 1", NULL, 0, NULL, &scene->err));
    EXPECT(SC_MISUSE,
           sc_query(scene->db, "copy t.people from stdin", NULL, 0, NULL, NULL));
    EXPECT(SC_OK, sc_query(scene->db, "select 1", NULL, 0, NULL, &scene->err));
}

/* ---- hooks -------------------------------------------------------------------------------------- */

struct heard {
    int starts;
    int ends;
    int notices;
    struct sc_event last;
    char query[64];
    char sql[256];
    char sqlstate[6];
    char notice[64];
};

static void on_start(void *user, const struct sc_event *event)
{
    struct heard *heard = user;
    heard->starts++;
    assert_non_null(event->query);
    assert_non_null(event->sql);
}

static void on_end(void *user, const struct sc_event *event)
{
    struct heard *heard = user;
    heard->ends++;
    heard->last = *event;
    snprintf(heard->query, sizeof(heard->query), "%s", event->query);
    snprintf(heard->sql, sizeof(heard->sql), "%s", event->sql);
    snprintf(heard->sqlstate, sizeof(heard->sqlstate), "%s", event->sqlstate);
}

static void on_notice(void *user, const char *message)
{
    struct heard *heard = user;
    heard->notices++;
    snprintf(heard->notice, sizeof(heard->notice), "%s", message);
}

static void hooks_hear_of_each_call(void **state)
{
    struct scene *scene = *state;
    struct heard heard = { 0 };
    const struct sc_hooks hooks = {
        .user = &heard, .start = on_start, .end = on_end, .notice = on_notice
    };
    sc_set_hooks(scene->db, &hooks);
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    assert_string_equal(heard.query, "person_insert");
    assert_string_equal(
        heard.sql, "insert into t.people (id, name, email, rating, moods, tags, score,"
                   " born) values ($1, $2, $3, $4, $5, $6, $7, $8)");
    assert_int_equal(heard.last.rows, 1);
    assert_true(heard.last.nanoseconds > 0);
    EXPECT(SC_UNIQUE, add_person(scene->db, "a", "a@x", NULL, NULL));
    assert_int_equal(heard.last.status, SC_UNIQUE);
    assert_string_equal(heard.sqlstate, "23505");
    struct person *person;
    EXPECT(SC_NOT_FOUND, get_person(scene->db, "b", &person, NULL));
    assert_int_equal(heard.last.status, SC_NOT_FOUND);
    assert_string_equal(heard.query, "person_get");
    struct sc_db *tx;
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    assert_string_equal(heard.sql, "begin");
    EXPECT(SC_OK, sc_query(tx, "select 1", NULL, 0, NULL, &scene->err));
    assert_string_equal(heard.sql, "select 1");
    assert_int_equal(heard.last.rows, 1);
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    assert_string_equal(heard.query, "sc_tx_commit");
    const struct person_new many[] = { { .id = "x", .email = "x" } };
    EXPECT(SC_OK,
           sc__load(scene->db, &person_insert, many, sizeof(*many), 1, &scene->err));
    assert_int_equal(heard.last.rows, 1);
    struct sc_batch *batch;
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    EXPECT(SC_QUEUED, get_person(sc_queue(batch), "a", &person, &scene->err));
    EXPECT(SC_QUEUED, add_person(sc_queue(batch), "c", "c", NULL, &scene->err));
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    sc_batch_close(batch);
    sc_free(person);
    assert_int_equal(heard.starts, 9);
    assert_int_equal(heard.ends, 9);
    EXPECT(SC_OK, sc_query(scene->db, "do $$ begin raise warning 'careful'; end $$",
                           NULL, 0, NULL, &scene->err));
    assert_int_equal(heard.notices, 1);
    assert_string_equal(heard.notice, "careful");
    sc_set_hooks(scene->db, NULL);
    EXPECT(SC_OK, sc_query(scene->db, "do $$ begin raise warning 'x'; end $$", NULL, 0,
                           NULL, &scene->err));
    assert_int_equal(heard.ends, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(rows_in_text),
        SCENE_TEST(rows_that_were_touched),
        SCENE_TEST(what_is_refused),
        SCENE_TEST(hooks_hear_of_each_call),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
