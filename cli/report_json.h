/* report_json.h: what the runner says, as JSON for scripts. */
#ifndef CLI_REPORT_JSON_H
#define CLI_REPORT_JSON_H
#include <jansson.h>

#include "options.h"
#include "runner/sc_migrate.h"

/* New references, or NULL without memory. Members without a value are left out. */
json_t *report_json_error(const struct sc_migrate_error *error);
json_t *report_json_event(const struct sc_migrate_event *event);
json_t *report_json_state(const struct sc_migrate_state *state);
json_t *report_json_drift(const struct sc_drift *drift, size_t count);

/* Gives the object as the command's answer, and gives up the reference. */
void report_json_print(const struct settings *settings, json_t *object);
/* {"error": ...}, where --json wants one and nothing was answered yet. */
void report_json_failure(const struct settings *settings,
                         const struct sc_migrate_error *error);

#endif
