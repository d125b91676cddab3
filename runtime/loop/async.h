/* async.h: what the files of an event loop's connection share. async.c is its face,
 * async_fly.c sends and takes, async_time.c cancels.
 *
 * A flight is a batch as its async sees it: idle, waiting in line, or aloft on the
 * connection. A batch that was told its end early (its time was over, while others in front
 * of it still run) stays aloft until its answers have come.
 */
#ifndef SC_ASYNC_PRIVATE_H
#define SC_ASYNC_PRIVATE_H
#include "runtime/sc_async.h"
#include "runtime/net/abort.h"
#include "line.h"
#include "runtime/trip/trip.h"

enum sc__flying { SC__IDLE, SC__WAITING, SC__ALOFT };

struct sc__aloft {
    struct sc_async *async; /* NULL: it was closed */
    struct sc_batch *batch;
    struct sc__aloft *before, *after; /* among all of the async */
    struct sc__aloft *next;           /* in line */
    enum sc__flying flying;
    struct sc__trip trip;
    struct sc_error failure; /* the trip's */
    int64_t until;           /* INT64_MAX: none */
    sc_done_fn *done;
    void *arg;
    bool owing;     /* done has not come */
    bool closed;    /* the batch was, while it was aloft: it goes with the answers */
    bool late;      /* its time is over */
    bool cancelled; /* sc_async_cancel */
    bool sent;      /* whole */
    bool begun;     /* its start hooks were called */
    bool again;     /* it lost its connection once, or was struck by another's cancel */
    bool struck;    /* a cancel was under way while it was aloft */
};

struct sc__queue {
    struct sc__aloft *first, *last;
    size_t count;
};

struct sc_async {
    struct sc__line line;
    size_t window;
    struct sc__aloft *all;
    struct sc__queue waiting;
    struct sc__queue aloft; /* all but the last are sent whole */
    size_t owed;            /* dones */
    int64_t due;            /* no flight's time is over before */
    int64_t look; /* when libpq is to read in any case; see sc__io_reads_ahead */
    bool hurry;   /* a step has something to do at once */
    bool unflushed;
    bool inside;               /* a step */
    bool closed;               /* there */
    bool leaving;              /* the server is not the one that is wanted */
    unsigned nameless;         /* flights with plans that live until none is aloft */
    struct sc__abort *abort;   /* under way, for the first one aloft */
    struct sc__aloft *aborted; /* NULL: that one has landed */
    int64_t abort_next;        /* when the next one, or the next look, is due */
    int64_t abort_since;       /* the first one for it */
};

/* ---- async.c: queues and dones --------------------------------------------------------- */

void sc__queue_add(struct sc__queue *queue, struct sc__aloft *flight);
void sc__queue_put_first(struct sc__queue *queue, struct sc__aloft *flight);
void sc__queue_remove(struct sc__queue *queue, struct sc__aloft *flight);
/* Calls the done of a batch that has landed, unless it came before; the flight, and the
 * async's state, may be another afterwards. */
void sc__async_tell(struct sc__aloft *flight);
/* Has it fail before it was sent, and tells. */
void sc__async_refuse(struct sc__aloft *flight, const struct sc_error *why);
/* The same of all that waits now, because there is no connection; not of what a done
 * submits. */
void sc__async_refuse_waiting(struct sc_async *async);

/* ---- async_fly.c -------------------------------------------------------------------------- */

/* Takes, starts and sends as far as it goes. */
void sc__async_pump(struct sc_async *async);
/* The connection is lost, or is not wanted any more: settles all that is aloft. */
void sc__async_lose(struct sc_async *async, const char *why);
/* Lands a flight with this failure, whatever may come yet: nobody waits for it. */
void sc__async_land_early(struct sc__aloft *flight, enum sc_status status);

/* ---- async_time.c ------------------------------------------------------------------------- */

/* Ends what waits and is late or cancelled: before anything is sent. */
void sc__async_tick_waiting(struct sc_async *async);
/* Ends whatever else is, and goes on with a cancellation. */
void sc__async_tick(struct sc_async *async);
/* When that has to be called next. */
int64_t sc__async_due(const struct sc_async *async);
/* A flight has landed, or all have. */
void sc__async_landed(struct sc_async *async, const struct sc__aloft *flight);

#endif
