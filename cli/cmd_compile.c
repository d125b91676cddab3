/* cmd_compile.c: schemac SCHEMA -o DIR. */
#include "commands.h"
#include "depfile.h"
#include "job.h"
#include "say.h"

/* Gives false when the name is taken. */
static bool put_depfile(struct job *job)
{
    if (outputs_has(&job->outputs, job->settings->depfile)) {
        say_error(job->settings, "\"%s\" is generated: the depfile needs another name",
                  job->settings->depfile);
        return false;
    }
    const struct loaded *loaded = &job->loaded;
    const char *umbrella = arena_printf(job->arena, "%.*s.h", STR_ARGS(loaded->base));
    struct buf text = { 0 };
    depfile_write(&text, path_join(job->arena, job->out, umbrella), loaded->paths.items,
                  loaded->paths.n);
    outputs_add(&job->outputs, job->settings->depfile, buf_dup(&text, job->arena),
                NULL);
    buf_release(&text);
    return true;
}

int cmd_compile(struct arena *arena, const struct settings *settings)
{
    struct job job;
    int status = job_open(&job, arena, settings);
    if (status != EXIT_DONE) {
        return status;
    }
    if (job.pending.state == PENDING_CHANGE) {
        say_note(settings,
                 "the schema differs from migration %s; planning changes is not "
                 "available in this version, so no draft was written",
                 job.pending.head->id);
    }
    pending_draft(&job.pending, &job.outputs);
    if (settings->check) {
        return job_check(&job);
    }
    if (settings->depfile != NULL && !put_depfile(&job)) {
        return EXIT_USAGE;
    }
    return job_write(&job);
}
