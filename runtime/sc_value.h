/* sc_value.h: values as C holds them, and helpers to read and write their texts. sc.h
 * includes it.
 */
#ifndef SC_VALUE_H
#define SC_VALUE_H
#ifndef SC_H
#error "include sc.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- values -------------------------------------------------------------------- */

/** A moment. Of 4714-11-24 BC to before 294277-01-01, or an infinity. */
struct sc_timestamptz {
    int64_t usec; /**< microseconds since 2000-01-01 00:00 UTC; SC_TIMESTAMP_INFINITY */
};
/** Date and time of day in no time zone; the range of sc_timestamptz. */
struct sc_timestamp {
    int64_t usec; /**< microseconds since 2000-01-01 00:00; SC_TIMESTAMP_INFINITY */
};
/** A day. Of 4714-11-24 BC to before 5874898-01-01, or an infinity. */
struct sc_date {
    int32_t days; /**< days since 2000-01-01; SC_DATE_INFINITY */
};
/** A time of day. */
struct sc_time {
    int64_t usec; /**< microseconds since midnight; 24:00:00 is legal */
};
/** A time of day with an offset from UTC. */
struct sc_timetz {
    int64_t usec; /**< microseconds since midnight */
    int32_t zone; /**< seconds west of UTC (so +01 is -3600), within 16 hours */
};
/** A span of time: the three do not convert into each other. PostgreSQL 17 reads all
 *  three at their maximum (minimum) as infinity (-infinity). */
struct sc_interval {
    int64_t usec;
    int32_t days;
    int32_t months;
};
struct sc_uuid {
    uint8_t bytes[16]; /**< in the order of the text */
};
/** A host with its network's mask (inet), or a network (cidr). */
struct sc_inet {
    uint8_t family;    /**< 4 or 6 */
    uint8_t bits;      /**< length of the network mask */
    uint8_t is_cidr;   /**< 1: a network (cidr), 0: a host (inet) */
    uint8_t bytes[16]; /**< the address, 4 or 16 of them used; the others are 0 */
};
/** An exact number, as text. Received: as PostgreSQL writes it ("-12.50", "NaN",
 *  "Infinity"). Sent: anything that sc_numeric_valid takes. */
struct sc_numeric {
    const char *text; /**< NULL: SQL NULL */
};
struct sc_bytea {
    const void *data; /**< NULL: SQL NULL; not NULL where the size is 0 */
    size_t size;
};
#define SC_TIMESTAMP_INFINITY       INT64_MAX
#define SC_TIMESTAMP_MINUS_INFINITY INT64_MIN
#define SC_DATE_INFINITY            INT32_MAX
#define SC_DATE_MINUS_INFINITY      INT32_MIN

/** What an array is beside its elements, where it is more than a plain list. */
struct sc_shape {
    const bool *nulls; /**< one an element: that one is NULL; NULL pointer: none is */
    int ndims;         /**< 1 to 6; 0: one dimension from 1 */
    const int32_t *lengths;      /**< of each dimension; their product is the count */
    const int32_t *lower_bounds; /**< of each dimension; NULL: all are 1 */
};

/* Arrays: items NULL is SQL NULL; an empty array has items and a count of 0. Elements of
 * several dimensions stand in row-major order. A NULL element received is zeroed (and
 * marked in shape->nulls); a text, bytea or numeric element sent may be NULL by itself.
 * SC_LIST(items, count) makes one. */
#define SC_ARRAY_OF(tag, type)                                               \
    struct tag {                                                             \
        const type *items;                                                   \
        size_t count;                                                        \
        const struct sc_shape *shape; /* NULL: a plain list without NULLs */ \
    }
typedef const char *sc__text_item;
SC_ARRAY_OF(sc_bools, bool);
SC_ARRAY_OF(sc_int2s, int16_t);
SC_ARRAY_OF(sc_int4s, int32_t);
SC_ARRAY_OF(sc_int8s, int64_t);
SC_ARRAY_OF(sc_oids, uint32_t);
SC_ARRAY_OF(sc_float4s, float);
SC_ARRAY_OF(sc_float8s, double);
SC_ARRAY_OF(sc_numerics, struct sc_numeric);
SC_ARRAY_OF(sc_texts, sc__text_item);
SC_ARRAY_OF(sc_byteas, struct sc_bytea);
SC_ARRAY_OF(sc_uuids, struct sc_uuid);
SC_ARRAY_OF(sc_dates, struct sc_date);
SC_ARRAY_OF(sc_times, struct sc_time);
SC_ARRAY_OF(sc_timetzs, struct sc_timetz);
SC_ARRAY_OF(sc_timestamps, struct sc_timestamp);
SC_ARRAY_OF(sc_timestamptzs, struct sc_timestamptz);
SC_ARRAY_OF(sc_intervals, struct sc_interval);
SC_ARRAY_OF(sc_inets, struct sc_inet);
#define SC_LIST(items, count)  \
    {                          \
        (items), (count), NULL \
    }

/* One value that may be missing. Zeroed: not given. Read: sc_has(x), x.value. The odd
 * numbers make `.rating = 5` (brace elision) a status instead of a wrong row. */
enum sc_is { SC_IS_UNSET = 0, SC_IS_NULL = 0x5c00, SC_IS_VALUE = 0x5c01 };
#define SC_MAYBE(tag, type) \
    struct tag {            \
        enum sc_is is;      \
        type value;         \
    }
SC_MAYBE(sc_maybe_bool, bool);
SC_MAYBE(sc_maybe_int2, int16_t);
SC_MAYBE(sc_maybe_int4, int32_t);
SC_MAYBE(sc_maybe_int8, int64_t);
SC_MAYBE(sc_maybe_oid, uint32_t);
SC_MAYBE(sc_maybe_float4, float);
SC_MAYBE(sc_maybe_float8, double);
SC_MAYBE(sc_maybe_numeric, struct sc_numeric);
SC_MAYBE(sc_maybe_text, sc__text_item);
SC_MAYBE(sc_maybe_bytea, struct sc_bytea);
SC_MAYBE(sc_maybe_uuid, struct sc_uuid);
SC_MAYBE(sc_maybe_date, struct sc_date);
SC_MAYBE(sc_maybe_time, struct sc_time);
SC_MAYBE(sc_maybe_timetz, struct sc_timetz);
SC_MAYBE(sc_maybe_timestamp, struct sc_timestamp);
SC_MAYBE(sc_maybe_timestamptz, struct sc_timestamptz);
SC_MAYBE(sc_maybe_interval, struct sc_interval);
SC_MAYBE(sc_maybe_inet, struct sc_inet);
SC_MAYBE(sc_maybe_bools, struct sc_bools);
SC_MAYBE(sc_maybe_int2s, struct sc_int2s);
SC_MAYBE(sc_maybe_int4s, struct sc_int4s);
SC_MAYBE(sc_maybe_int8s, struct sc_int8s);
SC_MAYBE(sc_maybe_oids, struct sc_oids);
SC_MAYBE(sc_maybe_float4s, struct sc_float4s);
SC_MAYBE(sc_maybe_float8s, struct sc_float8s);
SC_MAYBE(sc_maybe_numerics, struct sc_numerics);
SC_MAYBE(sc_maybe_texts, struct sc_texts);
SC_MAYBE(sc_maybe_byteas, struct sc_byteas);
SC_MAYBE(sc_maybe_uuids, struct sc_uuids);
SC_MAYBE(sc_maybe_dates, struct sc_dates);
SC_MAYBE(sc_maybe_times, struct sc_times);
SC_MAYBE(sc_maybe_timetzs, struct sc_timetzs);
SC_MAYBE(sc_maybe_timestamps, struct sc_timestamps);
SC_MAYBE(sc_maybe_timestamptzs, struct sc_timestamptzs);
SC_MAYBE(sc_maybe_intervals, struct sc_intervals);
SC_MAYBE(sc_maybe_inets, struct sc_inets);

#define SC(...)                  \
    {                            \
        SC_IS_VALUE, __VA_ARGS__ \
    } /* an initialiser; in C++ assignable too */
#ifdef __cplusplus
#define SC_NULL     \
    {               \
        SC_IS_NULL, \
        {           \
        }           \
    }
#define SC_SET(member, ...) ((member) = SC(__VA_ARGS__))
#define SC_SET_NULL(member) ((member) = SC_NULL)
#else
#define SC_NULL          \
    {                    \
        .is = SC_IS_NULL \
    }
#define SC_SET(member, ...) ((member) = (__typeof__(member))SC(__VA_ARGS__))
#define SC_SET_NULL(member) ((member) = (__typeof__(member))SC_NULL)
#endif
#define sc_has(x) ((x).is == SC_IS_VALUE)

/* ---- value helpers: no allocation, no errno, no locale, no time zone data --------
 *
 * Any thread may call them at any time. Parsers take the whole text, without blanks
 * around it, and give false, the output untouched, for NULL, anything else than what is
 * said, and what is out of the type's range. Formatters write what PostgreSQL writes with
 * DateStyle ISO and IntervalStyle postgres, so that parse(format(x)) is x; they take any
 * bits, and return buf. */

/* Sizes of buffers that every formatted value fits, its NUL included. */
#define SC_TIMESTAMPTZ_SIZE 48
#define SC_INTERVAL_SIZE    96
#define SC_UUID_SIZE        37
#define SC_INET_SIZE        64

/** The system's clock. */
SC_API struct sc_timestamptz sc_now(void);
/** From seconds since 1970-01-01 00:00 UTC (a time_t); out of range becomes infinity. */
SC_API struct sc_timestamptz sc_from_time(int64_t unix_seconds);
/** Seconds since 1970, rounded down; +-infinity gives INT64_MAX / INT64_MIN. */
SC_API int64_t sc_to_time(struct sc_timestamptz t);
/** Adds microseconds; infinity stays, out of range becomes infinity. */
SC_API struct sc_timestamptz sc_timestamptz_add(struct sc_timestamptz t, int64_t usec);

/** Takes "2024-02-29 12:00:00.5+01": ISO 8601 and PostgreSQL's own output. Year of 4 to 7
 *  digits; "T" or a blank; seconds may be missing, be 60, or have any number of decimals
 *  (rounded to microseconds); 24:00:00; a zone, always: "Z", +HH, +HHMM, +HH:MM or
 *  +HH:MM:SS; " BC" at the end. Also "infinity" and "-infinity". */
SC_API bool sc_timestamptz_parse(const char *text, struct sc_timestamptz *out);
/** "2024-02-29 11:00:00.5+00": in UTC. */
SC_API const char *sc_timestamptz_format(struct sc_timestamptz t,
                                         char buf[SC_TIMESTAMPTZ_SIZE]);
/** As sc_timestamptz_parse, without a zone. */
SC_API bool sc_timestamp_parse(const char *text, struct sc_timestamp *out);
SC_API const char *sc_timestamp_format(struct sc_timestamp t,
                                       char buf[SC_TIMESTAMPTZ_SIZE]);
/** Takes "2024-02-29", "0044-03-15 BC", "infinity", "-infinity". */
SC_API bool sc_date_parse(const char *text, struct sc_date *out);
SC_API const char *sc_date_format(struct sc_date d, char buf[SC_TIMESTAMPTZ_SIZE]);
/** Year (0 is 1 BC), month 1-12, day 1-31; false for infinity. */
SC_API bool sc_date_civil(struct sc_date d, int *year, int *month, int *day);
/** False when there is no such day, or a date cannot reach it. */
SC_API bool sc_date_from_civil(int year, int month, int day, struct sc_date *out);
/** Takes "12:34", "12:34:56.789", "24:00:00". */
SC_API bool sc_time_parse(const char *text, struct sc_time *out);
SC_API const char *sc_time_format(struct sc_time t, char buf[SC_TIMESTAMPTZ_SIZE]);
/** As sc_time_parse, with a zone as in sc_timestamptz_parse. */
SC_API bool sc_timetz_parse(const char *text, struct sc_timetz *out);
SC_API const char *sc_timetz_format(struct sc_timetz t, char buf[SC_TIMESTAMPTZ_SIZE]);
/** Takes PostgreSQL's `postgres` style output ("1 year 2 mons -3 days +04:05:06.7"):
 *  year(s), mon(s) or month(s), day(s), [-]HH:MM:SS[.f], each at most once, in this
 *  order; "infinity", "-infinity". */
SC_API bool sc_interval_parse(const char *text, struct sc_interval *out);
SC_API const char *sc_interval_format(struct sc_interval i, char buf[SC_INTERVAL_SIZE]);
/** Takes 32 hexadecimal digits in either case, with the four hyphens or with none. */
SC_API bool sc_uuid_parse(const char *text, struct sc_uuid *out);
SC_API const char *sc_uuid_format(struct sc_uuid u, char buf[SC_UUID_SIZE]);
SC_API bool sc_uuid_equal(struct sc_uuid a, struct sc_uuid b);
/** A random (version 4) uuid; false when the system gives no random bytes. */
SC_API bool sc_uuid_random(struct sc_uuid *out);
/** Takes "192.168.1.5", "10.0.0.0/8", "2001:db8::1/64". is_cidr becomes 0: set it where
 *  a network is meant (PostgreSQL itself goes by the column's type). */
SC_API bool sc_inet_parse(const char *text, struct sc_inet *out);
/** A network (is_cidr) always with its mask, a host only with one that is not whole. */
SC_API const char *sc_inet_format(struct sc_inet a, char buf[SC_INET_SIZE]);
/** False when it is NULL, no integer ("12.00" is one), or out of range. */
SC_API bool sc_numeric_to_int8(struct sc_numeric n, int64_t *out);
/** Rounds to the nearest double; "NaN" and "Infinity" are numbers. False when it is NULL,
 *  no number, or beyond a double's range (what is too small becomes 0). */
SC_API bool sc_numeric_to_float8(struct sc_numeric n, double *out);
/** Whether the text is a number that PostgreSQL's numeric can hold: a sign or none,
 *  digits with a "." or without, an exponent or none; at most 131,072 digits before the
 *  point and 16,383 behind it; "NaN", "Infinity", "inf" in any case. */
SC_API bool sc_numeric_valid(const char *text);

#ifdef __cplusplus
}
#endif
#endif
