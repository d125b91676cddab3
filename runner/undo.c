/* undo.c: which migrations are taken back, whether that was accepted, and doing it by the
 * text that was journalled. Must not read files. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

struct undoing { /* latest first */
    struct scm_row **rows;
    size_t n;
};

/* ---- choosing ---------------------------------------------------------------------------- */

/* Without a word of how much, what stopped half-way is ended, and no more: it may have
 * been one of a batch that was to be taken back alone. */
static bool goes_on(const struct scm_run *run)
{
    const struct scm_history *history = &run->history;
    return !run->options.steps && history->n &&
           history->rows[history->n - 1].standing == SC_STANDING_UNDOING;
}

/* Whether the row is still to be taken back, `n` being chosen so far. */
static bool is_chosen(const struct scm_run *run, const struct scm_row *row, size_t n)
{
    const struct sc_migrate_options *o = &run->options;
    if (o->to)
        return strcmp(row->name, o->to) != 0;
    if (o->all || row->standing == SC_STANDING_UNDOING)
        return true;
    return o->steps > 0 ? n < (size_t)o->steps : row->batch == run->history.batch;
}

static enum sc_status choose(struct scm_run *run, struct undoing *undoing)
{
    struct scm_history *history = &run->history;
    const char *to = run->options.to;
    if (to && !scm_row_of(run, to))
        return scm_refuse(run->err, SC_TROUBLE_UNKNOWN, to, "it is not applied");
    undoing->rows = scm_alloc(&run->arena, (history->n + 1) * sizeof *undoing->rows);
    if (!undoing->rows)
        return scm_no_memory(run->err);
    if (history->n) /* batches that were taken back leave no row */
        history->batch = history->rows[history->n - 1].batch;
    if (goes_on(run))
        history->batch = -1; /* no row's */
    for (size_t i = history->n; i-- > 0;) {
        struct scm_row *row = &history->rows[i];
        if (!is_chosen(run, row, undoing->n))
            break;
        undoing->rows[undoing->n++] = row;
    }
    return SC_OK;
}

/* ---- accepting --------------------------------------------------------------------------- */

static bool accepts(const struct scm_run *run, const char *word, size_t n)
{
    for (size_t i = 0; i < run->options.naccept; i++) {
        const char *one = run->options.accept[i];
        if (strlen(one) == n && memcmp(one, word, n) == 0)
            return true;
    }
    return false;
}

static enum sc_status read_down(struct scm_run *run, const struct scm_row *row,
                                const char *path, struct scm_script *script)
{
    PGresult *result = NULL;
    const char *seq = scm_number(run, row->seq);
    enum sc_status status = scm_history_ask(
        run, "select down_sql from @.migrations where seq = $1::int8", &seq, 1,
        &result);
    if (status == SC_OK && (!PQntuples(result) || PQgetisnull(result, 0, 0)))
        status = scm_refuse(run->err, SC_TROUBLE_IMPOSSIBLE, row->name,
                            "it has no down text: it cannot be taken back");
    if (status == SC_OK) {
        const char *text = scm_copy(&run->arena, PQgetvalue(result, 0, 0),
                                    (size_t)PQgetlength(result, 0, 0));
        status = scm_script_read(&run->arena, path, text, script, run->err);
    }
    PQclear(result);
    return status;
}

/* What neither was accepted nor is empty, and the options that accept it. In a protected
 * environment nothing counts as empty: rows may come in between. */
struct losses {
    struct scm_text objects, options;
};

/* A hazard: "drop:auth.users.name". */
static enum sc_status add_loss(struct scm_run *run, struct losses *losses,
                               const char *hazard)
{
    bool holds = true;
    enum sc_status status = SC_OK;
    const char *object = strchr(hazard, ':') + 1;
    if (accepts(run, object, strlen(object)))
        return SC_OK;
    if (!run->options.is_protected)
        status = scm_holds(run, object, &holds);
    if (status == SC_OK && holds) {
        scm_putf(&losses->objects, "%s%s", losses->objects.n ? ", " : "", object);
        scm_putf(&losses->options, " --allow %s", hazard);
    }
    return status;
}

static bool loses(const char *hazard)
{
    static const char *const WORDS[] = { "drop:", "narrow:", "irreversible:" };
    for (size_t i = 0; i < SCM_COUNT(WORDS); i++) {
        if (strncmp(hazard, WORDS[i], strlen(WORDS[i])) == 0)
            return true;
    }
    return false;
}

/* A text with our head says its own hazards; of another one the up file's word counts,
 * which is a list of objects. */
static enum sc_status find_losses(struct scm_run *run, const struct scm_row *row,
                                  struct losses *losses)
{
    struct scm_script script;
    enum sc_status status = read_down(run, row, row->name, &script);
    const bool ours = status == SC_OK && script.id[0];
    const char *list = ours ? script.hazards : row->down_why;
    while (list && *list && status == SC_OK) {
        const char *end = strstr(list, ", ");
        int n = (int)(end ? (size_t)(end - list) : strlen(list));
        const char *hazard = scm_printf(&run->arena, "%s%.*s", ours ? "" : "drop:", n,
                                        list);
        if (loses(hazard))
            status = add_loss(run, losses, hazard);
        list = end ? end + 2 : NULL;
    }
    return status == SC_OK && run->arena.failed ? scm_no_memory(run->err) : status;
}

static enum sc_status refuse_loss(struct scm_run *run, const struct scm_row *row,
                                  const struct losses *losses)
{
    scm_fail(run->err, SC_MISUSE, SC_TROUBLE_LOSSY,
             "\"%s\": taking it back loses data: %s", row->name, losses->objects.s);
    if (losses->options.n < 150)
        scm_hint(run->err, "If that is meant: schemac %s%s", run->command,
                 losses->options.s);
    else
        scm_hint(run->err, "If that is meant: schemac %s --allow %s", run->command,
                 row->name);
    snprintf(run->err->migration, sizeof run->err->migration, "%s", row->name);
    return SC_MISUSE;
}

static enum sc_status guard_lossy(struct scm_run *run, const struct scm_row *row)
{
    struct losses losses = { 0 };
    bool accepted = accepts(run, "lossy", 5) ||
                    accepts(run, row->name, strlen(row->name));
    enum sc_status status = accepted ? SC_OK : find_losses(run, row, &losses);
    if (status == SC_OK && (losses.objects.failed || losses.options.failed))
        status = scm_no_memory(run->err);
    if (status == SC_OK && losses.objects.n)
        status = refuse_loss(run, row, &losses);
    scm_text_release(&losses.objects);
    scm_text_release(&losses.options);
    if (status == SC_OK && run->options.is_protected && !run->options.confirmed)
        return scm_refuse(
            run->err, SC_TROUBLE_PROTECTED, row->name,
            "taking it back loses data, and the environment is protected");
    return status;
}

static enum sc_status guard_impossible(struct scm_run *run, const struct scm_row *row,
                                       const char *why)
{
    if (accepts(run, row->name, strlen(row->name))) {
        if (run->options.is_protected && !run->options.confirmed)
            return scm_refuse(run->err, SC_TROUBLE_PROTECTED, row->name,
                              "the environment is protected");
        return SC_OK;
    }
    scm_fail(run->err, SC_MISUSE, SC_TROUBLE_IMPOSSIBLE,
             "\"%s\" cannot be taken back: %s", row->name, why);
    scm_hint(run->err,
             "To run what its down text has all the same: schemac %s --allow %s",
             run->command, row->name);
    snprintf(run->err->migration, sizeof run->err->migration, "%s", row->name);
    return SC_MISUSE;
}

/* In a protected environment a way back that was written by hand may lose anything. */
static enum sc_status guard_by_hand(struct scm_run *run, const struct scm_row *row)
{
    struct scm_script script;
    if (!run->options.is_protected || run->options.confirmed)
        return SC_OK;
    enum sc_status status = read_down(run, row, row->name, &script);
    if (status != SC_OK || !scm_unknown(&script))
        return status;
    scm_refuse(run->err, SC_TROUBLE_PROTECTED, row->name,
               "its way back was written by hand, so that nobody knows what it loses, "
               "and the environment is protected");
    scm_hint(run->err, "Where it loses nothing, let the head of the down file say so "
                       "before it is applied: \"-- hazards: none\"");
    return SC_MISUSE;
}

static enum sc_status guard_draft(struct scm_run *run, const struct scm_row *row)
{
    if (!run->options.is_protected || run->options.confirmed)
        return SC_OK;
    return scm_refuse(run->err, SC_TROUBLE_PROTECTED, row->name,
                      "it is a draft: taking it back loses what it made, and the "
                      "environment is protected");
}

static enum sc_status guard(struct scm_run *run, const struct scm_row *row)
{
    if (row->standing == SC_STANDING_UNDOING)
        return SC_OK;
    if (row->draft)
        return guard_draft(run, row);
    if (row->standing == SC_STANDING_UNFINISHED) {
        if (!row->begun)
            return SC_OK;
        scm_refuse(run->err, SC_TROUBLE_UNFINISHED, row->name,
                   "it stopped half-way: its down text undoes the whole of it");
        scm_hint(run->err, "Finish it with: schemac migrate; or see: schemac repair");
        return SC_MISUSE;
    }
    if (row->baseline)
        return guard_impossible(run, row, "it was marked as applied, not run here");
    if (row->down == SC_DOWN_LOSSY)
        return guard_lossy(run, row);
    return row->down == SC_DOWN_IMPOSSIBLE ? guard_impossible(run, row, row->down_why)
                                           : guard_by_hand(run, row);
}

/* ---- doing it ---------------------------------------------------------------------------- */

/* The path for messages: the file, when it says the same. */
static const char *path_of(struct scm_run *run, const struct scm_row *row)
{
    int at = scm_find(run->set, row->name);
    const struct scm_script *down = at < 0 ? NULL : &run->set->items[at].down;
    if (down && down->text && strcmp(down->hash, row->down_hash) == 0)
        return down->path;
    if (down && down->text)
        scm_tell(run, SC_MIGRATE_NOTE,
                 "the down file has changed since: what was journalled is run");
    return scm_printf(&run->arena, "%s.down.sql (as it was applied)", row->name);
}

enum sc_status scm_undo_row(struct scm_run *run, struct scm_row *row)
{
    struct scm_script script;
    struct scm_job job = { row->seq, &script, row->name, true, row->down_done };
    int64_t started = scm_clock_ms();
    if (row->standing == SC_STANDING_UNFINISHED && !row->begun)
        return scm_history_state(run, row->seq, "undone");
    run->at.migration = row->name;
    run->at.down = true;
    enum sc_status status = read_down(run, row, path_of(run, row), &script);
    if (status != SC_OK)
        return status;
    run->at.steps = (int)script.nsteps;
    run->at.step = row->down_done + 1;
    scm_tell(run, SC_MIGRATE_BEGIN, "%s", script.title);
    run->at.step = 0;
    status = scm_stop(run);
    if (status == SC_OK && !row->down_done)
        status = scm_checks(run, &job);
    if (status == SC_OK && row->standing != SC_STANDING_UNDOING)
        status = scm_history_state(run, row->seq, "undoing");
    if (status == SC_OK)
        status = scm_steps(run, &job, "undone");
    if (status == SC_OK)
        status = scm_settle(run);
    run->at.ms = scm_clock_ms() - started;
    if (status == SC_OK)
        scm_tell(run, SC_MIGRATE_DONE, "taken back");
    run->at.ms = 0;
    run->at.down = false;
    run->at.migration = "";
    return status;
}

static enum sc_status show(struct scm_run *run, const struct scm_row *row)
{
    struct scm_script script;
    struct scm_job job = { row->seq, &script, row->name, true, row->down_done };
    enum sc_status status = read_down(run, row, path_of(run, row), &script);
    if (status == SC_OK)
        scm_show_steps(run, &job);
    return status;
}

static enum sc_status find(struct scm_run *run, struct undoing *undoing)
{
    enum sc_status status = choose(run, undoing);
    for (size_t i = 0; i < undoing->n && status == SC_OK; i++)
        status = guard(run, undoing->rows[i]);
    return status;
}

static enum sc_status undo_all(struct scm_run *run, const struct undoing *undoing)
{
    enum sc_status status = SC_OK;
    if (status == SC_OK && undoing->n && !run->options.dry_run)
        status = scm_catalog_look(run);
    for (size_t i = 0; i < undoing->n && status == SC_OK; i++)
        status = run->options.dry_run ? show(run, undoing->rows[i])
                                      : scm_undo_row(run, undoing->rows[i]);
    return status;
}

/* ---- doors --------------------------------------------------------------------------------- */

static enum sc_status roll_back(struct scm_run *run)
{
    struct undoing undoing = { 0 };
    enum sc_status status = find(run, &undoing);
    if (status == SC_OK)
        status = undo_all(run, &undoing);
    if (status == SC_OK && undoing.n && !run->options.dry_run)
        status = scm_catalog_record(run);
    return status;
}

/* ---- doing it again ------------------------------------------------------------------------ */

static bool has_file(const struct scm_run *run, const struct scm_row *row)
{
    const struct sc_migrations *set = run->set;
    return row->draft ? set->n && set->items[set->n - 1].face.draft
                      : scm_find(set, row->name) >= 0;
}

/* Whether what is to be taken back could be applied again, as far as that can be known
 * before: those are the last rows of the history, which is looked at without them. */
static enum sc_status guard_again(struct scm_run *run, const struct undoing *undoing)
{
    for (size_t i = 0; i < undoing->n; i++) {
        const struct scm_row *row = undoing->rows[i];
        if (!has_file(run, row))
            return scm_refuse(run->err, SC_TROUBLE_MISSING, row->name,
                              "its file is missing: it could not be applied again");
    }
    run->history.n -= undoing->n;
    enum sc_status status = scm_may_apply(run);
    run->history.n += undoing->n;
    return status;
}

static enum sc_status redo(struct scm_run *run)
{
    struct undoing undoing = { 0 };
    struct sc_migrate_options *o = &run->options;
    if (!o->to && !o->all && o->steps == 0)
        o->steps = 1;
    enum sc_status status = find(run, &undoing);
    if (status != SC_OK || !undoing.n)
        return status;
    const struct scm_row *newest = undoing.rows[0];
    o->to = newest->draft ? NULL : newest->name;
    o->draft = newest->draft;
    o->steps = 0;
    status = guard_again(run, &undoing);
    if (status == SC_OK)
        status = undo_all(run, &undoing);
    if (status != SC_OK || o->dry_run)
        return status;
    status = scm_history_read(run);
    return status == SC_OK ? scm_apply_pending(run) : status;
}

enum sc_status sc_rollback(struct sc_db *db, const struct sc_migrations *set,
                           const struct sc_migrate_options *options,
                           struct sc_migrate_error *err)
{
    struct sc_migrate_error unread;
    struct scm_run run = scm_run_of(db, set, options, err ? err : &unread);
    run.options.reconnects = 0; /* "the last batch" is another one the second time */
    return scm_under_lock(&run, roll_back);
}

enum sc_status sc_redo(struct sc_db *db, const struct sc_migrations *set,
                       const struct sc_migrate_options *options,
                       struct sc_migrate_error *err)
{
    struct sc_migrate_error unread;
    struct scm_run run = scm_run_of(db, set, options, err ? err : &unread);
    run.options.reconnects = 0; /* "the last batch" is another one the second time */
    run.command = "redo";
    return scm_under_lock(&run, redo);
}
