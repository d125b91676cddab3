/* stats.h: figures of calls, in arrays of a fixed size. Knows names and times, never a
 * parameter's value.
 */
#ifndef SC_STATS_H
#define SC_STATS_H
#include "runtime/sc.h"

/* The bucket of SC_BUCKETS that a time falls into. */
static inline int sc__bucket(int64_t nanoseconds)
{
    int bucket = 0;
    for (int64_t left = nanoseconds >> 10; left > 0 && bucket < SC_BUCKETS - 1;
         left >>= 1)
        bucket++;
    return bucket;
}

struct sc__stats;

/* Room for the figures of `queries` queries, told apart by the address of their name.
 * NULL: no memory. */
struct sc__stats *sc__stats_new(size_t queries);
void sc__stats_free(struct sc__stats *stats);
/* Counts a call that has ended. From any thread, without a lock. */
void sc__stats_note(struct sc__stats *stats, const struct sc_event *event);

#endif
