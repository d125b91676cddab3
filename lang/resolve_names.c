/* resolve_names.c: gives what was not named the name that PostgreSQL would choose, asking
 * in the order in which the server would create things, and reports names that are taken.
 * Must not decide how a name is made: names.h does.
 *
 * Source: DefineRelation, transformCreateStmt (sequences, then the table with its checks,
 * the primary key, other keys and exclusions, foreign keys), then each CREATE INDEX, then
 * late foreign keys; version 15. */
#include "resolver.h"

static struct entity *entity_new(struct resolver *r, enum entity_kind kind,
                                 void *object, struct span span)
{
    struct entity *entity = arena_new(r->arena, struct entity);
    *entity = (struct entity){ kind, object, span, false };
    return entity;
}

struct claim {
    struct scope *scope;
    struct model_name *name;
    enum name_kind kind;
    bool implicit;
    enum entity_kind entity;
};

static const char *entity_shown(enum entity_kind kind)
{
    return kind == ENTITY_TABLE      ? "table"
           : kind == ENTITY_SEQUENCE ? "sequence"
           : kind == ENTITY_INDEX    ? "index"
                                     : "constraint";
}

static void report_taken(struct resolver *r, const struct claim *claim,
                         const struct entity *first)
{
    struct diag *diag = diag_error(r->diags, E_name_taken, claim->name->span,
                                   "the name \"%.*s\" is taken",
                                   STR_ARGS(claim->name->name));
    diag->other = first->span;
    diag->note = arena_printf(r->arena,
                              first->implicit
                                  ? "PostgreSQL gives it to the %s that this makes"
                                  : "by the %s that is declared here",
                              entity_shown(first->kind));
}

/* Enters a name in the schema's namespaces. */
static void claim_name(struct resolver *r, const struct claim *claim)
{
    struct entity *entity = entity_new(r, claim->entity, claim->name,
                                       claim->name->span);
    entity->implicit = claim->implicit;
    struct name_space *taken = &claim->scope->taken;
    const struct entity *first = NULL;
    if (claim->kind != NAME_CONSTRAINT) {
        first = map_add(&taken->relations, r->arena, claim->name->name, entity);
    }
    if (first) {
        report_taken(r, claim, first);
        return;
    }
    if (claim->kind != NAME_RELATION) {
        (void)map_add(&taken->constraints, r->arena, claim->name->name, entity);
    }
}

/* Chooses a name unless one was written, and enters it. */
static void choose(struct resolver *r, const struct claim *claim,
                   const struct name_parts *parts)
{
    if (claim->implicit) {
        claim->name->name = name_choose(r->arena, &claim->scope->taken, parts,
                                        claim->kind);
    }
    claim_name(r, claim);
}

/* ---- names of a table's parts ------------------------------------------------------------ */

static void name_sequences(struct resolver *r, struct table_work *work)
{
    struct model_table *table = work->table;
    for (size_t i = 0; i < table->columns.n; i++) {
        struct model_column *column = table->columns.items[i];
        struct model_sequence *sequence = column->owned;
        if (!sequence) {
            continue;
        }
        struct claim claim = { work->scope, &sequence->name, NAME_RELATION,
                               !sequence->named, ENTITY_SEQUENCE };
        struct name_parts parts = { table->name.name, column->name.name, STR("seq") };
        choose(r, &claim, &parts);
    }
}

/* Those of a foreign key, where the server does not number repeated ones. */
static name_list column_names(struct resolver *r, const model_columns *columns)
{
    name_list names = { 0 };
    for (size_t i = 0; i < columns->n; i++) {
        VEC_PUSH(r->arena, &names, columns->items[i]->name.name);
    }
    return names;
}

static void add_elements(struct resolver *r, name_list *names,
                         const struct model_element *elements, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct model_element *element = &elements[i];
        struct str name = element->column
                              ? element->column->name.name
                              : name_expression(r->arena,
                                                scan_sql(&element->expression));
        name_add_column(r->arena, names, name);
    }
}

static void add_columns(struct resolver *r, name_list *names,
                        const model_columns *columns)
{
    for (size_t i = 0; i < columns->n; i++) {
        name_add_column(r->arena, names, columns->items[i]->name.name);
    }
}

/* A constraint's name in a table must be its own even where a schema's need not. */
static void check_own(struct resolver *r, struct map *own,
                      struct model_constraint *constraint)
{
    struct model_constraint *first = map_add(own, r->arena, constraint->name.name,
                                             constraint);
    if (first && first != constraint) {
        struct entity entity = { ENTITY_CONSTRAINT, first, first->name.span,
                                 !first->named };
        struct claim claim = { .name = &constraint->name };
        report_taken(r, &claim, &entity);
    }
}

static void name_check(struct resolver *r, struct table_work *work,
                       struct model_constraint *check)
{
    struct claim claim = { work->scope, &check->name, NAME_CONSTRAINT, !check->named,
                           ENTITY_CONSTRAINT };
    struct name_parts parts = { .name1 = work->table->name.name,
                                .label = STR("check") };
    if (check->columns.n == 1) {
        parts.name2 = check->columns.items[0]->name.name;
    }
    choose(r, &claim, &parts);
}

static void name_index_constraint(struct resolver *r, struct table_work *work,
                                  struct model_constraint *constraint)
{
    bool plain_index = constraint->partial;
    struct claim claim = { work->scope, &constraint->name,
                           plain_index ? NAME_RELATION : NAME_BOTH, !constraint->named,
                           ENTITY_CONSTRAINT };
    struct name_parts parts = { .name1 = work->table->name.name };
    name_list names = { 0 };
    if (constraint->kind == CONSTRAINT_EXCLUDE) {
        add_elements(r, &names, constraint->elements.items, constraint->elements.n);
        parts.label = STR("excl");
    } else {
        add_columns(r, &names, &constraint->columns);
        parts.label = STR("key");
    }
    add_columns(r, &names, &constraint->include);
    parts.name2 = name_addition(r->arena, &names);
    if (constraint->kind == CONSTRAINT_PRIMARY_KEY) {
        parts.name2 = (struct str){ 0 };
        parts.label = STR("pkey");
    }
    choose(r, &claim, &parts);
}

static void name_foreign_key(struct resolver *r, struct table_work *work,
                             struct model_constraint *key)
{
    name_list names = column_names(r, &key->columns);
    struct claim claim = { work->scope, &key->name, NAME_CONSTRAINT, !key->named,
                           ENTITY_CONSTRAINT };
    struct name_parts parts = { work->table->name.name, name_addition(r->arena, &names),
                                STR("fkey") };
    choose(r, &claim, &parts);
}

static void name_index(struct resolver *r, struct table_work *work,
                       struct model_index *index)
{
    name_list names = { 0 };
    add_elements(r, &names, index->elements.items, index->elements.n);
    add_columns(r, &names, &index->include);
    struct claim claim = { work->scope, &index->name, NAME_RELATION, !index->named,
                           ENTITY_INDEX };
    struct name_parts parts = { work->table->name.name, name_addition(r->arena, &names),
                                STR("idx") };
    choose(r, &claim, &parts);
}

/* ---- in the server's order ----------------------------------------------------------------- */

static bool is_late(const struct map *late, const struct model_constraint *key)
{
    return map_find(late, (struct str){ (const char *)&key, sizeof key });
}

/* Names the constraints of a kind: the order of kinds is the server's. */
static void name_kind(struct resolver *r, struct table_work *work,
                      bool (*is)(const struct model_constraint *),
                      void (*name)(struct resolver *, struct table_work *,
                                   struct model_constraint *))
{
    for (size_t i = 0; i < work->table->constraints.n; i++) {
        struct model_constraint *constraint = work->table->constraints.items[i];
        if (is(constraint)) {
            name(r, work, constraint);
            check_own(r, &work->constraint_names, constraint);
        }
    }
}

static bool is_check(const struct model_constraint *constraint)
{
    return constraint->kind == CONSTRAINT_CHECK;
}

static bool is_primary(const struct model_constraint *constraint)
{
    return constraint->kind == CONSTRAINT_PRIMARY_KEY;
}

static bool is_other_index(const struct model_constraint *constraint)
{
    return (constraint->kind == CONSTRAINT_UNIQUE && !constraint->partial) ||
           constraint->kind == CONSTRAINT_EXCLUDE;
}

/* A unique index of our own making, after the table. */
static bool is_partial(const struct model_constraint *constraint)
{
    return constraint->partial;
}

static void name_foreign_keys(struct resolver *r, struct table_work *work,
                              const struct map *late)
{
    for (size_t i = 0; i < work->table->constraints.n; i++) {
        struct model_constraint *key = work->table->constraints.items[i];
        if (key->kind == CONSTRAINT_FOREIGN_KEY && !is_late(late, key)) {
            name_foreign_key(r, work, key);
            check_own(r, &work->constraint_names, key);
        }
    }
}

static void name_table(struct resolver *r, struct table_work *work,
                       const struct map *late)
{
    name_sequences(r, work);
    struct claim claim = { work->scope, &work->table->name, NAME_RELATION, false,
                           ENTITY_TABLE };
    claim_name(r, &claim);
    name_kind(r, work, is_check, name_check);
    name_kind(r, work, is_primary, name_index_constraint);
    name_kind(r, work, is_other_index, name_index_constraint);
    name_foreign_keys(r, work, late);
    name_kind(r, work, is_partial, name_index_constraint);
    for (size_t i = 0; i < work->table->indexes.n; i++) {
        name_index(r, work, work->table->indexes.items[i]);
    }
}

static void name_domain(struct resolver *r, struct model_domain *domain)
{
    for (size_t i = 0; i < domain->checks.n; i++) {
        struct model_check *check = &domain->checks.items[i];
        struct claim claim = { scope_of(r, domain->schema), &check->name,
                               NAME_CONSTRAINT, !check->named, ENTITY_CONSTRAINT };
        struct name_parts parts = { .name1 = domain->name.name, .label = STR("check") };
        choose(r, &claim, &parts);
        for (size_t k = 0; k < i; k++) {
            if (str_eq(domain->checks.items[k].name.name, check->name.name)) {
                struct entity first = { ENTITY_CONSTRAINT, NULL,
                                        domain->checks.items[k].name.span,
                                        !domain->checks.items[k].named };
                report_taken(r, &claim, &first);
            }
        }
    }
}

static void name_object_parts(struct resolver *r, const struct model_object *object,
                              const struct map *late)
{
    if (object->kind == OBJECT_DOMAIN) {
        name_domain(r, object->object);
    } else if (object->kind == OBJECT_TABLE) {
        name_table(r, work_of(r, object->object), late);
    } else if (object->kind == OBJECT_SEQUENCE) {
        struct model_sequence *sequence = object->object;
        struct claim claim = { scope_of(r, sequence->schema), &sequence->name,
                               NAME_RELATION, false, ENTITY_SEQUENCE };
        claim_name(r, &claim);
    }
}

void resolve_names(struct resolver *r)
{
    struct map late = { 0 };
    for (size_t i = 0; i < r->model->late.n; i++) {
        struct model_constraint **key = &r->model->late.items[i];
        map_add(&late, r->arena, (struct str){ (const char *)key, sizeof *key }, *key);
    }
    for (size_t i = 0; i < r->model->order.n; i++) {
        name_object_parts(r, &r->model->order.items[i], &late);
    }
    for (size_t i = 0; i < r->model->late.n; i++) {
        struct model_constraint *key = r->model->late.items[i];
        struct table_work *work = work_of(r, key->table);
        name_foreign_key(r, work, key);
        check_own(r, &work->constraint_names, key);
    }
}
