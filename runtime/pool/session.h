/* session.h: whether SQL of one's own may have changed the session that it ran in: what
 * lasts longer than a transaction and that the next user of a pool's connection would see.
 * Knows commands by their names; sends nothing.
 */
#ifndef SC_SESSION_H
#define SC_SESSION_H
#include <libpq-fe.h>
#include <stdbool.h>

/* Judged by the command that the server says it was (of a failed one by its first word):
 * those that leave settings, roles, temporary tables, cursors, prepared statements,
 * listening or locks behind, and those that nobody here has heard of. Queries and the
 * commands that change data do so by a function only: set_config(..., false) and
 * pg_advisory_lock and its like are looked for in the text; what the server's own
 * functions do inside is not known. */
bool sc__session_changes(const char *sql, const PGresult *result);
/* The same of a text that is known to be a query or to change data. */
bool sc__session_text_changes(const char *sql);

#endif
