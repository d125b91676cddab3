/* apply.c: which migrations are applied, in which order, and what has to be true before.
 * Must not run a statement of a migration itself. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

struct todo { /* what a run has before it */
    struct scm_row *unfinished;
    const struct scm_migration **items;
    size_t n;
};

/* ---- what there is to do -------------------------------------------------------------- */

static enum sc_status find_unfinished(struct scm_run *run, struct todo *todo)
{
    for (size_t i = 0; i < run->history.n; i++) {
        struct scm_row *row = &run->history.rows[i];
        if (row->standing == SC_STANDING_UNDOING) {
            scm_refuse(run->err, SC_TROUBLE_UNFINISHED, row->name,
                       "taking it back stopped half-way");
            scm_hint(run->err, "Go on with: schemac rollback");
            return SC_MISUSE;
        }
        if (row->standing == SC_STANDING_UNFINISHED)
            todo->unfinished = row;
    }
    return SC_OK;
}

/* Whether options.to names something, and what it is that ends the run. */
static enum sc_status look_for_to(struct scm_run *run, bool *is_applied)
{
    const char *to = run->options.to;
    *is_applied = false;
    if (!to)
        return SC_OK;
    const struct scm_row *row = scm_row_of(run, to);
    *is_applied = row && row->standing == SC_STANDING_APPLIED && !row->draft;
    if (row || scm_find(run->set, to) >= 0)
        return SC_OK;
    return scm_refuse(run->err, SC_TROUBLE_UNKNOWN, to, "there is no such migration");
}

static void choose(struct scm_run *run, const struct sc_migration_state *states,
                   size_t n, struct todo *todo)
{
    const struct sc_migrate_options *o = &run->options;
    for (size_t i = 0; i < n; i++) {
        const struct sc_migration_state *state = &states[i];
        if (state->standing != SC_STANDING_PENDING || (state->draft && !o->draft))
            continue;
        if (o->steps > 0 && todo->n >= (size_t)o->steps)
            return;
        todo->items[todo->n++] = &run->set->items[scm_find(run->set, state->name)];
        if (o->to && strcmp(o->to, state->name) == 0)
            return;
    }
}

static enum sc_status guard_one(struct scm_run *run, const struct sc_migration *face)
{
    if (face->draft)
        return scm_refuse(run->err, SC_TROUBLE_PROTECTED, face->name,
                          "the environment is protected: no draft is applied to it");
    if (!face->destroys)
        return SC_OK;
    if (face->unknown) {
        scm_refuse(
            run->err, SC_TROUBLE_PROTECTED, face->name,
            "it was written by hand, so that nobody knows what it loses, and the "
            "environment is protected");
        scm_hint(run->err, "Where it loses nothing, let its head say so: "
                           "\"-- hazards: none\"");
        return SC_MISUSE;
    }
    scm_refuse(run->err, SC_TROUBLE_PROTECTED, face->name,
               "it loses data, and the environment is protected");
    scm_hint(run->err, "Hazards: %s", face->hazards);
    return SC_MISUSE;
}

/* Going on with half a migration is asked for by name too. */
static enum sc_status guard(struct scm_run *run, const struct todo *todo)
{
    if (!run->options.is_protected || run->options.confirmed)
        return SC_OK;
    int at = todo->unfinished ? scm_find(run->set, todo->unfinished->name) : -1;
    enum sc_status status = at < 0 ? SC_OK : guard_one(run, &run->set->items[at].face);
    for (size_t i = 0; i < todo->n && status == SC_OK; i++)
        status = guard_one(run, &todo->items[i]->face);
    /* The first that is run is what an applied draft gives way to. */
    for (size_t i = 0; i < todo->n && status == SC_OK; i++) {
        if (!scm_replaced(run, todo->items[i]).any)
            return scm_draft_guard(run, todo->items[i]);
    }
    return status;
}

static enum sc_status plan(struct scm_run *run, struct todo *todo)
{
    size_t room = run->history.n + run->set->n + 1;
    struct sc_migration_state *states = scm_alloc(&run->arena, room * sizeof *states);
    todo->items = scm_alloc(&run->arena, room * sizeof *todo->items);
    if (!states || !todo->items)
        return scm_no_memory(run->err);
    size_t n = scm_compare(run, states);
    bool is_applied = false;
    enum sc_status status = run->arena.failed ? scm_no_memory(run->err)
                                              : scm_judge(run, states, n);
    if (status == SC_OK)
        status = find_unfinished(run, todo);
    if (status == SC_OK)
        status = look_for_to(run, &is_applied);
    if (status == SC_OK && !is_applied)
        choose(run, states, n, todo);
    return status == SC_OK ? guard(run, todo) : status;
}

/* ---- doing it ---------------------------------------------------------------------------- */

static enum sc_status run_job(struct scm_run *run, const struct scm_job *job)
{
    int64_t started = scm_clock_ms();
    run->at.migration = job->name;
    run->at.steps = (int)job->script->nsteps;
    run->at.step = job->done + 1;
    scm_tell(run, SC_MIGRATE_BEGIN, "%s", job->script->title);
    run->at.step = 0;
    enum sc_status status = scm_stop(run);
    if (status == SC_OK)
        status = scm_steps(run, job, "applied");
    if (status == SC_OK)
        status = scm_settle(run);
    run->at.ms = scm_clock_ms() - started;
    if (status == SC_OK)
        scm_tell(run, SC_MIGRATE_DONE, "applied");
    run->at.ms = 0;
    run->at.migration = "";
    return status;
}

static bool is_same_text(const struct scm_run *run, const struct scm_row *row, int at)
{
    return at >= 0 && strcmp(run->set->items[at].up.hash, row->up_hash) == 0;
}

static enum sc_status apply(struct scm_run *run, const struct scm_migration *m,
                            int batch)
{
    bool adopted = false;
    struct scm_job job = { .script = &m->up, .name = m->face.name };
    run->at.migration = m->face.name;
    if (scm_replaced(run, m).any)
        return scm_adopt_replacement(run, m);
    enum sc_status status = scm_draft_settle(run, m, &adopted);
    if (status != SC_OK || adopted)
        return status;
    status = scm_checks(run, &job);
    if (status == SC_OK)
        status = scm_history_begin(run, m, batch, false, &job.seq);
    return status == SC_OK ? run_job(run, &job) : status;
}

/* A row that did nothing leaves no trace: its file may be another by now. */
static enum sc_status forget(struct scm_run *run, const struct scm_row *row)
{
    const char *seq = scm_number(run, row->seq);
    enum sc_status status = scm_history_ask(
        run,
        "with gone as (delete from @.steps where migration = $1::int8)"
        " delete from @.migrations where seq = $1::int8",
        &seq, 1, NULL);
    return status == SC_OK ? scm_history_read(run) : status;
}

static enum sc_status resume(struct scm_run *run, struct scm_row *row, int batch)
{
    int at = scm_find(run->set, row->name);
    if (!row->begun) {
        bool again = !row->draft;
        enum sc_status status = forget(run, row);
        return status == SC_OK && again ? apply(run, &run->set->items[at], batch)
                                        : status;
    }
    if (row->draft && !is_same_text(run, row, at)) {
        scm_refuse(run->err, SC_TROUBLE_DRAFT, row->name,
                   "this draft stopped half-way, and its text is another now");
        scm_hint(run->err,
                 "Undo by hand what its first %d steps did, then: schemac "
                 "repair --undone %s",
                 row->up_done, row->name);
        return SC_MISUSE;
    }
    struct scm_job job = { .seq = row->seq,
                           .script = &run->set->items[at].up,
                           .name = row->name,
                           .done = row->up_done };
    enum sc_status status = run_job(run, &job);
    return status == SC_OK ? scm_history_read(run) : status;
}

void scm_show_steps(struct scm_run *run, const struct scm_job *job)
{
    const struct scm_script *script = job->script;
    run->at.migration = job->name;
    run->at.down = job->down;
    run->at.steps = (int)script->nsteps;
    for (size_t i = (size_t)job->done; i < script->nsteps; i++) {
        const struct scm_step *step = &script->steps[i];
        const struct scm_statement *first = step->statements,
                                   *last = first + step->nstatements - 1;
        run->at.step = (int)i + 1;
        run->at.title = step->title;
        run->at.sql = step->nstatements
                          ? scm_copy(&run->arena, script->text + first->start,
                                     last->start + last->size - first->start)
                          : "";
        scm_tell(run, SC_MIGRATE_PLANNED, "%s",
                 step->transaction ? "in a transaction" : "outside a transaction");
    }
    run->at.migration = run->at.title = run->at.sql = "";
    run->at.down = false;
}

static enum sc_status show_all(struct scm_run *run, const struct todo *todo)
{
    const struct scm_row *row = todo->unfinished;
    int at = row ? scm_find(run->set, row->name) : -1;
    if (at >= 0)
        scm_show_steps(run, &(struct scm_job){ .script = &run->set->items[at].up,
                                               .name = row->name,
                                               .done = row->up_done });
    for (size_t i = 0; i < todo->n; i++)
        scm_show_steps(run, &(struct scm_job){ .script = &todo->items[i]->up,
                                               .name = todo->items[i]->face.name });
    return scm_stop(run);
}

enum sc_status scm_may_apply(struct scm_run *run)
{
    struct todo todo = { 0 };
    return plan(run, &todo);
}

enum sc_status scm_apply_pending(struct scm_run *run)
{
    struct todo todo = { 0 };
    enum sc_status status = plan(run, &todo);
    if (status == SC_OK && run->options.dry_run)
        return show_all(run, &todo);
    if (status == SC_OK && !todo.n && !todo.unfinished)
        return scm_catalog_catch_up(run);
    if (status != SC_OK)
        return status;
    int batch = todo.unfinished ? todo.unfinished->batch : run->history.batch + 1;
    status = scm_catalog_look(run);
    if (status == SC_OK && todo.unfinished)
        status = resume(run, todo.unfinished, batch);
    for (size_t i = 0; i < todo.n && status == SC_OK; i++)
        status = apply(run, todo.items[i], batch);
    return status == SC_OK ? scm_catalog_record(run) : status;
}

enum sc_status sc_migrate(struct sc_db *db, const struct sc_migrations *set,
                          const struct sc_migrate_options *options,
                          struct sc_migrate_error *err)
{
    struct sc_migrate_error unread;
    struct scm_run run = scm_run_of(db, set, options, err ? err : &unread);
    if (run.options.steps)
        run.options.reconnects = 0; /* the second time they would be counted anew */
    return scm_under_lock(&run, scm_apply_pending);
}
