/* codec_column.c: one member of many structs into one binary array; knows no statement.
 *
 * Texts and plain numbers, of which there may be very many, are written in two loops of
 * their own. All else, and whatever is out of the ordinary there, is left to the general
 * lists, so that there is one place that says what is a fault. */
#include "codec_private.h"
#include "bytes.h"

#define HEADER_SIZE 20 /* ndim, flags, element OID, length, lower bound */
#define IS_NULL     UINT32_MAX

/* A column at work. */
struct column {
    const char *member; /* of the first struct */
    size_t stride;
    size_t count;
    size_t value_at; /* of the bare form in a struct sc_maybe_x; 0: it is none */
    size_t ahead;    /* bytes before a text: jsonb's version */
    uint32_t oid;
    bool some_null;
};

static char *put_header(const struct column *c, char *to)
{
    to = sc__put32(to, 1);
    to = sc__put32(to, c->some_null);
    to = sc__put32(to, c->oid);
    to = sc__put32(to, (uint32_t)c->count);
    return sc__put32(to, 1);
}

static void borrow(struct sc__wire *to, const char *bytes, const char *end)
{
    to->value = bytes;
    to->length = (int)(end - bytes);
    to->format = 1;
}

/* The bare form, or NULL for SQL NULL; false: it is neither. */
static inline bool find_bare(const char *member, size_t value_at, const char **bare)
{
    int is = SC_IS_VALUE;
    if (value_at > 0) {
        memcpy(&is, member, sizeof is);
    }
    *bare = is == SC_IS_VALUE ? member + value_at : NULL;
    return is == SC_IS_VALUE || is == SC_IS_NULL || is == SC_IS_UNSET;
}

/* Fills sizes, IS_NULL where there is no text. False: not for here. */
static inline bool size_each(struct column *c, size_t value_at, uint32_t *sizes,
                             size_t *sum)
{
    const char *member = c->member;
    const size_t ahead = c->ahead, count = c->count;
    size_t total = HEADER_SIZE + 4 * count;
    size_t nulls = 0;
    for (size_t i = 0; i < count; i++, member += c->stride) {
        const char *bare, *text = NULL;
        if (!find_bare(member, value_at, &bare)) {
            return false;
        }
        if (bare != NULL) {
            memcpy(&text, bare, sizeof text);
        }
        if (text == NULL) {
            sizes[i] = IS_NULL;
            nulls++;
            continue;
        }
        size_t size = strlen(text) + ahead;
        total += size;
        if (total > SC__VALUE_MAX) {
            return false;
        }
        sizes[i] = (uint32_t)size;
    }
    c->some_null = nulls > 0;
    *sum = total;
    return true;
}

/* Twice, because most members are no struct sc_maybe_x. */
static bool size_texts(struct column *c, uint32_t *sizes, size_t *sum)
{
    return c->value_at > 0 ? size_each(c, c->value_at, sizes, sum)
                           : size_each(c, 0, sizes, sum);
}

static char *put_texts(const struct column *c, const uint32_t *sizes, char *to)
{
    const char *bare = c->member + c->value_at;
    to = put_header(c, to);
    for (size_t i = 0; i < c->count; i++, bare += c->stride) {
        const char *text;
        uint32_t size = sizes[i];
        to = sc__put32(to, size);
        if (size == IS_NULL) {
            continue;
        }
        memcpy(&text, bare, sizeof text);
        if (c->ahead > 0) {
            *to++ = 1;
        }
        to = sc__put_short(to, text, size - c->ahead);
    }
    return to;
}

static bool encode_texts(struct column *c, struct sc__scratch *scratch,
                         struct sc__wire *to)
{
    size_t sum;
    uint32_t *sizes = sc__scratch_alloc(scratch, c->count * sizeof *sizes);
    if (sizes == NULL || !size_texts(c, sizes, &sum)) {
        return false;
    }
    char *bytes = sc__scratch_alloc(scratch, sum);
    if (bytes == NULL) {
        return false;
    }
    borrow(to, bytes, put_texts(c, sizes, bytes));
    return true;
}

static inline char *put_number(const char *bare, char *to, uint32_t size)
{
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    to = sc__put32(to, size);
    if (size == 2) {
        memcpy(&two, bare, sizeof two);
        return sc__put16(to, two);
    }
    if (size == 4) {
        memcpy(&four, bare, sizeof four);
        return sc__put32(to, four);
    }
    memcpy(&eight, bare, sizeof eight);
    return sc__put64(to, eight);
}

static bool encode_numbers(struct column *c, uint32_t size, struct sc__scratch *scratch,
                           struct sc__wire *to)
{
    char *bytes = sc__scratch_alloc(scratch,
                                    HEADER_SIZE + c->count * (4 + (size_t)size));
    if (bytes == NULL) {
        return false;
    }
    const char *member = c->member;
    char *end = bytes + HEADER_SIZE;
    for (size_t i = 0; i < c->count; i++, member += c->stride) {
        const char *bare;
        if (!find_bare(member, c->value_at, &bare)) {
            return false;
        }
        if (bare == NULL) {
            c->some_null = true;
            end = sc__put32(end, IS_NULL);
        } else {
            end = put_number(bare, end, size);
        }
    }
    put_header(c, bytes);
    borrow(to, bytes, end);
    return true;
}

static bool encode_kind(struct column *c, enum sc__kind kind,
                        struct sc__scratch *scratch, struct sc__wire *to)
{
    switch (kind) {
    case SC__TEXT:
    case SC__JSONB:
        return encode_texts(c, scratch, to);
    case SC__INT2:
        return encode_numbers(c, 2, scratch, to);
    case SC__INT4:
    case SC__OID:
    case SC__FLOAT4:
        return encode_numbers(c, 4, scratch, to);
    case SC__INT8:
    case SC__FLOAT8:
        return encode_numbers(c, 8, scratch, to);
    case SC__BOOL:
    case SC__NUMERIC:
    case SC__BYTEA:
    case SC__UUID:
    case SC__DATE:
    case SC__TIME:
    case SC__TIMETZ:
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ:
    case SC__INTERVAL:
    case SC__INET:
    case SC__ENUM:
        return false;
    }
    return false;
}

/* False: it is for the general lists. */
static bool encode_fast(const struct sc__strided *from, struct sc__scratch *scratch,
                        struct sc__wire *to)
{
    const struct sc__type *type = from->type;
    struct column c = {
        .member = (const char *)from->base + from->offset,
        .stride = from->stride,
        .count = from->count,
        .value_at = from->maybe ? sc__value_at(type) : 0,
        .ahead = type->kind == SC__JSONB,
        .oid = from->element_oid != 0 ? from->element_oid : type->oid,
    };
    /* So many that the sum of sizes cannot overflow, and an array of one dimension. */
    if (sc__is_array(type) || from->count == 0 || from->count > SC__VALUE_MAX / 16) {
        return false;
    }
    return encode_kind(&c, (enum sc__kind)type->kind, scratch, to) &&
           (!c.some_null || type->flags & SC__NULLABLE);
}

const struct sc__fault *sc__encode_strided(struct sc__strided *from,
                                           struct sc__scratch *scratch,
                                           struct sc__wire *to)
{
    if (encode_fast(from, scratch, to)) {
        return NULL;
    }
    struct sc__list list = {
        .element = *from->type,
        .base = (const char *)from->base + from->offset,
        .stride = from->stride,
        .count = from->count,
        .oid = from->element_oid != 0 ? from->element_oid : from->type->oid,
        .maybe = from->maybe,
    };
    const struct sc__fault *fault = sc__encode_list(&list, scratch, to);
    from->bad = list.bad;
    return fault;
}
