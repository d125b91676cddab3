/* job.c: puts the rooms together. Knows nothing of what any of them writes. */
#include "job.h"

#include "emit/emit.h"
#include "say.h"

static void choose_folders(struct job *job)
{
    const struct settings *settings = job->settings;
    const char *out = settings->out != NULL ? settings->out : "gen";
    job->out = path_join(job->arena, out, "");
    job->migrations = settings->migrations != NULL
                          ? settings->migrations
                          : path_join(job->arena, job->out, "migrations");
}

/* Finds and reads the schema; gives a message when a file cannot be read. */
static const char *read_schema(struct job *job)
{
    const struct settings *settings = job->settings;
    job->schema = settings->command->id == COMMAND_COMPILE ? settings->arguments[0]
                                                           : settings->schema;
    const char *error = NULL;
    if (job->schema == NULL) {
        error = load_find(job->arena, &job->schema);
    }
    return error != NULL ? error : load_schema(job->arena, job->schema, &job->loaded);
}

static void put_file(void *context, const char *name, struct str text)
{
    struct job *job = context;
    outputs_add(&job->outputs, path_join(job->arena, job->out, name), text,
                EMIT_BANNER);
}

/* The schema's name is part of the mark: two schemas in one folder would take turns at
 * removing each other's files. */
static void put_c(struct job *job)
{
    job->outputs.origin = str_dup(job->arena, job->loaded.file);
    job->mark = arena_printf(job->arena, EMIT_BANNER "%s:", job->outputs.origin);
    struct emit_options options = { .base = job->loaded.base,
                                    .source = job->loaded.file,
                                    .fingerprint = job->pending.fingerprint,
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

int job_open(struct job *job, struct arena *arena, const struct settings *settings)
{
    *job = (struct job){ .arena = arena,
                         .settings = settings,
                         .outputs = { .arena = arena } };
    choose_folders(job);
    const char *error = read_schema(job);
    if (error != NULL) {
        return failed(job, error);
    }
    say_diags(settings, &job->loaded.diags);
    if (job->loaded.diags.nerrors > 0) {
        return EXIT_SCHEMA;
    }
    error = pending_look(&job->loaded, job->migrations, &job->pending);
    if (error != NULL) {
        return failed(job, error);
    }
    put_c(job);
    return EXIT_DONE;
}

static const char *look(struct job *job)
{
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
        say_done(job->settings, "%s: up to date (%zu files)", job->out, unchanged);
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
