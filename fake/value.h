/* value.h: one made-up value of a type, as an SQL literal. For fake/ only. */
#ifndef FAKE_VALUE_H
#define FAKE_VALUE_H
#include "../base/buf.h"
#include "bounds.h"

struct value_wish {
    const struct model_type *type;
    struct str name; /* of the column: what the value is to look like */
    const struct bounds *bounds;
    uint64_t number; /* of the row, from 1 */
    uint64_t random; /* of row, column and attempt */
    size_t place;    /* of the column: later columns get later moments */
    bool distinct;   /* another one for each number */
};

/* Appends the literal. False, with nothing appended: there is no value of the type that
 * is known to be right. */
bool value_put(struct buf *out, const struct value_wish *wish);

/* A mix of two numbers that looks like chance. */
uint64_t value_mix(uint64_t a, uint64_t b);

#endif
