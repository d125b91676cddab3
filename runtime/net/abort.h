/* abort.h: has the server break off what runs on a connection, without waiting for it.
 *
 * It travels by another connection to the same server, which libpq can make only by
 * blocking (before 17 unencrypted too): a helper thread does it. Whatever runs there when
 * it arrives ends with 57014, and if nothing runs, nothing happens: the user sees to it
 * that no later statement is sent before it is done.
 */
#ifndef SC_ABORT_H
#define SC_ABORT_H
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdint.h>

struct sc__abort;

/* Starts one. NULL: no memory, thread or descriptor, or the connection is not open. */
struct sc__abort *sc__abort_new(PGconn *pg);
/* Can be read once it is done. */
int sc__abort_fd(const struct sc__abort *abort);
/* Waits until it is done, or until sc__clock says `until`. False: it is not. */
bool sc__abort_wait(const struct sc__abort *abort, int64_t until);
/* Whether the server has it, or it failed: it will not arrive later. */
bool sc__abort_done(const struct sc__abort *abort);
/* Never waits. One that is not done goes on by itself. NULL is fine. */
void sc__abort_free(struct sc__abort *abort);

/* The same by one call that waits, until sc__clock says `until` at the latest. False: it was
 * not done by then, and may still arrive. */
bool sc__abort(PGconn *pg, int64_t until);

#endif
