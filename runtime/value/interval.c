/* interval.c: sc_interval in PostgreSQL's `postgres` style; knows nothing of dates.
 *
 * The infinities (PostgreSQL 17) are all three members at their extremes. */
#include "civil.h"
#include "decimal.h"
#include <string.h>

static const struct sc_interval infinity = { INT64_MAX, INT32_MAX, INT32_MAX };
static const struct sc_interval minus_infinity = { INT64_MIN, INT32_MIN, INT32_MIN };

static bool same(struct sc_interval a, struct sc_interval b)
{
    return a.usec == b.usec && a.days == b.days && a.months == b.months;
}

/* ---- parse ------------------------------------------------------------------------- */

struct reader {
    const char *at;
    bool minus; /* the number at hand */
    uint64_t number;
    bool some;     /* a field was read */
    bool has_time; /* the last one */
};

static bool take_sign(const char **at)
{
    bool minus = sc__take_char(at, '-');
    if (!minus) {
        sc__take_char(at, '+');
    }
    return minus;
}

/* Reads the sign and the number of the next field, and the blank before it. */
static bool take_number(struct reader *r)
{
    if (r->some && !sc__take_char(&r->at, ' ')) {
        return false;
    }
    r->minus = take_sign(&r->at);
    return sc__take_uint(&r->at, 1, 10, &r->number);
}

static bool take_unit(struct reader *r, const char *unit)
{
    const char *p = r->at;
    if (!sc__take_char(&p, ' ') || !sc__take_word(&p, unit)) {
        return false;
    }
    sc__take_char(&p, 's');
    if (*p != ' ' && *p != '\0') {
        return false;
    }
    r->at = p;
    return true;
}

/* Adds number * times to *sum; false when that is out of int32. */
static bool add_number(const struct reader *r, int64_t times, int32_t *sum)
{
    int64_t add = (int64_t)r->number * times; /* number has at most ten digits */
    int64_t total = *sum + (r->minus ? -add : add);
    if (total < INT32_MIN || total > INT32_MAX) {
        return false;
    }
    *sum = (int32_t)total;
    return true;
}

/* The rest of [-]H...:MM:SS[.f], whose hours have been read. */
static bool take_rest_of_time(struct reader *r, int64_t *usec)
{
    uint64_t minute, second;
    int64_t fraction;
    if (!sc__take_char(&r->at, ':') || !sc__take_uint(&r->at, 2, 2, &minute) ||
        !sc__take_char(&r->at, ':') || !sc__take_uint(&r->at, 2, 2, &second) ||
        !sc__take_millionths(&r->at, &fraction) || minute > 59 || second > 59) {
        return false;
    }
    /* Ten digits of hours stay within uint64: 9999999999 h are 3.6e19 microseconds, more
     * than fits; 2562047788 h are the most that int64 can hold. */
    if (r->number > 2562047788) {
        return false;
    }
    uint64_t sum = (r->number * 3600 + minute * 60 + second) * 1000000 +
                   (uint64_t)fraction;
    uint64_t limit = (uint64_t)INT64_MAX + r->minus;
    if (sum > limit) {
        return false;
    }
    *usec = r->minus ? (int64_t)(0 - sum) : (int64_t)sum;
    return true;
}

/* Takes the field whose number has been read, if it may come at `stage` (0 years,
 * 1 months, 2 days, 3 time); gives the stage after it, 0 for a refusal. */
static int take_field(struct reader *r, int stage, struct sc_interval *out)
{
    if (stage <= 0 && take_unit(r, "year")) {
        return add_number(r, 12, &out->months) ? 1 : 0;
    }
    if (stage <= 1 && (take_unit(r, "mon") || take_unit(r, "month"))) {
        return add_number(r, 1, &out->months) ? 2 : 0;
    }
    if (stage <= 2 && take_unit(r, "day")) {
        return add_number(r, 1, &out->days) ? 3 : 0;
    }
    return take_rest_of_time(r, &out->usec) ? 4 : 0;
}

bool sc_interval_parse(const char *text, struct sc_interval *out)
{
    if (text == NULL) {
        return false;
    }
    if (strcmp(text, "infinity") == 0 || strcmp(text, "-infinity") == 0) {
        *out = *text == '-' ? minus_infinity : infinity;
        return true;
    }
    struct reader r = { .at = text };
    struct sc_interval parsed = { 0 };
    int stage = 0;
    do {
        if (stage == 4 || !take_number(&r)) {
            return false;
        }
        stage = take_field(&r, stage, &parsed);
        r.some = true;
    } while (stage != 0 && *r.at != '\0');
    if (stage == 0) {
        return false;
    }
    *out = parsed;
    return true;
}

/* ---- format ------------------------------------------------------------------------ */

struct writer {
    char *to;
    bool some;   /* a field was written */
    bool before; /* the last one was negative: the next positive one gets a "+" */
};

static void put_field(struct writer *w, int64_t value, const char *unit)
{
    if (value == 0) {
        return;
    }
    w->to = sc__put_text(w->to, w->some ? " " : "");
    w->to = sc__put_text(w->to, w->before && value > 0 ? "+" : "");
    w->to = sc__put_int(w->to, value);
    w->to = sc__put_text(w->to, unit);
    w->to = sc__put_text(w->to, value == 1 ? "" : "s");
    w->some = true;
    w->before = value < 0;
}

const char *sc_interval_format(struct sc_interval i, char buf[SC_INTERVAL_SIZE])
{
    struct writer w = { .to = buf };
    if (same(i, infinity) || same(i, minus_infinity)) {
        *sc__put_text(buf, i.usec > 0 ? "infinity" : "-infinity") = '\0';
        return buf;
    }
    put_field(&w, i.months / 12, " year");
    put_field(&w, i.months % 12, " mon");
    put_field(&w, i.days, " day");
    if (!w.some || i.usec != 0) {
        w.to = sc__put_text(w.to, w.some ? " " : "");
        w.to = sc__put_text(w.to, i.usec < 0 ? "-" : w.before ? "+" : "");
        uint64_t usec = i.usec < 0 ? 0 - (uint64_t)i.usec : (uint64_t)i.usec;
        w.to = sc__put_clock(w.to, usec);
    }
    *w.to = '\0';
    return buf;
}
