/* time.c: sc_time and sc_timetz; knows nothing of days. */
#include "civil.h"
#include "decimal.h"

static char *put_time(char *to, int64_t usec)
{
    if (usec < 0) { /* no time of day, but a text all the same */
        *to++ = '-';
        return sc__put_clock(to, 0 - (uint64_t)usec);
    }
    return sc__put_clock(to, (uint64_t)usec);
}

bool sc_time_parse(const char *text, struct sc_time *out)
{
    if (text == NULL) {
        return false;
    }
    const char *p = text;
    int64_t usec;
    if (!sc__take_clock(&p, &usec) || *p != '\0') {
        return false;
    }
    out->usec = usec;
    return true;
}

const char *sc_time_format(struct sc_time t, char buf[SC_TIMESTAMPTZ_SIZE])
{
    *put_time(buf, t.usec) = '\0';
    return buf;
}

bool sc_timetz_parse(const char *text, struct sc_timetz *out)
{
    if (text == NULL) {
        return false;
    }
    const char *p = text;
    struct sc_timetz parsed = { 0 };
    if (!sc__take_clock(&p, &parsed.usec) || !sc__take_zone(&p, &parsed.zone) ||
        *p != '\0') {
        return false;
    }
    *out = parsed;
    return true;
}

const char *sc_timetz_format(struct sc_timetz t, char buf[SC_TIMESTAMPTZ_SIZE])
{
    *sc__put_zone(put_time(buf, t.usec), t.zone) = '\0';
    return buf;
}
