/* decode_fuzz.c: bytes of a hostile server through the decoders.
 *
 * Input: the kind, flags (1: array, 2: nullable), then the value. What decodes must encode
 * (but for dates and times, which are decoded out of their range, and addresses), and what
 * that gives must decode and encode to the same bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/codec/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const labels[] = { "a", "bc", "", "with space" };
static const struct sc__enum label_set = { "t", labels, 4 };

#define FORM_MAX 64

/* Decodes into *out. Gives the tail, NULL when the bytes are refused. */
static char *decode(const struct sc__type *type, struct sc__bytes from, void *out)
{
    size_t need = 0;
    if (sc__decode_value_size(type, from, &need) != NULL) {
        return NULL;
    }
    char *tail = malloc(need > 0 ? need : 1);
    char *end = tail;
    if (tail == NULL) {
        abort();
    }
    if (sc__decode_value(type, from, out, &end) != NULL) {
        free(tail);
        return NULL;
    }
    if ((size_t)(end - tail) > need) {
        abort();
    }
    return tail;
}

/* Whether encoding may refuse what was decoded. */
static bool may_refuse(const struct sc__type *type)
{
    switch ((enum sc__kind)type->kind) {
    case SC__DATE:
    case SC__TIME:
    case SC__TIMETZ:
    case SC__TIMESTAMP:
    case SC__TIMESTAMPTZ:
    case SC__INET:
    case SC__ENUM: /* an unknown label */
        return true;
    case SC__BOOL:
    case SC__INT2:
    case SC__INT4:
    case SC__INT8:
    case SC__OID:
    case SC__FLOAT4:
    case SC__FLOAT8:
    case SC__NUMERIC:
    case SC__TEXT:
    case SC__JSONB:
    case SC__BYTEA:
    case SC__UUID:
    case SC__INTERVAL:
        return false;
    }
    return false;
}

static void check_again(const struct sc__type *type, struct sc__scratch *scratch,
                        const struct sc__wire *first)
{
    char out[FORM_MAX] = { 0 };
    struct sc__wire second;
    char *copy = calloc(1, (size_t)first->length + 1); /* with the NUL that libpq has */
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, first->value, (size_t)first->length);
    struct sc__bytes bytes = { copy, first->length };
    char *tail = decode(type, bytes, out);
    struct sc__source from = { type, out, 0, sc__is_maybe(type) };
    if (tail == NULL || sc__encode_binary(&from, scratch, &second) != NULL ||
        second.length != first->length ||
        memcmp(second.value, first->value, (size_t)first->length) != 0) {
        abort();
    }
    free(tail);
    free(copy);
}

static void check(const struct sc__type *type, struct sc__bytes bytes)
{
    char out[FORM_MAX] = { 0 };
    char *tail = decode(type, bytes, out);
    if (tail == NULL) {
        return;
    }
    struct sc__scratch scratch;
    struct sc__wire wire, again;
    struct sc__source from = { type, out, 0, sc__is_maybe(type) };
    sc__scratch_init(&scratch, NULL, 0);
    const struct sc__fault *fault = sc__encode_binary(&from, &scratch, &wire);
    if (fault == NULL && wire.value != NULL) {
        check_again(type, &scratch, &wire);
        if (sc__encode(&from, &scratch, &again) != NULL) {
            abort();
        }
    } else if (fault != NULL && !may_refuse(type)) {
        abort();
    }
    sc__scratch_release(&scratch);
    free(tail);
}

/* The value as an element of a text[], in the form of a literal. */
static void check_literal(const struct sc__type *type, struct sc__bytes bytes)
{
    char out[FORM_MAX] = { 0 };
    char *tail = decode(type, bytes, out);
    struct sc__scratch scratch;
    struct sc__wire wire;
    sc__scratch_init(&scratch, NULL, 0);
    if (tail != NULL) {
        struct sc__strided from = { .type = type, .base = out, .count = 1 };
        if (sc__encode_strided(&from, &scratch, &wire) != NULL && !may_refuse(type)) {
            abort();
        }
    }
    sc__scratch_release(&scratch);
    free(tail);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    struct sc__type type = {
        .labels = &label_set,
        .kind = (uint8_t)(1 + data[0] % SC__ENUM),
        .flags = data[1] & (SC__ARRAY | SC__NULLABLE),
    };
    size_t length = size - 2;
    char *copy = malloc(length + 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data + 2, length);
    copy[length] = '\0';
    struct sc__bytes bytes = { copy, (int)length };
    check(&type, bytes);
    if (type.flags & SC__ARRAY) {
        check_literal(&type, bytes);
    }
    bytes.length = -1;
    check(&type, bytes);
    free(copy);
    return 0;
}
