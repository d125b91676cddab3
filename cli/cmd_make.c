/* cmd_make.c: schemac make NAME. */
#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "base/file.h"
#include "certified.h"
#include "commands.h"
#include "gate.h"
#include "job.h"
#include "migrate/plan_json.h"
#include "migrate/plan_sarif.h"
#include "report_json.h"
#include "runtime/sc.h"
#include "say.h"

/* ---- what it does to programs ---- */

enum { NAMES_WIDTH = 74 }; /* of a list of functions, in a terminal of 80 */

static bool is_alike(const struct impact_item *a, const struct impact_item *b)
{
    return a->kind == b->kind && strcmp(a->why, b->why) == 0;
}

/* Statements that stand together and meet one fate, as "breaks 3 functions: why" with
 * their names below. Gives how many. */
static size_t say_alike(const struct job *job, const struct impact *impact,
                        size_t first)
{
    const struct impact_item *item = &impact->items.items[first];
    struct buf line = { 0 };
    size_t n = 0;
    while (first + n < impact->items.n &&
           is_alike(item, &impact->items.items[first + n])) {
        n++;
    }
    if (n == 1) {
        say_done(job->settings, "  %s %.*s: %s", impact_kind_word(item->kind),
                 STR_ARGS(item->name), item->why);
        return n;
    }
    say_done(job->settings, "  %s %zu functions: %s", impact_kind_word(item->kind), n,
             item->why);
    for (size_t i = first; i < first + n; i++) {
        struct str name = impact->items.items[i].name;
        if (line.n > 0 && line.n + name.n > NAMES_WIDTH) {
            say_done(job->settings, "    %s", line.s);
            buf_clear(&line);
        }
        buf_printf(&line, "%s%.*s%s", line.n > 0 ? " " : "", STR_ARGS(name),
                   i + 1 < first + n ? "," : "");
    }
    say_done(job->settings, "    %s", line.s);
    buf_release(&line);
    return n;
}

static void say_impact(const struct job *job)
{
    const struct impact *impact = job->pending.draft.impact;
    if (impact == NULL) {
        return;
    }
    for (size_t i = 0; i < impact->items.n;) {
        i += say_alike(job, impact, i);
    }
    say_done(job->settings, "  order: %s", impact_order_word(impact->order));
}

/* The hazards for code review: at the steps of the sealed file, or at the schema while
 * there is none. */
static int write_sarif(struct job *job, const char *id)
{
    struct sarif_request request = { .plan = job->pending.draft.up,
                                     .tool_version = SC_VERSION,
                                     .file = job->schema };
    struct outputs outputs = { .arena = job->arena };
    struct buf out = { 0 };
    if (job->settings->sarif == NULL) {
        return EXIT_DONE;
    }
    if (id != NULL) {
        request.file = history_path(&job->pending.history, id, ".up.sql");
        (void)file_read(job->arena, request.file, &request.text);
    }
    plan_sarif(&out, job->arena, &request);
    outputs_add(&outputs, job->settings->sarif, buf_view(&out), NULL);
    const char *error = outputs_commit(&outputs);
    buf_release(&out);
    if (error != NULL) {
        say_error(job->settings, "%s", error);
        return EXIT_ENVIRONMENT;
    }
    return EXIT_DONE;
}

/* Adds a member to a text that is one object. */
static void print_with(const struct settings *settings, struct str text, json_t *proof)
{
    json_t *object = json_loadb(text.s, text.n, 0, NULL);
    if (object == NULL || json_object_set(object, "certification", proof) != 0) {
        out_of_memory();
    }
    report_json_print(settings, object);
}

/* sealed NULL: refused. proof: of --certify, or NULL. */
static void print_json(struct job *job, const char *sealed, json_t *proof)
{
    struct buf out = { 0 };
    struct plan_json_request request = { .draft = &job->pending.draft,
                                         .plan = job->pending.draft.up,
                                         .sealed = sealed };
    if (job->settings->json) {
        plan_json(&out, job->arena, &request);
        if (proof != NULL) {
            print_with(job->settings, buf_view(&out), proof);
        } else {
            say_json(job->settings, buf_view(&out));
        }
    }
    buf_release(&out);
}

/* The same of a migration without a plan. sealed NULL: there was nothing to seal. */
static void print_plain_json(const struct job *job, const char *sealed)
{
    if (job->settings->json) {
        report_json_print(job->settings,
                          json_pack("{ss?, s[]}", "sealed", sealed, "steps"));
    }
}

/* ---- sealing ---- */

static int write_sealed(struct job *job, const char *id)
{
    int status = job_write(job);
    if (status == EXIT_DONE) {
        say_done(job->settings, "%s is sealed",
                 path_join(job->arena, job->migrations, id));
    }
    return status;
}

static int seal(struct job *job, const char *name)
{
    struct gate gate = { .allowed = { 0 } };
    gate_judge(job, &gate);
    if (gate.refused.n > 0) {
        (void)write_sarif(job, NULL);
        print_json(job, NULL, NULL);
        return gate_refuse(job, &gate);
    }
    gate_say_unused(job, &gate);
    struct pending_seal how = { name, gate.allowed.items, gate.allowed.n };
    struct migration files = pending_files(&job->pending, &how);
    const char *id = pending_seal(&job->pending, &how, &job->outputs);
    json_t *proof = NULL;
    int status = job->settings->certify ? certified_make(job, id, &files, &proof)
                                        : EXIT_DONE;
    if (status == EXIT_DONE) {
        status = write_sealed(job, id);
    }
    if (status == EXIT_DONE) {
        say_impact(job);
        print_json(job, path_join(job->arena, job->migrations, id), proof);
        status = write_sarif(job, id);
    }
    json_decref(proof);
    return status;
}

/* Nothing to seal: the generated code is still brought up to date. */
static int seal_nothing(struct job *job)
{
    pending_draft(&job->pending, &job->outputs);
    int status = job_write(job);
    if (status == EXIT_DONE) {
        say_done(job->settings, "nothing to seal: the schema is as %s left it",
                 job->pending.head->id);
        print_plain_json(job, NULL);
    }
    return status;
}

/* What is pending stays so, as the draft after it. */
static int seal_empty(struct job *job, const char *name)
{
    const char *id = pending_seal_by_hand(&job->pending, name, NULL, &job->outputs);
    int status = write_sealed(job, id);
    if (status == EXIT_DONE) {
        print_plain_json(job, path_join(job->arena, job->migrations, id));
    }
    return status;
}

static int make(struct job *job, const char *name)
{
    int status = job_open(job);
    if (status != EXIT_DONE) {
        return status;
    }
    if (job->settings->empty) {
        return seal_empty(job, name);
    }
    return job->pending.state == PENDING_NOTHING ? seal_nothing(job) : seal(job, name);
}

int cmd_make(struct arena *arena, const struct settings *settings)
{
    const char *name = settings->arguments[0];
    if (strcmp(name, HISTORY_DRAFT) == 0) {
        say_error(settings,
                  "\"%s\" is what the draft is called: a sealed migration wants"
                  " another name",
                  name);
        return EXIT_USAGE;
    }
    if (!history_name_ok(name)) {
        say_error(
            settings,
            "\"%s\" is no name for a migration: it is made of a-z, 0-9 and \"_\", "
            "at most %d of them",
            name, HISTORY_NAME_MAX);
        return EXIT_USAGE;
    }
    if (settings->empty && settings->certify) {
        say_error(settings, "--empty has nothing to certify yet: once it is written,"
                            " \"schemac migrate --certify\" does");
        return EXIT_USAGE;
    }
    struct job job;
    int status = job_start(&job, arena, settings);
    if (status == EXIT_DONE) {
        status = make(&job, name);
    }
    job_end(&job);
    return status;
}
