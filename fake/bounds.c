/* bounds.c: reads checks for ranges, lists and lengths; never matches over text. */
#include "bounds.h"

#include <stdlib.h>

/* A check without parentheses, casts and array brackets: `status = any 'a' , 'b'` for what
 * PostgreSQL writes as ((status)::text = ANY (ARRAY['a'::text, 'b'::text])). */
typedef VEC(const struct token *) flat_tokens;

struct reader {
    struct arena *arena;
    struct bounds *bounds;
    struct str name; /* of the column, or "value" in a domain */
    flat_tokens flat;
};

/* ---- flattening ---- */

/* The type after "::" : names, dots, (n) and []. */
static size_t skip_cast(const struct model_sql *sql, size_t i)
{
    bool named = false;
    while (i < sql->ntokens) {
        const struct token *token = &sql->tokens[i];
        if (token_is(token, "(") && named) {
            while (i < sql->ntokens && !token_is(&sql->tokens[i], ")"))
                i++;
        } else if (token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED) {
            const bool ends = token_is_word(token, "and") || token_is_word(token, "or");
            if (ends)
                return i;
            named = true;
        } else if (!token_is(token, ".") && !token_is(token, "[") &&
                   !token_is(token, "]")) {
            return i;
        }
        i++;
    }
    return i;
}

static void flatten(struct reader *r, const struct model_sql *sql)
{
    r->flat.n = 0;
    for (size_t i = 0; i < sql->ntokens;) {
        const struct token *token = &sql->tokens[i];
        if (token->kind == TOKEN_CAST) {
            i = skip_cast(sql, i + 1);
            continue;
        }
        const bool dropped = token_is(token, "(") || token_is(token, ")") ||
                             token_is(token, "[") || token_is(token, "]") ||
                             token_is_word(token, "array");
        if (!dropped)
            VEC_PUSH(r->arena, &r->flat, token);
        i++;
    }
}

/* ---- pieces ---- */

static const struct token *at(const struct reader *r, size_t i)
{
    return i < r->flat.n ? r->flat.items[i] : NULL;
}

static bool is_column(const struct reader *r, size_t i)
{
    const struct token *token = at(r, i);
    return token != NULL &&
           (token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED) &&
           str_eq(token_value(r->arena, token), r->name);
}

static bool is_word(const struct reader *r, size_t i, const char *word)
{
    const struct token *token = at(r, i);
    return token != NULL && token_is_word(token, word);
}

static bool is_text(const struct reader *r, size_t i, const char *text)
{
    const struct token *token = at(r, i);
    return token != NULL && token_is(token, text);
}

/* A number, signed or not, or in quotes as PostgreSQL writes '-1'::integer; *next is what
 * follows it. */
static bool number_at(const struct reader *r, size_t i, double *number, size_t *next)
{
    const double sign = is_text(r, i, "-") ? -1 : 1;
    i += sign < 0;
    const struct token *token = at(r, i);
    if (token == NULL || (token->kind != TOKEN_NUMBER && token->kind != TOKEN_STRING))
        return false;
    const char *text = str_dup(r->arena, token_value(r->arena, token));
    char *end;
    *number = sign * strtod(text, &end);
    *next = i + 1;
    return end != text && *end == '\0';
}

static bool is_literal(const struct token *token)
{
    return token != NULL &&
           (token->kind == TOKEN_STRING || token->kind == TOKEN_NUMBER);
}

/* ---- what they say ---- */

static void take_low(struct bounds *b, double low)
{
    if (!b->has_low || low > b->low)
        b->low = low;
    b->has_low = true;
}

static void take_high(struct bounds *b, double high)
{
    if (!b->has_high || high < b->high)
        b->high = high;
    b->has_high = true;
}

static void take_least(struct bounds *b, double least)
{
    if (!b->has_least || (long)least > b->least)
        b->least = (long)least;
    b->has_least = true;
}

static void take_most(struct bounds *b, double most)
{
    if (!b->has_most || (long)most < b->most)
        b->most = (long)most;
    b->has_most = true;
}

/* `... op number`, of the value or of its length. */
static void take_comparison(struct reader *r, size_t i, bool length)
{
    double n;
    size_t next;
    if (!number_at(r, i + 1, &n, &next))
        return;
    void (*low)(struct bounds *, double) = length ? take_least : take_low;
    void (*high)(struct bounds *, double) = length ? take_most : take_high;
    if (is_text(r, i, ">="))
        low(r->bounds, n);
    else if (is_text(r, i, ">"))
        low(r->bounds, n + 1);
    else if (is_text(r, i, "<="))
        high(r->bounds, n);
    else if (is_text(r, i, "<"))
        high(r->bounds, n - 1);
    else if (is_text(r, i, "=") && length) {
        low(r->bounds, n);
        high(r->bounds, n);
    }
}

static void take_between(struct reader *r, size_t i, bool length)
{
    double low, high;
    size_t next;
    if (!number_at(r, i, &low, &next) || !is_word(r, next, "and") ||
        !number_at(r, next + 1, &high, &next))
        return;
    (length ? take_least : take_low)(r->bounds, low);
    (length ? take_most : take_high)(r->bounds, high);
}

static void take_choices(struct reader *r, size_t i)
{
    while (is_literal(at(r, i))) {
        VEC_PUSH(r->arena, &r->bounds->choices, token_value(r->arena, at(r, i)));
        i += is_text(r, i + 1, ",") ? 2 : 1;
    }
}

static bool is_length(const struct reader *r, size_t i)
{
    return is_word(r, i, "length") || is_word(r, i, "char_length") ||
           is_word(r, i, "character_length") || is_word(r, i, "octet_length");
}

/* What follows the column's name at i. */
static void take_column(struct reader *r, size_t i)
{
    const bool length = i > 0 && is_length(r, i - 1);
    const bool negated = is_word(r, i + 1, "not");
    if (negated)
        return;
    if (is_word(r, i + 1, "between"))
        take_between(r, i + 2, length);
    else if (is_word(r, i + 1, "in"))
        take_choices(r, i + 2);
    else if (is_text(r, i + 1, "=") && is_word(r, i + 2, "any"))
        take_choices(r, i + 3);
    else if (is_text(r, i + 1, "=") && is_literal(at(r, i + 2)) && !length)
        take_choices(r, i + 2);
    else if (is_text(r, i + 1, "=") && is_word(r, i + 2, "lower"))
        r->bounds->lower = true;
    else if (is_text(r, i + 1, "=") && is_word(r, i + 2, "upper"))
        r->bounds->upper = true;
    else
        take_comparison(r, i + 1, length);
}

static void read_check(struct reader *r, const struct model_sql *sql)
{
    flatten(r, sql);
    for (size_t i = 0; i < r->flat.n; i++) {
        if (is_column(r, i))
            take_column(r, i);
    }
}

static void read_domain(struct reader *r, const struct model_type *type)
{
    r->name = STR("value");
    while (type->kind == MODEL_DOMAIN) {
        for (size_t i = 0; i < type->domain->checks.n; i++)
            read_check(r, &type->domain->checks.items[i].expression);
        type = &type->domain->base;
    }
}

struct bounds bounds_of(struct arena *arena, const struct model_column *column)
{
    struct bounds bounds = { 0 };
    struct reader r = { .arena = arena, .bounds = &bounds, .name = column->name.name };
    const struct model_table *table = column->table;
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (table->constraints.items[i]->kind == CONSTRAINT_CHECK)
            read_check(&r, &table->constraints.items[i]->expression);
    }
    read_domain(&r, &column->type);
    return bounds;
}
