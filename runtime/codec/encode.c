/* encode.c: parameters and COPY fields out of C forms; sends nothing. */
#include "private.h"
#include "number.h"
#include "runtime/bytes.h"
#include <limits.h>

enum { TEXT_FORMAT, BINARY_FORMAT };

static void borrow(struct sc__wire *to, const char *value, size_t length, int format)
{
    to->value = value;
    to->length = (int)length;
    to->format = format;
}

const struct sc__fault *sc__encode_list(struct sc__list *list,
                                        struct sc__scratch *scratch,
                                        struct sc__wire *to)
{
    size_t size;
    const struct sc__fault *fault = sc__list_size(list, &size);
    if (fault != NULL) {
        return fault;
    }
    char *bytes = sc__scratch_alloc(scratch, size);
    if (bytes == NULL) {
        return &sc__no_memory;
    }
    sc__list_write(list, bytes);
    borrow(to, bytes, size, BINARY_FORMAT);
    return NULL;
}

/* All kinds but arrays. */
static const struct sc__fault *encode_bare(const struct sc__type *type,
                                           const void *bare, struct sc__wire *to)
{
    const struct sc__fault *fault;
    const char *text;
    size_t size;
    if (type->kind == SC__TEXT || type->kind == SC__JSONB) {
        memcpy(&text, bare, sizeof text);
        borrow(to, text, 0, TEXT_FORMAT);
        return NULL;
    }
    fault = sc__binary_size(type, bare, &size);
    if (fault != NULL) {
        return fault;
    }
    if (type->kind == SC__NUMERIC) {
        borrow(to, ((const struct sc_numeric *)bare)->text, 0, TEXT_FORMAT);
    } else if (type->kind == SC__ENUM) {
        int value;
        memcpy(&value, bare, sizeof value);
        borrow(to, sc__label(type->labels, value), 0, TEXT_FORMAT);
    } else if (type->kind == SC__BYTEA) {
        borrow(to, ((const struct sc_bytea *)bare)->data, size, BINARY_FORMAT);
    } else if (type->kind == SC__UUID) {
        borrow(to, bare, size, BINARY_FORMAT);
    } else {
        sc__binary_write(type, bare, to->raw);
        borrow(to, to->raw, size, BINARY_FORMAT);
    }
    return NULL;
}

const struct sc__fault *sc__encode(const struct sc__source *from,
                                   struct sc__scratch *scratch, struct sc__wire *to)
{
    if (from->value != NULL &&
        sc__encode_number(from->type, from->value, from->maybe, to)) {
        return NULL;
    }
    const void *bare;
    borrow(to, NULL, 0, TEXT_FORMAT);
    const struct sc__fault *fault = sc__resolve(from, &bare);
    if (fault != NULL || bare == NULL) {
        return fault;
    }
    if (sc__is_array(from->type)) {
        struct sc__list list = sc__list_of(from->type, bare, from->element_oid);
        return sc__encode_list(&list, scratch, to);
    }
    return encode_bare(from->type, bare, to);
}

bool sc__wire_own(struct sc__wire *wire, struct sc__scratch *scratch)
{
    if (wire->value == NULL || wire->value == wire->raw) {
        return true;
    }
    size_t size = wire->format == TEXT_FORMAT ? strlen(wire->value) + 1
                                              : (size_t)wire->length;
    char *copy = sc__scratch_alloc(scratch, size);
    if (copy == NULL) {
        return false;
    }
    wire->value = memcpy(copy, wire->value, size);
    if (wire->format == TEXT_FORMAT) { /* libpq does not look, but flights weigh it */
        wire->length = size < INT_MAX ? (int)size : INT_MAX;
    }
    return true;
}

const struct sc__fault *sc__encode_field(const struct sc__source *from,
                                         struct sc__buffer *to)
{
    const void *bare;
    size_t size = 0;
    const struct sc__fault *fault = sc__resolve(from, &bare);
    if (fault == NULL && bare != NULL) {
        fault = sc__binary_size(from->type, bare, &size);
    }
    if (fault != NULL) {
        return fault;
    }
    if (!sc__buffer_reserve(to, 4 + size)) {
        return &sc__no_memory;
    }
    char *end = to->data + to->size;
    end = sc__put32(end, bare == NULL ? UINT32_MAX : (uint32_t)size);
    if (bare != NULL && sc__is_array(from->type)) {
        struct sc__list list = sc__list_of(from->type, bare, from->element_oid);
        sc__list_write(&list, end);
    } else if (bare != NULL) {
        sc__binary_write(from->type, bare, end);
    }
    to->size += 4 + size;
    return NULL;
}

const struct sc__fault *sc__encode_binary(const struct sc__source *from,
                                          struct sc__scratch *scratch,
                                          struct sc__wire *to)
{
    const void *bare;
    size_t size;
    borrow(to, NULL, 0, BINARY_FORMAT);
    const struct sc__fault *fault = sc__resolve(from, &bare);
    if (fault != NULL || bare == NULL) {
        return fault;
    }
    if (sc__is_array(from->type)) {
        struct sc__list list = sc__list_of(from->type, bare, from->element_oid);
        return sc__encode_list(&list, scratch, to);
    }
    fault = sc__binary_size(from->type, bare, &size);
    if (fault != NULL) {
        return fault;
    }
    char *bytes = size <= sizeof to->raw ? to->raw
                                         : (char *)sc__scratch_alloc(scratch, size);
    if (bytes == NULL) {
        return &sc__no_memory;
    }
    sc__binary_write(from->type, bare, bytes);
    borrow(to, bytes, size, BINARY_FORMAT);
    return NULL;
}
