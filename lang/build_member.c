/* build_member.c: members of the open table. Must not know other tables. */
#include "build.h"

/* A member of what is between its first token and the ";", added to the open table; a
 * scratch one when no table is open any more. */
static struct ast_member *add_member(struct parser *p, enum ast_member_kind kind,
                                     struct span span)
{
    struct ast_member member = { .kind = kind, .span = span };
    member.doc = build_doc_at(p, span);
    if (!p->decl || p->decl->kind != AST_DECL_TABLE)
        BUG("a member outside a table");
    struct ast_table *table = p->decl->table;
    VEC_PUSH(p->arena, &table->members, member);
    return &table->members.items[table->members.n - 1];
}

static struct ast_name name_or_none(const struct ast_name *name)
{
    return name ? *name : (struct ast_name){ 0 };
}

/* ---- columns ------------------------------------------------------------------------ */

static void report_not_null(struct parser *p, struct span span)
{
    struct diag *diag = build_error(p, E_not_null, span,
                                    "\"not null\" goes without saying here");
    diag_hint(p->diags, diag,
              "leave it out: only a type that ends in \"?\" may be null");
}

void build_column(struct parser *p, struct column_parts parts, const struct token *end)
{
    struct ast_column *column = arena_new(p->arena, struct ast_column);
    column->name = *parts.name;
    column->c_name = parts.c_name ? *parts.c_name : parts.attrs->c_name;
    column->type = *parts.type;
    for (size_t i = 0; i < parts.attrs->list.n; i++) {
        const struct ast_attr *attr = &parts.attrs->list.items[i];
        if (attr->kind == AST_ATTR_NOT_NULL)
            report_not_null(p, attr->span);
        else
            VEC_PUSH(p->arena, &column->attrs, *attr);
    }
    struct span span = span_join(parts.name->span, end->span);
    add_member(p, AST_MEMBER_COLUMN, span)->column = column;
}

void build_dropped_column(struct parser *p, struct ast_name *name,
                          const struct token *end)
{
    struct span span = span_join(name->span, end->span);
    add_member(p, AST_MEMBER_DROPPED, span)->dropped = *name;
}

/* ---- keys and checks ---------------------------------------------------------------- */

enum {
    ANY_MEMBER = 1u << OPTION_WAS | 1u << OPTION_C_NAME,
    ANY_INDEX = ANY_MEMBER | 1u << OPTION_INCLUDE | 1u << OPTION_WITH |
                1u << OPTION_TABLESPACE,
    ANY_FOREIGN_KEY = ANY_MEMBER | 1u << OPTION_DEFER | 1u << OPTION_MATCH |
                      1u << OPTION_ON_DELETE | 1u << OPTION_ON_UPDATE
};

void build_key(struct parser *p, struct key_parts parts, struct range range)
{
    unsigned allowed = ANY_INDEX | 1u << OPTION_DEFER;
    if (!parts.primary)
        allowed |= 1u << OPTION_NULLS_NOT_DISTINCT;
    options_allow(p, parts.options, allowed,
                  parts.primary ? "a primary key" : "a unique key");
    struct ast_key *key = arena_new(p->arena, struct ast_key);
    key->primary = parts.primary;
    key->name = name_or_none(parts.name);
    key->nulls_not_distinct = parts.nulls_not_distinct ||
                              parts.options->nulls_not_distinct;
    key->columns = *parts.columns;
    key->options = parts.options->ast;
    add_member(p, AST_MEMBER_KEY, range_span(range))->key = key;
}

void build_foreign_key(struct parser *p, struct foreign_parts parts, struct range range)
{
    options_allow(p, parts.options, ANY_FOREIGN_KEY, "a foreign key");
    struct ast_foreign_key *key = arena_new(p->arena, struct ast_foreign_key);
    key->name = name_or_none(parts.name);
    key->columns = *parts.columns;
    key->references = *parts.references;
    key->references.match = parts.options->match;
    key->references.on_delete = parts.options->on_delete;
    key->references.on_update = parts.options->on_update;
    key->options = parts.options->ast;
    add_member(p, AST_MEMBER_FOREIGN_KEY, range_span(range))->foreign_key = key;
}

void build_check(struct parser *p, struct check_parts parts, struct range range)
{
    options_allow(p, parts.options, ANY_MEMBER | 1u << OPTION_NO_INHERIT, "a check");
    struct ast_check *check = arena_new(p->arena, struct ast_check);
    check->name = name_or_none(parts.name);
    check->expression = parts.expression;
    check->options = parts.options->ast;
    add_member(p, AST_MEMBER_CHECK, range_span(range))->check = check;
}

/* ---- elements of indexes ------------------------------------------------------------ */

struct elements *build_elements(struct parser *p, struct elements *elements,
                                struct ast_element *element)
{
    if (!elements)
        elements = arena_new(p->arena, struct elements);
    VEC_PUSH(p->arena, &elements->list, *element);
    return elements;
}

struct ast_element *build_column_element(struct parser *p, struct ast_name *word)
{
    struct ast_element *element = arena_new(p->arena, struct ast_element);
    element->column = *build_name(p, word);
    element->span = word->span;
    return element;
}

struct ast_element *build_call_element(struct parser *p, struct ast_qname *function,
                                       const struct token *end)
{
    struct ast_element *element = arena_new(p->arena, struct ast_element);
    element->span = span_join(function->span, end->span);
    struct ast_name *first = function->schema.text.n > 0 ? &function->schema
                                                         : &function->name;
    element->expression = build_sql(p, range_of(last_token_of(p, first->span), end));
    return element;
}

struct ast_element *build_paren_element(struct parser *p, struct range inner,
                                        struct range range)
{
    struct ast_element *element = arena_new(p->arena, struct ast_element);
    element->span = range_span(range);
    element->expression = build_paren(p, range.first, inner);
    return element;
}

static void grow(struct ast_element *element, struct span span)
{
    element->span = span_join(element->span, span);
}

/* Grows by a part of which an element has one. */
static void grow_once(struct parser *p, struct ast_element *element, bool again,
                      struct span span, const char *part)
{
    if (again)
        build_error(p, E_option_not_here, span, "an element of an index has one %s",
                    part);
    grow(element, span);
}

struct ast_element *element_collate(struct parser *p, struct ast_element *element,
                                    const struct ast_qname *name)
{
    grow_once(p, element, element->collate.name.text.n > 0, name->span, "collation");
    element->collate = *name;
    return element;
}

struct ast_element *element_order(struct parser *p, struct ast_element *element,
                                  const struct token *token, bool desc)
{
    grow_once(p, element, element->asc || element->desc, token->span, "order");
    if (desc)
        element->desc = true;
    else
        element->asc = true;
    return element;
}

struct ast_element *element_nulls(struct parser *p, struct ast_element *element,
                                  const struct token *token, bool first)
{
    grow_once(p, element, element->nulls_first || element->nulls_last, token->span,
              "place for its nulls");
    if (first)
        element->nulls_first = true;
    else
        element->nulls_last = true;
    return element;
}

struct ast_element *element_opclass(struct parser *p, struct ast_element *element,
                                    const struct ast_qname *name)
{
    grow_once(p, element, element->opclass.name.text.n > 0, name->span,
              "operator class");
    element->opclass = *name;
    return element;
}

struct ast_element *element_opclass_with(struct parser *p, struct ast_element *element,
                                         const struct ast_qname *name,
                                         struct ast_sql arguments,
                                         const struct token *end)
{
    element->opclass_args = arguments;
    element_opclass(p, element, name);
    grow(element, end->span);
    return element;
}

struct ast_element *element_operator(struct parser *p, struct ast_element *element,
                                     struct range range)
{
    element->with_operator = build_sql(p, range);
    grow(element, element->with_operator.span);
    return element;
}

/* ---- indexes and exclusions ---------------------------------------------------------- */

struct index_parts *build_index_parts(struct parser *p, struct ast_name *name,
                                      struct ast_name *method,
                                      struct elements *elements,
                                      struct options *options)
{
    struct index_parts *parts = arena_new(p->arena, struct index_parts);
    parts->name = name;
    parts->method = method;
    parts->elements = elements;
    parts->options = options;
    return parts;
}

void build_exclude(struct parser *p, struct index_parts *parts, struct range range)
{
    options_allow(p, parts->options,
                  ANY_INDEX | 1u << OPTION_DEFER | 1u << OPTION_WHERE, "an exclusion");
    struct ast_exclude *exclude = arena_new(p->arena, struct ast_exclude);
    exclude->name = name_or_none(parts->name);
    exclude->method = name_or_none(parts->method);
    exclude->elements = parts->elements->list;
    exclude->options = parts->options->ast;
    add_member(p, AST_MEMBER_EXCLUDE, range_span(range))->exclude = exclude;
}

void build_index(struct parser *p, struct index_parts *parts, struct range range)
{
    unsigned allowed = ANY_INDEX | 1u << OPTION_WHERE | 1u << OPTION_CONCURRENTLY;
    if (parts->unique)
        allowed |= 1u << OPTION_NULLS_NOT_DISTINCT;
    options_allow(p, parts->options, allowed, "an index");
    struct ast_index *index = arena_new(p->arena, struct ast_index);
    index->unique = parts->unique;
    index->name = name_or_none(parts->name);
    index->method = name_or_none(parts->method);
    index->nulls_not_distinct = parts->nulls_not_distinct ||
                                parts->options->nulls_not_distinct;
    index->elements = parts->elements->list;
    index->options = parts->options->ast;
    add_member(p, AST_MEMBER_INDEX, range_span(range))->index = index;
}
