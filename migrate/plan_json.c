/* plan_json.c: prints a plan as JSON; must not change it. */
#include "plan_json.h"

#include <jansson.h>
#include <stdlib.h>

#include "../base/bug.h"
#include "file.h"

/* ---- values ---- */

static json_t *text(struct str s)
{
    json_t *value = s.s ? json_stringn(s.s, s.n) : NULL;
    /* What is not UTF-8 cannot be said in JSON. */
    return value ? value : json_string("");
}

static json_t *text_or_null(const char *s)
{
    return s ? text(str_of(s)) : json_null();
}

static void put(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        out_of_memory();
}

static void append(json_t *list, json_t *value)
{
    if (json_array_append_new(list, value) != 0)
        out_of_memory();
}

/* ---- parts ---- */

static json_t *hazard_json(const struct plan_hazard *hazard)
{
    json_t *object = json_object();
    put(object, "kind", text_or_null(plan_hazard_word(hazard->kind)));
    put(object, "object", text(hazard->object));
    put(object, "because", text_or_null(hazard->because));
    put(object, "needs_allow", json_boolean(plan_hazard_gates(hazard->kind)));
    return object;
}

static json_t *hazards_json(const struct plan_step *step)
{
    json_t *list = json_array();
    for (size_t i = 0; i < step->hazards.n; i++)
        append(list, hazard_json(&step->hazards.items[i]));
    return list;
}

static json_t *locks_json(const struct plan_step *step)
{
    json_t *list = json_array();
    for (size_t i = 0; i < step->locks.n; i++) {
        json_t *object = json_object();
        put(object, "relation", text(step->locks.items[i].relation));
        put(object, "mode", text_or_null(plan_lock_word(step->locks.items[i].mode)));
        append(list, object);
    }
    return list;
}

static json_t *touches_json(const struct plan_step *step)
{
    json_t *list = json_array();
    for (size_t i = 0; i < step->touches.n; i++)
        append(list, text(step->touches.items[i]));
    return list;
}

static json_t *step_json(const struct plan_step *step)
{
    json_t *object = json_object();
    put(object, "title", text_or_null(step->title));
    put(object, "sql", text(step->sql));
    put(object, "transaction", json_boolean(step->transaction));
    put(object, "alone", json_boolean(step->alone));
    put(object, "cost", text_or_null(plan_cost_word(step->cost)));
    put(object, "rows", step->size ? json_integer(step->size->rows) : json_null());
    put(object, "bytes", step->size ? json_integer(step->size->bytes) : json_null());
    put(object, "locks", locks_json(step));
    put(object, "hazards", hazards_json(step));
    put(object, "down", text_or_null(plan_reversal_word(step->reversal)));
    put(object, "down_why", text_or_null(step->reversal_why));
    put(object, "touches", touches_json(step));
    return object;
}

static json_t *check_json(const struct plan_check *check)
{
    json_t *object = json_object();
    put(object, "title", text_or_null(check->title));
    put(object, "query", text(check->query));
    put(object, "hint", text_or_null(check->hint));
    return object;
}

static json_t *change_json(struct arena *arena, const struct change *change)
{
    json_t *object = json_object();
    put(object, "action",
        json_string(!change->from ? "create"
                    : !change->to ? "drop"
                                  : "alter"));
    put(object, "object", json_string(change_object_word(change->object)));
    put(object, "name", text(change_name(arena, change)));
    return object;
}

static json_t *impact_json(const struct impact *impact)
{
    json_t *list = json_array();
    for (size_t i = 0; impact && i < impact->items.n; i++) {
        const struct impact_item *item = &impact->items.items[i];
        json_t *object = json_object();
        put(object, "kind", json_string(impact_kind_word(item->kind)));
        put(object, "name", text(item->name));
        put(object, "sqlstate", text_or_null(item->sqlstate));
        put(object, "because", text_or_null(item->why));
        append(list, object);
    }
    return list;
}

/* ---- the whole ---- */

static void put_lists(struct arena *arena, json_t *object, const struct plan *plan)
{
    json_t *checks = json_array(), *steps = json_array(), *changes = json_array();
    for (size_t i = 0; i < plan->checks.n; i++)
        append(checks, check_json(&plan->checks.items[i]));
    for (size_t i = 0; i < plan->steps.n; i++)
        append(steps, step_json(&plan->steps.items[i]));
    for (size_t i = 0; i < plan->changes->list.n; i++)
        append(changes, change_json(arena, &plan->changes->list.items[i]));
    put(object, "checks", checks);
    put(object, "steps", steps);
    put(object, "changes", changes);
}

void plan_json(struct buf *out, struct arena *arena,
               const struct plan_json_request *request)
{
    const struct impact *impact = request->draft->impact;
    json_t *object = json_object();
    put(object, "summary", text_or_null(plan_summary(arena, request->plan)));
    put(object, "order",
        text_or_null(impact ? impact_order_word(impact->order) : NULL));
    put(object, "down", text_or_null(migration_reversal(arena, request->plan)));
    put(object, "sealed", text_or_null(request->sealed));
    put_lists(arena, object, request->plan);
    put(object, "impact", impact_json(impact));
    char *dumped = json_dumps(object, JSON_INDENT(2));
    json_decref(object);
    if (!dumped)
        out_of_memory();
    buf_puts(out, dumped);
    buf_putc(out, '\n');
    free(dumped);
}
