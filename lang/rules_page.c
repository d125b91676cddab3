/* rules_page.c: whether an index serves the pages of a query and whether no row is lost
 * between them: warnings. Must not change the model. */
#include "resolver.h"

/* Columns that the body compares with `=` outside fragments: fixed while paging. */
static model_columns fixed_columns(struct resolver *r, const struct query_work *work)
{
    model_columns fixed = { 0 };
    const struct model_table *table = work->query->table;
    for (size_t i = 0; i < work->ast->parts.n; i++) {
        const struct ast_sql *sql = &work->ast->parts.items[i].sql;
        struct scan scan = { sql->tokens, sql->ntokens };
        for (size_t k = 0; k + 1 < scan.n; k++) {
            if (!scan_is_kind(scan, k + 1, TOKEN_EQUAL) ||
                !scan_names_column(scan, k, table->name.name)) {
                continue;
            }
            struct model_column *column = model_find_column(
                table, token_value(r->arena, &scan.tokens[k]));
            if (column && !columns_contain(&fixed, column)) {
                VEC_PUSH(r->arena, &fixed, column);
            }
        }
    }
    return fixed;
}

struct order {
    const struct model_column *column;
    bool desc;
};
typedef VEC(struct order) orders;

/* Fixed columns first, then the page's in its order or all of it reversed; columns after
 * those do not matter. */
static bool serves(const orders *index, const struct model_query *query,
                   const model_columns *fixed)
{
    size_t at = 0;
    size_t matched = 0;
    bool reversed = false;
    while (at < index->n && matched < query->page.n) {
        const struct model_page_key *key = &query->page.items[matched];
        const struct order *order = &index->items[at];
        if (order->column == key->column) {
            bool opposite = order->desc != key->desc;
            reversed = matched == 0 ? opposite : reversed;
            if (opposite != reversed) {
                return false;
            }
            matched++;
        } else if (!columns_contain(fixed, order->column)) {
            return false;
        }
        at++;
    }
    return matched == query->page.n;
}

static bool index_serves(struct resolver *r, const struct model_index *index,
                         const struct model_query *query, const model_columns *fixed)
{
    orders order = { 0 };
    if (index->method.n) {
        return false;
    }
    for (size_t i = 0; i < index->elements.n; i++) {
        const struct model_element *element = &index->elements.items[i];
        struct order made = { element->column, element->desc };
        VEC_PUSH(r->arena, &order, made);
    }
    return serves(&order, query, fixed);
}

static bool key_serves(struct resolver *r, const struct model_key *key,
                       const struct model_query *query, const model_columns *fixed)
{
    orders order = { 0 };
    for (size_t i = 0; key->constraint && i < key->columns.n; i++) {
        struct order made = { key->columns.items[i], false };
        VEC_PUSH(r->arena, &order, made);
    }
    return serves(&order, query, fixed);
}

static bool is_served(struct resolver *r, const struct model_query *query,
                      const model_columns *fixed)
{
    const struct model_table *table = query->table;
    for (size_t i = 0; i < table->indexes.n; i++) {
        if (index_serves(r, table->indexes.items[i], query, fixed)) {
            return true;
        }
    }
    for (size_t i = 0; i < table->keys.n; i++) {
        if (key_serves(r, &table->keys.items[i], query, fixed)) {
            return true;
        }
    }
    return false;
}

static bool in_page(const struct model_query *query, const struct model_column *column)
{
    for (size_t i = 0; i < query->page.n; i++) {
        if (query->page.items[i].column == column) {
            return true;
        }
    }
    return false;
}

/* Whether the page's columns and the fixed ones hold a whole key. */
static bool is_unique(const struct model_query *query, const model_columns *fixed)
{
    for (size_t i = 0; i < query->table->keys.n; i++) {
        const struct model_key *key = &query->table->keys.items[i];
        bool whole = !key->where.ntokens && !key->nullable;
        for (size_t k = 0; k < key->columns.n; k++) {
            whole = whole && (in_page(query, key->columns.items[k]) ||
                              columns_contain(fixed, key->columns.items[k]));
        }
        if (whole) {
            return true;
        }
    }
    return false;
}

static void put_column(struct buf *out, struct str name, bool desc)
{
    bool plain = name.n > 0 && !(name.s[0] >= '0' && name.s[0] <= '9');
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        plain = plain && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_');
    }
    buf_puts(out, out->n ? ", " : "");
    buf_printf(out, plain ? "%.*s" : "\"%.*s\"", STR_ARGS(name));
    buf_puts(out, desc ? " desc" : "");
}

/* The index that would serve: the fixed columns, then the page's. */
static void hint_index(struct resolver *r, struct diag *diag,
                       const struct model_query *query, const model_columns *fixed)
{
    struct buf columns = { 0 };
    for (size_t i = 0; i < fixed->n; i++) {
        if (!in_page(query, fixed->items[i])) {
            put_column(&columns, fixed->items[i]->name.name, false);
        }
    }
    for (size_t i = 0; i < query->page.n; i++) {
        const struct model_page_key *key = &query->page.items[i];
        put_column(&columns, key->column->name.name, key->desc);
    }
    diag_hint(r->diags, diag, "write index (%.*s); in the table",
              STR_ARGS(buf_view(&columns)));
    buf_release(&columns);
}

void rules_page(struct resolver *r, struct query_work *work)
{
    const struct model_query *query = work->query;
    model_columns fixed = fixed_columns(r, work);
    const struct ast_page_key *first = &work->ast->page.items[0];
    struct span span = span_join(first->span, first[work->ast->page.n - 1].span);
    if (!is_unique(query, &fixed)) {
        struct diag *diag = diag_warning(
            r->diags, E_page_not_unique, span,
            "rows may share these values, and one of them be left out "
            "between two pages");
        diag_hint(r->diags, diag, "add the primary key's columns");
    }
    if (!is_served(r, query, &fixed)) {
        struct diag *diag = diag_warning(r->diags, E_page_without_index, span,
                                         "no index of \"%s\" serves this order",
                                         shown_table(r, query->table));
        hint_index(r, diag, query, &fixed);
    }
}
