/* civil.h: the calendar and the clock behind dates, times and timestamps, with the
 * limits that PostgreSQL sets; it must not know of wire formats. Not installed.
 *
 * Source of the limits: PostgreSQL 15, src/include/datatype/timestamp.h. */
#ifndef SC_VALUE_CIVIL_H
#define SC_VALUE_CIVIL_H
#include "runtime/sc.h"

#define SC__DAY_USEC INT64_C(86400000000)

/* 4714-11-24 BC to before 5874898-01-01 in days, to before 294277-01-01 in microseconds,
 * both since 2000-01-01. */
#define SC__DATE_MIN      (-2451545)
#define SC__DATE_END      2145031949
#define SC__TIMESTAMP_MIN INT64_C(-211813488000000000)
#define SC__TIMESTAMP_END INT64_C(9223371331200000000)
/* A zone's offset lies within these, both excluded. */
#define SC__ZONE_LIMIT (16 * 3600)

/* Whether PostgreSQL's types can hold it; infinities can be. */
bool sc__date_fits(int32_t days);
static inline bool sc__timestamp_fits(int64_t usec)
{
    return (usec >= SC__TIMESTAMP_MIN && usec < SC__TIMESTAMP_END) ||
           usec == SC_TIMESTAMP_INFINITY || usec == SC_TIMESTAMP_MINUS_INFINITY;
}
bool sc__time_fits(int64_t usec);
bool sc__zone_fits(int32_t zone);

struct sc__civil {
    int64_t year; /* 0 is 1 BC */
    int month;
    int day;
};

/* Proleptic Gregorian. Days since 2000-01-01, of years within +-10 million. */
int64_t sc__civil_to_days(struct sc__civil civil);
struct sc__civil sc__civil_from_days(int64_t days);
/* Whether the year has that month and the month that day. */
bool sc__civil_exists(struct sc__civil civil);

/* Readers and writers as in decimal.h. */

/* YYYY-MM-DD, four to seven digits of a year that is not 0. */
bool sc__take_civil(const char **at, struct sc__civil *civil);
/* " BC", which turns the year into its astronomical number; nothing else changes it. */
void sc__take_era(const char **at, struct sc__civil *civil);
/* HH:MM[:SS[.f]], to 24:00:00 and with 60 as a second. */
bool sc__take_clock(const char **at, int64_t *usec);
/* Z, +HH, +HHMM, +HH:MM or +HH:MM:SS, within the limit; gives seconds west of UTC. */
bool sc__take_zone(const char **at, int32_t *zone);

/* YYYY-MM-DD without the era. */
char *sc__put_civil(char *to, struct sc__civil civil);
char *sc__put_era(char *to, struct sc__civil civil);
/* HH:MM:SS[.f]. */
char *sc__put_clock(char *to, uint64_t usec);
char *sc__put_zone(char *to, int32_t zone);

#endif
