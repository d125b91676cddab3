/* merges.h: what the files of merge.h share. Inside migrate/merge*.c only. */
#ifndef MIGRATE_MERGES_H
#define MIGRATE_MERGES_H
#include "../lang/ast.h"
#include "change.h"
#include "merge.h"

/* A version, read. */
struct version {
    const char *id;
    struct source source;
    const struct ast_file *file;
    const struct model *model;
};
/* A head, and what it does to the parent. */
struct head {
    struct version version;
    struct changes *changes;
};

struct merging {
    struct arena *arena;
    struct merge *merge;
    struct version parent;
    struct head heads[2];
};

void merge_conflict(struct merging *m, const char *object, const char *why);
/* false: it is no schema, and diags say so. */
bool version_read(struct arena *arena, const struct merge_version *from,
                  struct version *version, struct diags *diags);

/* merge_prints.c: objects that one head takes and the other uses. */
void merge_find_prints(struct merging *m);
/* merge_text.c: the declarations of both in one text, and which of them both have written
 * anew. */
struct str merge_texts(struct merging *m);
/* merge_report.c */
struct str merge_report(const struct merging *m);
/* "add column auth.users.phone", "change table auth.users (comment)" */
const char *merge_change_text(struct arena *arena, const struct change *change);

#endif
