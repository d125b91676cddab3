/* pieces.h: SQL as the server prints it, cut into tokens: no comments, no dollar quotes,
 * always closed, and the same of all versions. Private to live/. */
#ifndef LIVE_PIECES_H
#define LIVE_PIECES_H
#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

enum piece_kind {
    PIECE_WORD,
    PIECE_QUOTED, /* "a name" */
    PIECE_STRING, /* with its prefix, as E'' */
    PIECE_NUMBER,
    PIECE_OPERATOR,
    PIECE_CAST, /* :: */
    PIECE_MARK  /* one character: ( ) [ ] , . ; : */
};
struct piece {
    enum piece_kind kind;
    struct str text;
    bool space; /* white space stands before it */
};
struct pieces {
    VEC(struct piece) list;
};

struct pieces pieces_of(struct arena *arena, struct str sql);
/* Past the end nothing is anything. */
bool piece_is(const struct pieces *pieces, size_t i, enum piece_kind kind);
bool piece_is_mark(const struct pieces *pieces, size_t i, char mark);
bool piece_is_word(const struct pieces *pieces, size_t i, const char *word);
/* Behind the bracket that closes the one at i. */
size_t piece_behind(const struct pieces *pieces, size_t i);

/* Behind "::cast" at i, as the server writes casts; 0: another stands there. */
size_t piece_cast_end(struct arena *arena, const struct pieces *pieces, size_t i,
                      struct str cast);

/* The same with IN lists for what the server makes of them; scope may be NULL. */
struct clean_scope;
struct pieces clean_in_lists(struct arena *arena, const struct pieces *pieces,
                             const struct clean_scope *scope);

/* With BETWEEN where it was. */
struct pieces clean_betweens(struct arena *arena, const struct pieces *pieces);
/* Without the casts that a literal beside a column gets. */
struct pieces clean_casts(struct arena *arena, const struct pieces *pieces,
                          const struct clean_scope *scope);
/* Without the parentheses that change nothing; in an index's elements the outermost
 * stay. */
struct pieces clean_parens(struct arena *arena, const struct pieces *pieces);
struct pieces clean_element_parens(struct arena *arena, const struct pieces *pieces);

#endif
