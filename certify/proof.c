/* proof.c: two databases side by side; must not know what the migrations are for. */
#include "proof.h"

#include "../base/buf.h"
#include "catalog.h"

enum { SHOWN = 5 }; /* differences in a message */

static const char *apply(struct arena *arena, struct bench *bench,
                         const struct sc_migrations *set, struct catalog *catalog)
{
    struct sc_migrate_error error;
    if (sc_migrate(bench->mover, set, NULL, &error) != SC_OK)
        return arena_printf(arena, "%s does not apply to an empty database: %s",
                            error.migration, error.error.message);
    return catalog_read(bench, catalog);
}

static const char *make(struct arena *arena, const struct sc_migrations *set,
                        struct catalog *catalog)
{
    struct bench bench = { 0 };
    const char *error = bench_open(arena, NULL, &bench);
    if (!error)
        error = apply(arena, &bench, set, catalog);
    bench_close(&bench);
    return error;
}

static const char *shown(const char *definition)
{
    return definition ? definition : "absent";
}

static const char *tell(struct arena *arena, const struct catalog_differences *found)
{
    const size_t n = found->list.n;
    struct buf text = { 0 };
    buf_printf(&text, "the databases differ in %zu %s:", n,
               n == 1 ? "object" : "objects");
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        const struct catalog_difference *one = &found->list.items[i];
        buf_printf(&text, "\n  %s %s: %s before, %s after", one->kind, one->identity,
                   shown(one->wanted), shown(one->found));
    }
    const char *message = buf_dup(&text, arena).s;
    buf_release(&text);
    return message;
}

const char *proof_same(struct arena *arena, const struct sc_migrations *before,
                       const struct sc_migrations *after)
{
    struct catalog one, other;
    const char *error = make(arena, before, &one);
    if (!error)
        error = make(arena, after, &other);
    if (error)
        return error;
    struct catalog_differences found = catalog_compare(arena, &one, &other, NULL);
    return found.list.n ? tell(arena, &found) : NULL;
}
