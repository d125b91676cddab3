/* format_role.c: what the tree says about each token, for the spacing. Must not print. */
#include "format_print.h"
#include "types.h"

struct marker {
    struct arena *arena;
    const struct ast_file *file;
    unsigned char *roles;
    struct marks *marks;
};

size_t print_index(const struct ast_file *file, uint32_t offset)
{
    size_t low = 0, high = file->ntokens - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (file->tokens[middle].span.start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- SQL and types ---------------------------------------------------------------------- */

static void mark_sql(struct marker *m, const struct ast_sql *sql)
{
    if (sql->ntokens == 0)
        return;
    size_t first = (size_t)(sql->tokens - m->file->tokens);
    m->roles[first] |= ROLE_SQL_FIRST;
    for (size_t i = 1; i < sql->ntokens; i++)
        m->roles[first + i] |= ROLE_SQL;
}

/* A built-in type by another spelling is printed by its short name, the words of the long
 * one are dropped; modifiers stay. Types are met in the order of the source. */
static void mark_long_name(struct marker *m, const struct ast_type *type)
{
    const struct ast_name *name = &type->name.name;
    const struct type_info *info = type_find(name->text);
    if (name->quoted || type->name.schema.text.n > 0 || !info ||
        str_eq(info->name, name->text))
        return;
    size_t first = print_index(m->file, type->span.start);
    struct short_type found = { first, info->name };
    VEC_PUSH(m->arena, &m->marks->types, found);
    m->roles[first] |= ROLE_TYPE;
    for (size_t i = first + 1; m->file->tokens[i].span.end <= type->span.end; i++)
        if (m->roles[i] & ROLE_LOWER)
            m->roles[i] |= ROLE_DROPPED;
}

/* numeric(10,2): nothing has a space before it but the words of a long name. */
static void mark_type(struct marker *m, const struct ast_type *type)
{
    if (!type->span.source)
        return;
    size_t i = print_index(m->file, type->span.start);
    int depth = 0;
    for (; m->file->tokens[i].span.end <= type->span.end; i++) {
        enum token_kind kind = m->file->tokens[i].kind;
        if (kind == TOKEN_END)
            return;
        if (depth > 0 || kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET)
            m->roles[i] |= ROLE_GLUED;
        else if (kind == TOKEN_NAME)
            m->roles[i] |= ROLE_LOWER;
        if (kind == TOKEN_LPAREN || kind == TOKEN_LBRACKET)
            depth++;
        else if (kind == TOKEN_RPAREN || kind == TOKEN_RBRACKET)
            depth--;
    }
    mark_long_name(m, type);
}

static void mark_at(struct marker *m, uint32_t offset, enum token_role role)
{
    m->roles[print_index(m->file, offset)] |= (unsigned char)role;
}

/* ---- members ------------------------------------------------------------------------------ */

static void mark_attr(struct marker *m, const struct ast_attr *attr)
{
    mark_at(m, attr->span.start, ROLE_ATTRIBUTE);
    mark_sql(m, &attr->sql);
}

static void mark_column(struct marker *m, const struct ast_column *column)
{
    mark_type(m, &column->type);
    for (size_t i = 0; i < column->attrs.n; i++)
        mark_attr(m, &column->attrs.items[i]);
    /* Among the attributes "as" is one of them. */
    if (column->c_name.given && column->c_name.span.start > column->type.span.start) {
        size_t name = print_index(m->file, column->c_name.span.start);
        m->roles[name - 1] |= ROLE_ATTRIBUTE;
    }
}

static void mark_options(struct marker *m, const struct ast_options *options)
{
    mark_sql(m, &options->where);
    mark_sql(m, &options->with);
}

static void mark_elements(struct marker *m, const ast_elements *elements)
{
    for (size_t i = 0; i < elements->n; i++) {
        const struct ast_element *element = &elements->items[i];
        mark_sql(m, &element->expression);
        mark_sql(m, &element->opclass_args);
        mark_sql(m, &element->with_operator);
        if (element->opclass_args.ntokens > 0)
            m->roles[element->opclass_args.tokens - m->file->tokens - 1] |= ROLE_GLUED;
    }
}

static void mark_member(struct marker *m, const struct ast_member *member)
{
    switch (member->kind) {
    case AST_MEMBER_COLUMN:
        mark_column(m, member->column);
        break;
    case AST_MEMBER_DROPPED:
        break;
    case AST_MEMBER_KEY:
        mark_options(m, &member->key->options);
        break;
    case AST_MEMBER_FOREIGN_KEY:
        mark_options(m, &member->foreign_key->options);
        break;
    case AST_MEMBER_CHECK:
        mark_sql(m, &member->check->expression);
        mark_options(m, &member->check->options);
        break;
    case AST_MEMBER_EXCLUDE:
        mark_elements(m, &member->exclude->elements);
        mark_options(m, &member->exclude->options);
        break;
    case AST_MEMBER_INDEX:
        mark_elements(m, &member->index->elements);
        mark_options(m, &member->index->options);
        break;
    }
}

/* ---- declarations --------------------------------------------------------------------------- */

static void mark_query(struct marker *m, const struct ast_query *query)
{
    size_t name_end = print_index(m->file, query->name.span.end);
    if (query->c_name.given)
        name_end = print_index(m->file, query->c_name.span.end);
    if (m->file->tokens[name_end].kind == TOKEN_LPAREN)
        m->roles[name_end] |= ROLE_GLUED;
    for (size_t i = 0; i < query->params.n; i++) {
        const struct ast_param *param = &query->params.items[i];
        mark_type(m, &param->type);
        for (size_t j = 0; j < param->choices.n; j++)
            mark_sql(m, &param->choices.items[j].sql);
    }
    mark_type(m, &query->type);
    for (size_t i = 0; i < query->fields.n; i++)
        mark_type(m, &query->fields.items[i].type);
}

static void mark_domain(struct marker *m, const struct ast_domain *domain)
{
    mark_type(m, &domain->type);
    for (size_t i = 0; i < domain->attrs.n; i++)
        mark_sql(m, &domain->attrs.items[i].sql);
}

static void mark_decls(struct marker *m, const ast_decls *decls);

static void mark_decl(struct marker *m, const struct ast_decl *decl)
{
    switch (decl->kind) {
    case AST_DECL_SCHEMA:
        mark_decls(m, &decl->schema->decls);
        break;
    case AST_DECL_TABLE:
        mark_sql(m, &decl->table->with);
        for (size_t i = 0; i < decl->table->members.n; i++)
            mark_member(m, &decl->table->members.items[i]);
        break;
    case AST_DECL_DOMAIN:
        mark_domain(m, decl->domain);
        break;
    case AST_DECL_SEQUENCE:
        mark_type(m, &decl->sequence->type);
        break;
    case AST_DECL_EXTENSION:
        for (size_t i = 0; i < decl->extension->types.n; i++)
            mark_type(m, &decl->extension->types.items[i].as);
        break;
    case AST_DECL_QUERY:
        mark_query(m, decl->query);
        break;
    case AST_DECL_ENUM:
    case AST_DECL_DROPPED:
        break;
    }
}

/* Schemas are never nested. */
static void mark_decls(struct marker *m, const ast_decls *decls)
{
    for (size_t i = 0; i < decls->n; i++)
        mark_decl(m, &decls->items[i]);
}

struct marks print_marks(struct arena *arena, const struct ast_file *file)
{
    struct marks marks = { .roles = arena_array(arena, unsigned char, file->ntokens) };
    struct marker marker = { arena, file, marks.roles, &marks };
    mark_decls(&marker, &file->decls);
    return marks;
}

struct str print_short_type(const struct marks *marks, size_t token)
{
    size_t low = 0, high = marks->types.n - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marks->types.items[middle].token < token)
            low = middle + 1;
        else
            high = middle;
    }
    return marks->types.items[low].name;
}
