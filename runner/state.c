/* state.c: how a database stands, for status. Must not make or change anything. */
#include "runner.h"

#include <string.h>

static void count(struct sc_migrate_state *state,
                  const struct sc_migration_state *items)
{
    for (size_t i = 0; i < state->count; i++) {
        if (items[i].standing == SC_STANDING_PENDING)
            state->pending += !items[i].draft;
        else
            state->applied += items[i].standing == SC_STANDING_APPLIED;
        if (state->trouble == SC_TROUBLE_NONE)
            state->trouble = items[i].trouble;
    }
}

static void find_fingerprint(struct scm_run *run, struct sc_migrate_state *state)
{
    state->fingerprint = "";
    for (size_t i = 0; i < run->history.n; i++) {
        if (run->history.rows[i].standing == SC_STANDING_APPLIED)
            state->fingerprint = run->history.rows[i].to;
    }
}

static enum sc_status look(struct scm_run *run, struct sc_migrate_state *state)
{
    size_t room = run->history.n + run->set->n + 1;
    struct sc_migration_state *items = scm_alloc(&run->arena, room * sizeof *items);
    if (!items)
        return scm_no_memory(run->err);
    state->count = scm_compare(run, items);
    state->items = items;
    count(state, items);
    find_fingerprint(run, state);
    /* A history of which nothing has a file is another application's. */
    struct sc_migrate_error saved = *run->err;
    if (scm_judge(run, items, state->count) != SC_OK &&
        run->err->trouble == SC_TROUBLE_OTHER_HISTORY)
        state->trouble = SC_TROUBLE_OTHER_HISTORY;
    *run->err = saved;
    return scm_holder(run, &state->lock_pid, &state->lock_who);
}

static enum sc_status read_all(struct scm_run *run, struct sc_migrate_state *state)
{
    enum sc_status status = scm_layout_exists(run, &state->exists);
    if (status == SC_OK && state->exists)
        status = scm_history_read(run);
    return status == SC_OK ? look(run, state) : status;
}

enum sc_status sc_migrate_status(struct sc_db *db, const struct sc_migrations *set,
                                 const struct sc_migrate_options *options,
                                 struct sc_migrate_state **state,
                                 struct sc_migrate_error *err)
{
    struct sc_migrate_error unread;
    struct sc_migrate_state found = { 0 };
    struct scm_run run = scm_run_of(db, set, options, err ? err : &unread);
    *state = NULL;
    enum sc_status status = scm_enter(&run);
    if (status == SC_OK)
        status = read_all(&run, &found);
    if (status == SC_OK) {
        /* The session's own texts stand in the same arena, and live as long. */
        *state = scm_give(&run.arena, sizeof **state);
        if (*state)
            **state = found;
        else
            status = scm_no_memory(run.err);
    }
    status = scm_leave(&run, status);
    if (status != SC_OK) {
        sc_migrate_free(*state);
        *state = NULL;
    }
    return status;
}
