/* emit.h: writes the C of a whole model, a file at a time, into a sink. Opens no files, reports no errors:
 * names_check has had its say before.
 */
#ifndef EMIT_EMIT_H
#define EMIT_EMIT_H
#include "../base/arena.h"
#include "../base/str.h"
#include "../lang/model.h"

struct stmts;

/* How the first line of every file that we wrote begins; the source's path follows. */
#define EMIT_BANNER "/* Written by schemac from "

/* One line of the umbrella, ahead of its last, has room for a stamp: digits, by which a run
 * sees that there is nothing to do. What they mean, and which they are, is not emit's: it
 * writes none. */
#define EMIT_NO_STAMP                   \
    "00000000000000000000000000000000 " \
    "00000000000000000000000000000000"
enum { EMIT_STAMP_SIZE = sizeof EMIT_NO_STAMP - 1 };
/* Where the digits begin in the text of an umbrella; 0 for any other text. */
size_t emit_stamp_at(struct str text);

struct emit_options {
    struct str base;           /* of the umbrella: "app" gives app.h */
    struct str source;         /* the schema's path as it was given, for the banner */
    struct str fingerprint;    /* of the schema; n 0: none */
    bool unity;                /* one .c, named after the umbrella */
    const struct stmts *stmts; /* of this model; NULL: made here */
};
/* Takes the finished files: each schema's own pair, its tables' pairs; last the umbrella.
 * The name is relative to the output folder ("auth_users.h") and lives as long as the arena
 * of emit_model; the text only until put returns. */
struct emit_sink {
    void (*put)(void *context, const char *name, struct str text);
    void *context;
};
void emit_model(struct arena *arena, const struct model *model,
                const struct emit_options *options, const struct emit_sink *sink);

#endif
