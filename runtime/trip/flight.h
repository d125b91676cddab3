/* flight.h: sends asks to the server and collects their results.
 *
 * Round trips. One prepared statement: one, outside pipeline mode. A statement that is
 * not yet prepared, or several: one pipeline with one Sync (Parse and Bind/Execute of
 * each), so that all of them are one transaction. Only when something would be written
 * and some result was never compared, Parse and Describe go ahead in a trip of their own
 * (Flush, no Sync: it is one transaction still), and a mismatch ends the flight before
 * anything was executed.
 *
 * Stale plans (0A000 out of RevalidateCachedQuery), lost ones (26000), names that are
 * taken (42P05) and enums that were made anew are mended, and the flight is made once
 * more, outside transactions only: nothing of the failed one was kept.
 */
#ifndef SC_FLIGHT_H
#define SC_FLIGHT_H
#include "runtime/net/conn.h"

/* What came of it. */
struct sc__landing {
    enum sc_status status;
    size_t failed; /* the ask that failed */
    bool nobody;   /* no ask did: BEGIN, COMMIT or the Sync failed */
    bool unknown;  /* the answer is lost: the server may have done all of it */
};

struct sc__flight {
    struct sc__conn *conn;
    struct sc__ask **asks;
    size_t count;
    const struct sc__tx_texts *begin; /* NULL, or what begins their transaction */
    bool apart;                       /* a Sync a call: its asks tell what came of it */
    struct sc__scratch *memory;       /* apart: of errors */
    struct sc__landing landing;       /* set, but for SC_OK when none was sent */
    void (*depart)(void *arg);        /* NULL, or called once every ask has its plan */
    void *depart_arg;
};

/* Flies them all, or none. On SC_OK every ask has its result; else none has. One that is ready
 * goes by sc__fly_quick (quick.h) first; if that has failed, its result is in the ask. */
enum sc_status sc__fly(struct sc__flight *flight, struct sc_error *err);

/* Clears an ask's result. */
static inline void sc__ask_clear(struct sc__ask *ask)
{
    if (ask->result)
        PQclear(ask->result);
    if (ask->made)
        sc_free(ask->made);
    ask->result = NULL;
    ask->made = NULL;
}

#endif
