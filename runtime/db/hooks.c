/* hooks.c: calls the caller's hooks. It must never hand them a parameter's value. */
#include "runtime/sc_internal.h"
#include <string.h>
#include <time.h>

int64_t sc__clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void sc__hooks_settle(struct sc__hooks *hooks)
{
    const struct sc_hooks *calls = &hooks->calls;
    hooks->wanted = calls->start || calls->end || hooks->stats ||
                    (calls->slow && calls->slow_ns > 0);
}

int64_t sc__hooks_bytes(const PGresult *result)
{
    int64_t bytes = 0;
    int rows = PQntuples(result), columns = PQnfields(result);
    for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
            bytes += PQgetlength(result, r, c);
    return bytes;
}

void sc__hooks_start(const struct sc__hooks *hooks, const struct sc_event *event)
{
    if (hooks->calls.start)
        hooks->calls.start(hooks->calls.user, event);
}

void sc__hooks_end(const struct sc__hooks *hooks, const struct sc_event *event)
{
    const struct sc_hooks *calls = &hooks->calls;
    struct sc_event ended = *event;
    ended.slow = calls->slow_ns > 0 && event->nanoseconds >= calls->slow_ns;
    if (hooks->stats)
        sc__stats_note(hooks->stats, &ended);
    if (calls->end)
        calls->end(calls->user, &ended);
    if (ended.slow && calls->slow)
        calls->slow(calls->user, &ended);
}

void sc__hooks_notice(void *arg, const PGresult *result)
{
    struct sc__conn *conn = arg;
    const struct sc_hooks *hooks = &conn->hooks->calls;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0))
        conn->broken = true; /* told to an idle connection: it is about to close */
    if (!hooks->notice)
        return;
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!message)
        message = PQresultErrorMessage(result);
    if (conn->secret) /* a trigger may have quoted its row */
        message = "a notice during a statement that touches a secret column";
    hooks->notice(hooks->user, message);
}

void sc__hooks_set(struct sc__hooks *to, const struct sc_hooks *hooks)
{
    to->calls = hooks ? *hooks : (struct sc_hooks){ 0 };
    sc__hooks_settle(to);
}

void sc_set_hooks(struct sc_db *db, const struct sc_hooks *hooks)
{
    if (db && (db->kind == SC__DB_CONN || db->kind == SC__DB_POOL))
        sc__hooks_set(&db->hooks, hooks);
}
