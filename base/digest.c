/* digest.c: XXH3-128, by libxxhash; must not know what is hashed. */
#include "digest.h"

#include <xxhash.h>

struct digest digest_of(struct str text)
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical,
                             XXH3_128bits(text.n > 0 ? text.s : "", text.n));
    struct digest digest;
    memcpy(digest.bytes, canonical.digest, sizeof digest.bytes);
    return digest;
}

void digest_put(struct buf *out, struct digest digest)
{
    buf_put(out, (const char *)digest.bytes, sizeof digest.bytes);
}

void digest_hex(struct digest digest, char *digits)
{
    static const char hex[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        digits[2 * i] = hex[digest.bytes[i] >> 4];
        digits[2 * i + 1] = hex[digest.bytes[i] & 15];
    }
}
