/* report_json.c: the runner's structs as JSON objects. Decides nothing. */
#include "report_json.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/bug.h"
#include "say.h"

static void put_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL && text[0] != '\0') {
        json_object_set_new(object, name, json_string(text));
    }
}

static void put_number(json_t *object, const char *name, int64_t number)
{
    if (number != 0) {
        json_object_set_new(object, name, json_integer(number));
    }
}

json_t *report_json_error(const struct sc_migrate_error *error)
{
    json_t *object = json_object();
    if (error->trouble != SC_TROUBLE_NONE) {
        put_text(object, "trouble", sc_trouble_name(error->trouble));
    }
    put_text(object, "migration", error->migration);
    put_number(object, "step", error->step);
    put_text(object, "file", error->file);
    put_number(object, "line", error->line);
    put_number(object, "column", error->column);
    put_text(object, "sqlstate", error->error.sqlstate);
    put_text(object, "message",
             error->text[0] != '\0' ? error->text : error->error.message);
    put_text(object, "detail", error->error.detail);
    put_text(object, "hint", error->error.hint);
    return object;
}

static const char *kind_name(enum sc_migrate_kind kind)
{
    switch (kind) {
    case SC_MIGRATE_CONNECTED:
        return "connected";
    case SC_MIGRATE_WAITING:
        return "waiting";
    case SC_MIGRATE_LOCKED:
        return "locked";
    case SC_MIGRATE_RECONNECTED:
        return "reconnected";
    case SC_MIGRATE_BEGIN:
        return "begin";
    case SC_MIGRATE_CHECK:
        return "check";
    case SC_MIGRATE_STEP:
        return "step";
    case SC_MIGRATE_SQL:
        return "sql";
    case SC_MIGRATE_TICK:
        return "tick";
    case SC_MIGRATE_BLOCKER:
        return "blocker";
    case SC_MIGRATE_RETRY:
        return "retry";
    case SC_MIGRATE_STEP_DONE:
        return "step done";
    case SC_MIGRATE_DONE:
        return "done";
    case SC_MIGRATE_ADOPTED:
        return "adopted";
    case SC_MIGRATE_PLANNED:
        return "planned";
    case SC_MIGRATE_SEED:
        return "seed";
    case SC_MIGRATE_NOTE:
        return "note";
    }
    return "";
}

json_t *report_json_event(const struct sc_migrate_event *event)
{
    json_t *object = json_object();
    put_text(object, "event", kind_name(event->kind));
    const bool seed = event->kind == SC_MIGRATE_SEED;
    put_text(object, seed ? "file" : "migration", event->migration);
    if (event->migration != NULL && event->migration[0] != '\0' && !seed &&
        event->kind != SC_MIGRATE_NOTE) {
        put_text(object, "direction", event->down ? "down" : "up");
    }
    put_number(object, "step", event->step);
    put_number(object, "steps", event->steps);
    put_text(object, "title", event->title);
    put_text(object, "sql", event->sql);
    put_number(object, "ms", event->ms);
    put_number(object, "attempt", event->attempt);
    put_number(object, "pid", event->pid);
    put_text(object, "who", event->who);
    put_text(object, "text", event->text);
    return object;
}

static json_t *state_item(const struct sc_migration_state *item)
{
    static const char *const standings[] = { [SC_STANDING_PENDING] = "pending",
                                             [SC_STANDING_APPLIED] = "applied",
                                             [SC_STANDING_UNFINISHED] = "unfinished",
                                             [SC_STANDING_UNDOING] = "undoing" };
    json_t *object = json_object();
    put_text(object, "name", item->name);
    put_text(object, "state", standings[item->standing]);
    if (item->trouble != SC_TROUBLE_NONE) {
        put_text(object, "trouble", sc_trouble_name(item->trouble));
    }
    put_text(object, "problem", item->problem);
    if (item->draft) {
        json_object_set_new(object, "draft", json_true());
    }
    if (item->baseline) {
        json_object_set_new(object, "baseline", json_true());
    }
    put_number(object, "batch", item->batch);
    put_text(object, "applied_at", item->applied_at);
    put_text(object, "applied_by", item->applied_by);
    put_number(object, "ms", item->ms);
    put_number(object, "steps_done", item->steps_done);
    put_number(object, "steps", item->steps);
    put_text(object, "sqlstate", item->sqlstate);
    put_text(object, "message", item->message);
    return object;
}

json_t *report_json_state(const struct sc_migrate_state *state)
{
    json_t *object = json_object();
    json_t *items = json_array();
    for (size_t i = 0; i < state->count; i++) {
        json_array_append_new(items, state_item(&state->items[i]));
    }
    json_object_set_new(object, "migrations", items);
    json_object_set_new(object, "applied", json_integer((json_int_t)state->applied));
    json_object_set_new(object, "pending", json_integer((json_int_t)state->pending));
    if (state->trouble != SC_TROUBLE_NONE) {
        put_text(object, "trouble", sc_trouble_name(state->trouble));
    }
    put_number(object, "lock_pid", state->lock_pid);
    put_text(object, "lock_who", state->lock_who);
    put_text(object, "fingerprint", state->fingerprint);
    return object;
}

json_t *report_json_drift(const struct sc_drift *drift, size_t count)
{
    json_t *items = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *object = json_object();
        put_text(object, "kind", drift[i].kind);
        put_text(object, "identity", drift[i].identity);
        put_text(object, "expected", drift[i].expected);
        put_text(object, "actual", drift[i].actual);
        json_array_append_new(items, object);
    }
    return items;
}

void report_json_print(const struct settings *settings, json_t *object)
{
    char *text = json_dumps(object, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    json_decref(object);
    if (text == NULL) {
        out_of_memory();
    }
    say_json(settings, str_of(text));
    putchar('\n');
    free(text);
}

void report_json_failure(const struct settings *settings,
                         const struct sc_migrate_error *error)
{
    if (settings->json && settings->said != NULL && !settings->said->answered) {
        report_json_print(settings,
                          json_pack("{s:o}", "error", report_json_error(error)));
    }
}
