/* series.h: streams of q.series, whose rows are known by their places. */
#ifndef TESTS_DB_SUPPORT_SERIES_H
#define TESTS_DB_SUPPORT_SERIES_H
#include "tests/db/support/features.h"

static inline void open_series(struct scene *scene, struct sc_db *db, int upto,
                               struct sc_stream **stream)
{
    struct q_series_args args = { .upto = upto };
    EXPECT(SC_OK, q_series_stream(db, &args, stream, &scene->err));
}

/* Reads `count` rows, and looks at each. */
static inline void read_series(struct scene *scene, struct sc_stream *stream, int count)
{
    struct q_series_row *row;
    char word[32];
    for (int i = 1; i <= count; i++) {
        EXPECT(SC_OK, q_series_next(stream, &row, &scene->err));
        assert_non_null(row);
        assert_int_equal(row->n, i);
        snprintf(word, sizeof(word), "word %d", i);
        assert_string_equal(row->word, word);
        assert_non_null(row->part.text);
    }
}

static inline void expect_end(struct scene *scene, struct sc_stream *stream)
{
    struct q_series_row *row = (void *)1;
    for (int i = 0; i < 2; i++) {
        EXPECT(SC_OK, q_series_next(stream, &row, &scene->err));
        assert_null(row);
    }
}

static inline void works(struct scene *scene, struct sc_db *db)
{
    int64_t total;
    EXPECT(SC_OK, q_total(db, &total, &scene->err));
}

#endif
