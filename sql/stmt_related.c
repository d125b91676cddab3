/* stmt_related.c: a row by its primary key, or many, with the rows of one foreign key to
 * it; must not know of declared queries. */
#include "quote.h"
#include "stmt_maker.h"
#include "write.h"

/* Where the foreign key's i-th column points in the primary key; the key's size when it
 * points elsewhere. */
static size_t target_at(const struct model_key *key, const struct model_constraint *fk,
                        size_t i)
{
    for (size_t k = 0; k < key->columns.n; k++) {
        if (key->columns.items[k] == fk->target_columns.items[i])
            return k;
    }
    return key->columns.n;
}

static bool is_to_key(const struct model_key *key, const struct model_constraint *fk)
{
    if (fk->target_columns.n != key->columns.n)
        return false;
    for (size_t i = 0; i < fk->target_columns.n; i++) {
        if (target_at(key, fk, i) == key->columns.n)
            return false;
    }
    return true;
}

/* Of any of the parents' keys. */
static void put_any(struct maker *child, const struct model_key *key,
                    const struct model_constraint *fk)
{
    model_columns columns = { 0 };
    for (size_t k = 0; k < key->columns.n; k++) {
        for (size_t i = 0; i < fk->columns.n; i++) {
            if (target_at(key, fk, i) == k)
                VEC_PUSH(child->arena, &columns, fk->columns.items[i]);
        }
    }
    buf_puts(&child->text, " where ");
    maker_any(child, &columns, NULL);
}

/* The child's rows for the parent's key, which keeps its numbers. */
static struct stmt *make_child(struct maker *child, const struct stmt *parent,
                               struct model_constraint *fk)
{
    bool many = parent->kind == STMT_RELATED_MANY;
    struct stmt *stmt = maker_stray(child, STMT_LIST, STMT_WANT_MANY);
    stmt->foreign_key = fk;
    stmt->params = parent->params;
    stmt->same_count = parent->same_count;
    maker_select(child);
    if (many)
        put_any(child, parent->key, fk);
    for (size_t i = 0; !many && i < fk->columns.n; i++) {
        buf_puts(&child->text, i ? " and " : " where ");
        maker_equal(child, fk->columns.items[i], (struct str){ NULL, 0 },
                    target_at(parent->key, fk, i) + 1);
    }
    maker_living(child, stmt);
    maker_piece(child, stmt, 0);
    return stmt;
}

/* ---- names ---- */

/* The children that go by one name. */
struct namesake {
    const struct model_table *first;
    bool several; /* tables of that name */
};

static void add_child(struct maker *maker, const struct model_table *child)
{
    struct str name = maker_column_name(&child->name);
    struct namesake *known = map_find(&maker->children, name);
    if (!known) {
        known = arena_new(maker->arena, struct namesake);
        known->first = child;
        map_add(&maker->children, maker->arena, name, known);
    } else if (known->first != child) {
        known->several = true;
    }
}

static void add_children(struct maker *maker)
{
    for (size_t i = 0; i < maker->table->referenced_by.n; i++)
        add_child(maker, maker->table->referenced_by.items[i]->table);
}

/* Whether an earlier foreign key of the child says the same. */
static bool is_repeated(const struct model_constraint *fk)
{
    for (size_t i = 0; i < fk->table->foreign_keys.n; i++) {
        const struct model_constraint *other = fk->table->foreign_keys.items[i];
        if (other == fk)
            return false;
        if (other->target == fk->target &&
            maker_same_columns(&other->columns, &fk->columns))
            return true;
    }
    return false;
}

static size_t keys_between(const struct model_table *child,
                           const struct model_table *parent)
{
    size_t n = 0;
    for (size_t i = 0; i < child->foreign_keys.n; i++)
        n += child->foreign_keys.items[i]->target == parent &&
             !is_repeated(child->foreign_keys.items[i]);
    return n;
}

struct str stmt_relation_name(struct maker *maker, const struct model_constraint *fk)
{
    const struct model_table *table = maker->table, *child = fk->table;
    if (!maker->children.n)
        add_children(maker);
    const struct namesake *known = map_find(&maker->children,
                                            maker_column_name(&child->name));
    struct str name = maker_column_name(&child->name);
    /* The row's member is called like its table. */
    bool own = str_eq(name, maker_column_name(&table->name));
    if (((known && known->several) || own) && child->schema != table->schema) {
        struct str schema = maker_column_name(&child->schema->name);
        name = maker_printf(maker, "%.*s_%.*s", STR_ARGS(schema), STR_ARGS(name));
    }
    if (child == table || keys_between(child, table) > 1) {
        struct str columns = maker_name(maker, "_by_", &fk->columns, "");
        name = maker_printf(maker, "%.*s%.*s", STR_ARGS(name), STR_ARGS(columns));
    }
    return name;
}

static void put_keys(struct maker *maker, struct stmt *stmt)
{
    const struct model_key *key = stmt->key;
    if (stmt->kind == STMT_RELATED) {
        maker_equals(maker, stmt, key);
        return;
    }
    for (size_t i = 0; i < key->columns.n; i++)
        maker_param(maker, stmt, key->columns.items[i], true);
    maker_any(maker, &key->columns, key);
}

static void make_related(struct maker *maker, enum stmt_kind kind,
                         struct model_constraint *fk)
{
    bool many = kind == STMT_RELATED_MANY;
    struct stmt *stmt = maker_stmt(maker, kind, many ? STMT_WANT_MANY : STMT_WANT_ONE);
    struct str name = stmt_relation_name(maker, fk);
    stmt->key = &maker->table->keys.items[0];
    stmt->foreign_key = fk;
    stmt->same_count = many && stmt->key->columns.n > 1;
    stmt->name = maker_printf(maker, many ? "get_many_with_%.*s" : "get_with_%.*s",
                              STR_ARGS(name));
    maker_select(maker);
    buf_puts(&maker->text, " where ");
    put_keys(maker, stmt);
    maker_living(maker, stmt);
    maker_piece(maker, stmt, 0);

    struct maker child;
    maker_open(&child, maker->arena, NULL, fk->table);
    struct stmt_relation relation = { .child = make_child(&child, stmt, fk),
                                      .name = name,
                                      .foreign_key = fk };
    maker_close(&child);
    stmt->secret |= relation.child->secret;
    VEC_PUSH(maker->arena, &stmt->relations, relation);
}

static void make_each(struct maker *maker, enum stmt_kind kind)
{
    const struct model_table *table = maker->table;
    const struct model_key *key = &table->keys.items[0];
    for (size_t i = 0; i < table->referenced_by.n; i++) {
        struct model_constraint *fk = table->referenced_by.items[i];
        if (is_to_key(key, fk) && !is_repeated(fk) && model_key_matches(fk))
            make_related(maker, kind, fk);
    }
}

void stmt_make_related(struct maker *maker)
{
    const struct model_table *table = maker->table;
    if (!table->keys.n || !table->keys.items[0].primary)
        return;
    make_each(maker, STMT_RELATED);
    if (maker_can_be_many(&table->keys.items[0]))
        make_each(maker, STMT_RELATED_MANY);
}
