/* pieces.c: see pieces.h. Must not know what any word means. */
#include "pieces.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool begins_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind the quote that ends what begins at the quote at `at`. */
static size_t quote_end(struct str sql, size_t at, bool escapes)
{
    char quote = sql.s[at];
    for (at++; at < sql.n; at++) {
        if (escapes && sql.s[at] == '\\') {
            at++;
        } else if (sql.s[at] == quote) {
            if (at + 1 >= sql.n || sql.s[at + 1] != quote) {
                return at + 1;
            }
            at++;
        }
    }
    return sql.n;
}

static size_t word_end(struct str sql, size_t at)
{
    while (at < sql.n &&
           (begins_word(sql.s[at]) || is_digit(sql.s[at]) || sql.s[at] == '$')) {
        at++;
    }
    return at;
}

static size_t number_end(struct str sql, size_t at)
{
    while (at < sql.n) {
        bool sign = (sql.s[at] == '-' || sql.s[at] == '+') &&
                    (sql.s[at - 1] == 'e' || sql.s[at - 1] == 'E');
        if (!sign && !is_digit(sql.s[at]) && sql.s[at] != '.' &&
            !begins_word(sql.s[at])) {
            break;
        }
        at++;
    }
    return at;
}

static size_t operator_end(struct str sql, size_t at)
{
    while (at < sql.n && strchr("~!@#%^&|`?+-*/<>=", sql.s[at]) != NULL) {
        at++;
    }
    return at;
}

static struct piece piece_at(struct str sql, size_t at)
{
    struct piece piece = { .kind = PIECE_MARK };
    size_t end = at + 1;
    char c = sql.s[at];
    if (begins_word(c)) {
        piece.kind = PIECE_WORD;
        end = word_end(sql, at);
        if (end == at + 1 && end < sql.n && sql.s[end] == '\'') {
            piece.kind = PIECE_STRING;
            end = quote_end(sql, end, c == 'E' || c == 'e');
        }
    } else if (c == '\'' || c == '"') {
        piece.kind = c == '"' ? PIECE_QUOTED : PIECE_STRING;
        end = quote_end(sql, at, false);
    } else if (is_digit(c)) {
        piece.kind = PIECE_NUMBER;
        end = number_end(sql, at);
    } else if (c == ':' && end < sql.n && sql.s[end] == ':') {
        piece.kind = PIECE_CAST;
        end = at + 2;
    } else if (operator_end(sql, at) > at) {
        piece.kind = PIECE_OPERATOR;
        end = operator_end(sql, at);
    }
    piece.text = (struct str){ sql.s + at, end - at };
    return piece;
}

/* xmlserialize(content x as text no indent): the last two words say what is so anyway, and
 * servers before 16 do not know them (get_rule_expr in src/backend/utils/adt/ruleutils.c). */
static void drop_no_indent(struct pieces *pieces)
{
    size_t n = pieces->list.n;
    if (n >= 3 && piece_is_mark(pieces, n - 1, ')') &&
        piece_is_word(pieces, n - 2, "indent") && piece_is_word(pieces, n - 3, "no")) {
        pieces->list.items[n - 3] = pieces->list.items[n - 1];
        pieces->list.n -= 2;
    }
}

struct pieces pieces_of(struct arena *arena, struct str sql)
{
    struct pieces pieces = { 0 };
    size_t at = 0;
    while (at < sql.n) {
        size_t start = at;
        while (at < sql.n && is_space(sql.s[at])) {
            at++;
        }
        if (at == sql.n) {
            break;
        }
        struct piece piece = piece_at(sql, at);
        piece.space = at > start;
        VEC_PUSH(arena, &pieces.list, piece);
        at += piece.text.n;
        drop_no_indent(&pieces);
    }
    return pieces;
}

bool piece_is(const struct pieces *pieces, size_t i, enum piece_kind kind)
{
    return i < pieces->list.n && pieces->list.items[i].kind == kind;
}

bool piece_is_mark(const struct pieces *pieces, size_t i, char mark)
{
    return piece_is(pieces, i, PIECE_MARK) && pieces->list.items[i].text.s[0] == mark;
}

bool piece_is_word(const struct pieces *pieces, size_t i, const char *word)
{
    return piece_is(pieces, i, PIECE_WORD) &&
           str_eq_nocase(pieces->list.items[i].text, word);
}

size_t piece_behind(const struct pieces *pieces, size_t i)
{
    size_t depth = 0;
    for (; i < pieces->list.n; i++) {
        if (piece_is_mark(pieces, i, '(') || piece_is_mark(pieces, i, '[')) {
            depth++;
        } else if ((piece_is_mark(pieces, i, ')') || piece_is_mark(pieces, i, ']')) &&
                   --depth == 0) {
            return i + 1;
        }
    }
    return i;
}

size_t piece_cast_end(struct arena *arena, const struct pieces *pieces, size_t i,
                      struct str cast)
{
    if (!piece_is(pieces, i, PIECE_CAST) || cast.n == 0) {
        return 0;
    }
    struct pieces wanted = pieces_of(arena, cast);
    for (size_t k = 0; k < wanted.list.n; k++) {
        i++;
        if (i >= pieces->list.n ||
            !str_eq(pieces->list.items[i].text, wanted.list.items[k].text)) {
            return 0;
        }
    }
    return i + 1;
}
