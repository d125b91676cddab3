/* lookup.h: the addresses of a host's name, without waiting for them. */
#ifndef SC_LOOKUP_H
#define SC_LOOKUP_H
#include <stdbool.h>
#include <stddef.h>

struct sc__lookup;

/* Whether a host is an address already, and needs no look-up. */
bool sc__is_address(const char *host);

/* Starts one. NULL: no memory, thread or descriptor. */
struct sc__lookup *sc__lookup_new(const char *host);
/* Can be read once it is done. */
int sc__lookup_fd(const struct sc__lookup *lookup);
bool sc__lookup_done(const struct sc__lookup *lookup);
/* Calls add with each address as text, in the resolver's order, until it gives false. NULL:
 * all were added; else why there are none. */
const char *sc__lookup_each(const struct sc__lookup *lookup,
                            bool (*add)(void *arg, const char *address), void *arg);
/* Whether there was no memory for it. */
bool sc__lookup_starved(const struct sc__lookup *lookup);
/* Never waits: one that is not done ends by itself. NULL is fine. */
void sc__lookup_free(struct sc__lookup *lookup);

#endif
