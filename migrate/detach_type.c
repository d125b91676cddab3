/* detach_type.c: what names a type in its SQL without being of the type; must not know why
 * the type is made anew. */
#include "planner_private.h"

struct mention {
    struct str schema, name;
};

static bool is_name(struct planner *p, const struct token *token, struct str name)
{
    return (token->kind == TOKEN_NAME || token->kind == TOKEN_QUOTED) &&
           str_eq(token_value(p->arena, token), name);
}

/* A cast names its type with its schema: E0313. */
static bool mentions(struct planner *p, const struct model_sql *sql,
                     const struct mention *type)
{
    for (size_t i = 0; i + 2 < sql->ntokens; i++) {
        if (is_name(p, &sql->tokens[i], type->schema) &&
            sql->tokens[i + 1].kind == TOKEN_DOT &&
            is_name(p, &sql->tokens[i + 2], type->name))
            return true;
    }
    return false;
}

static bool constraint_mentions(struct planner *p,
                                const struct model_constraint *constraint,
                                const struct mention *type)
{
    bool found = mentions(p, &constraint->expression, type) ||
                 mentions(p, &constraint->where, type);
    for (size_t i = 0; i < constraint->elements.n; i++)
        found |= mentions(p, &constraint->elements.items[i].expression, type);
    return found;
}

static bool index_mentions(struct planner *p, const struct model_index *index,
                           const struct mention *type)
{
    bool found = mentions(p, &index->where, type);
    for (size_t i = 0; i < index->elements.n; i++)
        found |= mentions(p, &index->elements.items[i].expression, type);
    return found;
}

/* A column that is not of the type keeps its own. */
static void detach_default(struct planner *p, const struct model_column *from,
                           const struct model_column *to, const struct mention *type)
{
    if (mentions(p, &from->default_, type) && planner_once(p, &from->default_) &&
        match_type_same(planner_match(p), &from->type, &to->type) &&
        str_eq(from->collate, to->collate))
        planner_retype(p, &(struct retype){ .from = from,
                                            .to = to,
                                            .cost = COST_META,
                                            .keep_dependents = true });
}

static void detach_columns(struct planner *p, const struct model_table *table,
                           const struct mention *type)
{
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_column *from = table->columns.items[i];
        const struct model_column *to = match_to(planner_match(p), from);
        if (!to)
            continue;
        if (from->generated.ntokens && to->generated.ntokens &&
            mentions(p, &from->generated, type))
            planner_recompute(p, from);
        else if (!from->generated.ntokens && !planner_is_retyped(p, from))
            detach_default(p, from, to, type);
    }
}

static void detach_table(struct planner *p, const struct model_table *table,
                         const struct mention *type)
{
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (constraint_mentions(p, table->constraints.items[i], type))
            planner_rebuild(p, CHANGE_CONSTRAINT, table->constraints.items[i], table);
    }
    for (size_t i = 0; i < table->indexes.n; i++) {
        const struct model_index *index = table->indexes.items[i];
        if (index_mentions(p, index, type) &&
            planner_rebuild(p, CHANGE_INDEX, index, table))
            planner_detach_index_users(p, index);
    }
    detach_columns(p, table, type);
}

void planner_detach_mentions(struct planner *p, struct str schema, struct str name)
{
    const struct model *origin = match_origin(planner_match(p));
    struct mention type = { schema, name };
    for (size_t i = 0; i < origin->order.n; i++) {
        const struct model_table *table = origin->order.items[i].object;
        if (origin->order.items[i].kind == OBJECT_TABLE &&
            match_to(planner_match(p), table))
            detach_table(p, table, &type);
    }
}
