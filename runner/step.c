/* step.c: runs the steps of one file: waits politely, tries again, and journals each so
 * that a run that was cut off can go on. Must not choose which file.
 *
 * A step in a transaction has its journal row in that transaction: both are there or
 * neither. Outside one, the row says "running", counts the statements that are done and
 * those that are begun, and says "done" after; a statement that PostgreSQL takes in a transaction gets one
 * of its own together with the count, so that only those that it refuses (and procedures,
 * which may commit by themselves) can be run without being counted. Those are looked at
 * by resume.c, or may be run twice. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_BACKOFF_MS = 500, LONGEST_BACKOFF_MS = 30000 };

struct stepping {
    struct scm_run *run;
    const struct scm_job *job;
    const struct scm_step *step;
    int number;        /* from 1 */
    const char *state; /* the row's, after this step; NULL: it is not the last */
    bool underway;     /* outside a transaction: the journal has its row */
};

/* ---- journal ------------------------------------------------------------------------- */

static enum sc_status journal(struct stepping *s, const char *state, size_t statements,
                              size_t begun)
{
    struct scm_run *run = s->run;
    const char *params[] = { scm_number(run, s->job->seq),
                             s->job->down ? "t" : "f",
                             scm_number(run, s->number),
                             s->step->title,
                             s->step->hash,
                             state,
                             scm_number(run, (int64_t)statements),
                             scm_number(run, (int64_t)begun) };
    return scm_history_ask(
        run,
        "insert into @.steps as s (migration, down, step, title, hash, state,"
        " statements, attempts, pid, started_at, finished_at, begun)"
        " values ($1::int8, $2::bool,"
        " $3::int4, $4, $5, $6, $7::int4, 1, pg_backend_pid(), now(),"
        " case when $6 = 'done' then clock_timestamp() end, $8::int4)"
        " on conflict (migration, down, step) do update set title = $4, hash = $5,"
        " state = $6, statements = $7::int4, begun = $8::int4, pid = pg_backend_pid(), "
        "attempts ="
        " s.attempts + (s.state = 'failed' or s.pid <> pg_backend_pid())::int4,"
        " finished_at = excluded.finished_at",
        params, SCM_COUNT(params), NULL);
}

/* Best effort: the failure itself is what counts. A row of a step outside a transaction
 * goes on saying "running" and how far it came: it may have left something behind. */
static void journal_failure(struct stepping *s)
{
    struct scm_run *run = s->run;
    struct sc_migrate_error first = *run->err;
    if (scm_lost(run) || (!s->underway && journal(s, "failed", 0, 0) != SC_OK))
        return;
    const char *params[] = { scm_number(run, s->job->seq), s->job->down ? "t" : "f",
                             scm_number(run, s->number), first.error.sqlstate,
                             first.text };
    (void)!scm_history_ask(run,
                           "update @.steps set sqlstate = $4, message = $5"
                           " where migration = $1::int8 and down = $2::bool"
                           " and step = $3::int4",
                           params, SCM_COUNT(params), NULL);
    *run->err = first;
}

/* How far a step outside a transaction came before. */
static enum sc_status read_progress(struct stepping *s, size_t *begun, size_t *done)
{
    struct scm_run *run = s->run;
    PGresult *result = NULL;
    const char *params[] = { scm_number(run, s->job->seq), s->job->down ? "t" : "f",
                             scm_number(run, s->number) };
    enum sc_status status = scm_history_ask(
        run,
        "select statements, begun from @.steps where migration = $1::int8 and down = "
        "$2::bool"
        " and step = $3::int4 and state = 'running'",
        params, SCM_COUNT(params), &result);
    s->underway = status == SC_OK && PQntuples(result) > 0;
    *done = s->underway ? (size_t)scm_int(result, 0, 0) : 0;
    *begun = s->underway ? (size_t)scm_int(result, 0, 1) : 0;
    PQclear(result);
    return status;
}

/* ---- transactions ---------------------------------------------------------------------- */

static void roll_back(struct scm_run *run)
{
    struct sc_migrate_error first = *run->err;
    if (!scm_lost(run) && PQtransactionStatus(run->pg) != PQTRANS_IDLE)
        (void)!scm_ask(run, "rollback", NULL, 0, NULL);
    *run->err = first;
}

static enum sc_status commit(struct scm_run *run)
{
    PGresult *result = NULL;
    enum sc_status status = scm_ask(run, "commit", NULL, 0, &result);
    if (status == SC_OK && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        status = scm_fail(run->err, SC_SERVER, SC_TROUBLE_STATEMENT,
                          "the transaction had failed and was rolled back");
    PQclear(result);
    if (status == SC_CONNECTION) {
        run->err->error.status = SC_COMMIT_UNKNOWN;
        return SC_COMMIT_UNKNOWN;
    }
    if (status != SC_OK)
        run->err->trouble = SC_TROUBLE_STATEMENT; /* what was deferred to the commit */
    return status;
}

static enum sc_status end_transaction(struct scm_run *run, enum sc_status status)
{
    if (status == SC_OK)
        status = commit(run);
    if (status != SC_OK)
        roll_back(run);
    return status;
}

enum sc_status scm_in_transaction(struct scm_run *run, scm_work *work)
{
    enum sc_status status = scm_ask(run, "begin", NULL, 0, NULL);
    return end_transaction(run, status == SC_OK ? work(run) : status);
}

static enum sc_status finish_row(struct stepping *s)
{
    return s->state ? scm_history_state(s->run, s->job->seq, s->state) : SC_OK;
}

static enum sc_status run_transaction(struct stepping *s)
{
    struct scm_run *run = s->run;
    const struct scm_step *step = s->step;
    enum sc_status status = scm_ask(run, step->begin ? step->begin : "begin", NULL, 0,
                                    NULL);
    if (status == SC_OK)
        status = scm_run_sql(run, s->job->script, step->statements, step->nstatements);
    if (status == SC_OK)
        status = journal(s, "done", step->nstatements, step->nstatements);
    if (status == SC_OK)
        status = finish_row(s);
    return end_transaction(run, status);
}

/* ---- outside a transaction ------------------------------------------------------------- */

static enum sc_status run_counted(struct stepping *s, size_t i)
{
    struct scm_run *run = s->run;
    enum sc_status status = scm_ask(run, "begin", NULL, 0, NULL);
    if (status == SC_OK)
        status = scm_run_sql(run, s->job->script, &s->step->statements[i], 1);
    if (status == SC_OK)
        status = journal(s, "running", i + 1, i + 1);
    status = end_transaction(run, status);
    s->underway = s->underway || status == SC_OK;
    return status;
}

/* What runs concurrently waits for the transactions before it, however long they are, and
 * nobody queues behind it. */
static enum sc_status run_patiently(struct stepping *s, size_t i)
{
    struct scm_run *run = s->run;
    const struct scm_statement *one = &s->step->statements[i];
    bool patient = one->alone;
    enum sc_status status = SC_OK;
    if (patient)
        status = scm_ask(run, "set lock_timeout = 0", NULL, 0, NULL);
    if (status == SC_OK)
        status = scm_run_sql(run, s->job->script, one, 1);
    if (patient && !scm_lost(run)) {
        struct sc_migrate_error first = *run->err;
        const char *sql = scm_printf(&run->arena, "set lock_timeout = %d",
                                     run->options.lock_timeout_ms);
        (void)!scm_ask(run, sql, NULL, 0, NULL);
        *run->err = first;
    }
    return status;
}

/* A row that says a statement was begun makes a whole index of its name and definition
 * ours, so that there must be none before that is written: the server will refuse the
 * statement, now and the next time. */
static enum sc_status begin_bare(struct stepping *s, size_t i)
{
    const struct scm_statement *one = &s->step->statements[i];
    bool taken = false;
    enum sc_status status = SC_OK;
    if (one->verb == SC__SQL_CREATE_INDEX)
        status = scm_index_taken(s->run, s->job->script, one, &taken);
    if (status == SC_OK && !taken) {
        status = journal(s, "running", i, i + 1);
        s->underway = s->underway || status == SC_OK;
    }
    return status;
}

static enum sc_status run_bare(struct stepping *s, size_t i, bool begun)
{
    struct scm_run *run = s->run;
    const struct scm_statement *one = &s->step->statements[i];
    bool done = false;
    enum sc_status status = begun ? SC_OK : begin_bare(s, i);
    if (status == SC_OK)
        status = scm_resume(run, s->job->script, one, begun, &done);
    if (status == SC_OK && !done)
        status = run_patiently(s, i);
    if (status == SC_OK && one->verb == SC__SQL_CREATE_INDEX)
        status = scm_assert_valid(run, s->job->script, one);
    return status == SC_OK ? journal(s, "running", i + 1, i + 1) : status;
}

static enum sc_status run_statements(struct stepping *s)
{
    struct scm_run *run = s->run;
    size_t begun = 0, done = 0;
    enum sc_status status = read_progress(s, &begun, &done);
    for (size_t i = done; i < s->step->nstatements && status == SC_OK; i++) {
        const struct scm_statement *one = &s->step->statements[i];
        bool bare = one->alone || one->verb == SC__SQL_PROCEDURE;
        status = bare ? run_bare(s, i, i < begun) : run_counted(s, i);
    }
    if (status == SC_OK)
        status = scm_ask(run, "begin", NULL, 0, NULL);
    else
        return status;
    if (status == SC_OK)
        status = journal(s, "done", s->step->nstatements, s->step->nstatements);
    if (status == SC_OK)
        status = finish_row(s);
    return end_transaction(run, status);
}

/* ---- one step -------------------------------------------------------------------------- */

/* A pooler may have given us another server process in between. */
static enum sc_status same_process(struct scm_run *run)
{
    PGresult *result = NULL;
    const char *pid = scm_number(run, run->pid);
    enum sc_status status = scm_ask(run, "select pg_backend_pid() = $1::int4", &pid, 1,
                                    &result);
    if (status == SC_OK && !scm_bool(result, 0, 0))
        status = scm_fail(run->err, SC_MISUSE, SC_TROUBLE_POOLER,
                          "the server process has changed: a transaction pooler is "
                          "between us and the server");
    PQclear(result);
    return status;
}

/* "discard all" and pg_advisory_unlock_all() give away what others must not have. */
static enum sc_status still_locked(struct scm_run *run)
{
    bool held = false;
    enum sc_status status = scm_lock_held(run, &held);
    if (status == SC_OK && !held)
        status = scm_fail(run->err, SC_BUSY, SC_TROUBLE_LOCKED,
                          "the lock is no longer ours: a statement has given it up");
    return status;
}

static enum sc_status try_step(struct stepping *s)
{
    bool blocked = false;
    enum sc_status status = scm_blockers(s->run, s->step, &blocked);
    if (status != SC_OK)
        return status;
    if (blocked) {
        scm_fail(s->run->err, SC_TIMEOUT, SC_TROUBLE_BLOCKED, "%s", s->run->blocker);
        snprintf(s->run->err->error.sqlstate, sizeof s->run->err->error.sqlstate,
                 "55P03"); /* what the server would say */
        return SC_TIMEOUT;
    }
    return s->step->transaction ? run_transaction(s) : run_statements(s);
}

static enum sc_status tell_retry(struct scm_run *run, int attempt, int ms)
{
    run->at.attempt = attempt + 1;
    run->at.ms = ms;
    scm_tell(run, SC_MIGRATE_RETRY, "attempt %d of %d follows in %d ms: %s",
             attempt + 1, run->options.attempts, ms, run->err->text);
    run->at.attempt = 0;
    return scm_stop(run);
}

static enum sc_status try_often(struct stepping *s)
{
    struct scm_run *run = s->run;
    int backoff = FIRST_BACKOFF_MS;
    for (int attempt = 1;; attempt++) {
        enum sc_status status = try_step(s);
        if (status == SC_OK || scm_lost(run) || !scm_may_retry(run->err))
            return status;
        if (attempt >= run->options.attempts) {
            if (strcmp(run->err->error.sqlstate, "55P03") == 0)
                run->err->trouble = SC_TROUBLE_BLOCKED;
            return status;
        }
        int ms = scm_jitter(run, backoff);
        status = tell_retry(run, attempt, ms);
        if (status == SC_OK)
            status = scm_sleep(run, ms);
        if (status != SC_OK)
            return status;
        backoff = backoff * 2 < LONGEST_BACKOFF_MS ? backoff * 2 : LONGEST_BACKOFF_MS;
    }
}

static void blame(struct stepping *s)
{
    struct sc_migrate_error *err = s->run->err;
    snprintf(err->migration, sizeof err->migration, "%s", s->job->name);
    err->step = s->number;
    if (!err->file[0] && s->step->nstatements)
        scm_place(err, s->job->script, s->step->statements[0].start);
}

static enum sc_status run_step(struct stepping *s)
{
    struct scm_run *run = s->run;
    int64_t started = scm_clock_ms();
    run->at.step = s->number;
    run->at.title = s->step->title;
    run->at.outside = !s->step->transaction;
    scm_tell(run, SC_MIGRATE_STEP, "step %d of %d: %s", s->number, run->at.steps,
             s->step->title);
    enum sc_status status = scm_stop(run);
    if (status == SC_OK)
        status = same_process(run);
    if (status == SC_OK)
        status = still_locked(run);
    if (status == SC_OK)
        status = try_often(s);
    run->at.ms = scm_clock_ms() - started;
    if (status == SC_OK) {
        scm_tell(run, SC_MIGRATE_STEP_DONE, "done");
        status = scm_stop(run);
    } else {
        blame(s);
        journal_failure(s);
    }
    run->at.ms = 0;
    run->at.step = 0;
    run->at.outside = false;
    run->at.title = "";
    return status;
}

/* ---- doors ------------------------------------------------------------------------------ */

enum sc_status scm_steps(struct scm_run *run, const struct scm_job *job,
                         const char *state)
{
    const struct scm_script *script = job->script;
    enum sc_status status = SC_OK;
    run->at.steps = (int)script->nsteps;
    for (size_t i = (size_t)job->done; i < script->nsteps && status == SC_OK; i++) {
        struct stepping s = { .run = run, .job = job, .step = &script->steps[i] };
        s.number = (int)i + 1;
        s.state = i + 1 == script->nsteps ? state : NULL;
        status = run_step(&s);
    }
    if (status == SC_OK && (size_t)job->done >= script->nsteps)
        status = scm_history_state(run, job->seq, state);
    return status;
}

static enum sc_status run_check(struct scm_run *run, const struct scm_job *job,
                                const struct scm_check *check)
{
    enum sc_status status = scm_ask(run, "begin read only", NULL, 0, NULL);
    if (status == SC_OK)
        status = scm_run_sql(run, job->script, &check->statement, 1);
    if (status != SC_OK && run->err->trouble == SC_TROUBLE_STATEMENT) {
        snprintf(run->err->migration, sizeof run->err->migration, "%s", job->name);
        run->err->trouble = scm_may_retry(run->err) ? SC_TROUBLE_BLOCKED
                                                    : SC_TROUBLE_CHECK;
    }
    roll_back(run);
    return status;
}

enum sc_status scm_checks(struct scm_run *run, const struct scm_job *job)
{
    enum sc_status status = SC_OK;
    for (size_t i = 0; i < job->script->nchecks && status == SC_OK; i++) {
        const struct scm_check *check = &job->script->checks[i];
        run->at.title = check->title;
        status = run_check(run, job, check);
        if (status == SC_OK) {
            scm_tell(run, SC_MIGRATE_CHECK, "%s", check->title);
            status = scm_stop(run);
        }
        run->at.title = "";
    }
    return status;
}
