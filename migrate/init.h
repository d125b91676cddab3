/* init.h: the migration that makes a whole schema in a database without it. Gives texts;
 * writes no file and connects to nothing. */
#ifndef MIGRATE_INIT_H
#define MIGRATE_INIT_H
#include "../base/arena.h"
#include "../lang/model.h"

/* A migration as its files say it. Everything lives in the arena. */
struct migration {
    struct str up, down; /* plain SQL, each one transaction, to be applied by psql */
    struct str snapshot; /* the canonical schema that it leads to */
    struct str from, to; /* fingerprints */
    struct str id;       /* a hash over name, parent, fingerprints and statements; the
                            next migration names it as its parent */
};

/* name: "0001_init". canonical: the schema's canonical text. Its parent is none, it comes
 * from the empty schema. */
struct migration migration_init(struct arena *arena, const struct model *model,
                                struct str canonical, struct str name);

#endif
