/* helper.h: one piece of work that may block (a look-up of a name, a cancellation), in a
 * thread of its own, so that whoever waits can also wait for something else.
 *
 * Knows neither libpq nor what the work is. A helper that is dropped before it is done goes
 * on by itself and cleans up behind itself: nobody can end a getaddrinfo.
 */
#ifndef SC_HELPER_H
#define SC_HELPER_H
#include <stdbool.h>

struct sc__helper;

/* Starts run(work) in a thread that takes no signals. False: no memory, thread or
 * descriptor; the work is the caller's still. Else it is the helper's: release(work) comes
 * after run, when the helper is dropped, in either thread. */
bool sc__helper_start(void (*run)(void *work), void (*release)(void *work), void *work,
                      struct sc__helper **helper);
/* Can be read once the work is done. */
int sc__helper_fd(const struct sc__helper *helper);
/* Whether it is done: what run has written may be read then. */
bool sc__helper_done(struct sc__helper *helper);
/* Never waits. NULL is fine. */
void sc__helper_drop(struct sc__helper *helper);

#endif
