/* chain.c: puts a set of migrations in order: after their parents, then by name. Must not
 * know what is applied. */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const struct scm_migration *x = a, *y = b;
    if (x->face.draft != y->face.draft)
        return x->face.draft ? 1 : -1;
    return strcmp(x->face.name, y->face.name);
}

static bool carries(const struct scm_migration *m, const char *id)
{
    if (strcmp(m->up.id, id) == 0)
        return true;
    for (size_t i = 0; i < m->up.nreplaces; i++) {
        if (strcmp(m->up.replaces[i].id, id) == 0)
            return true;
    }
    return false;
}

/* The usual parent is the one before. */
static int find_id(const struct sc_migrations *set, size_t near, const char *id)
{
    if (near > 0 && carries(&set->items[near - 1], id))
        return (int)near - 1;
    for (size_t i = 0; i < set->n; i++) {
        if (carries(&set->items[i], id))
            return (int)i;
    }
    return -1;
}

static enum sc_status fail(const struct scm_migration *m, struct sc_migrate_error *err,
                           enum sc_trouble trouble, const char *why)
{
    enum sc_status status = scm_fail(err, SC_SCHEMA_MISMATCH, trouble, "\"%s\" %s",
                                     m->face.name, why);
    snprintf(err->migration, sizeof err->migration, "%s", m->face.name);
    snprintf(err->file, sizeof err->file, "%s", m->face.path);
    return status;
}

/* Places of the parents, while the set is in the order of names. A file without a header
 * comes after the one before it. */
static enum sc_status link_parents(struct sc_migrations *set,
                                   struct sc_migrate_error *err)
{
    for (size_t i = 0; i < set->n; i++) {
        struct scm_migration *m = &set->items[i];
        m->parents[0] = m->parents[1] = -1;
        if (!*m->up.id && i > 0)
            m->parents[0] = (int)i - 1;
        for (int k = 0; k < 2; k++) {
            if (!*m->up.parents[k])
                continue;
            m->parents[k] = find_id(set, i, m->up.parents[k]);
            if (m->parents[k] < 0) {
                fail(m, err, SC_TROUBLE_CHAIN,
                     "comes after a migration that is missing");
                scm_hint(err,
                         "No file has the id %s: get it back from version control.",
                         m->up.parents[k]);
                return SC_SCHEMA_MISMATCH;
            }
        }
    }
    return SC_OK;
}

static bool is_ready(const struct scm_migration *m, const int *place)
{
    return (m->parents[0] < 0 || place[m->parents[0]] >= 0) &&
           (m->parents[1] < 0 || place[m->parents[1]] >= 0);
}

/* Gives each its place; the first by name of those whose parents have theirs. */
static enum sc_status sort(struct sc_migrations *set, int *place,
                           struct sc_migrate_error *err)
{
    for (size_t i = 0; i < set->n; i++)
        place[i] = -1;
    size_t from = 0; /* all before it have a place */
    for (int next = 0; (size_t)next < set->n; next++) {
        while (from < set->n && place[from] >= 0)
            from++;
        size_t i = from;
        while (i < set->n && (place[i] >= 0 || !is_ready(&set->items[i], place)))
            i++;
        if (i == set->n)
            return fail(&set->items[from], err, SC_TROUBLE_CHAIN,
                        "comes after itself: its parents go in a circle");
        place[i] = next;
    }
    return SC_OK;
}

static void move(struct sc_migrations *set, const struct scm_migration *old,
                 const int *place)
{
    for (size_t i = 0; i < set->n; i++) {
        struct scm_migration *m = &set->items[place[i]];
        *m = old[i];
        for (int k = 0; k < 2; k++)
            m->parents[k] = m->parents[k] < 0 ? -1 : place[m->parents[k]];
        /* The face lends the hashes of the scripts inside. */
        m->face.up_hash = m->up.hash;
        m->face.down_hash = m->down.text ? m->down.hash : "";
    }
}

static void find_heads(struct sc_migrations *set)
{
    for (size_t i = 0; i < set->n; i++) {
        bool has_child = set->items[i].face.draft;
        for (size_t k = i + 1; k < set->n && !has_child; k++) {
            const struct scm_migration *m = &set->items[k];
            has_child = !m->face.draft &&
                        (m->parents[0] == (int)i || m->parents[1] == (int)i);
        }
        if (!has_child && set->nheads++ < 2)
            set->heads[set->nheads - 1] = i;
    }
    set->forks_commute = set->nheads == 2 && set->items[set->heads[0]].commutes &&
                         set->items[set->heads[1]].commutes;
}

static enum sc_status check_names(const struct sc_migrations *set,
                                  struct sc_migrate_error *err)
{
    for (size_t i = 1; i < set->n; i++) {
        const struct scm_migration *a = &set->items[i - 1], *b = &set->items[i];
        if (strcmp(a->face.name, b->face.name) == 0)
            return fail(b, err, SC_TROUBLE_FILE, "is there twice");
        if (a->face.draft && b->face.draft) {
            enum sc_status status = fail(b, err, SC_TROUBLE_FILE,
                                         "is a second draft: there can be one");
            scm_hint(err, "\"%s\" is a draft too: neither has a snapshot beside it.",
                     a->face.name);
            return status;
        }
    }
    return SC_OK;
}

/* The number that a name begins with has four digits. */
static bool is_before(const char *name, const char *other)
{
    return strncmp(name, other, 4) < 0;
}

/* A draft is the last. One that others come after was sealed, and lost its snapshot. */
static enum sc_status check_draft(const struct sc_migrations *set,
                                  struct sc_migrate_error *err)
{
    const struct scm_migration *draft = NULL;
    size_t at = 0;
    for (size_t i = 0; i < set->n; i++) {
        if (set->items[i].face.draft) {
            draft = &set->items[i];
            at = i;
        }
    }
    for (size_t i = 0; draft && i < set->n; i++) {
        const struct scm_migration *m = &set->items[i];
        bool after = m->parents[0] == (int)at || m->parents[1] == (int)at;
        if (m == draft || (!after && !is_before(draft->face.name, m->face.name)))
            continue;
        enum sc_status status = fail(
            draft, err, SC_TROUBLE_FILE,
            "has no snapshot, and a sealed one comes after it");
        scm_hint(err, "Get \"%s.snapshot\" back from version control.",
                 draft->face.name);
        return status;
    }
    return SC_OK;
}

enum sc_status scm_chain(struct sc_migrations *set, struct sc_migrate_error *err)
{
    if (set->n > 1)
        qsort(set->items, set->n, sizeof *set->items, compare);
    enum sc_status status = check_names(set, err);
    if (status == SC_OK)
        status = link_parents(set, err);
    if (status != SC_OK)
        return status;
    int *place = scm_alloc(&set->arena, (set->n + 1) * sizeof *place);
    struct scm_migration *old = scm_alloc(&set->arena, (set->n + 1) * sizeof *old);
    if (!place || !old)
        return scm_no_memory(err);
    if (set->n)
        memcpy(old, set->items, set->n * sizeof *old);
    status = sort(set, place, err);
    if (status != SC_OK)
        return status;
    move(set, old, place);
    find_heads(set);
    return check_draft(set, err);
}
