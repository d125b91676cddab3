/* resolve_column.c: a table's columns: types and what is said of each alone. Must not look
 * at keys or other tables. */
#include "resolver.h"

static struct model_sql *sql_slot(struct model_column *column, enum ast_attr_kind kind)
{
    if (kind == AST_ATTR_DEFAULT) {
        return &column->default_;
    }
    if (kind == AST_ATTR_GENERATED) {
        return &column->generated;
    }
    if (kind == AST_ATTR_ON_UPDATE) {
        return &column->on_update;
    }
    return kind == AST_ATTR_BACKFILL ? &column->backfill : &column->using_;
}

static void set_version(struct resolver *r, struct table_work *work,
                        struct model_column *column, const struct ast_attr *attr)
{
    struct model_column *first = work->table->version;
    if (first && first != column) {
        struct diag *diag = diag_error(r->diags, E_two_versions, attr->span,
                                       "table \"%s\" has a version column already",
                                       shown_table(r, work->table));
        diag->other = first->name.span;
        diag->note = "the first is here";
        return;
    }
    column->version = true;
    work->table->version = column;
}

static void set_soft_delete(struct resolver *r, struct table_work *work,
                            struct model_column *column, const struct ast_attr *attr)
{
    struct model_column *first = work->table->soft_delete;
    if (first && first != column) {
        struct diag *diag = diag_error(r->diags, E_two_soft_deletes, attr->span,
                                       "table \"%s\" has a soft delete column already",
                                       shown_table(r, work->table));
        diag->other = first->name.span;
        diag->note = "the first is here";
        return;
    }
    column->soft_delete = true;
    work->table->soft_delete = column;
}

static void set_storage(struct resolver *r, struct model_column *column,
                        const struct ast_attr *attr)
{
    static const char *const storages[] = { "plain", "external", "extended", "main" };
    struct suggest suggest = suggest_for(attr->name.text);
    for (size_t i = 0; i < sizeof storages / sizeof *storages; i++) {
        if (str_eq_c(attr->name.text, storages[i])) {
            column->storage = attr->name.text;
            return;
        }
        suggest_offer(&suggest, str_of(storages[i]));
    }
    struct diag *diag = diag_error(r->diags, E_bad_storage, attr->name.span,
                                   "there is no storage \"%.*s\"",
                                   STR_ARGS(attr->name.text));
    if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
    } else {
        diag_hint(r->diags, diag, "it is plain, external, extended or main");
    }
}

static void set_compression(struct resolver *r, struct model_column *column,
                            const struct ast_attr *attr)
{
    if (str_eq_c(attr->name.text, "pglz") || str_eq_c(attr->name.text, "lz4")) {
        column->compression = attr->name.text;
        return;
    }
    struct diag *diag = diag_error(r->diags, E_bad_storage, attr->name.span,
                                   "there is no compression \"%.*s\"",
                                   STR_ARGS(attr->name.text));
    diag_hint(r->diags, diag, "it is pglz or lz4");
}

static void set_attr(struct resolver *r, struct table_work *work,
                     struct model_column *column, const struct ast_attr *attr)
{
    switch (attr->kind) {
    case AST_ATTR_DEFAULT:
    case AST_ATTR_GENERATED:
    case AST_ATTR_USING:
        *sql_slot(column, attr->kind) = resolve_expression(r, &attr->sql);
        break;
    case AST_ATTR_ON_UPDATE:
    case AST_ATTR_BACKFILL:
        *sql_slot(column, attr->kind) = resolve_sql(&attr->sql);
        break;
    case AST_ATTR_IDENTITY:
        column->identity = attr->by_default ? IDENTITY_BY_DEFAULT : IDENTITY_ALWAYS;
        break;
    case AST_ATTR_COLLATE:
        column->collate = sql_qname(r, &attr->qname);
        break;
    case AST_ATTR_STORAGE:
        set_storage(r, column, attr);
        break;
    case AST_ATTR_COMPRESSION:
        set_compression(r, column, attr);
        break;
    case AST_ATTR_SECRET:
        column->secret = true;
        break;
    case AST_ATTR_VERSION:
        set_version(r, work, column, attr);
        break;
    case AST_ATTR_SOFT_DELETE:
        set_soft_delete(r, work, column, attr);
        break;
    case AST_ATTR_WAS:
        resolve_was(r, &attr->names, &column->was);
        break;
    case AST_ATTR_UNIQUE:
    case AST_ATTR_PRIMARY_KEY:
    case AST_ATTR_REFERENCES:
    case AST_ATTR_CHECK:
        break; /* resolve_member.c */
    case AST_ATTR_NOT_NULL:
        break; /* build_member.c */
    }
}

/* What may be written once. */
static bool is_single(enum ast_attr_kind kind)
{
    return kind != AST_ATTR_CHECK && kind != AST_ATTR_REFERENCES;
}

static void set_attrs(struct resolver *r, struct table_work *work,
                      const struct ast_column *ast, struct model_column *column)
{
    unsigned seen = 0;
    for (size_t i = 0; i < ast->attrs.n; i++) {
        const struct ast_attr *attr = &ast->attrs.items[i];
        unsigned bit = 1U << attr->kind;
        if (is_single(attr->kind) && (seen & bit)) {
            (void)diag_error(r->diags, E_duplicate_attribute, attr->span,
                             "this attribute stands here twice");
        } else {
            set_attr(r, work, column, attr);
        }
        seen |= bit;
    }
}

static void set_sequence(struct resolver *r, const struct ast_column *ast,
                         struct model_column *column)
{
    const struct ast_sequence *options = NULL;
    for (size_t i = 0; i < ast->attrs.n; i++) {
        if (ast->attrs.items[i].kind == AST_ATTR_IDENTITY) {
            options = ast->attrs.items[i].sequence;
        }
    }
    if (column->serial || column->identity != IDENTITY_NONE) {
        resolve_owned_sequence(r, column, options);
    }
}

static void report_duplicate(struct resolver *r, struct table_work *work,
                             const struct ast_column *ast,
                             const struct model_column *first)
{
    struct diag *diag = diag_error(r->diags, E_duplicate_column, ast->name.span,
                                   "table \"%s\" has a column \"%.*s\" already",
                                   shown_table(r, work->table),
                                   STR_ARGS(ast->name.text));
    diag->other = first->name.span;
    diag->note = "first declared here";
}

/* `name txt;`: a column that is called like a type, and a type with a typing error. */
static bool is_misspelt_type(const struct ast_column *ast)
{
    static const char *const names[] = { "name",    "text",  "date",      "time",
                                         "path",    "point", "line",      "box",
                                         "json",    "xml",   "timestamp", "interval",
                                         "uuid",    "bit",   "circle",    "money",
                                         "polygon", "oid" };
    bool usual = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        usual = usual || str_eq_c(ast->name.text, names[i]);
    }
    struct str type = ast->type.name.name.text;
    struct suggest suggest = suggest_for(type);
    type_suggest(&suggest);
    bool near = type_foreign(type) ||
                (type.n > 2 && suggest.best.n && suggest.distance > 0);
    return usual && (near || str_eq_c(ast->name.text, "name"));
}

/* `text id;`, as in C: the second word is no type, or `name`, which is one but hardly
 * meant. What the column is called is then unknown to all that follows. */
static bool is_type_first(struct resolver *r, struct table_work *work,
                          const struct ast_column *ast)
{
    const struct ast_qname *type = &ast->type.name;
    if (ast->name.quoted || type->schema.text.n || !type_find(ast->name.text)) {
        return false;
    }
    bool meant = type->name.quoted || !str_eq_c(type->name.text, "name");
    if (is_misspelt_type(ast) || (meant && type_is_known(r, work->scope, &ast->type))) {
        return false;
    }
    struct diag *diag = diag_error(r->diags, E_type_first, ast->name.span,
                                   "type \"%.*s\" where a column's name stands",
                                   STR_ARGS(ast->name.text));
    diag_hint(r->diags, diag, "the name comes first: %.*s %.*s;",
              STR_ARGS(ast->type.name.name.text), STR_ARGS(ast->name.text));
    work->lost = true;
    (void)may_be_lost_column(r, work, ast->name.text);
    (void)map_add(&work->lost_words, r->arena, ast->name.text, work);
    (void)map_add(&work->lost_words, r->arena, ast->type.name.name.text, work);
    return true;
}

static void resolve_column(struct resolver *r, struct table_work *work,
                           const struct ast_member *member)
{
    const struct ast_column *ast = member->column;
    if (is_type_first(r, work, ast)) {
        return;
    }
    struct model_table *table = work->table;
    struct model_column *column = arena_new(r->arena, struct model_column);
    const struct model_column *first = map_add(&table->column_by_name, r->arena,
                                               ast->name.text, column);
    if (first) {
        report_duplicate(r, work, ast, first);
        return;
    }
    column->name = resolve_name(r, &ast->name, &ast->c_name, member->doc);
    column->table = table;
    column->index = table->columns.n;
    column->type = resolve_type(r, work->scope, &ast->type, &column->serial);
    column->nullable = ast->type.nullable;
    set_attrs(r, work, ast, column);
    VEC_PUSH(r->arena, &table->columns, column);
    set_sequence(r, ast, column);
    rules_column(r, work, ast, column);
}

static struct str table_option(struct resolver *r, const struct ast_sql *sql)
{
    return sql->ntokens ? sql_text(r, sql) : (struct str){ 0 };
}

void resolve_columns(struct resolver *r)
{
    for (size_t i = 0; i < r->tables.n; i++) {
        struct table_work *work = r->tables.items[i];
        const struct ast_table *ast = work->ast;
        work->table->unlogged = ast->unlogged;
        rule_storage(r, (struct str){ 0 }, &ast->with);
        work->table->with = table_option(r, &ast->with);
        work->table->tablespace = span_text(ast->tablespace.span);
        resolve_was_in(r, &ast->was, work->table->schema,
                       (struct old_names){ &work->table->was, &work->table->was_in });
        for (size_t k = 0; k < ast->members.n; k++) {
            if (ast->members.items[k].kind == AST_MEMBER_COLUMN) {
                resolve_column(r, work, &ast->members.items[k]);
            }
        }
    }
}
