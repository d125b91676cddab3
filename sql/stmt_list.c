/* stmt_list.c: counts, lists by equality on foreign keys and on prefixes of indexes, and
 * the scan of a whole table; must not know of pages. */
#include "quote.h"
#include "stmt_maker.h"
#include "write.h"

/* ---- which indexes ---- */

static bool is_method(const struct model_index *index, const char *method)
{
    return str_eq_c(index->method, method);
}

bool index_is_ordered(const struct model_index *index)
{
    return index->method.n == 0 || is_method(index, "btree");
}

/* `deleted_at is null`, as it was written. */
static bool is_living(const struct model_sql *where, const struct model_column *column)
{
    if (!column || where->ntokens != 3)
        return false;
    const struct token *tokens = where->tokens;
    struct str name = token_text(&tokens[0]);
    if (tokens[0].kind == TOKEN_QUOTED && name.n >= 2)
        name = (struct str){ name.s + 1, name.n - 2 };
    return str_eq(name, column->name.name) && token_is_word(&tokens[1], "is") &&
           token_is_word(&tokens[2], "null");
}

static bool names_again(const struct model_index *index, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (index->elements.items[i].column == index->elements.items[at].column)
            return true;
    }
    return false;
}

bool index_is_plain(const struct model_index *index)
{
    if (!index_is_ordered(index) && !is_method(index, "hash"))
        return false;
    if (index->where.ntokens && !is_living(&index->where, index->table->soft_delete))
        return false;
    for (size_t i = 0; i < index->elements.n; i++) {
        if (!index->elements.items[i].column || names_again(index, i))
            return false;
    }
    return true;
}

bool index_starts_with(const struct model_index *index, const model_columns *columns)
{
    if (columns->n > index->elements.n)
        return false;
    for (size_t i = 0; i < columns->n; i++) {
        if (index->elements.items[i].column != columns->items[i])
            return false;
    }
    return true;
}

/* ---- which lists ---- */

struct list {
    model_columns columns;
    struct model_constraint *foreign_key;
    const struct model_index *index; /* the first that serves it; NULL: none */
};
typedef VEC(struct list) lists;

static const struct model_index *serving(const struct model_table *table,
                                         const model_columns *columns)
{
    for (size_t i = 0; i < table->indexes.n; i++) {
        const struct model_index *index = table->indexes.items[i];
        if (index_is_plain(index) && index_starts_with(index, columns))
            return index;
    }
    return NULL;
}

/* A key of the whole table or of the living has a by_ function for the same columns. */
static bool is_key(const struct model_table *table, const model_columns *columns)
{
    for (size_t i = 0; i < table->keys.n; i++) {
        const struct model_key *key = &table->keys.items[i];
        if (!key->where.ntokens && maker_same_columns(&key->columns, columns))
            return true;
    }
    return false;
}

static void add_list(struct maker *maker, lists *list, model_columns columns,
                     struct model_constraint *foreign_key)
{
    if (is_key(maker->table, &columns))
        return;
    for (size_t i = 0; i < list->n; i++) {
        if (maker_same_columns(&list->items[i].columns, &columns))
            return;
    }
    struct list item = { .columns = columns,
                         .foreign_key = foreign_key,
                         .index = serving(maker->table, &columns) };
    VEC_PUSH(maker->arena, list, item);
}

static void add_prefixes(struct maker *maker, lists *list,
                         const struct model_index *index)
{
    model_columns columns = { 0 };
    for (size_t i = 0; i < index->elements.n; i++)
        VEC_PUSH(maker->arena, &columns, index->elements.items[i].column);
    for (size_t n = 1; n <= columns.n; n++) {
        model_columns prefix = columns;
        prefix.n = n;
        /* A hash index serves its only column, never a part. */
        add_list(maker, list, prefix, NULL);
    }
}

static bool columns_repeat(const model_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        const model_columns before = { .items = columns->items, .n = i };
        if (maker_has_column(&before, columns->items[i]))
            return true;
    }
    return false;
}

static lists table_lists(struct maker *maker)
{
    lists list = { 0 };
    const struct model_table *table = maker->table;
    for (size_t i = 0; i < table->foreign_keys.n; i++) {
        struct model_constraint *key = table->foreign_keys.items[i];
        if (!columns_repeat(&key->columns))
            add_list(maker, &list, key->columns, key);
    }
    for (size_t i = 0; i < table->indexes.n; i++) {
        if (index_is_plain(table->indexes.items[i]))
            add_prefixes(maker, &list, table->indexes.items[i]);
    }
    return list;
}

/* ---- counts ---- */

static void put_count(struct maker *maker, struct stmt *stmt)
{
    maker_value(maker, stmt, TYPE_INT8);
    buf_puts(&maker->text, "select count(*) from ");
    buf_str(&maker->text, maker->relation);
}

static void make_count(struct maker *maker, bool with_deleted)
{
    struct stmt *stmt = maker_stmt(maker, STMT_COUNT, STMT_WANT_VALUE);
    stmt->with_deleted = with_deleted;
    stmt->name = with_deleted ? STR("count_with_deleted") : STR("count");
    put_count(maker, stmt);
    if (maker->living.n && !with_deleted) {
        buf_puts(&maker->text, " where ");
        buf_str(&maker->text, maker->living);
    }
    maker_piece(maker, stmt, 0);
}

static void put_list_where(struct maker *maker, struct stmt *stmt,
                           const struct list *list)
{
    for (size_t i = 0; i < list->columns.n; i++) {
        struct str collate = { NULL, 0 };
        if (list->index)
            collate = list->index->elements.items[i].collate;
        buf_puts(&maker->text, i ? " and " : " where ");
        size_t number = maker_param(maker, stmt, list->columns.items[i], false);
        maker_equal(maker, list->columns.items[i], collate, number);
    }
    maker_living(maker, stmt);
}

static void make_count_by(struct maker *maker, const struct list *list)
{
    struct stmt *stmt = maker_stmt(maker, STMT_COUNT_BY, STMT_WANT_VALUE);
    stmt->name = maker_name(maker, "count_by_", &list->columns, "");
    stmt->foreign_key = list->foreign_key;
    put_count(maker, stmt);
    put_list_where(maker, stmt, list);
    maker_piece(maker, stmt, 0);
}

/* ---- lists ---- */

/* The rest of the index's columns, in its order. */
static void put_rest(struct maker *maker, const struct list *list)
{
    if (!list->index || !index_is_ordered(list->index))
        return;
    keyset_terms terms = { 0 };
    for (size_t i = list->columns.n; i < list->index->elements.n; i++)
        VEC_PUSH(maker->arena, &terms,
                 keyset_term(maker, &list->index->elements.items[i]));
    if (terms.n)
        keyset_order(&maker->text, &terms);
}

static void make_list(struct maker *maker, const struct list *list, bool with_deleted)
{
    struct stmt *stmt = maker_stmt(maker, STMT_LIST, STMT_WANT_MANY);
    stmt->with_deleted = with_deleted;
    stmt->foreign_key = list->foreign_key;
    stmt->name = maker_name(maker, "list_by_", &list->columns,
                            with_deleted ? "_with_deleted" : "");
    maker_select(maker);
    put_list_where(maker, stmt, list);
    put_rest(maker, list);
    maker_piece(maker, stmt, 0);
}

void stmt_make_counts_and_lists(struct maker *maker)
{
    bool soft = maker->table->soft_delete != NULL;
    lists list = table_lists(maker);
    make_count(maker, false);
    if (soft)
        make_count(maker, true);
    for (size_t i = 0; i < list.n; i++)
        make_count_by(maker, &list.items[i]);
    for (size_t i = 0; i < list.n; i++) {
        make_list(maker, &list.items[i], false);
        if (soft)
            make_list(maker, &list.items[i], true);
    }
}

/* ---- scan ---- */

/* Not COPY of the table by name: that has no generated columns, no casts, and takes no
 * partitioned table. */
void stmt_make_scan(struct maker *maker)
{
    if (maker->table->columns.n == 0)
        return;
    struct stmt *stmt = maker_stmt(maker, STMT_SCAN, STMT_WANT_SCAN);
    stmt->name = STR("scan");
    maker_select(maker);
    if (maker->living.n) {
        buf_puts(&maker->text, " where ");
        buf_str(&maker->text, maker->living);
    }
    maker_piece(maker, stmt, 0);
}
