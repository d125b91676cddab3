/* listen.c: hears notifications on a line of its own. It must not wait but in
 * sc_listener_wait. */
#include "runtime/sc_internal.h"
#include "runtime/sc_listen.h"
#include "line.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 64, MS = 1000000 };

/* A channel, and what the server knows of it. */
struct channel {
    char name[NAME];
    bool wanted;
    bool sent;     /* as wanted, on this connection */
    bool in_force; /* as wanted, and answered */
};

struct sc_listener {
    struct sc_listen_options options;
    struct sc__line line;
    struct channel *channels;
    size_t count, room;
    bool asking;    /* LISTENs or a heartbeat are under way */
    bool was_ready; /* once: the next time there is a gap */
    bool gap;       /* there was one, and nobody has been told */
    bool told;      /* handlers were called, or it became ready */
    bool refused;   /* an attempt failed */
    bool ready;
    bool inside;   /* a step */
    bool closed;   /* there */
    int64_t heard; /* when the server last said something */
};

/* ---- opening ------------------------------------------------------------------------------ */

enum sc_status sc_listener_open(const char *url,
                                const struct sc_listen_options *options,
                                struct sc_listener **listener, struct sc_error *err)
{
    *listener = NULL;
    if (!options || !options->notify)
        return sc__fail(err, NULL, SC_MISUSE, "a listener needs a handler");
    struct sc_listener *made = calloc(1, sizeof(*made));
    if (!made)
        return sc__fail_memory(err, NULL);
    made->options = *options;
    if (!made->options.heartbeat_ms)
        made->options.heartbeat_ms = 30000;
    const struct sc__line_options line = { .url = url,
                                           .timeout_ms = options->connect_timeout_ms };
    enum sc_status status = sc__line_open(&made->line, &line, err);
    if (status != SC_OK) {
        free(made);
        return status;
    }
    *listener = made;
    return SC_OK;
}

static void release(struct sc_listener *listener)
{
    sc__line_close(&listener->line);
    free(listener->channels);
    free(listener);
}

void sc_listener_close(struct sc_listener *listener)
{
    if (!listener)
        return;
    listener->closed = true;
    if (!listener->inside)
        release(listener);
}

/* ---- channels ------------------------------------------------------------------------------- */

static struct channel *find(struct sc_listener *listener, const char *name)
{
    for (size_t i = 0; i < listener->count; i++)
        if (strcmp(listener->channels[i].name, name) == 0)
            return &listener->channels[i];
    return NULL;
}

static struct channel *add(struct sc_listener *listener, const char *name)
{
    if (listener->count == listener->room) {
        size_t room = listener->room ? listener->room * 2 : 8;
        struct channel *channels = realloc(listener->channels,
                                           room * sizeof(*channels));
        if (!channels)
            return NULL;
        listener->channels = channels;
        listener->room = room;
    }
    struct channel *made = &listener->channels[listener->count++];
    *made = (struct channel){ .wanted = true };
    memcpy(made->name, name, strlen(name) + 1);
    return made;
}

static enum sc_status check_name(const char *channel, struct sc_error *err)
{
    size_t size = channel ? strlen(channel) : 0;
    if (size > 0 && size < NAME)
        return SC_OK;
    return sc__fail(err, NULL, SC_MISUSE, "a channel's name has 1 to %d bytes",
                    NAME - 1);
}

static void want(struct channel *channel, bool wanted)
{
    if (channel->wanted == wanted)
        return;
    channel->wanted = wanted;
    channel->sent = channel->in_force = false;
}

enum sc_status sc_listen(struct sc_listener *listener, const char *channel,
                         struct sc_error *err)
{
    enum sc_status status = check_name(channel, err);
    if (status != SC_OK)
        return status;
    struct channel *found = find(listener, channel);
    if (found)
        want(found, true);
    else if (!add(listener, channel))
        return sc__fail_memory(err, NULL);
    return SC_OK;
}

enum sc_status sc_unlisten(struct sc_listener *listener, const char *channel,
                           struct sc_error *err)
{
    enum sc_status status = check_name(channel, err);
    struct channel *found = status == SC_OK ? find(listener, channel) : NULL;
    if (found)
        want(found, false);
    return status;
}

bool sc_listener_ready(const struct sc_listener *listener)
{
    if (listener->line.state != SC__LINE_UP)
        return false;
    for (size_t i = 0; i < listener->count; i++)
        if (!listener->channels[i].in_force)
            return false;
    return true;
}

/* ---- sending ---------------------------------------------------------------------------------- */

static void put_name(struct sc__text *sql, const char *name)
{
    char quoted[2 * NAME + 3];
    size_t n = 0;
    quoted[n++] = '"';
    for (; *name; name++) {
        if (*name == '"')
            quoted[n++] = '"';
        quoted[n++] = *name;
    }
    quoted[n++] = '"';
    quoted[n] = 0;
    sc__text_add(sql, quoted);
}

static void lose(struct sc_listener *listener, const char *why)
{
    listener->asking = false;
    sc__line_lose(&listener->line, why);
    for (size_t i = 0; i < listener->count; i++)
        listener->channels[i].sent = listener->channels[i].in_force = false;
    listener->ready = false;
    listener->gap |= listener->was_ready;
    if (listener->options.trouble)
        listener->options.trouble(listener->options.user, &listener->line.error);
}

static void lose_pg(struct sc_listener *listener)
{
    char why[sizeof(((struct sc_error *)0)->message)];
    const char *said = PQerrorMessage(listener->line.conn->pg);
    sc__error_text(why, sizeof(why), *said ? said : "the connection was lost");
    lose(listener, why);
}

static void ask(struct sc_listener *listener, const char *sql)
{
    PGconn *pg = listener->line.conn->pg;
    listener->asking = true;
    listener->heard = sc__clock();
    if (!PQsendQuery(pg, sql) || PQflush(pg) < 0)
        lose_pg(listener);
}

/* What is wanted and was not said on this connection, in one message. */
static void send_channels(struct sc_listener *listener)
{
    struct sc__text sql = { 0 };
    bool any = false;
    for (size_t i = 0; i < listener->count; i++) {
        struct channel *channel = &listener->channels[i];
        if (channel->sent)
            continue;
        sc__text_add(&sql, any ? ";" : "");
        sc__text_add(&sql, channel->wanted ? "listen " : "unlisten ");
        put_name(&sql, channel->name);
        channel->sent = any = true;
    }
    char *text = any ? sc__text_take(&sql) : NULL;
    if (text)
        ask(listener, text);
    else if (any)
        lose(listener, "out of memory");
    free(text);
}

/* ---- hearing ------------------------------------------------------------------------------------ */

static void settle_channels(struct sc_listener *listener)
{
    size_t kept = 0;
    for (size_t i = 0; i < listener->count; i++) {
        struct channel *channel = &listener->channels[i];
        channel->in_force = channel->sent;
        if (channel->wanted || !channel->sent)
            listener->channels[kept++] = *channel;
    }
    listener->count = kept;
}

/* The answer to what was asked. False: the connection is given up. */
static bool take_answer(struct sc_listener *listener)
{
    PGconn *pg = listener->line.conn->pg;
    bool good = true;
    while (listener->asking && !PQisBusy(pg)) {
        PGresult *result = PQgetResult(pg);
        ExecStatusType status = PQresultStatus(result);
        if (!result) {
            listener->asking = false;
            if (good)
                settle_channels(listener);
        } else if (status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY && good) {
            good = false;
            lose(listener, PQresultErrorMessage(result)); /* pg is gone */
        }
        PQclear(result);
    }
    return good;
}

static void hear(struct sc_listener *listener, const PGnotify *notify)
{
    struct channel *channel = find(listener, notify->relname);
    if (!channel || !channel->wanted)
        return;
    const struct sc_notification heard = { .channel = notify->relname,
                                           .payload = notify->extra,
                                           .pid = notify->be_pid };
    listener->told = true;
    listener->options.notify(listener->options.user, &heard);
}

/* A handler may close the listener, or what it does may lose the connection. */
static bool hear_all(struct sc_listener *listener)
{
    PGnotify *notify;
    while (!listener->closed && (notify = PQnotifies(listener->line.conn->pg))) {
        hear(listener, notify);
        PQfreemem(notify);
    }
    return !listener->closed;
}

static void tell_ready(struct sc_listener *listener)
{
    bool ready = sc_listener_ready(listener);
    if (ready == listener->ready)
        return;
    listener->ready = ready;
    if (!ready)
        return;
    listener->was_ready = listener->told = true;
    bool gap = listener->gap;
    listener->gap = false;
    if (gap && listener->options.gap)
        listener->options.gap(listener->options.user);
}

static int64_t heartbeat_due(const struct sc_listener *listener)
{
    int64_t pause = listener->options.heartbeat_ms;
    return pause < 0 ? INT64_MAX : listener->heard + pause * MS;
}

/* What an encrypted connection has read ahead is less than libpq makes room for, once it has
 * looked at what it holds: see sc__io_reads_ahead. */
static bool read_all(struct sc__conn *conn)
{
    bool read = PQconsumeInput(conn->pg);
    if (read && sc__io_reads_ahead(conn)) {
        (void)PQisBusy(conn->pg);
        read = PQconsumeInput(conn->pg);
    }
    return read;
}

static void step_up(struct sc_listener *listener, int events)
{
    PGconn *pg = listener->line.conn->pg;
    if (events & SC_READ) {
        listener->heard = sc__clock();
        if (!read_all(listener->line.conn)) {
            (void)hear_all(listener); /* what came before the end */
            if (!listener->closed)
                lose_pg(listener);
            return;
        }
    }
    if (!take_answer(listener) || !hear_all(listener))
        return;
    if (listener->line.conn->broken || PQstatus(pg) != CONNECTION_OK ||
        PQflush(pg) < 0) {
        lose_pg(listener);
        return;
    }
    tell_ready(listener);
    if (listener->closed)
        return;
    if (!listener->asking)
        send_channels(listener);
    else if (sc__clock() >= heartbeat_due(listener))
        lose(listener, "the server did not answer in time");
    if (listener->line.state == SC__LINE_UP && !listener->asking &&
        sc__clock() >= heartbeat_due(listener))
        ask(listener, "");
}

static void step_down(struct sc_listener *listener)
{
    switch (sc__line_step(&listener->line)) {
    case SC__LINE_NO_NEWS:
        break;
    case SC__LINE_CAME_UP:
        listener->heard = sc__clock();
        step_up(listener, 0);
        break;
    case SC__LINE_REFUSED:
        listener->refused = true;
        if (listener->options.trouble)
            listener->options.trouble(listener->options.user, &listener->line.error);
        break;
    }
}

/* False: a handler has closed it, and it is gone. */
static bool turn(struct sc_listener *listener, int events)
{
    listener->inside = true;
    if (listener->line.state == SC__LINE_UP)
        step_up(listener, events);
    else
        step_down(listener);
    listener->inside = false;
    bool closed = listener->closed;
    if (closed)
        release(listener);
    return !closed;
}

void sc_listener_step(struct sc_listener *listener, int events)
{
    /* not from a handler, nor in a child */
    if (!listener->inside && listener->line.conn->forks == sc__forks)
        (void)turn(listener, events);
}

/* ---- waiting -------------------------------------------------------------------------------------- */

int sc_listener_fd(const struct sc_listener *listener)
{
    return sc__line_fd(&listener->line);
}

/* Whether something is to be sent that libpq does not have yet. */
static bool has_news(const struct sc_listener *listener)
{
    for (size_t i = 0; i < listener->count; i++)
        if (!listener->channels[i].sent)
            return true;
    return false;
}

int sc_listener_events(const struct sc_listener *listener)
{
    if (listener->line.state != SC__LINE_UP)
        return sc__line_events(&listener->line);
    bool unsent = !listener->asking ? has_news(listener)
                                    : PQflush(listener->line.conn->pg) > 0;
    return unsent ? SC_READ | SC_WRITE : SC_READ;
}

int64_t sc_listener_deadline(const struct sc_listener *listener)
{
    if (listener->line.state != SC__LINE_UP)
        return sc__line_deadline(&listener->line);
    return heartbeat_due(listener);
}

static int left_ms(int64_t until)
{
    enum { MOST = 60000 };
    int64_t left = until == INT64_MAX ? MOST : (until - sc__clock() + MS - 1) / MS;
    if (left < 0)
        return 0;
    return left > MOST ? MOST : (int)left;
}

/* Waits for the descriptor, until `until` at the latest; gives what it is ready for. */
static int wait_for(const struct sc_listener *listener, int64_t until)
{
    int events = sc_listener_events(listener);
    int64_t due = sc_listener_deadline(listener);
    struct pollfd fd = { .fd = sc_listener_fd(listener) };
    fd.events = (short)((events & SC_READ ? POLLIN : 0) |
                        (events & SC_WRITE ? POLLOUT : 0));
    if (poll(&fd, 1, left_ms(due < until ? due : until)) <= 0)
        return 0;
    return (fd.revents & ~POLLOUT ? SC_READ : 0) |
           (fd.revents & POLLOUT ? SC_WRITE : 0);
}

enum sc_status sc_listener_wait(struct sc_listener *listener, int timeout_ms,
                                struct sc_error *err)
{
    if (listener->inside)
        return sc__fail(err, NULL, SC_MISUSE, "a handler cannot wait");
    if (listener->line.conn->forks != sc__forks)
        return sc__fail(err, NULL, SC_MISUSE, "the connection is the parent process's");
    int64_t until = timeout_ms < 0 ? INT64_MAX : sc__clock() + timeout_ms * (int64_t)MS;
    listener->told = listener->refused = false;
    for (int ready = 0;; ready = wait_for(listener, until)) {
        if (!turn(listener, ready))
            return sc__fail(err, NULL, SC_CANCELLED, "the listener was closed");
        if (listener->told)
            return SC_OK;
        if (listener->refused) {
            if (err)
                *err = listener->line.error;
            return listener->line.error.status;
        }
        if (until != INT64_MAX && sc__clock() >= until)
            return sc__fail(err, NULL, SC_TIMEOUT, "nothing was notified in %d ms",
                            timeout_ms);
    }
}

/* ---- notifying -------------------------------------------------------------------------------------- */

enum sc_status sc_notify(struct sc_db *db, const char *channel, const char *payload,
                         struct sc_error *err)
{
    enum { MOST = 7999 }; /* bytes; PostgreSQL 15, src/backend/commands/async.c */
    enum sc_status status = check_name(channel, err);
    if (status != SC_OK)
        return status;
    if (payload && strlen(payload) > MOST)
        return sc__fail(err, NULL, SC_BAD_VALUE, "a payload of more than %d bytes",
                        MOST);
    const char *const params[] = { channel, payload ? payload : "" };
    return sc_query(db, "select pg_notify($1, $2)", params, 2, NULL, err);
}
