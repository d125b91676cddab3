/* with.h: views: handles that say how calls run. Knows nothing of servers.
 *
 * A view is copied into the room that the caller gives, and read from there: only its
 * head can be looked at as a struct sc_db.
 */
#ifndef SC_WITH_H
#define SC_WITH_H
#include "db.h"

struct sc__view {
    enum sc__db_kind kind; /* SC__DB_VIEW */
    struct sc__conn *conn; /* NULL, as are the next two */
    struct sc__pool *pool;
    struct sc_batch *batch;
    struct sc_db *base; /* no view */
    struct sc_call call;
};

/* Enters what the view is of; for sc__db_enter. */
enum sc_status sc__view_enter(const struct sc_db *db, const struct sc__entry *entry,
                              struct sc__conn **conn, struct sc_error *err);
/* The handle that db is a view of; db, when it is none. NULL: NULL. */
struct sc_db *sc__view_base(struct sc_db *db);
/* For whoever keeps db beyond the call: a handle that lives as long as `room`. */
struct sc_db *sc__view_keep(struct sc_db *db, struct sc_view *room);
/* When a call through db that begins now must be over; 0: no limit. */
int64_t sc__view_until(const struct sc_db *db);

#endif
