/* digits.c: a numeric's text <-> its base-10,000 digits; allocates nothing.
 *
 * Source: PostgreSQL 15, src/backend/utils/adt/numeric.c (numeric_send, numeric_recv,
 * get_str_from_var). Header: count of digits, weight (power of 10,000 of the first),
 * sign, digits shown behind the point. */
#include "private.h"
#include "runtime/bytes.h"
#include "runtime/value/numeric.h"

#define HEADER            8
#define SIGN_POSITIVE     0x0000
#define SIGN_NEGATIVE     0x4000
#define SIGN_NAN          0xc000
#define SIGN_INFINITE     0xd000
#define SIGN_MINUS_INF    0xf000
#define DSCALE_INFINITE   0x20 /* as PostgreSQL sends it */
#define SPECIAL_TEXT_SIZE sizeof "-Infinity"

static int64_t floor4(int64_t power)
{
    return power >= 0 ? power / 4 : -((3 - power) / 4);
}

/* ---- out ---------------------------------------------------------------------------- */

static int64_t count_groups(const struct sc__decimal *d)
{
    return d->count == 0 ? 0 : floor4(d->power) - floor4(d->power - d->count + 1) + 1;
}

const struct sc__fault *sc__numeric_size(const char *text, size_t *size)
{
    struct sc__decimal d;
    if (!sc__decimal_scan(text, &d)) {
        return &sc__is_no_number;
    }
    *size = HEADER + 2 * (size_t)count_groups(&d);
    return NULL;
}

static char *write_special(const struct sc__decimal *d, char *to)
{
    bool nan = d->is == SC__NAN;
    to = sc__put32(to, 0);
    to = sc__put16(to, nan ? SIGN_NAN : d->negative ? SIGN_MINUS_INF : SIGN_INFINITE);
    return sc__put16(to, nan ? 0 : DSCALE_INFINITE);
}

char *sc__numeric_write(const char *text, char *to)
{
    static const int scale[] = { 1, 10, 100, 1000 };
    struct sc__decimal d = { 0 };
    sc__decimal_scan(text, &d); /* sized before, so it is a number */
    if (d.is != SC__FINITE) {
        return write_special(&d, to);
    }
    to = sc__put16(to, (uint16_t)count_groups(&d));
    to = sc__put16(to, d.count == 0 ? 0 : (uint16_t)floor4(d.power));
    to = sc__put16(to, d.negative ? SIGN_NEGATIVE : SIGN_POSITIVE);
    to = sc__put16(to, (uint16_t)d.dscale);
    const char *digit = d.first;
    int group = 0;
    for (int64_t i = 0; i < d.count; i++) {
        int64_t power = d.power - i;
        int64_t place = power - 4 * floor4(power);
        group += sc__decimal_next(&digit) * scale[place];
        if (place == 0 || i == d.count - 1) {
            to = sc__put16(to, (uint16_t)group);
            group = 0;
        }
    }
    return to;
}

/* ---- in ----------------------------------------------------------------------------- */

struct number {
    const char *digits;
    int count;
    int weight;
    int sign;
    int dscale;
};

static struct number read_header(const char *data)
{
    struct number n = {
        .digits = data + HEADER,
        .count = sc__get16(data),
        .weight = (int16_t)sc__get16(data + 2),
        .sign = sc__get16(data + 4),
        .dscale = sc__get16(data + 6),
    };
    return n;
}

static bool is_finite(const struct number *n)
{
    return n->sign == SIGN_POSITIVE || n->sign == SIGN_NEGATIVE;
}

const struct sc__fault *sc__numeric_text_size(struct sc__bytes from, size_t *size)
{
    if (from.length < HEADER) {
        return &sc__has_wrong_length;
    }
    struct number n = read_header(from.data);
    if (from.length != HEADER + 2 * n.count) {
        return &sc__has_wrong_length;
    }
    if (!is_finite(&n)) {
        bool special = n.sign == SIGN_NAN || n.sign == SIGN_INFINITE ||
                       n.sign == SIGN_MINUS_INF;
        *size = SPECIAL_TEXT_SIZE;
        return special && n.count == 0 ? NULL : &sc__is_malformed;
    }
    for (int i = 0; i < n.count; i++) {
        if (sc__get16(n.digits + 2 * i) > 9999) {
            return &sc__is_malformed;
        }
    }
    int whole = n.weight >= 0 ? 4 * (n.weight + 1) : 1;
    *size = (size_t)(1 + whole + 1 + n.dscale + 1);
    return n.dscale <= SC__NUMERIC_DSCALE_MAX ? NULL : &sc__is_malformed;
}

/* The digit of value 10^power. */
static char digit_at(const struct number *n, int power)
{
    static const int scale[] = { 1, 10, 100, 1000 };
    int group = (int)floor4(power);
    int index = n->weight - group;
    if (index < 0 || index >= n->count) {
        return '0';
    }
    int value = sc__get16(n->digits + 2 * index);
    return (char)('0' + value / scale[power - 4 * group] % 10);
}

static char *put_special(int sign, char *to)
{
    const char *text = sign == SIGN_NAN        ? "NaN"
                       : sign == SIGN_INFINITE ? "Infinity"
                                               : "-Infinity";
    return sc__put_bytes(to, text, strlen(text) + 1);
}

char *sc__numeric_text(struct sc__bytes from, char *to)
{
    struct number n = read_header(from.data);
    if (!is_finite(&n)) {
        return put_special(n.sign, to);
    }
    int power = n.weight >= 0 ? 4 * n.weight + 3 : 0;
    while (power > 0 && digit_at(&n, power) == '0') {
        power--;
    }
    char *first = to;
    bool zero = true;
    if (n.sign == SIGN_NEGATIVE) {
        *to++ = '-';
    }
    for (; power >= -n.dscale; power--) {
        if (power == -1) {
            *to++ = '.';
        }
        *to = digit_at(&n, power);
        zero = zero && *to == '0';
        to++;
    }
    if (zero && n.sign == SIGN_NEGATIVE) { /* no server sends it */
        memmove(first, first + 1, (size_t)(to - first - 1));
        to--;
    }
    *to++ = '\0';
    return to;
}
