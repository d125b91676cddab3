/* load_from.c: rows of a callback into a table. It must not keep more of them than are on
 * their way. */
#include "load.h"
#include "runtime/sc_internal.h"
#include <stdlib.h>
#include <string.h>

/* ---- where a column has no binary form ------------------------------------------------- */

enum { BATCH = 512 }; /* rows of a batch, which copies them */

/* What failed is a row, and not the connection or the time. */
static bool is_of_row(enum sc_status status)
{
    return status != SC_TIMEOUT && status != SC_CONNECTION && status != SC_CANCELLED &&
           status != SC_NO_MEMORY;
}

/* Queues rows from the one at hand on, at most BATCH. */
static enum sc_status queue_rows(struct sc__loading *load, struct sc_batch *batch,
                                 struct sc_error *err)
{
    const struct sc__bulk one = { .insert = load->insert,
                                  .values = load->one,
                                  .size = load->supply->size,
                                  .count = 1 };
    const struct sc__outputs none = { 0 };
    enum sc_status status = SC_OK;
    for (int i = 0; i < BATCH && !load->done && status == SC_OK; i++) {
        status = sc__insert_bulk(sc_queue(batch), &one, &none, err);
        if (status != SC_QUEUED)
            return sc__load_item(err, is_of_row(status) ? load->rows : -1, status);
        load->rows++;
        status = sc__load_pull(load, err);
    }
    return status;
}

/* The first row's text is that of all. Without memory none is told. */
static void tell_start(struct sc__loading *load, const struct sc_batch *batch)
{
    const struct sc__job *first = &batch->items[0]->job;
    struct sc__text sql = { 0 };
    struct sc__param *params = NULL;
    if (first->nasks)
        params = sc__scratch_alloc(load->job.scratch,
                                   (first->asks->nparams + 1u) * sizeof(*params));
    if (params)
        sc__ask_compose(first->asks, &sql, params);
    load->sql = sc__text_take(&sql);
    load->job.sql = load->sql;
    sc__job_started(&load->job, load->hooks);
}

static enum sc_status insert_some(struct sc_db *tx, struct sc__loading *load,
                                  struct sc_error *err)
{
    struct sc_batch *batch;
    int64_t from = load->rows;
    enum sc_status status = sc_batch_open(tx, &batch, err);
    if (status != SC_OK)
        return sc__load_item(err, -1, status);
    status = queue_rows(load, batch, err);
    if (status == SC_OK && load->hooks && !load->job.started)
        tell_start(load, batch);
    if (status == SC_OK) {
        status = sc_batch_run(batch, err);
        if (status != SC_OK && err)
            sc__load_item(err, is_of_row(status) ? from + err->item : -1, status);
    }
    sc_batch_close(batch);
    return status;
}

/* Hooks hear of one call, and of notices. */
static enum sc_status insert_as_one(struct sc_db *tx, struct sc__loading *load,
                                    struct sc_error *err)
{
    struct sc__conn *conn = tx->conn;
    const struct sc__hooks *hooks = conn->hooks;
    const struct sc__hooks quiet = { .calls = { .user = hooks->calls.user,
                                                .notice = hooks->calls.notice } };
    struct sc_error own;
    enum sc_status status = SC_OK;
    if (!err)
        err = &own;
    load->hooks = sc__hooks_wanted(hooks) ? hooks : NULL;
    conn->hooks = &quiet;
    while (status == SC_OK && !load->done)
        status = insert_some(tx, load, err);
    conn->hooks = hooks;
    load->job.rows = status == SC_OK ? load->rows : 0;
    if (load->hooks)
        sc__job_ended(&load->job, load->hooks, status, err);
    free(load->sql);
    return status;
}

static enum sc_status insert_all(struct sc_db *db, struct sc__loading *load,
                                 struct sc_error *err)
{
    struct sc_db *tx;
    enum sc_status status = sc__tx_begin(db, NULL, load->until, &tx, err);
    if (status != SC_OK)
        return sc__load_item(err, -1, status);
    status = insert_as_one(tx, load, err);
    if (status == SC_OK)
        return sc__load_item(err, -1, sc_tx_commit(tx, err));
    sc_tx_rollback(tx);
    return status;
}

/* ---- a load -------------------------------------------------------------------------------- */

static enum sc_status load_all(struct sc_db *db, struct sc__loading *load,
                               struct sc_error *err)
{
    size_t words = sc__mask_words(load->insert->row) * sizeof(*load->mask);
    load->mask = sc__scratch_alloc(load->job.scratch, words);
    load->given = sc__scratch_alloc(load->job.scratch, words);
    load->one = sc__scratch_alloc(load->job.scratch, load->supply->size);
    if (!load->mask || !load->given || !load->one)
        return sc__load_item(err, -1, sc__fail_memory(err, load->insert->label));
    enum sc_status status = sc__load_pull(load, err);
    if (status != SC_OK || load->done)
        return status;
    if (!sc__load_can_copy(load->insert->row, load->mask))
        return insert_all(db, load, err);
    status = sc__load_columns(load, load->mask, err);
    return status == SC_OK ? sc__load_run(db, load, err)
                           : sc__load_item(err, -1, status);
}

enum sc_status sc__load_from(struct sc_db *db, const struct sc__insert *insert,
                             const struct sc__supply *rows, int64_t *n,
                             struct sc_error *err)
{
    if (n)
        *n = 0;
    if (!db)
        return sc__fail(err, insert->label, SC_MISUSE, "the handle is NULL");
    if (db->kind == SC__DB_QUEUE)
        return sc__fail(err, insert->label, SC_MISUSE,
                        "rows of a callback cannot wait in a batch");
    struct sc__scratch scratch;
    sc__scratch_init(&scratch, NULL, 0);
    struct sc__loading load = { .insert = insert, .supply = rows };
    load.until = sc__late_sooner(sc__view_until(db), sc__view_base(db)->until);
    load.job = (struct sc__job){ .label = insert->label, .scratch = &scratch };
    enum sc_status status = load_all(db, &load, err);
    sc__scratch_release(&scratch);
    if (status == SC_OK && n)
        *n = load.rows;
    return status;
}
