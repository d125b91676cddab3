/* recipe_extension.c: extensions made, brought to another version or schema, dropped; must
 * not know what they bring. */
#include "../sql/ddl.h"
#include "planner.h"
#include "texts.h"

/* It is in every database (src/include/catalog/pg_extension.dat, version 15). */
static bool is_builtin(const struct model_extension *extension)
{
    return str_eq_c(extension->name.name, "plpgsql");
}

static struct plan_step *add_step(struct planner *p, enum plan_phase phase,
                                  const char *verb,
                                  const struct model_extension *extension)
{
    struct arena *arena = planner_arena(p);
    const char *what = arena_printf(arena, "extension %.*s",
                                    STR_ARGS(extension->name.name));
    struct plan_step *step = planner_step(p, phase,
                                          arena_printf(arena, "%s %s", verb, what));
    step_touch(p, step, str_of(what));
    return step;
}

static void comment(struct planner *p, const struct model_extension *extension,
                    struct str doc)
{
    struct arena *arena = planner_arena(p);
    const char *what = arena_printf(arena, "extension %s",
                                    text_ident(arena, extension->name.name));
    if (is_builtin(extension) && !doc.n)
        doc = STR("PL/pgSQL procedural language");
    planner_comment(p, str_of(what), doc, NULL);
}

static void create(struct planner *p, const struct model_extension *extension)
{
    struct model_object object = { OBJECT_EXTENSION, (void *)extension };
    struct buf sql = { 0 };
    if (!is_builtin(extension)) {
        ddl_create(&sql, &object);
        step_sql(p, add_step(p, PHASE_CREATE, "create", extension), &sql);
    }
    if (extension->name.doc.n)
        comment(p, extension, extension->name.doc);
    buf_release(&sql);
}

static void drop(struct planner *p, const struct model_extension *extension)
{
    if (is_builtin(extension)) {
        if (extension->name.doc.n)
            comment(p, extension, (struct str){ NULL, 0 });
        return;
    }
    struct plan_step *step = add_step(p, PHASE_DROP, "drop", extension);
    step_printf(p, step, "drop extension %s;\n",
                text_ident(planner_arena(p), extension->name.name));
    step_hazard(p, step, HAZARD_DROP, extension->name.name,
                "what it keeps in tables of its own goes");
    step_reversal(p, step, REVERSAL_LOSSY, "what it kept in tables of its own is gone");
}

static void set_schema(struct planner *p, const struct model_extension *to)
{
    struct arena *arena = planner_arena(p);
    struct str schema = to->schema.n ? to->schema : STR("public");
    step_printf(p, add_step(p, PHASE_CREATE, "move", to),
                "alter extension %s set schema %s;\n", text_ident(arena, to->name.name),
                text_ident(arena, schema));
}

/* Without a version in the target, any will do. */
static void set_version(struct planner *p, const struct model_extension *to)
{
    struct arena *arena = planner_arena(p);
    if (!to->version.n)
        return;
    struct plan_step *step = add_step(p, PHASE_CREATE, "update", to);
    step_printf(p, step, "alter extension %s update to %s;\n",
                text_ident(arena, to->name.name), text_literal(arena, to->version));
    step_reversal(p, step, REVERSAL_IMPOSSIBLE,
                  "an extension seldom has a way back to an older version");
}

void recipe_extension(struct planner *p, const struct change *change)
{
    const struct model_extension *from = change->from, *to = change->to;
    if (!from) {
        create(p, to);
        return;
    }
    if (!to) {
        drop(p, from);
        return;
    }
    if (change->aspects & ASPECT_VERSION)
        set_version(p, to);
    if (change->aspects & (ASPECT_SCHEMA | ASPECT_OPTIONS))
        set_schema(p, to);
    if (change->aspects & ASPECT_COMMENT)
        comment(p, to, to->name.doc);
}
