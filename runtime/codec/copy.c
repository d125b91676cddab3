/* copy.c: arrays of structs into rows of COPY BINARY, in one tight loop; knows no
 * statement and sends nothing.
 *
 * Common kinds are written here; whatever is out of the ordinary (a NULL, no room, a
 * fault, a rare kind) is left to sc__encode_field, so that there is one place that says
 * what is right. */
#include "private.h"
#include "runtime/bytes.h"
#include "runtime/value/civil.h"

/* What a field takes: the pointers plain, all else in a struct sc_maybe_x. */
enum step {
    STEP_TEXT,
    STEP_JSONB,
    STEP_2,
    STEP_4,
    STEP_8,
    STEP_TIMESTAMP,
    STEP_UUID,
    STEP_1,
    STEP_MAYBE_TEXT,
    STEP_MAYBE_JSONB,
    STEP_OTHER
};

static enum step choose_text(enum step plain, enum step in_maybe, bool maybe)
{
    return maybe ? in_maybe : plain;
}

static enum step choose_step(const struct sc__type *type, bool maybe)
{
    if (sc__is_array(type)) {
        return STEP_OTHER;
    }
    switch ((enum sc__kind)type->kind) {
    case SC__TEXT:
        return choose_text(STEP_TEXT, STEP_MAYBE_TEXT, maybe);
    case SC__JSONB:
        return choose_text(STEP_JSONB, STEP_MAYBE_JSONB, maybe);
    case SC__BOOL:
        return maybe ? STEP_1 : STEP_OTHER;
    case SC__INT2:
        return maybe ? STEP_2 : STEP_OTHER;
    case SC__INT4:
    case SC__OID:
    case SC__FLOAT4:
        return maybe ? STEP_4 : STEP_OTHER;
    case SC__INT8:
    case SC__FLOAT8:
        return maybe ? STEP_8 : STEP_OTHER;
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ:
        return maybe ? STEP_TIMESTAMP : STEP_OTHER;
    case SC__UUID:
        return maybe ? STEP_UUID : STEP_OTHER;
    case SC__NUMERIC:
    case SC__BYTEA:
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

/* Where rows are written. From `limit` on there is room for a row of short fields, of
 * which texts are the largest; behind `edge` there is none, or it is enough. Of the fields come first runs of plain texts, of
 * plain jsonb and of what stands in a struct sc_maybe_x; each ends where the next begins.
 * What is behind them is out of the ordinary. */
struct target {
    struct sc__buffer *buffer;
    struct sc__copy *copy;
    size_t fixed;
    size_t enough;
    char *start; /* of the row at work */
    const char *limit;
    const char *edge;
    size_t left; /* rows */
    size_t stride;
    const struct sc__copy_field *fields;
    const struct sc__copy_field *jsonbs;
    const struct sc__copy_field *maybes;
    const struct sc__copy_field *rest;
    const struct sc__copy_field *last;
    char count[2]; /* of the fields, as each row begins with it */
};

SC__ALONE char *put_null(const struct sc__copy_field *field, char *to)
{
    return field->type->flags & SC__NULLABLE ? sc__put32(to, UINT32_MAX) : NULL;
}

/* ahead: the bytes before the text: jsonb's version, 1. NULL: it is nothing for here. */
SC__INLINED char *put_text(const struct sc__copy_field *field, const char *row,
                           char *to, const struct target *target, size_t ahead)
{
    const char *text;
    memcpy(&text, row + field->bare_at, sizeof text);
    if (text == NULL) {
        return put_null(field, to);
    }
    return sc__put_sized(to, text, ahead, &target->limit);
}

static char *put_8(const char *member, char *to, enum step step)
{
    uint64_t value;
    memcpy(&value, member + offsetof(struct sc_maybe_int8, value), sizeof value);
    if (step == STEP_TIMESTAMP && !sc__timestamp_fits((int64_t)value)) {
        return NULL;
    }
    return sc__put64(sc__put32(to, 8), value);
}

static char *put_fixed(const struct sc__copy_field *field, const char *member, char *to)
{
    uint32_t four;
    if (field->step == STEP_4) {
        memcpy(&four, member + offsetof(struct sc_maybe_int4, value), sizeof four);
        return sc__put32(sc__put32(to, 4), four);
    }
    if (field->step == STEP_UUID) {
        member += offsetof(struct sc_maybe_uuid, value);
        return sc__put_bytes(sc__put32(to, 16), member, 16);
    }
    if (field->step == STEP_1) {
        to = sc__put32(to, 1);
        *to = member[offsetof(struct sc_maybe_bool, value)];
        return to + 1;
    }
    return put_8(member, to, (enum step)field->step);
}

/* A struct sc_maybe_x. */
static inline char *put_maybe(const struct sc__copy_field *field, const char *row,
                              char *to, const struct target *target)
{
    const char *member = row + field->at;
    int is;
    uint16_t two;
    memcpy(&is, member, sizeof is);
    if (is != SC_IS_VALUE) {
        return is == SC_IS_NULL || is == SC_IS_UNSET ? put_null(field, to) : NULL;
    }
    if (field->step == STEP_2) {
        memcpy(&two, member + offsetof(struct sc_maybe_int2, value), sizeof two);
        return sc__put16(sc__put32(to, 2), two);
    }
    if (field->step == STEP_MAYBE_TEXT) {
        return put_text(field, row, to, target, 0);
    }
    return field->step == STEP_MAYBE_JSONB ? put_text(field, row, to, target, 1)
                                           : put_fixed(field, member, to);
}

static const struct sc__copy_field *run_end(const struct target *target,
                                            const struct sc__copy_field *field,
                                            enum step first, enum step last)
{
    while (field != target->last && field->step >= first && field->step <= last) {
        field++;
    }
    return field;
}

static void find_runs(struct target *target)
{
    const struct sc__copy *copy = target->copy;
    target->left = copy->count - copy->next;
    target->stride = copy->stride;
    target->fields = copy->fields;
    target->last = copy->fields + copy->nfields;
    target->jsonbs = run_end(target, copy->fields, STEP_TEXT, STEP_TEXT);
    target->maybes = run_end(target, target->jsonbs, STEP_JSONB, STEP_JSONB);
    target->rest = run_end(target, target->maybes, STEP_JSONB + 1, STEP_OTHER - 1);
    sc__put16(target->count, copy->nfields);
}

/* Takes the buffer as it is, makes room for a row of short fields. */
static bool open_target(struct target *target)
{
    struct sc__buffer *buffer = target->buffer;
    if (!sc__buffer_reserve(buffer, target->fixed)) {
        return false;
    }
    size_t room = buffer->room - buffer->size - target->fixed;
    target->start = buffer->data + buffer->size;
    target->limit = target->start + (room < SC__VALUE_MAX ? room : SC__VALUE_MAX - 1);
    target->edge = target->limit;
    if (buffer->room > target->enough &&
        target->limit >= buffer->data + target->enough) {
        target->edge = buffer->data + target->enough - 1;
    }
    if (target->rest != target->last) {
        target->edge = target->start; /* a row at a time */
    }
    return true;
}

/* Rows up to the edge: gives the end of the last one's runs, or NULL: that one, which begins
 * at target->start, has a field that is nothing for here. A loop a run: most fields are
 * texts, and need not be asked what they are. A function of its own, and all that a row
 * needs but once in memory, so that what lives through strlen has the registers. */
SC__ALONE char *put_rows(struct target *target, const char *row)
{
    char *to = target->start;
    do {
        const struct sc__copy_field *field = target->fields;
        target->start = to;
        for (to = sc__put_bytes(to, target->count, 2); field != target->jsonbs;
             field++) {
            if ((to = put_text(field, row, to, target, 0)) == NULL) {
                return NULL;
            }
        }
        for (; field != target->maybes; field++) {
            if ((to = put_text(field, row, to, target, 1)) == NULL) {
                return NULL;
            }
        }
        for (; field != target->rest; field++) {
            if ((to = put_maybe(field, row, to, target)) == NULL) {
                return NULL;
            }
        }
        row += target->stride;
    } while (--target->left > 0 && to <= target->edge);
    return to;
}

/* The rest of a row, from a field that is out of the ordinary or comes after one. */
static const struct sc__fault *put_rest(struct target *target, const char *row,
                                        const struct sc__copy_field *field)
{
    for (; field != target->last; field++) {
        struct sc__source from = { field->type, row + field->at, field->element_oid,
                                   field->maybe };
        const struct sc__fault *fault = sc__encode_field(&from, target->buffer);
        if (fault != NULL) {
            target->copy->bad = (uint16_t)(field - target->fields);
            return fault;
        }
    }
    return NULL;
}

static const char *row_at(const struct target *target)
{
    const struct sc__copy *copy = target->copy;
    return (const char *)copy->rows + (copy->count - target->left) * copy->stride;
}

/* Rows up to the edge, and one that is out of the ordinary. */
static const struct sc__fault *put_some(struct target *target)
{
    struct sc__buffer *buffer = target->buffer;
    const struct sc__copy_field *field = target->rest;
    char *end = put_rows(target, row_at(target));
    const size_t whole = (size_t)(target->start - buffer->data);
    if (end == NULL) {
        field = target->fields;
        end = sc__put_bytes(target->start, target->count, 2);
    } else {
        target->left += field != target->last;
    }
    buffer->size = (size_t)(end - buffer->data);
    if (field == target->last) {
        return NULL;
    }
    const struct sc__fault *fault = put_rest(target, row_at(target), field);
    if (fault != NULL) {
        buffer->size = whole;
    } else {
        target->left--;
    }
    return fault;
}

const struct sc__fault *sc__encode_rows(struct sc__copy *copy, size_t enough,
                                        struct sc__buffer *to)
{
    struct target target = { .buffer = to,
                             .copy = copy,
                             .fixed = 2 + SC__TEXT_ROOM * (size_t)copy->nfields,
                             .enough = enough };
    const struct sc__fault *fault = NULL;
    copy->bad = 0;
    find_runs(&target);
    while (fault == NULL && target.left > 0 && to->size < enough) {
        fault = open_target(&target) ? put_some(&target) : &sc__no_memory;
    }
    copy->next = copy->count - target.left;
    return fault;
}

int sc__copy_order(const struct sc__type *type, bool maybe)
{
    return (int)choose_step(type, maybe);
}
