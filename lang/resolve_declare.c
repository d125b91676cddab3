/* resolve_declare.c: the first pass: every object by its name, so that what is declared
 * later can be referred to. Must not look inside any object. */
#include "resolver.h"

struct scope *scope_find(const struct resolver *r, struct str schema)
{
    return map_find(&r->scopes, schema);
}

struct scope *scope_of(const struct resolver *r, const struct model_schema *schema)
{
    return scope_find(r, schema->name.name);
}

static struct scope *scope_add(struct resolver *r, struct str name)
{
    struct scope *scope = scope_find(r, name);
    if (scope) {
        return scope;
    }
    scope = arena_new(r->arena, struct scope);
    scope->schema = arena_new(r->arena, struct model_schema);
    scope->schema->name.name = name;
    map_add(&r->scopes, r->arena, name, scope);
    map_add(&r->model->schema_by_name, r->arena, name, scope->schema);
    VEC_PUSH(r->arena, &r->model->schemas, scope->schema);
    return scope;
}

static const char *kind_shown(enum entity_kind kind)
{
    static const char *const shown[] = { "schema", "extension",  "table",
                                         "enum",   "domain",     "sequence",
                                         "index",  "constraint", "query" };
    return shown[kind];
}

static struct entity *entity_new(struct resolver *r, enum entity_kind kind,
                                 void *object, struct span span)
{
    struct entity *entity = arena_new(r->arena, struct entity);
    *entity = (struct entity){ kind, object, span, false };
    return entity;
}

static void report_duplicate(struct resolver *r, const struct entity *entity,
                             const struct entity *first, const char *shown)
{
    struct diag *diag;
    if (entity->kind == first->kind) {
        diag = diag_error(r->diags, E_duplicate_object, entity->span,
                          "%s \"%s\" is declared twice", kind_shown(entity->kind),
                          shown);
    } else {
        diag = diag_error(r->diags, E_duplicate_object, entity->span,
                          "%s \"%s\" has the name of a%s %s", kind_shown(entity->kind),
                          shown, first->kind == ENTITY_ENUM ? "n" : "",
                          kind_shown(first->kind));
    }
    diag->other = first->span;
    diag->note = "first declared here";
}

/* Enters the name; false: it was there already, which is reported. */
static bool enter(struct resolver *r, struct scope *scope, struct map *map,
                  struct entity *entity, struct str name)
{
    const struct entity *first = map_add(map, r->arena, name, entity);
    if (first) {
        report_duplicate(r, entity, first, shown_name(r, scope->schema, name));
    }
    return !first;
}

/* The scope that a qualified name puts an object in: its own schema's, the block's, or
 * public. NULL when it was reported. */
static struct scope *scope_for(struct resolver *r, struct scope *block,
                               const struct ast_qname *name)
{
    struct str schema = name->schema.text;
    if (schema.n == 0) {
        return block ? block : scope_add(r, STR("public"));
    }
    if (block && !str_eq(block->schema->name.name, schema)) {
        (void)diag_error(r->diags, E_unknown_schema, name->schema.span,
                         "an object of schema \"%.*s\" inside schema \"%.*s\"",
                         STR_ARGS(schema), STR_ARGS(block->schema->name.name));
        return NULL;
    }
    if (block || str_eq_c(schema, "public")) {
        return scope_add(r, schema);
    }
    struct scope *scope = scope_find(r, schema);
    if (!scope) {
        (void)diag_error(r->diags, E_unknown_schema, name->schema.span,
                         "schema \"%.*s\" is not declared", STR_ARGS(schema));
    }
    return scope;
}

static void declare_table(struct resolver *r, struct scope *scope,
                          const struct ast_decl *decl)
{
    const struct ast_table *ast = decl->table;
    struct model_table *table = arena_new(r->arena, struct model_table);
    table->name = resolve_name(r, &ast->name.name, &ast->c_name, decl->doc);
    table->schema = scope->schema;
    struct str name = table->name.name;
    struct entity *entity = entity_new(r, ENTITY_TABLE, table, ast->name.name.span);
    if (!enter(r, scope, &scope->types, entity, name) ||
        !enter(r, scope, &scope->relations, entity, name)) {
        return;
    }
    map_add(&scope->schema->table_by_name, r->arena, name, table);
    VEC_PUSH(r->arena, &scope->schema->tables, table);
    struct table_work *work = arena_new(r->arena, struct table_work);
    work->table = table;
    work->ast = ast;
    work->scope = scope;
    work->span = decl->span;
    work->lost = ast->lost;
    VEC_PUSH(r->arena, &r->tables, work);
    map_add(&scope->works, r->arena, name, work);
}

static void declare_enum(struct resolver *r, struct scope *scope,
                         const struct ast_decl *decl)
{
    const struct ast_enum *ast = decl->enum_;
    struct model_enum *enum_ = arena_new(r->arena, struct model_enum);
    enum_->name = resolve_name(r, &ast->name.name, &ast->c_name, decl->doc);
    enum_->schema = scope->schema;
    struct entity *entity = entity_new(r, ENTITY_ENUM, enum_, ast->name.name.span);
    if (!enter(r, scope, &scope->types, entity, enum_->name.name)) {
        return;
    }
    VEC_PUSH(r->arena, &scope->schema->enums, enum_);
    struct enum_work *work = arena_new(r->arena, struct enum_work);
    *work = (struct enum_work){ enum_, ast, scope };
    VEC_PUSH(r->arena, &r->enums, work);
}

static void declare_domain(struct resolver *r, struct scope *scope,
                           const struct ast_decl *decl)
{
    const struct ast_domain *ast = decl->domain;
    struct model_domain *domain = arena_new(r->arena, struct model_domain);
    domain->name = resolve_name(r, &ast->name.name, NULL, decl->doc);
    domain->schema = scope->schema;
    struct domain_work *work = arena_new(r->arena, struct domain_work);
    *work = (struct domain_work){ domain, ast, scope, 0 };
    struct entity *entity = entity_new(r, ENTITY_DOMAIN, work, ast->name.name.span);
    if (!enter(r, scope, &scope->types, entity, domain->name.name)) {
        return;
    }
    VEC_PUSH(r->arena, &scope->schema->domains, domain);
    VEC_PUSH(r->arena, &r->domains, work);
}

static void declare_sequence(struct resolver *r, struct scope *scope,
                             const struct ast_decl *decl)
{
    const struct ast_sequence *ast = decl->sequence;
    struct model_sequence *sequence = arena_new(r->arena, struct model_sequence);
    sequence->name = resolve_name(r, &ast->name.name, NULL, decl->doc);
    sequence->schema = scope->schema;
    struct entity *entity = entity_new(r, ENTITY_SEQUENCE, sequence,
                                       ast->name.name.span);
    if (!enter(r, scope, &scope->relations, entity, sequence->name.name)) {
        return;
    }
    VEC_PUSH(r->arena, &scope->schema->sequences, sequence);
    struct sequence_work *work = arena_new(r->arena, struct sequence_work);
    *work = (struct sequence_work){ sequence, ast, scope };
    VEC_PUSH(r->arena, &r->sequences, work);
}

static void declare_query(struct resolver *r, struct scope *scope,
                          const struct ast_decl *decl)
{
    const struct ast_query *ast = decl->query;
    struct query_work *work = arena_new(r->arena, struct query_work);
    struct model_query *query = arena_new(r->arena, struct model_query);
    query->name.name = ast->name.name.text;
    query->name.span = ast->name.name.span;
    query->name = resolve_name(r, &ast->name.name, &ast->c_name, decl->doc);
    query->schema = scope->schema;
    query->span = decl->span;
    work->query = query;
    work->ast = ast;
    work->scope = scope;
    struct entity *entity = entity_new(r, ENTITY_QUERY, work, ast->name.name.span);
    if (!enter(r, scope, &scope->queries, entity, query->name.name)) {
        return;
    }
    VEC_PUSH(r->arena, &scope->schema->queries, query);
    VEC_PUSH(r->arena, &r->queries, work);
}

static void declare_extension(struct resolver *r, const struct ast_decl *decl)
{
    const struct ast_extension *ast = decl->extension;
    struct model_extension *extension = arena_new(r->arena, struct model_extension);
    extension->name = resolve_name(r, &ast->name, NULL, decl->doc);
    extension->schema = ast->schema.text;
    extension->version = ast->version.text;
    struct entity *entity = entity_new(r, ENTITY_EXTENSION, extension, ast->name.span);
    const struct entity *first = map_add(&r->extensions, r->arena, extension->name.name,
                                         entity);
    if (first) {
        report_duplicate(r, entity, first, str_dup(r->arena, extension->name.name));
        return;
    }
    VEC_PUSH(r->arena, &r->model->extensions, extension);
    VEC_PUSH(r->arena, &r->extension_works, (struct extension_work){ extension, ast });
}

static void declare(struct resolver *r, struct scope *block,
                    const struct ast_decl *decl);

/* Two blocks of one schema are one schema; what the second says beside the name must
 * not contradict. */
static void declare_schema(struct resolver *r, const struct ast_decl *decl)
{
    const struct ast_schema *ast = decl->schema;
    struct scope *scope = scope_add(r, ast->name.text);
    struct model_schema *schema = scope->schema;
    struct model_name name = resolve_name(r, &ast->name, NULL, decl->doc);
    if (str_eq_c(name.name, "information_schema") ||
        (name.name.n >= 3 && memcmp(name.name.s, "pg_", 3) == 0)) {
        (void)diag_error(r->diags, E_system_schema, ast->name.span,
                         "schema name \"%.*s\" is PostgreSQL's own",
                         STR_ARGS(name.name));
    }
    if (!schema->declared) {
        schema->name = name;
        schema->declared = true;
    } else if (schema->name.doc.n == 0) {
        schema->name.doc = name.doc;
    }
    if (ast->c_name.given && schema->name.has_c_name &&
        !str_eq(ast->c_name.text, schema->name.c_name)) {
        (void)diag_error(r->diags, E_duplicate_attribute, ast->c_name.span,
                         "schema \"%.*s\" has another C name already",
                         STR_ARGS(name.name));
    } else if (ast->c_name.given) {
        schema->name.has_c_name = true;
        schema->name.c_name = ast->c_name.text;
        if (ast->c_name.text.n) {
            (void)resolve_name(r, &ast->name, &ast->c_name, decl->doc);
        }
    }
    resolve_was(r, &ast->was, &schema->was);
    scope->lost = scope->lost || ast->lost;
    for (size_t i = 0; i < ast->decls.n; i++) {
        declare(r, scope, &ast->decls.items[i]);
    }
}

static const struct ast_qname *decl_name(const struct ast_decl *decl)
{
    switch (decl->kind) {
    case AST_DECL_TABLE:
        return &decl->table->name;
    case AST_DECL_ENUM:
        return &decl->enum_->name;
    case AST_DECL_DOMAIN:
        return &decl->domain->name;
    case AST_DECL_SEQUENCE:
        return &decl->sequence->name;
    case AST_DECL_QUERY:
        return &decl->query->name;
    case AST_DECL_SCHEMA:
    case AST_DECL_EXTENSION:
    case AST_DECL_DROPPED:
        return NULL;
    }
    BUG("a kind of declaration out of range");
}

static void declare_dropped(struct resolver *r, struct scope *block,
                            const struct ast_dropped *ast)
{
    struct str schema = ast->name.schema.text;
    struct scope *scope = schema.n ? scope_find(r, schema) : block;
    if (!scope && ast->kind != AST_DECL_SCHEMA && schema.n == 0) {
        scope = scope_find(r, STR("public"));
    }
    VEC_PUSH(r->arena, &r->dropped, (struct dropped_work){ ast, scope });
}

static void declare(struct resolver *r, struct scope *block,
                    const struct ast_decl *decl)
{
    const struct ast_qname *name = decl_name(decl);
    struct scope *scope = name ? scope_for(r, block, name) : block;
    if (name && !scope) {
        return;
    }
    switch (decl->kind) {
    case AST_DECL_SCHEMA:
        declare_schema(r, decl);
        break;
    case AST_DECL_TABLE:
        declare_table(r, scope, decl);
        break;
    case AST_DECL_ENUM:
        declare_enum(r, scope, decl);
        break;
    case AST_DECL_DOMAIN:
        declare_domain(r, scope, decl);
        break;
    case AST_DECL_SEQUENCE:
        declare_sequence(r, scope, decl);
        break;
    case AST_DECL_EXTENSION:
        declare_extension(r, decl);
        break;
    case AST_DECL_QUERY:
        declare_query(r, scope, decl);
        break;
    case AST_DECL_DROPPED:
        declare_dropped(r, block, decl->dropped);
        break;
    }
}

/* Schemas first, so that auth.users outside a block finds its schema wherever it is. */
static void declare_schemas(struct resolver *r)
{
    for (size_t i = 0; i < r->nfiles; i++) {
        const ast_decls *decls = &r->files[i]->decls;
        for (size_t k = 0; k < decls->n; k++) {
            if (decls->items[k].kind == AST_DECL_SCHEMA) {
                (void)scope_add(r, decls->items[k].schema->name.text);
            } else if (decl_name(&decls->items[k]) &&
                       decl_name(&decls->items[k])->schema.text.n == 0) {
                (void)scope_add(r, STR("public"));
            }
        }
    }
}

void resolve_declare(struct resolver *r)
{
    declare_schemas(r);
    for (size_t i = 0; i < r->nfiles; i++) {
        const ast_decls *decls = &r->files[i]->decls;
        for (size_t k = 0; k < decls->n; k++) {
            declare(r, NULL, &decls->items[k]);
        }
    }
}
