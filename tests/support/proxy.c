/* proxy.c: the thread and its links. Must not look at what passes. */
#include "tests/support/proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { LINKS = 32, ROOM = 16384, SETTLE_MS = 10000 };

/* A connection: [0] is the client's end, [1] the server's; a way's bytes on their way. */
struct link {
    int fd[2];
    char data[2][ROOM];
    size_t size[2];
    size_t at[2];
    bool open;
    bool held;
};

struct proxy {
    char folder[64];
    char url[512];
    struct sockaddr_un server;
    int listener;
    pthread_t thread;
    pthread_mutex_t lock; /* of what is below */
    struct link links[LINKS];
    int open;
    bool over;
    enum proxy_fault fault;
    enum proxy_way way;
    size_t after;
    size_t passed[2];
    bool struck;
};

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "proxy: %s: %s\n", what, why);
    return -1;
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

/* ---- links ------------------------------------------------------------------------------- */

static void close_link(struct proxy *proxy, struct link *link)
{
    close(link->fd[0]);
    close(link->fd[1]);
    link->open = false;
    proxy->open--;
}

static void open_link(struct proxy *proxy, int client)
{
    struct link *link = proxy->links;
    while (link < proxy->links + LINKS && link->open)
        link++;
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (link == proxy->links + LINKS || server < 0 ||
        connect(server, (struct sockaddr *)&proxy->server, sizeof(proxy->server)) !=
            0) {
        close(client);
        if (server >= 0)
            close(server);
        return;
    }
    fcntl(client, F_SETFL, O_NONBLOCK);
    fcntl(server, F_SETFL, O_NONBLOCK);
    *link = (struct link){ .fd = { client, server }, .open = true };
    proxy->open++;
}

/* ---- bytes -------------------------------------------------------------------------------- */

/* How many of `size` bytes may pass before something happens. */
static size_t allowed(const struct proxy *proxy, enum proxy_way way, size_t size)
{
    if (proxy->fault == PROXY_TRICKLE)
        return 1;
    if (proxy->fault == PROXY_NONE || proxy->struck || way != proxy->way)
        return size;
    size_t left = proxy->after - proxy->passed[way];
    return left < size ? left : size;
}

/* The fault, when it is due. False: the link is gone. */
static bool strike(struct proxy *proxy, struct link *link, enum proxy_way way)
{
    bool due = proxy->fault != PROXY_NONE && proxy->fault != PROXY_TRICKLE &&
               !proxy->struck && way == proxy->way &&
               proxy->passed[way] >= proxy->after;
    if (!due)
        return true;
    proxy->struck = true;
    switch (proxy->fault) {
    case PROXY_CUT:
        close_link(proxy, link);
        return false;
    case PROXY_HOLD:
        link->held = true;
        break;
    case PROXY_DELAY:
        pause_ms(PROXY_DELAY_MS);
        break;
    case PROXY_NONE:
    case PROXY_TRICKLE:
        break;
    }
    return true;
}

/* Passes on what there is. False: the link is gone. */
static bool give(struct proxy *proxy, struct link *link, enum proxy_way way)
{
    while (link->size[way] > 0 && !link->held) {
        size_t size = allowed(proxy, way, link->size[way]);
        ssize_t sent = send(link->fd[way == PROXY_UP], link->data[way] + link->at[way],
                            size, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            return true;
        if (sent < 0) {
            close_link(proxy, link);
            return false;
        }
        link->at[way] += (size_t)sent;
        link->size[way] -= (size_t)sent;
        proxy->passed[way] += (size_t)sent;
        if (!strike(proxy, link, way))
            return false;
    }
    return true;
}

static bool take(struct proxy *proxy, struct link *link, enum proxy_way way)
{
    ssize_t got = recv(link->fd[way == PROXY_DOWN], link->data[way], ROOM, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return true;
    if (got <= 0) {
        close_link(proxy, link);
        return false;
    }
    link->at[way] = 0;
    link->size[way] = (size_t)got;
    return give(proxy, link, way);
}

/* A way begins at the end that it is numbered by. */
static short wanted(const struct link *link, int end)
{
    if (link->held)
        return 0;
    return (short)((link->size[end] ? 0 : POLLIN) | (link->size[!end] ? POLLOUT : 0));
}

static void serve_link(struct proxy *proxy, struct link *link, const struct pollfd *at)
{
    for (int end = 0; end < 2; end++) {
        short events = at[end].revents;
        if (link->held && events & (POLLHUP | POLLERR)) {
            close_link(proxy, link);
            return;
        }
        if (events & POLLOUT && !give(proxy, link, (enum proxy_way) !end))
            return;
        if (events & ~POLLOUT && !link->held && link->size[end] == 0 &&
            !take(proxy, link, (enum proxy_way)end))
            return;
    }
}

/* ---- the thread ---------------------------------------------------------------------------- */

static void serve_all(struct proxy *proxy, const struct pollfd *at, size_t n)
{
    for (size_t i = 1; i < n; i += 2)
        for (struct link *link = proxy->links; link < proxy->links + LINKS; link++)
            if (link->open && link->fd[0] == at[i].fd) {
                serve_link(proxy, link, &at[i]);
                break;
            }
    if (at[0].revents) {
        int client = accept(proxy->listener, NULL, NULL);
        if (client >= 0)
            open_link(proxy, client);
    }
}

static void *serve(void *arg)
{
    struct proxy *proxy = arg;
    struct pollfd at[1 + 2 * LINKS];
    pthread_mutex_lock(&proxy->lock);
    while (!proxy->over) {
        size_t n = 1;
        at[0] = (struct pollfd){ .fd = proxy->listener, .events = POLLIN };
        for (const struct link *link = proxy->links; link < proxy->links + LINKS;
             link++)
            for (int end = 0; link->open && end < 2; end++)
                at[n++] = (struct pollfd){ .fd = link->fd[end],
                                           .events = wanted(link, end) };
        pthread_mutex_unlock(&proxy->lock);
        poll(at, n, 100);
        pthread_mutex_lock(&proxy->lock);
        serve_all(proxy, at, n);
    }
    for (struct link *link = proxy->links; link < proxy->links + LINKS; link++)
        if (link->open)
            close_link(proxy, link);
    pthread_mutex_unlock(&proxy->lock);
    return NULL;
}

/* ---- opening ------------------------------------------------------------------------------- */

static const char *option(const PQconninfoOption *options, const char *name)
{
    for (; options->keyword; options++)
        if (strcmp(options->keyword, name) == 0 && options->val)
            return options->val;
    return "";
}

/* Where the server listens, and how a client comes to us. */
static int find_server(struct proxy *proxy, const char *url)
{
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    if (!options)
        return complain(url, "cannot be read");
    const char *port = option(options, "port");
    proxy->server.sun_family = AF_UNIX;
    int fit = snprintf(proxy->server.sun_path, sizeof(proxy->server.sun_path),
                       "%s/.s.PGSQL.%s", option(options, "host"),
                       *port ? port : "5432");
    snprintf(proxy->url, sizeof(proxy->url), "host=%s port=5432 user=%s dbname=%s",
             proxy->folder, option(options, "user"), option(options, "dbname"));
    PQconninfoFree(options);
    return fit > 0 && (size_t)fit < sizeof(proxy->server.sun_path)
               ? 0
               : complain(url, "names no Unix socket");
}

static int listen_here(struct proxy *proxy)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    snprintf(at.sun_path, sizeof(at.sun_path), "%s/.s.PGSQL.5432", proxy->folder);
    proxy->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (proxy->listener < 0 ||
        bind(proxy->listener, (struct sockaddr *)&at, sizeof(at)) != 0 ||
        listen(proxy->listener, 16) != 0)
        return complain(at.sun_path, strerror(errno));
    return 0;
}

int proxy_open(const char *url, struct proxy **out)
{
    struct proxy *proxy = calloc(1, sizeof(*proxy));
    *out = proxy;
    if (!proxy)
        return complain("memory", "there is none");
    pthread_mutex_init(&proxy->lock, NULL);
    snprintf(proxy->folder, sizeof(proxy->folder), "/tmp/sc-proxy.XXXXXX");
    if (!mkdtemp(proxy->folder))
        return complain(proxy->folder, strerror(errno));
    if (find_server(proxy, url) != 0 || listen_here(proxy) != 0)
        return -1;
    return pthread_create(&proxy->thread, NULL, serve, proxy) == 0
               ? 0
               : complain("thread", "there is none");
}

void proxy_close(struct proxy *proxy)
{
    char path[128];
    pthread_mutex_lock(&proxy->lock);
    proxy->over = true;
    pthread_mutex_unlock(&proxy->lock);
    pthread_join(proxy->thread, NULL);
    close(proxy->listener);
    snprintf(path, sizeof(path), "%s/.s.PGSQL.5432", proxy->folder);
    unlink(path);
    rmdir(proxy->folder);
    pthread_mutex_destroy(&proxy->lock);
    free(proxy);
}

/* ---- what tests ask --------------------------------------------------------------------------- */

const char *proxy_url(const struct proxy *proxy)
{
    return proxy->url;
}

void proxy_arm(struct proxy *proxy, enum proxy_fault fault, enum proxy_way way,
               size_t after)
{
    pthread_mutex_lock(&proxy->lock);
    proxy->fault = fault;
    proxy->way = way;
    proxy->after = after;
    proxy->passed[PROXY_UP] = proxy->passed[PROXY_DOWN] = 0;
    proxy->struck = false;
    pthread_mutex_unlock(&proxy->lock);
}

bool proxy_struck(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->lock);
    bool struck = proxy->struck;
    pthread_mutex_unlock(&proxy->lock);
    return struck;
}

size_t proxy_passed(struct proxy *proxy, enum proxy_way way)
{
    pthread_mutex_lock(&proxy->lock);
    size_t passed = proxy->passed[way];
    pthread_mutex_unlock(&proxy->lock);
    return passed;
}

int proxy_settle(struct proxy *proxy, int most)
{
    for (int ms = 0; ms < SETTLE_MS; ms += 2) {
        pthread_mutex_lock(&proxy->lock);
        int open = proxy->open;
        pthread_mutex_unlock(&proxy->lock);
        if (open <= most)
            return 0;
        pause_ms(2);
    }
    return complain("connections", "still open");
}
