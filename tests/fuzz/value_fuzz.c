/* value_fuzz.c: texts through the parsers of values. What parses must format, and parse
 * again to the same value; formatters take any bits. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/sc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* PARSED(tag, size of the buffer): the value has no padding, so bytes compare. */
#define PARSED(tag, room)                                       \
    static void check_##tag(const char *text)                   \
    {                                                           \
        struct sc_##tag value, again;                           \
        char buf[room];                                         \
        memset(&value, 0, sizeof value);                        \
        memset(&again, 0, sizeof again);                        \
        if (sc_##tag##_parse(text, &value)) {                   \
            sc_##tag##_format(value, buf);                      \
            require(strlen(buf) < sizeof buf);                  \
            require(sc_##tag##_parse(buf, &again));             \
            require(memcmp(&value, &again, sizeof value) == 0); \
        }                                                       \
    }
PARSED(timestamptz, SC_TIMESTAMPTZ_SIZE)
PARSED(timestamp, SC_TIMESTAMPTZ_SIZE)
PARSED(date, SC_TIMESTAMPTZ_SIZE)
PARSED(time, SC_TIMESTAMPTZ_SIZE)
PARSED(interval, SC_INTERVAL_SIZE)
PARSED(uuid, SC_UUID_SIZE)
PARSED(inet, SC_INET_SIZE)

static void check_timetz(const char *text)
{
    struct sc_timetz value, again;
    char buf[SC_TIMESTAMPTZ_SIZE];
    if (sc_timetz_parse(text, &value)) {
        require(strlen(sc_timetz_format(value, buf)) < sizeof buf);
        require(sc_timetz_parse(buf, &again));
        require(value.usec == again.usec && value.zone == again.zone);
    }
}

static void check_numeric(const char *text)
{
    struct sc_numeric n = { text };
    int64_t integer;
    double real;
    bool valid = sc_numeric_valid(text);
    if (sc_numeric_to_int8(n, &integer)) {
        require(valid && sc_numeric_to_float8(n, &real) && real == (double)integer);
    } else if (sc_numeric_to_float8(n, &real)) {
        require(valid);
    }
}

/* Any bits have a text that fits. */
static void check_formatters(const uint8_t *data, size_t size)
{
    struct {
        struct sc_timestamptz t;
        struct sc_timetz tz;
        struct sc_interval interval;
        struct sc_date date;
        struct sc_inet inet;
    } any;
    char buf[SC_INTERVAL_SIZE];
    memset(&any, 0, sizeof any);
    memcpy(&any, data, size < sizeof any ? size : sizeof any);
    require(strlen(sc_timestamptz_format(any.t, buf)) < SC_TIMESTAMPTZ_SIZE);
    require(strlen(sc_timetz_format(any.tz, buf)) < SC_TIMESTAMPTZ_SIZE);
    require(strlen(sc_date_format(any.date, buf)) < SC_TIMESTAMPTZ_SIZE);
    require(strlen(sc_inet_format(any.inet, buf)) < SC_INET_SIZE);
    require(strlen(sc_interval_format(any.interval, buf)) < SC_INTERVAL_SIZE);
    struct sc_interval again;
    require(sc_interval_parse(buf, &again));
    require(again.usec == any.interval.usec && again.days == any.interval.days &&
            again.months == any.interval.months);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    require(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    check_timestamptz(text);
    check_timestamp(text);
    check_date(text);
    check_time(text);
    check_timetz(text);
    check_interval(text);
    check_uuid(text);
    check_inet(text);
    check_numeric(text);
    check_formatters(data, size);
    free(text);
    return 0;
}
