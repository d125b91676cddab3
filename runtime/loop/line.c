/* line.c: keeps a connection up. It must not wait, nor send anything. */
#include "runtime/sc_internal.h"
#include "line.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum { MS = 1000000 }; /* nanoseconds */

static bool begin(struct sc__line *line)
{
    const struct sc__connecting_options options = {
        .url = line->url,
        .timeout_ms = line->options.timeout_ms,
        .notices = sc__hooks_notice,
        .notices_arg = line->conn,
    };
    line->state = SC__LINE_CONNECTING;
    return sc__connecting_new(&options, &line->connecting, &line->error) == SC_OK;
}

enum sc_status sc__line_open(struct sc__line *line,
                             const struct sc__line_options *options,
                             struct sc_error *err)
{
    line->options = *options;
    if (!line->options.timeout_ms)
        line->options.timeout_ms = 10000;
    line->url = options->url ? strdup(options->url) : NULL;
    if (options->url && !line->url)
        return sc__fail_memory(err, NULL);
    line->conn = sc__conn_new(NULL, &line->hooks);
    if (!line->conn) {
        free(line->url);
        return sc__fail_memory(err, NULL);
    }
    /* What cannot be read is said now. */
    if (!begin(line)) {
        if (err)
            *err = line->error;
        enum sc_status status = line->error.status;
        sc__line_close(line);
        return status;
    }
    return SC_OK;
}

void sc__line_close(struct sc__line *line)
{
    /* In a child TLS would say goodbye in the middle of the parent's attempt. */
    if (!line->conn || line->conn->forks == sc__forks)
        sc__connecting_free(line->connecting);
    sc__conn_close(line->conn);
    free(line->url);
    line->connecting = NULL;
    line->conn = NULL;
    line->url = NULL;
    line->state = SC__LINE_DOWN;
}

/* Half of it by chance, so that clients do not come back all at once. */
static int64_t pause_after(unsigned failures)
{
    enum { FIRST = 100, LAST = 10000, DOUBLINGS = 7 }; /* milliseconds */
    struct sc_uuid dice = { { 0 } };
    uint16_t number;
    (void)sc_uuid_random(&dice);
    memcpy(&number, &dice, sizeof(number));
    if (!failures)
        return 0;
    int64_t pause = failures > DOUBLINGS ? LAST : FIRST << (failures - 1);
    return (pause / 2 + pause / 2 * number / UINT16_MAX) * MS;
}

static void rest(struct sc__line *line)
{
    line->rest = sc__clock() + pause_after(line->failures);
    line->state = line->options.stay_down ? SC__LINE_DOWN : SC__LINE_RESTING;
}

static enum sc__line_news refuse(struct sc__line *line)
{
    sc__connecting_free(line->connecting);
    line->connecting = NULL;
    line->failures++;
    rest(line);
    return SC__LINE_REFUSED;
}

static enum sc__line_news come_up(struct sc__line *line)
{
    struct sc__conn *conn = line->conn;
    conn->pg = sc__connecting_take(line->connecting);
    sc__connecting_free(line->connecting);
    line->connecting = NULL;
    conn->broken = PQsetnonblocking(conn->pg, 1) != 0;
    line->state = SC__LINE_UP;
    line->since = sc__clock();
    return SC__LINE_CAME_UP;
}

enum sc__line_news sc__line_step(struct sc__line *line)
{
    if (line->state == SC__LINE_RESTING && sc__clock() >= line->rest && !begin(line))
        return refuse(line);
    if (line->state != SC__LINE_CONNECTING)
        return SC__LINE_NO_NEWS;
    switch (sc__connecting_step(line->connecting)) {
    case SC__CONNECTING_GOES_ON:
        break;
    case SC__CONNECTING_DONE:
        return come_up(line);
    case SC__CONNECTING_FAILED:
        line->error = *sc__connecting_error(line->connecting);
        return refuse(line);
    }
    return SC__LINE_NO_NEWS;
}

void sc__line_lose(struct sc__line *line, const char *message)
{
    enum { USEFUL = 1000 }; /* milliseconds */
    struct sc__conn *conn = line->conn;
    if (line->state != SC__LINE_UP)
        return;
    sc__fail(&line->error, NULL, SC_CONNECTION, "%s", message);
    sc__plans_forget(&conn->plans);
    sc__types_forget(&conn->types);
    PQfinish(conn->pg);
    conn->pg = NULL;
    conn->broken = false;
    if (sc__clock() - line->since >= (int64_t)USEFUL * MS)
        line->failures = 0;
    rest(line);
    line->failures++; /* what fails now is not the first */
}

int sc__line_fd(const struct sc__line *line)
{
    if (line->state == SC__LINE_CONNECTING)
        return sc__connecting_fd(line->connecting);
    return line->state == SC__LINE_UP ? PQsocket(line->conn->pg) : -1;
}

int sc__line_events(const struct sc__line *line)
{
    if (line->state != SC__LINE_CONNECTING)
        return 0;
    return sc__connecting_events(line->connecting) == POLLOUT ? SC_WRITE : SC_READ;
}

int64_t sc__line_deadline(const struct sc__line *line)
{
    switch (line->state) {
    case SC__LINE_RESTING:
        return line->rest;
    case SC__LINE_CONNECTING:
        return sc__connecting_deadline(line->connecting);
    case SC__LINE_UP:
    case SC__LINE_DOWN:
        break;
    }
    return INT64_MAX;
}
