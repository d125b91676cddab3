/* drift.c: what the server's catalogs say, recorded after migrations and compared later:
 * PostgreSQL's own text on both sides. Must not know what a definition means. */
#include "runner.h"
#include "catalog_sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The catalog is read with a search path on which nothing of the user's stands, so that
 * every name is written with its schema. */
static enum sc_status begin(struct scm_run *run)
{
    enum sc_status status = scm_ask(run, "begin isolation level repeatable read", NULL,
                                    0, NULL);
    return status == SC_OK
               ? scm_ask(run, "set local search_path = pg_catalog", NULL, 0, NULL)
               : status;
}

static enum sc_status end(struct scm_run *run, enum sc_status status)
{
    if (status == SC_OK)
        return scm_ask(run, "commit", NULL, 0, NULL);
    struct sc_migrate_error first = *run->err;
    if (!scm_lost(run))
        (void)!scm_ask(run, "rollback", NULL, 0, NULL);
    *run->err = first;
    return status;
}

/* ---- comparing ------------------------------------------------------------------------- */

static const char *get(struct scm_run *run, const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column)
               ? NULL
               : scm_copy(&run->arena, PQgetvalue(result, row, column),
                          (size_t)PQgetlength(result, row, column));
}

static enum sc_status compare(struct scm_run *run, PGresult **result)
{
    const char *sql = scm_printf(
        &run->arena,
        "select coalesce(c.kind, l.kind), coalesce(c.identity, l.identity),"
        " c.definition, l.definition from %s.catalog c full join (%s) l"
        " on l.kind = c.kind and l.identity = c.identity"
        " where c.definition is distinct from l.definition order by 1, 2",
        run->schema, sc__catalog_sql);
    enum sc_status status = run->arena.failed ? scm_no_memory(run->err) : begin(run);
    if (status == SC_OK)
        status = scm_ask(run, sql, &run->schema_raw, 1, result);
    return end(run, status);
}

/* The rows of the history that a record of the catalog was made for. */
static const char *mark_of(struct scm_run *run)
{
    const struct scm_history *history = &run->history;
    int64_t last = history->n ? history->rows[history->n - 1].seq : 0;
    return scm_printf(&run->arena, "%" PRId64 "/%zu", last, history->n);
}

static enum sc_status recorded(struct scm_run *run, const char **mark)
{
    PGresult *result = NULL;
    *mark = NULL;
    enum sc_status status = scm_history_ask(run, "select catalog_at from @.layout",
                                            NULL, 0, &result);
    if (status == SC_OK && PQntuples(result))
        *mark = get(run, result, 0, 0);
    PQclear(result);
    return status;
}

/* Half a migration is no drift. */
static bool is_midway(const struct scm_run *run)
{
    for (size_t i = 0; i < run->history.n; i++) {
        if (run->history.rows[i].standing != SC_STANDING_APPLIED)
            return true;
    }
    return false;
}

enum sc_status scm_catalog_look(struct scm_run *run)
{
    const char *mark = NULL;
    PGresult *result = NULL;
    run->ndrift = 0;
    if (is_midway(run))
        return SC_OK;
    enum sc_status status = recorded(run, &mark);
    if (status != SC_OK || !mark || strcmp(mark, mark_of(run)) != 0)
        return status;
    status = compare(run, &result);
    int n = status == SC_OK ? PQntuples(result) : 0;
    run->drift = scm_alloc(&run->arena, ((size_t)n + 1) * sizeof *run->drift);
    for (int i = 0; run->drift && i < n; i++)
        run->drift[run->ndrift++] = (struct scm_drift){ get(run, result, i, 0),
                                                        get(run, result, i, 1),
                                                        get(run, result, i, 2),
                                                        get(run, result, i, 3) };
    PQclear(result);
    if (run->ndrift)
        scm_tell(run, SC_MIGRATE_NOTE,
                 "%zu objects are not as the last migration left them: schemac status "
                 "--drift shows them",
                 run->ndrift);
    return status;
}

/* ---- recording ------------------------------------------------------------------------- */

/* What had drifted, and is as it was before the run, stays drifted. */
static enum sc_status keep_drift(struct scm_run *run, const struct scm_drift *drift)
{
    const char *params[] = { drift->kind, drift->identity, drift->expected,
                             drift->actual };
    return scm_history_ask(
        run,
        "with same as (select not exists (select from @.catalog where kind = $1"
        " and identity = $2 and definition is distinct from $4::text)"
        " and ($4::text is null) = not exists (select from @.catalog where kind = $1"
        " and identity = $2) as yes),"
        " gone as (delete from @.catalog where kind = $1 and identity = $2"
        " and $3::text is null and (select yes from same))"
        " insert into @.catalog select $1, $2, $3 from same"
        " where yes and $3::text is not null"
        " on conflict (kind, identity) do update set definition = excluded.definition",
        params, 4, NULL);
}

static enum sc_status write_catalog(struct scm_run *run)
{
    const char *sql = scm_printf(&run->arena,
                                 "insert into %s.catalog (kind, identity, definition)"
                                 " select kind, identity, definition from (%s) l",
                                 run->schema, sc__catalog_sql);
    const char *mark = mark_of(run);
    enum sc_status status = run->arena.failed ? scm_no_memory(run->err) : SC_OK;
    if (status == SC_OK)
        status = scm_history_ask(run, "delete from @.catalog", NULL, 0, NULL);
    if (status == SC_OK)
        status = scm_ask(run, sql, &run->schema_raw, 1, NULL);
    for (size_t i = 0; i < run->ndrift && status == SC_OK; i++)
        status = keep_drift(run, &run->drift[i]);
    if (status == SC_OK)
        status = scm_history_ask(run, "update @.layout set catalog_at = $1", &mark, 1,
                                 NULL);
    return status;
}

enum sc_status scm_catalog_record(struct scm_run *run)
{
    enum sc_status status = scm_history_read(run);
    if (status == SC_OK)
        status = begin(run);
    if (status == SC_OK)
        status = write_catalog(run);
    else
        return status;
    return end(run, status);
}

enum sc_status scm_catalog_catch_up(struct scm_run *run)
{
    const char *mark = NULL;
    enum sc_status status = recorded(run, &mark);
    if (status != SC_OK || !run->history.n || (mark && strcmp(mark, mark_of(run)) == 0))
        return status;
    return scm_catalog_record(run);
}

/* ---- the door -------------------------------------------------------------------------- */

static enum sc_status look(struct scm_run *run, struct sc_drift **drift, size_t *count)
{
    bool exists = false;
    const char *mark = NULL;
    PGresult *result = NULL;
    enum sc_status status = scm_layout_exists(run, &exists);
    if (status == SC_OK && exists)
        status = recorded(run, &mark);
    if (status == SC_OK && !mark)
        return scm_fail(
            run->err, SC_NOT_FOUND, SC_TROUBLE_NONE,
            "nothing is recorded to compare with: no migration was applied");
    if (status == SC_OK)
        status = compare(run, &result);
    int n = status == SC_OK ? PQntuples(result) : 0;
    struct sc_drift *all = scm_alloc(&run->arena, ((size_t)n + 1) * sizeof *all);
    for (int i = 0; all && i < n; i++)
        all[i] = (struct sc_drift){ get(run, result, i, 0), get(run, result, i, 1),
                                    get(run, result, i, 2), get(run, result, i, 3) };
    PQclear(result);
    if (status != SC_OK)
        return status;
    *drift = scm_give(&run->arena, ((size_t)n + 1) * sizeof **drift);
    if (!*drift)
        return scm_no_memory(run->err);
    memcpy(*drift, all, (size_t)n * sizeof *all);
    *count = (size_t)n;
    return SC_OK;
}

enum sc_status sc_migrate_drift(struct sc_db *db,
                                const struct sc_migrate_options *options,
                                struct sc_drift **drift, size_t *count,
                                struct sc_migrate_error *err)
{
    struct sc_migrate_error unread;
    struct scm_run run = scm_run_of(db, NULL, options, err ? err : &unread);
    *drift = NULL;
    *count = 0;
    enum sc_status status = scm_enter(&run);
    if (status == SC_OK)
        status = look(&run, drift, count);
    status = scm_leave(&run, status);
    if (status != SC_OK) {
        sc_migrate_free(*drift);
        *drift = NULL;
    }
    return status;
}
