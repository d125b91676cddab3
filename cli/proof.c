/* proof.c: two databases side by side. Must not know what the migrations are for. */
#include "proof.h"

#include "base/buf.h"
#include "base/str.h"
#include "cluster/cluster.h"
#include "runner/catalog_sql.h"

enum { SHOWN = 5 }; /* differences in a message */

/* What a database holds: definitions by "kind identity". */
struct side {
    const char *name;
    struct sc_db *db;
    struct map objects;
};

static const char *server_said(struct arena *arena, const char *what,
                               const struct sc_error *error)
{
    return arena_printf(arena, "%s: %s", what, error->message);
}

static const char *open_side(struct arena *arena, struct sc_db *server,
                             const struct cluster_scratch *scratch, struct side *side)
{
    struct sc_error error;
    const char *make = arena_printf(arena, "create database %s", side->name);
    if (sc_query(server, make, NULL, 0, NULL, &error) != SC_OK ||
        sc_open(cluster_scratch_url(arena, scratch, side->name), &side->db, &error) !=
            SC_OK) {
        return server_said(arena, "the server for the proof", &error);
    }
    return NULL;
}

static const char *apply(struct arena *arena, const struct side *side,
                         const struct sc_migrations *set)
{
    struct sc_migrate_error error;
    if (sc_migrate(side->db, set, NULL, &error) == SC_OK) {
        return NULL;
    }
    return arena_printf(arena, "%s does not apply to an empty database: %s",
                        error.migration, error.error.message);
}

static void take_object(struct arena *arena, struct side *side,
                        const struct sc_rows *rows, size_t i)
{
    const char *key = arena_printf(arena, "%s %s", sc_rows_value(rows, i, 0),
                                   sc_rows_value(rows, i, 1));
    char *definition = arena_printf(arena, "%s", sc_rows_value(rows, i, 2));
    map_add(&side->objects, arena, str_of(key), definition);
}

static const char *read_objects(struct arena *arena, struct side *side)
{
    const char *const params[] = { "schemac" };
    struct sc_rows *rows = NULL;
    struct sc_error error;
    if (sc_query(side->db, "begin", NULL, 0, NULL, &error) != SC_OK ||
        sc_query(side->db, sc__catalog_settings, NULL, 0, NULL, &error) != SC_OK ||
        sc_query(side->db, sc__catalog_sql, params, 1, &rows, &error) != SC_OK) {
        return server_said(arena, "the catalogs", &error);
    }
    for (size_t i = 0; i < sc_rows_count(rows); i++) {
        take_object(arena, side, rows, i);
    }
    sc_rows_free(rows);
    return NULL;
}

/* What one has and the other has not, or has otherwise. */
static size_t put_missing(struct buf *out, const struct side *one,
                          const struct side *other, bool changed, size_t found)
{
    for (size_t i = 0; i < one->objects.n; i++) {
        const struct map_entry *entry = &one->objects.entries[i];
        const char *there = map_find(&other->objects, entry->key);
        if (there != NULL && (!changed || strcmp(there, entry->value) == 0)) {
            continue;
        }
        if (found++ < SHOWN) {
            buf_printf(out, "\n  %.*s: %s in %s, %s in %s", STR_ARGS(entry->key),
                       (const char *)entry->value, one->name,
                       there != NULL ? there : "absent", other->name);
        }
    }
    return found;
}

static const char *compare(struct arena *arena, const struct side *one,
                           const struct side *other)
{
    struct buf text = { 0 };
    size_t found = put_missing(&text, one, other, true, 0);
    found = put_missing(&text, other, one, false, found);
    const char *message = NULL;
    if (found > 0) {
        message = arena_printf(arena, "the databases differ in %zu %s:%s", found,
                               found == 1 ? "object" : "objects", text.s);
    }
    buf_release(&text);
    return message;
}

static const char *try_out(struct arena *arena, const struct cluster_scratch *scratch,
                           const struct sc_migrations *const sets[2])
{
    struct side sides[] = { { .name = "before" }, { .name = "after" } };
    struct sc_db *server = NULL;
    struct sc_error error;
    const char *wrong = NULL;
    if (sc_open(cluster_scratch_cluster(scratch)->url, &server, &error) != SC_OK) {
        wrong = server_said(arena, "the server for the proof", &error);
    }
    for (int i = 0; i < 2 && wrong == NULL; i++) {
        wrong = open_side(arena, server, scratch, &sides[i]);
        wrong = wrong != NULL ? wrong : apply(arena, &sides[i], sets[i]);
        wrong = wrong != NULL ? wrong : read_objects(arena, &sides[i]);
    }
    if (wrong == NULL) {
        wrong = compare(arena, &sides[0], &sides[1]);
    }
    sc_close(sides[0].db);
    sc_close(sides[1].db);
    sc_close(server);
    return wrong;
}

const char *proof_same(struct arena *arena, const struct sc_migrations *one,
                       const struct sc_migrations *other)
{
    const struct sc_migrations *const sets[] = { one, other };
    struct cluster_scratch *scratch;
    const char *wrong = cluster_scratch(arena, &scratch);
    if (wrong == NULL) {
        wrong = try_out(arena, scratch, sets);
    }
    cluster_discard(scratch);
    return wrong;
}
