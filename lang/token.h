/* token.h: the tokens of a source. One array a file, in the parser's arena; SQL stays a
 * stretch of it, so that whoever reads SQL walks tokens and never text. Comments and
 * white space are in no token. */
#ifndef LANG_TOKEN_H
#define LANG_TOKEN_H
#include "../base/source.h"

struct arena;

enum token_kind {
    TOKEN_END = 0, /* once, after the last token of a file */
#define TOKEN(id, shown)  TOKEN_##id,
#define KEYWORD(id, word) TOKEN_##id,
#include "tokens.def"
    TOKEN_KINDS
};

/* The kind is the lexical one: each unquoted word is TOKEN_NAME, whatever it means, and
 * no kind from TOKEN_LABEL on occurs in an array. What a word, a string or a number
 * says is its text; "?" alone is TOKEN_QUESTION, "=" alone TOKEN_EQUAL, "::"
 * TOKEN_CAST, ":" alone TOKEN_COLON, "$name" TOKEN_PARAM, "$1" TOKEN_POSITION, every
 * other operator (":=" and ".." too) TOKEN_OPERATOR; E'', B'', X'', N'' and U&'' are
 * TOKEN_STRING, U&"" is TOKEN_QUOTED. */
struct token {
    enum token_kind kind;
    uint16_t keyword; /* taken by the grammar as this keyword; 0: a name, or SQL */
    bool newline;     /* first on its line */
    bool space;       /* white space or a comment stands before it */
    bool broken;      /* unterminated, and reported; it took the rest of its line */
    struct span span;
};

/* The text as it stands in the source, quotes included. */
static inline struct str token_text(const struct token *token)
{
    return span_text(token->span);
}
/* Whether it is the unquoted word, in any case. word in lower case. */
bool token_is_word(const struct token *token, const char *word);
/* Whether it is the parameter $name, in any case. */
bool token_is_param(const struct token *token, struct str name);
/* Whether it is exactly this text: for operators. */
bool token_is(const struct token *token, const char *text);
/* What it stands for: a name in lower case, a quoted name without quotes and unescaped,
 * a parameter without "$", a plain string's or dollar quote's contents; anything else
 * its text. In the arena, or borrowed from the source. */
struct str token_value(struct arena *arena, const struct token *token);
/* Whether the escapes of a U&"" name are right; true for any other token. */
bool token_escapes_valid(const struct token *token);
/* The keyword that an unquoted word spells, in any case; TOKEN_END: none. */
enum token_kind token_keyword(const struct token *token);
/* What a message calls the kind: "a name", "\";\"", "\"index\"". */
const char *token_kind_shown(enum token_kind kind);
/* The keyword's word in lower case; NULL for a kind that is none. */
const char *token_keyword_word(enum token_kind kind);

#endif
