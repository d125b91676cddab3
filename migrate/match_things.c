/* match_things.c: who became whom among the things of one place, by hints and names. Must
 * not know what a thing is. */
#include "matcher.h"

static bool carries(const model_names *was, struct str name)
{
    for (size_t i = 0; was && i < was->n; i++) {
        if (str_eq(was->items[i], name))
            return true;
    }
    return false;
}

/* The names of one side, so that each is found in one step. */
struct directory {
    struct map by_name, by_alias;
};

static struct directory directory_of(struct arena *arena, const things *list)
{
    struct directory directory = { 0 };
    for (size_t i = 0; i < list->n; i++) {
        struct thing *thing = &list->items[i];
        (void)map_add(&directory.by_name, arena, thing->name->name, thing);
        if (thing->alias.n)
            (void)map_add(&directory.by_alias, arena, thing->alias, thing);
    }
    return directory;
}

static const struct thing *find(const struct directory *directory, struct str name)
{
    const struct thing *thing = map_find(&directory->by_name, name);
    return thing ? thing : map_find(&directory->by_alias, name);
}

/* The newest of its older names that the origin has. Once the origin's thing of the same
 * name says so itself, that has happened, and all that is older too. */
static const struct thing *find_older(const struct match *match,
                                      const struct directory *from,
                                      const struct thing *to)
{
    const struct thing *same = find(from, to->name->name);
    for (size_t i = 0; to->was && i < to->was->n; i++) {
        if (same && carries(same->was, to->was->items[i]))
            return NULL;
        const struct thing *older = find(from, to->was->items[i]);
        if (older && older->kind == to->kind && !match_to(match, older->object))
            return older;
    }
    return NULL;
}

static void pair_hinted(struct match *match, const struct directory *from,
                        const things *to)
{
    for (size_t i = 0; i < to->n; i++) {
        if (match_from(match, to->items[i].object))
            continue; /* it came from another schema */
        const struct thing *older = find_older(match, from, &to->items[i]);
        if (older)
            match_pair(match, older->object, to->items[i].object);
    }
}

void match_hinted(struct match *match, const things *from, const things *to)
{
    struct directory directory = directory_of(match->arena, from);
    pair_hinted(match, &directory, to);
}

void match_things(struct match *match, const things *from, const things *to)
{
    struct directory directory = directory_of(match->arena, from);
    pair_hinted(match, &directory, to);
    for (size_t i = 0; i < to->n; i++) {
        const struct thing *thing = &to->items[i];
        const struct thing *same = map_find(&directory.by_name, thing->name->name);
        bool free = same && same->kind == thing->kind &&
                    !match_to(match, same->object) && !match_from(match, thing->object);
        if (free)
            match_pair(match, same->object, thing->object);
    }
}
