/* numeric.c: sc_numeric's text, checked and converted; knows no wire format. */
#include "numeric.h"
#include "decimal.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* An exponent beyond it is out of range whatever digits stand before it, but for more
 * digits than fit in memory together with the limits. */
#define EXPONENT_MAX INT64_C(1000000000)

/* Whether the whole text is the word, which is in lower case; ASCII in any locale. */
static bool is_word(const char *text, const char *word)
{
    while (*word != '\0' && (*text == *word || *text == *word - 'a' + 'A')) {
        text++;
        word++;
    }
    return *word == '\0' && *text == '\0';
}

static bool scan_special(const char *text, struct sc__decimal *out)
{
    if (is_word(text, "nan")) {
        *out = (struct sc__decimal){ .is = SC__NAN };
        return true;
    }
    bool negative = *text == '-';
    text += *text == '-' || *text == '+';
    if (!is_word(text, "infinity") && !is_word(text, "inf")) {
        return false;
    }
    *out = (struct sc__decimal){ .is = SC__INFINITE, .negative = negative };
    return true;
}

/* Digits and point as they stand, before the exponent is known. */
struct digits {
    const char *first; /* that is not 0; NULL: none is */
    int64_t whole;     /* digits before the point */
    int64_t fraction;  /* and behind it */
    int64_t leading;   /* zeros before first */
    int64_t trailing;  /* zeros behind the last that is not 0 */
};

static void take_digit(struct digits *d, const char *at, bool behind_point)
{
    *(behind_point ? &d->fraction : &d->whole) += 1;
    if (*at != '0') {
        d->first = d->first != NULL ? d->first : at;
        d->trailing = 0;
    } else if (d->first == NULL) {
        d->leading++;
    } else {
        d->trailing++;
    }
}

static bool take_digits(const char **at, struct digits *d)
{
    const char *p = *at;
    bool behind_point = false;
    for (; sc__is_digit(*p) || (*p == '.' && !behind_point); p++) {
        if (*p == '.') {
            behind_point = true;
        } else {
            take_digit(d, p, behind_point);
        }
    }
    *at = p;
    return d->whole + d->fraction > 0;
}

static bool take_exponent(const char **at, int64_t *exponent)
{
    const char *p = *at;
    int64_t sum = 0;
    *exponent = 0;
    if (*p != 'e' && *p != 'E') {
        return true;
    }
    bool negative = *++p == '-';
    p += *p == '-' || *p == '+';
    if (!sc__is_digit(*p)) {
        return false;
    }
    for (; sc__is_digit(*p); p++) {
        sum = sum < EXPONENT_MAX ? sum * 10 + (*p - '0') : sum;
    }
    *exponent = negative ? -sum : sum;
    *at = p;
    return true;
}

bool sc__decimal_scan(const char *text, struct sc__decimal *out)
{
    if (text == NULL) {
        return false;
    }
    const char *p = text;
    struct sc__decimal made = { .negative = *p == '-' };
    struct digits d = { 0 };
    int64_t exponent;
    p += *p == '-' || *p == '+';
    if (!sc__is_digit(*p) && *p != '.') {
        return scan_special(text, out);
    }
    if (!take_digits(&p, &d) || !take_exponent(&p, &exponent) || *p != '\0') {
        return false;
    }
    made.dscale = d.fraction > exponent ? d.fraction - exponent : 0;
    if (d.first != NULL) {
        made.first = d.first;
        made.count = d.whole + d.fraction - d.leading - d.trailing;
        made.power = d.whole - 1 - d.leading + exponent;
    } else {
        made.negative = false; /* there is no -0 */
    }
    if (made.power >= (SC__NUMERIC_WEIGHT_MAX + 1) * INT64_C(4) ||
        made.dscale > SC__NUMERIC_DSCALE_MAX) {
        return false;
    }
    *out = made;
    return true;
}

int sc__decimal_next(const char **at)
{
    const char *p = *at;
    p += *p == '.';
    *at = p + 1;
    return *p - '0';
}

bool sc_numeric_valid(const char *text)
{
    struct sc__decimal d;
    return sc__decimal_scan(text, &d);
}

bool sc_numeric_to_int8(struct sc_numeric n, int64_t *out)
{
    struct sc__decimal d;
    if (!sc__decimal_scan(n.text, &d) || d.is != SC__FINITE || d.power > 18 ||
        d.count > d.power + 1) {
        return false;
    }
    uint64_t sum = 0; /* of 19 digits at most */
    const char *p = d.first;
    for (int64_t i = 0; d.count > 0 && i <= d.power; i++) {
        sum = sum * 10 + (uint64_t)(i < d.count ? sc__decimal_next(&p) : 0);
    }
    if (sum > (uint64_t)INT64_MAX + d.negative) {
        return false;
    }
    *out = d.negative ? (int64_t)(0 - sum) : (int64_t)sum;
    return true;
}

/* More digits than decide how any double rounds (767 at most do); one that is not 0
 * stands for all that are cut. */
#define DIGITS_MAX 800

bool sc_numeric_to_float8(struct sc_numeric n, double *out)
{
    struct sc__decimal d;
    if (!sc__decimal_scan(n.text, &d)) {
        return false;
    }
    if (d.is != SC__FINITE) {
        *out = d.is == SC__NAN ? (double)NAN : d.negative ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    /* Digits and an exponent without a point read alike in every locale. */
    char text[DIGITS_MAX + 32];
    char *to = text;
    const char *p = d.first;
    int64_t kept = d.count < DIGITS_MAX ? d.count : DIGITS_MAX;
    to = sc__put_text(to, d.negative ? "-0" : "0");
    for (int64_t i = 0; i < kept; i++) {
        *to++ = (char)('0' + sc__decimal_next(&p));
    }
    if (kept < d.count) {
        *to++ = '1';
        kept++;
    }
    *to++ = 'e';
    *sc__put_int(to, d.count > 0 ? d.power + 1 - kept : 0) = '\0';
    int saved = errno;
    double value = strtod(text, NULL);
    errno = saved;
    if (isinf(value)) {
        return false;
    }
    *out = value;
    return true;
}
