/* features_forms_test.c: left out, NULL and a value are three things in each form of a
 * member; what cannot be is refused before anything is sent. */
#include "tests/db/support/features.h"

/* A row's text but for its number. */
#define ROW                                                                        \
    "select (need, size, state, flag, count, at, hue, word, amount, body, extra, " \
    "list,"                                                                        \
    " place, hard, soft, hard_hue, bare, plain)::text from v.forms order by id"

static const int32_t numbers[] = { 3, -4 };

static struct v_forms_new least(void)
{
    return (
        struct v_forms_new){ .need = "n", .size = SC(1), .state = SC(V_COLOR_GREEN) };
}

static struct v_forms_new every_value(void)
{
    return (struct v_forms_new){ .need = "",
                                 .size = SC(-1),
                                 .state = SC(V_COLOR_DEEP_BLUE),
                                 .flag = SC(false),
                                 .count = SC(0),
                                 .at = SC({ 0 }),
                                 .hue = SC(V_COLOR_RED),
                                 .word = SC(""),
                                 .amount = SC({ "0" }),
                                 .body = SC({ "", 0 }),
                                 .extra = SC("[]"),
                                 .list = SC(SC_LIST(numbers, 2)),
                                 .place = SC("(3,4)"),
                                 .hard = SC(0),
                                 .soft = "",
                                 .hard_hue = SC(V_COLOR_GREEN),
                                 .bare = SC(0),
                                 .plain = "" };
}

static struct v_forms_new every_null(void)
{
    struct v_forms_new values = least();
    SC_SET_NULL(values.flag);
    SC_SET_NULL(values.count);
    SC_SET_NULL(values.at);
    SC_SET_NULL(values.hue);
    SC_SET_NULL(values.word);
    SC_SET_NULL(values.amount);
    SC_SET_NULL(values.body);
    SC_SET_NULL(values.extra);
    SC_SET_NULL(values.list);
    SC_SET_NULL(values.place);
    SC_SET_NULL(values.bare);
    return values;
}

#define LEAST_ROW                                                           \
    "(n,1,green,t,7,\"2020-01-01 00:00:00+00\",green,word,1.5,\"\\\\x01\"," \
    "\"{\"\"a\"\": 1}\",\"{1,2}\",\"(1,2)\",8,soft,red,,)"
#define VALUE_ROW                                                                    \
    "(\"\",-1,\"deep blue\",f,0,\"2000-01-01 00:00:00+00\",red,\"\",0,\"\\\\x\",[]," \
    "\"{3,-4}\",\"(3,4)\",0,\"\",green,0,\"\")"
#define NULL_ROW "(n,1,green,,,,,,,,,,,8,soft,red,,)"

/* The ways in: each must write the same row. */
static enum sc_status by_insert(struct sc_db *db, const struct v_forms_new *values,
                                struct sc_error *err)
{
    return v_forms_insert(db, values, NULL, err);
}
static enum sc_status by_insert_returning(struct sc_db *db,
                                          const struct v_forms_new *values,
                                          struct sc_error *err)
{
    struct v_forms *row;
    enum sc_status status = v_forms_insert(db, values, &row, err);
    v_forms_free(row);
    return status;
}
static enum sc_status by_insert_many(struct sc_db *db, const struct v_forms_new *values,
                                     struct sc_error *err)
{
    /* A second row of the same columns, so that arrays travel. */
    const struct v_forms_new both[] = { *values, *values };
    return v_forms_insert_many(db, both, 2, NULL, NULL, err);
}
static enum sc_status by_load(struct sc_db *db, const struct v_forms_new *values,
                              struct sc_error *err)
{
    return v_forms_load(db, values, 1, err);
}
static enum sc_status by_batch(struct sc_db *db, const struct v_forms_new *values,
                               struct sc_error *err)
{
    struct sc_batch *batch;
    enum sc_status status = sc_batch_open(db, &batch, err);
    if (status != SC_OK)
        return status;
    status = v_forms_insert(sc_queue(batch), values, NULL, err);
    if (status == SC_QUEUED)
        status = sc_batch_run(batch, err);
    sc_batch_close(batch);
    return status;
}

typedef enum sc_status (*way)(struct sc_db *db, const struct v_forms_new *values,
                              struct sc_error *err);
static const way ways[] = { by_insert, by_insert_returning, by_insert_many, by_load,
                            by_batch };

static void expect_row(struct scene *scene, const struct v_forms_new *values,
                       const char *want)
{
    for (size_t i = 0; i < COUNT(ways); i++) {
        EXPECT(SC_OK, ways[i](scene->db, values, &scene->err));
        SEE(ROW, want);
        SEE("select count(distinct (need, size, state, flag, count, at, hue, word,"
            " amount, body, extra, list, place::text, hard, soft, hard_hue, bare,"
            " plain)) from v.forms",
            "1");
        elsewhere(scene, "delete from v.forms");
    }
}

static void left_out_gets_the_default(void **state)
{
    struct v_forms_new values = least();
    expect_row(*state, &values, LEAST_ROW);
}

static void null_is_null(void **state)
{
    struct v_forms_new values = every_null();
    expect_row(*state, &values, NULL_ROW);
}

/* Also the least of each form: "", no bytes, 0, false. */
static void a_value_is_that_value(void **state)
{
    struct v_forms_new values = every_value();
    expect_row(*state, &values, VALUE_ROW);
}

static void rows_may_leave_out_different_columns(void **state)
{
    struct scene *scene = *state;
    const struct v_forms_new values[] = { least(),      every_value(), every_value(),
                                          every_null(), least(),       least(),
                                          every_value() };
    static const char *const want[] = { LEAST_ROW, VALUE_ROW, VALUE_ROW, NULL_ROW,
                                        LEAST_ROW, LEAST_ROW, VALUE_ROW };
    struct v_forms *rows;
    size_t n;
    EXPECT(SC_OK, v_forms_insert_many(scene->db, values, 7, &rows, &n, &scene->err));
    assert_int_equal(n, 7);
    for (size_t i = 0; i < n; i++) {
        char sql[400];
        assert_string_equal(rows[i].need, values[i].need);
        assert_int_equal(sc_has(rows[i].count), strcmp(want[i], NULL_ROW) != 0);
        snprintf(sql, sizeof(sql), "%.*s where id = %d", (int)(strlen(ROW) - 12), ROW,
                 rows[i].id);
        SEE(sql, want[i]);
    }
    v_forms_free(rows);
    EXPECT(SC_MISUSE, v_forms_load(scene->db, values, 2, &scene->err));
    assert_string_equal(scene->err.column, "flag");
    SEE("select count(*) from v.forms", "7");
}

/* ---- patches --------------------------------------------------------------------- */

static const struct v_forms_patch patch_of_values = { .need = SC(""),
                                                      .size = SC(-1),
                                                      .state = SC(V_COLOR_DEEP_BLUE),
                                                      .flag = SC(false),
                                                      .count = SC(0),
                                                      .at = SC({ 0 }),
                                                      .hue = SC(V_COLOR_RED),
                                                      .word = SC(""),
                                                      .amount = SC({ "0" }),
                                                      .body = SC({ "", 0 }),
                                                      .extra = SC("[]"),
                                                      .list = SC(SC_LIST(numbers, 2)),
                                                      .place = SC("(3,4)"),
                                                      .hard = SC(0),
                                                      .soft = SC(""),
                                                      .hard_hue = SC(V_COLOR_GREEN),
                                                      .bare = SC(0),
                                                      .plain = SC("") };

static const struct v_forms_patch patch_of_nulls = { .state = SC(V_COLOR_GREEN),
                                                     .flag = SC_NULL,
                                                     .count = SC_NULL,
                                                     .at = SC_NULL,
                                                     .hue = SC_NULL,
                                                     .word = SC_NULL,
                                                     .amount = SC_NULL,
                                                     .body = SC_NULL,
                                                     .extra = SC_NULL,
                                                     .list = SC_NULL,
                                                     .place = SC_NULL,
                                                     .hard = SC(8),
                                                     .soft = SC("soft"),
                                                     .hard_hue = SC(V_COLOR_RED),
                                                     .bare = SC_NULL,
                                                     .plain = SC_NULL };

static void patch_sets_null_and_leaves_alone(void **state)
{
    struct scene *scene = *state;
    struct v_forms_new values = least();
    struct v_forms *row;
    EXPECT(SC_OK, v_forms_insert(scene->db, &values, &row, &scene->err));
    int32_t id = row->id;
    v_forms_free(row);
    EXPECT(SC_OK, v_forms_update(scene->db, id, &patch_of_values, &row, &scene->err));
    assert_string_equal(row->plain, "");
    assert_int_equal(row->list.items[1], -4);
    assert_non_null(row->body.data);
    assert_int_equal(row->body.size, 0);
    v_forms_free(row);
    SEE(ROW, VALUE_ROW);
    const struct v_forms_patch one = { .need = SC("n"), .size = SC(1) };
    EXPECT(SC_OK, v_forms_update(scene->db, id, &one, NULL, &scene->err));
    EXPECT(SC_OK, v_forms_update(scene->db, id, &patch_of_nulls, &row, &scene->err));
    assert_null(row->plain);
    assert_null(row->list.items);
    assert_null(row->body.data);
    assert_null(row->amount.text);
    assert_false(sc_has(row->bare));
    assert_int_equal(row->hue.is, SC_IS_NULL);
    v_forms_free(row);
    SEE(ROW, NULL_ROW);
}

/* One member at a time: the others stay as they are. */
static void a_patch_changes_nothing_else(void **state)
{
    struct scene *scene = *state;
    struct v_forms_new values = least();
    struct v_forms *row;
    EXPECT(SC_OK, v_forms_insert(scene->db, &values, &row, &scene->err));
    const struct v_forms_patch steps[] = {
        { .plain = SC("p") }, { .plain = SC_NULL },       { .count = SC_NULL },
        { .count = SC(7) },   { .hue = SC(V_COLOR_RED) }, { .hue = SC(V_COLOR_GREEN) }
    };
    static const char *const want[] = { "p7green", "-7green", "--1green",
                                        "-7green", "-7red",   "-7green" };
    for (size_t i = 0; i < COUNT(steps); i++) {
        EXPECT(SC_OK, v_forms_update(scene->db, row->id, &steps[i], NULL, &scene->err));
        SEE("select coalesce(plain, '-') || coalesce(count, -1) || hue from v.forms",
            want[i]);
    }
    SEE(ROW, LEAST_ROW);
    v_forms_free(row);
}

/* A field that was read goes into a patch as it is. */
static void what_was_read_can_be_patched(void **state)
{
    struct scene *scene = *state;
    struct v_forms_new values = every_value(), other = every_null();
    struct v_forms *from, *to;
    EXPECT(SC_OK, v_forms_insert(scene->db, &values, &from, &scene->err));
    EXPECT(SC_OK, v_forms_insert(scene->db, &other, &to, &scene->err));
    struct v_forms_patch patch = { .flag = from->flag,
                                   .count = from->count,
                                   .at = from->at,
                                   .hue = from->hue,
                                   .word = SC(from->word),
                                   .amount = SC(from->amount),
                                   .body = SC(from->body),
                                   .list = SC(from->list) };
    EXPECT(SC_OK, v_forms_update(scene->db, to->id, &patch, NULL, &scene->err));
    SEE("select count(distinct (flag, count, at, hue, word, amount, body, list))"
        " from v.forms",
        "1");
    patch = (struct v_forms_patch){ .flag = to->flag, .count = to->count };
    EXPECT(SC_OK, v_forms_update(scene->db, to->id, &patch, NULL, &scene->err));
    SEE("select count(flag) || ' ' || count(count) || ' ' || count(at) from v.forms",
        "1 1 2");
    v_forms_free(from);
    v_forms_free(to);
}

/* ---- refused before anything is sent --------------------------------------------- */

/* COPY takes rows one by one, so that its values are judged on the way: by load, what
 * was sent must leave nothing. */
static void expect_refused(struct scene *scene, const struct v_forms_new *values,
                           enum sc_status want, const char *column)
{
    int sent;
    count_statements(scene->db, &sent);
    for (size_t i = 0; i < COUNT(ways); i++) {
        if (ways[i] == by_load)
            continue;
        EXPECT(want, ways[i](scene->db, values, &scene->err));
        assert_string_equal(scene->err.column, column);
        assert_string_equal(scene->err.sqlstate, "");
    }
    assert_int_equal(sent, 0);
    sc_set_hooks(scene->db, NULL);
    EXPECT(want, by_load(scene->db, values, &scene->err));
    assert_string_equal(scene->err.column, column);
    SEE("select count(*) from v.forms", "0");
}

static void a_required_member_is_missed_at_once(void **state)
{
    struct scene *scene = *state;
    struct v_forms_new values = least();
    values.need = NULL;
    expect_refused(scene, &values, SC_NOT_NULL, "need");
    values = least();
    values.size = (struct sc_maybe_int2){ SC_IS_UNSET, 0 };
    expect_refused(scene, &values, SC_NOT_NULL, "size");
    values = least();
    values.state = (struct v_maybe_color){ SC_IS_UNSET, V_COLOR__UNSET };
    expect_refused(scene, &values, SC_NOT_NULL, "state");
    SEE("select count(*) from v.forms", "0");
}

/* Even where no server is left to ask. */
static void a_required_member_needs_no_server(void **state)
{
    struct scene *scene = *state;
    struct v_forms_new values = least();
    values.need = NULL;
    cut_off(scene, scene->db);
    EXPECT(SC_NOT_NULL, v_forms_insert(scene->db, &values, NULL, &scene->err));
    EXPECT(SC_NOT_NULL,
           v_forms_insert_many(scene->db, &values, 1, NULL, NULL, &scene->err));
    EXPECT(SC_NOT_NULL, v_forms_load(scene->db, &values, 1, &scene->err));
}

static void null_where_none_may_be(void **state)
{
    struct scene *scene = *state;
    struct v_forms_new values = least();
    SC_SET_NULL(values.size);
    expect_refused(scene, &values, SC_NOT_NULL, "size");
    values = least();
    SC_SET_NULL(values.hard);
    expect_refused(scene, &values, SC_NOT_NULL, "hard");
    values = least();
    SC_SET_NULL(values.hard_hue);
    expect_refused(scene, &values, SC_NOT_NULL, "hard_hue");
    const struct v_forms_patch patches[] = { { .need = SC_NULL },
                                             { .size = SC_NULL },
                                             { .hard_hue = SC_NULL } };
    for (size_t i = 0; i < COUNT(patches); i++)
        EXPECT(SC_NOT_NULL,
               v_forms_update(scene->db, 1, &patches[i], NULL, &scene->err));
    assert_string_equal(scene->err.column, "hard_hue");
    assert_string_equal(scene->err.sqlstate, "");
}

/* What `.count = 5` makes of the struct, brace elision being what it is. */
static void a_bare_number_is_misuse(void **state)
{
    struct scene *scene = *state;
    static const int garbage[] = { 5, 1, 2, -1, SC_IS_NULL - 1, SC_IS_VALUE + 1 };
    for (size_t i = 0; i < COUNT(garbage); i++) {
        struct v_forms_new values = least();
        values.count.is = (enum sc_is)garbage[i];
        expect_refused(scene, &values, SC_MISUSE, "count");
        values = least();
        values.size.is = (enum sc_is)garbage[i];
        expect_refused(scene, &values, SC_MISUSE, "size");
        values = least();
        values.word.is = (enum sc_is)garbage[i];
        expect_refused(scene, &values, SC_MISUSE, "word");
        values = least();
        values.list.is = (enum sc_is)garbage[i];
        expect_refused(scene, &values, SC_MISUSE, "list");
        struct v_forms_patch patch = { .plain = { (enum sc_is)garbage[i], "x" } };
        EXPECT(SC_MISUSE, v_forms_update(scene->db, 1, &patch, NULL, &scene->err));
        assert_string_equal(scene->err.column, "plain");
        struct q_stats_args args = { .least = { (enum sc_is)garbage[i], 1 } };
        struct q_stats_row *rows = (void *)1;
        size_t n = 1;
        EXPECT(SC_MISUSE, q_stats(scene->db, &args, &rows, &n, &scene->err));
        assert_null(rows);
        assert_int_equal(n, 0);
    }
}

static void an_empty_patch_is_misuse(void **state)
{
    struct scene *scene = *state;
    const struct v_forms_patch empty = { 0 };
    struct v_forms *row = (void *)1;
    int sent;
    count_statements(scene->db, &sent);
    EXPECT(SC_MISUSE, v_forms_update(scene->db, 1, &empty, &row, &scene->err));
    assert_null(row);
    EXPECT(SC_MISUSE, r_docs_update(scene->db, 1, 1, &(struct r_docs_patch){ 0 }, NULL,
                                    &scene->err));
    assert_int_equal(sent, 0);
}

static void no_values_are_misuse(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = scene->db;
    struct sc_batch *batch;
    EXPECT(SC_OK, sc_batch_open(db, &batch, &scene->err));
    EXPECT(SC_MISUSE, v_forms_insert(db, NULL, NULL, &scene->err));
    EXPECT(SC_MISUSE, v_forms_update(db, 1, NULL, NULL, &scene->err));
    EXPECT(SC_MISUSE, v_forms_update(sc_queue(batch), 1, NULL, NULL, &scene->err));
    EXPECT(SC_MISUSE, v_forms_load(db, NULL, 1, &scene->err));
    EXPECT(SC_MISUSE, v_forms_insert_many(db, NULL, 1, NULL, NULL, &scene->err));
    assert_string_equal(scene->err.message, "the values are NULL");
    sc_batch_close(batch);
}

static void values_that_cannot_be(void **state)
{
    struct scene *scene = *state;
    struct v_forms_new values = least();
    SC_SET(values.amount, { "1,5" });
    expect_refused(scene, &values, SC_BAD_VALUE, "amount");
    values = least();
    SC_SET(values.state, V_COLOR__UNSET);
    expect_refused(scene, &values, SC_BAD_VALUE, "state");
    SC_SET(values.state, V_COLOR__UNKNOWN);
    expect_refused(scene, &values, SC_BAD_VALUE, "state");
    SC_SET(values.state, (enum v_color)4);
    expect_refused(scene, &values, SC_BAD_VALUE, "state");
    /* These two only the server can judge. */
    values = least();
    SC_SET(values.extra, "{");
    EXPECT(SC_BAD_VALUE, v_forms_insert(scene->db, &values, NULL, &scene->err));
    assert_string_equal(scene->err.sqlstate, "22P02");
    values = least();
    SC_SET(values.place, "nowhere");
    EXPECT(SC_BAD_VALUE, v_forms_insert(scene->db, &values, NULL, &scene->err));
    assert_string_equal(scene->err.sqlstate, "22P02");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(left_out_gets_the_default),
        FEATURE_TEST(null_is_null),
        FEATURE_TEST(a_value_is_that_value),
        FEATURE_TEST(rows_may_leave_out_different_columns),
        FEATURE_TEST(patch_sets_null_and_leaves_alone),
        FEATURE_TEST(a_patch_changes_nothing_else),
        FEATURE_TEST(what_was_read_can_be_patched),
        FEATURE_TEST(a_required_member_is_missed_at_once),
        FEATURE_TEST(a_required_member_needs_no_server),
        FEATURE_TEST(null_where_none_may_be),
        FEATURE_TEST(a_bare_number_is_misuse),
        FEATURE_TEST(an_empty_patch_is_misuse),
        FEATURE_TEST(no_values_are_misuse),
        FEATURE_TEST(values_that_cannot_be),
    };
    return RUN_FEATURES("features_forms", tests);
}
