/* fingerprint.h: what a schema is known by: a hash of its canonical text. */
#ifndef MIGRATE_FINGERPRINT_H
#define MIGRATE_FINGERPRINT_H
#include "../base/arena.h"
#include "../base/str.h"

/* SHA-256 of the text, 64 hexadecimal digits. An empty text is an empty database. */
struct str fingerprint(struct arena *arena, struct str canonical);
/* The same of several texts, one after the other. */
struct str fingerprint_of(struct arena *arena, const struct str *texts, size_t ntexts);

#endif
