/* stats.h: the sizes of a server's tables in a file, taken where the data is and used
 * where migrations are planned. */
#ifndef CLI_STATS_H
#define CLI_STATS_H
#include "migrate/plan.h"
#include "session.h"

/* Asks the server for every table's size and estimated rows, and writes them as JSON. Gives
 * an exit code; what went wrong has been said. */
int stats_write(struct session *session, const char *file);

/* Reads such a file. Gives NULL, or a message in the arena. */
const char *stats_read(struct arena *arena, const char *file, struct plan_sizes *sizes);

#endif
