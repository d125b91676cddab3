/* async_fly.c: batches on their way: sent one after the other without waiting for answers,
 * taken in the same order. It must not wait. */
#include "runtime/sc_internal.h"
#include "async.h"
#include <string.h>

/* ---- landing ------------------------------------------------------------------------------ */

static bool is_broken_off(const struct sc_error *err)
{
    return strcmp(err->sqlstate, "57014") == 0;
}

static void call_it(struct sc_error *err, enum sc_status status, const char *words)
{
    struct sc_error before = *err;
    sc__fail(err, before.query, status, "%s", words);
    memcpy(err->sqlstate, before.sqlstate, sizeof(err->sqlstate));
}

/* What the server broke off: by our cancel, for this reason or that. */
static enum sc_status name_broken_off(const struct sc__aloft *flight,
                                      struct sc_error *err)
{
    if (flight->late)
        call_it(err, SC_TIMEOUT, "the batch's time was over: it was cancelled");
    else if (flight->cancelled)
        call_it(err, SC_CANCELLED, "the batch was cancelled");
    return err->status;
}

static bool is_struck(const struct sc__aloft *flight)
{
    return flight->struck && !flight->late && !flight->cancelled && !flight->again;
}

/* A call of an independent batch that another's cancel has struck is made once more; what
 * our own has is called by its reason. True: some are to be sent again. */
static bool mend_apart(struct sc__aloft *flight)
{
    struct sc__trip *trip = &flight->trip;
    bool struck = false;
    size_t begin = 0;
    for (size_t i = 0; i < trip->count; i++) {
        struct sc__ask *ask = trip->asks[i];
        bool hit = ask->error && is_broken_off(ask->error);
        if (i > 0 && (trip->asks[i - 1]->fate & SC__FATE_ENDS))
            begin = i;
        if (hit && !is_struck(flight))
            ask->status = (uint8_t)name_broken_off(flight, ask->error);
        if (!hit || !is_struck(flight))
            continue;
        struck = true;
        for (size_t c = begin; c < trip->count; c++) {
            sc__ask_clear(trip->asks[c]);
            trip->asks[c]->fate &= SC__FATE_ENDS;
            trip->asks[c]->status = SC_OK;
            trip->asks[c]->error = NULL;
            if (trip->asks[c]->fate & SC__FATE_ENDS)
                break;
        }
    }
    return struck;
}

/* What has come since its owner was told its end; calls that had gone well are theirs. */
static void drop_late(struct sc_batch *batch)
{
    for (size_t i = 0; i < batch->nitems; i++)
        if (batch->items[i]->status != SC_OK)
            sc__job_clear(&batch->items[i]->job);
}

static void land(struct sc__aloft *flight, enum sc_status status)
{
    struct sc_async *async = flight->async;
    struct sc__landing landing = sc__trip_landing(&flight->trip, status);
    if (flight->owing)
        sc__batch_land(flight->batch, &landing, &flight->failure, &async->line.hooks);
    else
        drop_late(flight->batch);
    flight->flying = SC__IDLE;
    sc__async_tell(flight);
}

/* Goes to the end of the line of what is aloft, for another attempt. */
static void go_again(struct sc__aloft *flight)
{
    flight->flying = SC__WAITING;
    flight->sent = false;
    sc__queue_put_first(&flight->async->waiting, flight);
}

/* The first one aloft has all its answers. */
static void arrive(struct sc__aloft *flight)
{
    struct sc_async *async = flight->async;
    bool again = false;
    enum sc_status status = sc__trip_end(&flight->trip, &again);
    bool wanted = flight->owing && !flight->late && !flight->cancelled;
    sc__queue_remove(&async->aloft, flight);
    sc__async_landed(async, flight);
    if (flight->batch->apart) {
        bool struck = mend_apart(flight);
        flight->again |= struck;
        again |= struck;
    } else if (status != SC_OK && is_broken_off(&flight->failure)) {
        again = is_struck(flight);
        flight->again |= again;
        status = name_broken_off(flight, &flight->failure);
    }
    if (status != SC_OK && sc__has_moved(async->line.conn, &flight->failure)) {
        async->leaving = true;
        call_it(&flight->failure, status = SC_CONNECTION,
                "the server takes no writes any more");
    }
    if (again && wanted)
        go_again(flight);
    else
        land(flight, status);
}

void sc__async_land_early(struct sc__aloft *flight, enum sc_status status)
{
    struct sc_async *async = flight->async;
    const struct sc__landing landing = { .status = status,
                                         .nobody = true,
                                         .unknown = true };
    struct sc_error why;
    sc__fail(&why, NULL, status, "%s",
             status == SC_TIMEOUT ? "the batch's time was over while it was in flight"
                                  : "the batch was given up while it was in flight");
    if (async->closed) { /* nothing more comes */
        bool again;
        sc__trip_lose(&flight->trip);
        (void)sc__trip_end(&flight->trip, &again);
    }
    if (!flight->owing) {
        drop_late(flight->batch);
        return;
    }
    for (size_t i = 0; flight->batch->apart && i < flight->batch->nasks; i++)
        if (!(flight->batch->asks[i]->fate & SC__FATE_OVER))
            flight->batch->asks[i]->status = (uint8_t)status;
    sc__batch_land(flight->batch, &landing, &why, &async->line.hooks);
}

/* ---- losing ------------------------------------------------------------------------------------ */

static bool only_reads(const struct sc_batch *batch)
{
    for (size_t i = 0; i < batch->nasks; i++)
        if (batch->asks[i]->flags & SC__WRITE)
            return false;
    return !batch->in_tx;
}

/* Whether it can travel once more: without its Sync the server keeps nothing of it. */
static bool may_go_again(const struct sc__aloft *flight)
{
    const struct sc__trip *trip = &flight->trip;
    if (!flight->owing || flight->late || flight->cancelled || flight->batch->apart)
        return false;
    bool whole = trip->out.leg > SC__LEG_SYNC || trip->committing ||
                 (trip->out.leg == SC__LEG_SYNC && trip->out.at);
    return !whole || (only_reads(flight->batch) && !flight->again);
}

/* Plans without a name may go before it travels. */
static void let_go_of_nameless(struct sc_batch *batch)
{
    for (size_t i = 0; i < batch->nasks; i++)
        if (batch->asks[i]->plan && batch->asks[i]->plan->nameless)
            batch->asks[i]->plan = NULL;
}

/* One that was aloft when the connection was lost. True: it travels once more. */
static bool fall(struct sc__aloft *flight, const char *why)
{
    bool again, goes = may_go_again(flight);
    sc__trip_lose(&flight->trip);
    enum sc_status status = sc__trip_end(&flight->trip, &again);
    if (goes) {
        flight->again = true;
        flight->trip = (struct sc__trip){ .count = 0 };
        let_go_of_nameless(flight->batch);
        return true;
    }
    if (status == SC_CONNECTION && flight->late)
        call_it(&flight->failure, status = SC_TIMEOUT,
                "the batch's time was over, and the server did not answer");
    else if (status == SC_CONNECTION)
        call_it(&flight->failure, status, why);
    land(flight, status);
    return false;
}

/* Back to the head of the line, in their order. */
static void wait_again(struct sc_async *async, struct sc__queue *fallen)
{
    for (struct sc__aloft *at = fallen->first; at; at = at->next) {
        at->flying = SC__WAITING;
        at->sent = false;
    }
    if (!fallen->first)
        return;
    /* Those that go again stay first: the plans without names are theirs. */
    struct sc__aloft *behind = NULL, *next = async->waiting.first;
    for (; next && next->trip.attempts; next = next->next)
        behind = next;
    fallen->last->next = next;
    if (!next)
        async->waiting.last = fallen->last;
    if (behind)
        behind->next = fallen->first;
    else
        async->waiting.first = fallen->first;
    async->waiting.count += fallen->count;
}

void sc__async_lose(struct sc_async *async, const char *why)
{
    struct sc__queue going = { .first = NULL };
    async->unflushed = async->leaving = false;
    async->nameless = 0;
    async->line.conn->secret = false;
    sc__abort_free(async->abort); /* it knows the old session only */
    async->abort = NULL;
    sc__async_landed(async, NULL);
    while (async->aloft.first) {
        struct sc__aloft *flight = async->aloft.first;
        sc__queue_remove(&async->aloft, flight);
        if (fall(flight, why))
            sc__queue_add(&going, flight);
    }
    wait_again(async, &going);
    sc__line_lose(&async->line, why);
    if (async->line.state == SC__LINE_DOWN)
        sc__async_refuse_waiting(async);
}

/* ---- departing ----------------------------------------------------------------------------------- */

enum { MOST_NAMELESS = 256 }; /* flights, before their plans are freed */

static bool has_nameless(const struct sc__trip *trip)
{
    for (size_t i = 0; i < trip->count; i++)
        if (trip->asks[i]->plan->nameless)
            return true;
    return false;
}

static void prepare_trip(struct sc__aloft *flight)
{
    struct sc_batch *batch = flight->batch;
    flight->trip = (struct sc__trip){ .conn = flight->async->line.conn,
                                      .asks = batch->asks,
                                      .count = batch->nasks,
                                      .begin = batch->in_tx ? &batch->texts : NULL,
                                      .apart = batch->apart,
                                      .memory = &batch->memory,
                                      .err = &flight->failure };
}

/* The first that waits becomes the last aloft. */
static void depart(struct sc_async *async)
{
    struct sc__aloft *flight = async->waiting.first;
    struct sc__conn *conn = async->line.conn;
    sc__queue_remove(&async->waiting, flight);
    if (!async->aloft.count && !flight->trip.attempts) { /* else its plans are there */
        sc__plans_drop_unnamed(&conn->plans);
        conn->secret = false;
        async->nameless = 0;
    }
    if (!flight->batch->nasks) { /* no calls, or calls that need no statement */
        land(flight, SC_OK);
        return;
    }
    if (!flight->trip.attempts) /* else the trip knows what to mend */
        prepare_trip(flight);
    flight->flying = SC__ALOFT;
    if (sc__trip_start(&flight->trip) != SC_OK) {
        land(flight, flight->failure.status);
        return;
    }
    if (!flight->begun)
        sc__batch_started(flight->batch, &async->line.hooks);
    flight->begun = true;
    async->nameless += has_nameless(&flight->trip);
    conn->secret |= sc__batch_secret(flight->batch);
    sc__queue_add(&async->aloft, flight);
}

/* Nothing is sent while a cancel is under way: it would strike what comes next. */
static bool may_depart(const struct sc_async *async)
{
    const struct sc__aloft *last = async->aloft.last;
    return async->waiting.first && !async->abort && !async->leaving &&
           async->aloft.count < async->window && (!last || last->sent) &&
           (async->nameless < MOST_NAMELESS || !last);
}

/* ---- the pump ------------------------------------------------------------------------------------ */

/* Each gives whether anything has changed by it. */

static bool send_some(struct sc_async *async)
{
    struct sc__aloft *last = async->aloft.last;
    if (last && !last->sent) {
        const struct sc__trip_place before = last->trip.out;
        last->sent = sc__trip_send(&last->trip) == SC__SEND_DONE;
        return last->sent || last->trip.out.leg != before.leg ||
               last->trip.out.at != before.at;
    }
    if (!may_depart(async))
        return false;
    depart(async);
    return true;
}

static bool take_some(struct sc_async *async)
{
    struct sc__aloft *first = async->aloft.first;
    if (!first || sc__trip_take(&first->trip) != SC__TAKE_DONE || first->trip.lost)
        return false; /* one that is lost has broken the connection */
    arrive(first);
    return true;
}

/* libpq that ran out of memory over an answer waits for it for ever. */
static bool is_stuck(const struct sc_async *async)
{
    const struct sc__aloft *first = async->aloft.first;
    return first && !sc__trip_spoken(&first->trip) &&
           *PQerrorMessage(async->line.conn->pg) &&
           PQstatus(async->line.conn->pg) == CONNECTION_OK;
}

static void take_and_send(struct sc_async *async)
{
    bool more = true;
    while (more && !async->closed && !async->line.conn->broken) {
        more = take_some(async);
        if (!async->closed && !async->line.conn->broken)
            more |= send_some(async);
    }
}

/* A trip stops when the socket is full; it may be empty again, and nobody would say so. */
static void flush(struct sc_async *async)
{
    struct sc__conn *conn = async->line.conn;
    int left = 0;
    do {
        left = conn->broken ? -1 : PQflush(conn->pg);
    } while (left == 0 && !async->closed && send_some(async));
    async->unflushed = left > 0;
    if (left < 0 || is_stuck(async))
        conn->broken = true; /* its user loses it */
}

void sc__async_pump(struct sc_async *async)
{
    take_and_send(async);
    if (async->closed)
        return;
    if (async->leaving && !async->aloft.count)
        sc__async_lose(async, "the server takes no writes any more");
    else
        flush(async);
}
