/* codec_copy.c: arrays of structs into rows of COPY BINARY, in one tight loop; knows no
 * statement and sends nothing.
 *
 * Common kinds are written here; whatever is out of the ordinary (a NULL, no room, a
 * fault, a rare kind) is left to sc__encode_field, so that there is one place that says
 * what is right. */
#include "codec_private.h"
#include "bytes.h"
#include "value_civil.h"

/* What a field takes. The first two are never a struct sc_maybe_x. */
enum step {
    STEP_TEXT,
    STEP_JSONB,
    STEP_MAYBE_TEXT,
    STEP_MAYBE_JSONB,
    STEP_1,
    STEP_2,
    STEP_4,
    STEP_8,
    STEP_TIMESTAMP,
    STEP_OTHER
};

/* Bytes that any field but a text takes at most, and their length word. */
#define FIXED_MAX 12

static enum step choose_step(const struct sc__type *type, bool maybe)
{
    if (sc__is_array(type)) {
        return STEP_OTHER;
    }
    switch ((enum sc__kind)type->kind) {
    case SC__TEXT:
        return maybe ? STEP_MAYBE_TEXT : STEP_TEXT;
    case SC__JSONB:
        return maybe ? STEP_MAYBE_JSONB : STEP_JSONB;
    case SC__BOOL:
        return STEP_1;
    case SC__INT2:
        return STEP_2;
    case SC__INT4:
    case SC__OID:
    case SC__FLOAT4:
        return STEP_4;
    case SC__INT8:
    case SC__FLOAT8:
        return STEP_8;
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ:
        return STEP_TIMESTAMP;
    case SC__NUMERIC:
    case SC__BYTEA:
    case SC__UUID:
    case SC__DATE:
    case SC__TIME:
    case SC__TIMETZ:
    case SC__INTERVAL:
    case SC__INET:
    case SC__ENUM:
        return STEP_OTHER;
    }
    return STEP_OTHER;
}

struct sc__copy_field sc__copy_field(const struct sc__type *type, size_t at, bool maybe)
{
    return (struct sc__copy_field){
        .type = type,
        .at = (uint16_t)at,
        .bare_at = (uint16_t)(at + (maybe ? sc__value_at(type) : 0)),
        .step = (uint8_t)choose_step(type, maybe),
        .maybe = maybe,
    };
}

static char *put_null(const struct sc__copy_field *field, char *to)
{
    return field->type->flags & SC__NULLABLE ? sc__put32(to, UINT32_MAX) : NULL;
}

/* ahead: the bytes before the text: jsonb's version, 1. */
static inline char *put_text(const struct sc__copy_field *field, const char *row,
                             char *to, const char *limit, size_t ahead)
{
    const char *text;
    memcpy(&text, row + field->bare_at, sizeof text);
    if (text == NULL) {
        return put_null(field, to);
    }
    size_t size = strlen(text);
    if ((ptrdiff_t)size > limit - to) {
        return NULL;
    }
    to = sc__put32(to, (uint32_t)(size + ahead));
    if (ahead > 0) {
        *to = 1;
    }
    return sc__put_short(to + ahead, text, size);
}

static inline char *put_8(const char *bare, char *to, enum step step)
{
    uint64_t value;
    memcpy(&value, bare, sizeof value);
    if (step == STEP_TIMESTAMP && !sc__timestamp_fits((int64_t)value)) {
        return NULL;
    }
    return sc__put64(sc__put32(to, 8), value);
}

static char *put_fixed(const struct sc__copy_field *field, const char *row, char *to)
{
    const char *bare = row + field->bare_at;
    uint16_t two;
    uint32_t four;
    if (field->step == STEP_2) {
        memcpy(&two, bare, sizeof two);
        return sc__put16(sc__put32(to, 2), two);
    }
    if (field->step == STEP_4) {
        memcpy(&four, bare, sizeof four);
        return sc__put32(sc__put32(to, 4), four);
    }
    if (field->step == STEP_1) {
        to = sc__put32(to, 1);
        *to = *bare;
        return to + 1;
    }
    return field->step == STEP_OTHER ? NULL : put_8(bare, to, (enum step)field->step);
}

/* What is not a plain text or jsonb. */
static char *put_other(const struct sc__copy_field *field, const char *row, char *to,
                       const char *limit)
{
    if (field->maybe) {
        int is;
        memcpy(&is, row + field->at, sizeof is);
        if (is != SC_IS_VALUE) {
            return is == SC_IS_NULL || is == SC_IS_UNSET ? put_null(field, to) : NULL;
        }
    }
    if (field->step == STEP_MAYBE_TEXT) {
        return put_text(field, row, to, limit, 0);
    }
    if (field->step == STEP_MAYBE_JSONB) {
        return put_text(field, row, to, limit, 1);
    }
    return put_fixed(field, row, to);
}

/* The end of what was written, or NULL: it is nothing for here. */
static inline char *put_field(const struct sc__copy_field *field, const char *row,
                              char *to, const char *limit)
{
    if (field->step == STEP_TEXT) {
        return put_text(field, row, to, limit, 0);
    }
    if (field->step == STEP_JSONB) {
        return put_text(field, row, to, limit, 1);
    }
    return put_other(field, row, to, limit);
}

/* Where rows are written. From `limit` on there is room for a row's fixed parts. */
struct target {
    struct sc__buffer *buffer;
    char *to;
    const char *limit;
    size_t fixed;
};

/* Takes the buffer as it is, makes room for the fixed parts of a row. */
static bool open_target(struct target *target)
{
    struct sc__buffer *buffer = target->buffer;
    if (!sc__buffer_reserve(buffer, target->fixed)) {
        return false;
    }
    size_t room = buffer->room - buffer->size - target->fixed;
    target->to = buffer->data + buffer->size;
    target->limit = target->to + (room < SC__VALUE_MAX ? room : SC__VALUE_MAX - 1);
    return true;
}

static const struct sc__fault *put_odd(const struct sc__copy_field *field,
                                       const char *row, struct target *target)
{
    struct sc__source from = { field->type, row + field->at, field->element_oid,
                               field->maybe };
    target->buffer->size = (size_t)(target->to - target->buffer->data);
    const struct sc__fault *fault = sc__encode_field(&from, target->buffer);
    return fault == NULL && !open_target(target) ? &sc__no_memory : fault;
}

/* The rest of a row, from a field that is out of the ordinary. */
static const struct sc__fault *put_rest(struct sc__copy *copy, const char *row,
                                        const struct sc__copy_field *field,
                                        struct target *target)
{
    for (; field < copy->fields + copy->nfields; field++) {
        const struct sc__fault *fault = put_odd(field, row, target);
        if (fault != NULL) {
            copy->bad = (uint16_t)(field - copy->fields);
            return fault;
        }
    }
    return NULL;
}

static const struct sc__fault *put_row(struct sc__copy *copy, const char *row,
                                       struct target *target)
{
    const struct sc__copy_field *field = copy->fields, *last = field + copy->nfields;
    const char *limit = target->limit;
    char *to = sc__put16(target->to, copy->nfields);
    for (; field < last; field++) {
        char *end = put_field(field, row, to, limit);
        if (end == NULL) {
            target->to = to;
            return put_rest(copy, row, field, target);
        }
        to = end;
    }
    target->to = to;
    return NULL;
}

const struct sc__fault *sc__encode_rows(struct sc__copy *copy, size_t enough,
                                        struct sc__buffer *to)
{
    struct target target = { to, NULL, NULL, 2 + FIXED_MAX * (size_t)copy->nfields };
    const char *row = (const char *)copy->rows + copy->next * copy->stride;
    copy->bad = 0;
    if (!open_target(&target)) {
        return &sc__no_memory;
    }
    for (; copy->next < copy->count && to->size < enough; copy->next++) {
        if (target.to > target.limit && !open_target(&target)) {
            return &sc__no_memory;
        }
        size_t whole = to->size;
        const struct sc__fault *fault = put_row(copy, row, &target);
        if (fault != NULL) {
            to->size = whole;
            return fault;
        }
        to->size = (size_t)(target.to - to->data);
        row += copy->stride;
    }
    return NULL;
}
