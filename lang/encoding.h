/* encoding.h: whether a source is text that the lexer can take. Knows no tokens. */
#ifndef LANG_ENCODING_H
#define LANG_ENCODING_H
#include "../base/diag.h"

/* Reports E0101, E0111 or E0113 and gives false when the source is not UTF-8, holds a NUL
 * byte or is too large for 32-bit offsets; at most one report a source. Sets *skip to the
 * length of a byte order mark, which may stand at the beginning. */
bool encoding_check(struct source *source, struct diags *diags, size_t *skip);

#endif
