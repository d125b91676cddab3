/* main.c: a service on one thread: HTTP on 127.0.0.1, a few pipelined connections to
 * PostgreSQL, one epoll set. No request waits for another one's answer: each is a batch on
 * the connection that has the fewest in flight.
 *
 *     server [PORT]        DATABASE_URL; without PORT any that is free: it is printed
 */
#include "routes.h"
#include "../loops/sc_epoll.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS = 2, /* to the database */
    PATIENCE = 1000, /* milliseconds for a request's part there */
    EVENTS = 64      /* taken at a time */
};

/* Whoever asks: one request of theirs is under way at a time. */
struct client {
    struct client *next; /* in the list of all */
    int fd;              /* -1: it goes as soon as it is not busy */
    bool busy;           /* its batch is under way */
    bool leaving;        /* once its answer is sent */
    struct http_request request;
    struct sc_batch *batch;
    size_t in, out; /* bytes in their rooms */
    char input[HTTP_ROOM], output[2 * HTTP_ROOM];
};

static int set; /* of epoll */
static struct sc_epoll databases[CONNECTIONS];
static struct client *clients;
static bool some_left; /* of them */
static volatile sig_atomic_t stopping;

static void stop(int signal)
{
    (void)signal;
    stopping = 1;
}

/* ---- clients ---------------------------------------------------------------------------- */

static void watch(int fd, int operation, uint32_t events, void *whom)
{
    struct epoll_event event = { .events = events, .data.ptr = whom };
    epoll_ctl(set, operation, fd, &event);
}

/* It is freed at the end of the turn: events of this one may still speak of it. */
static void close_client(struct client *client)
{
    if (client->fd >= 0)
        close(client->fd);
    client->fd = -1;
    some_left = true;
}

static void free_clients(void)
{
    struct client *kept = NULL, *client;
    while ((client = clients) != NULL) {
        clients = client->next;
        if (client->fd >= 0 || client->busy) {
            client->next = kept;
            kept = client;
            continue;
        }
        sc_batch_close(client->batch);
        free(client);
    }
    clients = kept;
    some_left = false;
}

static void accept_all(int listening)
{
    int fd;
    while ((fd = accept(listening, NULL, NULL)) >= 0) {
        struct client *client = calloc(1, sizeof(*client));
        if (!client) {
            close(fd);
            continue;
        }
        client->fd = fd;
        client->next = clients;
        clients = client;
        fcntl(fd, F_SETFL, O_NONBLOCK);
        watch(fd, EPOLL_CTL_ADD, EPOLLIN, client);
    }
}

static void flush_client(struct client *client)
{
    while (client->out > 0) {
        ssize_t sent = send(client->fd, client->output, client->out, MSG_NOSIGNAL);
        if (sent < 0)
            break; /* full, or broken: epoll tells */
        client->out -= (size_t)sent;
        memmove(client->output, client->output + sent, client->out);
    }
    if (client->out == 0 && client->leaving)
        close_client(client);
    else
        watch(client->fd, EPOLL_CTL_MOD, EPOLLIN | (client->out ? EPOLLOUT : 0u),
              client);
}

static void answer(struct client *client, int code, const struct http_body *body)
{
    size_t size = http_answer(client->output + client->out,
                              sizeof(client->output) - client->out, code, body,
                              client->request.keep);
    client->out += size;
    client->leaving |= size == 0 || !client->request.keep;
}

/* ---- requests ----------------------------------------------------------------------------- */

static void go_on(struct client *client);

static void done(struct sc_batch *batch, enum sc_status status,
                 const struct sc_error *err, void *arg)
{
    struct client *client = arg;
    struct http_body body = { .size = 0 };
    client->busy = false;
    some_left |= client->fd < 0;
    if (client->fd < 0)
        return;
    if (err && status != SC_NOT_FOUND && status != SC_UNIQUE)
        fprintf(stderr, "%s: %s\n", sc_status_name(status), err->message);
    answer(client, route_answer(&client->request, batch, status, &body), &body);
    go_on(client);
}

static struct sc_async *least_busy(void)
{
    struct sc_async *best = databases[0].async;
    for (int i = 1; i < CONNECTIONS; i++)
        if (sc_async_pending(databases[i].async) < sc_async_pending(best))
            best = databases[i].async;
    return best;
}

static void start(struct client *client)
{
    struct http_body body = { .size = 0 };
    struct sc_error err;
    sc_batch_close(client->batch);
    enum sc_status status = sc_async_batch(least_busy(), &client->batch, &err);
    if (status == SC_OK && !route_queue(&client->request, client->batch))
        status = SC_NOT_FOUND;
    if (status == SC_OK)
        status = sc_async_submit(client->batch, PATIENCE, done, client, &err);
    client->busy = status == SC_OK;
    if (status != SC_OK)
        answer(client, route_answer(&client->request, NULL, status, &body), &body);
}

/* Takes as many requests as have come and can be answered. */
static void go_on(struct client *client)
{
    while (!client->busy && !client->leaving && client->out < HTTP_ROOM) {
        size_t used = 0;
        enum http_parsed parsed = http_parse(client->input, client->in,
                                             &client->request, &used);
        if (parsed == HTTP_PART)
            break;
        client->in -= used;
        memmove(client->input, client->input + used, client->in);
        if (parsed == HTTP_WHOLE) {
            start(client);
        } else {
            client->request.keep = false;
            answer(client, 400, &(struct http_body){ .size = 0 });
        }
    }
    flush_client(client);
}

static void serve(struct client *client, uint32_t events)
{
    if (client->fd >= 0 && events & EPOLLOUT)
        flush_client(client);
    if (client->fd < 0 || !(events & ~(uint32_t)EPOLLOUT))
        return;
    size_t room = sizeof(client->input) - client->in;
    ssize_t got = room ? recv(client->fd, client->input + client->in, room, 0) : 0;
    if (got <= 0) { /* gone, or sending more than a request may have */
        close_client(client);
        return;
    }
    client->in += (size_t)got;
    go_on(client);
}

/* ---- the loop ------------------------------------------------------------------------------ */

static int listen_at(const char *port)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t size = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((uint16_t)strtoul(port, NULL, 10));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&at, size) != 0 || listen(fd, 128) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &size) != 0)
        return -1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    printf("http://127.0.0.1:%d\n", ntohs(at.sin_port));
    fflush(stdout);
    return fd;
}

static bool open_databases(void)
{
    struct sc_error err;
    for (int i = 0; i < CONNECTIONS; i++) {
        databases[i] = (struct sc_epoll){ .set = set, .fd = -1 };
        if (sc_async_open(NULL, NULL, &databases[i].async, &err) == SC_OK)
            continue;
        fprintf(stderr, "%s\n", err.message);
        return false;
    }
    return true;
}

static bool is_database(const void *whom)
{
    for (int i = 0; i < CONNECTIONS; i++)
        if (whom == &databases[i])
            return true;
    return false;
}

static void handle(const struct epoll_event *events, int ready, int listening)
{
    for (int i = 0; i < ready; i++)
        if (!events[i].data.ptr)
            accept_all(listening);
        else if (is_database(events[i].data.ptr))
            sc_epoll_ready(events[i].data.ptr, events[i].events);
        else
            serve(events[i].data.ptr, events[i].events);
    if (some_left)
        free_clients();
}

static void loop(int listening)
{
    struct epoll_event events[EVENTS];
    watch(listening, EPOLL_CTL_ADD, EPOLLIN, NULL);
    while (!stopping) {
        int left = -1;
        for (int i = 0; i < CONNECTIONS; i++) {
            int ms = sc_epoll_prepare(&databases[i]);
            if (ms >= 0 && (left < 0 || ms < left))
                left = ms;
        }
        handle(events, epoll_wait(set, events, EVENTS, left), listening);
    }
}

int main(int argc, char **argv)
{
    struct sigaction action = { .sa_handler = stop };
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    set = epoll_create1(0);
    int listening = listen_at(argc > 1 ? argv[1] : "0");
    bool opened = set >= 0 && listening >= 0 && open_databases();
    if (opened)
        loop(listening);
    for (int i = 0; i < CONNECTIONS; i++)
        sc_async_close(databases[i].async); /* nobody is busy any more */
    for (struct client *client = clients; client; client = client->next)
        close_client(client);
    free_clients();
    close(listening);
    close(set);
    return opened ? 0 : 1;
}
