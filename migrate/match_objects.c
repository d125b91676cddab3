/* match_objects.c: goes through two models from the outside in and has the things of each
 * place paired. Must not decide what a pair is: match_things.c and match_parts.c do. */
#include "matcher.h"

/* Appends each item of a VEC of pointers, or (&) of a VEC of structs. */
#define ADD_THING(arena_, list, object_, alias_, was_) \
    VEC_PUSH((arena_), (list),                         \
             (struct thing){ .object = (object_),      \
                             .name = &(object_)->name, \
                             .alias = (alias_),        \
                             .was = (was_) })

static const struct str none = { NULL, 0 };

/* "auth." in front of what stands in the schema; nothing for public, as in all messages. */
static const char *place_in(const struct match_run *run,
                            const struct model_schema *schema)
{
    if (str_eq_c(schema->name.name, "public"))
        return "";
    return arena_printf(run->match->arena, "%.*s.", STR_ARGS(schema->name.name));
}

static const char *place_of(const struct match_run *run,
                            const struct model_schema *schema, struct str name)
{
    return arena_printf(run->match->arena, "%s%.*s.", place_in(run, schema),
                        STR_ARGS(name));
}

/* ---- what the target says is gone ---- */

static bool is_dropped(const struct match_run *run, enum model_object_kind kind,
                       struct str schema, struct str name)
{
    const char *key = arena_printf(run->match->arena, "%d %.*s.%.*s", (int)kind,
                                   STR_ARGS(schema), STR_ARGS(name));
    return map_find(&run->dropped, str_of(key)) != NULL;
}

static bool schema_dropped(const struct match_run *run, const void *owner,
                           struct str name)
{
    (void)owner;
    return is_dropped(run, OBJECT_SCHEMA, none, name);
}

static struct str schema_name(const void *owner)
{
    return ((const struct model_schema *)owner)->name.name;
}

static bool table_dropped(const struct match_run *run, const void *owner,
                          struct str name)
{
    return is_dropped(run, OBJECT_TABLE, schema_name(owner), name);
}

static bool enum_dropped(const struct match_run *run, const void *owner,
                         struct str name)
{
    return is_dropped(run, OBJECT_ENUM, schema_name(owner), name);
}

static bool domain_dropped(const struct match_run *run, const void *owner,
                           struct str name)
{
    return is_dropped(run, OBJECT_DOMAIN, schema_name(owner), name);
}

static bool sequence_dropped(const struct match_run *run, const void *owner,
                             struct str name)
{
    return is_dropped(run, OBJECT_SEQUENCE, schema_name(owner), name);
}

static bool column_dropped(const struct match_run *run, const void *owner,
                           struct str name)
{
    (void)run;
    const struct model_table *table = owner;
    for (size_t i = 0; i < table->dropped.n; i++) {
        if (str_eq(table->dropped.items[i], name))
            return true;
    }
    return false;
}

static bool label_dropped(const struct match_run *run, const void *owner,
                          struct str name)
{
    (void)run;
    const struct model_enum *enum_ = owner;
    for (size_t i = 0; i < enum_->dropped.n; i++) {
        if (str_eq(enum_->dropped.items[i].name, name))
            return true;
    }
    return false;
}

/* ---- what may have become what ---- */

/* Modifiers aside: a column is often renamed and widened at once. */
static bool types_alike(const struct match *match, struct model_type from,
                        struct model_type to)
{
    from.modifiers = to.modifiers = none;
    from.fields = to.fields = none;
    return match_type_same(match, &from, &to);
}

static bool columns_alike(const struct match *match, const void *from, const void *to)
{
    const struct model_column *a = from, *b = to;
    return types_alike(match, a->type, b->type);
}

static bool domains_alike(const struct match *match, const void *from, const void *to)
{
    const struct model_domain *a = from, *b = to;
    return types_alike(match, a->base, b->base);
}

static bool sequences_alike(const struct match *match, const void *from, const void *to)
{
    (void)match;
    return ((const struct model_sequence *)from)->type ==
           ((const struct model_sequence *)to)->type;
}

/* Public is in every database: neither made nor removed. */
static bool schemas_alike(const struct match *match, const void *from, const void *to)
{
    (void)match;
    return !str_eq_c(schema_name(from), "public") &&
           !str_eq_c(schema_name(to), "public");
}

/* ---- labels ---- */

static things labels_of(const struct match_run *run, const struct model_enum *enum_)
{
    things list = { 0 };
    for (size_t i = 0; i < enum_->labels.n; i++) {
        const struct model_label *label = &enum_->labels.items[i];
        bool alias = !str_eq(label->ident, label->name.name);
        ADD_THING(run->match->arena, &list, label, alias ? label->ident : none,
                  &label->was);
    }
    return list;
}

static void pair_heirs(const struct match_run *run, const things *from,
                       const struct model_enum *to)
{
    for (size_t i = 0; i < from->n; i++) {
        const struct thing *gone = &from->items[i];
        for (size_t k = 0; k < to->dropped.n; k++) {
            const struct model_gone_label *said = &to->dropped.items[k];
            bool is = str_eq(said->name, gone->name->name) ||
                      str_eq(said->name, gone->alias);
            if (is && said->heir && !match_to(run->match, gone->object))
                pairs_add(&run->match->heirs, run->match->arena, gone->object,
                          said->heir);
        }
    }
}

static void pair_labels(struct match_run *run, const struct model_enum *from,
                        const struct model_enum *to)
{
    things old = labels_of(run, from), new = labels_of(run, to);
    match_things(run->match, &old, &new);
    pair_heirs(run, &old, to);
    for (size_t i = 0; i < old.n; i++) {
        const struct model_label *label = match_to(run->match, old.items[i].object);
        if (label && !str_eq(label->name.name, old.items[i].name->name))
            run->match->labels_renamed = true;
    }
    struct doubt doubt = { .word = "label",
                           .place = place_of(run, to->schema, to->name.name),
                           .dropped = label_dropped,
                           .owner = to };
    match_doubt(run, &doubt, &old, &new);
}

/* ---- objects of a schema ---- */

things match_things_in(struct arena *arena, enum model_object_kind kind,
                       const struct model_schema *in)
{
    things list = { 0 };
    for (size_t i = 0; kind == OBJECT_ENUM && i < in->enums.n; i++)
        ADD_THING(arena, &list, in->enums.items[i], none, &in->enums.items[i]->was);
    for (size_t i = 0; kind == OBJECT_DOMAIN && i < in->domains.n; i++)
        ADD_THING(arena, &list, in->domains.items[i], none, &in->domains.items[i]->was);
    for (size_t i = 0; kind == OBJECT_SEQUENCE && i < in->sequences.n; i++)
        ADD_THING(arena, &list, in->sequences.items[i], none,
                  &in->sequences.items[i]->was);
    for (size_t i = 0; kind == OBJECT_TABLE && i < in->tables.n; i++)
        ADD_THING(arena, &list, in->tables.items[i], none, &in->tables.items[i]->was);
    return list;
}

static things columns_of(const struct match_run *run, const struct model_table *table)
{
    things list = { 0 };
    for (size_t i = 0; i < table->columns.n; i++)
        ADD_THING(run->match->arena, &list, table->columns.items[i], none,
                  &table->columns.items[i]->was);
    return list;
}

static void pair_enums(struct match_run *run, const struct model_schema *from,
                       const struct model_schema *to)
{
    things old = match_things_in(run->match->arena, OBJECT_ENUM, from);
    things new = match_things_in(run->match->arena, OBJECT_ENUM, to);
    match_things(run->match, &old, &new);
    struct doubt doubt = {
        .word = "enum", .place = place_in(run, to), .dropped = enum_dropped, .owner = to
    };
    match_doubt(run, &doubt, &old, &new);
}

static void pair_domains(struct match_run *run, const struct model_schema *from,
                         const struct model_schema *to)
{
    things old = match_things_in(run->match->arena, OBJECT_DOMAIN, from);
    things new = match_things_in(run->match->arena, OBJECT_DOMAIN, to);
    match_things(run->match, &old, &new);
    struct doubt doubt = { .word = "domain",
                           .place = place_in(run, to),
                           .alike = domains_alike,
                           .dropped = domain_dropped,
                           .owner = to };
    match_doubt(run, &doubt, &old, &new);
}

static void pair_sequences(struct match_run *run, const struct model_schema *from,
                           const struct model_schema *to)
{
    things old = match_things_in(run->match->arena, OBJECT_SEQUENCE, from);
    things new = match_things_in(run->match->arena, OBJECT_SEQUENCE, to);
    match_things(run->match, &old, &new);
    struct doubt doubt = { .word = "sequence",
                           .place = place_in(run, to),
                           .alike = sequences_alike,
                           .dropped = sequence_dropped,
                           .owner = to };
    match_doubt(run, &doubt, &old, &new);
}

static void pair_tables(struct match_run *run, const struct model_schema *from,
                        const struct model_schema *to)
{
    things old = match_things_in(run->match->arena, OBJECT_TABLE, from);
    things new = match_things_in(run->match->arena, OBJECT_TABLE, to);
    match_things(run->match, &old, &new);
    struct doubt doubt = { .word = "table",
                           .place = place_in(run, to),
                           .dropped = table_dropped,
                           .owner = to };
    match_doubt(run, &doubt, &old, &new);
}

/* ---- inside tables ---- */

static bool sequence_renamed(const struct model_sequence *from,
                             const struct model_sequence *to)
{
    return !str_eq(from->name.name, to->name.name) ||
           !str_eq(from->schema->name.name, to->schema->name.name);
}

/* So that SQL about a table that has kept all names need only be the same text. */
static void note_renames(struct match *match, const struct model_table *from,
                         const struct model_table *to, const things *columns)
{
    bool renamed = !str_eq(from->name.name, to->name.name) ||
                   !str_eq(from->schema->name.name, to->schema->name.name);
    for (size_t i = 0; i < columns->n && !renamed; i++) {
        const struct model_column *became = match_to(match, columns->items[i].object);
        renamed = became && !str_eq(columns->items[i].name->name, became->name.name);
    }
    if (renamed) {
        pairs_add(&match->renamed_tables, match->arena, from, to);
        pairs_add(&match->renamed_tables, match->arena, to, from);
    }
}

static void pair_columns(struct match_run *run, const struct model_table *from,
                         const struct model_table *to)
{
    things old = columns_of(run, from), new = columns_of(run, to);
    match_things(run->match, &old, &new);
    for (size_t i = 0; i < old.n; i++) {
        const struct model_column *column = old.items[i].object;
        const struct model_column *became = match_to(run->match, column);
        if (!became || !column->owned || !became->owned)
            continue;
        match_pair(run->match, column->owned, became->owned);
        if (sequence_renamed(column->owned, became->owned))
            run->match->sequences_renamed = true;
    }
    note_renames(run->match, from, to, &old);
    struct doubt doubt = { .word = "column",
                           .place = place_of(run, to->schema, to->name.name),
                           .alike = columns_alike,
                           .dropped = column_dropped,
                           .owner = to };
    match_doubt(run, &doubt, &old, &new);
}

static void pair_parts(struct match_run *run, const struct model_table *from,
                       const struct model_table *to)
{
    match_constraints(run->match, from, to);
    match_indexes(run->match, from, to);
}

static void each_table(struct match_run *run,
                       void (*pair)(struct match_run *, const struct model_table *,
                                    const struct model_table *))
{
    for (size_t i = 0; i < run->match->origin->order.n; i++) {
        const struct model_object *object = &run->match->origin->order.items[i];
        const void *became = match_to(run->match, object->object);
        if (object->kind == OBJECT_TABLE && became)
            pair(run, object->object, became);
    }
}

static bool type_renamed(const struct model_object *from, const void *to)
{
    bool is_enum = from->kind == OBJECT_ENUM;
    const struct model_enum *enum_ = from->object, *new_enum = to;
    const struct model_domain *domain = from->object, *new_domain = to;
    const struct model_name *was = is_enum ? &enum_->name : &domain->name;
    const struct model_name *is = is_enum ? &new_enum->name : &new_domain->name;
    const struct model_schema *then = is_enum ? enum_->schema : domain->schema;
    const struct model_schema *now = is_enum ? new_enum->schema : new_domain->schema;
    return !str_eq(was->name, is->name) || !str_eq(then->name.name, now->name.name);
}

/* What an enum, domain or sequence holds, wherever it came from. */
static void pair_contents(struct match_run *run)
{
    for (size_t i = 0; i < run->match->origin->order.n; i++) {
        const struct model_object *object = &run->match->origin->order.items[i];
        const void *became = match_to(run->match, object->object);
        if (!became)
            continue;
        if (object->kind == OBJECT_ENUM)
            pair_labels(run, object->object, became);
        if (object->kind == OBJECT_ENUM || object->kind == OBJECT_DOMAIN)
            run->match->types_renamed |= type_renamed(object, became);
        if (object->kind == OBJECT_DOMAIN)
            match_checks(run->match, object->object, became);
        if (object->kind == OBJECT_SEQUENCE && sequence_renamed(object->object, became))
            run->match->sequences_renamed = true;
    }
}

/* ---- the whole ---- */

static things extensions_of(const struct match_run *run, const struct model *model)
{
    things list = { 0 };
    for (size_t i = 0; i < model->extensions.n; i++)
        ADD_THING(run->match->arena, &list, model->extensions.items[i], none, NULL);
    return list;
}

static void pair_extensions(struct match_run *run)
{
    struct match *match = run->match;
    things old = extensions_of(run, match->origin);
    things new = extensions_of(run, match->target);
    match_things(match, &old, &new);
    for (size_t i = 0; i < old.n; i++) {
        const struct model_extension *from = old.items[i].object;
        const struct model_extension *to = match_to(match, from);
        things old_types = { 0 }, new_types = { 0 };
        for (size_t k = 0; to && k < from->types.n; k++)
            ADD_THING(run->match->arena, &old_types, from->types.items[k], none, NULL);
        for (size_t k = 0; to && k < to->types.n; k++)
            ADD_THING(run->match->arena, &new_types, to->types.items[k], none, NULL);
        match_things(match, &old_types, &new_types);
    }
}

static things schemas_of(const struct match_run *run, const struct model *model)
{
    things list = { 0 };
    for (size_t i = 0; i < model->schemas.n; i++)
        ADD_THING(run->match->arena, &list, model->schemas.items[i], none,
                  &model->schemas.items[i]->was);
    return list;
}

void match_objects(struct match_run *run)
{
    things old = schemas_of(run, run->match->origin);
    things new = schemas_of(run, run->match->target);
    match_things(run->match, &old, &new);
    struct doubt doubt = {
        .word = "schema", .place = "", .alike = schemas_alike, .dropped = schema_dropped
    };
    match_doubt(run, &doubt, &old, &new);
    pair_extensions(run);
    match_moved(run->match);
    for (size_t i = 0; i < old.n; i++) {
        const struct model_schema *from = old.items[i].object;
        const struct model_schema *to = match_to(run->match, from);
        if (!to)
            continue;
        pair_enums(run, from, to);
        pair_domains(run, from, to);
        pair_sequences(run, from, to);
        pair_tables(run, from, to);
    }
    pair_contents(run);
    each_table(run, pair_columns);
    each_table(run, pair_parts);
}
