/* cmd_migrate.c: schemac migrate, rollback and redo. */
#include "backup.h"
#include "commands.h"
#include "report.h"
#include "report_json.h"
#include "say.h"

typedef enum sc_status run_function(struct sc_db *db, const struct sc_migrations *set,
                                    const struct sc_migrate_options *options,
                                    struct sc_migrate_error *err);

/* One of the three ways. */
struct way {
    run_function *run;
    enum backup_way backup;
    const char *nothing; /* when nothing was to be done */
};

/* What was done, counted and kept for JSON on its way to the reporter. */
struct tally {
    struct session *session;
    size_t done;
    json_t *events; /* NULL: not wanted */
};

static bool count_event(void *user, const struct sc_migrate_event *event)
{
    struct tally *tally = user;
    const bool passing = event->kind == SC_MIGRATE_TICK ||
                         event->kind == SC_MIGRATE_SQL;
    tally->done += event->kind == SC_MIGRATE_DONE ||
                   event->kind == SC_MIGRATE_PLANNED ||
                   event->kind == SC_MIGRATE_ADOPTED;
    if (tally->events != NULL && !passing) {
        json_array_append_new(tally->events, report_json_event(event));
    }
    if (tally->events != NULL && event->kind == SC_MIGRATE_PLANNED) {
        return true;
    }
    return report_event(tally->session, event);
}

static void answer(const struct way *way, struct tally *tally,
                   const struct sc_migrate_error *error)
{
    if (tally->events != NULL) {
        json_t *object = json_pack("{so}", "events", tally->events);
        if (error != NULL) {
            json_object_set_new(object, "error", report_json_error(error));
        }
        report_json_print(object);
    } else if (error == NULL && tally->done == 0) {
        say_done(tally->session->settings, "%s", way->nothing);
    }
}

static int run(struct session *session, const struct way *way)
{
    struct tally tally = { .session = session,
                           .events = session->settings->json ? json_array() : NULL };
    struct sc_migrate_options options = session_options(session);
    struct sc_migrate_error error;
    options.event = count_event;
    options.user = &tally;
    if (way->run(session->db, session->set, &options, &error) == SC_OK) {
        answer(way, &tally, NULL);
        return EXIT_DONE;
    }
    answer(way, &tally, &error);
    return report_error(session, &error);
}

static int command(struct arena *arena, const struct settings *settings,
                   const struct way *way)
{
    struct session session;
    int status = session_open(&session, arena, settings);
    if (status == EXIT_DONE) {
        status = session_migrations(&session);
    }
    if (status == EXIT_DONE) {
        status = session_connect(&session);
    }
    if (status == EXIT_DONE) {
        status = backup_before(&session, way->backup);
    }
    if (status == EXIT_DONE) {
        status = run(&session, way);
    }
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
