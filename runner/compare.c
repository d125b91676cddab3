/* compare.c: the files beside the history: what is applied, pending, edited, missing, out
 * of order, forked. Must not ask the server nor change anything. */
#include "runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void trouble(struct sc_migration_state *state, enum sc_trouble what,
                    const char *problem)
{
    state->trouble = what;
    state->problem = problem;
}

static bool is_accepted(const struct scm_run *run, const char *name, const char *hash)
{
    for (size_t i = 0; i < run->history.naccepted; i++) {
        if (strcmp(run->history.accepted[i][0], name) == 0 &&
            strcmp(run->history.accepted[i][1], hash) == 0)
            return true;
    }
    return false;
}

/* What was sealed by a machine says which statements it had; what was written by hand is
 * pinned only when it is applied. */
static void check_seal(const struct scm_run *run, const struct scm_migration *m,
                       struct sc_migration_state *state)
{
    const struct scm_script *up = &m->up, *down = &m->down;
    if (is_accepted(run, m->face.name, up->hash))
        return;
    if (*up->sum && strcmp(up->sum, up->hash) != 0)
        trouble(state, SC_TROUBLE_EDITED, "it was changed after it was sealed");
    else if (down->text && *down->sum && strcmp(down->sum, down->hash) != 0)
        trouble(state, SC_TROUBLE_EDITED,
                "its down file was changed after it was sealed");
}

/* ---- what is recorded ------------------------------------------------------------------ */

static const struct scm_migration *replacement(const struct scm_run *run,
                                               const char *id)
{
    for (size_t i = 0; i < run->set->n && *id; i++) {
        const struct scm_script *up = &run->set->items[i].up;
        for (size_t k = 0; k < up->nreplaces; k++) {
            if (strcmp(up->replaces[k].id, id) == 0)
                return &run->set->items[i];
        }
    }
    return NULL;
}

/* How a file differs from what was applied under its name; NULL: it does not. */
static const char *edited(const struct scm_migration *m, const struct scm_row *row)
{
    if (strcmp(m->up.hash, row->up_hash) != 0)
        return "its statements were changed after it was applied";
    if (strcmp(m->face.down_hash, row->down_hash) != 0)
        return "the statements of its down file were changed after it was applied";
    if (*row->id && *m->up.id &&
        (strcmp(m->up.parents[0], row->parents[0]) != 0 ||
         strcmp(m->up.parents[1], row->parents[1]) != 0))
        return "its parent was changed after it was applied";
    return NULL;
}

static const struct scm_migration *file_of(const struct scm_run *run,
                                           const struct scm_row *row)
{
    int at = scm_find(run->set, row->name);
    if (row->draft && run->set->n && run->set->items[run->set->n - 1].face.draft)
        at = (int)run->set->n - 1;
    return at < 0 ? NULL : &run->set->items[at];
}

static void compare_row(struct scm_run *run, const struct scm_row *row,
                        struct sc_migration_state *state)
{
    const struct scm_migration *m = file_of(run, row);
    *state = (struct sc_migration_state){
        .name = row->name,
        .standing = row->standing,
        .problem = "",
        .draft = row->draft,
        .baseline = row->baseline,
        .batch = row->batch,
        .applied_at = row->applied_at,
        .applied_by = row->applied_by,
        .ms = row->ms,
        .steps_done = row->standing == SC_STANDING_UNDOING ? row->down_done
                                                           : row->up_done,
        .steps = row->steps,
        .sqlstate = row->sqlstate,
        .message = row->message,
    };
    if (m && m->face.draft == row->draft)
        state->file = &m->face;
    bool replaced = !m && replacement(run, row->id);
    if (row->draft || (replaced && row->standing == SC_STANDING_APPLIED))
        return; /* drafts come and go */
    if (replaced)
        trouble(state, SC_TROUBLE_UNFINISHED,
                "it stopped half-way, and its files were squashed since: end it with "
                "those from before");
    else if (!m)
        trouble(state, SC_TROUBLE_MISSING, "it was applied, and its file is missing");
    else if (m->face.draft)
        trouble(state, SC_TROUBLE_MISSING,
                "it was applied, and its snapshot is missing: the file is a draft now");
    else if (row->standing == SC_STANDING_UNFINISHED && !row->begun)
        check_seal(run, m, state); /* nothing was done by it: it may be mended */
    else if (edited(m, row))
        trouble(state, SC_TROUBLE_EDITED, edited(m, row));
}

/* ---- what is pending ------------------------------------------------------------------- */

enum { APPLIED = 1, ANCESTOR = 2 }; /* marks of a file */

static void mark_ancestors(const struct sc_migrations *set, unsigned char *marks)
{
    /* Parents stand before their children. */
    for (size_t i = set->n; i-- > 0;) {
        if (!marks[i])
            continue;
        for (int k = 0; k < 2; k++) {
            if (set->items[i].parents[k] >= 0)
                marks[set->items[i].parents[k]] |= ANCESTOR;
        }
    }
}

static void mark(struct scm_run *run, unsigned char *marks)
{
    for (size_t i = 0; i < run->history.n; i++) {
        const struct scm_row *row = &run->history.rows[i];
        int at = scm_find(run->set, row->name);
        if (at >= 0 && !row->draft)
            marks[at] |= APPLIED;
    }
    mark_ancestors(run->set, marks);
}

static bool any_applied_after(const struct scm_run *run, const unsigned char *marks,
                              size_t i)
{
    for (size_t k = i + 1; k < run->set->n; k++) {
        if (marks[k] & APPLIED)
            return true;
    }
    return false;
}

static bool is_applied(const struct scm_run *run, const char *id)
{
    for (size_t i = 0; i < run->history.n; i++) {
        if (strcmp(run->history.rows[i].id, id) == 0)
            return true;
    }
    return false;
}

/* An older squash is there when all that it stood for is. */
static bool has_parts(const struct scm_script *up, size_t squash, const bool *there)
{
    size_t parts = 0, found = 0;
    for (size_t i = squash + 1; i < up->nreplaces; i++) {
        if (strcmp(up->replaces[i].by, up->replaces[squash].id) == 0) {
            parts++;
            found += there[i];
        }
    }
    return parts > 0 && found == parts;
}

struct scm_standing_for scm_replaced(struct scm_run *run, const struct scm_migration *m)
{
    const struct scm_script *up = &m->up;
    struct scm_standing_for count = { 0 };
    bool *there = scm_alloc(&run->arena, up->nreplaces + 1);
    for (size_t i = up->nreplaces; there && i-- > 0;) {
        there[i] = is_applied(run, up->replaces[i].id);
        count.any = count.any || there[i];
        there[i] = there[i] || has_parts(up, i, there);
        if (!*up->replaces[i].by) {
            count.all++;
            count.applied += there[i];
        }
    }
    return count;
}

static const char *fork_text(struct scm_run *run)
{
    const struct sc_migrations *set = run->set;
    return scm_printf(
        &run->arena,
        "\"%s\" and \"%s\" are both the last: neither comes after the other",
        set->items[set->heads[0]].face.name, set->items[set->heads[1]].face.name);
}

static void compare_pending(struct scm_run *run, size_t i, const unsigned char *marks,
                            struct sc_migration_state *state)
{
    const struct scm_migration *m = &run->set->items[i];
    const struct sc_migrate_options *o = &run->options;
    *state = (struct sc_migration_state){ .name = m->face.name,
                                          .file = &m->face,
                                          .standing = SC_STANDING_PENDING,
                                          .problem = "",
                                          .draft = m->face.draft,
                                          .applied_at = "",
                                          .applied_by = "",
                                          .steps = m->face.steps,
                                          .sqlstate = "",
                                          .message = "" };
    const struct scm_standing_for replaced = scm_replaced(run, m);
    if (m->face.draft)
        return;
    check_seal(run, m, state);
    if (state->trouble != SC_TROUBLE_NONE)
        return;
    if (replaced.any && replaced.applied < replaced.all)
        trouble(state, SC_TROUBLE_CHAIN,
                scm_printf(&run->arena,
                           "it replaces %zu migrations, of which %zu are applied",
                           replaced.all, replaced.applied));
    else if (replaced.any)
        return;
    else if ((marks[i] & ANCESTOR) && !o->out_of_order)
        trouble(state, SC_TROUBLE_OUT_OF_ORDER,
                "it is not applied, and one that comes after it is");
    else if (run->set->nheads > 1 && !o->forks_commute && !run->set->forks_commute)
        trouble(state, SC_TROUBLE_FORKED, fork_text(run));
    else if (any_applied_after(run, marks, i) && !o->out_of_order && !*m->up.id)
        trouble(state, SC_TROUBLE_OUT_OF_ORDER,
                "its name comes before one that is applied");
}

/* A draft is what its text is, whatever it is called. */
static bool is_recorded(struct scm_run *run, const struct scm_migration *m)
{
    const struct scm_row *row = m->face.draft ? scm_draft_row(run)
                                              : scm_row_of(run, m->face.name);
    if (!m->face.draft)
        return row && !row->draft;
    return row && row->standing == SC_STANDING_APPLIED &&
           strcmp(row->up_hash, m->up.hash) == 0;
}

/* ---- doors ----------------------------------------------------------------------------- */

size_t scm_compare(struct scm_run *run, struct sc_migration_state *states)
{
    size_t n = 0;
    unsigned char *marks = scm_alloc(&run->arena, run->set->n + 1);
    if (!marks)
        return 0;
    mark(run, marks);
    for (size_t i = 0; i < run->history.n; i++)
        compare_row(run, &run->history.rows[i], &states[n++]);
    for (size_t i = 0; i < run->set->n; i++) {
        if (!is_recorded(run, &run->set->items[i]))
            compare_pending(run, i, marks, &states[n++]);
    }
    return n;
}

/* The history begins with what no file has, and no file is in it. */
static bool is_foreign(const struct scm_run *run,
                       const struct sc_migration_state *states, size_t n)
{
    if (!run->set->n || !run->history.n)
        return false;
    for (size_t i = 0; i < n; i++) {
        bool recorded = states[i].standing != SC_STANDING_PENDING;
        if (recorded && (states[i].draft || states[i].file))
            return false;
    }
    return states[0].trouble == SC_TROUBLE_MISSING;
}

static void hint(struct scm_run *run, const struct sc_migration_state *state)
{
    struct sc_migrate_error *err = run->err;
    if (state->trouble == SC_TROUBLE_EDITED)
        scm_hint(err,
                 "Get the file back from version control, or accept it as it is "
                 "with: schemac repair --accept %s",
                 state->name);
    else if (state->trouble == SC_TROUBLE_MISSING)
        scm_hint(err,
                 "Get the file back from version control, or, when it was taken "
                 "away for good: schemac repair --forget %s",
                 state->name);
    else if (state->trouble == SC_TROUBLE_FORKED)
        scm_hint(err, "Put the later one behind the other with: schemac rebase");
    else if (state->trouble == SC_TROUBLE_OUT_OF_ORDER)
        scm_hint(err, "If it fits all the same: schemac migrate --out-of-order");
}

enum sc_status scm_judge(struct scm_run *run, const struct sc_migration_state *states,
                         size_t n)
{
    struct sc_migrate_error *err = run->err;
    if (is_foreign(run, states, n)) {
        scm_fail(err, SC_SCHEMA_MISMATCH, SC_TROUBLE_OTHER_HISTORY,
                 "the history in schema \"%s\" begins with \"%s\" and knows none of "
                 "these migrations: it is another application's",
                 run->schema_raw, states[0].name);
        scm_hint(err, "Give this application a history schema of its own.");
        return SC_SCHEMA_MISMATCH;
    }
    for (size_t i = 0; i < n; i++) {
        const struct sc_migration_state *state = &states[i];
        if (state->trouble == SC_TROUBLE_NONE)
            continue;
        if (state->trouble == SC_TROUBLE_FORKED)
            scm_fail(err, SC_SCHEMA_MISMATCH, state->trouble, "%s", state->problem);
        else
            scm_fail(err, SC_SCHEMA_MISMATCH, state->trouble, "\"%s\": %s", state->name,
                     state->problem);
        hint(run, state);
        snprintf(err->migration, sizeof err->migration, "%s", state->name);
        if (state->file)
            snprintf(err->file, sizeof err->file, "%s", state->file->path);
        return SC_SCHEMA_MISMATCH;
    }
    return SC_OK;
}
