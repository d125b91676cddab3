/* bytes.h: integers in network byte order, unaligned; knows no type of PostgreSQL's. Not
 * installed. Compilers make each of these one instruction or two. */
#ifndef SC_BYTES_H
#define SC_BYTES_H
#include <stdint.h>
#include <string.h>

static inline uint16_t sc__get16(const char *from)
{
    const uint8_t *b = (const uint8_t *)from;
    return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t sc__get32(const char *from)
{
    const uint8_t *b = (const uint8_t *)from;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline uint64_t sc__get64(const char *from)
{
    const uint8_t *b = (const uint8_t *)from;
    return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 |
           (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 |
           (uint64_t)b[6] << 8 | b[7];
}

static inline char *sc__put16(char *to, uint16_t value)
{
    const uint8_t b[2] = { (uint8_t)(value >> 8), (uint8_t)value };
    memcpy(to, b, sizeof b);
    return to + sizeof b;
}

static inline char *sc__put32(char *to, uint32_t value)
{
    const uint8_t b[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16),
                           (uint8_t)(value >> 8), (uint8_t)value };
    memcpy(to, b, sizeof b);
    return to + sizeof b;
}

static inline char *sc__put64(char *to, uint64_t value)
{
    const uint8_t b[8] = { (uint8_t)(value >> 56), (uint8_t)(value >> 48),
                           (uint8_t)(value >> 40), (uint8_t)(value >> 32),
                           (uint8_t)(value >> 24), (uint8_t)(value >> 16),
                           (uint8_t)(value >> 8),  (uint8_t)value };
    memcpy(to, b, sizeof b);
    return to + sizeof b;
}

static inline char *sc__put_bytes(char *to, const void *from, size_t size)
{
    if (size > 0) { /* from may be NULL then */
        memcpy(to, from, size);
    }
    return to + size;
}

/* As sc__put_bytes, for at most SC__SHORT bytes: they go in overlapping halves, without
 * a call. */
#define SC__SHORT 64
static inline char *sc__put_short(char *to, const char *from, size_t size)
{
    if (size > 32) {
        memcpy(to, from, 32);
        memcpy(to + size - 32, from + size - 32, 32);
    } else if (size >= 16) {
        memcpy(to, from, 16);
        memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        memcpy(to, from, 8);
        memcpy(to + size - 8, from + size - 8, 8);
    } else {
        for (size_t i = 0; i < size; i++) {
            to[i] = from[i];
        }
    }
    return to + size;
}

#endif
