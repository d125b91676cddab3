/* resolve_query.c: queries, piece by piece. Must not read tokens. */
#include "resolver.h"

static void check_name(struct resolver *r, const struct query_work *work)
{
    const struct entity *other = map_find(&work->scope->types, work->query->name.name);
    if (other) {
        struct diag *diag = diag_error(
            r->diags, E_query_name_taken, work->query->name.span,
            "query \"%s\" has the name of a %s",
            shown_name(r, work->scope->schema, work->query->name.name),
            other->kind == ENTITY_TABLE ? "table" : "type");
        diag->other = other->span;
        diag->note = "declared here";
    }
}

struct model_param *find_param(const struct model_query *query,
                               const struct token *token)
{
    for (size_t i = 0; i < query->params.n; i++) {
        if (token_is_param(token, query->params.items[i]->name.name)) {
            return query->params.items[i];
        }
    }
    return NULL;
}

void resolve_queries(struct resolver *r)
{
    resolve_results(r);
    for (size_t i = 0; i < r->queries.n; i++) {
        struct query_work *work = r->queries.items[i];
        check_name(r, work);
        resolve_params(r, work);
        resolve_body(r, work);
        rule_query_words(r, work);
        resolve_relations(r, work);
        resolve_page(r, work);
    }
    resolve_secrets(r);
}
