/* lexer.h: text to tokens, for the parser alone. Knows every lexical form of PostgreSQL and
 * no keyword; one mode for declarations and SQL alike. */
#ifndef LANG_LEXER_H
#define LANG_LEXER_H
#include "../base/arena.h"
#include "../base/diag.h"
#include "ast.h"

/* Fills in file->tokens, ntokens and comments from file->source. Reports E01xx; a file that
 * is not UTF-8, holds a NUL byte or is too large yields TOKEN_END alone. A string or quoted
 * name without its end is a token up to the end of its line, with `broken` set. */
void lex_file(struct arena *arena, struct ast_file *file, struct diags *diags);

#endif
