/* cmd_repair.c: schemac baseline and repair: the history is changed, the schema is not. */
#include "commands.h"
#include "report.h"
#include "say.h"

/* What was found or done is the answer; the rest goes the usual way. */
struct telling {
    struct session *session;
    size_t told;
};

static bool tell(void *user, const struct sc_migrate_event *event)
{
    struct telling *telling = user;
    if (event->kind != SC_MIGRATE_NOTE && event->kind != SC_MIGRATE_ADOPTED) {
        return report_event(telling->session, event);
    }
    telling->told++;
    say_done(telling->session->settings, "%s", event->text);
    return true;
}

static int open_all(struct session *session, struct arena *arena,
                    const struct settings *settings)
{
    int status = session_open(session, arena, settings);
    if (status == EXIT_DONE) {
        status = session_migrations(session);
    }
    return status == EXIT_DONE ? session_connect(session) : status;
}

int cmd_baseline(struct arena *arena, const struct settings *settings)
{
    struct session session;
    int status = open_all(&session, arena, settings);
    if (status == EXIT_DONE) {
        struct telling telling = { .session = &session };
        struct sc_migrate_options options = session_options(&session);
        struct sc_migrate_error error;
        options.event = tell;
        options.user = &telling;
        if (sc_baseline(session.db, session.set, &options, &error) != SC_OK) {
            status = report_error(&session, &error);
        } else if (telling.told == 0) {
            say_done(settings, "nothing is pending");
        }
    }
    session_close(&session);
    return status;
}

/* Which of the four was asked for, and of which migration; false: more than one. */
static bool choose(const struct settings *settings, enum sc_repair_action *action,
                   const char **name)
{
    const struct {
        const char *name;
        enum sc_repair_action action;
    } choices[] = { { settings->accept, SC_REPAIR_ACCEPT },
                    { settings->applied, SC_REPAIR_APPLIED },
                    { settings->undone, SC_REPAIR_UNDONE },
                    { settings->forget, SC_REPAIR_FORGET } };
    size_t given = 0;
    *action = SC_REPAIR_EXPLAIN;
    *name = NULL;
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (choices[i].name != NULL) {
            *action = choices[i].action;
            *name = choices[i].name;
            given++;
        }
    }
    return given <= 1;
}

int cmd_repair(struct arena *arena, const struct settings *settings)
{
    enum sc_repair_action action;
    const char *name;
    if (!choose(settings, &action, &name)) {
        say_error(settings, "repair does one thing at a time");
        return EXIT_USAGE;
    }
    struct session session;
    int status = open_all(&session, arena, settings);
    if (status == EXIT_DONE) {
        struct telling telling = { .session = &session };
        struct sc_migrate_options options = session_options(&session);
        struct sc_migrate_error error;
        options.to = name;
        options.event = tell;
        options.user = &telling;
        if (sc_repair(session.db, session.set, action, &options, &error) != SC_OK) {
            status = report_error(&session, &error);
        } else if (telling.told == 0) {
            say_done(settings, "nothing is wrong");
        }
    }
    session_close(&session);
    return status;
}
