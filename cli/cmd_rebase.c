/* cmd_rebase.c: schemac rebase MIGRATION: its branch planned anew behind the other one. */
#include <string.h>

#include "base/file.h"
#include "commands.h"
#include "gate.h"
#include "job.h"
#include "say.h"

/* "add_phone" of "0003_add_phone". */
static const char *bare_name(const char *id)
{
    const char *bar = strchr(id, '_');
    return bar != NULL ? bar + 1 : id;
}

/* What was allowed when the branch's migrations were made is allowed still. */
static void allow_again(struct job *job, struct gate *gate)
{
    for (size_t i = 0; i < job->pending.branch.n; i++) {
        struct str list = migration_head_value(job->pending.branch.items[i]->text,
                                               "allowed");
        while (list.n > 0) {
            const char *comma = memchr(list.s, ',', list.n);
            size_t n = comma != NULL ? (size_t)(comma - list.s) : list.n;
            const char *hazard = arena_copy(job->arena, list.s, n);
            VEC_PUSH(job->arena, &gate->flags, hazard);
            size_t next = comma != NULL ? n + 2 : n;
            list = (struct str){ list.s + next, list.n - next };
        }
    }
}

static void remove_branch(struct job *job)
{
    static const char *const suffixes[] = { ".up.sql", ".down.sql", ".snapshot" };
    for (size_t i = 0; i < job->pending.branch.n; i++) {
        const char *id = job->pending.branch.items[i]->entry->id;
        for (size_t k = 0; k < sizeof suffixes / sizeof *suffixes; k++) {
            const char *path = history_path(&job->pending.history, id, suffixes[k]);
            if (!outputs_has(&job->outputs, path)) {
                outputs_remove(&job->outputs, path);
            }
        }
    }
}

static const char *follow_by_hand(struct job *job, const struct head *head)
{
    struct str down;
    const char *id = head->entry->id;
    const char *path = history_path(&job->pending.history, id, ".down.sql");
    int error = file_read(job->arena, path, &down);
    if (error != 0) {
        return arena_printf(job->arena, "cannot read \"%s\": %s", path,
                            strerror(error));
    }
    const struct migration_text texts[2] = {
        { migration_body(head->text), migration_head_word(head->text, "hazards") },
        { migration_body(down), migration_head_word(down, "hazards") }
    };
    const char *now = pending_seal_by_hand(&job->pending, bare_name(id), texts,
                                           &job->outputs);
    say_done(job->settings, "%s, written by hand, becomes %s", id, now);
    return NULL;
}

/* "0003_size, 0004_price become 0005_price": those that were planned. */
static void say_become(const struct job *job, const char *id)
{
    struct buf names = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < job->pending.branch.n; i++) {
        const struct head *head = job->pending.branch.items[i];
        if (!head->by_hand) {
            buf_printf(&names, "%s%s", n++ > 0 ? ", " : "", head->entry->id);
        }
    }
    say_done(job->settings, "%s %s %s", names.n > 0 ? names.s : "the change",
             n > 1 ? "become" : "becomes", id);
    buf_release(&names);
}

static const char *seal_branch(struct job *job, const struct gate *gate)
{
    const struct head *const *branch = job->pending.branch.items;
    size_t n = job->pending.branch.n;
    const char *error = NULL;
    const char *last = branch[n - 1]->entry->id;
    for (size_t i = n; i > 0 && branch[i - 1]->by_hand; i--) {
        last = i > 1 ? branch[i - 2]->entry->id : last;
    }
    if (job->pending.state == PENDING_CHANGE) {
        struct pending_seal how = { bare_name(last), gate->allowed.items,
                                    gate->allowed.n };
        const char *id = pending_seal(&job->pending, &how, &job->outputs);
        say_become(job, id);
    }
    for (size_t i = 0; i < n && error == NULL; i++) {
        if (branch[i]->by_hand) {
            error = follow_by_hand(job, branch[i]);
        }
    }
    if (error == NULL) {
        remove_branch(job);
    }
    return error;
}

static int rebase(struct job *job)
{
    int status = job_open(job);
    if (status != EXIT_DONE) {
        return status;
    }
    struct gate gate = { .allowed = { 0 } };
    allow_again(job, &gate);
    if (job->pending.state == PENDING_CHANGE) {
        gate_judge(job, &gate);
    }
    if (gate.refused.n > 0) {
        return gate_refuse(job, &gate);
    }
    gate_say_unused(job, &gate);
    const char *error = seal_branch(job, &gate);
    if (error != NULL) {
        say_error(job->settings, "%s", error);
        return EXIT_ENVIRONMENT;
    }
    return job_write(job);
}

int cmd_rebase(struct arena *arena, const struct settings *settings)
{
    struct job job;
    int status = job_start(&job, arena, settings);
    if (status == EXIT_DONE) {
        status = rebase(&job);
    }
    job_end(&job);
    return status;
}
