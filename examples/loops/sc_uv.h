/* sc_uv.h: an event loop's connection in libuv, from sc_uv_start to sc_uv_stop (before
 * sc_async_close). libuv polls a duplicate of the descriptor, for what it polls must stay
 * open: it is renewed at each step until the connection is there. */
#ifndef SC_UV_H
#define SC_UV_H
#include <sc_async.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

struct sc_uv {
    struct sc_async *async;
    uv_prepare_t prepare; /* before the loop waits */
    uv_timer_t timer;
    uv_poll_t *poll; /* over a duplicate of fd, `copy`; NULL: none */
    int fd, copy, events, connected;
};

static inline void sc_uv_free(uv_handle_t *handle)
{
    free(handle);
}

static inline void sc_uv_drop(struct sc_uv *u)
{
    if (u->poll) {
        uv_close((uv_handle_t *)u->poll, sc_uv_free);
        close(u->copy);
    }
    u->poll = NULL;
}

/* A step may lose the connection, and the next one make another under the same number. */
static inline void sc_uv_step(struct sc_uv *u, int events)
{
    sc_async_step(u->async, events);
    u->connected = u->connected && sc_async_connected(u->async);
}

/* UV_READABLE and UV_WRITABLE are SC_READ and SC_WRITE; errors are read. */
static inline void sc_uv_ready(uv_poll_t *poll, int status, int events)
{
    sc_uv_step(poll->data, status < 0 ? SC_READ : events);
}

static inline void sc_uv_timeout(uv_timer_t *timer)
{
    sc_uv_step(timer->data, 0);
}

static inline void sc_uv_prepare(uv_prepare_t *prepare)
{
    struct sc_uv *u = prepare->data;
    int fd = sc_async_fd(u->async), events = sc_async_events(u->async);
    int connected = sc_async_connected(u->async);
    if (!connected || !u->connected || fd != u->fd) {
        sc_uv_drop(u);
        u->events = 0, u->copy = fd >= 0 ? dup(fd) : -1;
        u->poll = fd >= 0 ? calloc(1, sizeof(*u->poll)) : NULL;
        if (u->poll && uv_poll_init(prepare->loop, u->poll, u->copy) == 0) {
            u->poll->data = u;
        } else if (fd >= 0) {
            free(u->poll), close(u->copy);
            u->poll = NULL, fd = -1; /* tried again before the next wait */
        }
    }
    if (u->poll && events != u->events)
        uv_poll_start(u->poll, events, sc_uv_ready);
    u->fd = fd, u->events = events, u->connected = connected;
    int64_t ms = sc_async_deadline(u->async) / 1000000 - (int64_t)uv_hrtime() / 1000000;
    uv_timer_start(&u->timer, sc_uv_timeout, ms > 0 ? (uint64_t)ms : 0, 0);
}

static inline void sc_uv_start(struct sc_uv *u, uv_loop_t *loop, struct sc_async *async)
{
    *u = (struct sc_uv){ .async = async, .fd = -1 };
    uv_prepare_init(loop, &u->prepare);
    uv_timer_init(loop, &u->timer);
    u->prepare.data = u->timer.data = u;
    uv_prepare_start(&u->prepare, sc_uv_prepare);
}

static inline void sc_uv_stop(struct sc_uv *u) /* *u stays until the loop has run */
{
    sc_uv_drop(u);
    uv_close((uv_handle_t *)&u->timer, NULL);
    uv_close((uv_handle_t *)&u->prepare, NULL);
}

#endif
