/* clean_default.c: defaults, which stand bare in the language where they can. Must not know
 * of columns. */
#include "base/buf.h"
#include "clean.h"
#include "pieces.h"

/* ---- casts that the column makes by itself ---------------------------------------------- */

static struct str piece_text(const struct pieces *pieces, size_t i)
{
    return pieces->list.items[i].text;
}

/* 'literal'::cast, and no more. */
static bool is_cast(const struct pieces *pieces, struct str sql, struct str cast)
{
    if (!piece_is(pieces, 0, PIECE_STRING) || !piece_is(pieces, 1, PIECE_CAST)) {
        return false;
    }
    const char *type = piece_text(pieces, 1).s + 2;
    struct str rest = { type, (size_t)(sql.s + sql.n - type) };
    return cast.n > 0 && str_eq(rest, cast);
}

/* Whether -1 is what the server prints as '-1'::integer, -0.5 as '-0.5'::numeric. */
static bool is_negative(const struct pieces *pieces)
{
    if (pieces->list.n != 3 || !piece_is(pieces, 0, PIECE_STRING) ||
        !piece_is(pieces, 1, PIECE_CAST)) {
        return false;
    }
    struct str text = piece_text(pieces, 0);
    bool whole = piece_is_word(pieces, 2, "integer");
    size_t points = 0;
    if ((!whole && !piece_is_word(pieces, 2, "numeric")) || text.n < 4 ||
        text.s[1] != '-') {
        return false;
    }
    for (size_t i = 2; i + 1 < text.n; i++) {
        bool point = text.s[i] == '.' && i > 2 && i + 2 < text.n;
        points += point;
        if (!point && (text.s[i] < '0' || text.s[i] > '9')) {
            return false;
        }
    }
    return points == (whole ? 0 : 1);
}

/* nextval('name'::regclass): its one argument is a regclass whatever is written. */
static bool is_nextval(const struct pieces *pieces)
{
    return pieces->list.n == 6 && piece_is_word(pieces, 0, "nextval") &&
           piece_is(pieces, 2, PIECE_STRING) && piece_is(pieces, 3, PIECE_CAST) &&
           piece_is_word(pieces, 4, "regclass");
}

/* ---- what may stand bare: grammar.y's `bare` -------------------------------------------- */

static bool is_construct(const struct pieces *pieces, size_t i)
{
    static const char *const words[] = { "case", "not", "row", "exists", "and",
                                         "or",   "any", "all", "some" };
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (piece_is_word(pieces, i, words[k])) {
            return true;
        }
    }
    return false;
}

static bool is_name(const struct pieces *pieces, size_t i)
{
    return piece_is(pieces, i, PIECE_WORD) || piece_is(pieces, i, PIECE_QUOTED);
}

static size_t dotted_end(const struct pieces *pieces, size_t i)
{
    for (i++; piece_is_mark(pieces, i, '.') && is_name(pieces, i + 1);) {
        i += 2;
    }
    return i;
}

/* Behind a literal, name, call or group; 0: there is none. */
static size_t primary_end(const struct pieces *pieces, size_t i)
{
    if (piece_is_mark(pieces, i, '(')) {
        return piece_behind(pieces, i);
    }
    if (piece_is(pieces, i, PIECE_STRING) || piece_is(pieces, i, PIECE_NUMBER)) {
        return i + 1;
    }
    if (!is_name(pieces, i) || is_construct(pieces, i)) {
        return 0;
    }
    i = dotted_end(pieces, i);
    if (piece_is_mark(pieces, i, '(') || piece_is_mark(pieces, i, '[')) {
        return piece_behind(pieces, i);
    }
    return i;
}

/* Behind a type that is one word in the clean text; 0: it is not. */
static size_t type_end(const struct pieces *pieces, size_t i)
{
    if (!is_name(pieces, i)) {
        return 0;
    }
    i = dotted_end(pieces, i);
    i = piece_is_mark(pieces, i, '(') ? piece_behind(pieces, i) : i;
    while (piece_is_mark(pieces, i, '[')) {
        i = piece_behind(pieces, i);
    }
    return i;
}

static size_t term_end(const struct pieces *pieces, size_t i)
{
    while (piece_is(pieces, i, PIECE_OPERATOR)) {
        i++;
    }
    i = primary_end(pieces, i);
    while (i > 0 && piece_is(pieces, i, PIECE_CAST)) {
        i = type_end(pieces, i + 1);
    }
    return i;
}

static bool is_bare(const struct pieces *pieces)
{
    size_t i = term_end(pieces, 0);
    while (i > 0 && piece_is(pieces, i, PIECE_OPERATOR)) {
        i = term_end(pieces, i + 1);
    }
    return i > 0 && i == pieces->list.n;
}

/* ---- together --------------------------------------------------------------------------- */

static struct str wrap(struct arena *arena, struct str text)
{
    char *wrapped = arena_printf(arena, "(%.*s)", STR_ARGS(text));
    return (struct str){ wrapped, text.n + 2 };
}

struct str clean_default(struct arena *arena, struct str sql, struct str cast)
{
    struct pieces pieces = pieces_of(arena, sql);
    if (is_negative(&pieces)) {
        struct str text = piece_text(&pieces, 0);
        return (struct str){ text.s + 1, text.n - 2 };
    }
    if (is_cast(&pieces, sql, cast)) {
        return clean_sql(arena, piece_text(&pieces, 0), NULL);
    }
    struct str text = clean_sql(arena, sql, NULL);
    if (is_nextval(&pieces)) {
        struct str name = clean_sql(arena, piece_text(&pieces, 2), NULL);
        char *call = arena_printf(arena, "nextval(%.*s)", STR_ARGS(name));
        return str_of(call);
    }
    struct pieces clean = pieces_of(arena, text);
    return is_bare(&clean) ? text : wrap(arena, text);
}
