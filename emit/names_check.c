/* names_check.c: reports names that collide or are no C names. Must not know what is
 * written under them. */
#include "func.h"
#include "names.h"

enum { SCRATCH_MAX = 256 << 10 };

/* Where a name comes from. */
struct origin {
    const char *kind; /* "table" */
    struct str name;  /* "auth.users" */
    struct span span;
};

struct check {
    struct arena *arena;  /* of the messages and of what the maps hold */
    struct arena scratch; /* of names, until they are in a map */
    struct diags *diags;
    struct map globals; /* of the whole program: struct origin */
    struct map files;   /* in lower case: some file systems fold it */
};

static const char as_hint[] = "Write \"as c_name\" after it, with another name.";
static const char either_hint[] =
    "Give one of them another name, or write \"as c_name\" after it.";

/* ---- one name ----------------------------------------------------------------------- */

static struct origin *origin_new(struct check *check, const char *kind,
                                 const struct model_schema *schema,
                                 const struct model_name *name)
{
    struct origin *origin = arena_new(check->arena, struct origin);
    origin->kind = kind;
    origin->span = name->span;
    origin->name = schema ? name_join(check->arena, schema->name.name, STR("."),
                                      name->name)
                          : name->name;
    return origin;
}

static void report_collision(struct check *check, const struct origin *first,
                             const struct origin *second, struct str name)
{
    struct diag *diag;
    if (first == second) {
        diag = diag_error(check->diags, NAMES_COLLIDE, second->span,
                          "%s \"%.*s\" needs the C name \"%.*s\" twice", second->kind,
                          STR_ARGS(second->name), STR_ARGS(name));
    } else {
        diag = diag_error(check->diags, NAMES_COLLIDE, second->span,
                          "%s \"%.*s\" and %s \"%.*s\" both need the C name \"%.*s\"",
                          second->kind, STR_ARGS(second->name), first->kind,
                          STR_ARGS(first->name), STR_ARGS(name));
        diag->other = first->span;
        diag->note = "the other one is here";
    }
    diag_hint(check->diags, diag, "%s", either_hint);
}

/* A name of the whole program. Gives false after a report, so that one collision of two
 * objects gives one message. */
static bool add_global(struct check *check, struct origin *origin, struct str name)
{
    struct origin *first = map_find(&check->globals, name);
    if (first) {
        report_collision(check, first, origin, name);
        return false;
    }
    struct str kept = { arena_copy(check->arena, name.s, name.n), name.n };
    map_add(&check->globals, check->arena, kept, origin);
    return true;
}

static void add_file(struct check *check, struct origin *origin, struct str file)
{
    char *folded = arena_copy(check->arena, file.s, file.n);
    for (size_t i = 0; i < file.n; i++) {
        if (folded[i] >= 'A' && folded[i] <= 'Z') {
            folded[i] = (char)(folded[i] - 'A' + 'a');
        }
    }
    struct str key = { folded, file.n };
    struct origin *first = map_add(&check->files, check->arena, key, origin);
    if (first) {
        report_collision(check, first, origin,
                         name_join(check->arena, file, STR(".h"), STR("")));
    }
}

static bool is_word(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && !(c >= '0' && c <= '9')) {
            return false;
        }
    }
    return name.n > 0;
}

static bool starts_with_digit(struct str name)
{
    return name.n > 0 && name.s[0] >= '0' && name.s[0] <= '9';
}

static bool no_c_name(struct check *check, const struct origin *origin,
                      const char *hint)
{
    struct diag *diag = diag_error(check->diags, NAMES_NO_C_NAME, origin->span,
                                   "%s \"%.*s\" has no C name", origin->kind,
                                   STR_ARGS(origin->name));
    diag_hint(check->diags, diag, "%s", hint);
    return false;
}

/* What a name of the whole program is made of. alone: nothing stands before it. */
static bool check_part(struct check *check, const struct origin *origin,
                       struct str part, bool alone)
{
    if (!is_word(part) || (alone && starts_with_digit(part))) {
        return no_c_name(
            check, origin,
            "Write \"as c_name\" after it, a name of ASCII letters, digits "
            "and underscores.");
    }
    return true;
}

static bool check_runtime(struct check *check, const struct origin *origin,
                          struct str base)
{
    struct str start = { base.s, base.n < 3 ? base.n : 3 };
    if (!str_eq_c(start, "sc_") && !str_eq_c(start, "SC_")) {
        return true;
    }
    struct diag *diag = diag_error(check->diags, NAMES_RUNTIME, origin->span,
                                   "the C names of %s \"%.*s\" would begin with sc_, "
                                   "which is the runtime's own prefix",
                                   origin->kind, STR_ARGS(origin->name));
    diag_hint(check->diags, diag, "%s", as_hint);
    return false;
}

static bool check_object(struct check *check, const struct origin *origin,
                         const struct model_schema *schema,
                         const struct model_name *name)
{
    bool alone = name_of(&schema->name).n == 0;
    return check_part(check, origin, name_of(name), alone);
}

/* ---- members and parameters ------------------------------------------------------------ */

/* Names that must differ within a struct or a function. */
struct scope {
    struct map names;
};

static void add_member(struct check *check, struct scope *scope, struct origin *origin,
                       struct str name)
{
    struct origin *first = map_add(&scope->names, &check->scratch, name, origin);
    if (first && first != origin) {
        report_collision(check, first, origin, name);
    }
}

static void check_columns(struct check *check, const struct model_table *table)
{
    struct scope scope = { .names = { 0 } };
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_column *column = table->columns.items[i];
        struct str name = name_of(&column->name);
        struct origin *origin = origin_new(check, "column", NULL, &column->name);
        if (check_part(check, origin, name, true)) {
            add_member(check, &scope, origin, name_local(&check->scratch, name));
        }
    }
}

static const char rename_hint[] =
    "Choose a name of ASCII letters, digits and underscores.";

static void check_fields(struct check *check, const struct model_query *query)
{
    struct scope scope = { .names = { 0 } };
    for (size_t i = 0; i < query->fields.n; i++) {
        const struct model_field *field = &query->fields.items[i];
        struct origin *origin = origin_new(check, "field", NULL, &field->name);
        if (!is_word(name_of(&field->name)) ||
            starts_with_digit(name_of(&field->name))) {
            no_c_name(check, origin, rename_hint);
        } else {
            add_member(check, &scope, origin,
                       name_local(&check->scratch, name_of(&field->name)));
        }
    }
}

static void check_params(struct check *check, const struct func *func,
                         struct origin *owner)
{
    struct scope scope = { .names = { 0 } };
    for (size_t i = 0; i < func->ninputs; i++) {
        const struct func_input *input = &func->inputs[i];
        const struct model_param *declared = input->choice ? input->choice->declared
                                                           : input->param->declared;
        struct origin *origin = declared ? origin_new(check, "parameter", NULL,
                                                      &declared->name)
                                         : owner;
        if (is_word(input->name) && !starts_with_digit(input->name)) {
            add_member(check, &scope, origin, input->name);
        } else if (declared) { /* a column has been reported already */
            no_c_name(check, origin, rename_hint);
        }
    }
}

static void check_lists(struct check *check, const struct func *func,
                        struct origin *owner)
{
    struct scope scope = { .names = { 0 } };
    add_member(check, &scope, owner, func_own_member(&check->scratch, func));
    for (size_t i = 0; i < func->stmt->relations.n; i++) {
        const struct stmt_relation *relation = &func->stmt->relations.items[i];
        struct origin *origin = origin_new(check, "table",
                                           relation->child->table->schema,
                                           &relation->child->table->name);
        add_member(check, &scope, origin, name_local(&check->scratch, relation->name));
    }
}

/* ---- functions ---------------------------------------------------------------------------- */

static bool add_suffixed(struct check *check, struct origin *origin, struct str base,
                         const char *const *suffixes)
{
    bool fine = true;
    for (size_t i = 0; suffixes[i] && fine; i++) {
        fine = add_global(check, origin,
                          name_global(&check->scratch, base, suffixes[i]));
    }
    return fine;
}

static void add_choices(struct check *check, struct origin *origin,
                        const struct func *func)
{
    for (size_t i = 0; i < func->stmt->choices.n; i++) {
        const struct stmt_choice *choice = &func->stmt->choices.items[i];
        bool fine = add_global(check, origin,
                               func_choice(&check->scratch, func, choice)) &&
                    (!choice->declared->optional ||
                     add_global(check, origin,
                                func_maybe_choice(&check->scratch, func, choice)));
        for (size_t k = 0; fine && k < choice->declared->choices.n; k++) {
            const struct model_name *name = &choice->declared->choices.items[k].name;
            struct origin *of = origin_new(check, "choice", NULL, name);
            fine = is_word(name_of(name))
                       ? add_global(check, of,
                                    func_pick(&check->scratch, func, choice, k))
                       : no_c_name(check, of, rename_hint);
        }
    }
}

static void check_func(struct check *check, const struct func *func,
                       struct origin *origin)
{
    static const char *const of_args[] = { "_args", NULL };
    static const char *const of_rows[] = { "_row", "_free", "_take", NULL };
    static const char *const of_pages[] = { "_cursor", "_cursor_of", "_cursor_text",
                                            "_cursor_parse", NULL };
    bool fine = add_global(check, origin, func->name);
    fine = fine && (!func->args || add_suffixed(check, origin, func->name, of_args));
    fine = fine && (!func->own_row || add_suffixed(check, origin, func->name, of_rows));
    fine = fine && (!func->page || add_suffixed(check, origin, func->name, of_pages));
    if (fine) {
        add_choices(check, origin, func);
    }
    check_params(check, func, origin);
    if (func->nested) {
        check_lists(check, func, origin);
    }
}

static void check_stmt(struct check *check, const struct stmt *stmt,
                       struct origin *table)
{
    struct origin *origin = table;
    if (stmt->kind == STMT_QUERY) {
        const struct model_query *query = stmt->query;
        origin = origin_new(check, "query", query->schema, &query->name);
        if (!check_object(check, origin, query->schema, &query->name)) {
            return;
        }
        if (query->result == RESULT_FIELDS) {
            check_fields(check, query);
        }
    }
    struct func func = func_decide(&check->scratch, stmt);
    if (check_runtime(check, origin, func.name)) {
        check_func(check, &func, origin);
    }
}

/* ---- tables and enums ------------------------------------------------------------------------ */

static void add_constant(struct check *check, const char *kind,
                         const struct model_name *name, struct span fallback,
                         struct str constant)
{
    struct origin *origin = origin_new(check, kind, NULL, name);
    origin->span = name->span.source ? name->span : fallback;
    if (is_word(constant)) {
        add_global(check, origin, constant);
    } else {
        no_c_name(check, origin,
                  "Give it a name of ASCII letters, digits and underscores, "
                  "or write \"as c_name\" after it.");
    }
}

static void add_constraints(struct check *check, const struct model_table *table)
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
static void add_number(struct check *check, struct map *numbers,
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

static void check_numbers(struct check *check, const struct model_table *table)
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
static struct origin *check_table(struct check *check, const struct model_table *table)
{
    static const char *const suffixes[] = { "",      "_new",  "_patch", "_constraint",
                                            "_free", "_take", NULL };
    struct origin *origin = origin_new(check, "table", table->schema, &table->name);
    check_columns(check, table);
    struct str base = name_table(check->arena, table);
    if (!check_object(check, origin, table->schema, &table->name) ||
        !check_runtime(check, origin, base)) {
        return NULL;
    }
    struct str file = name_file(check->arena, base);
    bool fine = add_suffixed(check, origin, base, suffixes) &&
                add_global(check, origin, name_guard(check->arena, file));
    add_file(check, origin, file);
    if (!fine) {
        return NULL;
    }
    add_constraints(check, table);
    check_numbers(check, table);
    return origin;
}

static void check_labels(struct check *check, const struct model_enum *enum_)
{
    for (size_t i = 0; i < enum_->labels.n; i++) {
        const struct model_label *label = &enum_->labels.items[i];
        struct origin *origin = origin_new(check, "label", NULL, &label->name);
        struct str name = label->name.has_c_name ? label->name.c_name : label->ident;
        if (is_word(name)) {
            add_global(check, origin, name_label(check->arena, enum_, label));
        } else {
            no_c_name(
                check, origin,
                "Write a C name before it, as in: in_progress = \"in progress\".");
        }
    }
}

static void check_enum(struct check *check, const struct model_enum *enum_)
{
    static const char *const suffixes[] = { "", "_list", "_text", "_parse", NULL };
    struct arena *arena = check->arena;
    struct origin *origin = origin_new(check, "enum", enum_->schema, &enum_->name);
    struct str base = name_enum(arena, enum_);
    if (!check_object(check, origin, enum_->schema, &enum_->name) ||
        !check_runtime(check, origin, base)) {
        return;
    }
    bool fine = add_suffixed(check, origin, base, suffixes) &&
                add_global(check, origin, name_enum_maybe(arena, enum_, "")) &&
                add_global(check, origin, name_enum_maybe(arena, enum_, "_list")) &&
                add_global(check, origin,
                           name_constant(arena, base, STR("_UNKNOWN"))) &&
                add_global(check, origin, name_constant(arena, base, STR("_UNSET")));
    if (fine) {
        check_labels(check, enum_);
    }
}

/* Call it between two objects. */
static void clear_scratch(struct check *check)
{
    if (check->scratch.used > SCRATCH_MAX) {
        arena_release(&check->scratch);
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

static bool check_schema(struct check *check, const struct model_schema *schema,
                         struct str base)
{
    struct origin *origin = origin_new(check, "schema", NULL, &schema->name);
    struct str name = name_of(&schema->name);
    if (name.n &&
        (!check_part(check, origin, name, true) ||
         !check_runtime(check, origin, name_prefix(&check->scratch, schema)))) {
        return false;
    }
    if (has_own_file(schema)) {
        struct str file = name_schema_file(check->arena, schema, base);
        add_file(check, origin, file);
        add_global(check, origin, name_guard(check->arena, file));
    }
    return true;
}

static void add_umbrella(struct check *check, const struct model *model,
                         struct str base)
{
    struct origin *origin = arena_new(check->arena, struct origin);
    struct str file = name_file(check->arena, base);
    origin->kind = "the umbrella header of";
    origin->name = base;
    if (model->schemas.n) {
        origin->span = model->schemas.items[0]->name.span;
    }
    add_file(check, origin, file);
    add_global(check, origin, name_guard(check->arena, file));
    add_global(check, origin, name_fingerprint(check->arena, base));
}

/* What has been found in order, by address: tables and schemas. */
static struct str address_key(const void *const *object)
{
    return (struct str){ (const char *)object, sizeof *object };
}

static void check_objects(struct check *check, const struct model_schema *schema,
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

void names_check(struct arena *arena, const struct model *model,
                 const struct stmts *stmts, struct str base, struct diags *diags)
{
    struct check check = { .arena = arena, .diags = diags };
    struct map fine = { 0 };
    add_umbrella(&check, model, base);
    for (size_t i = 0; i < model->schemas.n; i++) {
        const void *const *schema = (const void *const *)&model->schemas.items[i];
        if (check_schema(&check, model->schemas.items[i], base)) {
            map_add(&fine, arena, address_key(schema), diags);
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
}
