/* plan_sarif.c: hazards as SARIF results; must not change the plan. */
#include "plan_sarif.h"

#include <jansson.h>
#include <stdlib.h>

#include "../base/bug.h"

static const enum plan_hazard_kind kinds[] = { HAZARD_DROP, HAZARD_NARROW,
                                               HAZARD_IRREVERSIBLE, HAZARD_REWRITE,
                                               HAZARD_BUILD };

static const char *meaning(enum plan_hazard_kind kind)
{
    switch (kind) {
    case HAZARD_DROP:
        return "Data goes.";
    case HAZARD_NARROW:
        return "Values may no longer fit; a check refuses before any is cut.";
    case HAZARD_IRREVERSIBLE:
        return "The way back cannot restore what was.";
    case HAZARD_REWRITE:
        return "A table is written anew while nobody can read it.";
    case HAZARD_BUILD:
        return "An index is built while nobody can write, or read, its table.";
    }
    return "";
}

static json_t *must(json_t *value)
{
    if (value == NULL)
        out_of_memory();
    return value;
}

static json_t *rule(enum plan_hazard_kind kind)
{
    return must(json_pack("{s:s, s:{s:s}, s:{s:s}}", "id", plan_hazard_word(kind),
                          "shortDescription", "text", meaning(kind),
                          "defaultConfiguration", "level",
                          plan_hazard_gates(kind) ? "error" : "warning"));
}

static json_t *tool(const char *version)
{
    json_t *rules = must(json_array());
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        json_array_append_new(rules, rule(kinds[i]));
    return must(json_pack("{s:{s:s, s:s, s:o}}", "driver", "name", "schemac", "version",
                          version, "rules", rules));
}

/* The line of "-- step N of", from 1. */
static int line_of(struct arena *arena, struct str text, size_t step)
{
    const char *all = text.n ? str_dup(arena, text) : "";
    const char *mark = arena_printf(arena, "\n-- step %zu of ", step);
    const char *found = strstr(all, mark);
    int line = found ? 2 : 1;
    for (const char *at = all; found && at < found; at++)
        line += *at == '\n';
    return line;
}

static json_t *result(struct arena *arena, const struct sarif_request *request,
                      size_t step, const struct plan_hazard *hazard)
{
    const char *message = arena_printf(arena, "%.*s: %s", STR_ARGS(hazard->object),
                                       hazard->because);
    json_t *place = must(json_pack(
        "{s:{s:{s:s}, s:{s:i}}}", "physicalLocation", "artifactLocation", "uri",
        request->file, "region", "startLine", line_of(arena, request->text, step + 1)));
    return must(json_pack("{s:s, s:s, s:{s:s}, s:[o]}", "ruleId",
                          plan_hazard_word(hazard->kind), "level",
                          plan_hazard_gates(hazard->kind) ? "error" : "warning",
                          "message", "text", message, "locations", place));
}

void plan_sarif(struct buf *out, struct arena *arena,
                const struct sarif_request *request)
{
    json_t *results = must(json_array());
    for (size_t i = 0; i < request->plan->steps.n; i++) {
        const struct plan_step *step = &request->plan->steps.items[i];
        for (size_t k = 0; k < step->hazards.n; k++)
            json_array_append_new(results,
                                  result(arena, request, i, &step->hazards.items[k]));
    }
    json_t *root = must(json_pack("{s:s, s:s, s:[{s:o, s:o}]}", "$schema",
                                  "https://json.schemastore.org/sarif-2.1.0.json",
                                  "version", "2.1.0", "runs", "tool",
                                  tool(request->tool_version), "results", results));
    char *text = json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (text == NULL)
        out_of_memory();
    buf_printf(out, "%s\n", text);
    free(text);
    json_decref(root);
}
