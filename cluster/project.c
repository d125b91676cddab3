/* project.c: the server for development that a project's folder has. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../base/str.h"
#include "server.h"

/* What tells two projects apart whose folders are called the same. */
static const char *project_name(struct arena *arena, const char *project)
{
    const char *slash = strrchr(project, '/');
    const char *last = slash == NULL || slash[1] == '\0' ? "root" : slash + 1;
    char name[24] = { 0 };
    for (size_t i = 0; i < sizeof name - 1 && last[i] != '\0'; i++) {
        const char c = last[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_';
        name[i] = plain ? c : '_';
    }
    return arena_printf(arena, "%s-%08x", name, str_hash(str_of(project)));
}

/* Root's home is closed to the user that root's server runs as. */
static const char *state_folder(struct arena *arena, const struct process_owner *owner)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    if (owner->change)
        return "/var/tmp/schemac-db";
    if (state != NULL && state[0] == '/')
        return arena_printf(arena, "%s/schemac/db", state);
    return arena_printf(arena, "%s/.local/state/schemac/db",
                        home != NULL && home[0] == '/' ? home : "/var/tmp");
}

const char *cluster_of_project(struct arena *arena, const char *project,
                               const char *database, struct cluster *cluster)
{
    struct process_owner owner;
    const char *bin = NULL;
    const char *error = process_owner(arena, &owner);
    if (error == NULL)
        error = server_find_bin(arena, &bin);
    if (error != NULL)
        return error;
    const char *name = project_name(arena, project);
    const char *folder = arena_printf(arena, "%s/%s", state_folder(arena, &owner),
                                      name);
    const char *socket = NULL;
    if (strlen(folder) > SERVER_SOCKET_MAX)
        socket = arena_printf(arena, "/tmp/schemac-%u-%s", (unsigned)owner.uid, name);
    *cluster = server_at(arena, &owner, folder, socket, database);
    cluster->bin = bin;
    return NULL;
}

bool cluster_exists(const struct cluster *cluster)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/data/PG_VERSION", cluster->folder);
    struct stat found;
    return n > 0 && (size_t)n < sizeof path && stat(path, &found) == 0;
}

/* The owner, for functions that were promised that there is one. */
static struct process_owner owner_of(struct arena *arena)
{
    struct process_owner owner = { 0 };
    (void)process_owner(arena, &owner);
    return owner;
}

bool cluster_runs(const struct cluster *cluster)
{
    struct arena arena = { 0 };
    struct process_owner owner = owner_of(&arena);
    bool runs = cluster_exists(cluster) && server_runs(cluster, &owner);
    arena_release(&arena);
    return runs;
}

static const char *cannot(struct arena *arena, const char *path)
{
    return arena_printf(arena, "cannot make \"%s\": %s", path, strerror(errno));
}

/* Makes the folder and those above it. The last one is the owner's alone. */
static const char *make_folder(struct arena *arena, const struct process_owner *owner,
                               const char *folder)
{
    char *path = arena_printf(arena, "%s", folder);
    for (char *slash = strchr(path + 1, '/'); slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            return cannot(arena, path);
        *slash = '/';
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return cannot(arena, path);
    struct stat is;
    if (lstat(path, &is) != 0 || !S_ISDIR(is.st_mode))
        return cannot(arena, path);
    if (owner->change && chown(path, owner->uid, owner->gid) != 0)
        return cannot(arena, path);
    if (!owner->change && is.st_uid != owner->uid)
        return arena_printf(arena, "\"%s\" belongs to somebody else", path);
    return NULL;
}

const char *cluster_start(struct arena *arena, const struct cluster *cluster)
{
    struct process_owner owner = owner_of(arena);
    const char *error = make_folder(arena, &owner, cluster->folder);
    if (error == NULL && strcmp(cluster->socket, cluster->folder) != 0)
        error = make_folder(arena, &owner, cluster->socket);
    if (error == NULL && !cluster_exists(cluster))
        error = server_make(arena, cluster, &owner, true);
    if (error == NULL && !server_runs(cluster, &owner))
        error = server_start(arena, cluster, &owner);
    return error != NULL ? error : server_make_database(arena, cluster, &owner);
}

const char *cluster_stop(struct arena *arena, const struct cluster *cluster)
{
    struct process_owner owner = owner_of(arena);
    if (!cluster_exists(cluster) || !server_runs(cluster, &owner))
        return NULL;
    return server_stop(arena, cluster, &owner, "fast");
}
