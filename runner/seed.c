/* seed.c: runs a folder's seeds, each in a transaction with the record of it. Must not
 * know of migrations. */
#include "runner.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum mode { ONCE, ALWAYS, DEVELOPMENT, MODES };
static const char *const WORDS[MODES] = { "once", "always", "development" };

struct seed {
    const char *name; /* the file's */
    struct scm_script script;
    enum mode mode;
    const char *ran; /* the hash of what was run last; NULL: never */
};
struct seeding {
    struct scm_run run; /* first: the work gets this */
    const char *folder;
};

static enum sc_status read_mode(struct scm_run *run, struct seed *seed)
{
    const char *word = *seed->script.seed ? seed->script.seed : WORDS[ONCE];
    for (seed->mode = 0; seed->mode < MODES; seed->mode++) {
        if (strcmp(WORDS[seed->mode], word) == 0)
            return SC_OK;
    }
    scm_fail(run->err, SC_MISUSE, SC_TROUBLE_FILE,
             "\"%s\": a seed is run once, always or in development, not \"%s\"",
             seed->name, word);
    scm_place(run->err, &seed->script, 0);
    return SC_MISUSE;
}

static enum sc_status read_seed(struct scm_run *run, const char *folder,
                                struct seed *seed)
{
    const char *why = NULL;
    const char *path = scm_printf(&run->arena, "%s/%s", folder, seed->name);
    const char *text = scm_read_file(&run->arena, path, &why);
    if (!text) {
        scm_fail(run->err, SC_MISUSE, SC_TROUBLE_FILE, "cannot read \"%s\": %s", path,
                 why);
        snprintf(run->err->file, sizeof run->err->file, "%s", path);
        return SC_MISUSE;
    }
    enum sc_status status = scm_script_read(&run->arena, path, text, &seed->script,
                                            run->err);
    if (status == SC_OK)
        status = read_mode(run, seed);
    const struct scm_step *step = seed->script.steps;
    bool one = seed->script.nsteps == 0 ||
               (seed->script.nsteps == 1 && step->transaction);
    if (status == SC_OK && !one) {
        status = scm_fail(run->err, SC_MISUSE, SC_TROUBLE_FILE,
                          "\"%s\": a seed is one transaction", seed->name);
        scm_place(run->err, &seed->script,
                  seed->script.steps[seed->script.nsteps - 1].statements[0].start);
    }
    return status;
}

static enum sc_status read_record(struct scm_run *run, struct seed *seed)
{
    PGresult *result = NULL;
    enum sc_status status = scm_history_ask(
        run, "select hash from @.seeds where name = $1", &seed->name, 1, &result);
    if (status == SC_OK && PQntuples(result))
        seed->ran = scm_copy(&run->arena, PQgetvalue(result, 0, 0),
                             (size_t)PQgetlength(result, 0, 0));
    PQclear(result);
    return status;
}

/* Why it is not run; NULL: it is. */
static const char *excuse(const struct scm_run *run, const struct seed *seed)
{
    bool changed = seed->ran && strcmp(seed->ran, seed->script.hash) != 0;
    switch (seed->mode) {
    case ALWAYS:
    case MODES:
        return NULL;
    case ONCE:
        if (!seed->ran)
            return NULL;
        return changed ? "has changed since it was run: not run again"
                       : "was run before";
    case DEVELOPMENT:
        if (!run->options.development)
            return "is for development only";
        return seed->ran && !changed ? "was run before" : NULL;
    }
    return NULL;
}

static enum sc_status run_seed(struct scm_run *run, const struct seed *seed)
{
    const struct scm_step *step = seed->script.steps;
    const char *params[] = { seed->name, seed->script.hash, WORDS[seed->mode] };
    enum sc_status status = scm_ask(run, "begin", NULL, 0, NULL);
    if (status == SC_OK && seed->script.nsteps)
        status = scm_run_sql(run, &seed->script, step->statements, step->nstatements);
    if (status == SC_OK)
        status = scm_history_ask(run,
                                 "insert into @.seeds as s values ($1, $2, $3, 1,"
                                 " clock_timestamp()) on conflict (name) do update set"
                                 " hash = $2, mode = $3, runs = s.runs + 1,"
                                 " applied_at = clock_timestamp()",
                                 params, 3, NULL);
    if (status == SC_OK)
        status = scm_ask(run, "commit", NULL, 0, NULL);
    return status == SC_OK ? scm_settle(run) : status;
}

static enum sc_status settle(struct scm_run *run, const char *folder, const char *name)
{
    struct seed seed = { .name = name };
    enum sc_status status = read_seed(run, folder, &seed);
    if (status == SC_OK && !run->bare)
        status = read_record(run, &seed);
    if (status != SC_OK)
        return status;
    const char *why = excuse(run, &seed);
    const bool runs = !why && !run->options.dry_run;
    const struct scm_job job = { .script = &seed.script, .name = name };
    run->at.migration = name;
    if (runs)
        status = scm_checks(run, &job);
    if (status == SC_OK && runs)
        status = run_seed(run, &seed);
    if (status == SC_OK)
        scm_tell(run, SC_MIGRATE_SEED, "%s",
                 why ? why : (run->options.dry_run ? "would be run" : "run"));
    else
        snprintf(run->err->migration, sizeof run->err->migration, "%s", name);
    run->at.migration = "";
    return status == SC_OK ? scm_stop(run) : status;
}

static enum sc_status settle_all(struct scm_run *run)
{
    const char *folder = ((struct seeding *)run)->folder;
    struct scm_names names;
    if (scm_list(&run->arena, folder, ".sql", &names) != 0) {
        scm_fail(run->err, SC_MISUSE, SC_TROUBLE_FILE,
                 "cannot read the folder \"%s\": %s", folder, strerror(errno));
        snprintf(run->err->file, sizeof run->err->file, "%s", folder);
        return SC_MISUSE;
    }
    enum sc_status status = run->arena.failed ? scm_no_memory(run->err) : SC_OK;
    for (size_t i = 0; i < names.n && status == SC_OK; i++)
        status = settle(run, folder, names.items[i]);
    return status;
}

enum sc_status sc_seed(struct sc_db *db, const char *folder,
                       const struct sc_migrate_options *options,
                       struct sc_migrate_error *err)
{
    struct sc_migrate_error unread;
    struct seeding seeding = { .folder = folder };
    seeding.run = scm_run_of(db, NULL, options, err ? err : &unread);
    const struct sc_migrate_options *o = &seeding.run.options;
    seeding.run.options.reconnects = 0;
    if (o->is_protected && !o->confirmed)
        return scm_fail(seeding.run.err, SC_MISUSE, SC_TROUBLE_PROTECTED,
                        "the environment is protected: no seed is run in it");
    return scm_under_lock(&seeding.run, settle_all);
}
