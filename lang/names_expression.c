/* names_expression.c: the name of an index's expression. Follows FigureColnameInternal in
 * src/backend/parser/parse_target.c (version 15), by precedence of tokens instead of a
 * parse tree. Must not know of columns or tables. */
#include "names.h"
#include "types.h"

/* What an expression suggests: nothing, a name to be overruled by a cast's, a name. */
enum strength { NOTHING, WEAK, STRONG };
struct guess {
    enum strength strength;
    struct str name;
};
enum { MAX_DEPTH = 200, MAX_TYPE_WORDS = 8 };
struct namer {
    struct arena *arena;
    int depth;
};

static struct guess guess_of(struct namer *namer, struct scan scan);

static struct scan part(struct scan scan, size_t from, size_t to)
{
    return (struct scan){ scan.tokens + from, to - from };
}

/* The next index at the same depth of brackets and of case ... end. */
static size_t step(struct scan scan, size_t i)
{
    enum token_kind kind = scan.tokens[i].kind;
    if (kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET) {
        size_t close = scan_close(scan, i);
        return close < scan.n ? close + 1 : scan.n;
    }
    if (!scan_is_word(scan, i, "case")) {
        return i + 1;
    }
    int depth = 0;
    for (; i < scan.n; i++) {
        depth += scan_is_word(scan, i, "case");
        depth -= scan_is_word(scan, i, "end");
        if (depth == 0) {
            return i + 1;
        }
    }
    return scan.n;
}

static bool is_operator_word(struct scan scan, size_t i)
{
    static const char *const words[] = { "and",    "or",      "not",     "is",
                                         "isnull", "notnull", "in",      "like",
                                         "ilike",  "similar", "between", "escape" };
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (scan_is_word(scan, i, words[k])) {
            return true;
        }
    }
    return false;
}

/* An operator outside brackets leaves the expression without a name. */
static bool has_operator(struct scan scan)
{
    for (size_t i = 0; i < scan.n; i = step(scan, i)) {
        enum token_kind kind = scan.tokens[i].kind;
        if (kind == TOKEN_OPERATOR || kind == TOKEN_EQUAL || kind == TOKEN_QUESTION ||
            is_operator_word(scan, i)) {
            return true;
        }
    }
    return false;
}

/* The first index at depth 0 of a token of the kind; scan.n: none. */
static size_t find_first(struct scan scan, enum token_kind kind)
{
    size_t i = 0;
    while (i < scan.n && scan.tokens[i].kind != kind) {
        i = step(scan, i);
    }
    return i;
}

/* The last index at depth 0 of a token of the kind or word; scan.n: none. */
static size_t find_last(struct scan scan, enum token_kind kind, const char *word)
{
    size_t found = scan.n;
    for (size_t i = 0; i < scan.n; i = step(scan, i)) {
        bool is = word ? scan_is_word(scan, i, word) : scan.tokens[i].kind == kind;
        found = is ? i : found;
    }
    return found;
}

/* The type's own short name: "int4" for integer, "timestamptz" for timestamp with time
 * zone; "bpchar" is what PostgreSQL calls char. */
static struct str type_name(struct namer *namer, struct scan scan)
{
    size_t last = 0;
    char *spelling = NULL;
    int words = 0;
    for (size_t i = 0; i < scan.n && words < MAX_TYPE_WORDS; i = step(scan, i)) {
        if (scan_is_kind(scan, i, TOKEN_DOT)) {
            last = i + 1;
            spelling = NULL;
            continue;
        }
        if (scan.tokens[i].kind != TOKEN_NAME && scan.tokens[i].kind != TOKEN_QUOTED) {
            continue;
        }
        words++;
        struct str word = token_value(namer->arena, &scan.tokens[i]);
        spelling = arena_printf(namer->arena, "%s%s%.*s", spelling ? spelling : "",
                                spelling ? " " : "", STR_ARGS(word));
    }
    struct str name = str_of(spelling ? spelling : "");
    bool quoted = scan_is_kind(scan, last, TOKEN_QUOTED);
    const struct type_info *info = quoted || last ? NULL : type_find(name);
    if (info && info->id == TYPE_CHAR) {
        return STR("bpchar");
    }
    return info ? info->name : name;
}

static struct guess cast_guess(struct namer *namer, struct scan value, struct scan type)
{
    struct guess guess = guess_of(namer, value);
    if (guess.strength == STRONG) {
        return guess;
    }
    return (struct guess){ WEAK, type_name(namer, type) };
}

static struct guess case_guess(struct namer *namer, struct scan scan)
{
    struct scan inside = part(scan, 1, scan.n - 1);
    size_t otherwise = find_last(inside, TOKEN_NAME, "else");
    struct guess guess = { NOTHING, { 0 } };
    if (otherwise < inside.n) {
        guess = guess_of(namer, part(inside, otherwise + 1, inside.n));
    }
    return guess.strength == STRONG ? guess : (struct guess){ WEAK, STR("case") };
}

/* trim(leading x from y) calls ltrim, and so on; each other name is its own. */
static struct str function_name(struct namer *namer, struct scan scan, size_t open)
{
    struct str name = token_value(namer->arena, &scan.tokens[open - 1]);
    if (!str_eq_c(name, "trim") || scan.tokens[open - 1].kind != TOKEN_NAME) {
        return name;
    }
    if (scan_is_word(scan, open + 1, "leading")) {
        return STR("ltrim");
    }
    return scan_is_word(scan, open + 1, "trailing") ? STR("rtrim") : STR("btrim");
}

static struct guess call_guess(struct namer *namer, struct scan scan, size_t open)
{
    if (scan_is_word(scan, open - 1, "cast")) {
        struct scan inside = part(scan, open + 1, scan.n - 1);
        size_t as = find_last(inside, TOKEN_NAME, "as");
        if (as < inside.n) {
            return cast_guess(namer, part(inside, 0, as),
                              part(inside, as + 1, inside.n));
        }
    }
    return (struct guess){ STRONG, function_name(namer, scan, open) };
}

/* A constant after its type: date '2001-01-01', interval '1' day. */
static struct guess constant_guess(struct namer *namer, struct scan scan)
{
    for (size_t i = 0; i < scan.n; i = step(scan, i)) {
        if (i > 0 && scan.tokens[i].kind == TOKEN_STRING) {
            return (struct guess){ WEAK, type_name(namer, part(scan, 0, i)) };
        }
    }
    return (struct guess){ NOTHING, { 0 } };
}

static struct guess name_guess(struct namer *namer, struct scan scan)
{
    const struct token *last = &scan.tokens[scan.n - 1];
    bool name = last->kind == TOKEN_NAME || last->kind == TOKEN_QUOTED;
    if (!name) {
        return constant_guess(namer, scan);
    }
    if (token_is_word(last, "true") || token_is_word(last, "false") ||
        token_is_word(last, "null")) {
        return (struct guess){ NOTHING, { 0 } };
    }
    if (scan.n > 1 && !scan_is_kind(scan, scan.n - 2, TOKEN_DOT)) {
        return constant_guess(namer, scan);
    }
    return (struct guess){ STRONG, token_value(namer->arena, last) };
}

/* Without operators, casts and subscripts. */
static struct guess primary_guess(struct namer *namer, struct scan scan)
{
    if (scan_is_word(scan, 0, "case")) {
        return case_guess(namer, scan);
    }
    if (scan_is_word(scan, 0, "array") && scan.n > 1) {
        return (struct guess){ STRONG, STR("array") };
    }
    if (!scan_is_kind(scan, scan.n - 1, TOKEN_RPAREN)) {
        return name_guess(namer, scan);
    }
    size_t open = find_last(scan, TOKEN_LPAREN, NULL);
    if (open > 0 && open < scan.n) {
        return call_guess(namer, scan, open);
    }
    return (struct guess){ STRONG, STR("row") };
}

/* at time zone binds weaker than collate, subscripts and casts, stronger than
 * operators. Of a chain of casts the first value and the last type count. */
static struct guess guess_of(struct namer *namer, struct scan scan)
{
    scan = scan_unwrap(scan);
    if (scan.n == 0 || has_operator(scan) || namer->depth++ > MAX_DEPTH) {
        return (struct guess){ NOTHING, { 0 } };
    }
    if (find_first(scan, TOKEN_COMMA) < scan.n) {
        return (struct guess){ STRONG, STR("row") };
    }
    size_t at = find_last(scan, TOKEN_NAME, "at");
    if (at > 0 && scan_is_word(scan, at + 1, "time")) {
        return (struct guess){ STRONG, STR("timezone") };
    }
    size_t collate = find_last(scan, TOKEN_NAME, "collate");
    if (collate > 0 && collate < scan.n) {
        return guess_of(namer, part(scan, 0, collate));
    }
    size_t cast = find_first(scan, TOKEN_CAST);
    if (cast > 0 && cast < scan.n) {
        size_t last = find_last(scan, TOKEN_CAST, NULL);
        return cast_guess(namer, part(scan, 0, cast), part(scan, last + 1, scan.n));
    }
    size_t subscript = find_first(scan, TOKEN_LBRACKET);
    if (subscript > 0 && subscript < scan.n && !scan_is_word(scan, 0, "array")) {
        return guess_of(namer, part(scan, 0, subscript));
    }
    return primary_guess(namer, scan);
}

struct str name_expression(struct arena *arena, struct scan expression)
{
    struct namer namer = { arena, 0 };
    struct guess guess = guess_of(&namer, expression);
    return guess.strength == NOTHING ? STR("expr") : guess.name;
}
