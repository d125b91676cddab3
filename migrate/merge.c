/* merge.c: reads the versions, asks whether their changes fit and whether what comes out
 * holds together. Must not look into a declaration. */
#include "../lang/format.h"
#include "../lang/parser.h"
#include "../lang/resolve.h"
#include "merges.h"

void merge_conflict(struct merging *m, const char *object, const char *why)
{
    struct merge_conflict conflict = { object, why };
    VEC_PUSH(m->arena, &m->merge->conflicts, conflict);
}

bool version_read(struct arena *arena, const struct merge_version *from,
                  struct version *version, struct diags *diags)
{
    const char *text = arena_copy(arena, from->snapshot.s ? from->snapshot.s : "",
                                  from->snapshot.n);
    version->id = from->id;
    version->source = (struct source){ .path = from->id,
                                       .text = text,
                                       .size = from->snapshot.n };
    version->file = parse_source(arena, &version->source, diags);
    version->model = resolve_files(arena, &version->file, 1, diags);
    return diags->nerrors == 0;
}

/* A mistake of the schema of both is a conflict that no footprint told. */
static bool holds_together(struct merging *m, struct version *both, struct str text)
{
    struct diags diags = { .arena = m->arena };
    struct merge_version merged = { "the schema of both", text };
    if (version_read(m->arena, &merged, both, &diags))
        return true;
    for (size_t i = 0; i < diags.list.n; i++) {
        if (diags.list.items[i].severity == DIAG_ERROR)
            merge_conflict(m, "the schema of both", diags.list.items[i].message);
    }
    return false;
}

/* ---- in any order ---- */

static struct changes *changes_between(struct arena *arena, const struct model *from,
                                       const struct model *to)
{
    struct diags ignored = { .arena = arena };
    struct match *match = match_models(arena, from, to, MATCH_NO_RENAMES, &ignored);
    return changes_find(arena, match);
}

/* Whether every change of the one is in the other, by what it says. */
static const char *first_missing(struct arena *arena, const struct changes *changes,
                                 const struct changes *among)
{
    struct map said = { 0 };
    for (size_t i = 0; i < among->list.n; i++) {
        const char *text = merge_change_text(arena, &among->list.items[i]);
        (void)map_add(&said, arena, str_of(text), (void *)text);
    }
    for (size_t i = 0; i < changes->list.n; i++) {
        const char *text = merge_change_text(arena, &changes->list.items[i]);
        if (!map_find(&said, str_of(text)))
            return text;
    }
    return NULL;
}

/* What a head does to the parent must be what is left to do after the other head: else its
 * file does something else then, such as take a name that PostgreSQL has given away. */
static void check_order(struct merging *m, const struct version *both)
{
    for (size_t i = 0; i < 2; i++) {
        const struct head *head = &m->heads[i], *other = &m->heads[1 - i];
        struct changes *left = changes_between(m->arena, other->version.model,
                                               both->model);
        const char *missing = first_missing(m->arena, head->changes, left);
        if (!missing)
            missing = first_missing(m->arena, left, head->changes);
        if (missing)
            merge_conflict(m, arena_printf(m->arena, "%s", missing),
                           arena_printf(m->arena, "%s does it otherwise after %s",
                                        head->version.id, other->version.id));
    }
}

static struct str canonical(struct arena *arena, const struct version *version)
{
    struct buf text = { 0 };
    format_snapshot(arena, &version->file, 1, &text);
    struct str copy = buf_dup(&text, arena);
    buf_release(&text);
    return copy;
}

static void find_conflicts(struct merging *m)
{
    for (size_t i = 0; i < 2; i++)
        m->heads[i].changes = changes_between(m->arena, m->parent.model,
                                              m->heads[i].version.model);
    merge_find_prints(m);
    if (m->merge->conflicts.n)
        return;
    struct str text = merge_texts(m);
    struct version both;
    if (m->merge->conflicts.n || !holds_together(m, &both, text))
        return;
    check_order(m, &both);
    if (!m->merge->conflicts.n)
        m->merge->snapshot = canonical(m->arena, &both);
}

struct merge *merge_heads(struct arena *arena, const struct merge_request *request,
                          struct diags *diags)
{
    struct merging *m = arena_new(arena, struct merging);
    m->arena = arena;
    m->merge = arena_new(arena, struct merge);
    bool read = version_read(arena, &request->parent, &m->parent, diags);
    for (size_t i = 0; i < 2; i++)
        read &= version_read(arena, &request->heads[i], &m->heads[i].version, diags);
    if (!read)
        return NULL;
    find_conflicts(m);
    m->merge->report = merge_report(m);
    return m->merge;
}
