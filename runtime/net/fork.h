/* fork.h: which process a connection was made in. A child shares its parent's sockets: what
 * it sent there would end up in the middle of the parent's own conversation. */
#ifndef SC_FORK_H
#define SC_FORK_H
#include <stdbool.h>

/* How many forks lie between the first process that used the library and this one. */
extern unsigned sc__forks;

/* Has forks counted from now on. False: no memory. */
bool sc__forks_watch(void);

#endif
