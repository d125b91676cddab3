/* change_object.c: how two forms of a schema, type, sequence or extension differ. Must not
 * know tables. */
#include "changer.h"

unsigned name_aspects(const struct model_name *from, const struct model_name *to)
{
    return (str_eq(from->name, to->name) ? 0 : ASPECT_NAME) |
           (str_eq(from->doc, to->doc) ? 0 : ASPECT_COMMENT);
}

unsigned schema_aspect(const struct match *match, const struct model_schema *from,
                       const struct model_schema *to)
{
    return match_to(match, from) == to ? 0 : ASPECT_SCHEMA;
}

unsigned schema_aspects(const struct match *match, const struct model_schema *from,
                        const struct model_schema *to)
{
    (void)match;
    return name_aspects(&from->name, &to->name);
}

/* ---- extensions ---- */

/* Unsaid, it is made in public. */
static struct str extension_schema(const struct model_extension *extension)
{
    return extension->schema.n ? extension->schema : STR("public");
}

/* What a schema was renamed to is the same. */
static bool extension_moved(const struct match *match,
                            const struct model_extension *from,
                            const struct model_extension *to)
{
    struct str schema = extension_schema(from);
    const struct model_schema *was = model_find_schema(match_origin(match), schema);
    const struct model_schema *is = was ? match_to(match, was) : NULL;
    return !str_eq(is ? is->name.name : schema, extension_schema(to));
}

unsigned extension_aspects(const struct match *match,
                           const struct model_extension *from,
                           const struct model_extension *to)
{
    bool version = to->version.n && !str_eq(from->version, to->version);
    return name_aspects(&from->name, &to->name) | (version ? ASPECT_VERSION : 0) |
           (extension_moved(match, from, to) ? ASPECT_SCHEMA : 0);
}

/* ---- enums ---- */

/* The labels that stay, as places in the target, must rise. */
static bool reordered(const struct match *match, const struct model_enum *from,
                      const struct model_enum *to)
{
    const struct model_label *last = to->labels.items;
    for (size_t i = 0; i < from->labels.n; i++) {
        const struct model_label *label = match_to(match, &from->labels.items[i]);
        if (label && label < last)
            return true;
        last = label ? label : last;
    }
    return false;
}

unsigned enum_aspects(const struct match *match, const struct model_enum *from,
                      const struct model_enum *to)
{
    return name_aspects(&from->name, &to->name) |
           schema_aspect(match, from->schema, to->schema) |
           (reordered(match, from, to) ? ASPECT_ORDER : 0);
}

/* PostgreSQL keeps no comments of labels. */
unsigned label_aspects(const struct model_label *from, const struct model_label *to)
{
    return name_aspects(&from->name, &to->name) & ~(unsigned)ASPECT_COMMENT;
}

/* ---- domains ---- */

unsigned domain_aspects(const struct match *match, const struct model_domain *from,
                        const struct model_domain *to)
{
    unsigned aspects = name_aspects(&from->name, &to->name) |
                       schema_aspect(match, from->schema, to->schema);
    if (!match_type_same(match, &from->base, &to->base))
        aspects |= ASPECT_TYPE;
    if (!str_eq(from->collate, to->collate))
        aspects |= ASPECT_COLLATE;
    if (!match_sql_same(match, &from->default_, &to->default_, NULL))
        aspects |= ASPECT_DEFAULT;
    if (from->not_null != to->not_null)
        aspects |= ASPECT_NULLABLE;
    return aspects;
}

unsigned check_aspects(const struct match *match, const struct model_check *from,
                       const struct model_check *to)
{
    bool same = match_sql_same(match, &from->expression, &to->expression, NULL);
    return name_aspects(&from->name, &to->name) | (same ? 0 : ASPECT_DEFINITION);
}

/* ---- sequences ---- */

/* Source: src/backend/commands/sequence.c, init_params, version 15. */
static int64_t type_most(const struct type_info *type)
{
    return type->id == TYPE_INT2   ? INT16_MAX
           : type->id == TYPE_INT4 ? INT32_MAX
                                   : INT64_MAX;
}

static int64_t type_least(const struct type_info *type)
{
    return type->id == TYPE_INT2   ? INT16_MIN
           : type->id == TYPE_INT4 ? INT32_MIN
                                   : INT64_MIN;
}

bool counters_same(const struct model_sequence *from, const struct model_sequence *to)
{
    const struct model_counter *a = &from->counter, *b = &to->counter;
    bool most = a->most == b->most ||
                (a->most == type_most(from->type) && b->most == type_most(to->type));
    bool least = a->least == b->least || (a->least == type_least(from->type) &&
                                          b->least == type_least(to->type));
    return most && least && a->start == b->start && a->increment == b->increment &&
           a->cache == b->cache && a->cycle == b->cycle;
}

unsigned sequence_aspects(const struct match *match, const struct model_sequence *from,
                          const struct model_sequence *to)
{
    const void *owner = from->owned_by ? match_to(match, from->owned_by) : NULL;
    bool owner_same = owner == to->owned_by && (!from->owned_by || owner);
    return name_aspects(&from->name, &to->name) |
           schema_aspect(match, from->schema, to->schema) |
           (from->type == to->type ? 0 : ASPECT_TYPE) |
           (counters_same(from, to) ? 0 : ASPECT_OPTIONS) |
           (owner_same ? 0 : ASPECT_OWNER);
}
