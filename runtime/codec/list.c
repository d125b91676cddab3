/* list.c: PostgreSQL's binary arrays into lists of C forms; reads nothing beyond
 * the bytes it is given.
 *
 * Source: PostgreSQL 15, src/backend/utils/adt/arrayfuncs.c (array_recv). */
#include "runtime/bytes.h"
#include "private.h"

#define DIMENSIONS_MAX 6 /* MAXDIM, src/include/c.h */

/* An array that is being read. */
struct reader {
    const char *dims;
    int ndims;
    size_t count;
    const char *at; /* the next element's length word */
    size_t left;    /* bytes from there */
};

static const struct sc__fault *read_header(struct sc__bytes from, struct reader *r)
{
    if (from.length < 12) {
        return &sc__has_wrong_length;
    }
    uint32_t ndims = sc__get32(from.data), has_null = sc__get32(from.data + 4);
    if (ndims > DIMENSIONS_MAX || has_null > 1) {
        return &sc__is_malformed;
    }
    size_t header = 12 + 8 * (size_t)ndims;
    if ((size_t)from.length < header) {
        return &sc__has_wrong_length;
    }
    *r = (struct reader){
        .dims = from.data + 12,
        .ndims = (int)ndims,
        .count = ndims > 0,
        .at = from.data + header,
        .left = (size_t)from.length - header,
    };
    for (uint32_t i = 0; i < ndims; i++) {
        uint32_t length = sc__get32(r->dims + 8 * i);
        int32_t lower = (int32_t)sc__get32(r->dims + 8 * i + 4);
        /* No more elements than there are length words: the product stays small. */
        if (length < 1 || length > r->left / 4 / r->count ||
            lower > INT32_MAX - (int32_t)length + 1) {
            return &sc__is_malformed;
        }
        r->count *= length;
    }
    return NULL;
}

static bool next_element(struct reader *r, struct sc__bytes *element)
{
    if (r->left < 4) {
        return false;
    }
    uint32_t length = sc__get32(r->at);
    r->at += 4;
    r->left -= 4;
    *element = (struct sc__bytes){ r->at, -1 };
    if (length == UINT32_MAX) {
        return true;
    }
    if (length > r->left) {
        return false;
    }
    element->length = (int)length;
    r->at += length;
    r->left -= length;
    return true;
}

/* What the elements need beside their items. */
struct survey {
    size_t bytes; /* texts, with a NUL each */
    bool some_null;
};

static const struct sc__fault *survey_element(const struct sc__type *type,
                                              struct sc__bytes element,
                                              struct survey *s)
{
    size_t size = 0;
    const struct sc__fault *fault = NULL;
    if (element.length < 0) {
        s->some_null = true;
    } else if (type->kind == SC__NUMERIC) {
        fault = sc__numeric_text_size(element, &size);
    } else if (type->kind == SC__TEXT || type->kind == SC__JSONB) {
        size = (size_t)element.length + 1;
    }
    if (fault == NULL && size > SIZE_MAX / 2 - s->bytes) {
        fault = &sc__no_memory;
    }
    s->bytes += size;
    return fault;
}

static const struct sc__fault *survey(const struct sc__type *type, struct reader r,
                                      struct survey *s)
{
    struct sc__bytes element;
    *s = (struct survey){ 0 };
    for (size_t i = 0; i < r.count; i++) {
        if (!next_element(&r, &element)) {
            return &sc__is_malformed;
        }
        const struct sc__fault *fault = survey_element(type, element, s);
        if (fault != NULL) {
            return fault;
        }
    }
    return r.left == 0 ? NULL : &sc__is_malformed;
}

static bool has_bounds(const struct reader *r)
{
    return r->ndims > 1 || (r->ndims == 1 && sc__get32(r->dims + 4) != 1);
}

/* Where the parts of an array stand in the tail, from its start; size: of all. */
struct plan {
    size_t shape;
    size_t lengths;
    size_t nulls;
    size_t bytes;
    size_t size;
};

static bool make_plan(const struct sc__type *type, const struct reader *r,
                      const struct survey *s, struct plan *plan)
{
    size_t item = sc__form_size(type, false);
    if (r->count > (SIZE_MAX / 4) / item) {
        return false;
    }
    bool shaped = s->some_null || has_bounds(r);
    plan->shape = sc__round_up(r->count * item);
    plan->lengths = plan->shape + (shaped ? sc__round_up(sizeof(struct sc_shape)) : 0);
    plan->nulls = plan->lengths + (has_bounds(r) ? 8 * (size_t)r->ndims : 0);
    plan->bytes = plan->nulls + (s->some_null ? r->count : 0);
    if (s->bytes > SIZE_MAX - plan->bytes) {
        return false;
    }
    plan->size = plan->bytes + s->bytes;
    return true;
}

static const struct sc__fault *open_array(const struct sc__type *element,
                                          struct sc__bytes from, struct reader *r,
                                          struct plan *plan)
{
    struct survey s;
    const struct sc__fault *fault = read_header(from, r);
    if (fault == NULL) {
        fault = survey(element, *r, &s);
    }
    if (fault == NULL && !make_plan(element, r, &s, plan)) {
        fault = &sc__no_memory;
    }
    return fault;
}

const struct sc__fault *sc__array_tail(const struct sc__type *type,
                                       struct sc__bytes from, size_t *tail)
{
    struct sc__type element = sc__element_type(type);
    struct reader r;
    struct plan plan;
    const struct sc__fault *fault = open_array(&element, from, &r, &plan);
    *tail = fault == NULL ? plan.size : 0;
    return fault;
}

/* Texts get a NUL of their own: in the value the next element follows at once. */
static const struct sc__fault *fill_text(const struct sc__type *type,
                                         struct sc__bytes element, void *item,
                                         char **bytes)
{
    struct sc__bytes copy = { *bytes, element.length };
    memcpy(*bytes, element.data, (size_t)element.length);
    *bytes += element.length;
    *(*bytes)++ = '\0';
    return sc__decode_bare(type, copy, item, bytes);
}

static const struct sc__fault *fill(const struct sc__type *type, struct reader *r,
                                    char *items, bool *nulls, char *bytes)
{
    const struct sc__fault *fault = NULL;
    size_t size = sc__form_size(type, false);
    bool is_text = type->kind == SC__TEXT || type->kind == SC__JSONB;
    for (size_t i = 0; i < r->count && fault == NULL; i++, items += size) {
        struct sc__bytes element;
        if (!next_element(r, &element)) {
            return &sc__is_malformed;
        }
        if (nulls != NULL) {
            nulls[i] = element.length < 0;
        }
        if (element.length < 0) {
            memset(items, 0, size);
        } else if (is_text) {
            fault = fill_text(type, element, items, &bytes);
        } else {
            fault = sc__decode_bare(type, element, items, &bytes);
        }
    }
    return fault;
}

static struct sc_shape *fill_shape(const struct reader *r, const struct plan *plan,
                                   char *tail)
{
    if (plan->shape == plan->lengths) {
        return NULL;
    }
    struct sc_shape *shape = (struct sc_shape *)(void *)(tail + plan->shape);
    *shape = (struct sc_shape){ 0 };
    if (plan->lengths != plan->nulls) {
        int32_t *lengths = (int32_t *)(void *)(tail + plan->lengths);
        int32_t *lower_bounds = lengths + r->ndims;
        shape->ndims = r->ndims;
        shape->lengths = lengths;
        shape->lower_bounds = lower_bounds;
        for (int i = 0; i < r->ndims; i++) {
            lengths[i] = (int32_t)sc__get32(r->dims + 8 * i);
            lower_bounds[i] = (int32_t)sc__get32(r->dims + 8 * i + 4);
        }
    }
    if (plan->nulls != plan->bytes) {
        shape->nulls = (bool *)(tail + plan->nulls);
    }
    return shape;
}

const struct sc__fault *sc__decode_array(const struct sc__type *type,
                                         struct sc__bytes from, void *out, char **tail)
{
    static const int64_t nothing; /* an empty array has items, too */
    struct sc__type element = sc__element_type(type);
    struct reader r;
    struct plan plan;
    const struct sc__fault *fault = open_array(&element, from, &r, &plan);
    if (fault != NULL) {
        return fault;
    }
    char *start = *tail;
    struct sc_shape *shape = fill_shape(&r, &plan, start);
    struct sc__any_array array = {
        .items = r.count > 0 ? (const void *)start : &nothing,
        .count = r.count,
        .shape = shape,
    };
    bool *nulls = shape != NULL && shape->nulls != NULL ? (bool *)(start + plan.nulls)
                                                        : NULL;
    memcpy(out, &array, sizeof array);
    *tail += plan.size;
    return fill(&element, &r, start, nulls, start + plan.bytes);
}
