/* form.c: what the C form of each kind is, and whether it holds a value; knows no
 * wire format. */
#include "private.h"
#include <string.h>

const struct sc__fault sc__no_memory = { SC_NO_MEMORY, "found no memory" };
const struct sc__fault sc__is_null = { SC_NOT_NULL, "must not be NULL" };
const struct sc__fault sc__is_neither = {
    SC_MISUSE, "is neither unset nor SC_NULL nor SC(value)"
};
const struct sc__fault sc__is_too_long = { SC_BAD_VALUE, "is too long" };
const struct sc__fault sc__is_no_number = { SC_BAD_VALUE,
                                            "is not a number that numeric can hold" };
const struct sc__fault sc__is_malformed = { SC_SCHEMA_MISMATCH,
                                            "came in a form that its type never has" };
const struct sc__fault sc__came_null = { SC_SCHEMA_MISMATCH,
                                         "came as NULL, and is NOT NULL" };
const struct sc__fault sc__has_wrong_length = {
    SC_SCHEMA_MISMATCH, "came in a length that its type never has"
};

struct form {
    uint8_t size;
    uint8_t align;
    uint8_t maybe_size;
    uint8_t maybe_align;
    uint8_t value_at;
};

SC_MAYBE(maybe_enum, int);

#define FORM(type, maybe)                                                           \
    {                                                                               \
        sizeof(type), _Alignof(type), sizeof(struct maybe), _Alignof(struct maybe), \
            offsetof(struct maybe, value)                                           \
    }

static const struct form forms[] = {
    [SC__BOOL] = FORM(bool, sc_maybe_bool),
    [SC__INT2] = FORM(int16_t, sc_maybe_int2),
    [SC__INT4] = FORM(int32_t, sc_maybe_int4),
    [SC__INT8] = FORM(int64_t, sc_maybe_int8),
    [SC__OID] = FORM(uint32_t, sc_maybe_oid),
    [SC__FLOAT4] = FORM(float, sc_maybe_float4),
    [SC__FLOAT8] = FORM(double, sc_maybe_float8),
    [SC__NUMERIC] = FORM(struct sc_numeric, sc_maybe_numeric),
    [SC__TEXT] = FORM(sc__text_item, sc_maybe_text),
    [SC__JSONB] = FORM(sc__text_item, sc_maybe_text),
    [SC__BYTEA] = FORM(struct sc_bytea, sc_maybe_bytea),
    [SC__UUID] = FORM(struct sc_uuid, sc_maybe_uuid),
    [SC__DATE] = FORM(struct sc_date, sc_maybe_date),
    [SC__TIME] = FORM(struct sc_time, sc_maybe_time),
    [SC__TIMETZ] = FORM(struct sc_timetz, sc_maybe_timetz),
    [SC__TIMESTAMP] = FORM(struct sc_timestamp, sc_maybe_timestamp),
    [SC__TIMESTAMPTZ] = FORM(struct sc_timestamptz, sc_maybe_timestamptz),
    [SC__INTERVAL] = FORM(struct sc_interval, sc_maybe_interval),
    [SC__INET] = FORM(struct sc_inet, sc_maybe_inet),
    [SC__ENUM] = FORM(int, maybe_enum),
};
static const struct form array_form = FORM(struct sc_int8s, sc_maybe_int8s);

/* All arrays are laid out alike, so that one form stands for them. */
_Static_assert(sizeof(struct sc__any_array) == sizeof(struct sc_int8s), "array layout");
_Static_assert(offsetof(struct sc_texts, count) ==
                   offsetof(struct sc__any_array, count),
               "array layout");
_Static_assert(sizeof(enum sc_is) == sizeof(int), "SC_IS_* are int-sized");

static const struct form *form_of(const struct sc__type *type)
{
    return sc__is_array(type) ? &array_form : &forms[type->kind];
}

bool sc__has_null(const struct sc__type *type)
{
    const unsigned kinds = 1u << SC__NUMERIC | 1u << SC__TEXT | 1u << SC__JSONB |
                           1u << SC__BYTEA;
    return sc__is_array(type) || (kinds >> type->kind & 1) != 0;
}

bool sc__is_maybe(const struct sc__type *type)
{
    return (type->flags & SC__NULLABLE) && !sc__has_null(type);
}

size_t sc__form_size(const struct sc__type *type, bool maybe)
{
    const struct form *form = form_of(type);
    return maybe ? form->maybe_size : form->size;
}

size_t sc__form_align(const struct sc__type *type, bool maybe)
{
    const struct form *form = form_of(type);
    return maybe ? form->maybe_align : form->align;
}

size_t sc__value_at(const struct sc__type *type)
{
    return form_of(type)->value_at;
}

/* The forms that have a NULL start with the pointer that is NULL then. */
static bool holds_null(const struct sc__type *type, const void *bare)
{
    const void *pointer;
    if (!sc__has_null(type)) {
        return false;
    }
    memcpy(&pointer, bare, sizeof pointer);
    return pointer == NULL;
}

int sc__given(const struct sc__type *type, bool maybe, const void *value)
{
    const char *bare = value;
    int is = SC_IS_VALUE;
    if (maybe) {
        memcpy(&is, value, sizeof is);
        bare += form_of(type)->value_at;
    } else if (type->kind == SC__ENUM && !sc__is_array(type)) {
        int label;
        memcpy(&label, value, sizeof label);
        is = label != 0 ? SC_IS_VALUE : SC_IS_UNSET;
    }
    if (is == SC_IS_VALUE) {
        return holds_null(type, bare) ? SC_IS_NULL : SC_IS_VALUE;
    }
    return is == SC_IS_NULL || is == SC_IS_UNSET ? is : -1;
}

const struct sc__fault *sc__resolve(const struct sc__source *from, const void **bare)
{
    *bare = NULL;
    if (from->value == NULL) {
        return NULL;
    }
    int given = sc__given(from->type, from->maybe, from->value);
    if (given < 0) {
        return &sc__is_neither;
    }
    /* A bare enum that is unset goes on: its check says so. */
    if (given == SC_IS_VALUE || (!from->maybe && given == SC_IS_UNSET)) {
        size_t at = from->maybe ? form_of(from->type)->value_at : 0;
        *bare = (const char *)from->value + at;
        return NULL;
    }
    return from->type->flags & SC__NULLABLE ? NULL : &sc__is_null;
}

struct sc__type sc__element_type(const struct sc__type *type)
{
    struct sc__type element = *type;
    element.flags = SC__NULLABLE;
    element.oid = 0;
    return element;
}

/* PostgreSQL 15, src/include/catalog/pg_type.dat. */
uint32_t sc__element_oid(const struct sc__type *type)
{
    static const uint16_t oids[][2] = {
        { 1000, 16 },   { 1001, 17 },   { 1002, 18 },   { 1003, 19 },   { 1005, 21 },
        { 1007, 23 },   { 1009, 25 },   { 1014, 1042 }, { 1015, 1043 }, { 1016, 20 },
        { 1021, 700 },  { 1022, 701 },  { 1028, 26 },   { 1041, 869 },  { 651, 650 },
        { 1115, 1114 }, { 1182, 1082 }, { 1183, 1083 }, { 1185, 1184 }, { 1187, 1186 },
        { 1231, 1700 }, { 1270, 1266 }, { 143, 142 },   { 199, 114 },   { 2951, 2950 },
        { 3807, 3802 },
    };
    for (size_t i = 0; i < sizeof oids / sizeof oids[0]; i++) {
        if (oids[i][0] == type->oid) {
            return oids[i][1];
        }
    }
    return 0;
}
