/* digest.h: a fast hash by which two texts are told apart. It is no proof against somebody
 * who wants two texts to collide: what must withstand that is migrate/fingerprint.h's. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H
#include "buf.h"
#include "str.h"

enum { DIGEST_BYTES = 16, DIGEST_DIGITS = 32 };

struct digest {
    unsigned char bytes[DIGEST_BYTES];
};
/* XXH3-128 of the text, the same on every machine. */
struct digest digest_of(struct str text);
/* Appends the digest's bytes. */
void digest_put(struct buf *out, struct digest digest);
/* Writes DIGEST_DIGITS hexadecimal digits, and no NUL. */
void digest_hex(struct digest digest, char *digits);

#endif
