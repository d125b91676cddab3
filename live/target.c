/* target.c: reads a URL as libpq will. Must not connect, nor show a password. */
#include "target.h"

#include <libpq-fe.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (; options != NULL && options->keyword != NULL; options++) {
        if (strcmp(options->keyword, keyword) == 0 && options->val != NULL &&
            options->val[0] != '\0') {
            return options->val;
        }
    }
    return NULL;
}

/* What the URL says; else what the environment and the service file say. */
static const char *option(const PQconninfoOption *given, const PQconninfoOption *rest,
                          const char *keyword)
{
    const char *value = value_of(given, keyword);
    return value != NULL ? value : value_of(rest, keyword);
}

/* libpq takes the system's name for the user, not the variable USER. */
static const char *system_user(void)
{
    const struct passwd *user = getpwuid(geteuid());
    return user != NULL ? user->pw_name : "";
}

/* The part of a comma-separated list; a single port goes for every host. */
static struct str part(const char *list, size_t wanted)
{
    for (size_t i = 0; list != NULL; i++) {
        size_t n = strcspn(list, ",");
        if (i == wanted || (list[n] == '\0' && i == 0)) {
            return (struct str){ list, n };
        }
        if (list[n] == '\0') {
            break;
        }
        list += n + 1;
    }
    return (struct str){ 0 };
}

static void put_hosts(struct buf *out, const char *hosts, const char *ports)
{
    for (size_t i = 0;; i++) {
        size_t n = strcspn(hosts, ",");
        struct str port = part(ports, i);
        buf_printf(out, "%s%.*s", i > 0 ? "," : "", (int)n, hosts);
        if (port.n > 0 && !str_eq_c(port, "5432")) {
            buf_printf(out, ":%.*s", STR_ARGS(port));
        }
        if (hosts[n] == '\0') {
            return;
        }
        hosts += n + 1;
    }
}

static void take(struct arena *arena, const PQconninfoOption *given,
                 const PQconninfoOption *rest, struct target *target)
{
    struct buf host = { 0 };
    const char *hosts = option(given, rest, "host");
    if (hosts == NULL) {
        hosts = option(given, rest, "hostaddr");
    }
    put_hosts(&host, hosts != NULL ? hosts : "the local socket",
              option(given, rest, "port"));
    const char *user = option(given, rest, "user");
    const char *database = option(given, rest, "dbname");
    target->host = arena_printf(arena, "%s", host.s);
    target->user = arena_printf(arena, "%s", user != NULL ? user : system_user());
    target->database = database != NULL ? arena_printf(arena, "%s", database)
                                        : target->user;
    buf_release(&host);
}

/* libpq quotes what it cannot read, which may be the password: its words end where more
 * than a sign is quoted. */
static size_t harmless(const char *message)
{
    size_t n = 0;
    while (message[n] != '\0' && message[n] != '\n') {
        if (message[n] == '"' && (message[n + 1] == '\0' || message[n + 2] != '"')) {
            break;
        }
        n += message[n] == '"' ? 3 : 1;
    }
    return n;
}

/* *given: NULL when there is no URL; freed by the caller. */
static const char *parse(struct arena *arena, const char *url, PQconninfoOption **given)
{
    const char *set = getenv("DATABASE_URL");
    if (url == NULL && set != NULL && set[0] != '\0') {
        url = set;
    }
    char *message = NULL;
    *given = url != NULL ? PQconninfoParse(url, &message) : NULL;
    if (url == NULL || *given != NULL) {
        return NULL;
    }
    size_t n = message != NULL ? harmless(message) : 0;
    const char *error = arena_printf(arena,
                                     "the database's URL cannot be read: %.*s...",
                                     (int)n, n > 0 ? message : "");
    PQfreemem(message);
    return error;
}

const char *target_export(struct arena *arena, const char *url)
{
    PQconninfoOption *given;
    const char *error = parse(arena, url, &given);
    for (const PQconninfoOption *o = given; o != NULL && o->keyword != NULL; o++) {
        if (o->envvar != NULL && o->val != NULL) {
            (void)setenv(o->envvar, o->val, 1);
        }
    }
    PQconninfoFree(given);
    return error;
}

const char *target_find(struct arena *arena, const char *url, struct target *target)
{
    PQconninfoOption *given;
    const char *error = parse(arena, url, &given);
    if (error != NULL) {
        return error;
    }
    PQconninfoOption *rest = PQconndefaults();
    take(arena, given, rest, target);
    PQconninfoFree(given);
    PQconninfoFree(rest);
    return NULL;
}
