/* resolve_objects.c: enums, extensions and domains. Must not know tables. */
#include "resolver.h"

/* ---- enums ---------------------------------------------------------------------------- */

static void check_label(struct resolver *r, struct map *labels,
                        const struct ast_value *value, struct str label)
{
    const struct ast_value *first = map_add(labels, r->arena, label,
                                            (struct ast_value *)value);
    if (first) {
        struct diag *diag = diag_error(r->diags, E_duplicate_label, value->name.span,
                                       "label \"%.*s\" stands here twice",
                                       STR_ARGS(label));
        diag->other = first->name.span;
        diag->note = "first declared here";
    }
    if (label.n > NAME_MAX_BYTES) {
        (void)diag_error(r->diags, E_name_too_long, value->name.span,
                         "label of %zu bytes; PostgreSQL keeps %d", label.n,
                         NAME_MAX_BYTES);
    }
}

static void add_label(struct resolver *r, struct model_enum *enum_,
                      const struct ast_value *value)
{
    struct ast_name shown = value->name;
    shown.text = (struct str){ 0 };
    struct model_label label = { .ident = value->name.text };
    label.name = resolve_name(r, &shown, &value->c_name, value->doc);
    label.name.name = value->has_label ? value->label : value->name.text;
    resolve_was(r, &value->was, &label.was);
    VEC_PUSH(r->arena, &enum_->labels, label);
}

static void resolve_enum(struct resolver *r, struct enum_work *work)
{
    struct map labels = { 0 };
    resolve_was_in(r, &work->ast->was, work->enum_->schema,
                   (struct old_names){ &work->enum_->was, &work->enum_->was_in });
    if (work->ast->lost) {
        VEC_PUSH(r->arena, &r->lost_enums, work->enum_);
    }
    for (size_t i = 0; i < work->ast->values.n; i++) {
        const struct ast_value *value = &work->ast->values.items[i];
        if (!value->dropped) {
            struct str label = value->has_label ? value->label : value->name.text;
            check_label(r, &labels, value, label);
            add_label(r, work->enum_, value);
        }
    }
}

void resolve_enums(struct resolver *r)
{
    for (size_t i = 0; i < r->enums.n; i++) {
        resolve_enum(r, r->enums.items[i]);
    }
}

/* ---- extensions ----------------------------------------------------------------------- */

static struct model_exttype *exttype_new(struct resolver *r,
                                         struct model_extension *extension,
                                         struct model_name name, struct str sql)
{
    struct model_exttype *type = arena_new(r->arena, struct model_exttype);
    type->name = name;
    type->extension = extension;
    type->sql_name = sql;
    type->as = (struct model_type){ .kind = MODEL_BUILTIN,
                                    .builtin = type_info(TYPE_TEXT) };
    return type;
}

static struct str exttype_sql(struct resolver *r, const struct ast_extension *ast,
                              struct span name)
{
    struct str schema = span_text(ast->schema.span);
    return str_of(arena_printf(r->arena, "%.*s%s%.*s", STR_ARGS(schema),
                               schema.n ? "." : "", STR_ARGS(span_text(name))));
}

static void resolve_exttype(struct resolver *r, struct model_extension *extension,
                            const struct ast_extension *ast,
                            const struct ast_extension_type *type)
{
    struct model_name name = resolve_name(r, &type->name, NULL, type->doc);
    struct model_exttype *exttype = exttype_new(r, extension, name,
                                                exttype_sql(r, ast, type->name.span));
    const struct model_exttype *first = map_add(&r->exttypes, r->arena, name.name,
                                                exttype);
    if (first) {
        struct diag *diag = diag_error(r->diags, E_duplicate_object, type->name.span,
                                       "type \"%.*s\" is declared twice",
                                       STR_ARGS(name.name));
        diag->other = first->name.span;
        diag->note = "first declared here";
        return;
    }
    VEC_PUSH(r->arena, &extension->types, exttype);
    if (type->as.name.name.text.n == 0) {
        return;
    }
    const struct type_info *info = type_find(type->as.name.name.text);
    if (!info || type->as.name.schema.text.n || type->as.dimensions) {
        struct diag *diag = diag_error(r->diags, E_type_not_here, type->as.span,
                                       "the C form of a type must be a built-in type");
        diag_hint(r->diags, diag, "text is what every type can be read as");
        return;
    }
    exttype->as.builtin = info;
    exttype->as.span = type->as.span;
}

/* An extension that declares no types is taken to have one of its own name (citext,
 * hstore, ltree, vector). */
static void add_namesake(struct resolver *r, struct model_extension *extension,
                         const struct ast_extension *ast)
{
    struct model_exttype *type = exttype_new(r, extension, extension->name,
                                             exttype_sql(r, ast, ast->name.span));
    map_add(&r->exttypes, r->arena, extension->name.name, type);
}

void resolve_extensions(struct resolver *r)
{
    for (size_t i = 0; i < r->extension_works.n; i++) {
        const struct extension_work *work = &r->extension_works.items[i];
        for (size_t t = 0; t < work->ast->types.n; t++) {
            resolve_exttype(r, work->extension, work->ast, &work->ast->types.items[t]);
        }
        add_namesake(r, work->extension, work->ast);
    }
}

/* ---- domains --------------------------------------------------------------------------- */

static void domain_check(struct resolver *r, struct domain_work *work,
                         const struct ast_attr *attr)
{
    struct model_check check = { .named = attr->name.text.n > 0 };
    struct ast_name name = attr->name;
    check.name = resolve_name(r, &name, NULL, (struct str){ 0 });
    if (!check.named) {
        check.name.span = attr->span;
    }
    check.expression = resolve_expression(r, &attr->sql);
    VEC_PUSH(r->arena, &work->domain->checks, check);
}

static void domain_attr(struct resolver *r, struct domain_work *work,
                        const struct ast_attr *attr)
{
    struct model_domain *domain = work->domain;
    bool again = (attr->kind == AST_ATTR_DEFAULT && domain->default_.ntokens) ||
                 (attr->kind == AST_ATTR_COLLATE && domain->collate.n) ||
                 (attr->kind == AST_ATTR_NOT_NULL && domain->not_null);
    if (again) {
        (void)diag_error(r->diags, E_duplicate_attribute, attr->span,
                         "this attribute stands here twice");
        return;
    }
    if (attr->kind == AST_ATTR_DEFAULT) {
        domain->default_ = resolve_expression(r, &attr->sql);
        rule_default(r, &domain->base, domain->nullable, &domain->default_);
    } else if (attr->kind == AST_ATTR_COLLATE) {
        domain->collate = sql_qname(r, &attr->qname);
        rule_collate(r, attr, &domain->base);
    } else if (attr->kind == AST_ATTR_CHECK) {
        domain_check(r, work, attr);
    } else if (attr->kind == AST_ATTR_WAS) {
        resolve_was_in(r, &attr->names, domain->schema,
                       (struct old_names){ &domain->was, &domain->was_in });
    } else if (attr->kind == AST_ATTR_NOT_NULL) {
        domain->not_null = true;
        if (domain->nullable) {
            (void)diag_error(r->diags, E_attribute_conflict, attr->span,
                             "a domain cannot be both \"?\" and \"not null\"");
        }
    }
}

void resolve_domain(struct resolver *r, struct domain_work *work)
{
    if (work->state == 1) {
        (void)diag_error(r->diags, E_domain_cycle, work->ast->name.name.span,
                         "domain \"%s\" is made of itself",
                         shown_name(r, work->scope->schema, work->domain->name.name));
    }
    if (work->state != 0) {
        return;
    }
    if (r->depth >= RESOLVE_MAX_DEPTH) {
        (void)diag_error(r->diags, E_domain_cycle, work->ast->name.name.span,
                         "more than %d domains over domains", RESOLVE_MAX_DEPTH);
        return;
    }
    work->state = 1;
    r->depth++;
    work->domain->base = resolve_type(r, work->scope, &work->ast->type, NULL);
    r->depth--;
    work->state = 2;
    work->domain->nullable = work->ast->type.nullable;
    for (size_t i = 0; i < work->ast->attrs.n; i++) {
        domain_attr(r, work, &work->ast->attrs.items[i]);
    }
    VEC_PUSH(r->arena, &r->domain_order, work->domain);
}

void resolve_domains(struct resolver *r)
{
    for (size_t i = 0; i < r->domains.n; i++) {
        resolve_domain(r, r->domains.items[i]);
    }
}
