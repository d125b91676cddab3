/* init.h: the migration that makes a whole schema in a database without it. Gives texts;
 * writes no file and connects to nothing. */
#ifndef MIGRATE_INIT_H
#define MIGRATE_INIT_H
#include "file.h"

/* name: "0001_init". canonical: the schema's canonical text. Its parent is none, it comes
 * from the empty schema. */
struct migration migration_init(struct arena *arena, const struct model *model,
                                struct str canonical, struct str name);

#endif
