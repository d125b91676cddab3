/* write_test.c: inserts, upserts and updates: which columns are written, and what is
 * refused before anything is sent. */
#include "tests/db/support/scene.h"

static void inserts_what_is_given(void **state)
{
    struct scene *scene = *state;
    struct person *person;
    const enum mood moods[] = { MOOD_CROSS };
    const char *tags[] = { "x", "y" };
    const struct person_new values = { .id = "a",
                                       .email = "a@x",
                                       .name = "Ada",
                                       .rating = SC(4),
                                       .mood = SC(MOOD_CROSS),
                                       .moods = SC_LIST(moods, 1),
                                       .tags = SC_LIST(tags, 2),
                                       .score = { "1.50" },
                                       .born = SC({ 365 }),
                                       .created_at = SC({ 1000000 }) };
    for (int i = 0; i < 2; i++) {
        EXPECT(SC_OK, sc__run_insert(scene->db, &person_insert, &values, &person,
                                     &scene->err));
        assert_string_equal(person->name, "Ada");
        assert_int_equal(person->rating.value, 4);
        assert_int_equal(person->mood, MOOD_CROSS);
        assert_int_equal(person->moods.items[0], MOOD_CROSS);
        assert_string_equal(person->tags.items[1], "y");
        assert_string_equal(person->score.text, "1.50");
        assert_int_equal(person->born.value.days, 365);
        assert_int_equal(person->created_at.usec, 1000000);
        sc_free(person);
        elsewhere(scene, "delete from t.people");
    }
}

static void left_out_gets_its_default(void **state)
{
    struct scene *scene = *state;
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    assert_string_equal(look(scene,
                             "select mood || coalesce(name, '-') || (created_at >"
                             " now() - interval '1 minute') from t.people"),
                        "calm-true");
}

static void explicit_null_is_written(void **state)
{
    struct scene *scene = *state;
    const struct person_new values = { .id = "a", .email = "a@x", .mood = SC_NULL };
    EXPECT(SC_NOT_NULL,
           sc__run_insert(scene->db, &person_insert, &values, NULL, &scene->err));
    assert_string_equal(scene->err.column, "mood");
    assert_string_equal(scene->err.sqlstate, "");
    const struct person_new rating = { .id = "a", .email = "a@x", .rating = SC_NULL };
    EXPECT(SC_OK,
           sc__run_insert(scene->db, &person_insert, &rating, NULL, &scene->err));
}

static void a_required_member_is_missed_at_once(void **state)
{
    struct scene *scene = *state;
    struct person *person = (void *)1;
    EXPECT(SC_NOT_NULL, add_person(scene->db, "a", NULL, &person, &scene->err));
    assert_null(person);
    assert_string_equal(scene->err.column, "email");
    assert_string_equal(scene->err.message, "column \"email\" is required");
    assert_string_equal(scene->err.query, "person_insert");
    assert_string_equal(scene->err.sqlstate, ""); /* the server was not asked */
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
}

static void a_bare_number_is_no_value(void **state)
{
    struct scene *scene = *state;
    struct person_new values = { .id = "a", .email = "a@x" };
    values.rating.is = (enum sc_is)5; /* what `.rating = 5` does */
    EXPECT(SC_MISUSE,
           sc__run_insert(scene->db, &person_insert, &values, NULL, &scene->err));
    assert_string_equal(scene->err.message,
                        "column \"rating\" is neither left out, NULL nor a value");
    struct person_patch patch = { 0 };
    patch.rating.is = (enum sc_is)5;
    const char *id = "a";
    const void *key[] = { &id };
    EXPECT(SC_MISUSE,
           sc__run_update(scene->db, &person_update, key, &patch, NULL, &scene->err));
    assert_string_equal(scene->err.column, "rating");
}

static void an_enum_without_a_label_is_no_value(void **state)
{
    struct scene *scene = *state;
    const int odd[] = { MOOD_UNKNOWN, 0, 3, -7 };
    for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
        struct person_new values = { .id = "a", .email = "a@x" };
        values.mood.is = SC_IS_VALUE;
        values.mood.value = (enum mood)odd[i];
        EXPECT(SC_BAD_VALUE,
               sc__run_insert(scene->db, &person_insert, &values, NULL, &scene->err));
        assert_string_equal(scene->err.column, "mood");
    }
    const struct person_new number = { .id = "a", .email = "a@x", .score = { "1,5" } };
    EXPECT(SC_BAD_VALUE,
           sc__run_insert(scene->db, &person_insert, &number, NULL, &scene->err));
    assert_string_equal(scene->err.column, "score");
}

static void default_values_alone(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, "create table t.plain (id int8 generated always as identity)");
    static const struct sc__column id[] = { { COLUMN("id", INT8(SC__NO_NEW)) } };
    static const struct sc__row row = { id, 1, sizeof(int64_t) };
    static const struct sc__insert insert = {
        .label = "plain_insert", .name = "t.plain", .returning = "id", .row = &row
    };
    int64_t *given, nothing = 0;
    size_t n;
    EXPECT(SC_OK, sc__run_insert(scene->db, &insert, &nothing, &given, &scene->err));
    assert_int_equal(*given, 1);
    sc_free(given);
    EXPECT(SC_OK, sc__insert_many(scene->db, &insert, &nothing, 0, 3, &given, &n,
                                  &scene->err));
    assert_int_equal(n, 3);
    assert_int_equal(given[2], 4);
    sc_free(given);
}

/* A server tells the row in a text that has the table's name in it. */
static void a_load_knows_its_row(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, "create table t.\"a \"\"COPY, 77\" (like t.people including all)");
    struct sc__insert insert = person_insert;
    insert.name = "t.\"a \"\"COPY, 77\"";
    const struct person_new people[] = { { .id = "a", .email = "a@x" },
                                         { .id = "b", .email = "b@x" },
                                         { .id = "a", .email = "c@x" } };
    EXPECT(SC_UNIQUE,
           sc__load(scene->db, &insert, people, sizeof(*people), 3, &scene->err));
    assert_int_equal(scene->err.item, 2);
}

/* ---- upsert -------------------------------------------------------------------------------- */

static void upsert_changes_only_what_is_given(void **state)
{
    struct scene *scene = *state;
    struct person *person;
    const struct person_new first = { .id = "a", .email = "a@x", .name = "Ada" };
    const struct person_new second = { .id = "b", .email = "a@x", .rating = SC(2) };
    const struct person_new third = { .id = "c", .email = "a@x" };
    EXPECT(SC_OK,
           sc__run_upsert(scene->db, &person_upsert, &first, &person, &scene->err));
    sc_free(person);
    EXPECT(SC_OK,
           sc__run_upsert(scene->db, &person_upsert, &second, &person, &scene->err));
    assert_string_equal(person->id, "a"); /* a key is not patched */
    assert_string_equal(person->name, "Ada");
    assert_int_equal(person->rating.value, 2);
    sc_free(person);
    EXPECT(SC_OK,
           sc__run_upsert(scene->db, &person_upsert, &third, &person, &scene->err));
    assert_string_equal(person->name,
                        "Ada"); /* nothing to set, and the row comes back */
    sc_free(person);
    EXPECT(SC_OK, sc__run_upsert(scene->db, &person_upsert, &third, NULL, &scene->err));
    assert_string_equal(look(scene, "select count(*) from t.people"), "1");
}

/* ---- update --------------------------------------------------------------------------------- */

static enum sc_status update(struct scene *scene, const char *id,
                             const struct person_patch *patch, struct person **out)
{
    const void *key[] = { &id };
    return sc__run_update(scene->db, &person_update, key, patch, out, &scene->err);
}

static void update_sets_the_fields_that_are_set(void **state)
{
    struct scene *scene = *state;
    struct person *person;
    elsewhere(scene, "insert into t.people (id, email, name, rating) values"
                     " ('a', 'a@x', 'Ada', 3)");
    struct person_patch patch = { .name = SC_NULL, .score = SC({ "7" }) };
    EXPECT(SC_OK, update(scene, "a", &patch, &person));
    assert_null(person->name);
    assert_string_equal(person->score.text, "7");
    assert_int_equal(person->rating.value, 3);
    sc_free(person);
    EXPECT(SC_OK,
           update(scene, "a", &(struct person_patch){ .rating = SC_NULL }, NULL));
    assert_string_equal(look(scene, "select count(rating) from t.people"), "0");
    EXPECT(SC_NOT_FOUND, update(scene, "b", &patch, NULL));
    EXPECT(SC_NOT_FOUND, update(scene, "b", &patch, &person));
    assert_null(person);
}

static void update_refuses_what_cannot_be(void **state)
{
    struct scene *scene = *state;
    EXPECT(SC_MISUSE,
           update(scene, "a", &(struct person_patch){ .name = { 0 } }, NULL));
    assert_string_equal(scene->err.message, "the patch sets nothing");
    EXPECT(SC_NOT_NULL,
           update(scene, "a", &(struct person_patch){ .email = SC_NULL }, NULL));
    assert_string_equal(scene->err.column, "email");
}

static void two_updaters_one_is_stale(void **state)
{
    struct scene *scene = *state;
    EXPECT(SC_OK, add_person(scene->db, "a", "a@x", NULL, &scene->err));
    struct note *note, *again;
    EXPECT(SC_OK,
           sc__run_insert(scene->db, &note_insert,
                          &(struct note_new){ .person_id = "a" }, &note, &scene->err));
    assert_string_equal(note->body, "empty");
    assert_int_equal(note->version, 1);
    const struct note_patch patch = { .body = SC("changed") };
    const void *key[] = { &note->id, &note->version };
    EXPECT(SC_OK,
           sc__run_update(scene->db, &note_update, key, &patch, &again, &scene->err));
    assert_int_equal(again->version, 2);
    assert_string_equal(again->body, "changed");
    sc_free(again);
    EXPECT(SC_STALE,
           sc__run_update(scene->db, &note_update, key, &patch, &again, &scene->err));
    assert_null(again);
    EXPECT(SC_STALE,
           sc__run_update(scene->db, &note_update, key, &patch, NULL, &scene->err));
    int64_t missing = 999;
    key[0] = &missing;
    EXPECT(SC_NOT_FOUND,
           sc__run_update(scene->db, &note_update, key, &patch, &again, &scene->err));
    sc_free(note);
}

/* ---- many rows ------------------------------------------------------------------------------- */

enum { MANY = 500 };

static void fill(struct person_new *people, char (*texts)[16])
{
    for (int i = 0; i < MANY; i++) {
        snprintf(texts[i], sizeof(texts[i]), "p%03d", i);
        people[i] = (struct person_new){ .id = texts[i], .email = texts[i] };
    }
}

static void insert_many_returns_rows_in_order(void **state)
{
    struct scene *scene = *state;
    static struct person_new people[MANY];
    static char texts[MANY][16];
    const enum mood moods[] = { MOOD_CROSS, MOOD_CALM };
    const char *tags[] = { "a \"quoted\\\" tag", "", NULL };
    const bool nulls[] = { false, false, true };
    const struct sc_shape shape = { nulls, 0, NULL, NULL };
    fill(people, texts);
    people[3].tags = (struct sc_texts){ tags, 3, &shape };
    people[4].moods = (struct moods)SC_LIST(moods, 2);
    people[5].mood = (struct maybe_mood)SC(MOOD_CROSS); /* another set of columns */
    people[6].score.text = "12.345";
    struct person *made;
    size_t n;
    EXPECT(SC_OK, sc__insert_many(scene->db, &person_insert, people, sizeof(*people),
                                  MANY, &made, &n, &scene->err));
    assert_int_equal(n, MANY);
    for (int i = 0; i < MANY; i++)
        assert_string_equal(made[i].id, texts[i]);
    assert_string_equal(made[3].tags.items[0], tags[0]);
    assert_string_equal(made[3].tags.items[1], "");
    assert_true(made[3].tags.shape->nulls[2]);
    assert_null(made[2].tags.items);
    assert_int_equal(made[4].moods.items[1], MOOD_CALM);
    assert_int_equal(made[5].mood, MOOD_CROSS);
    assert_int_equal(made[6].mood, MOOD_CALM);
    assert_string_equal(made[6].score.text, "12.345");
    sc_free(made);
}

static void insert_many_is_all_or_nothing(void **state)
{
    struct scene *scene = *state;
    static struct person_new people[MANY];
    static char texts[MANY][16];
    fill(people, texts);
    people[100].mood = (struct maybe_mood)SC(MOOD_CROSS);
    people[MANY - 1].email = "p000";
    size_t n = 3;
    EXPECT(SC_UNIQUE, sc__insert_many(scene->db, &person_insert, people,
                                      sizeof(*people), MANY, NULL, &n, &scene->err));
    assert_int_equal(n, 0);
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    people[7].email = NULL;
    EXPECT(SC_NOT_NULL, sc__insert_many(scene->db, &person_insert, people,
                                        sizeof(*people), MANY, NULL, &n, &scene->err));
    assert_string_equal(scene->err.column, "email");
}

static void insert_many_counts_without_rows(void **state)
{
    struct scene *scene = *state;
    static struct person_new people[MANY];
    static char texts[MANY][16];
    struct person *made = (void *)1;
    size_t n = 3;
    fill(people, texts);
    EXPECT(SC_OK, sc__insert_many(scene->db, &person_insert, people, sizeof(*people), 0,
                                  &made, &n, &scene->err));
    assert_null(made);
    assert_int_equal(n, 0);
    EXPECT(SC_OK, sc__insert_many(scene->db, &person_insert, people, sizeof(*people),
                                  MANY, NULL, &n, &scene->err));
    assert_int_equal(n, MANY);
}

static void load_copies(void **state)
{
    struct scene *scene = *state;
    static struct person_new people[MANY];
    static char texts[MANY][16];
    const enum mood moods[] = { MOOD_CROSS };
    fill(people, texts);
    people[9].moods = (struct moods)SC_LIST(moods, 1);
    people[9].score.text = "-0.001";
    EXPECT(SC_OK, sc__load(scene->db, &person_insert, people, sizeof(*people), MANY,
                           &scene->err));
    assert_string_equal(look(scene, "select count(*) || '/' || count(moods) || '/' ||"
                                    " sum(score) from t.people where mood = 'calm'"),
                        "500/1/-0.001");
    EXPECT(SC_UNIQUE, sc__load(scene->db, &person_insert, people, sizeof(*people), MANY,
                               &scene->err));
    assert_string_equal(scene->err.constraint_name, "people_pkey");
    int64_t n;
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    assert_int_equal(n, MANY);
    EXPECT(SC_OK, sc__load(scene->db, &person_insert, people, sizeof(*people), 0,
                           &scene->err));
}

static void load_refuses_a_default_for_some(void **state)
{
    struct scene *scene = *state;
    static struct person_new people[MANY];
    static char texts[MANY][16];
    fill(people, texts);
    people[2].mood = (struct maybe_mood)SC(MOOD_CROSS);
    EXPECT(SC_MISUSE, sc__load(scene->db, &person_insert, people, sizeof(*people), MANY,
                               &scene->err));
    assert_string_equal(scene->err.message,
                        "column \"mood\" is given by some rows only, and"
                        " has a default");
    people[2].mood.value = 99;
    people[0].mood.is = people[1].mood.is = SC_IS_VALUE;
    people[0].mood.value = people[1].mood.value = MOOD_CALM;
    EXPECT(SC_BAD_VALUE, sc__load(scene->db, &person_insert, people, sizeof(*people), 3,
                                  &scene->err));
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    int64_t n;
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
}

static void load_checks_types_first(void **state)
{
    struct scene *scene = *state;
    static struct person_new people[MANY];
    static char texts[MANY][16];
    fill(people, texts);
    for (int i = 0; i < MANY; i++)
        people[i].rating = (struct sc_maybe_int2)SC(3);
    elsewhere(scene, "alter table t.people drop constraint people_rating_check;"
                     "alter table t.people alter rating type int4");
    EXPECT(SC_SCHEMA_MISMATCH, sc__load(scene->db, &person_insert, people,
                                        sizeof(*people), MANY, &scene->err));
    assert_string_equal(scene->err.column, "rating");
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
}

/* The server ends the COPY long before all is sent, or the session with it. */
static void load_meets_an_error_early(void **state)
{
    struct scene *scene = *state;
    enum { ROWS = 20000 };
    struct person_new *people = calloc(ROWS, sizeof(*people));
    char(*texts)[16] = calloc(ROWS, sizeof(*texts));
    static char name[600];
    int64_t n;
    memset(name, 'n', sizeof(name) - 1);
    for (int i = 0; i < ROWS; i++) {
        snprintf(texts[i], sizeof(texts[i]), "p%d", i);
        people[i] = (struct person_new){ .id = texts[i],
                                         .email = texts[i],
                                         .name = name,
                                         .rating = SC((int16_t)(i ? 1 : 9)) };
    }
    EXPECT(SC_CHECK, sc__load(scene->db, &person_insert, people, sizeof(*people), ROWS,
                              &scene->err));
    assert_string_equal(scene->err.constraint_name, "people_rating_check");
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    assert_int_equal(n, 0);
    people[0].rating.value = 1;
    elsewhere(scene,
              "create function t.die() returns trigger language plpgsql as $$ begin"
              " perform pg_terminate_backend(pg_backend_pid()); return new; end $$;"
              "create trigger die before insert on t.people for each row"
              " when (new.id = 'p3') execute function t.die()");
    EXPECT(SC_CONNECTION, sc__load(scene->db, &person_insert, people, sizeof(*people),
                                   ROWS, &scene->err));
    elsewhere(scene, "drop trigger die on t.people");
    EXPECT(SC_OK, sc__load(scene->db, &person_insert, people, sizeof(*people), ROWS,
                           &scene->err));
    EXPECT(SC_OK, count_people(scene->db, &n, &scene->err));
    assert_int_equal(n, ROWS);
    free(people);
    free(texts);
}

static void load_inside_a_transaction(void **state)
{
    struct scene *scene = *state;
    static struct person_new people[MANY];
    static char texts[MANY][16];
    struct sc_db *tx;
    fill(people, texts);
    EXPECT(SC_OK, sc_tx_begin(scene->db, NULL, &tx, &scene->err));
    EXPECT(SC_OK,
           sc__load(tx, &person_insert, people, sizeof(*people), MANY, &scene->err));
    assert_string_equal(look(scene, "select count(*) from t.people"), "0");
    EXPECT(SC_OK, sc_tx_commit(tx, &scene->err));
    assert_string_equal(look(scene, "select count(*) from t.people"), "500");
}

/* ---- more columns than a word has bits ---------------------------------------------------------- */

enum { WIDE = 130 };
struct wide {
    int64_t id;
    struct sc_maybe_int4 c[WIDE];
};

static char wide_names[WIDE][8];
static struct sc__column wide_columns[WIDE + 1];
static char wide_list[WIDE * 8];
static const struct sc__row wide_row = { wide_columns, WIDE + 1, sizeof(struct wide) };
static const struct sc__insert wide_insert = {
    .label = "wide_insert", .name = "t.wide", .returning = wide_list, .row = &wide_row
};
static const struct sc__type wide_key[] = { INT8(0) };
static const struct sc__update wide_update = { .label = "wide_update",
                                               .name = "t.wide",
                                               .where = "where id = $1",
                                               .returning = wide_list,
                                               .row = &wide_row,
                                               .key = wide_key,
                                               .nkey = 1 };

static void make_wide(struct scene *scene)
{
    char sql[WIDE * 32] = "create table t.wide (id int8 generated always as identity";
    snprintf(wide_list, sizeof(wide_list), "id");
    wide_columns[0] = (struct sc__column){ COLUMN("id",
                                                  INT8(SC__NO_NEW | SC__NO_PATCH)) };
    for (int i = 0; i < WIDE; i++) {
        uint16_t at = (uint16_t)(offsetof(struct wide, c) +
                                 (size_t)i * sizeof(struct sc_maybe_int4));
        snprintf(wide_names[i], sizeof(wide_names[i]), "c%d", i);
        snprintf(sql + strlen(sql), sizeof(sql) - strlen(sql), ", c%d int4 default %d",
                 i, i);
        snprintf(wide_list + strlen(wide_list), sizeof(wide_list) - strlen(wide_list),
                 ", c%d", i);
        wide_columns[i + 1] = (struct sc__column){
            COLUMN(wide_names[i], INT4(SC__NULLABLE | SC__HAS_DEFAULT)), .row_at = at,
            .new_at = at, .patch_at = at
        };
    }
    snprintf(sql + strlen(sql), sizeof(sql) - strlen(sql), ")");
    elsewhere(scene, sql);
}

static void wide_tables(void **state)
{
    struct scene *scene = *state;
    struct wide values[3] = { 0 }, *made;
    size_t n;
    make_wide(scene);
    values[0].c[0] = values[0].c[63] = values[0].c[129] = (struct sc_maybe_int4)SC(-1);
    values[1].c[64] = (struct sc_maybe_int4)SC(-2);
    values[2].c[64] = (struct sc_maybe_int4)SC_NULL;
    EXPECT(SC_OK,
           sc__run_insert(scene->db, &wide_insert, &values[0], &made, &scene->err));
    for (int i = 0; i < WIDE; i++)
        assert_int_equal(made->c[i].value, i == 0 || i == 63 || i == 129 ? -1 : i);
    sc_free(made);
    EXPECT(SC_OK, sc__insert_many(scene->db, &wide_insert, values, sizeof(*values), 3,
                                  &made, &n, &scene->err));
    assert_int_equal(made[0].c[129].value, -1);
    assert_int_equal(made[1].c[64].value, -2);
    assert_int_equal(made[1].c[65].value, 65);
    assert_false(sc_has(made[2].c[64]));
    sc_free(made);
}

/* A different set of columns each time: the later ones are beyond the statements that get a
 * name, and are still compared before they write. */
static void more_variants_than_names_write_too(void **state)
{
    struct scene *scene = *state;
    struct wide blank = { 0 }, *row;
    const int64_t id = 1;
    const void *key[] = { &id };
    make_wide(scene);
    EXPECT(SC_OK, sc__run_insert(scene->db, &wide_insert, &blank, NULL, &scene->err));
    for (int i = 0; i < WIDE; i++) {
        struct wide patch = { 0 };
        patch.c[i] = (struct sc_maybe_int4)SC(1000 + i);
        EXPECT(SC_OK,
               sc__run_update(scene->db, &wide_update, key, &patch, &row, &scene->err));
        for (int k = 0; k < WIDE; k++)
            assert_int_equal(row->c[k].value, k <= i ? 1000 + k : k);
        sc_free(row);
    }
    struct sc_rows *rows;
    EXPECT(SC_OK, sc_query(scene->db,
                           "select count(*) from pg_prepared_statements where"
                           " statement like '%/ update%' and name <> ''",
                           NULL, 0, &rows, &scene->err));
    assert_string_equal(sc_rows_value(rows, 0, 0), "64");
    sc_rows_free(rows);
    elsewhere(scene, "alter table t.wide alter c100 type int8");
    struct wide patch = { 0 };
    patch.c[99] = patch.c[98] = (struct sc_maybe_int4)SC(7);
    EXPECT(SC_SCHEMA_MISMATCH,
           sc__run_update(scene->db, &wide_update, key, &patch, &row, &scene->err));
    assert_string_equal(scene->err.column, "c100");
    assert_string_equal(look(scene, "select c99 from t.wide"), "1099");
    /* several of them in one batch */
    elsewhere(scene, "alter table t.wide alter c100 type int4");
    struct sc_batch *batch;
    struct wide *rows_of[3];
    EXPECT(SC_OK, sc_batch_open(scene->db, &batch, &scene->err));
    for (int i = 0; i < 3; i++) {
        struct wide more = { 0 };
        more.c[100 + i] = more.c[110 + i] = (struct sc_maybe_int4)SC(i);
        EXPECT(SC_QUEUED, sc__run_update(sc_queue(batch), &wide_update, key, &more,
                                         &rows_of[i], &scene->err));
    }
    EXPECT(SC_OK, sc_batch_run(batch, &scene->err));
    assert_int_equal(rows_of[2]->c[101].value, 1);
    assert_int_equal(rows_of[2]->c[112].value, 2);
    for (int i = 0; i < 3; i++)
        sc_free(rows_of[i]);
    sc_batch_close(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENE_TEST(inserts_what_is_given),
        SCENE_TEST(left_out_gets_its_default),
        SCENE_TEST(explicit_null_is_written),
        SCENE_TEST(a_required_member_is_missed_at_once),
        SCENE_TEST(a_bare_number_is_no_value),
        SCENE_TEST(an_enum_without_a_label_is_no_value),
        SCENE_TEST(default_values_alone),
        SCENE_TEST(a_load_knows_its_row),
        SCENE_TEST(upsert_changes_only_what_is_given),
        SCENE_TEST(update_sets_the_fields_that_are_set),
        SCENE_TEST(update_refuses_what_cannot_be),
        SCENE_TEST(two_updaters_one_is_stale),
        SCENE_TEST(insert_many_returns_rows_in_order),
        SCENE_TEST(insert_many_is_all_or_nothing),
        SCENE_TEST(insert_many_counts_without_rows),
        SCENE_TEST(load_copies),
        SCENE_TEST(load_refuses_a_default_for_some),
        SCENE_TEST(load_checks_types_first),
        SCENE_TEST(load_meets_an_error_early),
        SCENE_TEST(load_inside_a_transaction),
        SCENE_TEST(wide_tables),
        SCENE_TEST(more_variants_than_names_write_too),
    };
    return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
