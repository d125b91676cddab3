/* fail.c: fills errors: what happened, and where in a file. Must not talk to a server. */
#include "runner.h"

#include <stdio.h>
#include <string.h>

const char *sc_trouble_name(enum sc_trouble trouble)
{
    switch (trouble) {
    case SC_TROUBLE_NONE:
        return "none";
    case SC_TROUBLE_FILE:
        return "file";
    case SC_TROUBLE_CHAIN:
        return "chain";
    case SC_TROUBLE_FORKED:
        return "forked";
    case SC_TROUBLE_EDITED:
        return "edited";
    case SC_TROUBLE_MISSING:
        return "missing";
    case SC_TROUBLE_OUT_OF_ORDER:
        return "out of order";
    case SC_TROUBLE_UNKNOWN:
        return "unknown";
    case SC_TROUBLE_DRAFT:
        return "draft";
    case SC_TROUBLE_OTHER_HISTORY:
        return "other history";
    case SC_TROUBLE_NEWER_LAYOUT:
        return "newer layout";
    case SC_TROUBLE_POOLER:
        return "pooler";
    case SC_TROUBLE_LOCKED:
        return "locked";
    case SC_TROUBLE_BLOCKED:
        return "blocked";
    case SC_TROUBLE_UNFINISHED:
        return "unfinished";
    case SC_TROUBLE_CHECK:
        return "check";
    case SC_TROUBLE_STATEMENT:
        return "statement";
    case SC_TROUBLE_SERVER:
        return "server";
    case SC_TROUBLE_LOSSY:
        return "lossy";
    case SC_TROUBLE_IMPOSSIBLE:
        return "impossible";
    case SC_TROUBLE_PROTECTED:
        return "protected";
    case SC_TROUBLE_STOPPED:
        return "stopped";
    }
    return "unknown";
}

/* ---- filling ------------------------------------------------------------------------- */

/* Copies what fits, without half a character at the end. */
static void fill(char *to, size_t size, const char *from)
{
    size_t n = from ? strlen(from) : 0;
    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)from[n] & 0xC0) == 0x80)
            n--;
    }
    if (n)
        memcpy(to, from, n);
    to[n] = '\0';
}

enum sc_status scm_fail(struct sc_migrate_error *err, enum sc_status status,
                        enum sc_trouble trouble, const char *format, ...)
{
    va_list args;
    *err = (struct sc_migrate_error){ .trouble = trouble };
    err->error.status = status;
    va_start(args, format);
    vsnprintf(err->text, sizeof err->text, format, args);
    va_end(args);
    fill(err->error.message, sizeof err->error.message, err->text);
    return status;
}

enum sc_status scm_refuse(struct sc_migrate_error *err, enum sc_trouble trouble,
                          const char *name, const char *why)
{
    scm_fail(err, SC_MISUSE, trouble, "\"%s\": %s", name, why);
    fill(err->migration, sizeof err->migration, name);
    return SC_MISUSE;
}

void scm_hint(struct sc_migrate_error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(err->error.hint, sizeof err->error.hint, format, args);
    va_end(args);
}

enum sc_status scm_no_memory(struct sc_migrate_error *err)
{
    return scm_fail(err, SC_NO_MEMORY, SC_TROUBLE_SERVER, "out of memory");
}

/* ---- the server's answers ------------------------------------------------------------ */

/* SQLSTATEs and classes of PostgreSQL 15, appendix A of its manual. */
static enum sc_status status_of(const char *sqlstate)
{
    static const struct {
        const char *prefix;
        enum sc_status status;
    } KNOWN[] = {
        { "23505", SC_UNIQUE },        { "23503", SC_FOREIGN_KEY },
        { "23514", SC_CHECK },         { "23502", SC_NOT_NULL },
        { "23P01", SC_EXCLUSION },     { "22", SC_BAD_VALUE },
        { "40001", SC_SERIALIZATION }, { "40P01", SC_DEADLOCK },
        { "55P03", SC_TIMEOUT },       { "57014", SC_CANCELLED },
        { "57P", SC_CONNECTION },      { "08", SC_CONNECTION },
        { "25P03", SC_CONNECTION },    { "53300", SC_BUSY },
        { "53200", SC_NO_MEMORY },
    };
    for (size_t i = 0; i < SCM_COUNT(KNOWN); i++) {
        if (strncmp(sqlstate, KNOWN[i].prefix, strlen(KNOWN[i].prefix)) == 0)
            return KNOWN[i].status;
    }
    return SC_SERVER;
}

static enum sc_status fail_connection(struct sc_migrate_error *err, PGconn *pg)
{
    const char *why = PQerrorMessage(pg);
    size_t n = why ? strlen(why) : 0;
    while (n > 0 && why[n - 1] == '\n')
        n--;
    if (PQstatus(pg) == CONNECTION_BAD)
        return scm_fail(err, SC_CONNECTION, SC_TROUBLE_SERVER,
                        "the connection was lost: %.*s", (int)n, why);
    return n ? scm_fail(err, SC_SERVER, SC_TROUBLE_SERVER, "%.*s", (int)n, why)
             : scm_no_memory(err);
}

enum sc_status scm_fail_result(struct sc_migrate_error *err, PGconn *pg,
                               const PGresult *result, enum sc_trouble trouble)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!state || !message)
        return fail_connection(err, pg);
    enum sc_status status = status_of(state);
    if (status == SC_CONNECTION)
        trouble = SC_TROUBLE_SERVER;
    scm_fail(err, status, trouble, "%s", message);
    struct sc_error *error = &err->error;
    fill(error->sqlstate, sizeof error->sqlstate, state);
    fill(error->detail, sizeof error->detail,
         PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
    fill(error->hint, sizeof error->hint,
         PQresultErrorField(result, PG_DIAG_MESSAGE_HINT));
    fill(error->schema, sizeof error->schema,
         PQresultErrorField(result, PG_DIAG_SCHEMA_NAME));
    fill(error->table, sizeof error->table,
         PQresultErrorField(result, PG_DIAG_TABLE_NAME));
    fill(error->column, sizeof error->column,
         PQresultErrorField(result, PG_DIAG_COLUMN_NAME));
    fill(error->constraint_name, sizeof error->constraint_name,
         PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME));
    return status;
}

bool scm_may_retry(const struct sc_migrate_error *err)
{
    const char *state = err->error.sqlstate;
    return strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0 ||
           strcmp(state, "40001") == 0;
}

/* ---- places -------------------------------------------------------------------------- */

/* Cuts the line so that the place stays inside the excerpt. */
static void put_excerpt(struct sc_migrate_error *err, const char *line, size_t size,
                        size_t at)
{
    const size_t room = sizeof err->excerpt - 1;
    size_t from = size > room && at > room / 2 ? at - room / 2 : 0;
    while (from > 0 && ((unsigned char)line[from] & 0xC0) == 0x80)
        from--;
    size_t n = size - from < room ? size - from : room;
    while (n > 0 && n < size - from && ((unsigned char)line[from + n] & 0xC0) == 0x80)
        n--;
    memcpy(err->excerpt, line + from, n);
    err->excerpt[n] = '\0';
    err->caret = 0;
    for (size_t i = from; i < at && i < from + n; i++) {
        if (((unsigned char)line[i] & 0xC0) != 0x80)
            err->caret++;
        if (err->excerpt[i - from] == '\t')
            err->excerpt[i - from] = ' ';
    }
}

void scm_place(struct sc_migrate_error *err, const struct scm_script *script, size_t at)
{
    if (at > script->size)
        at = script->size;
    size_t line = 0, column = 0, from = at, to = at;
    sc__sql_place(script->text, at, &line, &column);
    while (from > 0 && script->text[from - 1] != '\n')
        from--;
    while (to < script->size && script->text[to] != '\n' && script->text[to] != '\r')
        to++;
    fill(err->file, sizeof err->file, script->path);
    err->line = (int)line;
    err->column = (int)column;
    put_excerpt(err, script->text + from, to - from, at - from);
}
