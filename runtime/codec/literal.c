/* literal.c: arrays as PostgreSQL reads them in text; knows no binary form.
 *
 * Source: PostgreSQL 15 manual, 8.15.6; dimensions as array_out writes them. */
#include "private.h"
#include "runtime/value/decimal.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Counts what it is given, and keeps it where there is room to. */
struct sink {
    char *to; /* NULL: only count */
    size_t size;
};

static void put_bytes(struct sink *sink, const char *bytes, size_t size)
{
    if (sink->to != NULL) {
        memcpy(sink->to + sink->size, bytes, size);
    }
    sink->size += size;
}

static void put_char(struct sink *sink, char c)
{
    put_bytes(sink, &c, 1);
}

static void put_string(struct sink *sink, const char *text)
{
    put_bytes(sink, text, strlen(text));
}

static void put_number(struct sink *sink, int64_t value)
{
    char digits[24];
    put_bytes(sink, digits, (size_t)(sc__put_int(digits, value) - digits));
}

/* Enough digits that it reads back the same. printf's decimal point is the locale's, and
 * may be several bytes: whatever stands behind the first digit of %e becomes a "." */
static void put_float(struct sink *sink, double value, int digits)
{
    char text[64];
    if (isnan(value) || isinf(value)) {
        put_string(sink, isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
        return;
    }
    snprintf(text, sizeof text, "%.*e", digits - 1, value);
    const char *p = text;
    if (*p == '-') {
        put_char(sink, *p++);
    }
    put_char(sink, *p++);
    put_char(sink, '.');
    while (!sc__is_digit(*p)) {
        p++;
    }
    put_string(sink, p);
}

static void put_quoted(struct sink *sink, const char *text)
{
    put_char(sink, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            put_char(sink, '\\');
        }
        put_char(sink, *text);
    }
    put_char(sink, '"');
}

static void put_bytea(struct sink *sink, const struct sc_bytea *bytes)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *data = bytes->data;
    put_string(sink, "\"\\\\x"); /* the backslash is quoted */
    for (size_t i = 0; i < bytes->size; i++) {
        put_char(sink, digits[data[i] >> 4]);
        put_char(sink, digits[data[i] & 15]);
    }
    put_char(sink, '"');
}

static void put_plain(struct sink *sink, enum sc__kind kind, const void *bare)
{
    char buf[SC_INTERVAL_SIZE]; /* the largest of the formatters' */
    const char *text = "";
    switch (kind) {
    case SC__UUID:
        text = sc_uuid_format(*(const struct sc_uuid *)bare, buf);
        break;
    case SC__DATE:
        text = sc_date_format(*(const struct sc_date *)bare, buf);
        break;
    case SC__TIME:
        text = sc_time_format(*(const struct sc_time *)bare, buf);
        break;
    case SC__TIMETZ:
        text = sc_timetz_format(*(const struct sc_timetz *)bare, buf);
        break;
    case SC__TIMESTAMP:
        text = sc_timestamp_format(*(const struct sc_timestamp *)bare, buf);
        break;
    case SC__TIMESTAMPTZ:
        text = sc_timestamptz_format(*(const struct sc_timestamptz *)bare, buf);
        break;
    case SC__INTERVAL:
        text = sc_interval_format(*(const struct sc_interval *)bare, buf);
        break;
    case SC__INET:
        text = sc_inet_format(*(const struct sc_inet *)bare, buf);
        break;
    case SC__BOOL:
        text = *(const unsigned char *)bare ? "t" : "f";
        break;
    case SC__INT2:
        put_number(sink, *(const int16_t *)bare);
        return;
    case SC__INT4:
        put_number(sink, *(const int32_t *)bare);
        return;
    case SC__INT8:
        put_number(sink, *(const int64_t *)bare);
        return;
    case SC__OID:
        put_number(sink, *(const uint32_t *)bare);
        return;
    case SC__FLOAT4:
        put_float(sink, (double)*(const float *)bare, 9);
        return;
    case SC__FLOAT8:
        put_float(sink, *(const double *)bare, 17);
        return;
    case SC__NUMERIC:
        text = ((const struct sc_numeric *)bare)->text;
        break;
    case SC__TEXT:
    case SC__JSONB:
    case SC__ENUM:
    case SC__BYTEA: /* these are quoted: see put_element */
        break;
    }
    put_string(sink, text);
}

static void put_element(struct sink *sink, const struct sc__type *type,
                        const void *bare)
{
    if (type->kind == SC__TEXT || type->kind == SC__JSONB) {
        put_quoted(sink, *(const sc__text_item *)bare);
    } else if (type->kind == SC__ENUM) {
        put_quoted(sink, sc__label(type->labels, *(const int *)bare));
    } else if (type->kind == SC__BYTEA) {
        put_bytea(sink, bare);
    } else if (type->kind >= SC__DATE && type->kind <= SC__INET) {
        put_char(sink, '"'); /* for the blanks of dates and times; nothing to escape */
        put_plain(sink, (enum sc__kind)type->kind, bare);
        put_char(sink, '"');
    } else {
        put_plain(sink, (enum sc__kind)type->kind, bare);
    }
}

/* [2:4][1:2]= where a lower bound is not 1. */
static void put_bounds(struct sink *sink, const struct sc_shape *shape)
{
    bool plain = true;
    for (int i = 0; shape->lower_bounds != NULL && i < shape->ndims; i++) {
        plain = plain && shape->lower_bounds[i] == 1;
    }
    for (int i = 0; !plain && i < shape->ndims; i++) {
        put_char(sink, '[');
        put_number(sink, shape->lower_bounds[i]);
        put_char(sink, ':');
        put_number(sink, (int64_t)shape->lower_bounds[i] + shape->lengths[i] - 1);
        put_char(sink, ']');
    }
    put_string(sink, plain ? "" : "=");
}

/* How many braces open before element i, and close behind the one before it: one for
 * each dimension that starts anew there. */
static int count_braces(const struct sc__list *list, size_t i)
{
    const struct sc_shape *shape = list->shape;
    int braces = 0;
    if (shape == NULL || shape->ndims == 0) {
        return i % list->count == 0;
    }
    for (size_t run = 1; braces < shape->ndims; braces++) {
        run *= (size_t)shape->lengths[shape->ndims - 1 - braces];
        if (i % run != 0) {
            break;
        }
    }
    return braces;
}

static void put_braces(struct sink *sink, char brace, int count)
{
    for (int i = 0; i < count; i++) {
        put_char(sink, brace);
    }
}

static const struct sc__fault *put_list(struct sink *sink, const struct sc__list *list)
{
    if (list->shape != NULL && list->count > 0) {
        put_bounds(sink, list->shape);
    }
    for (size_t i = 0; i < list->count; i++) {
        const void *bare;
        size_t binary;
        const struct sc__fault *fault = sc__list_at(list, i, &bare);
        if (fault == NULL && bare != NULL && sink->to == NULL) {
            fault = sc__binary_size(&list->element, bare, &binary); /* for its checks */
        }
        if (fault != NULL) {
            return fault;
        }
        int braces = count_braces(list, i);
        put_braces(sink, '}', i > 0 ? braces : 0);
        put_string(sink, i > 0 ? "," : "");
        put_braces(sink, '{', braces);
        if (bare == NULL) {
            put_string(sink, "NULL");
        } else {
            put_element(sink, &list->element, bare);
        }
    }
    put_braces(sink, '}', list->count > 0 ? count_braces(list, list->count) : 0);
    put_string(sink, list->count > 0 ? "" : "{}");
    return NULL;
}

const struct sc__fault *sc__literal_write(const struct sc__type *type, const void *bare,
                                          char *to, size_t *size)
{
    struct sc__list list = sc__list_of(type, bare, 0);
    struct sink sink = { .to = to };
    const struct sc__fault *fault = sc__list_check_shape(&list);
    if (fault == NULL) {
        fault = put_list(&sink, &list);
    }
    *size = sink.size;
    return fault != NULL ? fault : sink.size > SC__VALUE_MAX ? &sc__is_too_long : NULL;
}
