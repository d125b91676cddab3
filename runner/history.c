/* history.c: the rows of the history, read and written. Must not decide anything by them. */
#include "runner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- reading ------------------------------------------------------------------------- */

/* In the order of the fields that get() is asked for. */
static const char ROWS[] =
    "select m.seq, m.name, m.id, m.parent, m.parent2, m.to_fingerprint, m.up_hash,"
    " m.down_hash, m.breaks, m.down_kind, m.down_why, m.state, m.draft, m.baseline,"
    " m.batch, m.steps, coalesce((extract(epoch from m.finished_at - m.started_at)"
    " * 1000)::int8, 0), date_trunc('second', coalesce(m.finished_at, m.started_at)),"
    " m.applied_by, s.up_done, s.down_done, s.begun, coalesce(f.sqlstate, ''),"
    " coalesce(f.message, '')"
    " from @.migrations m"
    " left join lateral (select count(*) filter (where state = 'done' and not down)"
    " as up_done, count(*) filter (where state = 'done' and down) as down_done,"
    " count(*) filter (where state <> 'failed' and not down) > 0 as begun"
    " from @.steps s where s.migration = m.seq) s on true"
    " left join lateral (select sqlstate, message from @.steps s"
    " where s.migration = m.seq and s.state <> 'done' and sqlstate is not null"
    " order by started_at desc limit 1) f on m.state in ('running', 'undoing')"
    " where m.state in ('running', 'applied', 'undoing') order by m.batch, m.seq";

static const char *get(struct scm_run *run, const PGresult *result, int row, int column)
{
    return scm_copy(&run->arena, PQgetvalue(result, row, column),
                    (size_t)PQgetlength(result, row, column));
}

static enum sc_standing standing_of(const char *state)
{
    if (strcmp(state, "running") == 0)
        return SC_STANDING_UNFINISHED;
    return strcmp(state, "undoing") == 0 ? SC_STANDING_UNDOING : SC_STANDING_APPLIED;
}

static struct scm_row read_row(struct scm_run *run, const PGresult *r, int i)
{
    return (struct scm_row){
        .seq = scm_int(r, i, 0),
        .name = get(run, r, i, 1),
        .id = get(run, r, i, 2),
        .parents = { get(run, r, i, 3), get(run, r, i, 4) },
        .to = get(run, r, i, 5),
        .up_hash = get(run, r, i, 6),
        .down_hash = get(run, r, i, 7),
        .breaks = get(run, r, i, 8),
        .down = (enum sc_down)scm_int(r, i, 9),
        .down_why = get(run, r, i, 10),
        .standing = standing_of(PQgetvalue(r, i, 11)),
        .draft = scm_bool(r, i, 12),
        .baseline = scm_bool(r, i, 13),
        .batch = (int)scm_int(r, i, 14),
        .steps = (int)scm_int(r, i, 15),
        .ms = scm_int(r, i, 16),
        .applied_at = get(run, r, i, 17),
        .applied_by = get(run, r, i, 18),
        .up_done = (int)scm_int(r, i, 19),
        .down_done = (int)scm_int(r, i, 20),
        .begun = scm_bool(r, i, 21),
        .sqlstate = get(run, r, i, 22),
        .message = get(run, r, i, 23),
    };
}

static enum sc_status read_rows(struct scm_run *run)
{
    struct scm_history *history = &run->history;
    PGresult *result = NULL;
    enum sc_status status = scm_history_ask(run, ROWS, NULL, 0, &result);
    if (status != SC_OK)
        return status;
    int n = PQntuples(result);
    history->rows = scm_alloc(&run->arena, ((size_t)n + 1) * sizeof *history->rows);
    for (int i = 0; history->rows && i < n; i++)
        history->rows[history->n++] = read_row(run, result, i);
    PQclear(result);
    return run->arena.failed ? scm_no_memory(run->err) : SC_OK;
}

static enum sc_status read_accepted(struct scm_run *run)
{
    struct scm_history *history = &run->history;
    PGresult *result = NULL;
    enum sc_status status = scm_history_ask(run, "select name, hash from @.accepted",
                                            NULL, 0, &result);
    if (status != SC_OK)
        return status;
    int n = PQntuples(result);
    history->accepted = scm_alloc(&run->arena,
                                  ((size_t)n + 1) * sizeof *history->accepted);
    for (int i = 0; history->accepted && i < n; i++) {
        history->accepted[i][0] = get(run, result, i, 0);
        history->accepted[i][1] = get(run, result, i, 1);
        history->naccepted++;
    }
    PQclear(result);
    return run->arena.failed ? scm_no_memory(run->err) : SC_OK;
}

enum sc_status scm_history_read(struct scm_run *run)
{
    PGresult *result = NULL;
    run->history = (struct scm_history){ 0 };
    enum sc_status status = read_rows(run);
    if (status == SC_OK)
        status = read_accepted(run);
    if (status == SC_OK)
        status = scm_history_ask(
            run, "select coalesce(max(batch), 0) from @.migrations", NULL, 0, &result);
    if (status == SC_OK)
        run->history.batch = (int)scm_int(result, 0, 0);
    PQclear(result);
    return status;
}

struct scm_row *scm_row_of(struct scm_run *run, const char *name)
{
    for (size_t i = 0; i < run->history.n; i++) {
        if (strcmp(run->history.rows[i].name, name) == 0)
            return &run->history.rows[i];
    }
    return NULL;
}

/* ---- writing ------------------------------------------------------------------------- */

const char *scm_number(struct scm_run *run, int64_t value)
{
    return scm_printf(&run->arena, "%" PRId64, value);
}

enum sc_status scm_history_begin(struct scm_run *run, const struct scm_migration *m,
                                 int batch, bool baseline, int64_t *seq)
{
    char host[128] = "?";
    PGresult *result = NULL;
    gethostname(host, sizeof host - 1);
    const struct sc_migration *face = &m->face;
    const char *params[] = { face->name,
                             face->id,
                             face->parents[0],
                             face->parents[1],
                             face->from,
                             face->to,
                             face->up_hash,
                             face->down_hash,
                             m->down.text,
                             scm_number(run, face->down),
                             face->down_why,
                             face->breaks,
                             baseline ? "applied" : "running",
                             scm_number(run, batch),
                             face->draft ? "t" : "f",
                             baseline ? "t" : "f",
                             scm_number(run, face->steps),
                             scm_printf(&run->arena, "%s@%s", PQuser(run->pg), host),
                             SC_VERSION };
    enum sc_status status = scm_history_ask(
        run,
        "insert into @.migrations (name, id, parent, parent2, from_fingerprint,"
        " to_fingerprint, up_hash, down_hash, down_sql, down_kind, down_why, breaks,"
        " state, batch, draft, baseline, steps, applied_by, version, finished_at)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::int4, $11, $12, $13,"
        " $14::int4, $15::bool, $16::bool, $17::int4, $18, $19,"
        " case when $16::bool then clock_timestamp() end) returning seq",
        params, SCM_COUNT(params), &result);
    if (status == SC_OK)
        *seq = scm_int(result, 0, 0);
    PQclear(result);
    return status;
}

enum sc_status scm_history_state(struct scm_run *run, int64_t seq, const char *state)
{
    const char *params[] = { scm_number(run, seq), state };
    return scm_history_ask(run,
                           "update @.migrations set state = $2,"
                           " finished_at = case when $2 = 'applied'"
                           " then clock_timestamp() else finished_at end"
                           " where seq = $1::int8",
                           params, 2, NULL);
}
