/* timestamp.c: sc_timestamp and sc_timestamptz; knows no time zones but offsets. */
#include "civil.h"
#include "decimal.h"
#include <time.h>

#define EPOCH_SECONDS INT64_C(946684800) /* 1970-01-01 to 2000-01-01 */
#define SECOND        INT64_C(1000000)

static bool is_infinite(int64_t usec)
{
    return usec == SC_TIMESTAMP_INFINITY || usec == SC_TIMESTAMP_MINUS_INFINITY;
}

struct sc_timestamptz sc_now(void)
{
    struct timespec now = { 0 };
    clock_gettime(CLOCK_REALTIME, &now);
    struct sc_timestamptz t = { ((int64_t)now.tv_sec - EPOCH_SECONDS) * SECOND +
                                now.tv_nsec / 1000 };
    return t;
}

struct sc_timestamptz sc_from_time(int64_t unix_seconds)
{
    struct sc_timestamptz t = { unix_seconds < 0 ? SC_TIMESTAMP_MINUS_INFINITY
                                                 : SC_TIMESTAMP_INFINITY };
    if (unix_seconds >= SC__TIMESTAMP_MIN / SECOND + EPOCH_SECONDS &&
        unix_seconds < SC__TIMESTAMP_END / SECOND + EPOCH_SECONDS) {
        t.usec = (unix_seconds - EPOCH_SECONDS) * SECOND;
    }
    return t;
}

int64_t sc_to_time(struct sc_timestamptz t)
{
    if (is_infinite(t.usec)) {
        return t.usec;
    }
    return t.usec / SECOND - (t.usec % SECOND < 0) + EPOCH_SECONDS;
}

struct sc_timestamptz sc_timestamptz_add(struct sc_timestamptz t, int64_t usec)
{
    if (is_infinite(t.usec)) {
        return t;
    }
    /* The sum may wrap round: compare before adding. */
    if (usec > 0 && t.usec > SC__TIMESTAMP_END - 1 - usec) {
        t.usec = SC_TIMESTAMP_INFINITY;
    } else if (usec < 0 && t.usec < INT64_MIN - usec) {
        t.usec = SC_TIMESTAMP_MINUS_INFINITY;
    } else {
        t.usec += usec;
    }
    if (t.usec < SC__TIMESTAMP_MIN) {
        t.usec = SC_TIMESTAMP_MINUS_INFINITY;
    }
    return t;
}

/* Reads all but the infinities; zone NULL: there is none. */
static bool parse_finite(const char *p, bool with_zone, int64_t *usec)
{
    struct sc__civil civil;
    int64_t clock;
    int32_t zone = 0;
    if (!sc__take_civil(&p, &civil) ||
        !(sc__take_char(&p, ' ') || sc__take_char(&p, 'T') || sc__take_char(&p, 't')) ||
        !sc__take_clock(&p, &clock) || (with_zone && !sc__take_zone(&p, &zone))) {
        return false;
    }
    sc__take_era(&p, &civil);
    if (*p != '\0' || !sc__civil_exists(civil)) {
        return false;
    }
    int64_t days = sc__civil_to_days(civil);
    /* A day more on both sides than fits, so that the product cannot overflow. */
    if (days < SC__TIMESTAMP_MIN / SC__DAY_USEC - 1 ||
        days > SC__TIMESTAMP_END / SC__DAY_USEC) {
        return false;
    }
    /* Added from the middle: END plus a day and a zone stays within int64. */
    int64_t sum = days * SC__DAY_USEC + (clock + zone * SECOND);
    if (sum < SC__TIMESTAMP_MIN || sum >= SC__TIMESTAMP_END) {
        return false;
    }
    *usec = sum;
    return true;
}

static bool parse(const char *text, bool with_zone, int64_t *usec)
{
    if (text == NULL) {
        return false;
    }
    const char *p = text;
    bool minus = sc__take_char(&p, '-');
    if (sc__take_word(&p, "infinity") && *p == '\0') {
        *usec = minus ? SC_TIMESTAMP_MINUS_INFINITY : SC_TIMESTAMP_INFINITY;
        return true;
    }
    return parse_finite(text, with_zone, usec);
}

static const char *format(int64_t usec, const char *zone, char *buf)
{
    char *to = buf;
    if (is_infinite(usec)) {
        to = sc__put_text(to, usec > 0 ? "infinity" : "-infinity");
    } else {
        int64_t days = usec / SC__DAY_USEC - (usec % SC__DAY_USEC < 0);
        struct sc__civil civil = sc__civil_from_days(days);
        uint64_t clock = (uint64_t)usec - (uint64_t)days * (uint64_t)SC__DAY_USEC;
        to = sc__put_civil(to, civil);
        *to++ = ' ';
        to = sc__put_text(sc__put_clock(to, clock), zone);
        to = sc__put_era(to, civil);
    }
    *to = '\0';
    return buf;
}

bool sc_timestamptz_parse(const char *text, struct sc_timestamptz *out)
{
    return parse(text, true, &out->usec);
}

const char *sc_timestamptz_format(struct sc_timestamptz t,
                                  char buf[SC_TIMESTAMPTZ_SIZE])
{
    return format(t.usec, "+00", buf);
}

bool sc_timestamp_parse(const char *text, struct sc_timestamp *out)
{
    return parse(text, false, &out->usec);
}

const char *sc_timestamp_format(struct sc_timestamp t, char buf[SC_TIMESTAMPTZ_SIZE])
{
    return format(t.usec, "", buf);
}
