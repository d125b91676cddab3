/* people.h: rows of q.people, q.letters and q.cells for tests of reads, and how lists
 * of rows are compared. */
#ifndef TESTS_DB_SUPPORT_PEOPLE_H
#define TESTS_DB_SUPPORT_PEOPLE_H
#include "tests/db/support/features.h"

static const char people_rows[] =
    "insert into q.people (id, email, name, rank, ranks, team, score, boss_id, info)"
    " values"
    " (1, 'a@x', 'Ada', 'high', '{low,high}', 'red', 50, null, '{\"a\": 1, \"b\": 2}'),"
    " (2, 'b@x', 'Bob', 'low', '{}', 'red', 70, 1, '{\"b\": [1, 2]}'),"
    " (3, 'c@x', null, 'mid', null, 'red', 50, 1, '{}'),"
    " (4, 'd@x', 'Dan 100%', 'low', '{mid,null}', 'blue', 10, 2, '{\"a\": 1}'),"
    " (5, 'e@x', 'Eve', 'low', null, null, 0, null, '[\"b\"]');"
    "insert into q.letters (sender_id, reader_id, at, body)"
    " select 1, case when n % 2 = 0 then 2 end, timestamptz '2020-01-01 00:00+00'"
    " + (n / 3) * interval '1 day', 'letter ' || n from generate_series(1, 10) n;"
    "insert into q.letters (sender_id, reader_id, at, body)"
    " values (2, 3, '2021-01-01 00:00+00', 'late');";

/* Many with equal leading columns, and texts that sort by bytes or not at all. */
static const char cells_rows[] =
    "insert into q.cells (sheet, row, col, n) select s, r, c, row_number() over"
    " (partition by s) from generate_series(1, 3) s, generate_series(1, 4) r,"
    " unnest('{a,b,\"\",\303\251,\"z z\"}'::text[]) c;";

/* The rows' numbers, in their order: "1 2 3". */
#define IDS(rows, n, text)                                                       \
    do {                                                                         \
        size_t end_ = 0;                                                         \
        (text)[0] = 0;                                                           \
        for (size_t i_ = 0; i_ < (n); i_++)                                      \
            end_ += (size_t)snprintf((text) + end_, sizeof(text) - end_, "%s%d", \
                                     i_ ? " " : "", (int)(rows)[i_].id);         \
    } while (0)

static inline void expect_text(const char *got, const char *want, int line)
{
    if (strcmp(got, want) == 0)
        return;
    print_error("line %d: \"%s\" instead of \"%s\"\n", line, got, want);
    fail();
}

/* A call that gives `rows` and `n`: which rows, in which order; frees them. */
#define LISTS(want, call, free_them)         \
    do {                                     \
        char ids_[1024];                     \
        EXPECT(SC_OK, call);                 \
        IDS(rows, n, ids_);                  \
        free_them(rows);                     \
        expect_text(ids_, (want), __LINE__); \
    } while (0)

/* The same, in no order. */
static inline int compare_ints(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}
#define HOLDS(want, call, free_them)                     \
    do {                                                 \
        struct {                                         \
            int id;                                      \
        } found_[64];                                    \
        char ids_[1024];                                 \
        EXPECT(SC_OK, call);                             \
        assert_true(n <= COUNT(found_));                 \
        for (size_t i_ = 0; i_ < n; i_++)                \
            found_[i_].id = (int)rows[i_].id;            \
        free_them(rows);                                 \
        qsort(found_, n, sizeof(*found_), compare_ints); \
        IDS(found_, n, ids_);                            \
        expect_text(ids_, (want), __LINE__);             \
    } while (0)

#endif
