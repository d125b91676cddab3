/* match_moved.c: pairs what moved from one schema to another, as `was auth.users` says. Must
 * not look at what stays in its schema. */
#include "matcher.h"

/* Something of the target that can move, with where it says it was. */
struct mover {
    const void *object;
    const struct model_name *name;
    const struct model_schema *schema;
    const model_places *was_in;
    enum model_object_kind kind;
};

/* A schema of the origin, by its own name or by what it is called now. */
static const struct model_schema *schema_then(const struct match *match,
                                              struct str name)
{
    const struct model_schema *schema = model_find_schema(match->origin, name);
    const struct model_schema *now = model_find_schema(match->target, name);
    return schema ? schema : match_from(match, now);
}

static bool is_enum_of(const struct model_schema *schema, const void *type)
{
    for (size_t i = 0; i < schema->enums.n; i++) {
        if (schema->enums.items[i] == type)
            return true;
    }
    return false;
}

/* One side's object of the kind and name; NULL: there is none. */
static const void *find(struct arena *arena, const struct match_names *names,
                        enum model_object_kind kind, const struct model_schema *schema,
                        struct str name)
{
    if (!schema)
        return NULL;
    if (kind == OBJECT_TABLE)
        return map_find(&schema->table_by_name, name);
    const char *key = arena_printf(arena, "%.*s.%.*s", STR_ARGS(schema->name.name),
                                   STR_ARGS(name));
    if (kind == OBJECT_SEQUENCE) {
        const struct model_sequence *sequence = map_find(&names->sequences,
                                                         str_of(key));
        return sequence && !sequence->owner ? sequence : NULL;
    }
    const void *type = map_find(&names->types, str_of(key));
    return type && is_enum_of(schema, type) == (kind == OBJECT_ENUM) ? type : NULL;
}

static const void *find_then(const struct match *match, enum model_object_kind kind,
                             const struct model_schema *schema, struct str name)
{
    return find(match->arena, &match->origin_names, kind, schema, name);
}

static const model_places *places_of(enum model_object_kind kind, const void *object)
{
    switch (kind) {
    case OBJECT_TABLE:
        return &((const struct model_table *)object)->was_in;
    case OBJECT_ENUM:
        return &((const struct model_enum *)object)->was_in;
    case OBJECT_DOMAIN:
        return &((const struct model_domain *)object)->was_in;
    case OBJECT_SEQUENCE:
        return &((const struct model_sequence *)object)->was_in;
    case OBJECT_SCHEMA:
    case OBJECT_EXTENSION:
        break;
    }
    return NULL;
}

static bool carries(const model_places *places, const struct model_place *place)
{
    for (size_t i = 0; places && i < places->n; i++) {
        if (str_eq(places->items[i].schema, place->schema) &&
            str_eq(places->items[i].name, place->name))
            return true;
    }
    return false;
}

/* Whether the target has something of that place that says nothing of having been elsewhere:
 * with one in each place on both sides nothing moved. */
static bool stands_by_itself(const struct match *match, enum model_object_kind kind,
                             const struct model_place *place)
{
    const void *now = find(match->arena, &match->target_names, kind,
                           model_find_schema(match->target, place->schema),
                           place->name);
    return now && places_of(kind, now)->n == 0;
}

/* As in match_things.c: what the origin's object of this name and place says itself has
 * happened, and all that is older too. */
static void pair_mover(struct match *match, const struct mover *mover)
{
    const void *same = find_then(match, mover->kind, match_from(match, mover->schema),
                                 mover->name->name);
    const model_places *said = same ? places_of(mover->kind, same) : NULL;
    for (size_t i = 0; i < mover->was_in->n; i++) {
        const struct model_place *place = &mover->was_in->items[i];
        if (same &&
            (carries(said, place) || stands_by_itself(match, mover->kind, place)))
            return;
        const void *was = find_then(match, mover->kind,
                                    schema_then(match, place->schema), place->name);
        if (was && !match_to(match, was)) {
            match_pair(match, was, mover->object);
            return;
        }
    }
}

static void pair_schema(struct match *match, const struct model_schema *schema)
{
    for (size_t i = 0; i < schema->enums.n; i++) {
        const struct model_enum *enum_ = schema->enums.items[i];
        pair_mover(match, &(struct mover){ enum_, &enum_->name, schema, &enum_->was_in,
                                           OBJECT_ENUM });
    }
    for (size_t i = 0; i < schema->domains.n; i++) {
        const struct model_domain *domain = schema->domains.items[i];
        pair_mover(match, &(struct mover){ domain, &domain->name, schema,
                                           &domain->was_in, OBJECT_DOMAIN });
    }
    for (size_t i = 0; i < schema->sequences.n; i++) {
        const struct model_sequence *sequence = schema->sequences.items[i];
        pair_mover(match, &(struct mover){ sequence, &sequence->name, schema,
                                           &sequence->was_in, OBJECT_SEQUENCE });
    }
    for (size_t i = 0; i < schema->tables.n; i++) {
        const struct model_table *table = schema->tables.items[i];
        pair_mover(match, &(struct mover){ table, &table->name, schema, &table->was_in,
                                           OBJECT_TABLE });
    }
}

void match_moved(struct match *match)
{
    for (size_t i = 0; i < match->target->schemas.n; i++)
        pair_schema(match, match->target->schemas.items[i]);
}
