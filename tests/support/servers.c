/* servers.c: runs servers as children that do not outlive the test. Must not know libpq's
 * connections but for asking whether a server answers. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* NSIG */
#endif
#include "tests/support/servers.h"

#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cluster/server.h"

enum { WAIT_MS = 20000, PAUSE_MS = 20 };

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "servers: %s: %s\n", what, why);
    return -1;
}

static void pause_ms(long ms)
{
    struct timespec left = { ms / 1000, ms % 1000 * 1000000 };
    nanosleep(&left, NULL);
}

static const char *named(struct servers *servers, const char *name)
{
    return arena_printf(&servers->arena, "%s/%s", servers->folder, name);
}

static const char *data_of(struct servers *servers, int i)
{
    return arena_printf(&servers->arena, "%s/%d", servers->folder, i);
}

static int make_folder(struct servers *servers)
{
    char folder[] = "/tmp/sc-servers.XXXXXX";
    if (!mkdtemp(folder))
        return complain(folder, "cannot be made");
    servers->folder = arena_printf(&servers->arena, "%s", folder);
    const struct process_owner *owner = &servers->owner;
    if (owner->change && chown(folder, owner->uid, owner->gid) != 0)
        return complain(folder, "cannot be given away");
    return 0;
}

const char *servers_url(struct servers *servers, unsigned mask, const char *database,
                        const char *more)
{
    char hosts[256] = "", ports[64] = "";
    if (!mask) {
        snprintf(hosts, sizeof(hosts), "%s", servers->folder);
        snprintf(ports, sizeof(ports), "%d", SERVERS_POOLER_PORT);
    }
    for (int i = 0; i < SERVERS_MAX; i++) {
        if (!(mask & 1u << i))
            continue;
        size_t h = strlen(hosts), p = strlen(ports);
        snprintf(hosts + h, sizeof(hosts) - h, "%s%s", h ? "," : "", servers->folder);
        snprintf(ports + p, sizeof(ports) - p, "%s%d", p ? "," : "", SERVERS_PORT + i);
    }
    return arena_printf(&servers->arena, "host=%s port=%s user=schemac dbname=%s %s",
                        hosts, ports, database, more);
}

/* ---- starting and stopping ---------------------------------------------------------------- */

/* A child that runs the program as the owner, and gets `farewell` when the test ends. */
static pid_t spawn(struct servers *servers, const char *const *arguments,
                   const char *log, int farewell)
{
    const struct process_owner *owner = &servers->owner;
    fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    FILE *out = freopen(log, "a", stdout);
    if (!out || dup2(STDOUT_FILENO, STDERR_FILENO) < 0 ||
        (owner->change && (setgid(owner->gid) != 0 || setuid(owner->uid) != 0)))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, farewell);
    union {
        const char *const *given;
        char *const *wanted;
    } words = { .given = arguments };
    execv(arguments[0], words.wanted);
    _exit(127);
}

/* Until it takes connections. */
static int await(pid_t pid, const char *url)
{
    for (int ms = 0; ms < WAIT_MS; ms += PAUSE_MS) {
        if (PQping(url) == PQPING_OK)
            return 0;
        if (waitpid(pid, NULL, WNOHANG) == pid)
            return complain(url, "the server has ended");
        pause_ms(PAUSE_MS);
    }
    return complain(url, "the server does not answer");
}

int servers_start(struct servers *servers, int i)
{
    struct arena *arena = &servers->arena;
    const char *arguments[] = {
        arena_printf(arena, "%s/postgres", servers->bin),
        "-D",
        data_of(servers, i),
        "-c",
        arena_printf(arena, "port=%d", SERVERS_PORT + i),
        "-c",
        arena_printf(arena, "unix_socket_directories=%s", servers->folder),
        "-c",
        "listen_addresses=",
        "-c",
        "fsync=off",
        "-c",
        "max_connections=60",
        "-c",
        "shared_buffers=16MB",
        "-c",
        "wal_receiver_status_interval=1",
        "-c",
        "hot_standby_feedback=on",
        NULL,
    };
    servers->pids[i] = spawn(servers, arguments, named(servers, "servers.log"),
                             SIGQUIT);
    if (servers->pids[i] < 0)
        return complain("postgres", "no process");
    return await(servers->pids[i], servers_url(servers, 1u << i, "postgres", ""));
}

static void stop(pid_t *pid, int with)
{
    if (*pid > 0 && kill(*pid, with) == 0)
        waitpid(*pid, NULL, 0);
    *pid = 0;
}

void servers_stop(struct servers *servers, int i, int fast)
{
    stop(&servers->pids[i], fast ? SIGINT : SIGQUIT);
}

int servers_open(struct servers *servers)
{
    struct arena *arena = &servers->arena;
    *servers = (struct servers){ .pooler = 0 };
    const char *why = process_owner(arena, &servers->owner);
    if (!why)
        why = server_find_bin(arena, &servers->bin);
    if (why)
        return complain("server", why);
    if (make_folder(servers) != 0)
        return -1;
    const char *arguments[] = { arena_printf(arena, "%s/initdb", servers->bin),
                                "-D",
                                data_of(servers, 0),
                                "-U",
                                "schemac",
                                "-A",
                                "trust",
                                "-E",
                                "UTF8",
                                "--locale=C.UTF-8",
                                "--no-sync",
                                NULL };
    const char *log = named(servers, "initdb.log");
    if (process_run(&servers->owner, arguments, log) != 0)
        return complain("initdb", process_tail(arena, log));
    return servers_start(servers, 0);
}

void servers_close(struct servers *servers)
{
    stop(&servers->pooler, SIGKILL);
    for (int i = SERVERS_MAX - 1; i >= 0; i--)
        servers_stop(servers, i, 0);
    if (servers->folder)
        process_remove(&servers->owner, servers->folder);
    arena_release(&servers->arena);
}

/* ---- standbys ------------------------------------------------------------------------------ */

int servers_standby(struct servers *servers, int i, int of)
{
    struct arena *arena = &servers->arena;
    const char *arguments[] = {
        arena_printf(arena, "%s/pg_basebackup", servers->bin),
        "-D",
        data_of(servers, i),
        "-d",
        servers_url(servers, 1u << of, "postgres", ""),
        "-R",
        "-X",
        "stream",
        "-c",
        "fast",
        "--no-sync",
        NULL,
    };
    const char *log = named(servers, "backup.log");
    if (process_run(&servers->owner, arguments, log) != 0)
        return complain("pg_basebackup", process_tail(arena, log));
    return servers_start(servers, i);
}

int servers_promote(struct servers *servers, int i)
{
    PGconn *pg = PQconnectdb(servers_url(servers, 1u << i, "postgres", ""));
    PGresult *result = PQexec(pg, "select pg_promote(true, 30)");
    int good = PQresultStatus(result) == PGRES_TUPLES_OK &&
               strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    if (!good)
        complain("pg_promote", PQerrorMessage(pg));
    PQclear(result);
    PQfinish(pg);
    return good ? 0 : -1;
}

/* ---- a pooler ------------------------------------------------------------------------------- */

static int write_file(struct servers *servers, const char *name, const char *text)
{
    const char *at = named(servers, name);
    FILE *file = fopen(at, "w");
    int failed = !file || fputs(text, file) < 0;
    if (file && fclose(file) != 0)
        failed = 1;
    if (!failed && servers->owner.change &&
        chown(at, servers->owner.uid, servers->owner.gid) != 0)
        failed = 1;
    return failed ? complain(at, "cannot be written") : 0;
}

int servers_pooler(struct servers *servers, const char *mode, const char *lines)
{
    static const char program[] = "/usr/sbin/pgbouncer";
    struct arena *arena = &servers->arena;
    stop(&servers->pooler, SIGKILL);
    const char *text = arena_printf(
        arena,
        "[databases]\n* = host=%s port=%d\n[pgbouncer]\npool_mode = %s\n"
        "listen_addr =\nlisten_port = %d\nunix_socket_dir = %s\nauth_type = trust\n"
        "auth_file = %s/users.txt\nlogfile = %s/pooler.log\n%s\n",
        servers->folder, SERVERS_PORT, mode, SERVERS_POOLER_PORT, servers->folder,
        servers->folder, servers->folder, lines);
    if (write_file(servers, "users.txt", "\"schemac\" \"\"\n") != 0 ||
        write_file(servers, "pooler.ini", text) != 0)
        return -1;
    const char *arguments[] = { program, "-q", named(servers, "pooler.ini"), NULL };
    servers->pooler = spawn(servers, arguments, named(servers, "pooler.out"), SIGTERM);
    if (servers->pooler < 0)
        return complain(program, "no process");
    return await(servers->pooler, servers_url(servers, 0, "postgres", ""));
}
