/* cmd_compile.c: schemac SCHEMA -o DIR. */
#include "commands.h"
#include "job.h"
#include "say.h"

/* Gives false when the name is taken. */
static bool put_depfile(struct job *job)
{
    const char *path = job->settings->depfile;
    const char *umbrella = job->umbrella.path;
    if (outputs_has(&job->outputs, path) || strcmp(umbrella, path) == 0) {
        say_error(job->settings, "\"%s\" is generated: the depfile needs another name",
                  path);
        return false;
    }
    const struct loaded *loaded = &job->loaded;
    outputs_add(&job->outputs, path,
                job_depfile(job, umbrella, loaded->paths.items, loaded->paths.n), NULL);
    return true;
}

static int compile(struct job *job)
{
    const struct settings *settings = job->settings;
    int status = job_open(job);
    if (status != EXIT_DONE) {
        return status;
    }
    pending_draft(&job->pending, &job->outputs);
    if (settings->check) {
        return job_check(job);
    }
    if (settings->depfile != NULL && !put_depfile(job)) {
        return EXIT_USAGE;
    }
    return job_write(job);
}

int cmd_compile(struct arena *arena, const struct settings *settings)
{
    struct job job;
    int status = job_start(&job, arena, settings);
    if (status == EXIT_DONE && !job_is_done(&job)) {
        status = compile(&job);
    }
    job_end(&job);
    return status;
}
