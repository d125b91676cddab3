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

static struct mover mover_of(enum model_object_kind kind,
                             const struct model_schema *schema,
                             const struct thing *thing)
{
    return (struct mover){ .object = thing->object,
                           .name = thing->name,
                           .schema = schema,
                           .was_in = places_of(kind, thing->object),
                           .kind = kind };
}

struct moves {
    struct match *match;
    struct pairs renamed; /* the origin's, that stay in their schema under new names */
};

/* What takes a name that is free: nothing has it, or what has it is renamed too. */
static bool note_renamed(struct moves *moves, enum model_object_kind kind,
                         const struct model_schema *schema)
{
    struct match *match = moves->match;
    const struct model_schema *then = match_from(match, schema);
    things all = match_things_in(match->arena, kind, schema);
    bool found = false;
    for (size_t i = 0; i < all.n; i++) {
        const struct thing *thing = &all.items[i];
        const void *same = find_then(match, kind, then, thing->name->name);
        bool free = !same || pairs_find(&moves->renamed, same);
        for (size_t k = 0; free && k < thing->was->n; k++) {
            const void *older = find_then(match, kind, then, thing->was->items[k]);
            if (!older)
                continue;
            if (!pairs_find(&moves->renamed, older)) {
                pairs_add(&moves->renamed, match->arena, older, thing->object);
                found = true;
            }
            break;
        }
    }
    return found;
}

/* The origin's object of this name and place, unless that has become another one. */
static const void *same_of(const struct moves *moves, const struct mover *mover)
{
    const struct match *match = moves->match;
    const void *same = find_then(match, mover->kind, match_from(match, mover->schema),
                                 mover->name->name);
    bool left = match_to(match, same) || pairs_find(&moves->renamed, same);
    return left ? NULL : same;
}

static bool stands_by_itself(const struct moves *moves, enum model_object_kind kind,
                             const struct model_place *place, size_t *steps);

/* As in match_things.c: what the origin's object of this name and place says itself has
 * happened, and all that is older too. */
static bool is_past(const struct moves *moves, const struct mover *mover,
                    const struct model_place *place, size_t *steps)
{
    const void *same = same_of(moves, mover);
    return same && (carries(places_of(mover->kind, same), place) ||
                    stands_by_itself(moves, mover->kind, place, steps));
}

/* Whether the target has something of that place that came from no other: with one in each
 * place on both sides nothing moved. */
static bool stands_by_itself(const struct moves *moves, enum model_object_kind kind,
                             const struct model_place *place, size_t *steps)
{
    const struct match *match = moves->match;
    const struct model_schema *schema = model_find_schema(match->target, place->schema);
    const void *now = find(match->arena, &match->target_names, kind, schema,
                           place->name);
    if (!now || match_from(match, now) || !*steps)
        return false;
    *steps -= 1;
    struct model_name name = { .name = place->name };
    struct mover mover = mover_of(kind, schema,
                                  &(struct thing){ .object = now, .name = &name });
    for (size_t i = 0; i < mover.was_in->n; i++) {
        const struct model_place *older = &mover.was_in->items[i];
        if (find_then(match, kind, schema_then(match, older->schema), older->name) &&
            !is_past(moves, &mover, older, steps))
            return false;
    }
    return true;
}

static const void *find_older(const struct moves *moves, const struct mover *mover,
                              size_t steps)
{
    const struct match *match = moves->match;
    for (size_t i = 0; i < mover->was_in->n; i++) {
        const struct model_place *place = &mover->was_in->items[i];
        if (is_past(moves, mover, place, &steps))
            return NULL;
        const void *was = find_then(match, mover->kind,
                                    schema_then(match, place->schema), place->name);
        if (was && !match_to(match, was))
            return was;
    }
    return NULL;
}

static bool pair_kind(struct moves *moves, enum model_object_kind kind,
                      const struct model_schema *schema)
{
    struct match *match = moves->match;
    bool found = false;
    things all = match_things_in(match->arena, kind, schema);
    for (size_t i = 0; i < all.n; i++) {
        struct mover mover = mover_of(kind, schema, &all.items[i]);
        if (match_from(match, mover.object))
            continue;
        const void *was = find_older(moves, &mover, match->target->order.n);
        if (was)
            match_pair(match, was, mover.object);
        found |= was != NULL;
    }
    return found;
}

/* Does it for all that can move; whether it has done any good. */
static bool each_kind(struct moves *moves,
                      bool (*work)(struct moves *, enum model_object_kind,
                                   const struct model_schema *))
{
    static const enum model_object_kind kinds[] = { OBJECT_ENUM, OBJECT_DOMAIN,
                                                    OBJECT_SEQUENCE, OBJECT_TABLE };
    const struct model *target = moves->match->target;
    bool found = false;
    for (size_t i = 0; i < target->schemas.n; i++) {
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            found |= work(moves, kinds[k], target->schemas.items[i]);
    }
    return found;
}

void match_moved(struct match *match)
{
    struct moves moves = { .match = match };
    while (each_kind(&moves, note_renamed))
        ;
    while (each_kind(&moves, pair_kind))
        ;
}
