/* features_query_test.c: declared queries of every form give what the same SQL written
 * by hand gives. */
#include "tests/db/support/people.h"

/* ---- how many rows --------------------------------------------------------------- */

static void one(void **state)
{
    struct scene *scene = *state;
    struct q_people *row = (void *)1;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_person(scene->db, "b@x", &row, &scene->err));
    assert_int_equal(row->id, 2);
    q_people_free(row);
    EXPECT(SC_NOT_FOUND, q_person(scene->db, "z@x", &row, &scene->err));
    assert_null(row);
    assert_string_equal(scene->err.query, "q_person");
    EXPECT(SC_OK, q_one_of_team(scene->db, "blue", &row, &scene->err));
    q_people_free(row);
    EXPECT(SC_TOO_MANY, q_one_of_team(scene->db, "red", &row, &scene->err));
    assert_null(row);
    EXPECT(SC_NOT_FOUND, q_one_of_team(scene->db, "green", &row, &scene->err));
}

static void maybe(void **state)
{
    struct scene *scene = *state;
    struct q_people *row = (void *)1;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_maybe_of_team(scene->db, "green", &row, &scene->err));
    assert_null(row);
    EXPECT(SC_OK, q_maybe_of_team(scene->db, "blue", &row, &scene->err));
    assert_int_equal(row->id, 4);
    q_people_free(row);
    EXPECT(SC_TOO_MANY, q_maybe_of_team(scene->db, "red", &row, &scene->err));
    assert_null(row);
}

static void many(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows = (void *)1;
    size_t n = 1;
    EXPECT(SC_OK, q_everyone(scene->db, &rows, &n, &scene->err));
    assert_null(rows);
    assert_int_equal(n, 0);
    elsewhere(scene, people_rows);
    HOLDS("1 2 3 4 5", q_everyone(scene->db, &rows, &n, &scene->err), q_people_free);
    const int32_t ids[] = { 4, 2, 8, 2 };
    struct sc_int4s some = SC_LIST(ids, 4);
    LISTS("2 4", q_by_ids(scene->db, some, &rows, &n, &scene->err), q_people_free);
    some.count = 0;
    LISTS("", q_by_ids(scene->db, some, &rows, &n, &scene->err), q_people_free);
}

static void exec(void **state)
{
    struct scene *scene = *state;
    int64_t n = 9;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_add_score(scene->db, "red", 5, &n, &scene->err));
    assert_int_equal(n, 3);
    EXPECT(SC_OK, q_add_score(scene->db, "green", 5, &n, &scene->err));
    assert_int_equal(n, 0);
    EXPECT(SC_OK, q_add_score(scene->db, "blue", 5, NULL, &scene->err));
    SEE("select string_agg(score::text, ' ' order by id) from q.people",
        "55 75 55 15 0");
    n = 9;
    EXPECT(SC_CHECK, q_add_score(scene->db, "red", 5000, &n, &scene->err));
    assert_int_equal(scene->err.constraint, Q_PEOPLE_SCORE_RANGE);
    assert_int_equal(n, 0);
}

/* ---- bare values ----------------------------------------------------------------- */

static void bare_values(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = scene->db;
    struct sc_error *err = &scene->err;
    int64_t total = 9;
    struct sc_maybe_int4 top = { 0 };
    const char **name = (void *)1;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_total(db, &total, err));
    assert_int_equal(total, 5);
    EXPECT(SC_OK, q_top_score(db, "red", &top, err));
    assert_true(sc_has(top));
    assert_int_equal(top.value, 70);
    EXPECT(SC_OK, q_top_score(db, "green", &top, err));
    assert_int_equal(top.is, SC_IS_NULL);
    EXPECT(SC_OK, q_best_name(db, "blue", &name, err));
    assert_string_equal(*name, "Dan 100%");
    sc_free(name);
    EXPECT(SC_OK, q_best_name(db, "green", &name, err));
    assert_null(name); /* no row ... */
    elsewhere(scene, "update q.people set team = 'none' where id = 3");
    EXPECT(SC_OK, q_best_name(db, "none", &name, err));
    assert_non_null(name);
    assert_null(*name); /* ... is not a NULL */
    sc_free(name);
    EXPECT(SC_TOO_MANY, q_best_name(db, "red", &name, err));
    assert_null(name);
}

static void bare_values_of_other_types(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = scene->db;
    struct sc_error *err = &scene->err;
    struct sc_timestamptz *moment;
    struct sc_numeric *amount;
    struct sc_bytea *raw;
    struct q_rank_list *ranks;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_moment(db, 1, &moment, err));
    assert_true(sc_to_time(*moment) > sc_to_time(sc_now()) - 600);
    sc_free(moment);
    EXPECT(SC_OK, q_moment(db, 9, &moment, err));
    assert_null(moment);
    EXPECT(SC_OK, q_amount(db, 1, &amount, err));
    assert_string_equal(amount->text, "12.5000000000000000");
    sc_free(amount);
    EXPECT(SC_OK, q_raw(db, 1, &raw, err));
    assert_int_equal(raw->size, 3);
    assert_memory_equal(raw->data, "Ada", 3);
    sc_free(raw);
    EXPECT(SC_OK, q_ranks_of(db, 4, &ranks, err));
    assert_int_equal(ranks->count, 2);
    assert_int_equal(ranks->items[0], Q_RANK_MID);
    assert_true(ranks->shape->nulls[1]);
    sc_free(ranks);
    EXPECT(SC_OK, q_ranks_of(db, 3, &ranks, err));
    assert_null(ranks->items);
    sc_free(ranks);
    EXPECT(SC_NOT_FOUND, q_ranks_of(db, 9, &ranks, err));
    assert_null(ranks);
}

static void lists_of_bare_values(void **state)
{
    struct scene *scene = *state;
    const char **texts = (void *)1;
    enum v_color *colors;
    size_t n = 1;
    EXPECT(SC_OK, q_emails(scene->db, &texts, &n, &scene->err));
    assert_null(texts);
    assert_int_equal(n, 0);
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_emails(scene->db, &texts, &n, &scene->err));
    assert_int_equal(n, 5);
    assert_string_equal(texts[4], "e@x");
    sc_free(texts);
    EXPECT(SC_OK, q_names(scene->db, &texts, &n, &scene->err));
    assert_int_equal(n, 5);
    assert_string_equal(texts[0], "Ada");
    assert_null(texts[2]);
    sc_free(texts);
    const enum v_color list[] = { V_COLOR_DEEP_BLUE, V_COLOR_RED, V_COLOR_GREEN };
    struct v_colors_args args = { .list = SC_LIST(list, 3) };
    EXPECT(SC_OK, v_colors(scene->db, &args, &colors, &n, &scene->err));
    assert_int_equal(n, 3);
    assert_memory_equal(colors, list, sizeof(list));
    sc_free(colors);
    SC_SET(args.one, V_COLOR_RED);
    EXPECT(SC_OK, v_colors(scene->db, &args, &colors, &n, &scene->err));
    assert_int_equal(n, 2);
    assert_int_equal(colors[1], V_COLOR_GREEN);
    sc_free(colors);
}

/* ---- shapes ---------------------------------------------------------------------- */

static void expect_stats(const struct q_stats_row *rows, size_t n, const char *want,
                         int line)
{
    char text[256];
    size_t end = 0;
    text[0] = 0;
    for (size_t i = 0; i < n; i++)
        end += (size_t)snprintf(text + end, sizeof(text) - end, "%s %d %.4s %s,",
                                rows[i].team ? rows[i].team : "-", (int)rows[i].n,
                                rows[i].mean.text ? rows[i].mean.text : "-",
                                q_rank_text(rows[i].high.value));
    expect_text(text, want, line);
}

static void a_shape_shared_by_queries(void **state)
{
    struct scene *scene = *state;
    struct q_stats_args args = { 0 };
    struct q_stats_row *rows;
    size_t n;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_stats(scene->db, &args, &rows, &n, &scene->err));
    expect_stats(rows, n, "blue 1 10.0 low,red 3 56.6 high,- 1 0.00 low,", __LINE__);
    q_stats_free(rows);
    SC_SET(args.least, 50);
    EXPECT(SC_OK, q_stats(scene->db, &args, &rows, &n, &scene->err));
    expect_stats(rows, n, "red 3 56.6 high,", __LINE__);
    q_stats_free(rows);
    EXPECT(SC_OK, q_stats_again(scene->db, &rows, &n, &scene->err));
    expect_stats(rows, n, "- 1 0.00 low,red 3 56.6 high,blue 1 10.0 low,", __LINE__);
    q_stats_free(rows);
    EXPECT(SC_OK, q_one_stat(scene->db, "blue", &rows, &scene->err));
    expect_stats(rows, 1, "blue 1 10.0 low,", __LINE__);
    q_stats_free(rows);
    EXPECT(SC_NOT_FOUND, q_one_stat(scene->db, "x", &rows, &scene->err));
    assert_null(rows);
}

/* ---- fragments and choices ------------------------------------------------------- */

static const char *people_where(struct scene *scene, const char *where,
                                const char *order)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "select coalesce(string_agg(id::text, ' ' order by %s), '') from q.people"
             " where true%s",
             order, where);
    return look(scene, sql);
}

/* Bit by bit, each combination of what is given, in each order. */
static void each_combination_of_fragments(void **state)
{
    struct scene *scene = *state;
    static const enum q_rank ranks[] = { Q_RANK_LOW, Q_RANK_HIGH };
    static const char *const orders[] = { "score asc, id", "score desc, id desc",
                                          "name nulls first, id" };
    static const struct {
        const char *team, *word;
        int32_t least;
    } of[] = { { "red", "a", 50 }, { "blue", "100%", 11 }, { "red", "", 60 } };
    elsewhere(scene, people_rows);
    for (size_t v = 0; v < COUNT(of); v++)
        for (int given = 0; given < 16 * 3; given++) {
            struct q_find_args args = { .sort = (enum q_find_sort)(given / 16) };
            char where[256] = "", part[128] = "";
            struct q_people *rows;
            size_t n;
            if (given & 2)
                SC_SET(args.least, of[v].least);
            if (given & 1) {
                args.team = of[v].team;
                if (given & 2) /* nested: only where the team is given, too */
                    snprintf(part, sizeof(part), " and score >= %d", of[v].least);
                snprintf(where, sizeof(where), " and team = '%s'%s", of[v].team, part);
            }
            if (given & 4) {
                args.word = of[v].word;
                snprintf(part, sizeof(part), " and name ilike '%%%s%%'", of[v].word);
                snprintf(where + strlen(where), sizeof(where) - strlen(where), "%s",
                         part);
            }
            if (given & 8) {
                args.ranks = (struct q_rank_list)SC_LIST(ranks, 2);
                snprintf(where + strlen(where), sizeof(where) - strlen(where), "%s",
                         " and rank in ('low', 'high')");
            }
            LISTS(people_where(scene, where, orders[given / 16]),
                  q_find(scene->db, &args, &rows, &n, &scene->err), q_people_free);
        }
}

static void a_fragment_needs_all_of_its_own(void **state)
{
    struct scene *scene = *state;
    int32_t *values;
    size_t n;
    static const struct {
        struct q_pick_args args;
        size_t n;
    } of[] = { { { SC_NULL, SC_NULL }, 10 },
               { { SC(3), { SC_IS_UNSET, 0 } }, 10 },
               { { { SC_IS_UNSET, 0 }, SC(3) }, 10 },
               { { SC(3), SC(6) }, 2 },
               { { SC(3), SC_NULL }, 10 } };
    for (size_t i = 0; i < COUNT(of); i++) {
        EXPECT(SC_OK, q_pick(scene->db, &of[i].args, &values, &n, &scene->err));
        assert_int_equal(n, of[i].n);
        sc_free(values);
    }
}

static void choices(void **state)
{
    struct scene *scene = *state;
    int sent;
    for (int first = 0; first < 2; first++)
        for (int second = 0; second < 2; second++) {
            struct q_two_choices_args args = {
                .first = (enum q_two_choices_first)first,
                .second = (enum q_two_choices_second)second
            };
            int32_t value = 0;
            EXPECT(SC_OK, q_two_choices(scene->db, &args, &value, &scene->err));
            assert_int_equal(value, 1 + first + 10 * (1 + second));
        }
    count_statements(scene->db, &sent);
    static const unsigned none[] = { 2, 3, 254, 255, 256, 1u << 31 };
    for (size_t i = 0; i < COUNT(none); i++) {
        struct q_two_choices_args args = {
            .second = (enum q_two_choices_second)none[i]
        };
        int32_t value = 0;
        EXPECT(SC_MISUSE, q_two_choices(scene->db, &args, &value, &scene->err));
    }
    assert_int_equal(sent, 0);
}

static void an_optional_parameter_outside_a_fragment(void **state)
{
    struct scene *scene = *state;
    struct v_echo_text_args args = { 0 };
    struct v_echo_any_args any = { .x = "4" };
    const char **text;
    int32_t value;
    EXPECT(SC_OK, v_echo_text(scene->db, &args, &text, &scene->err));
    assert_null(*text);
    sc_free(text);
    args.x = "";
    EXPECT(SC_OK, v_echo_text(scene->db, &args, &text, &scene->err));
    assert_string_equal(*text, "");
    sc_free(text);
    EXPECT(SC_OK, v_echo_any(scene->db, &any, &value, &scene->err));
    assert_int_equal(value, 4);
    SC_SET(any.y, 5);
    EXPECT(SC_OK, v_echo_any(scene->db, &any, &value, &scene->err));
    assert_int_equal(value, 9);
    any.x = NULL;
    EXPECT(SC_OK, v_echo_any(scene->db, &any, &value, &scene->err));
    assert_int_equal(value, 5);
}

/* ---- relations ------------------------------------------------------------------- */

static void relations_of_one(void **state)
{
    struct scene *scene = *state;
    struct q_person_with_row *row = (void *)1;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_person_with(scene->db, 1, &row, &scene->err));
    assert_string_equal(row->people.name, "Ada");
    assert_int_equal(row->letters_by_sender_id.count, 10);
    assert_int_equal(row->people_by_boss_id.count, 2);
    assert_int_equal(row->people_by_boss_id.items[0].boss_id.value, 1);
    q_person_with_free(row);
    EXPECT(SC_OK, q_person_with(scene->db, 3, &row, &scene->err));
    assert_int_equal(row->letters_by_sender_id.count, 0);
    assert_null(row->people_by_boss_id.items);
    q_person_with_free(row);
    EXPECT(SC_NOT_FOUND, q_person_with(scene->db, 9, &row, &scene->err));
    assert_null(row);
}

/* Parents with some, with other, and with no children; children go to their own. */
static void relations_of_many(void **state)
{
    struct scene *scene = *state;
    struct q_team_with_row *rows = (void *)1;
    size_t n;
    static const size_t counts[] = { 0, 5, 1 };
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_team_with(scene->db, "red", &rows, &n, &scene->err));
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(rows[i].people.id, i + 1);
        assert_int_equal(rows[i].letters_by_reader_id.count, counts[i]);
        for (size_t c = 0; c < counts[i]; c++)
            assert_int_equal(rows[i].letters_by_reader_id.items[c].reader_id.value,
                             i + 1);
    }
    assert_string_equal(rows[2].letters_by_reader_id.items[0].body, "late");
    q_team_with_free(rows);
    EXPECT(SC_OK, q_team_with(scene->db, "none", &rows, &n, &scene->err));
    assert_null(rows);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(one),
        FEATURE_TEST(maybe),
        FEATURE_TEST(many),
        FEATURE_TEST(exec),
        FEATURE_TEST(bare_values),
        FEATURE_TEST(bare_values_of_other_types),
        FEATURE_TEST(lists_of_bare_values),
        FEATURE_TEST(a_shape_shared_by_queries),
        FEATURE_TEST(each_combination_of_fragments),
        FEATURE_TEST(a_fragment_needs_all_of_its_own),
        FEATURE_TEST(choices),
        FEATURE_TEST(an_optional_parameter_outside_a_fragment),
        FEATURE_TEST(relations_of_one),
        FEATURE_TEST(relations_of_many),
    };
    return RUN_FEATURES("features_query", tests);
}
