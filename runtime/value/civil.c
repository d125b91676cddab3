/* civil.c: calendar and clock; knows no wire format.
 *
 * Day counts run in eras of 400 years that start on 1 March, so that the leap day is the
 * last of its year. */
#include "civil.h"
#include "decimal.h"

#define ERA_DAYS   146097
#define DAYS_TO_2K 730425 /* from 0000-03-01 to 2000-01-01 */

bool sc__date_fits(int32_t days)
{
    return (days >= SC__DATE_MIN && days < SC__DATE_END) || days == SC_DATE_INFINITY ||
           days == SC_DATE_MINUS_INFINITY;
}

bool sc__time_fits(int64_t usec)
{
    return usec >= 0 && usec <= SC__DAY_USEC;
}

bool sc__zone_fits(int32_t zone)
{
    return zone > -SC__ZONE_LIMIT && zone < SC__ZONE_LIMIT;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t sc__civil_to_days(struct sc__civil civil)
{
    int64_t year = civil.year - (civil.month <= 2);
    int64_t era = floor_div(year, 400);
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * ((civil.month + 9) % 12) + 2) / 5 + civil.day - 1;
    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           DAYS_TO_2K;
}

struct sc__civil sc__civil_from_days(int64_t days)
{
    days += DAYS_TO_2K;
    int64_t era = floor_div(days, ERA_DAYS);
    int64_t of_era = days - era * ERA_DAYS;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / (ERA_DAYS - 1)) /
                   365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int month = (int)(5 * of_year + 2) / 153; /* 0 is March */
    struct sc__civil civil = {
        .year = year + era * 400 + (month >= 10),
        .month = month < 10 ? month + 3 : month - 9,
        .day = (int)of_year - (153 * month + 2) / 5 + 1,
    };
    return civil;
}

bool sc__civil_exists(struct sc__civil civil)
{
    static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (civil.month < 1 || civil.month > 12 || civil.day < 1) {
        return false;
    }
    bool leap = civil.year % 4 == 0 && (civil.year % 100 != 0 || civil.year % 400 == 0);
    return civil.day <= length[civil.month - 1] + (civil.month == 2 && leap);
}

bool sc__take_civil(const char **at, struct sc__civil *civil)
{
    const char *p = *at;
    uint64_t year, month, day;
    if (!sc__take_uint(&p, 4, 7, &year) || !sc__take_char(&p, '-') ||
        !sc__take_uint(&p, 2, 2, &month) || !sc__take_char(&p, '-') ||
        !sc__take_uint(&p, 2, 2, &day) || year == 0) {
        return false;
    }
    *civil = (struct sc__civil){ (int64_t)year, (int)month, (int)day };
    *at = p;
    return true;
}

void sc__take_era(const char **at, struct sc__civil *civil)
{
    if (sc__take_word(at, " BC")) {
        civil->year = 1 - civil->year;
    }
}

bool sc__take_clock(const char **at, int64_t *usec)
{
    const char *p = *at;
    uint64_t hour, minute, second = 0;
    int64_t fraction = 0;
    if (!sc__take_uint(&p, 2, 2, &hour) || !sc__take_char(&p, ':') ||
        !sc__take_uint(&p, 2, 2, &minute)) {
        return false;
    }
    if (sc__take_char(&p, ':') &&
        (!sc__take_uint(&p, 2, 2, &second) || !sc__take_millionths(&p, &fraction))) {
        return false;
    }
    if (hour > 24 || minute > 59 || second > 60) {
        return false;
    }
    int64_t sum = (int64_t)(hour * 3600 + minute * 60 + second) * INT64_C(1000000) +
                  fraction;
    if (!sc__time_fits(sum)) {
        return false;
    }
    *usec = sum;
    *at = p;
    return true;
}

bool sc__take_zone(const char **at, int32_t *zone)
{
    const char *p = *at;
    uint64_t hour, minute = 0, second = 0;
    if (sc__take_char(&p, 'Z') || sc__take_char(&p, 'z')) {
        *zone = 0;
        *at = p;
        return true;
    }
    bool west = *p == '-';
    if (*p != '-' && *p != '+') {
        return false;
    }
    p++;
    if (sc__take_uint(&p, 4, 4, &hour)) {
        minute = hour % 100;
        hour /= 100;
    } else if (!sc__take_uint(&p, 2, 2, &hour)) {
        return false;
    } else if (sc__take_char(&p, ':') &&
               (!sc__take_uint(&p, 2, 2, &minute) ||
                (sc__take_char(&p, ':') && !sc__take_uint(&p, 2, 2, &second)))) {
        return false;
    }
    int32_t sum = (int32_t)(hour * 3600 + minute * 60 + second);
    if (minute > 59 || second > 59 || !sc__zone_fits(sum)) {
        return false;
    }
    *zone = west ? sum : -sum;
    *at = p;
    return true;
}

char *sc__put_civil(char *to, struct sc__civil civil)
{
    int64_t year = civil.year > 0 ? civil.year : 1 - civil.year;
    to = sc__put_uint(to, (uint64_t)year, 4);
    *to++ = '-';
    to = sc__put_uint(to, (uint64_t)civil.month, 2);
    *to++ = '-';
    return sc__put_uint(to, (uint64_t)civil.day, 2);
}

char *sc__put_era(char *to, struct sc__civil civil)
{
    return civil.year > 0 ? to : sc__put_text(to, " BC");
}

char *sc__put_clock(char *to, uint64_t usec)
{
    uint64_t second = usec / 1000000, fraction = usec % 1000000;
    to = sc__put_uint(to, second / 3600, 2);
    *to++ = ':';
    to = sc__put_uint(to, second / 60 % 60, 2);
    *to++ = ':';
    to = sc__put_uint(to, second % 60, 2);
    if (fraction == 0) {
        return to;
    }
    *to++ = '.';
    to = sc__put_uint(to, fraction, 6);
    while (to[-1] == '0') {
        to--;
    }
    return to;
}

char *sc__put_zone(char *to, int32_t zone)
{
    uint32_t east = zone > 0 ? (uint32_t)zone : 0 - (uint32_t)zone;
    *to++ = zone > 0 ? '-' : '+';
    to = sc__put_uint(to, east / 3600, 2);
    if (east % 3600 == 0) {
        return to;
    }
    *to++ = ':';
    to = sc__put_uint(to, east / 60 % 60, 2);
    if (east % 60 == 0) {
        return to;
    }
    *to++ = ':';
    return sc__put_uint(to, east % 60, 2);
}
