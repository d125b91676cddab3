/* async_time.c: batches whose time is over, and cancellations. It must not wait. */
#include "runtime/sc_internal.h"
#include "async.h"

enum {
    MS = 1000000,
    LOOK = 5,       /* milliseconds until a cancellation is looked after again */
    REPEAT = 100,   /* ... until another one is sent, where one had no effect */
    PATIENCE = 5000 /* ... until the connection is given up */
};

/* ---- cancelling the one that runs ------------------------------------------------------------- */

void sc__async_landed(struct sc_async *async, const struct sc__aloft *flight)
{
    if (!flight || async->aborted == flight) {
        async->aborted = NULL;
        async->abort_since = 0;
    }
}

static void strike(struct sc_async *async)
{
    for (struct sc__aloft *at = async->aloft.first; at; at = at->next)
        at->struck = true;
}

static void begin_abort(struct sc_async *async, struct sc__aloft *flight, int64_t now)
{
    async->abort = sc__abort_new(async->line.conn->pg);
    async->aborted = flight;
    if (!async->abort_since)
        async->abort_since = now;
    async->abort_next = now + (int64_t)(async->abort ? LOOK : REPEAT) * MS;
    strike(async);
}

/* One under way: nothing else is sent until it is known to have arrived. */
static void look_after(struct sc_async *async, int64_t now)
{
    if (!sc__abort_done(async->abort)) {
        async->abort_next = now + (int64_t)LOOK * MS;
        return;
    }
    sc__abort_free(async->abort);
    async->abort = NULL;
    async->abort_next = now + (int64_t)REPEAT * MS;
    strike(async);
    async->hurry = true; /* what waited may go */
}

/* The first aloft runs, and nobody wants it any more. */
static void break_off(struct sc_async *async, int64_t now)
{
    struct sc__aloft *first = async->aloft.first;
    bool unwanted = first && (first->late || first->cancelled);
    if (async->abort) {
        if (now >= async->abort_next)
            look_after(async, now);
        if (!unwanted || !async->abort_since ||
            now - async->abort_since < (int64_t)PATIENCE * MS)
            return;
    }
    if (!unwanted)
        return;
    if (async->abort_since && now - async->abort_since >= (int64_t)PATIENCE * MS)
        sc__async_lose(async, "the server did not answer a cancellation");
    else if (async->aborted != first || now >= async->abort_next)
        begin_abort(async, first, now);
}

/* ---- what is over ---------------------------------------------------------------------------------- */

static bool is_over(struct sc__aloft *flight, int64_t now)
{
    flight->late |= flight->until <= now && !flight->cancelled;
    return flight->late || flight->cancelled;
}

static void refuse(struct sc__aloft *flight)
{
    struct sc_error why;
    const struct sc_error *line = &flight->async->line.error;
    bool up = flight->async->line.state == SC__LINE_UP || line->status == SC_OK;
    if (flight->cancelled)
        sc__fail(&why, NULL, SC_CANCELLED,
                 "the batch was cancelled before it was sent");
    else
        sc__fail(&why, NULL, SC_TIMEOUT,
                 "the batch's time was over before it was sent%s%s", up ? "" : ": ",
                 up ? "" : line->message);
    sc__queue_remove(&flight->async->waiting, flight);
    sc__async_refuse(flight, &why);
}

/* A done may change the line: it is looked through from its start. */
static bool refuse_one(struct sc_async *async, int64_t now)
{
    for (struct sc__aloft *at = async->waiting.first; at; at = at->next)
        if (is_over(at, now)) {
            refuse(at);
            return !async->closed;
        }
    return false;
}

void sc__async_tick_waiting(struct sc_async *async)
{
    int64_t now = async->due == INT64_MAX ? 0 : sc__clock();
    while (async->due <= now && refuse_one(async, now))
        continue;
}

/* Those behind the first: what they come to is not waited for. */
static bool give_up_one(struct sc_async *async, int64_t now)
{
    struct sc__aloft *first = async->aloft.first;
    if (first)
        (void)is_over(first, now);
    for (struct sc__aloft *at = first ? first->next : NULL; at; at = at->next)
        if (at->owing && is_over(at, now)) {
            sc__async_land_early(at, at->late ? SC_TIMEOUT : SC_CANCELLED);
            sc__async_tell(at);
            return !async->closed;
        }
    return false;
}

static void find_due(struct sc_async *async)
{
    async->due = INT64_MAX;
    const struct sc__queue *queues[] = { &async->waiting, &async->aloft };
    for (int i = 0; i < 2; i++)
        for (struct sc__aloft *at = queues[i]->first; at; at = at->next)
            if (at->owing && !at->late && at->until < async->due)
                async->due = at->until;
}

void sc__async_tick(struct sc_async *async)
{
    bool waits = async->due != INT64_MAX || async->abort || async->abort_since;
    const struct sc__aloft *first = async->aloft.first;
    if (!waits && (!first || first->owing))
        return;
    int64_t now = sc__clock();
    if (async->due <= now) {
        sc__async_tick_waiting(async);
        while (!async->closed && give_up_one(async, now))
            continue;
        if (async->closed)
            return;
        find_due(async);
    }
    break_off(async, now);
}

int64_t sc__async_due(const struct sc_async *async)
{
    const struct sc__aloft *first = async->aloft.first;
    bool unwanted = first && (first->late || first->cancelled);
    bool looks = async->abort || (unwanted && async->aborted == first);
    if (unwanted && !looks)
        return 0;
    return looks && async->abort_next < async->due ? async->abort_next : async->due;
}
