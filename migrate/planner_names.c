/* planner_names.c: what an object of either model is called in each phase; must not know
 * how it comes to be called so. */
#include "../sql/quote.h"
#include "planner_private.h"

const struct model_name *object_name(enum change_object object, const void *it)
{
    switch (object) {
    case CHANGE_SCHEMA:
        return &((const struct model_schema *)it)->name;
    case CHANGE_EXTENSION:
        return &((const struct model_extension *)it)->name;
    case CHANGE_ENUM:
        return &((const struct model_enum *)it)->name;
    case CHANGE_LABEL:
        return &((const struct model_label *)it)->name;
    case CHANGE_DOMAIN:
        return &((const struct model_domain *)it)->name;
    case CHANGE_DOMAIN_CHECK:
        return &((const struct model_check *)it)->name;
    case CHANGE_SEQUENCE:
        return &((const struct model_sequence *)it)->name;
    case CHANGE_TABLE:
        return &((const struct model_table *)it)->name;
    case CHANGE_COLUMN:
        return &((const struct model_column *)it)->name;
    case CHANGE_CONSTRAINT:
        return &((const struct model_constraint *)it)->name;
    case CHANGE_INDEX:
        return &((const struct model_index *)it)->name;
    }
    return NULL;
}

const struct model_schema *object_schema(enum change_object object, const void *it)
{
    switch (object) {
    case CHANGE_SCHEMA:
        return it;
    case CHANGE_ENUM:
        return ((const struct model_enum *)it)->schema;
    case CHANGE_DOMAIN:
        return ((const struct model_domain *)it)->schema;
    case CHANGE_SEQUENCE:
        return ((const struct model_sequence *)it)->schema;
    case CHANGE_TABLE:
        return ((const struct model_table *)it)->schema;
    case CHANGE_COLUMN:
        return ((const struct model_column *)it)->table->schema;
    case CHANGE_CONSTRAINT:
        return ((const struct model_constraint *)it)->table->schema;
    case CHANGE_INDEX:
        return ((const struct model_index *)it)->table->schema;
    case CHANGE_EXTENSION:
    case CHANGE_LABEL:
    case CHANGE_DOMAIN_CHECK:
        break;
    }
    return NULL;
}

static bool is_qualified(enum change_object object)
{
    switch (object) {
    case CHANGE_ENUM:
    case CHANGE_DOMAIN:
    case CHANGE_SEQUENCE:
    case CHANGE_TABLE:
    case CHANGE_INDEX:
        return true;
    case CHANGE_SCHEMA:
    case CHANGE_EXTENSION:
    case CHANGE_LABEL:
    case CHANGE_DOMAIN_CHECK:
    case CHANGE_COLUMN:
    case CHANGE_CONSTRAINT:
        break;
    }
    return false;
}

bool planner_of_origin(const struct planner *p, const struct model_schema *schema)
{
    return pairs_find(&p->origin, schema) != NULL;
}

bool planner_is_new(const struct planner *p, const struct model_table *table)
{
    return !planner_of_origin(p, table->schema) &&
           !match_from(p->request->match, table);
}

/* The form of an object that gives its name in a phase; renamed: whether its kind has got
 * its new names by then. */
static const void *form_in(const struct planner *p, enum change_object object,
                           const void *it, bool renamed)
{
    const struct model_schema *schema = object_schema(object, it);
    bool old = !schema || planner_of_origin(p, schema);
    const void *other = NULL;
    if (old && pairs_find(&p->replaced, it))
        return it;
    if (schema && renamed && old)
        other = match_to(p->request->match, it);
    else if (schema && !renamed && !old)
        other = match_from(p->request->match, it);
    return other ? other : it;
}

static struct str name_in(const struct planner *p, enum change_object object,
                          const void *it, bool renamed)
{
    const void *form = form_in(p, object, it, renamed);
    const char *moved = renamed ? pairs_find(&p->moved, form) : NULL;
    return moved ? str_of(moved) : object_name(object, form)->name;
}

/* The table that it follows into another schema; NULL: none. */
static const struct model_table *home_of(enum change_object object, const void *it)
{
    const struct model_sequence *sequence = it;
    const struct model_column *owner = NULL;
    if (object == CHANGE_INDEX)
        return ((const struct model_index *)it)->table;
    if (object == CHANGE_CONSTRAINT)
        return ((const struct model_constraint *)it)->table;
    if (object == CHANGE_SEQUENCE)
        owner = sequence->owner ? sequence->owner : sequence->owned_by;
    return owner ? owner->table : NULL;
}

/* The name of the schema that it is in. */
static struct str space_in(const struct planner *p, enum plan_phase phase,
                           enum change_object object, const void *it)
{
    bool renamed = phase > PHASE_RENAME;
    const void *form = form_in(p, object, it, renamed);
    const struct model_table *home = home_of(object, form);
    const struct model_schema *schema = object_schema(object, form);
    if (home)
        schema = object_schema(CHANGE_TABLE, form_in(p, CHANGE_TABLE, home, renamed));
    return name_in(p, CHANGE_SCHEMA, schema, phase >= PHASE_SCHEMA);
}

void planner_put_name(const struct planner *p, struct buf *out, enum plan_phase phase,
                      enum change_object object, const void *it)
{
    bool renamed = phase >
                   (object == CHANGE_SCHEMA ? PHASE_DETACH_COLUMN : PHASE_RENAME);
    if (is_qualified(object)) {
        quote_ident(out, space_in(p, phase, object, it));
        buf_putc(out, '.');
    }
    quote_ident(out, name_in(p, object, it, renamed));
}

struct str planner_name(const struct planner *p, enum plan_phase phase,
                        enum change_object object, const void *it)
{
    struct buf out = { 0 };
    planner_put_name(p, &out, phase, object, it);
    struct str name = buf_dup(&out, p->arena);
    buf_release(&out);
    return name;
}

struct str planner_space(const struct planner *p, enum plan_phase phase,
                         enum change_object object, const void *it)
{
    struct buf out = { 0 };
    quote_ident(&out, space_in(p, phase, object, it));
    struct str name = buf_dup(&out, p->arena);
    buf_release(&out);
    return name;
}

struct str planner_plain_name(const struct planner *p, enum plan_phase phase,
                              enum change_object object, const void *it)
{
    struct str space = space_in(p, phase, object, it);
    struct str name = name_in(p, object, it, phase > PHASE_RENAME);
    return str_of(arena_printf(p->arena, "%.*s.%.*s", STR_ARGS(space), STR_ARGS(name)));
}

struct str planner_title(const struct planner *p, enum change_object object,
                         const void *it)
{
    struct change change = { .object = object, .from = it };
    if (object == CHANGE_COLUMN)
        change.from_owner = ((const struct model_column *)it)->table;
    if (object == CHANGE_CONSTRAINT)
        change.from_owner = ((const struct model_constraint *)it)->table;
    if (object == CHANGE_INDEX)
        change.from_owner = ((const struct model_index *)it)->table;
    return change_name(p->arena, &change);
}
