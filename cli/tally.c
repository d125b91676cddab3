/* tally.c: collects the runner's events. */
#include "tally.h"

#include "report.h"
#include "report_json.h"

struct tally tally_open(struct session *session)
{
    const bool json = session->settings->json;
    return (struct tally){ .session = session,
                           .names = json ? json_array() : NULL,
                           .events = json ? json_array() : NULL };
}

void tally_keep(struct tally *tally, const struct sc_migrate_event *event)
{
    const bool passing = event->kind == SC_MIGRATE_TICK ||
                         event->kind == SC_MIGRATE_SQL;
    const bool changed = event->kind == SC_MIGRATE_DONE ||
                         event->kind == SC_MIGRATE_ADOPTED;
    tally->changed += changed;
    tally->planned += event->kind == SC_MIGRATE_PLANNED;
    if (tally->events != NULL && !passing) {
        json_array_append_new(tally->events, report_json_event(event));
    }
    if (tally->names != NULL && changed) {
        json_array_append_new(tally->names, json_string(event->migration));
    }
}

bool tally_event(void *user, const struct sc_migrate_event *event)
{
    struct tally *tally = user;
    tally_keep(tally, event);
    /* What a dry run shows is the answer itself, which JSON has already. */
    return tally->events != NULL && event->kind == SC_MIGRATE_PLANNED
               ? true
               : report_event(tally->session, event);
}

void tally_close(struct tally *tally, const struct sc_migrate_error *error)
{
    if (tally->events == NULL) {
        return;
    }
    json_t *object = json_pack("{so, so}", "migrations", tally->names, "events",
                               tally->events);
    if (tally->certification != NULL) {
        json_object_set_new(object, "certification", tally->certification);
    }
    if (error != NULL) {
        json_object_set_new(object, "error", report_json_error(error));
    }
    report_json_print(tally->session->settings, object);
}
