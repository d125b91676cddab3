/* precious.c: see precious.h. Must not know why it is asked. */
#include "precious.h"

static const char *in_attr(const struct ast_attr *attr)
{
    switch (attr->kind) {
    case AST_ATTR_ON_UPDATE:
        return "what an update sets";
    case AST_ATTR_SECRET:
        return "a secret column";
    case AST_ATTR_VERSION:
        return "a version column";
    case AST_ATTR_SOFT_DELETE:
        return "a soft delete column";
    case AST_ATTR_WAS:
    case AST_ATTR_BACKFILL:
    case AST_ATTR_USING:
        return "a hint for change";
    case AST_ATTR_DEFAULT:
    case AST_ATTR_IDENTITY:
    case AST_ATTR_GENERATED:
    case AST_ATTR_UNIQUE:
    case AST_ATTR_PRIMARY_KEY:
    case AST_ATTR_REFERENCES:
    case AST_ATTR_CHECK:
    case AST_ATTR_COLLATE:
    case AST_ATTR_STORAGE:
    case AST_ATTR_COMPRESSION:
    case AST_ATTR_NOT_NULL:
        return NULL;
    }
    return NULL;
}

static const char *in_column(const struct ast_column *column)
{
    const char *found = NULL;
    for (size_t i = 0; i < column->attrs.n && found == NULL; i++) {
        found = in_attr(&column->attrs.items[i]);
    }
    return found;
}

static const char *in_table(const struct ast_table *table)
{
    const char *found = table->was.n > 0 ? "a hint for change" : NULL;
    for (size_t i = 0; i < table->members.n && found == NULL; i++) {
        const struct ast_member *member = &table->members.items[i];
        if (member->kind == AST_MEMBER_COLUMN) {
            found = in_column(member->column);
        } else if (member->kind == AST_MEMBER_DROPPED) {
            found = "a hint for change";
        }
    }
    return found;
}

static const char *in_enum(const struct ast_enum *type)
{
    bool hints = type->was.n > 0;
    for (size_t i = 0; i < type->values.n; i++) {
        hints = hints || type->values.items[i].was.n > 0 ||
                type->values.items[i].dropped;
    }
    return hints ? "a hint for change" : NULL;
}

static const char *in_decls(const ast_decls *decls);

static const char *in_decl(const struct ast_decl *decl)
{
    switch (decl->kind) {
    case AST_DECL_SCHEMA:
        return decl->schema->was.n > 0 ? "a hint for change"
                                       : in_decls(&decl->schema->decls);
    case AST_DECL_TABLE:
        return in_table(decl->table);
    case AST_DECL_ENUM:
        return in_enum(decl->enum_);
    case AST_DECL_QUERY:
        return "a query";
    case AST_DECL_DROPPED:
        return "a hint for change";
    case AST_DECL_DOMAIN:
    case AST_DECL_SEQUENCE:
    case AST_DECL_EXTENSION:
        return NULL;
    }
    return NULL;
}

static const char *in_decls(const ast_decls *decls)
{
    const char *found = NULL;
    for (size_t i = 0; i < decls->n && found == NULL; i++) {
        found = in_decl(&decls->items[i]);
    }
    return found;
}

const char *precious_in(const struct ast_file *file)
{
    if (!file->ok) {
        return "something that is no schema";
    }
    return file->includes.n > 0 ? "an included file" : in_decls(&file->decls);
}
