/* faults_test.c: what goes wrong around a call: sessions that were changed under it, and
 * what must not be seen of it. */
#include "tests/db/support/scene.h"
#include <fcntl.h>
#include <unistd.h>

/* ---- streams ----------------------------------------------------------------------------- */

/* What the process writes to stderr while `open` runs, in bytes. */
static long written_by_open(struct scene *scene, const char *url, bool pool)
{
    FILE *file = tmpfile();
    struct sc_db *db = NULL;
    int64_t n;
    assert_non_null(file);
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    enum sc_status st = pool ? sc_pool_open(url, NULL, &db, &scene->err)
                             : sc_open(url, &db, &scene->err);
    if (st == SC_OK)
        st = count_people(db, &n, &scene->err);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    sc_close(db);
    EXPECT(SC_OK, st);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    fclose(file);
    return size;
}

/* The server warns of a collation that has changed while the session begins. */
static void a_warning_while_connecting_is_not_printed(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, "update pg_database set datcollversion = '0'"
                     " where datname = current_database()");
    assert_int_equal(written_by_open(scene, scene->test.url, false), 0);
    assert_int_equal(written_by_open(scene, scene->test.url, true), 0);
}

/* ---- refusals ---------------------------------------------------------------------------- */

static void a_refusal_has_its_code(void **state)
{
    struct scene *scene = *state;
    char url[600];
    struct sc_db *db;
    elsewhere(scene, "create role faults_limited login connection limit 0");
    snprintf(url, sizeof(url), "%s&user=faults_limited", scene->test.url);
    enum sc_status st = sc_open(url, &db, &scene->err);
    elsewhere(scene, "drop role faults_limited");
    EXPECT(SC_BUSY, st);
    assert_string_equal(scene->err.sqlstate, "53300");
    assert_non_null(
        strstr(scene->err.message, "FATAL:  too many connections for role"));
    assert_null(strstr(scene->err.message, "LOCATION"));
    EXPECT(SC_CONNECTION, sc_open(url, &db, &scene->err)); /* there is no such role */
    assert_string_equal(scene->err.sqlstate, "28000");
    EXPECT(SC_CONNECTION, sc_open("host=/nowhere", &db, &scene->err));
    assert_string_equal(scene->err.sqlstate, "");
}

/* ---- enums ------------------------------------------------------------------------------- */

static const char *const other_labels[] = { "x" };
static const struct sc__enum other_enum = { "t.other", other_labels, 1 };
static const struct sc__type other_param[] = { { &other_enum, 0, SC__ENUM, 0 } };

/* A statement that fails makes its enums be looked up again, and no others forgotten. */
static void enums_of_other_statements_stay_known(void **state)
{
    struct scene *scene = *state;
    static const struct sc__stmt bad = { .label = "bad",
                                         .sql = "select count(*) from t.gone"
                                                " where x = $1",
                                         .params = other_param,
                                         .row = &count_row,
                                         .nparams = 1,
                                         .want = SC__WANT_VALUE };
    const enum mood moods[] = { MOOD_CROSS };
    const struct person_new one = { .id = "a",
                                    .email = "a",
                                    .moods = SC_LIST(moods, 1) };
    const struct person_new two = { .id = "b",
                                    .email = "b",
                                    .moods = SC_LIST(moods, 1) };
    int value = 1;
    int64_t n;
    const void *args[] = { &value };
    elsewhere(scene, "create type t.other as enum ('x')");
    EXPECT(SC_OK, sc__run_insert(scene->db, &person_insert, &one, NULL, &scene->err));
    EXPECT(SC_SCHEMA_MISMATCH,
           sc__run(scene->db, &bad, 0, args, &n, NULL, &scene->err));
    EXPECT(SC_OK, sc__run_insert(scene->db, &person_insert, &two, NULL, &scene->err));
}

/* ---- statements that others took or made ------------------------------------------------- */

static void a_name_that_is_taken_inside_a_transaction(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx;
    int64_t n;
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    EXPECT(SC_OK, add_person(scene->db, "a", "a", NULL, &scene->err));
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db,
                           "select 'deallocate ' || name from pg_prepared_statements"
                           " where statement like '%/ insert%'",
                           NULL, 0, &rows, &scene->err));
    EXPECT(SC_OK,
           sc_query(scene->db, sc_rows_value(rows, 0, 0), NULL, 0, NULL, &scene->err));
    sc_rows_free(rows);
    EXPECT(SC_OK,
           add_person(scene->db, "b", "b", NULL, &scene->err)); /* all forgotten */
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_SERIALIZATION, count_people(tx, &n, &scene->err));
    EXPECT(SC_SERIALIZATION, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK, count_people(tx, &n, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    assert_int_equal(n, 2);
}

/* ---- the session's encoding --------------------------------------------------------------- */

static void the_encoding_stays(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx;
    EXPECT(SC_MISUSE, sc_query(scene->db, "set client_encoding to 'LATIN1'", NULL, 0,
                               NULL, &scene->err));
    EXPECT(SC_OK, add_person(scene->db, "\xc3\xa4", "a", NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_MISUSE, sc_query(tx, "set local client_encoding to 'LATIN1'", NULL, 0,
                               NULL, &scene->err));
    EXPECT(SC_OK, add_person(tx, "\xc3\xb6", "b", NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    assert_string_equal(look(scene, "select string_agg(id, '' order by email)"
                                    " from t.people"),
                        "\xc3\xa4\xc3\xb6");
}

static void another_encoding_of_a_lent_connection_is_noticed(void **state)
{
    struct scene *scene = *state;
    PGconn *pg = (PGconn *)sc_borrow(scene->db);
    int64_t n;
    assert_int_equal(PQsetClientEncoding(pg, "LATIN1"), 0);
    EXPECT(SC_MISUSE, count_people(scene->db, &n, &scene->err));
    assert_int_equal(PQsetClientEncoding(pg, "UTF8"), 0);
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
}

/* ---- secrets -------------------------------------------------------------------------------- */

static char heard[1024];
static void hear(void *user, const char *message)
{
    (void)user;
    snprintf(heard + strlen(heard), sizeof(heard) - strlen(heard), "%s", message);
}

/* The server checks it at COMMIT, and quotes the value there. */
static void a_deferred_key_keeps_its_secret_at_commit(void **state)
{
    struct scene *scene = *state;
    static const char token[] = "s3cr3t-t0k3n";
    const struct sc_hooks hooks = { .notice = hear };
    const struct key_new key = { .token = token, .uses = SC(1) };
    struct sc_db *tx;
    elsewhere(scene,
              "alter table t.keys drop constraint keys_pkey,"
              " add constraint keys_pkey unique (token) deferrable initially deferred;"
              "create function t.talk() returns trigger language plpgsql as $$"
              " begin raise notice 'saw %', new.token; return null; end $$;"
              "create constraint trigger a_talk after insert on t.keys deferrable"
              " initially deferred for each row execute function t.talk()");
    sc_set_hooks(scene->db, &hooks);
    for (int i = 0; i < 2; i++) {
        heard[0] = 0;
        memset(&scene->err, 0, sizeof(scene->err));
        EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
        EXPECT(SC_OK, sc__run_insert(tx, &key_insert, &key, NULL, &scene->err));
        EXPECT(i ? SC_UNIQUE : SC_OK, sc_tx_commit(tx, &scene->err));
        assert_true(i || *heard);
        assert_null(strstr(heard, token));
    }
    assert_string_equal(scene->err.constraint_name, "keys_pkey");
    assert_null(strstr(scene->err.message, token));
    assert_string_equal(scene->err.detail, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(a_warning_while_connecting_is_not_printed),
        SCENE_TEST(a_refusal_has_its_code),
        SCENE_TEST(enums_of_other_statements_stay_known),
        SCENE_TEST(a_name_that_is_taken_inside_a_transaction),
        SCENE_TEST(the_encoding_stays),
        SCENE_TEST(another_encoding_of_a_lent_connection_is_noticed),
        SCENE_TEST(a_deferred_key_keeps_its_secret_at_commit),
    };
    return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
