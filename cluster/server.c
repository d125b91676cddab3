/* server.c: initdb and pg_ctl. Must not know who wants the server. */
#include "server.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../base/buf.h"

/* ---- the programs ---- */

static bool holds_initdb(struct arena *arena, const char *folder)
{
    return access(arena_printf(arena, "%s/initdb", folder), X_OK) == 0 &&
           access(arena_printf(arena, "%s/pg_ctl", folder), X_OK) == 0;
}

/* Debian keeps each version in a folder of its own: /usr/lib/postgresql/15/bin. */
static const char *newest_version(struct arena *arena)
{
    static const char root[] = "/usr/lib/postgresql";
    const char *best = NULL;
    long version = 0;
    DIR *dir = opendir(root);
    const struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        long number = strtol(entry->d_name, NULL, 10);
        const char *bin = arena_printf(arena, "%s/%s/bin", root, entry->d_name);
        if (number > version && holds_initdb(arena, bin)) {
            version = number;
            best = bin;
        }
    }
    if (dir != NULL)
        closedir(dir);
    return best;
}

static const char *in_path(struct arena *arena)
{
    const char *path = getenv("PATH");
    while (path != NULL && *path != '\0') {
        size_t n = strcspn(path, ":");
        const char *bin = arena_printf(arena, "%.*s", (int)n, path);
        if (n > 0 && holds_initdb(arena, bin))
            return bin;
        path += n + (path[n] == ':');
    }
    return NULL;
}

const char *server_find_bin(struct arena *arena, const char **bin)
{
    const char *named = getenv("SCHEMAC_PG_BIN");
    if (named != NULL && named[0] != '\0') {
        *bin = named;
        return holds_initdb(arena, named)
                   ? NULL
                   : arena_printf(arena,
                                  "SCHEMAC_PG_BIN is \"%s\", where there is no "
                                  "initdb and pg_ctl",
                                  named);
    }
    *bin = newest_version(arena);
    if (*bin == NULL)
        *bin = in_path(arena);
    return *bin != NULL ? NULL
                        : "no PostgreSQL server is installed here (Debian's package is "
                          "postgresql; SCHEMAC_PG_BIN names another's bin folder)";
}

/* ---- one server ---- */

/* Of a URL's parts only unreserved characters stand for themselves. */
static void put_escaped(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        const unsigned char c = (unsigned char)*text;
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || strchr("/-_.~", c) != NULL;
        if (plain)
            buf_putc(out, *text);
        else
            buf_printf(out, "%%%02X", c);
    }
}

struct cluster server_at(struct arena *arena, const struct process_owner *owner,
                         const char *folder, const char *socket, const char *database)
{
    struct buf url = { 0 };
    const char *place = socket != NULL ? socket : folder;
    buf_puts(&url, "postgresql:///");
    put_escaped(&url, database);
    buf_puts(&url, "?host=");
    put_escaped(&url, place);
    buf_puts(&url, "&user=");
    put_escaped(&url, owner->name);
    struct cluster cluster = { .folder = folder,
                               .socket = place,
                               .database = database,
                               .url = arena_printf(arena, "%s", url.s) };
    buf_release(&url);
    return cluster;
}

static const char *path_of(struct arena *arena, const struct cluster *cluster,
                           const char *name)
{
    return arena_printf(arena, "%s/%s", cluster->folder, name);
}

static const char *failed(struct arena *arena, const char *what, const char *log)
{
    const char *tail = process_tail(arena, log);
    return arena_printf(arena, "%s failed%s%s", what, tail[0] ? ":\n" : "", tail);
}

/* A single quote of a path is doubled in postgresql.conf. */
static void put_setting(FILE *file, const char *name, const char *value)
{
    fprintf(file, "%s = '", name);
    for (; *value != '\0'; value++) {
        if (*value == '\'')
            fputc('\'', file);
        fputc(*value, file);
    }
    fputs("'\n", file);
}

static const char *configure(struct arena *arena, const struct cluster *cluster,
                             bool durable)
{
    const char *path = path_of(arena, cluster, "data.new/postgresql.conf");
    FILE *file = fopen(path, "a");
    if (file == NULL)
        return arena_printf(arena, "cannot write \"%s\"", path);
    fputs("\n# a private server: a Unix socket in a folder of its own, and no port\n",
          file);
    put_setting(file, "listen_addresses", "");
    put_setting(file, "unix_socket_directories", cluster->socket);
    put_setting(file, "unix_socket_permissions", "0700");
    if (!durable)
        fputs("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
              "shared_buffers = 32MB\n",
              file);
    return fclose(file) == 0 ? NULL : arena_printf(arena, "cannot write \"%s\"", path);
}

/* Under another name until it is whole and listens to nobody else. */
const char *server_make(struct arena *arena, const struct cluster *cluster,
                        const struct process_owner *owner, bool durable)
{
    const char *log = path_of(arena, cluster, "initdb.log");
    const char *made = path_of(arena, cluster, "data.new");
    const char *const initdb[] = { arena_printf(arena, "%s/initdb", cluster->bin),
                                   "-D",
                                   made,
                                   "-U",
                                   owner->name,
                                   "-A",
                                   "trust",
                                   "-E",
                                   "UTF8",
                                   "--locale=C.UTF-8",
                                   durable ? NULL : "--no-sync",
                                   NULL };
    process_remove(owner, made); /* of one that was cut off */
    if (process_run(owner, initdb, log) != 0)
        return failed(arena, "initdb", log);
    const char *error = configure(arena, cluster, durable);
    if (error == NULL && rename(made, path_of(arena, cluster, "data")) != 0)
        error = arena_printf(arena, "cannot rename \"%s\"", made);
    return error;
}

static int pg_ctl(struct arena *arena, const struct cluster *cluster,
                  const struct process_owner *owner, const char *const *words)
{
    const char *arguments[12] = { arena_printf(arena, "%s/pg_ctl", cluster->bin), "-D",
                                  path_of(arena, cluster, "data") };
    for (size_t i = 0; words[i] != NULL && i < 8; i++)
        arguments[3 + i] = words[i];
    return process_run(owner, arguments, path_of(arena, cluster, "pg_ctl.log"));
}

const char *server_start(struct arena *arena, const struct cluster *cluster,
                         const struct process_owner *owner)
{
    const char *log = path_of(arena, cluster, "log");
    const char *const start[] = { "-l", log, "-w", "-t", "60", "start", NULL };
    if (pg_ctl(arena, cluster, owner, start) == 0)
        return NULL;
    return failed(arena, "the server's start", log);
}

const char *server_stop(struct arena *arena, const struct cluster *cluster,
                        const struct process_owner *owner, const char *mode)
{
    const char *const stop[] = { "-m", mode, "-w", "-t", "60", "stop", NULL };
    if (pg_ctl(arena, cluster, owner, stop) == 0)
        return NULL;
    return failed(arena, "the server's stop", path_of(arena, cluster, "pg_ctl.log"));
}

const char *server_make_database(struct arena *arena, const struct cluster *cluster,
                                 const struct process_owner *owner)
{
    const char *const look[] = { arena_printf(arena, "%s/psql", cluster->bin),
                                 "-X",
                                 "-d",
                                 cluster->url,
                                 "-c",
                                 "",
                                 NULL };
    if (process_run(owner, look, NULL) == 0)
        return NULL;
    const char *log = path_of(arena, cluster, "createdb.log");
    const char *const make[] = { arena_printf(arena, "%s/createdb", cluster->bin),
                                 "-h",
                                 cluster->socket,
                                 "-U",
                                 owner->name,
                                 cluster->database,
                                 NULL };
    return process_run(owner, make, log) == 0 ? NULL : failed(arena, "createdb", log);
}

bool server_runs(const struct cluster *cluster, const struct process_owner *owner)
{
    struct arena arena = { 0 };
    const char *const status[] = { "status", NULL };
    bool runs = pg_ctl(&arena, cluster, owner, status) == 0;
    arena_release(&arena);
    return runs;
}
