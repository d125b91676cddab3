/* memory_test.c: single calls, with each of their allocations failing once, and with all of
 * them failing from there on: a status, no output, no leak, and the next call works.
 *
 * Interposes malloc for this whole process, libpq included, so it does not run under a
 * sanitizer or valgrind, which interpose it themselves. */
#include "tests/db/support/sweep_calls.h"

static enum sc_status call_text(struct sc_db *db, struct sc_error *err)
{
    static const struct sc__column column[] = { { COLUMN("v", TEXT(0)) } };
    static const struct sc__row row = { column, 1, sizeof(char *) };
    static const struct sc__stmt text = {
        .label = "text", .sql = "select 'text'", .row = &row, .want = SC__WANT_VALUE
    };
    char *value = NULL;
    enum sc_status st = sc__run(db, &text, 0, NULL, &value, NULL, err);
    assert_true((st == SC_OK) == (value != NULL));
    sc_free(value);
    return st;
}

static enum sc_status call_insert(struct sc_db *db, struct sc_error *err)
{
    const enum mood moods[] = { MOOD_CROSS };
    const struct person_new values = {
        .id = "new", .email = "new", .moods = SC_LIST(moods, 1), .score = { "1.5" }
    };
    struct person *person = (void *)1;
    enum sc_status st = sc__run_insert(db, &person_insert, &values, &person, err);
    assert_true((st == SC_OK) == (person != NULL));
    sc_free(person);
    return st;
}

static enum sc_status call_maybe(struct sc_db *db, struct sc_error *err)
{
    const char *id = "nobody";
    const void *args[] = { &id };
    struct person *person = (void *)1;
    enum sc_status st = sc__run(db, &person_maybe, 0, args, &person, NULL, err);
    assert_null(person);
    return st;
}

static enum sc_status call_delete(struct sc_db *db, struct sc_error *err)
{
    const char *id = "gone";
    const void *args[] = { &id };
    enum sc_status added = add_person(db, id, id, NULL, err);
    if (added != SC_OK && added != SC_UNIQUE)
        return added;
    enum sc_status st = sc__run(db, &person_delete, 0, args, NULL, NULL, err);
    /* A delete whose connection was given up may come to the server only now. */
    return st == SC_NOT_FOUND && added == SC_UNIQUE ? SC_OK : st;
}

static enum sc_status call_purge(struct sc_db *db, struct sc_error *err)
{
    const char *like = "nobody%";
    const void *args[] = { &like };
    int64_t n = 9;
    enum sc_status st = sc__run(db, &person_purge, 0, args, NULL, &n, err);
    assert_int_equal(n, 0);
    return st;
}

/* With a version: the statement that gives a row in any case. */
static enum sc_status call_version(struct sc_db *db, struct sc_error *err)
{
    const struct note_new values = { .person_id = "b" };
    const struct note_patch patch = { .body = SC("changed") };
    struct note *made, *note = (void *)1;
    enum sc_status st = sc__run_insert(db, &note_insert, &values, &made, err);
    if (st != SC_OK)
        return st;
    const void *key[] = { &made->id, &made->version };
    st = sc__run_update(db, &note_update, key, &patch, &note, err);
    assert_true((st == SC_OK) == (note != NULL));
    sc_free(note);
    sc_free(made);
    return st;
}

static enum sc_status call_nested(struct sc_db *db, struct sc_error *err)
{
    const char *id = "a";
    const void *args[] = { &id };
    struct person_notes *with = (void *)1;
    enum sc_status st = sc__run_nested(db, &person_notes, 0, args, &with, NULL, err);
    assert_true((st == SC_OK) == (with != NULL));
    if (with)
        assert_int_equal(with->notes.count, 2);
    sc_free(with);
    return st;
}

static enum sc_status call_query(struct sc_db *db, struct sc_error *err)
{
    struct sc_rows *rows = (void *)1;
    const char *params[] = { "a" };
    enum sc_status st = sc_query(db, "select * from t.people where id = $1", params, 1,
                                 &rows, err);
    assert_true((st == SC_OK) == (rows != NULL));
    sc_rows_free(rows);
    return st;
}

/* Opened only: nobody connects. */
static enum sc_status call_replicas(struct sc_db *db, struct sc_error *err)
{
    struct sc_db *pool = (void *)1;
    const struct sc_pool_options options = { .replicas = "host=/a,/b user=u" };
    (void)db;
    enum sc_status st = sc_pool_open("host=/c user=u", &options, &pool, err);
    assert_true((st == SC_OK) == (pool != NULL));
    sc_close(pool);
    return st;
}

static enum sc_status call_cursor(struct sc_db *db, struct sc_error *err)
{
    static const struct sc__column columns[] = { { COLUMN("v", TEXT(0)) } };
    static const struct sc__cursor cursor = { "c", columns, 1, sizeof(char *) };
    const char *value = "somewhere";
    char *text = (void *)1;
    const char **back = NULL;
    (void)db;
    enum sc_status st = sc__cursor_text(&cursor, &value, &text, err);
    if (st == SC_OK)
        st = sc__cursor_parse(&cursor, text, &back, err);
    assert_true((st == SC_OK) == (back != NULL));
    sc_free(back);
    sc_free(text);
    return st;
}

static const struct named_call calls[] = {
    { "get", call_get },       { "list", call_list },     { "count", call_count },
    { "text", call_text },     { "insert", call_insert }, { "update", call_update },
    { "nested", call_nested }, { "query", call_query },   { "replicas", call_replicas },
    { "cursor", call_cursor }, { "upsert", call_upsert }, { "maybe", call_maybe },
    { "delete", call_delete }, { "purge", call_purge },   { "version", call_version },
};

static void every_allocation_of_a_call(void **state)
{
    sweep_calls(*state, calls, sizeof(calls) / sizeof(*calls), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(every_allocation_of_a_call),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
