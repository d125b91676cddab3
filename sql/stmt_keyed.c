/* stmt_keyed.c: reads by a unique key: one row, many at once, whether there is one; must
 * not know of lists and pages. */
#include "quote.h"
#include "stmt_build.h"
#include "write.h"

/* " and (predicate) and deleted_at is null": what a key holds among. */
static void put_scope(struct build *build, const struct stmt *stmt)
{
    if (stmt->key->where.ntokens) {
        buf_puts(&build->text, " and (");
        write_sql(&build->text, &stmt->key->where);
        buf_puts(&build->text, ")");
    }
    build_living(build, stmt);
}

static struct stmt *keyed(struct build *build, enum stmt_kind kind, enum stmt_want want,
                          const struct model_key *key)
{
    struct stmt *stmt = build_stmt(build, kind, want);
    stmt->key = key;
    return stmt;
}

static void make_get(struct build *build, const struct model_key *key,
                     bool with_deleted)
{
    /* Deleted rows may share what is unique among the living. */
    bool several = with_deleted && key->living_only;
    struct stmt *stmt = keyed(build, key->primary ? STMT_GET : STMT_BY_KEY,
                              several ? STMT_WANT_MANY : STMT_WANT_ONE, key);
    const char *after = with_deleted ? "_with_deleted" : "";
    stmt->with_deleted = with_deleted;
    stmt->name = key->primary ? build_printf(build, "get%s", after)
                              : build_name(build, "by_", &key->columns, after);
    build_select(build);
    buf_puts(&build->text, " where ");
    build_equals(build, stmt, &key->columns);
    put_scope(build, stmt);
    build_piece(build, stmt, 0);
}

static void make_one(struct build *build, const struct model_key *key)
{
    make_get(build, key, false);
    if (build->table->soft_delete)
        make_get(build, key, true);
}

/* An array parameter of arrays has no form. */
static bool can_be_many(const struct model_key *key)
{
    for (size_t i = 0; i < key->columns.n; i++) {
        if (write_form(&key->columns.items[i]->type).array)
            return false;
    }
    return true;
}

/* id = any($1), or (a, b) in (select * from unnest($1, $2)) */
static void put_any(struct build *build, struct stmt *stmt,
                    const model_columns *columns)
{
    struct buf *out = &build->text;
    bool several = columns->n > 1;
    buf_puts(out, several ? "(" : "");
    write_columns(out, columns);
    buf_puts(out, several ? ") in (select * from unnest(" : " = any(");
    for (size_t i = 0; i < columns->n; i++) {
        size_t number = build_param(build, stmt, columns->items[i], true);
        buf_printf(out, "%s$%zu", i ? ", " : "", number);
        write_send_cast(out, &columns->items[i]->type, true);
    }
    buf_puts(out, several ? "))" : ")");
}

static void make_many(struct build *build, const struct model_key *key)
{
    if (!can_be_many(key))
        return;
    struct stmt *stmt = keyed(build, key->primary ? STMT_GET_MANY : STMT_MANY_BY_KEY,
                              STMT_WANT_MANY, key);
    stmt->name = key->primary ? STR("get_many")
                              : build_name(build, "many_by_", &key->columns, "");
    stmt->same_count = key->columns.n > 1;
    build_select(build);
    buf_puts(&build->text, " where ");
    put_any(build, stmt, &key->columns);
    put_scope(build, stmt);
    build_piece(build, stmt, 0);
}

static void make_exists(struct build *build, const struct model_key *key)
{
    struct stmt *stmt = keyed(build, key->primary ? STMT_EXISTS : STMT_EXISTS_BY_KEY,
                              STMT_WANT_VALUE, key);
    stmt->name = key->primary ? STR("exists")
                              : build_name(build, "exists_by_", &key->columns, "");
    build_value(build, stmt, TYPE_BOOL);
    buf_puts(&build->text, "select exists (select from ");
    buf_str(&build->text, build->relation);
    buf_puts(&build->text, " where ");
    build_equals(build, stmt, &key->columns);
    put_scope(build, stmt);
    buf_puts(&build->text, ")");
    build_piece(build, stmt, 0);
}

/* Two keys over the same columns give one set of functions: the first's. */
static bool is_first(const struct model_table *table, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (build_same_columns(&table->keys.items[i].columns,
                               &table->keys.items[at].columns))
            return false;
    }
    return true;
}

void stmt_make_keyed(struct build *build)
{
    static void (*const makers[])(struct build *,
                                  const struct model_key *) = { make_one, make_many,
                                                                make_exists };
    const struct model_table *table = build->table;
    for (size_t m = 0; m < sizeof makers / sizeof *makers; m++) {
        for (size_t i = 0; i < table->keys.n; i++) {
            if (is_first(table, i))
                makers[m](build, &table->keys.items[i]);
        }
    }
}
