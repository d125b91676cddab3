/* sc_async.h: generated calls in an event loop.
 *
 * A struct sc_async is a connection that never blocks, with many batches in flight. A batch
 * is filled as always (generated calls on sc_queue, of any number and kind), submitted, and
 * its `done` is called by a later sc_async_step: once for each batch that was accepted,
 * whatever happens. Batches travel in the order of submission and answer in that order; each
 * stands for itself: one that fails undoes nothing of another.
 *
 * The loop, whichever it is, waits for a descriptor, for reading or writing, or until a
 * time, and then calls sc_async_step; examples/loops/ has poll, epoll, libuv and io_uring.
 * All three are asked again after each step and after each submit:
 *
 *     for (;;) {
 *         fd = sc_async_fd(a), events = sc_async_events(a), deadline = sc_async_deadline(a)
 *         ... wait ...
 *         sc_async_step(a, what the descriptor is ready for);
 *     }
 *
 * Failures. A batch's time that is over is SC_TIMEOUT: one that has not been sent never is;
 * one that runs is cancelled on the server, and the connection goes on; one that stands
 * behind others in flight is told at once, and cancelled when it comes to run. A lost
 * connection is made again, at once and then with pauses that grow from a tenth of a second
 * to ten seconds. Batches in flight that write are SC_CONNECTION then (SC_COMMIT_UNKNOWN,
 * where a COMMIT was under way): they may have been done, unless they were not sent
 * whole. All others, reads in flight and whatever waits, travel on the next connection; a
 * read once only. When connecting fails, all that waits fails with the reason.
 *
 * Threads: one at a time. It must not be used after fork in the child, but for
 * sc_async_close.
 */
#ifndef SC_ASYNC_H
#define SC_ASYNC_H
#include "sc.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sc_async;

/** Zeroed: the defaults. */
struct sc_async_options {
    struct sc_options conn;
    int connect_timeout_ms; /**< for an address, where the url has no connect_timeout;
                                 0: 10,000 */
    int window;             /**< batches in flight at most, further ones wait; 0: 256 */
    bool stay_down;         /**< a lost connection is not made again */
};

/** Starts to connect and returns at once: names are looked up in a thread of their own. url
 *  as sc_open's; options may be NULL. *async is NULL after any failure: SC_CONNECTION (the
 *  url cannot be read), SC_NO_MEMORY, SC_MISUSE (a negative number). That the server
 *  cannot be reached is told to the batches. */
SC_API SC_NODISCARD enum sc_status sc_async_open(const char *url,
                                                 const struct sc_async_options *options,
                                                 struct sc_async **async,
                                                 struct sc_error *err);
/** Closes it. Batches that were submitted get their done, SC_CANCELLED: at once, or, inside
 *  a done, when the step ends. What was in flight may have been done by the server.
 *  Batches stay their owners', to be read and closed. NULL is fine. */
SC_API void sc_async_close(struct sc_async *async);

/** Opens a batch for it: sc_queue, sc_batch_set, sc_batch_status, `_take`, sc_batch_reset
 *  and sc_batch_close are as always, sc_batch_run is SC_MISUSE. A batch that is closed
 *  while it is submitted is forgotten: no done comes, and if it was in flight it runs to
 *  its end on the server. One that is submitted cannot be reset. */
SC_API SC_NODISCARD enum sc_status sc_async_batch(struct sc_async *async,
                                                  struct sc_batch **batch,
                                                  struct sc_error *err);

/** What a batch came to, as sc_batch_run gives it; err is NULL for SC_OK, and lives for the
 *  call only. Outputs that were given are filled; the rest waits for a `_take`. Inside,
 *  anything may be done but sc_async_step: submit others, reset this one and submit it
 *  again (but for one that is told SC_TIMEOUT or SC_CANCELLED while others in front of it
 *  run: open another), close it, close the async. */
typedef void sc_done_fn(struct sc_batch *batch, enum sc_status status,
                        const struct sc_error *err, void *arg);
/** Submits it. Sends nothing and calls nothing: sc_async_step does. SC_OK: done will come
 *  once. Anything else: it will not come, and *err says why: a call could not be queued
 *  (its status), SC_MISUSE (it was submitted already, the async is closed), SC_CONNECTION
 *  (stay_down, and it is). timeout_ms counts from now, connecting included; 0: none. */
SC_API SC_NODISCARD enum sc_status sc_async_submit(struct sc_batch *batch,
                                                   int timeout_ms, sc_done_fn *done,
                                                   void *arg, struct sc_error *err);
/** Has a submitted batch end: its done comes by a later step, SC_CANCELLED, or what it came
 *  to before the server heard of it. Never blocks. */
SC_API void sc_async_cancel(struct sc_batch *batch);
/** How many batches were submitted whose done has not come. */
SC_API size_t sc_async_pending(const struct sc_async *async);
/** Whether it is connected now. */
SC_API bool sc_async_connected(const struct sc_async *async);

/** The descriptor to wait for; another one after each step, possibly under the same number:
 *  register it anew, unless sc_async_connected was true after every step since (no step
 *  loses a connection and makes another). -1: none now. */
SC_API int sc_async_fd(const struct sc_async *async);
/** What to wait for: SC_READ, SC_WRITE, both or none. */
SC_API int sc_async_events(const struct sc_async *async);
/** When sc_async_step has to be called at the latest: CLOCK_MONOTONIC in nanoseconds; 0: at
 *  once; INT64_MAX: never. */
SC_API int64_t sc_async_deadline(const struct sc_async *async);
/** Does what can be done now and calls `done`s, never blocks. events: what the descriptor is
 *  ready for, 0 when the time is up. A step too many does no harm. */
SC_API void sc_async_step(struct sc_async *async, int events);

/** As sc_set_hooks; before the first submit. */
SC_API void sc_async_set_hooks(struct sc_async *async, const struct sc_hooks *hooks);

#ifdef __cplusplus
}
#endif
#endif
