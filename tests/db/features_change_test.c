/* features_change_test.c: the database changes behind a running program: enum labels
 * that it does not know, and tables that are no longer what its code was generated
 * for. */
#include "tests/db/support/people.h"

/* ---- enums ----------------------------------------------------------------------- */

static void labels_both_ways(void **state)
{
    (void)state;
    assert_string_equal(v_color_text(V_COLOR_RED), "red");
    assert_string_equal(v_color_text(V_COLOR_DEEP_BLUE), "deep blue");
    assert_null(v_color_text(V_COLOR__UNSET));
    assert_null(v_color_text(V_COLOR__UNKNOWN));
    assert_null(v_color_text((enum v_color)4));
    assert_int_equal(v_color_parse("green"), V_COLOR_GREEN);
    assert_int_equal(v_color_parse("deep blue"), V_COLOR_DEEP_BLUE);
    static const char *const none[] = {
        "", "Green", "green ", "deep_blue", "gree", "x"
    };
    for (size_t i = 0; i < COUNT(none); i++)
        assert_int_equal(v_color_parse(none[i]), V_COLOR__UNKNOWN);
    assert_int_equal(v_color_parse(NULL), V_COLOR__UNSET);
    for (int value = V_COLOR_RED; value <= V_COLOR_DEEP_BLUE; value++)
        assert_int_equal(v_color_parse(v_color_text((enum v_color)value)), value);
}

static const char pink_rows[] =
    "insert into v.kinds (id, a_color, a_text) values (1, 'pink', 'p'), (2, 'red', "
    "'r'),"
    " (3, null, 'n'), (4, 'deep blue', 'b');"
    "insert into v.lists (id, a_color) values (1, '{red,pink,null,green}');"
    "insert into v.forms (need, size, state, hue) values ('n', 1, 'pink', 'pink');";

/* One column of rows that else are as they were. */
static void a_label_that_is_not_known(void **state)
{
    struct scene *scene = *state;
    struct v_kinds *rows;
    struct v_lists *list;
    struct v_forms *form;
    struct v_maybe_color *color;
    size_t n;
    int64_t count;
    EXPECT(SC_OK, v_kinds_count(scene->db, &count, &scene->err));
    elsewhere(scene, "alter type v.color add value 'pink' before 'green'");
    elsewhere(scene, pink_rows);
    for (int use = 0; use < 2; use++) {
        EXPECT(SC_OK, v_kinds_page_in_id(scene->db, NULL, 9, &rows, &n, &scene->err));
        assert_int_equal(n, 4);
        assert_true(sc_has(rows[0].a_color));
        assert_int_equal(rows[0].a_color.value, V_COLOR__UNKNOWN);
        assert_string_equal(rows[0].a_text, "p");
        assert_int_equal(rows[1].a_color.value, V_COLOR_RED);
        assert_false(sc_has(rows[2].a_color));
        assert_int_equal(rows[3].a_color.value, V_COLOR_DEEP_BLUE);
        v_kinds_free(rows);
        EXPECT(SC_OK, v_lists_get(scene->db, 1, &list, &scene->err));
        assert_int_equal(list->a_color.count, 4);
        assert_int_equal(list->a_color.items[0], V_COLOR_RED);
        assert_int_equal(list->a_color.items[1], V_COLOR__UNKNOWN);
        assert_true(list->a_color.shape->nulls[2]);
        assert_int_equal(list->a_color.items[3], V_COLOR_GREEN);
        v_lists_free(list);
        EXPECT(SC_OK, v_forms_page_in_id(scene->db, NULL, 1, &form, &n, &scene->err));
        assert_int_equal(form->state, V_COLOR__UNKNOWN);
        assert_int_equal(form->hue.value, V_COLOR__UNKNOWN);
        assert_int_equal(form->hard_hue, V_COLOR_RED);
        v_forms_free(form);
        EXPECT(SC_OK, v_color_of(scene->db, 1, &color, &scene->err));
        assert_int_equal(color->value, V_COLOR__UNKNOWN);
        sc_free(color);
    }
}

/* It is no value to write: a row read and written again must not become another. */
static void an_unknown_label_is_not_written(void **state)
{
    struct scene *scene = *state;
    struct v_kinds *row;
    elsewhere(scene, "alter type v.color add value 'pink'");
    elsewhere(scene, pink_rows);
    EXPECT(SC_OK, v_kinds_get(scene->db, 1, &row, &scene->err));
    struct v_kinds_patch patch = { .a_color = row->a_color };
    EXPECT(SC_BAD_VALUE, v_kinds_update(scene->db, 2, &patch, NULL, &scene->err));
    struct v_kinds_new values = { .id = SC(9), .a_color = row->a_color };
    EXPECT(SC_BAD_VALUE, v_kinds_insert(scene->db, &values, NULL, &scene->err));
    assert_string_equal(scene->err.column, "a_color");
    v_kinds_free(row);
    SEE("select a_color from v.kinds where id = 2", "red");
}

static void a_label_that_went(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, "alter type v.color rename value 'red' to 'crimson'");
    struct v_kinds_new values = { .id = SC(1), .a_color = SC(V_COLOR_RED) };
    EXPECT(SC_BAD_VALUE, v_kinds_insert(scene->db, &values, NULL, &scene->err));
    assert_string_equal(scene->err.sqlstate, "22P02");
}

/* ---- other types: a status, never garbage ---------------------------------------- */

static void expect_mismatch(struct scene *scene, struct sc_db *db)
{
    struct q_people *rows = (void *)1;
    struct q_people_get_with_letters_by_sender_id_row *nested = (void *)1;
    size_t n = 1;
    EXPECT(SC_SCHEMA_MISMATCH, q_people_get(db, 1, &rows, &scene->err));
    assert_null(rows);
    assert_string_equal(scene->err.column, "score");
    EXPECT(SC_SCHEMA_MISMATCH,
           q_people_list_by_team(db, "red", &rows, &n, &scene->err));
    assert_null(rows);
    assert_int_equal(n, 0);
    EXPECT(SC_SCHEMA_MISMATCH, q_everyone(db, &rows, &n, &scene->err));
    EXPECT(SC_SCHEMA_MISMATCH,
           q_people_page_in_id(db, NULL, 2, &rows, &n, &scene->err));
    EXPECT(SC_SCHEMA_MISMATCH,
           q_people_get_with_letters_by_sender_id(db, 1, &nested, &scene->err));
    assert_null(nested);
}

static void another_type_is_a_mismatch(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows;
    struct sc_maybe_int4 top;
    size_t n;
    elsewhere(scene, people_rows);
    HOLDS("1 2 3", q_people_list_by_team(scene->db, "red", &rows, &n, &scene->err),
          q_people_free);
    EXPECT(SC_OK, q_people_get(scene->db, 1, &rows, &scene->err));
    q_people_free(rows);
    EXPECT(SC_OK, q_everyone(scene->db, &rows, &n, &scene->err));
    q_people_free(rows);
    EXPECT(SC_OK, q_top_score(scene->db, "red", &top, &scene->err));
    elsewhere(scene, "alter table q.people alter score type int8");
    for (int use = 0; use < 2; use++)
        expect_mismatch(scene, scene->db);
    EXPECT(SC_SCHEMA_MISMATCH, q_top_score(scene->db, "red", &top, &scene->err));
    struct sc_db *fresh; /* which has never seen the old type */
    EXPECT(SC_OK, sc_open(scene->test.url, &fresh, &scene->err));
    expect_mismatch(scene, fresh);
    sc_close(fresh);
    elsewhere(scene, "alter table q.people alter score type int4");
    EXPECT(SC_OK, q_people_get(scene->db, 2, &rows, &scene->err));
    assert_int_equal(rows->score, 70);
    q_people_free(rows);
    EXPECT(SC_OK, q_top_score(scene->db, "red", &top, &scene->err));
    assert_int_equal(top.value, 70);
}

/* With rows that come back, nothing is written; without, the server casts or refuses,
 * and what is written is what was meant. */
static void writes_into_another_type(void **state)
{
    struct scene *scene = *state;
    struct q_people *row = (void *)1;
    struct q_people_new values = { .id = SC(20), .email = "n@x", .score = SC(7) };
    struct q_people_new two[] = { values,
                                  { .id = SC(21), .email = "m@x", .score = SC(8) } };
    struct q_people_patch patch = { .score = SC(9) };
    size_t n;
    elsewhere(scene, people_rows);
    elsewhere(scene, "alter table q.people alter score type int8");
    for (int use = 0; use < 2; use++) {
        EXPECT(SC_SCHEMA_MISMATCH,
               q_people_insert(scene->db, &values, &row, &scene->err));
        assert_null(row);
        EXPECT(SC_SCHEMA_MISMATCH,
               q_people_insert_many(scene->db, two, 2, &row, &n, &scene->err));
        EXPECT(SC_SCHEMA_MISMATCH,
               q_people_update(scene->db, 1, &patch, &row, &scene->err));
        EXPECT(SC_SCHEMA_MISMATCH,
               q_people_upsert_by_email(scene->db, &values, &row, &scene->err));
        EXPECT(SC_SCHEMA_MISMATCH, q_people_load(scene->db, two, 2, &scene->err));
        SEE("select count(*) || ' ' || sum(score) from q.people", "5 180");
    }
    EXPECT(SC_OK, q_people_insert(scene->db, &values, NULL, &scene->err));
    SEE("select score from q.people where email = 'n@x'", "7");
}

/* ---- changes that are none to the program ---------------------------------------- */

static void expect_all_well(struct scene *scene, struct sc_db *db)
{
    struct v_kinds *row, *rows;
    struct v_kinds_new values = { .id = SC(2), .a_varchar = "short", .a_int4 = SC(5) };
    struct v_kinds_patch patch = { .a_varchar = SC("patched") };
    size_t n;
    EXPECT(SC_OK, v_kinds_get(db, 1, &row, &scene->err));
    assert_string_equal(row->a_varchar, "kept");
    assert_int_equal(row->a_int4.value, 3);
    v_kinds_free(row);
    EXPECT(SC_OK, v_kinds_page_in_id(db, NULL, 1, &rows, &n, &scene->err));
    assert_int_equal(n, 1);
    assert_string_equal(rows->a_text, "text");
    v_kinds_free(rows);
    EXPECT(SC_OK, v_kinds_insert(db, &values, &row, &scene->err));
    assert_string_equal(row->a_varchar, "short");
    v_kinds_free(row);
    EXPECT(SC_OK, v_kinds_update(db, 2, &patch, &row, &scene->err));
    assert_string_equal(row->a_varchar, "patched");
    v_kinds_free(row);
    EXPECT(SC_OK, v_kinds_delete(db, 2, &scene->err));
}

static void changes_that_do_not_concern_us(void **state)
{
    struct scene *scene = *state;
    static const char *const changes[] = {
        "alter table v.kinds alter a_varchar type varchar(75)",
        "alter table v.kinds add extra int4 default 1",
        "alter table v.kinds drop extra",
        "alter table v.kinds alter a_varchar type varchar(5000)",
        "alter table v.kinds alter a_numeric type numeric(30, 2)",
        "alter table v.kinds alter a_int4 set default 4",
        "create index on v.kinds (a_int4)",
        "alter table v.kinds add check (a_int4 < 100)",
        "analyze v.kinds",
        "drop table v.firm",
    };
    elsewhere(scene, "insert into v.kinds (id, a_varchar, a_int4, a_text)"
                     " values (1, 'kept', 3, 'text')");
    expect_all_well(scene, scene->db);
    for (size_t i = 0; i < COUNT(changes); i++) {
        elsewhere(scene, changes[i]);
        expect_all_well(scene, scene->db);
        expect_all_well(scene, scene->db);
    }
}

static void a_table_that_went(void **state)
{
    struct scene *scene = *state;
    struct v_firm *row = (void *)1;
    int64_t n = 1;
    EXPECT(SC_OK, v_firm_count(scene->db, &n, &scene->err));
    elsewhere(scene, "drop table v.firm");
    for (int use = 0; use < 2; use++) {
        EXPECT(SC_SCHEMA_MISMATCH, v_firm_count(scene->db, &n, &scene->err));
        EXPECT(SC_SCHEMA_MISMATCH, v_firm_get(scene->db, 1, &row, &scene->err));
        assert_null(row);
        EXPECT(SC_SCHEMA_MISMATCH, v_firm_delete(scene->db, 1, &scene->err));
        assert_string_equal(scene->err.sqlstate, "42P01");
    }
    elsewhere(scene, "alter table v.kinds rename a_text to b_text");
    struct v_kinds *kinds;
    EXPECT(SC_SCHEMA_MISMATCH, v_kinds_get(scene->db, 1, &kinds, &scene->err));
    assert_string_equal(scene->err.sqlstate, "42703");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(labels_both_ways),
        FRESH_TEST(a_label_that_is_not_known),
        FRESH_TEST(an_unknown_label_is_not_written),
        FRESH_TEST(a_label_that_went),
        FRESH_TEST(another_type_is_a_mismatch),
        FRESH_TEST(writes_into_another_type),
        FRESH_TEST(changes_that_do_not_concern_us),
        FRESH_TEST(a_table_that_went),
    };
    return RUN_FEATURES("features_change", tests);
}
