/* change.c: lists the differences of two matched models, in order. Must not judge whether
 * two forms differ: changer.h's functions do. */
#include "changer.h"

struct finder {
    struct arena *arena;
    const struct match *match;
    struct changes *changes;
};

static void add(struct finder *f, struct change change)
{
    VEC_PUSH(f->arena, &f->changes->list, change);
}

/* Both stand: a change only where something differs. */
static void add_pair(struct finder *f, struct change change)
{
    if (change.aspects)
        add(f, change);
}

/* ---- parts ---- */

static void find_gone_columns(struct finder *f, const struct model_table *from,
                              const struct model_table *to, bool computed)
{
    for (size_t i = 0; i < from->columns.n; i++) {
        const struct model_column *column = from->columns.items[i];
        if (!match_to(f->match, column) && computed == (column->generated.ntokens > 0))
            add(f, (struct change){ CHANGE_COLUMN, column, NULL, 0, from, to });
    }
}

static void find_columns(struct finder *f, const struct model_table *from,
                         const struct model_table *to)
{
    for (size_t i = 0; i < to->columns.n; i++) {
        const struct model_column *column = to->columns.items[i];
        const struct model_column *was = match_from(f->match, column);
        struct change change = { CHANGE_COLUMN, was, column, 0, from, to };
        change.aspects = was ? column_aspects(f->match, was, column) : 0;
        was ? add_pair(f, change) : add(f, change);
    }
    find_gone_columns(f, from, to, true);
    find_gone_columns(f, from, to, false);
}

static void find_constraints(struct finder *f, const struct model_table *from,
                             const struct model_table *to)
{
    for (size_t i = 0; i < to->constraints.n; i++) {
        const struct model_constraint *constraint = to->constraints.items[i];
        const struct model_constraint *was = match_from(f->match, constraint);
        struct change change = { CHANGE_CONSTRAINT, was, constraint, 0, from, to };
        change.aspects = was ? constraint_aspects(f->match, was, constraint) : 0;
        was ? add_pair(f, change) : add(f, change);
    }
    for (size_t i = 0; i < from->constraints.n; i++) {
        const struct model_constraint *constraint = from->constraints.items[i];
        if (!match_to(f->match, constraint))
            add(f, (struct change){ CHANGE_CONSTRAINT, constraint, NULL, 0, from, to });
    }
}

static void find_indexes(struct finder *f, const struct model_table *from,
                         const struct model_table *to)
{
    for (size_t i = 0; i < to->indexes.n; i++) {
        const struct model_index *index = to->indexes.items[i];
        const struct model_index *was = match_from(f->match, index);
        struct change change = { CHANGE_INDEX, was, index, 0, from, to };
        change.aspects = was ? index_aspects(f->match, was, index) : 0;
        was ? add_pair(f, change) : add(f, change);
    }
    for (size_t i = 0; i < from->indexes.n; i++) {
        const struct model_index *index = from->indexes.items[i];
        if (!match_to(f->match, index))
            add(f, (struct change){ CHANGE_INDEX, index, NULL, 0, from, to });
    }
}

static void find_labels(struct finder *f, const struct model_enum *from,
                        const struct model_enum *to)
{
    for (size_t i = 0; i < to->labels.n; i++) {
        const struct model_label *label = &to->labels.items[i];
        const struct model_label *was = match_from(f->match, label);
        struct change change = { CHANGE_LABEL, was, label, 0, from, to };
        change.aspects = was ? label_aspects(was, label) : 0;
        was ? add_pair(f, change) : add(f, change);
    }
    for (size_t i = 0; i < from->labels.n; i++) {
        const struct model_label *label = &from->labels.items[i];
        if (!match_to(f->match, label))
            add(f, (struct change){ CHANGE_LABEL, label, NULL, 0, from, to });
    }
}

static void find_checks(struct finder *f, const struct model_domain *from,
                        const struct model_domain *to)
{
    for (size_t i = 0; i < to->checks.n; i++) {
        const struct model_check *check = &to->checks.items[i];
        const struct model_check *was = match_from(f->match, check);
        struct change change = { CHANGE_DOMAIN_CHECK, was, check, 0, from, to };
        change.aspects = was ? check_aspects(f->match, was, check) : 0;
        was ? add_pair(f, change) : add(f, change);
    }
    for (size_t i = 0; i < from->checks.n; i++) {
        const struct model_check *check = &from->checks.items[i];
        if (!match_to(f->match, check))
            add(f, (struct change){ CHANGE_DOMAIN_CHECK, check, NULL, 0, from, to });
    }
}

/* ---- objects ---- */

static enum change_object object_of(enum model_object_kind kind)
{
    static const enum change_object objects[] = {
        [OBJECT_SCHEMA] = CHANGE_SCHEMA,     [OBJECT_EXTENSION] = CHANGE_EXTENSION,
        [OBJECT_ENUM] = CHANGE_ENUM,         [OBJECT_DOMAIN] = CHANGE_DOMAIN,
        [OBJECT_SEQUENCE] = CHANGE_SEQUENCE, [OBJECT_TABLE] = CHANGE_TABLE
    };
    return objects[kind];
}

static unsigned aspects_of(const struct match *match, enum model_object_kind kind,
                           const void *from, const void *to)
{
    switch (kind) {
    case OBJECT_SCHEMA:
        return schema_aspects(match, from, to);
    case OBJECT_EXTENSION:
        return extension_aspects(match, from, to);
    case OBJECT_ENUM:
        return enum_aspects(match, from, to);
    case OBJECT_DOMAIN:
        return domain_aspects(match, from, to);
    case OBJECT_SEQUENCE:
        return sequence_aspects(match, from, to);
    case OBJECT_TABLE:
        return table_aspects(match, from, to);
    }
    return 0;
}

static void find_parts(struct finder *f, enum model_object_kind kind, const void *from,
                       const void *to)
{
    if (kind == OBJECT_TABLE) {
        find_columns(f, from, to);
        find_constraints(f, from, to);
        find_indexes(f, from, to);
    } else if (kind == OBJECT_ENUM) {
        find_labels(f, from, to);
    } else if (kind == OBJECT_DOMAIN) {
        find_checks(f, from, to);
    }
}

static void find_standing(struct finder *f, const struct model_object *object)
{
    const void *was = match_from(f->match, object->object);
    struct change change = { .object = object_of(object->kind),
                             .from = was,
                             .to = object->object };
    if (was) {
        change.aspects = aspects_of(f->match, object->kind, was, object->object);
        add_pair(f, change);
        find_parts(f, object->kind, was, object->object);
    } else {
        add(f, change);
    }
}

/* Public is in every database and in no order of creation: only its comment can be new or
 * gone. */
static void find_public(struct finder *f)
{
    const struct model_schema *is = model_find_schema(match_target(f->match),
                                                      STR("public"));
    const struct model_schema *was = is ? match_from(f->match, is) : NULL;
    struct change change = { .object = CHANGE_SCHEMA, .from = was, .to = is };
    if (was) {
        change.aspects = schema_aspects(f->match, was, is);
        add_pair(f, change);
    } else if (is && is->name.doc.n) {
        add(f, change);
    }
}

static void find_gone_public(struct finder *f)
{
    const struct model_schema *was = model_find_schema(match_origin(f->match),
                                                       STR("public"));
    if (was && was->name.doc.n && !match_to(f->match, was))
        add(f, (struct change){ .object = CHANGE_SCHEMA, .from = was });
}

struct changes *changes_find(struct arena *arena, const struct match *match)
{
    struct finder f = { arena, match, arena_new(arena, struct changes) };
    const struct model *origin = match_origin(match), *target = match_target(match);
    find_public(&f);
    for (size_t i = 0; i < target->order.n; i++)
        find_standing(&f, &target->order.items[i]);
    for (size_t i = origin->order.n; i-- > 0;) {
        const struct model_object *object = &origin->order.items[i];
        if (!match_to(match, object->object))
            add(&f, (struct change){ .object = object_of(object->kind),
                                     .from = object->object });
    }
    find_gone_public(&f);
    return f.changes;
}
