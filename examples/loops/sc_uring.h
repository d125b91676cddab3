/* sc_uring.h: an event loop's connection by io_uring: it is polled through the ring (one
 * poll-add a turn), and libpq reads and writes its socket itself. The ring is this
 * file's alone.
 */
#ifndef SC_URING_H
#define SC_URING_H
#include <sc_async.h>
#include <liburing.h>
#include <poll.h>
#include <time.h>

struct sc_uring {
    struct sc_async *async;
    struct io_uring *ring;
    bool armed; /* a poll is in the ring */
};

static inline int64_t sc_uring_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Asks the ring for what the connection waits for. */
static inline void sc_uring_arm(struct sc_uring *u)
{
    int fd = sc_async_fd(u->async), events = sc_async_events(u->async);
    struct io_uring_sqe *sqe = fd >= 0 ? io_uring_get_sqe(u->ring) : NULL;
    if (!sqe)
        return;
    io_uring_prep_poll_add(sqe, fd,
                           (events & SC_READ ? (unsigned)POLLIN : 0u) |
                               (events & SC_WRITE ? (unsigned)POLLOUT : 0u));
    io_uring_sqe_set_data(sqe, u);
    io_uring_submit(u->ring);
    u->armed = true;
}

/* Takes the poll back: the descriptor may be another one after the next step. */
static inline void sc_uring_disarm(struct sc_uring *u)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(u->ring);
    struct io_uring_cqe *cqe;
    io_uring_prep_poll_remove(sqe, (uint64_t)(uintptr_t)u);
    io_uring_sqe_set_data(sqe, NULL);
    io_uring_submit(u->ring);
    for (int left = 2; left > 0 && io_uring_wait_cqe(u->ring, &cqe) == 0; left--)
        io_uring_cqe_seen(u->ring, cqe); /* the poll's and the removal's */
    u->armed = false;
}

/* One turn: waits until the connection has something to do, and lets it. */
static inline void sc_uring_once(struct sc_uring *u)
{
    struct io_uring_cqe *cqe = NULL;
    int64_t due = sc_async_deadline(u->async), left = due - sc_uring_now();
    struct __kernel_timespec t = { .tv_sec = left / 1000000000,
                                   .tv_nsec = left % 1000000000 };
    int ready = 0;
    if (left > 0) {
        sc_uring_arm(u);
        int status = io_uring_wait_cqe_timeout(u->ring, &cqe,
                                               due == INT64_MAX ? NULL : &t);
        if (status == 0 && io_uring_cqe_get_data(cqe) == u) {
            int events = cqe->res < 0 ? POLLERR : cqe->res;
            ready = (events & ~POLLOUT ? SC_READ : 0) |
                    (events & POLLOUT ? SC_WRITE : 0);
            u->armed = false;
            io_uring_cqe_seen(u->ring, cqe);
        }
        if (u->armed)
            sc_uring_disarm(u);
    }
    sc_async_step(u->async, ready);
}

#endif
