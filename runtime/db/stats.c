/* stats.c: figures by query. It must not wait for another thread. */
#include "runtime/sc_internal.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct figures {
    _Atomic(const char *) query; /* NULL: nobody's yet */
    _Atomic int64_t calls;
    _Atomic int64_t failures;
    _Atomic int64_t rows;
    _Atomic int64_t bytes;
    _Atomic int64_t nanoseconds;
    _Atomic int64_t max_nanoseconds;
    _Atomic int64_t buckets[SC_BUCKETS];
};

struct sc__stats {
    size_t mask; /* of the slots, a power of two of them and twice as many as queries */
    size_t most;
    _Atomic size_t taken;
    struct figures others;
    struct figures slots[];
};

struct sc__stats *sc__stats_new(size_t queries)
{
    enum { MOST = 1 << 20 };
    size_t count = 2;
    if (queries > MOST)
        return NULL;
    while (count < queries * 2)
        count *= 2;
    struct sc__stats *stats = calloc(1,
                                     sizeof(*stats) + count * sizeof(struct figures));
    if (!stats)
        return NULL;
    stats->mask = count - 1;
    stats->most = queries;
    atomic_store_explicit(&stats->others.query, "(others)", memory_order_relaxed);
    return stats;
}

void sc__stats_free(struct sc__stats *stats)
{
    free(stats);
}

/* ---- counting ------------------------------------------------------------------------------ */

/* Takes an empty slot for a query, unless another thread is quicker. */
static bool take(struct sc__stats *stats, struct figures *slot, const char *query)
{
    const char *nobody = NULL;
    if (atomic_fetch_add_explicit(&stats->taken, 1, memory_order_relaxed) <
        stats->most) {
        if (atomic_compare_exchange_strong(&slot->query, &nobody, query))
            return true;
    }
    atomic_fetch_sub_explicit(&stats->taken, 1, memory_order_relaxed);
    return nobody == query;
}

static struct figures *find(struct sc__stats *stats, const char *query)
{
    size_t at = (size_t)((uintptr_t)query * 0x9e3779b97f4a7c15u >> 32);
    for (size_t i = 0; i <= stats->mask; i++) {
        struct figures *slot = &stats->slots[(at + i) & stats->mask];
        const char *name = atomic_load_explicit(&slot->query, memory_order_acquire);
        if (name == query)
            return slot;
        if (name)
            continue;
        if (take(stats, slot, query))
            return slot;
        if (!atomic_load_explicit(&slot->query, memory_order_acquire))
            break; /* no more are told apart */
    }
    return &stats->others;
}

static void add(_Atomic int64_t *to, int64_t more)
{
    atomic_fetch_add_explicit(to, more, memory_order_relaxed);
}

void sc__stats_note(struct sc__stats *stats, const struct sc_event *event)
{
    struct figures *f = find(stats, event->query);
    int64_t time = event->nanoseconds;
    add(&f->calls, 1);
    add(&f->failures, event->status != SC_OK);
    add(&f->rows, event->rows);
    add(&f->bytes, event->bytes);
    add(&f->nanoseconds, time);
    add(&f->buckets[sc__bucket(time)], 1);
    int64_t most = atomic_load_explicit(&f->max_nanoseconds, memory_order_relaxed);
    while (time > most &&
           !atomic_compare_exchange_weak(&f->max_nanoseconds, &most, time))
        continue;
}

/* ---- telling ------------------------------------------------------------------------------- */

static int64_t load(const _Atomic int64_t *from)
{
    return atomic_load_explicit(from, memory_order_relaxed);
}

static void gather(struct sc_query_stats *to, const struct figures *f)
{
    int64_t most = load(&f->max_nanoseconds);
    to->calls += load(&f->calls);
    to->failures += load(&f->failures);
    to->rows += load(&f->rows);
    to->bytes += load(&f->bytes);
    to->nanoseconds += load(&f->nanoseconds);
    if (most > to->max_nanoseconds)
        to->max_nanoseconds = most;
    for (size_t i = 0; i < SC_BUCKETS; i++)
        to->buckets[i] += load(&f->buckets[i]);
}

/* Adds figures to those of the same name: a name may stand at several addresses. */
static size_t tell(const struct figures *f, struct sc_query_stats *out, size_t room,
                   size_t count)
{
    const char *query = atomic_load_explicit(&f->query, memory_order_acquire);
    if (!query || !load(&f->calls))
        return count;
    for (size_t i = 0; i < count && i < room; i++)
        if (strcmp(out[i].query, query) == 0) {
            gather(&out[i], f);
            return count;
        }
    if (count < room) {
        out[count] = (struct sc_query_stats){ .query = query };
        gather(&out[count], f);
    }
    return count + 1;
}

size_t sc_query_stats_get(struct sc_db *db, struct sc_query_stats *out, size_t room)
{
    size_t count = 0;
    db = sc__view_base(db);
    const struct sc__hooks *hooks = db ? sc__db_hooks(db) : NULL;
    const struct sc__stats *stats = hooks ? hooks->stats : NULL;
    if (!stats)
        return 0;
    for (size_t i = 0; i <= stats->mask; i++)
        count = tell(&stats->slots[i], out, room, count);
    return tell(&stats->others, out, room, count);
}

enum sc_status sc_measure(struct sc_db *db, size_t queries, struct sc_error *err)
{
    if (!db || (db->kind != SC__DB_CONN && db->kind != SC__DB_POOL))
        return sc__fail(err, "sc_measure", SC_MISUSE,
                        "only a connection or a pool is measured");
    if (db->hooks.stats)
        return sc__fail(err, "sc_measure", SC_MISUSE, "it is measured already");
    db->hooks.stats = sc__stats_new(queries);
    if (!db->hooks.stats)
        return sc__fail_memory(err, "sc_measure");
    sc__hooks_settle(&db->hooks);
    return SC_OK;
}
