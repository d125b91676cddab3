/* trip.h: asks that travel together on one connection: a machine of two halves, sending and
 * taking, that never waits. Whoever drives it does: flight.c with poll, async.c in an
 * event loop. Generated code and other files of the runtime know flight.h only.
 *
 * A driver puts the connection into pipeline mode and then, for each trip,
 *
 *     sc__trip_start                             plans of all asks; sends nothing
 *     sc__trip_send and sc__trip_take, by turns  until the latter says SC__TAKE_DONE;
 *                                                in between it flushes, waits and lets
 *                                                libpq read: sc__io_wait, or a loop's own
 *     sc__trip_end                               what came of it, and whether to start
 *                                                it once more
 *
 * Several trips may be under way on a connection: each is sent whole (SC__SEND_DONE) before
 * the next one is sent at all, and taken whole before the next one is taken. A next one
 * may be started when the last one is sent whole.
 *
 * The legs of a trip are sent in this order; one that is not needed is empty. Where it is
 * held, all that was sent must be taken before more is (SC__SEND_HELD): the server is told
 * to answer by a Flush, and it stays one implicit transaction.
 *
 *     BEGIN     trip->begin: BEGIN, SET LOCAL
 *     LEARN     the OIDs of enums that the connection does not know. Held
 *     DESCRIBE  Parse and Describe of what would write and was never compared. Held
 *     EXECUTE   Parse of what the server does not have, Bind, Describe, Execute
 *     COMMIT    of trip->begin
 *     SYNC
 *     ROLLBACK  and its Sync, when a trip with a begin has failed
 *
 * The first failure cuts a trip short: what is not sent yet but the Sync stays unsent.
 *
 * A trip that is `apart` has a Sync after each call instead (after the ask that `ends`
 * it), and after each statement of LEARN and DESCRIBE: a failure is its call's alone, and
 * is left in its asks (ask->status, ask->error).
 *
 * Windows. A trip stops sending (SC__SEND_FULL) while SC__TRIP_WINDOW asks are not taken
 * yet, and when the socket does not take what libpq holds, which is never more than
 * SC__TRIP_UNSENT bytes and one ask: neither side can block the other.
 */
#ifndef SC_TRIP_H
#define SC_TRIP_H
#include "runtime/sc_internal.h"

enum { SC__TRIP_WINDOW = 1024, SC__TRIP_UNSENT = 48 * 1024, SC__TRIP_ATTEMPTS = 4 };

enum sc__leg {
    SC__LEG_BEGIN,
    SC__LEG_LEARN,
    SC__LEG_DESCRIBE,
    SC__LEG_EXECUTE,
    SC__LEG_COMMIT,
    SC__LEG_SYNC,
    SC__LEG_ROLLBACK,
    SC__LEG_OVER
};

/* How far one of the halves is. */
struct sc__trip_place {
    enum sc__leg leg;
    size_t at;
};

struct sc__trip {
    /* Set by its driver; all else is zero at first. */
    struct sc__conn *conn;
    struct sc__ask **asks; /* at least one */
    size_t count;
    const struct sc__tx_texts *begin; /* NULL: no transaction of its own */
    bool apart;
    bool in_tx;                 /* a transaction is open: nothing is done once more */
    struct sc__scratch *memory; /* apart: of errors */
    struct sc_error *err;       /* what failed; written only then */

    /* What came of it. */
    size_t failed;   /* the ask that failed */
    bool lost;       /* the connection has gone, or is out of step */
    bool refused;    /* the server refused something: it committed nothing */
    bool at_end;     /* it failed when the server committed: of no ask alone */
    bool at_begin;   /* ... or before the first ask */
    bool committing; /* COMMIT was sent, and its answer has not come */
    bool committed;  /* it has come: whatever happens now, all was done */

    /* The machine's own. */
    struct sc__trip_place out, in;
    size_t length[SC__LEG_OVER]; /* things to send in each leg */
    size_t flushed;              /* asks sent when the server was last told to answer */
    size_t bytes;                /* handed to libpq since it was last seen empty */
    unsigned due;                /* enum sc__due: answers still to take at `in` */
    unsigned nulls;              /* that came since a Sync failed */
    unsigned attempts;           /* that were begun */
    bool tail;                   /* the NULL behind a result comes next */
    bool spoken; /* libpq's message may be that of a failure since the last Sync */
    bool held;
    bool short_cut;
    bool choked;           /* libpq held too much when it was sent last */
    bool windowed;         /* the window was full when it was sent last */
    bool syncing;          /* a Sync failed: results up to its answer */
    bool careful;          /* DESCRIBE, though nothing would be written */
    bool ready;            /* no plan is new: nothing to learn or describe */
    bool no_memory;        /* to send */
    bool mismatched;       /* a result is not what was generated for; *err tells */
    bool rolled_back;      /* by COMMIT */
    bool unchanged;        /* the enums are as they were: *err tells the old failure */
    enum sc_status status; /* of the last attempt */
    PGresult *error;       /* the first bad result; owned */
    struct sc__plan *suspect; /* whose enums may have been made anew */
};

/* Answers that stand out for a thing that was sent, in their order. */
enum sc__due {
    SC__DUE_PARSE = 1,
    SC__DUE_DESCRIBE = 2,
    SC__DUE_RESULT = 4,
    SC__DUE_SYNC = 8
};

/* Finds or makes the plans of all asks. May be called again after sc__trip_end said so.
 * Fails without memory (SC_NO_MEMORY, err, failed), and then nothing was sent. */
enum sc_status sc__trip_start(struct sc__trip *trip);

/* apart: what is not over has not been answered, and will not be: it has this status. Gives
 * status. For a driver that cannot even begin; else the trip does it. */
enum sc_status sc__trip_fail_rest(struct sc__trip *trip, enum sc_status status);

enum sc__trip_send {
    SC__SEND_DONE, /* all of it, as far as libpq: a driver still flushes */
    SC__SEND_FULL, /* take; then send again: see sc__trip_choked */
    SC__SEND_HELD, /* take first */
    SC__SEND_CUT   /* the connection is lost: sc__trip_take says SC__TAKE_DONE */
};
/* Sends as far as it goes. SC__SEND_CUT: nothing is left to be sent. */
enum sc__trip_send sc__trip_send(struct sc__trip *trip);

enum sc__trip_take {
    SC__TAKE_DONE, /* the trip is over: the last Sync's answer was seen, or it is lost */
    SC__TAKE_WAIT, /* libpq must read more */
    SC__TAKE_SEND  /* something has come that lets more be sent */
};
/* Takes what libpq has read. */
enum sc__trip_take sc__trip_take(struct sc__trip *trip);
/* The driver found the connection lost: no more will come. */
void sc__trip_lose(struct sc__trip *trip);

/* After SC__TAKE_DONE, once: says what came of it (SC_OK: every ask has its result; apart:
 * or its own status) and puts right what made it fail. *again: nothing was kept, and
 * the next attempt may go better: start it again; apart: for the asks that are not over.
 * On failure no ask has a result. */
enum sc_status sc__trip_end(struct sc__trip *trip, bool *again);

/* The same in what a batch wants to know. */
struct sc__landing sc__trip_landing(const struct sc__trip *trip, enum sc_status status);

/* Whether sending stopped because the socket took no more: the driver waits until it can be
 * written, too, even if all is flushed by then: for the server may have nothing to say
 * before it is sent more. */
static inline bool sc__trip_choked(const struct sc__trip *trip)
{
    return trip->choked;
}

/* Whether an error's text stands in libpq that is no news: sc__io_wait wants to know. */
static inline bool sc__trip_spoken(const struct sc__trip *trip)
{
    return trip->syncing;
}

/* ---- its parts ---------------------------------------------------------------------- */

static inline bool sc__is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static inline bool sc__trip_went_well(const struct sc__trip *trip)
{
    return !trip->error && !trip->lost && !trip->mismatched && !trip->unchanged &&
           !trip->rolled_back;
}

/* flight.c: sends Bind and Execute. False: libpq took it not. */
bool sc__trip_execute(struct sc__trip *trip, const struct sc__ask *ask);

/* send.c: goes on to the leg after this one. */
void sc__trip_next_leg(struct sc__trip *trip);
/* Nothing more is sent but the end. */
void sc__trip_cut(struct sc__trip *trip);

/* mend.c: what the failure of a trip is called; and puts right what made it fail: true, the
 * next attempt may go better. */
enum sc_status sc__trip_explain(struct sc__trip *trip);
bool sc__trip_mend(struct sc__trip *trip);
/* apart: tells of one ask's bad result, or marks the ask to be done once more. */
void sc__trip_fail_ask(struct sc__trip *trip, struct sc__ask *ask,
                       const PGresult *result);
/* ... and mends the plans of asks so marked. True: there are any. */
bool sc__trip_mend_asks(struct sc__trip *trip);

#endif
