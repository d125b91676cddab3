/* polite.c: who would keep a step waiting for a table. A statement that waits for a strong
 * lock makes everybody else queue behind it, so that old transactions are looked for
 * before it is sent. Must not run a step. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

/* Of the modes that a migration asks for from SHARE up: what they conflict with.
 * Source: PostgreSQL 15's manual, table 13.2. */
static const char *conflicts_of(const char *mode)
{
    static const char *const TABLE[][2] = {
        { "ShareLock",
          "{RowExclusiveLock,ShareUpdateExclusiveLock,ShareRowExclusiveLock,"
          "ExclusiveLock,AccessExclusiveLock}" },
        { "ShareRowExclusiveLock",
          "{RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,ShareRowExclusiveLock,"
          "ExclusiveLock,AccessExclusiveLock}" },
        { "ExclusiveLock",
          "{RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,ShareLock,"
          "ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}" },
    };
    for (size_t i = 0; i < SCM_COUNT(TABLE); i++) {
        if (strcmp(TABLE[i][0], mode) == 0)
            return TABLE[i][1];
    }
    return "{AccessShareLock,RowShareLock,RowExclusiveLock,ShareUpdateExclusiveLock,"
           "ShareLock,ShareRowExclusiveLock,ExclusiveLock,AccessExclusiveLock}";
}

/* Transactions younger than a second will be over before they matter; autovacuum gives
 * way by itself; prepared transactions have no process. */
static const char BLOCKERS[] =
    "select l.pid, coalesce(a.usename, '?') || '@' ||"
    " coalesce(host(a.client_addr), 'local') || ', ' || coalesce(a.application_name, "
    "''),"
    " coalesce(a.state, '?'),"
    " coalesce(extract(epoch from clock_timestamp() - a.xact_start)::int8, 0),"
    " coalesce(left(regexp_replace(a.query, '\\s+', ' ', 'g'), 80), '')"
    " from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid"
    " where l.locktype = 'relation' and l.granted and l.relation in"
    " (select c.oid from pg_catalog.pg_class c join pg_catalog.pg_namespace n"
    " on n.oid = c.relnamespace where n.nspname || '.' || c.relname = $1)"
    " and l.database = (select oid from pg_catalog.pg_database"
    " where datname = current_database())"
    " and l.mode = any ($2::text[]) and l.pid <> pg_backend_pid()"
    " and a.backend_type <> 'autovacuum worker'"
    " and a.xact_start < clock_timestamp() - interval '1 second'"
    " order by a.xact_start limit 5";

static void tell(struct scm_run *run, const struct scm_lock *lock, const PGresult *r,
                 int i)
{
    run->at.pid = (int)scm_int(r, i, 0);
    run->at.who = PQgetvalue(r, i, 1);
    snprintf(
        run->blocker, sizeof run->blocker,
        "server process %d (%s) holds a lock on %s in a transaction of %s s (%s): %s",
        run->at.pid, run->at.who, lock->relation, PQgetvalue(r, i, 3),
        PQgetvalue(r, i, 2), PQgetvalue(r, i, 4));
    scm_tell(run, SC_MIGRATE_BLOCKER, "%s", run->blocker);
    run->at.pid = 0;
    run->at.who = "";
}

enum sc_status scm_blockers(struct scm_run *run, const struct scm_step *step,
                            bool *blocked)
{
    *blocked = false;
    for (size_t i = 0; i < step->nlocks; i++) {
        const struct scm_lock *lock = &step->locks[i];
        const char *params[] = { lock->relation, conflicts_of(lock->mode) };
        PGresult *result = NULL;
        enum sc_status status = scm_ask(run, BLOCKERS, params, 2, &result);
        if (status != SC_OK)
            return status;
        for (int k = 0; k < PQntuples(result); k++)
            tell(run, lock, result, k);
        *blocked = *blocked || PQntuples(result) > 0;
        PQclear(result);
    }
    return scm_stop(run);
}
