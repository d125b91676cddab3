/* match.c: the pairs themselves and questions to them; must not know how they are found. */
#include "matcher.h"

/* ---- addresses ---- */

/* Objects are at least 8 bytes apart. Multiplier: Knuth's, 2^64 over the golden ratio. */
static size_t slot_of(const struct pairs *pairs, const void *key)
{
    uint64_t hash = ((uint64_t)(uintptr_t)key >> 3) * UINT64_C(0x9E3779B97F4A7C15);
    size_t mask = pairs->nslots - 1;
    size_t at = (size_t)(hash >> 32) & mask;
    while (pairs->keys[at] && pairs->keys[at] != key)
        at = (at + 1) & mask;
    return at;
}

const void *pairs_find(const struct pairs *pairs, const void *key)
{
    return pairs->n && key ? pairs->values[slot_of(pairs, key)] : NULL;
}

static void grow(struct pairs *pairs, struct arena *arena)
{
    struct pairs bigger = { .n = pairs->n,
                            .nslots = pairs->nslots ? pairs->nslots * 2 : 64 };
    bigger.keys = arena_array(arena, const void *, bigger.nslots);
    bigger.values = arena_array(arena, const void *, bigger.nslots);
    for (size_t i = 0; i < pairs->nslots; i++) {
        if (!pairs->keys[i])
            continue;
        size_t at = slot_of(&bigger, pairs->keys[i]);
        bigger.keys[at] = pairs->keys[i];
        bigger.values[at] = pairs->values[i];
    }
    *pairs = bigger;
}

void pairs_add(struct pairs *pairs, struct arena *arena, const void *key,
               const void *value)
{
    if (pairs->n * 2 >= pairs->nslots)
        grow(pairs, arena);
    size_t at = slot_of(pairs, key);
    pairs->n += pairs->keys[at] == NULL;
    pairs->keys[at] = key;
    pairs->values[at] = value;
}

void match_pair(struct match *match, const void *from, const void *to)
{
    pairs_add(&match->to, match->arena, from, to);
    pairs_add(&match->from, match->arena, to, from);
}

/* ---- what SQL may name ---- */

static void add_name(struct arena *arena, struct map *map,
                     const struct model_schema *schema, const struct model_name *name,
                     const void *object)
{
    size_t n = schema->name.name.n + 1 + name->name.n;
    const char *key = arena_printf(arena, "%.*s.%.*s", STR_ARGS(schema->name.name),
                                   STR_ARGS(name->name));
    (void)map_add(map, arena, (struct str){ key, n }, (void *)object);
}

static void add_owned(struct arena *arena, struct match_names *names,
                      const struct model_table *table)
{
    for (size_t i = 0; i < table->columns.n; i++) {
        const struct model_sequence *owned = table->columns.items[i]->owned;
        if (owned)
            add_name(arena, &names->sequences, table->schema, &owned->name, owned);
    }
}

static void add_schema(struct arena *arena, struct match_names *names,
                       const struct model_schema *schema)
{
    for (size_t i = 0; i < schema->enums.n; i++) {
        const struct model_enum *enum_ = schema->enums.items[i];
        add_name(arena, &names->types, schema, &enum_->name, enum_);
    }
    for (size_t i = 0; i < schema->domains.n; i++) {
        const struct model_domain *domain = schema->domains.items[i];
        add_name(arena, &names->types, schema, &domain->name, domain);
    }
    for (size_t i = 0; i < schema->sequences.n; i++) {
        const struct model_sequence *sequence = schema->sequences.items[i];
        add_name(arena, &names->sequences, schema, &sequence->name, sequence);
    }
    for (size_t i = 0; i < schema->tables.n; i++)
        add_owned(arena, names, schema->tables.items[i]);
}

static struct match_names names_of(struct arena *arena, const struct model *model)
{
    struct match_names names = { 0 };
    for (size_t i = 0; i < model->schemas.n; i++)
        add_schema(arena, &names, model->schemas.items[i]);
    return names;
}

/* ---- the door ---- */

static void note_dropped(struct match_run *run, const struct model *model)
{
    for (size_t i = 0; i < model->dropped.n; i++) {
        const struct model_dropped *dropped = &model->dropped.items[i];
        const char *key = arena_printf(run->match->arena, "%d %.*s.%.*s",
                                       (int)dropped->kind, STR_ARGS(dropped->schema),
                                       STR_ARGS(dropped->name));
        (void)map_add(&run->dropped, run->match->arena, str_of(key), (void *)dropped);
    }
}

struct match *match_models(struct arena *arena, const struct model *from,
                           const struct model *to, enum match_options options,
                           struct diags *diags)
{
    struct match *match = arena_new(arena, struct match);
    *match = (struct match){ .arena = arena, .origin = from, .target = to };
    match->origin_names = names_of(arena, from);
    match->target_names = names_of(arena, to);
    struct match_run run = { .match = match, .options = options, .diags = diags };
    note_dropped(&run, to);
    match_objects(&run);
    return match;
}

struct match *match_reverse(struct arena *arena, const struct match *match)
{
    struct match *reverse = arena_new(arena, struct match);
    *reverse = *match;
    reverse->origin = match->target;
    reverse->target = match->origin;
    reverse->to = match->from;
    reverse->from = match->to;
    reverse->origin_names = match->target_names;
    reverse->target_names = match->origin_names;
    reverse->heirs = (struct pairs){ 0 };
    return reverse;
}

const struct model *match_origin(const struct match *match)
{
    return match->origin;
}

const struct model *match_target(const struct match *match)
{
    return match->target;
}

const void *match_to(const struct match *match, const void *object)
{
    return pairs_find(&match->to, object);
}

const void *match_from(const struct match *match, const void *object)
{
    return pairs_find(&match->from, object);
}

const struct model_label *match_label_heir(const struct match *match,
                                           const struct model_label *gone)
{
    return pairs_find(&match->heirs, gone);
}
