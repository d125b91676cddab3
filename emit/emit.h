/* emit.h: writes the C of a whole model into memory. Opens no files, reports no errors:
 * names_check has had its say before.
 */
#ifndef EMIT_EMIT_H
#define EMIT_EMIT_H
#include "../base/arena.h"
#include "../base/vec.h"
#include "../lang/model.h"

struct stmts;

/* How the first line of every file that we wrote begins; the source's path follows. */
#define EMIT_BANNER "/* Written by schemac from "

struct emit_options {
    struct str base;           /* of the umbrella: "app" gives app.h */
    struct str source;         /* the schema's path as it was given, for the banner */
    struct str fingerprint;    /* of the schema; n 0: none */
    bool unity;                /* one .c, named after the umbrella */
    const struct stmts *stmts; /* of this model; NULL: made here */
};
struct emit_file {
    struct str path;     /* relative to the output folder: "auth_users.h" */
    struct str contents; /* NUL-terminated */
};
struct emit_files {
    VEC(struct emit_file)
    list; /* each schema: its own pair, its tables'; the umbrella */
};
void emit_model(struct arena *arena, const struct model *model,
                const struct emit_options *options, struct emit_files *out);

#endif
