/* resolve_result.c: what queries give: tables' rows, structs of fields, bare values; and
 * which of them share a struct. Must not read bodies. */
#include "resolver.h"

static enum model_want want_of(enum ast_want want)
{
    switch (want) {
    case AST_WANT_ONE:
        return WANT_ONE;
    case AST_WANT_MAYBE:
        return WANT_MAYBE;
    case AST_WANT_MANY:
        return WANT_MANY;
    case AST_WANT_NONE:
    case AST_WANT_EXEC:
        return WANT_EXEC;
    }
    BUG("a want out of range");
}

/* ---- fields --------------------------------------------------------------------------------- */

static void put_type(struct resolver *r, struct buf *key,
                     const struct model_field *field)
{
    buf_puts(key, shown_type(r, &field->type));
    buf_printf(key, "(%.*s)%s;", STR_ARGS(field->type.modifiers),
               field->nullable ? "?" : "");
}

/* The first query of the schema with these fields lends its struct to the others. */
static void share(struct resolver *r, struct query_work *work)
{
    struct buf key = { 0 };
    for (size_t i = 0; i < work->query->fields.n; i++) {
        const struct model_field *field = &work->query->fields.items[i];
        buf_printf(&key, "\"%.*s\" ", STR_ARGS(field->name.name));
        put_type(r, &key, field);
    }
    struct model_query *first = map_add(&work->scope->shapes, r->arena,
                                        buf_dup(&key, r->arena), work->query);
    work->query->shape = first ? first : work->query;
    buf_release(&key);
}

static void resolve_field(struct resolver *r, struct query_work *work,
                          struct map *names, const struct ast_field *ast)
{
    const struct ast_field *first = map_add(names, r->arena, ast->name.text,
                                            (struct ast_field *)ast);
    if (first) {
        struct diag *diag = diag_error(r->diags, E_duplicate_field, ast->name.span,
                                       "field \"%.*s\" stands here twice",
                                       STR_ARGS(ast->name.text));
        diag->other = first->name.span;
        diag->note = "first declared here";
        return;
    }
    struct model_field field = { .nullable = ast->type.nullable };
    field.name = (struct model_name){ .name = ast->name.text,
                                      .doc = ast->doc,
                                      .span = ast->name.span };
    field.type = resolve_type(r, work->scope, &ast->type, NULL);
    work->poisoned = work->poisoned || type_poisoned(&field.type);
    VEC_PUSH(r->arena, &work->query->fields, field);
}

static void resolve_fields(struct resolver *r, struct query_work *work)
{
    struct map names = { 0 };
    work->query->result = RESULT_FIELDS;
    for (size_t i = 0; i < work->ast->fields.n; i++) {
        resolve_field(r, work, &names, &work->ast->fields.items[i]);
    }
    share(r, work);
}

/* ---- named results --------------------------------------------------------------------------- */

static void result_value(struct resolver *r, struct query_work *work)
{
    struct model_field field = { .nullable = work->ast->type.nullable };
    field.type = resolve_type(r, work->scope, &work->ast->type, NULL);
    work->poisoned = type_poisoned(&field.type);
    work->query->result = RESULT_VALUE;
    VEC_PUSH(r->arena, &work->query->fields, field);
}

static void result_table(struct resolver *r, struct query_work *work,
                         struct model_table *table)
{
    const struct ast_type *type = &work->ast->type;
    if (type->nullable || type->dimensions || type->modifiers.n) {
        struct diag *diag = diag_error(r->diags, E_type_not_here, type->span,
                                       "a row of \"%s\" stands alone in a result",
                                       shown_table(r, table));
        diag_hint(r->diags, diag, "write maybe for none or one, many for a list");
    }
    work->query->result = RESULT_TABLE;
    work->query->table = table;
    VEC_PUSH(r->arena, &table->queries, work->query);
}

static void resolve_named(struct resolver *r, struct query_work *work);

static void result_query(struct resolver *r, struct query_work *work,
                         struct query_work *other)
{
    if (other->ast->result == AST_RESULT_NAMED) {
        resolve_named(r, other);
    }
    work->poisoned = other->poisoned;
    if (other->state == 1) {
        (void)diag_error(r->diags, E_result_cycle, work->ast->type.span,
                         "the results of these queries are each other's");
        work->poisoned = true;
        other->poisoned = true;
    }
    if (work->poisoned) {
        return;
    }
    const struct model_query *from = other->query;
    if (from->result == RESULT_NONE || from->result == RESULT_VALUE) {
        struct diag *diag = diag_error(
            r->diags, E_result_without_row, work->ast->type.span,
            "query \"%.*s\" has no row type", STR_ARGS(from->name.name));
        diag->other = from->name.span;
        diag->note = "declared here";
        work->poisoned = true;
        return;
    }
    work->query->result = from->result;
    work->query->shape = from->shape;
    work->query->table = from->table;
    for (size_t i = 0; i < from->fields.n; i++) {
        VEC_PUSH(r->arena, &work->query->fields, from->fields.items[i]);
    }
    if (from->table) {
        VEC_PUSH(r->arena, &from->table->queries, work->query);
    }
}

static struct query_work *find_query(const struct resolver *r, struct scope *scope,
                                     const struct ast_qname *name)
{
    if (name->schema.text.n) {
        scope = scope_find(r, name->schema.text);
    }
    const struct entity *entity = scope ? map_find(&scope->queries, name->name.text)
                                        : NULL;
    return entity ? entity->object : NULL;
}

static void offer_all(struct suggest *suggest, const struct map *map)
{
    for (size_t i = 0; i < map->n; i++) {
        suggest_offer(suggest, map->entries[i].key);
    }
}

static void unknown_result(struct resolver *r, struct query_work *work)
{
    const struct ast_qname *name = &work->ast->type.name;
    struct scope *scope = name->schema.text.n ? scope_find(r, name->schema.text)
                                              : work->scope;
    work->poisoned = true;
    if (work->scope->lost || may_be_lost(r, scope, name->name.text) ||
        may_be_lost(r, scope, name->schema.text)) {
        return;
    }
    struct diag *diag = diag_error(r->diags, E_unknown_type, name->span,
                                   "there is no table, type or query \"%.*s\"",
                                   STR_ARGS(span_text(name->span)));
    struct suggest suggest = suggest_for(name->name.text);
    if (scope) {
        offer_all(&suggest, &scope->types);
        offer_all(&suggest, &scope->queries);
    }
    if (!name->schema.text.n) {
        type_suggest(&suggest);
    }
    if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
    }
}

static bool is_type(struct resolver *r, const struct ast_type *type)
{
    bool plain = type->name.schema.text.n == 0 && !type->name.name.quoted;
    return (plain && type_find(type->name.name.text)) ||
           str_eq_c(type->name.schema.text, "pg_catalog") ||
           map_find(&r->exttypes, type->name.name.text);
}

static void choose_named(struct resolver *r, struct query_work *work)
{
    const struct ast_type *type = &work->ast->type;
    const struct entity *entity = find_type_entity(r, work->scope, &type->name);
    bool plain = type->name.schema.text.n == 0 && !type->name.name.quoted &&
                 type_find(type->name.name.text);
    if (!plain && entity && entity->kind == ENTITY_TABLE) {
        result_table(r, work, entity->object);
        return;
    }
    struct query_work *other = find_query(r, work->scope, &type->name);
    if (entity || is_type(r, type)) {
        result_value(r, work);
    } else if (other) {
        result_query(r, work, other);
    } else {
        unknown_result(r, work);
    }
}

static void resolve_named(struct resolver *r, struct query_work *work)
{
    if (work->state != 0) {
        return;
    }
    if (r->depth >= RESOLVE_MAX_DEPTH) {
        (void)diag_error(r->diags, E_result_cycle, work->ast->type.span,
                         "more than %d queries over queries", RESOLVE_MAX_DEPTH);
        work->poisoned = true;
        work->state = 2;
        return;
    }
    work->state = 1;
    r->depth++;
    choose_named(r, work);
    r->depth--;
    work->state = 2;
}

/* ---- all of it --------------------------------------------------------------------------------- */

static void check_signature(struct resolver *r, struct query_work *work)
{
    const struct ast_query *ast = work->ast;
    if (ast->want == AST_WANT_NONE) {
        struct diag *diag = diag_error(r->diags, E_no_signature, ast->name.name.span,
                                       "query \"%.*s\" does not say what it gives",
                                       STR_ARGS(ast->name.name.text));
        diag_hint(r->diags, diag,
                  "write one, maybe, many or exec after its parameters");
        work->poisoned = true;
    }
}

void resolve_results(struct resolver *r)
{
    for (size_t i = 0; i < r->queries.n; i++) {
        struct query_work *work = r->queries.items[i];
        work->query->want = want_of(work->ast->want);
        work->poisoned = work->ast->lost;
        if (!work->poisoned) {
            check_signature(r, work);
        }
        if (work->ast->result == AST_RESULT_FIELDS && !work->poisoned) {
            resolve_fields(r, work);
        }
        if (work->ast->result != AST_RESULT_NAMED) {
            work->state = 2;
        }
    }
    for (size_t i = 0; i < r->queries.n; i++) {
        struct query_work *work = r->queries.items[i];
        if (!work->poisoned) {
            resolve_named(r, work);
        }
    }
}
