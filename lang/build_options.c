/* build_options.c: options of members and heads, and which go where. */
#include "build.h"

static const char *const option_words[OPTION_KINDS] = {
    [OPTION_INCLUDE] = "include",
    [OPTION_WHERE] = "where",
    [OPTION_WITH] = "with",
    [OPTION_TABLESPACE] = "tablespace",
    [OPTION_CONCURRENTLY] = "concurrently",
    [OPTION_NULLS_NOT_DISTINCT] = "nulls not distinct",
    [OPTION_NO_INHERIT] = "no inherit",
    [OPTION_DEFER] = "deferrable",
    [OPTION_MATCH] = "match",
    [OPTION_ON_DELETE] = "on delete",
    [OPTION_ON_UPDATE] = "on update",
    [OPTION_WAS] = "was",
    [OPTION_C_NAME] = "as",
};

/* Notes that an option was written; reports it when it was already. */
static void note(struct parser *p, struct options *options, enum option_kind kind,
                 struct span span)
{
    if (options->spans[kind].source) {
        struct diag *diag = build_error(p, E_option_not_here, span,
                                        "\"%s\" is written twice", option_words[kind]);
        diag->other = options->spans[kind];
        diag->note = "first written here";
    }
    options->spans[kind] = span;
}

void options_allow(struct parser *p, const struct options *options, unsigned allowed,
                   const char *what)
{
    for (int kind = 0; kind < OPTION_KINDS; kind++)
        if (options->spans[kind].source && !(allowed & 1u << kind))
            build_error(p, E_option_not_here, options->spans[kind],
                        "%s takes no \"%s\"", what, option_words[kind]);
}

/* ---- one function an option ------------------------------------------------------------- */

struct options *option_include(struct parser *p, struct options *options,
                               const struct token *start, const ast_names *columns)
{
    note(p, options, OPTION_INCLUDE, start->span);
    options->ast.include = *columns;
    return options;
}

struct options *option_where(struct parser *p, struct options *options,
                             const struct token *start, struct ast_sql sql)
{
    note(p, options, OPTION_WHERE, start->span);
    options->ast.where = sql;
    return options;
}

struct options *option_with(struct parser *p, struct options *options,
                            const struct token *start, struct ast_sql sql)
{
    note(p, options, OPTION_WITH, start->span);
    options->ast.with = sql;
    return options;
}

struct options *option_tablespace(struct parser *p, struct options *options,
                                  const struct token *start,
                                  const struct ast_name *name)
{
    note(p, options, OPTION_TABLESPACE, start->span);
    options->ast.tablespace = *name;
    return options;
}

struct options *option_concurrently(struct parser *p, struct options *options,
                                    const struct token *start)
{
    note(p, options, OPTION_CONCURRENTLY, start->span);
    options->ast.concurrently = true;
    return options;
}

struct options *option_no_inherit(struct parser *p, struct options *options,
                                  const struct token *start, const struct token *last)
{
    note(p, options, OPTION_NO_INHERIT, tokens_span(start, last));
    options->ast.no_inherit = true;
    return options;
}

struct options *option_nulls(struct parser *p, struct options *options,
                             const struct token *start)
{
    note(p, options, OPTION_NULLS_NOT_DISTINCT, tokens_span(start, start + 2));
    options->nulls_not_distinct = true;
    return options;
}

struct options *option_was(struct parser *p, struct options *options,
                           const ast_names *names)
{
    note(p, options, OPTION_WAS, names_span(names));
    options->ast.was = *names;
    return options;
}

struct options *option_c_name(struct parser *p, struct options *options,
                              const struct ast_c_name *c_name)
{
    note(p, options, OPTION_C_NAME, c_name->span);
    options->ast.c_name = *c_name;
    return options;
}

/* Two of them are usual: deferrable initially deferred. */
struct options *option_defer(struct options *options, struct deferral deferral)
{
    options->ast.defer |= (unsigned)deferral.defer;
    options->spans[OPTION_DEFER] = deferral.span;
    return options;
}

struct options *option_match(struct parser *p, struct options *options,
                             const struct token *start, enum ast_match match)
{
    note(p, options, OPTION_MATCH, start->span);
    options->match = match;
    return options;
}

struct options *option_delete(struct parser *p, struct options *options,
                              const struct token *start, struct ast_action *action)
{
    action->span = span_join(start->span, action->span);
    note(p, options, OPTION_ON_DELETE, action->span);
    options->on_delete = *action;
    return options;
}

struct options *option_update(struct parser *p, struct options *options,
                              const struct token *start, struct ast_action *action)
{
    action->span = span_join(start->span, action->span);
    note(p, options, OPTION_ON_UPDATE, action->span);
    options->on_update = *action;
    return options;
}

/* ---- foreign keys ------------------------------------------------------------------------- */

struct ast_references *build_references(struct parser *p, struct ast_qname *table,
                                        ast_names *columns)
{
    struct ast_references *references = arena_new(p->arena, struct ast_references);
    references->table = *table;
    if (columns)
        references->columns = *columns;
    return references;
}

struct ast_action *build_action(struct parser *p, enum ast_action_kind kind,
                                const struct token *token, ast_names *columns)
{
    struct ast_action *action = arena_new(p->arena, struct ast_action);
    action->kind = kind;
    action->span = token->span;
    if (columns) {
        action->columns = *columns;
        action->span = span_join(token->span, names_span(columns));
    }
    return action;
}
