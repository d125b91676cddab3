/* stmt_keyed.c: reads by a unique key: one row, many at once, whether there is one; must
 * not know of lists and pages. */
#include "quote.h"
#include "stmt_maker.h"
#include "write.h"

/* " and (predicate) and deleted_at is null": what a key holds among. */
static void put_scope(struct maker *maker, const struct stmt *stmt)
{
    if (stmt->key->where.ntokens) {
        buf_puts(&maker->text, " and (");
        write_sql(&maker->text, &stmt->key->where);
        buf_puts(&maker->text, ")");
    }
    maker_living(maker, stmt);
}

static struct stmt *keyed(struct maker *maker, enum stmt_kind kind, enum stmt_want want,
                          const struct model_key *key)
{
    struct stmt *stmt = maker_stmt(maker, kind, want);
    stmt->key = key;
    return stmt;
}

static void make_get(struct maker *maker, const struct model_key *key,
                     bool with_deleted)
{
    /* Deleted rows may share what is unique among the living. */
    bool several = with_deleted && key->living_only;
    struct stmt *stmt = keyed(maker, key->primary ? STMT_GET : STMT_BY_KEY,
                              several ? STMT_WANT_MANY : STMT_WANT_ONE, key);
    const char *after = with_deleted ? "_with_deleted" : "";
    stmt->with_deleted = with_deleted;
    stmt->name = key->primary ? maker_printf(maker, "get%s", after)
                              : maker_name(maker, "by_", &key->columns, after);
    maker_select(maker);
    buf_puts(&maker->text, " where ");
    maker_equals(maker, stmt, key);
    put_scope(maker, stmt);
    maker_piece(maker, stmt, 0);
}

static void make_one(struct maker *maker, const struct model_key *key)
{
    make_get(maker, key, false);
    if (maker->table->soft_delete)
        make_get(maker, key, true);
}

/* An array parameter of arrays has no form. */
bool maker_can_be_many(const struct model_key *key)
{
    for (size_t i = 0; i < key->columns.n; i++) {
        if (write_form(&key->columns.items[i]->type).array)
            return false;
    }
    return true;
}

void maker_any(struct maker *maker, const model_columns *columns,
               const struct model_key *key)
{
    struct buf *out = &maker->text;
    bool several = columns->n > 1;
    for (size_t i = 0; i < columns->n; i++) {
        struct str collate = key ? maker_key_collate(key, i) : (struct str){ NULL, 0 };
        buf_puts(out, i ? ", " : several ? "(" : "");
        write_operand(out, columns->items[i]);
        if (collate.n)
            buf_printf(out, " collate %.*s", STR_ARGS(collate));
    }
    buf_puts(out, several ? ") in (select * from unnest(" : " = any(");
    for (size_t i = 0; i < columns->n; i++) {
        buf_printf(out, "%s$%zu", i ? ", " : "", i + 1);
        write_send_cast(out, &columns->items[i]->type, true);
    }
    buf_puts(out, several ? "))" : ")");
}

static void make_many(struct maker *maker, const struct model_key *key)
{
    if (!maker_can_be_many(key))
        return;
    struct stmt *stmt = keyed(maker, key->primary ? STMT_GET_MANY : STMT_MANY_BY_KEY,
                              STMT_WANT_MANY, key);
    stmt->name = key->primary ? STR("get_many")
                              : maker_name(maker, "many_by_", &key->columns, "");
    stmt->same_count = key->columns.n > 1;
    maker_select(maker);
    buf_puts(&maker->text, " where ");
    for (size_t i = 0; i < key->columns.n; i++)
        maker_param(maker, stmt, key->columns.items[i], true);
    maker_any(maker, &key->columns, key);
    put_scope(maker, stmt);
    maker_piece(maker, stmt, 0);
}

static void make_exists(struct maker *maker, const struct model_key *key)
{
    struct stmt *stmt = keyed(maker, key->primary ? STMT_EXISTS : STMT_EXISTS_BY_KEY,
                              STMT_WANT_VALUE, key);
    stmt->name = key->primary ? STR("exists")
                              : maker_name(maker, "exists_by_", &key->columns, "");
    maker_value(maker, stmt, TYPE_BOOL);
    buf_puts(&maker->text, "select exists (select from ");
    buf_str(&maker->text, maker->relation);
    buf_puts(&maker->text, " where ");
    maker_equals(maker, stmt, key);
    put_scope(maker, stmt);
    buf_puts(&maker->text, ")");
    maker_piece(maker, stmt, 0);
}

/* Two keys over the same columns give one set of functions: the first's. */
static bool is_first(const struct model_table *table, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (maker_same_columns(&table->keys.items[i].columns,
                               &table->keys.items[at].columns))
            return false;
    }
    return true;
}

void stmt_make_keyed(struct maker *maker)
{
    static void (*const makers[])(struct maker *,
                                  const struct model_key *) = { make_one, make_many,
                                                                make_exists };
    const struct model_table *table = maker->table;
    for (size_t m = 0; m < sizeof makers / sizeof *makers; m++) {
        for (size_t i = 0; i < table->keys.n; i++) {
            if (is_first(table, i))
                makers[m](maker, &table->keys.items[i]);
        }
    }
}
