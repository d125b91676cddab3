/* cmd_migrate.c: schemac migrate, rollback and redo. */
#include "backup.h"
#include "certified.h"
#include "commands.h"
#include "report.h"
#include "say.h"
#include "tally.h"

typedef enum sc_status run_function(struct sc_db *db, const struct sc_migrations *set,
                                    const struct sc_migrate_options *options,
                                    struct sc_migrate_error *err);

/* One of the three ways. */
struct way {
    run_function *run;
    enum backup_way backup;
    const char *nothing; /* when nothing was to be done */
};

/* The draft is no part of what is pending, which who waits for it should know. */
static void say_nothing(const struct session *session, const struct way *way)
{
    size_t count = sc_migrations_count(session->set);
    const struct sc_migration *last = count > 0
                                          ? sc_migrations_at(session->set, count - 1)
                                          : NULL;
    say_done(session->settings, "%s", way->nothing);
    if (count == 0) {
        say_note(session->settings, "there are no migrations in \"%s\"",
                 session->conf.migrations);
    }
    if (way->run == sc_migrate && last != NULL && last->draft &&
        !session->settings->draft) {
        say_note(
            session->settings,
            "%s is a draft: `schemac make NAME` seals it, `schemac migrate --draft` "
            "tries it out",
            last->name);
    }
}

static int run(struct session *session, const struct way *way, json_t *proof)
{
    struct tally tally = tally_open(session);
    tally.certification = json_incref(proof);
    struct sc_migrate_options options = session_options(session);
    struct sc_migrate_error error;
    options.event = tally_event;
    options.user = &tally;
    if (way->run(session->db, session->set, &options, &error) != SC_OK) {
        tally_close(&tally, &error);
        return report_error(session, &error);
    }
    tally_close(&tally, NULL);
    if (tally.changed + tally.planned == 0) {
        say_nothing(session, way);
    }
    return EXIT_DONE;
}

static int command(struct arena *arena, const struct settings *settings,
                   const struct way *way)
{
    struct session session;
    json_t *proof = NULL;
    if (settings->steps == 0) {
        say_error(settings, "--steps is at least 1");
        return EXIT_USAGE;
    }
    int status = session_open(&session, arena, settings);
    if (status == EXIT_DONE) {
        status = session_migrations(&session);
    }
    if (status == EXIT_DONE) {
        status = session_connect(&session);
    }
    if (status == EXIT_DONE && settings->certify) {
        status = certified_pending(&session, &proof);
    }
    if (status == EXIT_DONE) {
        status = backup_before(&session, way->backup);
    }
    if (status == EXIT_DONE) {
        status = run(&session, way, proof);
    }
    json_decref(proof);
    session_close(&session);
    return status;
}

int cmd_migrate(struct arena *arena, const struct settings *settings)
{
    const struct way way = { sc_migrate, BACKUP_UP, "nothing is pending" };
    return command(arena, settings, &way);
}

int cmd_rollback(struct arena *arena, const struct settings *settings)
{
    const struct way way = { sc_rollback, BACKUP_DOWN, "nothing is to be taken back" };
    return command(arena, settings, &way);
}

int cmd_redo(struct arena *arena, const struct settings *settings)
{
    const struct way way = { sc_redo, BACKUP_REDO, "nothing is to be done again" };
    return command(arena, settings, &way);
}
