/* scratch.c: servers that go with the process that wanted them. A guardian process holds
 * the server and one end of a pipe: whichever way the other end dies, it cleans up. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../base/buf.h"
#include "server.h"

struct cluster_scratch {
    struct cluster cluster;
    pid_t guardian;
    int hold; /* the guardian waits for its end */
};

/* ---- the guardian ---- */

static const char *make_in(struct arena *arena, const struct process_owner *owner,
                           const char *base, const char **folder)
{
    char *path = arena_printf(arena, "%s/schemac-pg.XXXXXX", base);
    if (strlen(path) > SERVER_SOCKET_MAX || mkdtemp(path) == NULL)
        return "no room";
    if ((!owner->change || chown(path, owner->uid, owner->gid) == 0) &&
        process_may_write(owner, path)) {
        *folder = path;
        return NULL;
    }
    (void)rmdir(path);
    return "closed";
}

/* The owner has to get there, and a socket's path has to be short. */
static const char *make_folder(struct arena *arena, const struct process_owner *owner,
                               const char **folder)
{
    const char *base = getenv("TMPDIR");
    if (base != NULL && base[0] == '/' && make_in(arena, owner, base, folder) == NULL)
        return NULL;
    if (make_in(arena, owner, "/tmp", folder) == NULL)
        return NULL;
    return "cannot make a folder for a server in /tmp";
}

static const char *bring_up(struct arena *arena, const struct process_owner *owner,
                            struct cluster *cluster)
{
    const char *bin = NULL, *folder = NULL;
    const char *error = server_find_bin(arena, &bin);
    if (error == NULL)
        error = make_folder(arena, owner, &folder);
    if (error != NULL)
        return error;
    *cluster = server_at(arena, owner, folder, NULL, "postgres");
    cluster->bin = bin;
    error = server_make(arena, cluster, owner, false);
    return error != NULL ? error : server_start(arena, cluster, owner);
}

static void send_text(int fd, const char *text)
{
    size_t n = strlen(text) + 1;
    while (n > 0) {
        ssize_t sent = write(fd, text, n);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return;
        text += sent;
        n -= (size_t)sent;
    }
}

/* Until the pipe's other end is closed. */
static void wait_for_end(int hold)
{
    char byte;
    ssize_t n;
    do
        n = read(hold, &byte, 1);
    while (n > 0 || (n < 0 && errno == EINTR));
}

/* Nothing of its parent's stays open: another guardian's pipe least of all. */
static void keep_only(int hold, int answer)
{
    for (int fd = 0; fd < 1024; fd++) {
        if (fd != hold && fd != answer)
            close(fd);
    }
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fd != hold && fd != answer)
            (void)open("/dev/null", O_RDWR);
    }
}

/* Answers "" or what went wrong, then the cluster's folder, URL and programs. */
static void guard(int hold, int answer)
{
    struct arena arena = { 0 };
    struct cluster cluster = { 0 };
    struct process_owner owner;
    /* Ctrl-C reaches the whole group; the guardian has to outlive it. */
    setsid();
    keep_only(hold, answer);
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    const char *error = process_owner(&arena, &owner);
    if (error == NULL)
        error = bring_up(&arena, &owner, &cluster);
    send_text(answer, error != NULL ? error : "");
    if (error == NULL) {
        send_text(answer, cluster.folder);
        send_text(answer, cluster.url);
        send_text(answer, cluster.bin);
    }
    close(answer);
    if (error == NULL)
        wait_for_end(hold);
    if (cluster.folder != NULL) {
        (void)server_stop(&arena, &cluster, &owner, "immediate");
        process_remove(&owner, cluster.folder);
    }
    arena_release(&arena);
}

/* ---- who wants the server ---- */

static void read_all(int fd, struct buf *text)
{
    char part[512];
    for (;;) {
        ssize_t n = read(fd, part, sizeof part);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        buf_put(text, part, (size_t)n);
    }
}

/* The next of the texts, each with a NUL at its end. */
static const char *next_text(struct arena *arena, const struct buf *text, size_t *at)
{
    if (*at >= text->n)
        return NULL;
    const char *start = text->s + *at;
    size_t n = strnlen(start, text->n - *at);
    *at += n + 1;
    return arena_copy(arena, start, n);
}

static const char *take_answer(struct arena *arena, const struct buf *answer,
                               struct cluster_scratch **scratch,
                               struct cluster_scratch *made)
{
    size_t at = 0;
    const char *error = next_text(arena, answer, &at);
    made->cluster.folder = next_text(arena, answer, &at);
    made->cluster.url = next_text(arena, answer, &at);
    made->cluster.bin = next_text(arena, answer, &at);
    made->cluster.socket = made->cluster.folder;
    made->cluster.database = "postgres";
    if (error != NULL && error[0] == '\0' && made->cluster.bin != NULL) {
        *scratch = made;
        return NULL;
    }
    cluster_discard(made);
    return error != NULL && error[0] != '\0' ? error : "the server's guardian died";
}

const char *cluster_scratch(struct arena *arena, struct cluster_scratch **scratch)
{
    int hold[2], answer[2];
    *scratch = NULL;
    if (pipe(hold) != 0)
        return "cannot make a pipe";
    if (pipe(answer) != 0) {
        close(hold[0]);
        close(hold[1]);
        return "cannot make a pipe";
    }
    fflush(NULL);
    pid_t guardian = fork();
    if (guardian == 0) {
        close(hold[1]);
        close(answer[0]);
        guard(hold[0], answer[1]);
        _exit(0);
    }
    close(hold[0]);
    close(answer[1]);
    struct cluster_scratch *made = arena_new(arena, struct cluster_scratch);
    *made = (struct cluster_scratch){ .guardian = guardian, .hold = hold[1] };
    struct buf text = { 0 };
    if (guardian > 0)
        read_all(answer[0], &text);
    close(answer[0]);
    const char *error = take_answer(arena, &text, scratch, made);
    buf_release(&text);
    return error;
}

const struct cluster *cluster_scratch_cluster(const struct cluster_scratch *scratch)
{
    return &scratch->cluster;
}

void cluster_discard(struct cluster_scratch *scratch)
{
    if (scratch == NULL)
        return;
    close(scratch->hold);
    while (scratch->guardian > 0 && waitpid(scratch->guardian, NULL, 0) < 0 &&
           errno == EINTR) {
    }
    scratch->guardian = 0;
}
