/* stmt_list.c: counts, and lists by equality on foreign keys and on prefixes of indexes;
 * must not know of pages. */
#include "quote.h"
#include "stmt_build.h"
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

bool index_is_plain(const struct model_index *index)
{
    if (!index_is_ordered(index) && !is_method(index, "hash"))
        return false;
    if (index->where.ntokens && !is_living(&index->where, index->table->soft_delete))
        return false;
    for (size_t i = 0; i < index->elements.n; i++) {
        if (!index->elements.items[i].column)
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
        if (!key->where.ntokens && build_same_columns(&key->columns, columns))
            return true;
    }
    return false;
}

static void add_list(struct build *build, lists *list, model_columns columns,
                     struct model_constraint *foreign_key)
{
    if (is_key(build->table, &columns))
        return;
    for (size_t i = 0; i < list->n; i++) {
        if (build_same_columns(&list->items[i].columns, &columns))
            return;
    }
    struct list item = { .columns = columns,
                         .foreign_key = foreign_key,
                         .index = serving(build->table, &columns) };
    VEC_PUSH(build->arena, list, item);
}

static void add_prefixes(struct build *build, lists *list,
                         const struct model_index *index)
{
    model_columns columns = { 0 };
    for (size_t i = 0; i < index->elements.n; i++)
        VEC_PUSH(build->arena, &columns, index->elements.items[i].column);
    for (size_t n = 1; n <= columns.n; n++) {
        model_columns prefix = columns;
        prefix.n = n;
        /* A hash index serves its only column, never a part. */
        add_list(build, list, prefix, NULL);
    }
}

static lists table_lists(struct build *build)
{
    lists list = { 0 };
    const struct model_table *table = build->table;
    for (size_t i = 0; i < table->foreign_keys.n; i++) {
        struct model_constraint *key = table->foreign_keys.items[i];
        add_list(build, &list, key->columns, key);
    }
    for (size_t i = 0; i < table->indexes.n; i++) {
        if (index_is_plain(table->indexes.items[i]))
            add_prefixes(build, &list, table->indexes.items[i]);
    }
    return list;
}

/* ---- counts ---- */

static void put_count(struct build *build, struct stmt *stmt)
{
    build_value(build, stmt, TYPE_INT8);
    buf_puts(&build->text, "select count(*) from ");
    buf_str(&build->text, build->relation);
}

static void make_count(struct build *build, bool with_deleted)
{
    struct stmt *stmt = build_stmt(build, STMT_COUNT, STMT_WANT_VALUE);
    stmt->with_deleted = with_deleted;
    stmt->name = with_deleted ? STR("count_with_deleted") : STR("count");
    put_count(build, stmt);
    if (build->living.n && !with_deleted) {
        buf_puts(&build->text, " where ");
        buf_str(&build->text, build->living);
    }
    build_piece(build, stmt, 0);
}

static void put_list_where(struct build *build, struct stmt *stmt,
                           const struct list *list)
{
    for (size_t i = 0; i < list->columns.n; i++) {
        struct str collate = { NULL, 0 };
        if (list->index)
            collate = list->index->elements.items[i].collate;
        buf_puts(&build->text, i ? " and " : " where ");
        size_t number = build_param(build, stmt, list->columns.items[i], false);
        build_equal(build, list->columns.items[i], collate, number);
    }
    build_living(build, stmt);
}

static void make_count_by(struct build *build, const struct list *list)
{
    struct stmt *stmt = build_stmt(build, STMT_COUNT_BY, STMT_WANT_VALUE);
    stmt->name = build_name(build, "count_by_", &list->columns, "");
    stmt->foreign_key = list->foreign_key;
    put_count(build, stmt);
    put_list_where(build, stmt, list);
    build_piece(build, stmt, 0);
}

/* ---- lists ---- */

/* The rest of the index's columns, in its order. */
static void put_rest(struct build *build, const struct list *list)
{
    if (!list->index || !index_is_ordered(list->index))
        return;
    keyset_terms terms = { 0 };
    for (size_t i = list->columns.n; i < list->index->elements.n; i++)
        VEC_PUSH(build->arena, &terms,
                 keyset_term(build, &list->index->elements.items[i]));
    if (terms.n)
        keyset_order(&build->text, &terms);
}

static void make_list(struct build *build, const struct list *list, bool with_deleted)
{
    struct stmt *stmt = build_stmt(build, STMT_LIST, STMT_WANT_MANY);
    stmt->with_deleted = with_deleted;
    stmt->foreign_key = list->foreign_key;
    stmt->name = build_name(build, "list_by_", &list->columns,
                            with_deleted ? "_with_deleted" : "");
    build_select(build);
    put_list_where(build, stmt, list);
    put_rest(build, list);
    build_piece(build, stmt, 0);
}

void stmt_make_counts_and_lists(struct build *build)
{
    bool soft = build->table->soft_delete != NULL;
    lists list = table_lists(build);
    make_count(build, false);
    if (soft)
        make_count(build, true);
    for (size_t i = 0; i < list.n; i++)
        make_count_by(build, &list.items[i]);
    for (size_t i = 0; i < list.n; i++) {
        make_list(build, &list.items[i], false);
        if (soft)
            make_list(build, &list.items[i], true);
    }
}
