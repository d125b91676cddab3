/* merge.h: two migrations that follow one parent: whether they touch different objects, so
 * that both stand as they are and in any order, and the schema that they lead to together.
 * Reads snapshot texts; touches no file and knows nothing of SQL.
 *
 * They fit when nothing that the one makes, drops, renames or gives another type is used by
 * the other, nothing is altered by both, no declaration of the schema is written anew by
 * both, and the schema of both holds together. */
#ifndef MIGRATE_MERGE_H
#define MIGRATE_MERGE_H
#include "../base/diag.h"
#include "../base/str.h"

struct merge_version {
    const char *id;      /* "0002_add_phone" */
    struct str snapshot; /* the canonical schema that it leads to */
};
struct merge_request {
    struct merge_version parent; /* id "", snapshot "": nothing was before */
    struct merge_version heads[2];
};

struct merge_conflict {
    const char *object; /* "table auth.users" */
    const char *why;    /* "0002_rename renames it, 0002_add_phone uses it" */
};
struct merge {
    VEC(struct merge_conflict) conflicts; /* n 0: they fit */
    struct str snapshot;                  /* of both, canonical; when they fit */
    /* Both heads as a tree with what each of them does, then what is in the way:
     *
     *   0001_init
     *   +-- 0002_add_phone
     *   |   `-- add column auth.users.phone
     *   `-- 0002_rename
     *       `-- rename table auth.users to auth.people
     *   in the way:
     *   `-- table auth.users: 0002_rename renames it, 0002_add_phone uses it
     */
    struct str report;
};

/* Everything lives in the arena. NULL when a snapshot is no schema, which diags then say
 * (its path there is the id). Near linear in the snapshots. */
struct merge *merge_heads(struct arena *arena, const struct merge_request *request,
                          struct diags *diags);

#endif
