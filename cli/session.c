/* session.c: configuration, connection and migrations of a command. */
#include "session.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/outputs.h"
#include "report.h"
#include "heads.h"
#include "say.h"

int session_open(struct session *session, struct arena *arena,
                 const struct settings *settings)
{
    *session = (struct session){ .arena = arena, .settings = settings };
    const char *error = conf_read(arena, settings, &session->conf);
    if (error == NULL) {
        conf_apply(&session->conf);
        error = target_find(arena, session->conf.url, &session->target);
    }
    if (error != NULL) {
        say_error(settings, "%s", error);
        return EXIT_ENVIRONMENT;
    }
    return EXIT_DONE;
}

/* "database app on db.example.org as ada, environment production (protected)" */
static void say_target(const struct session *session)
{
    const struct conf *conf = &session->conf;
    const char *name = conf->environment != NULL ? conf->environment : "default";
    say_note(session->settings, "database %s on %s as %s, environment %s%s",
             session->target.database, session->target.host, session->target.user, name,
             conf->protected_ ? " (protected)" : "");
}

int session_connect(struct session *session)
{
    struct sc_error error;
    say_target(session);
    if (sc_open(session->conf.url, &session->db, &error) == SC_OK) {
        return EXIT_DONE;
    }
    report_server_error(session->settings, &error);
    if (session->conf.url == NULL) {
        fputs("  hint: DATABASE_URL is not set, here or in .env. `schemac db start` "
              "makes a "
              "server for development.\n",
              stderr);
    }
    return EXIT_ENVIRONMENT;
}

int session_migrations(struct session *session)
{
    struct sc_migrate_error error;
    if (sc_migrations_read(session->conf.migrations, &session->set, &error) == SC_OK) {
        return EXIT_DONE;
    }
    return report_error(session, &error);
}

void session_close(struct session *session)
{
    sc_migrations_free(session->set);
    sc_close(session->second);
    sc_close(session->db);
    session->set = NULL;
    session->second = session->db = NULL;
}

const char *session_name(const struct session *session)
{
    return session->conf.environment != NULL ? session->conf.environment
                                             : session->target.database;
}

/* The objects of "--allow drop:auth.users.name", which is how they are accepted. */
static const char *const *accepted(struct session *session)
{
    const option_texts *allow = &session->settings->allow;
    const char **accept = arena_array(session->arena, const char *, allow->n + 1);
    for (size_t i = 0; i < allow->n; i++) {
        const char *colon = strchr(allow->items[i], ':');
        accept[i] = colon != NULL ? colon + 1 : allow->items[i];
    }
    return accept;
}

static int number(long given)
{
    return given < 0 ? 0 : (int)given;
}

/* To the runner 0 is its default. */
static int wait_ms(long seconds)
{
    enum { LONGEST = 2000000 };
    if (seconds == 0) {
        return 1;
    }
    return number(seconds > LONGEST ? LONGEST : seconds) * 1000;
}

struct sc_migrate_options session_options(struct session *session)
{
    const struct settings *settings = session->settings;
    const char *typed = settings->confirm;
    return (struct sc_migrate_options){
        .schema = session->conf.history,
        .to = settings->to,
        .steps = number(settings->steps),
        .all = settings->all,
        .dry_run = settings->dry_run,
        .draft = settings->draft,
        .out_of_order = settings->out_of_order,
        .forks_commute = heads_commute(session->arena, session->conf.migrations),
        .is_protected = session->conf.protected_,
        .confirmed = typed != NULL && strcmp(typed, session_name(session)) == 0,
        .development = !session->conf.protected_,
        .accept = accepted(session),
        .naccept = settings->allow.n,
        .lock_wait_ms = wait_ms(settings->lock_wait),
        .lock_timeout_ms = number(settings->lock_timeout),
        .reconnects = 3,
        .event = report_event,
        .user = session,
    };
}
