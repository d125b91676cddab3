/* change_table.c: how two forms of a table, column, constraint or index differ. Must not
 * know how the one becomes the other. */
#include "changer.h"
#include "matcher.h"

unsigned table_aspects(const struct match *match, const struct model_table *from,
                       const struct model_table *to)
{
    return name_aspects(&from->name, &to->name) |
           schema_aspect(match, from->schema, to->schema) |
           (str_eq(from->with, to->with) ? 0 : ASPECT_OPTIONS) |
           (str_eq(from->tablespace, to->tablespace) ? 0 : ASPECT_TABLESPACE) |
           (from->unlogged == to->unlogged ? 0 : ASPECT_LOGGED);
}

/* ---- columns ---- */

static unsigned type_aspects(const struct match *match, const struct model_column *from,
                             const struct model_column *to)
{
    return (match_type_same(match, &from->type, &to->type) ? 0 : ASPECT_TYPE) |
           (str_eq(from->collate, to->collate) ? 0 : ASPECT_COLLATE) |
           (str_eq(from->storage, to->storage) ? 0 : ASPECT_STORAGE) |
           (str_eq(from->compression, to->compression) ? 0 : ASPECT_COMPRESSION);
}

/* How a serial or identity column numbers its rows. */
static unsigned numbering_aspects(const struct model_column *from,
                                  const struct model_column *to)
{
    unsigned aspects = (from->serial == to->serial ? 0 : ASPECT_SERIAL) |
                       (from->identity == to->identity ? 0 : ASPECT_IDENTITY);
    if (!from->owned || !to->owned)
        return aspects;
    /* An identity's sequence follows its column's type, a serial's does not. */
    bool follows = !from->serial || !to->serial || from->owned->type == to->owned->type;
    if (!follows || !counters_same(from->owned, to->owned))
        aspects |= from->serial && to->serial ? ASPECT_SERIAL : ASPECT_IDENTITY;
    if (!str_eq(from->owned->name.name, to->owned->name.name))
        aspects |= ASPECT_SEQUENCE;
    return aspects;
}

unsigned column_aspects(const struct match *match, const struct model_column *from,
                        const struct model_column *to)
{
    const struct model_table *table = from->table;
    unsigned aspects = name_aspects(&from->name, &to->name) |
                       type_aspects(match, from, to) | numbering_aspects(from, to);
    if (!match_sql_same(match, &from->default_, &to->default_, table))
        aspects |= ASPECT_DEFAULT;
    if (!match_sql_same(match, &from->generated, &to->generated, table))
        aspects |= ASPECT_GENERATED;
    return aspects | (from->nullable == to->nullable ? 0 : ASPECT_NULLABLE);
}

/* ---- constraints and indexes ---- */

unsigned constraint_aspects(const struct match *match,
                            const struct model_constraint *from,
                            const struct model_constraint *to)
{
    bool same = match_constraint_same(match, from, to);
    bool timing = from->deferrable == to->deferrable ||
                  to->kind != CONSTRAINT_FOREIGN_KEY;
    return name_aspects(&from->name, &to->name) | (same ? 0 : ASPECT_DEFINITION) |
           (timing ? 0 : ASPECT_DEFERRABLE) |
           (str_eq(from->with, to->with) ? 0 : ASPECT_OPTIONS) |
           (str_eq(from->tablespace, to->tablespace) ? 0 : ASPECT_TABLESPACE);
}

unsigned index_aspects(const struct match *match, const struct model_index *from,
                       const struct model_index *to)
{
    bool same = match_index_same(match, from, to);
    return name_aspects(&from->name, &to->name) | (same ? 0 : ASPECT_DEFINITION) |
           (str_eq(from->with, to->with) ? 0 : ASPECT_OPTIONS) |
           (str_eq(from->tablespace, to->tablespace) ? 0 : ASPECT_TABLESPACE);
}
