/* inet.h: what the codec needs of sc_inet beside sc.h. Not installed. */
#ifndef SC_VALUE_INET_H
#define SC_VALUE_INET_H
#include "runtime/sc.h"

/* Whether PostgreSQL's types can hold it: the family is 4 or 6, the mask no longer than
 * the address, is_cidr 0 or 1, and a network has no bit right of its mask. */
bool sc__inet_fits(const struct sc_inet *a);

#endif
