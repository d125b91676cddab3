/* cmd_db.c: schemac db start | stop | psql. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cluster/cluster.h"
#include "commands.h"
#include "conf.h"
#include "live/target.h"
#include "say.h"

struct work {
    struct arena *arena;
    const struct settings *settings;
    struct conf conf;
    struct cluster cluster;
};

static int failed(const struct work *work, const char *error)
{
    say_error(work->settings, "%s", error);
    return EXIT_ENVIRONMENT;
}

/* The database is called after the project's folder. */
static const char *find_cluster(struct work *work)
{
    static const size_t size = 4096;
    char *project = arena_alloc(work->arena, size);
    if (getcwd(project, size) == NULL)
        return arena_printf(work->arena, "cannot tell the current folder: %s",
                            strerror(errno));
    const char *name = strrchr(project, '/') + 1;
    return cluster_of_project(work->arena, project, *name != '\0' ? name : "app",
                              &work->cluster);
}

/* ---- start ---- */

/* Writes .env only where there is none: what others wrote there is theirs. */
static bool write_dotenv(const char *line)
{
    int fd = open(".env", O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return false;
    size_t n = strlen(line);
    bool whole = write(fd, line, n) == (ssize_t)n;
    return close(fd) == 0 && whole;
}

static void say_url(const struct work *work)
{
    const char *line = arena_printf(work->arena, "DATABASE_URL=\"%s\"\n",
                                    work->cluster.url);
    say_answer("%.*s", (int)strlen(line) - 1, line);
    if (work->conf.url != NULL && strcmp(work->conf.url, work->cluster.url) == 0)
        return;
    if (work->conf.url == NULL && write_dotenv(line)) {
        say_note(work->settings,
                 "the line was written to .env, where schemac finds it");
        return;
    }
    say_note(work->settings, "put the line into .env, or into the environment%s",
             work->conf.url != NULL ? ", which name another database now" : "");
}

static int start(struct work *work)
{
    bool ran = cluster_runs(&work->cluster);
    bool made = cluster_exists(&work->cluster);
    if (!made)
        say_note(work->settings, "making a server in %s", work->cluster.folder);
    const char *error = cluster_start(work->arena, &work->cluster);
    if (error != NULL)
        return failed(work, error);
    say_note(work->settings, ran ? "the server runs already" : "the server runs");
    say_url(work);
    return EXIT_DONE;
}

/* ---- stop, psql ---- */

static int stop(struct work *work)
{
    bool ran = cluster_runs(&work->cluster);
    const char *error = cluster_stop(work->arena, &work->cluster);
    if (error != NULL)
        return failed(work, error);
    if (ran)
        say_done(work->settings, "stopped; its data stays in %s", work->cluster.folder);
    else
        say_done(work->settings, "no server of this folder runs");
    return EXIT_DONE;
}

/* psql takes the place of this program, on the terminal that it has. */
static int psql(struct work *work)
{
    const char *url = work->conf.url != NULL ? work->conf.url : work->cluster.url;
    size_t n = work->settings->narguments;
    union {
        const char **made;
        char *const *wanted;
    } words = { .made = arena_array(work->arena, const char *, n + 1) };
    words.made[0] = "psql";
    for (size_t i = 1; i < n; i++) {
        words.made[i] = work->settings->arguments[i];
    }
    conf_apply(&work->conf);
    const char *error = target_export(work->arena, url);
    if (error != NULL) {
        return failed(work, error);
    }
    fflush(NULL);
    execvp("psql", words.wanted);
    return failed(work,
                  arena_printf(work->arena, "cannot run psql: %s", strerror(errno)));
}

int cmd_db(struct arena *arena, const struct settings *settings)
{
    static const struct {
        const char *name;
        int (*run)(struct work *work);
    } actions[] = { { "start", start }, { "stop", stop }, { "psql", psql } };
    struct work work = { .arena = arena, .settings = settings };
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(settings->arguments[0], actions[i].name) != 0)
            continue;
        if (settings->narguments > 1 && actions[i].run != psql)
            break;
        const char *error = conf_read(arena, settings, &work.conf);
        /* psql needs no server of ours when a database is named. */
        if (error == NULL && (actions[i].run != psql || work.conf.url == NULL))
            error = find_cluster(&work);
        return error != NULL ? failed(&work, error) : actions[i].run(&work);
    }
    say_error(settings, "db is followed by start, stop or psql");
    return EXIT_USAGE;
}
