/* outputs.h: a set of files that is written as a whole or not at all, and of which only
 * what has changed is written. Knows nothing of what the files hold; prints nothing.
 *
 *     struct outputs outputs = { .arena = arena };
 *     outputs_add(&outputs, "gen/app.h", text, mark);
 *     error = outputs_sweep(&outputs, "gen", mark);
 *     if (!error) error = outputs_commit(&outputs);
 *
 * A `mark` is a text within the first bytes of each file of ours; it is what tells them
 * from files of other people, which are never written over and never removed. Functions
 * that can fail return NULL, or a message in the arena that names the file and reason.
 */
#ifndef BASE_OUTPUTS_H
#define BASE_OUTPUTS_H
#include <signal.h>

#include "arena.h"
#include "digest.h"
#include "str.h"
#include "vec.h"

enum output_state { OUTPUT_NEW, OUTPUT_CHANGED, OUTPUT_UNCHANGED };

struct output {
    const char *path;
    struct str text;      /* n 0 when it is unchanged */
    struct digest digest; /* of the whole text */
    const char *mark;     /* NULL: whatever stands there is replaced */
    bool durable;         /* see outputs */
    enum output_state state;
    unsigned mode;      /* of the file that is replaced */
    const char *target; /* path, or what it links to; once it is written ... */
    char *temporary;    /* ... and what was written beside it, until it is renamed */
};
struct outputs {
    struct arena *arena;
    const char *origin; /* what our files are made of, for messages: "app.schema" */
    /* How files begin that were made of anything, up to its name and a ":"; or NULL. */
    const char *banner;
    VEC(struct output) files;
    VEC(const char *) gone;      /* files to remove */
    VEC(const char *) leftovers; /* the same, of runs that died */
    /* Files are written beside their targets when they are added, not when they are
     * committed, and no text is kept: for first runs, in which all of them are new.
     * outputs_commit or outputs_abandon must follow. */
    bool early;
    /* What is added meanwhile is on the disk when the commit is done, and before what goes
     * is removed: for files that nothing could make again. */
    bool durable; /* in one folder */
    struct map paths;
    const char *error;      /* the first that adding met; outputs_commit gives it */
    VEC(const char *) made; /* folders that were made */
    struct str folder;      /* the one that was written to last */
    bool holds;             /* signals wait, and ... */
    sigset_t held;          /* ... these did before */
};

/* How far into a file its mark must stand. */
enum { OUTPUT_MARK_MAX = 512 };

/* "folder/name", or name alone for an empty folder; one slash in between. */
const char *path_join(struct arena *arena, const char *folder, const char *name);

/* Compares a file with what is on disk and adds it; writes nothing. Both strings are
 * borrowed until the commit; of the text a copy is kept if it differs, so that memory goes
 * by what has changed. A file in the way that lacks its mark or is no ordinary one is an
 * error. Adding a path a second time is a bug. */
void outputs_add(struct outputs *outputs, const char *path, struct str text,
                 const char *mark);
/* Whether a file of that path was added. */
bool outputs_has(const struct outputs *outputs, const char *path);
/* Has a file removed with the commit; it need not exist. */
void outputs_remove(struct outputs *outputs, const char *path);
/* Finds the C sources and headers in the folder that are not in the set: those with the
 * mark will be removed, one without it is an error, since the folder is then not ours.
 * Call it after all of the folder's files were added. A missing folder is fine. */
const char *outputs_sweep(struct outputs *outputs, const char *folder,
                          const char *mark);
/* Writes new and changed files, each beside its target and then renamed, makes missing
 * folders, and removes what is gone. A replaced file keeps its mode, and a link stays one:
 * what it leads to is replaced. On failure before the renames everything is as it
 * was; signals that would end the program wait until it is done. */
const char *outputs_commit(struct outputs *outputs);

/* Whether a file of that name may be what a run that was killed had written beside the
 * file's own name: "app.h.tmp123", and there is no process 123. */
bool outputs_is_leftover(const char *name);
/* Has all such files in the folder removed with the commit. (Sweeping does, too, with those
 * that hold the mark or nothing.) */
void outputs_tidy(struct outputs *outputs, const char *folder);

/* Takes back what was done before a commit, and lets signals through; after a commit, or
 * where nothing was done, nothing. */
void outputs_abandon(struct outputs *outputs);
/* Whether the folder holds no C file, or is not there. */
bool outputs_is_bare(const char *folder);

/* How many files are in a state. */
size_t outputs_count(const struct outputs *outputs, enum output_state state);

#endif
