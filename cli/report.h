/* report.h: what the runner tells and what stops it, as lines for a person, or collected
 * as JSON. Progress goes to standard error, the answer to standard output. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H
#include "session.h"

/* An event, for options.event; user is the session. Never ends the call. */
bool report_event(void *user, const struct sc_migrate_event *event);

/* Says what stopped a call: the place in the file with a caret where there is one, then
 * what it means and what to do. Gives the exit code. */
int report_error(const struct session *session, const struct sc_migrate_error *error);
/* The same of the connection's own errors. */
void report_server_error(const struct settings *settings, const struct sc_error *error);

/* "12 ms", "1.3 s", "4 min 10 s" into a buffer of 32 bytes. */
const char *report_duration(int64_t ms, char *out);

#endif
