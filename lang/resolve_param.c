/* resolve_param.c: a query's parameters: types, written or taken from the result's table,
 * and choices. Must not read the body. */
#include "resolver.h"

/* Source: runtime/sc.h, struct sc__piece: a byte each for four choices of a variant. */
enum { MAX_CHOICE_PARAMS = 4, MAX_CHOICES = 254 };

static void add_choices(struct resolver *r, struct model_param *param,
                        const struct ast_param *ast)
{
    struct map names = { 0 };
    for (size_t i = 0; i < ast->choices.n; i++) {
        const struct ast_choice *choice = &ast->choices.items[i];
        const struct ast_choice *first = map_add(&names, r->arena, choice->name.text,
                                                 (struct ast_choice *)choice);
        if (first) {
            struct diag *diag = diag_error(
                r->diags, E_duplicate_choice, choice->name.span,
                "choice \"%.*s\" stands here twice", STR_ARGS(choice->name.text));
            diag->other = first->name.span;
            diag->note = "first declared here";
            continue;
        }
        struct model_choice made = { .sql = resolve_sql(&choice->sql) };
        made.name.name = choice->name.text;
        made.name.span = choice->name.span;
        VEC_PUSH(r->arena, &param->choices, made);
    }
    if (ast->choices.n > MAX_CHOICES) {
        (void)diag_error(r->diags, E_too_many_choices, ast->name.span,
                         "a parameter has at most %d choices", MAX_CHOICES);
    }
}

static void report_untyped(struct resolver *r, const struct query_work *work,
                           const struct ast_param *ast)
{
    const struct model_table *table = work->query->table;
    if (!table) {
        struct diag *diag = diag_error(
            r->diags, E_parameter_without_type, ast->name.span,
            "parameter \"%.*s\" needs a type", STR_ARGS(ast->name.text));
        diag_hint(r->diags, diag,
                  "only a query whose result is a table's row can take it from there");
        return;
    }
    if (may_be_lost_column(r, work_of(r, table), ast->name.text)) {
        return;
    }
    struct diag *diag = diag_error(
        r->diags, E_parameter_without_type, ast->name.span,
        "parameter \"%.*s\" needs a type: table \"%s\" has no such column",
        STR_ARGS(ast->name.text), shown_table(r, table));
    struct suggest suggest = suggest_for(ast->name.text);
    for (size_t i = 0; i < table->columns.n; i++) {
        suggest_offer(&suggest, table->columns.items[i]->name.name);
    }
    if (suggest.best.n) {
        diag_hint(r->diags, diag, "did you mean \"%.*s\"?", STR_ARGS(suggest.best));
    }
}

static void type_param(struct resolver *r, struct query_work *work,
                       struct model_param *param, const struct ast_param *ast)
{
    if (ast->has_type) {
        param->type = resolve_type(r, work->scope, &ast->type, NULL);
        return;
    }
    param->type = type_poison(ast->name.span);
    if (work->poisoned) {
        return;
    }
    const struct model_table *table = work->query->table;
    param->column = table ? model_find_column(table, ast->name.text) : NULL;
    if (!param->column) {
        report_untyped(r, work, ast);
        return;
    }
    param->type = param->column->type;
    param->type.span = ast->name.span;
    param->secret = param->column->secret;
}

static void add_param(struct resolver *r, struct query_work *work,
                      const struct ast_param *ast, int *nchoices)
{
    struct model_query *query = work->query;
    struct model_param *param = arena_new(r->arena, struct model_param);
    param->name = (struct model_name){ .name = ast->name.text,
                                       .doc = ast->doc,
                                       .span = ast->name.span };
    param->optional = ast->optional || (ast->has_type && ast->type.nullable);
    param->gate_bit = -1;
    param->choice_index = -1;
    if (ast->choices.n) {
        add_choices(r, param, ast);
        param->choice_index = (*nchoices)++;
    } else {
        type_param(r, work, param, ast);
        param->number = (int)query->params.n + 1 - *nchoices;
    }
    VEC_PUSH(r->arena, &query->params, param);
}

void resolve_params(struct resolver *r, struct query_work *work)
{
    struct map names = { 0 };
    int nchoices = 0;
    for (size_t i = 0; i < work->ast->params.n; i++) {
        const struct ast_param *ast = &work->ast->params.items[i];
        const struct ast_param *first = map_add(&names, r->arena, ast->name.text,
                                                (struct ast_param *)ast);
        if (first) {
            struct diag *diag = diag_error(
                r->diags, E_duplicate_parameter, ast->name.span,
                "parameter \"%.*s\" stands here twice", STR_ARGS(ast->name.text));
            diag->other = first->name.span;
            diag->note = "first declared here";
            continue;
        }
        add_param(r, work, ast, &nchoices);
        if (nchoices > MAX_CHOICE_PARAMS) {
            (void)diag_error(r->diags, E_too_many_choices, ast->name.span,
                             "a query has at most %d choice parameters",
                             MAX_CHOICE_PARAMS);
        }
    }
}
