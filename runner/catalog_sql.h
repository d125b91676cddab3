/* catalog_sql.h: what a database holds in PostgreSQL's own words, as one query: recorded
 * after a migration, and compared with later. Text alone; knows nothing of migrations. */
#ifndef RUNNER_CATALOG_SQL_H
#define RUNNER_CATALOG_SQL_H

/* A select that sets, for the transaction, all that the server's words depend on: the
 * search path (pg_catalog, so that names come out qualified), styles of dates, intervals
 * and numbers, the time zone, quoting. Run it first. */
extern const char sc__catalog_settings[];

/* A select of text columns kind, identity, definition and space, unique by the first two.
 * space is the schema (quoted) that an object stands in; of all, only that is ever NULL:
 * extensions, casts and the like stand in none. $1 (text) is a schema that is left out, the history's; the server's own schemas are
 * too, and what belongs to an extension. Whether columns stand in another order does not
 * show, nor where a sequence stands. Privileges, owners, statistics targets and the
 * enabled state of event triggers are not part of it: those are set by who operates a
 * database, not by migrations. Comments are. */
extern const char sc__catalog_sql[];

#endif
