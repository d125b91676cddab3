/* job.c: runs one call from its asks to its outputs. It must not know how statements are
 * written or sent. */
#include "runtime/inline.h"
#include "runtime/sc_internal.h"
#include "runtime/trip/quick.h"
#include <string.h>

enum sc_status sc__job_elsewhere(struct sc_db *db, const char *label,
                                 struct sc__job **job, struct sc_error *err)
{
    *job = NULL;
    if (!db)
        return sc__fail(err, label, SC_MISUSE, "the handle is NULL");
    return sc__batch_add(db->batch, label, job, err);
}

bool sc__job_many_asks(struct sc__job *job, size_t count)
{
    job->nasks = count;
    if (count < SIZE_MAX / sizeof(*job->asks))
        job->asks = sc__scratch_alloc(job->scratch, count * sizeof(*job->asks));
    for (size_t i = 0; job->asks && i < count; i++)
        sc__ask_init(&job->asks[i], job);
    if (!job->asks)
        job->nasks = 0;
    return job->asks != NULL;
}

void sc__job_clear(struct sc__job *job)
{
    for (size_t i = 0; i < job->nasks; i++)
        sc__ask_clear(&job->asks[i]);
}

bool sc__job_waits(const struct sc__job *job)
{
    return job->row && !job->out && job->want != SC__WANT_EXEC &&
           job->want != SC__WANT_TOUCH;
}

/* ---- outputs -------------------------------------------------------------------------- */

void sc__job_blank_plain(const struct sc__stmt *stmt, void *out, void *n)
{
    switch ((enum sc__want)stmt->want) {
    case SC__WANT_ONE:
    case SC__WANT_MAYBE:
    case SC__WANT_MANY:
        if (out)
            *(void **)out = NULL;
        if (n)
            *(size_t *)n = 0;
        break;
    case SC__WANT_EXEC:
    case SC__WANT_TOUCH:
        if (n)
            *(int64_t *)n = 0;
        break;
    case SC__WANT_VALUE:
        if (out && stmt->row)
            memset(out, 0, stmt->row->size);
        break;
    }
}

enum sc_status sc__job_tell(const struct sc__job *job, enum sc_status answer,
                            struct sc_error *err)
{
    const char *words = "there is no such row";
    if (answer == SC_STALE)
        words = "the row has been changed since it was read";
    else if (answer == SC_TOO_MANY && job->want == SC__WANT_TOUCH)
        words = "more than one row was touched";
    else if (answer == SC_TOO_MANY)
        words = "more than one row was found";
    return sc__fail(err, job->label, answer, "%s", words);
}

static enum sc_status not_found(const struct sc__job *job, struct sc_error *err)
{
    return sc__job_tell(job, SC_NOT_FOUND, err);
}

/* The bool of a version's statement in one of its first two columns. */
static bool flag(const PGresult *result, int column)
{
    return PQgetlength(result, 0, column) == 1 && *PQgetvalue(result, 0, column);
}

static enum sc_status answer_version(const struct sc__job *job, struct sc_error *err)
{
    const PGresult *result = job->asks[0].result;
    if (PQntuples(result) == 0 || !flag(result, 0))
        return not_found(job, err);
    if (!flag(result, 1))
        return sc__job_tell(job, SC_STALE, err);
    return SC_OK;
}

static int64_t rows_of(const struct sc__ask *ask)
{
    return ask->row ? PQntuples(ask->result) : sc__rows_touched(ask->result);
}

enum sc_status sc__job_answer(struct sc__job *job, struct sc_error *err)
{
    if (!job->nasks) /* no rows to insert */
        return SC_OK;
    const PGresult *result = job->asks[0].result;
    switch ((enum sc__want)job->want) {
    case SC__WANT_ONE:
    case SC__WANT_VALUE:
    case SC__WANT_MAYBE:
        if (job->versioned)
            return answer_version(job, err);
        job->rows = job->asks[0].made ? 1 : PQntuples(result);
        if (job->rows > 1)
            return sc__job_tell(job, SC_TOO_MANY, err);
        if (job->rows == 0 && job->want != SC__WANT_MAYBE)
            return not_found(job, err);
        break;
    case SC__WANT_MANY:
        for (size_t i = 0; i < (job->nested ? 1 : job->nasks); i++)
            job->rows += rows_of(&job->asks[i]);
        break;
    case SC__WANT_EXEC:
        for (size_t i = 0; i < job->nasks; i++)
            job->rows += sc__rows_touched(job->asks[i].result);
        break;
    case SC__WANT_TOUCH:
        job->rows = sc__rows_touched(result);
        if (job->rows == 0)
            return not_found(job, err);
        if (job->rows > 1)
            return sc__job_tell(job, SC_TOO_MANY, err);
        break;
    }
    return SC_OK;
}

/* The point read: when a flat plan's ask gave one row, which needs no memory beside its
 * struct, does all at once, in the result's own memory, and says what came of it; false: it is not of that
 * sort, nothing is done. */
SC__INLINED bool take_single(struct sc__ask *ask, size_t size, void *out,
                             enum sc_status *status, struct sc_error *err)
{
    PGresult *result = ask->result;
    if (PQntuples(result) != 1 || !PQbinaryTuples(result) ||
        PQnfields(result) < ask->first + ask->row->ncolumns)
        return false;
    void *made = sc__block_for(result, size);
    if (!made) {
        *status = sc__fail_memory(err, ask->label);
        return true;
    }
    int bad;
    const struct sc__fault *fault = sc__decode_row(result, ask->row, ask->first, made,
                                                   &bad);
    if (!SC__MOSTLY(!fault)) {
        sc__block_discard(made);
        const struct sc__result in = { .row = ask->row, .bad = bad };
        *status = sc__rows_fail(ask->label, &in, fault, err);
        return true;
    }
    ask->result = NULL;
    *(void **)out = made;
    *status = SC_OK;
    return true;
}

static enum sc_status deliver_rows(struct sc__job *job, struct sc_error *err)
{
    void *block = NULL;
    size_t count = 0;
    enum sc_status status;
    struct sc__rows rows = { job->asks, job->nasks, job->row->size, job->label };
    if (job->nasks && job->asks->made) {
        *(void **)job->out = job->asks->made;
        job->asks->made = NULL;
        if (job->n)
            *(size_t *)job->n = 1;
        return SC_OK;
    }
    if (job->flat && job->rows == 1 &&
        take_single(job->asks, job->row->size, job->out, &status, err)) {
        if (status == SC_OK && job->n)
            *(size_t *)job->n = 1;
        return status;
    }
    if (job->nested)
        status = sc__nested_deliver(job, &block, &count, err);
    else
        status = sc__rows_take(&rows, &block, &count, err);
    if (status != SC_OK)
        return status;
    *(void **)job->out = block;
    if (job->n)
        *(size_t *)job->n = count;
    return SC_OK;
}

enum sc_status sc__job_deliver(struct sc__job *job, struct sc_error *err)
{
    switch ((enum sc__want)job->want) {
    case SC__WANT_ONE:
    case SC__WANT_MAYBE:
    case SC__WANT_MANY:
        if (job->out && job->row)
            return deliver_rows(job, err);
        if (job->n)
            *(size_t *)job->n = (size_t)job->rows;
        break;
    case SC__WANT_EXEC:
    case SC__WANT_TOUCH:
        if (job->n)
            *(int64_t *)job->n = job->rows;
        break;
    case SC__WANT_VALUE:
        if (job->out && job->row)
            return sc__rows_value(&job->asks[0], job->out, err);
        break;
    }
    return SC_OK;
}

/* ---- hooks ----------------------------------------------------------------------------- */

static struct sc_event event_of(const struct sc__job *job)
{
    const struct sc__plan *plan = job->nasks ? job->asks[0].plan : NULL;
    const char *sql = plan ? plan->sql + plan->comment : "";
    return (struct sc_event){ .query = job->label,
                              .sql = job->sql ? job->sql : sql,
                              .sqlstate = "",
                              .rows = job->rows,
                              .bytes = job->bytes,
                              .pool_wait_ns = job->waited };
}

void sc__job_weigh(struct sc__job *job)
{
    job->bytes = 0;
    for (size_t i = 0; i < job->nasks; i++)
        job->bytes += sc__hooks_bytes(job->asks[i].result);
}

void sc__job_started(struct sc__job *job, const struct sc__hooks *hooks)
{
    struct sc_event event = event_of(job);
    job->started = true;
    job->begun = sc__clock();
    sc__hooks_start(hooks, &event);
}

void sc__job_ended(struct sc__job *job, const struct sc__hooks *hooks,
                   enum sc_status st, const struct sc_error *err)
{
    if (!job->started) /* it never got as far */
        sc__job_started(job, hooks);
    struct sc_event event = event_of(job);
    event.status = st;
    event.nanoseconds = sc__clock() - job->begun;
    if (err && st != SC_OK)
        event.sqlstate = err->sqlstate;
    sc__hooks_end(hooks, &event);
}

/* ---- running ---------------------------------------------------------------------------- */

struct departure {
    struct sc__job *job;
    const struct sc__hooks *hooks;
};

static void depart(void *arg)
{
    struct departure *departure = arg;
    if (!departure->job->started)
        sc__job_started(departure->job, departure->hooks);
}

static enum sc_status fly(struct sc__conn *conn, struct sc__job *job,
                          struct sc_error *err)
{
    struct departure departure = { job, conn->hooks };
    struct sc__ask *one = &job->asks[0];
    struct sc__flight flight = { .conn = conn, .asks = &one, .count = 1 };
    if (sc__hooks_wanted(conn->hooks)) {
        flight.depart = depart;
        flight.depart_arg = &departure;
    }
    if (job->nasks != 1) {
        flight.count = job->nasks;
        flight.asks = sc__scratch_alloc(job->scratch, job->nasks * sizeof(one));
        if (!flight.asks)
            return sc__fail_memory(err, job->label);
        for (size_t i = 0; i < job->nasks; i++)
            flight.asks[i] = &job->asks[i];
    }
    return sc__fly(&flight, err);
}

/* Makes of the results what the call wants. */
SC__ALONE enum sc_status conclude_any(struct sc__job *job, struct sc_error *err)
{
    enum sc_status status = sc__job_answer(job, err);
    if (status == SC_OK)
        status = sc__job_deliver(job, err);
    sc__job_clear(job);
    return status;
}

/* One row was to be touched, and was. */
SC__INLINED bool take_touch(struct sc__job *job)
{
    PGresult *result = job->asks->result;
    if (job->want != SC__WANT_TOUCH)
        return false;
    const char *count = PQcmdTuples(result);
    if (count[0] != '1' || count[1])
        return false;
    job->rows = 1;
    if (job->n)
        *(int64_t *)job->n = 1;
    job->asks->result = NULL;
    PQclear(result);
    return true;
}

SC__INLINED enum sc_status conclude(struct sc__job *job, struct sc_error *err)
{
    enum sc_status status;
    if (SC__MOSTLY(job->single && job->asks->plan->flat &&
                   take_single(job->asks, job->row->size, job->out, &status, err))) {
        job->rows = 1;
        if (status != SC_OK)
            sc__job_clear(job);
        return status;
    }
    return take_touch(job) ? SC_OK : conclude_any(job, err);
}

static struct sc__entry entry_of(const struct sc__job *job)
{
    bool writes = job->flags & SC__WRITE;
    return (
        struct sc__entry){ .label = job->label, .careful = writes, .reads = !writes };
}

/* All that a call may come to, on the connection that it has entered. */
SC__ALONE enum sc_status run_any(struct sc_db *db, struct sc__job *job,
                                 struct sc__conn **entered, struct sc_error *err)
{
    struct sc__conn *conn = *entered;
    const struct sc__entry entry = entry_of(job);
    struct sc_error *given = err;
    if (!err) /* a transaction and a hook want to know what failed, if the caller does not */
        err = &conn->trouble;
    bool hooks = sc__hooks_wanted(conn->hooks);
    if (hooks)
        job->waited = sc__pool_waited(conn);
    enum sc_status status = fly(conn, job, err);
    if (status != SC_OK && sc__db_again(&entry, &conn, err)) {
        err = given ? given : &conn->trouble; /* it may be another connection */
        status = fly(conn, job, err);
    }
    if (hooks)
        sc__job_weigh(job);
    if (status == SC_OK) {
        status = conclude(job, err);
    } else {
        status = sc__cancelled_status(conn, status, err);
        sc__db_note_failure(db, err);
    }
    if (status != SC_OK && !sc__conn_alive(conn))
        conn->begun = false; /* the caller knows */
    if (hooks)
        sc__job_ended(job, conn->hooks, status, err);
    *entered = conn;
    return status;
}

/* Whether the job has flown by the quick way, and well. */
SC__INLINED bool has_flown(struct sc__conn *conn, struct sc__job *job)
{
    return job->nasks == 1 && !conn->until && !sc__hooks_wanted(conn->hooks) &&
           sc__fly_quick(conn, job->asks);
}

SC__INLINED enum sc_status run(struct sc_db *db, struct sc__job *job,
                               struct sc_error *err)
{
    struct sc__conn *conn = db->conn;
    if (!SC__MOSTLY(sc__db_enter_at_once(db, job->flags & SC__WRITE))) {
        const struct sc__entry entry = entry_of(job);
        enum sc_status entered = sc__db_enter(db, &entry, &conn, err);
        if (entered != SC_OK)
            return entered;
    }
    sc__conn_hush(conn, job->flags & SC__TOUCHES_SECRET);
    enum sc_status status = SC__MOSTLY(has_flown(conn, job))
                                ? conclude(job, err)
                                : run_any(db, job, &conn, err);
    sc__conn_hush(conn, false);
    sc__db_leave_at_once(db, conn);
    return status;
}

enum sc_status sc__job_run(struct sc_db *db, struct sc__job *job, enum sc_status st,
                           struct sc_error *err)
{
    if (st == SC_OK && job->nasks)
        st = run(db, job, err);
    if (job->scratch->blocks)
        sc__scratch_release(job->scratch);
    return st;
}

enum sc_status sc__job_submit(struct sc_db *db, struct sc__job *job, enum sc_status st,
                              struct sc_error *err)
{
    return db->kind == SC__DB_QUEUE ? sc__batch_keep(db->batch, st, err)
                                    : sc__job_run(db, job, st, err);
}
