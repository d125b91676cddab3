/* error.c: struct sc_error out of what went wrong. It must not keep a byte of a secret. */
#include "sc_internal.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sc__error_text(char *member, size_t size, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    while (length && text[length - 1] == '\n') /* libpq ends its texts so */
        length--;
    if (length >= size) {
        length = size - 1;
        while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--;
    }
    if (length)
        memcpy(member, text, length);
    member[length] = 0;
}

void sc__error_start(struct sc_error *err, const char *label, enum sc_status status)
{
    memset(err, 0, sizeof(*err));
    err->status = status;
    SC__ERROR_SET(err, query, label);
}

enum sc_status sc__fail(struct sc_error *err, const char *label, enum sc_status status,
                        const char *format, ...)
{
    if (!err)
        return status;
    sc__error_start(err, label, status);
    char text[2 * sizeof(err->message)];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    SC__ERROR_SET(err, message, text);
    return status;
}

enum sc_status sc__fail_memory(struct sc_error *err, const char *label)
{
    return sc__fail(err, label, SC_NO_MEMORY, "out of memory");
}

enum sc_status sc__fail_column(struct sc_error *err, const char *label,
                               const char *column, const struct sc__fault *fault)
{
    sc__fail(err, label, fault->status, "column \"%s\" %s", column, fault->text);
    if (err)
        SC__ERROR_SET(err, column, column);
    return fault->status;
}

int sc__constraint_id(const char *schema, const char *table, const char *constraint)
{
    const char *parts[] = { schema, ".", table, ".", constraint };
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        for (const char *p = parts[i]; *p; p++)
            hash = (hash ^ (unsigned char)*p) * 0x01000193u;
    hash &= 0x7fffffffu;
    return hash ? (int)hash : 1;
}

/* What can be said without the server's own words. */
static void describe_secretly(struct sc_error *err)
{
    const char *what = "the server refused the statement";
    switch (err->status) {
    case SC_UNIQUE:
        what = "duplicate key value violates unique constraint";
        break;
    case SC_FOREIGN_KEY:
        what = "the row violates foreign key constraint";
        break;
    case SC_CHECK:
        what = "the row violates check constraint";
        break;
    case SC_EXCLUSION:
        what = "the row violates exclusion constraint";
        break;
    case SC_NOT_NULL:
        what = "null value violates not-null constraint";
        break;
    case SC_BAD_VALUE:
        what = "the server refused a value";
        break;
    case SC_OK:
    case SC_QUEUED:
    case SC_NOT_FOUND:
    case SC_TOO_MANY:
    case SC_STALE:
    case SC_SERIALIZATION:
    case SC_DEADLOCK:
    case SC_TIMEOUT:
    case SC_CANCELLED:
    case SC_BUSY:
    case SC_CONNECTION:
    case SC_COMMIT_UNKNOWN:
    case SC_SCHEMA_MISMATCH:
    case SC_NO_MEMORY:
    case SC_MISUSE:
    case SC_NOT_RUN:
    case SC_SERVER:
        break;
    }
    char text[sizeof(err->message)];
    if (err->constraint_name[0])
        snprintf(text, sizeof(text), "%s \"%s\"", what, err->constraint_name);
    else
        snprintf(text, sizeof(text), "%s (SQLSTATE %s; its words are withheld)", what,
                 err->sqlstate);
    SC__ERROR_SET(err, message, text);
}

static const char *field(const PGresult *result, int code)
{
    const char *text = PQresultErrorField(result, code);
    return text ? text : "";
}

/* Two rows of one INSERT .. ON CONFLICT DO UPDATE have the same key. Source: PostgreSQL 15,
 * src/backend/executor/nodeModifyTable.c. */
static bool is_double(const PGresult *result, const char *sqlstate)
{
    return strcmp(sqlstate, "21000") == 0 &&
           strcmp(field(result, PG_DIAG_SOURCE_FUNCTION), "ExecOnConflictUpdate") == 0;
}

enum sc_status sc__fail_result(struct sc_error *err, const struct sc__blame *blame,
                               const PGresult *result)
{
    const char *sqlstate = field(result, PG_DIAG_SQLSTATE);
    const char *message = field(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!*message) /* libpq's own: "server closed the connection", "out of memory" */
        message = PQresultErrorMessage(result);
    enum sc_status status = sc__status_of(sqlstate, message, blame->own_sql);
    if (is_double(result, sqlstate))
        status = SC_UNIQUE;
    if (!err)
        return status;
    sc__error_start(err, blame->label, status);
    SC__ERROR_SET(err, sqlstate, sqlstate);
    SC__ERROR_SET(err, schema, field(result, PG_DIAG_SCHEMA_NAME));
    SC__ERROR_SET(err, table, field(result, PG_DIAG_TABLE_NAME));
    SC__ERROR_SET(err, column, field(result, PG_DIAG_COLUMN_NAME));
    SC__ERROR_SET(err, constraint_name, field(result, PG_DIAG_CONSTRAINT_NAME));
    if (err->constraint_name[0])
        err->constraint = sc__constraint_id(field(result, PG_DIAG_SCHEMA_NAME),
                                            field(result, PG_DIAG_TABLE_NAME),
                                            field(result, PG_DIAG_CONSTRAINT_NAME));
    if (blame->secret && *sqlstate) {
        describe_secretly(err);
        return status;
    }
    SC__ERROR_SET(err, message, message);
    SC__ERROR_SET(err, detail, field(result, PG_DIAG_MESSAGE_DETAIL));
    SC__ERROR_SET(err, hint, field(result, PG_DIAG_MESSAGE_HINT));
    return status;
}

enum sc_status sc__fail_conn(struct sc_error *err, const char *label,
                             const PGconn *conn)
{
    const char *message = PQerrorMessage(conn);
    enum sc_status status = sc__status_of("", message, false);
    return sc__fail(err, label, status, "%s",
                    *message ? message : "the connection to the server was lost");
}
