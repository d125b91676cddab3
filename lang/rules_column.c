/* rules_column.c: what must hold of a column and of a table as a whole. Must not change
 * the model. */
#include "resolver.h"

/* ---- attributes that exclude each other --------------------------------------------------- */

static const struct ast_attr *find_attr(const struct ast_column *ast,
                                        enum ast_attr_kind kind)
{
    for (size_t i = 0; i < ast->attrs.n; i++) {
        if (ast->attrs.items[i].kind == kind) {
            return &ast->attrs.items[i];
        }
    }
    return NULL;
}

static const char *attr_shown(enum ast_attr_kind kind)
{
    static const char *const shown[] = {
        [AST_ATTR_DEFAULT] = "default",
        [AST_ATTR_IDENTITY] = "identity",
        [AST_ATTR_GENERATED] = "generated",
        [AST_ATTR_UNIQUE] = "unique",
        [AST_ATTR_PRIMARY_KEY] = "primary key",
        [AST_ATTR_REFERENCES] = "references",
        [AST_ATTR_CHECK] = "check",
        [AST_ATTR_COLLATE] = "collate",
        [AST_ATTR_STORAGE] = "storage",
        [AST_ATTR_COMPRESSION] = "compression",
        [AST_ATTR_ON_UPDATE] = "on update",
        [AST_ATTR_SECRET] = "secret",
        [AST_ATTR_VERSION] = "version",
        [AST_ATTR_SOFT_DELETE] = "soft delete",
        [AST_ATTR_WAS] = "was",
        [AST_ATTR_BACKFILL] = "backfill",
        [AST_ATTR_USING] = "using",
        [AST_ATTR_NOT_NULL] = "not null",
    };
    return shown[kind];
}

static void check_pairs(struct resolver *r, const struct ast_column *ast)
{
    static const struct {
        enum ast_attr_kind a, b;
    } pairs[] = {
        { AST_ATTR_DEFAULT, AST_ATTR_IDENTITY },
        { AST_ATTR_DEFAULT, AST_ATTR_GENERATED },
        { AST_ATTR_IDENTITY, AST_ATTR_GENERATED },
        { AST_ATTR_GENERATED, AST_ATTR_VERSION },
        { AST_ATTR_GENERATED, AST_ATTR_SOFT_DELETE },
        { AST_ATTR_GENERATED, AST_ATTR_BACKFILL },
        { AST_ATTR_VERSION, AST_ATTR_SOFT_DELETE },
        { AST_ATTR_VERSION, AST_ATTR_IDENTITY },
        { AST_ATTR_VERSION, AST_ATTR_PRIMARY_KEY },
        { AST_ATTR_SOFT_DELETE, AST_ATTR_PRIMARY_KEY },
        { AST_ATTR_SOFT_DELETE, AST_ATTR_DEFAULT },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct ast_attr *a = find_attr(ast, pairs[i].a);
        const struct ast_attr *b = find_attr(ast, pairs[i].b);
        if (a && b) {
            bool first = a->span.start < b->span.start;
            (void)diag_error(r->diags, E_attribute_conflict, (first ? b : a)->span,
                             "a column cannot be both \"%s\" and \"%s\"",
                             attr_shown((first ? a : b)->kind),
                             attr_shown((first ? b : a)->kind));
            return;
        }
    }
}

/* ---- attributes and types ------------------------------------------------------------------ */

static void check_counters(struct resolver *r, const struct ast_column *ast,
                           const struct model_column *column)
{
    const struct ast_attr *identity = find_attr(ast, AST_ATTR_IDENTITY);
    if (identity &&
        (!type_is_counter(&column->type) || column->type.kind == MODEL_DOMAIN)) {
        (void)diag_error(r->diags, E_identity_type, identity->span,
                         "identity needs int2, int4 or int8, not %s",
                         shown_type(r, &column->type));
    }
    bool counts = identity || column->serial;
    if (counts && column->nullable) {
        (void)diag_error(r->diags, E_identity_type, ast->type.span,
                         "a column that counts by itself is never NULL");
    }
    const struct ast_attr *conflict = find_attr(ast, AST_ATTR_DEFAULT);
    conflict = identity ? identity : conflict;
    conflict = conflict ? conflict : find_attr(ast, AST_ATTR_GENERATED);
    if (column->serial && conflict) {
        (void)diag_error(r->diags, E_attribute_conflict, conflict->span,
                         "a serial column cannot be \"%s\" too",
                         attr_shown(conflict->kind));
    }
}

static void check_version(struct resolver *r, const struct ast_column *ast,
                          const struct model_column *column)
{
    const struct ast_attr *attr = find_attr(ast, AST_ATTR_VERSION);
    if (attr && (!type_is_counter(&column->type) || column->nullable)) {
        (void)diag_error(r->diags, E_version_column, attr->span,
                         "a version is a NOT NULL int2, int4 or int8, not %s%s",
                         shown_type(r, &column->type), column->nullable ? "?" : "");
    }
}

static bool is_timestamp(const struct model_type *type)
{
    if (!type_is(type, CATEGORY_DATETIME)) {
        return false;
    }
    enum type_id id = type_under(type)->builtin->id;
    return id == TYPE_TIMESTAMP || id == TYPE_TIMESTAMPTZ;
}

static void check_soft_delete(struct resolver *r, const struct ast_column *ast,
                              const struct model_column *column)
{
    const struct ast_attr *attr = find_attr(ast, AST_ATTR_SOFT_DELETE);
    if (attr && (!is_timestamp(&column->type) || !column->nullable)) {
        struct diag *diag = diag_error(
            r->diags, E_soft_delete_column, attr->span,
            "a soft delete column is a nullable timestamptz or timestamp, not %s%s",
            shown_type(r, &column->type), column->nullable ? "?" : "");
        if (is_timestamp(&column->type)) {
            diag_hint(r->diags, diag, "write %s?", shown_type(r, &column->type));
        }
    }
}

void rule_collate(struct resolver *r, const struct ast_attr *attr,
                  const struct model_type *type)
{
    if (type_poisoned(type)) {
        return;
    }
    const struct model_type *under = type_under(type);
    bool text = under->kind == MODEL_EXTTYPE ||
                (under->kind == MODEL_BUILTIN &&
                 under->builtin->category == CATEGORY_STRING);
    if (attr && !text) {
        (void)diag_error(r->diags, E_attribute_conflict, attr->span,
                         "type %s has no collation", shown_type(r, type));
    }
}

/* Types of a fixed length, and tsquery, can only be stored plainly. */
static bool is_plain_only(const struct model_type *type)
{
    const struct model_type *under = type_under(type);
    if (type_is_array(type) || under->kind == MODEL_EXTTYPE) {
        return false;
    }
    return under->kind != MODEL_BUILTIN ||
           strcmp(type_storage(under->builtin->id), "plain") == 0;
}

/* Source: GetAttributeCompression in src/backend/commands/tablecmds.c, version 15. */
static void check_compression(struct resolver *r, const struct ast_column *ast,
                              const struct model_column *column)
{
    const struct ast_attr *attr = find_attr(ast, AST_ATTR_COMPRESSION);
    if (attr && column->compression.n && is_plain_only(&column->type)) {
        (void)diag_error(r->diags, E_bad_storage, attr->name.span,
                         "type %s cannot be compressed", shown_type(r, &column->type));
    }
}

static void check_storage(struct resolver *r, const struct ast_column *ast,
                          const struct model_column *column)
{
    const struct ast_attr *attr = find_attr(ast, AST_ATTR_STORAGE);
    if (attr && column->storage.n && !str_eq_c(column->storage, "plain") &&
        is_plain_only(&column->type)) {
        (void)diag_error(r->diags, E_bad_storage, attr->name.span,
                         "type %s can only have storage plain",
                         shown_type(r, &column->type));
    }
}

static void check_on_update(struct resolver *r, const struct ast_column *ast,
                            const struct model_column *column)
{
    const struct ast_attr *attr = find_attr(ast, AST_ATTR_ON_UPDATE);
    const char *why = column->generated.ntokens              ? "a generated column"
                      : column->identity == IDENTITY_ALWAYS  ? "an identity column"
                      : find_attr(ast, AST_ATTR_PRIMARY_KEY) ? "a primary key"
                      : column->version                      ? "a version column"
                      : column->soft_delete                  ? "a soft delete column"
                                                             : NULL;
    if (attr && why) {
        (void)diag_error(r->diags, E_on_update_not_here, attr->span,
                         "on update cannot set %s", why);
    }
}

/* Source: SystemAttributeByName in src/backend/catalog/heap.c, version 15. */
static void check_name(struct resolver *r, const struct ast_column *ast)
{
    static const char *const system[] = { "tableoid", "xmin", "cmin",
                                          "xmax",     "cmax", "ctid" };
    for (size_t i = 0; i < sizeof system / sizeof *system; i++) {
        if (str_eq_c(ast->name.text, system[i])) {
            (void)diag_error(r->diags, E_system_column, ast->name.span,
                             "column name \"%s\" is PostgreSQL's own", system[i]);
        }
    }
}

void rules_column(struct resolver *r, struct table_work *work,
                  const struct ast_column *ast, struct model_column *column)
{
    (void)work;
    check_name(r, ast);
    check_pairs(r, ast);
    check_on_update(r, ast, column);
    if (type_poisoned(&column->type)) {
        return;
    }
    check_counters(r, ast, column);
    check_version(r, ast, column);
    check_soft_delete(r, ast, column);
    rule_collate(r, find_attr(ast, AST_ATTR_COLLATE), &column->type);
    check_storage(r, ast, column);
    check_compression(r, ast, column);
    if (column->default_.ntokens) {
        rule_default(r, &column->type, column->nullable, &column->default_);
    }
    if (column->on_update.ntokens) {
        rule_default(r, &column->type, column->nullable, &column->on_update);
    }
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void check_generated(struct resolver *r, struct table_work *work,
                            const struct model_column *column)
{
    model_columns mentioned = { 0 };
    rule_immutable(r, work, &column->generated, "a generated column");
    resolve_mentions(r, work, &column->generated, &mentioned);
    for (size_t i = 0; i < mentioned.n; i++) {
        if (mentioned.items[i]->generated.ntokens) {
            (void)diag_error(
                r->diags, E_generated_from_generated, column->generated.span,
                "column \"%.*s\" is generated from \"%.*s\", which is "
                "generated itself",
                STR_ARGS(column->name.name), STR_ARGS(mentioned.items[i]->name.name));
            return;
        }
    }
}

/* Of keys that are members of their own; an inline one is seen by rules_column. */
static void check_key_updates(struct resolver *r, const struct model_table *table)
{
    const struct model_constraint *key = table->primary_key;
    for (size_t i = 0; key && !key->inline_ && i < key->columns.n; i++) {
        const struct model_column *column = key->columns.items[i];
        if (column->on_update.ntokens) {
            (void)diag_error(r->diags, E_on_update_not_here, column->on_update.span,
                             "on update cannot set a primary key");
        }
        if (column->version || column->soft_delete) {
            (void)diag_error(r->diags, E_attribute_conflict, column->name.span,
                             "a %s column cannot be in the primary key",
                             column->version ? "version" : "soft delete");
        }
    }
}

/* Source: MaxHeapAttributeNumber, version 15. */
enum { MAX_COLUMNS = 1600 };

void rules_table(struct resolver *r, struct table_work *work)
{
    struct model_table *table = work->table;
    if (table->columns.n == 0 && !work->lost) {
        (void)diag_warning(r->diags, E_empty_table, table->name.span,
                           "table \"%s\" has no columns", shown_table(r, table));
    }
    if (table->columns.n > MAX_COLUMNS) {
        (void)diag_error(r->diags, E_too_many_columns,
                         table->columns.items[MAX_COLUMNS]->name.span,
                         "a table has at most %d columns", MAX_COLUMNS);
    }
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_column *column = table->columns.items[i];
        rule_words(r, table, &column->backfill);
        rule_words(r, table, &column->using_);
        if (column->generated.ntokens) {
            check_generated(r, work, column);
        }
    }
    check_key_updates(r, table);
}
