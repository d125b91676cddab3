/* tally.h: what the runner tells while it works, counted, and kept where --json wants it.
 */
#ifndef CLI_TALLY_H
#define CLI_TALLY_H
#include <jansson.h>

#include "session.h"

struct tally {
    struct session *session;
    size_t changed; /* migrations that were applied, adopted or taken back */
    size_t planned; /* steps that a dry run showed */
    json_t *names;  /* of the changed ones, in that order; NULL: no JSON is wanted */
    json_t *events;
    json_t *certification; /* of --certify, given up to tally_close; NULL: none */
};

struct tally tally_open(struct session *session);
/* Counts and keeps an event. What says where a statement is at the moment is not kept. */
void tally_keep(struct tally *tally, const struct sc_migrate_event *event);
/* For options.event; user is the tally. Keeps the event, and reports it as the settings
 * want it. */
bool tally_event(void *user, const struct sc_migrate_event *event);
/* Gives the answer, if it is to be JSON: {"migrations", "events",
 * "certification", "error"}. error: what
 * ended the call, or NULL. The last call. */
void tally_close(struct tally *tally, const struct sc_migrate_error *error);

#endif
