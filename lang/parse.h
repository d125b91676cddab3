/* parse.h: the parser's own state, shared by the driver (parser.c), its repairs
 * (repair.c, recover.c), its choice of keywords (soft.c), its messages (expect.c) and the
 * tree's builders (build*.c). Nobody outside this room includes it. */
#ifndef LANG_PARSE_H
#define LANG_PARSE_H
#include "parser.h"

struct grammar; /* lemon's parser */

/* A bracket that was fed and is not closed. */
struct open_bracket {
    const struct token *token;
    enum token_kind kind; /* as fed */
};

struct parser {
    struct arena *arena;
    struct diags *diags;
    struct ast_file *file;
    struct grammar *grammar;
    struct token *tokens;
    size_t ntokens;
    size_t at;                  /* index of the token at hand */
    const struct token *prev;   /* the last real token that was fed */
    enum token_kind prev_kind;  /* as what */
    const struct token *member; /* the first token of the member at hand */
    struct open_bracket open[PARSER_MAX_DEPTH];
    size_t nopen;
    bool muted; /* errors are follow-ups of one reported: not recorded */
    const struct token *mended; /* the broken token whose member was ended */
    int inserted;               /* tokens made up before the token at hand */
    int repairs;                /* made at the token at hand */
    size_t paren; /* index of a token that a member's "(" is missing before; 0: none */
    size_t early; /* braces made up whose own may still follow */
    struct span error;   /* the last one that was recorded */
    struct diag ignored; /* what muted errors are written to */
    const struct token
        *resynced;  /* where recovery stopped last: never twice the same */
    bool *doc_used; /* one a comment */

    /* What is being built. */
    struct ast_decl *schema; /* the open one, or NULL */
    struct ast_decl *decl;   /* the open table, enum or extension, or NULL */
    size_t schema_depth;     /* nopen outside its brace */
    size_t decl_depth;
    struct ast_query *query;
    const struct token *query_start;
};

/* ---- grammar.y ----------------------------------------------------------------------- */

struct grammar *grammar_new(struct parser *p);
void grammar_free(struct grammar *grammar);
void grammar_feed(struct grammar *grammar, enum token_kind kind,
                  const struct token *token);
/* Makes lemon unwind to the innermost place that can go on after an error. */
void grammar_fail(struct grammar *grammar, const struct token *token);
/* Whether the n kinds would be taken one after the other. Runs no action. */
bool grammar_takes(const struct grammar *grammar, const enum token_kind *kinds,
                   size_t n);
/* How many brackets lemon's stack holds open; right after grammar_fail. */
size_t grammar_brackets(const struct grammar *grammar);

/* ---- parser.c ------------------------------------------------------------------------ */

/* Feeds the token at hand as the kind, count tokens of it, and goes on behind them. */
void parser_feed(struct parser *p, enum token_kind kind, size_t count);
/* Feeds a token that is not there; it stands where the last real one ended. */
void parser_insert(struct parser *p, enum token_kind kind);
/* Goes on behind the token at hand without feeding it. */
void parser_drop(struct parser *p);
static inline struct token *parser_token(const struct parser *p)
{
    return &p->tokens[p->at];
}
static inline bool parser_takes(const struct parser *p, enum token_kind kind)
{
    return grammar_takes(p->grammar, &kind, 1);
}
/* The kind of the innermost open bracket; TOKEN_END: none. */
enum token_kind parser_top(const struct parser *p);

/* ---- soft.c: which words are keywords where ------------------------------------------- */

/* A way to feed the tokens at some place: count of them as one of this kind. */
struct reading {
    enum token_kind kind;
    size_t count;
};
enum { MAX_READINGS = 3 };
/* All ways to read the token at the index, the likeliest first; gives how many. A head's
 * first word is no name. */
size_t soft_readings(const struct parser *p, size_t at, struct reading *readings);
/* How the token at hand is to be read. The grammar takes it unless nothing fits; or it
 * takes the kind but a ";" is missing before it (then *missing is set). */
struct reading soft_choose(const struct parser *p, bool *missing);
/* Whether, after the n kinds given, the tokens from p->tokens[at] on would be taken in some
 * reading until there are limit kinds. Room for limit kinds. */
bool soft_goes_on(const struct parser *p, enum token_kind *kinds, size_t n, size_t at,
                  size_t limit);
/* The words of the type that begins here; 1 where it is no type of several words. */
size_t soft_long_type(const struct token *token);
/* Whether a declaration's head, as SQL never contains it, begins on the token's line. */
bool soft_is_head(const struct parser *p, size_t at);
/* Whether the word at hand, a member's first, begins a member other than a column. */
bool soft_begins_member(const struct parser *p, enum token_kind keyword, size_t at);

/* ---- repair.c and recover.c ----------------------------------------------------------- */

/* Tries to explain by one token why the token at hand does not fit; reports that and makes
 * the change. Gives false, with nothing done, when nothing explains it. */
bool repair(struct parser *p, struct reading reading);
/* Whether the word at hand is near to a keyword that would fit. */
bool repair_is_misspelt(const struct parser *p);
/* A "(" that a member of a table lacks, told at its first word: reports and makes it up
 * when the token at hand is what it is missing before. */
bool missing_member_paren(struct parser *p);
/* The same of a column's type or attribute. */
bool missing_paren_ahead(struct parser *p);
/* Two members on one line without a ";" between them. */
bool missing_semicolon_in_line(struct parser *p);
/* A "}" between two members of a table: reports and drops it. */
bool drop_stray_brace(struct parser *p, enum token_kind kind);
/* A "," behind the last of a list: reports and drops it. */
bool drop_last_comma(struct parser *p, enum token_kind kind);
/* A "}" that would end a query although its statement goes on: reports and drops it. */
bool drop_early_brace(struct parser *p, enum token_kind kind);
/* What a query gives, inside its parameters: reports and makes up the ")". */
bool close_parameters(struct parser *p, enum token_kind kind);
/* Behind an unterminated string or name, which took the rest of its line with whatever
 * ended the member: ends it, once. Gives false when nothing is to be done. */
bool mend_broken_line(struct parser *p);
/* Unwinds the grammar and skips to the end of the member or declaration at hand. The error
 * has been reported. */
void recover(struct parser *p);
/* The same without skipping. */
void recover_here(struct parser *p);
/* After an error in a declaration's head: goes on at its "{" when that stands on the line.
 * Gives false, with nothing done, when it does not. */
bool skip_to_body(struct parser *p);

/* ---- refuse.c: what the language knows and does not take ------------------------------- */

/* Whether the word begins a declaration of a later version, or an SQL statement. */
bool refuse_is_declaration(const struct token *token);

/* Reports a token that nothing takes but that says what was meant: an SQL statement, a
 * construct of a later version. Gives false when it is neither. */
bool refuse(struct parser *p);
/* The same for a member's first word, which would be taken as a column's name. */
bool refuse_member(struct parser *p, struct reading reading);

/* ---- expect.c -------------------------------------------------------------------------- */

/* Reports that the token at hand does not fit. */
void expect_report(struct parser *p);
/* The tokens as a message names them: `"foo"`, `end of file`. */
const char *expect_shown(const struct parser *p, const struct token *token);

#endif
