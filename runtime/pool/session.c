/* session.c: which SQL leaves a session changed. It must not parse SQL: where it errs, it
 * errs towards "changed", which costs a round trip. */
#include "session.h"
#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Tags of commands that leave nothing behind, but by a function that they call. Source:
 * PostgreSQL 15, src/include/tcop/cmdtaglist.h. A prefix stands for all that begin so. */
static const char *const harmless[] = {
    "SELECT",   "INSERT",    "UPDATE",     "DELETE",          "MERGE",   "SHOW",
    "EXPLAIN",  "BEGIN",     "START",      "COMMIT",          "END",     "ABORT",
    "ROLLBACK", "SAVEPOINT", "RELEASE",    "ALTER",           "DROP",    "TRUNCATE",
    "GRANT",    "REVOKE",    "COMMENT",    "NOTIFY",          "FETCH",   "MOVE",
    "CLOSE",    "ANALYZE",   "VACUUM",     "REINDEX",         "CLUSTER", "REFRESH",
    "LOCK",     "COPY",      "CHECKPOINT", "SET CONSTRAINTS", "VALUES",  "TABLE",
    "WITH",
};

static bool begins(const char *text, const char *word)
{
    size_t length = strlen(word);
    return strncasecmp(text, word, length) == 0 &&
           !isalnum((unsigned char)text[length]) && text[length] != '_';
}

static bool is_harmless(const char *command)
{
    for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
        if (begins(command, harmless[i]))
            return true;
    return false;
}

static const char *skip_spaces(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

/* "set local" and "set transaction", which end with the transaction; the tag is SET. */
static bool is_set_local(const char *sql)
{
    sql = skip_spaces(sql);
    if (!begins(sql, "set"))
        return false;
    sql = skip_spaces(sql + 3);
    return begins(sql, "local") || begins(sql, "transaction");
}

static const char *find_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    while (*text && strncasecmp(text, word, length) != 0)
        text++;
    return *text ? text + length : NULL;
}

/* Whether the arguments of the call that begins here end with "true": is_local. */
static bool ends_local(const char *call)
{
    int depth = 0;
    const char *end = call;
    for (; *end; end++) {
        depth += (*end == '(') - (*end == ')');
        if (*end == ')' && depth == 0)
            break;
    }
    while (end > call && isspace((unsigned char)end[-1]))
        end--;
    if (end - call < 4 || strncasecmp(end - 4, "true", 4) != 0)
        return false;
    for (end -= 4; end > call && isspace((unsigned char)end[-1]); end--)
        continue;
    return end > call && end[-1] == ',';
}

bool sc__session_text_changes(const char *sql)
{
    if (find_word(sql, "pg_advisory_lock") || find_word(sql, "pg_try_advisory_lock"))
        return true;
    while ((sql = find_word(sql, "set_config")) != NULL)
        if (!ends_local(sql))
            return true;
    return false;
}

bool sc__session_changes(const char *sql, const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    const char *command = skip_spaces(sql);
    if (status == PGRES_EMPTY_QUERY)
        return false;
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        command = PQcmdStatus((PGresult *)result);
    if (status == PGRES_COMMAND_OK && begins(command, "SELECT"))
        return true; /* create table as, maybe a temporary one */
    if (!is_harmless(command) && !is_set_local(sql))
        return true;
    return sc__session_text_changes(sql);
}
