/* catalog.c: reads and compares catalogs; must not know of migrations. */
#include "catalog.h"

#include "../runner/catalog_sql.h"
#include "../sql/ddl.h"

/* ---- reading ---- */

static struct str key_of(struct arena *arena, const char *kind, const char *identity)
{
    return str_of(arena_printf(arena, "%s %s", kind, identity));
}

static void take(struct arena *arena, const struct sc_rows *rows,
                 struct catalog *catalog)
{
    *catalog = (struct catalog){ .facts = { 0 } };
    for (size_t i = 0; i < sc_rows_count(rows); i++) {
        struct catalog_fact *fact = arena_new(arena, struct catalog_fact);
        fact->kind = bench_value(arena, rows, i, 0);
        fact->identity = bench_value(arena, rows, i, 1);
        fact->definition = bench_value(arena, rows, i, 2);
        map_add(&catalog->facts, arena, key_of(arena, fact->kind, fact->identity),
                fact);
    }
}

/* Planning it takes longer than running it. The history is the runner's default one. */
static const char *prepare(struct bench *bench, struct sc_db *tx)
{
    if (bench->prepared)
        return NULL;
    const char *error = bench_ask(bench->arena, tx,
                                  "set plan_cache_mode = force_generic_plan", NULL);
    if (!error)
        error = bench_ask(bench->arena, tx,
                          arena_printf(bench->arena,
                                       "prepare certify_catalog(text) as %s",
                                       sc__catalog_sql),
                          NULL);
    bench->prepared = !error;
    return error;
}

/* tx: a transaction, whose settings are changed. */
static const char *read_in(struct bench *bench, struct sc_db *tx,
                           struct catalog *catalog)
{
    struct sc_rows *rows = NULL;
    const char *error = bench_ask(bench->arena, tx, sc__catalog_settings, NULL);
    if (!error)
        error = prepare(bench, tx);
    if (!error)
        error = bench_ask(bench->arena, tx, "execute certify_catalog('schemac')",
                          &rows);
    take(bench->arena, rows, catalog);
    sc_rows_free(rows);
    return error;
}

const char *catalog_of_model(struct bench *bench, const struct model *model,
                             struct catalog *catalog)
{
    struct sc_db *tx = NULL;
    struct sc_error error;
    struct buf ddl = { 0 };
    const char *wrong = NULL;
    if (sc_tx_begin(bench->looker, NULL, &tx, &error) != SC_OK)
        return arena_printf(bench->arena, "%s", error.message);
    if (model)
        ddl_up(&ddl, model);
    if (ddl.n)
        wrong = bench_run(bench->arena, tx, ddl.s);
    if (!wrong)
        wrong = read_in(bench, tx, catalog);
    buf_release(&ddl);
    sc_tx_rollback(tx);
    return wrong;
}

const char *catalog_read(struct bench *bench, struct catalog *catalog)
{
    return catalog_of_model(bench, NULL, catalog);
}

/* ---- comparing ---- */

static bool is_known(const struct catalog_differences *known,
                     const struct catalog_fact *fact)
{
    for (size_t i = 0; known && i < known->list.n; i++) {
        const struct catalog_difference *one = &known->list.items[i];
        if (strcmp(one->kind, fact->kind) == 0 &&
            strcmp(one->identity, fact->identity) == 0)
            return true;
    }
    return false;
}

struct comparing {
    struct arena *arena;
    const struct catalog_differences *known;
    struct catalog_differences out;
};

static void compare(struct comparing *c, const struct catalog_fact *wanted,
                    const struct catalog_fact *found)
{
    const struct catalog_fact *either = wanted ? wanted : found;
    if ((wanted && found && strcmp(wanted->definition, found->definition) == 0) ||
        is_known(c->known, either))
        return;
    struct catalog_difference one = { either->kind, either->identity,
                                      wanted ? wanted->definition : NULL,
                                      found ? found->definition : NULL };
    VEC_PUSH(c->arena, &c->out.list, one);
}

struct catalog_differences catalog_compare(struct arena *arena,
                                           const struct catalog *wanted,
                                           const struct catalog *found,
                                           const struct catalog_differences *known)
{
    struct comparing c = { .arena = arena, .known = known };
    for (size_t i = 0; i < wanted->facts.n; i++) {
        const struct map_entry *entry = &wanted->facts.entries[i];
        compare(&c, entry->value, map_find(&found->facts, entry->key));
    }
    for (size_t i = 0; i < found->facts.n; i++) {
        const struct map_entry *entry = &found->facts.entries[i];
        if (!map_find(&wanted->facts, entry->key))
            compare(&c, NULL, entry->value);
    }
    return c.out;
}
