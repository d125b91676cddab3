/* change_name.c: what messages and hazards call a change's object. Must not look at what
 * differs. */
#include "../base/bug.h"
#include "change.h"

const char *change_object_word(enum change_object object)
{
    static const char *const words[] = {
        [CHANGE_SCHEMA] = "schema",     [CHANGE_EXTENSION] = "extension",
        [CHANGE_ENUM] = "enum",         [CHANGE_LABEL] = "label",
        [CHANGE_DOMAIN] = "domain",     [CHANGE_DOMAIN_CHECK] = "check",
        [CHANGE_SEQUENCE] = "sequence", [CHANGE_TABLE] = "table",
        [CHANGE_COLUMN] = "column",     [CHANGE_CONSTRAINT] = "constraint",
        [CHANGE_INDEX] = "index"
    };
    return words[object];
}

static struct str in_schema(struct arena *arena, const struct model_schema *schema,
                            struct str name)
{
    return str_of(
        arena_printf(arena, "%.*s.%.*s", STR_ARGS(schema->name.name), STR_ARGS(name)));
}

static struct str in_object(struct arena *arena, const struct model_schema *schema,
                            struct str object, struct str name)
{
    return str_of(arena_printf(arena, "%.*s.%.*s.%.*s", STR_ARGS(schema->name.name),
                               STR_ARGS(object), STR_ARGS(name)));
}

static struct str in_table(struct arena *arena, const struct model_table *table,
                           struct str name)
{
    return in_object(arena, table->schema, table->name.name, name);
}

struct str change_name(struct arena *arena, const struct change *change)
{
    const void *object = change->from ? change->from : change->to;
    const void *owner = change->from ? change->from_owner : change->to_owner;
    switch (change->object) {
    case CHANGE_SCHEMA:
        return ((const struct model_schema *)object)->name.name;
    case CHANGE_EXTENSION:
        return ((const struct model_extension *)object)->name.name;
    case CHANGE_ENUM: {
        const struct model_enum *enum_ = object;
        return in_schema(arena, enum_->schema, enum_->name.name);
    }
    case CHANGE_LABEL: {
        const struct model_enum *enum_ = owner;
        return in_object(arena, enum_->schema, enum_->name.name,
                         ((const struct model_label *)object)->name.name);
    }
    case CHANGE_DOMAIN: {
        const struct model_domain *domain = object;
        return in_schema(arena, domain->schema, domain->name.name);
    }
    case CHANGE_DOMAIN_CHECK: {
        const struct model_domain *domain = owner;
        return in_object(arena, domain->schema, domain->name.name,
                         ((const struct model_check *)object)->name.name);
    }
    case CHANGE_SEQUENCE: {
        const struct model_sequence *sequence = object;
        return in_schema(arena, sequence->schema, sequence->name.name);
    }
    case CHANGE_TABLE: {
        const struct model_table *table = object;
        return in_schema(arena, table->schema, table->name.name);
    }
    case CHANGE_COLUMN: {
        const struct model_column *column = object;
        return in_table(arena, column->table, column->name.name);
    }
    case CHANGE_CONSTRAINT: {
        const struct model_constraint *constraint = object;
        return in_table(arena, constraint->table, constraint->name.name);
    }
    case CHANGE_INDEX: {
        const struct model_index *index = object;
        return in_schema(arena, index->table->schema, index->name.name);
    }
    }
    BUG("a kind of change out of range");
}
