/* stmt_page.c: keyset pages, in the order of the primary key and of each index; must not
 * know of declared queries. */
#include "quote.h"
#include "stmt_maker.h"
#include "write.h"

/* ---- keysets ---- */

struct keyset_term keyset_term(struct maker *maker, const struct model_element *element)
{
    struct buf sql = { 0 }, operand = { 0 }, cast = { 0 };
    quote_ident(&sql, element->column->name.name);
    write_operand(&operand, element->column);
    if (element->collate.n) {
        buf_printf(&sql, " collate %.*s", STR_ARGS(element->collate));
        buf_printf(&operand, " collate %.*s", STR_ARGS(element->collate));
    }
    write_send_cast(&cast, &element->column->type, false);
    struct keyset_term term = { .sql = buf_dup(&sql, maker->arena),
                                .operand = buf_dup(&operand, maker->arena),
                                .cast = buf_dup(&cast, maker->arena),
                                .desc = element->desc,
                                .nulls_other = element->nulls_first != element->desc };
    buf_release(&sql);
    buf_release(&operand);
    buf_release(&cast);
    return term;
}

static bool one_direction(const keyset_terms *terms)
{
    for (size_t i = 1; i < terms->n; i++) {
        if (terms->items[i].desc != terms->items[0].desc)
            return false;
    }
    return true;
}

static void put_comparison(struct buf *out, const struct keyset_term *term,
                           const char *operator, size_t number)
{
    buf_printf(out, "%.*s %s $%zu%.*s", STR_ARGS(term->operand), operator, number,
               STR_ARGS(term->cast));
}

/* (a, b) < ($1, $2), which one index scan serves */
static void put_row_comparison(struct buf *out, const keyset_terms *terms, size_t first)
{
    const char *operator= terms->items[0].desc ? "<" : ">";
    if (terms->n == 1) {
        put_comparison(out, &terms->items[0], operator, first);
        return;
    }
    for (size_t i = 0; i < terms->n; i++)
        buf_printf(out, "%s%.*s", i ? ", " : "(", STR_ARGS(terms->items[i].operand));
    buf_printf(out, ") %s ", operator);
    for (size_t i = 0; i < terms->n; i++)
        buf_printf(out, "%s$%zu%.*s", i ? ", " : "(", first + i,
                   STR_ARGS(terms->items[i].cast));
    buf_puts(out, ")");
}

/* a >= $1 and (a > $1 or (a = $1 and (b < $2 or ...))): the first part is what an index
 * scan can start from. */
static void put_mixed(struct buf *out, const keyset_terms *terms, size_t first)
{
    put_comparison(out, &terms->items[0], terms->items[0].desc ? "<=" : ">=", first);
    buf_puts(out, " and ");
    for (size_t i = 0; i < terms->n; i++) {
        const struct keyset_term *term = &terms->items[i];
        bool last = i + 1 == terms->n;
        buf_puts(out, last ? "" : "(");
        put_comparison(out, term, term->desc ? "<" : ">", first + i);
        if (last)
            break;
        buf_puts(out, " or (");
        put_comparison(out, term, "=", first + i);
        buf_puts(out, " and ");
    }
    for (size_t i = 1; i < terms->n; i++)
        buf_puts(out, "))");
}

void keyset_condition(struct buf *out, const keyset_terms *terms, size_t first_number)
{
    if (one_direction(terms))
        put_row_comparison(out, terms, first_number);
    else
        put_mixed(out, terms, first_number);
}

void keyset_order(struct buf *out, const keyset_terms *terms)
{
    for (size_t i = 0; i < terms->n; i++) {
        const struct keyset_term *term = &terms->items[i];
        buf_puts(out, i ? ", " : " order by ");
        buf_str(out, term->sql);
        buf_puts(out, term->desc ? " desc" : "");
        /* By default nulls are the greatest. */
        if (term->nulls_other)
            buf_puts(out, term->desc ? " nulls last" : " nulls first");
    }
}

/* ---- pages of a table ---- */

/* A page: equality on some columns, then an order that is total among what is left. */
struct page {
    model_columns equal;
    const struct model_index *index; /* NULL: in the order of the primary key */
    VEC(const struct model_element *) order;
};

static bool is_ordered_by(const struct page *page, const struct model_column *column)
{
    for (size_t i = 0; i < page->order.n; i++) {
        if (page->order.items[i]->column == column)
            return true;
    }
    return false;
}

/* The primary key's columns that are not fixed yet, in the last column's direction, so
 * that one row comparison does. */
static void add_tie_break(struct maker *maker, struct page *page)
{
    const struct model_constraint *key = maker->table->primary_key;
    bool desc = page->order.n && page->order.items[page->order.n - 1]->desc;
    for (size_t i = 0; key && i < key->columns.n; i++) {
        struct model_column *column = key->columns.items[i];
        if (maker_has_column(&page->equal, column) || is_ordered_by(page, column))
            continue;
        struct model_element *element = arena_new(maker->arena, struct model_element);
        element->column = column;
        element->desc = element->nulls_first = desc;
        VEC_PUSH(maker->arena, &page->order, element);
    }
}

/* Row comparison and NULLs do not go together, and an order of a class of its own is
 * not the order of "<". */
static bool is_sound(const struct page *page)
{
    for (size_t i = 0; i < page->order.n; i++) {
        const struct model_element *element = page->order.items[i];
        if (element->column->nullable || element->opclass.n)
            return false;
    }
    return page->order.n > 0;
}

static bool is_total(const struct maker *maker, const struct page *page)
{
    return maker->table->primary_key || (page->index && page->index->unique);
}

static void put_equal(struct maker *maker, struct stmt *stmt, const struct page *page)
{
    for (size_t i = 0; i < page->equal.n; i++) {
        buf_puts(&maker->text, i ? " and " : " where ");
        size_t number = maker_param(maker, stmt, page->equal.items[i], false);
        maker_equal(maker, page->equal.items[i], page->index->elements.items[i].collate,
                    number);
    }
    if (page->equal.n) {
        maker_living(maker, stmt);
    } else if (maker->living.n && !stmt->with_deleted) {
        buf_puts(&maker->text, " where ");
        buf_str(&maker->text, maker->living);
    }
}

void maker_limit(struct maker *maker, struct stmt *stmt)
{
    struct stmt_param limit = { .name = STR("limit"),
                                .type = { .kind = MODEL_BUILTIN,
                                          .builtin = type_info(TYPE_INT8) },
                                .gate_bit = -1 };
    VEC_PUSH(maker->arena, &stmt->params, limit);
}

void maker_cursor(struct maker *maker, struct stmt *stmt, const keyset_terms *terms,
                  bool has_where)
{
    uint32_t gate = UINT32_C(1) << stmt->cursor_bit;
    buf_puts(&maker->text, has_where ? " and " : " where ");
    keyset_condition(&maker->text, terms, stmt->cursor_at + 1);
    maker_piece(maker, stmt, gate);
    keyset_order(&maker->text, terms);
    buf_printf(&maker->text, " limit $%zu", stmt->params.n);
    maker_piece(maker, stmt, 0);
}

static void make_page(struct maker *maker, const struct page *page, struct str name,
                      bool with_deleted)
{
    struct stmt *stmt = maker_stmt(maker, STMT_PAGE, STMT_WANT_MANY);
    stmt->name = name;
    stmt->with_deleted = with_deleted;
    stmt->cursor_bit = 0;
    maker_select(maker);
    put_equal(maker, stmt, page);
    bool has_where = page->equal.n || (maker->living.n && !with_deleted);
    maker_piece(maker, stmt, 0);
    keyset_terms terms = { 0 };
    stmt->cursor_at = stmt->params.n;
    for (size_t i = 0; i < page->order.n; i++) {
        const struct model_element *element = page->order.items[i];
        struct stmt_order order = { .result = element->column->index,
                                    .desc = element->desc };
        VEC_PUSH(maker->arena, &stmt->order, order);
        VEC_PUSH(maker->arena, &terms, keyset_term(maker, element));
        maker_param(maker, stmt, element->column, false);
    }
    maker_limit(maker, stmt);
    maker_cursor(maker, stmt, &terms, has_where);
}

static void make_primary(struct maker *maker, struct map *made)
{
    const struct model_constraint *key = maker->table->primary_key;
    if (!key)
        return;
    struct page page = { .index = NULL };
    add_tie_break(maker, &page);
    struct str name = maker_name(maker, "page_in_", &key->columns, "");
    map_add(made, maker->arena, name, maker);
    make_page(maker, &page, name, false);
    if (maker->table->soft_delete)
        make_page(maker, &page,
                  maker_name(maker, "page_in_", &key->columns, "_with_deleted"), true);
}

/* The page with the index's first n columns fixed. */
static struct page index_page(struct maker *maker, const struct model_index *index,
                              size_t n)
{
    struct page page = { .index = index };
    for (size_t i = 0; i < index->elements.n; i++) {
        const struct model_element *element = &index->elements.items[i];
        if (i < n)
            VEC_PUSH(maker->arena, &page.equal, element->column);
        else if (!is_ordered_by(&page, element->column) &&
                 !maker_has_column(&page.equal, element->column))
            VEC_PUSH(maker->arena, &page.order, element);
    }
    if (!index->unique)
        add_tie_break(maker, &page);
    return page;
}

static void make_by(struct maker *maker, struct map *made,
                    const struct model_index *index, size_t n)
{
    struct page page = index_page(maker, index, n);
    if (!is_total(maker, &page) || !is_sound(&page))
        return;
    struct str name = maker_name(maker, "page_by_", &page.equal, "");
    if (!map_add(made, maker->arena, name, maker))
        make_page(maker, &page, name, false);
}

static void make_in(struct maker *maker, struct map *made,
                    const struct model_index *index)
{
    struct page page = index_page(maker, index, 0);
    if (!is_total(maker, &page) || !is_sound(&page))
        return;
    model_columns columns = { 0 };
    for (size_t i = 0; i < index->elements.n; i++)
        VEC_PUSH(maker->arena, &columns, index->elements.items[i].column);
    struct str name = maker_name(maker, "page_in_", &columns, "");
    if (!map_add(made, maker->arena, name, maker))
        make_page(maker, &page, name, false);
}

void stmt_make_pages(struct maker *maker)
{
    const struct model_table *table = maker->table;
    struct map made = { 0 };
    make_primary(maker, &made);
    for (size_t i = 0; i < table->indexes.n; i++) {
        const struct model_index *index = table->indexes.items[i];
        if (!index_is_plain(index) || !index_is_ordered(index))
            continue;
        for (size_t n = 1; n <= index->elements.n; n++)
            make_by(maker, &made, index, n);
        make_in(maker, &made, index);
    }
}
