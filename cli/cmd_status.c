/* cmd_status.c: schemac status. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "report.h"
#include "report_json.h"
#include "say.h"
#include "stats.h"

struct look {
    struct session session;
    struct sc_migrate_state *state;
    struct sc_drift *drift;
    size_t ndrift;
    bool recorded; /* there is something to compare with */
};

/* ---- asking ---- */

static int ask(struct look *look)
{
    struct session *session = &look->session;
    struct sc_migrate_options options = session_options(session);
    struct sc_migrate_error error;
    if (sc_migrate_status(session->db, session->set, &options, &look->state, &error) !=
        SC_OK) {
        return report_error(session, &error);
    }
    if (!session->settings->drift) {
        return EXIT_DONE;
    }
    enum sc_status status = sc_migrate_drift(session->db, &options, &look->drift,
                                             &look->ndrift, &error);
    look->recorded = status == SC_OK;
    return status == SC_OK || status == SC_NOT_FOUND ? EXIT_DONE
                                                     : report_error(session, &error);
}

/* ---- telling ---- */

static const char *standing_of(const struct sc_migration_state *item)
{
    if (item->trouble != SC_TROUBLE_NONE) {
        return sc_trouble_name(item->trouble);
    }
    switch (item->standing) {
    case SC_STANDING_PENDING:
        return item->draft ? "draft" : "pending";
    case SC_STANDING_APPLIED:
        return item->baseline ? "baseline" : item->draft ? "applied draft" : "applied";
    case SC_STANDING_UNFINISHED:
        return "unfinished";
    case SC_STANDING_UNDOING:
        return "undoing";
    }
    return "";
}

static int widest(const struct sc_migrate_state *state)
{
    size_t width = strlen("migration");
    for (size_t i = 0; i < state->count; i++) {
        size_t n = strlen(state->items[i].name);
        width = n > width ? n : width;
    }
    return (int)width;
}

static void put_item(const struct sc_migration_state *item, int width)
{
    struct buf line = { 0 };
    buf_printf(&line, "%-*s  %-13s", width, item->name, standing_of(item));
    if (item->applied_at[0] != '\0') {
        buf_printf(&line, "  %5d  %-22.22s  %s", item->batch, item->applied_at,
                   item->applied_by);
    }
    while (line.n > 0 && line.s[line.n - 1] == ' ') {
        line.n--;
    }
    say_answer("%.*s", (int)line.n, line.s);
    if (item->steps_done > 0 && item->steps_done < item->steps) {
        say_answer("%*s  %d of %d steps are done", width, "", item->steps_done,
                   item->steps);
    }
    if (item->problem != NULL && item->problem[0] != '\0') {
        say_answer("%*s  %s", width, "", item->problem);
    }
    if (item->message != NULL && item->message[0] != '\0') {
        bool coded = item->sqlstate[0] != '\0';
        say_answer("%*s  it stopped: %s%s%s%s", width, "", item->message,
                   coded ? " [" : "", item->sqlstate, coded ? "]" : "");
    }
    buf_release(&line);
}

static size_t count_stopped(const struct sc_migrate_state *state)
{
    size_t count = 0;
    for (size_t i = 0; i < state->count; i++) {
        enum sc_standing standing = state->items[i].standing;
        count += standing == SC_STANDING_UNFINISHED || standing == SC_STANDING_UNDOING;
    }
    return count;
}

static void put_state(const struct sc_migrate_state *state)
{
    int width = widest(state);
    if (state->count == 0) {
        say_answer("there are no migrations");
        return;
    }
    say_answer("%-*s  %-13s  %5s  %-22s  %s", width, "migration", "state", "batch",
               "applied at", "by");
    for (size_t i = 0; i < state->count; i++) {
        put_item(&state->items[i], width);
    }
    size_t stopped = count_stopped(state);
    say_answer("%zu applied, %zu pending", state->applied, state->pending);
    if (stopped > 0) {
        say_answer("%zu stopped half-way: `schemac repair` explains", stopped);
    }
    if (state->lock_pid > 0) {
        say_answer("a migrator is at work: process %d, %s", state->lock_pid,
                   state->lock_who);
    }
}

static void put_drift(const struct look *look)
{
    if (!look->recorded) {
        say_answer("no drift can be told: nothing was recorded yet");
        return;
    }
    for (size_t i = 0; i < look->ndrift; i++) {
        const struct sc_drift *item = &look->drift[i];
        if (item->expected == NULL) {
            say_answer("%s %s is new: %s", item->kind, item->identity, item->actual);
        } else if (item->actual == NULL) {
            say_answer("%s %s is gone; it was: %s", item->kind, item->identity,
                       item->expected);
        } else {
            say_answer("%s %s is: %s\n  and was: %s", item->kind, item->identity,
                       item->actual, item->expected);
        }
    }
    if (look->ndrift == 0) {
        say_answer("no drift: the database is as the last migration left it");
    }
}

static void tell(const struct look *look)
{
    const struct settings *settings = look->session.settings;
    if (settings->json) {
        json_t *object = report_json_state(look->state);
        if (settings->drift && look->recorded) {
            json_object_set_new(object, "drift",
                                report_json_drift(look->drift, look->ndrift));
        }
        report_json_print(settings, object);
        return;
    }
    if (settings->quiet) {
        return;
    }
    put_state(look->state);
    if (settings->drift) {
        put_drift(look);
    }
}

/* What --check asks: is everything as it should be? */
static bool all_well(const struct look *look)
{
    return look->state->pending == 0 && count_stopped(look->state) == 0 &&
           look->state->trouble == SC_TROUBLE_NONE && look->ndrift == 0;
}

int cmd_status(struct arena *arena, const struct settings *settings)
{
    struct look look = { 0 };
    int status = session_open(&look.session, arena, settings);
    if (status == EXIT_DONE) {
        status = session_migrations(&look.session);
    }
    if (status == EXIT_DONE) {
        status = session_connect(&look.session);
    }
    if (status == EXIT_DONE && settings->stats != NULL) {
        status = stats_write(&look.session, settings->stats);
        session_close(&look.session);
        return status;
    }
    if (status == EXIT_DONE) {
        status = ask(&look);
    }
    if (status == EXIT_DONE) {
        tell(&look);
        status = settings->check && !all_well(&look) ? EXIT_NO : EXIT_DONE;
    }
    sc_migrate_free(look.state);
    sc_migrate_free(look.drift);
    session_close(&look.session);
    return status;
}
