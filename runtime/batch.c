/* batch.c: calls that travel together. It must not run one of them alone. */
#include "sc_internal.h"
#include <stdlib.h>
#include <string.h>

struct item {
    struct sc__job job;
    enum sc_status status;
    bool taken;
};

struct sc_batch {
    struct sc_db *db;
    struct sc_db queue;
    struct sc__scratch memory; /* of the items and everything in them */
    struct item **items;
    size_t nitems;
    size_t room;
    bool ran;
    struct sc_error
        first; /* the first failure; its status is SC_OK while there is none */
};

enum sc_status sc_batch_open(struct sc_db *db, struct sc_batch **batch,
                             struct sc_error *err)
{
    *batch = NULL;
    if (!db || db->kind == SC__DB_QUEUE)
        return sc__fail(err, NULL, SC_MISUSE, "no batch can be opened here");
    if (db->over)
        return sc__fail(err, NULL, SC_MISUSE, "the transaction has ended");
    struct sc_batch *made = calloc(1, sizeof(*made));
    if (!made)
        return sc__fail_memory(err, NULL);
    made->db = db;
    made->queue.kind = SC__DB_QUEUE;
    made->queue.batch = made;
    sc__scratch_init(&made->memory, NULL, 0);
    *batch = made;
    return SC_OK;
}

struct sc_db *sc_queue(struct sc_batch *batch)
{
    return batch ? &batch->queue : NULL;
}

void sc_batch_close(struct sc_batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; i < batch->nitems; i++)
        sc__job_clear(&batch->items[i]->job);
    sc__scratch_release(&batch->memory);
    free(batch->items);
    free(batch);
}

/* ---- filling ------------------------------------------------------------------------- */

static bool grow(struct sc_batch *batch)
{
    if (batch->nitems < batch->room)
        return true;
    size_t room = batch->room ? batch->room * 2 : 16;
    struct item **items = realloc(batch->items, room * sizeof(struct item *));
    if (!items)
        return false;
    batch->items = items;
    batch->room = room;
    return true;
}

static void note_first(struct sc_batch *batch, size_t item, const struct sc_error *err)
{
    if (batch->first.status != SC_OK)
        return;
    batch->first = *err;
    batch->first.item = (int)item;
}

enum sc_status sc__batch_add(struct sc_batch *batch, const char *label,
                             struct sc__job **job, struct sc_error *err)
{
    *job = NULL;
    if (batch->ran)
        return sc__fail(err, label, SC_MISUSE, "the batch has run");
    struct item *item = NULL;
    if (grow(batch))
        item = sc__scratch_alloc(&batch->memory, sizeof(*item));
    if (!item) { /* a batch that lacks a call must not run */
        struct sc_error failure;
        sc__fail_memory(&failure, label);
        note_first(batch, batch->nitems, &failure);
        return sc__fail_memory(err, label);
    }
    memset(item, 0, sizeof(*item));
    item->job.scratch = &batch->memory;
    item->job.label = label;
    item->status = SC_QUEUED;
    batch->items[batch->nitems++] = item;
    *job = &item->job;
    return SC_OK;
}

static bool own_wires(struct sc__job *job)
{
    for (size_t i = 0; i < job->nasks; i++)
        for (uint16_t p = 0; p < job->asks[i].nparams; p++)
            if (!sc__wire_own(&job->asks[i].wires[p], job->scratch))
                return false;
    return true;
}

enum sc_status sc__batch_keep(struct sc_batch *batch, enum sc_status st,
                              struct sc_error *err)
{
    size_t last = batch->nitems - 1;
    struct item *item = batch->items[last];
    struct sc_error failure;
    if (st == SC_OK && !own_wires(&item->job))
        st = sc__fail_memory(err, item->job.label);
    if (st == SC_OK)
        return SC_QUEUED;
    item->status = st;
    item->job.nasks = 0;
    if (err)
        failure = *err;
    else
        sc__fail(&failure, item->job.label, st, "the call could not be queued");
    note_first(batch, last, &failure);
    return st;
}

/* ---- running --------------------------------------------------------------------------- */

struct collected {
    struct sc_batch *batch;
    const struct sc__hooks *hooks;
};

static void depart(void *arg)
{
    const struct collected *collected = arg;
    for (size_t i = 0; i < collected->batch->nitems; i++)
        sc__job_started(&collected->batch->items[i]->job, collected->hooks);
}

static struct sc__ask **collect(struct sc_batch *batch, size_t *count)
{
    size_t total = 0, n = 0;
    for (size_t i = 0; i < batch->nitems; i++)
        total += batch->items[i]->job.nasks;
    struct sc__ask **asks = sc__scratch_alloc(&batch->memory,
                                              (total + 1) * sizeof(*asks));
    if (!asks)
        return NULL;
    for (size_t i = 0; i < batch->nitems; i++)
        for (size_t a = 0; a < batch->items[i]->job.nasks; a++)
            asks[n++] = &batch->items[i]->job.asks[a];
    *count = total;
    return asks;
}

static size_t item_of(const struct sc_batch *batch, const struct sc__ask *ask)
{
    for (size_t i = 0; i < batch->nitems; i++) {
        const struct sc__job *job = &batch->items[i]->job;
        if (ask >= job->asks && ask < job->asks + job->nasks)
            return i;
    }
    return 0;
}

/* Nothing was kept: all are SC_NOT_RUN but the one that failed. */
static void fail_all(struct sc_batch *batch, size_t failed, enum sc_status status)
{
    for (size_t i = 0; i < batch->nitems; i++) {
        batch->items[i]->status = i == failed ? status : SC_NOT_RUN;
        sc__job_clear(&batch->items[i]->job);
    }
}

/* All was kept: what each call makes of its own results. */
static void deliver_all(struct sc_batch *batch)
{
    for (size_t i = 0; i < batch->nitems; i++) {
        struct item *item = batch->items[i];
        struct sc_error failure;
        item->status = sc__job_answer(&item->job, &failure);
        if (item->status == SC_OK && !sc__job_waits(&item->job))
            item->status = sc__job_deliver(&item->job, &failure);
        if (item->status != SC_OK)
            note_first(batch, i, &failure);
        if (item->status != SC_OK || !sc__job_waits(&item->job))
            sc__job_clear(&item->job);
    }
}

static enum sc_status fly(struct sc_batch *batch, struct sc__conn *conn)
{
    struct collected collected = { batch, conn->hooks };
    struct sc__flight flight = { .conn = conn };
    struct sc_error failure;
    flight.asks = collect(batch, &flight.count);
    if (!flight.asks) {
        fail_all(batch, 0, sc__fail_memory(&failure, NULL));
        note_first(batch, 0, &failure);
        return SC_NO_MEMORY;
    }
    if (sc__hooks_wanted(conn->hooks)) {
        flight.depart = depart;
        flight.depart_arg = &collected;
    }
    if (!flight.count)
        return SC_OK;
    enum sc_status status = sc__fly(&flight, &failure);
    if (status == SC_OK)
        return SC_OK;
    status = sc__cancelled_status(conn, status, &failure);
    size_t failed = item_of(batch, flight.asks[flight.failed]);
    sc__db_note_failure(batch->db, &failure);
    note_first(batch, failed, &failure);
    fail_all(batch, failed, status);
    return status;
}

static void end_hooks(struct sc_batch *batch, const struct sc__hooks *hooks)
{
    if (!sc__hooks_wanted(hooks))
        return;
    for (size_t i = 0; i < batch->nitems; i++) {
        struct sc_error own;
        enum sc_status status = sc_batch_status(batch, i, &own);
        sc__job_ended(&batch->items[i]->job, hooks, status, &own);
    }
}

static void run(struct sc_batch *batch)
{
    struct sc__conn *conn;
    struct sc_error failure;
    enum sc_status status = sc__db_enter(
        batch->db, &(struct sc__entry){ .careful = true }, &conn, &failure);
    if (status != SC_OK) {
        fail_all(batch, 0, status);
        note_first(batch, 0, &failure);
        return;
    }
    bool secret = false;
    for (size_t i = 0; i < batch->nitems; i++)
        secret |= (batch->items[i]->job.flags & SC__TOUCHES_SECRET) != 0;
    sc__conn_hush(conn, secret);
    if (fly(batch, conn) == SC_OK)
        deliver_all(batch);
    end_hooks(batch, conn->hooks);
    sc__conn_hush(conn, false);
    sc__db_leave(batch->db, conn);
}

enum sc_status sc_batch_run(struct sc_batch *batch, struct sc_error *err)
{
    if (!batch || batch->ran)
        return sc__fail(err, NULL, SC_MISUSE, "the batch has run");
    batch->ran = true;
    if (batch->first.status != SC_OK)
        fail_all(batch, (size_t)batch->first.item, batch->first.status);
    else if (batch->nitems)
        run(batch);
    if (batch->first.status != SC_OK && err)
        *err = batch->first;
    return batch->first.status;
}

/* ---- afterwards ------------------------------------------------------------------------ */

enum sc_status sc_batch_status(const struct sc_batch *batch, size_t index,
                               struct sc_error *err)
{
    if (!batch || index >= batch->nitems)
        return sc__fail(err, NULL, SC_MISUSE, "the batch has no such call");
    const struct item *item = batch->items[index];
    if (!batch->ran || item->status == SC_OK || !err)
        return item->status;
    if (batch->first.item == (int)index)
        *err = batch->first;
    else
        sc__fail(err, item->job.label, item->status, "%s",
                 item->status == SC_NOT_RUN ? "another call of the batch failed"
                                            : "the call failed");
    err->item = (int)index;
    return item->status;
}

static enum sc_status check_take(const struct sc_batch *batch, const struct item *item,
                                 const struct sc__row *row, struct sc_error *err)
{
    const struct sc__job *job = &item->job;
    if (!batch->ran)
        return sc__fail(err, job->label, SC_MISUSE, "the batch has not run");
    if (!job->row || job->row->columns != row->columns || job->row->size != row->size)
        return sc__fail(err, job->label, SC_MISUSE,
                        "the call gives rows of another kind");
    if (item->taken || !sc__job_waits(job))
        return sc__fail(err, job->label, SC_MISUSE, "the rows were taken before");
    return SC_OK;
}

/* Where they go; empty already. */
struct outputs {
    void *out;
    size_t *n;
};

static enum sc_status take(struct sc_batch *batch, size_t index,
                           const struct sc__row *row, const struct outputs *to,
                           struct sc_error *err)
{
    enum sc_status status = sc_batch_status(batch, index, err);
    if (status != SC_OK && status != SC_QUEUED)
        return status;
    struct item *item = batch->items[index];
    status = check_take(batch, item, row, err);
    if (status != SC_OK)
        return status;
    struct sc__job *job = &item->job;
    if (!to->n && job->want == SC__WANT_MANY && job->rows != 1)
        return sc__fail(err, job->label, job->rows ? SC_TOO_MANY : SC_NOT_FOUND,
                        "the call gave %lld rows, not one", (long long)job->rows);
    job->out = to->out;
    job->n = to->n;
    status = sc__job_deliver(job, err);
    job->out = NULL;
    job->n = NULL;
    item->taken = status == SC_OK;
    return status;
}

enum sc_status sc__take(struct sc_batch *batch, size_t index, const struct sc__row *row,
                        void *out, size_t *n, struct sc_error *err)
{
    *(void **)out = NULL;
    if (n)
        *n = 0;
    return take(batch, index, row, &(struct outputs){ .out = out, .n = n }, err);
}

enum sc_status sc__take_value(struct sc_batch *batch, size_t index,
                              const struct sc__row *row, void *out,
                              struct sc_error *err)
{
    memset(out, 0, row->size);
    return take(batch, index, row, &(struct outputs){ .out = out }, err);
}
