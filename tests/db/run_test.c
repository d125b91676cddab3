/* run_test.c: statements with fixed text: what each want answers, variants, arguments. */
#include "tests/db/support/scene.h"

static void one_finds_a_row_or_says_so(void **state)
{
    struct scene *scene = *state;
    struct person *person = (void *)1;
    EXPECT(SC_NOT_FOUND, get_person(scene->db, "nobody", &person, &scene->err));
    assert_null(person);
    assert_int_equal(scene->err.status, SC_NOT_FOUND);
    assert_string_equal(scene->err.query, "person_get");
    assert_string_equal(scene->err.message, "there is no such row");
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    for (int i = 0; i < 3; i++) {
        EXPECT(SC_OK, get_person(scene->db, "a", &person, &scene->err));
        assert_string_equal(person->id, "a");
        assert_string_equal(person->email, "a@x");
        assert_null(person->name);
        assert_false(sc_has(person->rating));
        assert_int_equal(person->mood, MOOD_CALM);
        assert_null(person->moods.items);
        assert_null(person->score.text);
        assert_false(sc_has(person->born));
        assert_true(person->created_at.usec > 0);
        sc_free(person);
    }
}

static void a_second_row_is_too_many(void **state)
{
    struct scene *scene = *state;
    struct person *person;
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    EXPECT(SC_OK, sc__run(scene->db, &person_any, 0, NULL, &person, NULL, &scene->err));
    sc_free(person);
    EXPECT(SC_OK, add_person(scene->db, "b", "b@x", NULL, &scene->err));
    EXPECT(SC_TOO_MANY,
           sc__run(scene->db, &person_any, 0, NULL, &person, NULL, &scene->err));
    assert_null(person);
    assert_string_equal(scene->err.message, "more than one row was found");
}

static void maybe_gives_null_for_none(void **state)
{
    struct scene *scene = *state;
    struct person *person = (void *)1;
    const char *email = "a@x";
    const void *args[] = { &email };
    EXPECT(SC_OK,
           sc__run(scene->db, &person_maybe, 0, args, &person, NULL, &scene->err));
    assert_null(person);
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    EXPECT(SC_OK,
           sc__run(scene->db, &person_maybe, 0, args, &person, NULL, &scene->err));
    assert_string_equal(person->id, "a");
    sc_free(person);
}

static void many_gives_one_block(void **state)
{
    struct scene *scene = *state;
    struct person *people = (void *)1;
    size_t n = 7;
    EXPECT(SC_OK, sc__run(scene->db, &person_list, 0, NULL, &people, &n, &scene->err));
    assert_null(people);
    assert_int_equal(n, 0);
    elsewhere(scene, "insert into t.people (id, email, tags, moods, score) select"
                     " to_char(i, 'fm000'), i || '@x', array['x', null, i::text],"
                     " array['cross', 'calm']::t.mood[], i / 4.0"
                     " from generate_series(0, 299) i");
    EXPECT(SC_OK, sc__run(scene->db, &person_list, 0, NULL, &people, &n, &scene->err));
    assert_int_equal(n, 300);
    assert_string_equal(people[299].id, "299");
    assert_string_equal(people[299].score.text, "74.7500000000000000");
    assert_int_equal(people[299].tags.count, 3);
    assert_string_equal(people[299].tags.items[2], "299");
    assert_true(people[299].tags.shape->nulls[1]);
    assert_int_equal(people[7].moods.count, 2);
    assert_int_equal(people[7].moods.items[0], MOOD_CROSS);
    sc_free(people);
}

static void exec_touch_and_value(void **state)
{
    struct scene *scene = *state;
    int64_t n = -1;
    const char *id = "nobody", *like = "%";
    const void *args[] = { &id }, *all[] = { &like };
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    assert_int_equal(n, 0);
    EXPECT(SC_NOT_FOUND,
           sc__run(scene->db, &person_delete, 0, args, NULL, NULL, &scene->err));
    elsewhere(scene, "insert into t.people (id, email) values ('a', 'a'), ('b', 'b'),"
                     " ('nobody', 'n')");
    EXPECT(SC_OK, sc__run(scene->db, &person_delete, 0, args, NULL, NULL, &scene->err));
    EXPECT(SC_OK, sc__run(scene->db, &person_purge, 0, all, NULL, &n, &scene->err));
    assert_int_equal(n, 2);
    EXPECT(SC_OK, sc__run(scene->db, &person_purge, 0, all, NULL, &n, NULL));
    assert_int_equal(n, 0);
}

/* ---- variants --------------------------------------------------------------------------- */

static const struct sc__piece search_pieces[] = {
    { "select " P_COLS " from t.people where true", 0, 0, 0 },
    { " and email like $1", 1, 0, 0 },
    { " and rating >= $2", 2, 0, 0 },
    { " order by id", 0, 1, 0 },
    { " order by id desc", 0, 1, 1 },
};
static const struct sc__type search_params[] = { TEXT(SC__NULLABLE),
                                                 { NULL, 21, SC__INT2, SC__NULLABLE } };
static const struct sc__stmt search = { .label = "search",
                                        .pieces = search_pieces,
                                        .params = search_params,
                                        .row = &person_row,
                                        .npieces = 5,
                                        .nparams = 2,
                                        .want = SC__WANT_MANY };

static size_t found(struct scene *scene, uint64_t variant, const char *email,
                    const int16_t *rating, const char *first)
{
    struct person *people;
    size_t n;
    struct sc_maybe_int2 given = { SC_IS_VALUE, rating ? *rating : 0 };
    const void *args[] = { &email, rating ? &given : NULL };
    EXPECT(SC_OK, sc__run(scene->db, &search, variant, args, &people, &n, &scene->err));
    if (n)
        assert_string_equal(people[0].id, first);
    sc_free(people);
    return n;
}

static void each_variant_has_its_own_text(void **state)
{
    struct scene *scene = *state;
    const int16_t three = 3;
    elsewhere(scene, "insert into t.people (id, email, rating) values"
                     " ('a', 'a@x', 1), ('b', 'b@x', 3), ('c', 'c@y', 5)");
    for (int again = 0; again < 2; again++) {
        assert_int_equal(found(scene, SC__PICK(0, 0), NULL, NULL, "a"), 3);
        assert_int_equal(found(scene, SC__PICK(0, 1), NULL, NULL, "c"), 3);
        assert_int_equal(
            found(scene, SC__GIVEN(0, true) | SC__PICK(0, 1), "%@x", NULL, "b"), 2);
        assert_int_equal(
            found(scene, SC__GIVEN(1, true) | SC__PICK(0, 0), NULL, &three, "b"), 2);
        assert_int_equal(
            found(scene, SC__GIVEN(0, true) | SC__GIVEN(1, true), "%@x", &three, "b"),
            1);
    }
}

static void a_choice_that_is_none_is_misuse(void **state)
{
    struct scene *scene = *state;
    struct person *people = (void *)1;
    const void *args[] = { NULL, NULL };
    size_t n = 5;
    EXPECT(SC_MISUSE,
           sc__run(scene->db, &search, SC__PICK(0, 2), args, &people, &n, &scene->err));
    assert_null(people);
    assert_int_equal(n, 0);
    EXPECT(SC_MISUSE, sc__run(scene->db, &search, SC__PICK(0, -1), args, &people, &n,
                              &scene->err));
    assert_string_equal(scene->err.message, "a choice is none that there is");
}

/* More variants than have names: the others are unnamed, and right all the same. */
static void variants_beyond_the_limit_are_unnamed(void **state)
{
    struct scene *scene = *state;
    static struct sc__piece pieces[9];
    static const char *const texts[] = { "+ 1",  "+ 2",  "+ 4", "+ 8",
                                         "+ 16", "+ 32", "+ 64" };
    pieces[0].sql = "select (0 ";
    for (unsigned i = 0; i < 7; i++)
        pieces[1 + i] = (struct sc__piece){ texts[i], 1u << i, 0, 0 };
    pieces[8].sql = ")::int8";
    const struct sc__stmt sum = { .label = "sum",
                                  .pieces = pieces,
                                  .row = &count_row,
                                  .npieces = 9,
                                  .want = SC__WANT_VALUE };
    for (int64_t variant = 127; variant >= 0; variant--) {
        int64_t value = -1;
        for (int again = 0; again < 2; again++)
            EXPECT(SC_OK, sc__run(scene->db, &sum, (uint64_t)variant, NULL, &value,
                                  NULL, &scene->err));
        assert_int_equal(value, variant);
    }
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db, "select count(*) from pg_prepared_statements",
                           NULL, 0, &rows, &scene->err));
    assert_string_equal(sc_rows_value(rows, 0, 0), "64");
    sc_rows_free(rows);
}

/* ---- arguments -------------------------------------------------------------------------- */

static void null_where_none_may_be(void **state)
{
    struct scene *scene = *state;
    struct person *person = (void *)1;
    EXPECT(SC_NOT_NULL, get_person(scene->db, NULL, &person, &scene->err));
    assert_null(person);
    assert_string_equal(scene->err.query, "person_get");
    assert_string_equal(scene->err.sqlstate, "");
}

static void arrays_of_different_counts(void **state)
{
    struct scene *scene = *state;
    static const struct sc__type params[] = {
        { NULL, 1009, SC__TEXT, SC__ARRAY },
        { NULL, 1016, SC__INT8, SC__ARRAY },
    };
    static const struct sc__stmt pairs = {
        .label = "pairs",
        .sql = "select count(*) from unnest($1, $2) as x(a, b) where b > 1",
        .params = params,
        .row = &count_row,
        .nparams = 2,
        .want = SC__WANT_VALUE,
        .flags = SC__SAME_COUNT,
    };
    const char *texts[] = { "a", "b", "c" };
    const int64_t numbers[] = { 1, 2, 3 };
    struct sc_texts a = SC_LIST(texts, 3);
    struct sc_int8s b = SC_LIST(numbers, 2);
    const void *args[] = { &a, &b };
    int64_t n = 9;
    EXPECT(SC_MISUSE, sc__run(scene->db, &pairs, 0, args, &n, NULL, &scene->err));
    assert_int_equal(n, 0);
    b.count = 3;
    EXPECT(SC_OK, sc__run(scene->db, &pairs, 0, args, &n, NULL, &scene->err));
    assert_int_equal(n, 2);
}

static void enum_arrays_carry_their_element_type(void **state)
{
    struct scene *scene = *state;
    static const struct sc__type params[] = { { &mood_enum, 0, SC__ENUM, SC__ARRAY } };
    static const struct sc__stmt moody = {
        .label = "moody",
        .sql = "select count(*) from t.people where mood = any($1)",
        .params = params,
        .row = &count_row,
        .nparams = 1,
        .want = SC__WANT_VALUE,
    };
    elsewhere(scene, "insert into t.people (id, email, mood) values ('a', 'a', 'calm'),"
                     " ('b', 'b', 'cross'), ('c', 'c', 'cross')");
    const enum mood wanted[] = { MOOD_CROSS };
    struct moods moods = { wanted, 1, NULL };
    const void *args[] = { &moods };
    int64_t n;
    EXPECT(SC_OK, sc__run(scene->db, &moody, 0, args, &n, NULL, &scene->err));
    assert_int_equal(n, 2);
    EXPECT(SC_OK, sc__run(scene->db, &moody, 0, args, &n, NULL, &scene->err));
    assert_int_equal(n, 2);
}

static void many_parameters(void **state)
{
    struct scene *scene = *state;
    enum { COUNT = 40 };
    struct sc__type params[COUNT];
    int64_t values[COUNT];
    const void *args[COUNT];
    char sql[600] = "select 0";
    for (int i = 0; i < COUNT; i++) {
        params[i] = (struct sc__type)INT8(0);
        values[i] = i;
        args[i] = &values[i];
        snprintf(sql + strlen(sql), sizeof(sql) - strlen(sql), " + $%d", i + 1);
    }
    const struct sc__stmt sum = { .label = "sum",
                                  .sql = sql,
                                  .params = params,
                                  .row = &count_row,
                                  .nparams = COUNT,
                                  .want = SC__WANT_VALUE };
    int64_t n;
    for (int i = 0; i < 2; i++)
        EXPECT(SC_OK, sc__run(scene->db, &sum, 0, args, &n, NULL, &scene->err));
    assert_int_equal(n, COUNT * (COUNT - 1) / 2);
}

static void a_text_value_is_its_own_block(void **state)
{
    struct scene *scene = *state;
    static const struct sc__column column[] = { { COLUMN("v", TEXT(SC__NULLABLE)) } };
    static const struct sc__row row = { column, 1, sizeof(char *) };
    static const struct sc__stmt value = { .label = "value",
                                           .sql = "select nullif($1, '')",
                                           .params = one_text,
                                           .row = &row,
                                           .nparams = 1,
                                           .want = SC__WANT_VALUE };
    const char *given = "text", *none = "";
    const void *args[] = { &given }, *no_args[] = { &none };
    char *text = NULL;
    EXPECT(SC_OK, sc__run(scene->db, &value, 0, args, &text, NULL, &scene->err));
    assert_string_equal(text, "text");
    sc_free(text);
    EXPECT(SC_OK, sc__run(scene->db, &value, 0, no_args, &text, NULL, &scene->err));
    assert_null(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(one_finds_a_row_or_says_so),
        SCENE_TEST(a_second_row_is_too_many),
        SCENE_TEST(maybe_gives_null_for_none),
        SCENE_TEST(many_gives_one_block),
        SCENE_TEST(exec_touch_and_value),
        SCENE_TEST(each_variant_has_its_own_text),
        SCENE_TEST(a_choice_that_is_none_is_misuse),
        SCENE_TEST(variants_beyond_the_limit_are_unnamed),
        SCENE_TEST(null_where_none_may_be),
        SCENE_TEST(arrays_of_different_counts),
        SCENE_TEST(enum_arrays_carry_their_element_type),
        SCENE_TEST(many_parameters),
        SCENE_TEST(a_text_value_is_its_own_block),
    };
    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
