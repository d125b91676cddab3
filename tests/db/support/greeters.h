/* greeters.h: servers that are sockets of this process, on 127.0.0.1 .. 127.0.0.N and one
 * port, each with a manner of its own: enough PostgreSQL for a connection to begin. */
#ifndef TESTS_DB_SUPPORT_GREETERS_H
#define TESTS_DB_SUPPORT_GREETERS_H
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum manner {
    SILENT,   /* takes connections, says nothing */
    PRIMARY,  /* writable */
    READONLY, /* a primary with default_transaction_read_only */
    STANDBY,
    STARTING, /* refuses: 57P03 */
    FULL,     /* refuses: 53300 */
    STRANGER, /* refuses: 28P01 */
    ASKING,   /* wants a password in clear text, and keeps it */
    HANGUP    /* closes at the first word */
};

enum { GREETERS = 4 };
struct greeters {
    enum manner manners[GREETERS];
    int count;
    int fds[GREETERS];
    int port;
    atomic_int visits[GREETERS];
    char password[64];
    int stop[2];
    pthread_t thread;
};

/* -1: the port is taken there. */
static inline int greeter_listen(int host, int *port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)*port) };
    socklen_t size = sizeof(at);
    at.sin_addr.s_addr = htonl(0x7f000001u + (uint32_t)host);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&at, size) != 0 || listen(fd, 8) != 0) {
        close(fd);
        return -1;
    }
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

struct talk {
    char bytes[512];
    size_t size;
};

static inline void talk_message(struct talk *talk, char type, const char *body,
                                size_t size)
{
    uint32_t length = htonl((uint32_t)size + 4);
    talk->bytes[talk->size++] = type;
    memcpy(talk->bytes + talk->size, &length, 4);
    memcpy(talk->bytes + talk->size + 4, body, size);
    talk->size += 4 + size;
}

static inline void talk_parameter(struct talk *talk, const char *name,
                                  const char *value)
{
    char body[128];
    size_t n = strlen(name) + 1, v = strlen(value) + 1;
    memcpy(body, name, n);
    memcpy(body + n, value, v);
    talk_message(talk, 'S', body, n + v);
}

static inline void talk_hello(struct talk *talk, enum manner manner)
{
    talk_message(talk, 'R', "\0\0\0\0", 4);
    talk_parameter(talk, "client_encoding", "UTF8");
    talk_parameter(talk, "server_version", "15.0");
    talk_parameter(talk, "default_transaction_read_only",
                   manner == READONLY ? "on" : "off");
    talk_parameter(talk, "in_hot_standby", manner == STANDBY ? "on" : "off");
    talk_message(talk, 'K', "\0\0\0\1\0\0\0\2", 8);
    talk_message(talk, 'Z', "I", 1);
}

static inline void talk_refusal(struct talk *talk, const char *code)
{
    char body[128];
    int size = snprintf(body, sizeof(body), "SFATAL%cVFATAL%cC%s%cMgo away%c", 0, 0,
                        code, 0, 0);
    talk_message(talk, 'E', body, (size_t)size + 1);
}

/* One visitor, until they leave or the reply is their end. */
static inline void greet_one(struct greeters *all, int i, int fd)
{
    char room[4096];
    struct talk talk = { .size = 0 };
    enum manner manner = all->manners[i];
    if (recv(fd, room, sizeof(room), 0) <= 0)
        return;
    poll(NULL, 0, 20); /* so that whoever waits does wait */
    if (manner == HANGUP)
        return;
    if (manner == ASKING) {
        talk_message(&talk, 'R', "\0\0\0\3", 4);
        send(fd, talk.bytes, talk.size, MSG_NOSIGNAL);
        talk.size = 0;
        ssize_t got = recv(fd, room, sizeof(room) - 1, 0);
        room[got > 0 ? got : 0] = 0;
        snprintf(all->password, sizeof(all->password), "%.60s",
                 got > 5 ? room + 5 : "");
    }
    if (manner == STARTING || manner == FULL || manner == STRANGER)
        talk_refusal(&talk, manner == STARTING ? "57P03"
                            : manner == FULL   ? "53300"
                                               : "28P01");
    else
        talk_hello(&talk, manner);
    if (send(fd, talk.bytes, talk.size, MSG_NOSIGNAL) > 0 && manner < STARTING)
        while (recv(fd, room, sizeof(room), 0) > 0)
            continue;
}

/* One visitor at a time; whoever is silent keeps theirs in the socket's queue. */
static inline void *greet(void *arg)
{
    struct greeters *all = arg;
    struct pollfd fds[GREETERS + 1] = { { .fd = all->stop[0], .events = POLLIN } };
    for (int i = 0; i < all->count; i++)
        fds[i + 1] = (struct pollfd){ all->manners[i] == SILENT ? -1 : all->fds[i],
                                      POLLIN, 0 };
    while (poll(fds, (nfds_t)all->count + 1, -1) > 0 && !fds[0].revents)
        for (int i = 0; i < all->count; i++) {
            int fd = fds[i + 1].revents ? accept(all->fds[i], NULL, NULL) : -1;
            if (fd < 0)
                continue;
            atomic_fetch_add(&all->visits[i], 1);
            greet_one(all, i, fd);
            close(fd);
        }
    return NULL;
}

static inline bool greeters_bind(struct greeters *all)
{
    all->port = 0;
    for (int i = 0; i < all->count; i++) {
        all->fds[i] = greeter_listen(i, &all->port);
        if (all->fds[i] >= 0)
            continue;
        while (i-- > 0)
            close(all->fds[i]);
        return false;
    }
    return true;
}

static inline void greeters_open(struct greeters *all, const enum manner *manners,
                                 int count)
{
    memset(all, 0, sizeof(*all));
    all->count = count;
    memcpy(all->manners, manners, (size_t)count * sizeof(*manners));
    bool bound = false;
    for (int i = 0; i < 50 && !bound; i++)
        bound = greeters_bind(all);
    assert_true(bound);
    assert_int_equal(pipe(all->stop), 0);
    assert_int_equal(pthread_create(&all->thread, NULL, greet, all), 0);
}

/* Whoever is still connected must have left. */
static inline void greeters_close(struct greeters *all)
{
    assert_int_equal(write(all->stop[1], "", 1), 1);
    pthread_join(all->thread, NULL);
    for (int i = 0; i < all->count; i++)
        close(all->fds[i]);
    close(all->stop[0]);
    close(all->stop[1]);
}

#endif
