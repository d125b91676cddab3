/* numeric.h: the reading of a decimal text, shared by helpers and codec; it must
 * not know of wire formats. Not installed. */
#ifndef SC_VALUE_NUMERIC_H
#define SC_VALUE_NUMERIC_H
#include "runtime/sc.h"

/* PostgreSQL 15, src/backend/utils/adt/numeric.c: NUMERIC_WEIGHT_MAX in base 10,000, and
 * NUMERIC_DSCALE_MAX. */
#define SC__NUMERIC_WEIGHT_MAX 0x7fff
#define SC__NUMERIC_DSCALE_MAX 0x3fff

enum sc__number_class { SC__FINITE, SC__NAN, SC__INFINITE };

/* A number's text, taken apart. */
struct sc__decimal {
    enum sc__number_class is;
    bool negative;
    const char *first; /* first digit that is not 0; those behind it may have a "." */
    int64_t count;     /* digits from there to the last that is not 0; 0: zero */
    int64_t power;     /* of ten, of the first */
    int64_t dscale;    /* digits shown behind the point */
};

/* Takes what numeric_in takes, but no blanks around it: digits with an optional point,
 * sign and exponent, NaN, Infinity, inf. False for anything else, NULL and what is out
 * of numeric's range included. */
bool sc__decimal_scan(const char *text, struct sc__decimal *out);

/* Gives the digit at *at and moves on to the next. */
int sc__decimal_next(const char **at);

#endif
