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

struct sides {
    struct directory from, to;
};

static struct sides sides_of(struct arena *arena, const things *from, const things *to)
{
    return (struct sides){ directory_of(arena, from), directory_of(arena, to) };
}

/* Whether the target has a thing of that name that came from no other name: with one of
 * each name on both sides nothing was renamed, and the hint is from long ago. */
static bool stands_by_itself(const struct sides *sides, struct str name)
{
    const struct thing *thing = find(&sides->to, name);
    for (size_t i = 0; thing && thing->was && i < thing->was->n; i++) {
        if (find(&sides->from, thing->was->items[i]))
            return false;
    }
    return thing != NULL;
}

/* The newest of its older names that the origin has. Once the origin's thing of the same
 * name says so itself, that has happened, and all that is older too. */
static const struct thing *find_older(const struct match *match,
                                      const struct sides *sides, const struct thing *to)
{
    const struct thing *same = find(&sides->from, to->name->name);
    for (size_t i = 0; to->was && i < to->was->n; i++) {
        struct str name = to->was->items[i];
        if (same && (carries(same->was, name) || stands_by_itself(sides, name)))
            return NULL;
        const struct thing *older = find(&sides->from, name);
        if (older && older->kind == to->kind && !match_to(match, older->object))
            return older;
    }
    return NULL;
}

static void pair_hinted(struct match *match, const struct sides *sides,
                        const things *to)
{
    for (size_t i = 0; i < to->n; i++) {
        if (match_from(match, to->items[i].object))
            continue; /* it came from another schema */
        const struct thing *older = find_older(match, sides, &to->items[i]);
        if (older)
            match_pair(match, older->object, to->items[i].object);
    }
}

void match_hinted(struct match *match, const things *from, const things *to)
{
    struct sides sides = sides_of(match->arena, from, to);
    pair_hinted(match, &sides, to);
}

void match_things(struct match *match, const things *from, const things *to)
{
    struct sides sides = sides_of(match->arena, from, to);
    pair_hinted(match, &sides, to);
    for (size_t i = 0; i < to->n; i++) {
        const struct thing *thing = &to->items[i];
        const struct thing *same = map_find(&sides.from.by_name, thing->name->name);
        bool free = same && same->kind == thing->kind &&
                    !match_to(match, same->object) && !match_from(match, thing->object);
        if (free)
            match_pair(match, same->object, thing->object);
    }
}
