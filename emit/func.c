/* func.c: see func.h. Must not write C. */
#include "func.h"
#include "names.h"

enum { MOST_PARAMETERS = 4 };

/* ---- names ------------------------------------------------------------------------ */

struct str func_name(struct arena *arena, const struct func *func, const char *suffix)
{
    return name_global(arena, func->name, suffix);
}

struct str func_choice(struct arena *arena, const struct func *func,
                       const struct stmt_choice *choice)
{
    struct str word = name_of(&choice->declared->name);
    return name_global(arena, name_join(arena, func->name, STR("_"), word), "");
}

struct str func_maybe_choice(struct arena *arena, const struct func *func,
                             const struct stmt_choice *choice)
{
    struct str word = name_of(&choice->declared->name);
    return name_global(arena, name_join(arena, func->name, STR("_maybe_"), word), "");
}

struct str func_pick(struct arena *arena, const struct func *func,
                     const struct stmt_choice *choice, size_t pick)
{
    struct str base = name_join(arena, func->name, STR("_"),
                                name_of(&choice->declared->name));
    return name_constant(arena, base,
                         name_of(&choice->declared->choices.items[pick].name));
}

struct str func_reach(struct arena *arena, const struct func *func,
                      const struct func_input *input)
{
    return func->args ? name_join(arena, STR("args->"), input->name, STR(""))
                      : input->name;
}

struct str func_shared(struct arena *arena, const struct func *func, const char *ending)
{
    return name_join(arena, STR("sc__"), func->name, str_of(ending));
}

struct str func_own_member(struct arena *arena, const struct func *func)
{
    return name_local(arena, name_of(&func->stmt->table->name));
}

struct str func_table_row(struct arena *arena, const struct model_table *table)
{
    return name_join(arena, STR("sc__"), name_table(arena, table), STR("_row"));
}

bool func_takes_values(const struct stmt *stmt)
{
    switch (stmt->kind) {
    case STMT_INSERT:
    case STMT_INSERT_MANY:
    case STMT_UPSERT:
    case STMT_UPSERT_MANY:
    case STMT_LOAD:
        return true;
    case STMT_GET:
    case STMT_BY_KEY:
    case STMT_GET_MANY:
    case STMT_MANY_BY_KEY:
    case STMT_EXISTS:
    case STMT_EXISTS_BY_KEY:
    case STMT_COUNT:
    case STMT_COUNT_BY:
    case STMT_LIST:
    case STMT_PAGE:
    case STMT_UPDATE:
    case STMT_DELETE:
    case STMT_RESTORE:
    case STMT_PURGE:
    case STMT_SCAN:
    case STMT_RELATED:
    case STMT_RELATED_MANY:
    case STMT_QUERY:
        break;
    }
    return false;
}

/* ---- inputs ----------------------------------------------------------------------- */

static struct func_input param_input(struct arena *arena,
                                     const struct stmt_param *param)
{
    struct func_input input = { .plain = param->name, .param = param };
    input.form = form_of(arena, &param->type, param->array);
    input.maybe = param->nullable && !input.form.own_null;
    input.type = input.maybe ? input.form.maybe : input.form.plain;
    return input;
}

static struct func_input choice_input(struct arena *arena, const struct func *func,
                                      const struct stmt_choice *choice)
{
    struct func_input input = { .plain = name_of(&choice->declared->name),
                                .choice = choice };
    input.maybe = choice->declared->optional;
    input.type = input.maybe
                     ? name_join(arena, STR("struct "),
                                 func_maybe_choice(arena, func, choice), STR(""))
                     : name_join(arena, STR("enum "), func_choice(arena, func, choice),
                                 STR(""));
    return input;
}

static const struct stmt_choice *find_choice(const struct stmt *stmt,
                                             const struct model_param *declared)
{
    for (size_t i = 0; i < stmt->choices.n; i++) {
        if (stmt->choices.items[i].declared == declared) {
            return &stmt->choices.items[i];
        }
    }
    return NULL;
}

/* A declared query's inputs in the order of its signature. */
static void declared_inputs(struct arena *arena, struct func *func)
{
    const struct stmt *stmt = func->stmt;
    for (size_t i = 0; i < stmt->query->params.n; i++) {
        const struct model_param *declared = stmt->query->params.items[i];
        const struct stmt_choice *choice = find_choice(stmt, declared);
        func->inputs[func->ninputs++] =
            choice ? choice_input(arena, func, choice)
                   : param_input(arena, &stmt->params.items[declared->number - 1]);
    }
}

/* Optional parameters and choices are told apart by name, so they need a struct. */
static bool needs_args(const struct func *func)
{
    bool needs = func->ninputs > MOST_PARAMETERS;
    for (size_t i = 0; i < func->ninputs; i++) {
        const struct func_input *input = &func->inputs[i];
        needs = needs || input->choice || input->param->nullable;
    }
    return needs;
}

static bool is_one_of(struct str name, const char *const *list)
{
    while (*list && !str_eq_c(name, *list)) {
        list++;
    }
    return *list != NULL;
}

/* What the function itself calls its parameters and locals. */
static bool is_own_name(const struct func *func, struct str name)
{
    static const char *const always[] = {
        "db", "err", "stmt", "types", "params", NULL
    };
    static const char *const of_lists[] = { "n", NULL };
    static const char *const of_values[] = { "column", "result", NULL };
    static const char *const of_pages[] = { "after", "limit", "variant", "pieces",
                                            NULL };
    static const char *const of_nested[] = { "relations", "nested", NULL };
    static const char *const of_updates[] = { "update", "patch", NULL };
    static const char *const of_streams[] = { "stream", NULL };
    bool list = func->out == FUNC_ROWS || func->out == FUNC_VALUES;
    return str_eq(name, func->out_name) || is_one_of(name, always) ||
           (list && is_one_of(name, of_lists)) ||
           (func->value_type.n && is_one_of(name, of_values)) ||
           (func->page && is_one_of(name, of_pages)) ||
           (func->streams && is_one_of(name, of_streams)) ||
           (func->nested && is_one_of(name, of_nested)) ||
           (func->stmt->kind == STMT_UPDATE && is_one_of(name, of_updates));
}

static void name_inputs(struct arena *arena, struct func *func)
{
    for (size_t i = 0; i < func->ninputs; i++) {
        struct func_input *input = &func->inputs[i];
        bool own = !func->args && is_own_name(func, input->plain);
        input->name = own ? name_join(arena, input->plain, STR("_"), STR(""))
                          : name_local(arena, input->plain);
    }
}

static void decide_inputs(struct arena *arena, struct func *func)
{
    const struct stmt *stmt = func->stmt;
    size_t nparams = func->page ? stmt->cursor_at : stmt->params.n;
    func->inputs = arena_array(arena, struct func_input, nparams + stmt->choices.n + 1);
    if (stmt->kind == STMT_QUERY) {
        declared_inputs(arena, func);
    } else {
        for (size_t i = 0; i < nparams; i++) {
            func->inputs[func->ninputs++] = param_input(arena, &stmt->params.items[i]);
        }
    }
    func->args = needs_args(func);
    name_inputs(arena, func);
}

/* ---- outputs ---------------------------------------------------------------------- */

static enum func_out decide_out(const struct stmt *stmt, const struct form *value)
{
    bool bare = stmt->row == STMT_ROW_VALUE;
    switch (stmt->want) {
    case STMT_WANT_ONE:
    case STMT_WANT_VALUE:
        if (bare || stmt->want == STMT_WANT_VALUE) {
            return value->borrows ? FUNC_ONE_VALUE : FUNC_VALUE;
        }
        return FUNC_ROW;
    case STMT_WANT_MAYBE:
        return bare ? FUNC_ONE_VALUE : FUNC_ROW;
    case STMT_WANT_MANY:
        return bare ? FUNC_VALUES : FUNC_ROWS;
    case STMT_WANT_EXEC:
        return FUNC_TOUCHED;
    case STMT_WANT_SCAN:
        return FUNC_STREAM;
    case STMT_WANT_TOUCH:
    case STMT_WANT_LOAD:
        break;
    }
    return FUNC_NOTHING;
}

static struct str out_name(const struct func *func)
{
    bool exists = func->stmt->kind == STMT_EXISTS ||
                  func->stmt->kind == STMT_EXISTS_BY_KEY;
    bool count = func->stmt->kind == STMT_COUNT || func->stmt->kind == STMT_COUNT_BY;
    switch (func->out) {
    case FUNC_NOTHING:
        break;
    case FUNC_ROW:
        return STR("row");
    case FUNC_ROWS:
        return STR("rows");
    case FUNC_TOUCHED:
        return STR("n");
    case FUNC_VALUE:
        return exists ? STR("exists") : count ? STR("n") : STR("value");
    case FUNC_ONE_VALUE:
        return STR("value");
    case FUNC_VALUES:
        return STR("values");
    case FUNC_STREAM:
        return STR("stream");
    }
    return STR("");
}

static void table_row(struct arena *arena, struct func *func)
{
    struct str base = name_table(arena, func->stmt->table);
    func->row = name_global(arena, base, "");
    func->row_base = base;
    func->row_descriptor = func_table_row(arena, func->stmt->table);
}

/* NAME_row of this function, or of the query that declared the shape. */
static void struct_row(struct arena *arena, struct func *func, struct str base)
{
    func->row = name_global(arena, base, "_row");
    func->row_base = base;
    func->row_descriptor = name_join(arena, STR("sc__"), base, STR("_row"));
}

/* T_get_with_R, whose struct T_get_many_with_R gives too. */
static struct str related_one(struct arena *arena, const struct func *func)
{
    const struct stmt *stmt = func->stmt;
    return name_join(arena, name_table(arena, stmt->table), STR("_get_with_"),
                     stmt->relations.items[0].name);
}

static void decide_row(struct arena *arena, struct func *func)
{
    const struct stmt *stmt = func->stmt;
    func->nested = stmt->relations.n > 0;
    func->own_row = func->nested && stmt->kind != STMT_RELATED_MANY;
    if (func->nested) {
        struct_row(arena, func, func->own_row ? func->name : related_one(arena, func));
        return;
    }
    switch (stmt->row) {
    case STMT_ROW_TABLE:
        table_row(arena, func);
        return;
    case STMT_ROW_FIELDS:
        func->own_row = stmt->query->shape == stmt->query || !stmt->query->shape;
        struct_row(arena, func,
                   func->own_row ? func->name : name_query(arena, stmt->query->shape));
        return;
    case STMT_ROW_VALUE:
        func->value = form_of(arena, &stmt->results.items[0].type, false);
        func->value_type = stmt->results.items[0].nullable ? form_nullable(&func->value)
                                                           : func->value.plain;
        func->value_take = stmt->kind == STMT_QUERY;
        func->row_descriptor = name_join(arena, STR("sc__"), func->name, STR("_value"));
        return;
    case STMT_ROW_NONE:
        if (func_takes_values(stmt)) {
            func->row_descriptor = func_table_row(arena, stmt->table);
        }
        return;
    }
}

static void decide_order(struct arena *arena, struct func *func)
{
    const struct stmt *stmt = func->stmt;
    func->page = stmt->order.n > 0;
    func->norder = stmt->order.n;
    func->order = arena_array(arena, struct func_order, stmt->order.n + 1);
    for (size_t i = 0; i < stmt->order.n; i++) {
        struct func_order *order = &func->order[i];
        order->result = &stmt->results.items[stmt->order.items[i].result];
        const struct model_column *column = order->result->column;
        order->member = name_local(arena, column ? name_of(&column->name)
                                                 : order->result->name);
        order->from = func->nested ? name_join(arena, func_own_member(arena, func),
                                               STR("."), order->member)
                                   : order->member;
        order->form = form_of(arena, &order->result->type, false);
    }
}

struct func func_decide(struct arena *arena, const struct stmt *stmt)
{
    struct func func = { .stmt = stmt, .name = name_function(arena, stmt) };
    decide_row(arena, &func);
    func.out = decide_out(stmt, &func.value);
    func.out_name = out_name(&func);
    func.streams = stmt_can_stream(stmt);
    decide_order(arena, &func);
    decide_inputs(arena, &func);
    return func;
}
