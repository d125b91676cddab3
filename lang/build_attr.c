/* build_attr.c: attributes of columns and domains, in source order. Must not know which
 * of them contradict each other. */
#include "build.h"

struct deferral deferral(enum ast_defer defer, const struct token *first,
                         const struct token *last)
{
    return (struct deferral){ defer, tokens_span(first, last) };
}

/* A new attribute from its first token to the end of a span; end may be nowhere. */
static struct ast_attr *add_attr(struct parser *p, struct attrs *attrs,
                                 enum ast_attr_kind kind, const struct token *start,
                                 struct span end)
{
    struct ast_attr attr = { .kind = kind, .span = start->span };
    if (end.source)
        attr.span = span_join(start->span, end);
    VEC_PUSH(p->arena, &attrs->list, attr);
    return &attrs->list.items[attrs->list.n - 1];
}

struct attrs *attr_word(struct parser *p, struct attrs *attrs, enum ast_attr_kind kind,
                        const struct token *start, const struct token *end)
{
    struct ast_attr *attr = add_attr(p, attrs, kind, start, end->span);
    if (kind == AST_ATTR_IDENTITY)
        attr->by_default = start != end;
    else if (kind == AST_ATTR_UNIQUE)
        attr->nulls_not_distinct = start != end;
    return attrs;
}

struct attrs *attr_sql(struct parser *p, struct attrs *attrs, enum ast_attr_kind kind,
                       const struct token *start, struct ast_sql sql)
{
    add_attr(p, attrs, kind, start, sql.span)->sql = sql;
    return attrs;
}

struct attrs *attr_check(struct parser *p, struct attrs *attrs, struct ast_name *name,
                         const struct token *start, struct ast_sql sql)
{
    struct ast_attr *attr = add_attr(p, attrs, AST_ATTR_CHECK, start, sql.span);
    attr->sql = sql;
    if (name)
        attr->name = *name;
    return attrs;
}

struct attrs *attr_references(struct parser *p, struct attrs *attrs,
                              const struct token *start,
                              struct ast_references *references)
{
    struct span end = references->table.span;
    if (references->columns.n > 0)
        end = names_span(&references->columns);
    add_attr(p, attrs, AST_ATTR_REFERENCES, start, end)->references = references;
    return attrs;
}

struct attrs *attr_collate(struct parser *p, struct attrs *attrs,
                           const struct token *start, struct ast_qname *name)
{
    add_attr(p, attrs, AST_ATTR_COLLATE, start, name->span)->qname = *name;
    return attrs;
}

struct attrs *attr_name(struct parser *p, struct attrs *attrs, enum ast_attr_kind kind,
                        const struct token *start, struct ast_name *name)
{
    add_attr(p, attrs, kind, start, name->span)->name = *name;
    return attrs;
}

struct attrs *attr_identity(struct parser *p, struct attrs *attrs, struct range words,
                            struct ast_sequence *counter)
{
    struct ast_attr *attr = add_attr(p, attrs, AST_ATTR_IDENTITY, words.first,
                                     counter->options_span);
    attr->by_default = words.first != words.last;
    attr->sequence = counter;
    return attrs;
}

struct attrs *attr_was(struct parser *p, struct attrs *attrs, const struct token *start,
                       ast_names *names)
{
    add_attr(p, attrs, AST_ATTR_WAS, start, names_span(names))->names = *names;
    return attrs;
}

struct attrs *attr_c_name(struct attrs *attrs, const struct ast_c_name *c_name)
{
    attrs->c_name = *c_name;
    return attrs;
}

/* ---- what belongs to an attribute before it ------------------------------------------ */

static struct ast_attr *last_references(struct attrs *attrs)
{
    for (size_t i = attrs->list.n; i > 0; i--)
        if (attrs->list.items[i - 1].kind == AST_ATTR_REFERENCES)
            return &attrs->list.items[i - 1];
    return NULL;
}

static void report_without_key(struct parser *p, struct span span)
{
    struct diag *diag = build_error(p, E_attribute_without_key, span,
                                    "\"%.*s\" without \"references\"",
                                    STR_ARGS(span_text(span)));
    diag_hint(p->diags, diag, "it follows the \"references\" that it is about");
}

struct attrs *attr_action(struct parser *p, struct attrs *attrs, bool on_delete,
                          const struct token *start, struct ast_action *action)
{
    struct ast_attr *attr = last_references(attrs);
    action->span = span_join(start->span, action->span);
    if (!attr) {
        report_without_key(p, action->span);
        return attrs;
    }
    struct ast_references *references = attr->references;
    struct ast_action *slot = on_delete ? &references->on_delete
                                        : &references->on_update;
    if (slot->kind != AST_ACTION_NONE)
        build_error(p, E_option_not_here, action->span, "\"on %s\" is written twice",
                    on_delete ? "delete" : "update");
    *slot = *action;
    attr->span = span_join(attr->span, action->span);
    return attrs;
}

struct attrs *attr_match(struct parser *p, struct attrs *attrs,
                         const struct token *start, enum ast_match match)
{
    struct ast_attr *attr = last_references(attrs);
    struct span span = tokens_span(start, start + 1);
    if (!attr) {
        report_without_key(p, span);
        return attrs;
    }
    attr->references->match = match;
    attr->span = span_join(attr->span, span);
    return attrs;
}

struct attrs *attr_defer(struct parser *p, struct attrs *attrs,
                         struct deferral deferral)
{
    for (size_t i = attrs->list.n; i > 0; i--) {
        struct ast_attr *attr = &attrs->list.items[i - 1];
        if (attr->kind == AST_ATTR_REFERENCES || attr->kind == AST_ATTR_UNIQUE ||
            attr->kind == AST_ATTR_PRIMARY_KEY) {
            attr->defer |= (unsigned)deferral.defer;
            attr->span = span_join(attr->span, deferral.span);
            return attrs;
        }
    }
    build_error(p, E_attribute_without_key, deferral.span,
                "\"%.*s\" without a key before it", STR_ARGS(span_text(deferral.span)));
    return attrs;
}

struct attrs *attr_null(struct parser *p, struct attrs *attrs,
                        const struct token *first, const struct token *last)
{
    if (first != last) {
        add_attr(p, attrs, AST_ATTR_NOT_NULL, first, last->span);
        return attrs;
    }
    struct diag *diag = build_error(p, E_not_null, first->span,
                                    "\"null\" is written \"?\" here");
    diag_hint(p->diags, diag,
              "write \"?\" after the type of a column that may be null");
    return attrs;
}
