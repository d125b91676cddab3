/* route.c: reads a connection string by way of libpq. It must not quote it (it may hold a
 * password), nor connect. */
#include "runtime/sc_internal.h"
#include "route.h"
#include <stdlib.h>
#include <string.h>

/* libpq's own message quotes what it could not read. */
static enum sc_status check_url(const char *url, struct sc_error *err)
{
    char *message = NULL;
    PQconninfoOption *options = PQconninfoParse(url, &message);
    bool no_memory = !options && (!message || strstr(message, "out of memory"));
    PQconninfoFree(options);
    PQfreemem(message);
    if (no_memory)
        return sc__fail_memory(err, NULL);
    if (options)
        return SC_OK;
    return sc__fail(err, NULL, SC_CONNECTION,
                    "the connection string is neither a URI nor key=value text");
}

/* libpq puts all options together (service files, the environment, defaults) only on the
 * way to a connection, and PQconninfo tells them even of one that failed. So one is made
 * that fails, before any name is looked up, over a value that no libpq takes. */
static const char bad_option[] = "channel_binding";

static PGconn *fail_on_purpose(const char *dbname, const char *host, const char *port)
{
    const char *const keywords[] = { "dbname",   "client_encoding",
                                     bad_option, host ? "host" : NULL,
                                     "port",     NULL };
    const char *const values[] = { dbname, "UTF8", "?", host, port, NULL };
    return PQconnectStartParams(keywords, values, 1);
}

static enum sc_status probe(const char *url, PGconn **pg, struct sc_error *err)
{
    *pg = fail_on_purpose(url, NULL, NULL);
    if (!*pg)
        return sc__fail_memory(err, NULL);
    if (PQstatus(*pg) == CONNECTION_BAD && strstr(PQerrorMessage(*pg), bad_option))
        return SC_OK;
    enum sc_status status = sc__fail_conn(err, NULL, *pg);
    PQfinish(*pg);
    return status;
}

static const char *value_of(const PQconninfoOption *options, const char *keyword)
{
    for (const PQconninfoOption *o = options; o->keyword; o++)
        if (strcmp(o->keyword, keyword) == 0)
            return o->val && *o->val ? o->val : NULL;
    return NULL;
}

static size_t count_elements(const char *list)
{
    size_t count = list ? 1 : 0;
    for (; list && *list; list++)
        count += *list == ',';
    return count;
}

/* ---- lists ---------------------------------------------------------------------------- */

/* Cuts the next element off a list; NULL where it is empty. A list of one stands for all. */
static const char *cut(char **list, bool only)
{
    char *element = *list;
    if (!element)
        return NULL;
    if (!only) {
        char *comma = strchr(element, ',');
        *list = comma ? comma + 1 : element + strlen(element);
        if (comma)
            *comma = 0;
    }
    return *element ? element : NULL;
}

/* What an empty element of a list stands for, which cannot be said by leaving it out: the
 * environment would be asked then. */
static bool fill_blanks(struct sc__route *route)
{
    bool blank = false;
    for (size_t i = 0; i < route->count; i++)
        blank |= (!route->hosts[i].name && !route->hosts[i].address) ||
                 !route->hosts[i].port;
    if (!blank || route->count == 1)
        return true;
    PGconn *pg = fail_on_purpose("", ",", ",");
    const char *host = PQhost(pg), *port = PQport(pg);
    size_t size = host ? strlen(host) + 1 : 0;
    size_t port_size = port ? strlen(port) + 1 : 0;
    char *texts = malloc(size + port_size + 1);
    if (texts && size)
        memcpy(texts, host, size);
    if (texts && port_size)
        memcpy(texts + size, port, port_size);
    PQfinish(pg);
    if (!texts)
        return false;
    for (size_t i = 0; i < route->count; i++) {
        struct sc__host *at = &route->hosts[i];
        if (!at->name && !at->address && size > 1)
            at->name = texts;
        if (!at->port)
            at->port = port_size > 1 ? texts + size : "5432";
    }
    route->defaults = texts;
    return true;
}

static char *copy(char **to, const char *text)
{
    if (!text)
        return NULL;
    char *at = *to;
    size_t size = strlen(text) + 1;
    memcpy(at, text, size);
    *to += size;
    return at;
}

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 0;
}

static bool read_hosts(const PQconninfoOption *options, struct sc__route *route)
{
    const char *host = value_of(options, "host"),
               *hostaddr = value_of(options, "hostaddr"),
               *port = value_of(options, "port");
    route->count = count_elements(hostaddr ? hostaddr : host);
    if (!route->count)
        route->count = 1;
    route->hosts = calloc(route->count, sizeof(*route->hosts));
    route->texts = malloc(size_of(host) + size_of(hostaddr) + size_of(port) + 1);
    if (!route->hosts || !route->texts)
        return false;
    char *to = route->texts;
    char *hosts = copy(&to, host), *addresses = copy(&to, hostaddr),
         *ports = copy(&to, port);
    bool one_port = count_elements(port) == 1;
    for (size_t i = 0; i < route->count; i++)
        route->hosts[i] = (struct sc__host){ .name = cut(&hosts, false),
                                             .address = cut(&addresses, false),
                                             .port = cut(&ports, one_port) };
    return fill_blanks(route);
}

static int timeout_of(const PQconninfoOption *options)
{
    enum { LEAST = 2 }; /* seconds; PostgreSQL 15, src/interfaces/libpq/fe-connect.c */
    const char *text = value_of(options, "connect_timeout");
    long seconds = text ? strtol(text, NULL, 10) : 0;
    if (seconds <= 0)
        return 0;
    if (seconds > INT32_MAX / 1000)
        return INT32_MAX / 1000;
    return seconds < LEAST ? LEAST : (int)seconds;
}

static bool is_value(const PQconninfoOption *options, const char *keyword,
                     const char *value)
{
    const char *found = value_of(options, keyword);
    return found && strcmp(found, value) == 0;
}

enum sc_status sc__route_read(const char *url, struct sc__route *route,
                              struct sc_error *err)
{
    *route = (struct sc__route){ 0 };
    PGconn *pg;
    enum sc_status status = check_url(url, err);
    if (status == SC_OK)
        status = probe(url, &pg, err);
    if (status != SC_OK)
        return status;
    PQconninfoOption *options = PQconninfo(pg);
    PQfinish(pg);
    bool read = options && read_hosts(options, route);
    if (read) {
        route->timeout_s = timeout_of(options);
        route->prefers_standby = is_value(options, "target_session_attrs",
                                          "prefer-standby");
        route->shuffled = is_value(options, "load_balance_hosts", "random");
    }
    PQconninfoFree(options);
    if (read)
        return SC_OK;
    sc__route_release(route);
    return sc__fail_memory(err, NULL);
}

void sc__route_release(struct sc__route *route)
{
    free(route->hosts);
    free(route->texts);
    free(route->defaults);
    *route = (struct sc__route){ 0 };
}
