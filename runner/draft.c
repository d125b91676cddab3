/* draft.c: rows of the history that a migration takes the place of without being run: a
 * draft that was sealed as it stood, and what a squash replaces. Must not plan a run. */
#include "runner.h"

#include <string.h>

struct scm_row *scm_draft_row(struct scm_run *run)
{
    for (size_t i = 0; i < run->history.n; i++) {
        if (run->history.rows[i].draft)
            return &run->history.rows[i];
    }
    return NULL;
}

/* ---- a draft that was sealed ------------------------------------------------------------ */

static enum sc_status rename_row(struct scm_run *run, const struct scm_row *row,
                                 const struct scm_migration *m)
{
    const struct sc_migration *face = &m->face;
    const char *params[] = { scm_number(run, row->seq),
                             face->name,
                             face->id,
                             face->parents[0],
                             face->parents[1],
                             face->to,
                             face->down_hash,
                             m->down.text,
                             scm_number(run, face->down),
                             face->down_why,
                             face->breaks,
                             face->draft ? "t" : "f" };
    enum sc_status status = scm_history_ask(
        run,
        "update @.migrations set name = $2, id = $3, parent = $4, parent2 = $5,"
        " to_fingerprint = $6, down_hash = $7, down_sql = $8, down_kind = $9::int4,"
        " down_why = $10, breaks = $11, draft = $12::bool where seq = $1::int8",
        params, SCM_COUNT(params), NULL);
    if (status == SC_OK)
        scm_tell(run, SC_MIGRATE_ADOPTED,
                 "it is what the draft \"%s\" has done already", row->name);
    return status;
}

static bool is_same(const struct scm_row *row, const struct scm_migration *next)
{
    return row->standing == SC_STANDING_APPLIED &&
           strcmp(row->up_hash, next->up.hash) == 0 &&
           strcmp(row->parents[0], next->up.parents[0]) == 0;
}

enum sc_status scm_draft_guard(struct scm_run *run, const struct scm_migration *next)
{
    const struct scm_row *row = scm_draft_row(run);
    if (!row || is_same(row, next))
        return SC_OK;
    return scm_refuse(run->err, SC_TROUBLE_PROTECTED, row->name,
                      "this draft would be undone, which loses what it made, and the "
                      "environment is protected");
}

enum sc_status scm_draft_settle(struct scm_run *run, const struct scm_migration *next,
                                bool *adopted)
{
    struct scm_row *row = scm_draft_row(run);
    if (!row)
        return SC_OK;
    bool same = is_same(row, next);
    enum sc_status status = same ? rename_row(run, row, next) : scm_undo_row(run, row);
    if (status != SC_OK)
        return status;
    *adopted = same;
    return scm_history_read(run);
}

/* ---- a squash --------------------------------------------------------------------------- */

/* Its batch: what it replaces stood before all else, and so does it. */
enum { BEFORE_ALL = 0 };

static enum sc_status mark_replaced(struct scm_run *run, const struct scm_migration *m)
{
    enum sc_status status = SC_OK;
    for (size_t i = 0; i < m->up.nreplaces && status == SC_OK; i++)
        status = scm_history_ask(run,
                                 "update @.migrations set state = 'replaced'"
                                 " where id = $1 and state = 'applied'",
                                 &m->up.replaces[i].id, 1, NULL);
    return status;
}

enum sc_status scm_adopt_replacement(struct scm_run *run, const struct scm_migration *m)
{
    int64_t seq = 0;
    enum sc_status status = scm_ask(run, "begin", NULL, 0, NULL);
    if (status == SC_OK)
        status = mark_replaced(run, m);
    if (status == SC_OK)
        status = scm_history_begin(run, m, BEFORE_ALL, true, &seq);
    if (status == SC_OK)
        status = scm_ask(run, "commit", NULL, 0, NULL);
    if (status == SC_OK)
        scm_tell(run, SC_MIGRATE_ADOPTED,
                 "the %zu migrations that it replaces are applied",
                 scm_replaced(run, m).all);
    return status == SC_OK ? scm_history_read(run) : status;
}
