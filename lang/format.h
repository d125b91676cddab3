/* format.h: the one canonical form of a source file. Knows the tree, the tokens and the
 * comments; nothing of what any of it means. */
#ifndef LANG_FORMAT_H
#define LANG_FORMAT_H
#include "../base/arena.h"
#include "../base/buf.h"
#include "ast.h"

/* Appends the file's canonical text: what `schemac fmt` writes. Every comment is kept, SQL
 * bodies are kept but for their indentation and trailing blanks, keywords are in lower
 * case, the columns of a table are aligned. Formatting the result again gives the same
 * text. file->ok must be true. */
void format_file(struct arena *arena, const struct ast_file *file, struct buf *out);

/* One canonical text of a whole schema, in the order given: no include lines and no
 * comments but doc comments. */
void format_snapshot(struct arena *arena, const struct ast_file *const *files,
                     size_t nfiles, struct buf *out);

#endif
