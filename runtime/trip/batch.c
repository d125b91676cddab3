/* batch.c: collecting calls that will travel together. It must not run one of them. */
#include "runtime/sc_internal.h"
#include <stdlib.h>
#include <string.h>

struct sc_batch *sc__batch_new(struct sc_db *db)
{
    struct sc_batch *made = calloc(1, sizeof(*made));
    if (!made)
        return NULL;
    made->db = sc__view_keep(db, &made->view);
    made->queue.kind = SC__DB_QUEUE;
    made->queue.batch = made;
    made->queue.keeps = true;
    sc__scratch_init(&made->memory, NULL, 0);
    return made;
}

enum sc_status sc_batch_open(struct sc_db *db, struct sc_batch **batch,
                             struct sc_error *err)
{
    *batch = NULL;
    if (!db || db->kind == SC__DB_QUEUE)
        return sc__fail(err, NULL, SC_MISUSE, "no batch can be opened here");
    if (sc__view_base(db)->over)
        return sc__fail(err, NULL, SC_MISUSE, "the transaction has ended");
    *batch = sc__batch_new(db);
    return *batch ? SC_OK : sc__fail_memory(err, NULL);
}

struct sc_db *sc_queue(struct sc_batch *batch)
{
    return batch ? &batch->queue : NULL;
}

static void clear_jobs(struct sc_batch *batch)
{
    for (size_t i = 0; i < batch->nitems; i++)
        sc__job_clear(&batch->items[i]->job);
}

void sc_batch_reset(struct sc_batch *batch)
{
    if (!batch || (batch->owner && sc__async_holds(batch)))
        return;
    clear_jobs(batch);
    sc__scratch_reset(&batch->memory);
    batch->items = NULL;
    batch->nitems = batch->room = 0;
    batch->asks = NULL;
    batch->nasks = 0;
    batch->ran = batch->landed = batch->lacking = false;
    batch->first.status = SC_OK;
}

void sc_batch_close(struct sc_batch *batch)
{
    if (!batch || (batch->owner && !sc__async_part(batch)))
        return;
    clear_jobs(batch);
    sc__scratch_release(&batch->memory);
    if (batch->slab)
        sc__slab_leave(batch->slab);
    free(batch);
}

/* ---- options ---------------------------------------------------------------------------- */

static enum sc_status check_options(const struct sc_batch *batch,
                                    const struct sc_batch_options *options,
                                    struct sc_error *err)
{
    const struct sc_db *base = sc__view_base(batch->db);
    bool inside = base && base->kind == SC__DB_TX;
    if (batch->nitems || batch->ran)
        return sc__fail(err, "sc_batch_set", SC_MISUSE,
                        "options are set before the first call");
    if (options->mode != SC_ALL_OR_NOTHING && options->mode != SC_INDEPENDENT)
        return sc__fail(err, "sc_batch_set", SC_MISUSE, "there is no such mode");
    if (options->rows != SC_ROWS_ALL && options->rows != SC_ROWS_GIVEN)
        return sc__fail(err, "sc_batch_set", SC_MISUSE,
                        "there is no such choice of rows");
    if (options->mode == SC_INDEPENDENT && (inside || options->tx))
        return sc__fail(err, "sc_batch_set", SC_MISUSE,
                        "calls of a transaction are not independent");
    if (options->tx && inside)
        return sc__fail(err, "sc_batch_set", SC_MISUSE,
                        "the transaction has begun already");
    return SC_OK;
}

enum sc_status sc_batch_set(struct sc_batch *batch,
                            const struct sc_batch_options *options,
                            struct sc_error *err)
{
    struct sc__tx_texts texts = { .nset = 0 };
    if (!batch || !options)
        return sc__fail(err, "sc_batch_set", SC_MISUSE,
                        "a batch and options are needed");
    enum sc_status status = check_options(batch, options, err);
    if (status == SC_OK && options->tx)
        status = sc__tx_compose(options->tx, &texts, err);
    if (status != SC_OK)
        return status;
    batch->apart = options->mode == SC_INDEPENDENT;
    batch->in_tx = options->tx != NULL;
    batch->queue.keeps = options->rows == SC_ROWS_ALL;
    batch->texts = texts;
    return SC_OK;
}

/* ---- filling ------------------------------------------------------------------------- */

/* The list moves to a larger place; the old one stays in the arena. */
static bool grow(struct sc_batch *batch)
{
    if (batch->nitems < batch->room)
        return true;
    size_t room = batch->room ? batch->room * 2 : 32;
    struct sc__item **items = sc__scratch_alloc(&batch->memory, room * sizeof(*items));
    if (!items)
        return false;
    if (batch->nitems)
        memcpy(items, batch->items, batch->nitems * sizeof(*items));
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
        return sc__fail(err, label, SC_MISUSE, "the batch %s",
                        batch->owner && sc__async_holds(batch) ? "is submitted"
                                                               : "has run");
    struct sc__item *item = NULL;
    if (grow(batch))
        item = sc__scratch_alloc(&batch->memory, sizeof(*item));
    if (!item) { /* a batch that lacks a call must not run */
        struct sc_error failure;
        sc__fail_memory(&failure, label);
        note_first(batch, batch->nitems, &failure);
        batch->lacking = true;
        return sc__fail_memory(err, label);
    }
    item->job = (struct sc__job){ .label = label,
                                  .scratch = &batch->memory,
                                  .one = &item->ask };
    item->error = NULL;
    item->status = SC_QUEUED;
    item->taken = false;
    batch->items[batch->nitems++] = item;
    *job = &item->job;
    return SC_OK;
}

static bool own_wires(struct sc__job *job)
{
    for (size_t i = 0; i < job->nasks; i++) {
        struct sc__wire *wire = job->asks[i].wires;
        const struct sc__wire *end = wire + job->asks[i].nparams;
        for (; wire < end; wire++)
            if (wire->value && wire->value != wire->raw &&
                !sc__wire_own(wire, job->scratch))
                return false;
    }
    return true;
}

enum sc_status sc__batch_keep(struct sc_batch *batch, enum sc_status st,
                              struct sc_error *err)
{
    size_t last = batch->nitems - 1;
    struct sc__item *item = batch->items[last];
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
    item->error = sc__scratch_alloc(&batch->memory, sizeof(failure));
    if (item->error)
        *item->error = failure;
    note_first(batch, last, &failure);
    return st;
}
