/* certified.c: gathers migrations and their models for certify.h, and tells what it finds.
 * Must not know how anything is proved. */
#include "certified.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "certify/certify.h"
#include "report.h"
#include "report_json.h"
#include "say.h"

enum { ROWS = 20 }; /* in every table */

struct chain {
    struct arena *arena;
    const struct settings *settings;
    VEC(struct certify_migration) list;
    struct certify_request request;
};

/* ---- the answer ---- */

static json_t *json_step(const struct certify_step *step)
{
    json_t *locks = json_array();
    for (size_t i = 0; i < step->locks.n; i++) {
        const struct certify_lock *lock = &step->locks.items[i];
        json_array_append_new(locks, json_pack("{ssss}", "relation", lock->relation,
                                               "mode", plan_lock_word(lock->mode)));
    }
    return json_pack("{ssss siss ssso}", "migration", step->migration, "way", step->way,
                     "step", step->number, "title", step->title, "cost",
                     plan_cost_word(step->cost), "locks", locks);
}

static json_t *json_finding(const struct certify_finding *finding)
{
    return json_pack("{ssss ssss si ssssss}", "kind", certify_kind_word(finding->kind),
                     "migration", finding->migration, "way", finding->way, "title",
                     finding->title, "step", finding->step, "object", finding->object,
                     "predicted", finding->predicted, "seen", finding->seen);
}

static json_t *json_report(const struct certify_report *report)
{
    json_t *findings = json_array(), *steps = json_array(), *notes = json_array();
    for (size_t i = 0; i < report->findings.n; i++) {
        json_array_append_new(findings, json_finding(&report->findings.items[i]));
    }
    for (size_t i = 0; i < report->steps.n; i++) {
        json_array_append_new(steps, json_step(&report->steps.items[i]));
    }
    for (size_t i = 0; i < report->notes.n; i++) {
        json_array_append_new(notes, json_string(report->notes.items[i]));
    }
    return json_pack("{sbsososo}", "certified", report->findings.n == 0, "findings",
                     findings, "steps", steps, "notes", notes);
}

static void print_text(const struct certify_report *report)
{
    struct buf text = { 0 };
    certify_put(&text, report);
    if (text.n > 0) {
        fputs(text.s, stderr);
    }
    buf_release(&text);
}

/* ---- proving ---- */

static void say_progress(void *user, const char *line)
{
    const struct settings *settings = user;
    if (!settings->quiet) {
        fprintf(stderr, "  certify  %s\n", line);
    }
}

/* proof: the report for the command's own answer, NULL without --json. */
static int prove(struct chain *chain, const char *otherwise, json_t **proof)
{
    const struct settings *settings = chain->settings;
    struct certify_report report;
    chain->request.migrations = chain->list.items;
    chain->request.n = chain->list.n;
    chain->request.rows = ROWS;
    chain->request.say = say_progress;
    chain->request.user = (void *)settings;
    const char *error = certify(chain->arena, &chain->request, &report);
    if (error != NULL) {
        say_error(settings, "cannot certify: %s", error);
        return EXIT_ENVIRONMENT;
    }
    if (report.findings.n > 0 || !settings->quiet) {
        print_text(&report);
    }
    if (report.findings.n == 0) {
        *proof = settings->json ? json_report(&report) : NULL;
        return EXIT_DONE;
    }
    say_error(settings, "not certified: %zu %s; %s", report.findings.n,
              report.findings.n == 1 ? "finding" : "findings", otherwise);
    if (settings->json) {
        report_json_print(settings, json_report(&report));
    }
    return EXIT_ENVIRONMENT;
}

/* ---- make ---- */

static const char *read_text(struct arena *arena, const char *path, const char **text)
{
    struct str read;
    int error = file_read(arena, path, &read);
    if (error != 0) {
        return arena_printf(arena, "cannot read \"%s\": %s", path, strerror(error));
    }
    *text = str_dup(arena, read);
    return NULL;
}

static const char *add_sealed(struct chain *chain, const struct history *history,
                              const char *id)
{
    struct certify_migration one = { .name = id };
    const char *error = read_text(chain->arena, history_path(history, id, ".up.sql"),
                                  &one.up);
    if (error == NULL) {
        error = read_text(chain->arena, history_path(history, id, ".down.sql"),
                          &one.down);
    }
    VEC_PUSH(chain->arena, &chain->list, one);
    return error;
}

int certified_make(struct job *job, const char *id, const struct migration *files,
                   json_t **proof)
{
    const struct pending *pending = &job->pending;
    struct chain chain = { .arena = job->arena, .settings = job->settings };
    for (size_t i = 0; i < pending->history.sealed.n; i++) {
        const char *error = add_sealed(&chain, &pending->history,
                                       pending->history.sealed.items[i].id);
        if (error != NULL) {
            say_error(job->settings, "%s", error);
            return EXIT_ENVIRONMENT;
        }
    }
    struct certify_migration last = { .name = id,
                                      .up = files->up.s,
                                      .down = files->down.s,
                                      .to = pending->loaded->model };
    chain.request.first = chain.list.n;
    chain.request.origin = match_origin(pending->draft.match);
    VEC_PUSH(job->arena, &chain.list, last);
    return prove(&chain, "nothing was sealed", proof);
}

/* ---- migrate ---- */

/* The model of a sealed migration's snapshot; NULL: there is none that can be read. */
static const struct model *snapshot_of(struct session *session, const char *name)
{
    struct arena *arena = session->arena;
    struct loaded *loaded = arena_new(arena, struct loaded);
    const char *file = arena_printf(arena, "%s.snapshot", name);
    const char *path = path_join(arena, session->conf.migrations, file);
    const char *error = load_model(arena, path, loaded);
    return error == NULL && loaded->diags.nerrors == 0 ? loaded->model : NULL;
}

static void add_state(struct chain *chain, struct session *session,
                      const struct sc_migration_state *state)
{
    const struct sc_migration *file = state->file;
    struct certify_migration one = { .name = file->name,
                                     .up = file->up,
                                     .down = file->down_hash[0] ? file->down_sql : NULL,
                                     .draft = file->draft };
    if (!one.draft) {
        one.to = snapshot_of(session, one.name);
    }
    VEC_PUSH(chain->arena, &chain->list, one);
}

static void add_standing(struct chain *chain, struct session *session,
                         const struct sc_migrate_state *state)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct sc_migration_state *one = &state->items[i];
        if (one->file != NULL && one->standing == SC_STANDING_APPLIED && !one->draft) {
            add_state(chain, session, one);
        }
    }
    chain->request.first = chain->list.n;
    chain->request.run_earlier = true;
    if (chain->list.n > 0) {
        chain->request.origin = chain->list.items[chain->list.n - 1].to;
    }
}

/* As far as --to, --steps and --draft say. */
static void add_pending(struct chain *chain, struct session *session,
                        const struct sc_migrate_state *state)
{
    const struct settings *settings = session->settings;
    size_t most = settings->steps > 0 ? (size_t)settings->steps : state->count;
    for (size_t i = 0; i < state->count; i++) {
        const struct sc_migration_state *one = &state->items[i];
        if (one->standing != SC_STANDING_PENDING ||
            chain->list.n - chain->request.first == most ||
            (one->draft && !settings->draft)) {
            continue;
        }
        add_state(chain, session, one);
        if (settings->to != NULL && strcmp(settings->to, one->name) == 0) {
            return;
        }
    }
}

int certified_pending(struct session *session, json_t **proof)
{
    struct sc_migrate_options options = session_options(session);
    struct sc_migrate_state *state = NULL;
    struct sc_migrate_error error;
    if (sc_migrate_status(session->db, session->set, &options, &state, &error) !=
        SC_OK) {
        return report_error(session, &error);
    }
    struct chain chain = { .arena = session->arena, .settings = session->settings };
    int status = EXIT_DONE;
    /* What the files' troubles are migrate itself says. */
    if (state->trouble == SC_TROUBLE_NONE) {
        add_standing(&chain, session, state);
        add_pending(&chain, session, state);
    }
    if (chain.list.n > chain.request.first) {
        status = prove(&chain, "nothing was applied", proof);
    }
    sc_migrate_free(state);
    return status;
}
