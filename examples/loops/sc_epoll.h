/* sc_epoll.h: an event loop's connection in an epoll(7) set. Its user calls
 *
 *     sc_epoll_prepare     before each epoll_wait: registers what is waited for now, and
 *                          gives how long to wait at most
 *     sc_epoll_ready       for each event whose data.ptr is the struct sc_epoll
 *
 * The descriptor may change at each step while it connects, even under the same number (the
 * kernel forgets a closed one by itself), so it is registered anew until it is connected.
 * One step may lose the connection and the next one make another: each is looked at.
 */
#ifndef SC_EPOLL_H
#define SC_EPOLL_H
#include <sc_async.h>
#include <sys/epoll.h>
#include <time.h>

struct sc_epoll {
    struct sc_async *async;
    int set;        /* the epoll descriptor */
    int fd;         /* what is registered; -1: nothing */
    int events;     /* ... for */
    bool connected; /* after each step since */
};

static inline void sc_epoll_step(struct sc_epoll *e, int events)
{
    sc_async_step(e->async, events);
    e->connected = e->connected && sc_async_connected(e->async);
}

static inline void sc_epoll_register(struct sc_epoll *e, int fd, int events)
{
    struct epoll_event event = { .events = (events & SC_READ ? EPOLLIN : 0u) |
                                           (events & SC_WRITE ? EPOLLOUT : 0u) };
    event.data.ptr = e;
    if (e->fd >= 0 && e->fd != fd)
        epoll_ctl(e->set, EPOLL_CTL_DEL, e->fd, &event);
    if (fd >= 0 && epoll_ctl(e->set, EPOLL_CTL_MOD, fd, &event) != 0 &&
        epoll_ctl(e->set, EPOLL_CTL_ADD, fd, &event) != 0)
        fd = -1; /* tried again before the next wait */
    e->fd = fd;
    e->events = events;
}

/* Lets it do what is due, and gives the milliseconds that epoll_wait may wait for it; -1:
 * for ever. */
static inline int sc_epoll_prepare(struct sc_epoll *e)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t now = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    if (sc_async_deadline(e->async) <= now)
        sc_epoll_step(e, 0);
    int fd = sc_async_fd(e->async), events = sc_async_events(e->async);
    bool connected = sc_async_connected(e->async);
    if (!connected || !e->connected || fd != e->fd || events != e->events)
        sc_epoll_register(e, fd, events);
    e->connected = connected;
    int64_t due = sc_async_deadline(e->async), left = (due - now + 999999) / 1000000;
    if (due == INT64_MAX)
        return -1;
    return left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
}

static inline void sc_epoll_ready(struct sc_epoll *e, uint32_t events)
{
    int ready = events & ~(uint32_t)EPOLLOUT ? SC_READ : 0; /* errors are read */
    sc_epoll_step(e, ready | (events & EPOLLOUT ? SC_WRITE : 0));
}

#endif
