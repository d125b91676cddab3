/* features_page_test.c: keyset pages give each row once, in the order of their index,
 * and their cursors survive being text. */
#include "tests/db/support/people.h"

/* Rows, one after the other, as expect_order's SQL names them. */
static char walked[1 << 14];
static size_t walked_size;

static void walk_start(void)
{
    walked_size = 0;
    walked[0] = 0;
}

static void walk_add(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void walk_add(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int put = vsnprintf(walked + walked_size, sizeof(walked) - walked_size, format,
                        args);
    va_end(args);
    assert_true(put > 0 && (size_t)put < sizeof(walked) - walked_size);
    walked_size += (size_t)put;
}

/* Walks pages of the given size to the end; REST are the arguments before the
 * cursor. */
#define WALK(table, function, size, SHOW, ...)                                        \
    do {                                                                              \
        struct function##_cursor last_ = { 0 }, *after_ = NULL;                       \
        struct table *rows = NULL;                                                    \
        size_t n = (size), pages_ = 0;                                                \
        walk_start();                                                                 \
        while (n == (size)) {                                                         \
            char *text_;                                                              \
            struct function##_cursor *parsed_ = NULL;                                 \
            if (after_) { /* the way of a web page: out as text, and in again */      \
                EXPECT(SC_OK, function##_cursor_text(after_, &text_, &scene->err));   \
                assert_int_equal(strspn(text_, url_safe), strlen(text_));             \
                EXPECT(SC_OK, function##_cursor_parse(text_, &parsed_, &scene->err)); \
                sc_free(text_);                                                       \
            }                                                                         \
            struct table *before_ = rows;                                             \
            EXPECT(SC_OK, function(__VA_ARGS__, pages_ % 2 ? parsed_ : after_,        \
                                   (int64_t)(size), &rows, &n, &scene->err));         \
            sc_free(parsed_);                                                         \
            table##_free(before_);                                                    \
            for (size_t i_ = 0; i_ < n; i_++) {                                       \
                const struct table *row = &rows[i_];                                  \
                SHOW;                                                                 \
            }                                                                         \
            if (n) {                                                                  \
                last_ = function##_cursor_of(&rows[n - 1]);                           \
                after_ = &last_;                                                      \
            }                                                                         \
            pages_++;                                                                 \
        }                                                                             \
        table##_free(rows);                                                           \
    } while (0)

static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789-_.~";
static const int sizes[] = { 1, 7, 20, 1000 };

static void expect_order(struct scene *scene, const char *sql, int line)
{
    static char want[sizeof(walked)];
    PGconn *pg = PQconnectdb(scene->test.url);
    PGresult *result = PQexec(pg, sql);
    assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
    snprintf(want, sizeof(want), "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    PQfinish(pg);
    expect_text(walked, want, line);
}
#define ORDER(sql) expect_order(scene, (sql), __LINE__)

#define CELL walk_add("%d/%d/%s/%d ", row->sheet, row->row, row->col, row->n)
#define CELLS(where, order)                                                            \
    "select coalesce(string_agg(format('%s/%s/%s/%s ', sheet, row, col, n), '' order " \
    "by " order "), '') from q.cells where " where

static void in_the_order_of_keys_and_indexes(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = scene->db;
    elsewhere(scene, cells_rows);
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t size = (size_t)sizes[s];
        WALK(q_cells, q_cells_page_in_sheet_row_col, size, CELL, db);
        ORDER(CELLS("true", "sheet, row, col"));
        WALK(q_cells, q_cells_page_in_sheet_n_col_row, size, CELL, db); /* mixed */
        ORDER(CELLS("true", "sheet desc, n, col desc, row"));
        WALK(q_cells, q_cells_page_by_sheet, size, CELL, db, 2);
        ORDER(CELLS("sheet = 2", "n, col desc, row"));
        WALK(q_cells, q_cells_page_by_sheet_n, size, CELL, db, 2, 5);
        ORDER(CELLS("sheet = 2 and n = 5", "col desc, row"));
        WALK(q_cells, q_cells_page_by_sheet, size, CELL, db, 99);
        ORDER(CELLS("false", "n"));
    }
}

#define PERSON walk_add("%d ", row->id)
#define PEOPLE(where, order)                                                          \
    "select coalesce(string_agg(id || ' ', '' order by " order "), '') from q.people" \
    " where " where

static const char many_people[] =
    "insert into q.people (id, email, rank, team, score)"
    " select n, n || '@x', (array['low', 'mid', 'high'])[abs(n) % 3 + 1]::q.rank,"
    " case when n % 2 = 0 then 'even' else 'odd' end, abs(n) % 5 from "
    "generate_series(-20, "
    "30)"
    " n;"
    "insert into q.letters (sender_id, at, body) select n % 2, timestamptz"
    " '2020-01-01 00:00+00' + n % 7 * interval '1.000001 s', n::text"
    " from generate_series(1, 40) n;"
    "update q.letters set at = 'infinity' where id % 11 = 0;"
    "update q.letters set at = '-infinity' where id % 13 = 0;";

static void over_each_type_of_column(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = scene->db;
    elsewhere(scene, many_people);
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t size = (size_t)sizes[s];
        WALK(q_people, q_people_page_in_id, size, PERSON, db);
        ORDER(PEOPLE("true", "id"));
        WALK(q_people, q_people_page_in_rank, size, PERSON,
             db); /* an enum, then the key */
        ORDER(PEOPLE("true", "rank, id"));
        WALK(q_people, q_people_page_by_rank, size, PERSON, db, Q_RANK_MID);
        ORDER(PEOPLE("rank = 'mid'", "id"));
        WALK(q_people, q_people_page_by_team, size, PERSON, db, "odd");
        ORDER(PEOPLE("team = 'odd'", "score desc, id"));
        WALK(q_letters, q_letters_page_by_sender_id, size, walk_add("%s ", row->body),
             db, 1);
        ORDER("select string_agg(body || ' ', '' order by at desc, id desc)"
              " from q.letters where sender_id = 1");
        WALK(q_letters, q_letters_page_in_sender_id_at_id, size,
             walk_add("%s ", row->body), db);
        ORDER("select string_agg(body || ' ', '' order by sender_id, at desc, id desc)"
              " from q.letters");
    }
}

static void of_declared_queries(void **state)
{
    struct scene *scene = *state;
    struct sc_db *db = scene->db;
    const struct q_team_page_args all = { .team = "even" };
    const struct q_team_page_args some = { .team = "even", .least = SC(2) };
    elsewhere(scene, many_people);
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t size = (size_t)sizes[s];
        WALK(q_people, q_team_page, size, PERSON, db, &all);
        ORDER(PEOPLE("team = 'even'", "score desc, id"));
        WALK(q_people, q_team_page, size, PERSON, db, &some);
        ORDER(PEOPLE("team = 'even' and score >= 2", "score desc, id"));
    }
}

#define q_letter_page_row_free q_letter_page_free
static void of_a_list_of_fields(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, many_people);
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t size = (size_t)sizes[s];
        WALK(q_letter_page_row, q_letter_page, size, walk_add("%s ", row->body),
             scene->db);
        ORDER("select string_agg(body || ' ', '' order by at desc, id desc)"
              " from q.letters");
    }
}

#define q_team_pages_row_free q_team_pages_free
static void with_related_rows(void **state)
{
    struct scene *scene = *state;
    elsewhere(scene, many_people);
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t size = (size_t)sizes[s];
        WALK(q_team_pages_row, q_team_pages, size,
             walk_add("%d:%zu ", row->people.id, row->letters_by_sender_id.count),
             scene->db, "odd");
        ORDER("select string_agg(p.id || ':' || (select count(*) from q.letters l"
              " where l.sender_id = p.id) || ' ', '' order by p.score desc, p.id)"
              " from q.people p where team = 'odd'");
    }
}

/* A page goes on where the one before ended, whatever became of that row. */
static void rows_that_come_and_go(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows;
    size_t n;
    elsewhere(scene, many_people);
    EXPECT(SC_OK, q_people_page_in_id(scene->db, NULL, 10, &rows, &n, &scene->err));
    struct q_people_page_in_id_cursor at = q_people_page_in_id_cursor_of(&rows[n - 1]);
    q_people_free(rows);
    elsewhere(scene, "delete from q.people where id between -12 and -11;"
                     "insert into q.people (id, email) values (-100, 'new')");
    EXPECT(SC_OK, q_people_page_in_id(scene->db, &at, 1, &rows, &n, &scene->err));
    assert_int_equal(rows->id, -10);
    q_people_free(rows);
}

static void limits(void **state)
{
    struct scene *scene = *state;
    struct q_people *rows = (void *)1;
    size_t n = 1;
    elsewhere(scene, people_rows);
    EXPECT(SC_OK, q_people_page_in_id(scene->db, NULL, 0, &rows, &n, &scene->err));
    assert_int_equal(n, 0);
    assert_null(rows);
    EXPECT(SC_OK,
           q_people_page_in_id(scene->db, NULL, INT64_MAX, &rows, &n, &scene->err));
    assert_int_equal(n, 5);
    q_people_free(rows);
    EXPECT(SC_BAD_VALUE,
           q_people_page_in_id(scene->db, NULL, -1, &rows, &n, &scene->err));
    assert_null(rows);
}

/* ---- cursors as text ------------------------------------------------------------- */

static void expect_no_cursor(struct scene *scene, const char *text)
{
    struct q_cells_page_in_sheet_row_col_cursor *cursor = (void *)1;
    enum sc_status status = q_cells_page_in_sheet_row_col_cursor_parse(text, &cursor,
                                                                       &scene->err);
    if (status == SC_BAD_VALUE && !cursor)
        return;
    print_error("\"%s\" gives %s\n", text ? text : "NULL", sc_status_name(status));
    fail();
}

static void garbage_is_no_cursor(void **state)
{
    struct scene *scene = *state;
    const struct q_cells_page_in_sheet_row_col_cursor at = { 1, 2, "text" };
    const struct q_people_page_in_id_cursor other = { 5 };
    char *text, copy[256];
    static const char *const garbage[] = { "",    " ",   "a",  "!",    "AAAA", "%00",
                                           "abc", "===", "_-", "1 or", "\377" };
    for (size_t i = 0; i < COUNT(garbage); i++)
        expect_no_cursor(scene, garbage[i]);
    expect_no_cursor(scene, NULL);
    EXPECT(SC_OK, q_people_page_in_id_cursor_text(&other, &text, &scene->err));
    expect_no_cursor(scene, text);
    sc_free(text);
    EXPECT(SC_OK, q_cells_page_in_sheet_row_col_cursor_text(&at, &text, &scene->err));
    size_t size = strlen(text);
    assert_true(size < sizeof(copy) - 8);
    for (size_t cut = 0; cut < size; cut++) {
        memcpy(copy, text, cut);
        copy[cut] = 0;
        expect_no_cursor(scene, copy);
    }
    snprintf(copy, sizeof(copy), "%sA", text);
    expect_no_cursor(scene, copy);
    snprintf(copy, sizeof(copy), "%s%s", text, text);
    expect_no_cursor(scene, copy);
    snprintf(copy, sizeof(copy), " %s", text);
    expect_no_cursor(scene, copy);
    sc_free(text);
}

/* Whatever one letter becomes: a cursor or a status, and never anything else. */
static void a_changed_letter(void **state)
{
    struct scene *scene = *state;
    const struct q_cells_page_in_sheet_row_col_cursor at = { -1, INT32_MAX,
                                                             "\303\251a" };
    struct q_cells_page_in_sheet_row_col_cursor *cursor;
    char *text;
    EXPECT(SC_OK, q_cells_page_in_sheet_row_col_cursor_text(&at, &text, &scene->err));
    EXPECT(SC_OK,
           q_cells_page_in_sheet_row_col_cursor_parse(text, &cursor, &scene->err));
    assert_int_equal(cursor->sheet, -1);
    assert_int_equal(cursor->row, INT32_MAX);
    assert_string_equal(cursor->col, "\303\251a");
    sc_free(cursor);
    for (size_t i = 0; text[i]; i++) {
        char was = text[i];
        for (const char *c = url_safe; *c; c++) {
            text[i] = *c;
            enum sc_status status = q_cells_page_in_sheet_row_col_cursor_parse(
                text, &cursor, &scene->err);
            assert_true(status == SC_OK || status == SC_BAD_VALUE);
            assert_int_equal(cursor != NULL, status == SC_OK);
            sc_free(cursor);
        }
        text[i] = was;
    }
    sc_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FEATURE_TEST(in_the_order_of_keys_and_indexes),
        FEATURE_TEST(over_each_type_of_column),
        FEATURE_TEST(of_declared_queries),
        FEATURE_TEST(of_a_list_of_fields),
        FEATURE_TEST(with_related_rows),
        FEATURE_TEST(rows_that_come_and_go),
        FEATURE_TEST(limits),
        FEATURE_TEST(garbage_is_no_cursor),
        FEATURE_TEST(a_changed_letter),
    };
    return RUN_FEATURES("features_page", tests);
}
