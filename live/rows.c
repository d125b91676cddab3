/* rows.c: see rows.h. */
#include "rows.h"

#include <stdlib.h>

const char *rows_ask(struct arena *arena, struct sc_db *db, const char *sql,
                     const char *const params[2], struct rows *rows)
{
    struct sc_rows *answer = NULL;
    struct sc_error err;
    size_t nparams = params == NULL ? 0 : 2;
    if (sc_query(db, sql, params, nparams, &answer, &err) != SC_OK) {
        return arena_printf(arena, "cannot read the catalogs: %s", err.message);
    }
    rows->n = sc_rows_count(answer);
    rows->columns = sc_rows_columns(answer);
    rows->cells = arena_array(arena, struct str, rows->n * rows->columns + 1);
    for (size_t i = 0; i < rows->n * rows->columns; i++) {
        const char *value = sc_rows_value(answer, i / rows->columns, i % rows->columns);
        if (value != NULL) {
            size_t n = strlen(value);
            rows->cells[i] = (struct str){ arena_copy(arena, value, n), n };
        }
    }
    sc_rows_free(answer);
    return NULL;
}

struct str rows_cell(const struct rows *rows, size_t row, size_t column)
{
    return rows->cells[row * rows->columns + column];
}

uint32_t rows_oid(const struct rows *rows, size_t row, size_t column)
{
    struct str cell = rows_cell(rows, row, column);
    return cell.s == NULL ? 0 : (uint32_t)strtoul(cell.s, NULL, 10);
}

bool rows_bool(const struct rows *rows, size_t row, size_t column)
{
    struct str cell = rows_cell(rows, row, column);
    return cell.n == 1 && cell.s[0] == 't';
}
