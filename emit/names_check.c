/* names_check.c: reports names that collide or are no C names: walks the model and its
 * statements as the emitters do. Must not know what is written under the names. */
#include "func.h"
#include "judge.h"

enum { SCRATCH_MAX = 256 << 10 };

static const char rename_hint[] =
    "Choose a name of ASCII letters, digits and underscores.";

static bool check_object(struct judge *check, const struct origin *origin,
                         const struct model_schema *schema,
                         const struct model_name *name)
{
    bool alone = name_of(&schema->name).n == 0;
    return judge_part(check, origin, name_of(name), alone);
}

/* ---- members and parameters ------------------------------------------------------------ */

static void check_columns(struct judge *check, const struct model_table *table)
{
    struct map scope = { 0 };
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_column *column = table->columns.items[i];
        struct str name = name_of(&column->name);
        struct origin *origin = judge_origin(check, "column", NULL, &column->name);
        if (judge_part(check, origin, name, true)) {
            judge_member(check, &scope, origin, name_local(&check->scratch, name));
        }
    }
}

static void check_fields(struct judge *check, const struct model_query *query)
{
    struct map scope = { 0 };
    for (size_t i = 0; i < query->fields.n; i++) {
        const struct model_field *field = &query->fields.items[i];
        struct origin *origin = judge_origin(check, "field", NULL, &field->name);
        if (!judge_is_word(name_of(&field->name)) ||
            judge_digit(name_of(&field->name))) {
            judge_none(check, origin, rename_hint);
        } else {
            judge_member(check, &scope, origin,
                         name_local(&check->scratch, name_of(&field->name)));
        }
    }
}

static void check_params(struct judge *check, const struct func *func,
                         struct origin *owner)
{
    struct map scope = { 0 };
    for (size_t i = 0; i < func->ninputs; i++) {
        const struct func_input *input = &func->inputs[i];
        const struct model_param *declared = input->choice ? input->choice->declared
                                                           : input->param->declared;
        struct origin *origin = declared ? judge_origin(check, "parameter", NULL,
                                                        &declared->name)
                                         : owner;
        if (judge_is_word(input->name) && !judge_digit(input->name)) {
            judge_member(check, &scope, origin, input->name);
        } else if (declared) { /* a column has been reported already */
            judge_none(check, origin, rename_hint);
        }
    }
}

static void check_lists(struct judge *check, const struct func *func,
                        struct origin *owner)
{
    struct map scope = { 0 };
    judge_member(check, &scope, owner, func_own_member(&check->scratch, func));
    for (size_t i = 0; i < func->stmt->relations.n; i++) {
        const struct stmt_relation *relation = &func->stmt->relations.items[i];
        struct origin *origin = judge_origin(check, "table",
                                             relation->child->table->schema,
                                             &relation->child->table->name);
        judge_member(check, &scope, origin,
                     name_local(&check->scratch, relation->name));
    }
}

/* ---- functions ---------------------------------------------------------------------------- */

static bool add_suffixed(struct judge *check, struct origin *origin, struct str base,
                         const char *const *suffixes)
{
    bool fine = true;
    for (size_t i = 0; suffixes[i] && fine; i++) {
        fine = judge_global(check, origin,
                            name_global(&check->scratch, base, suffixes[i]));
    }
    return fine;
}

static void add_choices(struct judge *check, struct origin *origin,
                        const struct func *func)
{
    for (size_t i = 0; i < func->stmt->choices.n; i++) {
        const struct stmt_choice *choice = &func->stmt->choices.items[i];
        bool fine = judge_global(check, origin,
                                 func_choice(&check->scratch, func, choice)) &&
                    (!choice->declared->optional ||
                     judge_global(check, origin,
                                  func_maybe_choice(&check->scratch, func, choice)));
        for (size_t k = 0; fine && k < choice->declared->choices.n; k++) {
            const struct model_name *name = &choice->declared->choices.items[k].name;
            struct origin *of = judge_origin(check, "choice", NULL, name);
            fine = judge_is_word(name_of(name))
                       ? judge_global(check, of,
                                      func_pick(&check->scratch, func, choice, k))
                       : judge_none(check, of, rename_hint);
        }
    }
}

static void check_func(struct judge *check, const struct func *func,
                       struct origin *origin)
{
    static const char *const of_args[] = { "_args", NULL };
    static const char *const of_lists[] = { "_row", "_free", "_take", NULL };
    static const char *const of_rows[] = { "_row", "_free", "_take", "_next", NULL };
    static const char *const of_streams[] = { "_stream", NULL };
    static const char *const of_stream_values[] = { "_stream", "_next", NULL };
    static const char *const of_loads[] = { "_from", NULL };
    static const char *const of_values[] = { "_take", NULL };
    static const char *const of_pages[] = { "_cursor", "_cursor_of", "_cursor_text",
                                            "_cursor_parse", NULL };
    bool fine = judge_global(check, origin, func->name);
    fine = fine && (!func->args || add_suffixed(check, origin, func->name, of_args));
    fine = fine && (!func->own_row || add_suffixed(check, origin, func->name,
                                                   func->nested ? of_lists : of_rows));
    fine = fine && (!func->streams ||
                    add_suffixed(check, origin, func->name,
                                 func->value_take ? of_stream_values : of_streams));
    fine = fine && (func->stmt->kind != STMT_LOAD ||
                    add_suffixed(check, origin, func->name, of_loads));
    fine = fine &&
           (!func->value_take || add_suffixed(check, origin, func->name, of_values));
    fine = fine && (!func->page || add_suffixed(check, origin, func->name, of_pages));
    if (fine) {
        add_choices(check, origin, func);
    }
    check_params(check, func, origin);
    if (func->nested && func->own_row) {
        check_lists(check, func, origin);
    }
}

static void check_stmt(struct judge *check, const struct stmt *stmt,
                       struct origin *table)
{
    struct origin *origin = table;
    if (stmt->kind == STMT_QUERY) {
        const struct model_query *query = stmt->query;
        origin = judge_origin(check, "query", query->schema, &query->name);
        if (!check_object(check, origin, query->schema, &query->name)) {
            return;
        }
        if (query->result == RESULT_FIELDS) {
            check_fields(check, query);
        }
    }
    struct func func = func_decide(&check->scratch, stmt);
    if (judge_runtime(check, origin, func.name)) {
        check_func(check, &func, origin);
    }
}

/* ---- tables and enums ------------------------------------------------------------------------ */

static void add_constant(struct judge *check, const char *kind,
                         const struct model_name *name, struct span fallback,
                         struct str constant)
{
    struct origin *origin = judge_origin(check, kind, NULL, name);
    origin->span = name->span.source ? name->span : fallback;
    if (judge_is_word(constant)) {
        judge_global(check, origin, constant);
    } else {
        judge_none(check, origin,
                   "Give it a name of ASCII letters, digits and underscores, "
                   "or write \"as c_name\" after it.");
    }
}

static void add_constraints(struct judge *check, const struct model_table *table)
{
    for (size_t i = 0; i < table->constraints.n; i++) {
        const struct model_constraint *constraint = table->constraints.items[i];
        add_constant(check, "constraint", &constraint->name, table->name.span,
                     name_constraint(&check->scratch, constraint));
    }
    for (size_t i = 0; i < table->indexes.n; i++) {
        const struct model_index *index = table->indexes.items[i];
        if (index->unique) {
            add_constant(check, "index", &index->name, table->name.span,
                         name_index(&check->scratch, index));
        }
    }
}

/* A number among those that a call on one table can report: its own constraints' and those
 * of the tables that refer to it. */
static void add_number(struct judge *check, struct map *numbers,
                       const struct model_table *table, const struct model_name *name)
{
    uint32_t id = name_constraint_id(table, name->name);
    struct str key = { arena_copy(check->arena, (const char *)&id, sizeof id),
                       sizeof id };
    const struct model_name *first = map_add(numbers, check->arena, key,
                                             (void *)(uintptr_t)name);
    if (first && first != name) {
        struct diag *diag = diag_error(
            check->diags, NAMES_SAME_NUMBER, name->span,
            "constraints \"%.*s\" and \"%.*s\" get the same number",
            STR_ARGS(name->name), STR_ARGS(first->name));
        diag->other = first->span;
        diag->note = "the other one is here";
        diag_hint(check->diags, diag, "%s", "Give one of them another name.");
    }
}

static void check_numbers(struct judge *check, const struct model_table *table)
{
    struct map numbers = { 0 };
    for (size_t i = 0; i < table->constraints.n; i++) {
        add_number(check, &numbers, table, &table->constraints.items[i]->name);
    }
    for (size_t i = 0; i < table->indexes.n; i++) {
        if (table->indexes.items[i]->unique) {
            add_number(check, &numbers, table, &table->indexes.items[i]->name);
        }
    }
    for (size_t i = 0; i < table->referenced_by.n; i++) {
        const struct model_constraint *key = table->referenced_by.items[i];
        add_number(check, &numbers, key->table, &key->name);
    }
}

/* Gives the table's origin, NULL when its functions would have no names. */
static struct origin *check_table(struct judge *check, const struct model_table *table)
{
    static const char *const suffixes[] = { "",      "_new",  "_patch", "_constraint",
                                            "_free", "_take", "_next",  NULL };
    struct origin *origin = judge_origin(check, "table", table->schema, &table->name);
    check_columns(check, table);
    struct str base = name_table(check->arena, table);
    if (!check_object(check, origin, table->schema, &table->name) ||
        !judge_runtime(check, origin, base)) {
        return NULL;
    }
    struct str file = name_file(check->arena, base);
    bool fine = add_suffixed(check, origin, base, suffixes) &&
                judge_global(check, origin, name_guard(check->arena, file));
    judge_file(check, origin, file);
    if (!fine) {
        return NULL;
    }
    add_constraints(check, table);
    check_numbers(check, table);
    return origin;
}

static void check_labels(struct judge *check, const struct model_enum *enum_)
{
    for (size_t i = 0; i < enum_->labels.n; i++) {
        const struct model_label *label = &enum_->labels.items[i];
        struct origin *origin = judge_origin(check, "label", NULL, &label->name);
        struct str name = label->name.has_c_name ? label->name.c_name : label->ident;
        if (judge_is_word(name)) {
            judge_global(check, origin, name_label(check->arena, enum_, label));
        } else {
            judge_none(
                check, origin,
                "Write a C name before it, as in: in_progress = \"in progress\".");
        }
    }
}

static void check_enum(struct judge *check, const struct model_enum *enum_)
{
    static const char *const suffixes[] = { "", "_list", "_text", "_parse", NULL };
    struct arena *arena = check->arena;
    struct origin *origin = judge_origin(check, "enum", enum_->schema, &enum_->name);
    struct str base = name_enum(arena, enum_);
    if (!check_object(check, origin, enum_->schema, &enum_->name) ||
        !judge_runtime(check, origin, base)) {
        return;
    }
    bool fine = add_suffixed(check, origin, base, suffixes) &&
                judge_global(check, origin, name_enum_maybe(arena, enum_, "")) &&
                judge_global(check, origin, name_enum_maybe(arena, enum_, "_list")) &&
                judge_global(check, origin,
                             name_constant(arena, base, STR("_UNKNOWN"))) &&
                judge_global(check, origin, name_constant(arena, base, STR("_UNSET")));
    if (fine) {
        check_labels(check, enum_);
    }
}

/* Call it between two objects. */
static void clear_scratch(struct judge *check)
{
    if (check->scratch.used > SCRATCH_MAX) {
        arena_clear(&check->scratch);
    }
}

/* ---- the whole ---------------------------------------------------------------------------------- */

static bool has_own_file(const struct model_schema *schema)
{
    bool needed = schema->enums.n > 0;
    for (size_t i = 0; i < schema->queries.n; i++) {
        needed = needed || !schema->queries.items[i]->table;
    }
    return needed;
}

static bool check_schema(struct judge *check, const struct model_schema *schema,
                         struct str base)
{
    struct origin *origin = judge_origin(check, "schema", NULL, &schema->name);
    struct str name = name_of(&schema->name);
    if (name.n &&
        (!judge_part(check, origin, name, true) ||
         !judge_runtime(check, origin, name_prefix(&check->scratch, schema)))) {
        return false;
    }
    if (has_own_file(schema)) {
        struct str file = name_schema_file(check->arena, schema, base);
        judge_file(check, origin, file);
        judge_global(check, origin, name_guard(check->arena, file));
    }
    return true;
}

static void add_umbrella(struct judge *check, const struct model *model,
                         struct str base)
{
    struct origin *origin = arena_new(check->arena, struct origin);
    struct str file = name_file(check->arena, base);
    origin->kind = "the umbrella header of";
    origin->name = base;
    if (model->schemas.n) {
        origin->span = model->schemas.items[0]->name.span;
    }
    judge_file(check, origin, file);
    judge_global(check, origin, name_guard(check->arena, file));
    judge_global(check, origin, name_fingerprint(check->arena, base));
}

/* What has been found in order, by address: tables and schemas. */
static struct str address_key(const void *const *object)
{
    return (struct str){ (const char *)object, sizeof *object };
}

static void check_objects(struct judge *check, const struct model_schema *schema,
                          struct map *fine)
{
    for (size_t i = 0; i < schema->enums.n; i++) {
        check_enum(check, schema->enums.items[i]);
    }
    for (size_t i = 0; i < schema->tables.n; i++) {
        const void *const *table = (const void *const *)&schema->tables.items[i];
        struct origin *origin = check_table(check, schema->tables.items[i]);
        clear_scratch(check);
        if (origin) {
            map_add(fine, check->arena, address_key(table), origin);
        }
    }
}

void names_check(const struct model *model, const struct stmts *stmts, struct str base,
                 struct diags *diags)
{
    struct arena arena = { 0 };
    struct judge check = { .arena = &arena, .diags = diags };
    struct map fine = { 0 };
    add_umbrella(&check, model, base);
    for (size_t i = 0; i < model->schemas.n; i++) {
        const void *const *schema = (const void *const *)&model->schemas.items[i];
        if (check_schema(&check, model->schemas.items[i], base)) {
            map_add(&fine, &arena, address_key(schema), diags);
            check_objects(&check, model->schemas.items[i], &fine);
        }
    }
    for (size_t i = 0; i < stmts->list.n; i++) {
        const struct stmt *stmt = stmts->list.items[i];
        const void *owner = stmt->table;
        if (stmt->kind == STMT_QUERY) {
            owner = stmt->query->schema;
        }
        struct origin *origin = map_find(&fine, address_key(&owner));
        if (origin) {
            check_stmt(&check, stmt, stmt->kind == STMT_QUERY ? NULL : origin);
        }
        clear_scratch(&check);
    }
    arena_release(&check.scratch);
    arena_release(&arena);
}
