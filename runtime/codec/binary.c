/* binary.c: bare C forms into PostgreSQL's binary form, checked; allocates nothing. */
#include "private.h"
#include "runtime/bytes.h"
#include "runtime/value/civil.h"
#include "runtime/value/inet.h"

static const struct sc__fault is_out_of_range = { SC_BAD_VALUE,
                                                  "is out of its type's range" };
static const struct sc__fault is_no_address = { SC_BAD_VALUE,
                                                "is no address, or no network" };
static const struct sc__fault is_no_label = { SC_BAD_VALUE,
                                              "is not a label of its enum type" };
static const struct sc__fault is_unset = { SC_BAD_VALUE,
                                           "is an enum that was not set" };

static const char *read_text(const void *bare)
{
    const char *text;
    memcpy(&text, bare, sizeof text);
    return text;
}

/* A fixed size if it fits, a fault if not. */
static const struct sc__fault *fits(bool does, size_t bytes, size_t *size)
{
    *size = bytes;
    return does ? NULL : &is_out_of_range;
}

static const struct sc__fault *label_size(const struct sc__type *type, const void *bare,
                                          size_t *size)
{
    int value;
    memcpy(&value, bare, sizeof value);
    const char *label = sc__label(type->labels, value);
    if (label == NULL) {
        return value == 0 ? &is_unset : &is_no_label;
    }
    *size = strlen(label);
    return NULL;
}

static const struct sc__fault *inet_size(const struct sc_inet *inet, size_t *size)
{
    *size = inet->family == 4 ? 8 : 20;
    return sc__inet_fits(inet) ? NULL : &is_no_address;
}

static const struct sc__fault *any_size(const struct sc__type *type, const void *bare,
                                        size_t *size)
{
    *size = 0;
    switch ((enum sc__kind)type->kind) {
    case SC__BOOL:
        *size = 1;
        return NULL;
    case SC__INT2:
        *size = 2;
        return NULL;
    case SC__INT4:
    case SC__OID:
    case SC__FLOAT4:
        *size = 4;
        return NULL;
    case SC__INT8:
    case SC__FLOAT8:
        *size = 8;
        return NULL;
    case SC__UUID:
    case SC__INTERVAL:
        *size = 16;
        return NULL;
    case SC__DATE:
        return fits(sc__date_fits(((const struct sc_date *)bare)->days), 4, size);
    case SC__TIME:
        return fits(sc__time_fits(((const struct sc_time *)bare)->usec), 8, size);
    case SC__TIMETZ: {
        const struct sc_timetz *t = bare;
        return fits(sc__time_fits(t->usec) && sc__zone_fits(t->zone), 12, size);
    }
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ: /* of the same layout, by its only member */
        return fits(sc__timestamp_fits(*(const int64_t *)bare), 8, size);
    case SC__INET:
        return inet_size(bare, size);
    case SC__NUMERIC:
        return sc__numeric_size(((const struct sc_numeric *)bare)->text, size);
    case SC__TEXT:
        *size = strlen(read_text(bare));
        return NULL;
    case SC__JSONB:
        *size = 1 + strlen(read_text(bare));
        return NULL;
    case SC__BYTEA:
        *size = ((const struct sc_bytea *)bare)->size;
        return NULL;
    case SC__ENUM:
        return label_size(type, bare, size);
    }
    return NULL;
}

const struct sc__fault *sc__binary_size(const struct sc__type *type, const void *bare,
                                        size_t *size)
{
    const struct sc__fault *fault;
    if (sc__is_array(type)) {
        struct sc__list list = sc__list_of(type, bare, 0);
        fault = sc__list_size(&list, size);
    } else {
        fault = any_size(type, bare, size);
    }
    return fault != NULL ? fault : *size > SC__VALUE_MAX ? &sc__is_too_long : NULL;
}

static char *put_timetz(const struct sc_timetz *t, char *to)
{
    return sc__put32(sc__put64(to, (uint64_t)t->usec), (uint32_t)t->zone);
}

static char *put_interval(const struct sc_interval *i, char *to)
{
    to = sc__put64(to, (uint64_t)i->usec);
    return sc__put32(sc__put32(to, (uint32_t)i->days), (uint32_t)i->months);
}

static char *put_inet(const struct sc_inet *inet, char *to)
{
    size_t size = inet->family == 4 ? 4 : 16;
    *to++ = inet->family == 4 ? SC__FAMILY_V4 : SC__FAMILY_V6;
    *to++ = (char)inet->bits;
    *to++ = (char)inet->is_cidr;
    *to++ = (char)size;
    return sc__put_bytes(to, inet->bytes, size);
}

static char *put_2(const void *bare, char *to)
{
    uint16_t value;
    memcpy(&value, bare, sizeof value);
    return sc__put16(to, value);
}

static char *put_4(const void *bare, char *to)
{
    uint32_t value;
    memcpy(&value, bare, sizeof value);
    return sc__put32(to, value);
}

static char *put_8(const void *bare, char *to)
{
    uint64_t value;
    memcpy(&value, bare, sizeof value);
    return sc__put64(to, value);
}

static char *put_label(const struct sc__type *type, const void *bare, char *to)
{
    int value;
    memcpy(&value, bare, sizeof value);
    const char *label = sc__label(type->labels, value);
    return sc__put_bytes(to, label, strlen(label));
}

char *sc__binary_write(const struct sc__type *type, const void *bare, char *to)
{
    switch ((enum sc__kind)type->kind) {
    case SC__BOOL: /* read as a byte: one that is neither 0 nor 1 is no bool to read */
        *to = *(const unsigned char *)bare != 0;
        return to + 1;
    case SC__INT2:
        return put_2(bare, to);
    case SC__INT4:
    case SC__OID:
    case SC__FLOAT4:
    case SC__DATE:
        return put_4(bare, to);
    case SC__INT8:
    case SC__FLOAT8:
    case SC__TIME:
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ:
        return put_8(bare, to);
    case SC__UUID:
        return sc__put_bytes(to, bare, sizeof(struct sc_uuid));
    case SC__TIMETZ:
        return put_timetz(bare, to);
    case SC__INTERVAL:
        return put_interval(bare, to);
    case SC__INET:
        return put_inet(bare, to);
    case SC__NUMERIC:
        return sc__numeric_write(((const struct sc_numeric *)bare)->text, to);
    case SC__JSONB:
        *to++ = 1; /* the version of its binary form */
        return sc__put_bytes(to, read_text(bare), strlen(read_text(bare)));
    case SC__TEXT:
        return sc__put_bytes(to, read_text(bare), strlen(read_text(bare)));
    case SC__BYTEA: {
        const struct sc_bytea *bytes = bare;
        return sc__put_bytes(to, bytes->data, bytes->size);
    }
    case SC__ENUM:
        return put_label(type, bare, to);
    }
    return to;
}
