/* session.c: makes a connection ready for migrating, and gives it back as it was. Must not
 * know of migrations. */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What the session gets. NULL: from the options. A server without a setting keeps it
 * (client_connection_check_interval is of PostgreSQL 14: it lets a server process notice
 * that its migrator was killed, so that the next one need not wait for its statement). */
static const struct {
    const char *name, *value;
} SETTINGS[SCM_SETTINGS] = {
    { "lock_timeout", NULL },     { "statement_timeout", NULL },
    { "application_name", NULL }, { "idle_in_transaction_session_timeout", "60s" },
    { "TimeZone", "UTC" },        { "standard_conforming_strings", "on" },
    { "search_path", NULL },      { "client_connection_check_interval", "2s" },
};
enum { LOCK_TIMEOUT, STATEMENT_TIMEOUT, APPLICATION, SEARCH_PATH = SCM_SETTINGS - 2 };

struct scm_run scm_run_of(struct sc_db *db, const struct sc_migrations *set,
                          const struct sc_migrate_options *options,
                          struct sc_migrate_error *err)
{
    struct scm_run run = { .db = db, .set = set, .err = err, .command = "rollback" };
    if (options)
        run.options = *options;
    struct sc_migrate_options *o = &run.options;
    o->application = o->application ? o->application : "schemac migrate";
    o->lock_wait_ms = o->lock_wait_ms ? o->lock_wait_ms : 60000;
    o->lock_timeout_ms = o->lock_timeout_ms > 0 ? o->lock_timeout_ms : 2000;
    o->attempts = o->attempts > 0 ? o->attempts : 10;
    run.schema_raw = o->schema ? o->schema : "schemac";
    run.key = scm_lock_key(run.schema_raw);
    run.random = (uint64_t)getpid() * 2654435761u + (uint64_t)scm_clock_ms();
    run.at = (struct sc_migrate_event){
        .migration = "", .title = "", .sql = "", .who = "", .text = ""
    };
    return run;
}

/* ---- settings ------------------------------------------------------------------------ */

/* Also gives the search path to use: a role that is called as the history's schema is
 * would make its tables there. */
static enum sc_status save_settings(struct scm_run *run, const char **path)
{
    PGresult *result = NULL;
    enum sc_status status = scm_ask(
        run,
        "select current_setting('lock_timeout'), current_setting('statement_timeout'),"
        " current_setting('application_name'),"
        " current_setting('idle_in_transaction_session_timeout'),"
        " current_setting('TimeZone'), current_setting('standard_conforming_strings'),"
        " current_setting('search_path'),"
        " current_setting('client_connection_check_interval', true), pg_backend_pid(),"
        " case when current_user = $1 then "
        "regexp_replace(current_setting('search_path'),"
        " '\"?\\$user\"?\\s*,?\\s*', '') else current_setting('search_path') end",
        &run->schema_raw, 1, &result);
    if (status != SC_OK)
        return status;
    for (int i = 0; i < SCM_SETTINGS; i++) {
        const char *value = PQgetvalue(result, 0, i);
        run->saved[i] = PQgetisnull(result, 0, i)
                            ? NULL
                            : scm_copy(&run->arena, value, strlen(value));
    }
    run->pid = (int)scm_int(result, 0, SCM_SETTINGS);
    *path = scm_copy(&run->arena, PQgetvalue(result, 0, SCM_SETTINGS + 1),
                     (size_t)PQgetlength(result, 0, SCM_SETTINGS + 1));
    PQclear(result);
    return SC_OK;
}

static enum sc_status set(struct scm_run *run, int i, const char *value)
{
    const char *params[] = { SETTINGS[i].name, value };
    return scm_ask(run, "select set_config($1, $2, false)", params, 2, NULL);
}

static enum sc_status put_settings(struct scm_run *run, const char *path)
{
    const char *values[SCM_SETTINGS] = {
        [LOCK_TIMEOUT] = scm_printf(&run->arena, "%dms", run->options.lock_timeout_ms),
        [STATEMENT_TIMEOUT] = scm_printf(&run->arena, "%dms",
                                         run->options.statement_timeout_ms),
        [APPLICATION] = run->options.application,
        [SEARCH_PATH] = path
    };
    enum sc_status status = SC_OK;
    for (int i = 0; i < SCM_SETTINGS && status == SC_OK; i++) {
        bool optional = i == SCM_SETTINGS - 1;
        if (optional && !run->saved[i])
            continue;
        status = set(run, i, SETTINGS[i].value ? SETTINGS[i].value : values[i]);
        /* A platform that cannot watch a socket refuses it. */
        if (optional && status == SC_BAD_VALUE)
            status = SC_OK;
    }
    return status;
}

/* What a statement can set. Those of a transaction end with it; a placeholder of a module
 * that is not loaded does not show. */
#define SETTABLE "s.context in ('user', 'superuser') and s.name !~ '^transaction_'"

static enum sc_status remember_settings(struct scm_run *run)
{
    PGresult *result = NULL;
    enum sc_status status = scm_ask(
        run,
        "select json_build_array(session_user, current_setting('role'),"
        " (select json_object_agg(s.name, s.setting) from pg_catalog.pg_settings s"
        " where " SETTABLE "))",
        NULL, 0, &result);
    if (status == SC_OK)
        run->settings = scm_copy(&run->arena, PQgetvalue(result, 0, 0),
                                 (size_t)PQgetlength(result, 0, 0));
    PQclear(result);
    return status;
}

enum sc_status scm_settle(struct scm_run *run)
{
    return scm_ask(
        run,
        "select case when session_user <> $1::json ->> 0"
        " then set_config('session_authorization', $1::json ->> 0, false) end,"
        " case when current_setting('role') <> $1::json ->> 1"
        " then set_config('role', $1::json ->> 1, false) end,"
        " (select count(set_config(s.name, was.value, false))"
        " from pg_catalog.json_each_text($1::json -> 2) was (name, value)"
        " join pg_catalog.pg_settings s on s.name = was.name"
        " where s.setting <> was.value and " SETTABLE ")",
        &run->settings, 1, NULL);
}

static enum sc_status restore_settings(struct scm_run *run)
{
    bool whole = run->settings && !scm_lost(run);
    enum sc_status status = whole ? scm_settle(run) : SC_OK;
    for (int i = 0; i < SCM_SETTINGS && !scm_lost(run) && status == SC_OK; i++) {
        if (run->saved[i])
            status = set(run, i, run->saved[i]);
    }
    return status;
}

/* ---- poolers ------------------------------------------------------------------------- */

static PGconn *connect_again(struct scm_run *run)
{
    enum { MAX = 64 };
    const char *keys[MAX + 1] = { NULL }, *values[MAX + 1] = { NULL };
    PQconninfoOption *all = PQconninfo(run->pg);
    int n = 0;
    for (const PQconninfoOption *o = all; o && o->keyword && n < MAX; o++) {
        if (!o->val || !*o->val)
            continue;
        keys[n] = o->keyword;
        values[n++] = o->val;
    }
    PGconn *other = PQconnectdbParams(keys, values, 0);
    PQconninfoFree(all);
    return other;
}

static int ask_pid(PGconn *pg)
{
    PGresult *result = PQexec(pg, "select pg_backend_pid()");
    int pid = PQresultStatus(result) == PGRES_TUPLES_OK ? (int)scm_int(result, 0, 0)
                                                        : 0;
    PQclear(result);
    return pid;
}

/* The number that the server gave at the start is its process's, and a pooler's own. Then
 * one that pools by transaction lets another connection use the process that has just
 * served us. */
static enum sc_status refuse_pooler(struct scm_run *run)
{
    if (PQbackendPID(run->pg) == run->pid)
        return SC_OK;
    PGconn *other = connect_again(run);
    bool shared = false;
    for (int i = 0; i < 3 && !shared; i++) {
        int mine = ask_pid(run->pg);
        int theirs = PQstatus(other) == CONNECTION_OK ? ask_pid(other) : 0;
        shared = mine != run->pid || mine == theirs;
    }
    PQfinish(other);
    if (!shared)
        return SC_OK;
    scm_fail(
        run->err, SC_MISUSE, SC_TROUBLE_POOLER,
        "this connection goes through a pooler that changes the server process with "
        "each transaction: no lock of ours would last");
    scm_hint(run->err, "Connect to the server itself, or to a pool in session mode.");
    return SC_MISUSE;
}

/* ---- doors --------------------------------------------------------------------------- */

static enum sc_status misuse(struct scm_run *run, const char *why)
{
    run->pg = NULL;
    return scm_fail(run->err, SC_MISUSE, SC_TROUBLE_SERVER, "%s", why);
}

static enum sc_status look_at_connection(struct scm_run *run)
{
    run->pg = run->db ? sc_borrow(run->db) : NULL;
    if (!run->pg)
        return misuse(run, "a connection is needed, not a pool");
    if (scm_lost(run))
        return scm_fail_result(run->err, run->pg, NULL, SC_TROUBLE_SERVER);
    if (PQtransactionStatus(run->pg) != PQTRANS_IDLE)
        return misuse(run, "the connection is in a transaction");
    return SC_OK;
}

enum sc_status scm_enter(struct scm_run *run)
{
    enum sc_status status = look_at_connection(run);
    if (status != SC_OK)
        return status;
    char *quoted = PQescapeIdentifier(run->pg, run->schema_raw,
                                      strlen(run->schema_raw));
    run->schema = quoted ? scm_copy(&run->arena, quoted, strlen(quoted)) : NULL;
    PQfreemem(quoted);
    if (!run->schema)
        return scm_no_memory(run->err);
    const char *path = "";
    status = save_settings(run, &path);
    if (status == SC_OK)
        status = put_settings(run, path);
    if (status == SC_OK)
        status = remember_settings(run);
    if (status == SC_OK && run->arena.failed)
        status = scm_no_memory(run->err);
    if (status == SC_OK) {
        run->at.pid = run->pid;
        scm_tell(run, SC_MIGRATE_CONNECTED, "server process %d", run->pid);
        run->at.pid = 0;
        status = scm_stop(run);
    }
    return status;
}

enum sc_status scm_enter_locked(struct scm_run *run)
{
    enum sc_status status = scm_enter(run);
    if (status == SC_OK)
        status = refuse_pooler(run);
    if (status == SC_OK)
        status = scm_lock(run);
    if (status == SC_OK)
        status = scm_layout(run);
    if (status == SC_OK)
        status = scm_history_read(run);
    return status;
}

/* A dry run only looks: it takes no lock and makes nothing. */
static enum sc_status enter_dry(struct scm_run *run)
{
    bool exists = false;
    enum sc_status status = scm_enter(run);
    if (status == SC_OK)
        status = scm_layout_exists(run, &exists);
    run->bare = !exists;
    return status == SC_OK && exists ? scm_history_read(run) : status;
}

enum sc_status scm_leave(struct scm_run *run, enum sc_status status)
{
    if (run->pg) {
        struct sc_migrate_error first = *run->err;
        if (!scm_lost(run) && PQtransactionStatus(run->pg) != PQTRANS_IDLE)
            PQclear(PQexec(run->pg, "rollback"));
        enum sc_status left = run->locked ? scm_unlock(run) : SC_OK;
        enum sc_status restored = left == SC_OK ? restore_settings(run) : left;
        if (status == SC_OK && !scm_lost(run))
            status = restored;
        else
            *run->err = first;
    }
    scm_release(&run->arena);
    return status;
}

/* ---- lost connections ------------------------------------------------------------------ */

static enum sc_status reconnect(struct scm_run *run, int attempt)
{
    enum sc_status status = scm_sleep(run, scm_jitter(run, attempt < 5 ? 400 : 2000));
    if (status != SC_OK)
        return status;
    PQreset(run->pg);
    if (scm_lost(run))
        return scm_fail_result(run->err, run->pg, NULL, SC_TROUBLE_SERVER);
    scm_tell(run, SC_MIGRATE_RECONNECTED, "connected again");
    return SC_OK;
}

static bool is_lost(const struct scm_run *run, enum sc_status status)
{
    return (status == SC_CONNECTION || status == SC_COMMIT_UNKNOWN) && run->pg &&
           scm_lost(run);
}

enum sc_status scm_under_lock(struct scm_run *run, scm_work *work)
{
    const struct scm_run fresh = *run;
    struct sc_migrate_error ignored;
    run->err = run->err ? run->err : &ignored;
    enum sc_status status = run->options.dry_run ? enter_dry(run)
                                                 : scm_enter_locked(run);
    if (status == SC_OK)
        status = work(run);
    for (int i = 1;
         i <= run->options.reconnects && !run->options.dry_run && is_lost(run, status);
         i++) {
        enum sc_status again = reconnect(run, i);
        if (again == SC_CONNECTION)
            continue;
        if (again != SC_OK)
            return scm_leave(run, again);
        struct sc_migrate_error *err = run->err;
        run->locked = false; /* that went with the session */
        scm_leave(run, SC_OK);
        *run = fresh;
        run->err = err;
        status = scm_enter_locked(run);
        if (status == SC_OK)
            status = work(run);
    }
    return scm_leave(run, status);
}
