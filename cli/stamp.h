/* stamp.h: the line of the umbrella header by which a run sees, without compiling, that
 * there is nothing to do. Reads files; writes none, prints nothing.
 *
 * It holds two hashes. The first is of all that a run reads: which compiler it is, the
 * options that shape the output, every schema file, every migration. The second is of the
 * C files that the run leaves. Where both are what they would be now, another run would
 * leave the same files, and say nothing: a run that had something to say leaves zeros.
 * What is in the way of a proof (an extra file, one that cannot be read, leftovers) is no
 * error here: it makes the answer "no", and the run that follows meets it.
 */
#ifndef CLI_STAMP_H
#define CLI_STAMP_H
#include "base/digest.h"
#include "base/outputs.h"
#include "load.h"

struct stamp_place {
    const char *schema;     /* path */
    const char *out;        /* folder */
    const char *migrations; /* folder */
    bool unity;
    bool no_renames;
};
struct stamp_found {
    VEC(const char *) paths; /* of the schema files, the root first */
    const char *umbrella;    /* path */
    size_t nfiles;           /* what a run would make: C files and the draft's */
};
struct stamp {
    struct digest inputs, outputs;
};

/* Whether a run would change nothing and say nothing; fills in what there is. */
bool stamp_is_current(struct arena *arena, const struct stamp_place *place,
                      struct stamp_found *found);

/* The stamp of the files that a commit of the outputs will leave, to which the umbrella is
 * yet to be added: its path and its text, with zeros for a stamp. Gives false where there
 * can be none. */
bool stamp_make(const struct stamp_place *place, const struct loaded *loaded,
                const struct outputs *outputs, const struct output *umbrella,
                struct stamp *stamp);

/* The umbrella's text with the stamp in its place. */
struct str stamp_put(struct arena *arena, struct str umbrella,
                     const struct stamp *stamp);
/* Reads the umbrella that is there and gives its text when, but for the stamp, it is the
 * given one; else n is 0. */
struct str stamp_same(struct arena *arena, const char *path, struct str umbrella);

#endif
