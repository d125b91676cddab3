/* loss.c: whether an object that a way back drops holds anything. Must not decide whether
 * that is accepted. */
#include "runner.h"

#include <string.h>

/* Names as a migration's comment has them: plain, with dots. One that is no table's and no
 * column's, or more than one's, finds nothing. */
static const char FIND[] =
    "select quote_ident(n.nspname) || '.' || quote_ident(c.relname),"
    " quote_ident(a.attname) from pg_catalog.pg_class c"
    " join pg_catalog.pg_namespace n on n.oid = c.relnamespace"
    " left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
    " and not a.attisdropped and n.nspname || '.' || c.relname || '.' || a.attname = $1"
    " where c.relkind in ('r', 'p')"
    " and (n.nspname || '.' || c.relname = $1 or a.attname is not null)";

static const char *query_of(struct scm_run *run, const PGresult *found)
{
    if (PQntuples(found) != 1)
        return NULL;
    const char *table = PQgetvalue(found, 0, 0);
    return PQgetisnull(found, 0, 1)
               ? scm_printf(&run->arena, "select exists (select from %s)", table)
               : scm_printf(&run->arena,
                            "select exists (select from %s where %s is not null)",
                            table, PQgetvalue(found, 0, 1));
}

enum sc_status scm_holds(struct scm_run *run, const char *object, bool *holds)
{
    PGresult *found = NULL, *answer = NULL;
    *holds = true;
    enum sc_status status = scm_ask(run, FIND, &object, 1, &found);
    const char *query = status == SC_OK ? query_of(run, found) : NULL;
    if (query)
        status = scm_ask(run, query, NULL, 0, &answer);
    if (answer)
        *holds = scm_bool(answer, 0, 0);
    PQclear(found);
    PQclear(answer);
    return status;
}
