/* clean_in.c: `x = ANY (ARRAY['a'::t, ..])` back to `x in ('a', ..)`, where the server makes
 * the one of the other, and arrays without a cast as a whole. Must not know tables.
 *
 * For a varchar the array is cast as a whole, which cannot be written with the cast: the
 * parser hands it down to the elements (transformTypeCast in
 * src/backend/parser/parse_expr.c, version 15). IN comes from transformAExprIn there: two
 * elements or more, of the column's own type. */
#include "clean.h"
#include "pieces.h"

struct in_list {
    size_t end; /* behind its last piece */
    bool not_;  /* <> ALL */
    VEC(struct piece) elements;
};
struct in_reader {
    struct arena *arena;
    const struct pieces *pieces;
    struct str cast; /* of the column: "text", "character varying" */
};

static size_t cast_end(const struct in_reader *r, size_t i, struct str cast)
{
    return piece_cast_end(r->arena, r->pieces, i, cast);
}

/* -5 of '-5'. */
static bool is_negative(struct str text)
{
    if (text.n < 4 || text.s[1] != '-') {
        return false;
    }
    for (size_t i = 2; i + 1 < text.n; i++) {
        if (text.s[i] < '0' || text.s[i] > '9') {
            return false;
        }
    }
    return true;
}

static bool is_counter(struct str cast)
{
    return str_eq_c(cast, "integer") || str_eq_c(cast, "smallint");
}

/* An element of a list of whole numbers: 5, '-5'::integer, and with ::bigint behind. */
static size_t number_end(const struct in_reader *r, size_t i, struct piece *element)
{
    bool big = str_eq_c(r->cast, "bigint");
    if ((!big && !is_counter(r->cast)) || i >= r->pieces->list.n) {
        return 0;
    }
    *element = r->pieces->list.items[i];
    if (piece_is(r->pieces, i, PIECE_NUMBER)) {
        i++;
    } else if (piece_is(r->pieces, i, PIECE_STRING) && is_negative(element->text)) {
        element->text.s++;
        element->text.n -= 2;
        element->kind = PIECE_NUMBER;
        i = cast_end(r, i + 1, STR("integer"));
    } else {
        return 0;
    }
    return big && i > 0 ? cast_end(r, i, STR("bigint")) : i;
}

static size_t element_end(const struct in_reader *r, size_t i, struct piece *element)
{
    size_t end = number_end(r, i, element);
    if (end > 0 || !piece_is(r->pieces, i, PIECE_STRING)) {
        return end;
    }
    *element = r->pieces->list.items[i];
    return cast_end(r, i + 1, r->cast);
}

/* "array [ .. ]" from i on; gives what is behind it, 0: it is another. */
static size_t array_end(const struct in_reader *r, size_t i, struct in_list *list)
{
    if (!piece_is_word(r->pieces, i, "array") ||
        !piece_is_mark(r->pieces, i + 1, '[')) {
        return 0;
    }
    i++;
    do {
        struct piece element;
        i = element_end(r, i + 1, &element);
        if (i == 0) {
            return 0;
        }
        VEC_PUSH(r->arena, &list->elements, element);
    } while (piece_is_mark(r->pieces, i, ','));
    return piece_is_mark(r->pieces, i, ']') && list->elements.n > 0 ? i + 1 : 0;
}

/* What follows the column at i. */
static bool read_list(const struct in_reader *r, size_t i, struct in_list *list)
{
    bool varying = str_eq_c(r->cast, "character varying");
    i = varying ? cast_end(r, i + 1, STR("text")) : i + 1;
    if (i == 0 || !piece_is(r->pieces, i, PIECE_OPERATOR)) {
        return false;
    }
    struct str operator_ = r->pieces->list.items[i].text;
    list->not_ = str_eq_c(operator_, "<>");
    if ((!list->not_ && !str_eq_c(operator_, "=")) ||
        !piece_is_word(r->pieces, i + 1, list->not_ ? "all" : "any") ||
        !piece_is_mark(r->pieces, i + 2, '(')) {
        return false;
    }
    i = array_end(r, i + 3, list);
    i = i > 0 && varying ? cast_end(r, i, STR("text[]")) : i;
    list->end = i + 1;
    return i > 0 && list->elements.n > 1 && piece_is_mark(r->pieces, i, ')');
}

static void push(struct arena *arena, struct pieces *out, struct piece piece)
{
    VEC_PUSH(arena, &out->list, piece);
}

static void push_list(struct arena *arena, struct pieces *out,
                      const struct in_list *list)
{
    if (list->not_) {
        push(arena, out, (struct piece){ PIECE_WORD, STR("not"), true });
    }
    push(arena, out, (struct piece){ PIECE_WORD, STR("in"), true });
    push(arena, out, (struct piece){ PIECE_MARK, STR("("), true });
    for (size_t i = 0; i < list->elements.n; i++) {
        struct piece element = list->elements.items[i];
        if (i > 0) {
            push(arena, out, (struct piece){ PIECE_MARK, STR(","), false });
        }
        element.space = i > 0;
        push(arena, out, element);
    }
    push(arena, out, (struct piece){ PIECE_MARK, STR(")"), false });
}

/* Whether what stands at i is a column's name and the whole left side of its operator. */
static bool may_be_column(const struct pieces *pieces, size_t i)
{
    bool name = piece_is(pieces, i, PIECE_WORD) || piece_is(pieces, i, PIECE_QUOTED);
    return name &&
           (i == 0 || piece_is(pieces, i - 1, PIECE_WORD) ||
            piece_is_mark(pieces, i - 1, '(') || piece_is_mark(pieces, i - 1, ','));
}

/* Where the list ends whose first piece is the column at i; 0: there is none. */
static size_t put_list(struct in_reader *r, const struct clean_scope *scope, size_t i,
                       struct pieces *out)
{
    struct in_list list = { 0 };
    if (scope == NULL || !may_be_column(r->pieces, i)) {
        return 0;
    }
    r->cast = scope->cast_of(scope->context, r->pieces->list.items[i].text);
    if (r->cast.n == 0 || !read_list(r, i, &list)) {
        return 0;
    }
    push(r->arena, out, r->pieces->list.items[i]);
    push_list(r->arena, out, &list);
    return list.end;
}

/* Whether the "]" before i ends ARRAY[..] with something in it. */
static bool ends_array(const struct pieces *pieces, size_t i)
{
    size_t depth = 0, end = i;
    if (i == 0 || !piece_is_mark(pieces, i - 1, ']')) {
        return false;
    }
    do {
        i--;
        depth += piece_is_mark(pieces, i, ']');
        depth -= piece_is_mark(pieces, i, '[');
    } while (i > 0 && depth > 0);
    return i > 0 && piece_is_word(pieces, i - 1, "array") && i + 2 < end;
}

/* Behind the cast of a whole array at i; 0: there is none. A cast that was written would
 * have been handed down to the elements: this one the server put there, and does again. */
static size_t array_cast_end(const struct pieces *pieces, size_t i)
{
    if (!piece_is(pieces, i, PIECE_CAST) || !ends_array(pieces, i)) {
        return 0;
    }
    do {
        i++;
    } while (piece_is(pieces, i, PIECE_WORD) || piece_is(pieces, i, PIECE_QUOTED) ||
             piece_is_mark(pieces, i, '.'));
    bool array = piece_is_mark(pieces, i, '[') && piece_is_mark(pieces, i + 1, ']');
    return array ? i + 2 : 0;
}

struct pieces clean_in_lists(struct arena *arena, const struct pieces *pieces,
                             const struct clean_scope *scope)
{
    struct pieces out = { 0 };
    struct in_reader r = { .arena = arena, .pieces = pieces };
    for (size_t i = 0; i < pieces->list.n;) {
        size_t end = put_list(&r, scope, i, &out);
        end = end > 0 ? end : array_cast_end(pieces, i);
        if (end == 0) {
            push(arena, &out, pieces->list.items[i]);
        }
        i = end > 0 ? end : i + 1;
    }
    return out;
}
