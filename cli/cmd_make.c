/* cmd_make.c: schemac make NAME. */
#include "commands.h"
#include "job.h"
#include "say.h"

static int seal(struct job *job, const char *name)
{
    const char *id = pending_seal(&job->pending, name, &job->outputs);
    int status = job_write(job);
    if (status == EXIT_DONE) {
        say_done(job->settings, "%s is sealed",
                 path_join(job->arena, job->migrations, id));
    }
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
    }
    return status;
}

static int make(struct job *job, const char *name)
{
    int status = job_open(job);
    if (status != EXIT_DONE) {
        return status;
    }
    switch (job->pending.state) {
    case PENDING_FIRST:
        return seal(job, name);
    case PENDING_NOTHING:
        return seal_nothing(job);
    case PENDING_CHANGE:
        break;
    }
    say_error(job->settings,
              "the schema differs from migration %s: planning changes is not available "
              "in this version",
              job->pending.head->id);
    return EXIT_ENVIRONMENT;
}

int cmd_make(struct arena *arena, const struct settings *settings)
{
    const char *name = settings->arguments[0];
    if (!history_name_ok(name)) {
        say_error(
            settings,
            "\"%s\" is no name for a migration: it is made of a-z, 0-9 and \"_\", "
            "at most %d of them",
            name, HISTORY_NAME_MAX);
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
