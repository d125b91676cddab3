/* pool.c: asks for what foreign keys may point at. */
#include "pool.h"

#include "../sql/quote.h"
#include "../sql/write.h"

/* One column that points at several can only point at equal ones. */
static void put_equal(struct buf *sql, const struct model_constraint *key, size_t at)
{
    struct model_column **to = key->target_columns.items;
    for (size_t i = 0; i < at; i++) {
        if (key->columns.items[i] == key->columns.items[at]) {
            buf_puts(sql, " and ");
            quote_ident(sql, to[i]->name.name);
            buf_puts(sql, " = ");
            quote_ident(sql, to[at]->name.name);
        }
    }
}

static void put_select(struct buf *sql, const struct model_constraint *key)
{
    const model_columns *columns = &key->target_columns;
    buf_puts(sql, "select ");
    for (size_t i = 0; i < columns->n; i++) {
        buf_puts(sql, i ? ", " : "");
        quote_ident(sql, columns->items[i]->name.name);
        buf_puts(sql, "::text");
    }
    buf_puts(sql, " from ");
    write_table_name(sql, key->target);
    for (size_t i = 0; i < columns->n; i++) {
        buf_puts(sql, i ? " and " : " where ");
        quote_ident(sql, columns->items[i]->name.name);
        buf_puts(sql, " is not null");
        put_equal(sql, key, i);
    }
    buf_puts(sql, " order by ");
    write_columns(sql, columns);
    buf_puts(sql, " limit 10000");
}

static struct str literal(struct arena *arena, const char *value)
{
    struct buf text = { 0 };
    quote_literal(&text, str_of(value));
    struct str copy = { arena_copy(arena, text.s, text.n), text.n };
    buf_release(&text);
    return copy;
}

enum sc_status pool_read(struct arena *arena, struct sc_db *db,
                         const struct model_constraint *key, struct pool *pool,
                         struct sc_error *err)
{
    struct buf sql = { 0 };
    struct sc_rows *rows = NULL;
    *pool = (struct pool){ .key = key, .width = key->target_columns.n };
    put_select(&sql, key);
    enum sc_status status = sc_query(db, sql.s, NULL, 0, &rows, err);
    for (size_t i = 0; status == SC_OK && i < sc_rows_count(rows); i++) {
        for (size_t k = 0; k < pool->width; k++) {
            struct str value = literal(arena, sc_rows_value(rows, i, k));
            VEC_PUSH(arena, &pool->values, value);
        }
    }
    sc_rows_free(rows);
    buf_release(&sql);
    return status;
}
