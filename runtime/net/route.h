/* route.h: where a connection string leads, as libpq itself understands it: service files,
 * environment and defaults included.
 *
 * libpq is asked, and what it says is not trusted to be complete: whatever is not told here
 * it finds again by itself when it gets the same string. Nothing is sent and no name looked
 * up.
 */
#ifndef SC_ROUTE_H
#define SC_ROUTE_H
#include "runtime/sc.h"

struct sc__host {
    const char *name;    /* a name, a path or an address; NULL: libpq's own choice */
    const char *address; /* hostaddr; NULL: to be looked up, unless name is a path */
    const char *port;    /* NULL: libpq's own choice */
};

struct sc__route {
    struct sc__host *hosts; /* one at least */
    size_t count;
    int timeout_s;        /* connect_timeout, for one address; 0: for ever */
    bool prefers_standby; /* target_session_attrs: a standby, else anybody */
    bool shuffled;        /* load_balance_hosts: the order is chance's */
    char *texts;          /* what hosts point into */
    char *defaults;       /* the same, where an element was empty */
};

/* Fails with SC_CONNECTION (it cannot be read; the message quotes nothing of it) and
 * SC_NO_MEMORY. */
enum sc_status sc__route_read(const char *url, struct sc__route *route,
                              struct sc_error *err);
void sc__route_release(struct sc__route *route);

#endif
