/* clean_between.c: `((x >= a) AND (x <= b))` back to `(x between a and b)`, of which the
 * server makes it (transformAExprBetween in src/backend/parser/parse_expr.c, version 15).
 * Must not know tables. */
#include "clean.h"
#include "pieces.h"

/* "(x >= ..)" at i: where the bound begins; 0: it is another. */
static size_t bound_start(const struct pieces *pieces, size_t i, const char *operator_)
{
    bool name = piece_is(pieces, i + 1, PIECE_WORD) ||
                piece_is(pieces, i + 1, PIECE_QUOTED);
    bool same = piece_is_mark(pieces, i, '(') && name &&
                piece_is(pieces, i + 2, PIECE_OPERATOR) &&
                str_eq_c(pieces->list.items[i + 2].text, operator_);
    return same ? i + 3 : 0;
}

/* A literal, a name or a call with its casts: nothing that AND could end. */
static bool is_plain(const struct pieces *pieces, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (piece_is(pieces, i, PIECE_OPERATOR) ||
            (piece_is(pieces, i, PIECE_WORD) && i > from &&
             piece_is(pieces, i - 1, PIECE_WORD))) {
            return false;
        }
    }
    return to > from;
}

struct between {
    size_t low, low_end, high, high_end, end;
};

static bool read_between(const struct pieces *pieces, size_t i, struct between *b)
{
    if (!piece_is_mark(pieces, i, '(') || !piece_is_mark(pieces, i + 1, '(')) {
        return false;
    }
    b->end = piece_behind(pieces, i);
    b->low = bound_start(pieces, i + 1, ">=");
    if (b->low == 0) {
        return false;
    }
    size_t next = piece_behind(pieces, i + 1);
    b->low_end = next - 1;
    b->high = piece_is_word(pieces, next, "and") ? bound_start(pieces, next + 1, "<=")
                                                 : 0;
    if (b->high == 0) {
        return false;
    }
    b->high_end = piece_behind(pieces, next + 1) - 1;
    return b->high_end + 2 == b->end &&
           str_eq(pieces->list.items[i + 2].text, pieces->list.items[next + 2].text) &&
           is_plain(pieces, b->low, b->low_end) &&
           is_plain(pieces, b->high, b->high_end);
}

static void push_word(struct arena *arena, struct pieces *out, struct str word)
{
    VEC_PUSH(arena, &out->list, (struct piece){ PIECE_WORD, word, true });
}

static void push_pieces(struct arena *arena, struct pieces *out,
                        const struct pieces *pieces, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        VEC_PUSH(arena, &out->list, pieces->list.items[i]);
    }
}

struct pieces clean_betweens(struct arena *arena, const struct pieces *pieces)
{
    struct pieces out = { 0 };
    for (size_t i = 0; i < pieces->list.n;) {
        struct between b;
        if (!read_between(pieces, i, &b)) {
            push_pieces(arena, &out, pieces, i, i + 1);
            i++;
            continue;
        }
        push_pieces(arena, &out, pieces, i, i + 1);
        size_t first = out.list.n;
        push_pieces(arena, &out, pieces, i + 2, i + 3);
        out.list.items[first].space = false;
        push_word(arena, &out, STR("between"));
        push_pieces(arena, &out, pieces, b.low, b.low_end);
        push_word(arena, &out, STR("and"));
        push_pieces(arena, &out, pieces, b.high, b.high_end);
        push_pieces(arena, &out, pieces, b.end - 1, b.end);
        i = b.end;
    }
    return out;
}
