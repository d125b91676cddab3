/* match_doubt.c: the error for what may be a rename or a drop: it is never guessed. Must
 * not pair anything. */
#include "../lang/codes.h"
#include "../sql/quote.h"
#include "matcher.h"

enum { SHOWN = 3 }; /* of the gone things that a new one may be */

struct candidates {
    const struct thing *things[SHOWN];
    size_t n; /* all of them */
};

static bool is_gone(const struct match_run *run, const struct doubt *doubt,
                    const struct thing *thing)
{
    return !match_to(run->match, thing->object) &&
           !doubt->dropped(run, doubt->owner, thing->name->name) &&
           !(thing->alias.n && doubt->dropped(run, doubt->owner, thing->alias));
}

static struct candidates candidates_of(const struct match_run *run,
                                       const struct doubt *doubt, const things *gone,
                                       const struct thing *new)
{
    struct candidates found = { 0 };
    for (size_t i = 0; i < gone->n; i++) {
        const struct thing *thing = &gone->items[i];
        if (doubt->alike && !doubt->alike(run->match, thing->object, new->object))
            continue;
        if (found.n < SHOWN)
            found.things[found.n] = thing;
        found.n++;
    }
    return found;
}

/* "name" and "label", "fax" and 3 others */
static const char *shown(struct arena *arena, const struct candidates *found)
{
    struct buf text = { 0 };
    for (size_t i = 0; i < found->n && i < SHOWN; i++) {
        bool last = i + 1 == found->n;
        buf_printf(&text, "%s\"%.*s\"",
                   i == 0 ? ""
                   : last ? " and "
                          : ", ",
                   STR_ARGS(found->things[i]->name->name));
    }
    if (found->n > SHOWN)
        buf_printf(&text, " and %zu more", found->n - SHOWN);
    struct str copy = buf_dup(&text, arena);
    buf_release(&text);
    return copy.s;
}

/* The name as a hint has to write it. */
static const char *written(struct arena *arena, struct str name)
{
    struct buf text = { 0 };
    quote_ident(&text, name);
    struct str copy = buf_dup(&text, arena);
    buf_release(&text);
    return copy.s;
}

/* What to write about a thing that is gone for good. */
static const char *dropped_text(struct arena *arena, const struct doubt *doubt,
                                const char *name)
{
    if (strcmp(doubt->word, "column") == 0)
        return arena_printf(arena, "%s dropped;", name);
    if (strcmp(doubt->word, "label") == 0)
        return arena_printf(arena, "%s dropped as LABEL", name);
    return arena_printf(arena, "%s %s dropped;", doubt->word, name);
}

static void report(struct match_run *run, const struct doubt *doubt,
                   const struct candidates *found, const struct thing *new)
{
    struct arena *arena = run->match->arena;
    const char *first = written(arena, found->things[0]->name->name);
    struct diag *diag = diag_error(run->diags, E_renamed_or_dropped, new->name->span,
                                   "%s \"%s%.*s\" is new, and %s %s gone", doubt->word,
                                   doubt->place, STR_ARGS(new->name->name),
                                   shown(arena, found), found->n == 1 ? "has" : "have");
    diag_hint(run->diags, diag,
              "Say 'was %s' here if it is the same, '%s' if it is not.", first,
              dropped_text(arena, doubt, first));
    diag->other = found->things[0]->name->span;
    diag->note = "it stood here";
}

void match_doubt(struct match_run *run, const struct doubt *doubt, const things *from,
                 const things *to)
{
    if (run->options == MATCH_NO_RENAMES)
        return;
    things gone = { 0 };
    for (size_t i = 0; i < from->n; i++) {
        if (is_gone(run, doubt, &from->items[i]))
            VEC_PUSH(run->match->arena, &gone, from->items[i]);
    }
    for (size_t i = 0; gone.n && i < to->n; i++) {
        const struct thing *new = &to->items[i];
        if (match_from(run->match, new->object))
            continue;
        struct candidates found = candidates_of(run, doubt, &gone, new);
        if (found.n)
            report(run, doubt, &found, new);
    }
}
