/* recipe_schema.c: schemas made, documented and dropped; must not know what stands in
 * them. */
#include "planner.h"
#include "texts.h"

/* Every database starts with the schema and its comment
 * (src/include/catalog/pg_namespace.dat, version 15). */
static bool is_public(const struct model_schema *schema)
{
    return str_eq_c(schema->name.name, "public");
}

static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb, const struct model_schema *schema)
{
    struct arena *arena = planner_arena(p);
    const char *what = arena_printf(arena, "schema %.*s", STR_ARGS(schema->name.name));
    struct plan_step *step = planner_step(p, phase,
                                          arena_printf(arena, "%s %s", verb, what));
    step_touch(p, step, str_of(what));
    return step;
}

static void comment(struct planner *p, const struct model_schema *schema,
                    struct str doc)
{
    struct arena *arena = planner_arena(p);
    const char *what = arena_printf(arena, "schema %s",
                                    text_ident(arena, schema->name.name));
    if (is_public(schema) && !doc.n)
        doc = STR("standard public schema");
    planner_comment(p, str_of(what), doc, NULL);
}

static void create(struct planner *p, const struct model_schema *schema)
{
    if (!is_public(schema)) {
        struct plan_step *step = add_step(p, PHASE_SCHEMA_MADE, "create", schema);
        step_printf(p, step, "create schema %s;\n",
                    text_ident(planner_arena(p), schema->name.name));
    }
    if (schema->name.doc.n)
        comment(p, schema, schema->name.doc);
}

static void drop(struct planner *p, const struct model_schema *schema)
{
    if (is_public(schema)) {
        if (schema->name.doc.n)
            comment(p, schema, (struct str){ NULL, 0 });
        return;
    }
    struct str name = planner_name(p, PHASE_DROP, CHANGE_SCHEMA, schema);
    step_printf(p, add_step(p, PHASE_DROP, "drop", schema), "drop schema %.*s;\n",
                STR_ARGS(name));
}

void recipe_schema(struct planner *p, const struct change *change)
{
    const struct model_schema *from = change->from, *to = change->to;
    if (!from)
        create(p, to);
    else if (!to)
        drop(p, from);
    else if (change->aspects & ASPECT_COMMENT)
        comment(p, to, to->name.doc);
}
