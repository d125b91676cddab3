/* error_test.c: what each failure's status and error say, and that secrets are in none. */
#include "tests/db/support/mute.h"
#include "tests/db/support/scene.h"
#include <stdbool.h>

static enum sc_status add_key(struct scene *scene, const char *token,
                              const char *person, int uses, struct key **out)
{
    const struct key_new values = { token, person, SC(uses) };
    return sc__run_insert(scene->db, &key_insert, &values, out, &scene->err);
}

static void constraints_have_names_and_numbers(void **state)
{
    struct scene *scene = *state;
    struct person_new values = { .id = "a", .email = "a@x", .rating = SC(9) };
    EXPECT(SC_CHECK,
           sc__run_insert(scene->db, &person_insert, &values, NULL, &scene->err));
    assert_string_equal(scene->err.constraint_name, "people_rating_check");
    assert_string_equal(scene->err.sqlstate, "23514");
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    EXPECT(SC_UNIQUE, add_person(scene->db, "b", "a@x", NULL, &scene->err));
    assert_string_equal(scene->err.schema, "t");
    assert_string_equal(scene->err.table, "people");
    assert_string_equal(scene->err.constraint_name, "people_email_key");
    assert_string_equal(scene->err.sqlstate, "23505");
    assert_string_equal(scene->err.query, "person_insert");
    assert_string_equal(scene->err.detail, "Key (email)=(a@x) already exists.");
    /* FNV-1a of "t.people.people_email_key", as the compiler writes it */
    assert_int_equal(scene->err.constraint, 0x2f570b56);
    const struct note_new note = { .person_id = "nobody" };
    EXPECT(SC_FOREIGN_KEY,
           sc__run_insert(scene->db, &note_insert, &note, NULL, &scene->err));
    assert_string_equal(scene->err.constraint_name, "notes_person_id_fkey");
}

static void an_error_is_written_by_a_failure_only(void **state)
{
    struct scene *scene = *state;
    struct person *person;
    memset(&scene->err, 0x55, sizeof(scene->err));
    struct sc_error before = scene->err;
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", &person, &scene->err));
    sc_free(person);
    EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
    sc_free(person);
    assert_memory_equal(&before, &scene->err, sizeof(before));
    EXPECT(SC_NOT_FOUND, get_person(scene->db, "b", &person, NULL));
    EXPECT(SC_UNIQUE, add_person(scene->db, "a", "a@x", NULL, NULL));
    EXPECT(SC_NOT_NULL, add_person(scene->db, NULL, "a@x", NULL, NULL));
}

/* Raises what it is told, with a text that quotes the argument. */
static const char raise_sql[] =
    "create function t.raise(code text, said text) returns int8 language plpgsql as $$"
    " begin raise exception 'about %', said using errcode = code,"
    " detail = 'because of ' || said, hint = 'not ' || said, table = 'tab',"
    " column = 'col', schema = 'sch'; end $$";

static const struct sc__type two_texts[] = { TEXT(0), TEXT(0) };
static const struct sc__stmt raise_code = { .label = "raise_code",
                                            .sql = "select t.raise($1, $2)",
                                            .params = two_texts,
                                            .row = &count_row,
                                            .nparams = 2,
                                            .want = SC__WANT_VALUE };

static enum sc_status raised(struct scene *scene, const struct sc__stmt *stmt,
                             const char *code, const char *said)
{
    int64_t n;
    const void *args[] = { &code, &said };
    return sc__run(scene->db, stmt, 0, args, &n, NULL, &scene->err);
}

static void sqlstates_become_statuses(void **state)
{
    struct scene *scene = *state;
    static const struct {
        const char *code;
        enum sc_status status;
    } cases[] = {
        { "23505", SC_UNIQUE },
        { "23503", SC_FOREIGN_KEY },
        { "23001", SC_FOREIGN_KEY },
        { "23514", SC_CHECK },
        { "44000", SC_CHECK },
        { "23502", SC_NOT_NULL },
        { "23P01", SC_EXCLUSION },
        { "22001", SC_BAD_VALUE },
        { "22P02", SC_BAD_VALUE },
        { "40001", SC_SERIALIZATION },
        { "40P01", SC_DEADLOCK },
        { "55P03", SC_BUSY },
        { "55006", SC_BUSY },
        { "53300", SC_BUSY },
        { "57014", SC_CANCELLED },
        { "57P03", SC_CONNECTION },
        { "08006", SC_CONNECTION },
        { "28000", SC_CONNECTION },
        { "25P02", SC_NOT_RUN },
        { "42703", SC_SCHEMA_MISMATCH },
        { "42P01", SC_SCHEMA_MISMATCH },
        { "42883", SC_SCHEMA_MISMATCH },
        { "42704", SC_SCHEMA_MISMATCH },
        { "3F000", SC_SCHEMA_MISMATCH },
        { "P0001", SC_SERVER },
        { "0A000", SC_SERVER },
        { "42501", SC_SERVER },
        { "53200", SC_SERVER },
        { "XX000", SC_SERVER },
    };
    elsewhere(scene, raise_sql);
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        EXPECT(cases[i].status, raised(scene, &raise_code, cases[i].code, "it"));
        assert_string_equal(scene->err.sqlstate, cases[i].code);
        assert_string_equal(scene->err.message, "about it");
        assert_string_equal(scene->err.detail, "because of it");
        assert_string_equal(scene->err.hint, "not it");
        assert_string_equal(scene->err.table, "tab");
        assert_string_equal(scene->err.column, "col");
    }
}

static void texts_are_cut_between_characters(void **state)
{
    struct scene *scene = *state;
    char long_text[1001];
    for (int i = 0; i < 500; i++)
        memcpy(long_text + 2 * i, "\xc3\xa9", 2); /* U+00E9 */
    long_text[1000] = 0;
    elsewhere(scene, raise_sql);
    EXPECT(SC_SERVER, raised(scene, &raise_code, "P0001", long_text));
    assert_int_equal(strlen(scene->err.message),
                     254); /* "about " and whole characters */
    assert_memory_equal(scene->err.message + 252, "\xc3\xa9", 3);
}

static void time_runs_out_and_locks_are_taken(void **state)
{
    struct scene *scene = *state;
    static const struct sc__stmt sleep = { .label = "sleep",
                                           .sql = "select 1::int8 from pg_sleep(5)",
                                           .row = &count_row,
                                           .want = SC__WANT_VALUE };
    int64_t n;
    EXPECT(SC_OK, sc_query(scene->db, "set statement_timeout = 20", NULL, 0, NULL,
                           &scene->err));
    EXPECT(SC_TIMEOUT, sc__run(scene->db, &sleep, 0, NULL, &n, NULL, &scene->err));
    EXPECT(SC_OK,
           sc_query(scene->db, "set statement_timeout = 0", NULL, 0, NULL, NULL));
    EXPECT(SC_OK, sc_query(scene->db, "set lock_timeout = 20", NULL, 0, NULL, NULL));
    struct sc_db *other, *tx;
    EXPECT(SC_OK, sc_open(scene->test.url, &other, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(other, NULL, &tx, &scene->err));
    EXPECT(SC_OK, sc_query(tx, "lock table t.people", NULL, 0, NULL, &scene->err));
    EXPECT(SC_BUSY, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    sc_tx_rollback(tx);
    sc_close(other);
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
}

/* Both have one code, and words in any language. */
static void a_timeout_in_another_language(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx;
    elsewhere(scene, raise_sql);
    EXPECT(SC_CANCELLED, raised(scene, &raise_code, "57014", "die Zeit"));
    EXPECT(SC_OK, sc_query(scene->db, "set statement_timeout = '1min'", NULL, 0, NULL,
                           &scene->err));
    EXPECT(SC_TIMEOUT, raised(scene, &raise_code, "57014", "die Zeit"));
    assert_string_equal(scene->err.message, "about die Zeit");
    EXPECT(SC_CANCELLED, raised(scene, &raise_code, "57014", "a user request"));
    EXPECT(SC_OK, sc_query(scene->db, "set statement_timeout = 0", NULL, 0, NULL,
                           &scene->err));
    /* a transaction that has failed answers nothing */
    struct sc_db *db = scene->db;
    EXPECT(SC_OK, sc_tx_begin(db, NULL, &tx, &scene->err));
    scene->db = tx;
    enum sc_status st = raised(scene, &raise_code, "57014", "die Zeit");
    scene->db = db;
    EXPECT(SC_TIMEOUT, st);
    EXPECT(SC_TIMEOUT, sc_tx_commit(tx, &scene->err));
}

static void a_serialization_failure_is_told_again(void **state)
{
    struct scene *scene = *state;
    struct sc_db *tx, *other, *other_tx;
    elsewhere(scene, "insert into t.people (id, email) values ('a', 'a'), ('b', 'b')");
    EXPECT(SC_OK, sc_open(scene->test.url, &other, &scene->err));
    EXPECT(SC_OK, sc_tx_begin(scene->db,
                              &(struct sc_tx_options){ .isolation = SC_SERIALIZABLE },
                              &tx, &scene->err));
    EXPECT(SC_OK,
           sc_tx_begin(other, &(struct sc_tx_options){ .isolation = SC_SERIALIZABLE },
                       &other_tx, &scene->err));
    EXPECT(SC_OK, sc_query(tx, "update t.people set name = id where id = 'a'", NULL, 0,
                           NULL, &scene->err));
    EXPECT(SC_OK,
           sc_query(other_tx, "select * from t.people", NULL, 0, NULL, &scene->err));
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    EXPECT(SC_SERIALIZATION,
           sc_query(other_tx, "update t.people set name = id where id = 'a'", NULL, 0,
                    NULL, &scene->err));
    EXPECT(SC_SERIALIZATION, sc_tx_commit(other_tx, &scene->err));
    assert_string_equal(scene->err.sqlstate, "40001");
    sc_close(other);
}

/* ---- secrets --------------------------------------------------------------------------------- */

static const char secret[] = "s3cr3t-t0k3n";

/* Everything that a caller or a hook is shown, one after the other. */
struct shown {
    char text[8192];
    size_t size;
};

static void show(struct shown *shown, const void *data, size_t size)
{
    assert_true(shown->size + size <= sizeof(shown->text));
    memcpy(shown->text + shown->size, data, size);
    shown->size += size;
}

static void on_event(void *user, const struct sc_event *event)
{
    show(user, event->query, strlen(event->query));
    show(user, event->sql, strlen(event->sql));
    show(user, event->sqlstate, strlen(event->sqlstate));
}

static void on_notice(void *user, const char *message)
{
    show(user, message, strlen(message));
}

static bool holds(const struct shown *shown, const char *text)
{
    size_t size = strlen(text);
    for (size_t i = 0; i + size <= shown->size; i++)
        if (memcmp(shown->text + i, text, size) == 0)
            return true;
    return false;
}

static void a_duplicate_token_leaves_no_byte(void **state)
{
    struct scene *scene = *state;
    struct shown shown = { .size = 0 };
    const struct sc_hooks hooks = {
        .user = &shown, .start = on_event, .end = on_event, .notice = on_notice
    };
    sc_set_hooks(scene->db, &hooks);
    elsewhere(scene, "create function t.talk() returns trigger language plpgsql as $$"
                     " begin raise notice 'saw %', new.token; return new; end $$;"
                     "create trigger talk before insert on t.keys for each row"
                     " execute function t.talk()");
    EXPECT(SC_OK, add_key(scene, secret, NULL, 1, NULL));
    memset(&scene->err, 0, sizeof(scene->err));
    EXPECT(SC_UNIQUE, add_key(scene, secret, NULL, 1, NULL));
    assert_string_equal(scene->err.message,
                        "duplicate key value violates unique constraint \"keys_pkey\"");
    assert_string_equal(scene->err.detail, "");
    assert_string_equal(scene->err.constraint_name, "keys_pkey");
    assert_true(scene->err.constraint != 0);
    show(&shown, &scene->err, sizeof(scene->err));
    struct key *key;
    EXPECT(SC_FOREIGN_KEY, add_key(scene, "other", secret, 1, &key));
    assert_string_equal(
        scene->err.message,
        "the row violates foreign key constraint \"keys_person_id_fkey\"");
    show(&shown, &scene->err, sizeof(scene->err));
    EXPECT(SC_CHECK, add_key(scene, secret, NULL, 99, &key));
    show(&shown, &scene->err, sizeof(scene->err));
    assert_true(holds(&shown, "keys_pkey"));
    assert_true(holds(&shown, "a notice during a statement"));
    assert_false(holds(&shown, secret));
}

static void the_servers_words_are_withheld(void **state)
{
    struct scene *scene = *state;
    static const struct sc__stmt raise_secret = { .label = "raise_secret",
                                                  .sql = "select t.raise($1, $2)",
                                                  .params = two_texts,
                                                  .row = &count_row,
                                                  .nparams = 2,
                                                  .want = SC__WANT_VALUE,
                                                  .flags = SC__TOUCHES_SECRET };
    const char *const codes[] = {
        "22P02", "23505", "23502", "P0001", "40001", "57P03"
    };
    elsewhere(scene, raise_sql);
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        struct shown shown = { .size = 0 };
        memset(&scene->err, 0, sizeof(scene->err));
        raised(scene, &raise_secret, codes[i], secret);
        show(&shown, &scene->err, sizeof(scene->err));
        assert_string_equal(scene->err.sqlstate, codes[i]);
        assert_false(holds(&shown, secret));
    }
    EXPECT(SC_BAD_VALUE, raised(scene, &raise_secret, "22P02", secret));
    assert_string_equal(
        scene->err.message,
        "the server refused a value (SQLSTATE 22P02; its words are withheld)");
}

static void load_keeps_secrets_too(void **state)
{
    struct scene *scene = *state;
    struct shown shown = { .size = 0 };
    const struct key_new keys[] = { { "a", NULL, SC(1) },
                                    { secret, NULL, SC(1) },
                                    { secret, NULL, SC(1) } };
    memset(&scene->err, 0, sizeof(scene->err));
    EXPECT(SC_UNIQUE,
           sc__load(scene->db, &key_insert, keys, sizeof(*keys), 3, &scene->err));
    show(&shown, &scene->err, sizeof(scene->err));
    EXPECT(SC_UNIQUE, sc__insert_many(scene->db, &key_insert, keys, sizeof(*keys), 3,
                                      NULL, NULL, &scene->err));
    show(&shown, &scene->err, sizeof(scene->err));
    assert_true(holds(&shown, "keys_pkey"));
    assert_false(holds(&shown, secret));
}

/* ---- opening ------------------------------------------------------------------------------------ */

static void what_cannot_be_opened(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = (void *)1;
    struct shown shown = { .size = 0 };
    EXPECT(SC_CONNECTION,
           sc_open("postgres://u:s3cr3t-t0k3n@/x?nonsense=1", &db, &scene->err));
    assert_null(db);
    show(&shown, &scene->err, sizeof(scene->err));
    EXPECT(SC_CONNECTION, sc_open("password=s3cr3t-t0k3n x", &db, &scene->err));
    show(&shown, &scene->err, sizeof(scene->err));
    assert_false(holds(&shown, secret));
    EXPECT(SC_CONNECTION, sc_open("host=/nowhere", &db, &scene->err));
    assert_non_null(strstr(scene->err.message, "/nowhere"));
    assert_null(db);
    EXPECT(SC_MISUSE, sc_adopt(NULL, &db, &scene->err));
    EXPECT(SC_MISUSE, sc_pool_open(NULL, &(struct sc_pool_options){ .max = -1 }, &db,
                                   &scene->err));
    sc_close(NULL);
    sc_tx_rollback(NULL);
    sc_batch_close(NULL);
    sc_free(NULL);
    sc_rows_free(NULL);
}

/* A server that takes connections and says nothing, and one that is not there. */
static void a_silent_server_times_out(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = (void *)1;
    char url[300];
    struct mute mute;
    mute_open(&mute);
    snprintf(url, sizeof(url), "%s connect_timeout=2", mute.url);
    EXPECT(SC_TIMEOUT, sc_open(url, &db, &scene->err));
    assert_null(db);
    assert_string_equal(scene->err.message, "the server did not answer in time");
    snprintf(url, sizeof(url),
             "host=/nowhere,%s port=5432,5432 dbname=x connect_timeout=2", mute.folder);
    EXPECT(SC_TIMEOUT, sc_open(url, &db, &scene->err));
    mute_close(&mute);
}

/* The first words of a session: a warning about the database's collation, which libpq
 * would write to stderr. */
static void nothing_is_written_to_stderr(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db;
    elsewhere(scene,
              "do $$ begin execute format('alter database %I set client_min_messages"
              " = debug1', current_database()); end $$;"
              "update pg_database set datcollversion = 'old' where datname ="
              " current_database()");
    FILE *caught = tmpfile();
    int kept = dup(STDERR_FILENO);
    dup2(fileno(caught), STDERR_FILENO);
    enum sc_status st = sc_open(scene->test.url, &db, &scene->err);
    enum sc_status said = sc_query(db, "do $$ begin raise warning 'hear'; end $$", NULL,
                                   0, NULL, &scene->err);
    dup2(kept, STDERR_FILENO);
    close(kept);
    EXPECT(SC_OK, st);
    EXPECT(SC_OK, said);
    sc_close(db);
    assert_int_equal(lseek(fileno(caught), 0, SEEK_END), 0);
    fclose(caught);
}

static void the_environment_is_used(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db;
    setenv("DATABASE_URL", scene->test.url, 1);
    setenv("PGCLIENTENCODING", "LATIN1", 1);
    EXPECT(SC_OK, sc_open(NULL, &db, &scene->err));
    unsetenv("DATABASE_URL");
    unsetenv("PGCLIENTENCODING");
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(db, "show client_encoding", NULL, 0, &rows, &scene->err));
    assert_string_equal(sc_rows_value(rows, 0, 0), "UTF8");
    sc_rows_free(rows);
    sc_close(db);
}

static void every_status_has_a_name(void **state)
{
    (void)state;
    for (int i = SC_OK; i <= SC_SERVER; i++)
        assert_string_not_equal(sc_status_name((enum sc_status)i), "?");
    assert_string_equal(sc_status_name(SC_COMMIT_UNKNOWN), "COMMIT_UNKNOWN");
    assert_string_equal(sc_status_name((enum sc_status)99), "?");
    assert_string_equal(sc_status_name((enum sc_status) - 1), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(constraints_have_names_and_numbers),
        SCENE_TEST(an_error_is_written_by_a_failure_only),
        SCENE_TEST(sqlstates_become_statuses),
        SCENE_TEST(texts_are_cut_between_characters),
        SCENE_TEST(time_runs_out_and_locks_are_taken),
        SCENE_TEST(a_timeout_in_another_language),
        SCENE_TEST(a_serialization_failure_is_told_again),
        SCENE_TEST(a_duplicate_token_leaves_no_byte),
        SCENE_TEST(the_servers_words_are_withheld),
        SCENE_TEST(load_keeps_secrets_too),
        SCENE_TEST(what_cannot_be_opened),
        SCENE_TEST(a_silent_server_times_out),
        SCENE_TEST(nothing_is_written_to_stderr),
        SCENE_TEST(the_environment_is_used),
        cmocka_unit_test(every_status_has_a_name),
    };
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
