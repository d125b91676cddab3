/* late.c: the end of a call whose time is over. It must not wait longer than it says. */
#include "abort.h"
#include "runtime/sc_internal.h"

int sc__late_wait(int64_t until)
{
    enum { LONGEST_MS = 60000, NS_IN_MS = 1000000 };
    if (!until)
        return -1;
    int64_t left = (until - sc__clock() + NS_IN_MS - 1) / NS_IN_MS;
    if (left <= 0)
        return 0;
    return left < LONGEST_MS ? (int)left : LONGEST_MS;
}

static int64_t grace(void)
{
    return sc__clock() + (int64_t)SC__LATE_GRACE_MS * 1000000;
}

void sc__late_wind_up(struct sc__conn *conn)
{
    if (!conn->until)
        return;
    conn->late = true;
    conn->until = grace();
}

bool sc__late_go_on(struct sc__conn *conn)
{
    if (!conn->until || sc__clock() < conn->until)
        return true;
    bool first = !conn->late;
    conn->late = true;
    conn->until = grace();
    if (first && sc__abort(conn->pg, conn->until))
        return true;
    conn->broken = true;
    return false;
}
