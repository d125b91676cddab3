/* with.c: handles that say how calls run. It must not keep or free anything. */
#include "runtime/pool/replicas.h"
#include "runtime/sc_internal.h"
#include <string.h>

_Static_assert(sizeof(struct sc__view) <= sizeof(struct sc_view), "room for a view");
_Static_assert(offsetof(struct sc__view, batch) == offsetof(struct sc_db, batch),
               "the head of a handle");

static struct sc__view view_of(const struct sc_db *db)
{
    struct sc__view view;
    memcpy(&view, db, sizeof(view));
    return view;
}

/* What the new call leaves open is as the view that it is made of has it. */
static struct sc_call merge(const struct sc_call *outer, const struct sc_call *call)
{
    struct sc_call merged = *call;
    if (!merged.timeout_ms)
        merged.timeout_ms = outer->timeout_ms;
    if (merged.route == SC_PRIMARY)
        merged.route = outer->route;
    if (!merged.max_lag_ms)
        merged.max_lag_ms = outer->max_lag_ms;
    if (!merged.after_lsn)
        merged.after_lsn = outer->after_lsn;
    return merged;
}

struct sc_db *sc_with(struct sc_db *db, const struct sc_call *call,
                      struct sc_view *view)
{
    if (!db || !call || !view)
        return db;
    struct sc__view made = { .kind = SC__DB_VIEW, .base = db, .call = *call };
    if (db->kind == SC__DB_VIEW) {
        struct sc__view outer = view_of(db);
        made.base = outer.base;
        made.call = merge(&outer.call, call);
    }
    memcpy(view->words, &made, sizeof(made));
    return (struct sc_db *)(void *)view->words;
}

struct sc_db *sc__view_base(struct sc_db *db)
{
    return db && db->kind == SC__DB_VIEW ? view_of(db).base : db;
}

struct sc_db *sc__view_keep(struct sc_db *db, struct sc_view *room)
{
    if (!db || db->kind != SC__DB_VIEW)
        return db;
    struct sc__view view = view_of(db);
    memcpy(room->words, &view, sizeof(view));
    return (struct sc_db *)(void *)room->words;
}

int64_t sc__view_until(const struct sc_db *db)
{
    int ms = db->kind == SC__DB_VIEW ? view_of(db).call.timeout_ms : 0;
    return ms ? sc__clock() + (int64_t)ms * 1000000 : 0;
}

enum sc_status sc__view_enter(const struct sc_db *db, const struct sc__entry *entry,
                              struct sc__conn **conn, struct sc_error *err)
{
    struct sc__view view = view_of(db);
    struct sc__entry own = *entry;
    int64_t until = sc__view_until(db);
    if (view.base->kind == SC__DB_QUEUE)
        return sc__fail(err, entry->label, SC_MISUSE,
                        "a batch is opened on the view, not a view made of its queue");
    if (view.call.timeout_ms < 0 || view.call.max_lag_ms < 0)
        return sc__fail(err, entry->label, SC_MISUSE, "a time is negative");
    own.until = sc__late_sooner(entry->until, until);
    enum sc_status status = SC_OK;
    if (own.reads && view.call.route == SC_REPLICA && view.base->replicas &&
        sc__replicas_enter(view.base, &view.call, &own, conn))
        (*conn)->until = own.until;
    else
        status = sc__db_enter(view.base, &own, conn, err);
    if (status != SC_OK)
        return status;
    if (!(*conn)->held)
        (*conn)->held = view.base;
    if (!(*conn)->until) /* a pool's */
        (*conn)->until = own.until;
    return SC_OK;
}
