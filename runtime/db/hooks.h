/* hooks.h: calling the caller's hooks. Knows no parameter values. */
#ifndef SC_HOOKS_H
#define SC_HOOKS_H
#include "stats.h"
#include <libpq-fe.h>

struct sc__conn;

/* Nanoseconds of a clock that only goes forward. */
int64_t sc__clock(void);

/* Whoever watches a handle's calls: all of it is set before the handle is shared. */
struct sc__hooks {
    struct sc_hooks calls;   /* the caller's */
    struct sc__stats *stats; /* of sc_measure; NULL: none */
    bool wanted;             /* somebody is to be told of each call */
};

static inline bool sc__hooks_wanted(const struct sc__hooks *hooks)
{
    return hooks->wanted;
}
/* Says anew whether anybody is. */
void sc__hooks_settle(struct sc__hooks *hooks);
/* The bytes of a result's values; 0 for NULL. */
int64_t sc__hooks_bytes(const PGresult *result);
/* Sets the caller's; NULL: none. */
void sc__hooks_set(struct sc__hooks *to, const struct sc_hooks *hooks);
void sc__hooks_start(const struct sc__hooks *hooks, const struct sc_event *event);
void sc__hooks_end(const struct sc__hooks *hooks, const struct sc_event *event);

/* libpq's notice receiver; arg is the struct sc__conn. */
void sc__hooks_notice(void *arg, const PGresult *result);

#endif
