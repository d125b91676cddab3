/* fingerprint.h: what a schema is known by: a hash of its canonical text. */
#ifndef MIGRATE_FINGERPRINT_H
#define MIGRATE_FINGERPRINT_H
#include "../base/arena.h"
#include "../base/str.h"

/* SHA-256 of the text, 64 hexadecimal digits. An empty text is an empty database. */
struct str fingerprint(struct arena *arena, struct str canonical);

#endif
