/* stmt_write.c: inserts, upserts, updates, deletes and loads of a table; must not know of
 * reads. The texts that depend on which columns are given are made in stmt_given.c. */
#include "quote.h"
#include "stmt_build.h"
#include "write.h"

/* ---- columns ---- */

static bool domain_has_default(const struct model_type *type)
{
    while (type->kind == MODEL_DOMAIN) {
        if (type->domain->default_.ntokens)
            return true;
        type = &type->domain->base;
    }
    return false;
}

static bool is_insertable(const struct model_column *column)
{
    return !column->generated.ntokens && column->identity != IDENTITY_ALWAYS;
}

static bool is_updatable(const struct model_column *column)
{
    return is_insertable(column) && !column->in_primary_key && !column->version &&
           !column->on_update.ntokens && !column->soft_delete;
}

static struct str casts(struct arena *arena, const struct model_column *column,
                        bool many)
{
    struct buf text = { 0 };
    if (many && write_form(&column->type).array) {
        buf_puts(&text, "::");
        write_cast_type(&text, &column->type, column->type.array);
    } else {
        write_send_cast(&text, &column->type, false);
    }
    struct str copy = buf_dup(&text, arena);
    buf_release(&text);
    return copy;
}

struct stmt_column stmt_column(struct arena *arena, const struct model_column *column)
{
    struct buf name = { 0 };
    quote_ident(&name, column->name.name);
    bool has_default = column->default_.ntokens || column->serial ||
                       column->identity == IDENTITY_BY_DEFAULT ||
                       domain_has_default(&column->type);
    struct stmt_column result = {
        .sql = buf_dup(&name, arena),
        .cast = casts(arena, column, false),
        .many_cast = casts(arena, column, true),
        .insertable = is_insertable(column),
        .updatable = is_updatable(column),
        .required = is_insertable(column) && !column->nullable && !has_default,
        .has_default = has_default,
    };
    buf_release(&name);
    return result;
}

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
static void put_on_update(struct build *build, const struct model_column *column,
                          bool conflict)
{
    struct buf *out = &build->text;
    bool inner = conflict && mentions_column(build->table, &column->on_update);
    quote_ident(out, column->name.name);
    buf_puts(out, inner ? " = (select " : " = ");
    write_sql(out, &column->on_update);
    if (!inner)
        return;
    buf_puts(out, " from (select ");
    quote_ident(out, build->table->name.name);
    buf_puts(out, ".*) as ");
    quote_ident(out, build->table->name.name);
    buf_puts(out, ")");
}

static void put_version(struct build *build, const struct model_column *column,
                        bool conflict)
{
    quote_ident(&build->text, column->name.name);
    buf_puts(&build->text, " = ");
    if (conflict) {
        quote_ident(&build->text, build->table->name.name);
        buf_puts(&build->text, ".");
    }
    quote_ident(&build->text, column->name.name);
    buf_puts(&build->text, " + 1");
}

/* updated_at = now(), version = version + 1 */
static struct str also(struct build *build, bool conflict)
{
    for (size_t i = 0; i < build->table->columns.n; i++) {
        const struct model_column *column = build->table->columns.items[i];
        if (!column->version && !column->on_update.ntokens)
            continue;
        buf_puts(&build->text, build->text.n ? ", " : "");
        if (column->version)
            put_version(build, column, conflict);
        else
            put_on_update(build, column, conflict);
    }
    return build_take(build);
}

/* ---- insert, upsert, load ---- */

static struct stmt *make_insert(struct build *build, enum stmt_kind kind,
                                enum stmt_want want, struct str name)
{
    struct stmt *stmt = build_stmt(build, kind, want);
    stmt->name = name;
    stmt->writes = true;
    if (want != STMT_WANT_LOAD)
        stmt->returning = build->select;
    return stmt;
}

/* PostgreSQL infers no deferrable constraint, and the key has to be given. */
static bool can_conflict(const struct model_key *key)
{
    if (key->constraint && key->constraint->deferrable != NOT_DEFERRABLE)
        return false;
    for (size_t i = 0; i < key->columns.n; i++) {
        if (!is_insertable(key->columns.items[i]))
            return false;
    }
    return true;
}

static void make_upsert(struct build *build, const struct model_key *key)
{
    struct str name = key->primary ? STR("upsert")
                                   : build_name(build, "upsert_by_", &key->columns, "");
    struct stmt *stmt = make_insert(build, STMT_UPSERT, STMT_WANT_ONE, name);
    const struct model_column *soft = build->table->soft_delete;
    stmt->key = key;
    stmt->also = also(build, true);
    if (soft && !key->living_only) {
        /* What is put in is there afterwards. */
        buf_str(&build->text, stmt->also);
        buf_puts(&build->text, stmt->also.n ? ", " : "");
        quote_ident(&build->text, soft->name.name);
        buf_puts(&build->text, " = null");
        stmt->also = build_take(build);
    }
    buf_puts(&build->text, "(");
    write_columns(&build->text, &key->columns);
    buf_puts(&build->text, ")");
    if (key->where.ntokens || key->living_only) {
        buf_puts(&build->text, " where ");
        write_predicate(&build->text, &key->where, key->living_only ? soft : NULL);
    }
    stmt->target = build_take(build);
}

static void make_upserts(struct build *build)
{
    const struct model_table *table = build->table;
    struct map made = { 0 };
    for (size_t i = 0; i < table->keys.n; i++) {
        const struct model_key *key = &table->keys.items[i];
        struct str columns = build_name(build, "", &key->columns, "");
        if (can_conflict(key) && !map_add(&made, build->arena, columns, build))
            make_upsert(build, key);
    }
}

/* ---- update ---- */

static void put_key(struct build *build, struct stmt *stmt)
{
    buf_puts(&build->text, " where ");
    build_equals(build, stmt, &stmt->key->columns);
}

/* The row comes back in any case: whether it is there, whether it was hit, its columns. */
static void put_version_text(struct build *build, struct stmt *stmt)
{
    struct buf *out = &build->text;
    stmt->head = STR("with hit as (");
    buf_puts(out, ") select exists (select from ");
    buf_str(out, build->relation);
    for (size_t i = 0; i < stmt->key->columns.n; i++) {
        buf_puts(out, i ? " and " : " where ");
        build_equal(build, stmt->key->columns.items[i], (struct str){ NULL, 0 }, i + 1);
    }
    build_living(build, stmt);
    buf_puts(out, ") as there, exists (select from hit) as hit");
    for (size_t i = 0; i < build->table->columns.n; i++) {
        buf_puts(out, ", hit.");
        quote_ident(out, build->table->columns.items[i]->name.name);
    }
    buf_puts(out, " from (select) as one left join hit on true");
    stmt->tail = build_take(build);
}

static void make_update(struct build *build, const struct model_key *key)
{
    struct stmt *stmt = build_stmt(build, STMT_UPDATE, STMT_WANT_ONE);
    stmt->key = key;
    stmt->name = STR("update");
    stmt->writes = true;
    stmt->returning = build->select;
    stmt->also = also(build, false);
    put_key(build, stmt);
    if (build->table->version) {
        buf_puts(&build->text, " and ");
        size_t number = build_param(build, stmt, build->table->version, false);
        build_equal(build, build->table->version, (struct str){ NULL, 0 }, number);
    }
    build_living(build, stmt);
    struct str where = build_take(build);
    stmt->where = (struct str){ where.s + 1, where.n - 1 };
    if (build->table->version)
        put_version_text(build, stmt);
}

/* ---- delete, restore, purge ---- */

static struct stmt *make_touch(struct build *build, enum stmt_kind kind,
                               struct str name, const struct model_key *key)
{
    struct stmt *stmt = build_stmt(build, kind, STMT_WANT_TOUCH);
    stmt->name = name;
    stmt->key = key;
    stmt->writes = true;
    return stmt;
}

static void make_purge(struct build *build, enum stmt_kind kind, struct str name,
                       const struct model_key *key)
{
    struct stmt *stmt = make_touch(build, kind, name, key);
    buf_puts(&build->text, "delete from ");
    buf_str(&build->text, build->relation);
    put_key(build, stmt);
    build_piece(build, stmt, 0);
}

/* update T set deleted_at = now(), updated_at = now() where id = $1 and ... */
static void make_mark(struct build *build, enum stmt_kind kind, struct str name,
                      const struct model_key *key)
{
    bool restore = kind == STMT_RESTORE;
    struct str others = also(build, false);
    struct stmt *stmt = make_touch(build, kind, name, key);
    const struct model_column *soft = build->table->soft_delete;
    buf_puts(&build->text, "update ");
    buf_str(&build->text, build->relation);
    buf_puts(&build->text, " set ");
    quote_ident(&build->text, soft->name.name);
    buf_puts(&build->text, restore ? " = null" : " = now()");
    buf_puts(&build->text, others.n ? ", " : "");
    buf_str(&build->text, others);
    put_key(build, stmt);
    buf_puts(&build->text, " and ");
    quote_ident(&build->text, soft->name.name);
    buf_puts(&build->text, restore ? " is not null" : " is null");
    build_piece(build, stmt, 0);
}

static void make_deletes(struct build *build, const struct model_key *key)
{
    if (!build->table->soft_delete) {
        make_purge(build, STMT_DELETE, STR("delete"), key);
        return;
    }
    make_mark(build, STMT_DELETE, STR("delete"), key);
    make_mark(build, STMT_RESTORE, STR("restore"), key);
    make_purge(build, STMT_PURGE, STR("purge"), key);
}

void stmt_make_writes(struct build *build)
{
    const struct model_table *table = build->table;
    bool many = any_column(table, is_insertable);
    const struct model_key *key = table->keys.n && table->keys.items[0].primary
                                      ? &table->keys.items[0]
                                      : NULL;
    make_insert(build, STMT_INSERT, STMT_WANT_ONE, STR("insert"));
    if (many)
        make_insert(build, STMT_INSERT_MANY, STMT_WANT_MANY, STR("insert_many"));
    make_upserts(build);
    if (key && any_column(table, is_updatable))
        make_update(build, key);
    if (key)
        make_deletes(build, key);
    if (many)
        make_insert(build, STMT_LOAD, STMT_WANT_LOAD, STR("load"));
}
