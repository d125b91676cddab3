/* cancel.h: sc_cancel, from any thread, and the connection's own side of it: no statement is
 * sent while a cancellation is on its way, so that none is hit that was not meant.
 *
 * conn->cancel says how it stands. Whoever cancels sets it before looking whether a call is
 * under way, and whoever begins a call says so before looking at it: one sees the other.
 */
#ifndef SC_CANCEL_H
#define SC_CANCEL_H
#include "conn.h"

enum sc__cancel {
    SC__CANCEL_NONE,
    SC__CANCEL_UNDER_WAY,
    SC__CANCEL_DONE, /* the server has it: what it met is the call that was under way */
    SC__CANCEL_LOST, /* nobody knows whether it will still arrive */
    SC__CANCEL_BARRED, /* the connection is being changed: nothing of it runs */
    SC__CANCEL_WAITED =
        8 /* added: a call waits for it, and there is nothing to cancel */
};

/* Waits until no cancellation is on its way; one that may still arrive costs the
 * connection. The caller has the connection's `busy`. */
void sc__cancel_wait(struct sc__conn *conn);
static inline void sc__cancel_settle(struct sc__conn *conn)
{
    if (atomic_load(&conn->cancel) != SC__CANCEL_NONE)
        sc__cancel_wait(conn);
}

/* Begins a call. False: another one is under way. */
static inline bool sc__conn_seize(struct sc__conn *conn)
{
    if (atomic_exchange(&conn->busy, true))
        return false;
    sc__cancel_settle(conn);
    return true;
}

/* Around whatever changes conn->pg. */
void sc__cancel_bar(struct sc__conn *conn);
void sc__cancel_unbar(struct sc__conn *conn);

/* Whether the call under way was cancelled by sc_cancel. */
bool sc__cancel_is_ours(struct sc__conn *conn);

#endif
