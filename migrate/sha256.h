/* sha256.h: SHA-256 (FIPS 180-4) of a text. Our own 80 lines: libcrypto would double the
 * program's start-up time and its only hash would be this one. Knows nothing of what it
 * hashes; nothing here is a secret, so no constant-time claims. */
#ifndef MIGRATE_SHA256_H
#define MIGRATE_SHA256_H
#include "../base/str.h"

enum { SHA256_SIZE = 32, SHA256_HEX = 65 /* with its NUL */ };

struct sha256 {
    uint32_t state[8];
    uint64_t size; /* bytes taken */
    unsigned char block[64];
};
void sha256_init(struct sha256 *sha);
void sha256_add(struct sha256 *sha, struct str text);
/* Lower-case hexadecimal digits. The struct is used up. */
void sha256_hex(struct sha256 *sha, char hex[SHA256_HEX]);

#endif
