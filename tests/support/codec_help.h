/* codec_help.h: what the tests of the codec share: round trips, and bytes as text. */
#ifndef TESTS_SUPPORT_CODEC_HELP_H
#define TESTS_SUPPORT_CODEC_HELP_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/codec/codec.h"
#include "runtime/value/civil.h"

static const char *const mood_labels[] = { "sad", "ok", "with \"space\" \\" };
static const struct sc__enum mood = { "vec.mood", mood_labels, 3 };

#define TYPE(kind, flags, oid)        \
    {                                 \
        &mood, (oid), (kind), (flags) \
    }

struct scratch {
    struct sc__scratch arena;
    struct sc__wire wire;
};

static inline struct scratch open_scratch(void)
{
    struct scratch s;
    sc__scratch_init(&s.arena, NULL, 0);
    return s;
}

/* The binary form of a value, as hexadecimal digits; "-" for NULL. */
static inline const char *hex_of(const struct sc__source *from, char *buf, size_t size)
{
    struct scratch s = open_scratch();
    const struct sc__fault *fault = sc__encode_binary(from, &s.arena, &s.wire);
    if (fault != NULL) {
        fail_msg("%s", fault->text);
    }
    snprintf(buf, size, "-");
    for (int i = 0; s.wire.value != NULL && i <= s.wire.length; i++) {
        assert_true((size_t)(2 * i + 2) < size);
        buf[2 * i] = '\0';
        if (i < s.wire.length) {
            snprintf(buf + 2 * i, 3, "%02x", (unsigned char)s.wire.value[i]);
        }
    }
    sc__scratch_release(&s.arena);
    return buf;
}

static inline void assert_bytes(const struct sc__type *type, const void *value,
                                const char *hex)
{
    char buf[512];
    struct sc__source from = { .type = type, .value = value };
    assert_string_equal(hex_of(&from, buf, sizeof buf), hex);
}

static inline void assert_fault(const struct sc__fault *fault, enum sc_status status)
{
    if (fault == NULL) {
        fail_msg("no fault");
    }
    assert_int_equal(fault->status, status);
    assert_true(strlen(fault->text) > 0);
}

/* Decodes bytes into *out of the type's form, and gives the tail (free it). */
static inline char *decode(const struct sc__type *type, const char *bytes, int length,
                           void *out)
{
    size_t size = 0;
    struct sc__bytes from = { bytes, length };
    const struct sc__fault *fault = sc__decode_value_size(type, from, &size);
    if (fault != NULL) {
        fail_msg("%s", fault->text);
    }
    assert_int_equal(size % 8, 0);
    char *tail = malloc(size + 1);
    char *end = tail;
    assert_non_null(tail);
    fault = sc__decode_value(type, from, out, &end);
    if (fault != NULL) {
        fail_msg("%s", fault->text);
    }
    assert_true((size_t)(end - tail) <= size);
    return tail;
}

/* decode(encode(x)) encodes to the same bytes, and its text is in *out until freed. */
static inline char *round_trip(const struct sc__type *type, const void *value,
                               void *out)
{
    struct scratch s = open_scratch(), again = open_scratch();
    struct sc__source from = { .type = type, .value = value, .element_oid = 0 };
    assert_null(sc__encode_binary(&from, &s.arena, &s.wire));
    char *copy = calloc(1, (size_t)s.wire.length + 1);
    assert_non_null(copy);
    memcpy(copy, s.wire.value, (size_t)s.wire.length);
    char *tail = decode(type, copy, s.wire.length, out);
    from.value = out;
    assert_null(sc__encode_binary(&from, &again.arena, &again.wire));
    assert_int_equal(again.wire.length, s.wire.length);
    assert_memory_equal(again.wire.value, copy, (size_t)s.wire.length);
    sc__scratch_release(&s.arena);
    sc__scratch_release(&again.arena);
    /* What was decoded may borrow from the copy: they go together. */
    char **both = malloc(2 * sizeof *both);
    assert_non_null(both);
    both[0] = copy;
    both[1] = tail;
    return (char *)both;
}

static inline void free_trip(char *trip)
{
    char *both[2];
    memcpy(both, trip, sizeof both);
    free(both[0]);
    free(both[1]);
    free(trip);
}

#endif
