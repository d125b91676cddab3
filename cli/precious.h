/* precious.h: what stands in a schema file that no database could give back. Knows the
 * tree; writes nothing. */
#ifndef CLI_PRECIOUS_H
#define CLI_PRECIOUS_H
#include "lang/ast.h"

/* The first thing that a file pulled from a database would not hold: queries, included files,
 * what an update sets, secrets, hints for change; or that the file could not be parsed.
 * Gives words for a message ("a query"), NULL when there is none. */
const char *precious_in(const struct ast_file *file);

#endif
