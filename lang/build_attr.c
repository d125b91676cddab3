/* build_attr.c: attributes of columns and domains, in source order. Must not know which
 * of them contradict each other. */
#include "build.h"

struct ast_attr *build_attr(struct parser *p, struct attrs *attrs,
                            enum ast_attr_kind kind, struct range range)
{
    struct ast_attr attr = { .kind = kind, .span = range_span(range) };
    VEC_PUSH(p->arena, &attrs->list, attr);
    return &attrs->list.items[attrs->list.n - 1];
}

/* An attribute from its first token to the end of a span. */
static struct ast_attr *attr_to(struct parser *p, struct attrs *attrs,
                                enum ast_attr_kind kind, const struct token *start,
                                struct span end)
{
    struct ast_attr *attr = build_attr(p, attrs, kind, range_of(start, start));
    if (end.source)
        attr->span = span_join(start->span, end);
    return attr;
}

void build_attr_sql(struct parser *p, struct attrs *attrs, enum ast_attr_kind kind,
                    const struct token *start, struct ast_sql sql)
{
    attr_to(p, attrs, kind, start, sql.span)->sql = sql;
}

void build_attr_check(struct parser *p, struct attrs *attrs, struct ast_name *name,
                      const struct token *start, struct ast_sql sql)
{
    struct ast_attr *attr = attr_to(p, attrs, AST_ATTR_CHECK, start, sql.span);
    attr->sql = sql;
    if (name)
        attr->name = *name;
}

void build_attr_references(struct parser *p, struct attrs *attrs,
                           const struct token *start, struct ast_references *references)
{
    struct span end = references->table.span;
    if (references->columns.n > 0)
        end = names_span(&references->columns);
    attr_to(p, attrs, AST_ATTR_REFERENCES, start, end)->references = references;
}

void build_attr_collate(struct parser *p, struct attrs *attrs,
                        const struct token *start, struct ast_qname *name)
{
    attr_to(p, attrs, AST_ATTR_COLLATE, start, name->span)->qname = *name;
}

void build_attr_storage(struct parser *p, struct attrs *attrs,
                        const struct token *start, struct ast_name *name)
{
    attr_to(p, attrs, AST_ATTR_STORAGE, start, name->span)->name = *name;
}

void build_attr_was(struct parser *p, struct attrs *attrs, const struct token *start,
                    ast_names *names)
{
    attr_to(p, attrs, AST_ATTR_WAS, start, names_span(names))->names = *names;
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
    struct diag *diag = build_error(p, 216, span, "\"%.*s\" without \"references\"",
                                    STR_ARGS(span_text(span)));
    diag_hint(p->diags, diag, "it follows the \"references\" that it is about");
}

void build_attr_action(struct parser *p, struct attrs *attrs, bool on_delete,
                       const struct token *start, struct ast_action *action)
{
    struct ast_attr *attr = last_references(attrs);
    action->span = span_join(start->span, action->span);
    if (!attr) {
        report_without_key(p, action->span);
        return;
    }
    struct ast_references *references = attr->references;
    struct ast_action *slot = on_delete ? &references->on_delete
                                        : &references->on_update;
    if (slot->kind != AST_ACTION_NONE)
        build_error(p, 212, action->span, "\"on %s\" is written twice",
                    on_delete ? "delete" : "update");
    *slot = *action;
    attr->span = span_join(attr->span, action->span);
}

void build_attr_match(struct parser *p, struct attrs *attrs, const struct token *start,
                      enum ast_match match)
{
    struct ast_attr *attr = last_references(attrs);
    struct span span = tokens_span(start, start + 1);
    if (!attr) {
        report_without_key(p, span);
        return;
    }
    attr->references->match = match;
    attr->span = span_join(attr->span, span);
}

void build_attr_defer(struct parser *p, struct attrs *attrs, enum ast_defer defer,
                      struct range range)
{
    for (size_t i = attrs->list.n; i > 0; i--) {
        struct ast_attr *attr = &attrs->list.items[i - 1];
        if (attr->kind == AST_ATTR_REFERENCES || attr->kind == AST_ATTR_UNIQUE ||
            attr->kind == AST_ATTR_PRIMARY_KEY) {
            attr->defer |= (unsigned)defer;
            attr->span = span_join(attr->span, range_span(range));
            return;
        }
    }
    build_error(p, 216, range_span(range), "\"%.*s\" without a key before it",
                STR_ARGS(span_text(range_span(range))));
}

void build_attr_null(struct parser *p, struct range range)
{
    struct diag *diag;
    if (range.first == range.last) {
        diag = build_error(p, 207, range_span(range), "\"null\" is written \"?\" here");
        diag_hint(p->diags, diag,
                  "write \"?\" after the type of a column that may be null");
        return;
    }
    diag = build_error(p, 207, range_span(range),
                       "\"not null\" goes without saying here");
    diag_hint(p->diags, diag,
              "leave it out: only a type that ends in \"?\" may be null");
}
