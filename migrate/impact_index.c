/* impact_index.c: whether an index serves what a statement looks for, and its order. Must
 * not know what else a change does. */
#include "impacts.h"

/* What an index has to begin with: the columns that equal a parameter, in any order, then
 * the first of those by which the rows are sorted. An index can be read both ways. */
struct wanted {
    model_columns equal;
    const struct model_column *first; /* of the order; NULL: any will do */
    bool living; /* only rows that are not deleted are looked for */
};

static bool has(const model_columns *columns, const struct model_column *column)
{
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}

/* How well an index does: it finds nothing, finds the rows, finds them in order. */
enum service { SERVICE_NONE, SERVICE_ROWS, SERVICE_ORDER };

/* columns: what the index begins with; NULL in it: an expression. The first column of the
 * order decides: what is left to be sorted is short. */
static enum service serves(const struct wanted *wanted,
                           const struct model_column *const *columns, size_t n)
{
    size_t at = 0;
    while (at < n && at < wanted->equal.n && has(&wanted->equal, columns[at]))
        at++;
    if (at < wanted->equal.n)
        return SERVICE_NONE;
    if (!wanted->first || (at < n && columns[at] == wanted->first))
        return SERVICE_ORDER;
    return at > 0 ? SERVICE_ROWS : SERVICE_NONE;
}

enum { PLACES = 32 };

static enum service index_serves(const struct wanted *wanted,
                                 const struct model_index *index)
{
    const struct model_column *columns[PLACES];
    size_t n = 0;
    bool btree = !index->method.n || str_eq_c(index->method, "btree");
    bool hash = str_eq_c(index->method, "hash") && !wanted->first;
    if ((!btree && !hash) || index->where.ntokens ||
        (index->living_only && !wanted->living))
        return SERVICE_NONE;
    for (; n < index->elements.n && n < PLACES; n++)
        columns[n] = index->elements.items[n].column;
    return serves(wanted, columns, n);
}

static enum service key_serves(const struct wanted *wanted,
                               const struct model_constraint *key)
{
    const struct model_column *columns[PLACES];
    size_t n = 0;
    bool indexed = key->kind == CONSTRAINT_PRIMARY_KEY ||
                   key->kind == CONSTRAINT_UNIQUE;
    if (!indexed || (key->partial && !wanted->living))
        return SERVICE_NONE;
    for (; n < key->columns.n && n < PLACES; n++)
        columns[n] = key->columns.items[n];
    return serves(wanted, columns, n);
}

static enum service best(const struct wanted *wanted, const struct model_table *table)
{
    enum service best = SERVICE_NONE;
    for (size_t i = 0; i < table->indexes.n; i++) {
        enum service one = index_serves(wanted, table->indexes.items[i]);
        best = one > best ? one : best;
    }
    for (size_t i = 0; i < table->constraints.n; i++) {
        enum service one = key_serves(wanted, table->constraints.items[i]);
        best = one > best ? one : best;
    }
    return best;
}

/* ---- what a statement looks for ---- */

static bool is_cursor(const struct stmt *stmt, size_t param)
{
    return stmt->cursor_bit >= 0 && param >= stmt->cursor_at;
}

static struct wanted wanted_by(struct arena *arena, const struct stmt *stmt)
{
    struct wanted wanted = { .living = stmt->table->soft_delete &&
                                       !stmt->with_deleted };
    if (stmt->kind == STMT_QUERY)
        wanted.equal = query_equal_columns(arena, stmt);
    for (size_t i = 0; stmt->kind != STMT_QUERY && i < stmt->params.n; i++) {
        struct model_column *column = stmt->params.items[i].column;
        if (column && !is_cursor(stmt, i) && !has(&wanted.equal, column))
            VEC_PUSH(arena, &wanted.equal, column);
    }
    if (stmt->order.n)
        wanted.first = stmt->results.items[stmt->order.items[0].result].column;
    return wanted;
}

/* The same in the target; false: something of it has gone. */
static bool translate(const struct fates *fates, struct wanted *wanted)
{
    model_columns equal = { 0 };
    for (size_t i = 0; i < wanted->equal.n; i++) {
        const struct model_column *to = match_to(fates->match, wanted->equal.items[i]);
        if (!to)
            return false;
        VEC_PUSH(fates->arena, &equal, (struct model_column *)to);
    }
    wanted->equal = equal;
    bool ordered = wanted->first;
    wanted->first = match_to(fates->match, wanted->first);
    return !ordered || wanted->first;
}

static bool looks_for_rows(const struct stmt *stmt)
{
    enum stmt_deed deed = stmt_deed(stmt->kind);
    return deed != STMT_READS && deed != STMT_ADDS && deed != STMT_UPSERTS;
}

struct blow index_blow(const struct fates *fates, const struct stmt *stmt)
{
    static const struct blow slower = { IMPACT_SLOWS, "",
                                        "the index that served it has gone" };
    static const struct blow nothing = { IMPACT_SLOWS, NULL, NULL };
    const struct table_fate *fate = stmt->table ? fate_of_table(fates, stmt->table)
                                                : NULL;
    if (!fate || !fate->indexes || !looks_for_rows(stmt))
        return nothing;
    struct wanted wanted = wanted_by(fates->arena, stmt);
    bool any = wanted.equal.n || wanted.first;
    enum service was = any ? best(&wanted, stmt->table) : SERVICE_NONE;
    if (was == SERVICE_NONE || !translate(fates, &wanted))
        return nothing;
    enum service is = best(&wanted, match_to(fates->match, stmt->table));
    return is < was ? slower : nothing;
}
