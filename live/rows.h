/* rows.h: what a catalog query answers, as slices in an arena. Knows of the library's
 * sc_query; nothing of what is asked. Private to live/. */
#ifndef LIVE_ROWS_H
#define LIVE_ROWS_H
#include "base/arena.h"
#include "base/str.h"
#include "runtime/sc.h"

struct rows {
    size_t n, columns;
    struct str *cells; /* row after row; s NULL: SQL NULL */
};

/* Runs the query with text parameters and copies the answer. Gives NULL, or in the arena
 * what the server said. */
const char *rows_ask(struct arena *arena, struct sc_db *db, const char *sql,
                     const char *const params[2], struct rows *rows);

struct str rows_cell(const struct rows *rows, size_t row, size_t column);
uint32_t rows_oid(const struct rows *rows, size_t row, size_t column); /* NULL: 0 */
bool rows_bool(const struct rows *rows, size_t row, size_t column);    /* NULL: false */

#endif
