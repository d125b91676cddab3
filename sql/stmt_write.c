/* stmt_write.c: inserts, upserts, updates, deletes and loads of a table; must not know of
 * reads. The texts that depend on which columns are given are made in stmt_given.c. */
#include "quote.h"
#include "stmt_maker.h"
#include "write.h"

static bool any_column(const struct model_table *table,
                       bool (*is)(const struct model_column *))
{
    for (size_t i = 0; i < table->columns.n; i++) {
        if (is(table->columns.items[i]))
            return true;
    }
    return false;
}

/* ---- what an update sets beside the given columns ---- */

static bool mentions_column(const struct model_table *table,
                            const struct model_sql *sql)
{
    for (size_t i = 0; i < sql->ntokens; i++) {
        const struct token *token = &sql->tokens[i];
        if (token->kind == TOKEN_QUOTED ||
            (token->kind == TOKEN_NAME && model_find_column(table, token_text(token))))
            return true;
    }
    return false;
}

/* In ON CONFLICT DO UPDATE a bare column could be the row's or the proposed one's: it is
 * the row's, made the only one in sight by a subselect. */
static void put_on_update(struct maker *maker, const struct model_column *column,
                          bool conflict)
{
    struct buf *out = &maker->text;
    bool inner = conflict && mentions_column(maker->table, &column->on_update);
    quote_ident(out, column->name.name);
    buf_puts(out, inner ? " = (select " : " = ");
    write_sql(out, &column->on_update);
    if (!inner)
        return;
    buf_puts(out, " from (select ");
    quote_ident(out, maker->table->name.name);
    buf_puts(out, ".*) as ");
    quote_ident(out, maker->table->name.name);
    buf_puts(out, ")");
}

static void put_version(struct maker *maker, const struct model_column *column,
                        bool conflict)
{
    quote_ident(&maker->text, column->name.name);
    buf_puts(&maker->text, " = ");
    if (conflict) {
        quote_ident(&maker->text, maker->table->name.name);
        buf_puts(&maker->text, ".");
    }
    quote_ident(&maker->text, column->name.name);
    buf_puts(&maker->text, " + 1");
}

/* updated_at = now(), version = version + 1 */
static struct str also(struct maker *maker, bool conflict)
{
    for (size_t i = 0; i < maker->table->columns.n; i++) {
        const struct model_column *column = maker->table->columns.items[i];
        if (!column->version && !column->on_update.ntokens)
            continue;
        buf_puts(&maker->text, maker->text.n ? ", " : "");
        if (column->version)
            put_version(maker, column, conflict);
        else
            put_on_update(maker, column, conflict);
    }
    return maker_take(maker);
}

/* ---- insert, upsert, load ---- */

static struct stmt *make_insert(struct maker *maker, enum stmt_kind kind,
                                enum stmt_want want, struct str name)
{
    struct stmt *stmt = maker_stmt(maker, kind, want);
    stmt->name = name;
    stmt->writes = true;
    if (want != STMT_WANT_LOAD)
        stmt->returning = maker->select;
    return stmt;
}

static bool is_same_set(const model_columns *a, const model_columns *b)
{
    for (size_t i = 0; i < a->n; i++) {
        if (!maker_has_column(b, a->items[i]))
            return false;
    }
    return a->n == b->n;
}

/* ON CONFLICT infers every unique key over the set of columns, and refuses a deferrable
 * one among them (src/backend/optimizer/util/plancat.c, version 15). */
static bool is_deferrable(const struct model_table *table, const struct model_key *key)
{
    for (size_t i = 0; i < table->keys.n; i++) {
        const struct model_constraint *other = table->keys.items[i].constraint;
        if (other && other->deferrable != NOT_DEFERRABLE &&
            is_same_set(&other->columns, &key->columns))
            return true;
    }
    return false;
}

/* The key has to be given, and inferred. */
static bool can_conflict(const struct model_table *table, const struct model_key *key)
{
    for (size_t i = 0; i < key->columns.n; i++) {
        if (!column_is_insertable(key->columns.items[i]))
            return false;
    }
    return !is_deferrable(table, key);
}

static struct str upsert_name(struct maker *maker, enum stmt_kind kind,
                              const struct model_key *key)
{
    const char *name = kind == STMT_UPSERT ? "upsert" : "upsert_many";
    return key->primary ? str_of(name)
                        : maker_name(maker, maker_printf(maker, "%s_by_", name).s,
                                     &key->columns, "");
}

static void make_upsert(struct maker *maker, enum stmt_kind kind,
                        const struct model_key *key)
{
    struct stmt *stmt = make_insert(
        maker, kind, kind == STMT_UPSERT ? STMT_WANT_ONE : STMT_WANT_MANY,
        upsert_name(maker, kind, key));
    const struct model_column *soft = maker->table->soft_delete;
    stmt->key = key;
    stmt->also = also(maker, true);
    stmt->secret |= maker->table->update_reaches_secrets;
    if (soft && !key->living_only) {
        /* What is put in is there afterwards. */
        buf_str(&maker->text, stmt->also);
        buf_puts(&maker->text, stmt->also.n ? ", " : "");
        quote_ident(&maker->text, soft->name.name);
        buf_puts(&maker->text, " = null");
        stmt->also = maker_take(maker);
    }
    buf_puts(&maker->text, "(");
    write_columns(&maker->text, &key->columns);
    buf_puts(&maker->text, ")");
    if (key->where.ntokens || key->living_only) {
        buf_puts(&maker->text, " where ");
        write_predicate(&maker->text, &key->where, key->living_only ? soft : NULL);
    }
    stmt->target = maker_take(maker);
}

static void make_upserts(struct maker *maker, enum stmt_kind kind)
{
    const struct model_table *table = maker->table;
    struct map made = { 0 };
    for (size_t i = 0; i < table->keys.n; i++) {
        const struct model_key *key = &table->keys.items[i];
        struct str columns = maker_name(maker, "", &key->columns, "");
        if (can_conflict(table, key) && !map_add(&made, maker->arena, columns, maker))
            make_upsert(maker, kind, key);
    }
}

/* ---- update ---- */

static void put_key(struct maker *maker, struct stmt *stmt)
{
    buf_puts(&maker->text, " where ");
    maker_equals(maker, stmt, stmt->key);
}

/* The row comes back in any case: whether it is there, whether it was hit, its columns. */
static void put_version_text(struct maker *maker, struct stmt *stmt)
{
    struct buf *out = &maker->text;
    stmt->head = STR("with hit as (");
    buf_puts(out, ") select exists (select from ");
    buf_str(out, maker->relation);
    for (size_t i = 0; i < stmt->key->columns.n; i++) {
        buf_puts(out, i ? " and " : " where ");
        maker_equal(maker, stmt->key->columns.items[i], (struct str){ NULL, 0 }, i + 1);
    }
    maker_living(maker, stmt);
    buf_puts(out, ") as there, exists (select from hit) as hit");
    for (size_t i = 0; i < maker->table->columns.n; i++) {
        buf_puts(out, ", hit.");
        quote_ident(out, maker->table->columns.items[i]->name.name);
    }
    buf_puts(out, " from (select) as one left join hit on true");
    stmt->tail = maker_take(maker);
}

static void make_update(struct maker *maker, const struct model_key *key)
{
    struct stmt *stmt = maker_stmt(maker, STMT_UPDATE, STMT_WANT_ONE);
    stmt->key = key;
    stmt->name = STR("update");
    stmt->secret |= maker->table->update_reaches_secrets;
    stmt->writes = true;
    stmt->returning = maker->select;
    stmt->also = also(maker, false);
    put_key(maker, stmt);
    if (maker->table->version) {
        buf_puts(&maker->text, " and ");
        size_t number = maker_param(maker, stmt, maker->table->version, false);
        maker_equal(maker, maker->table->version, (struct str){ NULL, 0 }, number);
    }
    maker_living(maker, stmt);
    struct str where = maker_take(maker);
    stmt->where = (struct str){ where.s + 1, where.n - 1 };
    if (maker->table->version)
        put_version_text(maker, stmt);
}

/* ---- delete, restore, purge ---- */

static struct stmt *make_touch(struct maker *maker, enum stmt_kind kind,
                               struct str name, const struct model_key *key)
{
    struct stmt *stmt = maker_stmt(maker, kind, STMT_WANT_TOUCH);
    stmt->name = name;
    stmt->key = key;
    stmt->writes = true;
    return stmt;
}

static void make_purge(struct maker *maker, enum stmt_kind kind, struct str name,
                       const struct model_key *key)
{
    struct stmt *stmt = make_touch(maker, kind, name, key);
    stmt->secret |= maker->table->delete_reaches_secrets;
    buf_puts(&maker->text, "delete from ");
    buf_str(&maker->text, maker->relation);
    put_key(maker, stmt);
    maker_piece(maker, stmt, 0);
}

/* update T set deleted_at = now(), updated_at = now() where id = $1 and ... */
static void make_mark(struct maker *maker, enum stmt_kind kind, struct str name,
                      const struct model_key *key)
{
    bool restore = kind == STMT_RESTORE;
    struct str others = also(maker, false);
    struct stmt *stmt = make_touch(maker, kind, name, key);
    const struct model_column *soft = maker->table->soft_delete;
    buf_puts(&maker->text, "update ");
    buf_str(&maker->text, maker->relation);
    buf_puts(&maker->text, " set ");
    quote_ident(&maker->text, soft->name.name);
    buf_puts(&maker->text, restore ? " = null" : " = now()");
    buf_puts(&maker->text, others.n ? ", " : "");
    buf_str(&maker->text, others);
    put_key(maker, stmt);
    buf_puts(&maker->text, " and ");
    quote_ident(&maker->text, soft->name.name);
    buf_puts(&maker->text, restore ? " is not null" : " is null");
    maker_piece(maker, stmt, 0);
}

static void make_deletes(struct maker *maker, const struct model_key *key)
{
    if (!maker->table->soft_delete) {
        make_purge(maker, STMT_DELETE, STR("delete"), key);
        return;
    }
    make_mark(maker, STMT_DELETE, STR("delete"), key);
    make_mark(maker, STMT_RESTORE, STR("restore"), key);
    make_purge(maker, STMT_PURGE, STR("purge"), key);
}

void stmt_make_writes(struct maker *maker)
{
    const struct model_table *table = maker->table;
    bool many = any_column(table, column_is_insertable);
    const struct model_key *key = table->keys.n && table->keys.items[0].primary
                                      ? &table->keys.items[0]
                                      : NULL;
    /* RETURNING takes no empty list. */
    if (table->columns.n == 0)
        return;
    make_insert(maker, STMT_INSERT, STMT_WANT_ONE, STR("insert"));
    if (many)
        make_insert(maker, STMT_INSERT_MANY, STMT_WANT_MANY, STR("insert_many"));
    make_upserts(maker, STMT_UPSERT);
    if (many)
        make_upserts(maker, STMT_UPSERT_MANY);
    if (key && any_column(table, column_is_updatable))
        make_update(maker, key);
    if (key)
        make_deletes(maker, key);
    if (many)
        make_insert(maker, STMT_LOAD, STMT_WANT_LOAD, STR("load"));
}
