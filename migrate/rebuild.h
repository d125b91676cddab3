/* rebuild.h: enums and domains that PostgreSQL cannot alter into what they are to be, and
 * what stands on them: the old type makes room for a new one, every column over it is
 * brought from one to the other, the old one goes. Inside migrate/ only.
 */
#ifndef MIGRATE_REBUILD_H
#define MIGRATE_REBUILD_H
#include "planner.h"

/* Whether an enum that stays has to be made anew: a label has gone, or those that stay
 * stand in another order. */
bool rebuild_needs_enum(const struct planner *p, const struct model_enum *from);
/* The same of a domain: another base or collation, one over such a type, or stricter
 * rules for the elements of arrays. */
bool rebuild_needs_domain(const struct planner *p, const struct model_domain *from);

/* All of them at once; any number of times. */
void rebuild_types(struct planner *p);

/* The text of a column's value once labels of its enum have become others, with the
 * origin's names; false, with nothing written, where none does. out NULL: only asks. */
bool rebuild_put_mapped(struct planner *p, struct buf *out,
                        const struct model_column *from);

/* Columns of tables that stand on both sides and whose type, at the origin, is or stands
 * on an enum or domain. */
struct type_use {
    const struct model_column *from, *to;
    bool array; /* of it, here or in a domain between */
};
struct type_uses {
    VEC(struct type_use) list;
};
/* type: struct model_enum or model_domain of the origin. */
struct type_uses rebuild_uses(struct planner *p, const void *type);

/* Whether a table of the origin has arrays of the domain. */
bool rebuild_is_in_array(const struct planner *p, const struct model_domain *domain);

/* `select ... limit 1` over a use's table with the origin's names; condition: over
 * "value", each value of the column, elements singly. mapped: the text of an enum's label
 * as it will be. */
const char *rebuild_question(struct planner *p, const struct type_use *use,
                             const char *condition, bool mapped);

#endif
