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

struct pairing {
    struct match *match;
    struct sides sides;
};

/* The origin's thing of the same name, unless that has become another one. */
static const struct thing *same_of(const struct pairing *p, const struct thing *to)
{
    const struct thing *same = find(&p->sides.from, to->name->name);
    return same && !match_to(p->match, same->object) ? same : NULL;
}

static bool stands_by_itself(const struct pairing *p, struct str name, size_t *steps);

/* Whether the hint is from long ago: once the origin's thing of the same name says so
 * itself, that has happened, and all that is older too. */
static bool is_past(const struct pairing *p, const struct thing *to, struct str name,
                    size_t *steps)
{
    const struct thing *same = same_of(p, to);
    return same && (carries(same->was, name) || stands_by_itself(p, name, steps));
}

/* Whether the target has a thing of that name that came from no other name: with one of
 * each name on both sides nothing was renamed. Names that go round in a circle do not
 * stand: that takes all the steps. */
static bool stands_by_itself(const struct pairing *p, struct str name, size_t *steps)
{
    const struct thing *thing = find(&p->sides.to, name);
    if (!thing || match_from(p->match, thing->object) || !*steps)
        return false;
    *steps -= 1;
    for (size_t i = 0; thing->was && i < thing->was->n; i++) {
        struct str older = thing->was->items[i];
        if (find(&p->sides.from, older) && !is_past(p, thing, older, steps))
            return false;
    }
    return true;
}

/* The newest of its older names that the origin has. */
static const struct thing *find_older(const struct pairing *p, const struct thing *to,
                                      size_t steps)
{
    for (size_t i = 0; to->was && i < to->was->n; i++) {
        struct str name = to->was->items[i];
        if (is_past(p, to, name, &steps))
            return NULL;
        const struct thing *older = find(&p->sides.from, name);
        if (older && older->kind == to->kind && !match_to(p->match, older->object))
            return older;
    }
    return NULL;
}

static bool pair_older(const struct pairing *p, const things *to)
{
    bool found = false;
    for (size_t i = 0; i < to->n; i++) {
        if (match_from(p->match, to->items[i].object))
            continue;
        const struct thing *older = find_older(p, &to->items[i], to->n);
        if (older)
            match_pair(p->match, older->object, to->items[i].object);
        found |= older != NULL;
    }
    return found;
}

/* What has become another one leaves its name to the next. */
static void pair_hinted(const struct pairing *p, const things *to)
{
    while (pair_older(p, to))
        ;
}

void match_hinted(struct match *match, const things *from, const things *to)
{
    struct pairing pairing = { match, sides_of(match->arena, from, to) };
    pair_hinted(&pairing, to);
}

void match_things(struct match *match, const things *from, const things *to)
{
    struct pairing pairing = { match, sides_of(match->arena, from, to) };
    pair_hinted(&pairing, to);
    for (size_t i = 0; i < to->n; i++) {
        const struct thing *thing = &to->items[i];
        const struct thing *same = map_find(&pairing.sides.from.by_name,
                                            thing->name->name);
        bool free = same && same->kind == thing->kind &&
                    !match_to(match, same->object) && !match_from(match, thing->object);
        if (free)
            match_pair(match, same->object, thing->object);
    }
}
