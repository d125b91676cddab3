/* uuid.c: sc_uuid; knows no other type. */
#include "decimal.h"
#include <errno.h>
#include <string.h>
#include <sys/random.h>

bool sc_uuid_parse(const char *text, struct sc_uuid *out)
{
    if (text == NULL) {
        return false;
    }
    struct sc_uuid parsed;
    const char *p = text;
    /* Hyphens stand in all four places or in none. */
    bool hyphens = strnlen(text, 9) == 9 && text[8] == '-';
    for (int i = 0; i < 16; i++) {
        if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10) &&
            !sc__take_char(&p, '-')) {
            return false;
        }
        int high = sc__hex_digit(p[0]);
        int low = high < 0 ? -1 : sc__hex_digit(p[1]);
        if (low < 0) {
            return false;
        }
        parsed.bytes[i] = (uint8_t)(high * 16 + low);
        p += 2;
    }
    if (*p != '\0') {
        return false;
    }
    *out = parsed;
    return true;
}

const char *sc_uuid_format(struct sc_uuid u, char buf[SC_UUID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    char *to = buf;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *to++ = '-';
        }
        *to++ = digits[u.bytes[i] >> 4];
        *to++ = digits[u.bytes[i] & 15];
    }
    *to = '\0';
    return buf;
}

bool sc_uuid_random(struct sc_uuid *out)
{
    struct sc_uuid made;
    int saved = errno;
    int got = getentropy(made.bytes, sizeof made.bytes);
    errno = saved;
    if (got != 0) {
        return false;
    }
    made.bytes[6] = (uint8_t)((made.bytes[6] & 0x0f) | 0x40); /* RFC 9562: version 4 */
    made.bytes[8] = (uint8_t)((made.bytes[8] & 0x3f) | 0x80); /* and its variant */
    *out = made;
    return true;
}

bool sc_uuid_equal(struct sc_uuid a, struct sc_uuid b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}
