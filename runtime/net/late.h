/* late.h: calls whose time is over.
 *
 * The deadline of the call under way stands in conn->until. Whoever waits for the server
 * (io.c, connecting.c) waits no longer than that, and then asks here. The first time, the
 * statement is cancelled and the call given a second to wind up, so that the connection
 * can be used again. The second time the connection is given up.
 */
#ifndef SC_LATE_H
#define SC_LATE_H
#include "conn.h"

enum { SC__LATE_GRACE_MS = 1000 };

/* Milliseconds to wait for something, as poll has it: until a time of sc__clock, -1 for 0,
 * which is for ever. */
int sc__late_wait(int64_t until);
/* The earlier one of two times; 0 is never. */
static inline int64_t sc__late_sooner(int64_t a, int64_t b)
{
    return !a || (b && b < a) ? b : a;
}
/* Gives a call that has failed the grace for what must follow, a rollback, where its time
 * was limited. */
void sc__late_wind_up(struct sc__conn *conn);
/* Whether the call may go on; looks at the clock. False: the connection is broken. */
bool sc__late_go_on(struct sc__conn *conn);

#endif
