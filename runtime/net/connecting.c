/* connecting.c: the machine that connects. It must not wait, nor look up a name. */
#include "runtime/sc_internal.h"
#include "connecting.h"
#include "lookup.h"
#include "route.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct target {
    const struct sc__host *host;
    bool silent; /* it did not answer, and is not asked a second time */
    char
        address[80]; /* an IPv6 one with its scope; "": a path, or libpq's own choice */
};

enum phase { CHOOSING, LOOKING, TRYING, OVER };

struct sc__connecting {
    struct sc__connecting_options options;
    struct sc__route route;
    enum phase phase;
    enum sc__connecting_state state;
    size_t next_host;
    struct sc__lookup *lookup;
    struct target *targets; /* of the hosts before next_host */
    size_t ntargets;
    size_t room;
    size_t next_target;
    bool second; /* round, where anybody will do */
    PGconn *pg;
    PostgresPollingStatusType wants;
    int64_t until;  /* of the address, or of the look-up; INT64_MAX: none */
    unsigned forks; /* sc__forks of the process that began it */
    struct sc_error error;
};

/* ---- failures --------------------------------------------------------------------------- */

/* libpq keeps the SQLSTATE of a refusal to itself, but writes it in verbose messages:
 * "FATAL:  53300: too many ...". Gives where the last one stands, or NULL. */
static const char *find_sqlstate(const char *message)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *found = NULL;
    while ((message = strstr(message, ":  ")) != NULL) {
        message += 3;
        if (strspn(message, digits) == 5 && strncmp(message + 5, ": ", 2) == 0)
            found = message;
    }
    return found;
}

static void explain(const PGconn *pg, struct sc_error *err)
{
    const char *message = PQerrorMessage(pg), *sqlstate = find_sqlstate(message);
    if (!sqlstate) {
        sc__fail_conn(err, NULL, pg);
        return;
    }
    enum sc_status status = SC_CONNECTION;
    if (sc__status_of(sqlstate, "", true) == SC_BUSY)
        status = SC_BUSY;
    /* Without the code, and the line behind it that tells of the server's source. */
    const char *words = sqlstate + 7, *end = strchr(words, '\n');
    sc__fail(err, NULL, status, "%.*s%.*s", (int)(sqlstate - message), message,
             (int)(end ? end - words : (long)strlen(words)), words);
    snprintf(err->sqlstate, sizeof(err->sqlstate), "%.5s", sqlstate);
}

/* All attempts' messages are kept; of statuses the last one, but that a server's word counts
 * for more than silence. */
static void note(struct sc__connecting *c, const struct sc_error *err)
{
    char all[2 * sizeof(err->message)];
    bool first = c->error.status == SC_OK;
    snprintf(all, sizeof(all), "%s%s%s", first ? "" : c->error.message,
             first ? "" : "\n", err->message);
    if (first || err->sqlstate[0] || !c->error.sqlstate[0])
        c->error = *err;
    SC__ERROR_SET(&c->error, message, all);
}

static void end(struct sc__connecting *c, enum sc__connecting_state state)
{
    c->phase = OVER;
    c->state = state;
    c->until = INT64_MAX;
}

static void starve(struct sc__connecting *c)
{
    sc__fail_memory(&c->error, NULL);
    end(c, SC__CONNECTING_FAILED);
}

/* Whether another address may do better. 57P: a server that starts, stops or crashes. */
static bool goes_on(const struct sc_error *err)
{
    return !err->sqlstate[0] || err->status == SC_BUSY ||
           strncmp(err->sqlstate, "57P", 3) == 0;
}

static void give_up(struct sc__connecting *c, const struct sc_error *err)
{
    PQfinish(c->pg);
    c->pg = NULL;
    if (err->status == SC_NO_MEMORY) {
        starve(c);
        return;
    }
    note(c, err);
    if (goes_on(err))
        c->phase = CHOOSING;
    else
        end(c, SC__CONNECTING_FAILED);
}

static void fail_late(struct sc__connecting *c, const char *what, const char *name)
{
    struct sc_error err;
    if (c->route.count == 1 && c->ntargets <= 1)
        name = NULL;
    sc__fail(&err, NULL, SC_TIMEOUT, "%s%s%s did not answer in time", what,
             name ? " at " : "", name ? name : "");
    give_up(c, &err);
}

/* ---- addresses --------------------------------------------------------------------------- */

static bool add_target(struct sc__connecting *c, const struct sc__host *host,
                       const char *address)
{
    if (c->ntargets == c->room) {
        size_t room = c->room ? c->room * 2 : 4;
        struct target *targets = realloc(c->targets, room * sizeof(*targets));
        if (!targets)
            return false;
        c->targets = targets;
        c->room = room;
    }
    struct target *made = &c->targets[c->ntargets];
    *made = (struct target){ .host = host };
    if (address && strlen(address) < sizeof(made->address))
        memcpy(made->address, address, strlen(address) + 1);
    c->ntargets++;
    return true;
}

static bool add_found(void *arg, const char *address)
{
    struct sc__connecting *c = arg;
    return add_target(c, &c->route.hosts[c->next_host - 1], address);
}

/* A place among [from, to) by chance, which nobody has to be unable to foresee. */
static size_t pick(size_t from, size_t to)
{
    struct sc_uuid dice = { { 0 } };
    uint32_t number;
    (void)sc_uuid_random(&dice); /* without it: an order like any other */
    memcpy(&number, &dice, sizeof(number));
    return from + number % (to - from);
}

static void shuffle_hosts(struct sc__route *route)
{
    for (size_t i = 0; i + 1 < route->count; i++) {
        size_t other = pick(i, route->count);
        struct sc__host kept = route->hosts[i];
        route->hosts[i] = route->hosts[other];
        route->hosts[other] = kept;
    }
}

static void shuffle_targets(struct sc__connecting *c, size_t from)
{
    for (size_t i = from; i + 1 < c->ntargets; i++) {
        size_t other = pick(i, c->ntargets);
        struct target kept = c->targets[i];
        c->targets[i] = c->targets[other];
        c->targets[other] = kept;
    }
}

static int64_t deadline_of(const struct sc__connecting *c)
{
    int64_t patience = c->route.timeout_s ? c->route.timeout_s * (int64_t)1000000000
                                          : c->options.timeout_ms * (int64_t)1000000;
    int64_t until = patience ? sc__clock() + patience : INT64_MAX;
    return c->options.until && c->options.until < until ? c->options.until : until;
}

static void look_up(struct sc__connecting *c, const struct sc__host *host)
{
    c->lookup = sc__lookup_new(host->name);
    if (!c->lookup) {
        starve(c);
        return;
    }
    c->phase = LOOKING;
    c->until = deadline_of(c);
}

/* The next host's addresses become targets, or are asked for. */
static void reach_host(struct sc__connecting *c)
{
    const struct sc__host *host = &c->route.hosts[c->next_host++];
    const char *name = host->name;
    bool known = host->address || !name || *name == '/' || *name == '@' ||
                 sc__is_address(name);
    if (!known)
        look_up(c, host);
    else if (!add_target(c, host,
                         host->address                  ? host->address
                         : name && sc__is_address(name) ? name
                                                        : NULL))
        starve(c);
}

static void step_looking(struct sc__connecting *c)
{
    const char *name = c->route.hosts[c->next_host - 1].name;
    bool done = sc__lookup_done(c->lookup);
    if (!done && sc__clock() < c->until)
        return;
    size_t before = c->ntargets;
    const char *why = done ? sc__lookup_each(c->lookup, add_found, c) : NULL;
    bool starved = done && sc__lookup_starved(c->lookup);
    sc__lookup_free(c->lookup);
    c->lookup = NULL;
    c->phase = CHOOSING;
    struct sc_error err;
    if (!done) {
        fail_late(c, "the look-up of the host", name);
    } else if (starved || (!why && c->ntargets == before)) {
        starve(c);
    } else if (why) {
        sc__fail(&err, NULL, SC_CONNECTION, "host \"%s\" has no address: %s", name,
                 why);
        give_up(c, &err);
    }
    if (c->route.shuffled)
        shuffle_targets(c, before);
}

/* ---- attempts --------------------------------------------------------------------------- */

static PGconn *start(const struct sc__connecting *c, const struct target *target)
{
    enum { MOST = 7 };
    const char *keywords[MOST], *values[MOST];
    const char *attrs = NULL;
    if (c->route.prefers_standby)
        attrs = c->second ? "any" : "standby";
    const struct sc__host *host = target->host;
    const char *address = target->address[0] ? target->address : NULL;
    /* What stands after dbname overrides what its text says. */
    const char *const all[][2] = { { "dbname", c->options.url },
                                   { "client_encoding", "UTF8" },
                                   { "host", host->name ? host->name : address },
                                   { "hostaddr", address },
                                   { "port", host->port },
                                   { "target_session_attrs", attrs } };
    size_t n = 0;
    for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
        if (all[i][1]) {
            keywords[n] = all[i][0];
            values[n++] = all[i][1];
        }
    keywords[n] = values[n] = NULL;
    return PQconnectStartParams(keywords, values, 1);
}

static void try(struct sc__connecting *c, const struct target *target)
{
    struct sc_error err;
    c->pg = start(c, target);
    if (!c->pg) {
        starve(c);
        return;
    }
    PQsetNoticeReceiver(c->pg, c->options.notices, c->options.notices_arg);
    PQsetErrorVerbosity(c->pg, PQERRORS_VERBOSE);
    if (PQstatus(c->pg) == CONNECTION_BAD) {
        explain(c->pg, &err);
        give_up(c, &err);
        return;
    }
    c->phase = TRYING;
    c->wants = PGRES_POLLING_WRITING;
    c->until = deadline_of(c);
}

static bool has_answered(const struct sc__connecting *c)
{
    for (size_t i = 0; i < c->ntargets; i++)
        if (!c->targets[i].silent)
            return true;
    return false;
}

static void step_choosing(struct sc__connecting *c)
{
    if (c->options.until && sc__clock() >= c->options.until) {
        struct sc_error err;
        sc__fail(&err, NULL, SC_TIMEOUT, "the time to connect is over");
        if (c->error.status == SC_OK)
            c->error = err;
        end(c, SC__CONNECTING_FAILED);
    } else if (c->next_target < c->ntargets) {
        struct target *target = &c->targets[c->next_target++];
        if (!target->silent)
            try(c, target);
    } else if (c->next_host < c->route.count) {
        reach_host(c);
    } else if (c->route.prefers_standby && !c->second && has_answered(c)) {
        c->second = true;
        c->next_target = 0;
        c->error = (struct sc_error){ .status = SC_OK };
    } else {
        end(c, SC__CONNECTING_FAILED);
    }
}

/* libpq takes a socket that is not ready for one that is connected; and a signal tells
 * nothing of it. */
static bool is_ready(const struct sc__connecting *c)
{
    struct pollfd fd = { .fd = sc__connecting_fd(c),
                         .events = sc__connecting_events(c) };
    int ready = fd.fd < 0 ? 1 : poll(&fd, 1, 0);
    return ready > 0 || (ready < 0 && errno != EINTR);
}

static void succeed(struct sc__connecting *c)
{
    /* Every server tells the encoding that it was asked for; libpq that has no memory for
     * it goes on without. */
    const char *encoding = PQparameterStatus(c->pg, "client_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0) {
        starve(c);
        return;
    }
    PQsetErrorVerbosity(c->pg, PQERRORS_DEFAULT);
    end(c, SC__CONNECTING_DONE);
}

/* Gives whether there may be more to do at once. */
static bool step_trying(struct sc__connecting *c)
{
    struct sc_error err;
    if (!is_ready(c)) {
        if (sc__clock() < c->until)
            return false;
        struct target *target = &c->targets[c->next_target - 1];
        target->silent = true;
        const char *name = target->host->name ? target->host->name : target->address;
        fail_late(c, "the server", name);
        return true;
    }
    c->wants = PQconnectPoll(c->pg);
    if (c->wants == PGRES_POLLING_OK) {
        succeed(c);
    } else if (c->wants == PGRES_POLLING_FAILED || PQstatus(c->pg) == CONNECTION_BAD) {
        explain(c->pg, &err);
        give_up(c, &err);
    }
    return true;
}

enum sc__connecting_state sc__connecting_step(struct sc__connecting *c)
{
    for (;;) {
        switch (c->phase) {
        case CHOOSING:
            step_choosing(c);
            break;
        case LOOKING:
            step_looking(c);
            if (c->phase == LOOKING)
                return c->state;
            break;
        case TRYING:
            if (!step_trying(c))
                return c->state;
            break;
        case OVER:
            return c->state;
        }
    }
}

/* ---- from outside -------------------------------------------------------------------------- */

static const char *effective_url(const char *url)
{
    if (url)
        return url;
    const char *env = getenv("DATABASE_URL");
    return env ? env : "";
}

enum sc_status sc__connecting_new(const struct sc__connecting_options *options,
                                  struct sc__connecting **connecting,
                                  struct sc_error *err)
{
    *connecting = NULL;
    struct sc__connecting *made = calloc(1, sizeof(*made));
    if (!made)
        return sc__fail_memory(err, NULL);
    made->options = *options;
    made->forks = sc__forks;
    made->options.url = effective_url(options->url); /* until is 0: step at once */
    enum sc_status status = sc__route_read(made->options.url, &made->route, err);
    if (status != SC_OK) {
        free(made);
        return status;
    }
    if (made->route.shuffled)
        shuffle_hosts(&made->route);
    *connecting = made;
    return SC_OK;
}

void sc__connecting_free(struct sc__connecting *c)
{
    if (!c)
        return;
    sc__lookup_free(c->lookup);
    if (c->forks == sc__forks) /* else a goodbye would end the parent's */
        PQfinish(c->pg);
    sc__route_release(&c->route);
    free(c->targets);
    free(c);
}

int sc__connecting_fd(const struct sc__connecting *c)
{
    if (c->phase == LOOKING)
        return sc__lookup_fd(c->lookup);
    return PQsocket(c->pg);
}

short sc__connecting_events(const struct sc__connecting *c)
{
    return c->phase == TRYING && c->wants == PGRES_POLLING_WRITING ? POLLOUT : POLLIN;
}

int64_t sc__connecting_deadline(const struct sc__connecting *c)
{
    return c->until;
}

PGconn *sc__connecting_take(struct sc__connecting *c)
{
    PGconn *pg = c->pg;
    c->pg = NULL;
    return pg;
}

const struct sc_error *sc__connecting_error(const struct sc__connecting *c)
{
    return &c->error;
}

/* In milliseconds, rounded up: poll that wakes too early would only be called again. */
static int left_of(int64_t until)
{
    enum { MOST = 60000 };
    if (until == INT64_MAX)
        return -1;
    int64_t left = (until - sc__clock() + 999999) / 1000000;
    if (left < 0)
        return 0;
    return left > MOST ? MOST : (int)left;
}

enum sc__connecting_state sc__connecting_wait(struct sc__connecting *c)
{
    for (;;) {
        enum sc__connecting_state state = sc__connecting_step(c);
        if (state != SC__CONNECTING_GOES_ON)
            return state;
        struct pollfd fd = { .fd = sc__connecting_fd(c),
                             .events = sc__connecting_events(c) };
        (void)poll(&fd, 1, left_of(c->until)); /* interrupted: just another step */
    }
}
