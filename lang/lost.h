/* lost.h: what may be declared in text that could not be parsed. Must not know the model. */
#ifndef LANG_LOST_H
#define LANG_LOST_H
#include "../base/str.h"
#include "ast.h"

/* Adds to `words` every name that stands in the file outside the declarations that were
 * parsed, and every word that an unterminated string or name took along. A name that is
 * among them may well be declared; any other is unknown for sure. */
void lost_words(struct arena *arena, const struct ast_file *file, struct map *words);
/* The same of one table, which stands in the span: what is outside its members. */
void lost_members(struct arena *arena, const struct ast_file *file,
                  const struct ast_table *table, struct span span, struct map *words);

#endif
