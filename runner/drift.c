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

static const char *get(struct scm_run *run, const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column)
               ? NULL
               : scm_copy(&run->arena, PQgetvalue(result, row, column),
                          (size_t)PQgetlength(result, row, column));
}

/* Runs a statement of the history in which %s stands for the whole catalog. */
static enum sc_status ask_catalog(struct scm_run *run, const char *format,
                                  PGresult **result)
{
    const char *hit = strstr(format, "%s");
    const char *sql = scm_printf(&run->arena, "%.*s%s%s", (int)(hit - format), format,
                                 sc__catalog_sql, hit + strlen("%s"));
    return run->arena.failed ? scm_no_memory(run->err)
                             : scm_history_ask(run, sql, &run->schema_raw, 1, result);
}

/* ---- comparing ------------------------------------------------------------------------- */

/* What was recorded, and all else in the schemas that are compared. */
static const char COMPARE[] =
    "select coalesce(c.kind, l.kind), coalesce(c.identity, l.identity), c.definition,"
    " l.definition from @.catalog c full join (select f.* from (%s) f"
    "  where f.space = any ((select spaces from @.layout)::text[]) or exists (select"
    "  from @.catalog k where k.kind = f.kind and k.identity = f.identity)) l"
    " on l.kind = c.kind and l.identity = c.identity"
    " where c.definition is distinct from l.definition order by 1, 2";

/* The rows of the history that a record of the catalog was made for; one that did nothing
 * yet is none. */
static const char *mark_of(struct scm_run *run)
{
    int64_t last = 0;
    size_t n = 0;
    for (size_t i = 0; i < run->history.n; i++) {
        const struct scm_row *row = &run->history.rows[i];
        if (row->standing == SC_STANDING_UNFINISHED && !row->begun)
            continue;
        last = row->seq;
        n++;
    }
    return scm_printf(&run->arena, "%" PRId64 "/%zu", last, n);
}

static bool is_midway(const struct scm_run *run)
{
    for (size_t i = 0; i < run->history.n; i++) {
        const struct scm_row *row = &run->history.rows[i];
        if (row->standing == SC_STANDING_UNDOING ||
            (row->standing == SC_STANDING_UNFINISHED && row->begun))
            return true;
    }
    return false;
}

struct recorded {
    const char *mark; /* NULL: nothing was recorded yet */
    bool before; /* there is an image from before the run that is not recorded yet */
};

static enum sc_status read_recorded(struct scm_run *run, struct recorded *recorded)
{
    PGresult *result = NULL;
    *recorded = (struct recorded){ 0 };
    enum sc_status status = scm_history_ask(
        run, "select catalog_at, before from @.layout", NULL, 0, &result);
    if (status == SC_OK && PQntuples(result)) {
        recorded->mark = get(run, result, 0, 0);
        recorded->before = scm_bool(result, 0, 1);
    }
    PQclear(result);
    return status;
}

static bool is_current(struct scm_run *run, const struct recorded *recorded)
{
    return recorded->mark && strcmp(recorded->mark, mark_of(run)) == 0;
}

/* ---- before a run ---------------------------------------------------------------------- */

/* What differs from the record drifted, if the record was up to date. */
static const char IMAGE[] =
    "insert into @.before select coalesce(l.kind, c.kind),"
    " coalesce(l.identity, c.identity), coalesce(l.space, c.space), l.definition,"
    " c.kind is not null, c.definition, c.definition is distinct from l.definition"
    " and (c.kind is not null"
    "  or coalesce(l.space = any ((select spaces from @.layout)::text[]), false))"
    " from (%s) l full join @.catalog c"
    " on c.kind = l.kind and c.identity = l.identity";

static enum sc_status take_image(struct scm_run *run, const struct recorded *recorded)
{
    static const char *const REST[] = {
        "update @.layout set before = true",
        "update @.before set drifted = false where drifted", /* only without a record */
    };
    enum sc_status status = scm_history_ask(run, "delete from @.before", NULL, 0, NULL);
    if (status == SC_OK)
        status = ask_catalog(run, IMAGE, NULL);
    for (size_t i = 0; i < (is_current(run, recorded) ? 1 : 2) && status == SC_OK; i++)
        status = scm_history_ask(run, REST[i], NULL, 0, NULL);
    return status;
}

static enum sc_status tell_drift(struct scm_run *run)
{
    PGresult *result = NULL;
    enum sc_status status = scm_history_ask(
        run, "select count(*) from @.before where drifted", NULL, 0, &result);
    if (status == SC_OK && scm_int(result, 0, 0))
        scm_tell(run, SC_MIGRATE_NOTE,
                 "%s objects are not as the last migration left them: schemac status "
                 "--drift shows them",
                 PQgetvalue(result, 0, 0));
    PQclear(result);
    return status;
}

/* By an image from before a run that was cut off, what that one has done is found still. */
enum sc_status scm_catalog_look(struct scm_run *run)
{
    struct recorded recorded;
    enum sc_status status = read_recorded(run, &recorded);
    bool cut_off = is_midway(run) || !is_current(run, &recorded);
    if (status != SC_OK || (recorded.before && cut_off))
        return status;
    status = begin(run);
    if (status == SC_OK)
        status = take_image(run, &recorded);
    status = end(run, status);
    return status == SC_OK ? tell_drift(run) : status;
}

/* ---- recording ------------------------------------------------------------------------- */

/* One after the other; $1 is the history's schema where the catalog is read. */
static const char FILL[] = "insert into @.catalog (kind, identity, definition, space)"
                           " select kind, identity, definition, space from (%s) l";
static const char *const RECORD[] = {
    /* Schemas in which the run has changed anything are compared from now on. */
    "update @.layout set spaces = (select array_agg(space) from ("
    " select unnest(spaces) from @.layout union select coalesce(c.space, b.space)"
    " from @.catalog c full join @.before b"
    " on b.kind = c.kind and b.identity = c.identity"
    " where c.definition is distinct from b.definition"
    " and coalesce(c.space, b.space) is not null) s (space))",
    /* All that there are, of a database that is taken as it is. */
    "update @.layout set spaces = (select array_agg(distinct space) from @.catalog"
    " where space is not null) where spaces is null",
    /* Others are not recorded, nor what stands in none and is not of our making. */
    "delete from @.catalog c where not (c.space = any ((select spaces from"
    " @.layout)::text[])) or (c.space is null and exists (select from @.before b"
    " where b.kind = c.kind and b.identity = c.identity and not b.ours"
    " and b.definition is not distinct from c.definition))",
    /* What had drifted, and is as it was before the run, stays drifted. */
    "delete from @.before b where not b.drifted or b.definition is distinct from"
    " (select c.definition from @.catalog c where c.kind = b.kind"
    " and c.identity = b.identity)",
    "delete from @.catalog c using @.before b where b.kind = c.kind"
    " and b.identity = c.identity and b.expected is null",
    "insert into @.catalog select kind, identity, expected, space from @.before"
    " where expected is not null"
    " on conflict (kind, identity) do update set definition = excluded.definition",
    "delete from @.before",
};

/* adopt: all schemas that there are become ours. */
static enum sc_status write_catalog(struct scm_run *run, bool adopt)
{
    struct recorded recorded;
    const char *mark = mark_of(run);
    enum sc_status status = read_recorded(run, &recorded);
    if (status == SC_OK && !recorded.before)
        status = take_image(run, &recorded);
    if (status == SC_OK && adopt)
        status = scm_history_ask(run, "update @.before set ours = true", NULL, 0, NULL);
    if (status == SC_OK)
        status = scm_history_ask(run, "delete from @.catalog", NULL, 0, NULL);
    if (status == SC_OK)
        status = ask_catalog(run, FILL, NULL);
    for (size_t i = 0; i < SCM_COUNT(RECORD) && status == SC_OK; i++) {
        status = scm_history_ask(run, RECORD[i], NULL, 0, NULL);
        if (i == 0 && adopt && status == SC_OK)
            status = scm_history_ask(run, "update @.layout set spaces = null", NULL, 0,
                                     NULL);
    }
    if (status == SC_OK)
        status = scm_history_ask(
            run, "update @.layout set catalog_at = $1, before = false", &mark, 1, NULL);
    return status;
}

static enum sc_status record(struct scm_run *run, bool adopt)
{
    enum sc_status status = scm_history_read(run);
    if (status == SC_OK)
        status = begin(run);
    if (status == SC_OK)
        status = write_catalog(run, adopt);
    else
        return status;
    return end(run, status);
}

enum sc_status scm_catalog_record(struct scm_run *run)
{
    return record(run, false);
}

enum sc_status scm_catalog_adopt(struct scm_run *run)
{
    return record(run, true);
}

enum sc_status scm_catalog_catch_up(struct scm_run *run)
{
    struct recorded recorded;
    enum sc_status status = read_recorded(run, &recorded);
    if (status != SC_OK || !run->history.n || is_current(run, &recorded))
        return status;
    if (recorded.before)
        scm_tell(run, SC_MIGRATE_NOTE,
                 "the last run was cut off before it recorded the catalog: what was "
                 "changed by hand since then counts as its doing");
    return record(run, false);
}

/* ---- the door -------------------------------------------------------------------------- */

static enum sc_status look(struct scm_run *run, struct sc_drift **drift, size_t *count)
{
    bool exists = false;
    struct recorded recorded = { 0 };
    PGresult *result = NULL;
    enum sc_status status = scm_layout_exists(run, &exists);
    if (status == SC_OK && exists)
        status = read_recorded(run, &recorded);
    if (status == SC_OK && !recorded.mark)
        return scm_fail(
            run->err, SC_NOT_FOUND, SC_TROUBLE_NONE,
            "nothing is recorded to compare with: no migration was applied");
    if (status == SC_OK)
        status = begin(run);
    if (status == SC_OK)
        status = end(run, ask_catalog(run, COMPARE, &result));
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
