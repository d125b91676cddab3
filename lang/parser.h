/* parser.h: source text to AST. Knows the language's syntax and nothing of its meaning.
 *
 * A mistake costs one message and the construct it stands in, never what follows: the
 * driver repairs what one token explains, else skips to the end of the member. */
#ifndef LANG_PARSER_H
#define LANG_PARSER_H
#include "../base/arena.h"
#include "../base/diag.h"
#include "ast.h"

enum { PARSER_MAX_DEPTH = 200 }; /* brackets of all kinds open at once */

/* Parses the whole source; never NULL. Errors (E0101 to E0219, lang/codes.def) go to
 * diags; file->ok tells whether there were any. Takes any bytes; linear in their
 * number. The result lives in the arena and points into the source, which must outlive
 * it. */
struct ast_file *parse_source(struct arena *arena, struct source *source,
                              struct diags *diags);

#endif
