/* inet.c: sc_inet, written as PostgreSQL writes inet and cidr; opens no socket.
 *
 * Source: PostgreSQL 15, src/port/inet_net_ntop.c. */
#include "inet.h"
#include "decimal.h"
#include <arpa/inet.h>
#include <string.h>

bool sc__inet_fits(const struct sc_inet *a)
{
    if (a->family == 4 ? a->bits > 32 : a->family != 6 || a->bits > 128) {
        return false;
    }
    if (a->is_cidr != 1) {
        return a->is_cidr == 0;
    }
    /* A network has no bit right of its mask. */
    int size = a->family == 4 ? 4 : 16;
    for (int bit = a->bits; bit < size * 8; bit++) {
        if (a->bytes[bit / 8] & (0x80 >> bit % 8)) {
            return false;
        }
    }
    return true;
}

bool sc_inet_parse(const char *text, struct sc_inet *out)
{
    if (text == NULL) {
        return false;
    }
    char address[INET6_ADDRSTRLEN];
    size_t length = strcspn(text, "/");
    if (length >= sizeof address) {
        return false;
    }
    memcpy(address, text, length);
    address[length] = '\0';
    bool v6 = strchr(address, ':') != NULL;
    struct sc_inet parsed = { .family = v6 ? 6 : 4, .bits = v6 ? 128 : 32 };
    if (inet_pton(v6 ? AF_INET6 : AF_INET, address, parsed.bytes) != 1) {
        return false;
    }
    const char *p = text + length;
    if (sc__take_char(&p, '/')) {
        uint64_t bits;
        if (!sc__take_uint(&p, 1, 3, &bits) || bits > parsed.bits) {
            return false;
        }
        parsed.bits = (uint8_t)bits;
    }
    if (*p != '\0') {
        return false;
    }
    *out = parsed;
    return true;
}

static char *put_v4(char *to, const uint8_t *bytes)
{
    for (int i = 0; i < 4; i++) {
        to = sc__put_text(to, i > 0 ? "." : "");
        to = sc__put_uint(to, bytes[i], 1);
    }
    return to;
}

static char *put_hex(char *to, unsigned word)
{
    static const char digits[] = "0123456789abcdef";
    for (int shift = 12; shift > 0; shift -= 4) {
        if (word >> shift != 0) {
            *to++ = digits[word >> shift & 15];
        }
    }
    *to++ = digits[word & 15];
    return to;
}

struct run {
    int base;
    int length;
};

/* The first of the longest runs of zero words, if it is longer than one. */
static struct run longest_zeros(const unsigned words[8])
{
    struct run best = { -1, 1 };
    struct run now = { 0, 0 };
    for (int i = 0; i < 8; i++) {
        if (words[i] != 0) {
            now.length = 0;
            continue;
        }
        now.base = now.length == 0 ? i : now.base;
        now.length++;
        best = now.length > best.length ? now : best;
    }
    return best;
}

static char *put_v6(char *to, const uint8_t *bytes)
{
    unsigned words[8];
    for (int i = 0; i < 8; i++) {
        words[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
    }
    struct run zeros = longest_zeros(words);
    bool v4 = zeros.base == 0 &&
              (zeros.length == 6 || (zeros.length == 5 && words[5] == 0xffff));
    for (int i = 0; i < 8; i++) {
        if (i == zeros.base) {
            to = sc__put_text(to, zeros.base + zeros.length == 8 ? "::" : ":");
        }
        if (zeros.base >= 0 && i >= zeros.base && i < zeros.base + zeros.length) {
            continue;
        }
        to = sc__put_text(to, i > 0 ? ":" : "");
        if (i == 6 && v4) {
            return put_v4(to, bytes + 12);
        }
        to = put_hex(to, words[i]);
    }
    return to;
}

const char *sc_inet_format(struct sc_inet a, char buf[SC_INET_SIZE])
{
    bool v6 = a.family == 6;
    char *to = v6 ? put_v6(buf, a.bytes) : put_v4(buf, a.bytes);
    if (a.is_cidr || a.bits != (v6 ? 128 : 32)) {
        *to++ = '/';
        to = sc__put_uint(to, a.bits, 1);
    }
    *to = '\0';
    return buf;
}
