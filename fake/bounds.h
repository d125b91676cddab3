/* bounds.h: what checks plainly say of a column's values. For fake/ only. */
#ifndef FAKE_BOUNDS_H
#define FAKE_BOUNDS_H
#include "../base/arena.h"
#include "../lang/model.h"

struct bounds {
    bool has_low, has_high;
    double low, high; /* inclusive */
    bool has_least, has_most;
    long least, most;        /* length in characters, inclusive */
    VEC(struct str) choices; /* the values of lists, unquoted */
    bool lower, upper;       /* case, as in check (email = lower(email)) */
};

/* Of the checks of its table and of its domain. What is not understood is left out: the
 * server has the last word. */
struct bounds bounds_of(struct arena *arena, const struct model_column *column);

#endif
