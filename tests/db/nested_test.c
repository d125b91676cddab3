/* nested_test.c: rows with lists of related rows, and page cursors as text. */
#include "tests/db/support/scene.h"

static const struct sc__stmt all_notes = {
    .label = "all_notes",
    .sql = "select " N_COLS " from t.notes order by person_id, id",
    .row = &note_row,
    .want = SC__WANT_MANY,
};
static const uint16_t parent_id[] = { 0 }, child_person[] = { 1 };
static const struct sc__relation all_relations[] = {
    { &all_notes, parent_id, child_person, 1, offsetof(struct person_notes, notes) },
};
static const struct sc__nested everybody = { &person_list, all_relations, 1,
                                             sizeof(struct person_notes) };

static void one_with_its_list(void **state)
{
    struct scene *scene = *state;
    const char *id = "a";
    const void *args[] = { &id };
    struct person_notes *with = (void *)1;
    EXPECT(SC_NOT_FOUND,
           sc__run_nested(scene->db, &person_notes, 0, args, &with, NULL, &scene->err));
    assert_null(with);
    elsewhere(scene,
              "insert into t.people (id, email, tags) values ('a', 'a', '{x,y}')");
    EXPECT(SC_OK,
           sc__run_nested(scene->db, &person_notes, 0, args, &with, NULL, &scene->err));
    assert_int_equal(with->notes.count, 0);
    assert_null(with->notes.items);
    sc_free(with);
    elsewhere(scene, "insert into t.notes (person_id, body) select 'a', i::text"
                     " from generate_series(1, 50) i");
    EXPECT(SC_OK,
           sc__run_nested(scene->db, &person_notes, 0, args, &with, NULL, &scene->err));
    assert_string_equal(with->person.tags.items[1], "y");
    assert_int_equal(with->notes.count, 50);
    for (size_t i = 0; i < 50; i++) {
        assert_int_equal(with->notes.items[i].id, i + 1);
        assert_int_equal(atoi(with->notes.items[i].body), i + 1);
    }
    sc_free(with);
}

static void each_parent_has_its_own(void **state)
{
    struct scene *scene = *state;
    struct person_notes *people;
    size_t n;
    /* ids of different lengths; every third has no notes */
    elsewhere(scene, "insert into t.people (id, email) select 'p' || i, 'p' || i"
                     " from generate_series(1, 300) i;"
                     "insert into t.notes (person_id, body) select 'p' || i, k::text"
                     " from generate_series(1, 300) i, generate_series(1, i % 3) k");
    EXPECT(SC_OK,
           sc__run_nested(scene->db, &everybody, 0, NULL, &people, &n, &scene->err));
    assert_int_equal(n, 300);
    for (size_t i = 0; i < n; i++) {
        size_t count = (size_t)atoi(people[i].person.id + 1) % 3;
        assert_int_equal(people[i].notes.count, count);
        for (size_t k = 0; k < count; k++) {
            assert_string_equal(people[i].notes.items[k].person_id,
                                people[i].person.id);
            assert_int_equal(atoi(people[i].notes.items[k].body), k + 1);
        }
    }
    sc_free(people);
}

/* Keys of char(n) are equal without the blanks that fill them up. */
static void keys_of_fixed_length(void **state)
{
    struct scene *scene = *state;
    struct person_notes *people;
    size_t n;
    elsewhere(scene, "alter table t.notes drop constraint notes_person_id_fkey;"
                     "alter table t.people alter id type char(10);"
                     "alter table t.notes alter person_id type char(5);"
                     "insert into t.people (id, email) values ('a', 'a'), ('b', 'b');"
                     "insert into t.notes (person_id) values ('a'), ('b'), ('b')");
    EXPECT(SC_OK,
           sc__run_nested(scene->db, &everybody, 0, NULL, &people, &n, &scene->err));
    assert_int_equal(n, 2);
    assert_int_equal(people[0].notes.count, 1);
    assert_int_equal(people[1].notes.count, 2);
    sc_free(people);
}

/* The lists keep the order of the statement, which need not be that of the keys. */
static void children_come_in_any_order(void **state)
{
    struct scene *scene = *state;
    static const struct sc__stmt mixed = { .label = "mixed",
                                           .sql = "select " N_COLS
                                                  " from t.notes order by id",
                                           .row = &note_row,
                                           .want = SC__WANT_MANY };
    static const struct sc__relation relations[] = {
        { &mixed, parent_id, child_person, 1, offsetof(struct person_notes, notes) },
    };
    static const struct sc__nested nested = { &person_list, relations, 1,
                                              sizeof(struct person_notes) };
    struct person_notes *people;
    size_t n;
    /* 31 people, the last without notes; 10 notes each of the others, never two together,
     * and some of nobody's */
    elsewhere(scene, "alter table t.notes drop constraint notes_person_id_fkey;"
                     "insert into t.people (id, email) select 'p' || i, 'p' || i"
                     " from generate_series(1, 31) i;"
                     "insert into t.notes (person_id, body)"
                     " select 'p' || case when i % 31 = 30 then 99 else 1 + i % 31 end,"
                     " (i / 31)::text from generate_series(0, 309) i");
    for (int round = 0; round < 2; round++) {
        EXPECT(SC_OK,
               sc__run_nested(scene->db, &nested, 0, NULL, &people, &n, &scene->err));
        assert_int_equal(n, round ? 1 : 31);
        for (size_t i = 0; i < n; i++) {
            const char *id = people[i].person.id;
            size_t count = strcmp(id, "p31") == 0 ? 0 : 10;
            assert_int_equal(people[i].notes.count, count);
            for (size_t k = 0; k < count; k++) {
                assert_string_equal(people[i].notes.items[k].person_id, id);
                assert_int_equal(atoi(people[i].notes.items[k].body), k);
            }
        }
        sc_free(people);
        elsewhere(scene, "delete from t.people where id <> 'p7'"); /* the only one */
    }
}

static void a_failing_child_fails_the_call(void **state)
{
    struct scene *scene = *state;
    struct person_notes *people = (void *)1;
    size_t n;
    elsewhere(scene, "insert into t.people (id, email) values ('a', 'a');"
                     "alter table t.notes alter version type int8");
    EXPECT(SC_SCHEMA_MISMATCH,
           sc__run_nested(scene->db, &everybody, 0, NULL, &people, &n, &scene->err));
    assert_null(people);
    assert_string_equal(scene->err.column, "version");
}

/* ---- cursors ---------------------------------------------------------------------------------- */

struct position {
    struct sc_timestamptz at;
    const char *name;
    int64_t id;
    enum mood mood;
    struct sc_numeric score;
};
static const struct sc__column position_columns[] = {
    { COLUMN("at", { NULL, 1184, SC__TIMESTAMPTZ, 0 }),
      .row_at = offsetof(struct position, at) },
    { COLUMN("name", TEXT(0)), .row_at = offsetof(struct position, name) },
    { COLUMN("id", INT8(0)), .row_at = offsetof(struct position, id) },
    { COLUMN("mood", { &mood_enum, 0, SC__ENUM, 0 }),
      .row_at = offsetof(struct position, mood) },
    { COLUMN("score", { NULL, 1700, SC__NUMERIC, 0 }),
      .row_at = offsetof(struct position, score) },
};
static const struct sc__cursor cursor = { "feed", position_columns, 5,
                                          sizeof(struct position) };
static const struct sc__cursor other_cursor = { "other", position_columns, 5,
                                                sizeof(struct position) };
static const struct position somewhere = {
    { -5 }, "n\xc3\xa4me", INT64_MIN, MOOD_CROSS, { "-12.50" }
};

static void a_cursor_survives_as_text(void **state)
{
    (void)state;
    char *text;
    struct sc_error err;
    struct position *back;
    assert_int_equal(sc__cursor_text(&cursor, &somewhere, &text, &err), SC_OK);
    for (const char *p = text; *p; p++)
        assert_non_null(strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789-_",
                               *p));
    assert_int_equal(sc__cursor_parse(&cursor, text, &back, &err), SC_OK);
    assert_int_equal(back->at.usec, -5);
    assert_string_equal(back->name, somewhere.name);
    assert_int_equal(back->id, INT64_MIN);
    assert_int_equal(back->mood, MOOD_CROSS);
    assert_string_equal(back->score.text, "-12.50");
    sc_free(back);
    back = (void *)1;
    assert_int_equal(sc__cursor_parse(&other_cursor, text, &back, &err), SC_BAD_VALUE);
    assert_null(back);
    assert_string_equal(err.message, "the text is no cursor of this query");
    assert_string_equal(err.query, "other");
    sc_free(text);
}

static void no_other_text_is_a_cursor(void **state)
{
    (void)state;
    char *text;
    struct sc_error err;
    struct position *back;
    assert_int_equal(sc__cursor_text(&cursor, &somewhere, &text, &err), SC_OK);
    size_t length = strlen(text);
    static const char digits[] = "Az0-_ +/=";
    for (size_t i = 0; i < length; i++) {
        char kept = text[i];
        for (const char *d = digits; *d; d++) {
            text[i] = *d;
            if (*d != kept) {
                assert_int_equal(sc__cursor_parse(&cursor, text, &back, &err),
                                 SC_BAD_VALUE);
            }
        }
        text[i] = 0; /* cut off there */
        assert_int_equal(sc__cursor_parse(&cursor, text, &back, NULL), SC_BAD_VALUE);
        text[i] = kept;
    }
    assert_int_equal(sc__cursor_parse(&cursor, NULL, &back, &err), SC_BAD_VALUE);
    sc_free(text);
    assert_int_equal(sc__cursor_text(&cursor, NULL, &text, &err), SC_MISUSE);
    assert_null(text);
}

static void a_value_that_cannot_be_written(void **state)
{
    (void)state;
    char *text = (void *)1;
    struct sc_error err;
    struct position bad = somewhere;
    bad.name = NULL;
    assert_int_equal(sc__cursor_text(&cursor, &bad, &text, &err), SC_NOT_NULL);
    assert_null(text);
    assert_string_equal(err.column, "name");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(one_with_its_list),
        SCENE_TEST(each_parent_has_its_own),
        SCENE_TEST(keys_of_fixed_length),
        SCENE_TEST(children_come_in_any_order),
        SCENE_TEST(a_failing_child_fails_the_call),
        cmocka_unit_test(a_cursor_survives_as_text),
        cmocka_unit_test(no_other_text_is_a_cursor),
        cmocka_unit_test(a_value_that_cannot_be_written),
    };
    return cmocka_run_group_tests_name("nested", tests, NULL, NULL);
}
