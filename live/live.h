/* live.h: a running database's catalogs as the text of a schema file, and a list of what
 * such a file cannot say. Reads in one transaction that cannot write; knows no files, no
 * streams and no C names but through the caller's judge. */
#ifndef LIVE_LIVE_H
#define LIVE_LIVE_H
#include "base/arena.h"
#include "base/diag.h"
#include "base/vec.h"
#include "lang/model.h"
#include "runtime/sc.h"

/* Something that the file cannot say. */
struct live_lost {
    struct str kind; /* "view", "privileges", ... */
    struct str name; /* as SQL has it: "auth.users" */
    struct str why;
};

struct live_options {
    const char *own;            /* a schema that is passed over; NULL: none */
    const char *const *schemas; /* the only ones wanted; nschemas 0: all */
    size_t nschemas;
    /* Adds to diags what is wrong with the model beyond the language's rules: its names
     * in C. May be NULL. */
    void (*judge)(void *context, struct model *model, struct diags *diags);
    void *context;
};

struct live_pulled {
    struct str text; /* canonical; it compiles, and the judge finds nothing wrong */
    VEC(struct live_lost) lost;
    size_t tables;
};

/* Reads the database that db is connected to (no pool), in one read-only, repeatable-read
 * transaction and a number of queries that does not depend on what is in it. Gives NULL, or
 * a message in the arena. What is in `lost` is not in the text, and nothing else is
 * missing. The text of a database that was made from such a text is the same text. */
const char *live_pull(struct arena *arena, struct sc_db *db,
                      const struct live_options *options, struct live_pulled *pulled);

#endif
