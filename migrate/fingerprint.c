/* fingerprint.c: a schema's hash, by libmd; must not know how its text came about. */
#include "fingerprint.h"
#include <sys/types.h>
#include <sha256.h>

struct str fingerprint_of(struct arena *arena, const struct str *texts, size_t ntexts)
{
    char hex[SHA256_DIGEST_STRING_LENGTH];
    SHA256_CTX context;
    SHA256_Init(&context);
    for (size_t i = 0; i < ntexts; i++)
        SHA256_Update(&context, (const uint8_t *)texts[i].s, texts[i].n);
    SHA256_End(&context, hex);
    return (struct str){ arena_copy(arena, hex, sizeof hex - 1), sizeof hex - 1 };
}

struct str fingerprint(struct arena *arena, struct str canonical)
{
    return fingerprint_of(arena, &canonical, 1);
}
