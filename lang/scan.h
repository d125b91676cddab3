/* scan.h: what can be told about a stretch of SQL from its tokens, without parsing it:
 * brackets, words, and which names can only be columns. Knows no schema. */
#ifndef LANG_SCAN_H
#define LANG_SCAN_H
#include "token.h"

/* Tokens of SQL, as struct ast_sql and struct model_sql have them. */
struct scan {
    const struct token *tokens;
    size_t n;
};

/* Whether an unquoted word can never be a column: PostgreSQL's reserved words and those
 * that can be functions or types only. word in any case.
 * Source: src/include/parser/kwlist.h, version 15. */
bool scan_reserved(struct str word);

/* The index of the bracket that closes the one at `open`; scan.n when none does. */
size_t scan_close(struct scan scan, size_t open);
/* The part without brackets that enclose all of it. */
struct scan scan_unwrap(struct scan scan);
bool scan_is_word(struct scan scan, size_t i, const char *word);
bool scan_is_kind(struct scan scan, size_t i, enum token_kind kind);

/* Whether the token at i stands where SQL has a column's name and nothing else: no
 * function, type, keyword, qualifier, unit or label. A qualified name counts when its
 * qualifier is `table`. */
bool scan_names_column(struct scan scan, size_t i, struct str table);

#endif
