/* async.c: the face of a connection for event loops: batches in and dones out. It must not
 * wait, and calls dones inside a step or a close only. */
#include "runtime/sc_internal.h"
#include "async.h"
#include <stdlib.h>

/* ---- queues -------------------------------------------------------------------------------- */

void sc__queue_add(struct sc__queue *queue, struct sc__aloft *flight)
{
    flight->next = NULL;
    if (queue->last)
        queue->last->next = flight;
    else
        queue->first = flight;
    queue->last = flight;
    queue->count++;
}

void sc__queue_put_first(struct sc__queue *queue, struct sc__aloft *flight)
{
    flight->next = queue->first;
    queue->first = flight;
    if (!queue->last)
        queue->last = flight;
    queue->count++;
}

void sc__queue_remove(struct sc__queue *queue, struct sc__aloft *flight)
{
    struct sc__aloft *before = NULL, *at = queue->first;
    for (; at != flight; at = at->next)
        before = at;
    if (before)
        before->next = flight->next;
    else
        queue->first = flight->next;
    if (queue->last == flight)
        queue->last = before;
    flight->next = NULL;
    queue->count--;
}

/* ---- opening --------------------------------------------------------------------------------- */

enum sc_status sc_async_open(const char *url, const struct sc_async_options *options,
                             struct sc_async **async, struct sc_error *err)
{
    static const struct sc_async_options defaults = { .window = 0 };
    *async = NULL;
    if (!options)
        options = &defaults;
    if (options->window < 0 || options->connect_timeout_ms < 0)
        return sc__fail(err, NULL, SC_MISUSE, "an option is negative");
    struct sc_async *made = calloc(1, sizeof(*made));
    if (!made)
        return sc__fail_memory(err, NULL);
    const struct sc__line_options line = { .url = url,
                                           .timeout_ms = options->connect_timeout_ms,
                                           .stay_down = options->stay_down };
    enum sc_status status = sc__line_open(&made->line, &line, err);
    if (status != SC_OK) {
        free(made);
        return status;
    }
    made->line.conn->origin.options = options->conn;
    made->window = options->window ? (size_t)options->window : 256;
    made->due = INT64_MAX;
    *async = made;
    return SC_OK;
}

void sc_async_set_hooks(struct sc_async *async, const struct sc_hooks *hooks)
{
    sc__hooks_set(&async->line.hooks, hooks);
}

enum sc_status sc_async_batch(struct sc_async *async, struct sc_batch **batch,
                              struct sc_error *err)
{
    *batch = NULL;
    if (!async || async->closed)
        return sc__fail(err, NULL, SC_MISUSE, "there is no connection to batch for");
    struct sc__aloft *flight = calloc(1, sizeof(*flight));
    struct sc_batch *made = flight ? sc__batch_new(NULL) : NULL;
    if (!made) {
        free(flight);
        return sc__fail_memory(err, NULL);
    }
    made->owner = flight;
    flight->async = async;
    flight->batch = made;
    flight->after = async->all;
    if (async->all)
        async->all->before = flight;
    async->all = flight;
    *batch = made;
    return SC_OK;
}

/* ---- batches that go ---------------------------------------------------------------------------- */

bool sc__async_holds(const struct sc_batch *batch)
{
    const struct sc__aloft *flight = batch->owner;
    return flight->flying != SC__IDLE;
}

static void unlink_flight(struct sc__aloft *flight)
{
    if (flight->before)
        flight->before->after = flight->after;
    else if (flight->async)
        flight->async->all = flight->after;
    if (flight->after)
        flight->after->before = flight->before;
}

static void owe_no_more(struct sc__aloft *flight)
{
    if (flight->owing)
        flight->async->owed--;
    flight->owing = false;
}

bool sc__async_part(struct sc_batch *batch)
{
    struct sc__aloft *flight = batch->owner;
    owe_no_more(flight);
    if (flight->flying == SC__ALOFT) {
        flight->closed = true;
        return false;
    }
    if (flight->flying == SC__WAITING)
        sc__queue_remove(&flight->async->waiting, flight);
    unlink_flight(flight);
    free(flight);
    batch->owner = NULL;
    return true;
}

/* ---- dones --------------------------------------------------------------------------------------- */

void sc__async_tell(struct sc__aloft *flight)
{
    struct sc_batch *batch = flight->batch;
    if (flight->closed && flight->flying == SC__IDLE) {
        sc_batch_close(batch);
        return;
    }
    if (!flight->owing)
        return;
    struct sc_error err;
    owe_no_more(flight);
    enum sc_status status = sc__batch_verdict(batch, &err);
    if (flight->done)
        flight->done(batch, status, status == SC_OK ? NULL : &err, flight->arg);
}

void sc__async_refuse(struct sc__aloft *flight, const struct sc_error *why)
{
    const struct sc__landing landing = { .status = why->status };
    flight->flying = SC__IDLE;
    if (flight->begun) { /* hooks heard of it, or some calls were made */
        (void)sc__trip_fail_rest(&flight->trip, why->status);
        sc__batch_land(flight->batch, &landing, why, &flight->async->line.hooks);
    } else {
        sc__batch_refuse(flight->batch, why);
    }
    sc__async_tell(flight);
}

/* ---- submitting ------------------------------------------------------------------------------------ */

static const char *unfit(const struct sc_batch *batch)
{
    const struct sc__aloft *flight = batch ? batch->owner : NULL;
    if (!flight)
        return "the batch is no event loop's";
    if (!flight->async || flight->async->closed)
        return "the event loop's connection was closed";
    if (flight->flying != SC__IDLE || batch->ran)
        return "the batch was submitted already";
    if (flight->async->line.conn->forks != sc__forks)
        return "the connection is the parent process's";
    return NULL;
}

static void set_time(struct sc__aloft *flight, int timeout_ms)
{
    flight->until = INT64_MAX;
    if (timeout_ms > 0)
        flight->until = sc__clock() + timeout_ms * (int64_t)1000000;
    if (flight->until < flight->async->due)
        flight->async->due = flight->until;
}

enum sc_status sc_async_submit(struct sc_batch *batch, int timeout_ms, sc_done_fn *done,
                               void *arg, struct sc_error *err)
{
    const char *why = unfit(batch);
    if (why)
        return sc__fail(err, NULL, SC_MISUSE, "%s", why);
    struct sc__aloft *flight = batch->owner;
    struct sc_async *async = flight->async;
    if (async->line.state == SC__LINE_DOWN) {
        if (err)
            *err = async->line.error;
        return async->line.error.status;
    }
    if (!sc__batch_depart(batch) && sc__batch_verdict(batch, NULL) != SC_OK)
        return sc__batch_verdict(batch, err);
    flight->done = done;
    flight->arg = arg;
    flight->owing = true;
    flight->late = flight->cancelled = flight->sent = flight->begun = false;
    flight->again = flight->struck = false;
    flight->trip = (struct sc__trip){ .count = 0 };
    set_time(flight, timeout_ms);
    flight->flying = SC__WAITING;
    sc__queue_add(&async->waiting, flight);
    async->owed++;
    async->hurry = true;
    return SC_OK;
}

void sc_async_cancel(struct sc_batch *batch)
{
    struct sc__aloft *flight = batch ? batch->owner : NULL;
    if (!flight || flight->flying == SC__IDLE || !flight->async)
        return;
    flight->cancelled = flight->async->hurry = true;
    flight->async->due = 0;
}

size_t sc_async_pending(const struct sc_async *async)
{
    return async->owed;
}

bool sc_async_connected(const struct sc_async *async)
{
    return async->line.state == SC__LINE_UP;
}

/* ---- the loop's side --------------------------------------------------------------------------------- */

int sc_async_fd(const struct sc_async *async)
{
    return sc__line_fd(&async->line);
}

int sc_async_events(const struct sc_async *async)
{
    if (async->line.state != SC__LINE_UP)
        return sc__line_events(&async->line);
    return async->unflushed ? SC_READ | SC_WRITE : SC_READ;
}

int64_t sc_async_deadline(const struct sc_async *async)
{
    if (async->hurry && async->line.state == SC__LINE_UP)
        return 0;
    int64_t due = sc__async_due(async), line = sc__line_deadline(&async->line);
    if (async->line.state == SC__LINE_UP && async->aloft.first && async->look < due)
        due = async->look;
    return due < line ? due : line;
}

void sc__async_refuse_waiting(struct sc_async *async)
{
    const struct sc_error why = async->line.error;
    for (size_t n = async->waiting.count; n && async->waiting.first; n--) {
        struct sc__aloft *flight = async->waiting.first;
        sc__queue_remove(&async->waiting, flight);
        sc__async_refuse(flight, &why);
    }
}

static void step_up(struct sc_async *async, int events)
{
    struct sc__conn *conn = async->line.conn;
    bool ahead = sc__io_reads_ahead(conn);
    bool read = (!(events & SC_READ) && !ahead) || PQconsumeInput(conn->pg);
    async->look = ahead ? sc__clock() + SC__IO_AHEAD_MS * (int64_t)1000000 : INT64_MAX;
    sc__async_pump(async);
    if (async->line.state != SC__LINE_UP || (read && sc__conn_alive(conn)))
        return;
    char why[256];
    const char *said = PQerrorMessage(conn->pg);
    sc__error_text(why, sizeof(why), *said ? said : "the connection was lost");
    sc__async_lose(async, why);
}

static void step_down(struct sc_async *async)
{
    switch (sc__line_step(&async->line)) {
    case SC__LINE_NO_NEWS:
        break;
    case SC__LINE_CAME_UP:
        if (PQenterPipelineMode(async->line.conn->pg))
            step_up(async, 0);
        else
            sc__async_lose(async, "out of memory");
        break;
    case SC__LINE_REFUSED:
        sc__async_refuse_waiting(async);
        break;
    }
}

/* Whoever still waits for a done gets it; then all of it goes. */
static void release(struct sc_async *async)
{
    struct sc_error why;
    sc__fail(&why, NULL, SC_CANCELLED, "the event loop's connection was closed");
    async->inside = true; /* for what dones do */
    while (async->aloft.first) {
        struct sc__aloft *flight = async->aloft.first;
        sc__queue_remove(&async->aloft, flight);
        sc__async_land_early(flight, SC_CANCELLED);
        flight->flying = SC__IDLE;
        sc__async_tell(flight);
    }
    while (async->waiting.first) {
        struct sc__aloft *flight = async->waiting.first;
        sc__queue_remove(&async->waiting, flight);
        sc__async_refuse(flight, &why);
    }
    for (struct sc__aloft *flight = async->all; flight; flight = flight->after)
        flight->async = NULL; /* the batch is still its owner's */
    sc__abort_free(async->abort);
    sc__line_close(&async->line);
    free(async);
}

void sc_async_step(struct sc_async *async, int events)
{
    if (async->inside || async->line.conn->forks != sc__forks)
        return; /* from a done; in a child */
    async->inside = true;
    async->hurry = false;
    sc__async_tick_waiting(async);
    if (!async->closed && async->line.state == SC__LINE_UP)
        step_up(async, events);
    else if (!async->closed)
        step_down(async);
    if (!async->closed)
        sc__async_tick(async);
    async->inside = false;
    if (async->closed)
        release(async);
}

void sc_async_close(struct sc_async *async)
{
    if (!async || async->closed)
        return;
    async->closed = true;
    if (!async->inside)
        release(async);
}
