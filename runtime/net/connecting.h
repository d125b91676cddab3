/* connecting.h: makes a connection without ever waiting: one step after another, in between
 * of which its user waits for a descriptor or a deadline.
 *
 * Hosts are tried in order, each by each of its addresses, each address with a deadline of
 * its own, until one answers as wanted. libpq gets one host and one address at a time, so
 * that it never looks up a name (only a helper thread does) and has nothing to choose: its
 * asynchronous form knows neither connect_timeout nor, with that, another host. What it
 * does itself is everything about one server: TLS (checked against the host's name, not the
 * address), authentication, .pgpass, and whether target_session_attrs is met.
 *
 * Goes on to the next address: after a time-out, whatever breaks without a word of the
 * server's, a server that starts, stops or is full, and one that is not what is wanted.
 * Ends: after any other refusal (a password, a database that is not there), as libpq does.
 * prefer-standby is two rounds: all as standby, then all that answered as anything.
 *
 * Blocks nowhere but where libpq itself reads files (service file, .pgpass, certificates)
 * or, with GSSAPI, asks a Kerberos server.
 */
#ifndef SC_CONNECTING_H
#define SC_CONNECTING_H
#include "runtime/sc.h"
#include <libpq-fe.h>

struct sc__connecting;

struct sc__connecting_options {
    const char *url;          /* borrowed; NULL: DATABASE_URL, else libpq's own */
    int timeout_ms;           /* for an address whose url says nothing; 0: for ever */
    int64_t until;            /* sc__clock by which it has to be over; 0: never */
    PQnoticeReceiver notices; /* of the first message on */
    void *notices_arg;
};

/* Starts. Fails with SC_CONNECTION (the string cannot be read), SC_NO_MEMORY. */
enum sc_status sc__connecting_new(const struct sc__connecting_options *options,
                                  struct sc__connecting **connecting,
                                  struct sc_error *err);
void sc__connecting_free(struct sc__connecting *connecting); /* NULL is fine */

enum sc__connecting_state {
    SC__CONNECTING_GOES_ON, /* step again when the descriptor is ready or time is up */
    SC__CONNECTING_DONE,    /* take it */
    SC__CONNECTING_FAILED   /* see the error */
};
/* Does what can be done now. It looks at the descriptor itself: a step too many is fine. */
enum sc__connecting_state sc__connecting_step(struct sc__connecting *connecting);

/* After each step another descriptor, possibly under the same number. */
int sc__connecting_fd(const struct sc__connecting *connecting);
short sc__connecting_events(
    const struct sc__connecting *connecting); /* POLLIN, POLLOUT */
/* sc__clock by which a step is due; INT64_MAX: none. */
int64_t sc__connecting_deadline(const struct sc__connecting *connecting);

/* Once, when it is done: a connection in blocking mode, in UTF-8. */
PGconn *sc__connecting_take(struct sc__connecting *connecting);
/* When it failed: SC_CONNECTION, SC_TIMEOUT (nobody answered in time), SC_BUSY (full),
 * SC_NO_MEMORY; the message is that of each attempt, a line each. */
const struct sc_error *sc__connecting_error(const struct sc__connecting *connecting);

/* Steps and waits until it is over. */
enum sc__connecting_state sc__connecting_wait(struct sc__connecting *connecting);

#endif
