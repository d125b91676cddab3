/* load.h: a schema file and what it includes, read, resolved and judged. Reads files;
 * writes none, prints nothing, knows nothing of what will be made of the model. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H
#include "base/arena.h"
#include "base/diag.h"
#include "lang/resolve.h"
#include "sql/stmt.h"

struct loaded {
    struct arena *arena;
    struct diags diags;
    struct resolve_input input; /* the parsed files */
    struct model *model;        /* of use only when diags.nerrors is 0 */
    struct stmts *stmts;        /* NULL while there are errors */
    struct str file;            /* "app.schema" */
    struct str base;            /* "app": what the umbrella header is called */
    VEC(const char *) paths;    /* of every file that was read, the root first */
};

/* Reads the schema and resolves it; what is wrong with it stands in diags. Returns NULL, or
 * a message in the arena when the file itself cannot be read. */
const char *load_model(struct arena *arena, const char *path, struct loaded *loaded);
/* The same, and makes its statements and judges its names in C. */
const char *load_schema(struct arena *arena, const char *path, struct loaded *loaded);
/* The one canonical text of the whole schema, as snapshots hold it. */
struct str load_canonical(const struct loaded *loaded);

/* What a schema is called by its path: "app.schema" of "schema/app.schema", and "app" of
 * that. Both borrow. */
struct str load_file_name(const char *path);
struct str load_base(struct str file);

/* The only schema/NAME.schema below the current folder, when no schema was named. Returns
 * NULL, or a message in the arena when there is none or more than one. */
const char *load_find(struct arena *arena, const char **path);

#endif
