/* resolve_load.h: the root and what it includes, parsed, each file once. Only for
 * resolve.c. Reads nothing itself. */
#ifndef LANG_RESOLVE_LOAD_H
#define LANG_RESOLVE_LOAD_H
#include "resolve.h"

struct load {
    struct arena *arena;
    struct diags *diags;
    const struct resolve_loader *loader;
    VEC(struct ast_file *) files; /* the root first, then in order of inclusion */
    struct map by_path;           /* struct load_file */
};
void load_files(struct load *load, struct source *root);

#endif
