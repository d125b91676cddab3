/* stamp_files.h: names and hashes of the files that a stamp speaks of, for stamp.c only. */
#ifndef CLI_STAMP_FILES_H
#define CLI_STAMP_FILES_H
#include "base/digest.h"
#include "base/outputs.h"
#include "base/source.h"

/* Reads an ordinary file; gives false for anything else. What can be read only once (a
 * pipe) is left to the compiler. */
bool stamp_read(struct arena *arena, const char *path, struct str *text);

/* ---- schema files -------------------------------------------------------------------- */

struct stamp_sources {
    struct arena *arena;
    VEC(struct source *) list; /* the root first, each ahead of what it includes */
    struct map seen;           /* paths */
};
/* Reads a schema and all that it includes; gives false when anything is in the way. */
bool stamp_sources_read(struct stamp_sources *sources, const char *path);

/* ---- files of a folder --------------------------------------------------------------- */

enum stamp_kind {
    STAMP_C,         /* sources and headers, of whomever */
    STAMP_MIGRATIONS /* .up.sql, .down.sql and .snapshot */
};
struct stamp_file {
    const char *name; /* without the folder */
    struct digest digest;
};
struct stamp_files {
    struct arena *arena;
    VEC(struct stamp_file) list;
    struct map names; /* of the migrations */
};
void stamp_files_put(struct stamp_files *files, const char *path, struct digest digest);
/* Reads all files of the kind. Digits of a stamp count as zeros. Gives false when one is
 * no ordinary file, or a run that died left something there; a missing folder is empty. */
bool stamp_files_read(struct stamp_files *files, const char *folder,
                      enum stamp_kind kind);
/* What stamp_files_read will find in the folder of migrations after the outputs were
 * committed. Gives false when it will find a draft that is not in the outputs. */
bool stamp_files_expect(struct stamp_files *files, const char *folder,
                        const struct outputs *outputs);
/* How many of the migrations' files are of none that is sealed. */
size_t stamp_files_drafts(const struct stamp_files *files);
/* Of names and digests, in whatever order they were put. */
struct digest stamp_files_digest(struct arena *arena, const struct stamp_files *files);

#endif
