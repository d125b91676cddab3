/* build_options.c: options of members and heads, and which go where. */
#include "build.h"

static const char *const option_words[OPTION_KINDS] = {
    [OPTION_INCLUDE] = "include",
    [OPTION_WHERE] = "where",
    [OPTION_WITH] = "with",
    [OPTION_TABLESPACE] = "tablespace",
    [OPTION_CONCURRENTLY] = "concurrently",
    [OPTION_NULLS_NOT_DISTINCT] = "nulls not distinct",
    [OPTION_DEFER] = "deferrable",
    [OPTION_MATCH] = "match",
    [OPTION_ON_DELETE] = "on delete",
    [OPTION_ON_UPDATE] = "on update",
    [OPTION_WAS] = "was",
    [OPTION_C_NAME] = "as",
};

struct options *build_options(struct parser *p)
{
    return arena_new(p->arena, struct options);
}

void build_option(struct parser *p, struct options *options, enum option_kind kind,
                  struct span span)
{
    if (options->spans[kind].source) {
        struct diag *diag = build_error(p, 212, span, "\"%s\" is written twice",
                                        option_words[kind]);
        diag->other = options->spans[kind];
        diag->note = "first written here";
    }
    options->spans[kind] = span;
}

void build_defer(struct options *options, enum ast_defer defer, struct span span)
{
    options->ast.defer |= (unsigned)defer;
    options->spans[OPTION_DEFER] = span;
}

void options_allow(struct parser *p, const struct options *options, unsigned allowed,
                   const char *what)
{
    for (int kind = 0; kind < OPTION_KINDS; kind++)
        if (options->spans[kind].source && !(allowed & 1u << kind))
            build_error(p, 212, options->spans[kind], "%s takes no \"%s\"", what,
                        option_words[kind]);
}

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
