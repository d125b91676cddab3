/* proxy.h: stands between a client and a server, from Unix socket to Unix socket, and cuts,
 * delays, holds or trickles what passes. Knows nothing of the protocol.
 *
 * It is a thread of the test's process that polls. One fault is armed at a time, strikes
 * one connection once, and is spent; trickling lasts until something else is armed. Functions
 * give 0, or -1 after saying on stderr what is wrong.
 */
#ifndef TESTS_SUPPORT_PROXY_H
#define TESTS_SUPPORT_PROXY_H
#include <stdbool.h>
#include <stddef.h>

enum proxy_way {
    PROXY_UP,  /* to the server */
    PROXY_DOWN /* to the client */
};

enum proxy_fault {
    PROXY_NONE,
    PROXY_CUT,    /* both ends are closed */
    PROXY_DELAY,  /* nothing passes for PROXY_DELAY_MS */
    PROXY_HOLD,   /* nothing passes on that connection any more, and nobody is told */
    PROXY_TRICKLE /* a byte at a time, both ways, from now on */
};
enum { PROXY_DELAY_MS = 30 };

struct proxy;

/* In front of the server of `url`. */
int proxy_open(const char *url, struct proxy **proxy);
void proxy_close(struct proxy *proxy);
/* The same database, by way of the proxy; a URL without options of its own. */
const char *proxy_url(const struct proxy *proxy);

/* Counts from 0 again, and strikes when `after` bytes (1 or more) have passed that way. */
void proxy_arm(struct proxy *proxy, enum proxy_fault fault, enum proxy_way way,
               size_t after);
bool proxy_struck(struct proxy *proxy);
/* Bytes since the last proxy_arm. */
size_t proxy_passed(struct proxy *proxy, enum proxy_way way);
/* Waits until no connection is open but `most`. */
int proxy_settle(struct proxy *proxy, int most);

#endif
