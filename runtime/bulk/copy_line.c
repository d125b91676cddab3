/* copy_line.c: which row of a COPY the server refused. It must not know of connections.
 *
 * Nothing but the error's context tells it, in the server's language. What it has in any of
 * them: it is the last line, for COPY is the outermost; the table's name stands in it
 * as it is, near its front; the line's number is the first one behind that. So a name may
 * hold anything, and a context that is not COPY's (a deferred trigger's) tells nothing.
 * Source: PostgreSQL 15, src/backend/commands/copyfrom.c, CopyFromErrorCallback, and the
 * translations in src/backend/po.
 */
#include "load.h"
#include <stdlib.h>
#include <string.h>

/* What stands before and behind the name. Of twelve translations ten have the first. */
static const char *const forms[][2] = {
    { "COPY ", ", " },
    { "", "\343\201\256COPY\343\200\201" }, /* Japanese */
    { "", " \353\263\265\354\202\254, " },  /* Korean */
};

enum { NAME = 256 }; /* four times what PostgreSQL takes */

/* The last part of auth."Users", without its quotes. False: it is longer than a name. */
static bool read_name(const char *sql, char name[NAME])
{
    size_t n = 0;
    for (bool quoted = false; *sql; sql++) {
        if (*sql == '"' && !(quoted && sql[1] == '"')) {
            quoted = !quoted;
        } else if (*sql == '.' && !quoted) {
            n = 0;
        } else {
            sql += *sql == '"'; /* one of two */
            if (n == NAME - 1)
                return false;
            name[n++] = *sql;
        }
    }
    name[n] = 0;
    return n > 0;
}

static const char *skip(const char *text, const char *what)
{
    size_t size = strlen(what);
    return text && strncmp(text, what, size) == 0 ? text + size : NULL;
}

static const char *last_line(const char *text)
{
    const char *newline = strrchr(text, '\n');
    return newline ? newline + 1 : text;
}

int64_t sc__copy_line(const char *context, const char *name)
{
    char table[NAME];
    if (!context || !read_name(name, table))
        return 0;
    const char *line = last_line(context);
    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        const char *at = skip(skip(skip(line, forms[i][0]), table), forms[i][1]);
        if (at)
            at += strcspn(at, "0123456789");
        if (at)
            return strtoll(at, NULL, 10); /* of nothing: 0 */
    }
    return 0;
}
