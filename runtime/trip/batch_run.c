/* batch_run.c: running a batch, and what becomes of its calls. It must not look into rows. */
#include "runtime/sc_internal.h"

/* ---- departing ------------------------------------------------------------------------ */

/* Whether all that is wanted of the call is one row. (That of a write for which no output was
 * given is hardly ever taken.) */
static bool is_single(const struct sc__job *job)
{
    return job->nasks == 1 && job->row && !job->nested && !job->versioned &&
           (job->out || !(job->flags & SC__WRITE)) &&
           (job->want == SC__WANT_ONE || job->want == SC__WANT_MAYBE);
}

static bool collect(struct sc_batch *batch)
{
    size_t total = 0, n = 0;
    for (size_t i = 0; i < batch->nitems; i++)
        total += batch->items[i]->job.nasks;
    batch->nasks = total;
    batch->asks = sc__scratch_alloc(&batch->memory, (total + 1) * sizeof(*batch->asks));
    if (!batch->asks)
        return false;
    for (size_t i = 0; i < batch->nitems; i++) {
        struct sc__job *job = &batch->items[i]->job;
        for (size_t a = 0; a < job->nasks; a++)
            batch->asks[n++] = &job->asks[a];
        if (job->nasks)
            job->asks[job->nasks - 1].fate = SC__FATE_ENDS;
        if (is_single(job))
            job->asks->slab = &batch->slab;
    }
    return true;
}

static void note_first(struct sc_batch *batch, size_t item, const struct sc_error *err)
{
    bool earlier = batch->first.status == SC_OK || (int)item < batch->first.item;
    if (!earlier)
        return;
    batch->first = *err;
    batch->first.item = (int)item;
}

/* Nothing was kept: all are SC_NOT_RUN but the one that failed. */
static void fail_all(struct sc_batch *batch, size_t failed, enum sc_status status)
{
    for (size_t i = 0; i < batch->nitems; i++) {
        batch->items[i]->status = i == failed ? status : SC_NOT_RUN;
        sc__job_clear(&batch->items[i]->job);
    }
}

void sc__batch_refuse(struct sc_batch *batch, const struct sc_error *failure)
{
    batch->landed = true;
    note_first(batch, 0, failure);
    fail_all(batch, 0, failure->status);
}

bool sc__batch_depart(struct sc_batch *batch)
{
    batch->ran = true;
    bool whole = !batch->lacking && (batch->apart || batch->first.status == SC_OK);
    if (!whole) { /* a call could not be queued */
        batch->landed = true;
        fail_all(batch, (size_t)batch->first.item, batch->first.status);
        return false;
    }
    if (collect(batch))
        return batch->nitems > 0;
    struct sc_error failure;
    sc__fail_memory(&failure, NULL);
    sc__batch_refuse(batch, &failure);
    return false;
}

bool sc__batch_secret(const struct sc_batch *batch)
{
    bool secret = false;
    for (size_t i = 0; i < batch->nitems; i++)
        secret |= (batch->items[i]->job.flags & SC__TOUCHES_SECRET) != 0;
    return secret;
}

void sc__batch_started(struct sc_batch *batch, const struct sc__hooks *hooks)
{
    for (size_t i = 0; i < batch->nitems; i++) {
        struct sc__item *item = batch->items[i];
        if (item->status != SC_QUEUED)
            continue;
        sc__job_started(&item->job, hooks);
        if (item->job.nasks) /* its results are to be weighed */
            item->job.asks->slab = NULL;
    }
}

/* ---- landing --------------------------------------------------------------------------- */

static size_t item_of(const struct sc_batch *batch, const struct sc__ask *ask)
{
    for (size_t i = 0; i < batch->nitems; i++) {
        const struct sc__job *job = &batch->items[i]->job;
        if (ask >= job->asks && ask < job->asks + job->nasks)
            return i;
    }
    return 0;
}

/* Keeps a failure whose words its status alone does not tell; without memory they are
 * lost. */
static void keep_words(struct sc_batch *batch, struct sc__item *item,
                       const struct sc_error *failure)
{
    if (sc__job_is_answer(item->status))
        return;
    item->error = sc__scratch_alloc(&batch->memory, sizeof(*failure));
    if (item->error)
        *item->error = *failure;
}

/* The one row that a call wants was made when it came, and the caller said where it goes. */
static inline bool deliver_made(struct sc__item *item)
{
    struct sc__job *job = &item->job;
    if (!job->nasks || !job->asks->made || !job->out || job->n)
        return false;
    *(void **)job->out = job->asks->made;
    job->asks->made = NULL;
    job->rows = 1;
    item->status = SC_OK;
    return true;
}

/* The server did it: what the call makes of its own results. */
static void deliver(struct sc_batch *batch, size_t index)
{
    struct sc__item *item = batch->items[index];
    struct sc_error failure;
    struct sc__job *job = &item->job; /* a plan may be gone when rows are taken later */
    if (deliver_made(item))
        return;
    job->flat = job->nasks == 1 && !job->nested && job->asks->plan->flat;
    item->status = sc__job_answer(&item->job, &failure);
    const bool waits = batch->queue.keeps && sc__job_waits(job);
    if (item->status == SC_OK && !waits)
        item->status = sc__job_deliver(&item->job, &failure);
    if (item->status != SC_OK) {
        note_first(batch, index, &failure);
        keep_words(batch, item, &failure);
    }
    if (item->status != SC_OK || !waits)
        sc__job_clear(&item->job);
}

static void deliver_all(struct sc_batch *batch)
{
    for (size_t i = 0; i < batch->nitems; i++)
        deliver(batch, i);
}

/* The first of a call's asks that has failed; NULL: none has. */
static const struct sc__ask *failed_ask(const struct sc__job *job)
{
    for (size_t i = 0; i < job->nasks; i++)
        if (job->asks[i].status != SC_OK)
            return &job->asks[i];
    return NULL;
}

/* Apart: failure is of those whose answers never came. */
static void land_apart(struct sc_batch *batch, size_t index,
                       const struct sc_error *failure)
{
    struct sc__item *item = batch->items[index];
    if (item->status != SC_QUEUED) /* it could not be queued */
        return;
    const struct sc__ask *ask = failed_ask(&item->job);
    if (!ask) {
        deliver(batch, index);
        return;
    }
    struct sc_error words;
    item->status = (enum sc_status)ask->status;
    item->error = ask->error;
    if (!ask->error) {
        if (ask->fate & SC__FATE_OVER)
            sc__fail(&words, item->job.label, item->status, "the call failed");
        else
            words = *failure;
        item->error = ask->fate & SC__FATE_OVER ? NULL : batch->lost;
    }
    note_first(batch, index, ask->error ? ask->error : &words);
    sc__job_clear(&item->job);
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

/* All or nothing, and it was nothing, or nobody knows. */
static void land_failed(struct sc_batch *batch, const struct sc__landing *landing,
                        const struct sc_error *failure)
{
    size_t failed = batch->nitems;
    if (!landing->nobody && batch->nasks)
        failed = item_of(batch, batch->asks[landing->failed]);
    note_first(batch, failed, failure);
    fail_all(batch, failed, landing->status);
    for (size_t i = 0; landing->unknown && i < batch->nitems; i++)
        batch->items[i]->status = landing->status;
}

void sc__batch_land(struct sc_batch *batch, const struct sc__landing *landing,
                    const struct sc_error *failure, const struct sc__hooks *hooks)
{
    batch->landed = true;
    for (size_t i = 0; sc__hooks_wanted(hooks) && i < batch->nitems; i++)
        sc__job_weigh(&batch->items[i]->job);
    if (batch->apart) {
        batch->lost = NULL;
        if (landing->status != SC_OK)
            batch->lost = sc__scratch_alloc(&batch->memory, sizeof(*failure));
        if (batch->lost)
            *batch->lost = *failure;
        for (size_t i = 0; i < batch->nitems; i++)
            land_apart(batch, i, failure);
    } else if (landing->status == SC_OK) {
        deliver_all(batch);
    } else {
        land_failed(batch, landing, failure);
    }
    end_hooks(batch, hooks);
}

enum sc_status sc__batch_verdict(const struct sc_batch *batch, struct sc_error *err)
{
    if (batch->first.status != SC_OK && err)
        *err = batch->first;
    return batch->first.status;
}

/* ---- running --------------------------------------------------------------------------- */

struct collected {
    struct sc_batch *batch;
    const struct sc__hooks *hooks;
};

static void depart(void *arg)
{
    const struct collected *collected = arg;
    sc__batch_started(collected->batch, collected->hooks);
}

/* Whether a replica could not do one of independent reads, and the primary does them all:
 * what it has answered stays with the connection that is left. */
static bool go_home(const struct sc_batch *batch, const struct sc__entry *entry,
                    struct sc__conn **conn)
{
    for (size_t i = 0; (*conn)->spare && i < batch->nitems; i++) {
        const struct sc__ask *ask = failed_ask(&batch->items[i]->job);
        const struct sc_error why = { .status = ask ? (enum sc_status)ask->status
                                                    : SC_OK };
        if (sc__is_replicas_fault(why.status))
            return sc__db_again(entry, conn, &why);
    }
    return false;
}

/* Before another connection's plans. */
static void blank_asks(struct sc_batch *batch)
{
    for (size_t i = 0; i < batch->nasks; i++) {
        struct sc__ask *ask = batch->asks[i];
        sc__ask_clear(ask);
        ask->fate &= SC__FATE_ENDS;
        ask->status = SC_OK;
        ask->error = NULL;
        ask->plan = NULL;
    }
}

static void fly(struct sc_batch *batch, const struct sc__entry *entry,
                struct sc__conn **conn)
{
    struct collected collected = { batch, (*conn)->hooks };
    struct sc__flight flight = { .conn = *conn,
                                 .asks = batch->asks,
                                 .count = batch->nasks,
                                 .begin = batch->in_tx ? &batch->texts : NULL,
                                 .apart = batch->apart,
                                 .memory = &batch->memory };
    struct sc_error failure;
    if (sc__hooks_wanted((*conn)->hooks)) {
        flight.depart = depart;
        flight.depart_arg = &collected;
        if (batch->nitems)
            batch->items[0]->job.waited = sc__pool_waited(*conn);
    }
    enum sc_status status = SC_OK;
    if (flight.count)
        status = sc__fly(&flight, &failure);
    bool again = batch->apart ? go_home(batch, entry, conn)
                              : status != SC_OK && sc__db_again(entry, conn, &failure);
    if (again) {
        blank_asks(batch);
        flight.conn = *conn;
        flight.depart = NULL;
        status = sc__fly(&flight, &failure);
    }
    if (status != SC_OK) {
        flight.landing.status = sc__cancelled_status(*conn, status, &failure);
        sc__db_note_failure(batch->db, &failure);
    }
    sc__batch_land(batch, &flight.landing, &failure, (*conn)->hooks);
}

static bool writes(const struct sc_batch *batch)
{
    for (size_t i = 0; i < batch->nitems; i++)
        if (batch->items[i]->job.flags & SC__WRITE)
            return true;
    return false;
}

static void run(struct sc_batch *batch)
{
    struct sc__conn *conn;
    struct sc_error failure;
    const struct sc__entry entry = { .careful = true, .reads = !writes(batch) };
    if (sc__db_enter(batch->db, &entry, &conn, &failure) != SC_OK) {
        sc__batch_refuse(batch, &failure);
        return;
    }
    sc__conn_hush(conn, sc__batch_secret(batch));
    fly(batch, &entry, &conn);
    sc__conn_hush(conn, false);
    sc__db_leave(batch->db, conn);
}

enum sc_status sc_batch_run(struct sc_batch *batch, struct sc_error *err)
{
    if (!batch || batch->ran)
        return sc__fail(err, NULL, SC_MISUSE, "the batch has run");
    if (!batch->db)
        return sc__fail(err, NULL, SC_MISUSE,
                        "the batch is an event loop's: submit it");
    if (sc__batch_depart(batch))
        run(batch);
    return sc__batch_verdict(batch, err);
}
