/* cmd_repair.c: schemac baseline and repair: the history is changed, the schema is not. */
#include "commands.h"
#include "report.h"
#include "say.h"
#include "tally.h"

/* What repair was asked for, and of which migration; baseline asks for nothing of it. */
struct choice {
    enum sc_repair_action action;
    const char *name;
    const char *nothing; /* when there was nothing to tell */
    bool baseline;
};

/* What was found or done is the answer; the rest goes the usual way. */
struct telling {
    struct tally tally;
    size_t told;
};

static bool tell(void *user, const struct sc_migrate_event *event)
{
    struct telling *telling = user;
    if (event->kind != SC_MIGRATE_NOTE && event->kind != SC_MIGRATE_ADOPTED) {
        return tally_event(&telling->tally, event);
    }
    tally_keep(&telling->tally, event);
    telling->told++;
    say_done(telling->tally.session->settings, "%s", event->text);
    return true;
}

static enum sc_status call(struct session *session, const struct choice *choice,
                           struct telling *telling, struct sc_migrate_error *error)
{
    struct sc_migrate_options options = session_options(session);
    options.event = tell;
    options.user = telling;
    if (choice->baseline) {
        return sc_baseline(session->db, session->set, &options, error);
    }
    options.to = choice->name;
    return sc_repair(session->db, session->set, choice->action, &options, error);
}

static int run(struct session *session, const struct choice *choice)
{
    struct telling telling = { .tally = tally_open(session) };
    struct sc_migrate_error error;
    if (call(session, choice, &telling, &error) != SC_OK) {
        tally_close(&telling.tally, &error);
        return report_error(session, &error);
    }
    tally_close(&telling.tally, NULL);
    if (telling.told == 0) {
        say_done(session->settings, "%s", choice->nothing);
    }
    return EXIT_DONE;
}

static int command(struct arena *arena, const struct settings *settings,
                   const struct choice *choice)
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
        status = run(&session, choice);
    }
    session_close(&session);
    return status;
}

int cmd_baseline(struct arena *arena, const struct settings *settings)
{
    const struct choice choice = { .baseline = true, .nothing = "nothing is pending" };
    return command(arena, settings, &choice);
}

/* Gives how many of the four were asked for. */
static size_t choose(const struct settings *settings, struct choice *choice)
{
    const struct choice choices[] = {
        { .name = settings->accept, .action = SC_REPAIR_ACCEPT },
        { .name = settings->applied, .action = SC_REPAIR_APPLIED },
        { .name = settings->undone, .action = SC_REPAIR_UNDONE },
        { .name = settings->forget, .action = SC_REPAIR_FORGET },
    };
    size_t given = 0;
    *choice = (struct choice){ .action = SC_REPAIR_EXPLAIN };
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (choices[i].name != NULL) {
            *choice = choices[i];
            given++;
        }
    }
    choice->nothing = "nothing is wrong";
    return given;
}

int cmd_repair(struct arena *arena, const struct settings *settings)
{
    struct choice choice;
    if (choose(settings, &choice) > 1) {
        say_error(settings, "repair does one thing at a time");
        return EXIT_USAGE;
    }
    return command(arena, settings, &choice);
}
