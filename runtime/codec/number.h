/* number.h: the commonest numbers as parameters, at once: inlined where a member of a struct
 * becomes one. It knows no statement. */
#ifndef SC_CODEC_NUMBER_H
#define SC_CODEC_NUMBER_H
#include "codec.h"
#include "runtime/bytes.h"
#include "runtime/inline.h"
#include "runtime/value/civil.h"

/* sc__encode of an int8, int4 or timestamptz, when one is given and in range. False: it is
 * nothing for here, and the wire is not to be used. */
SC__INLINED bool sc__encode_number(const struct sc__type *type, const void *value,
                                   bool maybe, struct sc__wire *to)
{
    const char *bare = value;
    const unsigned kind = type->kind;
    int64_t eight;
    uint32_t four;
    int is;
    if (maybe) {
        memcpy(&is, bare, sizeof is);
        if (is != SC_IS_VALUE) {
            return false;
        }
    }
    if (type->flags & SC__ARRAY) {
        return false;
    }
    to->value = to->raw;
    to->format = 1;
    if (kind == SC__INT8 || kind == SC__TIMESTAMPTZ) {
        memcpy(&eight, bare + (maybe ? offsetof(struct sc_maybe_int8, value) : 0),
               sizeof eight);
        to->length = 8;
        sc__put64(to->raw, (uint64_t)eight);
        return kind == SC__INT8 || sc__timestamp_fits(eight);
    }
    if (kind == SC__INT4) {
        memcpy(&four, bare + (maybe ? offsetof(struct sc_maybe_int4, value) : 0),
               sizeof four);
        to->length = 4;
        sc__put32(to->raw, four);
        return true;
    }
    return false;
}

#endif
