/* fixed.h: the kinds whose binary form has one length: that length, and how the
 * bytes become the C form. Inlined into the loops over columns. */
#ifndef SC_CODEC_FIXED_H
#define SC_CODEC_FIXED_H
#include "runtime/bytes.h"
#include "private.h"

/* FIXED(name, bytes, a maybe struct that stands for all of these kinds) */
#define SC__FIXED_KINDS(FIXED)                \
    FIXED(bool, 1, struct sc_maybe_bool)      \
    FIXED(2, 2, struct sc_maybe_int2)         \
    FIXED(4, 4, struct sc_maybe_int4)         \
    FIXED(8, 8, struct sc_maybe_int8)         \
    FIXED(uuid, 16, struct sc_maybe_uuid)     \
    FIXED(timetz, 12, struct sc_maybe_timetz) \
    FIXED(interval, 16, struct sc_maybe_interval)

static inline void sc__load_bool(void *out, const char *from)
{
    bool value = *from != 0;
    memcpy(out, &value, sizeof value);
}

static inline void sc__load_2(void *out, const char *from)
{
    uint16_t value = sc__get16(from);
    memcpy(out, &value, sizeof value);
}

static inline void sc__load_4(void *out, const char *from)
{
    uint32_t value = sc__get32(from);
    memcpy(out, &value, sizeof value);
}

static inline void sc__load_8(void *out, const char *from)
{
    uint64_t value = sc__get64(from);
    memcpy(out, &value, sizeof value);
}

static inline void sc__load_uuid(void *out, const char *from)
{
    memcpy(out, from, sizeof(struct sc_uuid));
}

static inline void sc__load_timetz(void *out, const char *from)
{
    struct sc_timetz value;
    memset(&value, 0, sizeof value); /* the padding, too */
    value.usec = (int64_t)sc__get64(from);
    value.zone = (int32_t)sc__get32(from + 8);
    memcpy(out, &value, sizeof value);
}

static inline void sc__load_interval(void *out, const char *from)
{
    struct sc_interval value = { (int64_t)sc__get64(from), (int32_t)sc__get32(from + 8),
                                 (int32_t)sc__get32(from + 12) };
    memcpy(out, &value, sizeof value);
}

#endif
