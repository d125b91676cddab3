/* backup.c: runs pg_dump. Knows nothing of what a dump holds. */
#include "backup.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report.h"
#include "say.h"

/* ---- does anything lose data? ---- */

struct look {
    const struct session *session;
    enum backup_way way;
    const char *loses; /* the first that does */
};

static const struct sc_migration *find(const struct sc_migrations *set,
                                       const char *name)
{
    for (size_t i = 0; i < sc_migrations_count(set); i++) {
        const struct sc_migration *file = sc_migrations_at(set, i);
        if (strcmp(file->name, name) == 0) {
            return file;
        }
    }
    return NULL;
}

/* What is taken back is applied again by redo. A migration whose file is gone is taken to
 * lose data: better a dump too many. */
static bool may_lose(const struct look *look, const struct sc_migrate_event *event)
{
    const struct sc_migration *file = find(look->session->set, event->migration);
    bool back = event->down &&
                (file == NULL || file->down_unknown || file->down != SC_DOWN_LOSSLESS);
    bool up = !event->down || look->way == BACKUP_REDO;
    return back || (up && (file == NULL || file->destroys));
}

static bool look_at(void *user, const struct sc_migrate_event *event)
{
    struct look *look = user;
    if (event->kind != SC_MIGRATE_PLANNED || look->loses != NULL) {
        return true;
    }
    if (may_lose(look, event)) {
        look->loses = arena_printf(look->session->arena, "%s", event->migration);
    }
    return true;
}

static int find_loss(struct session *session, enum backup_way way, const char **loses)
{
    struct look look = { .session = session, .way = way };
    struct sc_migrate_options options = session_options(session);
    struct sc_migrate_error error;
    options.dry_run = true;
    options.event = look_at;
    options.user = &look;
    if (way != BACKUP_UP && options.to == NULL && !options.all && options.steps == 0) {
        options.steps = way == BACKUP_REDO ? 1 : 0;
    }
    enum sc_status status = way == BACKUP_UP ? sc_migrate(session->db, session->set,
                                                          &options, &error)
                                             : sc_rollback(session->db, session->set,
                                                           &options, &error);
    *loses = look.loses;
    return status == SC_OK ? EXIT_DONE : report_error(session, &error);
}

/* ---- the dump ---- */

static int run_pg_dump(const struct session *session, const char *file)
{
    union {
        const char *const *given;
        char *const *wanted;
    } words = { .given = (const char *const[]){ "pg_dump", "--format=custom", "--file",
                                                file, NULL } };
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        const char *error = target_export(session->arena, session->conf.url);
        if (error == NULL) {
            execvp("pg_dump", words.wanted);
        }
        _exit(127);
    }
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return child > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int dump(struct session *session)
{
    const char *file = session->settings->backup;
    struct stat present;
    if (stat(file, &present) == 0) {
        say_error(session->settings,
                  "\"%s\" is there already: a dump never replaces a "
                  "file",
                  file);
        return EXIT_ENVIRONMENT;
    }
    const char *part = arena_printf(session->arena, "%s.part", file);
    say_note(session->settings, "dumping the database into %s", file);
    int status = run_pg_dump(session, part);
    if (status == 0 && rename(part, file) == 0) {
        return EXIT_DONE;
    }
    (void)unlink(part);
    say_error(session->settings, status == 127
                                     ? "pg_dump is not installed: nothing was changed"
                                     : "the dump failed: nothing was changed");
    return EXIT_ENVIRONMENT;
}

int backup_before(struct session *session, enum backup_way way)
{
    const struct settings *settings = session->settings;
    if (settings->dry_run) {
        return EXIT_DONE;
    }
    if (settings->backup != NULL) {
        return dump(session);
    }
    if (!session->conf.protected_ || settings->no_backup) {
        return EXIT_DONE;
    }
    const char *loses = NULL;
    int found = find_loss(session, way, &loses);
    if (found != EXIT_DONE || loses == NULL) {
        return found;
    }
    say_error(settings,
              "%s may lose data and environment %s is protected: give --backup FILE or "
              "--no-backup",
              loses, session_name(session));
    return EXIT_ENVIRONMENT;
}
