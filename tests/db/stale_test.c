/* stale_test.c: statements that go stale, schemas that change under the program, lost
 * connections, and how many round trips each use of a statement takes. */
#include "tests/db/support/round_trips.h"
#include "tests/db/support/scene.h"
#include <stdbool.h>

static void expect_person(struct scene *scene, struct sc_db *db, int line)
{
    struct person *person;
    expect_status(scene, get_person(db, "a", &person, &scene->err), SC_OK, line);
    assert_string_equal(person->email, "a@x");
    sc_free(person);
}
#define EXPECT_PERSON(db) expect_person(scene, (db), __LINE__)

static void start(struct scene *scene)
{
    elsewhere(scene, "insert into t.people (id, email) values ('a', 'a@x')");
    EXPECT_PERSON(scene->db);
    EXPECT_PERSON(scene->db);
}

/* ---- plans ----------------------------------------------------------------------------------- */

static void a_stale_plan_is_prepared_again(void **state)
{
    struct scene *scene = *state;
    start(scene);
    /* another precision: the server's plan is stale (0A000), the type is the same */
    for (int i = 0; i < 3; i++) {
        char sql[80];
        snprintf(sql, sizeof(sql),
                 "alter table t.people alter score type numeric(1%d, 2)", i);
        elsewhere(scene, sql);
        EXPECT_PERSON(scene->db);
        EXPECT_PERSON(scene->db);
    }
}

static void another_type_is_a_mismatch(void **state)
{
    struct scene *scene = *state;
    struct person *person = (void *)1;
    start(scene);
    elsewhere(scene, "alter table t.people alter rating type int4");
    EXPECT(SC_SCHEMA_MISMATCH, get_person(scene->db, "a", &person, &scene->err));
    assert_null(person);
    assert_string_equal(scene->err.column, "rating");
    assert_string_equal(scene->err.message,
                        "column \"rating\" was generated for type OID 21,"
                        " but the server gives 23");
    EXPECT(SC_SCHEMA_MISMATCH, get_person(scene->db, "a", &person, &scene->err));
    elsewhere(scene, "alter table t.people alter rating type int2");
    EXPECT_PERSON(scene->db);
}

/* The bytes of all kinds of text are alike, and so is what they are in C. */
static void kinds_of_text_are_taken_for_each_other(void **state)
{
    struct scene *scene = *state;
    struct person *person;
    static const struct sc__column columns[] = {
        { COLUMN("a", TEXT(0)) },
        { COLUMN("b", TEXT(0)), .row_at = sizeof(char *) },
        { COLUMN("c", TEXT(0)), .row_at = 2 * sizeof(char *) },
    };
    static const struct sc__row row = { columns, 3, 3 * sizeof(char *) };
    static const struct sc__stmt texts = {
        .label = "texts",
        .sql = "select 'x'::varchar, 'y'::char(3), 'z'::name",
        .row = &row,
        .want = SC__WANT_ONE
    };
    const char **three;
    EXPECT(SC_OK, sc__run(scene->db, &texts, 0, NULL, &three, NULL, &scene->err));
    assert_string_equal(three[0], "x");
    assert_string_equal(three[1], "y  ");
    assert_string_equal(three[2], "z");
    sc_free(three);
    elsewhere(scene, "alter table t.people alter email type varchar(60),"
                     " alter tags type varchar(9)[]");
    const struct person_new loaded = { .id = "l", .email = "l@x" };
    EXPECT(SC_OK, sc__load(scene->db, &person_insert, &loaded, sizeof(loaded), 1,
                           &scene->err));
    start(scene);
    EXPECT(SC_OK, get_person(scene->db, "l", &person, &scene->err));
    assert_string_equal(person->email, "l@x");
    sc_free(person);
    elsewhere(scene, "alter table t.people alter email type bytea using email::bytea");
    EXPECT(SC_SCHEMA_MISMATCH, get_person(scene->db, "l", &person, &scene->err));
    assert_string_equal(scene->err.column, "email");
}

static void a_mismatch_leaves_nothing_written(void **state)
{
    struct scene *scene = *state;
    struct person *person = (void *)1;
    elsewhere(scene, "alter table t.people alter rating type int4");
    EXPECT(SC_SCHEMA_MISMATCH, add_person(scene->db, "a", "a@x", &person, &scene->err));
    assert_null(person);
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    /* without rows there is nothing to decode: written, with the types that Parse named */
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    elsewhere(scene, "alter table t.people alter rating type int2");
    EXPECT(SC_OK, add_person(scene->db, "b", "b@x", &person, &scene->err));
    sc_free(person);
    elsewhere(scene, "alter table t.people alter rating type int4");
    EXPECT(SC_SCHEMA_MISMATCH, add_person(scene->db, "c", "c@x", &person, &scene->err));
    assert_string_equal(look(scene, "select count(*) from t.people"), "2");
}

static void a_column_less_or_more(void **state)
{
    struct scene *scene = *state;
    static const struct sc__stmt more = { .label = "more",
                                          .sql = "select 1::int8, 2::int8",
                                          .row = &count_row,
                                          .want = SC__WANT_VALUE };
    static const struct sc__column two[] = {
        { COLUMN("a", INT8(0)) }, { COLUMN("b", INT8(0)), .row_at = sizeof(int64_t) }
    };
    static const struct sc__row two_row = { two, 2, 2 * sizeof(int64_t) };
    static const struct sc__stmt less = {
        .label = "less", .sql = "select 1::int8", .row = &two_row, .want = SC__WANT_ONE
    };
    int64_t n, *pair;
    EXPECT(SC_SCHEMA_MISMATCH,
           sc__run(scene->db, &more, 0, NULL, &n, NULL, &scene->err));
    assert_string_equal(scene->err.message,
                        "the result has 2 columns, but the code was generated for 1");
    EXPECT(SC_SCHEMA_MISMATCH,
           sc__run(scene->db, &less, 0, NULL, &pair, NULL, &scene->err));
    assert_string_equal(scene->err.message,
                        "column \"b\" is missing: the result has 1 columns, not 2");
    start(scene);
    elsewhere(scene, "alter table t.people drop column score");
    struct person *person;
    EXPECT(SC_SCHEMA_MISMATCH, get_person(scene->db, "a", &person, &scene->err));
    assert_string_equal(scene->err.sqlstate, "42703");
}

static void null_where_the_code_has_none(void **state)
{
    struct scene *scene = *state;
    struct person *person = (void *)1;
    start(scene);
    elsewhere(scene, "alter table t.people alter email drop not null;"
                     "update t.people set email = null");
    EXPECT(SC_SCHEMA_MISMATCH, get_person(scene->db, "a", &person, &scene->err));
    assert_null(person);
    assert_string_equal(scene->err.column, "email");
    size_t n = 7;
    EXPECT(SC_SCHEMA_MISMATCH,
           sc__run(scene->db, &person_list, 0, NULL, &person, &n, &scene->err));
    assert_string_equal(scene->err.column, "email");
    assert_int_equal(n, 0);
}

static void statements_that_the_server_lost(void **state)
{
    struct scene *scene = *state;
    start(scene);
    EXPECT(SC_OK, sc_query(scene->db, "deallocate all", NULL, 0, NULL, &scene->err));
    EXPECT_PERSON(scene->db);
    EXPECT(SC_OK, sc_query(scene->db, "discard all", NULL, 0, NULL, &scene->err));
    EXPECT_PERSON(scene->db);
    EXPECT(SC_OK, add_person(scene->db, "b", "b@x", NULL, &scene->err));
}

static void an_enum_that_was_made_anew(void **state)
{
    struct scene *scene = *state;
    start(scene);
    EXPECT(SC_OK, add_person(scene->db, "b", "b@x", NULL, &scene->err));
    elsewhere(scene,
              "alter table t.people alter mood drop default;"
              "alter table t.people alter mood type text, alter moods type text;"
              "drop type t.mood; create type t.mood as enum ('calm', 'cross', 'new');"
              "alter table t.people alter mood type t.mood using mood::t.mood,"
              " alter moods type t.mood[] using moods::t.mood[];"
              "alter table t.people alter mood set default 'calm'");
    EXPECT_PERSON(scene->db);
    const struct person_new values = { .id = "c",
                                       .email = "c@x",
                                       .mood = SC(MOOD_CROSS) };
    struct person *person;
    EXPECT(SC_OK,
           sc__run_insert(scene->db, &person_insert, &values, &person, &scene->err));
    assert_int_equal(person->mood, MOOD_CROSS);
    sc_free(person);
    elsewhere(scene, "update t.people set mood = 'new' where id = 'a'");
    EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
    assert_int_equal(person->mood, MOOD_UNKNOWN); /* a value of its own */
    sc_free(person);
}

static void a_type_that_does_not_exist(void **state)
{
    struct scene *scene = *state;
    struct person *person;
    elsewhere(scene, "alter type t.mood rename to temper");
    EXPECT(SC_SCHEMA_MISMATCH, get_person(scene->db, "a", &person, &scene->err));
    assert_string_equal(scene->err.message, "type \"t.mood\" does not exist");
    elsewhere(scene, "alter type t.temper rename to mood");
    EXPECT(SC_NOT_FOUND, get_person(scene->db, "a", &person, &scene->err));
}

static void inside_a_transaction_nothing_is_retried(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx;
    struct person *person;
    start(scene);
    elsewhere(scene, "alter table t.people alter score type numeric(10, 2)");
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_SERIALIZATION, get_person(tx, "a", &person, &scene->err));
    assert_string_equal(scene->err.sqlstate, "0A000");
    EXPECT(SC_SERIALIZATION, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT_PERSON(tx); /* run again it goes well */
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
}

/* Two descriptors with one name and text share the server's statement. */
static void the_same_text_twice(void **state)
{
    struct scene *scene = *state;
    static const struct sc__stmt twin = { .label = "person_count",
                                          .sql = "select count(*) from t.people",
                                          .row = &count_row,
                                          .want = SC__WANT_VALUE };
    int64_t n;
    struct sc_db *tx;
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, sc__run(tx, &twin, 0, NULL, &n, NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db, "select count(*) from pg_prepared_statements",
                           NULL, 0, &rows, &scene->err));
    assert_string_equal(sc_rows_value(rows, 0, 0), "1");
    sc_rows_free(rows);
}

/* ---- connections ---------------------------------------------------------------------------------- */

static void a_lost_connection_is_made_again(void **state)
{
    struct scene *scene = *state;
    start(scene);
    for (int i = 0; i < 2; i++) {
        cut_off(scene, scene->db);
        EXPECT_PERSON(scene->db);
    }
    cut_off(scene, scene->db);
    EXPECT(SC_OK, add_person(scene->db, "b", "b@x", NULL, &scene->err));
}

static void a_connection_lost_in_the_middle(void **state)
{
    struct scene *scene = *state;
    static const struct sc__stmt suicide = {
        .label = "suicide",
        .sql = "select count(*) from pg_terminate_backend(pg_backend_pid()) p where p",
        .row = &count_row,
        .want = SC__WANT_VALUE,
    };
    int64_t n = 4;
    start(scene);
    EXPECT(SC_CONNECTION, sc__run(scene->db, &suicide, 0, NULL, &n, NULL, &scene->err));
    assert_int_equal(n, 0);
    assert_int_equal(scene->err.status, SC_CONNECTION);
    EXPECT_PERSON(scene->db);
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    EXPECT(SC_CONNECTION, sc_query(scene->db, suicide.sql, NULL, 0, NULL, &scene->err));
    EXPECT_PERSON(scene->db);
}

/* What sc_query had begun is gone: the next call must not go on without it. */
static void a_connection_lost_inside_ones_own_transaction(void **state)
{
    struct scene *scene = *state;
    EXPECT(SC_OK, sc_query(scene->db, "begin", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    cut_off(scene, scene->db);
    EXPECT(SC_CONNECTION, add_person(scene->db, "b", "b@x", NULL, &scene->err));
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    EXPECT(SC_OK, add_person(scene->db, "c", "c@x", NULL, &scene->err));
    EXPECT(SC_OK, sc_query(scene->db, "begin", NULL, 0, NULL, &scene->err));
    int64_t n;
    cut_off(scene, scene->db);
    EXPECT(SC_CONNECTION, count_people(scene->db, &n, &scene->err));
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    assert_int_equal(n, 1);
}

static void an_adopted_connection_is_not_made_again(void **state)
{
    struct scene *scene = *state;
    PGconn *pg = PQconnectdb(scene->test.url);
    struct sc_db *db;
    start(scene);
    EXPECT(SC_OK, sc_adopt((struct pg_conn *)pg, &db, &scene->err));
    EXPECT_PERSON(db);
    assert_false(PQisnonblocking(pg));
    sc_close(db);
    EXPECT(SC_OK, sc_adopt((struct pg_conn *)pg, &db, &scene->err));
    struct sc_db *tx; /* a name that is taken would spoil it */
    EXPECT(SC_OK, sc_tx_begin(db, NULL, &tx, &scene->err));
    EXPECT_PERSON(tx);
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    cut_off(scene, db);
    struct person *person;
    EXPECT(SC_CONNECTION, get_person(db, "a", &person, &scene->err));
    EXPECT(SC_CONNECTION, get_person(db, "a", &person, &scene->err));
    sc_close(db);
    PQfinish(pg);
}

static void what_is_not_fit_for_adoption(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db;
    PGconn *pg = PQconnectdb(scene->test.url);
    PQclear(PQexec(pg, "begin"));
    EXPECT(SC_MISUSE, sc_adopt((struct pg_conn *)pg, &db, &scene->err));
    assert_string_equal(scene->err.message, "the connection to adopt is not idle");
    PQclear(PQexec(pg, "rollback"));
    PQclear(PQexec(pg, "set client_encoding = 'LATIN1'"));
    EXPECT(SC_MISUSE, sc_adopt((struct pg_conn *)pg, &db, &scene->err));
    PQclear(PQexec(pg, "reset client_encoding"));
    PQsetClientEncoding(pg, "UTF8");
    assert_int_equal(PQenterPipelineMode(pg), 1);
    EXPECT(SC_MISUSE, sc_adopt((struct pg_conn *)pg, &db, &scene->err));
    assert_int_equal(PQexitPipelineMode(pg), 1);
    EXPECT(SC_OK, sc_adopt((struct pg_conn *)pg, &db, &scene->err));
    sc_close(db);
    PQfinish(pg);
}

static void a_borrowed_connection_works_between_calls(void **state)
{
    struct scene *scene = *state;
    start(scene);
    for (int i = 0; i < 3; i++) {
        PGconn *pg = (PGconn *)sc_borrow(scene->db);
        PGresult *result = PQexec(pg, "select 42");
        assert_string_equal(PQgetvalue(result, 0, 0), "42");
        PQclear(result);
        EXPECT_PERSON(scene->db);
        char id[2] = { (char)('b' + i), 0 };
        EXPECT(SC_OK, add_person(scene->db, id, id, NULL, &scene->err));
    }
}

/* ---- round trips ----------------------------------------------------------------------------------- */

#define TURNS(db, call)              \
    __extension__({                  \
        FILE *trace_ = trace_on(db); \
        EXPECT(SC_OK, call);         \
        trace_off((db), trace_);     \
    })

static void first_uses_take_the_round_trips_promised(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = scene->db;
    int64_t n;
    struct person *person;
    assert_int_equal(TURNS(db, count_people(db, &n, &scene->err)), 1);
    assert_int_equal(TURNS(db, count_people(db, &n, &scene->err)), 1);
    /* the enum's OID, Parse and Describe, Bind and Execute */
    assert_int_equal(TURNS(db, add_person(db, "a", "a", &person, &scene->err)), 3);
    sc_free(person);
    assert_int_equal(TURNS(db, add_person(db, "b", "b", &person, &scene->err)), 1);
    sc_free(person);
    assert_int_equal(TURNS(db, add_person(db, "c", "c", NULL, &scene->err)), 1);
    assert_int_equal(TURNS(db, get_person(db, "c", &person, &scene->err)), 1);
    sc_free(person);
    const struct note_new note = { .person_id = "a" };
    struct note *made;
    assert_int_equal(
        TURNS(db, sc__run_insert(db, &note_insert, &note, &made, &scene->err)), 2);
    sc_free(made);
    assert_int_equal(
        TURNS(db, sc__run_insert(db, &note_insert, &note, NULL, &scene->err)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_stale_plan_is_prepared_again),
        SCENE_TEST(another_type_is_a_mismatch),
        SCENE_TEST(kinds_of_text_are_taken_for_each_other),
        SCENE_TEST(a_mismatch_leaves_nothing_written),
        SCENE_TEST(a_column_less_or_more),
        SCENE_TEST(null_where_the_code_has_none),
        SCENE_TEST(statements_that_the_server_lost),
        SCENE_TEST(an_enum_that_was_made_anew),
        SCENE_TEST(a_type_that_does_not_exist),
        SCENE_TEST(inside_a_transaction_nothing_is_retried),
        SCENE_TEST(the_same_text_twice),
        SCENE_TEST(a_lost_connection_is_made_again),
        SCENE_TEST(a_connection_lost_in_the_middle),
        SCENE_TEST(a_connection_lost_inside_ones_own_transaction),
        SCENE_TEST(an_adopted_connection_is_not_made_again),
        SCENE_TEST(what_is_not_fit_for_adoption),
        SCENE_TEST(a_borrowed_connection_works_between_calls),
        SCENE_TEST(first_uses_take_the_round_trips_promised),
    };
    return cmocka_run_group_tests_name("stale", tests, NULL, NULL);
}
