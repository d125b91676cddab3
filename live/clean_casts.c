/* clean_casts.c: `t ~~ 'a%'::text` back to `t like 'a%'`, `n > (0)::numeric` to `n > 0`: the
 * casts that the server adds to a literal beside a column. Must not know tables.
 *
 * An unknown literal takes the type of the other side of its operator when there is an
 * operator for both (oper_select_candidate and binary_oper_exact in
 * src/backend/parser/parse_oper.c, version 15); varchars are compared as text. A whole
 * number beside a numeric or a float is cast to it. */
#include "clean.h"
#include "pieces.h"

static const struct {
    const char *operator_;
    const char *word; /* NULL: it stays an operator */
    bool text;        /* of texts alone */
} operators[] = {
    { "=", NULL, false },        { "<>", NULL, false },
    { "<", NULL, false },        { ">", NULL, false },
    { "<=", NULL, false },       { ">=", NULL, false },
    { "~", NULL, true },         { "~*", NULL, true },
    { "!~", NULL, true },        { "!~*", NULL, true },
    { "~~", "like", true },      { "~~*", "ilike", true },
    { "!~~", "not like", true }, { "!~~*", "not ilike", true },
};
enum { NO_OPERATOR = sizeof operators / sizeof *operators };

/* `column operator literal`, with the casts that the server adds. */
struct comparison {
    size_t operator_; /* in operators */
    size_t literal;   /* the piece */
    size_t end;
};

static bool ends_operand(const struct pieces *pieces, size_t i)
{
    static const char *const words[] = { "and", "or", "when", "then", "else", "end" };
    bool ends = i >= pieces->list.n || piece_is_mark(pieces, i, ')') ||
                piece_is_mark(pieces, i, ',');
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        ends = ends || piece_is_word(pieces, i, words[k]);
    }
    return ends;
}

static bool begins_operand(const struct pieces *pieces, size_t i)
{
    static const char *const words[] = { "and", "or", "not", "when", "then", "else" };
    bool begins = i == 0 || piece_is_mark(pieces, i - 1, '(') ||
                  piece_is_mark(pieces, i - 1, ',');
    for (size_t k = 0; i > 0 && k < sizeof words / sizeof *words; k++) {
        begins = begins || piece_is_word(pieces, i - 1, words[k]);
    }
    return begins;
}

static size_t find_operator(const struct pieces *pieces, size_t i)
{
    size_t k = 0;
    while (k < NO_OPERATOR &&
           !(piece_is(pieces, i, PIECE_OPERATOR) &&
             str_eq_c(pieces->list.items[i].text, operators[k].operator_))) {
        k++;
    }
    return k;
}

static bool takes_number(struct str cast)
{
    return str_eq_c(cast, "numeric") || str_eq_c(cast, "double precision") ||
           str_eq_c(cast, "real");
}

/* cast: how casts to the column's type are written. */
static bool read_comparison(struct arena *arena, const struct pieces *pieces, size_t i,
                            struct str cast, struct comparison *c)
{
    bool varying = str_eq_c(cast, "character varying");
    struct str type = varying ? STR("text") : cast;
    i = varying ? piece_cast_end(arena, pieces, i + 1, type) : i + 1;
    c->operator_ = i == 0 ? NO_OPERATOR : find_operator(pieces, i);
    if (c->operator_ == NO_OPERATOR ||
        (operators[c->operator_].text && !str_eq_c(type, "text"))) {
        return false;
    }
    c->literal = i + 1;
    bool fits = takes_number(type) ? piece_is(pieces, i + 1, PIECE_NUMBER)
                                   : piece_is(pieces, i + 1, PIECE_STRING);
    c->end = fits ? piece_cast_end(arena, pieces, i + 2, type) : 0;
    return c->end > 0 && ends_operand(pieces, c->end);
}

static void push_comparison(struct arena *arena, struct pieces *out,
                            const struct pieces *pieces, size_t column,
                            const struct comparison *c)
{
    struct piece sign = pieces->list.items[c->literal - 1];
    if (operators[c->operator_].word != NULL) {
        sign.kind = PIECE_WORD;
        sign.text = str_of(operators[c->operator_].word);
    }
    VEC_PUSH(arena, &out->list, pieces->list.items[column]);
    VEC_PUSH(arena, &out->list, sign);
    VEC_PUSH(arena, &out->list, pieces->list.items[c->literal]);
}

struct pieces clean_casts(struct arena *arena, const struct pieces *pieces,
                          const struct clean_scope *scope)
{
    struct pieces out = { 0 };
    for (size_t i = 0; i < pieces->list.n;) {
        struct comparison c;
        struct str cast = { 0 };
        bool name = piece_is(pieces, i, PIECE_WORD) ||
                    piece_is(pieces, i, PIECE_QUOTED);
        if (scope != NULL && name && begins_operand(pieces, i)) {
            cast = scope->cast_of(scope->context, pieces->list.items[i].text);
        }
        if (cast.n > 0 && read_comparison(arena, pieces, i, cast, &c)) {
            push_comparison(arena, &out, pieces, i, &c);
            i = c.end;
        } else {
            VEC_PUSH(arena, &out.list, pieces->list.items[i]);
            i++;
        }
    }
    return out;
}
