/* clean_parens.c: parentheses of the server's that a person would not write, taken out where
 * the parser makes the same tree without them. Must not know what the SQL is of.
 *
 * The server puts each operation in parentheses, unless it is asked for pretty text, which
 * loses how ANDs and ORs are nested; the parser keeps that (makeAndExpr in
 * src/backend/parser/gram.y, version 15). Precedences: the %left lines there. */
#include "clean.h"
#include "pieces.h"

/* What a stretch of SQL is, by its loosest operator. */
enum level {
    LEVEL_PRIMARY, /* a name, a literal, a call; casts of these */
    LEVEL_OPERATION,
    LEVEL_COMPARISON,
    LEVEL_NOT,
    LEVEL_AND,
    LEVEL_OR,
    LEVEL_OPAQUE /* not looked into */
};

/* What stands beside it. */
enum side {
    SIDE_EDGE,
    SIDE_AND,
    SIDE_OR,
    SIDE_NOT,
    SIDE_COMPARISON,
    SIDE_OPERATOR,
    SIDE_CAST,
    SIDE_ELSE
};

struct parens {
    struct arena *arena;
    const struct pieces *in;
    struct pieces out;
};

static bool is_word_of(const struct pieces *pieces, size_t i, const char *const *words,
                       size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (piece_is_word(pieces, i, words[k])) {
            return true;
        }
    }
    return false;
}

static bool is_comparison(const struct pieces *pieces, size_t i)
{
    static const char *const operators[] = { "=", "<>", "<", ">", "<=", ">=" };
    for (size_t k = 0; k < 6 && piece_is(pieces, i, PIECE_OPERATOR); k++) {
        if (str_eq_c(pieces->list.items[i].text, operators[k])) {
            return true;
        }
    }
    return false;
}

/* Behind the piece, or behind the brackets that it opens. */
static size_t item_end(const struct pieces *pieces, size_t i)
{
    bool opens = piece_is_mark(pieces, i, '(') || piece_is_mark(pieces, i, '[');
    return opens ? piece_behind(pieces, i) : i + 1;
}

/* ---- what it is ------------------------------------------------------------------------- */

static enum level level_of_word(const struct pieces *pieces, size_t i, size_t from)
{
    static const char *const comparing[] = { "is", "in", "between", "isnull",
                                             "notnull" };
    static const char *const known[] = { "any",      "all",   "array",    "null",
                                         "true",     "false", "document", "normalized",
                                         "distinct", "from",  "unknown" };
    if (piece_is_word(pieces, i, "or")) {
        return LEVEL_OR;
    }
    if (piece_is_word(pieces, i, "and")) {
        return LEVEL_AND;
    }
    if (piece_is_word(pieces, i, "not")) {
        return i == from ? LEVEL_NOT : LEVEL_COMPARISON;
    }
    if (is_word_of(pieces, i, comparing, 5)) {
        return LEVEL_COMPARISON;
    }
    /* Two words in a row that are not known are syntax of some kind: CASE x, AT TIME ZONE,
     * COLLATE "C", INTERVAL '..'. A cast's type is skipped before. */
    bool follows = i > from && (piece_is(pieces, i - 1, PIECE_WORD) ||
                                piece_is(pieces, i - 1, PIECE_QUOTED) ||
                                piece_is(pieces, i - 1, PIECE_STRING) ||
                                piece_is_mark(pieces, i - 1, ')'));
    return follows && !is_word_of(pieces, i, known, sizeof known / sizeof *known)
               ? LEVEL_OPAQUE
               : LEVEL_PRIMARY;
}

/* Behind a cast's type: words, dots, modifiers, brackets. */
static size_t type_end(const struct pieces *pieces, size_t i, size_t to)
{
    static const char *const words[] = {
        "character", "varying", "double", "precision", "timestamp", "time",
        "with",      "without", "zone",   "bit",       "interval",  "year",
        "month",     "day",     "hour",   "minute",    "second",    "to"
    };
    size_t start = i;
    while (i < to) {
        bool more = i == start || piece_is_mark(pieces, i, '.') ||
                    piece_is_mark(pieces, i - 1, '.') ||
                    (piece_is_mark(pieces, i, '(') && !pieces->list.items[i].space) ||
                    (piece_is_mark(pieces, i, '[') && !pieces->list.items[i].space) ||
                    is_word_of(pieces, i, words, sizeof words / sizeof *words);
        if (!more) {
            break;
        }
        i = item_end(pieces, i);
    }
    return i;
}

static enum level level_of(const struct pieces *pieces, size_t from, size_t to)
{
    enum level level = LEVEL_PRIMARY;
    bool between = false;
    for (size_t i = from; i < to;) {
        enum level own = LEVEL_PRIMARY;
        if (piece_is(pieces, i, PIECE_CAST)) {
            i = type_end(pieces, i + 1, to);
            continue;
        }
        if (piece_is(pieces, i, PIECE_WORD)) {
            own = level_of_word(pieces, i, from);
        } else if (is_comparison(pieces, i)) {
            own = LEVEL_COMPARISON;
        } else if (piece_is(pieces, i, PIECE_OPERATOR)) {
            own = i == from ? LEVEL_OPAQUE : LEVEL_OPERATION;
        } else if (piece_is_mark(pieces, i, ',')) {
            own = LEVEL_OPAQUE;
        }
        between = between || piece_is_word(pieces, i, "between");
        own = between && own == LEVEL_AND ? LEVEL_COMPARISON : own;
        level = own > level ? own : level;
        i = item_end(pieces, i);
    }
    return piece_is_word(pieces, from, "case") ? LEVEL_OPAQUE : level;
}

/* ---- what stands beside it ---------------------------------------------------------------- */

static enum side side_of(const struct pieces *pieces, size_t i)
{
    static const char *const edges[] = { "when", "then", "else", "end", "case" };
    if (piece_is_word(pieces, i, "and")) {
        return SIDE_AND;
    }
    if (piece_is_word(pieces, i, "or")) {
        return SIDE_OR;
    }
    if (piece_is_word(pieces, i, "not")) {
        return SIDE_NOT;
    }
    if (is_word_of(pieces, i, edges, 5) || piece_is_mark(pieces, i, ',')) {
        return SIDE_EDGE;
    }
    if (is_comparison(pieces, i)) {
        return SIDE_COMPARISON;
    }
    return piece_is(pieces, i, PIECE_CAST)       ? SIDE_CAST
           : piece_is(pieces, i, PIECE_OPERATOR) ? SIDE_OPERATOR
                                                 : SIDE_ELSE;
}

static bool goes_bare_beside(enum level level, enum side side)
{
    switch (level) {
    case LEVEL_PRIMARY:
        return side != SIDE_ELSE;
    case LEVEL_OPERATION:
        return side == SIDE_EDGE || side == SIDE_AND || side == SIDE_OR ||
               side == SIDE_COMPARISON;
    case LEVEL_COMPARISON:
    case LEVEL_NOT:
        return side == SIDE_EDGE || side == SIDE_AND || side == SIDE_OR;
    case LEVEL_AND:
        return side == SIDE_EDGE || side == SIDE_OR;
    case LEVEL_OR:
    case LEVEL_OPAQUE:
        return side == SIDE_EDGE;
    }
    return false;
}

/* Parentheses that group, and are no call's, list's or type's. */
static bool is_group(const struct pieces *pieces, size_t i, size_t from)
{
    static const char *const before[] = { "and",  "or",   "not", "when",
                                          "then", "else", "case" };
    if (!piece_is_mark(pieces, i, '(')) {
        return false;
    }
    return i == from || is_word_of(pieces, i - 1, before, 7) ||
           piece_is(pieces, i - 1, PIECE_OPERATOR) || piece_is_mark(pieces, i - 1, ',');
}

/* ---- writing -------------------------------------------------------------------------------- */

static void put_range(struct parens *p, size_t from, size_t to, enum side before,
                      enum side behind);

static void put_piece(struct parens *p, size_t i)
{
    VEC_PUSH(p->arena, &p->out.list, p->in->list.items[i]);
}

/* Brackets with what they hold, a list's items one by one. */
static void put_bracket(struct parens *p, size_t i, size_t end)
{
    put_piece(p, i);
    size_t start = ++i;
    while (i + 1 < end) {
        i = item_end(p->in, i);
        if (i + 1 >= end || piece_is_mark(p->in, i, ',')) {
            put_range(p, start, i, SIDE_EDGE, SIDE_EDGE);
            start = i;
            if (i + 1 < end) {
                put_piece(p, i);
                start = ++i;
            }
        }
    }
    put_piece(p, end - 1);
}

static void put_group(struct parens *p, size_t i, size_t end, enum side before,
                      enum side behind)
{
    enum level level = level_of(p->in, i + 1, end - 1);
    if (!goes_bare_beside(level, before) || !goes_bare_beside(level, behind)) {
        put_bracket(p, i, end);
        return;
    }
    size_t first = p->out.list.n;
    put_range(p, i + 1, end - 1, before, behind);
    if (p->out.list.n > first) {
        p->out.list.items[first].space = p->in->list.items[i].space;
    }
}

static void put_range(struct parens *p, size_t from, size_t to, enum side before,
                      enum side behind)
{
    for (size_t i = from; i < to;) {
        size_t end = item_end(p->in, i);
        end = end > to ? to : end;
        if (is_group(p->in, i, from)) {
            put_group(p, i, end, i == from ? before : side_of(p->in, i - 1),
                      end == to ? behind : side_of(p->in, end));
        } else if (end > i + 1) {
            put_bracket(p, i, end);
        } else {
            put_piece(p, i);
        }
        i = end;
    }
}

struct pieces clean_parens(struct arena *arena, const struct pieces *pieces)
{
    struct parens p = { .arena = arena, .in = pieces };
    put_range(&p, 0, pieces->list.n, SIDE_EDGE, SIDE_EDGE);
    return p.out;
}

/* Of an element the first parentheses stay: they are what tells an expression. */
struct pieces clean_element_parens(struct arena *arena, const struct pieces *pieces)
{
    struct parens p = { .arena = arena, .in = pieces };
    for (size_t i = 0; i < pieces->list.n;) {
        size_t end = item_end(pieces, i);
        if (end > i + 1) {
            put_bracket(&p, i, end);
        } else {
            put_piece(&p, i);
        }
        i = end;
    }
    return p.out;
}
