/* rules_hint.c: hints for change that contradict each other or what is declared. Must not
 * know of snapshots: a hint is inert here. */
#include "resolver.h"

/* Who claims an older name, or that a name is gone. */
struct claim {
    struct span span;
    bool dropped;
};

static void claim(struct resolver *r, struct map *claims, const struct ast_name *name,
                  bool dropped)
{
    struct claim *mine = arena_new(r->arena, struct claim);
    *mine = (struct claim){ name->span, dropped };
    const struct claim *first = map_add(claims, r->arena, name->text, mine);
    if (!first) {
        return;
    }
    struct diag *diag;
    if (first->dropped || dropped) {
        diag = diag_error(r->diags, E_dropped_and_renamed, name->span,
                          first->dropped && dropped
                              ? "\"%.*s\" is dropped twice"
                              : "\"%.*s\" is both dropped and renamed",
                          STR_ARGS(name->text));
    } else {
        diag = diag_error(r->diags, E_was_twice, name->span,
                          "two objects were called \"%.*s\"", STR_ARGS(name->text));
    }
    diag->other = first->span;
    diag->note = "the other is here";
}

static void claim_all(struct resolver *r, struct map *claims, const ast_names *was,
                      struct str own)
{
    for (size_t i = 0; i < was->n; i++) {
        const struct ast_name *name = &was->items[i];
        if (str_eq(name->text, own)) {
            (void)diag_error(r->diags, E_was_itself, name->span,
                             "\"%.*s\" is what it is called now", STR_ARGS(own));
        } else {
            claim(r, claims, name, false);
        }
    }
}

static struct map *claims_of(struct scope *scope, enum ast_decl_kind kind)
{
    if (kind == AST_DECL_TABLE) {
        return &scope->old_tables;
    }
    return kind == AST_DECL_SEQUENCE ? &scope->old_sequences : &scope->old_types;
}

/* Of what may have been in another schema, in that schema's names then; one that is not
 * declared any more has none. */
static void claim_objects(struct resolver *r, struct scope *scope,
                          enum ast_decl_kind kind, const ast_names *was, struct str own)
{
    for (size_t i = 0; i < was->n; i++) {
        const struct ast_name *name = &was->items[i];
        struct scope *then = name->schema.n ? scope_find(r, name->schema) : scope;
        ast_names one = { .items = &was->items[i], .n = 1 };
        if (then == scope) {
            claim_all(r, claims_of(scope, kind), &one, own);
        } else if (then) {
            claim(r, claims_of(then, kind), name, false);
        }
    }
}

static void alive(struct resolver *r, const struct ast_name *name, struct span other)
{
    struct diag *diag = diag_error(r->diags, E_dropped_alive, name->span,
                                   "\"%.*s\" is dropped and declared",
                                   STR_ARGS(name->text));
    diag->other = other;
    diag->note = "declared here";
}

/* ---- inside a table ------------------------------------------------------------------------- */

static const ast_names *member_was(const struct ast_member *member, struct str *own)
{
    switch (member->kind) {
    case AST_MEMBER_KEY:
        *own = member->key->name.text;
        return &member->key->options.was;
    case AST_MEMBER_FOREIGN_KEY:
        *own = member->foreign_key->name.text;
        return &member->foreign_key->options.was;
    case AST_MEMBER_CHECK:
        *own = member->check->name.text;
        return &member->check->options.was;
    case AST_MEMBER_EXCLUDE:
        *own = member->exclude->name.text;
        return &member->exclude->options.was;
    case AST_MEMBER_INDEX:
        *own = member->index->name.text;
        return &member->index->options.was;
    case AST_MEMBER_COLUMN:
    case AST_MEMBER_DROPPED:
        return NULL;
    }
    BUG("a kind of member out of range");
}

static void column_hints(struct resolver *r, struct map *claims,
                         const struct ast_column *column)
{
    for (size_t i = 0; i < column->attrs.n; i++) {
        if (column->attrs.items[i].kind == AST_ATTR_WAS) {
            claim_all(r, claims, &column->attrs.items[i].names, column->name.text);
        }
    }
}

static void table_hints(struct resolver *r, struct table_work *work)
{
    struct map columns = { 0 };
    struct map others = { 0 };
    for (size_t i = 0; i < work->ast->members.n; i++) {
        const struct ast_member *member = &work->ast->members.items[i];
        struct str own = { 0 };
        const ast_names *was = member_was(member, &own);
        if (was) {
            claim_all(r, &others, was, own);
        } else if (member->kind == AST_MEMBER_COLUMN) {
            column_hints(r, &columns, member->column);
        } else {
            const struct model_column *column = model_find_column(work->table,
                                                                  member->dropped.text);
            if (column) {
                alive(r, &member->dropped, column->name.span);
            } else {
                claim(r, &columns, &member->dropped, true);
            }
        }
    }
}

/* ---- inside an enum --------------------------------------------------------------------------- */

static const struct ast_value *find_value(const struct ast_enum *ast, struct str label)
{
    for (size_t i = 0; i < ast->values.n; i++) {
        const struct ast_value *value = &ast->values.items[i];
        bool is = str_eq(value->name.text, label) ||
                  (value->has_label && str_eq(value->label, label));
        if (is && !value->dropped) {
            return value;
        }
    }
    return NULL;
}

static void dropped_value(struct resolver *r, const struct enum_work *work,
                          const struct ast_value *value)
{
    const struct ast_value *live = find_value(work->ast, value->name.text);
    if (live) {
        alive(r, &value->name, live->name.span);
    }
    const struct ast_name *as = &value->dropped_as;
    if (as->text.n == 0 || find_value(work->ast, as->text) || work->ast->lost) {
        return;
    }
    struct diag *diag = diag_error(
        r->diags, E_dropped_as_unknown, as->span, "enum \"%s\" has no label \"%.*s\"",
        shown_name(r, work->scope->schema, work->enum_->name.name), STR_ARGS(as->text));
    struct suggest suggest = suggest_for(as->text);
    for (size_t i = 0; i < work->enum_->labels.n; i++) {
        suggest_offer(&suggest, work->enum_->labels.items[i].ident);
    }
    if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
    }
}

static void enum_hints(struct resolver *r, const struct enum_work *work)
{
    struct map claims = { 0 };
    for (size_t i = 0; i < work->ast->values.n; i++) {
        const struct ast_value *value = &work->ast->values.items[i];
        if (value->dropped) {
            dropped_value(r, work, value);
            claim(r, &claims, &value->name, true);
        } else {
            claim_all(r, &claims, &value->was, value->name.text);
        }
    }
}

/* ---- of objects --------------------------------------------------------------------------------- */

static void dropped_schema(struct resolver *r, struct map *claims,
                           const struct ast_name *name)
{
    struct scope *scope = scope_find(r, name->text);
    if (scope && scope->schema->declared) {
        alive(r, name, scope->schema->name.span);
    } else {
        claim(r, claims, name, true);
    }
}

static void dropped_object(struct resolver *r, const struct dropped_work *work)
{
    if (!work->scope) {
        return; /* of a schema that has gone as well */
    }
    const struct ast_name *name = &work->ast->name.name;
    enum ast_decl_kind kind = work->ast->kind;
    struct map *live = kind == AST_DECL_SEQUENCE ? &work->scope->relations
                                                 : &work->scope->types;
    const struct entity *entity = map_find(live, name->text);
    enum entity_kind wanted = kind == AST_DECL_TABLE    ? ENTITY_TABLE
                              : kind == AST_DECL_ENUM   ? ENTITY_ENUM
                              : kind == AST_DECL_DOMAIN ? ENTITY_DOMAIN
                                                        : ENTITY_SEQUENCE;
    if (entity && entity->kind == wanted) {
        alive(r, name, entity->span);
    } else {
        claim(r, claims_of(work->scope, kind), name, true);
    }
}

static void schema_hints(struct resolver *r)
{
    struct map claims = { 0 };
    for (size_t i = 0; i < r->nfiles; i++) {
        const ast_decls *decls = &r->files[i]->decls;
        for (size_t k = 0; k < decls->n; k++) {
            if (decls->items[k].kind == AST_DECL_SCHEMA) {
                const struct ast_schema *ast = decls->items[k].schema;
                claim_all(r, &claims, &ast->was, ast->name.text);
            }
        }
    }
    for (size_t i = 0; i < r->dropped.n; i++) {
        const struct dropped_work *work = &r->dropped.items[i];
        if (work->ast->kind == AST_DECL_SCHEMA) {
            dropped_schema(r, &claims, &work->ast->name.name);
        }
    }
}

static void domain_hints(struct resolver *r, struct domain_work *work)
{
    for (size_t i = 0; i < work->ast->attrs.n; i++) {
        if (work->ast->attrs.items[i].kind == AST_ATTR_WAS) {
            claim_objects(r, work->scope, AST_DECL_DOMAIN,
                          &work->ast->attrs.items[i].names, work->domain->name.name);
        }
    }
}

void rules_hints(struct resolver *r)
{
    for (size_t i = 0; i < r->tables.n; i++) {
        struct table_work *work = r->tables.items[i];
        table_hints(r, work);
        claim_objects(r, work->scope, AST_DECL_TABLE, &work->ast->was,
                      work->table->name.name);
    }
    for (size_t i = 0; i < r->enums.n; i++) {
        struct enum_work *work = r->enums.items[i];
        enum_hints(r, work);
        claim_objects(r, work->scope, AST_DECL_ENUM, &work->ast->was,
                      work->enum_->name.name);
    }
    for (size_t i = 0; i < r->domains.n; i++) {
        domain_hints(r, r->domains.items[i]);
    }
    for (size_t i = 0; i < r->sequences.n; i++) {
        struct sequence_work *work = r->sequences.items[i];
        claim_objects(r, work->scope, AST_DECL_SEQUENCE, &work->ast->was,
                      work->sequence->name.name);
    }
    for (size_t i = 0; i < r->dropped.n; i++) {
        if (r->dropped.items[i].ast->kind != AST_DECL_SCHEMA) {
            dropped_object(r, &r->dropped.items[i]);
        }
    }
    schema_hints(r);
}
