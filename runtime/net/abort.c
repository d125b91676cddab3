/* abort.c: cancels in a thread of its own. It must not touch the connection there. */
#include "runtime/sc_internal.h"
#include "abort.h"
#include "helper.h"
#include <poll.h>
#include <stdlib.h>

struct sc__abort {
    struct sc__helper *helper;
};

#ifdef LIBPQ_HAS_ASYNC_CANCEL /* 17: encrypted as the connection is */
static void *request(PGconn *pg)
{
    return PQcancelCreate(pg);
}

static void send_request(void *work)
{
    (void)PQcancelBlocking(work);
}

static void forget(void *work)
{
    PQcancelFinish(work);
}
#else
static void *request(PGconn *pg)
{
    return PQgetCancel(pg);
}

static void send_request(void *work)
{
    char why[256];
    (void)PQcancel(work, why, sizeof(why));
}

static void forget(void *work)
{
    PQfreeCancel(work);
}
#endif

struct sc__abort *sc__abort_new(PGconn *pg)
{
    struct sc__abort *made = calloc(1, sizeof(*made));
    void *work = made ? request(pg) : NULL;
    if (work && sc__helper_start(send_request, forget, work, &made->helper))
        return made;
    if (work)
        forget(work);
    free(made);
    return NULL;
}

int sc__abort_fd(const struct sc__abort *abort)
{
    return sc__helper_fd(abort->helper);
}

bool sc__abort_done(const struct sc__abort *abort)
{
    return sc__helper_done(abort->helper);
}

void sc__abort_free(struct sc__abort *abort)
{
    if (!abort)
        return;
    sc__helper_drop(abort->helper);
    free(abort);
}

bool sc__abort_wait(const struct sc__abort *abort, int64_t until)
{
    struct pollfd fd = { .fd = sc__abort_fd(abort), .events = POLLIN };
    int64_t left;
    while (!sc__abort_done(abort) && (left = until - sc__clock()) > 0)
        (void)poll(&fd, 1, left < 1000000000 ? (int)(left / 1000000) + 1 : 1000);
    return sc__abort_done(abort);
}

bool sc__abort(PGconn *pg, int64_t until)
{
    struct sc__abort *abort = sc__abort_new(pg);
    if (!abort)
        return false;
    bool done = sc__abort_wait(abort, until);
    sc__abort_free(abort);
    return done;
}
