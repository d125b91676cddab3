/* sc_listen.h: LISTEN and NOTIFY.
 *
 * A listener is a connection of its own that hears what is notified on channels. It is
 * made again after each loss, with pauses that grow from a tenth of a second to ten
 * seconds, and then says so ("gap"): what was notified in between is lost, for PostgreSQL
 * keeps nothing for whoever is not there. Read the state again then.
 *
 * There are two ways to run it: sc_listener_wait, which blocks, or sc_listener_fd,
 * _events, _deadline and _step inside an event loop. Handlers are called by these two only,
 * on the caller's thread. A listener belongs to one thread at a time. It does not work
 * through PgBouncer's transaction mode, which has no sessions.
 */
#ifndef SC_LISTEN_H
#define SC_LISTEN_H
#include "sc.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sc_listener;

/** One notification; its texts live for the call only. */
struct sc_notification {
    const char *channel;
    const char *payload; /**< "" when there is none */
    int pid;             /**< of the server process that sent it */
};

/** Copied by sc_listener_open. Handlers may call sc_listen, sc_unlisten and
 *  sc_listener_close on the listener that called them. */
struct sc_listen_options {
    void *user; /**< handed to each handler */
    void (*notify)(void *user, const struct sc_notification *notification);
    /** After a reconnect, once every channel is in force again: something may have been
     *  missed. May be NULL. */
    void (*gap)(void *user);
    /** An attempt to connect failed, the connection was lost, or the server refused a
     *  channel; it goes on by itself. May be NULL. */
    void (*trouble)(void *user, const struct sc_error *err);
    int connect_timeout_ms; /**< for an address whose url has no connect_timeout;
                                 0: 10,000 */
    int heartbeat_ms; /**< a silent connection is asked whether it lives; 0: 30,000;
                                 negative: never */
};

/** Starts to connect and returns at once, url as sc_open's. *listener is NULL after any
 *  failure: SC_CONNECTION (the url cannot be read), SC_NO_MEMORY, SC_MISUSE (no notify). */
SC_API SC_NODISCARD enum sc_status sc_listener_open(
    const char *url, const struct sc_listen_options *options,
    struct sc_listener **listener, struct sc_error *err);
/** Closes it. NULL is fine. */
SC_API void sc_listener_close(struct sc_listener *listener);

/** Wants to hear a channel, named as it is (not folded to lower case), 1 to 63 bytes:
 *  SC_MISUSE for any other. Sends nothing by itself: see sc_listener_ready. A channel that
 *  is heard already is SC_OK. SC_NO_MEMORY. */
SC_API SC_NODISCARD enum sc_status sc_listen(struct sc_listener *listener,
                                             const char *channel, struct sc_error *err);
/** Does not want to hear it any more: from now on nothing of it reaches the handler. */
SC_API SC_NODISCARD enum sc_status sc_unlisten(struct sc_listener *listener,
                                               const char *channel,
                                               struct sc_error *err);
/** Whether it is connected and all channels are in force: what is committed from now on is
 *  heard. Read what was there before after that, and no change falls between. */
SC_API bool sc_listener_ready(const struct sc_listener *listener);

/** Waits until handlers were called or the listener became ready: SC_OK. SC_TIMEOUT: the
 *  time went by without (negative: for ever; 0: only looks). SC_CONNECTION, SC_BUSY,
 *  SC_TIMEOUT with a message of the server's or libpq's: an attempt to connect failed, and
 *  the next call goes on with the next one when its pause is over. SC_CANCELLED: a handler
 *  closed the listener. */
SC_API SC_NODISCARD enum sc_status sc_listener_wait(struct sc_listener *listener,
                                                    int timeout_ms,
                                                    struct sc_error *err);

/** The descriptor to wait for; another one after each step, possibly under the same
 *  number; -1: none now. */
SC_API int sc_listener_fd(const struct sc_listener *listener);
/** What to wait for: SC_READ, SC_WRITE, both or none. */
SC_API int sc_listener_events(const struct sc_listener *listener);
/** When sc_listener_step has to be called at the latest: CLOCK_MONOTONIC in nanoseconds,
 *  INT64_MAX: never. */
SC_API int64_t sc_listener_deadline(const struct sc_listener *listener);
/** Does what can be done now, calls the handlers, never blocks. events: what the descriptor
 *  is ready for. A step too many does no harm. */
SC_API void sc_listener_step(struct sc_listener *listener, int events);

/** Notifies a channel through a connection, pool or transaction (then at its commit): one
 *  round trip. channel: as sc_listen's, else SC_MISUSE; payload (NULL: none): fewer than
 *  8,000 bytes, else SC_BAD_VALUE. */
SC_API SC_NODISCARD enum sc_status sc_notify(struct sc_db *db, const char *channel,
                                             const char *payload, struct sc_error *err);

#ifdef __cplusplus
}
#endif
#endif
