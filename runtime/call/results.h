/* results.h: from binary results to one block of C structs. Decoding itself is codec.h's. */
#ifndef SC_ROWS_H
#define SC_ROWS_H
#include "runtime/statement/ask.h"

/* Asks whose results have the same row, one after the other. */
struct sc__rows {
    struct sc__ask *asks;
    size_t nasks;
    size_t stride; /* sizeof the C struct */
    const char *label;
};

/* Makes one block of all their rows, in order, and gives it the results. *block is NULL
 * when there is no row; the results then stay with the asks, as they do on failure. */
enum sc_status sc__rows_take(const struct sc__rows *rows, void **block, size_t *count,
                             struct sc_error *err);

/* Decodes the one value of a result of one row and one column into `out`. Texts, numerics
 * and byteas become a block of their own. */
enum sc_status sc__rows_value(const struct sc__ask *ask, void *out,
                              struct sc_error *err);

/* Makes a block in ask->slab of an ask's result when that is one row and not a long one, so
 * that libpq has its memory back for the next result; else the result stays. */
void sc__rows_settle(struct sc__ask *ask);

/* How many rows a command touched or gave. */
int64_t sc__rows_touched(const PGresult *result);

/* The fault of a result's column as an error. */
enum sc_status sc__rows_fail(const char *label, const struct sc__result *in,
                             const struct sc__fault *fault, struct sc_error *err);

#endif
