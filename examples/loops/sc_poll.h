/* sc_poll.h: event loops' connections by poll(2). Copy it into a program, next to whatever
 * else that polls. It must not know what the connections are used for.
 *
 *     while (sc_async_pending(async) > 0)
 *         sc_poll_once(&async, 1, -1);
 */
#ifndef SC_POLL_H
#define SC_POLL_H
#include <sc_async.h>
#include <poll.h>
#include <time.h>

enum { SC_POLL_MOST = 64 };

/* Milliseconds until the nearest deadline, rounded up; -1: there is none. */
static inline int sc_poll_left(struct sc_async *const *asyncs, int n)
{
    struct timespec t;
    int64_t due = INT64_MAX;
    clock_gettime(CLOCK_MONOTONIC, &t);
    for (int i = 0; i < n; i++)
        if (sc_async_deadline(asyncs[i]) < due)
            due = sc_async_deadline(asyncs[i]);
    int64_t left = due - ((int64_t)t.tv_sec * 1000000000 + t.tv_nsec);
    if (due == INT64_MAX)
        return -1;
    left = left > 0 ? (left + 999999) / 1000000 : 0;
    return left > 1000000 ? 1000000 : (int)left;
}

/* Waits until one of up to SC_POLL_MOST connections has something to do, for timeout_ms at
 * most (-1: for ever), and lets each do it. */
static inline void sc_poll_once(struct sc_async *const *asyncs, int n, int timeout_ms)
{
    struct pollfd fds[SC_POLL_MOST];
    int left = sc_poll_left(asyncs, n);
    for (int i = 0; i < n; i++) {
        int events = sc_async_events(asyncs[i]);
        fds[i].fd = sc_async_fd(asyncs[i]);
        fds[i].events = (short)((events & SC_READ ? POLLIN : 0) |
                                (events & SC_WRITE ? POLLOUT : 0));
        fds[i].revents = 0;
    }
    if (left < 0 || (timeout_ms >= 0 && timeout_ms < left))
        left = timeout_ms;
    if (poll(fds, (nfds_t)n, left) < 0)
        return; /* a signal; come again */
    for (int i = 0; i < n; i++) {
        int ready = fds[i].revents & ~POLLOUT ? SC_READ : 0; /* errors are read */
        if (fds[i].revents & POLLOUT)
            ready |= SC_WRITE;
        if (ready || sc_poll_left(&asyncs[i], 1) == 0)
            sc_async_step(asyncs[i], ready);
    }
}

#endif
