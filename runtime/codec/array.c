/* array.c: lists of C forms into PostgreSQL's binary arrays; allocates nothing.
 *
 * Source: PostgreSQL 15, src/backend/utils/adt/arrayfuncs.c (array_recv, array_send). */
#include "private.h"
#include "runtime/bytes.h"

#define DIMENSIONS_MAX 6 /* MAXDIM, src/include/c.h */
#define TEXT_OID       25

static const struct sc__fault misfits = {
    SC_MISUSE, "is an array whose shape does not fit its count"
};

struct sc__list sc__list_of(const struct sc__type *type, const void *bare,
                            uint32_t element_oid)
{
    struct sc__any_array array;
    memcpy(&array, bare, sizeof array);
    struct sc__type element = sc__element_type(type);
    struct sc__list list = {
        .element = element,
        .base = array.items,
        .stride = sc__form_size(&element, false),
        .count = array.count,
        .shape = array.shape,
        .oid = element_oid != 0 ? element_oid : sc__element_oid(type),
    };
    return list;
}

const struct sc__fault *sc__list_at(const struct sc__list *list, size_t i,
                                    const void **bare)
{
    *bare = NULL;
    if (list->shape != NULL && list->shape->nulls != NULL && list->shape->nulls[i]) {
        return NULL;
    }
    struct sc__source from = {
        .type = &list->element,
        .value = list->base + i * list->stride,
        .maybe = list->maybe,
    };
    return sc__resolve(&from, bare);
}

static int count_dimensions(const struct sc__list *list)
{
    if (list->count == 0) {
        return 0;
    }
    return list->shape != NULL && list->shape->ndims != 0 ? list->shape->ndims : 1;
}

const struct sc__fault *sc__list_check_shape(const struct sc__list *list)
{
    const struct sc_shape *shape = list->shape;
    if (list->count > SC__VALUE_MAX / 4) {
        return &sc__is_too_long;
    }
    if (shape == NULL || shape->ndims == 0 || list->count == 0) {
        return NULL;
    }
    if (shape->ndims < 0 || shape->ndims > DIMENSIONS_MAX || shape->lengths == NULL) {
        return &misfits;
    }
    uint64_t product = 1;
    for (int i = 0; i < shape->ndims; i++) {
        int32_t length = shape->lengths[i];
        int32_t lower = shape->lower_bounds != NULL ? shape->lower_bounds[i] : 1;
        if (length < 1 || lower > INT32_MAX - length + 1) {
            return &misfits;
        }
        product *= (uint32_t)length; /* below 2^28 times 2^31 */
        if (product > list->count) {
            return &misfits;
        }
    }
    return product == list->count ? NULL : &misfits;
}

static const struct sc__fault *element_size(struct sc__list *list, size_t i,
                                            size_t *size)
{
    const void *bare;
    *size = 0;
    const struct sc__fault *fault = sc__list_at(list, i, &bare);
    if (fault == NULL && bare == NULL) {
        list->some_null = true;
    } else if (fault == NULL && sc__is_array(&list->element)) {
        fault = sc__literal_write(&list->element, bare, NULL, size);
    } else if (fault == NULL) {
        fault = sc__binary_size(&list->element, bare, size);
    }
    return fault;
}

const struct sc__fault *sc__list_size(struct sc__list *list, size_t *size)
{
    const struct sc__fault *fault = sc__list_check_shape(list);
    if (fault != NULL) {
        return fault;
    }
    uint64_t sum = 12 + 8 * (uint64_t)count_dimensions(list);
    list->some_null = false;
    for (size_t i = 0; i < list->count; i++) {
        size_t one;
        fault = element_size(list, i, &one);
        sum += 4 + (uint64_t)one; /* each at most SC__VALUE_MAX */
        if (fault == NULL && sum > SC__VALUE_MAX) {
            fault = &sc__is_too_long;
        }
        if (fault != NULL) {
            list->bad = i;
            return fault;
        }
    }
    *size = (size_t)sum;
    return NULL;
}

static bool has_null(const struct sc__list *list)
{
    const void *bare = list;
    for (size_t i = 0; i < list->count && bare != NULL; i++) {
        sc__list_at(list, i, &bare);
    }
    return bare == NULL;
}

static char *write_header(const struct sc__list *list, char *to)
{
    const struct sc_shape *shape = list->shape;
    int ndims = count_dimensions(list);
    to = sc__put32(to, (uint32_t)ndims);
    to = sc__put32(to, list->some_null || has_null(list));
    to = sc__put32(to, sc__is_array(&list->element) ? TEXT_OID : list->oid);
    if (ndims > 0 && (shape == NULL || shape->ndims == 0)) {
        return sc__put32(sc__put32(to, (uint32_t)list->count), 1);
    }
    for (int i = 0; i < ndims; i++) {
        to = sc__put32(to, (uint32_t)shape->lengths[i]);
        int32_t lower = shape->lower_bounds != NULL ? shape->lower_bounds[i] : 1;
        to = sc__put32(to, (uint32_t)lower);
    }
    return to;
}

char *sc__list_write(const struct sc__list *list, char *to)
{
    to = write_header(list, to);
    for (size_t i = 0; i < list->count; i++) {
        const void *bare;
        sc__list_at(list, i, &bare); /* sized before, so it is sound */
        if (bare == NULL) {
            to = sc__put32(to, UINT32_MAX);
            continue;
        }
        char *end = to + 4;
        if (sc__is_array(&list->element)) {
            size_t size = 0;
            sc__literal_write(&list->element, bare, end, &size);
            end += size;
        } else {
            end = sc__binary_write(&list->element, bare, end);
        }
        sc__put32(to, (uint32_t)(end - to - 4));
        to = end;
    }
    return to;
}
