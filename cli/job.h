/* job.h: one compilation: from a schema file to a set of files that is compared or
 * written. What compile and make have in common. */
#ifndef CLI_JOB_H
#define CLI_JOB_H
#include "base/outputs.h"
#include "load.h"
#include "options.h"
#include "pending.h"

struct job {
    struct arena *arena;
    const struct settings *settings;
    const char *schema;     /* path */
    const char *out;        /* folder, with a slash at its end */
    const char *migrations; /* folder */
    const char *mark;       /* how each of our C files begins */
    struct output umbrella; /* its path, and its text without a stamp */
    bool spoke;             /* something was said that the next run has to say again */
    struct loaded loaded;
    struct pending pending;
    struct outputs outputs;
};

/* Chooses schema and folders. What went wrong has been said. Gives an exit code; only after
 * EXIT_DONE is the job of use. */
int job_start(struct job *job, struct arena *arena, const struct settings *settings);
/* Whether a compilation would find all as it should be and say nothing. If so, what it
 * would have said at its end has been said. */
bool job_is_done(struct job *job);
/* Reads the schema and puts its C into the outputs; looks at the migrations. Messages and
 * exit code as above. */
int job_open(struct job *job);
/* Writes the outputs and says how many; gives an exit code. */
int job_write(struct job *job);
/* Names the outputs that are not as they should be; EXIT_NO when there are any. */
int job_check(struct job *job);

/* Takes back what was not written to the end. The last call, whatever happened since
 * job_start. */
void job_end(struct job *job);
/* What was read, as a rule for make whose target is the umbrella. */
struct str job_depfile(struct job *job, const char *umbrella, const char *const *paths,
                       size_t npaths);

#endif
