/* mark.c: rows of the history that are set by hand: baseline and repair. Must not run a
 * statement of a migration. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

/* ---- baseline ------------------------------------------------------------------------- */

static enum sc_status mark_applied(struct scm_run *run, const struct scm_migration *m)
{
    int64_t seq = 0;
    enum sc_status status = scm_history_begin(run, m, run->history.batch + 1, true,
                                              &seq);
    if (status != SC_OK)
        return status;
    run->at.migration = m->face.name;
    scm_tell(run, SC_MIGRATE_ADOPTED, "marked as applied; nothing was run");
    run->at.migration = "";
    return scm_stop(run);
}

static enum sc_status mark_pending(struct scm_run *run)
{
    const char *to = run->options.to;
    enum sc_status status = SC_OK;
    for (size_t i = 0; i < run->set->n && status == SC_OK; i++) {
        const struct scm_migration *m = &run->set->items[i];
        if (m->face.draft)
            break;
        if (!scm_row_of(run, m->face.name))
            status = mark_applied(run, m);
        if (to && strcmp(m->face.name, to) == 0)
            break;
    }
    return status;
}

static enum sc_status baseline(struct scm_run *run)
{
    const char *to = run->options.to;
    size_t room = run->history.n + run->set->n + 1;
    struct sc_migration_state *states = scm_alloc(&run->arena, room * sizeof *states);
    if (!states)
        return scm_no_memory(run->err);
    size_t n = scm_compare(run, states);
    enum sc_status status = scm_judge(run, states, n);
    int at = to ? scm_find(run->set, to) : -1;
    if (status == SC_OK && to && (at < 0 || run->set->items[at].face.draft))
        status = scm_refuse(run->err, SC_TROUBLE_UNKNOWN, to,
                            "there is no such sealed migration");
    if (status == SC_OK)
        status = scm_in_transaction(run, mark_pending);
    return status == SC_OK ? scm_catalog_adopt(run) : status;
}

enum sc_status sc_baseline(struct sc_db *db, const struct sc_migrations *set,
                           const struct sc_migrate_options *options,
                           struct sc_migrate_error *err)
{
    struct sc_migrate_error unread;
    struct scm_run run = scm_run_of(db, set, options, err ? err : &unread);
    run.options.dry_run = false;
    return scm_under_lock(&run, baseline);
}

/* ---- repair: what to do ----------------------------------------------------------------- */

static const char *advice(struct scm_run *run, const struct sc_migration_state *state)
{
    struct scm_arena *arena = &run->arena;
    if (state->trouble == SC_TROUBLE_EDITED)
        return scm_printf(arena,
                          "%s. Get the file back, or accept it as it is: "
                          "schemac repair --accept %s",
                          state->problem, state->name);
    if (state->trouble == SC_TROUBLE_MISSING)
        return scm_printf(arena,
                          "%s. Get the file back, or, when it was taken away for "
                          "good: schemac repair --forget %s",
                          state->problem, state->name);
    if (state->trouble != SC_TROUBLE_NONE)
        return scm_printf(arena, "%s.", state->problem);
    if (state->standing == SC_STANDING_UNFINISHED)
        return scm_printf(
            arena,
            "stopped after %d of %d steps%s%s. schemac migrate goes on from "
            "there. When it was finished by hand: schemac repair --applied "
            "%s; undone by hand: schemac repair --undone %s",
            state->steps_done, state->steps, *state->message ? ": " : "",
            state->message, state->name, state->name);
    if (state->standing == SC_STANDING_UNDOING)
        return scm_printf(
            arena,
            "taking it back stopped after %d steps%s%s. schemac rollback "
            "goes on from there. When it was undone by hand: schemac repair "
            "--undone %s; done again by hand: schemac repair --applied %s",
            state->steps_done, *state->message ? ": " : "", state->message, state->name,
            state->name);
    return NULL;
}

static enum sc_status explain(struct scm_run *run)
{
    size_t room = run->history.n + run->set->n + 1;
    struct sc_migration_state *states = scm_alloc(&run->arena, room * sizeof *states);
    size_t n = states ? scm_compare(run, states) : 0;
    for (size_t i = 0; i < n; i++) {
        const char *text = advice(run, &states[i]);
        run->at.migration = states[i].name;
        if (text)
            scm_tell(run, SC_MIGRATE_NOTE, "\"%s\": %s", states[i].name, text);
        run->at.migration = "";
    }
    return run->arena.failed ? scm_no_memory(run->err) : scm_stop(run);
}

/* ---- repair: doing it --------------------------------------------------------------------- */

static enum sc_status accept_applied(struct scm_run *run, const struct scm_row *row,
                                     const struct scm_migration *m)
{
    const char *params[] = { scm_number(run, row->seq),
                             m->up.hash,
                             m->face.down_hash,
                             m->down.text,
                             m->face.id,
                             m->face.parents[0],
                             m->face.parents[1],
                             scm_number(run, m->face.down),
                             m->face.down_why,
                             scm_number(run, m->face.steps),
                             m->face.from,
                             m->face.to,
                             m->face.breaks };
    return scm_history_ask(run,
                           "update @.migrations set up_hash = $2, down_hash = $3,"
                           " down_sql = $4, id = $5, parent = $6, parent2 = $7,"
                           " down_kind = $8::int4, down_why = $9, steps = $10::int4,"
                           " from_fingerprint = $11, to_fingerprint = $12, breaks = $13"
                           " where seq = $1::int8",
                           params, SCM_COUNT(params), NULL);
}

static enum sc_status tell_done(struct scm_run *run, enum sc_status status,
                                const char *what)
{
    if (status != SC_OK)
        return status;
    run->at.migration = run->options.to;
    scm_tell(run, SC_MIGRATE_NOTE, "\"%s\" %s", run->options.to, what);
    run->at.migration = "";
    return SC_OK;
}

static enum sc_status accept(struct scm_run *run)
{
    const char *name = run->options.to;
    const struct scm_row *row = scm_row_of(run, name);
    int at = scm_find(run->set, name);
    if (at < 0)
        return scm_refuse(run->err, SC_TROUBLE_UNKNOWN, name, "it has no file");
    const struct scm_migration *m = &run->set->items[at];
    const char *params[] = { name, m->up.hash };
    enum sc_status status = scm_history_ask(run,
                                            "insert into @.accepted values ($1, $2) on "
                                            "conflict (name) do update set hash = $2",
                                            params, 2, NULL);
    if (status == SC_OK && row)
        status = accept_applied(run, row, m);
    return tell_done(run, status, "is accepted as it stands");
}

static enum sc_status set_by_hand(struct scm_run *run, const char *state,
                                  const char *what)
{
    const char *name = run->options.to;
    const struct scm_row *row = scm_row_of(run, name);
    if (!row || row->standing == SC_STANDING_APPLIED)
        return scm_refuse(run->err, SC_TROUBLE_UNKNOWN, name,
                          row ? "it is applied, and whole" : "it was never begun");
    return tell_done(run, scm_history_state(run, row->seq, state), what);
}

/* What was taken back of it was done again: the next way back begins at its start. */
static enum sc_status apply_whole(struct scm_run *run)
{
    enum sc_status status = set_by_hand(run, "applied", "counts as applied");
    if (status != SC_OK)
        return status;
    const char *seq = scm_number(run, scm_row_of(run, run->options.to)->seq);
    return scm_history_ask(
        run, "delete from @.steps where migration = $1::int8 and down", &seq, 1, NULL);
}

static enum sc_status set_applied(struct scm_run *run)
{
    return scm_in_transaction(run, apply_whole);
}

static enum sc_status set_undone(struct scm_run *run)
{
    return set_by_hand(run, "undone", "counts as not applied");
}

static enum sc_status forget(struct scm_run *run)
{
    const char *name = run->options.to;
    const struct scm_row *row = scm_row_of(run, name);
    if (!row || scm_find(run->set, name) >= 0)
        return scm_refuse(run->err, SC_TROUBLE_UNKNOWN, name,
                          row ? "its file is there" : "the history does not have it");
    return tell_done(run, scm_history_state(run, row->seq, "undone"), "is forgotten");
}

enum sc_status sc_repair(struct sc_db *db, const struct sc_migrations *set,
                         enum sc_repair_action action,
                         const struct sc_migrate_options *options,
                         struct sc_migrate_error *err)
{
    static scm_work *const WORK[] = { explain, accept, set_applied, set_undone,
                                      forget };
    struct sc_migrate_error unread;
    struct scm_run run = scm_run_of(db, set, options, err ? err : &unread);
    run.options.reconnects = 0;
    run.options.dry_run = false;
    if ((size_t)action >= SCM_COUNT(WORK) ||
        (action != SC_REPAIR_EXPLAIN && !run.options.to))
        return scm_fail(run.err, SC_MISUSE, SC_TROUBLE_UNKNOWN,
                        "repair needs a migration's name");
    return scm_under_lock(&run, WORK[action]);
}
