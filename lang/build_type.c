/* build_type.c: uses of types as they are written. Must not know which types exist. */
#include "build.h"

struct modifiers *build_modifier(struct parser *p, struct modifiers *modifiers,
                                 struct range range)
{
    if (!modifiers)
        modifiers = arena_new(p->arena, struct modifiers);
    struct ast_modifier modifier = { .span = range_span(range) };
    modifier.text = span_text(modifier.span);
    VEC_PUSH(p->arena, &modifiers->list, modifier);
    return modifiers;
}

static struct ast_type *new_type(struct parser *p, struct ast_qname name,
                                 struct modifiers *modifiers, const struct token *last)
{
    struct ast_type *type = arena_new(p->arena, struct ast_type);
    type->name = name;
    type->span = last ? span_join(name.span, last->span) : name.span;
    for (size_t i = 0; modifiers && i < modifiers->list.n; i++)
        VEC_PUSH(p->arena, &type->modifiers, modifiers->list.items[i]);
    return type;
}

struct ast_type *build_type(struct parser *p, struct ast_qname *name,
                            struct modifiers *modifiers, const struct token *last)
{
    return new_type(p, *name, modifiers, last);
}

/* The words in lower case with one blank a gap. */
static struct str words(struct parser *p, const struct token *token, size_t n)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < n; i++) {
        buf_puts(&text, i > 0 ? " " : "");
        buf_str(&text, token_value(p->arena, &token[i]));
    }
    struct str result = buf_dup(&text, p->arena);
    buf_release(&text);
    return result;
}

struct ast_type *build_long_type(struct parser *p, const struct token *token,
                                 struct modifiers *modifiers, const struct token *last)
{
    size_t n = soft_long_type(token);
    bool interval = token_is_word(token, "interval");
    struct ast_qname name = { .span = tokens_span(token, token + n - 1) };
    name.name.span = interval ? token->span : name.span;
    name.name.text = interval ? token_value(p->arena, token) : words(p, token, n);
    struct ast_type *type = new_type(p, name, modifiers, last);
    if (interval)
        type->fields = words(p, token + 1, n - 1);
    return type;
}

struct ast_type *build_zone(struct parser *p, struct ast_type *type,
                            const struct token *zone)
{
    struct str name = type->name.name.text;
    bool fits = type->name.schema.text.n == 0 &&
                (str_eq_c(name, "time") || str_eq_c(name, "timestamp"));
    struct span span = tokens_span(zone, zone + 2);
    if (!fits) {
        build_error(p, E_syntax, span, "type \"%.*s\" has no time zone",
                    STR_ARGS(name));
        return type;
    }
    struct str with = token_value(p->arena, zone);
    type->name.name.text = str_of(
        arena_printf(p->arena, "%.*s %.*s time zone", STR_ARGS(name), STR_ARGS(with)));
    type->span = span_join(type->span, span);
    return type;
}

struct ast_type *build_array(struct ast_type *type, const struct token *last)
{
    type->dimensions++;
    type->span = span_join(type->span, last->span);
    return type;
}

struct ast_type *build_nullable(struct ast_type *type, const struct token *mark)
{
    type->nullable = true;
    type->span = span_join(type->span, mark->span);
    return type;
}

struct ast_type *build_checked_type(struct parser *p, struct ast_type *type)
{
    if (type->name.schema.text.n > 0)
        build_name(p, &type->name.schema);
    /* The two words of a long spelling are keywords: any case. */
    if (!memchr(type->name.name.text.s, ' ', type->name.name.text.n) ||
        type->name.name.quoted)
        build_name(p, &type->name.name);
    return type;
}
