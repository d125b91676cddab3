/* job.c: puts the rooms together. Knows nothing of what any of them writes. */
#include "job.h"

#include "depfile.h"
#include "emit/emit.h"
#include "conf.h"
#include "say.h"
#include "stamp.h"
#include "stamp_files.h"
#include "stats.h"

/* What the command line names counts over what schemac.conf does. */
static const char *choose_places(struct job *job)
{
    struct conf conf;
    const struct settings *settings = job->settings;
    const char *error = conf_places(job->arena, settings, &conf);
    if (error != NULL) {
        return error;
    }
    job->out = path_join(job->arena, conf.out, "");
    job->migrations = conf.migrations;
    job->schema = conf.schema;
    if (settings->command->id == COMMAND_COMPILE && settings->arguments[0] != NULL) {
        job->schema = settings->arguments[0];
    }
    return job->schema != NULL ? NULL : load_find(job->arena, &job->schema);
}

/* The umbrella waits until everything else is known. */
static void put_file(void *context, const char *name, struct str text)
{
    struct job *job = context;
    const char *path = path_join(job->arena, job->out, name);
    if (emit_stamp_at(text) > 0) {
        text = (struct str){ str_dup(job->arena, text), text.n };
        job->umbrella = (struct output){ .path = path, .text = text };
    } else {
        outputs_add(&job->outputs, path, text, EMIT_BANNER);
    }
}

/* Where two branches were merged, both their ends. */
static struct str made_for_both(struct job *job)
{
    const struct heads *heads = &job->pending.heads;
    struct buf out = { 0 };
    for (size_t i = 0; i < heads->tips.n; i++) {
        struct str print = migration_head_value(heads->tips.items[i]->text, "to");
        buf_printf(&out, "%s%.*s", i > 0 ? " " : "", STR_ARGS(print));
    }
    struct str text = str_of(buf_dup(&out, job->arena).s);
    buf_release(&out);
    return text;
}

/* What sc_schema_check is given: where nothing is pending, what the newest migration leads
 * to, although the text of the schema may have changed since (its queries, its order). */
static struct str made_for(struct job *job)
{
    const struct pending *pending = &job->pending;
    if (pending->state != PENDING_NOTHING) {
        return pending->fingerprint;
    }
    return pending->heads.tips.n > 1 ? made_for_both(job) : pending->from;
}

/* The schema's name is part of the mark: two schemas in one folder would take turns at
 * removing each other's files. */
static void put_c(struct job *job)
{
    job->outputs.origin = str_dup(job->arena, job->loaded.file);
    job->outputs.banner = EMIT_BANNER;
    job->outputs.early = !job->settings->check && outputs_is_bare(job->out);
    job->mark = arena_printf(job->arena, EMIT_BANNER "%s:", job->outputs.origin);
    struct emit_options options = { .base = job->loaded.base,
                                    .source = job->loaded.file,
                                    .fingerprint = made_for(job),
                                    .unity = job->settings->unity,
                                    .stmts = job->loaded.stmts };
    struct emit_sink sink = { .put = put_file, .context = job };
    emit_model(job->arena, job->loaded.model, &options, &sink);
}

static int failed(struct job *job, const char *error)
{
    say_error(job->settings, "%s", error);
    return EXIT_ENVIRONMENT;
}

int job_start(struct job *job, struct arena *arena, const struct settings *settings)
{
    *job = (struct job){ .arena = arena,
                         .settings = settings,
                         .outputs = { .arena = arena } };
    const char *error = choose_places(job);
    return error != NULL ? failed(job, error) : EXIT_DONE;
}

/* The draft's mistakes are the schema's. */
static const char *look_at_pending(struct job *job)
{
    struct plan_sizes sizes = { .by_table = { 0 } };
    const struct settings *settings = job->settings;
    bool rebase = settings->command->id == COMMAND_REBASE;
    struct pending_options options = { .no_renames = settings->no_renames,
                                       .rebase = rebase ? settings->arguments[0]
                                                        : NULL };
    if (job->settings->stats != NULL) {
        const char *error = stats_read(job->arena, job->settings->stats, &sizes);
        if (error != NULL) {
            return error;
        }
        options.sizes = &sizes;
    }
    return pending_look(&job->loaded, job->migrations, &options, &job->pending);
}

int job_open(struct job *job)
{
    const char *error = load_schema(job->arena, job->schema, &job->loaded);
    if (error != NULL) {
        return failed(job, error);
    }
    if (job->loaded.diags.nerrors == 0) {
        error = look_at_pending(job);
    }
    say_diags(job->settings, &job->loaded.diags);
    job->spoke = job->loaded.diags.list.n > 0;
    if (job->loaded.diags.nerrors > 0) {
        return EXIT_SCHEMA;
    }
    if (error != NULL) {
        return failed(job, error);
    }
    put_c(job);
    return EXIT_DONE;
}

/* ---- the stamp ------------------------------------------------------------------------- */

static struct stamp_place place_of(const struct job *job)
{
    return (struct stamp_place){ .schema = job->schema,
                                 .out = job->out,
                                 .migrations = job->migrations,
                                 .unity = job->settings->unity,
                                 .no_renames = job->settings->no_renames };
}

/* A stamp is evidence and no content: where nothing else is to be written, one that is no
 * longer right stays, and only costs time. So a comment in the schema or another compiler
 * that makes the same changes no file. */
static void put_umbrella(struct job *job)
{
    struct outputs *outputs = &job->outputs;
    struct str text = job->umbrella.text;
    bool settled = outputs_count(outputs, OUTPUT_UNCHANGED) == outputs->files.n;
    struct str there = stamp_same(job->arena, job->umbrella.path, text);
    struct stamp_place place = place_of(job);
    struct stamp stamp;
    if (settled && there.n > 0) {
        text = there;
    } else if (!job->spoke && outputs->error == NULL &&
               stamp_make(&place, &job->loaded, outputs, &job->umbrella, &stamp)) {
        text = stamp_put(job->arena, text, &stamp);
    }
    outputs_add(outputs, job->umbrella.path, text, EMIT_BANNER);
}

struct str job_depfile(struct job *job, const char *umbrella, const char *const *paths,
                       size_t npaths)
{
    struct buf text = { 0 };
    depfile_write(&text, umbrella, paths, npaths);
    struct str rule = buf_dup(&text, job->arena);
    buf_release(&text);
    return rule;
}

/* The depfile may have another name than in the run that left the stamp. */
static bool depfile_is_current(struct job *job, const struct stamp_found *found)
{
    const char *path = job->settings->depfile;
    if (path == NULL || job->settings->check) {
        return true;
    }
    struct str there;
    return stamp_read(job->arena, path, &there) &&
           str_eq(there, job_depfile(job, found->umbrella, found->paths.items,
                                     found->paths.n));
}

static void say_current(const struct job *job, size_t nfiles)
{
    say_done(job->settings, "%s: up to date (%zu files)", job->out, nfiles);
}

bool job_is_done(struct job *job)
{
    struct stamp_place place = place_of(job);
    struct stamp_found found;
    if (!stamp_is_current(job->arena, &place, &found) ||
        !depfile_is_current(job, &found)) {
        return false;
    }
    bool depfile = job->settings->depfile != NULL && !job->settings->check;
    say_diags(job->settings, &(struct diags){ .arena = job->arena });
    say_current(job, found.nfiles + depfile);
    return true;
}

/* ---- the end --------------------------------------------------------------------------- */

static const char *look(struct job *job)
{
    put_umbrella(job);
    outputs_tidy(&job->outputs, job->migrations);
    const char *error = outputs_sweep(&job->outputs, job->out, job->mark);
    return error != NULL ? error : job->outputs.error;
}

/* "gen/: 2 files written, 5 unchanged, 1 removed" */
static void say_summary(const struct job *job)
{
    const struct outputs *outputs = &job->outputs;
    size_t unchanged = outputs_count(outputs, OUTPUT_UNCHANGED);
    size_t written = outputs->files.n - unchanged;
    size_t removed = outputs->gone.n;
    if (written + removed == 0) {
        say_current(job, unchanged);
        return;
    }
    struct buf line = { 0 };
    buf_printf(&line, "%zu %s written", written, written == 1 ? "file" : "files");
    if (unchanged > 0) {
        buf_printf(&line, ", %zu unchanged", unchanged);
    }
    if (removed > 0) {
        buf_printf(&line, ", %zu removed", removed);
    }
    say_done(job->settings, "%s: %s", job->out, line.s);
    buf_release(&line);
}

int job_write(struct job *job)
{
    const char *error = look(job);
    if (error == NULL) {
        error = outputs_commit(&job->outputs);
    }
    if (error != NULL) {
        return failed(job, error);
    }
    say_summary(job);
    return EXIT_DONE;
}

void job_end(struct job *job)
{
    outputs_abandon(&job->outputs);
}

int job_check(struct job *job)
{
    const char *error = look(job);
    if (error != NULL) {
        return failed(job, error);
    }
    const struct outputs *outputs = &job->outputs;
    for (size_t i = 0; i < outputs->files.n; i++) {
        const struct output *file = &outputs->files.items[i];
        if (file->state != OUTPUT_UNCHANGED) {
            say_answer("%s is %s", file->path,
                       file->state == OUTPUT_NEW ? "missing" : "stale");
        }
    }
    for (size_t i = 0; i < outputs->gone.n; i++) {
        say_answer("%s should be gone", outputs->gone.items[i]);
    }
    size_t unchanged = outputs_count(outputs, OUTPUT_UNCHANGED);
    if (unchanged < outputs->files.n || outputs->gone.n > 0) {
        return EXIT_NO;
    }
    say_summary(job);
    return EXIT_DONE;
}
