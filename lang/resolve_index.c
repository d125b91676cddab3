/* resolve_index.c: indexes and exclusions: elements, methods and what a method can do.
 * Must not choose names. */
#include "resolver.h"

enum {
    CAN_UNIQUE = 1,
    CAN_ORDER = 2, /* desc, nulls first */
    CAN_COLUMNS = 4,
    CAN_INCLUDE = 8,
    CAN_EXCLUDE = 16
};
/* Source: the handler functions of src/backend/access, version 15. */
static const struct method {
    const char *name;
    unsigned can;
} methods[] = {
    { "btree", CAN_UNIQUE | CAN_ORDER | CAN_COLUMNS | CAN_INCLUDE | CAN_EXCLUDE },
    { "hash", CAN_EXCLUDE },
    { "gist", CAN_COLUMNS | CAN_INCLUDE | CAN_EXCLUDE },
    { "spgist", CAN_INCLUDE | CAN_EXCLUDE },
    { "gin", CAN_COLUMNS },
    { "brin", CAN_COLUMNS },
};
enum { NMETHODS = sizeof methods / sizeof *methods };

/* NULL: a method that only an extension can bring; it is taken to be able to do all. */
static const struct method *find_method(struct resolver *r, const struct ast_name *name)
{
    if (name->text.n == 0) {
        return &methods[0];
    }
    struct suggest suggest = suggest_for(name->text);
    for (size_t i = 0; i < NMETHODS; i++) {
        if (str_eq_c(name->text, methods[i].name)) {
            return &methods[i];
        }
        suggest_offer(&suggest, str_of(methods[i].name));
    }
    if (r->model->extensions.n == 0) {
        struct diag *diag = diag_error(r->diags, E_index_method, name->span,
                                       "there is no index method \"%.*s\"",
                                       STR_ARGS(name->text));
        if (suggest.best.n) {
            diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
        }
    }
    return NULL;
}

static void cannot(struct resolver *r, struct span span, const struct method *method,
                   const char *what)
{
    (void)diag_error(r->diags, E_index_method, span, "index method \"%s\" %s",
                     method->name, what);
}

struct wanted {
    bool unique, exclude;
    size_t include;
    const ast_elements *elements;
};

static bool check_method(struct resolver *r, const struct method *method,
                         const struct wanted *wanted, struct span span)
{
    unsigned can = method->can;
    size_t before = r->diags->nerrors;
    if (wanted->unique && !(can & CAN_UNIQUE)) {
        cannot(r, span, method, "cannot be unique");
    } else if (wanted->exclude && !(can & CAN_EXCLUDE)) {
        cannot(r, span, method, "cannot serve an exclusion");
    } else if (wanted->include && !(can & CAN_INCLUDE)) {
        cannot(r, span, method, "cannot include columns");
    } else if (wanted->elements->n > 1 && !(can & CAN_COLUMNS)) {
        cannot(r, span, method, "takes one column");
    }
    for (size_t i = 0; i < wanted->elements->n; i++) {
        const struct ast_element *element = &wanted->elements->items[i];
        bool ordered = element->asc || element->desc || element->nulls_first ||
                       element->nulls_last;
        if (ordered && !(can & CAN_ORDER)) {
            cannot(r, element->span, method, "keeps no order");
        }
    }
    if (wanted->elements->n + wanted->include > INDEX_MAX_COLUMNS) {
        (void)diag_error(r->diags, E_too_many_columns, span,
                         "an index has at most 32 columns");
    }
    return r->diags->nerrors == before;
}

/* ---- elements ----------------------------------------------------------------------------- */

static struct str opclass_text(struct resolver *r, const struct ast_element *ast)
{
    struct str name = sql_qname(r, &ast->opclass);
    if (ast->opclass_args.ntokens == 0) {
        return name;
    }
    return str_of(arena_printf(r->arena, "%.*s(%.*s)", STR_ARGS(name),
                               STR_ARGS(sql_text(r, &ast->opclass_args))));
}

struct model_element resolve_element(struct resolver *r, struct table_work *work,
                                     const struct ast_element *ast)
{
    struct model_element element = { .desc = ast->desc };
    if (ast->column.text.n) {
        element.column = resolve_column_name(r, work, &ast->column);
    } else {
        model_columns mentioned = { 0 };
        element.expression = resolve_expression(r, &ast->expression);
        rule_immutable(r, work, &element.expression, "an index");
        resolve_mentions(r, work, &element.expression, &mentioned);
    }
    element.collate = sql_qname(r, &ast->collate);
    element.opclass = opclass_text(r, ast);
    element.nulls_given = ast->nulls_first || ast->nulls_last;
    element.nulls_first = element.nulls_given ? ast->nulls_first : ast->desc;
    if (ast->with_operator.ntokens) {
        element.with_operator = sql_text(r, &ast->with_operator);
    }
    return element;
}

static bool is_btree(const struct method *method)
{
    return method == &methods[0];
}

static void check_element(struct resolver *r, const struct method *method,
                          const struct ast_element *ast,
                          const struct model_element *element)
{
    if (element->column && element->opclass.n == 0 && is_btree(method) &&
        !type_has_btree(&element->column->type)) {
        struct diag *diag = diag_error(
            r->diags, E_no_ordering, ast->span,
            "column \"%.*s\" of type %s has no order for a btree index",
            STR_ARGS(element->column->name.name),
            shown_type(r, &element->column->type));
        diag_hint(r->diags, diag, "write `using gin`, `using gist` or an expression");
    }
    if (method && ast->opclass.name.text.n) {
        rule_class_name(r, str_of(method->name), &ast->opclass);
    }
    if (method) {
        rule_operator_class(r, str_of(method->name), element, ast->span);
    }
}

/* ---- indexes ------------------------------------------------------------------------------ */

static bool is_whole(const struct model_element *element)
{
    return element->column || element->expression.ntokens;
}

/* A unique index over plain columns, each of them once, is a key too. */
static void enter_key(struct resolver *r, struct table_work *work,
                      struct model_index *index)
{
    struct model_key key = { .index = index,
                             .where = index->where,
                             .living_only = index->living_only };
    for (size_t i = 0; i < index->elements.n; i++) {
        struct model_column *column = index->elements.items[i].column;
        if (!column || columns_contain(&key.columns, column)) {
            return;
        }
        key.nullable = key.nullable || column->nullable;
        VEC_PUSH(r->arena, &key.columns, column);
    }
    VEC_PUSH(r->arena, &work->keys, key);
}

static void index_options(struct resolver *r, struct table_work *work,
                          const struct ast_options *options, struct model_index *index)
{
    rule_storage(r, index->method.n ? index->method : STR("btree"), &options->with);
    index->concurrently = options->concurrently;
    index->with = options->with.ntokens ? sql_text(r, &options->with)
                                        : (struct str){ 0 };
    index->tablespace = span_text(options->tablespace.span);
    resolve_was(r, &options->was, &index->was);
    if (options->where.ntokens) {
        model_columns mentioned = { 0 };
        index->where = resolve_expression(r, &options->where);
        rule_immutable(r, work, &index->where, "an index");
        resolve_mentions(r, work, &index->where, &mentioned);
    }
}

void resolve_index(struct resolver *r, struct table_work *work,
                   const struct ast_member *member)
{
    const struct ast_index *ast = member->index;
    struct model_index *index = arena_new(r->arena, struct model_index);
    const struct method *method = find_method(r, &ast->method);
    bool whole = resolve_loose_list(r, work, &ast->options.include, &index->include);
    index->table = work->table;
    index->named = ast->name.text.n > 0;
    index->name = resolve_name(r, &ast->name, &ast->options.c_name, member->doc);
    index->name.span = index->named ? ast->name.span : member->span;
    index->unique = ast->unique;
    index->nulls_not_distinct = ast->nulls_not_distinct;
    index->method = method == &methods[0] ? (struct str){ 0 } : ast->method.text;
    struct wanted wanted = { ast->unique, false, ast->options.include.n,
                             &ast->elements };
    bool able = method && check_method(r, method, &wanted, member->span);
    for (size_t i = 0; i < ast->elements.n; i++) {
        struct model_element element = resolve_element(r, work,
                                                       &ast->elements.items[i]);
        check_element(r, able ? method : NULL, &ast->elements.items[i], &element);
        whole = whole && is_whole(&element);
        VEC_PUSH(r->arena, &index->elements, element);
    }
    index_options(r, work, &ast->options, index);
    index->living_only = ast->unique && work->table->soft_delete;
    if (!whole) {
        return;
    }
    VEC_PUSH(r->arena, &work->table->indexes, index);
    if (ast->unique) {
        enter_key(r, work, index);
    }
}

/* Of two equal ones in one CREATE TABLE PostgreSQL makes one (transformIndexConstraints
 * in src/backend/parser/parse_utilcmd.c, version 15): a second one is added to the table
 * in any case, equal or not. */
static bool has_exclude(const struct model_table *table)
{
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (table->constraints.items[i]->kind == CONSTRAINT_EXCLUDE) {
            return true;
        }
    }
    return false;
}

void resolve_exclude(struct resolver *r, struct table_work *work,
                     const struct ast_member *member)
{
    const struct ast_exclude *ast = member->exclude;
    bool second = has_exclude(work->table);
    const struct method *method = find_method(r, &ast->method);
    struct model_constraint *exclude = constraint_add(r, work, CONSTRAINT_EXCLUDE,
                                                      &ast->name);
    const struct ast_options *options = &ast->options;
    exclude->repeats = second;
    exclude->name = resolve_name(r, &ast->name, &options->c_name, member->doc);
    exclude->name.span = exclude->named ? ast->name.span : member->span;
    exclude->method = method == &methods[0] ? (struct str){ 0 } : ast->method.text;
    exclude->deferrable = resolve_defer(r, options->defer, member->span);
    rule_storage(r, exclude->method.n ? exclude->method : STR("btree"), &options->with);
    exclude->with = options->with.ntokens ? sql_text(r, &options->with)
                                          : (struct str){ 0 };
    exclude->tablespace = span_text(options->tablespace.span);
    resolve_was(r, &options->was, &exclude->was);
    (void)resolve_loose_list(r, work, &options->include, &exclude->include);
    struct wanted wanted = { false, true, options->include.n, &ast->elements };
    bool able = method && check_method(r, method, &wanted, member->span);
    for (size_t i = 0; i < ast->elements.n; i++) {
        struct model_element element = resolve_element(r, work,
                                                       &ast->elements.items[i]);
        check_element(r, able ? method : NULL, &ast->elements.items[i], &element);
        if (element.column) {
            VEC_PUSH(r->arena, &exclude->columns, element.column);
        }
        VEC_PUSH(r->arena, &exclude->elements, element);
    }
    if (options->where.ntokens) {
        model_columns mentioned = { 0 };
        exclude->where = resolve_expression(r, &options->where);
        rule_immutable(r, work, &exclude->where, "an index");
        resolve_mentions(r, work, &exclude->where, &mentioned);
    }
}
