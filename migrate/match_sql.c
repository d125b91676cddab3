/* match_sql.c: whether SQL of the user's own means the same on both sides, told by its
 * tokens. Must not parse it: a name is what the model has under it, where SQL can have it.
 */
#include "../base/bug.h"
#include "../lang/scan.h"
#include "matcher.h"

/* ---- types ---- */

/* By name: a type that no declaration names belongs to no list. */
static bool exttypes_same(const struct match *match, const struct model_exttype *from,
                          const struct model_exttype *to)
{
    const void *extension = from->extension ? match_to(match, from->extension) : NULL;
    return str_eq(from->name.name, to->name.name) && extension == to->extension;
}

/* numeric(10) is numeric(10,0). */
static bool modifiers_same(const struct model_type *from, const struct model_type *to)
{
    struct str a = from->modifiers, b = to->modifiers;
    if (str_eq(a, b))
        return true;
    bool numeric = from->kind == MODEL_BUILTIN && from->builtin->id == TYPE_NUMERIC;
    struct str *shorter = a.n < b.n ? &a : &b, *longer = a.n < b.n ? &b : &a;
    return numeric && shorter->n && longer->n == shorter->n + 2 &&
           memcmp(shorter->s, longer->s, shorter->n) == 0 &&
           memcmp(longer->s + shorter->n, ",0", 2) == 0;
}

bool match_type_same(const struct match *match, const struct model_type *from,
                     const struct model_type *to)
{
    bool alike = from->kind == to->kind && from->array == to->array &&
                 modifiers_same(from, to) && str_eq(from->fields, to->fields);
    if (!alike)
        return false;
    switch (from->kind) {
    case MODEL_BUILTIN:
        return from->builtin == to->builtin;
    case MODEL_ENUM:
        return match_to(match, from->enum_) == to->enum_;
    case MODEL_DOMAIN:
        return match_to(match, from->domain) == to->domain;
    case MODEL_EXTTYPE:
        return exttypes_same(match, from->exttype, to->exttype);
    }
    BUG("a kind of type out of range");
}

/* ---- one side ---- */

struct side {
    struct arena *arena;
    struct scan scan;
    const struct model_table *table; /* NULL: no column can be meant */
    const struct match_names *names;
    size_t at;
};

static bool is_name(struct scan scan, size_t i)
{
    return scan_is_kind(scan, i, TOKEN_NAME) || scan_is_kind(scan, i, TOKEN_QUOTED);
}

enum { CHAIN_MAX = 3 }; /* schema.table.column */

/* a, a.b or a.b.c, from the side's place on. */
struct chain {
    struct str names[CHAIN_MAX];
    size_t n;      /* names; 0: no name stands here, or too many */
    size_t tokens; /* with the dots */
};

static struct chain chain_at(const struct side *side)
{
    struct chain chain = { 0 };
    size_t i = side->at;
    if (!is_name(side->scan, i) ||
        (i > 0 && scan_is_kind(side->scan, i - 1, TOKEN_DOT)))
        return chain;
    while (chain.n < CHAIN_MAX) {
        chain.names[chain.n++] = token_value(side->arena, &side->scan.tokens[i]);
        chain.tokens = i + 1 - side->at;
        if (!scan_is_kind(side->scan, i + 1, TOKEN_DOT) || !is_name(side->scan, i + 2))
            return chain;
        i += 2;
    }
    return (struct chain){ 0 };
}

static const void *find_in(const struct side *side, const struct map *map,
                           const struct chain *chain)
{
    struct str schema = chain->n == 2 ? chain->names[0] : STR("public");
    if (map->n == 0)
        return NULL;
    const char *key = arena_printf(side->arena, "%.*s.%.*s", STR_ARGS(schema),
                                   STR_ARGS(chain->names[chain->n - 1]));
    return map_find(map, str_of(key));
}

static const void *column_of(const struct side *side, const struct chain *chain)
{
    const struct model_table *table = side->table;
    if (!table)
        return NULL;
    bool qualified = chain->n == 1 ||
                     str_eq(chain->names[chain->n - 2], table->name.name);
    bool in_schema = chain->n < 3 || str_eq(chain->names[0], table->schema->name.name);
    return qualified && in_schema ? model_find_column(table, chain->names[chain->n - 1])
                                  : NULL;
}

/* The column or type that the chain names; NULL: neither, as far as can be told. */
static const void *resolve(const struct side *side, const struct chain *chain)
{
    size_t end = side->at + chain->tokens;
    bool cast = side->at > 0 && scan_is_kind(side->scan, side->at - 1, TOKEN_CAST);
    if (scan_is_kind(side->scan, end, TOKEN_LPAREN) && !cast)
        return NULL;
    const void *column = cast ? NULL : column_of(side, chain);
    if (column || chain->n == 3)
        return column;
    return find_in(side, &side->names->types, chain);
}

/* ---- names ---- */

static bool chains_equal(const struct chain *a, const struct chain *b)
{
    bool equal = a->n == b->n;
    for (size_t i = 0; equal && i < a->n; i++)
        equal = str_eq(a->names[i], b->names[i]);
    return equal;
}

/* Whether the last name of the chain can be nothing but a column. */
static bool is_column(const struct side *side, const struct chain *chain)
{
    return side->table && scan_names_column(side->scan, side->at + chain->tokens - 1,
                                            side->table->name.name);
}

/* `::int` and `::int4` */
static bool is_same_builtin(const struct side *a, const struct chain *x,
                            const struct chain *y)
{
    if (x->n != 1 || y->n != 1 || a->at == 0 ||
        !scan_is_kind(a->scan, a->at - 1, TOKEN_CAST))
        return false;
    const struct type_info *type = type_find(x->names[0]);
    return type && type == type_find(y->names[0]);
}

/* One is the word (`user`), the other a name that has to be quoted to be none ("user"). */
static bool is_word_beside_name(const struct side *a, const struct side *b)
{
    const struct token *x = &a->scan.tokens[a->at], *y = &b->scan.tokens[b->at];
    return x->kind != y->kind &&
           scan_reserved(token_text(x->kind == TOKEN_NAME ? x : y));
}

static bool names_same(const struct match *match, struct side *from, struct side *to)
{
    struct chain x = chain_at(from), y = chain_at(to);
    if (x.n == 0 || y.n == 0 || is_word_beside_name(from, to))
        return false;
    const void *was = resolve(from, &x), *is = resolve(to, &y);
    bool same = was && is && match_to(match, was) == is;
    if (!same && chains_equal(&x, &y))
        same = (!was && !is) || (!is_column(from, &x) && !is_column(to, &y));
    if (!same && !was && !is)
        same = is_same_builtin(from, &x, &y);
    from->at += x.tokens;
    to->at += y.tokens;
    return same;
}

/* ---- literals ---- */

static const struct model_label *find_label(const struct model_enum *enum_,
                                            struct str name)
{
    for (size_t i = 0; enum_ && i < enum_->labels.n; i++) {
        if (str_eq(enum_->labels.items[i].name.name, name))
            return &enum_->labels.items[i];
    }
    return NULL;
}

/* What the literal is cast to, where that is an enum. */
static const struct model_enum *cast_enum(const struct match *match,
                                          const struct side *side)
{
    if (!scan_is_kind(side->scan, side->at + 1, TOKEN_CAST))
        return NULL;
    struct side after = *side;
    after.at += 2;
    struct chain chain = chain_at(&after);
    const void *type = chain.n && chain.n < 3
                           ? find_in(&after, &side->names->types, &chain)
                           : NULL;
    for (size_t i = 0; type && i < match->origin->schemas.n; i++) {
        const struct model_schema *schema = match->origin->schemas.items[i];
        for (size_t k = 0; k < schema->enums.n; k++) {
            if (schema->enums.items[k] == type)
                return type;
        }
    }
    return NULL;
}

/* What a label became; NULL: it kept its name or is gone, so that nothing is to be read
 * otherwise. */
static const struct model_label *renamed(const struct match *match,
                                         const struct model_enum *enum_,
                                         struct str name)
{
    const struct model_label *label = find_label(enum_, name);
    const struct model_label *became = label ? match_to(match, label) : NULL;
    return became && !str_eq(became->name.name, name) ? became : NULL;
}

/* A literal that is a label somewhere near (an enum that it is cast to, or that a column
 * of the table has) is read as what the label became. Where it was meant for a text
 * column, what hangs on it is made anew, which does no harm. */
static const struct model_label *label_became(const struct match *match,
                                              const struct side *side, struct str text)
{
    const struct model_label *became = renamed(match, cast_enum(match, side), text);
    for (size_t i = 0; !became && side->table && i < side->table->columns.n; i++)
        became = renamed(match, model_type_enum(&side->table->columns.items[i]->type),
                         text);
    for (size_t i = 0; !side->table && i < match->origin->schemas.n; i++) {
        const struct model_schema *schema = match->origin->schemas.items[i];
        for (size_t k = 0; !became && k < schema->enums.n; k++)
            became = renamed(match, schema->enums.items[k], text);
    }
    return became;
}

/* The sequence that nextval('auth.users_id_seq') names. */
static const void *literal_sequence(const struct side *side, struct str text)
{
    bool call = side->at >= 2 && scan_is_kind(side->scan, side->at - 1, TOKEN_LPAREN) &&
                scan_is_word(side->scan, side->at - 2, "nextval");
    if (!call)
        return NULL;
    const char *dot = text.n ? memchr(text.s, '.', text.n) : NULL;
    const char *key = arena_printf(side->arena, "%s%.*s", dot ? "" : "public.",
                                   STR_ARGS(text));
    return map_find(&side->names->sequences, str_of(key));
}

static bool literals_same(const struct match *match, const struct side *from,
                          const struct side *to)
{
    struct str x = token_value(from->arena, &from->scan.tokens[from->at]);
    struct str y = token_value(to->arena, &to->scan.tokens[to->at]);
    if (match->labels_renamed) {
        const struct model_label *became = label_became(match, from, x);
        if (became)
            return str_eq(became->name.name, y);
    }
    if (match->sequences_renamed) {
        const void *was = literal_sequence(from, x), *is = literal_sequence(to, y);
        if (was || is)
            return was && match_to(match, was) == is;
    }
    return str_eq(x, y);
}

/* ---- all of it ---- */

static bool token_same(const struct match *match, struct side *from, struct side *to)
{
    const struct token *a = &from->scan.tokens[from->at];
    const struct token *b = &to->scan.tokens[to->at];
    if (is_name(from->scan, from->at) && is_name(to->scan, to->at)) {
        size_t i = from->at, k = to->at;
        if (names_same(match, from, to))
            return true;
        from->at = i;
        to->at = k;
        /* The tail of a chain that is too long, or follows a bracket. */
        bool tail = i > 0 && scan_is_kind(from->scan, i - 1, TOKEN_DOT);
        if (!tail && chain_at(from).n && chain_at(to).n)
            return false;
    } else if (a->kind == TOKEN_STRING && b->kind == TOKEN_STRING) {
        bool same = literals_same(match, from, to);
        from->at++;
        to->at++;
        return same;
    }
    from->at++;
    to->at++;
    return a->kind == b->kind &&
           str_eq(token_value(from->arena, a), token_value(to->arena, b));
}

/* Whether the same text means the same. */
static bool names_stay(const struct match *match, const struct model_table *table)
{
    return !match->labels_renamed && !match->sequences_renamed &&
           !match->types_renamed && !pairs_find(&match->renamed_tables, table);
}

static bool texts_equal(const struct model_sql *from, const struct model_sql *to)
{
    bool equal = from->ntokens == to->ntokens;
    for (size_t i = 0; equal && i < from->ntokens; i++)
        equal = from->tokens[i].kind == to->tokens[i].kind &&
                str_eq(token_text(&from->tokens[i]), token_text(&to->tokens[i]));
    return equal;
}

bool match_sql_same(const struct match *match, const struct model_sql *from,
                    const struct model_sql *to, const struct model_table *table)
{
    if (!from->ntokens || !to->ntokens)
        return from->ntokens == to->ntokens;
    if (names_stay(match, table) && texts_equal(from, to))
        return true;
    struct side a = {
        match->arena, { from->tokens, from->ntokens }, table, &match->origin_names, 0
    };
    struct side b = { match->arena,
                      { to->tokens, to->ntokens },
                      table ? match_to(match, table) : NULL,
                      &match->target_names,
                      0 };
    a.scan = scan_unwrap(a.scan);
    b.scan = scan_unwrap(b.scan);
    while (a.at < a.scan.n && b.at < b.scan.n) {
        if (!token_same(match, &a, &b))
            return false;
    }
    return a.at == a.scan.n && b.at == b.scan.n;
}
