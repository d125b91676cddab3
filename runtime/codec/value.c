/* value.c: one value from its binary form into its C form; reads nothing beyond the
 * bytes it is given. */
#include "fixed.h"

#define FIXED(name, bytes, maybe)                                                  \
    static const struct sc__fault *decode_##name(struct sc__bytes from, void *out) \
    {                                                                              \
        if (from.length != (bytes)) {                                              \
            return &sc__has_wrong_length;                                          \
        }                                                                          \
        sc__load_##name(out, from.data);                                           \
        return NULL;                                                               \
    }
SC__FIXED_KINDS(FIXED)
#undef FIXED

static const struct sc__fault *decode_pointer(const char *text, void *out)
{
    memcpy(out, &text, sizeof text);
    return NULL;
}

static const struct sc__fault *decode_jsonb(struct sc__bytes from, void *out)
{
    if (from.length < 1 || from.data[0] != 1) {
        return &sc__is_malformed;
    }
    return decode_pointer(from.data + 1, out);
}

static const struct sc__fault *decode_bytea(struct sc__bytes from, void *out)
{
    struct sc_bytea bytes = { from.data, (size_t)from.length };
    memcpy(out, &bytes, sizeof bytes);
    return NULL;
}

static const struct sc__fault *decode_inet(struct sc__bytes from, void *out)
{
    if (from.length != 8 && from.length != 20) {
        return &sc__has_wrong_length;
    }
    int family = (uint8_t)from.data[0], size = (uint8_t)from.data[3];
    if (family != (from.length == 8 ? SC__FAMILY_V4 : SC__FAMILY_V6) ||
        size != from.length - 4) {
        return &sc__is_malformed;
    }
    struct sc_inet inet = {
        .family = family == SC__FAMILY_V4 ? 4 : 6,
        .bits = (uint8_t)from.data[1],
        .is_cidr = (uint8_t)from.data[2],
    };
    memcpy(inet.bytes, from.data + 4, (size_t)size);
    memcpy(out, &inet, sizeof inet);
    return inet.bits <= size * 8 && inet.is_cidr <= 1 ? NULL : &sc__is_malformed;
}

static const struct sc__fault *decode_numeric(struct sc__bytes from, void *out,
                                              char **tail)
{
    size_t size;
    const struct sc__fault *fault = sc__numeric_text_size(from, &size);
    if (fault == NULL) {
        decode_pointer(*tail, out);
        *tail = sc__numeric_text(from, *tail);
    }
    return fault;
}

int sc__match_label(const struct sc__enum *labels, const char *label, size_t length)
{
    for (int i = 0; i < labels->nlabels; i++) {
        const char *known = labels->labels[i];
        /* known may end early, so its length is compared before its bytes */
        if (known[0] == label[0] && strnlen(known, length + 1) == length &&
            memcmp(known, label, length) == 0) {
            return i + 1;
        }
    }
    return -1;
}

static const struct sc__fault *decode_enum(const struct sc__enum *labels,
                                           struct sc__bytes from, void *out)
{
    int value = sc__match_label(labels, from.data, (size_t)from.length);
    memcpy(out, &value, sizeof value);
    return NULL;
}

const struct sc__fault *sc__decode_bare(const struct sc__type *type,
                                        struct sc__bytes from, void *out, char **tail)
{
    switch ((enum sc__kind)type->kind) {
    case SC__BOOL:
        return decode_bool(from, out);
    case SC__INT2:
        return decode_2(from, out);
    case SC__INT4:
    case SC__OID:
    case SC__FLOAT4:
    case SC__DATE:
        return decode_4(from, out);
    case SC__INT8:
    case SC__FLOAT8:
    case SC__TIME:
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ:
        return decode_8(from, out);
    case SC__UUID:
        return decode_uuid(from, out);
    case SC__TIMETZ:
        return decode_timetz(from, out);
    case SC__INTERVAL:
        return decode_interval(from, out);
    case SC__INET:
        return decode_inet(from, out);
    case SC__NUMERIC:
        return decode_numeric(from, out, tail);
    case SC__TEXT:
        return decode_pointer(from.data, out);
    case SC__JSONB:
        return decode_jsonb(from, out);
    case SC__BYTEA:
        return decode_bytea(from, out);
    case SC__ENUM:
        return decode_enum(type->labels, from, out);
    }
    return &sc__is_malformed;
}

static bool add(size_t *tail, size_t size)
{
    if (size > SIZE_MAX - 7 - *tail) {
        return false;
    }
    *tail += sc__round_up(size);
    return true;
}

const struct sc__fault *sc__decode_value_size(const struct sc__type *type,
                                              struct sc__bytes from, size_t *tail)
{
    size_t size = 0;
    const struct sc__fault *fault = NULL;
    if (from.length >= 0 && sc__is_array(type)) {
        fault = sc__array_tail(type, from, &size);
    } else if (from.length >= 0 && type->kind == SC__NUMERIC) {
        fault = sc__numeric_text_size(from, &size);
    }
    if (fault == NULL && !add(tail, size)) {
        fault = &sc__no_memory;
    }
    return fault;
}

/* Sets a NULL: `is` and zeros, or the bare form's own. */
static const struct sc__fault *decode_null(const struct sc__type *type, void *out)
{
    bool maybe = sc__is_maybe(type);
    if (!(type->flags & SC__NULLABLE)) {
        return &sc__came_null;
    }
    memset(out, 0, sc__form_size(type, maybe));
    if (maybe) {
        const enum sc_is is = SC_IS_NULL;
        memcpy(out, &is, sizeof is);
    }
    return NULL;
}

const struct sc__fault *sc__decode_value(const struct sc__type *type,
                                         struct sc__bytes from, void *out, char **tail)
{
    if (from.length < 0) {
        return decode_null(type, out);
    }
    char *bare = out;
    char *start = *tail;
    if (sc__is_maybe(type)) {
        const enum sc_is is = SC_IS_VALUE;
        memcpy(bare, &is, sizeof is);
        bare += sc__value_at(type);
    }
    const struct sc__fault *fault = sc__is_array(type)
                                        ? sc__decode_array(type, from, bare, tail)
                                        : sc__decode_bare(type, from, bare, tail);
    if (*tail != start) {
        *tail = start + sc__round_up((size_t)(*tail - start));
    }
    return fault;
}
