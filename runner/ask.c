/* ask.c: runs statements on the migrating connection, tells the caller that time passes
 * while they run, and cancels them when the caller has had enough. Must not know what
 * they are for. */
#include "runner.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TICK_MS = 500 };

/* ---- telling ------------------------------------------------------------------------- */

static void call_back(struct scm_run *run, enum sc_migrate_kind kind, const char *text)
{
    if (!run->options.event)
        return;
    run->at.kind = kind;
    run->at.text = text;
    if (!run->options.event(run->options.user, &run->at))
        run->stopped = true;
    run->at.text = "";
}

void scm_tell(struct scm_run *run, enum sc_migrate_kind kind, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    call_back(run, kind, text);
}

enum sc_status scm_stop(struct scm_run *run)
{
    return run->stopped
               ? scm_fail(run->err, SC_CANCELLED, SC_TROUBLE_STOPPED, "stopped")
               : SC_OK;
}

/* ---- time ---------------------------------------------------------------------------- */

int64_t scm_clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* xorshift64* by Marsaglia and Vigna: nothing depends on its quality. */
int scm_jitter(struct scm_run *run, int ms)
{
    uint64_t x = run->random ? run->random : 88172645463325252u;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    run->random = x;
    return ms / 2 + (int)(x * 2685821657736338717u % (uint64_t)(ms > 0 ? ms : 1));
}

static void tick(struct scm_run *run, int64_t started)
{
    run->at.ms = scm_clock_ms() - started;
    call_back(run, SC_MIGRATE_TICK, "");
}

enum sc_status scm_sleep(struct scm_run *run, int ms)
{
    int64_t end = scm_clock_ms() + ms;
    for (int64_t left = ms; left > 0 && !run->stopped; left = end - scm_clock_ms()) {
        poll(NULL, 0, (int)(left < TICK_MS ? left : TICK_MS));
        if (left > TICK_MS)
            tick(run, end - ms);
    }
    return scm_stop(run);
}

/* ---- results ------------------------------------------------------------------------- */

bool scm_lost(const struct scm_run *run)
{
    return PQstatus(run->pg) == CONNECTION_BAD;
}

static void cancel(struct scm_run *run)
{
    char ignored[256];
    PGcancel *cancel = PQgetCancel(run->pg);
    if (cancel)
        PQcancel(cancel, ignored, sizeof ignored);
    PQfreeCancel(cancel);
}

/* The next result, NULL at the end of the answer and when the connection is lost. */
static PGresult *next_result(struct scm_run *run, int64_t started)
{
    bool was_stopped = run->stopped;
    while (PQisBusy(run->pg)) {
        struct pollfd on = { .fd = PQsocket(run->pg), .events = POLLIN };
        int ready = poll(&on, 1, TICK_MS);
        if (ready == 0)
            tick(run, started);
        if (run->stopped && !was_stopped) {
            was_stopped = true;
            cancel(run);
        }
        if (ready != 0 && !PQconsumeInput(run->pg))
            break; /* PQgetResult says what happened */
    }
    return PQgetResult(run->pg);
}

static bool is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
           status == PGRES_EMPTY_QUERY;
}

/* Gives a failed result's error; a cancelled statement's is that we were stopped. */
static enum sc_status fail_result(struct scm_run *run, const PGresult *result,
                                  enum sc_trouble trouble)
{
    enum sc_status status = scm_fail_result(run->err, run->pg, result, trouble);
    if (status == SC_CANCELLED && run->stopped)
        status = scm_stop(run);
    return status;
}

static enum sc_status collect_one(struct scm_run *run, PGresult **result)
{
    int64_t started = scm_clock_ms();
    PGresult *last = NULL, *next;
    while ((next = next_result(run, started)) != NULL) {
        PQclear(last);
        last = next;
    }
    enum sc_status status = SC_OK;
    if (!last || !is_good(last))
        status = fail_result(run, last, SC_TROUBLE_SERVER);
    if (status == SC_OK && result) {
        *result = last;
        return SC_OK;
    }
    PQclear(last);
    return status;
}

enum sc_status scm_ask(struct scm_run *run, const char *sql, const char *const *params,
                       int nparams, PGresult **result)
{
    if (result)
        *result = NULL;
    if (!PQsendQueryParams(run->pg, sql, nparams, NULL, params, NULL, NULL, 0))
        return fail_result(run, NULL, SC_TROUBLE_SERVER);
    return collect_one(run, result);
}

enum sc_status scm_history_ask(struct scm_run *run, const char *sql,
                               const char *const *params, int nparams,
                               PGresult **result)
{
    struct scm_text text = { 0 };
    for (const char *at = sql; at;) {
        const char *hit = strchr(at, '@');
        if (hit)
            scm_putf(&text, "%.*s%s", (int)(hit - at), at, run->schema);
        else
            scm_put(&text, at);
        at = hit ? hit + 1 : NULL;
    }
    enum sc_status status = text.failed ? scm_no_memory(run->err)
                                        : scm_ask(run, text.s, params, nparams, result);
    scm_text_release(&text);
    return status;
}

int64_t scm_int(const PGresult *result, int row, int column)
{
    return strtoll(PQgetvalue(result, row, column), NULL, 10);
}

bool scm_bool(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column)[0] == 't';
}

/* ---- a script's statements ------------------------------------------------------------ */

/* Nothing of a migration reads or writes its rows through us. */
static void end_copy(struct scm_run *run, const PGresult *result)
{
    char *row = NULL;
    if (PQresultStatus(result) == PGRES_COPY_IN)
        PQputCopyEnd(run->pg, "a migration has no input to copy from");
    if (PQresultStatus(result) == PGRES_COPY_OUT) {
        while (PQgetCopyData(run->pg, &row, 0) > 0)
            PQfreemem(row);
    }
}

struct sent {
    const struct scm_script *script;
    const struct scm_statement *statements;
    size_t n;
    size_t done; /* answered */
};

static enum sc_status fail_statement(struct scm_run *run, const struct sent *sent,
                                     const PGresult *result)
{
    enum sc_status status = fail_result(run, result, SC_TROUBLE_STATEMENT);
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    size_t first = sent->statements[0].start;
    size_t which = sent->done < sent->n ? sent->done : sent->n - 1;
    size_t at = sent->statements[which].start;
    if (position) {
        const struct scm_statement *last = &sent->statements[sent->n - 1];
        at = first + sc__sql_character(sent->script->text + first,
                                       last->start + last->size - first,
                                       (size_t)strtoull(position, NULL, 10));
    }
    if (run->err->trouble != SC_TROUBLE_SERVER)
        scm_place(run->err, sent->script, at);
    return status;
}

static enum sc_status collect_all(struct scm_run *run, struct sent *sent)
{
    enum sc_status status = SC_OK;
    int64_t started = scm_clock_ms();
    PGresult *result;
    while ((result = next_result(run, started)) != NULL) {
        end_copy(run, result);
        ExecStatusType kind = PQresultStatus(result);
        if (is_good(result))
            sent->done++;
        else if (kind != PGRES_COPY_IN && kind != PGRES_COPY_OUT && status == SC_OK)
            status = fail_statement(run, sent, result);
        PQclear(result);
    }
    if (status == SC_OK && scm_lost(run))
        status = fail_result(run, NULL, SC_TROUBLE_SERVER);
    return status;
}

enum sc_status scm_run_sql(struct scm_run *run, const struct scm_script *script,
                           const struct scm_statement *statements, size_t n)
{
    struct sent sent = { script, statements, n, 0 };
    struct scm_text text = { 0 };
    if (n == 0)
        return SC_OK;
    const struct scm_statement *last = &statements[n - 1];
    size_t size = last->start + last->size - statements[0].start;
    scm_putf(&text, "%.*s", (int)size, script->text + statements[0].start);
    enum sc_status status = text.failed ? scm_no_memory(run->err) : SC_OK;
    if (status == SC_OK && !PQsendQuery(run->pg, text.s))
        status = fail_result(run, NULL, SC_TROUBLE_SERVER);
    else if (status == SC_OK)
        status = collect_all(run, &sent);
    run->at.sql = text.s ? text.s : "";
    if (status == SC_OK) {
        run->at.ms = 0;
        call_back(run, SC_MIGRATE_SQL, "");
        status = scm_stop(run);
    }
    run->at.sql = "";
    scm_text_release(&text);
    return status;
}
