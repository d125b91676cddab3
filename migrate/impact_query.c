/* impact_query.c: what a declared query uses, as far as its tokens tell: tables where SQL
 * names tables, columns of those, types that are cast to. Must not parse SQL. */
#include "../lang/scan.h"
#include "impacts.h"

/* A table that the query names, and what it calls it. */
struct mention {
    const struct model_table *table;
    struct str alias;
};
/* `with NAME as (..)`: from its end on, the name means no table. */
struct hidden {
    const struct token *from;
    struct str name;
};
struct reader {
    const struct fates *fates;
    struct arena *arena;
    const struct stmt *stmt;
    VEC(struct mention) mentions;
    VEC(struct hidden) hidden;
    struct blow blow;
};

/* ---- every run of tokens ---- */

typedef void read_run(struct reader *r, struct scan scan);

static void each_part(struct reader *r, const struct model_part *parts, size_t n,
                      read_run *read)
{
    for (size_t i = 0; i < n; i++) {
        if (parts[i].kind == PART_FRAGMENT)
            each_part(r, parts[i].parts, parts[i].nparts, read);
        else
            read(r, (struct scan){ parts[i].sql.tokens, parts[i].sql.ntokens });
    }
}

static void each_run(struct reader *r, read_run *read)
{
    const struct model_query *query = r->stmt->query;
    each_part(r, query->parts, query->nparts, read);
    for (size_t i = 0; i < query->params.n; i++) {
        const struct model_param *param = query->params.items[i];
        for (size_t k = 0; k < param->choices.n; k++) {
            const struct model_sql *sql = &param->choices.items[k].sql;
            read(r, (struct scan){ sql->tokens, sql->ntokens });
        }
    }
}

/* ---- names ---- */

static bool is_name(struct scan scan, size_t i)
{
    return scan_is_kind(scan, i, TOKEN_NAME) || scan_is_kind(scan, i, TOKEN_QUOTED);
}

enum { CHAIN_MAX = 3 };

/* a, a.b or a.b.c; tokens is what it takes. */
struct chain {
    struct str names[CHAIN_MAX];
    size_t n, at, tokens;
};

static struct chain chain_at(struct reader *r, struct scan scan, size_t i)
{
    struct chain chain = { .at = i, .tokens = 1 };
    if (!is_name(scan, i) || (i > 0 && scan_is_kind(scan, i - 1, TOKEN_DOT)))
        return chain;
    chain.names[chain.n++] = token_value(r->arena, &scan.tokens[i]);
    while (chain.n < CHAIN_MAX && scan_is_kind(scan, i + 1, TOKEN_DOT) &&
           is_name(scan, i + 2)) {
        i += 2;
        chain.names[chain.n++] = token_value(r->arena, &scan.tokens[i]);
        chain.tokens += 2;
    }
    return chain;
}

static bool is_after(struct scan scan, size_t i, const char *const *words, size_t n)
{
    for (size_t k = 0; i > 0 && k < n; k++) {
        if (scan_is_word(scan, i - 1, words[k]))
            return true;
    }
    return false;
}

/* ---- what WITH names ---- */

/* The bracket that closes what the name at i is given to; scan.n: it is given nothing. */
static size_t with_end(struct scan scan, size_t i)
{
    static const char *const before[] = { "with", "recursive" };
    bool begins = is_after(scan, i, before, 2) ||
                  (i > 0 && scan_is_kind(scan, i - 1, TOKEN_COMMA));
    if (!begins || !is_name(scan, i++))
        return scan.n;
    if (scan_is_kind(scan, i, TOKEN_LPAREN))
        i = scan_close(scan, i) + 1;
    if (!scan_is_word(scan, i++, "as"))
        return scan.n;
    i += scan_is_word(scan, i, "not");
    i += scan_is_word(scan, i, "materialized");
    return scan_is_kind(scan, i, TOKEN_LPAREN) ? scan_close(scan, i) : scan.n;
}

static void find_hidden(struct reader *r, struct scan scan)
{
    for (size_t i = 1; i < scan.n; i++) {
        size_t end = with_end(scan, i);
        if (end == scan.n)
            continue;
        struct hidden hidden = { &scan.tokens[end],
                                 token_value(r->arena, &scan.tokens[i]) };
        VEC_PUSH(r->arena, &r->hidden, hidden);
    }
}

static bool is_hidden(const struct reader *r, struct scan scan,
                      const struct chain *chain)
{
    for (size_t i = 0; i < r->hidden.n; i++) {
        const struct hidden *hidden = &r->hidden.items[i];
        bool here = hidden->from >= scan.tokens && hidden->from < scan.tokens + scan.n;
        if (here && hidden->from < &scan.tokens[chain->at] &&
            str_eq(hidden->name, chain->names[0]))
            return true;
    }
    return false;
}

/* ---- tables ---- */

static const struct model_table *table_of(struct reader *r, struct scan scan,
                                          const struct chain *chain)
{
    static const char *const before[] = { "from",   "join",  "into",
                                          "update", "using", "only" };
    const struct model *model = match_origin(r->fates->match);
    if (scan_is_kind(scan, chain->at + chain->tokens, TOKEN_LPAREN) &&
        !scan_is_word(scan, chain->at - (chain->at > 0), "into"))
        return NULL;
    if (chain->n == 2)
        return model_find_table(model, chain->names[0], chain->names[1]);
    bool table = chain->n == 1 &&
                 is_after(scan, chain->at, before, sizeof before / sizeof *before) &&
                 !is_hidden(r, scan, chain);
    return table ? model_find_table(model, STR("public"), chain->names[0]) : NULL;
}

static struct str alias_after(struct reader *r, struct scan scan,
                              const struct chain *chain)
{
    size_t i = chain->at + chain->tokens;
    i += scan_is_word(scan, i, "as");
    bool alias = is_name(scan, i) &&
                 (scan_is_kind(scan, i, TOKEN_QUOTED) ||
                  !scan_reserved(token_text(&scan.tokens[i]))) &&
                 !scan_is_word(scan, i, "set") && !scan_is_word(scan, i, "values");
    return alias ? token_value(r->arena, &scan.tokens[i]) : chain->names[chain->n - 1];
}

static void find_tables(struct reader *r, struct scan scan)
{
    for (size_t i = 0; i < scan.n;) {
        struct chain chain = chain_at(r, scan, i);
        const struct model_table *table = chain.n ? table_of(r, scan, &chain) : NULL;
        if (table) {
            struct mention mention = { table, alias_after(r, scan, &chain) };
            VEC_PUSH(r->arena, &r->mentions, mention);
        }
        i += chain.tokens;
    }
}

/* ---- columns and types ---- */

/* The column of a mentioned table that the chain may name. An alias hides the table's own
 * name. */
static const struct model_column *column_in(const struct mention *mention,
                                            const struct chain *chain)
{
    const struct model_table *table = mention->table;
    bool named = chain->n == 1 ||
                 (chain->n == 2 && str_eq(chain->names[0], mention->alias)) ||
                 (chain->n == 3 && str_eq(chain->names[1], table->name.name) &&
                  str_eq(chain->names[0], table->schema->name.name));
    return named ? model_find_column(table, chain->names[chain->n - 1]) : NULL;
}

enum clause { CLAUSE_OTHER, CLAUSE_LIST, CLAUSE_BY, CLAUSE_SET, CLAUSE_INTO };

static enum clause clause_begun(struct scan scan, size_t i)
{
    static const struct {
        const char *word;
        enum clause clause;
    } words[] = { { "select", CLAUSE_LIST },
                  { "returning", CLAUSE_LIST },
                  { "by", CLAUSE_BY },
                  { "set", CLAUSE_SET },
                  { "into", CLAUSE_INTO } };
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (scan_is_word(scan, i, words[k].word))
            return words[k].clause;
    }
    return CLAUSE_OTHER;
}

/* Where it stands: which of the words that begin a clause comes before it. */
static enum clause clause_of(struct scan scan, size_t i)
{
    static const char *const others[] = {
        "from", "where", "on",     "having", "limit",
        "join", "union", "values", "using",  "offset"
    };
    for (; i > 0; i--) {
        enum clause clause = clause_begun(scan, i - 1);
        if (clause != CLAUSE_OTHER ||
            is_after(scan, i, others, sizeof others / sizeof *others))
            return clause;
    }
    return CLAUSE_OTHER;
}

/* The bracket around it; scan.n: none. */
static size_t around(struct scan scan, size_t i)
{
    for (size_t depth = 0; i > 0; i--) {
        depth += scan_is_kind(scan, i - 1, TOKEN_RPAREN);
        if (scan_is_kind(scan, i - 1, TOKEN_LPAREN) && depth-- == 0)
            return i - 1;
    }
    return scan.n;
}

/* An item of ORDER BY that is a name and nothing else. */
static bool is_order_item(struct scan scan, const struct chain *chain)
{
    static const char *const after[] = { "asc", "desc", "nulls", "limit", "offset" };
    size_t next = chain->at + chain->tokens, by = chain->at;
    bool ends = next == scan.n || scan_is_kind(scan, next, TOKEN_COMMA) ||
                scan_is_kind(scan, next, TOKEN_RPAREN) ||
                is_after(scan, next + 1, after, sizeof after / sizeof *after);
    if (!ends || chain->n != 1 || chain->at < 2 ||
        (!scan_is_kind(scan, by - 1, TOKEN_COMMA) && !scan_is_word(scan, by - 1, "by")))
        return false;
    while (by > 1 && !scan_is_word(scan, by - 1, "by"))
        by--;
    return by > 1 && scan_is_word(scan, by - 2, "order");
}

/* `select .. as total .. order by total`: what the list calls so comes before columns. */
static bool is_output(struct reader *r, struct scan scan, const struct chain *chain)
{
    if (!is_order_item(scan, chain))
        return false;
    for (size_t i = 1; i + 1 < chain->at; i++) {
        bool ends = scan_is_kind(scan, i + 1, TOKEN_COMMA) ||
                    scan_is_word(scan, i + 1, "from");
        if (ends && scan_is_word(scan, i - 1, "as") && is_name(scan, i) &&
            str_eq(token_value(r->arena, &scan.tokens[i]), chain->names[0]) &&
            clause_of(scan, i) == CLAUSE_LIST &&
            around(scan, i) == around(scan, chain->at))
            return true;
    }
    return false;
}

/* A list's item by itself: no function and no operator around it. */
static bool is_item(struct scan scan, const struct chain *chain)
{
    static const char *const before[] = { "select", "distinct", "all", "returning" };
    size_t after = chain->at + chain->tokens;
    bool begins = is_after(scan, chain->at, before, sizeof before / sizeof *before) ||
                  (chain->at > 0 && scan_is_kind(scan, chain->at - 1, TOKEN_COMMA));
    bool ends = after == scan.n || scan_is_kind(scan, after, TOKEN_COMMA) ||
                is_name(scan, after);
    return begins && ends && clause_of(scan, chain->at) == CLAUSE_LIST;
}

/* Whether its value is most likely one that comes back. */
static bool comes_back(const struct reader *r, const struct model_column *column,
                       struct scan scan, const struct chain *chain)
{
    bool typed = false;
    for (size_t i = 0; i < r->stmt->results.n; i++)
        typed = typed ||
                model_type_same(&r->stmt->results.items[i].type, &column->type);
    return typed && is_item(scan, chain);
}

/* What is written to: `set a = `, `insert into t (a)`. */
static bool is_target(struct scan scan, const struct chain *chain)
{
    enum clause clause = clause_of(scan, chain->at);
    bool set = scan_is_word(scan, chain->at - (chain->at > 0), "set") ||
               scan_is_kind(scan, chain->at - (chain->at > 0), TOKEN_COMMA);
    return clause == CLAUSE_INTO ||
           (clause == CLAUSE_SET && set &&
            scan_is_kind(scan, chain->at + chain->tokens, TOKEN_EQUAL));
}

static struct blow mention_blow(const struct reader *r, struct scan scan,
                                const struct chain *chain,
                                const struct model_column *column)
{
    struct blow blow = fate_of_use(r->fates, column, USE_NAME);
    struct blow read = fate_of_use(r->fates, column, USE_READ);
    if (comes_back(r, column, scan, chain))
        return worse(blow, read);
    if (is_target(scan, chain))
        return worse(blow, fate_of_use(r->fates, column, USE_WRITE));
    if (clause_of(scan, chain->at) != CLAUSE_BY)
        blow = worse(blow, fate_of_use(r->fates, column, USE_WHERE));
    /* What a result table's own columns bring is told by the results. */
    bool null = read.sqlstate && strcmp(read.sqlstate, "22002") == 0;
    if (r->stmt->row == STMT_ROW_TABLE || null)
        return blow;
    if (read.kind == IMPACT_BREAKS)
        read.kind = IMPACT_INVALIDATES;
    return worse(blow, read);
}

static bool is_place_of_column(struct scan scan, const struct chain *chain)
{
    bool call = scan_is_kind(scan, chain->at + chain->tokens, TOKEN_LPAREN);
    bool cast = chain->at > 0 && scan_is_kind(scan, chain->at - 1, TOKEN_CAST);
    bool named = chain->at > 0 && scan_is_word(scan, chain->at - 1, "as");
    return !call && !cast && !named;
}

static struct blow type_blow(struct reader *r, const struct chain *chain)
{
    struct str schema = chain->n == 2 ? chain->names[0] : STR("public");
    if (chain->n > 2 || r->fates->types.n == 0)
        return (struct blow){ 0 };
    const char *key = arena_printf(r->arena, "%.*s.%.*s", STR_ARGS(schema),
                                   STR_ARGS(chain->names[chain->n - 1]));
    const void *type = map_find(&r->fates->match->origin_names.types, str_of(key));
    const struct blow *blow = type ? pairs_find(&r->fates->types, type) : NULL;
    return blow ? *blow : (struct blow){ 0 };
}

/* `select *`, `u.*`: what comes back is another row. */
static bool is_star(struct scan scan, size_t i)
{
    if (i == 0 || !token_is(&scan.tokens[i], "*"))
        return false;
    return scan_is_word(scan, i - 1, "select") ||
           scan_is_kind(scan, i - 1, TOKEN_DOT) ||
           scan_is_word(scan, i - 1, "returning") ||
           scan_is_kind(scan, i - 1, TOKEN_COMMA);
}

static void meet_star(struct reader *r)
{
    for (size_t i = 0; i < r->mentions.n; i++) {
        const struct model_table *table = r->mentions.items[i].table;
        const struct table_fate *fate = fate_of_table(r->fates, table);
        if (fate && fate->shape)
            r->blow = worse(
                r->blow,
                (struct blow){ IMPACT_BREAKS, "0A000",
                               arena_printf(r->arena, "table %.*s has other columns",
                                            STR_ARGS(table->name.name)) });
    }
}

static void meet_chain(struct reader *r, struct scan scan, const struct chain *chain)
{
    bool column = is_place_of_column(scan, chain) && !is_output(r, scan, chain);
    for (size_t i = 0; column && i < r->mentions.n; i++) {
        const struct model_column *named = column_in(&r->mentions.items[i], chain);
        if (named)
            r->blow = worse(r->blow, mention_blow(r, scan, chain, named));
    }
    if (!scan_is_kind(scan, chain->at + chain->tokens, TOKEN_LPAREN))
        r->blow = worse(r->blow, type_blow(r, chain));
}

static void find_columns(struct reader *r, struct scan scan)
{
    for (size_t i = 0; i < scan.n;) {
        struct chain chain = chain_at(r, scan, i);
        if (chain.n)
            meet_chain(r, scan, &chain);
        else if (is_star(scan, i))
            meet_star(r);
        i += chain.tokens;
    }
}

/* ---- new rows ---- */

static void meet_insert(struct reader *r, struct scan scan)
{
    for (size_t i = 0; i + 1 < scan.n; i++) {
        if (!scan_is_word(scan, i, "insert") || !scan_is_word(scan, i + 1, "into"))
            continue;
        struct chain chain = chain_at(r, scan, i + 2);
        const struct model_table *table = chain.n ? table_of(r, scan, &chain) : NULL;
        const struct table_fate *fate = table ? fate_of_table(r->fates, table) : NULL;
        if (fate)
            r->blow = worse(r->blow, fate->insert);
    }
}

struct blow query_blow(const struct fates *fates, const struct stmt *stmt)
{
    struct reader r = { .fates = fates, .arena = fates->arena, .stmt = stmt };
    if (fates->tables.n == 0 && fates->types.n == 0)
        return r.blow;
    if (stmt->table)
        VEC_PUSH(r.arena, &r.mentions,
                 (struct mention){ stmt->table, stmt->table->name.name });
    each_run(&r, find_hidden);
    each_run(&r, find_tables);
    for (size_t i = 0; i < r.mentions.n; i++) {
        const struct table_fate *fate = fate_of_table(fates, r.mentions.items[i].table);
        if (fate)
            r.blow = worse(r.blow, fate->gone);
    }
    each_run(&r, find_columns);
    if (stmt->writes)
        each_run(&r, meet_insert);
    return r.blow;
}

/* ---- equality ---- */

struct equal_reader {
    struct reader reader;
    model_columns columns;
};

/* `col = $p`, `t.col = any($p)` */
static void find_equal(struct reader *r, struct scan scan)
{
    model_columns *columns = &((struct equal_reader *)r)->columns;
    for (size_t i = 1; i + 1 < scan.n; i++) {
        bool any = scan_is_word(scan, i + 1, "any") &&
                   scan_is_kind(scan, i + 2, TOKEN_LPAREN);
        if (!scan_is_kind(scan, i, TOKEN_EQUAL) || !is_name(scan, i - 1) ||
            !scan_is_kind(scan, any ? i + 3 : i + 1, TOKEN_PARAM))
            continue;
        struct model_column *column = model_find_column(
            r->stmt->table, token_value(r->arena, &scan.tokens[i - 1]));
        if (column)
            VEC_PUSH(r->arena, columns, column);
    }
}

model_columns query_equal_columns(struct arena *arena, const struct stmt *stmt)
{
    struct equal_reader r = { .reader = { .arena = arena, .stmt = stmt } };
    if (stmt->table)
        each_run(&r.reader, find_equal);
    return r.columns;
}
