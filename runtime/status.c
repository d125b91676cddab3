/* status.c: the names of statuses, and the SQLSTATEs that stand for them.
 *
 * Source of the codes: PostgreSQL 15, src/backend/utils/errcodes.txt.
 */
#include "sc_internal.h"
#include <string.h>

const char *sc_status_name(enum sc_status status)
{
    static const char *const names[] = {
        [SC_OK] = "OK",
        [SC_QUEUED] = "QUEUED",
        [SC_NOT_FOUND] = "NOT_FOUND",
        [SC_TOO_MANY] = "TOO_MANY",
        [SC_STALE] = "STALE",
        [SC_UNIQUE] = "UNIQUE",
        [SC_FOREIGN_KEY] = "FOREIGN_KEY",
        [SC_CHECK] = "CHECK",
        [SC_NOT_NULL] = "NOT_NULL",
        [SC_EXCLUSION] = "EXCLUSION",
        [SC_BAD_VALUE] = "BAD_VALUE",
        [SC_SERIALIZATION] = "SERIALIZATION",
        [SC_DEADLOCK] = "DEADLOCK",
        [SC_TIMEOUT] = "TIMEOUT",
        [SC_CANCELLED] = "CANCELLED",
        [SC_BUSY] = "BUSY",
        [SC_CONNECTION] = "CONNECTION",
        [SC_COMMIT_UNKNOWN] = "COMMIT_UNKNOWN",
        [SC_SCHEMA_MISMATCH] = "SCHEMA_MISMATCH",
        [SC_NO_MEMORY] = "NO_MEMORY",
        [SC_MISUSE] = "MISUSE",
        [SC_NOT_RUN] = "NOT_RUN",
        [SC_SERVER] = "SERVER",
    };
    size_t i = (size_t)status;
    return i < sizeof(names) / sizeof(*names) ? names[i] : "?";
}

struct code {
    const char *prefix; /* of a SQLSTATE: all five characters, or its class */
    enum sc_status status;
};

/* The first that fits counts. */
static const struct code codes[] = {
    { "23505", SC_UNIQUE },        { "23503", SC_FOREIGN_KEY },
    { "23001", SC_FOREIGN_KEY },                          /* restrict_violation */
    { "23514", SC_CHECK },         { "44000", SC_CHECK }, /* with check option */
    { "23502", SC_NOT_NULL },      { "23P01", SC_EXCLUSION },
    { "22", SC_BAD_VALUE }, /* data exceptions */
    { "40001", SC_SERIALIZATION }, { "40P01", SC_DEADLOCK },
    { "55P03", SC_BUSY }, /* lock_not_available */
    { "55006", SC_BUSY }, /* object_in_use */
    { "53300", SC_BUSY }, /* too_many_connections */
    { "57014", SC_CANCELLED },     { "08", SC_CONNECTION },
    { "57P", SC_CONNECTION },   /* shutdown, crash, not yet up, idle session timeout */
    { "25P03", SC_CONNECTION }, /* idle in transaction for too long: it hung up */
    { "25P04", SC_CONNECTION }, /* in a transaction for too long (17): it hung up */
    { "28", SC_CONNECTION },    /* authorization at the start of a session */
    { "25P02", SC_NOT_RUN },    /* the transaction has failed before */
};

/* What a statement that was generated for another schema meets. */
static const struct code schema_codes[] = {
    { "42703", SC_SCHEMA_MISMATCH }, /* undefined column */
    { "42P01", SC_SCHEMA_MISMATCH }, /* table */
    { "42883", SC_SCHEMA_MISMATCH }, /* function */
    { "42704", SC_SCHEMA_MISMATCH }, /* type or other object */
    { "3F000", SC_SCHEMA_MISMATCH }, /* schema */
    { "42804", SC_SCHEMA_MISMATCH }, /* datatype mismatch */
    { "42846", SC_SCHEMA_MISMATCH }, /* cannot coerce */
    { "42P10", SC_SCHEMA_MISMATCH }, /* on conflict without a matching key */
    { "428C9", SC_SCHEMA_MISMATCH }, /* a generated column is written */
};

static enum sc_status look_up(const struct code *table, size_t count,
                              const char *sqlstate)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(sqlstate, table[i].prefix, strlen(table[i].prefix)) == 0)
            return table[i].status;
    return SC_SERVER;
}

enum sc_status sc__status_of(const char *sqlstate, const char *message, bool own_sql)
{
    if (!*sqlstate) { /* libpq says so, not the server */
        if (strncmp(message, "out of memory", 13) == 0 ||
            strncmp(message, "cannot allocate memory", 22) == 0)
            return SC_NO_MEMORY;
        return SC_CONNECTION;
    }
    /* Both are 57014, the library cancels nothing, and other languages have other words:
     * cancelled.c looks closer. */
    if (strcmp(sqlstate, "57014") == 0 && !strstr(message, "user request"))
        return SC_TIMEOUT;
    enum sc_status status = look_up(codes, sizeof(codes) / sizeof(*codes), sqlstate);
    if (status == SC_SERVER && !own_sql)
        status = look_up(schema_codes, sizeof(schema_codes) / sizeof(*schema_codes),
                         sqlstate);
    return status;
}
