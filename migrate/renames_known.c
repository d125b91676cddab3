/* renames_known.c: the names that the relations and types of a model have once schemas have
 * theirs; must not know what becomes of them. */
#include "planner_private.h"

bool planner_is_indexed(const struct model_constraint *constraint)
{
    return constraint->kind != CONSTRAINT_FOREIGN_KEY &&
           constraint->kind != CONSTRAINT_CHECK;
}

struct str planner_schema_now(const struct planner *p,
                              const struct model_schema *schema)
{
    const struct model_schema *to = match_to(planner_match(p), schema);
    const char *moved = pairs_find(&p->moved, schema);
    return moved ? str_of(moved) : to ? to->name.name : schema->name.name;
}

struct names {
    struct planner *p;
    struct map *map;
};

static void note(const struct names *names, enum change_object object, const void *it)
{
    struct planner *p = names->p;
    const struct model_schema *schema = object_schema(object, it);
    struct str space = planner_of_origin(p, schema) ? planner_schema_now(p, schema)
                                                    : schema->name.name;
    const char *name = arena_printf(p->arena, "%.*s.%.*s", STR_ARGS(space),
                                    STR_ARGS(object_name(object, it)->name));
    map_add(names->map, p->arena, str_of(name), (void *)it);
}

static void note_table(const struct names *names, const struct model_table *table)
{
    note(names, CHANGE_TABLE, table);
    for (size_t i = 0; i < table->constraints.n; i++) {
        if (planner_is_indexed(table->constraints.items[i]))
            note(names, CHANGE_CONSTRAINT, table->constraints.items[i]);
    }
    for (size_t i = 0; i < table->indexes.n; i++)
        note(names, CHANGE_INDEX, table->indexes.items[i]);
    for (size_t i = 0; i < table->columns.n; i++) {
        if (table->columns.items[i]->owned)
            note(names, CHANGE_SEQUENCE, table->columns.items[i]->owned);
    }
}

void planner_note_names(struct planner *p, struct map *map, const struct model *model)
{
    struct names names = { p, map };
    for (size_t i = 0; i < model->order.n; i++) {
        const struct model_object *object = &model->order.items[i];
        if (object->kind == OBJECT_TABLE)
            note_table(&names, object->object);
        if (object->kind == OBJECT_ENUM)
            note(&names, CHANGE_ENUM, object->object);
        if (object->kind == OBJECT_DOMAIN)
            note(&names, CHANGE_DOMAIN, object->object);
        if (object->kind == OBJECT_SEQUENCE)
            note(&names, CHANGE_SEQUENCE, object->object);
    }
}
