/* date.c: sc_date; knows nothing of clocks. */
#include "civil.h"
#include "decimal.h"

bool sc_date_civil(struct sc_date d, int *year, int *month, int *day)
{
    if (d.days == SC_DATE_INFINITY || d.days == SC_DATE_MINUS_INFINITY) {
        return false;
    }
    struct sc__civil civil = sc__civil_from_days(d.days);
    *year = (int)civil.year;
    *month = civil.month;
    *day = civil.day;
    return true;
}

static bool from_civil(struct sc__civil civil, struct sc_date *out)
{
    /* The count is exact far beyond these years, which are all a date can reach. */
    if (civil.year < -4713 || civil.year > 5874898 || !sc__civil_exists(civil)) {
        return false;
    }
    int64_t days = sc__civil_to_days(civil);
    if (days < SC__DATE_MIN || days >= SC__DATE_END) {
        return false;
    }
    out->days = (int32_t)days;
    return true;
}

bool sc_date_from_civil(int year, int month, int day, struct sc_date *out)
{
    return from_civil((struct sc__civil){ year, month, day }, out);
}

bool sc_date_parse(const char *text, struct sc_date *out)
{
    if (text == NULL) {
        return false;
    }
    const char *p = text;
    struct sc__civil civil;
    if (sc__take_civil(&p, &civil)) {
        sc__take_era(&p, &civil);
        return *p == '\0' && from_civil(civil, out);
    }
    bool minus = sc__take_char(&p, '-');
    if (!sc__take_word(&p, "infinity") || *p != '\0') {
        return false;
    }
    out->days = minus ? SC_DATE_MINUS_INFINITY : SC_DATE_INFINITY;
    return true;
}

const char *sc_date_format(struct sc_date d, char buf[SC_TIMESTAMPTZ_SIZE])
{
    char *to = buf;
    if (d.days == SC_DATE_INFINITY || d.days == SC_DATE_MINUS_INFINITY) {
        to = sc__put_text(to, d.days > 0 ? "infinity" : "-infinity");
    } else {
        struct sc__civil civil = sc__civil_from_days(d.days);
        to = sc__put_era(sc__put_civil(to, civil), civil);
    }
    *to = '\0';
    return buf;
}
