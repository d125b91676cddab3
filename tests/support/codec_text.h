/* codec_text.h: C forms as PostgreSQL writes them in text, through the library's own
 * formatters, so that tests can hold them against the server's words. */
#ifndef TESTS_SUPPORT_CODEC_TEXT_H
#define TESTS_SUPPORT_CODEC_TEXT_H
#include "runtime/value/decimal.h"
#include "tests/support/codec_help.h"

/* The shortest digits that read back the same, in PostgreSQL's layout. */
static inline void write_float(double value, bool single, char *to, size_t size)
{
    if (isnan(value) || isinf(value)) {
        snprintf(to, size, "%s",
                 isnan(value) ? "NaN"
                 : value > 0  ? "Infinity"
                              : "-Infinity");
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(to, size, "%.*g", digits, value);
        if (single ? strtof(to, NULL) == (float)value : strtod(to, NULL) == value) {
            return;
        }
    }
}

static inline void write_bytea(const struct sc_bytea *bytes, char *to, size_t size)
{
    assert_true(2 * bytes->size + 3 < size);
    snprintf(to, size, "\\x");
    for (size_t i = 0; i < bytes->size; i++) {
        snprintf(to + 2 + 2 * i, 3, "%02x", ((const uint8_t *)bytes->data)[i]);
    }
}

static inline void write_scalar(const struct sc__type *type, const void *bare, char *to,
                                size_t size)
{
    char buf[SC_INTERVAL_SIZE] = "";
    const char *text = buf;
    switch ((enum sc__kind)type->kind) {
    case SC__BOOL:
        text = *(const bool *)bare ? "t" : "f";
        break;
    case SC__INT2:
        *sc__put_int(buf, *(const int16_t *)bare) = '\0';
        break;
    case SC__INT4:
        *sc__put_int(buf, *(const int32_t *)bare) = '\0';
        break;
    case SC__INT8:
        *sc__put_int(buf, *(const int64_t *)bare) = '\0';
        break;
    case SC__OID:
        *sc__put_int(buf, *(const uint32_t *)bare) = '\0';
        break;
    case SC__FLOAT4:
        write_float((double)*(const float *)bare, true, to, size);
        return;
    case SC__FLOAT8:
        write_float(*(const double *)bare, false, to, size);
        return;
    case SC__NUMERIC:
        text = ((const struct sc_numeric *)bare)->text;
        break;
    case SC__TEXT:
    case SC__JSONB:
        text = *(const sc__text_item *)bare;
        break;
    case SC__BYTEA:
        write_bytea(bare, to, size);
        return;
    case SC__UUID:
        sc_uuid_format(*(const struct sc_uuid *)bare, buf);
        break;
    case SC__DATE:
        sc_date_format(*(const struct sc_date *)bare, buf);
        break;
    case SC__TIME:
        sc_time_format(*(const struct sc_time *)bare, buf);
        break;
    case SC__TIMETZ:
        sc_timetz_format(*(const struct sc_timetz *)bare, buf);
        break;
    case SC__TIMESTAMP:
        sc_timestamp_format(*(const struct sc_timestamp *)bare, buf);
        break;
    case SC__TIMESTAMPTZ:
        sc_timestamptz_format(*(const struct sc_timestamptz *)bare, buf);
        break;
    case SC__INTERVAL:
        sc_interval_format(*(const struct sc_interval *)bare, buf);
        break;
    case SC__INET:
        sc_inet_format(*(const struct sc_inet *)bare, buf);
        break;
    case SC__ENUM:
        text = sc__label(type->labels, *(const int *)bare);
        break;
    }
    assert_non_null(text);
    assert_true(strlen(text) < size);
    memcpy(to, text, strlen(text) + 1);
}

/* An element as array_out writes it, quoted where it must be. */
static inline size_t write_element(const struct sc__type *type, const void *bare,
                                   bool null, char *to, size_t size)
{
    static char text[4096];
    if (null) {
        return (size_t)snprintf(to, size, "NULL");
    }
    write_scalar(type, bare, text, sizeof text);
    if (*text != '\0' && strpbrk(text, "{},\"\\ \t\n") == NULL &&
        strcmp(text, "NULL") != 0) {
        return (size_t)snprintf(to, size, "%s", text);
    }
    char *p = to;
    assert_true(2 * strlen(text) + 3 < size);
    *p++ = '"';
    for (const char *t = text; *t != '\0'; t++) {
        if (*t == '"' || *t == '\\') {
            *p++ = '\\';
        }
        *p++ = *t;
    }
    *p++ = '"';
    return (size_t)(p - to);
}

struct any_array {
    const char *items;
    size_t count;
    const struct sc_shape *shape;
};

/* Writes one dimension from element *i on. */
static inline char *write_level(const struct sc__type *type,
                                const struct any_array *array, int level, size_t *i,
                                char *to)
{
    int ndims = array->shape != NULL && array->shape->ndims > 0 ? array->shape->ndims
                                                                : 1;
    size_t length = array->shape != NULL && array->shape->ndims > 0
                        ? (size_t)array->shape->lengths[level]
                        : array->count;
    *to++ = '{';
    for (size_t n = 0; n < length; n++) {
        if (n > 0) {
            *to++ = ',';
        }
        if (level + 1 < ndims) {
            to = write_level(type, array, level + 1, i, to);
            continue;
        }
        bool null = array->shape != NULL && array->shape->nulls != NULL &&
                    array->shape->nulls[*i];
        const char *item = array->items + *i * sc__form_size(type, false);
        to += write_element(type, item, null, to, 4096);
        ++*i;
    }
    *to++ = '}';
    return to;
}

static inline void write_array(const struct sc__type *type, const void *bare, char *to)
{
    struct sc__type element = *type;
    struct any_array array;
    size_t i = 0;
    element.flags = 0;
    memcpy(&array, bare, sizeof array);
    const struct sc_shape *shape = array.shape;
    if (shape != NULL && shape->ndims == 1 && shape->lower_bounds[0] != 1) {
        int lower = shape->lower_bounds[0];
        to += snprintf(to, 64, "[%d:%d]=", lower, lower + shape->lengths[0] - 1);
    }
    *write_level(&element, &array, 0, &i, to) = '\0';
}

#endif
