/* lock.c: the advisory lock that one migrator at a time holds. Must not know what it
 * guards.
 *
 * A session lock, asked for with pg_try_advisory_lock in short statements: a statement
 * that waits for it would hold a snapshot, and a CREATE INDEX CONCURRENTLY of the holder's
 * would wait for that: a deadlock. */
#include "runner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_WAIT_MS = 25, LONGEST_WAIT_MS = 1000, TELL_MS = 5000 };

/* FNV-1a; another history, another lock. */
int64_t scm_lock_key(const char *schema)
{
    static const char PREFIX[] = "schemac migrations of ";
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < sizeof PREFIX - 1; i++)
        hash = (hash ^ (unsigned char)PREFIX[i]) * 1099511628211u;
    for (; *schema; schema++)
        hash = (hash ^ (unsigned char)*schema) * 1099511628211u;
    return (int64_t)hash;
}

static enum sc_status call(struct scm_run *run, const char *function, bool *yes)
{
    char sql[96];
    PGresult *result = NULL;
    snprintf(sql, sizeof sql, "select %s(%" PRId64 ")", function, run->key);
    enum sc_status status = scm_ask(run, sql, NULL, 0, &result);
    if (status == SC_OK)
        *yes = scm_bool(result, 0, 0);
    PQclear(result);
    return status;
}

/* ---- who holds it -------------------------------------------------------------------- */

/* What the holder wrote of itself. */
static enum sc_status read_note(struct scm_run *run, int pid, const char **who)
{
    bool exists = false;
    char text[16];
    PGresult *result = NULL;
    enum sc_status status = scm_layout_exists(run, &exists);
    if (status != SC_OK || !exists)
        return status;
    snprintf(text, sizeof text, "%d", pid);
    status = scm_history_ask(run,
                             "select who || ', since ' || date_trunc('second', since)"
                             " from @.holder where pid = $1::int4",
                             (const char *[]){ text }, 1, &result);
    if (status == SC_OK && PQntuples(result))
        *who = scm_copy(&run->arena, PQgetvalue(result, 0, 0),
                        (size_t)PQgetlength(result, 0, 0));
    PQclear(result);
    return status;
}

/* The key as pg_locks shows it. */
static void put_halves(const struct scm_run *run, char high[16], char low[16])
{
    snprintf(high, 16, "%" PRIu32, (uint32_t)((uint64_t)run->key >> 32));
    snprintf(low, 16, "%" PRIu32, (uint32_t)run->key);
}

enum sc_status scm_holder(struct scm_run *run, int *pid, const char **who)
{
    char high[16], low[16];
    PGresult *result = NULL;
    *pid = 0;
    *who = "";
    put_halves(run, high, low);
    enum sc_status status = scm_ask(
        run,
        "select l.pid, coalesce(a.usename, '?') || '@' ||"
        " coalesce(host(a.client_addr), 'local') || ', ' ||"
        " coalesce(a.application_name, '') || coalesce(', since ' ||"
        " date_trunc('second', a.backend_start), '')"
        " from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a"
        " on a.pid = l.pid where l.locktype = 'advisory' and l.granted"
        " and l.database = (select oid from pg_catalog.pg_database"
        " where datname = current_database()) and l.classid = $1::oid"
        " and l.objid = $2::oid and l.objsubid = 1 limit 1",
        (const char *[]){ high, low }, 2, &result);
    if (status == SC_OK && PQntuples(result)) {
        *pid = (int)scm_int(result, 0, 0);
        *who = scm_copy(&run->arena, PQgetvalue(result, 0, 1),
                        (size_t)PQgetlength(result, 0, 1));
    }
    PQclear(result);
    return status == SC_OK && *pid ? read_note(run, *pid, who) : status;
}

static enum sc_status tell_holder(struct scm_run *run, int *pid, const char **who)
{
    enum sc_status status = scm_holder(run, pid, who);
    if (status != SC_OK || !*pid)
        return status;
    run->at.pid = *pid;
    run->at.who = *who;
    scm_tell(run, SC_MIGRATE_WAITING,
             "another migrator is at work: %s (server process %d)", *who, *pid);
    run->at.pid = 0;
    run->at.who = "";
    return scm_stop(run);
}

static enum sc_status give_up(struct scm_run *run, int pid, const char *who)
{
    scm_fail(run->err, SC_BUSY, SC_TROUBLE_LOCKED,
             "another migrator has been at work for all of the %d seconds: %s (server "
             "process %d)",
             run->options.lock_wait_ms / 1000, who, pid);
    scm_hint(run->err, "Wait for it, or end its connection with pg_terminate_backend.");
    return SC_BUSY;
}

/* ---- doors --------------------------------------------------------------------------- */

enum sc_status scm_lock(struct scm_run *run)
{
    int64_t started = scm_clock_ms(), told = started - TELL_MS;
    int wait = FIRST_WAIT_MS, pid = 0;
    const char *who = "";
    for (;;) {
        enum sc_status status = call(run, "pg_catalog.pg_try_advisory_lock",
                                     &run->locked);
        if (status != SC_OK)
            return status;
        if (run->locked) {
            scm_tell(run, SC_MIGRATE_LOCKED, "the lock is ours");
            return scm_stop(run);
        }
        int64_t now = scm_clock_ms();
        if (now - told >= TELL_MS) {
            status = tell_holder(run, &pid, &who);
            told = pid ? now : told; /* it may have just gone */
        }
        if (status == SC_OK && run->options.lock_wait_ms >= 0 &&
            now - started >= run->options.lock_wait_ms)
            return give_up(run, pid, who);
        if (status == SC_OK)
            status = scm_sleep(run, scm_jitter(run, wait));
        if (status != SC_OK)
            return status;
        wait = wait * 2 < LONGEST_WAIT_MS ? wait * 2 : LONGEST_WAIT_MS;
    }
}

enum sc_status scm_lock_held(struct scm_run *run, bool *held)
{
    char high[16], low[16];
    PGresult *result = NULL;
    put_halves(run, high, low);
    enum sc_status status = scm_ask(
        run,
        "select exists (select from pg_catalog.pg_locks where locktype = 'advisory'"
        " and granted and pid = pg_backend_pid() and classid = $1::oid"
        " and objid = $2::oid and objsubid = 1)",
        (const char *[]){ high, low }, 2, &result);
    if (status == SC_OK)
        *held = scm_bool(result, 0, 0);
    PQclear(result);
    return status;
}

enum sc_status scm_unlock(struct scm_run *run)
{
    bool held = false;
    run->locked = false;
    if (scm_lost(run))
        return SC_OK;
    enum sc_status status = call(run, "pg_catalog.pg_advisory_unlock", &held);
    if (status == SC_OK && !held)
        status = scm_fail(run->err, SC_SERVER, SC_TROUBLE_POOLER,
                          "the lock was not ours at the end: somebody else may have "
                          "migrated at the same time");
    return status;
}
