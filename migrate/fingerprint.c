/* fingerprint.c: a schema's hash; must not know how its text came about. */
#include "fingerprint.h"
#include "sha256.h"

struct str fingerprint(struct arena *arena, struct str canonical)
{
    char hex[SHA256_HEX];
    struct sha256 sha;
    sha256_init(&sha);
    sha256_add(&sha, canonical);
    sha256_hex(&sha, hex);
    return (struct str){ arena_copy(arena, hex, SHA256_HEX - 1), SHA256_HEX - 1 };
}
