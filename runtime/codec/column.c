/* column.c: one member of many structs into one binary array; knows no statement.
 *
 * Texts and plain numbers, of which there may be very many, are written in two loops of
 * their own. All else, and whatever is out of the ordinary there, is left to the general
 * lists, so that there is one place that says what is a fault. */
#include "private.h"
#include "runtime/bytes.h"

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
SC__INLINED bool find_bare(const char *member, size_t value_at, const char **bare)
{
    int is = SC_IS_VALUE;
    if (value_at > 0) {
        memcpy(&is, member, sizeof is);
    }
    *bare = is == SC_IS_VALUE ? member + value_at : NULL;
    return is == SC_IS_VALUE || is == SC_IS_NULL || is == SC_IS_UNSET;
}

/* The same of a text, which has a NULL of its own. */
SC__INLINED bool find_text(const char *member, size_t value_at, const char **text)
{
    const char *bare = member;
    if (value_at > 0 && !find_bare(member, value_at, &bare)) {
        return false;
    }
    *text = NULL;
    if (value_at == 0 || bare != NULL) {
        memcpy(text, bare, sizeof *text);
    }
    return true;
}

/* Where texts are written, whose size is known only at the end. From `limit` on there is room
 * for a short one. */
struct room {
    struct sc__scratch *scratch;
    char *start;
    const char *limit;
};

static bool open_room(struct room *room, size_t size)
{
    if (size > SC__VALUE_MAX) {
        return false;
    }
    room->start = sc__scratch_alloc(room->scratch, size + SC__TEXT_ROOM);
    room->limit = room->start + size;
    return room->start != NULL;
}

/* Moves what ends at `to` to where it has room for `more` and as much again; gives where it
 * ends there. NULL: there is no memory, or the array is too long anyway. */
static char *move_room(struct room *room, const char *to, size_t more)
{
    const char *from = room->start;
    size_t used = (size_t)(to - from), twice = 2 * used;
    if (more > SC__VALUE_MAX - used) {
        return NULL;
    }
    size_t size = twice < SC__VALUE_MAX - more ? twice + more : SC__VALUE_MAX;
    return open_room(room, size) ? sc__put_bytes(room->start, from, used) : NULL;
}

static char *put_long(struct room *room, const char *to, const char *text, size_t ahead)
{
    char *moved = move_room(room, to, strlen(text) + SC__TEXT_ROOM);
    return moved != NULL ? sc__put_sized(moved, text, ahead, &room->limit) : NULL;
}

/* The end of the texts. NULL: they are not for here. */
SC__INLINED char *put_each(struct column *c, size_t value_at, size_t ahead,
                           struct room *room)
{
    const char *member = c->member;
    char *to = room->start + HEADER_SIZE;
    for (size_t left = c->count; left > 0; left--, member += c->stride) {
        const char *text;
        if (!find_text(member, value_at, &text)) {
            return NULL;
        }
        if (text == NULL) {
            c->some_null = true;
            to = sc__put32(to, IS_NULL);
        } else {
            char *end = sc__put_sized(to, text, ahead, &room->limit);
            to = end != NULL ? end : put_long(room, to, text, ahead);
        }
        if (to == NULL || (to > room->limit && (to = move_room(room, to, 0)) == NULL)) {
            return NULL;
        }
    }
    return to;
}

/* Thrice, because most members are no struct sc_maybe_x, and most of these no jsonb. */
static char *put_texts(struct column *c, struct room *room)
{
    if (c->value_at > 0) {
        return put_each(c, c->value_at, c->ahead, room);
    }
    return c->ahead > 0 ? put_each(c, 0, 1, room) : put_each(c, 0, 0, room);
}

/* What the texts of all may take, by some of them. */
static size_t guess_size(const struct column *c)
{
    enum { SOME = 8 };
    size_t step = c->count < SOME ? 1 : c->count / SOME, sum = 0, seen = 0;
    for (size_t i = 0; i < c->count; i += step, seen++) {
        const char *text;
        if (find_text(c->member + i * c->stride, c->value_at, &text) && text != NULL) {
            sum += strlen(text);
        }
    }
    return HEADER_SIZE + c->count * (4 + c->ahead + 1 + sum / seen * 9 / 8);
}

static bool encode_texts(struct column *c, struct sc__scratch *scratch,
                         struct sc__wire *to)
{
    struct room room = { .scratch = scratch };
    if (!open_room(&room, guess_size(c))) {
        return false;
    }
    char *end = put_texts(c, &room);
    if (end == NULL || end - room.start > SC__VALUE_MAX) {
        return false;
    }
    put_header(c, room.start);
    borrow(to, room.start, end);
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

SC__INLINED bool encode_numbers(struct column *c, uint32_t size, size_t value_at,
                                struct sc__scratch *scratch, struct sc__wire *to)
{
    char *bytes = sc__scratch_alloc(scratch,
                                    HEADER_SIZE + c->count * (4 + (size_t)size));
    if (bytes == NULL || c->value_at != value_at) {
        return false;
    }
    const char *member = c->member;
    char *end = bytes + HEADER_SIZE;
    for (size_t left = c->count; left > 0; left--, member += c->stride) {
        const char *bare;
        if (!find_bare(member, value_at, &bare)) {
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
        return encode_numbers(c, 2, offsetof(struct sc_maybe_int2, value), scratch, to);
    case SC__INT4:
    case SC__OID:
    case SC__FLOAT4:
        return encode_numbers(c, 4, offsetof(struct sc_maybe_int4, value), scratch, to);
    case SC__INT8:
    case SC__FLOAT8:
        return encode_numbers(c, 8, offsetof(struct sc_maybe_int8, value), scratch, to);
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
