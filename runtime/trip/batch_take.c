/* batch_take.c: what a batch that has run holds. It must not send anything. */
#include "runtime/sc_internal.h"
#include <string.h>

/* The words of a call's status. */
static void tell(const struct sc_batch *batch, size_t index, struct sc_error *err)
{
    const struct sc__item *item = batch->items[index];
    if (item->error)
        *err = *item->error;
    else if (batch->first.item == (int)index && batch->first.status == item->status)
        *err = batch->first;
    else if (sc__job_is_answer(item->status))
        sc__job_tell(&item->job, item->status, err);
    else
        sc__fail(err, item->job.label, item->status, "%s",
                 item->status == SC_NOT_RUN ? "another call of the batch failed"
                                            : "the call failed");
    err->item = (int)index;
}

enum sc_status sc_batch_status(const struct sc_batch *batch, size_t index,
                               struct sc_error *err)
{
    if (!batch || index >= batch->nitems)
        return sc__fail(err, NULL, SC_MISUSE, "the batch has no such call");
    const struct sc__item *item = batch->items[index];
    if (batch->landed && item->status != SC_OK && err)
        tell(batch, index, err);
    return item->status;
}

static enum sc_status check_take(const struct sc_batch *batch,
                                 const struct sc__item *item, const struct sc__row *row,
                                 struct sc_error *err)
{
    const struct sc__job *job = &item->job;
    if (!batch->landed)
        return sc__fail(err, job->label, SC_MISUSE, "the batch has not run");
    if (!batch->queue.keeps)
        return sc__fail(err, job->label, SC_MISUSE,
                        "the batch keeps no rows: give the call an output");
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
    struct sc__item *item = batch->items[index];
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
