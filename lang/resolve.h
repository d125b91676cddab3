/* resolve.h: a schema file and what it includes, to a model with everything resolved and
 * every rule checked. Touches no file: the caller's loader does. */
#ifndef LANG_RESOLVE_H
#define LANG_RESOLVE_H
#include "../base/arena.h"
#include "../base/diag.h"
#include "ast.h"
#include "model.h"

enum {
    RESOLVE_MAX_INCLUDES = 10000, /* files in one run */
    RESOLVE_MAX_DEPTH = 100       /* includes within includes, domains over domains */
};

/* How an included file is read. path is the include's path joined to the folder of the
 * file that includes it, with "." and ".." taken out where that needs no file system.
 * load gives the source (its path is shown in messages; it outlives the model), or NULL
 * and in *reason what the message says ("No such file or directory"). Each path is asked
 * for once. */
struct resolve_loader {
    struct source *(*load)(void *context, const char *path, const char **reason);
    void *context;
};

/* Parses the root and what it includes, and resolves all of it. Never NULL, but of use
 * only when diags->nerrors is 0: until then parts of it are missing. loader may be NULL:
 * then an include is an error. Everything lives in the arena; linear in the size of the
 * files. */
struct model *resolve(struct arena *arena, struct source *root,
                      const struct resolve_loader *loader, struct diags *diags);

/* The same in two steps, for who needs the parsed files too (the formatter, snapshots). The
 * files are the root, then those it includes in order of inclusion; never none. */
struct resolve_input {
    const struct ast_file *const *files;
    size_t nfiles;
};
struct resolve_input resolve_read(struct arena *arena, struct source *root,
                                  const struct resolve_loader *loader,
                                  struct diags *diags);

/* The same from files that are parsed already, the root first; their includes are taken
 * to be among them. */
struct model *resolve_files(struct arena *arena, const struct ast_file *const *files,
                            size_t nfiles, struct diags *diags);

#endif
